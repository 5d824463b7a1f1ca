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
from dataclasses import dataclass
from functools import cache
from itertools import chain, compress
from operator import add, attrgetter
from pathlib import Path
from sys import intern
from typing import Final, NamedTuple

from aliexpress_customs.commodity.packed import Table, open_table
from aliexpress_customs.commodity.words import classify_folder, stems
from aliexpress_customs.datafiles import data_folder

LONGEST_PHRASE: Final = 5
"""Words of a phrase."""
LONGEST_WHOLE: Final = 10
"""Letters of two words that titles also write as one, such as `powerbank`."""
_PARTS, _BETWEEN, _GROUPS, _THIRD, _ALIKE, _TARGETS = "=", ";", ",", ">", "|", "/"
"""Between the parts of an entry, what is in a part, groups of phrases with the same three words,
the third of these and the phrases, phrases, and a phrase and its targets."""
_MARKS: Final = ".:!"
"""The rarest words of a phrase, in their entry."""
_KNOWN: Final = len(_MARKS)
"""Words by which a phrase is found; of longer ones the others are still to be asked for."""

Targets = tuple[str, ...]


@dataclass(slots=True, eq=False)
class Phrase:
    """A phrase of the lexicon."""

    text: str
    beside: str
    """Its words between blanks, as they stand in a title side by side."""
    words: int
    head: str
    """Its last word."""
    rarest: str
    """The word that the fewest phrases have."""
    targets: Targets


Phrases = Sequence[Phrase]
_Pair = dict[str, str | Phrases]
"""Phrases by the third of their rarest words, or by the second if they have two."""
Match = tuple[Phrase, int, int]
"""A phrase found in a title, the position of its first word, and the one after its last."""


class Found(NamedTuple):
    """The phrases of a title."""

    in_order: Sequence[Match]
    """Their words stand side by side; of those that begin alike the longest."""
    apart: Phrases
    """Their words are all there, two and more, wherever; sorted, since each counts for less."""


class _Entry(NamedTuple):
    """What the lexicon has of one word."""

    alone: Phrase | None
    """The word by itself."""
    repeated: Phrases
    """The other ones without further words: `pom pom`."""
    others: dict[str, str | _Pair]
    """Those with further words, by the next rarest word; what was asked for is taken apart."""
    partners: frozenset[str]
    """These words, since sets are compared faster."""


class Lexicon:
    """Phrases by their stems, ready to be found in titles."""

    def __init__(self, lines: Table) -> None:
        """A lexicon over an index, see `index`."""
        self._lines = lines
        self._words: dict[str, _Entry] = {}

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, str]]) -> Lexicon:
        """A lexicon of phrases and targets, in any order."""
        return cls(Table.of(index(pairs)))

    def find(self, words: Sequence[str], places: Mapping[str, int]) -> Found:
        """The phrases of a title.

        Args:
            words: its stems.
            places: its words, and what else may be a word of a phrase, with the position of each.
        """
        text = f" {' '.join(words)} "
        longest: dict[int, Match] = {}
        apart: list[Phrase] = []
        alone, composed = self._all_in(places)
        is_here = places.__contains__
        for phrase in composed:
            written = phrase.beside
            if written not in text:
                if phrase.words <= _KNOWN or all(map(is_here, phrase.text.split())):
                    apart.append(phrase)
                continue
            at = text.find(written)
            while at >= 0:
                begin = text.count(" ", 0, at)
                end = begin + phrase.words
                if begin not in longest or longest[begin][2] < end:
                    longest[begin] = (phrase, begin, end)
                at = text.find(written, at + 1)
        for begin, phrase in self._written_whole(words):
            longest.setdefault(begin, (phrase, begin, begin + 2))
        for begin in compress(range(len(words)), map(alone.__contains__, words)):
            if begin not in longest:
                longest[begin] = (alone[words[begin]], begin, begin + 1)
        in_order: list[Match] = []
        covered = 0
        for begin in sorted(longest):
            match = longest[begin]
            if match[2] > covered:
                covered = match[2]
                in_order.append(match)
        apart.sort(key=attrgetter("text"))
        return Found(in_order, apart)

    def _all_in(self, places: Mapping[str, int]) -> tuple[dict[str, Phrase], list[Phrase]]:
        """The phrases of one word in a title; those of more of which the three rarest are."""
        entries, here = self._words, set(places)
        alone: dict[str, Phrase] = {}
        composed: list[Phrase] = []
        self._lines.need(here)
        for word in filter(self._lines.__contains__, places):
            single, repeated, others, partners = entries.get(word) or self._entry(word)
            if single:
                alone[word] = single
            if repeated:
                composed += repeated
            for other in partners & here:
                pair = others[other]
                if isinstance(pair, str):
                    pair = others[other] = _pair(other, pair)
                for third, alike in pair.items():
                    if third not in places:
                        continue
                    if isinstance(alike, str):
                        pair[third] = made = _phrases(alike, (word, other, third))
                        composed += made
                    else:
                        composed += alike
        return alone, composed

    def _written_whole(self, words: Sequence[str]) -> Iterator[tuple[int, Phrase]]:
        """Words that the lexicon writes as one with the next: `key chain` is a keychain."""
        whole = list(map(add, words, words[1:]))
        self._lines.need(whole)
        for begin in compress(range(len(whole)), map(self._lines.__contains__, whole)):
            word = whole[begin]
            phrase = (self._words.get(word) or self._entry(word)).alone
            if phrase and not word.isdigit():
                yield begin, phrase

    def _entry(self, word: str) -> _Entry:
        alike, words, entries = self._lines[word].split(_PARTS)
        found = _phrases(alike, (word,)) if alike else []
        alone = next((one for one in found if one.words == 1), None)
        repeated = tuple(one for one in found if one is not alone)
        others: dict[str, str | _Pair] = {}
        if words:
            further = map(intern, words.split(_BETWEEN))
            others.update(zip(further, entries.split(_BETWEEN), strict=True))
        entry = self._words[word] = _Entry(alone, repeated, others, frozenset(others))
        return entry


