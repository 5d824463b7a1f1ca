"""What tells codes apart, in the fewest words of their texts.

The texts narrow in steps, `T-shirts; of cotton, knitted`: what several codes have in common at both
ends is left out, and what remains is cut for a reader.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final

from aliexpress_customs.commodity.codes import HS_DIGITS
from aliexpress_customs.commodity.nomenclature import describe
from aliexpress_customs.commodity.words import rows

LONGEST_TEXT: Final = 80
"""Characters of one text in a question or finding."""
_PHRASE: Final = re.compile(r"(?:[^,;(]|\([^)]*\)?)+[,;]?\s*")
"""Up to a comma or semicolon outside parentheses."""
_RESIDUAL: Final = re.compile(r"[,;]?\s*n\.e\.c\.?( in [a-z .]*[0-9.]*[0-9])?")
"""`n.e.c. in item no. 8517.1`, said of what remains of a group."""
_ASIDE: Final = re.compile(r"\s*\([^)]*\)")
_JOINTS: Final = " ,;"


def distinctions(codes: Sequence[str]) -> tuple[str, ...]:
    """The text of each code without what all of them have in common, in the order given.

    Args:
        codes: chapters, headings or subheadings that exist.

    >>> distinctions(["610910", "610990"])
    ('of cotton', 'of textile materials (other than cotton)')
    >>> distinctions(["8517"])[0][:14]
    'Telephone sets'
    """
    phrases = [_PHRASE.findall(describe(code)) for code in codes]
    bare = [[phrase.strip(_JOINTS) for phrase in each] for each in phrases]
    head = _common(bare)
    tail = _common([each[head:][::-1] for each in bare])
    return tuple(
        _short("".join(each[head : len(each) - tail]), keep_end=len(code) >= HS_DIGITS)
        for code, each in zip(codes, phrases, strict=True)
    )


def texts(codes: Sequence[str]) -> Mapping[str, str]:
    """A short text for each code: within each heading, only what tells its codes apart.

    >>> texts(["851713", "851714", "902300"])["851713"]
    'smartphones for cellular or other wireless networks'
    """
    groups: dict[str, list[str]] = {}
    for code in codes:
        groups.setdefault(code[:4], []).append(code)
    return {
        code: text
        for group in groups.values()
        for code, text in zip(group, distinctions(group), strict=True)
    }


@cache
def description_words() -> Mapping[tuple[str, str], str]:
    """Words for the value of an attribute, by attribute and value (`description_words.csv`)."""
    return {(row["attribute"], row["value"]): row["words"] for row in rows("description_words.csv")}


def _common(phrases: Sequence[Sequence[str]]) -> int:
    """How many phrases all begin with in common, if at least one is left to each."""
    if len(phrases) < 2:
        return 0
    most = min(map(len, phrases)) - 1
    count = 0
    while count < most and len({each[count] for each in phrases}) == 1:
        count += 1
    return count


def _short(text: str, keep_end: bool) -> str:
    """A text a person reads at a glance: asides go first, then what is too much.

    A subheading says last what makes it one; of a heading the beginning is the telling part.
    """
    plain = _RESIDUAL.sub(", other", text).strip(_JOINTS)
    if plain.startswith("(") and plain.find(")") == len(plain) - 1:
        plain = plain[1:-1]
    if len(plain) > LONGEST_TEXT:
        plain = _ASIDE.sub("", plain).strip(_JOINTS)
    if len(plain) <= LONGEST_TEXT:
        return plain
    end = plain[-LONGEST_TEXT // 2 :].split(" ", 1)[-1] if keep_end else ""
    begin = plain[: LONGEST_TEXT - len(end)].rsplit(" ", 1)[0].rstrip(_JOINTS)
    return f"{begin} ... {end}".rstrip()
