"""Build the United States measures, `data/tariffs/us*.csv`, from a folder of collected facts.

    python tools/tariffs/build_us.py FACTS_FOLDER [--out data/tariffs]

FACTS_FOLDER holds `tariffs/us.csv` (general rates by HTS8) and `us/*.csv` (lists of the additional
duties). Three files are written, sorted, with the columns of `aliexpress_customs.tariff.schedules`:

- `us.csv`: `third_country`, the column 1 general rate as a duty expression; `?` with the printed
  text as note where the grammar cannot say it. Countries of column 2 are left out.
- `us.section_301.csv`: `section_301`, the one China-301 rate that applies on a day (lists 1 to 4A
  and the four-year review), and `section_301_exclusion`.
- `us.lists.csv`: the Section 232 programmes, one type each, and for duties with lists of exempt
  goods the share of the value that is dutiable (`forced_labor_base`: `100 %`, or `0 %` if listed).

A lookup takes the longest prefix. Where all subheadings below a prefix agree, one row stands for
them. Where they differ, goods that no list names get an explicit `0 %`, so that a code too short to
decide gives a range with 0 in it, and a subheading that is split at ten digits is spread over
nine-digit prefixes, so that its eight digits give a range too. `lines` counts what a row stands
for. Before writing, every code of every source is looked up again in the compressed rows.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Final

from us_section_232 import articles, programme, russian_aluminum, timber, winners
from us_section_301 import exclusions, section_301
from us_segments import (
    BEGIN,
    END,
    Leaves,
    Row,
    Segment,
    day_before,
    digits,
    read,
    rows_of,
    write,
)

from aliexpress_customs.tariff.duty import CANDIDATES
from aliexpress_customs.tariff.printed import OPEN, UnreadRateError, american

COLUMN_2: Final = "!BY CU KP RU"
"""Column 1 rates are not for these origins; their column 2 rates are not among the facts."""
AGRICULTURE_SPARED: Final = "2025-11-13"
FARM_CHAPTERS: Final = (*(f"{n:02}" for n in range(1, 25)), "31")
AIRCRAFT_FROM: Final = "39"
RESINS: Final = tuple(f"{n}" for n in range(3901, 3915))
AIRCRAFT: Final = "88"


def general_rates(facts: Path) -> Leaves:
    """Column 1 general rates by HTS8."""
    found: Leaves = {}
    for row in read(facts / "tariffs" / "us.csv"):
        printed = " ".join(row["rate_text"].split())
        try:
            duty = american(printed)
        except UnreadRateError:
            duty = OPEN
        note = printed if duty == OPEN or CANDIDATES in duty else ""
        segment = Segment(BEGIN, END, duty, COLUMN_2, "hts2026r10", note)
        found[digits(row["code"])] = (segment,)
    return found


def base(universe: Iterable[str], exempt: Iterable[str], source: str, note: str) -> Leaves:
    """The dutiable share of the value: all, or nothing if the subheading is exempt."""
    listed = set(exempt)
    return {
        code: (
            Segment(
                BEGIN,
                END,
                "0 %" if code in listed else "100 %",
                "",
                source,
                note if code in listed else "",
            ),
        )
        for code in {*universe, *listed}
    }


def spared_goods(listed: Iterable[str], forced: Iterable[str]) -> list[str]:
    """The Section 122 list without what it spares only as an article of civil aircraft.

    The list does not say which heading spares a line. The forced-labour list has no aircraft
    lines, so manufactures of the former that the latter lacks are those of heading 9903.03.05:
    headphones, lamps, batteries and the like, which a parcel does not import for an aircraft.
    They are written as `section_122_aircraft`, for who reads the list to the letter. What is an
    aircraft itself, such as a drone, is spared either way: that heading excepts military ones only.
    """
    also = set(forced)
    return [
        code
        for code in listed
        if code < AIRCRAFT_FROM or code.startswith((*RESINS, AIRCRAFT)) or code in also
    ]


def reciprocal_base(universe: Iterable[str], exempt: Iterable[str]) -> Leaves:
    """The dutiable share under the IEEPA reciprocal duty.

    Its own Annex II is not among the facts. The list of Section 122, which followed it, stands in;
    farm goods and fertilizers joined only in November 2025.
    """
    found = base(universe, exempt, "budgetlab", "Section 122 list in place of Annex II")
    for code, (segment,) in found.items():
        if segment.duty == "0 %" and code.startswith(FARM_CHAPTERS):
            found[code] = (
                replace(segment, to=day_before(AGRICULTURE_SPARED), duty="100 %", note=""),
                replace(segment, from_=AGRICULTURE_SPARED),
            )
    return found


def build(facts: Path, out: Path) -> None:
    """Write the three files."""
    general = general_rates(facts)
    universe = sorted(general)
    write(out / "us.csv", rows_of("third_country", general))
    china = section_301(facts, universe)
    write(
        out / "us.section_301.csv",
        [*rows_of("section_301", china, "0 %", "CN"), *exclusions(facts)],
    )
    lists: list[Row] = []
    metals, others = articles(facts)
    decided = winners(universe, metals)
    for type_ in sorted({article.type for article in metals} - {""}):
        lists += rows_of(type_, programme(decided, type_), "0 %")
    lists += rows_of("section_232_russia", russian_aluminum(decided), "0 %", "RU")
    for type_, articles_ in sorted(others.items()):
        lists += rows_of(type_, programme(winners(universe, articles_), type_), "0 %")
    lists += rows_of("section_232_timber", timber(universe), "0 %")
    forced = [
        digits(row["hts8"])
        for row in read(facts / "us" / "section301_forced_labor_exempt_hts8.csv")
    ]
    listed = [digits(row["hts8"]) for row in read(facts / "us" / "us_122_exempt.csv")]
    spared = spared_goods(listed, forced)
    lists += rows_of("section_122_base", base(universe, spared, "budgetlab", "9903.03.03-.04"))
    others = (code for code in universe if code not in listed or code in spared)
    aircraft = base(universe, others, "budgetlab", "")
    lists += rows_of("section_122_aircraft", aircraft)
    earlier = (code for code in spared if not code.startswith(AIRCRAFT))
    lists += rows_of("reciprocal_base", reciprocal_base(universe, earlier))
    lists += rows_of("forced_labor_base", base(universe, forced, "cbp2026-07-23", "9903.05.86"))
    write(out / "us.lists.csv", lists)


def main(arguments: list[str] | None = None) -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("facts", type=Path)
    parser.add_argument("--out", type=Path, default=Path("data/tariffs"))
    given = parser.parse_args(arguments)
    build(given.facts, given.out)


if __name__ == "__main__":
    main()
