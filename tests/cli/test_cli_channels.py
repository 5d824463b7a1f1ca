"""The command line on titles, channels and formats that need more than a declaration."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import aliexpress_customs as ac
from aliexpress_customs.cli import main

SAMPLE = str(ac.sample_order())
CODES = ("--hs", "HDMI cable 2 m=854442", "--hs", "Phone case=392690")


def call(*arguments: str) -> int:
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert isinstance(stopped.value.code, int)
    return stopped.value.code


def test_a_case_for_a_phone_is_a_case(capsys: pytest.CaptureFixture[str]) -> None:
    assert call("classify", "Magnetic Clear Case For iPhone 15 Pro Max", "--json") in {0, 1}
    found = json.loads(capsys.readouterr().out)
    assert found["candidates"][0]["hs_code"] == "392690"
    assert call("classify", "zzqx") == 1
    assert "No code suggests itself" in capsys.readouterr().out


def test_a_title_that_leaves_codes_open_needs_review(capsys: pytest.CaptureFixture[str]) -> None:
    assert call("classify", "dress") == 1
    said = capsys.readouterr().out
    assert "Needs review" in said
    assert "What would tell: Woven or knitted?" in said


def test_what_a_channel_would_reject_is_an_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    assert call("lint", SAMPLE, "--channel", "us-mail", *CODES, "--json") == 1
    codes = {finding["code"] for finding in json.loads(capsys.readouterr().out)}
    assert "hs_code_too_short" in codes or "field_missing" in codes
    assert call("lint", SAMPLE, "--channel", "cn23", *CODES) == 0
    assert "findings for cn23" in capsys.readouterr().out
    assert call("lint", SAMPLE, "--channel", "pigeon") == 2


def test_books_take_the_estimate_and_balance(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ("--with-estimate", "--on", "2026-10-02", *CODES)
    assert call("export", SAMPLE, "-f", "hledger", *arguments) == 0
    journal = capsys.readouterr().out
    assert "Purchase 8200000000000101" in journal
    assert "-167.47 BRL" in journal


def test_what_a_format_needs_is_passed_as_options(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "h7.json"
    command = ("export", SAMPLE, "--to", "FR", "-f", "h7-json", "-o", str(target), *CODES)
    assert call(*command) != 0
    options = ("lrn=1", "declarant_id=FR1", "customs_office=FR001260", "limit_rate=0.16")
    given = [word for option in options for word in ("--option", option)]
    assert call(*command, *given, "--option", "checks=skip") == 0
    assert json.loads(target.read_text(encoding="utf-8"))
    assert call(*command, "--option", "nonsense") == 2
    assert call(*command, "--option", "lrn={broken") == 2
    capsys.readouterr()
