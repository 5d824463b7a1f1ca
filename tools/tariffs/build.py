"""Build the measures of EU, UK, Japan, EAEU, Canada, Australia and Norway from collected facts.

    python tools/tariffs/build.py FACTS_FOLDER [--out data/tariffs] [--check]

FACTS_FOLDER holds one CSV per schedule with `code`, `rate_text` (as printed) and `source`; its
README says where each comes from. Written are `<name>.csv`, type `third_country`, sorted:

- Printed rates become duty expressions (`aliexpress_customs.tariff.printed`); a text that cannot be
  said becomes `?` with the text as note. Codes without a known successor of their rate get their
  candidates, `4 %|8 %`, ordered by how often their nearest relatives have each.
- Where every line below a prefix of 2, 4, 6 or 8 digits has the same duty, one row stands for them
  and `lines` says for how many. A heading or chapter is only joined if the schedule has every
  subheading that at least two of the large schedules have: a schedule with gaps stays open there.
- `from` is the day from which a rate is known to apply; schedules that only carry the day of the
  copy have none (`sources.toml` has that day).
- Norway's schedule of 2019 uses HS 2017. Subheadings that ended in 2022 are carried over by the
  concordance: one rate if all predecessors agree, else candidates.

Afterwards every original code is looked up in the written rows and must read as before, and the
spot rates below must hold; otherwise the script stops. `--check` writes nothing and fails if the
files in place differ from what would be written.
"""

from __future__ import annotations

import argparse
import csv
import io
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from aliexpress_customs.tariff.duty import CANDIDATES, parse_duties
from aliexpress_customs.tariff.printed import (
    OPEN,
    RUSSIAN_FOOTNOTE,
    australian,
    european,
    japanese,
    norwegian,
    read_or_open,
    russian,
)

COLUMNS: Final = ("code", "type", "origin", "duty", "from", "to", "source", "note", "lines")
TYPE: Final = "third_country"
LEVELS: Final = (2, 4, 6, 8)
COMPLETE: Final = ("eu", "us", "jp", "eaeu")
"""Schedules of HS 2022 without gaps; what two of them have is a subheading of the nomenclature."""
CARRIED: Final = "2022-01-01"
"""First day of the codes of HS 2022."""
COPIES: Final[Mapping[str, str]] = {
    "eu": "cet2021",
    "gb": "ukgt2021",
    "jp": "jp2026-07-09",
    "eaeu": "eec",
    "ca": "cbsa2026-09-01",
    "au": "abf2026-04",
    "no": "no2019",
}
"""Key of each copy in `sources.toml`; chapters of the Eurasian tariff add their own day."""


@dataclass(frozen=True)
class Line:
    """What one tariff line, or a prefix of like lines, says."""

    duty: str
    from_: str = ""
    source: str = ""
    note: str = ""
    lines: int = 1


Lines = dict[str, Line]

USUAL: Final[Mapping[str, Line]] = {"au": Line("5 %|0 %|10 %", source="au_majority")}
"""What most lines of a tariff bear, for those that its copy lacks."""
PARTLY: Final[Mapping[str, frozenset[str]]] = {"ca": frozenset({"850132", "902290"})}
"""Subheadings of which a copy lacks some lines, as the list of its lines says."""
SPECIFIC: Final = ("22", "24", "27")
"""Chapters of goods with excise, to which that does not extend."""

SPOT: Final[Mapping[str, Mapping[str, str]]] = {
    "eu": {
        "61091000": "12 %",
        "64029931": "16.8 %",
        "64041100": "16.9 %",
        "85171300": "0 %",
        "85183000": "0 %",
        "85395200": "3.7 %",
        "42022210": "9.7 %",
        "42022290": "3.7 %",
        "95030041": "4.7 %",
        "71171900": "4 %",
        "85076000": "2.7 %",
    },
    "gb": {
        "61091000": "12 %",
        "64041100": "16 %",
        "85171300": "0 %",
        "85395200": "0 %",
        "42022210": "8 %",
        "42022290": "2 %",
        "71171900": "4 %",
        "85076000": "2 %",
    },
    "jp": {
        "610910010": "10.9 %",
        "640320012": "30 % MIN 4300 JPY/pair",
        "851713000": "0 %",
        "711719090": "3.7 %",
        "420222200": "8 %",
        "640291000": "8 %|6.7 %",
    },
    "eaeu": {
        "6109100000": "1.75 EUR/kg",
        "6404110000": "0.47 EUR/pair",
        "8517130000": "0 %",
        "7117190000": "3 EUR/kg",
        "8507600000": "0 %",
    },
    "ca": {"61091000": "18 %", "64041191": "18 %", "85171300": "0 %"},
    "au": {"85171300": "0 %", "71171900": "5 %", "85076000": "5 %"},
    "no": {"61091000": "10.7 %", "64041100": "0 %", "95030000": "0 %", "85171300": "0 %"},
}
"""Rates that anyone can look up; the first ones of the facts' README."""


