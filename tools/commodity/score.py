"""Score the classifier on labelled titles, and say which part of them was looked at.

    python tools/commodity/score.py LABELS.csv [--part scored|looked|all] [--also LABELS.csv ...]

`LABELS.csv` has the columns `id,set,title,hs6,hs6_alt,label_note`. Its rows are split by the hash
of the id: the `looked` part was read while rules and weights were made, `scored` was not; files
named by `--also` count whole. `--fit` fits the confidence to the titles given. Strict:
the label itself. Lenient: also its stated alternatives; labels an audit calls wrong do not count.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import math
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

from aliexpress_customs.commodity.classify import Classifier, Ranked, signals_of
from aliexpress_customs.commodity.lexicon import lexicon_files

Row = dict[str, str]
Result = tuple[Row, Ranked, float]

FIRST_LOOKED_AT = 29
"""Rows at the top of the file that were seen in a preview."""
RESTRAINT = 0.002
"""Keeps the weights of the fit small."""
HIGH_SHARE = 0.32
"""Titles to be called `high`."""
STEPS = 3000


def looked_at(number: int, row: Row) -> bool:
    """Whether a row belongs to the part that was read while developing."""
    return number < FIRST_LOOKED_AT or int(hashlib.sha1(row["id"].encode()).hexdigest()[0], 16) < 8  # noqa: S324


def part_of(path: Path, part: str) -> list[Row]:
    """The rows of a part: `looked`, `scored` or `all`."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(enumerate(csv.DictReader(file)))
    return [
        row for number, row in rows if part == "all" or (part == "looked") == looked_at(number, row)
    ]


def right(row: Row, codes: Iterable[str], digits: int, lenient: bool = False) -> bool:
    """Whether one of the codes is the label, or an alternative of it, at so many digits."""
    accepted = {row["hs6"]}
    if lenient:
        accepted |= set(row["hs6_alt"].split())
        if row["label_note"].startswith("gold looks wrong"):
            accepted.discard(row["hs6"])
    return bool({code[:digits] for code in codes} & {code[:digits] for code in accepted})


def line(results: Sequence[Result], lenient: bool) -> str:
    """Top-1/3/5 at six, four and two digits."""
    cells = []
    for digits in (6, 4, 2):
        shares = []
        for top in (1, 3, 5):
            hits = 0
            for row, ranked, _ in results:
                codes = list(dict.fromkeys(one.code[:digits] for one in ranked.codes))[:top]
                hits += right(row, codes, digits, lenient)
            shares.append(f"{100 * hits / len(results):5.1f}")
        cells.append(f"HS{digits} {' '.join(shares)}")
    return " | ".join(cells)


def sureness(results: Sequence[Result], threshold: float) -> str:
    """How many are called sure, and how many of those are right."""
    sure = [
        (row, ranked) for row, ranked, chance in results if ranked.codes and chance >= threshold
    ]
    if not sure:
        return "none"
    six, four = (
        100 * sum(right(row, [ranked.codes[0].code], digits) for row, ranked in sure) / len(sure)
        for digits in (6, 4)
    )
    share = 100 * len(sure) / len(results)
    return f"{share:4.1f} % of titles, right HS6 {six:.1f} %, HS4 {four:.1f} %"


def report(results: Sequence[Result], high: float) -> None:
    """Print the scores of every set."""
    sets: dict[str, list[Result]] = defaultdict(list)
    for result in results:
        sets[result[0]["set"]].append(result)
        sets["ALL"].append(result)
    for name, own in sets.items():
        print(f"{name:22s} n={len(own):4d}  strict  {line(own, False)}")
        print(f"{'':31s}lenient {line(own, True)}")
        print(f"{'':31s}high    {sureness(own, high)}")


def fitted(results: Sequence[Result]) -> dict[str, float]:
    """The weights of the signals for the chance of being right, by gradient descent.

    Each set counts the same, whatever its size.
    """
    sizes = Counter(row["set"] for row, _, _ in results)
    rows = [
        (
            {"constant": 1.0, **signals_of(ranked)},
            right(row, [ranked.codes[0].code], 6),
            len(results) / len(sizes) / sizes[row["set"]],
        )
        for row, ranked, _ in results
        if ranked.codes
    ]
    weights = dict.fromkeys(rows[0][0], 0.0)
    for _ in range(STEPS):
        gradient = dict.fromkeys(weights, 0.0)
        for signals, hit, count in rows:
            whole = sum(weights[name] * value for name, value in signals.items())
            error = count * (hit - 1 / (1 + math.exp(-whole)))
            for name, value in signals.items():
                gradient[name] += error * value
        for name in weights:
            weights[name] += gradient[name] / len(rows) - RESTRAINT * weights[name]
    return weights


def main() -> None:
    """Print the scores."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("labels", type=Path)
    parser.add_argument("--part", choices=("scored", "looked", "all"), default="scored")
    parser.add_argument("--also", nargs="*", type=Path, default=[], help="more labels, used whole")
    parser.add_argument("--lexicon", nargs="*", type=Path, help="other lexicon files")
    parser.add_argument("--fit", action="store_true", help="print a fit of the confidence")
    parser.add_argument(
        "--wrong", action="store_true", help="print what the looked-at part got wrong"
    )
    options = parser.parse_args()
    rows = part_of(options.labels, options.part)
    rows += [row for path in options.also for row in part_of(path, "all")]
    classifier = Classifier.of_files(options.lexicon or lexicon_files())
    begin = time.perf_counter()
    ranked = [classifier.ranked(row["title"]) for row in rows]
    elapsed = time.perf_counter() - begin
    results = [
        (row, own, classifier.probability(own)) for row, own in zip(rows, ranked, strict=True)
    ]
    print(f"part: {options.part} ({len(rows)} titles)")
    report(results, classifier.high)
    print(f"{len(rows) / elapsed:.0f} titles/s")
    if options.fit:
        print(", ".join(f"{name} = {value:.2f}" for name, value in fitted(results).items()))
        for name in sorted({row["set"] for row in rows}):
            chances = sorted((c for row, _, c in results if row["set"] == name), reverse=True)
            print(f"{HIGH_SHARE:.0%} of {name}: {chances[int(len(chances) * HIGH_SHARE)]:.2f}")
    if options.wrong and options.part == "looked":
        for row, own, chance in results:
            if not right(row, [one.code for one in own.codes[:1]], 6):
                found = ", ".join(
                    f"{one.code} {one.score:.2f} {one.reasons[0]}" for one in own.codes[:3]
                )
                print(
                    f"{row['id']} {row['hs6']} {chance:.2f} | {row['title'][:110]}\n      {found}"
                )


if __name__ == "__main__":
    main()
