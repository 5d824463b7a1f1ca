"""The command line on folders, tables, parcels and tariffs."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import aliexpress_customs as ac
from aliexpress_customs.cli import main
from aliexpress_customs.tariff.schedules import schedule

SAMPLE = ac.sample_order()


@pytest.fixture
def _tariffs_read_again() -> Iterator[None]:
    """Tariffs are read once per process: what this test reads must not outlive it."""
    schedule.cache_clear()
    yield
    schedule.cache_clear()


def call(*arguments: str) -> int:
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert isinstance(stopped.value.code, int)
    return stopped.value.code


def test_a_folder_is_read_and_what_cannot_be_read_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copy(SAMPLE, tmp_path / "order.json")
    (tmp_path / "notes.txt").write_text("buy milk", encoding="utf-8")
    assert call("read", str(tmp_path), "--json") == 1
    found = json.loads(capsys.readouterr().out)
    assert len(found["invoices"]) == 1
    assert "notes.txt" in found["errors"][0]["path"]


def test_the_same_order_twice_is_one_order(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("a.json", "b.json"):
        shutil.copy(SAMPLE, tmp_path / name)
    assert call("read", str(tmp_path / "a.json"), str(tmp_path / "b.json"), "--json") == 0
    assert len(json.loads(capsys.readouterr().out)["invoices"]) == 1


def test_an_anonymised_file_keeps_the_money_and_loses_the_person(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "shareable.json"
    assert call("read", str(SAMPLE), "--anonymise", str(target)) == 0
    assert "Pessoa Inventada" not in target.read_text(encoding="utf-8")
    assert ac.read(target)[0].total == ac.read(SAMPLE)[0].total
    assert call("read", str(SAMPLE), str(SAMPLE), "--anonymise", str(target)) == 2
    capsys.readouterr()


def test_a_table_is_declared_by_its_column_names(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "manifest.csv"
    table.write_text(
        "Parcel,Item,Qty,Price,Cur,HS\nP-1,USB cable,2,3.20,EUR,854442\n", encoding="utf-8"
    )
    names = "order_id=Parcel,title=Item,quantity=Qty,unit_value=Price,currency=Cur,hs_code=HS"
    assert call("declare", str(table), "--to", "FR", "--map", names, "--json") == 0
    declaration = json.loads(capsys.readouterr().out)
    assert declaration["items"][0]["hs_code"] == "854442"
    assert call("declare", str(table), str(table), "--map", names) == 2


def test_a_code_on_the_command_line_wins_over_the_table(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "manifest.csv"
    table.write_text("Item,Qty,Price,Cur,HS\nUSB cable,2,3.20,EUR,854442\n", encoding="utf-8")
    names = "title=Item,quantity=Qty,unit_value=Price,currency=Cur,hs_code=HS"
    arguments = ("declare", str(table), "--to", "FR", "--map", names, "--json", "--hs")
    assert call(*arguments, "usb CABLE=854419") == 0
    declaration = json.loads(capsys.readouterr().out)
    assert declaration["items"][0]["hs_code"] == "854419"
    assert "unused_key" not in {one["code"] for one in declaration["findings"]}


def test_the_stack_of_a_us_shirt_is_shown_with_its_sources(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert call("tariffs", "show", "US", "6109.10.00", "--on", "2026-10-02", "--json") == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["total_duty"] == "3650.00 USD"  # 16.5 + 7.5 + 12.5 % of 10,000
    ordinary = next(row for row in shown["measures"] if row["type"] == "third_country")
    assert ordinary["duty"] == "16.5 %"
    assert ordinary["sources"][0]["citation"]


@pytest.mark.usefixtures("_tariffs_read_again")
def test_an_imported_tariff_is_used_instead_of_the_shipped_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    export = tmp_path / "hts.json"
    export.write_text(
        json.dumps([{"htsno": "6109.10.00", "general": "1.5%", "description": "T-shirts"}]),
        encoding="utf-8",
    )
    folder = tmp_path / "mine"
    folder.mkdir()
    monkeypatch.delenv("ALIEXPRESS_CUSTOMS_TARIFFS", raising=False)
    assert call("tariffs", "import", str(export), "--as", "us") == 2
    assert call("tariffs", "import", str(export), "--as", "us", "--folder", str(folder)) == 0
    capsys.readouterr()
    monkeypatch.setenv("ALIEXPRESS_CUSTOMS_TARIFFS", str(folder))
    assert call("tariffs", "show", "US", "61091000", "--on", "2026-10-02", "--json") == 0
    shown = json.loads(capsys.readouterr().out)
    ordinary = next(row for row in shown["measures"] if row["type"] == "third_country")
    assert ordinary["duty"] == "1.5 %"
