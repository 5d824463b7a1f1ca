"""Parquet files to tables, by pyarrow, under the same limits as every table.

For forwarders whose systems exchange columns. Nothing but flat values is taken.
"""

from __future__ import annotations

import io
from decimal import Decimal
from typing import Final

from aliexpress_customs.errors import ReadError
from aliexpress_customs.invoice.table import MOST_COLUMNS, MOST_ROWS, Table, bounded, made

MAGIC: Final = b"PAR1"
LARGEST: Final = 256 * 1024 * 1024
"""Bytes of all columns, unpacked."""


def parquet_table(data: bytes) -> Table:
    """The table of a Parquet file.

    Raises:
        ReadError: damaged, too large, or pyarrow is not installed.
    """
    try:
        from pyarrow import parquet  # type: ignore[import-untyped,import-not-found,unused-ignore]  # noqa: PLC0415
    except ImportError:
        raise ReadError(
            "Parquet files are read by pyarrow, which is not installed.",
            code="missing_extra",
            action="Install pyarrow, or save the table as CSV.",
        ) from None
    try:
        file = parquet.ParquetFile(io.BytesIO(data))
        shape = file.metadata
        size = sum(shape.row_group(i).total_byte_size for i in range(shape.num_row_groups))
        if shape.num_rows > MOST_ROWS or shape.num_columns > MOST_COLUMNS or size > LARGEST:
            raise _too_large()
        header = [str(name) for name in file.schema_arrow.names]
        rows: list[list[str]] = []
        for batch in file.iter_batches(batch_size=5_000):
            columns = [[_text(value) for value in column.to_pylist()] for column in batch.columns]
            rows += bounded([list(row) for row in zip(*columns, strict=True)])
            if len(rows) > MOST_ROWS:
                raise _too_large()
    except ReadError:
        raise
    except Exception:  # noqa: BLE001 - pyarrow raises anything on malformed files
        raise ReadError(
            "The Parquet file is damaged.", code="bad_parquet", action="Write it again."
        ) from None
    return made(header, rows)


def _text(value: object) -> str:
    if value is None or isinstance(value, dict | list | bytes):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        value = Decimal(repr(value))
    if isinstance(value, Decimal):
        return f"{value:f}" if value.is_finite() and abs(value.adjusted()) < 40 else ""
    return str(value)


def _too_large() -> ReadError:
    return ReadError(
        f"The table has more than {MOST_ROWS} rows or {MOST_COLUMNS} columns.",
        code="too_large",
        action="Split it into smaller tables.",
    )
