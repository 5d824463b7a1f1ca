"""Ways to tell the candidate codes of a title apart: what one answer would settle.

Candidates of one product class differ by its attributes (`knitted or woven?`), others by heading or
by the whole code. Which question is worth asking depends on what hangs on it; see
`estimate.candidates`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from aliexpress_customs.commodity.classes import class_attributes, conditions
from aliexpress_customs.commodity.questions import MOST_ANSWERS, question
from aliexpress_customs.commodity.wording import description_words


class Split(NamedTuple):
    """A question and the candidates that each answer leaves."""

    question: str
    groups: tuple[frozenset[str], ...]


def splits(codes: Sequence[str], product_class: str = "") -> list[Split]:
    """Questions about candidates, those with the fewest answers first.

    Args:
        codes: six digits each, the likeliest first.
        product_class: the class all of them were resolved from, such as `@dress`; else empty.

    >>> splits(["620443", "610443"], "@dress")[0].question
    'Woven or knitted?'
    """
    found: list[Split] = []
    if product_class:
        found += [
            _by_attribute(codes, product_class, name) for name in class_attributes(product_class)
        ]
    for digits in (2, 4, 6):
        groups: dict[str, set[str]] = {}
        for code in codes:
            groups.setdefault(code[:digits], set()).add(code)
        if len(groups) > 1:  # a question asks at the first level where the codes differ
            found.append(Split(question(codes), tuple(map(frozenset, groups.values()))))
            break
    return sorted(
        (one for one in found if one.question and len(one.groups) <= MOST_ANSWERS),
        key=lambda one: len(one.groups),
    )


def next_question(shares: Mapping[str, float], product_class: str = "") -> str:
    """What to ask first: the question whose likeliest answer leaves least; empty without one.

    Args:
        shares: of the evidence, by code of six digits, the likeliest first.
        product_class: as for `splits`.

    >>> next_question({"620443": 0.5, "610443": 0.3, "620442": 0.2}, "@dress")
    'Woven or knitted?'
    """
    asked = splits(list(shares), product_class)
    if not asked:
        return ""

    def most_left(split: Split) -> float:
        return max(sum(shares[code] for code in group) for group in split.groups)

    return min(asked, key=most_left).question


def _by_attribute(codes: Sequence[str], product_class: str, attribute: str) -> Split:
    groups: dict[str, set[str]] = {}
    for code in codes:
        value = conditions(product_class, code).get(attribute, "")
        groups.setdefault(value, set()).add(code)
    words = [description_words().get((attribute, value), "") for value in groups]
    if len(groups) < 2 or not all(words):
        return Split("", ())
    asked = " or ".join(words)
    return Split(f"{asked[0].upper()}{asked[1:]}?", tuple(map(frozenset, groups.values())))