def read(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def printed(
    facts: Path, file: str, reader: Callable[[str], str], source: Callable[[Mapping[str, str]], str]
) -> Lines:
    """The lines of a schedule whose printed rates one reader can read."""
    found: Lines = {}
    for row in read(facts / file):
        duty, note = read_or_open(reader, row["rate_text"])
        if duty != OPEN and CANDIDATES in duty:
            note = " ".join(row["rate_text"].split())
        found[row["code"]] = Line(duty, "", source(row), note)
    return found


def european_lines(facts: Path, name: str, key: str) -> Lines:
    """EU or UK lines: the copy of 2021, codes carried to later nomenclatures, and open ones."""

    def source(row: Mapping[str, str]) -> str:
        text = row["source"]
        if "correlation" in text:
            return f"{key} cn2022"
        return f"{key} {'carried' if 'uniform' in text else ''}".strip()

    found = printed(facts, f"{name}.csv", european, source)
    for row in read(facts / f"{name}.csv"):
        found[row["code"]] = replace(found[row["code"]], from_=row["valid_from"])
    relatives = dict(found)
    for row in read(facts / f"{name}_unresolved.csv"):
        options = [o for o in row["candidate_rates"].split("|") if o]
        cells = [read_or_open(european, option)[0] for option in options]
        listed = "|".join(options)
        note = f"{row['note']}: {listed}" if listed else row["note"]
        duty = OPEN
        if cells and OPEN not in cells:
            unique = sorted({part for cell in cells for part in cell.split(CANDIDATES)})
            duty = CANDIDATES.join(by_frequency(unique, row["code"], relatives))
            note = row["note"]
        found[row["code"]] = Line(duty, CARRIED, f"{key} unresolved", note)
    return found


def by_frequency(options: list[str], code: str, relatives: Lines) -> list[str]:
    """Candidates ordered by how many lines of the subheading, heading and chapter have each."""

    def rank(option: str) -> tuple[int, ...]:
        return tuple(
            sum(line.duty == option for other, line in relatives.items() if other[:n] == code[:n])
            for n in (6, 4, 2)
        )

    return sorted(options, key=rank, reverse=True)


def eaeu_lines(facts: Path) -> Lines:
    """The Eurasian tariff; a footnote mark becomes a note."""
    found: Lines = {}
    for row in read(facts / "eaeu.csv"):
        text = row["rate_text"]
        mark = RUSSIAN_FOOTNOTE.search(text)
        duty, note = read_or_open(russian, RUSSIAN_FOOTNOTE.sub("", text))
        if mark:
            note = "; ".join(filter(None, (note, f"footnote {mark[1]} not applied")))
        elif CANDIDATES in duty:
            note = text
        day = row["valid_from"]
        found[row["code"]] = Line(duty, "", f"eec{day}", note)
    return found


def norwegian_lines(facts: Path, subheadings: set[str]) -> Lines:
    """Norway's lines of 2019 on the HS of 2022."""
    old = printed(facts, "no_2019.csv", norwegian, lambda row: COPIES["no"])
    successors: dict[str, list[str]] = defaultdict(list)
    for row in read(facts / "hs2017_to_hs2022_changed.csv"):
        successors[row["hs2017"]].append(row["hs2022"])
    found: Lines = {}
    inherited: dict[str, Counter[str]] = defaultdict(Counter)
    for code, line in old.items():
        six = code[:6]
        if six in subheadings:
            found[code] = line
        elif six not in successors:
            found[code] = replace(line, note="; ".join(filter(None, (line.note, "HS 2017 code"))))
        for new in successors[six]:
            inherited[new][line.duty] += 1
    kept = {code[:6] for code in found}
    for new, duties in sorted(inherited.items()):
        if new in kept or new not in subheadings:
            continue
        options = [duty for duty, _ in duties.most_common()]
        duty = OPEN if OPEN in options else CANDIDATES.join(options)
        note = "" if len(options) == 1 else "predecessors of HS 2017 differ"
        found[new] = Line(duty, CARRIED, f"{COPIES['no']} hs2022", note)
    return found


def subheadings_of(facts: Path) -> set[str]:
    """Six-digit codes that at least two of the complete schedules have."""
    counts = Counter(
        six for name in COMPLETE for six in {row["code"][:6] for row in read(facts / f"{name}.csv")}
    )
    return {six for six, count in counts.items() if count >= 2}


def with_gaps(lines: Lines, subheadings: set[str], name: str) -> Lines:
    """The lines, and an open one for each subheading that a copy lacks in part or whole.

    Lacking in whole: two large schedules have the subheading, this one has only others of its
    heading. In part: its only line is one of a national split, such as Australia's 6402.99.10.
    Where a source tells what most lines bear, the lacking ones have that, the likeliest first.
    """
    source, usual = COPIES[name], USUAL.get(name)
    national: dict[str, set[str]] = defaultdict(set)
    for code in lines:
        national[code[:6]].add(code[6:])
    headings = {code[:4] for code in lines}
    found = dict(lines)

    def lacking(six: str, note: str) -> None:
        if usual and not six.startswith(SPECIFIC):
            found[six] = Line(usual.duty, "", f"{source} {usual.source}", note)
        else:
            found[six] = Line(OPEN, "", source, note)

    for six in sorted(subheadings):
        if six not in national and (usual or six[:4] in headings):
            lacking(six, "not in the copy of the schedule")
    for six in sorted(PARTLY.get(name, ())):
        lacking(six, "the copy of the schedule has only some of its lines")
    for six, rest in national.items():
        (only, *others) = sorted(rest)
        if not others and only and not only.startswith("0"):
            lacking(six, f"the copy of the schedule has only {six}{only}")
    return found


def compress(lines: Lines, subheadings: set[str]) -> Lines:
    """One entry for a prefix below which all lines agree and none is missing."""
    present = {code[:6] for code in lines}
    gaps = {six[:n] for six in subheadings - present for n in (2, 4)}
    below: dict[str, list[str]] = defaultdict(list)
    for code in lines:
        for level in LEVELS:
            if level <= len(code):
                below[code[:level]].append(code)
    found: Lines = {}
    done: set[str] = set()
    for prefix in sorted(below, key=lambda prefix: (len(prefix), prefix)):
        codes = below[prefix]
        if prefix in gaps or codes[0] in done:
            continue
        joined = [lines[code] for code in codes]
        if len({(line.duty, line.note) for line in joined}) == 1:
            found[prefix] = replace(
                joined[0],
                from_=min(line.from_ for line in joined),
                source=" ".join(dict.fromkeys(k for line in joined for k in line.source.split())),
                lines=len(codes),
            )
            done.update(codes)
    found.update({code: line for code, line in lines.items() if code not in done})
    return found


def checked(name: str, lines: Lines, compressed: Lines) -> None:
    """Stop if any code reads differently, a cell is no duty, or a spot rate is off."""
    for code, line in lines.items():
        prefixes = (code[:length] for length in range(len(code), 0, -1))
        held = next((compressed[prefix] for prefix in prefixes if prefix in compressed), None)
        if held is None or (held.duty, held.note) != (line.duty, line.note):
            sys.exit(f"{name} {code}: {line} became {held}")
        if line.duty != OPEN:
            parse_duties(line.duty)
    for code, duty in SPOT[name].items():
        prefixes = (code[:length] for length in range(len(code), 0, -1))
        got = next((compressed[prefix].duty for prefix in prefixes if prefix in compressed), None)
        if got != duty:
            sys.exit(f"{name} {code}: spot rate {duty} is {got}")
    if sum(line.lines for line in compressed.values()) != len(lines):
        sys.exit(f"{name}: lines lost")


def written(lines: Lines) -> str:
    """The CSV text, sorted by code."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for code, line in sorted(lines.items()):
        count = str(line.lines) if line.lines > 1 else ""
        writer.writerow((code, TYPE, "", line.duty, line.from_, "", line.source, line.note, count))
    return text.getvalue()


def build(facts: Path) -> dict[str, str]:
    """The text of every file, by name of the tariff; counts and spot rates are printed."""
    subheadings = subheadings_of(facts)
    schedules: dict[str, Lines] = {
        "eu": european_lines(facts, "eu", COPIES["eu"]),
        "gb": european_lines(facts, "gb", COPIES["gb"]),
        "jp": printed(facts, "jp.csv", japanese, lambda row: COPIES["jp"]),
        "eaeu": eaeu_lines(facts),
        "ca": printed(facts, "ca.csv", european, lambda row: COPIES["ca"]),
        "au": printed(facts, "au.csv", australian, lambda row: COPIES["au"]),
        "no": norwegian_lines(facts, subheadings),
    }
    texts = {}
    for name, copied in schedules.items():
        lines = with_gaps(copied, subheadings, name)
        compressed = compress(lines, subheadings)
        checked(name, lines, compressed)
        texts[name] = written(compressed)
        open_ = sum(line.duty == OPEN for line in lines.values())
        several = sum(CANDIDATES in line.duty for line in lines.values())
        report(
            f"{name}: {len(copied)} lines and {len(lines) - len(copied)} gaps in "
            f"{len(compressed)} rows, {len(texts[name])} bytes, {open_} open, "
            f"{several} with candidates; "
            + ", ".join(f"{code} {duty}" for code, duty in SPOT[name].items())
        )
    return texts


def report(text: str) -> None:
    """One line of output."""
    sys.stdout.write(text + "\n")


def main(arguments: Iterable[str] | None = None) -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("facts", type=Path)
    parser.add_argument("--out", type=Path, default=Path("data/tariffs"))
    parser.add_argument("--check", action="store_true", help="write nothing, compare")
    given = parser.parse_args(None if arguments is None else list(arguments))
    texts = build(given.facts)
    for name, text in texts.items():
        path: Path = given.out / f"{name}.csv"
        if not given.check:
            path.write_text(text, encoding="utf-8", newline="")
        elif not path.is_file() or path.read_text(encoding="utf-8") != text:
            sys.exit(f"{path} is not what the facts give.")


if __name__ == "__main__":
    main()
