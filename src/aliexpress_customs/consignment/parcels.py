"""Which units of which lines the orders say to lie in which physical parcel."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from aliexpress_customs.consignment.selection import LineKey, Part, key_of
from aliexpress_customs.consignment.settle import SettledOrder
from aliexpress_customs.errors import ConsignmentError
from aliexpress_customs.invoice.model import ParcelItem


class ParcelName(NamedTuple):
    """A parcel by its tracking number, or by its place in an order if it has none."""

    tracking: str
    path: str


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
            name = ParcelName(parcel.tracking, "" if parcel.tracking else path)
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
