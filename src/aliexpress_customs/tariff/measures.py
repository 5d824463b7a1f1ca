"""Measures by commodity code and origin, and what a schedule of them says about a code.

The longest prefix wins per type, and a row below another row is an exception: a code that is too
short to name it gets the row above. A row of type `usual` names the line that consumers' goods of a
shorter code are usually of: its duty is the expected one of their range. Rows are read from files
by `schedules.py`.

A row may stand for a prefix below which every line has the same duty. So a code that is in no
nomenclature but lies below such a prefix gets the duty that all its neighbours have: wrong last
digits cannot change it. Below a prefix whose lines differ, such a code finds nothing here, and
`Schedule.nearest` gives its neighbours for a range.
"""

from __future__ import annotations

import datetime as dt
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from aliexpress_customs.tariff.duty import CANDIDATES
from aliexpress_customs.tariff.printed import OPEN

__all__ = ["OPEN", "Found", "Measure", "Row", "Schedule"]

USUAL: Final = "usual"
INTERNATIONAL: Final = 6
"""Digits that every tariff shares; below them a code of another country's tariff may be meant."""
_REMEMBERED: Final = 65_536


@dataclass(frozen=True, slots=True)
class Measure:
    """One row of a measures file."""

    code: str
    type: str
    origins: frozenset[str]
    excluding: bool
    duty: str
    from_: dt.date | None
    to: dt.date | None
    source: str
    note: str
    lines: int = 1

    def applies(self, origin: str, on: dt.date) -> bool:
        """Whether the row is in force for goods of an origin on a day."""
        if self.origins and (origin in self.origins) is self.excluding:
            return False
        return (self.from_ is None or self.from_ <= on) and (self.to is None or on <= self.to)


@dataclass(frozen=True, slots=True)
class Found:
    """What a schedule says about a code.

    Attributes:
        exact: the row that decides, if the code is deep enough.
        candidates: else every row below the code, for a range.
        expected: the most common expression among the lines below the code.
        neighbours: the schedule does not have the code; these share its first digits.
    """

    exact: Measure | None = None
    candidates: tuple[Measure, ...] = ()
    expected: str = ""
    neighbours: bool = False

    @property
    def lines(self) -> int:
        """Lines of the schedule that fit."""
        return sum(measure.lines for measure in self.candidates) or int(self.exact is not None)


_NOTHING: Final = Found()
Row = tuple[str, ...]
"""Cells of a row: code, type, duty, origin, from, to, source, note, lines."""
_Above = tuple[tuple[Measure, Found], ...]


