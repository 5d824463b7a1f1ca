"""The product lexicon: phrases of sellers, and the codes or product classes they stand for.

Facts are in `data/commodity/lexicon/*.csv` (columns `phrase,target,note`): the target is a
subheading of six digits or a class such as `@dress`, which `classes.py` resolves. The order of the
rows and files does not matter. `tools/commodity/train.py` sorts them into
`data/commodity/classify/lexicon.gz`, of which only the lines of the words of a title are read.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import chain
from pathlib import Path
from sys import intern
from typing import Final, NamedTuple

from aliexpress_customs.commodity.packed import unpack
from aliexpress_customs.commodity.words import classify_folder, stems
from aliexpress_customs.datafiles import data_folder

LONGEST_PHRASE: Final = 5
"""Words of a phrase."""
LONGEST_WHOLE: Final = 10
"""Letters of two words that titles also write as one, such as `powerbank`."""
_ANY_ORDER: Final = "~"
"""Before the rarest word of phrases to be found in any order; its line counts the places of these
phrases in the line of their first word: `dog 0 4;cat 2`."""
_PHRASES, _TARGETS = ";", "="
"""Between the phrases of a line, and before the targets of a phrase."""

Targets = tuple[str, ...]


class Phrase(NamedTuple):
    """A phrase of the lexicon."""

    text: str
    words: int
    head: str
    """Its last word."""
    targets: Targets


class Match(NamedTuple):
    """A phrase found in a title."""

    phrase: Phrase
    begin: int
    end: int
    """Position of its first word, and the one after its last."""


class _Group(NamedTuple):
    """Phrases that begin with one word."""

    phrases: Mapping[str, Phrase]
    longest: Mapping[str, int]
    """Words of the longest phrase by its second word; 1 for phrases of one word."""


_Loose = tuple[tuple[str, ...], Phrase]
"""Words beside the rarest and another one, and the phrase."""
_Scattered = Mapping[str, tuple[_Loose, ...]]
"""Phrases by the other word."""


class Lexicon:
    """Phrases by their stems, ready to be found in titles."""

    def __init__(self, lines: Mapping[str, str]) -> None:
        """A lexicon over an index, see `index`."""
        self._lines = lines
        self._groups: dict[str, _Group] = {}
        self._scattered: dict[str, _Scattered] = {}

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, str]]) -> Lexicon:
        """A lexicon of phrases and targets, in any order."""
        return cls(index(pairs))

    def in_order(self, words: Sequence[str]) -> Iterator[Match]:
        """Phrases whose words stand side by side; of those that begin alike the longest."""
        lines, groups, covered = self._lines, self._groups, 0
        last = len(words) - 1
        for begin, word in enumerate(words):
            match = None
            following = words[begin + 1] if begin < last else ""
            if word in lines:
                phrases, longest = groups.get(word) or self._group(word)
                most = longest.get(following, 1)
                for end in range(min(begin + most, last + 1), begin, -1):
                    phrase = phrases.get(" ".join(words[begin:end]) if end > begin + 1 else word)
                    if phrase is not None:
                        match = Match(phrase, begin, end)
                        break
            if following and (match is None or match.end == begin + 1):
                whole = word + following  # `key chain` is a keychain
                if whole in lines and not whole.isdigit():
                    phrase = (groups.get(whole) or self._group(whole)).phrases.get(whole)
                    if phrase is not None:
                        match = Match(phrase, begin, begin + 2)
            if match and match.end > covered:
                covered = match.end
                yield match

    def in_any_order(self, places: Mapping[str, int], rarest: Iterable[str]) -> Iterator[Match]:
        """Phrases of two words and more that are all in a title, wherever.

        Args:
            places: the words of the title with the position of each.
            rarest: those of them that may be the rarest word of a phrase.
        """
        lines, scattered, here = self._lines, self._scattered, places.keys()
        for word in rarest:
            others = scattered.get(word)
            if others is None:
                line = lines.get(_ANY_ORDER + word)
                if line is None:
                    continue
                others = scattered[word] = self._all_orders(word, line)
            if here.isdisjoint(others):
                continue
            for other in sorted(here & others.keys()):
                for rest, phrase in others[other]:
                    if all(map(places.__contains__, rest)):
                        yield Match(phrase, places[phrase.head], places[phrase.head] + 1)

    def _group(self, word: str) -> _Group:
        phrases: dict[str, Phrase] = {}
        longest: dict[str, int] = {}
        for line in self._lines[word].split(_PHRASES):
            rest, _, targets = line.partition(_TARGETS)
            words = [word, *rest.split()]
            text = " ".join(words)
            phrases[text] = Phrase(text, len(words), intern(words[-1]), _split(targets))
            if rest:
                longest[words[1]] = max(longest.get(words[1], 1), len(words))
        group = self._groups[word] = _Group(phrases, longest)
        return group

    def _all_orders(self, rarest: str, line: str) -> _Scattered:
        found: dict[str, list[_Loose]] = {}
        for part in line.split(_PHRASES):
            first, *places = part.split()
            phrases = tuple((self._groups.get(first) or self._group(first)).phrases.values())
            for place in places:
                phrase = phrases[int(place)]
                others = [intern(word) for word in phrase.text.split() if word != rarest]
                if others:
                    found.setdefault(others[0], []).append((tuple(others[1:]), phrase))
        return {other: tuple(loose) for other, loose in found.items()}


@cache
def _split(targets: str) -> Targets:
    """The same tuple for the same text: thousands of phrases share a code."""
    return tuple(map(intern, targets.split()))


@cache
def lexicon() -> Lexicon:
    """The shipped lexicon."""
    return Lexicon(unpack(classify_folder() / "lexicon.gz"))


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


def index(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The index over phrases and targets: by the first word of phrases, and by their rarest."""
    found: dict[tuple[str, ...], set[str]] = {}
    for phrase, target in pairs:
        words = tuple(stems(phrase))[:LONGEST_PHRASE]
        if words and target:
            found.setdefault(words, set()).add(target)
    counts = Counter(chain.from_iterable(found))
    groups: dict[str, list[str]] = {}
    loose: dict[str, dict[str, list[str]]] = {}
    for words in sorted(found):
        first, targets = words[0], " ".join(sorted(found[words]))
        group = groups.setdefault(first, [])
        if len(words) > 1:
            rarest = min(words, key=lambda word: (counts[word], word))
            loose.setdefault(rarest, {}).setdefault(first, []).append(str(len(group)))
        group.append(f"{' '.join(words[1:])}{_TARGETS}{targets}")
        whole = "".join(words)
        if len(words) == 2 and len(whole) <= LONGEST_WHOLE and (whole,) not in found:
            groups.setdefault(whole, []).append(f"{_TARGETS}{targets}")
    lines = {word: _PHRASES.join(phrases) for word, phrases in groups.items()}
    for rarest, places in loose.items():
        parts = (f"{first} {' '.join(numbers)}" for first, numbers in places.items())
        lines[_ANY_ORDER + rarest] = _PHRASES.join(parts)
    return lines
