"""Rows of a CSV that this library may have written, each with its place, as text by column."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Sequence

from aliexpress_customs.errors import ReadError
from aliexpress_customs.invoice.envelope import decode

Row = tuple[str, dict[str, str]]
"""Place, such as `row 2`, and cells by the name of their column."""


def read_rows(content: str | bytes, columns: Collection[str], format_name: str) -> list[Row]:
    """The rows below the header; columns may come in any order, and some may be absent.

    Args:
        content: the CSV with its header row, as text or UTF-8.
        columns: all that the format knows.
        format_name: for the errors.

    Raises:
        ReadError: no CSV, an unknown column, a row of another length, or no row at all; the path
            names the row (the header is row 1).
    """
    text = decode(content) if isinstance(content, bytes) else content.removeprefix("\ufeff")
    try:
        table = [row for row in csv.reader(io.StringIO(text, newline=""), strict=True) if row]
    except csv.Error as error:
        raise ReadError(f"This is no CSV: {error}.", action="Check the quotes.") from None
    header = table[0] if table else []
    if unknown := [name for name in header if name not in columns]:
        raise ReadError(
            f"{unknown[0][:40]!r} is no column of {format_name}.",
            code="unknown_column",
            path="row 1",
            action=f"Use: {', '.join(columns)}.",
        )
    for number, row in enumerate(table[1:], start=2):
        if len(row) != len(header):
            raise ReadError(
                f"The row has {len(row)} cells, the header {len(header)}.", path=f"row {number}"
            )
    if len(table) < 2:
        raise ReadError("The CSV has no rows.", code="no_rows", action="Pass header and rows.")
    return [
        (f"row {number}", dict(zip(header, row, strict=True)))
        for number, row in enumerate(table[1:], start=2)
    ]


def require_same(rows: Sequence[Row], columns: Collection[str], part: str) -> dict[str, str]:
    """The first row, whose cells in some columns are the same in all of these rows.

    Args:
        rows: at least one.
        columns: that repeat.
        part: what they belong to, for the error.

    Raises:
        ReadError: a row disagrees; the path names row and column.
    """
    path, first = rows[0]
    for other, row in rows[1:]:
        if differing := [name for name in columns if row.get(name) != first.get(name)]:
            raise ReadError(
                f"The {part} column {differing[0]} differs from {path}.",
                code="rows_disagree",
                path=f"{other}, {differing[0]}",
                action=f"Columns of the {part} are the same in each of its rows.",
            )
    return first
