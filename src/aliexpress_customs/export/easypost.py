"""`easypost-json`: the customs part of an EasyPost shipment.

For users of the EasyPost API: `{"shipment": {...}}`, to be merged with addresses and service.
Source: https://docs.easypost.com/docs/customs-infos.html and .../customs-items.html. Nothing is
certified unless a signer is named.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from aliexpress_customs.declaration.model import ContentsType, Declaration
from aliexpress_customs.export.json_text import given, json_bytes
from aliexpress_customs.export.postal_form import form_text
from aliexpress_customs.export.units import (
    Conventions,
    Row,
    Rows,
    choice,
    in_currency,
    total_rows,
    weight_in,
)

NAME: Final = "easypost-json"
SUMMARY: Final = "Customs part of an EasyPost shipment: line totals in USD, ounces."
MEDIA_TYPE: Final = "application/json"
ACCEPTS: Final = Declaration

CONVENTIONS: Final = Conventions(
    values="line",
    weights="line",
    weight_unit="oz",
    weight_decimals=3,  # further decimals are truncated there
    currency="USD",
)
LONGEST_EXPLANATION: Final = 255
CONTENTS: Final[dict[ContentsType, str]] = {
    "sale_of_goods": "merchandise",
    "gift": "gift",
    "sample": "sample",
    "documents": "documents",
    "returned_goods": "returned_goods",
    "other": "other",
}


def write(
    declaration: Declaration,
    *,
    rows: Rows = "item",
    signer: str = "",
    contents_explanation: str = "",
    non_delivery_option: str = "return",
    restriction_type: str = "none",
    restriction_comments: str = "",
    eel_pfc: str = "",
    usd_rate: Decimal | str | int | None = None,
) -> bytes:
    """The shipment with `customs_info`, `tax_identifiers` and the parcel's weight.

    Args:
        declaration: the consignment.
        rows: `item` = one customs item per goods item; `product` = one per product line, with the
            merchant's product id as `code`, which the EU wants from 2026-11-01.
        signer: who certifies the form; empty = not certified.
        contents_explanation: required by EasyPost if the contents are `other`.
        non_delivery_option: `return` or `abandon`.
        restriction_type: `none`, `other`, `quarantine` or `sanitary_phytosanitary_inspection`.
        restriction_comments: required by EasyPost for a restriction.
        eel_pfc: exemption or ITN for exports from the United States.
        usd_rate: USD for one unit of the declaration's currency; needed unless it is USD.

    Raises:
        ExportError: no description, a negative value, or another currency without rate.
        UsageError: an unknown choice.
    """
    choice("non_delivery_option", non_delivery_option, ("return", "abandon"))
    restrictions = ("none", "other", "quarantine", "sanitary_phytosanitary_inspection")
    choice("restriction_type", restriction_type, restrictions)
    declared = in_currency(declaration, "USD", usd_rate, "usd_rate")
    customs = given(
        contents_type=CONTENTS[declared.contents_type],
        contents_explanation=form_text(contents_explanation)[:LONGEST_EXPLANATION],
        customs_certify=bool(signer),
        customs_signer=form_text(signer),
        non_delivery_option=non_delivery_option,
        restriction_type=restriction_type,
        restriction_comments=form_text(restriction_comments),
        eel_pfc=eel_pfc,
        customs_items=[_item(row, rows) for row in total_rows(declared, CONVENTIONS, rows)],
    )
    shipment = given(
        reference=form_text(declared.tracking_number or declared.invoice_number),
        parcel=given(weight=weight_in(declared.gross_weight_kg, CONVENTIONS)),
        customs_info=customs,
        tax_identifiers=_tax_identifiers(declared),
    )
    return json_bytes({"shipment": shipment})


def _item(row: Row, rows: Rows) -> dict[str, Any]:
    return given(
        description=row.description,
        quantity=row.quantity,
        value=row.value,
        currency="USD",
        weight=row.weight,
        hs_tariff_number=row.hs_code,
        origin_country=row.item.origin_country,
        code=row.product_id if rows == "product" else "",
    )


def _tax_identifiers(declaration: Declaration) -> list[dict[str, str]]:
    if not declaration.ioss_number:
        return []
    kind = "IOSS" if declaration.ioss_number.upper().startswith("IM") else "OTHER"
    return [{"entity": "SENDER", "tax_id_type": kind, "tax_id": declaration.ioss_number}]
