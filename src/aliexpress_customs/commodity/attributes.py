"""What a title says of the goods beside what they are: for whom, of what, how made.

Facts are in `data/commodity/classify/attributes.csv` (`phrase,attribute,value`): the longest
phrase wins, so `gold plated` is no gold and `pu leather` no leather; of several values of one
attribute the first in the title stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from aliexpress_customs.commodity.words import rows, stems

Attributes = dict[str, str]
_PhraseTable = tuple[dict[str, tuple[tuple[str, str], ...]], dict[str, int]]


def attributes(words: Sequence[str]) -> Attributes:
    """The attributes that the stems of a title state.

    >>> attributes(stems("Men's Gold Plated 925 Ring"))
    {'gender': 'men', 'metal': 'base'}
    """
    facts, longest = _table()
    found: Attributes = {}
    covered, count = 0, len(words)
    for begin, word in enumerate(words):
        size = longest.get(word, 0)
        for end in range(min(begin + size, count), begin, -1):
            key = " ".join(words[begin:end])
            if key in facts:
                if end > covered:
                    covered = end
                    for attribute, value in facts[key]:
                        found.setdefault(attribute, value)
                break
    return found


@cache
def attribute_names() -> frozenset[str]:
    """The attributes the table knows."""
    return frozenset(row["attribute"] for row in rows("attributes.csv"))


@cache
def _table() -> _PhraseTable:
    facts: dict[str, list[tuple[str, str]]] = {}
    for row in rows("attributes.csv"):
        facts.setdefault(" ".join(stems(row["phrase"])), []).append(
            (row["attribute"], row["value"])
        )
    longest: dict[str, int] = {}
    for key in facts:
        words = key.split()
        longest[words[0]] = max(longest.get(words[0], 0), len(words))
    return {key: tuple(sorted(set(facts[key]))) for key in facts}, longest
