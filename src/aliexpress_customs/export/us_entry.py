"""`us-entry-csv`: worksheet for an informal entry into the United States, with the duty stack.

For brokers: the goods items, under each the duties that lie on it (general rate, sections 301, 232,
...), then fees and totals. It is not a filing: only ABI filers transmit entries. Rows are told
apart by `record`: `goods`, `duty`, `charge` (not tied to an item) and `total`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from aliexpress_customs.declaration.model import Declaration
from aliexpress_customs.errors import UsageError
from aliexpress_customs.estimate.model import Charge, Estimate
from aliexpress_customs.export.amounts import printed
from aliexpress_customs.export.bookings import require_estimate
from aliexpress_customs.export.postal_form import form_text
from aliexpress_customs.export.spreadsheet import Cell, Dialect, csv_bytes
from aliexpress_customs.export.units import Row, in_currency, total_rows
from aliexpress_customs.export.us_mail import CONVENTIONS, hts_code, missing
from aliexpress_customs.money import Money, minor_unit, split

NAME: Final = "us-entry-csv"
SUMMARY: Final = "Worksheet for a US informal entry: goods, and the duties stacked on each item."
MEDIA_TYPE: Final = "text/csv"
ACCEPTS: Final = Declaration

COLUMNS: Final = (
    "record",
    "item_number",
    "hts_code",
    "description",
    "origin_country",
    "quantity",
    "net_weight_kg",
    "line_value_usd",
    "charge",
    "rule_id",
    "collected",
    "amount_usd",
    "why_zero_or_missing",
    "legal_basis",
    "source_url",
    "tracking_number",
    "shipper",
    "consignee",
    "missing",
)
TOTALS: Final = ("total_duty", "total_vat", "total_excise", "total_fee", "total_handling", "total")
_ITEM: Final = re.compile(r"items\[(\d+)\]")


def write(
    declaration: Declaration,
    *,
    estimate: Estimate | None = None,
    dialect: Dialect = "plain",
    usd_rate: Decimal | str | int | None = None,
) -> bytes:
    """The worksheet.

    Args:
        declaration: a consignment to the United States.
        estimate: its estimate, for the duty stack; None = goods rows only.
        dialect: `plain` for programs, `excel` for people (see `export.spreadsheet`).
        usd_rate: USD for one unit of the declaration's currency; needed unless it is USD.

    Raises:
        ExportError: no description, a negative value, or another currency without rate.
        UsageError: an estimate of another declaration, or not in USD.
    """
    declared = in_currency(declaration, "USD", usd_rate, "usd_rate")
    charges: tuple[Charge, ...] = ()
    if estimate is not None:
        require_estimate(declaration, estimate)
        if estimate.currency != "USD":
            raise UsageError(
                "The estimate is not in USD.",
                path="estimate",
                action="Estimate a parcel to the United States.",
            )
        charges = estimate.charges
    rows = list(_rows(declared, charges))
    rows += [_total(name, getattr(estimate, name)) for name in TOTALS if estimate is not None]
    table = [[row.get(column) for column in COLUMNS] for row in rows]
    return csv_bytes(COLUMNS, table, dialect)


def _rows(declaration: Declaration, charges: tuple[Charge, ...]) -> Iterator[dict[str, Cell]]:
    shares = [(charge, _by_item(charge, len(declaration.items))) for charge in charges]
    for index, row in enumerate(total_rows(declaration, CONVENTIONS)):
        yield _goods(declaration, row)
        for charge, parts in shares:
            if index in parts:
                yield {
                    "record": "duty" if charge.kind == "duty" else "charge",
                    "item_number": row.item.number,
                    "hts_code": hts_code(row.item),
                    **_charge(charge, parts[index]),
                }
    for charge, parts in shares:
        if not parts:
            amount = None if charge.amount is None else charge.amount.amount
            yield {"record": "charge", **_charge(charge, amount)}


def _by_item(charge: Charge, items: int) -> dict[int, Decimal | None]:
    """The charge split over the goods items it lies on; the parts sum to its rounded amount."""
    weights: dict[int, Decimal] = {}
    for path, share in charge.lines.items():
        match = _ITEM.match(path)
        if match and int(match[1]) < items:
            weights[int(match[1])] = weights.get(int(match[1]), Decimal(0)) + share
    if charge.amount is None:
        return dict.fromkeys(weights)
    if not sum(weights.values()):
        return {index: Decimal(0) for index in weights} if not charge.amount.amount else {}
    step = minor_unit(charge.amount.currency.code)
    parts = split(
        charge.amount.amount, [max(weight, Decimal(0)) for weight in weights.values()], step
    )
    return dict(zip(weights, parts, strict=True))


def _goods(declaration: Declaration, row: Row) -> dict[str, Cell]:
    recipient = declaration.recipient
    return {
        "record": "goods",
        "item_number": row.item.number,
        "hts_code": hts_code(row.item),
        "description": row.description,
        "origin_country": row.item.origin_country,
        "quantity": row.quantity,
        "net_weight_kg": row.weight,
        "line_value_usd": row.value,
        "tracking_number": form_text(declaration.tracking_number),
        "shipper": form_text(declaration.sender.name),
        "consignee": form_text(recipient.name) if recipient else "",
        "missing": missing(declaration, row.item),
    }


def _charge(charge: Charge, amount: Decimal | None) -> dict[str, Cell]:
    return {
        "charge": charge.label,
        "rule_id": charge.rule_id,
        "collected": charge.collected,
        "amount_usd": amount,
        "why_zero_or_missing": charge.zero_reason or charge.reason,
        "legal_basis": charge.legal_basis,
        "source_url": charge.source_url,
    }


def _total(name: str, amount: Money | None) -> dict[str, Cell]:
    return {
        "record": "total",
        "charge": name,
        "amount_usd": None if amount is None else Decimal(printed(amount)),
    }
