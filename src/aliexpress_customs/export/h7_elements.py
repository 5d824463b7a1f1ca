"""The data elements of the neutral H7, rows of `data/export/h7_elements.csv`."""

from __future__ import annotations

import csv
from functools import cache

from aliexpress_customs.datafiles import data_folder

Value = str | list[str]
"""Of an element; a list if it repeats."""


@cache
def elements() -> dict[tuple[str, str], str]:
    """Element number and level (`declaration`, `item`) to name, in the order of the columns."""
    path = data_folder() / "export" / "h7_elements.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        return {(row["element"], row["level"]): row["name"] for row in csv.DictReader(stream)}


def column_name(key: str, level: str) -> str:
    """The column of the CSV: the element number; gross mass exists at both levels."""
    both = (key, "declaration") in elements() and (key, "item") in elements()
    return f"{key} item" if both and level == "item" else key
