"""`shippo-json`: the body of Shippo's `POST /customs/declarations`.

Source: the official OpenAPI document, as in the package `shippo` 3.9 (`CustomsDeclaration
CreateRequest`). Amounts and weights are text there. Nothing is certified unless a signer is named.
"""

from __future__ import annotations

from typing import Any, Final

from aliexpress_customs.declaration.model import ContentsType, Declaration
from aliexpress_customs.export.amounts import printed
from aliexpress_customs.export.json_text import given, json_bytes
from aliexpress_customs.export.postal_form import form_text
from aliexpress_customs.export.units import (
    Conventions,
    Row,
    Rows,
    choice,
    total_rows,
)
from aliexpress_customs.money import money

NAME: Final = "shippo-json"
SUMMARY: Final = "Shippo customs declaration: line totals as text, kg."
MEDIA_TYPE: Final = "application/json"
ACCEPTS: Final = Declaration

CONVENTIONS: Final = Conventions(
    values="line",
    weights="line",
    weight_unit="kg",
    weight_decimals=4,
    longest_hs_code=12,  # `tariff_number`; it wins over `hs_code` if both are sent
)
CONTENTS: Final[dict[ContentsType, str]] = {
    "sale_of_goods": "MERCHANDISE",
    "gift": "GIFT",
    "sample": "SAMPLE",
    "documents": "DOCUMENTS",
    "returned_goods": "RETURN_MERCHANDISE",
    "other": "OTHER",
}
INCOTERMS: Final = ("DDP", "DDU", "FCA", "DAP", "eDAP")
LONGEST_METADATA: Final = 100


def write(
    declaration: Declaration,
    *,
    rows: Rows = "item",
    signer: str = "",
    contents_explanation: str = "",
    non_delivery_option: str = "RETURN",
    eel_pfc: str = "",
) -> bytes:
    """The customs declaration.

    Args:
        declaration: the consignment; its incoterm is sent if Shippo knows it.
        rows: `item` = one customs item per goods item, `product` = one per product line.
        signer: who certifies the form; empty = not certified.
        contents_explanation: required by Shippo if the contents are `other`.
        non_delivery_option: `RETURN` or `ABANDON`.
        eel_pfc: exemption for exports from the United States, such as `NOEEI_30_37_a`.

    Raises:
        ExportError: no description, a negative value, or several currencies.
        UsageError: an unknown choice.
    """
    choice("non_delivery_option", non_delivery_option, ("RETURN", "ABANDON"))
    vat = any(tax.kind != "duty" and tax.amount.amount for tax in declaration.collected)
    body: dict[str, Any] = {
        "certify": bool(signer),
        "certify_signer": form_text(signer),
        "contents_type": CONTENTS[declaration.contents_type],
        "non_delivery_option": non_delivery_option,
        "items": [
            _item(row, declaration.currency) for row in total_rows(declaration, CONVENTIONS, rows)
        ],
    }
    body |= given(
        contents_explanation=form_text(contents_explanation),
        eel_pfc=eel_pfc,
        exporter_identification=_exporter(declaration),
        importer_reference=form_text(declaration.importer_tax_id),
        incoterm=declaration.incoterm if declaration.incoterm in INCOTERMS else "",
        invoice=form_text(declaration.invoice_number),
        is_vat_collected=True if vat or declaration.ioss_number else None,
        metadata=form_text(" ".join(declaration.order_ids))[:LONGEST_METADATA],
    )
    return json_bytes(body)


def _item(row: Row, currency: str) -> dict[str, Any]:
    return given(
        description=row.description,
        quantity=row.quantity,
        net_weight=None if row.weight is None else f"{row.weight:f}",
        mass_unit=CONVENTIONS.weight_unit,
        value_amount=printed(money(row.value, currency)),
        value_currency=currency,
        tariff_number=row.hs_code,
        origin_country=row.item.origin_country,
        sku_code=row.product_id,
    )


def _exporter(declaration: Declaration) -> dict[str, Any]:
    number = declaration.ioss_number
    if not number.upper().startswith("IM"):
        return {}
    return {"tax_id": {"type": "IOSS", "number": number}}
