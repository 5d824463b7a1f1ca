"""Make the packed tables in `data/commodity/classify/` from the lexicon and the dictionaries.

    python tools/commodity/train.py [UK_REFERENCES.csv]

Run it after one of these has changed; it takes a minute, since it packs as small as can be. Each
phrase tells of its words and pairs of words which code they hint at; the last word, its head, tells
most. Rare hints and words that say nothing are left out. The references of the UK tariff
(`phrase,hs6`) add its own words for goods.
"""

from __future__ import annotations

import argparse
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from gzip import decompress
from pathlib import Path

import zopfli.gzip

from aliexpress_customs.commodity.attributes import stated
from aliexpress_customs.commodity.languages import (
    tell_languages,
    translated_languages,
    translations,
)
from aliexpress_customs.commodity.lexicon import index, lexicon_files, read_pairs
from aliexpress_customs.commodity.packed import pack
from aliexpress_customs.commodity.words import classify_folder, empty_words, stems, table_rows

MOST_TARGETS = 4
"""Codes kept per word."""
SMOOTHING = 1.5
"""Phrases of a word needed before its hint counts for much."""
LEAST_SHARE = 60
"""Thousandths below which a hint is left out."""
HEAD, OTHER = 1.0, 0.6
REFERENCE = 0.5
"""A phrase of the UK references, in tariff language, against one of the lexicon."""


EMPTY = empty_words()
"""Words that hint at nothing by themselves."""


def features(words: list[str]) -> Iterator[tuple[str, float]]:
    """Words and pairs of a phrase with what each counts for."""
    last = len(words) - 1
    for place, word in enumerate(words):
        if len(word) > 1 and not word.isdigit() and word not in EMPTY:
            yield word, HEAD if place == last else OTHER
        if place and not (word in EMPTY and words[place - 1] in EMPTY):
            yield f"{words[place - 1]} {word}", HEAD if place == last else OTHER


def hints(phrases: Iterable[tuple[str, str, float]]) -> Iterator[tuple[str, str]]:
    """Words and pairs of words with the codes they hint at."""
    counts: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    whole_phrases = set[str]()
    for phrase, target, weight in phrases:
        words = stems(phrase)
        whole_phrases.add(" ".join(words))
        for feature, share in features(words):
            counts[feature][target] += weight * share
    for feature in sorted(counts):
        targets = counts[feature]
        whole = sum(targets.values())
        if " " in feature and (whole < 1 or feature in whole_phrases):
            continue
        ranked = sorted(targets.items(), key=lambda item: (-item[1], item[0]))[:MOST_TARGETS]
        spread = 1 / (1 + math.log1p(len(targets)) / 3)
        parts = []
        for target, count in ranked:
            share = round(1000 * spread * count / (whole + SMOOTHING))
            if share >= LEAST_SHARE:
                parts.append(f"{target}:{share}")
        if parts:
            yield feature, " ".join(parts)


def main() -> None:
    """Write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("references", nargs="?", type=Path, help="phrase,hs6,... of the UK tariff")
    parser.add_argument("--lexicon", nargs="*", type=Path, help="other lexicon files")
    parser.add_argument("--out", type=Path, default=classify_folder())
    options = parser.parse_args()
    phrases = [(p, t, 1.0) for p, t in read_pairs(options.lexicon or lexicon_files())]
    own = len(phrases)
    if options.references:
        phrases += [
            (row["phrase"], row["hs6"], REFERENCE) for row in table_rows(options.references)
        ]
    write(options.out / "lexicon.gz", index((p, t) for p, t, _ in phrases[:own]))
    write(options.out / "word_codes.gz", dict(hints(sorted(phrases))))
    write(options.out / "attributes.gz", stated())
    write(options.out / "language_words.gz", tell_languages(p for p, _, _ in phrases[:own]))
    (options.out / "languages").mkdir(exist_ok=True)
    for code in translated_languages():
        write(options.out / "languages" / f"{code}.gz", translations(code))


def write(path: Path, table: Mapping[str, str]) -> None:
    """Write a file and say how large it is."""
    path.write_bytes(zopfli.gzip.compress(decompress(pack(table))))
    print(f"{path.name}: {path.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
