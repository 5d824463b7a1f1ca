"""What every destination answers for a few fixed parcels on twelve days, in one compact file.

    python tools/snapshot.py --write    after a change of data; review the diff of results.csv

A cell reads `outcome duty vat excise+fee due-at-delivery`, the outcome by its first letter (c, e,
r), `-` where the amount is unknown; `=` repeats the day before. The diff of the file shows at
review which results a change of data moved, and that it moved no others.
"""

from __future__ import annotations

import csv
import io
import sys
import tomllib
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

from aliexpress_customs import Exchange
from aliexpress_customs.errors import AliExpressCustomsError
from aliexpress_customs.estimate.examples import Example, estimate_example
from aliexpress_customs.estimate.model import Estimate
from aliexpress_customs.rules.load import destinations

FOLDER = Path(__file__).resolve().parent.parent / "tests" / "snapshots"
RESULTS = FOLDER / "results.csv"


def results() -> str:
    """The whole file, computed."""
    setting = tomllib.loads((FOLDER / "parcels.toml").read_text(encoding="utf-8"))
    exchange = Exchange.default(rates=setting["rates"])
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["destination", "parcel", *setting["days"]])
    for code in destinations():
        for parcel in setting["parcel"]:
            cells = list(_cells(code, parcel, setting["days"], exchange))
            same = ["=" if now == last else now for last, now in pairwise(cells)]
            writer.writerow([code, parcel["id"], cells[0], *same])
    return out.getvalue()


def _cells(code: str, parcel: dict[str, Any], days: list[Any], exchange: Exchange) -> Iterator[str]:
    for day in days:
        example = Example.model_validate(
            {
                **parcel,
                "title": parcel["id"],
                "destination": code,
                "on": day,
                "currency": "USD",
                "expect": {},
            }
        )
        try:
            yield _cell(estimate_example(example, exchange))
        except AliExpressCustomsError as error:
            yield f"! {error.code}"


def _cell(estimate: Estimate) -> str:
    fees = [estimate.total_excise, estimate.total_fee]
    known = [fee.amount for fee in fees if fee is not None]
    amounts = [
        estimate.total_duty.amount if estimate.total_duty is not None else None,
        estimate.total_vat.amount if estimate.total_vat is not None else None,
        sum(known) if len(known) == len(fees) else None,
        estimate.due_at_delivery.amount if estimate.due_at_delivery is not None else None,
    ]
    shown = ["-" if amount is None else f"{amount:f}" for amount in amounts]
    return " ".join([estimate.outcome[0], *shown])


def main() -> int:
    """Write the file, or say whether it is up to date."""
    computed = results()
    if "--write" in sys.argv[1:]:
        RESULTS.write_text(computed, encoding="utf-8")
        print(f"Wrote {RESULTS.name}: {computed.count(chr(10)) - 1} rows.")
        return 0
    same = RESULTS.is_file() and RESULTS.read_text(encoding="utf-8") == computed
    print("Up to date." if same else "Results have moved: run tools/snapshot.py --write, review.")
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
