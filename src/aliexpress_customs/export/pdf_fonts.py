r"""Fonts for text of any script on paper, and what is printed of what they lack.

The shipped fonts (`data/fonts`) have Latin, Greek, Cyrillic, Armenian, Georgian, Hebrew and Arabic;
the last two run right to left, Arabic letters joined. Any other script is transliterated to Latin
letters, or printed as it is if the caller brings a font that has it. Emoji and other pictures are
left out.

>>> fonts = load_fonts()
>>> print(fonts.printable("Чехол 👗 für iPhone\t鼠标"))
Чехол für iPhone ShuBiao
"""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from aliexpress_customs.datafiles import data_folder
from aliexpress_customs.errors import ExportError
from aliexpress_customs.export.pdf_bidi import is_right_to_left, visual

if TYPE_CHECKING:
    from reportlab.pdfbase.ttfonts import TTFont

MM: Final = 72 / 25.4
"""Points in a millimetre; type sizes are in points, all other lengths in millimetres."""

_REGULAR: Final = "DejaVuSansCondensed.ttf"
_BOLD: Final = "DejaVuSansCondensed-Bold.ttf"
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs"})
_PICTURES: Final = frozenset({"So", "Sk", "Cn", "Co"})
_CHANGING: Final = ((0x0900, 0x0DFF), (0x0F00, 0x109F), (0x1780, 0x17FF))
"""Scripts of India, Tibet, Burma and Cambodia: their letters change by their neighbours, which
needs more than a font, so they are always transliterated."""


@dataclass(frozen=True)
class Fonts:
    """Loaded fonts, by the names that reportlab knows them by."""

    regular: str
    bold: str
    spare: str = ""
    """The caller's own font, for what the others lack; it has one weight."""
    _signs: dict[str, frozenset[str]] = field(default_factory=dict, repr=False, compare=False)

    def printable(self, text: str) -> str:
        """What will be printed of a text, in reading order: one line, no control characters."""
        return " ".join(" ".join(map(self._word, text.split())).split())

    def width(self, line: str, size: float, *, bold: bool = False) -> float:
        """Width of a printable line, in millimetres.

        Args:
            line: as `printable` gives it.
            size: of the type, in points.
            bold: whether it is printed in bold.
        """
        from reportlab.pdfbase.pdfmetrics import stringWidth  # noqa: PLC0415

        runs = self.runs(line, bold=bold)
        return sum(stringWidth(part, name, size) for name, part in runs) / MM

    def runs(
        self, line: str, *, bold: bool = False, right_to_left: bool = False
    ) -> list[tuple[str, str]]:
        """A printable line as it is drawn from left to right: pairs of font and signs."""
        order = (self.bold, self.regular) if bold else (self.regular, self.bold)
        fonts = [name for name in (*order, self.spare) if name]
        shaped = visual(line, right_to_left=right_to_left)
        if self._signs[fonts[0]].issuperset(shaped):
            return [(fonts[0], shaped)]

        def font_of(sign: str) -> str:
            return next((name for name in fonts if sign in self._signs[name]), "")

        drawn = "".join(sign if font_of(sign) else _plain(sign)[::-1] for sign in shaped)
        return [(name or fonts[0], "".join(run)) for name, run in groupby(drawn, font_of)]

    def _word(self, word: str) -> str:
        """A word without what no font has."""
        from anyascii import anyascii  # noqa: PLC0415

        seen = "".join(sign for sign in word if unicodedata.category(sign) not in _UNSEEN)
        signs = unicodedata.normalize("NFC", seen)
        backwards = is_right_to_left(signs)
        if backwards:  # vowel points: readers do without, and a font alone cannot place them
            signs = "".join(sign for sign in signs if not unicodedata.combining(sign))
        if all(map(self._has, signs)):
            return signs
        if backwards:  # half in Latin letters it could be read by nobody
            return anyascii("".join(sign for sign in signs if not _is_picture(sign)))
        shown, kept = [], True
        for sign in signs:
            if unicodedata.combining(sign) and not kept:
                continue  # a mark on a letter that is not there
            kept = self._has(sign)
            shown.append(sign if kept else self._replacement(sign))
        return "".join(shown)

    def _replacement(self, sign: str) -> str:
        """The plain form of a sign, or its sound in Latin letters."""
        from anyascii import anyascii  # noqa: PLC0415

        plain = _plain(sign)
        if all(map(self._has, plain)):
            return plain
        return "" if _is_picture(sign) else anyascii(sign)

    def _has(self, sign: str) -> bool:
        if sign in self._signs[self.regular]:
            return True
        if sign not in self._signs.get(self.spare, ()):
            return False
        return not any(first <= ord(sign) <= last for first, last in _CHANGING)


def load_fonts(font: str | Path = "") -> Fonts:
    """The shipped fonts and, where given, the caller's own for the scripts they lack.

    Args:
        font: path of a `.ttf` or `.ttc` file with TrueType outlines.

    Raises:
        ExportError: reportlab and its companions are not installed (`pdf_extra_missing`), or the
            caller's font is missing or of another kind (`bad_font`).
    """
    try:
        import anyascii  # noqa: F401, PLC0415
        import arabic_reshaper  # noqa: F401, PLC0415
        import bidi  # noqa: F401, PLC0415
        import reportlab.pdfbase.ttfonts  # noqa: F401, PLC0415
    except ImportError as error:
        raise ExportError(
            f"Writing a PDF needs {(error.name or 'more').partition('.')[0]}, "
            "which is not installed.",
            code="pdf_extra_missing",
            action='Install it: pip install "aliexpress-customs[pdf]"',
        ) from error
    folder = data_folder() / "fonts"
    regular, bold = _register(folder / _REGULAR), _register(folder / _BOLD)
    spare = _callers_font(Path(font)) if font else ""
    signs = {name: _signs(name) for name in (regular, bold, spare) if name}
    return Fonts(regular=regular, bold=bold, spare=spare, _signs=signs)


def _plain(sign: str) -> str:
    return unicodedata.normalize("NFKC", sign)


def _is_picture(sign: str) -> bool:
    return unicodedata.category(sign) in _PICTURES


def _callers_font(path: Path) -> str:
    try:
        return _register(path)
    except Exception as error:  # reportlab raises whatever a broken file leads to
        raise ExportError(
            "The font cannot be used.",
            code="bad_font",
            path=str(path),
            action="Pass the path of a .ttf or .ttc file with TrueType outlines, not CFF.",
        ) from error


@cache
def _register(path: Path) -> str:
    """Make a font known to reportlab, by a name that its content alone decides."""
    from reportlab.pdfbase import pdfmetrics  # noqa: PLC0415
    from reportlab.pdfbase.ttfonts import TTFont  # noqa: PLC0415

    name = f"font-{hashlib.sha256(path.read_bytes()).hexdigest()[:16]}"
    if name not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont(name, str(path)))
    return name


@cache
def _signs(name: str) -> frozenset[str]:
    from reportlab.pdfbase import pdfmetrics  # noqa: PLC0415

    font = cast("TTFont", pdfmetrics.getFont(name))
    return frozenset(map(chr, font.face.charToGlyph))
