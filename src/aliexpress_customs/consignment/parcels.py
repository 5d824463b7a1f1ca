"""Which units of which lines the orders say to lie in which physical parcel.

consign(invoices, destination="BR", **parcel_units(invoices, "LP00123456789CN"))
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypedDict

from aliexpress_customs.consignment.selection import (
    LineKey,
    Part,
    key_of,
    live_orders,
    whole_lines,
)
from aliexpress_customs.consignment.settle import SettledOrder, settle
from aliexpress_customs.errors import ConsignmentError
from aliexpress_customs.invoice.model import Invoice, ParcelItem


class ParcelName(NamedTuple):
    """A parcel by its tracking number, else by the shop's number or its place in an order."""

    tracking: str
    path: str


class ParcelUnits(TypedDict):
    """The contents of one parcel, as arguments of `consign`."""

    lines: list[LineKey]
    quantities: dict[LineKey, int]
    already_sent: dict[LineKey, int]
    """Units that lie in the parcels before it, so that all parcels sum to the orders."""
    tracking_number: str


def parcel_units(invoices: Invoice | Sequence[Invoice], tracking: str) -> ParcelUnits:
    """What lies in the parcel with a tracking number, in whatever orders it was bought.

    Args:
        invoices: all orders that may lie in it.
        tracking: the carrier's number, or the shop's internal one; blanks and case do not matter.

    Raises:
        ConsignmentError: no order names the parcel, or none says what lies in it.
    """
    orders = [invoices] if isinstance(invoices, Invoice) else list(invoices)
    live, _ = live_orders(orders)
    settled = [settle(order, path) for path, order in live]
    contents = parcel_contents(settled, whole_lines(settled))
    sought = _plain(tracking)
    alias = {
        _plain(number): ParcelName(parcel.tracking, _place(parcel.internal_no, path, index))
        if not parcel.tracking
        else ParcelName(parcel.tracking, "")
        for path, order in live
        for index, parcel in enumerate(order.parcels)
        for number in (parcel.internal_no, parcel.tracking)
        if number
    }
    name = alias.get(sought) if sought else None
    if name is None or not contents.get(name):
        raise ConsignmentError(
            "No order says what lies in this parcel."
            if name is not None
            else "No order names a parcel with this number.",
            code="unknown_parcel",
            path="tracking",
            action="Read the tracking page beside the orders.",
        )
    before: dict[LineKey, int] = {}
    for other, units in contents.items():
        if other == name:
            break
        for key, count in units.items():
            before[key] = before.get(key, 0) + count
    held = contents[name]
    return ParcelUnits(
        lines=list(held),
        quantities=dict(held),
        already_sent={key: count for key, count in before.items() if key in held},
        tracking_number=name.tracking or tracking.strip(),
    )


def _plain(number: str) -> str:
    return "".join(number.split()).upper()


def _place(internal_no: str, path: str, index: int) -> str:
    """What tells parcels without a tracking number apart: the shop's number, else their place."""
    return f"internal {internal_no}" if internal_no else f"{path}.parcels[{index}]"


def parcel_contents(
    orders: Sequence[SettledOrder], whole: Sequence[Part]
) -> dict[ParcelName, dict[LineKey, int]]:
    """Units of sale of each line in each parcel; a tracking number shared by orders is one parcel.

    A lone parcel without a list of contents holds its whole order; of several such parcels nothing
    is known and they are empty here. Items of cancelled lines are passed over.

    Args:
        orders: the orders, settled.
        whole: all their lines with all units.

    Raises:
        ConsignmentError: the parcels hold more of a line than was ordered.
    """
    contents: dict[ParcelName, dict[LineKey, int]] = {}
    for order in orders:
        own = [part for part in whole if part.order is order]
        left = {key_of(part): part.to_unit for part in own}
        for number, parcel in enumerate(order.order.parcels):
            path = f"{order.path}.parcels[{number}]"
            place = _place(parcel.internal_no, order.path, number)
            name = ParcelName(parcel.tracking, "" if parcel.tracking else place)
            held = contents.setdefault(name, {})
            if not parcel.items and len(order.order.parcels) == 1:
                held.update(left)
            for item in parcel.items:
                _fill(held, left, [part for part in own if _means(item, part)], item.count, path)
    return contents


def _fill(
    held: dict[LineKey, int],
    left: dict[LineKey, int],
    parts: Sequence[Part],
    count: int,
    path: str,
) -> None:
    """Take units of the lines an item means, in their order, until its count is reached."""
    if not parts:
        return
    for part in parts:
        key = key_of(part)
        taken = min(count, left[key])
        count, left[key] = count - taken, left[key] - taken
        if taken:
            held[key] = held.get(key, 0) + taken
    if count:
        raise ConsignmentError(
            "The parcels of an order hold more units of a line than were ordered.",
            code="bad_quantity",
            path=path,
            action="Give the parcels yourself with split_consignments.",
        )


def _means(item: ParcelItem, part: Part) -> bool:
    """Whether a parcel item is a line: by its line id, else by product and variant."""
    line = part.line.line
    if item.line_id is not None:
        return item.line_id == line.line_id
    return item.product_id == line.product_id and item.sku_id in {None, line.sku_id}
