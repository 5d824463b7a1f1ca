"""How fast titles are classified, against splitting them into words.

Titles are made up of phrases of the shipped lexicon with the spam sellers add, about as long as
real ones (20 words). The baseline is the least that any reading of a title must do. There are more
titles than are remembered, so that each is classified anew. Also printed: the first call of a new
process, which loads the tables, the rate of titles whose words were not met before, and the memory
in use.

    python benchmarks/classify.py
"""

from __future__ import annotations

import random
import resource
import time
from itertools import islice

from aliexpress_customs.commodity.classify import classify
from aliexpress_customs.commodity.lexicon import lexicon_files, read_pairs
from aliexpress_customs.commodity.words import stems
from timing import per_second, table

COUNT = 5000
EVERY = 20
"""One phrase of so many is used: all of them would take more memory than what is measured."""
SPAM = ("2024 New", "Hot Sale", "For Women", "High Quality", "1Pc", "With Box", "For Home Gift")


def titles() -> list[str]:
    """Titles of 15 to 25 words."""
    dice = random.Random(1)
    pairs = read_pairs(lexicon_files())
    phrases = sorted(phrase for phrase, _ in islice(pairs, 0, None, EVERY))
    made = []
    for _ in range(COUNT):
        parts = [dice.choice(SPAM)]
        while len(" ".join(parts).split()) < dice.randrange(15, 25):
            parts += [dice.choice(phrases).title(), dice.choice(SPAM)]
        made.append(" ".join(parts))
    return made


def main() -> None:
    """Print titles per second, the first call and the memory."""
    begin = time.perf_counter()
    classify("Magnetic Phone Case For iPhone")
    first = time.perf_counter() - begin
    made = titles()
    begin = time.perf_counter()
    for title in made:
        classify(title)
    fresh = time.perf_counter() - begin
    rates = {
        "split into stems": per_second(lambda: [stems(title) for title in made]) * COUNT,
        "classify": per_second(lambda: [classify(title) for title in made]) * COUNT,
    }
    table(rates, unit="titles/s")
    print(f"first call {1000 * first:.0f} ms, then {COUNT / fresh:,.0f} new titles/s")
    print(f"memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
