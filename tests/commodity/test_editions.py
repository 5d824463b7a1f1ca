"""Codes of yesterday's invoices, read today."""

from __future__ import annotations

import csv
import runpy
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aliexpress_customs.commodity.editions import edition, is_outdated, successors
from aliexpress_customs.commodity.nomenclature import is_valid, subheadings
from aliexpress_customs.datafiles import data_folder
from aliexpress_customs.errors import DeclarationError

BUILD = Path(__file__).parents[2] / "tools" / "commodity" / "build.py"
COMMODITY = data_folder() / "commodity"


def rows(name: str) -> list[list[str]]:
    with (COMMODITY / name).open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))[1:]


def test_the_phone_code_of_2021_became_smartphones_and_other_phones() -> None:
    assert edition("8517.12") == "HS 2017"
    assert successors("8517.12.00") == ("851713", "851714")
    assert successors("8517120000", "eu") == ("85171300", "85171400")


def test_drones_came_out_of_the_cameras_they_carry() -> None:
    assert {"880621", "852589"} <= set(successors("8525.80"))


def test_led_lamps_have_one_successor() -> None:
    assert successors("853950") == ("853952",)


def test_a_code_that_did_not_change_keeps_its_national_digits() -> None:
    assert successors("6109.10.00.10") == ("6109100010",)
    assert successors("6109") == ("6109",)


def test_a_code_that_lost_a_part_of_its_goods_is_still_in_force() -> None:
    assert edition("0208.90") == "HS 2022"
    assert not is_outdated("0208.90")
    assert successors("0208.90") == ("020890", "041010")


def test_eight_digits_are_read_as_the_unions_only_where_they_are() -> None:
    hoses = "84622910"  # this number was given to other goods in 2022
    assert edition(hoses, "eu") == "CN 2022"
    assert edition("85395000", "eu") == edition("85395000", "gb") == "CN 2021"
    assert edition("85395000", "us") == edition("85395000") == "HS 2017"


def test_what_never_existed_has_no_edition_and_no_successor() -> None:
    assert edition("8517.99") == edition("9903.88") == edition("61091") == ""
    assert successors("8517.99") == ()


@pytest.mark.parametrize("name", ["hs2017_to_hs2022.csv", "cn2021_to_cn2022.csv"])
def test_every_conversion_ends_in_a_valid_code(name: str) -> None:
    tariff, current = ("eu", "CN 2022") if name.startswith("cn") else ("", "HS 2022")
    listed = rows(name)
    assert len(listed) > 250
    for old, new in listed:
        assert successors(old, tariff) == tuple(new.split())
        assert is_outdated(old, tariff) or edition(old, tariff) == current
        for code in new.split():
            assert is_valid(code)
            assert not is_outdated(code, tariff)


@given(st.sampled_from(subheadings()), st.from_regex(r"([0-9]{2}){0,4}", fullmatch=True))
def test_a_code_of_today_is_never_called_old(code: str, national: str) -> None:
    assert edition(code + national) == "HS 2022"
    assert successors(code + national)[0] in {code, code + national}


@given(st.from_regex(r"[0-9]{4,14}", fullmatch=True), st.sampled_from(["", "eu", "us"]))
def test_any_code_has_successors_if_and_only_if_an_edition_has_it(code: str, tariff: str) -> None:
    assert bool(successors(code, tariff)) == bool(edition(code, tariff))


def test_what_is_no_code_is_a_typed_error() -> None:
    with pytest.raises(DeclarationError):
        successors("shirt")


# ---- the build script ----


def build(facts: Path, *options: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", [str(BUILD), str(facts), *options])
    runpy.run_path(str(BUILD), run_name="__main__")


def facts_in(folder: Path) -> Path:
    """The facts the shipped tables say, as they are collected: one pair a row."""
    hs = [(o, n) for o, new in rows("hs2017_to_hs2022.csv") for n in new.split() if n != o]
    cn = [(o, "ex", n) for o, new in rows("cn2021_to_cn2022.csv") for n in new.split()]
    for name, header, pairs in (
        ("hs2017_to_hs2022_changed.csv", ("hs2017", "hs2022"), hs),
        ("hs_cn2021_to_cn2022.csv", ("cn2021", "relation", "cn2022"), cn),
    ):
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([header, *pairs])
    return folder


def test_the_shipped_tables_are_what_the_script_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    facts = facts_in(tmp_path)
    out = tmp_path / "out"
    out.mkdir()
    build(facts, "--out", str(out), monkeypatch=monkeypatch)
    build(facts, "--out", str(out), "--check", monkeypatch=monkeypatch)
    for name in ("hs2017_to_hs2022.csv", "cn2021_to_cn2022.csv"):
        assert (out / name).read_bytes() == (COMMODITY / name).read_bytes()
    (out / "hs2017_to_hs2022.csv").write_text("changed", "utf-8")
    with pytest.raises(SystemExit, match=r"hs2017_to_hs2022\.csv"):
        build(facts, "--out", str(out), "--check", monkeypatch=monkeypatch)


@pytest.mark.parametrize(
    ("file", "row", "complaint"),
    [
        ("hs2017_to_hs2022_changed.csv", "851712,851799", "not in HS 2022: 851799"),
        ("hs2017_to_hs2022_changed.csv", "851712,610910", "differ: 851712-610910"),
        ("hs_cn2021_to_cn2022.csv", "851712,ex,85171300", "not 8 digits: 851712"),
    ],
)
def test_facts_that_cannot_be_stop_the_script(
    file: str, row: str, complaint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    facts = facts_in(tmp_path)
    with (facts / file).open("a", encoding="utf-8") as table:
        table.write(f"{row}\n")
    with pytest.raises(SystemExit, match=complaint):
        build(facts, "--check", monkeypatch=monkeypatch)
