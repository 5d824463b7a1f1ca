"""`batch`: a manifest or a folder in, two tables and a file for each parcel out."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

import aliexpress_customs as ac
from aliexpress_customs.batch import files
from aliexpress_customs.cli import main

SAMPLE = ac.sample_order()
MAPPING = (
    "order_id=Order,title=Item,quantity=Qty,unit_value=Price,currency=Cur,destination_country=To,"
    "unit_net_weight_kg=Kg"
)
MANIFEST = (
    "Order,Item,Qty,Price,Cur,To,Kg\n"
    "A1,=HYPERLINK lamp,2,3.00,EUR,CH,0.2\n"
    "A/1,Puzzle,1,9.00,EUR,CH,3\n"
    "A2,Desk lamp,1,a lot,EUR,CH,1\n"
)


def call(*arguments: str) -> int:
    with pytest.raises(SystemExit) as stopped:
        main((*arguments, "--on", "2026-10-02"))
    assert isinstance(stopped.value.code, int)
    return stopped.value.code


@pytest.fixture
def manifest(tmp_path: Path) -> str:
    file = tmp_path / "manifest.csv"
    file.write_text(MANIFEST, encoding="utf-8")
    return str(file)


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_every_parcel_has_a_row_and_a_file(
    manifest: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert call("batch", manifest, "--map", MAPPING, "-o", str(out), "-f", "cn23-xml") == 1
    printed = capsys.readouterr().out
    assert printed.startswith("3 parcels: 2 estimated, 1 failed.")
    assert str(out / "cn23-xml") in printed
    parcels = rows(out / "parcels.csv")
    assert [row["outcome"] for row in parcels] == ["failed", "estimated", "estimated"]
    assert parcels[1]["intrinsic_value"] == "6.00"
    assert parcels[1]["without_hs_code"] == "1"
    assert parcels[1]["local_currency"] == "CHF"
    assert {file.name for file in (out / "cn23-xml").iterdir()} == {"A1.xml", "A_1.xml"}


def test_a_form_that_cannot_be_written_is_a_finding_of_its_parcel(
    manifest: str, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    call("batch", manifest, "--map", MAPPING, "-o", str(out), "-f", "cn22-pdf")
    assert [file.name for file in (out / "cn22-pdf").iterdir()] == ["A1.pdf"]
    graves = {
        row["parcel"]: row for row in rows(out / "findings.csv") if row["severity"] == "error"
    }
    assert "2 kg" in graves["A/1"]["message"]
    assert graves["A/1"]["action"]


def test_an_exporter_that_breaks_stops_no_other_parcel(
    manifest: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("Jane Doe")

    monkeypatch.setattr(files, "export", broken)
    out = tmp_path / "out"
    call("batch", manifest, "--map", MAPPING, "-o", str(out), "-f", "json")
    assert len(rows(out / "parcels.csv")) == 3
    told = (out / "findings.csv").read_text("utf-8")
    assert told.count("internal_error") == 2
    assert "Jane" not in told


def test_an_option_may_name_the_parcel(manifest: str, tmp_path: Path) -> None:
    out = tmp_path / "out"
    formats = ("-f", "cn23-xml", "-f", "items-csv", "--option", "comments=Parcel {parcel}")
    call("batch", manifest, "--map", MAPPING, "-o", str(out), *formats)
    assert "Parcel A1" in (out / "cn23-xml" / "A1.xml").read_text("utf-8")
    assert (out / "items-csv" / "A1.csv").is_file()


def test_parcels_of_one_name_keep_files_of_their_own(tmp_path: Path) -> None:
    file = tmp_path / "manifest.csv"
    file.write_text("Item,Qty,Price,Cur\nLamp,1,3,EUR\nPuzzle,1,4,EUR\n", encoding="utf-8")
    out = tmp_path / "out"
    mapping = "title=Item,quantity=Qty,unit_value=Price,currency=Cur"
    arguments = ("--map", mapping, "--to", "CH", "-o", str(out), "-f", "json")
    assert call("batch", str(file), *arguments) == 0
    names = [file.name for file in (out / "json").iterdir()]
    assert sorted(names) == ["manifest.csv-2.json", "manifest.csv.json"]


def test_a_spreadsheet_keeps_the_digits_of_order_numbers(tmp_path: Path) -> None:
    call("batch", str(SAMPLE), "-o", str(tmp_path), "--dialect", "excel")
    assert [row["parcel"] for row in rows(tmp_path / "parcels.csv")] == ["'8200000000000101"]


def test_what_is_wrong_is_told_before_any_json(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call("batch", str(SAMPLE), "-o", str(SAMPLE), "--json") == 2
    assert not capsys.readouterr().out


def test_json_is_one_document(
    manifest: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call("batch", manifest, "--map", MAPPING, "-o", str(tmp_path / "out"), "--json")
    found = json.loads(capsys.readouterr().out)
    assert found["outcomes"] == {"estimated": 2, "failed": 1}
    assert [one["outcome"] for one in found["parcels"]] == ["failed", "estimated", "estimated"]
    assert found["parcels"][1]["declaration"]["items"][0]["description"]


def test_an_order_file_is_a_batch_of_one(tmp_path: Path) -> None:
    assert call("batch", str(SAMPLE), "-o", str(tmp_path)) == 0
    assert [row["destination_country"] for row in rows(tmp_path / "parcels.csv")] == ["BR"]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--format", "estimate-pdf"), 2),
        (("--format", "nothing"), 2),
        (("--dialect", "lotus"), 2),
        (("--format", "items-csv", "--option", "lrn=1"), 2),
        (("--map", "title=Item", "README.md"), 2),
        (("--output", str(SAMPLE)), 2),
    ],
)
def test_wrong_use_is_told(arguments: tuple[str, ...], code: int, tmp_path: Path) -> None:
    assert call("batch", str(SAMPLE), "-o", str(tmp_path), *arguments) == code


def test_nothing_that_can_be_read_is_bad_input(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("buy milk", encoding="utf-8")
    assert call("batch", str(tmp_path / "notes.txt"), "-o", str(tmp_path / "out")) == 3
