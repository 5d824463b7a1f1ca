"""Orders built by hand with amounts as real orders have them; all names are invented."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from aliexpress_customs.consignment.model import Consignment
from aliexpress_customs.invoice.model import (
    Address,
    ChargeKind,
    Discount,
    Invoice,
    InvoiceCharge,
    InvoiceLine,
    OrderTime,
    Source,
)
from aliexpress_customs.money import money


def line(price: str, units: int = 1, currency: str = "EUR", **facts: Any) -> InvoiceLine:
    discounts = tuple(
        Discount(amount=money(amount, currency)) for amount in facts.pop("discounts", ())
    )
    for name in ("refund", "shipping", "tax"):
        if name in facts:
            facts[name] = money(facts[name], currency)
    return InvoiceLine(
        title=facts.pop("title", "Mug"),
        quantity=units,
        unit_price=money(price, currency),
        line_gross=money(Decimal(price) * units, currency),
        discounts=discounts,
        **facts,
    )


def row(
    kind: ChargeKind, amount: str, currency: str = "EUR", label: str = "", in_total: bool = True
) -> InvoiceCharge:
    return InvoiceCharge(kind=kind, amount=money(amount, currency), label=label, in_total=in_total)


def order(
    *lines: InvoiceLine,
    rows: tuple[InvoiceCharge, ...] = (),
    total: str | None = None,
    country: str | None = "BE",
    **facts: Any,
) -> Invoice:
    currency = facts.pop("currency", "EUR")
    refunded = facts.pop("refunded", None)
    return Invoice(
        source=Source(kind="by_hand"),
        order_id=facts.pop("order_id", "8200000000000001"),
        status=facts.pop("status", "completed"),
        ordered_at=OrderTime(date=facts.pop("day", dt.date(2026, 9, 1))),
        currency=currency,
        ship_to=facts.pop("ship_to", Address(name="Ada Example", country=country)),
        lines=lines,
        charges=rows,
        total=None if total is None else money(total, currency),
        refunded=None if refunded is None else money(refunded, currency),
        **facts,
    )


def values(consignment: Consignment) -> Decimal:
    return sum((each.line_value.amount for each in consignment.lines), Decimal(0))


def collected(consignment: Consignment) -> Decimal:
    return sum((tax.amount.amount for tax in consignment.collected), Decimal(0))


def freight(consignment: Consignment) -> Decimal:
    return consignment.freight.amount if consignment.freight else Decimal(0)


def codes(consignment: Consignment) -> set[str]:
    return {finding.code for finding in consignment.findings}
