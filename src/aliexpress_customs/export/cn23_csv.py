"""`cn23-csv`: the boxes of a CN 22 / CN 23, one row per goods item, for label software.

What concerns the whole form repeats in each row: totals are not to be added up. An unknown box is
empty. The boxes are explained in `export.postal_form`.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from aliexpress_customs.declaration.model import Declaration
from aliexpress_customs.export.amounts import printed
from aliexpress_customs.export.csv_reading import read_rows, require_same
from aliexpress_customs.export.postal_form import (
    AMOUNTS,
    FORM_BOXES,
    ITEM_BOXES,
    WEIGHTS,
    FormItem,
    PostalForm,
    fill_form,
)
from aliexpress_customs.export.spreadsheet import Cell, Dialect, csv_bytes
from aliexpress_customs.export.validated import validated
from aliexpress_customs.money import Money

NAME: Final = "cn23-csv"
SUMMARY: Final = "The boxes of the postal customs form CN 22 / CN 23, one row per goods item."
MEDIA_TYPE: Final = "text/csv"
ACCEPTS: Final = Declaration

_OF_ITEM: Final = ("item_number", *ITEM_BOXES)
_OF_FORM: Final = ("form", "item_identifier", "currency", "importer_reference", *FORM_BOXES)
_OF_RECIPIENT: Final = ("name", "city", "region", "postcode", "country", "telephone")
COLUMNS: Final = frozenset(
    {
        *_OF_ITEM,
        *_OF_FORM,
        *(f"to_{name}" for name in _OF_RECIPIENT),
        *("from_name", "from_country", "to_address", "notes"),
    }
)
"""All columns; their order is that of `_row`."""


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


def read_back(content: str | bytes) -> PostalForm:
    """The form in a CSV of the plain dialect; lines of the address come back as one, notes as none.

    Raises:
        ReadError: no such CSV, rows that disagree about the form, or a value that does not fit.
    """
    rows = read_rows(content, COLUMNS, NAME)
    form = require_same(rows, [name for name in COLUMNS if name not in _OF_ITEM], "form")
    address = form.get("to_address", "")
    texts = {name: form.get(f"to_{name}", "") for name in _OF_RECIPIENT}
    values = {
        **_values(form, [name for name in _OF_FORM if name in form]),
        "notes": (),
        "sender": {"name": form.get("from_name", ""), "country": form.get("from_country", "")},
        "recipient": {**texts, "address_lines": (address,) if address else ()},
        "items": [_item(place, row) for place, row in rows],
    }
    return validated(PostalForm, values)


def _item(place: str, row: dict[str, str]) -> FormItem:
    values = _values(row, [name for name in _OF_ITEM if name in row])
    return validated(FormItem, {"number": values.pop("item_number", ""), **values}, place)


def _values(row: dict[str, str], names: list[str]) -> dict[str, str | None]:
    """Cells as the values of a form: an unknown amount or weight is None, an empty text is one."""
    values: dict[str, str | None] = {}
    for name in names:
        text = row[name]
        if name in AMOUNTS:
            values[name] = f"{text} {row.get('currency', '')}" if text else None
        else:
            values[name] = (text or None) if name in WEIGHTS else text
    return values


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
