"""Measures by commodity code and origin: `data/tariffs/<name>*.csv`, loaded when first asked for.

Columns: `code` (prefix, digits), `type` (`third_country`, `additional`, ...), `origin` (empty =
any; codes separated by blanks; a leading `!` excludes those), `duty` (expression, or `?` where
the schedule leaves it open), `from`, `to`, `source`, `note`. The longest prefix wins per type.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from aliexpress_customs.datafiles import data_folder
from aliexpress_customs.errors import TariffError

OPEN: Final = "?"


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
        expected: the most common expression among the candidates.
    """

    exact: Measure | None = None
    candidates: tuple[Measure, ...] = ()
    expected: str = ""


class Schedule:
    """All measures of one tariff."""

    def __init__(self, name: str, measures: Iterable[Measure], digest: str = "") -> None:
        self.name = name
        self.digest = digest
        self._by_type: dict[str, dict[str, list[Measure]]] = {}
        for measure in measures:
            self._by_type.setdefault(measure.type, {}).setdefault(measure.code, []).append(measure)
        self._codes = {kind: sorted(codes) for kind, codes in self._by_type.items()}

    def __contains__(self, kind: str) -> bool:
        return kind in self._by_type

    def find(self, kind: str, code: str, origin: str, on: dt.date) -> Found:
        """The measure of a type for a commodity code, by longest prefix.

        Args:
            kind: measure type.
            code: digits; empty if unknown.
            origin: ISO 3166-1 alpha-2.
            on: day of clearance.
        """
        rows = self._by_type.get(kind)
        if rows is None:
            return Found()
        for length in range(len(code), 0, -1):
            for measure in rows.get(code[:length], ()):
                if measure.applies(origin, on):
                    return Found(exact=measure)
        below = tuple(self._below(kind, code, origin, on))
        if not below:
            return Found()
        counts = Counter(measure.duty for measure in below if measure.duty != OPEN)
        expected = max(counts, key=lambda duty: (counts[duty], duty)) if counts else OPEN
        if len(counts) == 1 and not any(measure.duty == OPEN for measure in below):
            return Found(exact=below[0])
        return Found(candidates=below, expected=expected)

    def _below(self, kind: str, code: str, origin: str, on: dt.date) -> Iterable[Measure]:
        codes = self._codes[kind]
        rows = self._by_type[kind]
        for index in range(bisect_left(codes, code), len(codes)):
            if not codes[index].startswith(code):
                return
            for measure in rows[codes[index]]:
                if measure.applies(origin, on):
                    yield measure


@lru_cache(maxsize=64)
def schedule(name: str) -> Schedule | None:
    """The shipped measures of a tariff, such as `eu`; None if none are shipped.

    Raises:
        TariffError: a malformed row, naming file and line.
    """
    folder = data_folder() / "tariffs"
    paths = sorted([*folder.glob(f"{name}.csv"), *folder.glob(f"{name}.*.csv")])
    if not name or not paths:
        return None
    digest = hashlib.sha256()
    measures: list[Measure] = []
    for path in paths:
        digest.update(path.read_bytes())
        measures.extend(_rows(path))
    return Schedule(name, measures, digest.hexdigest()[:16])


def _rows(path: Path) -> Iterable[Measure]:
    with path.open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file), 2):
            try:
                yield _measure(row)
            except (KeyError, ValueError, AttributeError) as error:
                raise TariffError(
                    f"The row is no measure: {error}.", path=f"{path.name}:{number}"
                ) from error


def _measure(row: dict[str, str]) -> Measure:
    origin = (row.get("origin") or "").strip()
    code = row["code"]
    if not code.isdigit():
        raise ValueError(f"{code!r} is no code")
    return Measure(
        code=code,
        type=row["type"],
        origins=frozenset(origin.removeprefix("!").split()),
        excluding=origin.startswith("!"),
        duty=row["duty"],
        from_=_day(row.get("from")),
        to=_day(row.get("to")),
        source=row.get("source") or "",
        note=row.get("note") or "",
    )


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
