"""`sendcloud-json`: the customs part of a Sendcloud parcel (API v2, `{"parcel": {...}}`).

Source: https://sendcloud.dev (API v2, parcels). Sendcloud refuses several currencies in a parcel.
"""

from __future__ import annotations

from typing import Any, Final

from aliexpress_customs.declaration.model import Declaration
from aliexpress_customs.export.amounts import printed
from aliexpress_customs.export.json_text import given, json_bytes
from aliexpress_customs.export.postal_form import form_text
from aliexpress_customs.export.units import (
    Conventions,
    Row,
    unit_rows,
    weight_in,
)
from aliexpress_customs.money import money

NAME: Final = "sendcloud-json"
SUMMARY: Final = "Sendcloud parcel with its items: values and weights of one piece, kg."
MEDIA_TYPE: Final = "application/json"
ACCEPTS: Final = Declaration

CONVENTIONS: Final = Conventions(
    values="unit",
    weights="unit",
    weight_unit="kg",
    weight_decimals=3,
)


def write(declaration: Declaration, *, customs_shipment_type: int | None = None) -> bytes:
    """The parcel with `parcel_items`; a line that does not divide by its quantity takes two.

    Args:
        declaration: the consignment.
        customs_shipment_type: Sendcloud's number for the kind of contents; not translated here,
            because its list of numbers is not published with the specification.

    Raises:
        ExportError: no description, a negative value, or several currencies.
    """
    currency = declaration.currency
    gross = weight_in(declaration.gross_weight_kg, CONVENTIONS)
    parcel = given(
        order_number=form_text(" ".join(declaration.order_ids)),
        customs_invoice_nr=form_text(declaration.invoice_number),
        customs_shipment_type=customs_shipment_type,
        weight=None if gross is None else f"{gross:f}",
        country=declaration.destination_country,
        total_order_value=printed(declaration.intrinsic_value),
        total_order_value_currency=currency,
        tax_numbers=_tax_numbers(declaration),
        parcel_items=[_item(row, currency) for row in unit_rows(declaration, CONVENTIONS)],
    )
    return json_bytes({"parcel": parcel})


def _item(row: Row, currency: str) -> dict[str, Any]:
    (line,) = row.lines
    return given(
        description=row.description,
        quantity=row.quantity,
        value=printed(money(row.value, currency)),
        weight=None if row.weight is None else f"{row.weight:f}",
        hs_code=row.hs_code,
        origin_country=row.item.origin_country,
        sku=line.sku_id,
        product_id=line.product_id,
    )


def _tax_numbers(declaration: Declaration) -> dict[str, Any]:
    if not declaration.ioss_number.upper().startswith("IM"):
        return {}
    return {"sender": [{"name": "IOSS", "value": declaration.ioss_number}]}
