"""How fast measures are found, against a plain dict of the same rows.

100,000 random codes, origins and days are looked up in a schedule. The baseline is the least that
any lookup must do: a dict from the code to its rows, and the comparison of origin and days. It can
only answer codes that are rows themselves; the schedule also answers longer and shorter codes.

    python benchmarks/tariff.py [NAME]
"""

from __future__ import annotations

import datetime as dt
import random
import sys
import time

from aliexpress_customs.tariff.measures import Measure, Schedule
from aliexpress_customs.tariff.schedules import schedule, schedule_names
from timing import per_second, table

KIND = "third_country"
COUNT = 100_000
FIRST = dt.date(2021, 7, 1)
MOST = 5.0
"""The schedule may take this many times as long as the plain dict."""

Asked = tuple[str, str, dt.date]


def asked(codes: list[str], suffix: int) -> list[Asked]:
    """Random lookups of codes, made longer by some digits."""
    dice = random.Random(1)
    return [
        (
            dice.choice(codes) + "9" * suffix,
            dice.choice(("CN", "VN", "US", "KP")),
            FIRST + dt.timedelta(days=dice.randrange(2500)),
        )
        for _ in range(COUNT)
    ]


def plain(rows: dict[str, list[Measure]], questions: list[Asked]) -> int:
    found = 0
    for code, origin, on in questions:
        for row in rows[code]:
            if row.origins and (origin in row.origins) is row.excluding:
                continue
            if (row.from_ is None or row.from_ <= on) and (row.to is None or on <= row.to):
                found += 1
                break
    return found


def ours(held: Schedule, questions: list[Asked]) -> int:
    find = held.find
    return sum(find(KIND, code, origin, on).exact is not None for code, origin, on in questions)


def main() -> None:
    name = sys.argv[1] if len(sys.argv) > 1 else "eu"
    for each in schedule_names():
        schedule.cache_clear()
        begin = time.perf_counter()
        schedule(each)
        print(f"load {each:<6} {1000 * (time.perf_counter() - begin):8.1f} ms")
    held = schedule(name)
    if held is None:
        sys.exit(f"no tariff {name}")
    rows: dict[str, list[Measure]] = {}
    for measure in held.measures(KIND):
        rows.setdefault(measure.code, []).append(measure)
    same, longer = asked(list(rows), 0), asked(list(rows), 2)
    if plain(rows, same) != ours(held, same):
        sys.exit("the schedule and the plain dict disagree")
    rates = {
        "plain dict": per_second(lambda: plain(rows, same)) * COUNT,
        "schedule, code as in the row": per_second(lambda: ours(held, same)) * COUNT,
        "schedule, longer codes": per_second(lambda: ours(held, longer)) * COUNT,
    }
    table(rates, unit="lookups/s")
    if rates["plain dict"] > MOST * rates["schedule, code as in the row"]:
        sys.exit(f"slower than {MOST} times a plain dict")


if __name__ == "__main__":
    main()
