"""`usps-json`: the `customsForm` of a label of the USPS International Labels API 3.3.

Source: `international-labels.yaml` of USPS (also in karrio's connector). USPS names both unit and
total fields; the totals are written, because they are what was paid. Its labels are for senders in
the United States: forwarders, and returns.
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
    in_currency,
    total_rows,
    weight_in,
)

NAME: Final = "usps-json"
SUMMARY: Final = "USPS international customs form: line totals in USD, pounds."
MEDIA_TYPE: Final = "application/json"
ACCEPTS: Final = Declaration

CONVENTIONS: Final = Conventions(
    values="line",
    weights="line",
    weight_unit="lb",
    weight_decimals=4,
    currency="USD",
    longest_description=30,
    ascii_only=True,
)
LONGEST_INVOICE_NUMBER: Final = 15
LONGEST_LICENCE: Final = 16
LONGEST_CERTIFICATE: Final = 12
LONGEST_COMMENTS: Final = 25
CONTENTS: Final[dict[ContentsType, str]] = {
    "sale_of_goods": "MERCHANDISE",
    "gift": "GIFT",
    "sample": "COMMERCIAL_SAMPLE",
    "documents": "DOCUMENT",
    "returned_goods": "RETURNED_GOODS",
    "other": "OTHER",
}


def write(
    declaration: Declaration,
    *,
    rows: Rows = "item",
    aes_itn: str = "",
    comments: str = "",
    licence_number: str = "",
    certificate_number: str = "",
    usd_rate: Decimal | str | int | None = None,
) -> bytes:
    """The `customsForm` and what belongs to it of `packageDescription`.

    Args:
        declaration: the consignment.
        rows: `item` = one row per goods item, `product` = one per product line.
        aes_itn: ITN or exemption of the export; USPS requires it, and it is the sender's word.
        comments: about the contents.
        licence_number: of an export licence.
        certificate_number: such as of a sanitary certificate. Numbers that are too long for their
            field are left out; `lint` says so.
        usd_rate: USD for one unit of the declaration's currency; needed unless it is USD.

    Raises:
        ExportError: no description in Latin letters, a negative value, or another currency
            without rate.
    """
    declared = in_currency(declaration, "USD", usd_rate, "usd_rate")
    form = given(
        AESITN=aes_itn,
        customsContentType=CONTENTS[declared.contents_type],
        contentComments=form_text(comments)[:LONGEST_COMMENTS],
        invoiceNumber=_whole(declared.invoice_number, LONGEST_INVOICE_NUMBER),
        licenseNumber=_whole(licence_number, LONGEST_LICENCE),
        certificateNumber=_whole(certificate_number, LONGEST_CERTIFICATE),
        importersReference=_importer(declared),
        contents=[_content(row) for row in total_rows(declared, CONVENTIONS, rows)],
    )
    package = given(
        weightUOM="lb",
        weight=weight_in(declared.gross_weight_kg, CONVENTIONS),
        packageOptions={"packageValue": declared.intrinsic_value.amount},
    )
    return json_bytes({"packageDescription": package, "customsForm": form})


def _content(row: Row) -> dict[str, Any]:
    return given(
        itemDescription=row.description,
        itemQuantity=row.quantity,
        itemTotalValue=row.value,
        weightUOM="lb",
        itemTotalWeight=row.weight,
        HSTariffNumber=row.hs_code,
        countryofOrigin=row.item.origin_country,
    )


def _whole(number: str, longest: int) -> str:
    """A number that fits; one that does not is left out, because a cut one names something else."""
    text = form_text(number)
    return text if len(text) <= longest else ""


def _importer(declaration: Declaration) -> dict[str, str]:
    number = form_text(declaration.ioss_number or declaration.importer_tax_id)
    return {"referenceType": "TAX_CODE", "reference": number} if number else {}
