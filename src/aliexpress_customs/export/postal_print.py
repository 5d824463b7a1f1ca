"""What the printed CN 22 and CN 23 share: bilingual labels, boxes with a number, ticks, words.

A text that its box cannot hold ends in an ellipsis, and a note says which box it was; a number is
never cut: the form is refused.

Sources of the labels: HMRC and Royal Mail, bilingual form CN 23 (2012); OECD, reprint of the
CN 23 (2018); India Post, form CN 22. A French label marked `memory` has no such source: it is what
the forms are remembered to say.
"""

from __future__ import annotations

import unicodedata
from decimal import Decimal
from pathlib import Path
from typing import Final, NamedTuple

from aliexpress_customs.errors import ExportError
from aliexpress_customs.export.amounts import printed
from aliexpress_customs.export.pdf_fonts import MM, load_fonts
from aliexpress_customs.export.pdf_page import Anchor, Box, Paper
from aliexpress_customs.export.pdf_text import LEADING, Fitted, fit
from aliexpress_customs.export.postal_form import Category, FormItem
from aliexpress_customs.model import Finding
from aliexpress_customs.money import Money

LABEL_SIZE: Final = 5.25
"""Points."""
TEXT_SIZE: Final = 8.0
"""Points; text shrinks from here before it is cut."""
MARGIN: Final = 0.8
"""Between the edge of a box and its text, in millimetres."""

_SMALLEST_LABEL: Final = 4.75
_TICK: Final = 2.6


class Label(NamedTuple):
    """The words of a box."""

    english: str
    french: str = ""
    memory: bool = False
    """The French has no source."""


class Field(NamedTuple):
    """A box of the form, with its label in the upper left corner."""

    box: Box
    label: Label


class Line(NamedTuple):
    """A box with its label to the left, as the lines of sender and recipient have it."""

    name: str
    """What is filled in."""
    box: Box
    label: Label
    label_width: float = 20.5
    """Room for the label."""


class Printed(NamedTuple):
    """A form on paper."""

    content: bytes
    """The PDF."""
    notes: tuple[Finding, ...]
    """What does not stand on it as it was given."""


TITLE: Final = Label("CUSTOMS DECLARATION", "DÉCLARATION EN DOUANE")
OPENED: Final = Label("May be opened officially", "Peut être ouvert d'office")
CATEGORIES: Final[dict[Category, Label]] = {
    "Gift": Label("Gift", "Cadeau"),
    "Documents": Label("Documents", "Documents"),
    "Sale of goods": Label("Sale of goods", "Vente de marchandises", memory=True),
    "Commercial sample": Label("Commercial sample", "Échantillon commercial"),
    "Returned goods": Label("Returned goods", "Retour de marchandise"),
    "Other": Label("Other", "Autre"),
}
STATEMENT: Final = (
    "I certify that the particulars given in this customs declaration are correct and that this "
    "item does not contain any dangerous article or articles prohibited by legislation or by "
    "postal or customs regulations."
)


