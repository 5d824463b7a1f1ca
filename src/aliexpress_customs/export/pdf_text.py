"""Text that fits its box: broken into lines, in smaller type if need be, cut only at the very last.

>>> from aliexpress_customs.export.pdf_fonts import load_fonts
>>> fit(load_fonts(), "Men's cotton shirts", width=20, height=10, size=8).lines
("Men's cotton", 'shirts')
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from aliexpress_customs.export.pdf_bidi import is_right_to_left
from aliexpress_customs.export.pdf_fonts import MM, Fonts

LEADING: Final = 1.18
"""Distance of two lines, as a multiple of the type size: marks above and below do not touch."""
SMALLEST: Final = 5.0
"""Smallest type, in points, that text shrinks to unless told otherwise."""
ELLIPSIS: Final = "…"

_STEP: Final = 0.25
_ROUNDING: Final = 1e-6


@dataclass(frozen=True)
class Fitted:
    """Lines that fit their box."""

    lines: tuple[str, ...]
    """In reading order."""
    size: float
    """Type size in points."""
    cut: bool = False
    """The text was too long and ends in an ellipsis: whoever prints it has to say so."""
    right_to_left: bool = False

    @property
    def height(self) -> float:
        """Millimetres that the lines take."""
        return len(self.lines) * self.size * LEADING / MM


def fit(
    fonts: Fonts,
    text: str,
    *,
    width: float,
    height: float,
    size: float,
    smallest: float = SMALLEST,
    bold: bool = False,
) -> Fitted:
    """Break a text into lines, in ever smaller type until it fits; else cut it and say so.

    Args:
        fonts: as `pdf_fonts.load_fonts` gives them.
        text: any text; `Fonts.printable` is applied.
        width: of the box, in millimetres.
        height: of the box, in millimetres; a box too low for a line is taken to hold one.
        size: type size to begin with, in points.
        smallest: type size to end with, in points.
        bold: whether it is printed in bold.
    """
    words = fonts.printable(text)
    backwards = is_right_to_left(words)
    while True:
        lines = tuple(_wrapped(fonts, words, width, size, bold))
        most = max(1, int(height * MM / (size * LEADING) + _ROUNDING))
        if len(lines) <= most:
            return Fitted(lines, size, right_to_left=backwards)
        if size - _STEP < smallest:
            break
        size -= _STEP
    last = lines[most - 1]
    while last and fonts.width(last + ELLIPSIS, size, bold=bold) > width:
        last = last[:-1].rstrip()
    kept = (*lines[: most - 1], last + ELLIPSIS)
    return Fitted(kept, size, cut=True, right_to_left=backwards)


def _wrapped(fonts: Fonts, text: str, width: float, size: float, bold: bool) -> Iterator[str]:
    """Lines broken at blanks; a word wider than a line is broken where it must be."""
    line = ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if fonts.width(longer, size, bold=bold) <= width:
            line = longer
            continue
        if line:
            yield line
        line = word
        while len(line) > 1 and fonts.width(line, size, bold=bold) > width:
            end = _fitting(fonts, line, width, size, bold)
            yield line[:end]
            line = line[end:]
    if line:
        yield line


def _fitting(fonts: Fonts, word: str, width: float, size: float, bold: bool) -> int:
    """How many signs of a word fit: at least one, and no mark without its letter."""
    end = len(word) - 1
    while end > 1 and (
        unicodedata.combining(word[end]) or fonts.width(word[:end], size, bold=bold) > width
    ):
        end -= 1
    return end
