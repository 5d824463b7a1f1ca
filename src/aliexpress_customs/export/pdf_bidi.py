"""Text that runs right to left, put in the order in which its signs stand on paper.

The Unicode bidirectional algorithm (UAX #9) for one line. `bidi.algorithm` does its steps without
the one for brackets (N0), which addresses need: `(XL) 12` within Arabic would fall apart.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import Any, Final

_RIGHT_TO_LEFT: Final = frozenset({"R", "AL"})
_BRACKETS: Final = {"(": ")", "[": "]", "{": "}"}
_STRONG: Final = {"L": "L", "R": "R", "EN": "R", "AN": "R"}
"""Direction that a type of sign has in the eyes of a bracket."""


def is_right_to_left(text: str) -> bool:
    """Whether the first letter of a text is of a script that runs right to left.

    >>> is_right_to_left("12 חולצות XL")
    True
    """
    for sign in text:
        if (direction := unicodedata.bidirectional(sign)) in {"L", *_RIGHT_TO_LEFT}:
            return direction in _RIGHT_TO_LEFT
    return False


def visual(line: str, *, right_to_left: bool = False) -> str:
    """The signs of a line as they stand on paper from left to right, Arabic letters joined.

    Args:
        line: without control characters.
        right_to_left: direction of the text that the line is of.
    """
    runs_back = {*_RIGHT_TO_LEFT, "AN"}
    forwards = line.isascii() or runs_back.isdisjoint(map(unicodedata.bidirectional, line))
    if forwards and not right_to_left:
        return line
    from bidi import algorithm as steps  # noqa: PLC0415

    storage = steps.get_empty_storage()
    storage["base_level"] = int(right_to_left)
    storage["base_dir"] = "R" if right_to_left else "L"
    steps.get_embedding_levels(_reshaper().reshape(line), storage)
    steps.explicit_embed_and_overrides(storage)
    steps.resolve_weak_types(storage)
    _resolve_brackets(storage["chars"], storage["base_dir"])
    steps.resolve_neutral_types(storage, debug=False)
    steps.resolve_implicit_levels(storage, debug=False)
    steps.reorder_resolved_levels(storage, debug=False)
    steps.apply_mirroring(storage, debug=False)
    return "".join(sign["ch"] for sign in storage["chars"])


@cache
def _reshaper() -> Any:
    from arabic_reshaper import ArabicReshaper  # noqa: PLC0415

    # The word as one sign, which the shipped fonts lack.
    return ArabicReshaper(configuration={"ARABIC LIGATURE ALLAH": "no"})


def _resolve_brackets(signs: list[dict[str, Any]], embedding: str) -> None:
    """Rule N0: both brackets of a pair take the direction of what they hold or stand in."""
    for first, last in _pairs(signs):
        held = {_STRONG.get(sign["type"]) for sign in signs[first + 1 : last]}
        if held.isdisjoint({"L", "R"}):
            continue
        direction = embedding
        if embedding not in held:
            before = (_STRONG.get(sign["type"]) for sign in reversed(signs[:first]))
            direction = next(filter(None, before), embedding)
        signs[first]["type"] = signs[last]["type"] = direction


def _pairs(signs: list[dict[str, Any]]) -> list[tuple[int, int]]:
    """Where brackets open and close (BD16), by their beginning."""
    found = []
    waiting: list[tuple[str, int]] = []
    for index, sign in enumerate(signs):
        if sign["type"] != "ON":
            continue
        if closing := _BRACKETS.get(sign["ch"]):
            waiting.append((closing, index))
            continue
        for depth in range(len(waiting) - 1, -1, -1):
            if waiting[depth][0] == sign["ch"]:
                found.append((waiting[depth][1], index))
                del waiting[depth:]
                break
    return sorted(found)
