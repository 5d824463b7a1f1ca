"""Build the United States measures, `data/tariffs/us*.csv`, from a folder of collected facts.

    python tools/tariffs/build_us.py FACTS_FOLDER [--out data/tariffs]

FACTS_FOLDER holds `tariffs/us.csv` (general rates by HTS8) and `us/*.csv` (lists of the additional
duties). Three files are written, sorted, with the columns of `aliexpress_customs.tariff.measures`:

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
import csv
import datetime as dt
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from aliexpress_customs.tariff.printed import OPEN, UnreadRateError, american

COLUMNS: Final = ("code", "type", "origin", "duty", "from", "to", "source", "note", "lines")
BEGIN: Final = "2021-07-01"
"""First day the library covers; what began before has no `from`."""
END: Final = "9999-12-31"
COLUMN_2: Final = "!BY CU KP RU"
"""Column 1 rates are not for these origins; their column 2 rates are not among the facts."""
METALS_2025: Final = "2025-03-12"
"""Before this day Section 232 metals spared countries that the facts do not name."""
AGRICULTURE_SPARED: Final = "2025-11-13"
FARM_CHAPTERS: Final = (*(f"{n:02}" for n in range(1, 25)), "31")
AIRCRAFT_FROM: Final = "39"
RESINS: Final = tuple(f"{n}" for n in range(3901, 3915))
UNCONFIRMED_232: Final = {"8471"}
"""A heading without subheadings in the aluminium annex, taken for a slip of the parser: it would
put 25 % on every computer."""


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
Periods = list[tuple[str, str, "Article"]]
"""First day, last day, and the list entry that decides between them."""
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


# ---- general rates ----


def general_rates(facts: Path) -> Leaves:
    """Column 1 general rates by HTS8."""
    found: Leaves = {}
    for row in read(facts / "tariffs" / "us.csv"):
        try:
            duty, note = american(row["rate_text"]), ""
        except UnreadRateError:
            duty, note = OPEN, " ".join(row["rate_text"].split())
        segment = Segment(BEGIN, END, duty, COLUMN_2, "hts2026r10", note)
        found[digits(row["code"])] = (segment,)
    return found


# ---- China Section 301 ----


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
        rest: Segments = (_segment(BEGIN, END, OPEN, "", "lists 3 and 4A share the subheading"),)
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
    if ten[:8] == "63079098":  # masks: only the dated rows are known
        return named
    return named + [row for row in general if not any(_overlap(row, other) for other in named)]


def _overlap(row: Mapping[str, str], other: Mapping[str, str]) -> bool:
    return row["valid_from"] <= (other["valid_to"] or END) and other["valid_from"] <= (
        row["valid_to"] or END
    )


def _segment(start: str, end: str, duty: str, heading: str = "", note: str = "") -> Segment:
    text = note or heading
    return Segment(max(start, BEGIN), end, duty, "CN", "hts2026r10", text)


def _timeline(rows: list[dict[str, str]]) -> Segments:
    """One rate for every day: review rates replace the lists; what came before them is open."""
    found: list[Segment] = []
    for row in rows:
        start = row["valid_from"]
        if row["ch99"] == "9903.91.05" and start == "2025-02-01":
            start = "2025-01-01"  # the heading's own date; the HTS printed it a revision later
        found.append(_segment(start, row["valid_to"] or END, f"{row['rate']} %", row["ch99"]))
    found.sort()
    if found and found[0].from_ > BEGIN:
        note = "rate before the four-year review not found"
        found.insert(0, _segment(BEGIN, day_before(found[0].from_), OPEN, note=note))
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


# ---- Section 232 ----


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


# ---- duties with lists of exempt goods ----


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
    """
    also = set(forced)
    return [
        code for code in listed if code < AIRCRAFT_FROM or code.startswith(RESINS) or code in also
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


# ---- compression ----


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
    lists += rows_of("reciprocal_base", reciprocal_base(universe, spared))
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
