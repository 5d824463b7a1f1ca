"""CSV for programs (`plain`) and for people with a spreadsheet (`excel`).

`plain` is RFC 4180 in UTF-8 and changes nothing. A spreadsheet does two kinds of harm that `excel`
prevents: it runs cells that begin like a formula (shop titles do; OWASP, "CSV Injection"), and it
turns codes into numbers or dates (leading zeros and the digits after the 15th are lost). Both get
a leading apostrophe; a byte order mark makes it read UTF-8.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Final, Literal, TextIO, get_args

from aliexpress_customs.errors import UsageError
from aliexpress_customs.export.amounts import utf8

Dialect = Literal["plain", "excel"]
Cell = str | int | Decimal | dt.date | None
"""Text is protected in the excel dialect; numbers and dates stay what they are; None is empty."""

FORMULA_STARTS: Final = "=+-@\t\r\n＝＋－＠"  # noqa: RUF001 (full-width forms are run too)
BYTE_ORDER_MARK: Final = "\ufeff"

_LIKE_A_NUMBER: Final = re.compile(r"[0-9.][0-9eE.,:/+\- ]*\Z")


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[Cell]], dialect: Dialect) -> bytes:
    """A CSV file with one header row.

    Raises:
        UsageError: an unknown dialect.
        ExportError: a text that UTF-8 cannot hold.
    """
    stream = io.StringIO(newline="")
    csv_writer(stream, header, dialect)(rows)
    return utf8(stream.getvalue())


def csv_writer(
    stream: TextIO, header: Sequence[str], dialect: Dialect
) -> Callable[[Iterable[Sequence[Cell]]], None]:
    """Begin a CSV file; what is returned writes further rows to it.

    Args:
        stream: opened with `newline=""`.
        header: names of the columns.
        dialect: for programs or for a spreadsheet.

    Raises:
        UsageError: an unknown dialect.
    """
    check_dialect(dialect)
    excel = dialect == "excel"
    written = _protected if excel else _text
    stream.write(BYTE_ORDER_MARK if excel else "")
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(header)
    return lambda rows: writer.writerows(map(written, row) for row in rows)


def check_dialect(dialect: str) -> None:
    """Refuse what is no dialect.

    Raises:
        UsageError: it is none.
    """
    if dialect not in get_args(Dialect):
        raise UsageError(
            f"{str(dialect)[:40]!r} is no CSV dialect.",
            code="unknown_dialect",
            action=f"Use one of: {', '.join(get_args(Dialect))}.",
        )


def _text(cell: Cell) -> str:
    if isinstance(cell, str):
        return cell
    if cell is None:
        return ""
    # Never scientific notation: spreadsheets and customs software misread it.
    return f"{cell:f}" if isinstance(cell, Decimal) else str(cell)


def _protected(cell: Cell) -> str:
    text = _text(cell)
    runs = text.startswith(tuple(FORMULA_STARTS))
    changes = isinstance(cell, str) and _LIKE_A_NUMBER.match(text)
    return f"'{text}" if runs or changes else text
