"""The product lexicon: phrases of sellers, and the codes or product classes they stand for.

Facts are in `data/commodity/lexicon/*.csv` (columns `phrase,target,note`): the target is a
subheading of six digits or a class such as `@dress`, which `classes.py` resolves. The order of the
rows and files does not matter. `tools/commodity/train.py` sorts them into
`data/commodity/classify/lexicon.gz`, of which only the lines of the words of a title are read.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from functools import cache, lru_cache
from itertools import accumulate, chain
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
_REMEMBERED: Final = 4096
"""Phrases kept ready."""
_ANY_ORDER: Final = "~"
"""Before the rarest word of phrases to be found in any order. Its line names another word of each,
and counts the places of the phrases in the line of their first word: `dog;cat=0 4;2|7` are the
phrases 0 and 4 of `dog`, 2 of `cat`, and 7 of the rarest word."""
_BETWEEN, _VALUES, _RAREST_FIRST = ";", "=", "|"
"""Between the phrases or words of a line, before their targets or places, and between places."""

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


class _Word(NamedTuple):
    """What the lexicon has of one word."""

    rests: Sequence[str]
    """Phrases that begin with it, without it."""
    targets: Mapping[str, str]
    """Their targets."""
    seconds: frozenset[str]
    """The words that come second in them."""
    alone: Phrase | None
    """The phrase that is the word alone."""
    others: Mapping[str, str]
    """Places of phrases of which it is the rarest word, by another one."""


class Lexicon:
    """Phrases by their stems, ready to be found in titles."""

    def __init__(self, lines: Mapping[str, str]) -> None:
        """A lexicon over an index, see `index`."""
        self._lines = lines
        self._words: dict[str, _Word] = {}

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, str]]) -> Lexicon:
        """A lexicon of phrases and targets, in any order."""
        return cls(index(pairs))

    def in_order(self, words: Sequence[str]) -> Iterator[Match]:
        """Phrases whose words stand side by side; of those that begin alike the longest."""
        lines, known, covered = self._lines, self._words, 0
        text, count = " ".join(words), len(words)
        ends = list(accumulate(map(len, words)))
        for begin, word, following in zip(range(count), words, [*words[1:], ""], strict=False):
            match = None
            held = known.get(word) or self._word(word)
            if held:
                if following in held.seconds:
                    match = _longest(held, word, text[ends[begin] + begin + 1 :], begin)
                elif held.alone:
                    match = Match(held.alone, begin, begin + 1)
            if following and (match is None or match.end == begin + 1):
                whole = word + following  # `key chain` is a keychain
                if whole in lines and not whole.isdigit():
                    held = self._word(whole)
                    if held and held.alone:
                        match = Match(held.alone, begin, begin + 2)
            if match and match.end > covered:
                covered = match.end
                yield match

    def in_any_order(
        self, places: Mapping[str, int], rarest: Iterable[str], not_heads: Set[str] = frozenset()
    ) -> Iterator[Match]:
        """Phrases of two words and more that are all in a title, wherever.

        Args:
            places: the words of the title with the position of each.
            rarest: those of them that may be the rarest word of a phrase.
            not_heads: words that a phrase must not end in.
        """
        known, here = self._words, places.keys()
        for word in rarest:
            held = known.get(word) or self._word(word)
            if held is None:
                continue
            for other in sorted(here & held.others.keys()):
                by_first = zip((other, word), held.others[other].split(_RAREST_FIRST), strict=False)
                for first, numbers in by_first:
                    group = numbers and (known.get(first) or self._word(first))
                    if group:
                        for phrase in _all_here(group, first, numbers, here, not_heads):
                            yield Match(phrase, places[phrase.head], places[phrase.head] + 1)

    def _word(self, word: str) -> _Word | None:
        known = self._words.get(word)
        if known is None:
            line, loose = self._lines.get(word), self._lines.get(_ANY_ORDER + word)
            if line is None and loose is None:
                return None
            targets = _by_word(line) if line is not None else {}
            others = _by_word(loose) if loose is not None else {}
            seconds = frozenset([rest.partition(" ")[0] for rest in targets if rest])
            alone = _phrase(word, "", targets[""]) if "" in targets else None
            known = self._words[word] = _Word(tuple(targets), targets, seconds, alone, others)
        return known


def _longest(held: _Word, word: str, rest: str, begin: int) -> Match | None:
    """The longest phrase that a text begins with."""
    words = rest.split(" ", LONGEST_PHRASE - 1)[: LONGEST_PHRASE - 1]
    rest = " ".join(words)
    for size in range(len(words), 0, -1):
        targets = held.targets.get(rest)
        if targets is not None:
            return Match(_phrase(word, rest, targets), begin, begin + size + 1)
        rest = rest[: -len(words[size - 1]) - 1]
    return Match(held.alone, begin, begin + 1) if held.alone else None


def _all_here(
    group: _Word, first: str, numbers: str, here: Set[str], not_heads: Set[str]
) -> Iterator[Phrase]:
    """Those of the numbered phrases of a word of which every further word is here."""
    rests = group.rests
    for number in numbers.split():
        rest = rests[int(number)]
        if rest[rest.rfind(" ") + 1 :] in not_heads:
            continue
        if rest in here or all(map(here.__contains__, rest.split())):
            yield _phrase(first, rest, group.targets[rest])


def _by_word(line: str) -> dict[str, str]:
    """The words or phrases of a line with what is said of each."""
    keys, _, values = line.partition(_VALUES)
    shared = map(intern, values.split(_BETWEEN))
    return dict(zip(keys.split(_BETWEEN), shared, strict=True))


@lru_cache(maxsize=_REMEMBERED)
def _phrase(first: str, rest: str, targets: str) -> Phrase:
    if not rest:
        return Phrase(first, 1, first, _split(targets))
    text = f"{first} {rest}"
    return Phrase(text, text.count(" ") + 1, text[text.rfind(" ") + 1 :], _split(targets))


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
    groups: dict[str, dict[str, str]] = {}
    loose: dict[str, dict[str, tuple[list[str], list[str]]]] = {}
    for words in sorted(found):
        first, targets = words[0], " ".join(sorted(found[words]))
        group = groups.setdefault(first, {})
        if len(set(words)) > 1:
            rarest = min(words, key=lambda word: (counts[word], word))
            other = next(word for word in words if word != rarest)
            places = loose.setdefault(rarest, {}).setdefault(other, ([], []))
            places[first == rarest].append(str(len(group)))
        group[" ".join(words[1:])] = targets
    for words in sorted(found):
        whole = "".join(words)
        if len(words) == 2 and len(whole) <= LONGEST_WHOLE:
            groups.setdefault(whole, {}).setdefault("", " ".join(sorted(found[words])))
    lines = {word: _line(group) for word, group in groups.items()}
    for rarest, by_other in loose.items():
        lines[_ANY_ORDER + rarest] = _line(
            {
                other: _RAREST_FIRST.join(map(" ".join, places)).rstrip(_RAREST_FIRST)
                for other, places in by_other.items()
            }
        )
    return lines


def _line(values: Mapping[str, str]) -> str:
    return _BETWEEN.join(values) + _VALUES + _BETWEEN.join(values.values())
