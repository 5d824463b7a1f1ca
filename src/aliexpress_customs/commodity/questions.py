"""One question for a person who knows the goods: which of these commodity codes is it?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from aliexpress_customs.commodity.codes import normalise_level
from aliexpress_customs.commodity.depth import GENERIC, format_national
from aliexpress_customs.commodity.nomenclature import LEVELS, describe, exists

MOST_ANSWERS: Final = 4
"""Answers one question offers; what is left is counted."""
LONGEST_ANSWER: Final = 100
"""Characters of one answer."""
_PHRASE: Final = re.compile(r"[^,;]+[,;]?\s*")
"""A text of the nomenclature narrows in steps: `T-shirts; of cotton, knitted`."""


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
    >>> question(["8711601000", "8711609010"], "eu")
    'Which code: 8711 60 10 00 or 8711 60 90 10?'
    """
    digits = list(dict.fromkeys(normalise_level(code) for code in codes))
    apart = [one for one in digits if not _begins_another(one, digits)]
    for length in LEVELS:
        options = list(dict.fromkeys(code[:length] for code in apart))
        if len(options) > 1:
            return _with_texts(options, tariff)
    return _of_codes(apart, tariff) if len(apart) > 1 else ""


def _begins_another(code: str, codes: Sequence[str]) -> bool:
    return any(other != code and other.startswith(code) for other in codes)


def _with_texts(options: Sequence[str], tariff: str) -> str:
    if not all(exists(option) for option in options):
        return _of_codes(options, tariff)
    texts = _distinct([describe(option) for option in options])
    answers = [
        f"{format_national(option, tariff)} {text}".rstrip()
        for option, text in zip(options, texts, strict=True)
    ]
    return f"{', or '.join(_few(answers))}?"


def _of_codes(codes: Sequence[str], tariff: str) -> str:
    return f"Which code: {' or '.join(_few([format_national(code, tariff) for code in codes]))}?"


def _few(answers: Sequence[str]) -> list[str]:
    """The first answers, and how many are left."""
    if len(answers) <= MOST_ANSWERS:
        return list(answers)
    return [*answers[: MOST_ANSWERS - 1], f"one of {len(answers) - MOST_ANSWERS + 1} others"]


def _distinct(texts: Sequence[str]) -> list[str]:
    """Each text without the phrases at its beginning and end that all have in common.

    A text that says no more than what is common is kept whole: it is the residual one.
    """
    phrases = [[phrase.strip(" ,;") for phrase in _PHRASE.findall(text)] for text in texts]
    head = _common(phrases)
    tail = _common([each[head:][::-1] for each in phrases])
    cut = []
    for text, each in zip(texts, phrases, strict=True):
        own = ", ".join(each[head : len(each) - tail])
        cut.append(_short(own or text))
    return cut


def _common(phrases: Sequence[Sequence[str]]) -> int:
    """How many phrases all have in common from the beginning, at least one left to each."""
    count = 0
    for same in zip(*phrases, strict=False):
        if len(set(same)) > 1:
            break
        count += 1
    return min(count, min(map(len, phrases)) - 1) if phrases else 0


def _short(text: str) -> str:
    if len(text) <= LONGEST_ANSWER:
        return text
    return f"{text[:LONGEST_ANSWER].rsplit(' ', 1)[0].rstrip(' ,;')} ..."
