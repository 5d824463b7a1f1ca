"""Every JSON and CSV target as its reader sees it: pieces, values and weights in its own units."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any, NamedTuple

from aliexpress_customs.declaration.model import Declaration
from aliexpress_customs.export import (
    cn23_csv,
    easypost,
    export,
    h7,
    items_csv,
    karrio,
    sendcloud,
    shippo,
    us_entry,
    us_mail,
    usps,
    xero,
)
from aliexpress_customs.export.units import Conventions

from .test_h7 import DECLARANT

EXACT = Conventions(values="line", weights="line", weight_unit="kg", weight_decimals=12)
"""Of our own tables, which round nothing."""
FORM = Conventions(values="line", weights="line", weight_unit="kg", weight_decimals=3)
BILL = Conventions(values="unit", weights="line", weight_unit="kg", weight_decimals=3)


class Told(NamedTuple):
    """A row as the target reads it, in its own units."""

    quantity: int
    value: Decimal
    weight: Decimal | None


def number(value: object) -> Decimal | None:
    return None if value in {None, ""} else Decimal(str(value))


def read_json(content: bytes) -> Any:
    return json.loads(content, parse_float=Decimal)


def told(row: dict[str, Any], quantity: str, value: str, weight: str) -> Told:
    worth = number(row[value])
    assert worth is not None
    return Told(int(row[quantity]), worth, number(row.get(weight)))


def of_easypost(declaration: Declaration) -> list[Told]:
    rows = read_json(easypost.write(declaration))["shipment"]["customs_info"]["customs_items"]
    return [told(row, "quantity", "value", "weight") for row in rows]


def of_shippo(declaration: Declaration) -> list[Told]:
    rows = read_json(shippo.write(declaration))["items"]
    assert all(isinstance(row["value_amount"], str) for row in rows)
    return [told(row, "quantity", "value_amount", "net_weight") for row in rows]


def of_sendcloud(declaration: Declaration) -> list[Told]:
    rows = read_json(sendcloud.write(declaration))["parcel"]["parcel_items"]
    return [told(row, "quantity", "value", "weight") for row in rows]


def of_karrio(declaration: Declaration) -> list[Told]:
    rows = read_json(karrio.write(declaration))["customs"]["commodities"]
    return [told(row, "quantity", "value_amount", "weight") for row in rows]


def of_usps(declaration: Declaration) -> list[Told]:
    rows = read_json(usps.write(declaration))["customsForm"]["contents"]
    return [told(row, "itemQuantity", "itemTotalValue", "itemTotalWeight") for row in rows]


def table(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode(), newline=""), strict=True))


def of_us_mail(declaration: Declaration) -> list[Told]:
    rows = table(us_mail.write(declaration))
    return [told(row, "quantity", "line_value_usd", "net_weight_kg") for row in rows]


def of_us_entry(declaration: Declaration) -> list[Told]:
    rows = [row for row in table(us_entry.write(declaration)) if row["record"] == "goods"]
    return [told(row, "quantity", "line_value_usd", "net_weight_kg") for row in rows]


def of_items_csv(declaration: Declaration) -> list[Told]:
    rows = table(items_csv.write(declaration))
    for row in rows:
        rounding = Decimal(row["quantity"]) * Decimal("0.0000005")
        pieces = Decimal(row["quantity"]) * Decimal(row["unit_value"])
        assert abs(pieces - Decimal(row["line_value"])) <= rounding
    return [told(row, "quantity", "line_value", "line_net_weight_kg") for row in rows]


def of_cn23_csv(declaration: Declaration) -> list[Told]:
    rows = table(cn23_csv.write(declaration))
    total = {Decimal(row["box_6_total_value"]) for row in rows}
    assert total == {sum(Decimal(row["box_5_value"]) for row in rows)}
    return [told(row, "box_2_quantity", "box_5_value", "box_3_net_weight_kg") for row in rows]


def of_json(declaration: Declaration) -> list[Told]:
    items = json.loads(str(export(declaration, "json")))["items"]
    lines = [line for item in items for line in item["lines"]]
    for line in lines:
        line["line_value"] = line["line_value"].split(" ")[0]
    return [told(line, "quantity", "line_value", "line_net_weight_kg") for line in lines]


def of_xero(declaration: Declaration) -> list[Told]:
    """Goods rows; a lot whose price does not divide says in words how many pieces it is."""
    numbered = declaration.model_copy(update={"invoice_number": "INV-1", "collected": ()})
    rows = table(xero.write(numbered, accounts="goods=300"))
    found = []
    for row in rows:
        if row["*AccountCode"] == "300":
            pieces, value = int(row["*Quantity"]), Decimal(row["*UnitAmount"])
            if lot := re.match(r"(\d+) x ", row["*Description"]):
                pieces, value = int(lot[1]), value / Decimal(lot[1])
            found.append(Told(pieces, value, None))
    return found


TARGETS: dict[str, tuple[Conventions, Callable[[Declaration], list[Told]]]] = {
    "easypost-json": (easypost.CONVENTIONS, of_easypost),
    "shippo-json": (shippo.CONVENTIONS, of_shippo),
    "sendcloud-json": (sendcloud.CONVENTIONS, of_sendcloud),
    "karrio-json": (karrio.CONVENTIONS, of_karrio),
    "usps-json": (usps.CONVENTIONS, of_usps),
    "us-mail-csv": (us_mail.CONVENTIONS, of_us_mail),
    "us-entry-csv": (us_mail.CONVENTIONS, of_us_entry),
    "items-csv": (EXACT, of_items_csv),
    "cn23-csv": (FORM, of_cn23_csv),
    "json": (EXACT, of_json),
}
"""Formats with pieces, values and net weights."""


class ToldByH7(NamedTuple):
    """What an H7 says of a goods item: it has neither pieces nor net weights."""

    hs_code: str
    value: Decimal
    gross_weight: Decimal | None


def of_h7_json(declaration: Declaration, **options: Any) -> list[ToldByH7]:
    content = h7.write_json(declaration, **DECLARANT | options)
    return [of_elements(item, "18 04 001 000") for item in json.loads(content)["goods_items"]]


def of_h7_csv(declaration: Declaration, **options: Any) -> list[ToldByH7]:
    content = h7.write_csv(declaration, **DECLARANT | options)
    return [of_elements(row, "18 04 001 000 item") for row in table(content)]


def of_elements(item: dict[str, str], weight: str) -> ToldByH7:
    value = Decimal(item["14 14 014 000"])
    return ToldByH7(item["18 09 056 000"], value, number(item.get(weight)))


H7_TARGETS = {"h7-json": of_h7_json, "h7-csv": of_h7_csv}


def latin(declaration: Declaration) -> Declaration:
    """With descriptions that every target can hold."""
    items = (goods.model_copy(update={"description": "USB cables"}) for goods in declaration.items)
    return declaration.model_copy(update={"items": tuple(items)})
