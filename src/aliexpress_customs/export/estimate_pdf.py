"""`estimate-pdf`: an estimate explained on one page.

For a buyer who wants to know before paying, a shop that answers its customer, a declarant who
checks a bill: what is declared, each charge with base, rate and law, who takes it and when. The
main figures stand on the first page; what does not fit goes on overleaf. Readable without colour.
The words are made in `estimate_page`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from aliexpress_customs.declaration.model import Declaration
from aliexpress_customs.estimate.model import Estimate, Range
from aliexpress_customs.export.amounts import grouped
from aliexpress_customs.export.estimate_page import (
    UNKNOWN,
    EstimatePage,
    Figure,
    Share,
    estimate_page,
)
from aliexpress_customs.export.estimate_words import ChargeText
from aliexpress_customs.export.pdf_page import Align
from aliexpress_customs.export.pdf_sheet import GREY, Cell, Sheet
from aliexpress_customs.money import Money

NAME: Final = "estimate-pdf"
SUMMARY: Final = "An estimate explained on a page: charges, law, who takes what and when (PDF)."
MEDIA_TYPE: Final = "application/pdf"
ACCEPTS: Final = Estimate

_TITLE: Final = "Import cost estimate"
_DISCLAIMER: Final = "An estimate from published rules; no decision of an authority."
_BODY: Final = 8.0
_SMALL: Final = 7.0
_BOX, _LOW_BOX = 17.0, 13.0
_BAR: Final = 7.0
_LIGHTEST, _DARKEST = 0.93, 0.2
_PER_ROW: Final = 3
_AMOUNT: Final = 32.0


def write(
    estimate: Estimate,
    *,
    declaration: Declaration | None = None,
    paper: str = "a4",
    font: str | Path = "",
) -> bytes:
    """The PDF.

    Args:
        estimate: the answer of `estimate` or `quote`.
        declaration: what the estimate was made for, to list the goods.
        paper: `a4` or `letter`.
        font: path of a TrueType font for scripts that the shipped fonts lack.

    Raises:
        UsageError: another paper, or a declaration of another parcel.
        ExportError: the packages for PDF are missing, or the font cannot be used.
    """
    page = estimate_page(estimate, declaration)
    sheet = Sheet(_TITLE, paper, font)
    sheet.foot(f"{_DISCLAIMER} {page.rules}")
    _head(sheet, page)
    _figures(sheet, page.figures)
    _breakdown(sheet, page.shares)
    _declared(sheet, page)
    _charges(sheet, page)
    _limits(sheet, page)
    _list(sheet, "Exchange rates", page.rates)
    _list(sheet, "Good to know", (*page.reasons, *sheet.remarks))
    return sheet.content()


def _head(sheet: Sheet, page: EstimatePage) -> None:
    half = sheet.width / 2
    sheet.cells([Cell(page.place, half, half, "right", size=10)], at=sheet.y + 1.5)
    sheet.row([Cell(_TITLE, 0, half, bold=True, size=16)])
    sheet.row([Cell(page.circumstances, 0, sheet.width)], gap=2)
    words = Cell(page.outcome_words, 26, sheet.width - 28)
    height = sheet.fitted(words).height + 2.4
    sheet.frame(0, sheet.y, sheet.width, height)
    outcome = Cell(page.outcome.upper(), 2, 23, bold=True)
    sheet.cells([outcome, words], at=sheet.y + 1.2)
    sheet.gap(height + 3)


def _figures(sheet: Sheet, figures: Sequence[Figure]) -> None:
    """The main results, in boxes side by side."""
    width = (sheet.width - 3 * (len(figures) - 1)) / len(figures)
    height = _BOX if any(one.range for one in figures) else _LOW_BOX
    for place, one in enumerate(figures):
        x = place * (width + 3)
        sheet.frame(x, sheet.y, width, height, GREY if place == 0 else None)
        sheet.cells([Cell(one.label, x + 2, width - 4, size=_BODY)], at=sheet.y + 1.5)
        amount = Cell(_amount(one.amount), x + 2, width - 4, "left", True, 13, one_line=True)
        sheet.cells([amount], at=sheet.y + 5.5)
        if one.range:
            span = Cell(_span(one.range), x + 2, width - 4, size=_SMALL, one_line=True)
            sheet.cells([span], at=sheet.y + 12.5)
    sheet.gap(height + 3)


def _breakdown(sheet: Sheet, shares: Sequence[Share]) -> None:
    """One bar, its parts in shades and named by letters, for print without colour."""
    sheet.heading("Where the money goes")
    if not shares:
        sheet.row([Cell(f"A part of the cost is {UNKNOWN}: no shares.", 1, sheet.width - 2)], gap=3)
        return
    steps = max(len(shares) - 1, 1)
    greys = [_LIGHTEST - (_LIGHTEST - _DARKEST) * place / steps for place in range(len(shares))]
    whole = sum(share.percent for share in shares)
    x = 0.0
    for place, (share, grey) in enumerate(zip(shares, greys, strict=True)):
        width = sheet.width * float(share.percent / whole)
        sheet.frame(x, sheet.y + 3.5, width, _BAR, grey)
        letter = Cell(_letter(place), x, max(width, 3.0), "center", True, _SMALL)
        if width > 3.0:
            sheet.cells([letter])
        x += width
    sheet.gap(_BAR + 5)
    column = sheet.width / _PER_ROW
    for place, (share, grey) in enumerate(zip(shares, greys, strict=True)):
        x = (place % _PER_ROW) * column
        sheet.frame(x, sheet.y + 0.4, 4, 2.6, grey)
        text = f"{_letter(place)}: {share.label} {_amount(share.amount)} ({share.percent:f} %)"
        sheet.cells([Cell(text, x + 5.5, column - 7, size=_BODY, one_line=True)])
        if place % _PER_ROW == _PER_ROW - 1 or place == len(shares) - 1:
            sheet.gap(4.2)
    sheet.gap(2)


def _declared(sheet: Sheet, page: EstimatePage) -> None:
    sheet.heading("What is declared")
    known = [one for one in page.declared if one.amount is None or one.amount.amount]
    text = ", ".join(f"{one.label} {_amount(one.amount)}" for one in known)
    sheet.row([Cell(text, 1, sheet.width - 2, size=_BODY)], gap=1)
    end = sheet.width - _AMOUNT
    for item in page.goods:
        origin = f"made in {item.origin_country}"
        sheet.row(
            [
                Cell(f"{item.number}.", 1, 6, size=_BODY),
                Cell(item.description, 7, end - 79, size=_BODY),
                Cell(f"HS {item.hs_code}", end - 70, 28, size=_BODY, one_line=True),
                Cell(origin, end - 41, 18, size=_BODY, one_line=True),
                Cell(f"{item.pieces} pcs", end - 22, 21, "right", size=_BODY, one_line=True),
                Cell(_amount(item.value), end, _AMOUNT - 1, "right", size=_BODY, one_line=True),
            ]
        )
    sheet.gap(2)


_COLUMNS: Final[tuple[tuple[str, float, Align], ...]] = (
    ("Charge", 0.37, "left"),
    ("Base", 0.16, "right"),
    ("Rate", 0.09, "right"),
    ("Collected", 0.22, "left"),
    ("Amount", 0.16, "right"),
)


def _charges(sheet: Sheet, page: EstimatePage) -> None:
    if sheet.room < 30:
        sheet.next_page()
    _columns_head(sheet)
    for charge in page.charges:
        rows = _charge(sheet, charge)
        if sum(max(sheet.fitted(cell).height for cell in row) for row in rows) + 2 > sheet.room:
            sheet.next_page()
            _columns_head(sheet)
        for row in rows:
            sheet.y += sheet.cells(row)
        sheet.gap(0.8)
        sheet.rule()
        sheet.gap(0.8)
    if not page.charges:
        sheet.row([Cell("No duty, tax or fee applies.", 1, sheet.width - 2, size=_BODY)])
    start = sheet.width * 0.5
    for total in page.totals:
        span = f" ({_span(total.range)})" if total.range else ""
        wide = sheet.width - start - _AMOUNT
        end, strong = start + wide, total.strong
        label = Cell(f"{total.label}{span}", start, wide, bold=strong, size=_BODY)
        text = _amount(total.amount)
        sheet.row([label, Cell(text, end, _AMOUNT - 1, "right", strong, _BODY, one_line=True)])
    sheet.gap(2)


def _columns_head(sheet: Sheet) -> None:
    sheet.frame(0, sheet.y, sheet.width, 5.0, GREY)
    sheet.cells(_cells(sheet, [name for name, _, _ in _COLUMNS], bold=True), at=sheet.y + 0.8)
    sheet.gap(5.8)


def _cells(sheet: Sheet, texts: Sequence[str], *, bold: bool = False) -> list[Cell]:
    cells, x = [], 0.0
    for text, (name, part, align) in zip(texts, _COLUMNS, strict=True):
        width = sheet.width * part
        broken = name in {"Charge", "Collected"}
        inset = 4 if name == "Collected" else 1
        cells.append(Cell(text, x + inset, width - inset - 1, align, bold, _BODY, not broken))
        x += width
    return cells


def _charge(sheet: Sheet, charge: ChargeText) -> list[list[Cell]]:
    """The rows of one charge: the figures, below them how, why and by which law."""
    texts = [charge.label, charge.base, charge.rate, charge.collected, _amount(charge.amount)]
    first = _cells(sheet, texts)
    first[0] = first[0]._replace(bold=True)
    below = [charge.why, charge.computed, charge.law]
    if charge.range:
        below.insert(0, f"Expected value; it lies {_span(charge.range)}")
    rows = [first, *([Cell(text, 1, sheet.width - 2, size=_SMALL)] for text in below if text)]
    if charge.source:
        rows.append([Cell(charge.source, 1, sheet.width - 2, size=_SMALL, one_line=True)])
    return rows


def _limits(sheet: Sheet, page: EstimatePage) -> None:
    if not page.limits:
        return
    _section(sheet, "Limits tested")
    part = sheet.width / 10
    for limit in page.limits:
        sheet.row(
            [
                Cell(limit.name, 1, 1.9 * part - 2, size=_BODY),
                Cell(limit.limit, 1.9 * part, 4.3 * part - 2, size=_BODY),
                Cell(limit.tested, 6.2 * part, 2.8 * part - 2, size=_BODY),
                Cell(limit.verdict, 9 * part, part - 1, "right", True, _BODY, one_line=True),
            ],
            gap=0.4,
        )
    sheet.gap(2)


def _list(sheet: Sheet, title: str, texts: Sequence[str]) -> None:
    if not texts:
        return
    _section(sheet, title)
    for text in texts:
        bullet = Cell("-", 1, 3, size=_BODY)
        sheet.row([bullet, Cell(text, 4, sheet.width - 5, size=_BODY)], gap=0.4)
    sheet.gap(2)


def _section(sheet: Sheet, title: str) -> None:
    """A heading that is never the last line of a page."""
    if sheet.room < 14:
        sheet.next_page()
    sheet.heading(title)


def _amount(amount: Money | None) -> str:
    return UNKNOWN if amount is None else f"{grouped(amount)} {amount.currency.code}"


def _span(span: Range) -> str:
    return f"between {grouped(span.low)} and {grouped(span.high)} {span.high.currency.code}"


def _letter(place: int) -> str:
    return "ABCDEFGH"[place]
