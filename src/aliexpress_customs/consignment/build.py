"""Building the consignment of some parts of settled orders: every amount shared over the units."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any, Final

from aliexpress_customs.consignment import facts
from aliexpress_customs.consignment.model import CollectedTax, Consignment, ConsignmentLine
from aliexpress_customs.consignment.selection import NOTHING_TO_SEND, Part
from aliexpress_customs.consignment.settle import SettledOrder
from aliexpress_customs.consignment.share import as_money, share_of, shares_of, split_by
from aliexpress_customs.errors import ConsignmentError
from aliexpress_customs.model import Finding
from aliexpress_customs.money import Money, minor_unit

_GRAM_PART: Final = Decimal("0.000001")
"""Weights are shared over parcels to the milligram."""


def build(
    parts: Sequence[Part],
    findings: Sequence[Finding],
    destination: str | None,
    options: Mapping[str, Any],
) -> Consignment:
    """The consignment of some units of some lines.

    Args:
        parts: the units, all of orders in one currency.
        findings: what is already known about the orders.
        destination: ISO 3166-1 alpha-2, or None for the orders' own.
        options: see `consign.ConsignOptions`.

    Raises:
        ConsignmentError: nothing to send, or no single destination.
        UsageError: an option is malformed.
    """
    if not parts:
        raise ConsignmentError(
            "No units are left for this parcel.",
            code=NOTHING_TO_SEND,
            path="lines",
            action="Choose at least one line with at least one unit.",
        )
    orders = list({part.order.path: part.order for part in parts}.values())
    invoices = [order.order for order in orders]
    currency = invoices[0].currency
    lines = [_line(part, currency) for part in parts]
    notes = [*findings, *_findings(orders), *_gifts(lines)]
    country = facts.destination(invoices, destination, notes)
    recipient = facts.recipient(invoices, notes)
    postcode = options.get("postcode") or (recipient.postcode if recipient else "")
    freight = facts.amount(options.get("freight"), currency, "freight")
    if freight is None:
        freight = _sum((line.line_freight for line in lines), currency)
    else:
        lines = _with_freight(lines, freight)
        notes = [note for note in notes if note.code != "freight_unknown"]
    insurance = facts.amount(options.get("insurance"), currency, "insurance")
    weight = facts.weight(options.get("gross_weight_kg"))
    dates = [order.ordered_at.date for order in invoices if order.ordered_at]
    return Consignment(
        destination_country=country,
        destination_region=facts.region(options.get("region"), country, recipient),
        postcode=postcode,
        dispatch_country=facts.dispatch(options.get("dispatch_country"), lines, notes),
        currency=currency,
        lines=tuple(lines),
        freight=freight,
        insurance=_insurance(parts, currency) if insurance is None else insurance,
        gross_weight_kg=_weight(parts) if weight is None else weight,
        collected=tuple(_collected(orders, parts)),
        ordered_on=max(dates) if dates else None,
        tracking_number=facts.tracking(options.get("tracking_number"), invoices),
        order_ids=tuple(dict.fromkeys(i.order_id for i in invoices if i.order_id is not None)),
        seller=facts.seller(invoices, notes),
        ship_to=recipient,
        importer_tax_id=options.get("importer_tax_id") or facts.only_tax_id(invoices),
        importer=facts.importer(options.get("importer")),
        purpose=facts.purpose(options.get("purpose")),
        findings=tuple(notes),
    )


def _line(part: Part, currency: str) -> ConsignmentLine:
    """The share of a line's amounts that its units in this parcel bear."""
    source, settled = part.line.line, part.line
    span = (part.from_unit, part.to_unit, source.quantity)
    totals = shares_of(settled.chain, *span, part.order.step)
    discount, allocated, adjustment, refund, tax = (
        after - before for before, after in pairwise(totals)
    )
    freight = settled.freight
    line_freight = None if freight is None else share_of(freight, *span, part.order.step)
    return ConsignmentLine(
        order_id=part.order.order.order_id,
        line_id=source.line_id,
        product_id=source.product_id,
        sku_id=source.sku_id,
        title=source.title,
        variant="; ".join(map(str, source.variant)),
        category=source.category_id or "",
        quantity=(part.to_unit - part.from_unit) * source.lot_size,
        line_gross=as_money(totals[0], currency),
        line_discount=as_money(-discount, currency),
        allocated_discount=as_money(-allocated, currency),
        line_adjustment=as_money(adjustment, currency) if settled.adjustment else None,
        line_refund=as_money(-refund, currency) if settled.refund else None,
        included_tax=as_money(-tax, currency),
        line_value=as_money(totals[-1], currency),
        line_freight=None if line_freight is None else as_money(line_freight, currency),
        hs_code_hint=source.hs_code_hint,
        dispatch_country=source.ships_from,
    )


