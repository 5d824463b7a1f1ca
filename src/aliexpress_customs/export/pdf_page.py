"""A paper to draw on: boxes, lines, text and barcodes in millimetres from the upper left corner.

The file says nothing about when, where or by whom it was made: the same content gives the same
bytes. Text of any script prints, see `pdf_fonts`.
"""

from __future__ import annotations

import io
from typing import Final, Literal, NamedTuple

from aliexpress_customs.export.pdf_fonts import MM, Fonts
from aliexpress_customs.export.pdf_text import LEADING, SMALLEST, Fitted, fit

Align = Literal["left", "center", "right"]
Anchor = Literal["top", "middle", "bottom"]

A4: Final = (210.0, 297.0)
A5_LANDSCAPE: Final = (210.0, 148.0)

_ASCENT: Final = 0.76
"""Height of a capital above its baseline, as a multiple of the type size (DejaVu: 0.73)."""


class Box(NamedTuple):
    """A rectangle, in millimetres from the upper left corner of the paper."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Its right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return self.y + self.height

    def inside(self, margin: float, top: float | None = None) -> Box:
        """What remains within a margin, with another one above if `top` is given."""
        above = margin if top is None else top
        return Box(
            self.x + margin,
            self.y + above,
            self.width - 2 * margin,
            self.height - above - margin,
        )


class Paper:
    """A PDF in the making; the first page is open."""

    def __init__(self, title: str, size: tuple[float, float], fonts: Fonts) -> None:
        """Open a paper.

        Args:
            title: title of the file; no personal data belongs there.
            size: width and height of the pages, in millimetres.
            fonts: as `pdf_fonts.load_fonts` gives them.
        """
        from reportlab.pdfgen.canvas import Canvas  # noqa: PLC0415

        self.fonts = fonts
        self.width, self.height = size
        self._file = io.BytesIO()
        self._canvas = Canvas(
            self._file, pagesize=(self.width * MM, self.height * MM), invariant=1, lang="en"
        )
        self._canvas.setTitle(title)
        self._canvas.setAuthor("")
        self._canvas.setSubject("")
        self._canvas.setCreator("aliexpress-customs")
        self._canvas.setProducer("aliexpress-customs")

    def frame(self, box: Box, *, line: float = 0.2, fill: float | None = None) -> None:
        """Draw the edges of a box, `line` millimetres thick (0: none), on a grey (1 is white)."""
        if fill is not None:
            self._canvas.setFillGray(fill)
        self._canvas.setLineWidth(line * MM)
        self._canvas.rect(
            box.x * MM,
            self._up(box.bottom),
            box.width * MM,
            box.height * MM,
            stroke=int(line > 0),
            fill=int(fill is not None),
        )
        self._canvas.setFillGray(0)

    def line(self, x1: float, y1: float, x2: float, y2: float, *, line: float = 0.2) -> None:
        """Draw a line, `line` millimetres thick."""
        self._canvas.setLineWidth(line * MM)
        self._canvas.line(x1 * MM, self._up(y1), x2 * MM, self._up(y2))

    def text(
        self,
        box: Box,
        text: str,
        size: float,
        *,
        smallest: float = SMALLEST,
        bold: bool = False,
        align: Align = "left",
        anchor: Anchor = "top",
    ) -> Fitted:
        """Print a text within a box, as `pdf_text.fit` breaks and shrinks it; tells what fitted."""
        fitted = fit(
            self.fonts,
            text,
            width=box.width,
            height=box.height,
            size=size,
            smallest=smallest,
            bold=bold,
        )
        self.lines(box, fitted, bold=bold, align=align, anchor=anchor)
        return fitted

    def lines(
        self,
        box: Box,
        fitted: Fitted,
        *,
        bold: bool = False,
        align: Align = "left",
        anchor: Anchor = "top",
    ) -> None:
        """Print lines that were fitted before."""
        spare = {"top": 0.0, "middle": 0.5, "bottom": 1.0}[anchor] * (box.height - fitted.height)
        baseline = box.y + max(0.0, spare) + fitted.size * (LEADING + _ASCENT) / 2 / MM
        for line in fitted.lines:
            room = box.width - self.fonts.width(line, fitted.size, bold=bold)
            start = box.x + {"left": 0.0, "center": room / 2, "right": room}[align]
            self._line_of_text(start, baseline, line, fitted, bold)
            baseline += fitted.size * LEADING / MM

    def code_128(self, box: Box, text: str) -> None:
        """Draw a Code 128 barcode that fills a box, quiet zones included."""
        from reportlab.graphics.barcode.code128 import Code128  # noqa: PLC0415

        thin = 1.0
        modules = Code128(text, barWidth=thin, quiet=1, lquiet=10 * thin, rquiet=10 * thin).width
        module = box.width * MM / modules
        code = Code128(
            text,
            barWidth=module,
            barHeight=box.height * MM,
            quiet=1,
            lquiet=10 * module,
            rquiet=10 * module,
        )
        code.drawOn(self._canvas, box.x * MM, self._up(box.bottom))

    def next_page(self) -> None:
        """End the page and open another."""
        self._canvas.showPage()

    def content(self) -> bytes:
        """End the last page and the file. The paper cannot be drawn on any more."""
        self._canvas.save()
        return self._file.getvalue()

    def _line_of_text(self, x: float, y: float, line: str, fitted: Fitted, bold: bool) -> None:
        from reportlab.pdfbase.pdfmetrics import stringWidth  # noqa: PLC0415

        start = x * MM
        for name, part in self.fonts.runs(line, bold=bold, right_to_left=fitted.right_to_left):
            self._canvas.setFont(name, fitted.size)
            self._canvas.drawString(start, self._up(y), part)
            start += stringWidth(part, name, fitted.size)

    def _up(self, y: float) -> float:
        """Points from the lower edge, which PDF counts from."""
        return (self.height - y) * MM
