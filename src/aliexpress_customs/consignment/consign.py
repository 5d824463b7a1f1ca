"""From orders to consignments: one parcel, several orders in one, or one order in several.

The whole order is settled first (`settle`), then cut (`selection`), so the parts of an order always
sum to the whole: value, discounts, freight and tax, to the cent.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from typing import TypedDict, Unpack

from aliexpress_customs.consignment.build import build
from aliexpress_customs.consignment.model import Consignment, Importer, Purpose
from aliexpress_customs.consignment.parcels import parcel_contents
from aliexpress_customs.consignment.selection import (
    LineKey,
    LineUnits,
    Part,
    by_key,
    chosen_lines,
    cut_lines,
    live_orders,
    whole_lines,
)
from aliexpress_customs.consignment.settle import SettledOrder, settle
from aliexpress_customs.consignment.taxes import TaxRate
from aliexpress_customs.errors import ConsignmentError, UsageError
from aliexpress_customs.invoice.model import Invoice
from aliexpress_customs.model import Finding
from aliexpress_customs.money import Money


class ConsignOptions(TypedDict, total=False):
    """What the caller knows about a parcel beyond its orders; every entry is optional."""

    region: str | None
    """ISO 3166-2 code of the destination's region; default: the address, if it holds one."""
    postcode: str
    """Default: the address."""
    dispatch_country: str | None
    """ISO 3166-1 alpha-2; default: the lines' "ships from", else CN with a finding."""
    freight: Money | Decimal | str | int | None
    """Paid for delivery of this parcel, without the destination's VAT; replaces the orders'."""
    insurance: Money | Decimal | str | int | None
    """As freight."""
    gross_weight_kg: Decimal | str | int | None
    """Default: the sum of the lines' weights, if all are known."""
    included_tax_rate: TaxRate
    """Rate of the VAT inside the prices (`Decimal("0.21")`), or a function of the line; used where
    an order does not state the amount."""
    importer_tax_id: str
    """Default: the buyer's only tax number, if the orders state exactly one."""
    tracking_number: str
    """Default: the orders' only tracking number, if they state exactly one."""
    importer: Importer
    purpose: Purpose


def consign(
    invoices: Invoice | Sequence[Invoice],
    destination: str | None = None,
    *,
    lines: Sequence[LineKey] | None = None,
    quantities: LineUnits | None = None,
    already_sent: LineUnits | None = None,
    **options: Unpack[ConsignOptions],
) -> Consignment:
    """Put orders, or some of their lines, into one parcel.

    Orders that are unpaid, cancelled or expired and cancelled lines are left out with a finding.
    Discounts on an order are split over its lines by value, freight by value, the difference to the
    stated total goes to the largest line: goods + freight + insurance + taxes + fees = total.
    VAT of the destination inside the prices is taken out and recorded in `collected`.

    Args:
        invoices: one order or several in one currency.
        destination: ISO 3166-1 alpha-2; default: where the orders are shipped to.
        lines: only these lines, by `line_id` or `(order_id, position from 0)`; default: all.
        quantities: units of sale (not pieces) of lines of which only a part travels.
        already_sent: units of lines that travelled in earlier parcels; parts that adjoin sum to
            the whole line to the cent.
        **options: see `ConsignOptions`.

    Raises:
        ConsignmentError: nothing to send, several currencies or destinations, unknown lines.
        UsageError: an argument is malformed.
    """
    orders, findings = _settled(invoices, options)
    parts = whole_lines(orders)
    if lines is not None:
        parts = chosen_lines(parts, lines)
    parts = cut_lines(parts, quantities or {}, already_sent or {})
    return build(parts, findings, destination, options)


