"""Tables of forwarders by column mapping: CSV, XLSX, Parquet, shipped profiles, items-csv back."""

from __future__ import annotations

import io
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from aliexpress_customs.consignment.consign import consign
from aliexpress_customs.declaration.declare import declare
from aliexpress_customs.errors import AliExpressCustomsError, ReadError, UsageError
from aliexpress_customs.export.items_csv import write
from aliexpress_customs.invoice.profiles import FIELDS, load_profile, parse_mapping, profile_names
from aliexpress_customs.invoice.read import read
from aliexpress_customs.invoice.table import csv_table
from aliexpress_customs.invoice.table_import import import_table
from aliexpress_customs.money import money

ORDERS = Path(__file__).parents[1] / "fixtures" / "orders"
MAPPING = "title=Item,quantity=Qty,unit_value=Price,hs_code=HS,origin_country=Made in,tracking=No"
HEADER = ["No", "Item", "Qty", "Price", "HS", "Made in", "Grams"]
ROWS = [
    ["LP1", "Lamp", "2", "3.50", "9405.21", "China", "250"],
    ["LP1", "Bulb", "1", "1.25", "", "Atlantis", ""],
    ["LP2", "Sock", "10", "0.80", "611595", "TR", "40"],
]


def csv_of(rows: list[list[str]]) -> str:
    return "".join(";".join(row) + "\r\n" for row in rows)


def test_rows_of_one_parcel_become_one_order() -> None:
    made = import_table(csv_of([HEADER, *ROWS]), MAPPING, currency="EUR")
    assert [len(one.lines) for one in made.invoices] == [2, 1]
    assert made.invoices[0].parcels[0].tracking == "LP1"
    assert made.invoices[1].lines[0].line_gross == money("8.00", "EUR")
    assert made.hs_codes == {"row 2": "940521", "row 4": "611595"}
    assert made.origins == {"row 2": "CN", "row 4": "TR"}
    assert "cell_not_used" in {finding.code for finding in made.invoices[0].findings}


def test_the_tables_beside_the_orders_are_what_declare_takes() -> None:
    profile = load_profile({**parse_mapping(MAPPING), "unit_net_weight_kg": "Grams"}).model_copy(
        update={"weight_unit": "g"}
    )
    made = import_table(csv_of([HEADER, *ROWS]), profile, currency="EUR")
    declaration = declare(consign(made.invoices[0], "FR"), **made.for_declare())
    lamp = next(i for i in declaration.items if i.lines[0].title == "Lamp")
    assert (lamp.hs_code, lamp.origin_country) == ("940521", "CN")
    assert lamp.lines[0].unit_net_weight_kg == Decimal("0.25")


def test_a_workbook_and_a_parquet_file_read_like_the_csv(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in [HEADER, *ROWS]:
        book.active.append([float(c) if c.replace(".", "", 1).isdigit() else c for c in row])
    path = tmp_path / "manifest.xlsx"
    book.save(path)
    expected = import_table(csv_of([HEADER, *ROWS]), MAPPING, currency="EUR")
    found = import_table(path, MAPPING, currency="EUR")
    assert [[(x.title, x.line_gross.amount) for x in one.lines] for one in found.invoices] == [
        [(x.title, x.line_gross.amount) for x in one.lines] for one in expected.invoices
    ]
    pyarrow = pytest.importorskip("pyarrow", reason="Parquet needs pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    columns = {name: [row[i] for row in ROWS] for i, name in enumerate(HEADER)}
    stream = io.BytesIO()
    parquet.write_table(pyarrow.table(columns), stream)
    assert import_table(stream.getvalue(), MAPPING, currency="EUR") == expected


def test_items_csv_comes_back_with_its_values() -> None:
    (order,) = read(ORDERS / "mtop_order_detail.json")
    declaration = declare(consign(order), default_origin="CN", weights={})
    made = import_table(write(declaration), "items-csv")
    (back,) = made.invoices
    again = declare(consign(back), **made.for_declare())
    for first, second in zip(declaration.items, again.items, strict=True):
        for one, two in zip(first.lines, second.lines, strict=True):
            assert (one.title, one.quantity) == (two.title, two.quantity)
            assert one.line_value == two.line_value
            assert (one.line_id, one.sku_id) == (two.line_id, two.sku_id)
    assert again.freight == declaration.freight
    assert again.destination_country == declaration.destination_country


@pytest.mark.parametrize("name", profile_names())
def test_every_shipped_profile_reads_a_table_of_its_own_columns(name: str) -> None:
    profile = load_profile(name)
    assert profile.source_url
    values = dict.fromkeys(FIELDS, "x")
    values |= {"title": "Cotton shirt", "quantity": "2", "unit_value": "3.00", "hs_code": "610910"}
    values |= {"line_value": "6.00", "currency": "USD", "country": "NO", "tracking": "LP1"}
    values |= {"origin_country": "CN", "dispatch_country": "CN", "ordered_on": "2026-01-02"}
    values |= dict.fromkeys([key for key in FIELDS if key.endswith("_kg")], "0.2")
    values |= dict.fromkeys(["shipping", "insurance", "line_freight", "line_tax", "total"], "6.00")
    columns = {ours: names[0] for ours, names in profile.columns.items()}
    table = csv_of([list(columns.values()), [values[ours] for ours in columns]])
    (invoice,) = import_table(table, name).invoices
    assert (invoice.lines[0].quantity, invoice.lines[0].line_gross) == (2, money("6.00", "USD"))


def test_six_templates_are_shipped() -> None:
    assert set(profile_names()) >= {
        "items-csv", "bringer", "pactrak-fullman", "speedicargo", "asendia-usa",
        "royal-mail-click-and-drop",
    }  # fmt: skip


@pytest.mark.parametrize("mapping", ["title", "titel=Item", "title=", "no-such-profile"])
def test_a_malformed_mapping_says_what_can_be_mapped(mapping: str) -> None:
    with pytest.raises(UsageError) as caught:
        import_table(csv_of([HEADER, *ROWS]), mapping)
    assert caught.value.action


def test_a_table_without_price_or_title_is_refused() -> None:
    with pytest.raises(ReadError) as caught:
        import_table(csv_of([HEADER, *ROWS]), "title=Item,quantity=Qty")
    assert caught.value.code == "columns_missing"


def test_a_bad_row_is_reported_and_the_others_are_kept() -> None:
    rows = [HEADER, *ROWS[:2], ["LP2", "Sock", "ten", "0.80", "", "", ""]]
    made = import_table(csv_of(rows), MAPPING, currency="EUR")
    assert len(made.invoices) == 1
    assert [type(error) for error in made.errors] == [ReadError]
    assert "row 4" in made.errors[0].path


def test_a_row_longer_than_the_header_is_refused() -> None:
    with pytest.raises(AliExpressCustomsError) as caught:
        csv_table("a,b\n1,2,3\n")
    assert caught.value.code == "ragged_table"
