"""`karrio-json`: the unified `customs` object of a karrio shipment, and the parcel's weight.

Source: `karrio.core.models.Customs` and `Commodity` of karrio 2026.1. karrio takes values and
weights of one piece; some of its connectors pass them on as line totals or cut the cents, which no
input can prevent: check the carrier's answer.
"""

from __future__ import annotations

from typing import Any, Final

from aliexpress_customs.declaration.model import ContentsType, Declaration
from aliexpress_customs.export.json_text import given, json_bytes
from aliexpress_customs.export.postal_form import form_text
from aliexpress_customs.export.units import (
    Conventions,
    Row,
    unit_rows,
    weight_in,
)

NAME: Final = "karrio-json"
SUMMARY: Final = "karrio customs object: values and weights of one piece, kg."
MEDIA_TYPE: Final = "application/json"
ACCEPTS: Final = Declaration

CONVENTIONS: Final = Conventions(
    values="unit",
    weights="unit",
    weight_unit="kg",
    weight_decimals=3,
)
CONTENTS: Final[dict[ContentsType, str]] = {
    "sale_of_goods": "merchandise",
    "gift": "gift",
    "sample": "sample",
    "documents": "documents",
    "returned_goods": "return_merchandise",
    "other": "other",
}
INCOTERMS: Final = (
    *("CFR", "CIF", "CIP", "CPT", "DAP", "DAF", "DDP"),
    *("DDU", "DEQ", "DES", "EXW", "FAS", "FCA", "FOB"),
)


def write(declaration: Declaration, *, signer: str = "", content_description: str = "") -> bytes:
    """The object with `customs`, `parcels` and `reference`.

    Args:
        declaration: the consignment.
        signer: who certifies the form; empty = not certified.
        content_description: what the contents are, in a few words.

    Raises:
        ExportError: no description, a negative value, or several currencies.
    """
    incoterm = declaration.incoterm if declaration.incoterm in INCOTERMS else ""
    payer = {"DDP": "sender", "DAP": "recipient", "DDU": "recipient"}.get(incoterm)
    ordered = declaration.ordered_on
    customs = given(
        content_type=CONTENTS[declaration.contents_type],
        content_description=form_text(content_description),
        incoterm=incoterm,
        invoice=form_text(declaration.invoice_number),
        invoice_date=ordered.isoformat() if ordered and declaration.invoice_number else None,
        certify=bool(signer),
        signer=form_text(signer),
        duty=given(
            paid_by=payer,
            currency=declaration.currency,
            declared_value=declaration.intrinsic_value.amount,
        ),
        options=given(ioss=declaration.ioss_number),
        commodities=[
            _commodity(row, declaration.currency) for row in unit_rows(declaration, CONVENTIONS)
        ],
    )
    gross = weight_in(declaration.gross_weight_kg, CONVENTIONS)
    parcels = [{"weight": gross, "weight_unit": "KG"}] if gross is not None else []
    reference = form_text(declaration.tracking_number or declaration.invoice_number)
    return json_bytes(given(reference=reference, parcels=parcels, customs=customs))


def _commodity(row: Row, currency: str) -> dict[str, Any]:
    (line,) = row.lines
    return given(
        title=row.description,
        description=row.description,
        quantity=row.quantity,
        value_amount=row.value,
        value_currency=currency,
        weight=row.weight,
        weight_unit="KG" if row.weight is not None else None,
        hs_code=row.hs_code,
        origin_country=row.item.origin_country,
        sku=line.sku_id,
        product_id=line.product_id,
    )
