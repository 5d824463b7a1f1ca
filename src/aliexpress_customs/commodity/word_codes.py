"""Single words and pairs of words with the codes they hint at: what is left when no phrase fits.

`data/commodity/classify/word_codes.gz` has for each word or pair its codes or classes with a share
in thousandths. It is made by `tools/commodity/train.py`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from itertools import chain, compress, pairwise
from typing import Final

from aliexpress_customs.commodity.packed import Table, open_table
from aliexpress_customs.commodity.words import classify_folder

_THOUSANDTHS: Final = 1000.0
_MOST_TARGETS: Final = 6
"""Targets returned for a title."""


class Hints:
    """What the words of a title hint at."""

    def __init__(self, found: Mapping[str, tuple[float, Mapping[str, float]]]) -> None:
        """By the words what their place counts for, and their targets."""
        scores: dict[str, float] = {}
        for place, targets in found.values():
            for target, share in targets.items():
                if target in scores:
                    scores[target] += share * place
                else:
                    scores[target] = share * place
        self._scores = scores
        self._found = found

    def best(self) -> list[tuple[str, float]]:
        """Codes and classes with what they got, the strongest first."""
        ranked = sorted(zip(self._scores.values(), self._scores, strict=True), reverse=True)
        return [(target, score) for score, target in ranked[:_MOST_TARGETS]]

    def loudest(self, target: str) -> str:
        """The word that hints most at a target."""
        loudest, most = "", 0.0
        for word, (place, targets) in self._found.items():
            if target in targets and targets[target] * place > most:
                loudest, most = word, targets[target] * place
        return loudest


class WordCodes:
    """Codes by words: targets with their shares, `851830:420 392690:80`."""

    def __init__(self, lines: Table) -> None:
        self._lines = lines
        self._read: dict[str, Mapping[str, float]] = {}

    def hints(self, words: Sequence[str], places: Sequence[float]) -> Hints:
        """What the words of a title hint at.

        Args:
            words: stems.
            places: what each place counts for.
        """
        read, known = self._read, self._lines.__contains__
        keys = [*words, *map(" ".join, pairwise(words))]
        self._lines.need(keys)
        found: dict[str, tuple[float, Mapping[str, float]]] = {}
        placed = zip(keys, chain(places, places[1:]), strict=True)
        for key, place in compress(placed, map(known, keys)):
            if key not in found:
                found[key] = (place, read.get(key) or self._targets(key))
        return Hints(found)

    def _targets(self, key: str) -> Mapping[str, float]:
        pairs = (part.rpartition(":") for part in self._lines[key].split())
        targets = {target: int(share) / _THOUSANDTHS for target, _, share in pairs}
        self._read[key] = targets
        return targets


@cache
def word_codes() -> WordCodes:
    """The shipped table."""
    return WordCodes(open_table(classify_folder() / "word_codes.gz"))
