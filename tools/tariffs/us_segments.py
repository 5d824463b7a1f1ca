"""Rates of the United States by code and period, and the fewest rows that say the same.

A lookup takes the longest prefix. Where all subheadings below a prefix agree, one row stands for
them; before writing, every code is looked up again in the compressed rows.
"""

from __future__ import annotations

import csv
import datetime as dt
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

COLUMNS: Final = ("code", "type", "origin", "duty", "from", "to", "source", "note", "lines")
BEGIN: Final = "2021-07-01"
"""First day the library covers; what began before has no `from`."""
END: Final = "9999-12-31"


@dataclass(frozen=True, order=True)
class Segment:
    """What holds for a code over a period; days are ISO text, `END` = open."""

    from_: str
    to: str
    duty: str
    origin: str = ""
    source: str = ""
    note: str = ""

    def on(self, day: str) -> bool:
        """Whether the day lies in the period."""
        return self.from_ <= day <= self.to


Segments = tuple[Segment, ...]
Leaves = dict[str, Segments]
"""By eight digits, or by nine and ten digits where a subheading is split."""
Row = tuple[str, ...]


def read(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def digits(code: str) -> str:
    """A code without its dots."""
    return re.sub(r"\D", "", code)


def day_before(day: str) -> str:
    """The day before an ISO day."""
    return (dt.date.fromisoformat(day) - dt.timedelta(days=1)).isoformat()


def day_after(day: str) -> str:
    """The day after an ISO day."""
    return (dt.date.fromisoformat(day) + dt.timedelta(days=1)).isoformat()


def split_tens(flat: Leaves) -> Leaves:
    """Spread subheadings over nine digits where ten-digit numbers differ from them."""
    tens: dict[str, list[str]] = defaultdict(list)
    for code in flat:
        if len(code) == 10:
            tens[code[:8]].append(code)
    found: Leaves = {}
    for code in (code for code in flat if len(code) == 8):
        different = [ten for ten in tens[code] if flat[ten] != flat[code]]
        if not different:
            found[code] = flat[code]
            continue
        found.update(spread(code, flat[code], {ten: flat[ten] for ten in different}))
    return found


def spread(code: str, rest: Segments, tens: Leaves) -> Leaves:
    """A split subheading as rows none of which is a prefix of another.

    They have nine digits, or ten in each nine-digit group in which some numbers differ.
    """
    found: Leaves = {}
    for nine in (f"{code}{n}" for n in range(10)):
        if any(ten.startswith(nine) for ten in tens):
            found.update({f"{nine}{n}": tens.get(f"{nine}{n}", rest) for n in range(10)})
        else:
            found[nine] = rest
    return found


def fill(leaves: Leaves, absent: str, origin: str) -> Leaves:
    """Give unlisted goods an explicit duty where a heading is mixed, so that ranges are honest."""
    families: dict[str, list[str]] = defaultdict(list)
    for code in leaves:
        families[code[:4]].append(code)
    found: Leaves = {}
    for codes in families.values():
        mixed = len({leaves[code] for code in codes}) > 1
        begin = min((s.from_ for code in codes for s in leaves[code]), default=BEGIN)
        end = max((s.to for code in codes for s in leaves[code]), default=END)
        for code in codes:
            found[code] = (
                _filled(leaves[code], absent, origin, begin, end) if mixed else leaves[code]
            )
    return found


def _filled(segments: Segments, absent: str, origin: str, begin: str, end: str) -> Segments:
    found: list[Segment] = []
    at = begin
    for segment in sorted(segments):
        if at < segment.from_:
            found.append(Segment(at, day_before(segment.from_), absent, origin))
        found.append(segment)
        at = day_after(segment.to) if segment.to != END else END
    if at <= end and at != END:
        found.append(Segment(at, end, absent, origin))
    return tuple(found)


def compress(leaves: Leaves) -> Leaves:
    """One entry for a prefix below which all subheadings agree."""
    eights: dict[str, list[str]] = defaultdict(list)
    for code in leaves:
        eights[code[:8]].append(code)
    below: dict[str, set[str]] = defaultdict(set)
    for eight in eights:
        for shorter, longer in ((2, 4), (4, 6), (6, 8)):
            below[eight[:shorter]].add(eight[:longer])
    found: Leaves = {}

    def uniform(prefix: str) -> Segments | None:
        if len(prefix) == 8:
            kept = eights[prefix]
            return leaves[prefix] if kept == [prefix] else None
        agreed: Segments | None = None
        for child in below[prefix]:
            segments = uniform(child)
            if segments is None or (agreed is not None and segments != agreed):
                return None
            agreed = segments
        return agreed

    def emit(prefix: str) -> None:
        segments = uniform(prefix)
        if segments is not None:
            found[prefix] = segments
        elif len(prefix) == 8:
            found.update({code: leaves[code] for code in eights[prefix]})
        else:
            for child in sorted(below[prefix]):
                emit(child)

    for chapter in sorted({code[:2] for code in leaves}):
        emit(chapter)
    return found


def checked(type_: str, leaves: Leaves, compressed: Leaves) -> None:
    """Stop if any code, on any day at which something changes, reads differently."""
    for code, segments in leaves.items():
        held: Segments = ()
        for length in range(len(code), 0, -1):
            if code[:length] in compressed:
                held = compressed[code[:length]]
                break
        days = {BEGIN, *(s.from_ for s in segments), *(s.to for s in segments)}
        for day in days:
            want = [s.duty for s in segments if s.on(day)]
            got = [s.duty for s in held if s.on(day)]
            if want != got:
                sys.exit(f"{type_} {code} on {day}: {want} became {got}")
            if len(got) > 1:
                sys.exit(f"{type_} {code} on {day}: more than one rate, {got}")


def rows_of(type_: str, leaves: Leaves, absent: str = "", origin: str = "") -> list[Row]:
    """Compressed, checked rows of one measure type."""
    whole = fill(leaves, absent, origin) if absent else leaves
    compressed = compress(whole)
    checked(type_, whole, compressed)
    below = Counter(code[:length] for code in whole for length in range(2, len(code) + 1))
    weights = {code: str(below[code]) for code in compressed}
    return [
        (
            code,
            type_,
            segment.origin,
            segment.duty,
            "" if segment.from_ <= BEGIN else segment.from_,
            "" if segment.to == END else segment.to,
            segment.source,
            segment.note,
            weights[code] if weights[code] != "1" else "",
        )
        for code, segments in compressed.items()
        for segment in segments
    ]


def write(path: Path, rows: Iterable[Row]) -> None:
    """Write a measures file, sorted."""
    ordered = sorted(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(ordered)
    print(f"{path}: {len(ordered)} rows, {path.stat().st_size} bytes")
