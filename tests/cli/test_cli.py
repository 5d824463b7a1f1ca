"""The command line as programs and people call it: exit codes, JSON, one-line errors."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import aliexpress_customs as ac
from aliexpress_customs.cli import main
from aliexpress_customs.datafiles import data_folder

OK, FINDINGS, USAGE, BAD_INPUT = 0, 1, 2, 3
SAMPLE = str(ac.sample_order())
LAMP = "lamp;9000 JPY;1;940521;CN"
ON = ("--on", "2026-09-15")
JAPAN = ("--to", "JP", *ON)
HOLDS = """
[[example]]
id = "jp-lamp"
title = "A lamp below the exemption"
destination = "JP"
on = 2026-09-15
currency = "JPY"
goods = [ { description = "lamp", hs_code = "940521", unit_value = "9000", origin_country = "CN" } ]
[example.expect]
vat = "0"
"""
TESTLAND = '[destination]\ncode = "NR"\nname = "Testland"\ncurrency = "AUD"\n'


@dataclass(frozen=True)
class Result:
    """What a program sees of a call."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class Shell:
    """Calls `main` as the entry point does."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self.capsys = capsys

    def __call__(self, *arguments: str) -> Result:
        with pytest.raises(SystemExit) as stopped:
            main(arguments)
        output = self.capsys.readouterr()
        code = stopped.value.code
        assert isinstance(code, int)
        return Result(code, output.out, output.err)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(capsys)


@pytest.fixture
def examples(tmp_path: Path) -> Path:
    path = tmp_path / "own.toml"
    path.write_text(HOLDS, encoding="utf-8")
    return path


# ---- as a process ----


def process(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "aliexpress_customs", *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def test_a_process_prints_an_estimate_and_ends_with_zero() -> None:
    done = process("quote", LAMP, *JAPAN, "--json")
    assert done.returncode == OK
    assert done.stderr == ""
    assert json.loads(done.stdout)["total_vat"] == "0 JPY"


def test_the_command_line_tells_its_version() -> None:
    done = process("--version")
    assert done.returncode == OK
    assert done.stdout == f"aliexpress-customs {ac.__version__}\n"


def test_a_process_that_fails_prints_one_line_and_no_traceback(tmp_path: Path) -> None:
    done = process("read", str(tmp_path / "absent.json"))
    assert done.returncode == BAD_INPUT
    assert done.stdout == ""
    assert "absent.json" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_console_that_cannot_show_a_title_does_not_break_the_report() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "aliexpress_customs", "quote", "灯;9000 JPY;1;940521", *JAPAN],
        capture_output=True,
        env={"PYTHONIOENCODING": "ascii", "PATH": ""},
        check=False,
    )
    assert done.returncode == OK
    assert b"Landed cost" in done.stdout


# ---- usage ----


@pytest.mark.parametrize(
    "arguments",
    [
        ("quote", LAMP),
        ("quote", "lamp", *JAPAN),
        ("quote", "lamp;cheap", *JAPAN),
        ("quote", "lamp;9000 JPY;none", *JAPAN),
        ("quote", "lamp;9000 JPY;940521", *JAPAN),
        ("quote", "lamp;9000 JPY;1;94A5", *JAPAN),
        ("quote", LAMP, "--to", "XX", *ON),
        ("quote", LAMP, "--to", "Japan", *ON),
        ("quote", LAMP, "--to", "JP", "--on", "tomorrow"),
        ("quote", LAMP, *JAPAN, "--transport", "rocket"),
        ("quote", LAMP, *JAPAN, "--scheme", "unheard"),
        ("quote", LAMP, *JAPAN, "--carrier", "nobody"),
        ("quote", LAMP, *JAPAN, "--assume", "nothing"),
        ("quote", LAMP, *JAPAN, "--exclude", "nothing"),
        ("quote", LAMP, *JAPAN, "--reading", "nothing=here"),
        ("quote", LAMP, *JAPAN, "--rate", "USD"),
        ("quote", LAMP, *JAPAN, "--rate", "USD/EUR=much"),
        ("quote", "lamp;900000 JPY;1;940521;CN", *JAPAN, "--duty-rate", "a lot"),
        ("quote", LAMP, *JAPAN, "--freight", "much"),
        ("quote", LAMP, *JAPAN, "--region", "nowhere"),
        ("export", SAMPLE, "--format", "papyrus"),
        ("rules", "show", "XX"),
        ("rules", "diff", "JP", "then", "now"),
        ("rules", "show", "JP", "--on", "2026-13-01"),
        ("no-such-command",),
        ("quote", LAMP, *JAPAN, "--no-such-option"),
    ],
)
def test_wrong_usage_ends_with_two_or_three_and_says_why(
    run: Shell, arguments: tuple[str, ...]
) -> None:
    done = run(*arguments)
    assert done.code in {USAGE, BAD_INPUT}
    assert done.err.strip()
    assert done.out == ""
    assert "Traceback" not in done.err


@pytest.mark.parametrize(
    "arguments",
    [
        ("quote", LAMP, *JAPAN, "--transport", "rocket"),
        ("quote", LAMP, "--to", "XX", *ON),
        ("quote", "lamp;cheap", *JAPAN),
        ("quote", "lamp;9000 JPY;none", *JAPAN),
        ("rules", "show", "XX"),
        ("rules", "diff", "JP", "then", "now"),
    ],
)
def test_an_error_of_the_call_is_one_line_and_ends_with_two(
    run: Shell, arguments: tuple[str, ...]
) -> None:
    done = run(*arguments)
    assert done.code == USAGE
    assert done.err.startswith("error: ")
    assert len(done.err.splitlines()) == 1


@pytest.mark.parametrize("command", ["read", "declare", "estimate", "export", "verify"])
@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[]", b'{"items": 5}', None])
def test_bad_input_ends_with_three_and_one_line(
    run: Shell, tmp_path: Path, command: str, content: bytes | None
) -> None:
    path = tmp_path / "input"
    if content is not None:
        path.write_bytes(content)
    done = run(command, str(path))
    assert done.code == BAD_INPUT
    assert len(done.err.splitlines()) == 1
    assert done.out == ""


def test_a_declaration_that_is_malformed_is_bad_input(run: Shell, tmp_path: Path) -> None:
    path = tmp_path / "declaration.json"
    run("export", SAMPLE, "--format", "json", "--output", str(path))
    text = path.read_text("utf-8").replace('"destination_country": "', '"destination_country": "x')
    path.write_text(text, encoding="utf-8")
    done = run("estimate", str(path), *ON)
    assert done.code == BAD_INPUT
    assert len(done.err.splitlines()) == 1


@pytest.mark.parametrize(
    "arguments",
    [("--help",), ("quote", "--help"), ("rules", "--help"), ("rules", "check", "--help")],
)
def test_help_is_help(run: Shell, arguments: tuple[str, ...]) -> None:
    done = run(*arguments)
    assert done.code == OK
    assert "Usage" in done.out


# ---- orders ----


def test_read_shows_the_order_and_its_json(run: Shell) -> None:
    done = run("read", SAMPLE, "--json")
    assert done.code == OK
    assert done.json.keys() == {"invoices", "errors"}
    (invoice,) = done.json["invoices"]
    assert {"order_id", "lines", "total", "currency"} <= invoice.keys()
    shown = run("read", SAMPLE)
    assert shown.code == OK
    assert invoice["order_id"] in shown.out
    assert "Total" in shown.out


def test_declare_gives_a_declaration_that_reads_back(run: Shell) -> None:
    done = run("declare", SAMPLE, "--to", "JP", *ON, "--json")
    declaration = ac.Declaration.model_validate_json(done.out)
    assert declaration.destination_country == "JP"
    assert done.json.keys() == json.loads(declaration.model_dump_json()).keys()
    shown = run("declare", SAMPLE, "--to", "JP", *ON)
    assert "Declaration for JP" in shown.out
    assert shown.code == done.code


def test_commodity_codes_are_given_by_title(run: Shell) -> None:
    done = run("declare", SAMPLE, "--to", "JP", *ON, "--hs", "HDMI cable 2 m=854442", "--json")
    assert "854442" in {item["hs_code"] for item in done.json["items"]}


def test_estimate_of_an_order_and_of_its_declaration_agree(run: Shell, tmp_path: Path) -> None:
    path = tmp_path / "declaration.json"
    assert run("export", SAMPLE, "--to", "JP", "--format", "json", "--output", str(path)).code == OK
    direct = run("estimate", SAMPLE, *JAPAN, "--json")
    later = run("estimate", str(path), *ON, "--json")
    assert direct.json == later.json
    assert ac.Estimate.model_validate(direct.json).destination_country == "JP"


def test_a_declaration_can_be_sent_elsewhere(run: Shell, tmp_path: Path) -> None:
    path = tmp_path / "declaration.json"
    run("export", SAMPLE, "--to", "JP", "--format", "json", "--output", str(path))
    done = run("estimate", str(path), "--to", "de", *ON, "--json")
    assert done.json["destination_country"] == "DE"
    assert done.json["currency"] == "EUR"


def test_export_lists_its_formats(run: Shell) -> None:
    done = run("export", "--list", "--json")
    assert done.code == OK
    assert {"json", "items-csv", "cn23-csv", "cn23-xml"} <= done.json.keys()
    assert all(name in run("export", "--list").out for name in done.json)
    assert run("export").code == USAGE


def test_export_writes_a_file_or_prints(run: Shell, tmp_path: Path) -> None:
    path = tmp_path / "cn23.csv"
    done = run("export", SAMPLE, "--to", "JP", "-f", "cn23-csv", "-o", str(path), "--json")
    assert done.code == OK
    assert done.json == {"format": "cn23-csv", "file": str(path)}
    printed = run("export", SAMPLE, "--to", "JP", "-f", "cn23-csv")
    assert printed.out.splitlines() == path.read_text("utf-8-sig").splitlines()


def test_export_writes_a_pdf_to_a_file_but_not_to_a_screen(
    run: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "cn23.pdf"
    printing = ("export", SAMPLE, "--to", "JP", "-f", "cn23-pdf")
    assert run(*printing, "-o", str(path), "--option", "comments=none").code == OK
    assert path.read_bytes().startswith(b"%PDF-")
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    shown = run(*printing)
    assert shown.code == USAGE
    assert "-o FILE" in shown.err
    assert "%PDF" not in shown.out


# ---- quotes ----


def test_a_quote_has_the_documented_keys(run: Shell) -> None:
    done = run("quote", LAMP, *JAPAN, "--json")
    assert done.code == OK
    assert done.json.keys() == ac.Estimate.model_fields.keys()
    documented = {"outcome", "reasons", "charges", "total_duty", "total_vat", "due_at_delivery"}
    assert documented | {"landed_cost", "rules_version", "rules_hash"} <= done.json.keys()
    assert done.json["landed_cost"] == "9000 JPY"


def test_a_quote_explains_itself_to_people(run: Shell) -> None:
    done = run("quote", LAMP, *JAPAN)
    assert done.code == OK
    for text in ("Outcome: complete", "jp.duty_exemption", "Landed cost", "9000 JPY"):
        assert text in done.out


def test_a_quote_takes_several_goods_freight_and_a_rate(run: Shell) -> None:
    goods = ("lamp;60.00 USD;2;940521;CN", "cable;3.20 USD")
    done = run("quote", *goods, *JAPAN, "--freight", "5", "--rate", "USD/JPY=150", "--json")
    assert done.json["goods_value"] == "18480 JPY"
    assert done.json["freight"] == "750 JPY"
    assert [rate["rate"] for rate in done.json["rates"]] == ["150"]


def test_a_refused_quote_ends_with_one(run: Shell) -> None:
    done = run("quote", "thing;900000 JPY;1;770000;CN", *JAPAN, "--json")
    assert done.code == FINDINGS
    assert done.json["outcome"] == "refused"
    assert done.json["total_duty"] is None
    assert any(reason["severity"] == "error" for reason in done.json["reasons"])


def test_a_stated_duty_rate_answers_the_refusal(run: Shell) -> None:
    done = run("quote", "thing;900000 JPY;1;770000;CN", *JAPAN, "--duty-rate", "10 %", "--json")
    assert done.code == OK
    assert done.json["total_duty"] == "54000 JPY"  # on 0.6 of the price


# ---- rules ----


def test_rules_list_names_every_destination(run: Shell) -> None:
    done = run("rules", "list", "--json")
    shipped = {path.stem.upper() for path in (data_folder() / "destinations").glob("*.toml")}
    assert set(done.json) == shipped
    assert "JP  Japan" in run("rules", "list").out


def test_rules_show_gives_the_law_of_a_day(run: Shell) -> None:
    done = run("rules", "show", "jp", *ON, "--json")
    assert done.code == OK
    assert {"destination", "on", "currency", "lines", "version", "hash"} <= done.json.keys()
    limit = next(line for line in done.json["lines"] if line["id"] == "jp.exemption_limit")
    assert limit["text"].startswith("10000 JPY")
    assert limit["source_url"].startswith("http")
    shown = run("rules", "show", "JP", *ON).out
    assert "jp.exemption_limit" in shown
    assert limit["source_url"] in shown


def test_rules_diff_shows_what_begins_and_ends(run: Shell) -> None:
    done = run("rules", "diff", "DE", "2026-06-30", "2026-07-01", "--json")
    assert done.code == OK
    assert done.json.keys() == {"destination", "first", "second", "changes"}
    changes = {change["id"]: change for change in done.json["changes"]}
    assert changes["eu.duty_relief"]["after"] is None
    assert changes["eu.low_value_duty"]["before"] is None
    shown = run("rules", "diff", "DE", "2026-06-30", "2026-07-01").out
    assert "charge eu.low_value_duty" in shown
    same = run("rules", "diff", "JP", "2026-08-01", "2026-08-01")
    assert "Nothing changes." in same.out


def test_rules_check_is_clean_for_the_shipped_tables(run: Shell) -> None:
    done = run("rules", "check", "DE", "jp", "--json")
    assert done.code == OK
    assert [finding for finding in done.json if finding["severity"] == "error"] == []
    assert "2 destinations checked" in run("rules", "check", "DE", "JP").out


def test_rules_check_ends_with_one_and_names_the_fault(
    run: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "destinations"
    folder.mkdir()
    charge = '[[charge]]\nid = "vat"\nkind = "vat"\nlabel = "VAT"\namount = "nonsense"\n'
    (folder / "nr.toml").write_text(TESTLAND + charge, encoding="utf-8")
    monkeypatch.setenv("ALIEXPRESS_CUSTOMS_RULES", str(tmp_path))
    done = run("rules", "check", "NR", "--json")
    assert done.code == FINDINGS
    assert {"code", "message", "action", "path", "severity"} == done.json[0].keys()
    assert "nonsense" in run("rules", "check", "NR").out


def test_a_broken_table_is_bad_input_in_one_line(
    run: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "destinations"
    folder.mkdir()
    (folder / "nr.toml").write_text(TESTLAND + "colour = 1\n", encoding="utf-8")
    monkeypatch.setenv("ALIEXPRESS_CUSTOMS_RULES", str(tmp_path))
    done = run("quote", "lamp;9 AUD", "--to", "NR", *ON)
    assert done.code == BAD_INPUT
    assert len(done.err.splitlines()) == 1
    assert "nr.toml:5" in done.err


# ---- worked examples, demonstration ----


def test_verify_counts_what_holds(run: Shell, examples: Path) -> None:
    done = run("verify", str(examples), "--json")
    assert done.code == OK
    assert done.json == {"passed": 1, "failed": [], "refused": []}
    assert "1 hold, 0 do not, 0 refused." in run("verify", str(examples)).out


def test_verify_names_what_does_not_hold(run: Shell, examples: Path) -> None:
    examples.write_text(HOLDS.replace('vat = "0"', 'vat = "5"'), encoding="utf-8")
    done = run("verify", str(examples), "--json")
    assert done.code == FINDINGS
    assert done.json["failed"] == [{"id": "jp-lamp", "key": "vat", "expected": "5", "got": "0"}]
    assert "jp-lamp: vat 0, not 5" in run("verify", str(examples)).out


def test_verify_names_what_is_refused(run: Shell, examples: Path) -> None:
    examples.write_text(HOLDS.replace('"JP"', '"AQ"'), encoding="utf-8")
    done = run("verify", str(examples), "--json")
    assert done.code == FINDINGS
    (refusal,) = done.json["refused"]
    assert refusal["id"] == "jp-lamp"
    assert refusal["reasons"][0]["code"] == "unknown_destination"
    assert "REFUSED  jp-lamp" in run("verify", str(examples)).out


def test_the_demonstration_runs_offline(
    run: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_network(*_: object, **__: object) -> None:
        raise AssertionError("the demonstration opened a connection")

    monkeypatch.setattr("socket.socket.connect", no_network)
    output = tmp_path / "demo"
    done = run("demo", "--output", str(output), "--json")
    assert done.code == OK
    assert done.json.keys() == {"declaration", "estimate", "files"}
    names = {"declaration.json", "items.csv", "cn23.csv", "cn23.xml"}
    assert {path.name for path in output.iterdir()} == names
    assert {Path(file).name for file in done.json["files"]} == names
    assert all(path.stat().st_size for path in output.iterdir())
    assert done.json["estimate"]["outcome"] != "refused"


def test_the_demonstration_tells_its_story(run: Shell, tmp_path: Path) -> None:
    done = run("demo", "--output", str(tmp_path / "demo"))
    assert done.code == OK
    for text in ("Order ", "Declaration for", "Landed cost", "cn23.xml"):
        assert text in done.out
