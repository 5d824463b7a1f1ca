"""`cn23-pdf`: a printed CN 23, to sign and to fix to the parcel.

A5 landscape; goods that do not fit the form go on continuation sheets, with the totals carried from
sheet to sheet. The item number is also a Code 128 barcode if it is an S10 identifier. Box 15, the
sender's reference and the office of origin stay empty: they are the sender's and the post's.

The labels are English and French, see `export.postal_print`; the places of the boxes are one table,
`export.cn23_layout`. The back of the form, with its instructions, is not printed. Which form
suffices is not decided here: a CN 23 is accepted at any value.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Final

from aliexpress_customs.declaration.model import Declaration
from aliexpress_customs.export import cn23_layout as layout
from aliexpress_customs.export.cn23_sheets import Row, Sheet, Subtotal, sheets
from aliexpress_customs.export.pdf_page import A5_LANDSCAPE, Box
from aliexpress_customs.export.postal_form import FormItem, FormParty, PostalForm, fill_form
from aliexpress_customs.export.postal_print import (
    CATEGORIES,
    LABEL_SIZE,
    MARGIN,
    OPENED,
    STATEMENT,
    TITLE,
    Field,
    FormPaper,
    Line,
    Printed,
    amount_text,
    country_text,
    weight_text,
)
from aliexpress_customs.export.s10 import check_s10

NAME: Final = "cn23-pdf"
SUMMARY: Final = "The postal customs form CN 23 on paper (PDF, A5), with continuation sheets."
MEDIA_TYPE: Final = "application/pdf"
ACCEPTS: Final = Declaration

_GOODS_SIZE: Final = 7.5
_TALLEST_ROW: Final = 18.0
"""Millimetres; about 400 letters, more are cut."""


def write(
    declaration: Declaration,
    *,
    sdr_rate: Decimal | str | int | None = None,
    explanation: str = "",
    comments: str = "",
    licence_numbers: str = "",
    certificate_numbers: str = "",
    font: str | Path = "",
) -> bytes:
    """The PDF of a CN 23; options as in `export.postal_form.fill_form`, and a font.

    Args:
        declaration: the consignment.
        sdr_rate: taken for the sake of the other formats; a CN 23 is printed at any value.
        explanation: what the contents are if their category is `other`.
        comments: box 11.
        licence_numbers: box 12.
        certificate_numbers: box 13.
        font: path of a TrueType font for scripts that the shipped ones lack, such as Chinese;
            without it they are transliterated.

    Raises:
        ExportError: as `fill_form`; reportlab is not installed, the font is unusable, a number is
            longer than its box, or a description has no letter that can be printed.
    """
    form = fill_form(
        declaration,
        sdr_rate=sdr_rate,
        explanation=explanation,
        comments=comments,
        licence_numbers=licence_numbers,
        certificate_numbers=certificate_numbers,
    )
    return print_form(form, font).content


def print_form(form: PostalForm, font: str | Path = "") -> Printed:
    """Print a filled-in form, and learn what was shortened on it; as `write`."""
    paper = FormPaper("CN 23 customs declaration", A5_LANDSCAPE, font)
    rows = [_row(paper, item) for item in form.items]
    shared = sheets(
        rows,
        first=layout.ROWS.height,
        further=layout.CONTINUED_ROWS.height,
        subtotal=layout.SUBTOTAL_HEIGHT,
    )
    for number, sheet in enumerate(shared, start=1):
        if number == 1:
            _front(paper, form, len(shared))
            _goods(paper, sheet, number, layout.HEADER_TOP, layout.ROWS)
        else:
            paper.next_page()
            _continuation(paper, form)
            _goods(paper, sheet, number, layout.CONTINUED_HEADER_TOP, layout.CONTINUED_ROWS)
        foot = f"Sheet {number} of {len(shared)}"
        paper.text(layout.FOOT, foot, LABEL_SIZE, align="right")
    return paper.printed_form()


def _front(paper: FormPaper, form: PostalForm, sheet_count: int) -> None:
    _title(paper, "")
    _party(paper, layout.FROM, layout.FROM_ROWS, form.sender, "sender")
    _party(paper, layout.TO, layout.TO_ROWS, form.recipient, "recipient")
    _item_number(paper, form)
    paper.field(layout.SENDERS_REFERENCE)
    paper.field(
        layout.IMPORTERS_REFERENCE, form.importer_reference, path="importer_reference", number=True
    )
    paper.field(layout.IMPORTERS_TELEPHONE, form.recipient.telephone, path="recipient.telephone")
    paper.frame(layout.COUNT)
    words = f"{_count(len(form.items), 'goods item')} on {_count(sheet_count, 'sheet')}"
    paper.text(layout.COUNT.inside(MARGIN), words, 7, anchor="middle")
    weight = weight_text(form.box_4_total_gross_weight_kg)
    paper.field(layout.GROSS_WEIGHT, weight and f"{weight} kg", path="box 4", number=True)
    paper.field(layout.TOTAL_VALUE, amount_text(form.box_6_total_value), path="box 6", number=True)
    paper.field(layout.POSTAL_CHARGES, _charges(form), path="box 9", number=True)
    _category(paper, form)
    paper.field(layout.COMMENTS, form.box_11_comments, path="box 11")
    paper.field(layout.LICENCE, form.box_12_licence_numbers, path="box 12")
    paper.field(layout.CERTIFICATE, form.box_13_certificate_numbers, path="box 13")
    paper.field(layout.INVOICE, form.box_14_invoice_number, path="box 14")
    paper.field(layout.OFFICE)
    paper.frame(layout.STATEMENT_BOX)
    paper.text(layout.STATEMENT_BOX.inside(MARGIN), STATEMENT, 7, anchor="middle")
    paper.field(layout.SIGNATURE)


def _continuation(paper: FormPaper, form: PostalForm) -> None:
    _title(paper, "Continuation sheet")
    paper.field(layout.CONTINUED_NUMBER, form.item_identifier, path="item_identifier")
    paper.field(layout.CONTINUED_INVOICE, form.box_14_invoice_number, path="box 14")


def _title(paper: FormPaper, words: str) -> None:
    paper.frame(layout.TITLE_BAR, fill=0.92)
    left = layout.TITLE_BAR.inside(MARGIN, 0.5)
    used = paper.text(left, TITLE.english, 11, bold=True).height
    paper.text(Box(left.x, left.y + used, left.width, 4), TITLE.french, 7)
    paper.text(
        layout.FORM_NAME.inside(MARGIN), "CN 23", 17, bold=True, align="right", anchor="middle"
    )
    if words:
        paper.text(layout.OPENED_BAR.inside(MARGIN), words, 11, bold=True, anchor="middle")
        return
    used = paper.text(layout.OPENED_BAR.inside(MARGIN, 1), OPENED.english, 8.5, bold=True).height
    below = Box(layout.OPENED_BAR.x + MARGIN, layout.OPENED_BAR.y + 1 + used, 68, 4)
    paper.text(below, OPENED.french, 7)


def _party(
    paper: FormPaper,
    field: Field,
    rows: tuple[Line, ...],
    party: FormParty,
    path: str,
) -> None:
    paper.frame(field.box)
    head = Box(field.box.x, field.box.y, rows[0].box.x - field.box.x, field.box.height)
    paper.frame(head, fill=0.96)
    used = paper.text(head.inside(MARGIN), field.label.english, 9, bold=True).height
    paper.text(head.inside(MARGIN, MARGIN + used), field.label.french, 7.5)
    city = ", ".join(filter(None, (party.city, party.region)))
    texts = {
        "name": party.name,
        "street": ", ".join(party.address_lines),
        "postcode": party.postcode,
        "city": city,
        "country": country_text(party.country),
    }
    for row in rows:
        paper.line_field(row, texts.get(row.name, ""), path=f"{path}.{row.name}")


def _item_number(paper: FormPaper, form: PostalForm) -> None:
    number = "".join(form.item_identifier.split()).upper()
    if not check_s10(number):
        paper.field(layout.ITEM_NUMBER, form.item_identifier, path="item_identifier", size=11)
        return
    paper.field(layout.ITEM_NUMBER)
    area = layout.ITEM_NUMBER.box
    paper.code_128(Box(area.x + 4, area.y + 3.6, area.width - 8, 12.4), number)
    below = Box(area.x + 4, area.y + 16.4, area.width - 8, 4.6)
    paper.text(below, number, 10, bold=True, align="center", anchor="middle")


def _category(paper: FormPaper, form: PostalForm) -> None:
    paper.field(layout.CATEGORY)
    area, a_row = layout.TICKS, layout.TICKS_A_ROW
    width, height = area.width / a_row, area.height / (len(CATEGORIES) / a_row)
    for index, (category, label) in enumerate(CATEGORIES.items()):
        row, column = divmod(index, a_row)
        place = Box(area.x + column * width, area.y + row * height, width, height)
        paper.tick(place, label, category == form.box_10_category)
    paper.line_field(layout.EXPLANATION, form.box_10_explanation, path="box 10")


def _charges(form: PostalForm) -> str:
    parts = [amount_text(form.box_9_postal_charges)]
    if form.box_9_insurance is not None:
        parts.append(f"Insurance {amount_text(form.box_9_insurance)}")
    return "; ".join(filter(None, parts))


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _row(paper: FormPaper, item: FormItem) -> Row:
    paper.require_words(item)
    texts = {
        "box_1_description": item.box_1_description,
        "box_2_quantity": _count(item.box_2_quantity, "piece"),
        "box_3_net_weight_kg": weight_text(item.box_3_net_weight_kg),
        "box_5_value": amount_text(item.box_5_value),
        "box_7_hs_code": item.box_7_hs_code,
        "box_8_origin_country": country_text(item.box_8_origin_country),
    }
    cells = tuple(
        paper.fitted(
            Box(column.x, 0, column.width - 2 * MARGIN, _TALLEST_ROW),
            texts[column.name],
            path=f"goods item {item.number}: {column.name}",
            size=_GOODS_SIZE,
            number=column.number,
        )
        for column in layout.COLUMNS
    )
    return Row(item, cells, max(cell.height for cell in cells) + MARGIN)


def _goods(paper: FormPaper, sheet: Sheet, number: int, header_top: float, area: Box) -> None:
    _header(paper, header_top)
    paper.frame(area)
    for column in layout.COLUMNS[1:]:
        paper.line(column.x, area.y, column.x, area.bottom)
    y = area.y
    if sheet.brought is not None:
        _subtotal(paper, f"Brought from sheet {number - 1}", sheet.brought, y)
        y += layout.SUBTOTAL_HEIGHT
        paper.line(area.x, y, area.right, y, line=0.1)
    for row in sheet.rows:
        for column, cell in zip(layout.COLUMNS, row.cells, strict=True):
            place = Box(column.x + MARGIN, y + MARGIN / 2, column.width - 2 * MARGIN, cell.height)
            paper.lines(place, cell, align=column.align)
        y += row.height
        paper.line(area.x, y, area.right, y, line=0.1)
    if sheet.carried is not None:
        top = area.bottom - layout.SUBTOTAL_HEIGHT
        paper.line(area.x, top, area.right, top)
        _subtotal(paper, f"Carried to sheet {number + 1}", sheet.carried, top)


def _header(paper: FormPaper, top: float) -> None:
    bar = Box(layout.LEFT, top, layout.RIGHT - layout.LEFT, layout.HEADER_HEIGHT)
    paper.frame(bar, fill=0.92)
    commercial = False
    for column in layout.COLUMNS:
        commercial = commercial or column.name == layout.COMMERCIAL_FROM
        above = layout.COMMERCIAL_HEIGHT if commercial else 0.0
        place = Box(column.x, top + above, column.width, layout.HEADER_HEIGHT - above)
        paper.frame(place)
        paper.label(place.inside(MARGIN, 0.2), column.label)
        if column.name == layout.COMMERCIAL_FROM:
            span = Box(column.x, top, layout.RIGHT - column.x, above)
            paper.label(span.inside(MARGIN, 0.3), layout.COMMERCIAL)


def _subtotal(paper: FormPaper, words: str, subtotal: Subtotal, top: float) -> None:
    texts = {
        "box_1_description": words,
        "box_3_net_weight_kg": weight_text(subtotal.net_weight_kg),
        "box_5_value": amount_text(subtotal.value),
    }
    for column in layout.COLUMNS:
        if text := texts.get(column.name, ""):
            place = Box(column.x, top, column.width, layout.SUBTOTAL_HEIGHT).inside(MARGIN, 0.2)
            made = paper.fitted(place, text, path=words, size=_GOODS_SIZE, number=True, bold=True)
            paper.lines(place, made, bold=True, align="right", anchor="middle")