def _pair(other: str, written: str) -> _Pair:
    groups = (group.rpartition(_THIRD) for group in written.split(_GROUPS))
    return {third or other: alike for third, _, alike in groups}


def _phrases(alike: str, words: Sequence[str]) -> Phrases:
    for mark, word in zip(_MARKS, words, strict=False):
        alike = alike.replace(mark, word)
    return [_phrase(one, words[0]) for one in alike.split(_ALIKE)]


def _phrase(written: str, rarest: str) -> Phrase:
    text, _, targets = written.partition(_TARGETS)
    head = text[text.rfind(" ") + 1 :]
    return Phrase(text, f" {text} ", text.count(" ") + 1, intern(head), rarest, _split(targets))


@cache
def _split(targets: str) -> Targets:
    """The same tuple for the same text: thousands of phrases share a code."""
    return tuple(map(intern, targets.split()))


@cache
def lexicon() -> Lexicon:
    """The shipped lexicon."""
    return Lexicon(open_table(classify_folder() / "lexicon.gz"))


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
    """The index over phrases and targets: each phrase in the entry of its rarest word.

    An entry is `PHRASES=WORDS=ENTRIES`: the phrases of the word alone, the next rarest words of
    its other phrases, and the phrases of each of these, those of more words by the third rarest:
    `. :/950300,fat>! . :/420292`.
    """
    found: dict[tuple[str, ...], set[str]] = {}
    for phrase, target in pairs:
        words = tuple(stems(phrase))[:LONGEST_PHRASE]
        if words and target:
            found.setdefault(words, set()).add(target)
    for first, *second in sorted(found):
        whole = first + "".join(second)
        if len(second) == 1 and len(whole) <= LONGEST_WHOLE and (whole,) not in found:
            found[whole,] = found[first, *second]
    counts = Counter(chain.from_iterable(found))
    entries: dict[str, dict[str, dict[str, list[str]]]] = {}
    for words in sorted(found):
        rarest, *further = sorted(set(words), key=lambda word: (counts[word], word))
        marks = dict(zip((rarest, *further), _MARKS, strict=False))
        order = " ".join(marks.get(word, word) for word in words)
        phrase = order + _TARGETS + " ".join(sorted(found[words]))
        next_rarest, third = (*further, "", "")[:2]
        groups = entries.setdefault(rarest, {}).setdefault(next_rarest, {})
        groups.setdefault(third, []).append(phrase)
    return {word: _written(entry) for word, entry in entries.items()}


def _written(entry: Mapping[str, Mapping[str, Sequence[str]]]) -> str:
    """The entry of a word: its phrases by the next two rarest words, empty without one."""
    words = sorted(filter(None, entry))
    others = _BETWEEN.join(_grouped(entry[word]) for word in words)
    return _PARTS.join((_grouped(entry.get("", {})), _BETWEEN.join(words), others))


def _grouped(groups: Mapping[str, Sequence[str]]) -> str:
    written = ((third and third + _THIRD) + _ALIKE.join(groups[third]) for third in sorted(groups))
    return _GROUPS.join(written)
