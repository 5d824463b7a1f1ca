"""What a title says of the goods beside what they are: for whom, of what, how made.

Facts are in `data/commodity/classify/attributes.csv` (`phrase,attribute,value`), read from the
packed table that `tools/commodity/train.py` makes of it. The longest phrase wins, so `gold plated`
is no gold and `pu leather` no leather; of several values of one attribute the first in the title
stands. A value with `?` is what such goods usually have: it yields to what is stated.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from itertools import compress
from typing import Final

from aliexpress_customs.commodity.packed import unpack
from aliexpress_customs.commodity.words import classify_folder, rows, stems

Attributes = dict[str, str]
_Longer = dict[str, list[tuple[list[str], str]]]
"""Phrases of several words and what they state, by their second word, the longest first."""
_IS: Final = "="
USUAL: Final = "?"
"""Ends a value that is not stated: slippers are usually of textile."""


def attributes(words: Sequence[str]) -> Attributes:
    """The attributes that the stems of a title state.

    >>> attributes(stems("Men's Gold Plated Ring"))
    {'gender': 'men', 'bead': 'metal', 'metal': 'base'}
    """
    table = _table()
    found: Attributes = {}
    covered, count = 0, len(words)
    for begin in compress(range(count), map(table.__contains__, words)):
        facts, longer = table[words[begin]]
        end = begin + 1
        if longer and end < count:
            for phrase, stated in longer.get(words[end], ()):
                if words[begin : begin + len(phrase)] == phrase:
                    facts, end = stated, begin + len(phrase)
                    break
        if facts and end > covered:
            covered = end
            state(found, _pairs(facts))
    return found


def state(known: Attributes, facts: Iterable[tuple[str, str]]) -> None:
    """Add facts to what is known: what came first stands, but for what is only usual.

    >>> known = {"upper": "textile?"}
    >>> state(known, [("upper", "leather"), ("upper", "plastic")])
    >>> known
    {'upper': 'leather'}
    """
    for attribute, value in facts:
        held = known.get(attribute)
        if held is None or (held.endswith(USUAL) and not value.endswith(USUAL)):
            known[attribute] = value


@cache
def attribute_names() -> frozenset[str]:
    """The attributes the table knows."""
    return frozenset(row["attribute"] for row in rows("attributes.csv"))


def stated() -> dict[str, str]:
    """What `attributes.gz` is made from: `metal=base` by the stems of a phrase."""
    facts: dict[str, set[str]] = {}
    for row in rows("attributes.csv"):
        key = " ".join(stems(row["phrase"]))
        facts.setdefault(key, set()).add(f"{row['attribute']}{_IS}{row['value']}")
    return {key: " ".join(sorted(values)) for key, values in facts.items()}


@cache
def _table() -> dict[str, tuple[str, _Longer]]:
    """By the first word of phrases what it states alone, and the phrases that begin with it."""
    table: dict[str, tuple[str, _Longer]] = {}
    for key, facts in unpack(classify_folder() / "attributes.gz").items():
        first, *others = phrase = key.split(" ")
        alone, longer = table.get(first) or ("", {})
        if others:
            longer.setdefault(others[0], []).append((phrase, facts))
        else:
            alone = facts
        table[first] = (alone, longer)
    for _, longer in table.values():
        for phrases in longer.values():
            phrases.sort(key=lambda one: -len(one[0]))
    return table


@cache
def _pairs(facts: str) -> tuple[tuple[str, str], ...]:
    pairs = (fact.partition(_IS) for fact in facts.split())
    return tuple((attribute, value) for attribute, _, value in pairs)
