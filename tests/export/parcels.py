"""A parcel made by hand, whose every number the tests know."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from aliexpress_customs.declaration.model import Declaration, DeclarationLine, GoodsItem
from aliexpress_customs.invoice.model import Address, Party
from aliexpress_customs.money import money


def line(value: str, currency: str = "USD", **facts: Any) -> DeclarationLine:
    known: dict[str, Any] = {
        "order_id": "8012345678901234",
        "line_id": "8012345678911234",
        "title": "USB-C cable 2 m",
        "quantity": 1,
        "unit_value": money(value, currency),
        "line_value": money(value, currency),
        "line_discount": money("0", currency),
    }
    return DeclarationLine(**(known | facts))


def item(number: int, *lines: DeclarationLine, **facts: Any) -> GoodsItem:
    known: dict[str, Any] = {
        "description": "USB cables",
        "hs_code": "854442",
        "origin_country": "CN",
    }
    return GoodsItem(number=number, lines=lines, **(known | facts))


def parcel(*items: GoodsItem, **facts: Any) -> Declaration:
    known: dict[str, Any] = {
        "destination_country": "FR",
        "currency": "USD",
        "freight": money("1.99", "USD"),
        "gross_weight_kg": Decimal("0.25"),
        "ioss_number": "IM3720000224",
        "tracking_number": "RB123456785GB",
        "sender": Party(name="Shenzhen Cable Store", url="https://shop.example"),
        "recipient": Address(
            name="Anne Martin",
            lines=("1 rue Haute", "2e étage"),
            city="Lyon",
            postcode="01000",
            country="FR",
            phone="+33 600000000",
        ),
    }
    return Declaration(items=items or (item(1, line("3.20")),), **(known | facts))
