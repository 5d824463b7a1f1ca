r"""Tables of text cells, from CSV or TSV in any dialect; spreadsheets come from `spreadsheet`.

For the readers of extension exports and the import of forwarders' tables. Everything is text: a
spreadsheet that has turned ids into numbers is noticed by `ids`, not silently believed.

>>> csv_table("Order ID;Title\r\n3069099405650007;\"Lamp; red\"\r\n").header
('Order ID', 'Title')
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from aliexpress_customs.errors import ReadError
from aliexpress_customs.invoice.text import mend

MOST_ROWS: Final = 200_000
"""Rows of one table; the largest real export, a shop's ten years, has about 20,000."""
MOST_COLUMNS: Final = 300
MOST_CELLS: Final = 4_000_000
LONGEST_CELL: Final = 4 * 1024 * 1024
"""Characters; some exports keep a whole reply of the shop in one cell."""

_DELIMITERS: Final = ",;\t|"
_SEPARATOR_LINE: Final = re.compile(r"^sep=(.)\r?\n", re.IGNORECASE)
_NOT_A_LETTER: Final = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its header and its rows, all as long as the header, all text."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    name: str = ""
    """Of the sheet, if it has one."""
    first_row: int = 2
    """Number of the first row in its file."""
    currency: str = ""
    """What the caller says of amounts without one."""

    def keys(self) -> frozenset[str]:
        """The column names as `column_key` writes them."""
        return frozenset(column_key(name) for name in self.header)

    def records(self) -> Iterator[tuple[int, Mapping[str, str]]]:
        """Each row that is not blank, with its number; the first of equal column names wins."""
        keys = [column_key(name) for name in self.header]
        for number, row in enumerate(self.rows, start=self.first_row):
            record: dict[str, str] = {}
            for key, cell in zip(keys, row, strict=True):
                record.setdefault(key, cell)
            if any(record.values()):
                yield number, record


def column_key(name: str) -> str:
    """A column name without regard to case, blanks and punctuation.

    >>> column_key("Order ID "), column_key("order_id")
    ('orderid', 'orderid')
    """
    return _NOT_A_LETTER.sub("", mend(name).casefold())


def csv_table(text: str, *, currency: str = "") -> Table:
    """The table of a CSV or TSV text; its delimiter is the one that makes most columns.

    Raises:
        ReadError: no table, or above the limits.
    """
    text = text.removeprefix("\ufeff")
    separator = _SEPARATOR_LINE.match(text)
    if separator:
        text = text[separator.end() :]
    delimiter = separator[1] if separator else _delimiter(text)
    if csv.field_size_limit() < LONGEST_CELL:
        csv.field_size_limit(LONGEST_CELL)  # of the whole process, only ever raised
    stream = io.StringIO(text, newline="")
    try:
        header, *rows = bounded(csv.reader(stream, delimiter=delimiter))
    except (csv.Error, ValueError):
        raise ReadError(
            "The text is no table.",
            code="bad_table",
            action="Export it again as CSV, with its header row.",
        ) from None
    return made(header, rows, currency=currency)


def made(
    header: Iterable[str], rows: Iterable[list[str]], *, name: str = "", currency: str = ""
) -> Table:
    """A table from its cells; short rows are filled, surplus blank cells dropped.

    Raises:
        ReadError: a row is longer than the header.
    """
    names = tuple(cell.strip() for cell in header)
    while names and not names[-1]:
        names = names[:-1]
    full = []
    for number, row in enumerate(rows, start=2):
        cells = [cell.strip() for cell in row]
        if any(cells[len(names) :]):
            raise ReadError(
                "A row has more cells than the header.",
                code="ragged_table",
                path=f"row {number}",
                action="Quote cells that hold the delimiter, or export the table again.",
            )
        full.append(tuple((cells + [""] * len(names))[: len(names)]))
    return Table(names, tuple(full), name=name, currency=currency)


def bounded(rows: Iterable[list[str]]) -> Iterator[list[str]]:
    """The same rows, as long as there are not too many of them.

    Raises:
        ReadError: too many rows, columns or cells.
    """
    cells = 0
    for number, row in enumerate(rows):
        cells += len(row)
        if number > MOST_ROWS or len(row) > MOST_COLUMNS or cells > MOST_CELLS:
            raise ReadError(
                f"The table has more than {MOST_ROWS} rows or {MOST_COLUMNS} columns.",
                code="too_large",
                action="Split it into smaller tables.",
            )
        yield row


def _delimiter(text: str) -> str:
    line = text[: LONGEST_CELL // 64].partition("\n")[0]
    widths = {}
    for mark in _DELIMITERS:
        try:
            widths[mark] = len(next(csv.reader([line], delimiter=mark), []))
        except csv.Error:
            widths[mark] = 0
    return max(_DELIMITERS, key=lambda mark: widths[mark])
