"""Make `data/commodity/classify/word_codes.txt` from the lexicon and the UK tariff's references.

    python tools/commodity/train.py [UK_REFERENCES.csv]

Run it after the lexicon has changed. Each phrase tells of its words and pairs of words which code
they hint at; the last word, its head, tells most. Rare hints and words that say nothing are left out.
"""

from __future__ import annotations

import argparse
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from aliexpress_customs.commodity.lexicon import lexicon_files, read_pairs
from aliexpress_customs.commodity.words import classify_folder, stems, table_rows

MOST_TARGETS = 14
"""Codes kept per word."""
SMOOTHING = 1.5
"""Phrases of a word needed before its hint counts for much."""
HEAD, OTHER = 1.0, 0.6
REFERENCE = 0.5
"""A phrase of the UK references, in tariff language, against one of the lexicon."""


def features(words: list[str]) -> Iterator[tuple[str, float]]:
    """Words and pairs of a phrase with what each counts for."""
    last = len(words) - 1
    for index, word in enumerate(words):
        if len(word) > 1 and not word.isdigit():
            yield word, HEAD if index == last else OTHER
        if index:
            yield f"{words[index - 1]} {word}", HEAD if index == last else OTHER


def table(phrases: Iterable[tuple[str, str, float]]) -> Iterator[str]:
    """The lines of the table."""
    counts: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for phrase, target, weight in phrases:
        for feature, share in features(stems(phrase)):
            counts[feature][target] += weight * share
    for feature in sorted(counts):
        targets = counts[feature]
        whole = sum(targets.values())
        if " " in feature and whole < 1:
            continue
        ranked = sorted(targets.items(), key=lambda item: (-item[1], item[0]))[:MOST_TARGETS]
        spread = 1 / (1 + math.log1p(len(targets)) / 3)
        parts = []
        for target, count in ranked:
            share = round(1000 * spread * count / (whole + SMOOTHING))
            if share >= 15:
                parts.append(f"{target}:{share}")
        if parts:
            yield f"{feature}\t{' '.join(parts)}"


def main() -> None:
    """Write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("references", nargs="?", type=Path, help="phrase,hs6,... of the UK tariff")
    parser.add_argument("--lexicon", nargs="*", type=Path, help="other lexicon files")
    parser.add_argument("--out", type=Path, default=classify_folder() / "word_codes.txt")
    options = parser.parse_args()
    phrases = [(p, t, 1.0) for p, t in read_pairs(options.lexicon or lexicon_files())]
    if options.references:
        phrases += [
            (row["phrase"], row["hs6"], REFERENCE) for row in table_rows(options.references)
        ]
    lines = list(table(sorted(phrases)))
    options.out.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(lines)} words and pairs, {options.out.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
