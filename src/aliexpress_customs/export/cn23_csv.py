"""`cn23-csv`: the boxes of a CN 22 / CN 23, one row per goods item, for label software.

What concerns the whole form repeats in each row: totals are not to be added up. An unknown box is
empty. The boxes are explained in `export.postal_form`.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from aliexpress_customs.declaration.model import Declaration
from aliexpress_customs.export.amounts import printed
from aliexpress_customs.export.postal_form import FormItem, PostalForm, fill_form
from aliexpress_customs.export.spreadsheet import Cell, Dialect, csv_bytes
from aliexpress_customs.money import Money

NAME: Final = "cn23-csv"
SUMMARY: Final = "The boxes of the postal customs form CN 22 / CN 23, one row per goods item."
MEDIA_TYPE: Final = "text/csv"
ACCEPTS: Final = Declaration


def write(
    declaration: Declaration,
    *,
    dialect: Dialect = "plain",
    sdr_rate: Decimal | str | int | None = None,
    explanation: str = "",
    comments: str = "",
    licence_numbers: str = "",
    certificate_numbers: str = "",
) -> bytes:
    """The rows of a postal form; options as in `export.postal_form.fill_form`.

    Args:
        declaration: the consignment.
        dialect: `plain` for programs, `excel` for people (see `export.spreadsheet`).
        sdr_rate: units of the declaration's currency for 1 special drawing right.
        explanation: what the contents are if their category is `other`.
        comments: box 11.
        licence_numbers: box 12.
        certificate_numbers: box 13.

    Raises:
        ExportError: as `fill_form`.
    """
    form = fill_form(
        declaration,
        sdr_rate=sdr_rate,
        explanation=explanation,
        comments=comments,
        licence_numbers=licence_numbers,
        certificate_numbers=certificate_numbers,
    )
    rows = [_row(form, item) for item in form.items]
    return csv_bytes(list(rows[0]), (list(row.values()) for row in rows), dialect)


def _row(form: PostalForm, item: FormItem) -> dict[str, Cell]:
    """All columns in the order of the file."""
    return {
        "form": form.form,
        "item_identifier": form.item_identifier,
        "item_number": item.number,
        "box_1_description": item.box_1_description,
        "box_2_quantity": item.box_2_quantity,
        "box_3_net_weight_kg": item.box_3_net_weight_kg,
        "box_4_total_gross_weight_kg": form.box_4_total_gross_weight_kg,
        "box_5_value": _amount(item.box_5_value),
        "box_6_total_value": _amount(form.box_6_total_value),
        "currency": form.currency,
        "box_7_hs_code": item.box_7_hs_code,
        "box_8_origin_country": item.box_8_origin_country,
        "box_9_postal_charges": _amount(form.box_9_postal_charges),
        "box_9_insurance": _amount(form.box_9_insurance),
        "box_10_category": form.box_10_category,
        "box_10_explanation": form.box_10_explanation,
        "box_11_comments": form.box_11_comments,
        "box_12_licence_numbers": form.box_12_licence_numbers,
        "box_13_certificate_numbers": form.box_13_certificate_numbers,
        "box_14_invoice_number": form.box_14_invoice_number,
        "importer_reference": form.importer_reference,
        "from_name": form.sender.name,
        "from_country": form.sender.country,
        "to_name": form.recipient.name,
        "to_address": ", ".join(form.recipient.address_lines),
        "to_city": form.recipient.city,
        "to_region": form.recipient.region,
        "to_postcode": form.recipient.postcode,
        "to_country": form.recipient.country,
        "to_telephone": form.recipient.telephone,
        "notes": " ".join(note.message for note in form.notes),
    }


def _amount(amount: Money | None) -> Decimal | None:
    return None if amount is None else Decimal(printed(amount))