def _with_freight(lines: Sequence[ConsignmentLine], freight: Money) -> list[ConsignmentLine]:
    """The caller's freight split over the lines by value, equally by piece if all are free."""
    code = freight.currency.code
    values = [line.line_value.amount for line in lines]
    pieces = [Decimal(line.quantity) for line in lines]
    shares = split_by(freight.amount, values, pieces, minor_unit(code))
    return [
        line.model_copy(update={"line_freight": as_money(share, code)})
        for line, share in zip(lines, shares, strict=True)
    ]


def _insurance(parts: Sequence[Part], currency: str) -> Money | None:
    """Insurance the orders state; None if none does."""
    known = [
        share_of(amount, part.from_unit, part.to_unit, part.line.line.quantity, part.order.step)
        for part in parts
        if (amount := part.line.insurance) is not None
    ]
    return as_money(sum(known, Decimal(0)), currency) if known else None


def _weight(parts: Sequence[Part]) -> Decimal | None:
    """Gross weight of the units in kg, if the weight of every line is known."""
    weights = []
    for part in parts:
        line = part.line.line
        if line.gross_weight_kg is None:
            return None
        span = (part.from_unit, part.to_unit, line.quantity)
        weights.append(share_of(line.gross_weight_kg, *span, _GRAM_PART))
    return sum(weights, Decimal(0))


def _collected(orders: Iterable[SettledOrder], parts: Sequence[Part]) -> Iterable[CollectedTax]:
    """The taxes taken at checkout, as far as the units here bear them."""
    for order in orders:
        own = [part for part in parts if part.order is order]
        for tax in order.taxes:
            amount = sum(
                (
                    share_of(
                        tax.shares[part.line.index],
                        part.from_unit,
                        part.to_unit,
                        part.line.line.quantity,
                        order.step,
                    )
                    for part in own
                ),
                Decimal(0),
            )
            yield CollectedTax(
                kind=tax.kind,
                amount=as_money(amount, order.order.currency),
                inside_prices=tax.inside_prices,
                label=tax.label,
                order_id=order.order.order_id,
            )


def _sum(amounts: Iterable[Money | None], currency: str) -> Money | None:
    """The sum, or None if a part is unknown."""
    total = Decimal(0)
    for amount in amounts:
        if amount is None:
            return None
        total += amount.amount
    return as_money(total, currency)


def _findings(orders: Iterable[SettledOrder]) -> list[Finding]:
    """What was found when the orders were settled, and what their readers doubted."""
    found = []
    for order in orders:
        for finding in order.order.findings:
            if finding.severity != "info":
                path = f"{order.path}.{finding.path}".rstrip(".")
                found.append(finding.model_copy(update={"path": path}))
        found.extend(order.findings)
    return found


def _gifts(lines: Sequence[ConsignmentLine]) -> list[Finding]:
    """Lines without a price: they travel and are declared."""
    return [
        Finding(
            code="line_without_price",
            message="A line costs nothing, such as a gift of the shop.",
            action="Give it the value of the goods if customs asks for one.",
            path=f"lines[{index}]",
            severity="warning",
        )
        for index, line in enumerate(lines)
        if not line.line_gross.amount
    ]
