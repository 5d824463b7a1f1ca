"""The goods of a CN 23 over as many sheets as they need, totals carried from one to the next."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from aliexpress_customs.export.pdf_text import Fitted
from aliexpress_customs.export.postal_form import FormItem
from aliexpress_customs.money import Money


class Row(NamedTuple):
    """A goods item, made to fit its columns."""

    item: FormItem
    cells: tuple[Fitted, ...]
    height: float
    """Millimetres."""


class Subtotal(NamedTuple):
    """What the goods so far weigh and are worth."""

    net_weight_kg: Decimal | None
    """None if the weight of any of them is unknown."""
    value: Money


class Sheet(NamedTuple):
    """The goods of one sheet."""

    brought: Subtotal | None
    """Of the sheets before."""
    rows: tuple[Row, ...]
    carried: Subtotal | None
    """Including this sheet; None on the last."""


def sheets(
    rows: Sequence[Row], *, first: float, further: float, subtotal: float
) -> tuple[Sheet, ...]:
    """Share out the rows.

    Args:
        rows: at least one, none higher than fits a sheet.
        first: room on the form, in millimetres.
        further: room on a continuation sheet.
        subtotal: height of a line with a subtotal.
    """
    groups: list[list[Row]] = [[]]
    left = first
    for index, row in enumerate(rows):
        is_last = index == len(rows) - 1
        if groups[-1] and row.height + (0 if is_last else subtotal) > left:
            groups.append([])
            left = further - subtotal
        groups[-1].append(row)
        left -= row.height
    ends = [sum(map(len, groups[: number + 1])) for number in range(len(groups))]
    totals = [_subtotal(rows[:end]) for end in ends]
    return tuple(
        Sheet(
            brought=totals[number - 1] if number else None,
            rows=tuple(group),
            carried=totals[number] if number < len(groups) - 1 else None,
        )
        for number, group in enumerate(groups)
    )


def _subtotal(rows: Sequence[Row]) -> Subtotal:
    values = [row.item.box_5_value for row in rows]
    weights = [row.item.box_3_net_weight_kg for row in rows]
    known = [weight for weight in weights if weight is not None]
    return Subtotal(
        net_weight_kg=sum(known, Decimal(0)) if len(known) == len(weights) else None,
        value=sum(values[1:], values[0]),
    )
