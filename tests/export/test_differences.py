"""What differs is named by its path, and what cannot be compared is said."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

import aliexpress_customs as ac
from aliexpress_customs.export.differences import differences
from aliexpress_customs.money import money

from .messages import as_h7, grave
from .parcels import item, line, parcel
from .test_cds import LONDON
from .test_h7_dms import danish


@pytest.mark.parametrize(
    ("facts", "path"),
    [
        ({"freight": money("2.00", "USD")}, "transport_costs"),
        ({"gross_weight_kg": Decimal("0.26")}, "gross_weight_kg"),
        ({"ioss_number": "IM3720000225"}, "ioss_number"),
        ({"invoice_number": "2"}, "invoice_number"),
        ({"tracking_number": "RB123456785US"}, "tracking_number"),
    ],
)
@pytest.mark.parametrize("format_name", ["h7-json", "h7-csv", "h7-dms-xml"])
def test_a_changed_declaration_is_told_apart_by_its_path(
    facts: dict[str, Any], path: str, format_name: str
) -> None:
    content = as_h7(danish(invoice_number="1"), format_name)
    changed = danish(**{"invoice_number": "1"} | facts)
    found = differences(changed, ac.read_back(content, format_name))
    expected = [path, "items[0].gross_weight_kg"] if path == "gross_weight_kg" else [path]
    assert grave(found) == expected
    assert all(one.expected in one.message and one.got in one.message for one in found[:1])


@pytest.mark.parametrize(
    ("changed", "path"),
    [
        (item(1, line("3.21")), "items[0].value"),
        (item(1, line("3.20", "EUR")), "items[0].value"),
        (item(1, line("3.20"), description="HDMI cables"), "items[0].description"),
        (item(1, line("3.20"), hs_code="854443"), "items[0].hs_code"),
    ],
)
def test_a_changed_goods_item_is_told_apart_by_its_path(changed: Any, path: str) -> None:
    content = as_h7(danish(), "h7-dms-xml")
    currency = changed.item_value.currency.code
    declaration = danish(changed, currency=currency, freight=None)
    (found, note) = differences(declaration, ac.read_back(content, "h7-dms-xml"))
    assert found.path == path
    assert note.severity == "info"


def test_a_lost_goods_item_is_told_and_the_others_are_still_compared() -> None:
    content = as_h7(danish(item(1, line("3.20"))), "h7-json")
    two = danish(item(1, line("3.30")), item(2, line("1")))
    found = differences(two, ac.read_back(content, "h7-json"))
    assert grave(found)[:2] == ["items", "items[0].value"]
    assert (found[0].expected, found[0].got) == ("2", "1")


def test_the_address_of_the_importer_is_compared_but_never_repeated() -> None:
    content = as_h7(danish(), "h7-dms-xml")
    moved = LONDON.model_copy(update={"country": "DK", "name": "Bent Olsen"})
    found = differences(danish(recipient=moved), ac.read_back(content, "h7-dms-xml"))
    assert "importer.name" in grave(found)
    told = " ".join(f"{one.message} {one.expected} {one.got}" for one in found)
    assert "Bent" not in told
    assert "Jensen" not in told


def test_two_messages_of_one_format_must_hold_the_same() -> None:
    one = ac.read_back(as_h7(danish(), "h7-dms-xml"), "h7-dms-xml")
    bare = ac.read_back(as_h7(danish(tracking_number=""), "h7-dms-xml"), "h7-dms-xml")
    assert differences(one, one) == ()
    assert grave(differences(one, bare)) == ["tracking_number", "documents"]
    assert grave(differences(bare, one)) == ["tracking_number", "documents"]


def test_a_declaration_read_from_another_file_is_compared_too() -> None:
    declaration = parcel()
    rows = ac.read_back(str(ac.export(declaration, "items-csv")), "items-csv")
    assert grave(differences(declaration, rows)) == []
    other = declaration.model_copy(update={"freight": money("5", "USD")})
    assert grave(differences(other, rows)) == ["transport_costs", "freight"]
