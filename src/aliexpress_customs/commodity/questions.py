"""One question for a person who knows the goods: which of these commodity codes is it?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from aliexpress_customs.commodity.codes import normalise_level
from aliexpress_customs.commodity.depth import GENERIC, format_national
from aliexpress_customs.commodity.nomenclature import LEVELS, describe, exists
from aliexpress_customs.commodity.wording import distinctions

MOST_ANSWERS: Final = 4
"""Answers one question offers; what is left is counted."""
_HEADING: Final = 4
"""Digits of a heading."""


def question(codes: Sequence[str], tariff: str = GENERIC) -> str:
    """The question that tells candidate codes apart at the first level where they differ.

    What the texts have in common is left out. Below six digits only the codes are asked for: their
    texts are the destination's own. Empty if there is nothing to ask: fewer than two codes, or each
    only a beginning of another.

    Args:
        codes: candidates, 2 to 14 digits, separators allowed; their order is kept.
        tariff: name of the tariff whose style the codes are written in, such as `eu`.

    Raises:
        DeclarationError: a code is not 2 to 14 digits.

    >>> question(["6109100010", "6109909090"])
    '6109.10 of cotton, or 6109.90 of textile materials (other than cotton)?'
    >>> question(["850870", "630710"])[:40]
    '8508 Vacuum cleaners, or 6307 Textiles; '
    >>> question(["8711601000", "8711609010"], "eu")
    'Which code: 8711 60 10 00 or 8711 60 90 10?'
    """
    digits = list(dict.fromkeys(normalise_level(code) for code in codes))
    apart = [one for one in digits if not _begins_another(one, digits)]
    for length in LEVELS:
        options = list(dict.fromkeys(code[:length] for code in apart))
        if len(options) > 1:
            return _with_texts(_narrowed(options, apart), tariff)
    return _of_codes(apart, tariff) if len(apart) > 1 else ""


def _begins_another(code: str, codes: Sequence[str]) -> bool:
    return any(other != code and other.startswith(code) for other in codes)


def _narrowed(chapters: Sequence[str], codes: Sequence[str]) -> Sequence[str]:
    """The headings meant by chapters whose long titles have nothing in common."""
    headings = list(dict.fromkeys(code[:_HEADING] for code in codes))
    if len(chapters[0]) >= _HEADING or len(headings) > len(chapters):
        return chapters
    if not all(map(exists, headings)) or min(map(len, headings)) < _HEADING:
        return chapters
    begins = {describe(chapter).partition(";")[0] for chapter in chapters}
    return headings if len(begins) == len(chapters) else chapters


def _with_texts(options: Sequence[str], tariff: str) -> str:
    if not all(exists(option) for option in options):
        return _of_codes(options, tariff)
    answers = [
        f"{format_national(option, tariff)} {text}"
        for option, text in zip(options, distinctions(options), strict=True)
    ]
    return f"{', or '.join(_few(answers))}?"


def _of_codes(codes: Sequence[str], tariff: str) -> str:
    return f"Which code: {' or '.join(_few([format_national(code, tariff) for code in codes]))}?"


def _few(answers: Sequence[str]) -> list[str]:
    """The first answers, and how many are left."""
    if len(answers) <= MOST_ANSWERS:
        return list(answers)
    return [*answers[: MOST_ANSWERS - 1], f"one of {len(answers) - MOST_ANSWERS + 1} others"]
