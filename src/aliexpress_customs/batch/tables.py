"""The two tables of a batch: a row for each parcel, and a row for each finding.

Amounts are in the currency named beside them, with a decimal point; an empty cell means unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Final

from aliexpress_customs.batch.result import ParcelResult
from aliexpress_customs.declaration.model import Declaration
from aliexpress_customs.estimate.model import Estimate
from aliexpress_customs.export.spreadsheet import Cell
from aliexpress_customs.model import Finding
from aliexpress_customs.money import Money

PARCEL_COLUMNS: Final[dict[str, str]] = {
    "parcel": "Tracking number, else the orders in it, else where it was read",
    "order_ids": "All orders in the parcel, separated by ;",
    "outcome": "complete, estimated, refused, not_sent or failed",
    "error": "What went wrong, if it failed",
    "destination_country": "Sent to, ISO 3166-1 alpha-2",
    "destination_region": "Sent to, ISO 3166-2",
    "dispatch_country": "Sent from, ISO 3166-1 alpha-2",
    "goods_items": "Goods items of the declaration",
    "quantity": "Pieces",
    "without_hs_code": "Goods items of which no commodity code is stated",
    "gross_weight_kg": "Whole parcel with packaging",
    "currency": "Of intrinsic_value and freight, ISO 4217",
    "intrinsic_value": "Goods, without freight, insurance and taxes",
    "freight": "Of the whole parcel",
    "on": "Day of clearance the rules were read for",
    "scheme": "Collection scheme; none: the seller collects nothing",
    "local_currency": "Of all columns below, ISO 4217",
    "total_duty": "As all totals: wherever collected; empty: not known, see the findings",
    "total_vat": "VAT or GST",
    "total_excise": "Excise",
    "total_fee": "Fees of authorities",
    "total_handling": "Of the carrier",
    "due_at_checkout": "Part of the totals that is collected with the price",
    "due_at_delivery": "Part of the totals that is due at the door",
    "landed_cost": "Goods, freight, insurance and all totals",
    "landed_cost_low": "If it depends on what is not known: at least",
    "landed_cost_high": "and at most",
    "findings": "Codes of all findings, separated by ;",
}
FINDING_COLUMNS: Final[dict[str, str]] = {
    "parcel": "As in the other table",
    "severity": "error, warning or info",
    "code": "Stable machine name",
    "path": "Where",
    "message": "What is the case",
    "action": "What to do about it",
}


def parcel_row(result: ParcelResult) -> list[Cell]:
    """The cells of `PARCEL_COLUMNS`."""
    cells: dict[str, Cell] = {
        "parcel": result.parcel,
        "order_ids": ";".join(result.order_ids),
        "outcome": result.outcome,
        "error": result.error.message if result.error else None,
        "findings": ";".join(dict.fromkeys(one.code for one in result.findings)),
    }
    if result.declaration is not None:
        cells |= _of_declaration(result.declaration)
    if result.estimate is not None:
        cells |= _of_estimate(result.estimate)
    return [cells.get(name) for name in PARCEL_COLUMNS]


def finding_rows(parcel: str, findings: Iterable[Finding]) -> Iterator[list[Cell]]:
    """The cells of `FINDING_COLUMNS`, one row for each finding."""
    for one in findings:
        yield [parcel, one.severity, one.code, one.path, one.message, one.action]


def _of_declaration(declaration: Declaration) -> dict[str, Cell]:
    return {
        "destination_country": declaration.destination_country,
        "destination_region": declaration.destination_region,
        "dispatch_country": declaration.dispatch_country,
        "goods_items": len(declaration.items),
        "quantity": sum(item.quantity for item in declaration.items),
        "without_hs_code": sum(item.hs_code is None for item in declaration.items),
        "gross_weight_kg": declaration.gross_weight_kg,
        "currency": declaration.currency,
        "intrinsic_value": _amount(declaration.intrinsic_value),
        "freight": _amount(declaration.freight),
    }


def _of_estimate(answer: Estimate) -> dict[str, Cell]:
    bounds = answer.ranges.get("landed_cost")
    return {
        "on": answer.on,
        "scheme": answer.scheme,
        "local_currency": answer.currency,
        "total_duty": _amount(answer.total_duty),
        "total_vat": _amount(answer.total_vat),
        "total_excise": _amount(answer.total_excise),
        "total_fee": _amount(answer.total_fee),
        "total_handling": _amount(answer.total_handling),
        "due_at_checkout": _amount(answer.due_at_checkout),
        "due_at_delivery": _amount(answer.due_at_delivery),
        "landed_cost": _amount(answer.landed_cost),
        "landed_cost_low": _amount(bounds.low) if bounds else None,
        "landed_cost_high": _amount(bounds.high) if bounds else None,
    }


def _amount(value: Money | None) -> Decimal | None:
    return None if value is None else value.amount
