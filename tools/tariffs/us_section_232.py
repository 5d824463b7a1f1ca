"""Section 232 duties of the United States: which list decides on an article, at what rate."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from us_segments import (
    BEGIN,
    END,
    Leaves,
    Segment,
    day_after,
    day_before,
    read,
    split_tens,
)

METALS_2025: Final = "2025-03-12"
"""Before this day Section 232 metals spared countries that the facts do not name."""
UNCONFIRMED_232: Final = {"8471"}
"""A heading without subheadings in the aluminium annex, taken for a slip of the parser: it would
put 25 % on every computer."""
Periods = list[tuple[str, str, "Article"]]
"""First day, last day, and the list entry that decides between them."""


@dataclass(frozen=True)
class Article:
    """One row of the Section 232 lists."""

    prefix: str
    program: str
    type: str
    rate: str
    from_: str
    to: str
    source: str

    @property
    def rank(self) -> tuple[int, bool, float]:
        """The longest prefix decides, then full value over content, then the higher rate."""
        return len(self.prefix), self.type != "section_232_content", float(self.rate)


def _metal_type(row: Mapping[str, str]) -> str:
    program = row["program"]
    if program.startswith("copper"):
        return "section_232_copper"
    if program.endswith("annex 2"):
        return ""
    if program.endswith("annex 1b"):
        return "section_232_1b"
    if program.endswith("annex 1c"):
        return "section_232_1c"
    if program.endswith("annex 3"):
        return "section_232_floor"
    return "section_232_content" if "content" in row["basis"] else "section_232"


def articles(facts: Path) -> tuple[list[Article], dict[str, list[Article]]]:
    """Metal articles, and those of the other programmes by type."""
    metals: list[Article] = []
    others: dict[str, list[Article]] = defaultdict(list)
    types = {
        "auto parts": "section_232_auto",
        "mhd parts": "section_232_auto",
        "semiconductors": "section_232_semiconductor",
    }
    for row in read(facts / "us" / "us_232.csv"):
        slip = row["hts_prefix"] in UNCONFIRMED_232 and "annex" in row["program"]
        if slip or row["program"] == "pharma":
            continue
        other = types.get(row["program"], "")
        article = Article(
            row["hts_prefix"],
            row["program"],
            other or _metal_type(row),
            row["rate"],
            row["valid_from"],
            row["valid_to"] or END,
            "budgetlab",
        )
        (others[other] if other else metals).append(article)
    return metals, others


def winners(universe: Iterable[str], rows: list[Article]) -> dict[str, Periods]:
    """For each HTS8 and each ten-digit number in the lists: the deciding article by period."""
    short: dict[str, list[Article]] = defaultdict(list)
    deep: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        short[row.prefix].append(row)
        if len(row.prefix) > 8:
            deep[row.prefix[:8]].add(row.prefix)
    found: dict[str, Periods] = {}
    for eight in sorted({*universe, *deep, *(r.prefix for r in rows if len(r.prefix) == 8)}):
        for code in (eight, *sorted(deep[eight])):
            fits = [row for n in range(2, len(code) + 1) for row in short.get(code[:n], ())]
            if fits or code == eight:
                found[code] = _decide(fits)
    return found


def _decide(fits: list[Article]) -> Periods:
    if not fits:
        return []
    starts = sorted({a.from_ for a in fits} | {day_after(a.to) for a in fits if a.to != END})
    found: Periods = []
    for start, following in zip(starts, [*starts[1:], ""], strict=True):
        live = [a for a in fits if a.from_ <= start <= a.to]
        if not live:
            continue
        end = day_before(following) if following else END
        best = max(live, key=lambda a: a.rank)
        if found and found[-1][2] == best and day_after(found[-1][1]) == start:
            found[-1] = (found[-1][0], end, best)
        else:
            found.append((start, end, best))
    return found


def programme(decided: Mapping[str, Periods], type_: str) -> Leaves:
    """The leaves of one Section 232 type."""
    flat: Leaves = {}
    for code, periods in decided.items():
        segments: list[Segment] = []
        for start, end, article in periods:
            if article.type != type_ or end < BEGIN:
                continue
            origin = "CN HK" if end < METALS_2025 else ""
            segments.append(
                Segment(max(start, BEGIN), end, f"{article.rate} %", origin, article.source)
            )
        flat[code] = tuple(segments)
    return split_tens(flat)


def russian_aluminum(decided: Mapping[str, Periods]) -> Leaves:
    """200 % on aluminium of Russia, headings 9903.85.67 and .68."""
    flat: Leaves = {}
    for code, periods in decided.items():
        flat[code] = tuple(
            Segment(start, end, "200 %", "RU", "hts2026r10", "9903.85.67-.68")
            for start, end, article in periods
            if article.type
            and start >= METALS_2025
            and (article.program.startswith("aluminum") or code.startswith("76"))
        )
    return split_tens(flat)


TIMBER: Final = (
    (("9401614011", "9401614031", "9401616011", "9401616031"), "25 %", "30 %", "9903.76.02"),
    (("9403409060", "9403608093", "9403910080"), "25 %", "50 %", "9903.76.03"),
)
"""Upholstered wooden furniture; kitchen cabinets and vanities. Rates to and from 2027-01-01, as in
facts us-62 and us-63. The numbers of softwood (9903.76.01, 10 %) are not among the facts."""


def timber(universe: Iterable[str]) -> Leaves:
    """Section 232 on wooden furniture."""
    flat: Leaves = dict.fromkeys(universe, ())
    for codes, rate, later, heading in TIMBER:
        for code in codes:
            flat[code] = (
                Segment("2025-10-14", "2026-12-31", rate, "", "greenworldwide", heading),
                Segment("2027-01-01", END, later, "", "greenworldwide", heading),
            )
    return split_tens(flat)
