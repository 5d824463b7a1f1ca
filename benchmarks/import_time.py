"""How long a fresh interpreter takes to import the library, against pydantic alone.

Each figure is the median of several processes, with the start of a bare interpreter taken off, so
that ratios compare imports only. Run with `make bench` or

    python benchmarks/import_time.py
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

ROUNDS = 15
BARE = "pass"
STATEMENTS = {
    "import pydantic": "import pydantic",
    "import the models' dependencies": "import pydantic, moneyed",
    "import aliexpress_customs": "import aliexpress_customs",
    "import the command line": "import aliexpress_customs.cli",
    "import and estimate once": (
        "import aliexpress_customs as ac, datetime as dt;"
        "goods = ac.Goods(title='lamp', unit_value='40 EUR', hs_code='940521');"
        "ac.quote([goods], 'DE', on=dt.date(2026, 9, 15))"
    ),
}


def start(statement: str) -> float:
    """Seconds from the start of an interpreter to its end."""
    begin = time.perf_counter()
    subprocess.run([sys.executable, "-c", statement], check=True)
    return time.perf_counter() - begin


def medians() -> dict[str, float]:
    """Median seconds by statement; rounds alternate, so that all see the same machine."""
    statements = {"bare interpreter": BARE, **STATEMENTS}
    times: dict[str, list[float]] = {name: [] for name in statements}
    for statement in statements.values():
        start(statement)  # compiles what is not compiled yet
    for _ in range(ROUNDS):
        for name, statement in statements.items():
            times[name].append(start(statement))
    return {name: statistics.median(found) for name, found in times.items()}


def main() -> None:
    """Print milliseconds, and the ratio to importing pydantic."""
    found = medians()
    bare = found.pop("bare interpreter")
    print(f"{'bare interpreter':<44} {bare * 1000:>10.1f} ms")
    baseline = found["import pydantic"] - bare
    for name, seconds in found.items():
        own = seconds - bare
        print(f"{name:<44} {own * 1000:>10.1f} ms {own / baseline:>10.2f} x baseline")


if __name__ == "__main__":
    main()
