"""Pages that fill from top to bottom: text, rows of cells, tables that go on overleaf.

For papers whose length depends on their content. Everything is measured before it is drawn, so that
each page can say how many there are.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from aliexpress_customs.errors import UsageError
from aliexpress_customs.export.pdf_fonts import Fonts, load_fonts
from aliexpress_customs.export.pdf_page import A4, Align, Box, Paper
from aliexpress_customs.export.pdf_text import ELLIPSIS, SMALLEST, Fitted, fit

SIZES: Final = {"a4": A4, "letter": (215.9, 279.4)}
MARGIN: Final = 15.0
"""Of every side, in millimetres: no printer clips it, and a file can be punched."""
GREY: Final = 0.9
"""Behind headings: a photocopy keeps it light."""
REWRITTEN: Final = (
    "Words in scripts that the fonts of this paper lack are written in Latin letters by sound; "
    "pictures are left out."
)
SHORTENED: Final = "A text that ends in an ellipsis was too long for this paper."

_FOOT: Final = 8.0
_HIGHEST_CELL: Final = 90.0
"""Of a cell in millimetres; a longer text is set smaller, and cut with an ellipsis at the last."""
_LONGEST: Final = 2_000
"""Characters of a cell: ten times the longest titles of the shop."""
_THIN, _THICK = 0.1, 0.3


class Cell(NamedTuple):
    """A text in a column."""

    text: str
    x: float
    """Of its left edge, in millimetres from the left margin."""
    width: float
    align: Align = "left"
    bold: bool = False
    size: float = 8.5
    one_line: bool = False
    """Set smaller rather than broken, as numbers should be."""


class Sheet:
    """A paper that grows by pages."""

    def __init__(self, title: str, paper: str, font: str | Path) -> None:
        """Open it.

        Args:
            title: title of the file; no personal data belongs there.
            paper: `a4` or `letter`.
            font: path of a TrueType font for scripts that the shipped fonts lack; may be empty.

        Raises:
            UsageError: another size of paper.
            ExportError: the packages for PDF are missing, or the font cannot be used.
        """
        if paper not in SIZES:
            raise UsageError(
                f"{str(paper)[:20]!r} is no paper size.",
                path="paper",
                action=f"Use one of: {', '.join(SIZES)}.",
            )
        self.fonts: Fonts = load_fonts(font)
        self.y = MARGIN
        self._title, self._size = title, SIZES[paper]
        self._pages: list[list[Callable[[Paper], object]]] = [[]]
        self._feet: list[str] = [""]
        self._fits: dict[Cell, Fitted] = {}
        self._remarks: dict[str, None] = {}

    @property
    def width(self) -> float:
        """Between the margins."""
        return self._size[0] - 2 * MARGIN

    @property
    def room(self) -> float:
        """Height that is left on the page."""
        return self._size[1] - MARGIN - _FOOT - self.y

    @property
    def remarks(self) -> tuple[str, ...]:
        """How what was printed so far differs from what was given."""
        return tuple(self._remarks)

    def next_page(self) -> None:
        """Go on at the top of another page."""
        self._pages.append([])
        self._feet.append(self._feet[-1])
        self.y = MARGIN

    def foot(self, text: str) -> None:
        """What stands at the foot of this page and the following ones."""
        self._feet[-1] = text

    def gap(self, height: float) -> None:
        """Leave some room."""
        self.y += height

    def rule(self, x: float = 0.0, width: float | None = None, *, thick: bool = False) -> None:
        """Draw a line across, or across a part."""
        start, y = MARGIN + x, self.y
        end = start + (self.width - x if width is None else width)
        self._draw(lambda paper: paper.line(start, y, end, y, line=_THICK if thick else _THIN))

    def frame(
        self, x: float, y: float, width: float, height: float, fill: float | None = None
    ) -> None:
        """Draw a box; `y` counts from the top of the page."""
        box = Box(MARGIN + x, y, width, height)
        self._draw(lambda paper: paper.frame(box, line=_THIN, fill=fill))

    def heading(self, text: str, x: float = 0.0, width: float | None = None) -> None:
        """A heading on grey."""
        across = self.width - x if width is None else width
        box = Box(MARGIN + x, self.y, across, 5.0)
        self._draw(lambda paper: paper.frame(box, line=0, fill=GREY))
        self.cells([Cell(text, x + 1, across - 2, bold=True, size=9)], at=self.y + 0.7)
        self.y += 6.0

    def cells(self, cells: Sequence[Cell], *, at: float | None = None) -> float:
        """Print cells side by side without moving on; tells how high they are."""
        top = self.y if at is None else at
        placed = [(cell, self.fitted(cell)) for cell in cells]
        for cell, fitted in placed:
            box = Box(MARGIN + cell.x, top, cell.width, fitted.height)
            self._draw(
                lambda paper, cell=cell, fitted=fitted, box=box: paper.lines(  # type: ignore[misc]
                    box, fitted, bold=cell.bold, align=cell.align
                )
            )
        return max((fitted.height for _, fitted in placed), default=0.0)

    def row(self, cells: Sequence[Cell], *, gap: float = 0.6) -> None:
        """Print cells side by side, on the next page if they do not fit, and move on."""
        height = max((self.fitted(cell).height for cell in cells), default=0.0)
        if height > self.room:
            self.next_page()
        self.y += self.cells(cells) + gap

    def fitted(self, cell: Cell) -> Fitted:
        """The lines of a cell."""
        if cell not in self._fits:
            text = cell.text
            kept = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}{ELLIPSIS}"
            found = self._fit(cell, kept, 0.0 if cell.one_line else _HIGHEST_CELL)
            if found.cut and cell.one_line:
                found = self._fit(cell, kept, _HIGHEST_CELL)
            self._fits[cell] = found
            self._remark(kept, cut=found.cut or kept is not text)
        return self._fits[cell]

    def content(self) -> bytes:
        """The finished PDF; each page says below how many there are."""
        paper = Paper(self._title, self._size, self.fonts)
        count = len(self._pages)
        for number, page in enumerate(self._pages, start=1):
            if number > 1:
                paper.next_page()
            for draw in page:
                draw(paper)
            y = self._size[1] - MARGIN - 3.0
            paper.line(MARGIN, y - 1.0, self._size[0] - MARGIN, y - 1.0, line=_THIN)
            foot = Box(MARGIN, y, self.width - 25.0, 3.0)
            paper.text(foot, self._feet[number - 1], 6.5)
            corner = Box(self._size[0] - MARGIN - 24.0, y, 24.0, 3.0)
            paper.text(corner, f"Page {number} of {count}", 6.5, align="right")
        return paper.content()

    def _fit(self, cell: Cell, text: str, height: float) -> Fitted:
        return fit(
            self.fonts,
            text,
            width=cell.width,
            height=height,
            size=cell.size,
            smallest=min(cell.size, SMALLEST),
            bold=cell.bold,
        )

    def _remark(self, text: str, *, cut: bool) -> None:
        plain = " ".join(unicodedata.normalize("NFC", text).split())
        if self.fonts.printable(text) != plain:
            self._remarks[REWRITTEN] = None
        if cut:
            self._remarks[SHORTENED] = None

    def _draw(self, action: Callable[[Paper], object]) -> None:
        self._pages[-1].append(action)
