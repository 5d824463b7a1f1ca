"""`cn22-pdf`: a printed CN 22, the label for small packets up to 2 kg and 300 SDR.

74 x 105 mm. Above either limit, or with more goods than the label has room for, it is refused: a
CN 23 will do (`cn23-pdf`). The value is compared only if the rate of the SDR is given. Date and
signature (8) are the sender's and stay empty.

Boxes and English labels: India Post, form CN 22; the arrangement and its measures are ours. French
labels: `export.postal_print`.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Final, NamedTuple

from aliexpress_customs.declaration.model import Declaration
from aliexpress_customs.errors import ExportError
from aliexpress_customs.export.pdf_page import Align, Box
from aliexpress_customs.export.pdf_text import Fitted
from aliexpress_customs.export.postal_form import (
    CN22_LIMIT_KG,
    CN22_LIMIT_SDR,
    FormItem,
    PostalForm,
    fill_form,
    too_heavy_for_cn22,
)
from aliexpress_customs.export.postal_print import (
    CATEGORIES,
    MARGIN,
    OPENED,
    STATEMENT,
    TITLE,
    Field,
    FormPaper,
    Label,
    Line,
    Printed,
    amount_text,
    weight_text,
)

NAME: Final = "cn22-pdf"
SUMMARY: Final = "The customs label CN 22 on paper (PDF, 74 x 105 mm), up to 300 SDR and 2 kg."
MEDIA_TYPE: Final = "application/pdf"
ACCEPTS: Final = Declaration

SIZE: Final = (74.0, 105.0)
"""Of the label, in millimetres."""

_LEFT: Final = 2.0
_WIDE: Final = 70.0
_RIGHT: Final = _LEFT + _WIDE


class _Column(NamedTuple):
    name: str
    x: float
    width: float
    label: Label
    align: Align = "right"
    number: bool = True


TITLE_BAR: Final = Box(_LEFT, 2, _WIDE, 9.5)
CATEGORY: Final = Box(_LEFT, 11.5, _WIDE, 14)
TICKS_A_ROW: Final = 3
EXPLANATION: Final = Line(
    "explanation", Box(_LEFT, 25.5, _WIDE, 4.3), Label("Explanation", "Explication"), 21.5
)
HEADER: Final = Box(_LEFT, 29.8, _WIDE, 10.2)
ROWS: Final = Box(_LEFT, 40, _WIDE, 31.5)
COLUMNS: Final = (
    _Column(
        "box_1_description",
        _LEFT,
        26,
        Label(
            "Quantity and detailed description of contents (1)",
            "Quantité et description détaillée du contenu",
            memory=True,
        ),
        "left",
        number=False,
    ),
    _Column("box_3_net_weight_kg", 28, 9.5, Label("Weight (in kg) (2)", "Poids")),
    _Column("box_5_value", 37.5, 16, Label("Value (3)", "Valeur")),
    _Column(
        "box_7_hs_code",
        53.5,
        11.7,
        Label("HS tariff No. (4)*", "N° tarifaire SH"),
        "left",
        number=False,
    ),
    _Column(
        "box_8_origin_country",
        65.2,
        6.8,
        Label("Origin (5)*", "Origine", memory=True),
        "left",
        number=False,
    ),
)
TOTAL_WEIGHT: Final = Field(
    Box(_LEFT, 71.5, 38, 7), Label("Total weight (in kg) (6)", "Poids total", memory=True)
)
TOTAL_VALUE: Final = Field(Box(40, 71.5, 32, 7), Label("Total value (7)", "Valeur totale"))
STATEMENT_BOX: Final = Box(_LEFT, 78.5, _WIDE, 13.5)
COMMERCIAL: Final = "* If known, for commercial items only: HS tariff number, country of origin."
SIGNATURE: Final = Field(
    Box(_LEFT, 92, _WIDE, 11),
    Label("Date and sender's signature (8)", "Date et signature de l'expéditeur", memory=True),
)

_GOODS_SIZES: Final = (6.75, 6.25, 5.75)
"""Points; tried in turn."""


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
    """The PDF of a CN 22; options as in `export.postal_form.fill_form`, and a font.

    Args:
        declaration: the consignment.
        sdr_rate: units of the declaration's currency for 1 special drawing right; without it the
            value is not compared with the limit.
        explanation: what the contents are if their category is `other`.
        comments: taken only empty: a CN 22 has no room for them.
        licence_numbers: as `comments`.
        certificate_numbers: as `comments`.
        font: path of a TrueType font for scripts that the shipped ones lack, such as Chinese;
            without it they are transliterated.

    Raises:
        ExportError: as `fill_form`; the consignment needs a CN 23 (`needs_cn23`); reportlab is not
            installed, the font is unusable, a number is longer than its box, or a description has
            no letter that can be printed.
    """
    _refuse_heavy(declaration)
    form = fill_form(declaration, sdr_rate=sdr_rate, explanation=explanation)
    if sdr_rate is not None and form.form != "CN22":
        raise _needs_cn23(f"The value is above {CN22_LIMIT_SDR} SDR.", "box_6_total_value")
    if comments or licence_numbers or certificate_numbers:
        raise _needs_cn23("A CN 22 has no box for comments, licences or certificates.", "")
    return print_form(form, font).content


def print_form(form: PostalForm, font: str | Path = "") -> Printed:
    """Print a filled-in form, and learn what was rewritten on it; limits are not tested.

    Raises:
        ExportError: as `write`.
    """
    paper = FormPaper("CN 22 customs declaration", SIZE, font)
    _title(paper)
    _category(paper, form)
    _header(paper)
    _goods(paper, form)
    weight = weight_text(form.box_4_total_gross_weight_kg)
    paper.field(TOTAL_WEIGHT, weight, path="box 6", number=True)
    paper.field(TOTAL_VALUE, amount_text(form.box_6_total_value), path="box 7", number=True)
    paper.frame(STATEMENT_BOX)
    used = paper.text(STATEMENT_BOX.inside(MARGIN), COMMERCIAL, 5).height
    paper.text(STATEMENT_BOX.inside(MARGIN, MARGIN + used), STATEMENT, 6.5, anchor="middle")
    paper.field(SIGNATURE)
    return paper.printed_form()


def _refuse_heavy(declaration: Declaration) -> None:
    if too_heavy_for_cn22(declaration):
        raise _needs_cn23(f"The parcel weighs more than {CN22_LIMIT_KG} kg.", "gross_weight_kg")


def _needs_cn23(reason: str, path: str) -> ExportError:
    return ExportError(
        f"{reason} A CN 22 will not do.",
        code="needs_cn23",
        path=path,
        action="Print a CN 23: cn23-pdf.",
    )


def _title(paper: FormPaper) -> None:
    paper.frame(TITLE_BAR, fill=0.92)
    left = Box(TITLE_BAR.x + MARGIN, TITLE_BAR.y + 0.4, 53, 9)
    paper.text(left, TITLE.english, 8.5, bold=True)
    paper.text(Box(left.x, left.y + 3.4, left.width, 2.6), TITLE.french, 5.5)
    opened = " / ".join(OPENED[:2])
    paper.text(Box(left.x, left.y + 5.8, left.width, 3), opened, 5.5, bold=True)
    paper.text(TITLE_BAR.inside(MARGIN), "CN 22", 13, bold=True, align="right", anchor="middle")


def _category(paper: FormPaper, form: PostalForm) -> None:
    paper.frame(CATEGORY)
    area = CATEGORY.inside(MARGIN, 0.6)
    rows = len(CATEGORIES) / TICKS_A_ROW
    width, height = area.width / TICKS_A_ROW, area.height / rows
    for index, (category, label) in enumerate(CATEGORIES.items()):
        row, column = divmod(index, TICKS_A_ROW)
        place = Box(area.x + column * width, area.y + row * height, width, height)
        paper.tick(place, label, category == form.box_10_category)
    paper.line_field(EXPLANATION, form.box_10_explanation, path="explanation")


def _header(paper: FormPaper) -> None:
    paper.frame(HEADER, fill=0.92)
    for column in COLUMNS:
        place = Box(column.x, HEADER.y, column.width, HEADER.height)
        paper.frame(place)
        paper.label(place.inside(MARGIN / 2, 0.3), column.label)


def _goods(paper: FormPaper, form: PostalForm) -> None:
    paper.frame(ROWS)
    for column in COLUMNS[1:]:
        paper.line(column.x, ROWS.y, column.x, ROWS.bottom)
    y = ROWS.y
    for cells in _rows(paper, form):
        height = _height(cells)
        for column, cell in zip(COLUMNS, cells, strict=True):
            inner = Box(column.x, y, column.width, height).inside(MARGIN / 2)
            paper.lines(inner, cell, align=column.align)
        y += height
        paper.line(ROWS.x, y, ROWS.right, y, line=0.1)


def _rows(paper: FormPaper, form: PostalForm) -> list[list[Fitted]]:
    """The goods in the largest type in which all of them fit."""
    for item in form.items:
        paper.require_words(item)
    for size in _GOODS_SIZES:
        rows = [[_cell(paper, column, item, size) for column in COLUMNS] for item in form.items]
        if sum(map(_height, rows)) <= ROWS.height:
            return rows
    raise _needs_cn23("The label has no room for all goods.", "items")


def _height(cells: list[Fitted]) -> float:
    return max(cell.height for cell in cells) + MARGIN


def _cell(paper: FormPaper, column: _Column, item: FormItem, size: float) -> Fitted:
    texts = {
        "box_1_description": f"{item.box_2_quantity} x {item.box_1_description}",
        "box_3_net_weight_kg": weight_text(item.box_3_net_weight_kg),
        "box_5_value": amount_text(item.box_5_value),
        "box_7_hs_code": item.box_7_hs_code,
        "box_8_origin_country": item.box_8_origin_country,
    }
    return paper.fitted(
        Box(column.x, 0, column.width - MARGIN, ROWS.height),
        texts[column.name],
        path=f"goods item {item.number}: {column.name}",
        size=size,
        number=column.number,
    )
