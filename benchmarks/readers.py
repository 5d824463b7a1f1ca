"""How fast order files become invoices, against parsing the same bytes with `json.loads`.

Files are the shipped sample and the fixtures of the tests; those that are no plain JSON (HAR is, a
JSONP reply is not) have only the second figure. Run with `make bench` or

    python benchmarks/readers.py
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import aliexpress_customs as ac
from aliexpress_customs.errors import AliExpressCustomsError
from timing import per_second

FIXTURES = Path(__file__).parents[1] / "tests" / "fixtures" / "orders"


def files() -> Iterator[tuple[Path, int]]:
    """Files that hold orders, with the number of invoices in each."""
    for path in (ac.sample_order(), *sorted(FIXTURES.glob("*"))):
        try:
            yield path, len(ac.read(path))
        except AliExpressCustomsError:
            continue  # fixtures of replies that hold no order


def parsed_per_second(content: bytes) -> float | None:
    """Files per second through `json.loads`, None if it is no plain JSON."""
    try:
        json.loads(content)
    except ValueError:
        return None
    return per_second(lambda: json.loads(content), rounds=5, seconds=0.1)


def main() -> None:
    """Print invoices per second, and time as a multiple of `json.loads`."""
    print(f"{'file':<38} {'kB':>6} {'invoices':>9} {'invoices/s':>12} {'x json.loads':>14}")
    for path, count in files():
        content = path.read_bytes()
        rate = per_second(lambda path=path: ac.read(path), rounds=5, seconds=0.2)  # type: ignore[misc]
        baseline = parsed_per_second(content)
        ratio = f"{baseline / rate:>14.1f}" if baseline else f"{'-':>14}"
        print(
            f"{path.name:<38} {len(content) / 1000:>6.1f} {count:>9} {count * rate:>12,.0f} {ratio}"
        )


if __name__ == "__main__":
    main()
