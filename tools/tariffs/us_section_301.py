"""The China-301 duty of the United States: its rates by subheading, and exclusions from it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

from us_segments import (
    BEGIN,
    END,
    Leaves,
    Row,
    Segment,
    Segments,
    day_before,
    digits,
    read,
    spread,
)

from aliexpress_customs.tariff.printed import OPEN

MASKS = {"valid_from": "2024-09-27", "rate": "25", "ch99": "9903.91.01", "key": "review2024"}
"""Face masks of all kinds since the four-year review, to the first row that the export has."""


def section_301(facts: Path, universe: Iterable[str]) -> Leaves:
    """The China-301 rate of each subheading by period."""
    rows: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in read(facts / "us" / "us_301.csv"):
        rows[row["hts8"][:8]].append(row)
    found: Leaves = {}
    for code in sorted({*universe, *rows}):
        found.update(_china(code, rows.get(code, [])))
    return found


def _china(code: str, rows: list[dict[str, str]]) -> Leaves:
    """Rates of one HTS8, split at ten digits where lists name or leave out statistical numbers."""
    exceptions = {n for row in rows for n in re.findall(r"\d{10}", row["note"])}
    tens = sorted(exceptions | {row["hts8"] for row in rows if len(row["hts8"]) == 10})
    whole = [row for row in rows if len(row["hts8"]) == 8]
    if not tens:
        return {code: _timeline(whole)}
    leaves = {ten: _timeline(_for_ten(ten, rows)) for ten in tens}
    if len(whole) > 1 and _overlap(whole[0], whole[1]):
        rest: Segments = (_segment(BEGIN, END, OPEN, "lists 3 and 4A share the subheading"),)
    else:
        rest = _timeline(whole)
    if code == "85076000":  # vehicle batteries alone differ; everything else follows the heading
        return {code: rest, **leaves}
    return spread(code, rest, leaves)


def _for_ten(ten: str, rows: list[dict[str, str]]) -> list[dict[str, str]]:
    named = [row for row in rows if row["hts8"] == ten]
    general = [
        row for row in rows if len(row["hts8"]) == 8 and ten not in row["note"].replace("was", "")
    ]
    if ten[:8] == "63079098":  # masks: of their lines the export has only the later rows
        first = min(row["valid_from"] for row in named)
        return [{**named[0], **MASKS, "valid_to": day_before(first)}, *named]
    return named + [row for row in general if not any(_overlap(row, other) for other in named)]


def _overlap(row: Mapping[str, str], other: Mapping[str, str]) -> bool:
    return row["valid_from"] <= (other["valid_to"] or END) and other["valid_from"] <= (
        row["valid_to"] or END
    )


def _segment(
    start: str, end: str, duty: str, text: str = "", source: str = "hts2026r10"
) -> Segment:
    return Segment(max(start, BEGIN), end, duty, "CN", source, text)


def _timeline(rows: list[dict[str, str]]) -> Segments:
    """One rate for every day: review rates replace the lists; what came before them is open."""
    found: list[Segment] = []
    for row in rows:
        start = row["valid_from"]
        if row["ch99"] == "9903.91.05" and start == "2025-02-01":
            start = "2025-01-01"  # the heading's own date; the HTS printed it a revision later
        duty, source = f"{row['rate']} %", row.get("key", "hts2026r10")
        found.append(_segment(start, row["valid_to"] or END, duty, row["ch99"], source))
    found.sort()
    if found and found[0].from_ > BEGIN:
        note = "rate before the four-year review not found"
        found.insert(0, _segment(BEGIN, day_before(found[0].from_), OPEN, note))
    return tuple(found)


def exclusions(facts: Path) -> list[Row]:
    """Lines with an exclusion for part of their goods; a caller claims it."""
    return [
        (
            digits(row["hts"]),
            "section_301_exclusion",
            "CN",
            "100 %",
            row["valid_from"],
            row["valid_to"],
            "hts2026r10",
            row["ch99"],
            "",
        )
        for row in read(facts / "us" / "us_301_exclusion_lines.csv")
    ]
