"""Build the tables of old commodity codes from collected facts.

    python tools/commodity/build.py FACTS_FOLDER [--out data/commodity] [--check]

FACTS_FOLDER holds `hs2017_to_hs2022_changed.csv` (`hs2017`, `hs2022`: every pair of six digits that
differ) and `hs_cn2021_to_cn2022.csv` (`cn2021`, `relation`, `cn2022`: every pair of the official
correlation of the Combined Nomenclature). Written are `hs2017_to_hs2022.csv` and
`cn2021_to_cn2022.csv`, one row per old code, its successors sorted and separated by blanks:

- HS: a code that HS 2022 still has kept a part of its goods, so it comes first among its own
  successors.
- CN: whether a pair takes all or a part of the old code is left out; the successors are candidates
  for a person, who needs their texts, not the mark.

The script stops if a successor is no subheading of HS 2022, or if the two tables disagree on what
became of a subheading. `--check` writes nothing and fails if the files in place differ.
"""

from __future__ import annotations

import argparse
import csv
import io
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from aliexpress_customs.commodity.nomenclature import is_valid

HS: Final = ("hs2017", "hs2022")
CN: Final = ("cn2021", "cn2022")
HS_DIGITS: Final = 6
Table = dict[str, list[str]]


def read(path: Path, columns: tuple[str, str], digits: int) -> set[tuple[str, str]]:
    """The pairs of old and new code of a table of facts."""
    with path.open(encoding="utf-8", newline="") as file:
        found = {(row[columns[0]], row[columns[1]]) for row in csv.DictReader(file)}
    bad = sorted(code for pair in found for code in pair if len(code) != digits)
    if bad:
        sys.exit(f"{path.name}: not {digits} digits: {', '.join(bad)}")
    return found


def grouped(pairs: Iterable[tuple[str, str]]) -> Table:
    """Old code to its successors, both sorted; the old code itself first."""
    found: dict[str, set[str]] = defaultdict(set)
    for old, new in pairs:
        found[old].add(new)
    return {
        old: [*([old] if old in found[old] else []), *sorted(found[old] - {old})]
        for old in sorted(found)
    }


def check(hs: set[tuple[str, str]], cn: set[tuple[str, str]]) -> None:
    """Stop if the facts contradict HS 2022 or each other."""
    unknown = sorted({new for _, new in hs | cn if not is_valid(new)})
    if unknown:
        sys.exit(f"not in HS 2022: {', '.join(unknown)}")
    short = {(old[:HS_DIGITS], new[:HS_DIGITS]) for old, new in cn}
    apart = sorted({pair for pair in short if pair[0] != pair[1]} ^ hs)
    if apart:
        sys.exit(f"HS and CN differ: {', '.join('-'.join(pair) for pair in apart)}")


def text(table: Mapping[str, Iterable[str]], columns: tuple[str, str]) -> str:
    """A table as CSV."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows((old, " ".join(new)) for old, new in table.items())
    return out.getvalue()


def build(facts: Path) -> dict[str, str]:
    """The content of each file."""
    hs = read(facts / "hs2017_to_hs2022_changed.csv", HS, HS_DIGITS)
    cn = read(facts / "hs_cn2021_to_cn2022.csv", CN, 8)
    check(hs, cn)
    kept = {(old, old) for old, _ in hs if is_valid(old)}
    return {
        "hs2017_to_hs2022.csv": text(grouped(hs | kept), HS),
        "cn2021_to_cn2022.csv": text(grouped(cn), CN),
    }


def main() -> None:
    """Write the files, or compare them with those in place."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("facts", type=Path)
    parser.add_argument("--out", type=Path, default=Path("data/commodity"))
    parser.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    for name, content in build(arguments.facts).items():
        path = arguments.out / name
        if not arguments.check:
            path.write_text(content, encoding="utf-8")
        elif not path.is_file() or path.read_text(encoding="utf-8") != content:
            sys.exit(f"{path} differs from what the facts say")


if __name__ == "__main__":
    main()
