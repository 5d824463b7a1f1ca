from __future__ import annotations

import json
from pathlib import Path

import pytest

import aliexpress_customs as ac
from aliexpress_customs.cli import main

COMMON = [
    "--option",
    "lrn=1",
    "--option",
    "declarant_id=FR1",
    "--option",
    "customs_office=FR001260",
]


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    return int(caught.value.code or 0)


@pytest.fixture
def declared(tmp_path: Path) -> Path:
    goods = ac.declare(
        ac.consign(ac.read(ac.sample_order())),
        hs_codes={"HDMI cable 2 m": "854442", "Phone case": "392690"},
    )
    path = ac.export(goods, "json", tmp_path / "declaration.json")
    assert isinstance(path, Path)
    return path


def test_a_file_that_says_the_same_has_no_differences(
    declared: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    message = str(tmp_path / "h7.json")
    written = ["export", str(declared), "-f", "h7-json", "-o", message, *COMMON]
    assert run(*written, "--option", "importer_id=FR2", "--option", "checks=skip") == 0
    assert run("diff", str(declared), "-m", message, "-f", "h7-json") == 0
    out = capsys.readouterr().out
    assert "0 differences." in out
    assert "origin_country" in out


def test_a_file_that_says_otherwise_is_a_finding(
    declared: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    form = tmp_path / "form.xml"
    assert run("export", str(declared), "-f", "cn23-xml", "-o", str(form)) == 0
    form.write_bytes(form.read_bytes().replace(b">854442<", b">854443<"))
    capsys.readouterr()
    assert run("diff", str(declared), "-m", str(form), "-f", "cn23-xml", "--json") == 1
    told = [one for one in json.loads(capsys.readouterr().out) if one["severity"] == "error"]
    assert [(one["path"].partition(".")[2], one["expected"], one["got"]) for one in told] == [
        ("hs_code", "854442", "854443")
    ]


def test_a_file_of_another_format_is_bad_input(declared: Path) -> None:
    assert run("diff", str(declared), "-m", str(declared), "-f", "cds-xml") == 3
    assert run("diff", str(declared), "-m", str(declared), "-f", "usps-json") == 2
