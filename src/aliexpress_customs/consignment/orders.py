"""Reading the price block of one order: what belongs to goods, to delivery, to tax, to neither.

The order in which rows are read and their meaning follow `docs/concepts/consignment.md`: the total
stated by the shop wins, so `goods + freight + insurance + taxes + fees = total`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

from aliexpress_customs.consignment.share import finest_step
from aliexpress_customs.errors import ConsignmentError
from aliexpress_customs.invoice.model import ChargeKind, Invoice
from aliexpress_customs.money import Money

ZERO = Decimal(0)

DISCOUNTS: Final[tuple[ChargeKind, ...]] = (
    "seller_discount",
    "platform_coupon",
    "store_coupon",
    "coins",
    "promo_code",
    "price_adjustment",
    "payment_discount",
)
"""Rows that lower (an adjustment may raise) the price of all goods of an order."""

FREIGHT: Final[tuple[ChargeKind, ...]] = ("shipping", "shipping_discount")

NOT_IN_SUM: Final[tuple[ChargeKind, ...]] = ("goods_subtotal", "rounding", "tax_included")
"""Rows that repeat, or are computed from, the others."""

_VAT_WORDS: Final = re.compile(r"\b(vat|gst|tva|iva|mwst|btw|moms|mva|dph|pvm)\b", re.IGNORECASE)
_DUTY_WORDS: Final = re.compile(r"\b(duty|duties|import|customs)\b", re.IGNORECASE)


@dataclass(frozen=True)
class PriceBlock:
    """The rows of one order as signed sums, in its currency; None = the order has no such row."""

    gross: list[Decimal]
    """Of each line, before any discount."""
    line_discounts: list[Decimal]
    """Of each line, positive, never above its gross."""
    discount: Decimal
    """Discounts on the whole order, positive; negative if the seller raised the price."""
    payment_discount: Decimal
    unknown_discount: Decimal
    """Negative rows of unknown kind, as a positive amount; part of `discount`."""
    freight: Decimal | None
    freight_outside_total: bool
    insurance: Decimal | None
    tax_added: tuple[tuple[Literal["vat", "unknown"], str, Decimal], ...]
    """Kind, label and amount of each tax row on top of the prices."""
    tax_deducted: Decimal
    """Tax taken off tax-inclusive prices, to be paid at the border (positive)."""
    tax_included: Decimal | None
    own_tax: list[Decimal] | None
    """Tax of each line, if the source states it for all."""
    import_duty: Decimal | None
    duty_subsidy: Decimal
    not_goods: Decimal
    """Fees, instalment fees and positive rows of unknown kind."""
    unknown_fee: Decimal
    """Positive rows of unknown kind, part of `not_goods`."""
    stated_rounding: Decimal
    step: Decimal

    def unexplained(self, lines: list[int], total: Decimal) -> Decimal:
        """Stated total less all rows and the given lines."""
        goods = sum((self.gross[i] - self.line_discounts[i] for i in lines), ZERO)
        rows = (self.freight or ZERO) + (self.insurance or ZERO) + (self.import_duty or ZERO)
        rows += self.duty_subsidy + self.not_goods - self.tax_deducted
        rows += sum((amount for _, _, amount in self.tax_added), ZERO)
        return total - (goods - self.discount + rows)


def price_block(order: Invoice, path: str) -> PriceBlock:
    """Sum up the rows of an order by their meaning.

    Args:
        order: the order; every amount must be in its currency.
        path: where it is, for errors: `orders[0]`.

    Raises:
        ConsignmentError: an amount is in another currency than the order, or a price is negative.
    """
    _check_currency(order, path)
    gross = [line.line_gross.amount for line in order.lines]
    if any(amount < 0 for amount in gross):
        raise ConsignmentError(
            "A line has a negative price.",
            code="negative_price",
            path=path,
            action="State discounts as charges, refunds as `refund`.",
        )
    stated = [sum((d.amount.amount for d in line.discounts), ZERO) for line in order.lines]
    discounts = [min(max(d, ZERO), g) for d, g in zip(stated, gross, strict=True)]
    rows = [row for row in order.charges if row.in_total]

    def summed(*kinds: ChargeKind) -> Decimal:
        return sum((row.amount.amount for row in rows if row.kind in kinds), ZERO)

    others = [row.amount.amount for row in rows if row.kind == "other"]
    unknown_discount = -sum((a for a in others if a < 0), ZERO)
    unknown_fee = sum((a for a in others if a > 0), ZERO)
    tax_rows = [row for row in rows if row.kind == "tax_added"]
    added = tuple((_tax_kind(r.label), r.label, r.amount.amount) for r in tax_rows)
    included, own = _stated_tax(order)
    if own is not None and not added and included is None:
        own_sum = sum(own, ZERO)
        if all(line.price_basis == "tax_inclusive" for line in order.lines):
            included = own_sum
        else:
            added = (("unknown", "", own_sum),)
    duties = [row for row in rows if row.kind == "import_duty"]
    insurance = [row for row in rows if row.kind == "insurance"]
    return PriceBlock(
        gross=gross,
        line_discounts=discounts,
        discount=-summed(*DISCOUNTS) + unknown_discount,
        payment_discount=-summed("payment_discount"),
        unknown_discount=unknown_discount,
        freight=_freight(order),
        freight_outside_total=_freight_rows_outside_total(order),
        insurance=summed("insurance") if insurance else None,
        tax_added=tuple(row for row in added if row[2] >= 0),
        tax_deducted=-sum((row[2] for row in added if row[2] < 0), ZERO),
        tax_included=included,
        own_tax=own,
        import_duty=summed("import_duty") if duties else None,
        duty_subsidy=summed("duty_subsidy"),
        not_goods=summed("fee", "instalment_fee") + unknown_fee,
        unknown_fee=unknown_fee,
        stated_rounding=summed("rounding"),
        step=finest_step(order.currency, (a.amount for a in _amounts(order))),
    )


def _stated_tax(order: Invoice) -> tuple[Decimal | None, list[Decimal] | None]:
    """Tax inside the prices as the order states it, and by line if stated for all."""
    included = order.charge("tax_included")
    own = [line.tax.amount for line in order.lines if line.tax is not None]
    complete = bool(own) and len(own) == len(order.lines) and all(tax >= 0 for tax in own)
    return (abs(included) if included is not None else None), (own if complete else None)


def _freight_rows_outside_total(order: Invoice) -> bool:
    rows = [row for row in order.charges if row.kind in FREIGHT]
    return bool(rows) and not any(row.in_total for row in rows)


def _freight(order: Invoice) -> Decimal | None:
    """Paid for delivery: rows that count, else what the lines say, else unknown."""
    rows = [row for row in order.charges if row.kind in FREIGHT]
    if rows:
        return sum((row.amount.amount for row in rows if row.in_total), ZERO)
    by_line = [line.shipping.amount for line in order.lines if line.shipping is not None]
    return sum(by_line, ZERO) if by_line else None


def _tax_kind(label: str) -> Literal["vat", "unknown"]:
    """A row is plain VAT only if its text says so and names no duty beside it."""
    return "vat" if _VAT_WORDS.search(label) and not _DUTY_WORDS.search(label) else "unknown"


def _check_currency(order: Invoice, path: str) -> None:
    if any(amount.currency.code != order.currency for amount in _amounts(order)):
        raise ConsignmentError(
            f"An order in {order.currency} holds amounts in another currency.",
            code="mixed_currencies",
            path=path,
            action="Convert the order to one currency before it is consigned.",
        )


def _amounts(order: Invoice) -> Iterator[Money]:
    """Every amount of an order that takes part."""
    yield from (amount for amount in (order.total, order.refunded) if amount is not None)
    yield from (row.amount for row in order.charges)
    for line in order.lines:
        yield line.line_gross
        yield from (discount.amount for discount in line.discounts)
        optional = (line.shipping, line.tax, line.refund)
        yield from (amount for amount in optional if amount is not None)
