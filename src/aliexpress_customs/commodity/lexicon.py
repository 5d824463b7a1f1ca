"""The product lexicon: phrases of sellers, and the codes or product classes they stand for.

Facts are in `data/commodity/lexicon/*.csv` (columns `phrase,target,note`): the target is a
subheading of six digits or a class such as `@dress`, which `classes.py` resolves. The order of the
rows and files does not matter. `tools/commodity/train.py` sorts them into
`data/commodity/classify/lexicon.txt.gz`, of which only the lines of the words of a title are read.
"""

from __future__ import annotations

import csv
import gzip
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Final, NamedTuple

from aliexpress_customs.commodity.words import classify_folder, stems
from aliexpress_customs.datafiles import data_folder

LONGEST_PHRASE: Final = 5
"""Words of a phrase."""
_ANY_ORDER: Final = "~"
"""Before the rarest word of phrases to be found in any order."""
_PHRASES, _TARGETS = ";", "="
"""Between the phrases of a line, and before the targets of a phrase."""

Targets = tuple[str, ...]


class Match(NamedTuple):
    """A phrase found in a title."""

    phrase: str
    begin: int
    end: int
    """Position of its first word, and the one after its last."""
    targets: Targets


class _Group(NamedTuple):
    """Phrases that begin with one word."""

    targets: Mapping[str, Targets]
    longest: Mapping[str, int]
    """Words of the longest phrase by its second word; 1 for phrases of one word."""


_Loose = tuple[frozenset[str], str, str, Targets]
"""Words beside the rarest and another one, the head, the phrase, its targets."""
_Scattered = Mapping[str, tuple[_Loose, ...]]
"""Phrases by the other word."""


class Lexicon:
    """Phrases by their stems, ready to be found in titles."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines: dict[str, str] = {}
        self._loose_lines: dict[str, str] = {}
        for line in lines:
            word, _, phrases = line.partition("\t")
            if word.startswith(_ANY_ORDER):
                self._loose_lines[word[1:]] = phrases
            elif phrases:
                self._lines[word] = phrases
        self._groups: dict[str, _Group] = {}
        self._scattered: dict[str, _Scattered] = {}

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, str]]) -> Lexicon:
        """A lexicon of phrases and targets, in any order."""
        return cls(index_lines(pairs))

    def in_order(self, words: Sequence[str]) -> Iterator[Match]:
        """Phrases whose words stand side by side; of those that begin alike the longest."""
        lines, count, covered = self._lines, len(words), 0
        for begin, word in enumerate(words):
            match = None
            if word in lines:
                targets, longest = self._groups.get(word) or self._group(word)
                following = words[begin + 1] if begin + 1 < count else ""
                for end in range(min(begin + longest.get(following, 1), count), begin, -1):
                    key = " ".join(words[begin:end]) if end > begin + 1 else word
                    if key in targets:
                        match = Match(key, begin, end, targets[key])
                        break
            if (match is None or match.end == begin + 1) and begin + 1 < count:
                whole = word + words[begin + 1]  # `key chain` is a keychain
                if whole in lines and not whole.isdigit():
                    targets = (self._groups.get(whole) or self._group(whole)).targets
                    if whole in targets:
                        match = Match(whole, begin, begin + 2, targets[whole])
            if match and match.end > covered:
                covered = match.end
                yield match

    def in_any_order(self, places: Mapping[str, int], rarest: Iterable[str]) -> Iterator[Match]:
        """Phrases of two words and more that are all in a title, wherever.

        Args:
            places: the words of the title with the position of each.
            rarest: those of them that may be the rarest word of a phrase.
        """
        lines, scattered, here = self._loose_lines, self._scattered, places.keys()
        for word in rarest:
            others = scattered.get(word)
            if others is None:
                if word not in lines:
                    continue
                others = scattered[word] = self._all_orders(word, lines[word])
            if here.isdisjoint(others):
                continue
            for other in sorted(here & others.keys()):
                for rest, head, key, targets in others[other]:
                    if here >= rest:
                        yield Match(key, places[head], places[head] + 1, targets)

    def _group(self, word: str) -> _Group:
        phrases: dict[str, Targets] = {}
        for phrase in self._lines[word].split(_PHRASES):
            rest, _, targets = phrase.partition(_TARGETS)
            phrases[f"{word} {rest}" if rest else word] = tuple(targets.split())
        longest: dict[str, int] = {}
        for phrase in phrases:
            if " " in phrase:
                second = phrase.split(" ", 2)[1]
                longest[second] = max(longest.get(second, 1), phrase.count(" ") + 1)
        group = self._groups[word] = _Group(phrases, longest)
        return group

    def _all_orders(self, rarest: str, line: str) -> _Scattered:
        found: dict[str, list[_Loose]] = {}
        for key in line.split(_PHRASES):
            words = key.split()
            targets = (self._groups.get(words[0]) or self._group(words[0])).targets[key]
            others = [word for word in words if word != rarest]
            if others:
                loose = (frozenset(others[1:]), words[-1], key, targets)
                found.setdefault(others[0], []).append(loose)
        return {other: tuple(phrases) for other, phrases in found.items()}


@cache
def lexicon() -> Lexicon:
    """The shipped lexicon."""
    path = classify_folder() / "lexicon.txt.gz"
    return Lexicon(gzip.decompress(path.read_bytes()).decode().splitlines())


def lexicon_files() -> list[Path]:
    """The files of the shipped lexicon."""
    return sorted((data_folder() / "commodity" / "lexicon").glob("*.csv"))


def read_pairs(paths: Iterable[Path]) -> Iterator[tuple[str, str]]:
    """Phrases and targets of lexicon files."""
    for path in paths:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.reader(file)
            next(reader, None)
            yield from ((row[0], row[1]) for row in reader if len(row) > 1)


def index_lines(pairs: Iterable[tuple[str, str]]) -> Iterator[str]:
    """The lines of the index over phrases and targets: the same whatever their order."""
    found: dict[tuple[str, ...], set[str]] = {}
    for phrase, target in pairs:
        words = tuple(stems(phrase))[:LONGEST_PHRASE]
        if words and target:
            found.setdefault(words, set()).add(target)
    counts = Counter(chain.from_iterable(found))
    groups: dict[str, list[str]] = {}
    for words in sorted(found):
        targets = " ".join(sorted(found[words]))
        groups.setdefault(words[0], []).append(f"{' '.join(words[1:])}{_TARGETS}{targets}")
        if len(words) > 1:
            rarest = min(words, key=lambda word: (counts[word], word))
            groups.setdefault(_ANY_ORDER + rarest, []).append(" ".join(words))
        if len(words) == 2 and ("".join(words),) not in found:
            groups.setdefault("".join(words), []).append(f"{_TARGETS}{targets}")
    for first in sorted(groups):
        yield f"{first}\t{_PHRASES.join(groups[first])}"
