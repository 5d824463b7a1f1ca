"""`us-mail-csv`: worksheet for parcels by post to the United States, one row per goods item.

For whoever files or pays for an informal mail entry: since 2026-07-24 it states all ten digits of
the tariff code, value, origin and the postal identifier of each item (91 FR 37801, 91 FR 38007). A
code is never padded to ten digits; the column `missing` says what the row still lacks.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from aliexpress_customs.declaration.model import Declaration, GoodsItem
from aliexpress_customs.export.postal_form import form_text
from aliexpress_customs.export.s10 import check_s10
from aliexpress_customs.export.spreadsheet import Cell, Dialect, csv_bytes
from aliexpress_customs.export.units import Conventions, Row, in_currency, total_rows

NAME: Final = "us-mail-csv"
SUMMARY: Final = (
    "Worksheet for US mail entries: 10-digit codes, quantity, value in USD, origin, S10."
)
MEDIA_TYPE: Final = "text/csv"
ACCEPTS: Final = Declaration

CONVENTIONS: Final = Conventions(
    values="line",
    weights="line",
    weight_unit="kg",
    weight_decimals=3,
    currency="USD",
    longest_hs_code=10,
)
HTS_DIGITS: Final = 10
COLUMNS: Final = (
    "s10",
    "item_number",
    "hts_code",
    "description",
    "quantity",
    "quantity_unit",
    "net_weight_kg",
    "line_value_usd",
    "origin_country",
    "origin_assumed",
    "dispatch_country",
    "invoice_number",
    "missing",
)


def write(
    declaration: Declaration,
    *,
    dialect: Dialect = "plain",
    usd_rate: Decimal | str | int | None = None,
) -> bytes:
    """The worksheet.

    Args:
        declaration: the consignment.
        dialect: `plain` for programs, `excel` for people (see `export.spreadsheet`).
        usd_rate: USD for one unit of the declaration's currency; needed unless it is USD.

    Raises:
        ExportError: no description, a negative value, or another currency without rate.
    """
    declared = in_currency(declaration, "USD", usd_rate, "usd_rate")
    rows = total_rows(declared, CONVENTIONS)
    return csv_bytes(COLUMNS, [_cells(declared, row) for row in rows], dialect)


def hts_code(item: GoodsItem) -> str:
    """The ten-digit code, or nothing: a shorter one is not padded, zeros are digits with a meaning.

    A longer code is another country's and is not cut.
    """
    code = item.hs_code or ""
    return code if len(code) == HTS_DIGITS else ""


def missing(declaration: Declaration, item: GoodsItem) -> str:
    """What a row lacks, in words."""
    known = len(item.hs_code or "")
    gaps = {
        f"tariff code with {HTS_DIGITS} digits ({known} known)": not hts_code(item),
        "net weight": item.net_weight_kg is None,
        "confirmed origin": item.origin_assumed,
        "S10 identifier": not check_s10(declaration.tracking_number),
    }
    return "; ".join(gap for gap, lacks in gaps.items() if lacks)


def _cells(declaration: Declaration, row: Row) -> list[Cell]:
    return [
        form_text(declaration.tracking_number),
        row.item.number,
        hts_code(row.item),
        row.description,
        row.quantity,
        "pieces",
        row.weight,
        row.value,
        row.item.origin_country,
        "true" if row.item.origin_assumed else "false",
        declaration.dispatch_country,
        form_text(declaration.invoice_number),
        missing(declaration, row.item),
    ]
