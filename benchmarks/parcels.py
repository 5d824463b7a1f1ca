"""Parcels a second of `batch`, against reading the same manifest alone.

Run with `make bench`, or with the number of parcels of a manifest:

    python benchmarks/parcels.py 1000
"""

from __future__ import annotations

import datetime as dt
import sys

import aliexpress_customs as ac
from aliexpress_customs.invoice.table_import import import_table
from timing import per_second, table

MAPPING = (
    "order_id=Order,tracking=Tracking,title=Item,hs_code=HS,quantity=Qty,unit_value=Price,"
    "currency=Currency,destination_country=Country"
)
GOODS = (("USB cable", "854442"), ("Phone case", "392690"), ("Puzzle", "950300"))
COUNTRIES = ("FR", "GB", "NO", "CH", "US", "BR", "JP", "AU")
DAY = dt.date(2026, 10, 2)


def manifest(parcels: int) -> str:
    rows = ["Order,Tracking,Item,HS,Qty,Price,Currency,Country"]
    for number in range(parcels):
        country = COUNTRIES[number % len(COUNTRIES)]
        for title, code in GOODS[: 1 + number % 3]:
            price = f"{1 + number % 97}.50"
            rows.append(f"A{number},LP{number},{title},{code},1,{price},EUR,{country}")
    return "\n".join(rows)


def main() -> None:
    parcels = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    rows = manifest(parcels)
    rates = {
        "reading the manifest": per_second(lambda: import_table(rows, MAPPING)),
        "batch": per_second(lambda: list(ac.batch(rows, mapping=MAPPING, on=DAY))),
    }
    table({name: parcels * rate for name, rate in rates.items()}, unit="parcels/s")


if __name__ == "__main__":
    main()
