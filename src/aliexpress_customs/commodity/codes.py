"""Commodity codes as text: one form inside, other forms for people and for files.

A code is 4 to 14 digits: heading (4), subheading of the Harmonized System (6), then what a country
adds. It is never a number: `0201` is a heading, 201 is not.
"""

from __future__ import annotations

import re
from typing import Final, Literal

from aliexpress_customs.errors import DeclarationError

CodeStyle = Literal["plain", "dotted", "spaced"]

HS_DIGITS: Final = 6
"""Digits that mean the same in every country (HS Convention, Article 3)."""

_SEPARATORS: Final = re.compile(r"[\s.\-\u2010-\u2015\u00b7]+")
_CODE: Final = re.compile(r"[0-9]{4,14}")
_LEVEL: Final = re.compile(r"[0-9]{2,14}")
_JOINTS: Final[dict[CodeStyle, str]] = {"plain": "", "dotted": ".", "spaced": " "}


def normalise_code(text: str) -> str:
    """A commodity code without dots, blanks and hyphens, leading zeros kept.

    Args:
        text: the code as people write it.

    Raises:
        DeclarationError: not text, or not 4 to 14 digits.

    >>> normalise_code("6109.10 00-10")
    '6109100010'
    """
    code = _SEPARATORS.sub("", text) if isinstance(text, str) else ""
    if not _CODE.fullmatch(code):
        raise DeclarationError(
            "A commodity code is not 4 to 14 digits of text.",
            code="bad_hs_code",
            path="hs_code",
            action='Write it as text with its leading zeros, such as "0201.10".',
        )
    return code


def normalise_level(text: str) -> str:
    """As `normalise_code`, but a chapter, which has two digits, is one too.

    Args:
        text: a chapter, heading, subheading or longer code as people write it.

    Raises:
        DeclarationError: not text, or not 2 to 14 digits.

    >>> normalise_level("61")
    '61'
    """
    code = _SEPARATORS.sub("", text) if isinstance(text, str) else ""
    if not _LEVEL.fullmatch(code):
        raise DeclarationError(
            "A chapter, heading or commodity code is not 2 to 14 digits of text.",
            code="bad_hs_code",
            path="hs_code",
            action='Write it as text with its leading zeros, such as "0201.10".',
        )
    return code


def hs6(code: str) -> str:
    """The international part of a code: its first six digits, or fewer if it has no more.

    >>> hs6("8529.9097.90")
    '852990'
    """
    return normalise_code(code)[:HS_DIGITS]


def format_code(code: str, style: CodeStyle = "dotted") -> str:
    """A code for a form or a carrier: heading, then pairs of digits.

    >>> format_code("6109100010")
    '6109.10.00.10'
    >>> format_code("610910", "spaced")
    '6109 10'
    """
    digits = normalise_code(code)
    pairs = [digits[:4], *(digits[i : i + 2] for i in range(4, len(digits), 2))]
    return _JOINTS[style].join(pairs)
