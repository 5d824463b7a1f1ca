from __future__ import annotations

import csv
import io
import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from aliexpress_customs.declaration.model import Declaration
from aliexpress_customs.errors import ExportError
from aliexpress_customs.export import h7
from aliexpress_customs.export.h7_elements import elements
from aliexpress_customs.invoice.model import Address
from strategies import many

from .parcels import item, line, parcel
from .test_h7_dms import SHOP, danish_declarations

DECLARANT: dict[str, Any] = {
    "lrn": "PARCEL-1",
    "declarant_id": "FR12345678900011",
    "customs_office": "FR001260",
    "on": "2026-11-22",
    "limit_rate": "0.9",
}
ELEMENTS = (
    Path(__file__).parents[3] / "shared/reference/schemas/dk-h7/docs/H7_elements_extracted.csv"
)


def as_json(declaration: Declaration, **options: Any) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(h7.write_json(declaration, **DECLARANT | options))
    return content


def as_rows(declaration: Declaration, **options: Any) -> list[dict[str, str]]:
    text = h7.write_csv(declaration, **DECLARANT | options).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def test_each_data_element_has_its_number() -> None:
    cables = item(1, line("6.40", quantity=2))
    content = as_json(parcel(cables, invoice_number="0042"), consignor=SHOP)
    assert content["declaration"] == {
        "12 09 001 000": "PARCEL-1",
        "11 01 001 000": "IM",
        "11 02 001 000": "A",
        "office_of_lodgement": "FR001260",
        "13 05 017 000": "FR12345678900011",
        "12 03 001 000": "0042",
        "12 03 002 000": "N380",
        "12 05 001 000": "RB123456785GB",
        "12 05 002 000": "N750",
        "14 15 014 000": "1.99",
        "14 15 012 000": "USD",
        "13 01 016 000": "Cable Shop",
        "13 01 018 019": "Road 1",
        "13 01 018 022": "Shenzhen",
        "13 01 018 021": "518000",
        "13 01 018 020": "CN",
        "13 16 031 000": "FR5",
        "13 16 034 000": "IM3720000224",
        "18 04 001 000": "0.25",
        "13 04 016 000": "Anne Martin",
        "13 04 018 019": "1 rue Haute, 2e étage",
        "13 04 018 022": "Lyon",
        "13 04 018 021": "01000",
        "13 04 018 020": "FR",
    }
    assert content["goods_items"] == [
        {
            "11 03 001 000": "1",
            "18 05 001 000": "USB cables",
            "18 09 056 000": "854442",
            "14 14 014 000": "6.40",
            "14 14 012 000": "USD",
            "11 09 001 000": "40",
            "11 09 002 000": "00",
            "11 10 001 000": ["F48"],
            "18 06 004 000": "1",
            "18 04 001 000": "0.25",
        }
    ]


@many
@given(danish_declarations())
def test_json_and_csv_say_the_same_of_any_declaration(declaration: Declaration) -> None:
    options = {"importer_id": "FR1", "checks": "skip"}
    content, rows = as_json(declaration, **options), as_rows(declaration, **options)
    assert len(rows) == len(content["goods_items"]) == len(declaration.items)
    for row, own in zip(rows, content["goods_items"], strict=True):
        for key, value in content["declaration"].items():
            assert row[key] == value
        for key, value in own.items():
            column = key if key != "18 04 001 000" else "18 04 001 000 item"
            assert row[column] == (value if isinstance(value, str) else ";".join(value))


@many
@given(danish_declarations())
def test_every_value_has_the_format_of_its_element(declaration: Declaration) -> None:
    content = as_json(
        declaration, importer_id="FR1", checks="skip", consignor=SHOP, goods_location=SHOP
    )
    with (Path(h7.__file__).parents[3] / "data/export/h7_elements.csv").open() as stream:
        formats = {(row["element"], row["level"]): row["format"] for row in csv.DictReader(stream)}
    parts = [("declaration", content["declaration"])]
    parts += [("item", own) for own in content["goods_items"]]
    for level, values in parts:
        for key, value in values.items():
            for text in [value] if isinstance(value, str) else value:
                assert fits(text, formats[key, level]), (key, text)


def fits(text: str, format_text: str) -> bool:
    kind, dots, length = re.fullmatch(r"(an|a|n)(\.\.)?([\d,]+)", format_text).groups()  # type: ignore[union-attr]
    if kind == "n":
        digits, _, decimals = length.partition(",")
        value = Decimal(text)
        whole, _, fraction = text.partition(".")
        assert value >= 0
        return len(whole) + len(fraction) <= int(digits) and len(fraction) <= int(decimals or 0)
    return len(text) == int(length) if not dots else 0 < len(text) <= int(length)


def test_the_element_numbers_are_those_of_the_official_table() -> None:
    if not ELEMENTS.is_file():
        pytest.skip("The official element table is not beside this repository.")
    official = ELEMENTS.read_text(encoding="utf-8")
    for key, _ in elements():
        if key.startswith("14 14"):
            continue  # the Danish message carries it as 14 08; its rules name 14 14
        assert key == "office_of_lodgement" or key in official, key


def test_without_importer_number_or_address_nothing_is_written() -> None:
    with pytest.raises(ExportError) as caught:
        as_json(parcel(recipient=None))
    assert caught.value.code == "importer_id_missing"
    assert as_json(parcel(recipient=None), importer_id="FR123")["declaration"]["13 04 017 000"]


@pytest.mark.parametrize(("value", "refused"), [("150.00", False), ("150.01", True)])
def test_exactly_150_euro_is_still_low_value(value: str, refused: bool) -> None:
    declaration = parcel(item(1, line(value, "EUR")), currency="EUR", freight=None, ioss_number="")
    codes = {finding.code for finding in h7.findings(declaration, **DECLARANT)}
    assert ("over_limit" in codes) is refused


def test_a_business_after_june_2026_is_told_that_the_code_has_no_source() -> None:
    codes = {f.code for f in h7.findings(parcel(importer="business", ioss_number=""), **DECLARANT)}
    assert "procedure_unsourced" in codes


def test_without_a_rate_the_limit_is_not_tested_and_that_is_said() -> None:
    found = h7.findings(parcel(), **DECLARANT | {"limit_rate": None})
    assert "limit_not_tested" in {finding.code for finding in found}


def test_an_ioss_parcel_to_a_recipient_outside_the_eu_is_refused() -> None:
    abroad = Address(name="A", lines=("B",), city="C", postcode="1", country="NO")
    with pytest.raises(ExportError) as caught:
        as_json(parcel(recipient=abroad))
    assert caught.value.code == "importer_outside_eu"


def test_the_excel_dialect_keeps_codes_as_text() -> None:
    row = as_rows(parcel(), dialect="excel")[0]
    assert row["18 09 056 000"] == "'854442"
    assert row["11 09 002 000"] == "'00"
