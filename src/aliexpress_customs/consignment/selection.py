"""Which lines of which orders lie in a parcel, and which units of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from aliexpress_customs.consignment.settle import SettledLine, SettledOrder
from aliexpress_customs.errors import ConsignmentError
from aliexpress_customs.invoice.model import Invoice
from aliexpress_customs.model import Finding

LineKey = str | tuple[str, int]
"""A line id, or an order id (without one: `orders[0]`) with the position of the line, from 0."""

LineUnits = Mapping[str, int] | Mapping[tuple[str, int], int] | Mapping[LineKey, int]
"""Units of sale, as ordered, by line."""

NOTHING_TO_SEND = "nothing_to_send"
"""Code of the error where orders hold no goods that travel."""

_DEAD = frozenset({"unpaid", "cancelled", "expired"})


@dataclass(frozen=True)
class Part:
    """Units `[from_unit, to_unit)` of a line; units are units of sale, as ordered."""

    order: SettledOrder
    line: SettledLine
    from_unit: int
    to_unit: int


def live_orders(orders: Sequence[Invoice]) -> tuple[list[tuple[str, Invoice]], list[Finding]]:
    """The orders of which goods travel, each with its path, and why others do not.

    Raises:
        ConsignmentError: nothing is left.
    """
    live, findings = [], []
    for index, order in enumerate(orders):
        path = f"orders[{index}]"
        if order.status in _DEAD:
            findings.append(_left_out("order_left_out", f"The order is {order.status}.", path))
            continue
        for position, line in enumerate(order.lines):
            if line.cancelled or not line.quantity:
                why = "cancelled" if line.cancelled else "for no units"
                where = f"{path}.lines[{position}]"
                findings.append(_left_out("line_left_out", f"The line is {why}.", where))
        if any(not line.cancelled and line.quantity for line in order.lines):
            live.append((path, order))
        else:
            findings.append(_left_out("order_left_out", "The order has no line to send.", path))
    if not live:
        reasons = " ".join(dict.fromkeys(finding.message for finding in findings))
        raise ConsignmentError(
            f"Nothing is left to send. {reasons}".strip(),
            code=NOTHING_TO_SEND,
            path="orders",
            action="Pass at least one paid order with a line that is not cancelled.",
        )
    return live, findings


def whole_lines(orders: Sequence[SettledOrder]) -> list[Part]:
    """Every line of every order with all its units."""
    return [Part(order, line, 0, line.line.quantity) for order in orders for line in order.lines]


def chosen_lines(parts: Sequence[Part], keys: Iterable[LineKey]) -> list[Part]:
    """The parts whose line a key names, in the order of the parcel.

    Raises:
        ConsignmentError: a key names no line, or more than one.
    """
    chosen = {id(find_line(parts, key).line) for key in keys}
    return [part for part in parts if id(part.line) in chosen]


def by_key(parts: Sequence[Part], units: LineUnits) -> dict[LineKey, int]:
    """Units of sale with every line named in the same way.

    Raises:
        ConsignmentError: a key names no line, or more than one.
    """
    named: dict[LineKey, int] = {}
    for key, count in units.items():
        line = key_of(find_line(parts, key))
        named[line] = named.get(line, 0) + count
    return named


def cut_lines(parts: Sequence[Part], quantities: LineUnits, already_sent: LineUnits) -> list[Part]:
    """Cut lines to the units that travel now, after those already sent.

    Raises:
        ConsignmentError: an unknown line, or more units than were ordered.
    """
    sent, now = by_key(parts, already_sent), by_key(parts, quantities)
    cut = []
    for part in parts:
        ordered = part.line.line.quantity
        start = sent.get(key_of(part), 0)
        units = now.get(key_of(part), ordered - start)
        if min(start, units) < 0 or start + units > ordered:
            raise ConsignmentError(
                f"{start} units sent and {units} to send are not within the {ordered} ordered.",
                code="bad_quantity",
                path=f"{part.order.path}.lines[{part.line.index}]",
                action="Give units of sale, as ordered, not pieces of a lot.",
            )
        if units:
            cut.append(Part(part.order, part.line, start, start + units))
    return cut


def find_line(parts: Sequence[Part], key: LineKey) -> Part:
    """The one line a key names.

    Raises:
        ConsignmentError: a key names no line, or more than one.
    """
    found = [part for part in parts if _names(key, part)]
    if len(found) != 1:
        raise ConsignmentError(
            f"{key!r} names {'no line' if not found else 'several lines'} that can be sent.",
            code="unknown_line" if not found else "ambiguous_line",
            path="lines",
            action="Name lines by line_id, or by (order_id, position counted from 0).",
        )
    return found[0]


def key_of(part: Part) -> LineKey:
    """The key that names a line in any case: its order and its position."""
    return (part.order.order.order_id or part.order.path, part.line.index)


def _names(key: LineKey, part: Part) -> bool:
    if isinstance(key, str):
        return part.line.line.line_id == key
    return key == key_of(part)


def _left_out(code: str, message: str, path: str) -> Finding:
    return Finding(
        code=code, message=message, path=path, severity="info", action="It is not declared."
    )
