"""How fast order files become invoices, against the raw parser of the same file.

The baseline is `json.loads`, `csv.reader`, openpyxl, pypdf or the e-mail parser on the same bytes.
Files are the shipped sample and the fixtures of the tests. Run with `make bench` or

    python benchmarks/readers.py
"""

from __future__ import annotations

import csv
import email
import io
import json
from collections.abc import Callable, Iterator
from email import policy
from pathlib import Path

from openpyxl import load_workbook
from pypdf import PdfReader

import aliexpress_customs as ac
from aliexpress_customs.errors import AliExpressCustomsError
from timing import per_second

FIXTURES = Path(__file__).parents[1] / "tests" / "fixtures"


def rows_of_workbook(content: bytes) -> list[object]:
    """Every row of the first sheet."""
    return list(load_workbook(io.BytesIO(content), read_only=True).worksheets[0].values)


RAW: dict[str, Callable[[bytes], object]] = {
    ".json": json.loads,
    ".har": json.loads,
    ".csv": lambda content: list(csv.reader(io.StringIO(content.decode("utf-8-sig")))),
    ".tsv": lambda content: list(csv.reader(io.StringIO(content.decode()), delimiter="\t")),
    ".xlsx": rows_of_workbook,
    ".pdf": lambda content: [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages],
    ".eml": lambda content: email.message_from_bytes(content, policy=policy.default).get_body(),
}
"""The parser that a reader cannot do without, by the ending of the file."""


def files() -> Iterator[tuple[Path, int]]:
    """Files that hold orders, with the number of invoices in each."""
    for path in (ac.sample_order(), *sorted(FIXTURES.glob("*/*"))):
        try:
            yield path, len(ac.read(path))
        except AliExpressCustomsError:
            continue  # fixtures of replies that hold no order


def parsed_per_second(path: Path) -> float | None:
    """Files per second through the raw parser, None if there is none for the ending."""
    parse, content = RAW.get(path.suffix), path.read_bytes()
    if parse is None:
        return None
    return per_second(lambda: parse(content), rounds=5, seconds=0.1)


def main() -> None:
    """Print invoices per second, and time as a multiple of the raw parser's."""
    print(f"{'file':<38} {'kB':>6} {'invoices':>9} {'invoices/s':>12} {'x raw parser':>14}")
    for path, count in files():
        content = path.read_bytes()
        rate = per_second(lambda path=path: ac.read(path), rounds=5, seconds=0.2)  # type: ignore[misc]
        baseline = parsed_per_second(path)
        ratio = f"{baseline / rate:>14.1f}" if baseline else f"{'-':>14}"
        print(
            f"{path.name:<38} {len(content) / 1000:>6.1f} {count:>9} {count * rate:>12,.0f} {ratio}"
        )


if __name__ == "__main__":
    main()