class FormPaper(Paper):
    """A paper whose boxes are those of a customs form."""

    def __init__(self, title: str, size: tuple[float, float], font: str | Path) -> None:
        """Open the form.

        Args:
            title: title of the file.
            size: width and height in millimetres.
            font: the caller's font, for scripts that the shipped ones lack; or empty.
        """
        super().__init__(title, size, load_fonts(font))
        self.notes: list[Finding] = []

    def label(self, box: Box, label: Label) -> float:
        """Print a label at the top of a box: English in bold, then French; returns its height."""
        start = self.fonts.width(f"{label.english}  ", LABEL_SIZE, bold=True)
        used = self._label(box, label.english, bold=True)
        if start + self.fonts.width(label.french, LABEL_SIZE) <= box.width:
            beside = Box(box.x + start, box.y, box.width - start, box.height)
            self.text(beside, label.french, LABEL_SIZE)
            return used
        below = Box(box.x, box.y + used, box.width, box.height - used)
        return used + self._label(below, label.french)

    def field(
        self,
        field: Field,
        text: str = "",
        *,
        path: str = "",
        size: float = TEXT_SIZE,
        number: bool = False,
        anchor: Anchor = "middle",
    ) -> None:
        """Draw a box with its label and what is filled in.

        Args:
            field: the box.
            text: what is filled in.
            path: what it is, for a note.
            size: of the type, in points, to begin with.
            number: whether it must not be cut.
            anchor: where the text stands.
        """
        self.frame(field.box)
        inner = field.box.inside(MARGIN, MARGIN / 2)
        used = self.label(inner, field.label)
        room = Box(inner.x, inner.y + used, inner.width, inner.height - used)
        self.fill(room, text, path=path, size=size, number=number, anchor=anchor)

    def fill(
        self,
        box: Box,
        text: str,
        *,
        path: str,
        size: float = TEXT_SIZE,
        number: bool = False,
        anchor: Anchor = "middle",
    ) -> None:
        """Print a text in a box; as `field`."""
        self.lines(box, self.fitted(box, text, path=path, size=size, number=number), anchor=anchor)

    def fitted(
        self,
        box: Box,
        text: str,
        *,
        path: str,
        size: float = TEXT_SIZE,
        number: bool = False,
        bold: bool = False,
    ) -> Fitted:
        """A text as it fits a box, noted if it is not as it was; a number is refused instead."""
        made = fit(
            self.fonts,
            text,
            width=box.width,
            height=0 if number else box.height,
            size=min(size, box.height * MM / LEADING),
            bold=bold,
        )
        if made.cut and number:
            raise ExportError(
                "A number is longer than its box.",
                code="number_too_long",
                path=path,
                action="Round it, or use cn23-xml.",
            )
        if made.cut:
            self._note(
                "shortened", "The text is longer than its box: it ends in an ellipsis.", path
            )
        if self.fonts.printable(text) != unicodedata.normalize("NFC", " ".join(text.split())):
            self._note("rewritten", "Signs that no font has are rewritten or left out.", path)
        return made

    def line_field(self, line: Line, text: str, *, path: str) -> None:
        """Draw a box with its label to the left and what is filled in."""
        self.frame(line.box, line=0.1)
        inner = line.box.inside(MARGIN, 0.3)
        self.text(inner, " / ".join(line.label[:2]), LABEL_SIZE)
        room = Box(
            inner.x + line.label_width,
            inner.y,
            inner.width - line.label_width,
            line.box.height - 0.6,
        )
        self.fill(room, text, path=path)

    def require_words(self, item: FormItem) -> None:
        """Refuse a goods item of whose description nothing would be printed."""
        if not self.fonts.printable(item.box_1_description):
            raise ExportError(
                "No sign of a description can be printed.",
                code="no_description",
                path=f"goods item {item.number}",
                action="Describe the goods in words, or pass a font.",
            )

    def tick(self, box: Box, label: Label, ticked: bool) -> None:
        """Draw a square to tick, its label to the right."""
        square = Box(box.x, box.y + (box.height - _TICK) / 2, _TICK, _TICK)
        self.frame(square)
        if ticked:
            self.text(square, "X", 7, bold=True, align="center", anchor="middle")
        beside = Box(box.x + _TICK + 1, box.y, box.width - _TICK - 2, box.height)
        line = LABEL_SIZE * LEADING / MM
        top = box.y + (box.height - 2 * line) / 2
        self._label(Box(beside.x, top, beside.width, line), label.english, bold=True)
        self._label(Box(beside.x, top + line, beside.width, line), label.french)

    def printed_form(self) -> Printed:
        """End the form."""
        return Printed(self.content(), tuple(self.notes))

    def _label(self, box: Box, words: str, *, bold: bool = False) -> float:
        """On one line if a little smaller type does it."""
        line = fit(
            self.fonts,
            words,
            width=box.width,
            height=0,
            size=LABEL_SIZE,
            smallest=_SMALLEST_LABEL,
            bold=bold,
        )
        if line.cut:
            return self.text(box, words, LABEL_SIZE, bold=bold).height
        self.lines(box, line, bold=bold)
        return line.height

    def _note(self, code: str, message: str, path: str) -> None:
        note = Finding(code=code, message=message, path=path)
        if note not in self.notes:
            self.notes.append(note)


def amount_text(amount: Money | None) -> str:
    """An amount with its currency; empty if unknown.

    >>> from aliexpress_customs.money import money
    >>> amount_text(money("12", "USD")), amount_text(money("1200", "JPY"))
    ('USD 12.00', 'JPY 1200')
    """
    return "" if amount is None else f"{amount.currency.code} {printed(amount)}"


def weight_text(weight: Decimal | None) -> str:
    """A weight in kg, without the unit; empty if unknown."""
    return "" if weight is None else f"{weight:f}"


def country_text(code: str) -> str:
    """A country by name and code.

    >>> country_text("CN")
    'China (CN)'
    """
    import pycountry  # noqa: PLC0415 (reads its tables when imported)

    country = pycountry.countries.get(alpha_2=code)
    if country is None:
        return code
    return f"{getattr(country, 'common_name', country.name)} ({code})"