class Schedule:
    """All measures of one tariff."""

    def __init__(self, name: str, measures: Iterable[Measure], digest: str = "") -> None:
        self.name = name
        self.digest = digest
        self._by_type: dict[str, dict[str, list[Row] | tuple[Measure, ...]]] = {}
        gathered: dict[str, dict[str, list[Measure]]] = {}
        for measure in measures:
            gathered.setdefault(measure.type, {}).setdefault(measure.code, []).append(measure)
        for kind, by_code in gathered.items():
            self._by_type[kind] = {code: tuple(found) for code, found in by_code.items()}
        self._codes: dict[str, list[str]] = {}
        self._remembered: dict[tuple[str, str], _Above] = {}
        self._likeliest: dict[tuple[str, str, dt.date], str] = {}
        self._unlike: dict[tuple[str, str, dt.date], tuple[str, ...]] = {}

    @classmethod
    def of_rows(cls, name: str, rows: Iterable[Row], digest: str) -> Schedule:
        """From checked rows; each becomes a measure when it is asked for."""
        made = cls(name, (), digest)
        by_type: dict[str, dict[str, list[Row]]] = {}
        for row in rows:
            by_type.setdefault(row[1], {}).setdefault(row[0], []).append(row)
        for kind, by_code in by_type.items():
            made._by_type[kind] = dict(by_code)
        return made

    def __contains__(self, kind: str) -> bool:
        return kind in self._by_type

    @property
    def types(self) -> tuple[str, ...]:
        """The measure types of the tariff, sorted."""
        return tuple(sorted(self._by_type.keys() - {USUAL}))

    def measures(self, kind: str) -> Iterator[Measure]:
        """Every row of a type, by code."""
        for code in self._sorted_codes(kind):
            yield from self._at(self._by_type[kind], code)

    def find(self, kind: str, code: str, origin: str, on: dt.date) -> Found:
        """The measure of a type for a commodity code, by longest prefix.

        Args:
            kind: measure type.
            code: digits; empty if unknown.
            origin: ISO 3166-1 alpha-2.
            on: day of clearance.
        """
        key = (kind, code)
        above = self._remembered.get(key)
        if above is None:
            above = self._remember(key)
        for measure, found in above:
            if measure.applies(origin, on):
                return found
        return self._range(kind, code, origin, on)

    def nearest(self, kind: str, code: str, origin: str, on: dt.date) -> Found:
        """As `find`, but a code that the schedule does not have stands for its neighbours.

        They share at least the six digits that all tariffs share, and whole pairs of digits beyond:
        nomenclatures are divided in pairs.
        """
        found = self.find(kind, code, origin, on)
        if found is not _NOTHING:
            return found
        for length in range((len(code) - 1) // 2 * 2, INTERNATIONAL - 1, -2):
            found = self._range(kind, code[:length], origin, on)
            if found is not _NOTHING:
                return replace(found, neighbours=True)
        return _NOTHING

    def unlike(self, code: str, origin: str, on: dt.date) -> tuple[str, ...]:
        """Lines below a code, one for each combination of duties of all types that occurs.

        Lines with a duty that the schedule leaves open are left out.
        """
        key = (code, origin, on)
        if key not in self._unlike:
            if len(self._unlike) >= _REMEMBERED:
                self._unlike.clear()
            first: dict[tuple[str, ...], str] = {}
            below = self._all_below(code, origin, on)
            rows = {kind: list(self._deciding(measures)) for kind, measures in below.items()}
            for line, _, duties in _leaves(rows):
                if OPEN not in duties:
                    first.setdefault(duties, line)
            self._unlike[key] = tuple(first.values())
        return self._unlike[key]

    def _remember(self, key: tuple[str, str]) -> _Above:
        """Every row at the code or above it, the longest prefix first."""
        kind, code = key
        rows = self._by_type.get(kind)
        found: list[Measure] = []
        if rows is not None:
            for length in range(len(code), 0, -1):
                if code[:length] in rows:
                    found.extend(self._at(rows, code[:length]))
        if len(self._remembered) >= _REMEMBERED:
            self._remembered.clear()
        self._remembered[key] = above = tuple((measure, Found(measure)) for measure in found)
        return above

    def _range(self, kind: str, code: str, origin: str, on: dt.date) -> Found:
        below = tuple(self._deciding(m for m in self._below(kind, code) if m.applies(origin, on)))
        if not below:
            return _NOTHING
        duties = {measure.duty for measure in below}
        if len(duties) == 1 and OPEN not in duties and CANDIDATES not in below[0].duty:
            return Found(below[0])
        expected = _covering(below, self._likeliest_line(code, origin, on))
        if expected in {"", OPEN}:
            counts: Counter[str] = Counter()
            for measure in below:
                if measure.duty != OPEN:
                    counts[measure.duty] += measure.lines
            expected = max(counts, key=lambda duty: (counts[duty], _rank(duty)), default=OPEN)
        return Found(None, below, expected.split(CANDIDATES)[0])

    def _likeliest_line(self, code: str, origin: str, on: dt.date) -> str:
        """The line whose duties of all types together most lines below a code share.

        So what is expected of several types is what one line bears. A line of type `usual` comes
        first; of equally common duties the greatest are taken.
        """
        key = (code, origin, on)
        if key not in self._likeliest:
            if len(self._likeliest) >= _REMEMBERED:
                self._likeliest.clear()
            self._likeliest[key] = self._vote(code, origin, on)
        return self._likeliest[key]

    def _all_below(self, code: str, origin: str, on: dt.date) -> dict[str, list[Measure]]:
        """The rows below a code that apply, by type."""
        return {
            kind: [m for m in self._below(kind, code) if m.applies(origin, on)]
            for kind in self.types
        }

    def _vote(self, code: str, origin: str, on: dt.date) -> str:
        for measure in self._below(USUAL, code):
            return measure.code
        rows = self._all_below(code, origin, on)
        votes: Counter[tuple[str, ...]] = Counter()
        first: dict[tuple[str, ...], str] = {}
        for line, count, duties in _leaves(rows):
            votes[duties] += count
            first.setdefault(duties, line)
        known = {duties: count for duties, count in votes.items() if OPEN not in duties} or votes
        return first[max(known, key=lambda duties: (known[duties], _rank(*duties)))]

    def _below(self, kind: str, code: str) -> Iterator[Measure]:
        if kind not in self._by_type:
            return
        codes, rows = self._sorted_codes(kind), self._by_type[kind]
        for index in range(bisect_left(codes, code), len(codes)):
            if not codes[index].startswith(code):
                return
            yield from self._at(rows, codes[index])

    @staticmethod
    def _deciding(measures: Iterable[Measure]) -> Iterator[Measure]:
        """Without rows below a row that has a duty: those are exceptions that a code must name."""
        line = " "
        for measure in measures:
            if measure.code.startswith(line) and measure.code != line:
                continue
            yield measure
            if measure.duty != OPEN:
                line = measure.code

    def _sorted_codes(self, kind: str) -> list[str]:
        codes = self._codes.get(kind)
        if codes is None:
            codes = self._codes[kind] = sorted(self._by_type.get(kind, ()))
        return codes

    @staticmethod
    def _at(rows: dict[str, list[Row] | tuple[Measure, ...]], code: str) -> tuple[Measure, ...]:
        found = rows[code]
        if isinstance(found, list):
            found = rows[code] = tuple(map(_measure, found))
        return found


def _measure(row: Row) -> Measure:
    code, kind, duty, origin, from_, to, source, note, lines = row
    return Measure(
        code=code,
        type=kind,
        origins=_origins(origin),
        excluding=origin.startswith("!"),
        duty=duty,
        from_=_day(from_),
        to=_day(to),
        source=source,
        note=note,
        lines=int(lines or 1),
    )


def _leaves(rows: Mapping[str, Sequence[Measure]]) -> Iterator[tuple[str, int, tuple[str, ...]]]:
    """The deepest codes of rows by type: for how many lines each stands, its duty of each type."""
    weights: Counter[str] = Counter()
    for measures in rows.values():
        for measure in measures:
            weights[measure.code] = max(weights[measure.code], measure.lines)
    codes = sorted(weights)
    for line, following in zip(codes, [*codes[1:], ""], strict=True):
        if not following.startswith(line):
            yield line, weights[line], tuple(_covering(own, line) for own in rows.values())


def _covering(measures: Iterable[Measure], line: str) -> str:
    """The duty of the row with the longest prefix of a line; empty if no row covers it."""
    found = [measure for measure in measures if line.startswith(measure.code)]
    return max(found, key=lambda measure: len(measure.code)).duty if found else ""


def _rank(*duties: str) -> tuple[float, tuple[str, ...]]:
    """Among equally common duties the one with the greatest first number is expected."""
    numbers = (re.match(r"[0-9]+(?:\.[0-9]+)?", duty) for duty in duties)
    return sum(float(match[0]) for match in numbers if match), duties


@lru_cache(maxsize=1024)
def _origins(text: str) -> frozenset[str]:
    return frozenset(text.strip().removeprefix("!").split())


@lru_cache(maxsize=1024)
def _day(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
