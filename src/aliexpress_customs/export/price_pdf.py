"""`price-pdf`: the price document of an order as a paper for a post or customs office.

For the buyer of a parcel that is held until its price is proved. What it says, and by whom it is
asked for, is in `price_document`; it is made from the order and not from the declaration, whose
values are without tax and already rounded to what customs counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from aliexpress_customs.errors import UsageError
from aliexpress_customs.export.amounts import grouped
from aliexpress_customs.export.pdf_page import Align
from aliexpress_customs.export.pdf_sheet import GREY, Cell, Sheet
from aliexpress_customs.export.price_document import (
    NOT_STATED,
    Fact,
    ItemText,
    PriceDocument,
    names_parcel,
    price_document,
)
from aliexpress_customs.export.price_sums import PricedLine, PriceRow
from aliexpress_customs.invoice.model import Invoice

NAME: Final = "price-pdf"
SUMMARY: Final = "What was paid for an order, line by line, for a post or customs that asks (PDF)."
MEDIA_TYPE: Final = "application/pdf"
ACCEPTS: Final = (Invoice, list, tuple)

Column = tuple[str, float, float]
"""Heading, left edge and width, in millimetres."""

_TITLE: Final = "Price document"
_GUTTER: Final = 6.0
_LABEL: Final = 33.0
_AMOUNT: Final = 22.0
_SUM_AMOUNT: Final = 36.0
_NUMBER, _QUANTITY = 8.0, 18.0
_ROW: Final = 5.0
_SMALL: Final = 7.5


def write(
    invoice: Invoice | Sequence[Invoice],
    *,
    tracking: str = "",
    purchaser: str = "",
    ioss_number: str = "",
    paper: str = "a4",
    font: str | Path = "",
) -> bytes:
    """The PDF.

    Args:
        invoice: an order, or all orders of a parcel; each begins on a page of its own.
        tracking: number of the parcel that is held; if orders know it, only they are printed, and
            their lines say whether they lie in it.
        purchaser: the buyer's name, if the order states none.
        ioss_number: number under which the shop collected tax, if the order states none.
        paper: `a4` or `letter`.
        font: path of a TrueType font for scripts that the shipped fonts lack.

    Raises:
        UsageError: no order, something that is none, or another paper.
        ExportError: the order has no lines, its file tells only a part of an order, the packages
            for PDF are missing, or the font cannot be used.
        ConsignmentError: an amount is in another currency than its order, or a price is negative.
    """
    orders = [invoice] if isinstance(invoice, Invoice) else list(invoice)
    if not orders or not all(isinstance(order, Invoice) for order in orders):
        raise UsageError(
            "A price document is made from orders.",
            code="wrong_type",
            action="Pass an Invoice, or a list of them as `read` gives it.",
        )
    documents = [
        price_document(order, tracking=tracking, purchaser=purchaser, ioss_number=ioss_number)
        for order in [one for one in orders if names_parcel(one, tracking)] or orders
    ]
    sheet = Sheet(_TITLE, paper, font)
    for number, document in enumerate(documents):
        if number:
            sheet.next_page()
        _document(sheet, document)
    return sheet.content()


def _document(sheet: Sheet, document: PriceDocument) -> None:
    number = next(fact.value for fact in document.order if fact.label == "Order number")
    sheet.foot(f"{_TITLE}, order {number}. Made from: {document.source}")
    half = sheet.width / 2
    sheet.cells([Cell(f"Order {number}", half, half, "right", size=10)], at=sheet.y + 1.5)
    sheet.row([Cell(_TITLE, 0, half, bold=True, size=16)])
    sheet.row([Cell(document.notes[0], 0, sheet.width)], gap=3)
    _facts(sheet, document)
    _table(sheet, document)
    _sum(sheet, document)
    _notes(sheet, document)


def _facts(sheet: Sheet, document: PriceDocument) -> None:
    """The order on the left, seller and purchaser on the right."""
    width = (sheet.width - _GUTTER) / 2
    top = sheet.y
    _block(sheet, "Order", document.order, 0.0, width)
    left, sheet.y = sheet.y, top
    _block(sheet, "Seller", document.seller, width + _GUTTER, width)
    sheet.gap(1.5)
    _block(sheet, "Purchaser", document.buyer, width + _GUTTER, width)
    sheet.y = max(left, sheet.y) + 4


def _block(sheet: Sheet, title: str, facts: Sequence[Fact], x: float, width: float) -> None:
    sheet.heading(title, x, width)
    for fact in facts:
        unbroken = " " not in fact.value
        value = Cell(fact.value, x + _LABEL + 1, width - _LABEL - 2, one_line=unbroken)
        sheet.y += sheet.cells([Cell(fact.label, x + 1, _LABEL - 1), value])
        for line in fact.more:
            sheet.y += sheet.cells([value._replace(text=line, one_line=False)])
        sheet.gap(0.6)


def _columns(sheet: Sheet, *, paid: bool) -> list[Column]:
    """The columns of the table."""
    names = ("Unit price", "Price", "Discount", "Paid" if paid else "Net price")
    amounts = [
        (name, sheet.width - (len(names) - place) * _AMOUNT, _AMOUNT)
        for place, name in enumerate(names)
    ]
    first = amounts[0][1]
    item = (_NUMBER, first - _QUANTITY - _NUMBER)
    return [
        ("No.", 0.0, _NUMBER),
        ("Item", *item),
        ("Quantity", first - _QUANTITY, _QUANTITY),
        *amounts,
    ]


def _table(sheet: Sheet, document: PriceDocument) -> None:
    named = document.currency or f"a currency that is {NOT_STATED}"
    sheet.row([Cell(f"All amounts are in {named}.", 0, sheet.width)], gap=1)
    columns = _columns(sheet, paid=document.paid)
    _head(sheet, columns)
    for text, line in zip(document.items, document.lines, strict=True):
        cells = _cells(sheet, columns, text, line)
        if _height(sheet, cells) > sheet.room:
            sheet.next_page()
            _head(sheet, columns)
        for row in cells:
            sheet.y += sheet.cells(row)
        sheet.gap(0.8)
        sheet.rule()
        sheet.gap(0.8)


def _head(sheet: Sheet, columns: Sequence[Column]) -> None:
    sheet.frame(0, sheet.y, sheet.width, 5.0, GREY)
    cells = [
        Cell(name, x + 1, width - 2, _align(name), bold=True, one_line=True)
        for name, x, width in columns
    ]
    sheet.cells(cells, at=sheet.y + 1)
    sheet.gap(5.8)


def _cells(
    sheet: Sheet, columns: Sequence[Column], text: ItemText, line: PricedLine
) -> list[list[Cell]]:
    """The rows of one line: title and figures, below it variant and details."""
    amounts = [grouped(line.unit_price), grouped(line.price), "-", "-"]
    if line.paid is not None:
        amounts[2:] = grouped(line.discount) if line.discount.amount else "-", grouped(line.paid)
    texts = [str(line.number), text.title, text.quantity, *amounts]
    first = [
        Cell(value, x + 1, width - 2, _align(name), one_line=name not in {"Item", "Quantity"})
        for value, (name, x, width) in zip(texts, columns, strict=True)
    ]
    x = columns[1][1] + 1
    below = [text.variant, ", ".join(text.details)]
    return [first, *([Cell(one, x, sheet.width - x - 1, size=_SMALL)] for one in below if one)]


def _height(sheet: Sheet, rows: Sequence[Sequence[Cell]]) -> float:
    return sum(max(sheet.fitted(cell).height for cell in row) for row in rows) + 1.6


def _sum(sheet: Sheet, document: PriceDocument) -> None:
    """The way to the total, under the last column; kept on one page."""
    sheet.gap(1)
    if len(document.rows) * _ROW + 6 > sheet.room:
        sheet.next_page()
    start = sheet.width * 0.42
    wide = sheet.width - start - _SUM_AMOUNT
    for row in document.rows:
        strong = row.kind in {"sum", "total"}
        if strong:
            sheet.rule(start, thick=row.kind == "total")
            sheet.gap(0.8)
        amount = _amount(row, document.currency)
        cells = [
            Cell(row.label, start, wide, bold=strong),
            Cell(amount, start + wide, _SUM_AMOUNT - 1, "right", strong, one_line=True),
        ]
        sheet.row(cells, gap=0.7)
        if row.kind == "total":
            sheet.rule(start, thick=True)
            sheet.gap(1.5)
    sheet.gap(3)


def _amount(row: PriceRow, currency: str) -> str:
    if row.amount is None:
        return NOT_STATED
    code = row.amount.currency.code
    shown = row.kind == "total" or (currency and code != currency)
    return f"{grouped(row.amount)} {code if currency and shown else ''}".strip()


def _notes(sheet: Sheet, document: PriceDocument) -> None:
    sheet.heading("Notes")
    for note in (*document.notes[1:], *sheet.remarks):
        sheet.row([Cell("-", 1, 3), Cell(note, 4, sheet.width - 5)], gap=0.4)


def _align(column: str) -> Align:
    return "left" if column in {"Item", "No."} else "right"