def split_consignments(
    invoices: Invoice | Sequence[Invoice],
    parcels: Sequence[LineUnits],
    destination: str | None = None,
    **options: Unpack[ConsignOptions],
) -> list[Consignment]:
    """Put orders into several parcels; if these hold all units, they sum to the whole.

    Args:
        invoices: one order or several in one currency.
        parcels: for each parcel, units of sale by `line_id` or `(order_id, position from 0)`.
        destination: as for `consign`.
        **options: see `ConsignOptions`; facts of a single parcel are refused if there are several.

    Raises:
        ConsignmentError: as `consign`, and more units than were ordered.
        UsageError: an argument is malformed, or says something of a single parcel.
    """
    orders, findings = _settled(invoices, options)
    _refuse_single(options, len(parcels))
    return [
        build(parts, findings, destination, options)
        for parts in _in_turn(whole_lines(orders), parcels)
    ]


def consign_parcels(
    invoices: Invoice | Sequence[Invoice],
    destination: str | None = None,
    **options: Unpack[ConsignOptions],
) -> list[Consignment]:
    """One consignment for each physical parcel the orders tell of.

    Parcels of several orders with one tracking number are one parcel. Units that no parcel names
    form a last consignment of their own, with a finding; orders without parcels lie there, too.

    Args:
        invoices: one order or several in one currency.
        destination: as for `consign`.
        **options: see `ConsignOptions`; facts of a single parcel are refused if there are several.

    Raises:
        ConsignmentError: as `consign`, and parcels that hold more than was ordered.
        UsageError: an argument is malformed, or says something of a single parcel.
    """
    orders, findings = _settled(invoices, options)
    whole = whole_lines(orders)
    contents = parcel_contents(orders, whole)
    named: Counter[LineKey] = Counter()
    for units in contents.values():
        named.update(units)
    parcels = [
        (name.tracking, parts)
        for name, parts in zip(contents, _in_turn(whole, list(contents.values())), strict=True)
        if parts
    ]
    left = cut_lines(whole, {}, named)
    if left:
        parcels.append(("", left))
    _refuse_single(options, len(parcels))
    assumed = Finding(
        code="parcel_assumed",
        message="No parcel is stated for these units; they are taken to travel together.",
        action="Give the parcels with split_consignments.",
        path="parcels",
    )
    return [
        build(
            parts,
            [*findings, assumed] if parts is left else findings,
            destination,
            {"tracking_number": tracking, **options},
        )
        for tracking, parts in parcels
    ]


def _settled(
    invoices: Invoice | Sequence[Invoice], options: ConsignOptions
) -> tuple[list[SettledOrder], list[Finding]]:
    """The live orders, settled, all in one currency."""
    orders = [invoices] if isinstance(invoices, Invoice) else list(invoices)
    live, findings = live_orders(orders)
    if len({order.currency for _, order in live}) > 1:
        names = ", ".join(f"{order.order_id or path}: {order.currency}" for path, order in live)
        raise ConsignmentError(
            f"The orders are in several currencies ({names}).",
            code="mixed_currencies",
            path="orders",
            action="Consign the orders of each currency apart, or convert them first.",
        )
    rate = options.get("included_tax_rate")
    return [settle(order, path, rate) for path, order in live], findings


def _in_turn(whole: Sequence[Part], parcels: Sequence[LineUnits]) -> list[list[Part]]:
    """Cut lines into parcels one after the other."""
    cuts: list[list[Part]] = []
    sent: dict[LineKey, int] = {}
    for parcel in parcels:
        now = by_key(whole, parcel)
        before = {key: units for key, units in sent.items() if key in now}
        cuts.append(cut_lines(chosen_lines(whole, now), now, before))
        sent |= {key: sent.get(key, 0) + units for key, units in now.items()}
    return cuts


def _refuse_single(options: ConsignOptions, parcels: int) -> None:
    """Facts of one parcel cannot hold for several."""
    single = {"freight", "insurance", "gross_weight_kg", "tracking_number"} & options.keys()
    if single and parcels > 1:
        raise UsageError(
            f"{', '.join(sorted(single))} cannot hold for {parcels} parcels at once.",
            path="options",
            action="Consign the parcels one by one with consign(..., already_sent=...).",
        )
