"""What stands where on a printed form, read from the PDF by pypdf."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import Any

from pypdf import PageObject, PdfReader

from aliexpress_customs.export.pdf_fonts import MM, load_fonts
from aliexpress_customs.export.pdf_page import Box

FONTS = load_fonts()
ROUNDING = 0.05
"""Millimetres that a text may seem to leave its box by: the PDF has three decimals."""
RIGHT_TO_LEFT = {"R", "AL", "AN"}


@dataclass(frozen=True)
class Words:
    """A line of text on a page, in millimetres from the upper left corner."""

    text: str
    x: float
    baseline: float
    size: float
    bold: bool

    @cached_property
    def box(self) -> Box:
        high, low = 0.76 * self.size / MM, 0.22 * self.size / MM
        width = FONTS.width(self.text, self.size, bold=self.bold)
        return Box(self.x, self.baseline - high, width, high + low)


def pages(pdf: bytes) -> list[list[Words]]:
    return [_words(page) for page in PdfReader(io.BytesIO(pdf)).pages]


def _words(page: PageObject) -> list[Words]:
    found: list[Words] = []
    height = float(page.mediabox.height)

    def visit(text: str, _: Any, matrix: list[float], font: dict[str, Any] | None, size: float):  # type: ignore[no-untyped-def]
        if not (stripped := text.strip()):
            return
        x, y = matrix[4] / MM, (height - matrix[5]) / MM
        bold = "Bold" in (font or {}).get("/BaseFont", "")
        if found and (found[-1].x, found[-1].baseline) == (x, y):  # pypdf splits mixed directions
            stripped = found.pop().text + stripped
        found.append(Words(stripped, x, y, size, bold))

    page.extract_text(visitor_text=visit)
    return found


def bars(pdf: bytes, area: Box) -> int:
    """How many filled rectangles as high as a barcode a place holds."""
    page = PdfReader(io.BytesIO(pdf)).pages[0]
    content = page.get_contents()
    assert content is not None
    height = float(page.mediabox.height)
    count, left, up = 0, 0.0, 0.0
    for operands, operator in content.operations:
        if operator == b"cm":
            left, up = left + float(operands[4]), up + float(operands[5])
        elif operator == b"Q":
            left, up = 0.0, 0.0
        elif operator == b"re":
            x, y, width, tall = map(float, operands)
            top = height - (y + up) - tall
            place = Box((x + left) / MM, top / MM, width / MM, tall / MM)
            count += place.width < 4 and place.height > 10 and holds(area, place)
    return count


def holds(outer: Box, inner: Box) -> bool:
    return (
        inner.x >= outer.x - ROUNDING
        and inner.y >= outer.y - ROUNDING
        and inner.right <= outer.right + ROUNDING
        and inner.bottom <= outer.bottom + ROUNDING
    )


def overlaps(words: Iterable[Words]) -> list[tuple[str, str]]:
    """Texts printed over each other."""
    boxes = [(item.text, item.box) for item in words]
    return [
        (one, other)
        for (one, a), (other, b) in combinations(boxes, 2)
        if min(a.right, b.right) - max(a.x, b.x) > ROUNDING
        and min(a.bottom, b.bottom) - max(a.y, b.y) > ROUNDING
    ]


def text_in(words: Iterable[Words], area: Box, *labels: str) -> str:
    """What is filled in a box, without blanks and labels."""
    lines = [item for item in words if holds(area, item.box)]
    lines.sort(key=lambda item: (item.baseline, item.x))
    return letters("".join(item.text for item in lines if item.text not in labels))


def letters(text: str) -> str:
    """A text to compare: no blanks; if any of it runs right to left, in one fixed order.

    What runs right to left may mirror its brackets.
    """
    plain = "".join(unicodedata.normalize("NFKC", text).split())
    if any(unicodedata.bidirectional(sign) in RIGHT_TO_LEFT for sign in plain):
        return "".join(sorted(sign for sign in plain if not unicodedata.mirrored(sign)))
    return plain
