"""What was paid for each line of an order, and the visible way from the lines to its total.

For the price document. The sum is read as the declaration reads it (`consignment.orders`): the
total that the shop states wins, discounts on the whole order are split over its lines by price, and
what the rows leave unexplained is a row of its own, never hidden.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Final, Literal

from aliexpress_customs.consignment.draft import LARGEST_ROUNDING, counted_lines
from aliexpress_customs.consignment.orders import (
    DISCOUNTS,
    FREIGHT,
    NOT_IN_SUM,
    ZERO,
    PriceBlock,
    price_block,
)
from aliexpress_customs.consignment.share import as_money, split_by
from aliexpress_customs.invoice.model import ChargeKind, Invoice, InvoiceCharge, InvoiceLine
from aliexpress_customs.model import Model
from aliexpress_customs.money import Money, minor_unit

RowKind = Literal["row", "sum", "total", "aside"]
"""`aside` stands below the total and is not part of the sum."""

_WORDS: Final[dict[ChargeKind, str]] = {
    "goods_subtotal": "Goods",
    "shipping": "Shipping",
    "shipping_discount": "Shipping discount",
    "seller_discount": "Discount of the seller",
    "platform_coupon": "AliExpress coupon",
    "store_coupon": "Store coupon",
    "coins": "Coins",
    "promo_code": "Promo code",
    "payment_discount": "Payment discount",
    "price_adjustment": "Price adjustment",
    "tax_added": "Tax collected at checkout",
    "tax_included": "Tax collected at checkout, inside the prices above",
    "import_duty": "Import charges collected at checkout",
    "duty_subsidy": "Import charges borne by the shop",
    "fee": "Handling charge",
    "instalment_fee": "Fee for instalments",
    "insurance": "Insurance",
    "rounding": "Rounding",
    "other": "Other",
}
_AFTER_GOODS: Final[tuple[ChargeKind, ...]] = (
    *FREIGHT,
    "insurance",
    "fee",
    "instalment_fee",
    "other",
    "tax_added",
    "import_duty",
    "duty_subsidy",
)


class PricedLine(Model):
    """One line of an order with its price before and after discounts."""

    number: int
    unit_price: Money
    price: Money
    """Before discounts."""
    discount: Money
    """Signed, normally negative: own discounts and this line's share of the order's."""
    paid: Money | None
    """None: the stated total does not hold the line, which was cancelled."""
    line: InvoiceLine


class PriceRow(Model):
    """One row of the sum below the lines."""

    label: str
    amount: Money | None
    """Signed; None = the order does not state it, which is not zero."""
    kind: RowKind = "row"


class PriceSums(Model):
    """Lines and sum of one order."""

    lines: tuple[PricedLine, ...]
    rows: tuple[PriceRow, ...]
    paid: bool
    """Whether the order states what was paid in all; without it prices are prices only."""
    shared: bool
    """Whether discounts on the whole order were split over the lines."""
    difference: Money | None
    """What the rows leave unexplained of the stated total; None = there is no stated total."""
    rounded: bool
    """Whether the difference is small enough to be rounding."""


def price_sums(order: Invoice) -> PriceSums:
    """Price the lines of an order and add them up to its total.

    Raises:
        ConsignmentError: an amount is in another currency than the order, or a price is negative.
    """
    block = price_block(order, order.order_id or "order")
    travels = [i for i, line in enumerate(order.lines) if not line.cancelled and line.quantity]
    counted, _ = counted_lines(order, block, travels)
    prices = [
        gross - off if i in counted else ZERO
        for i, (gross, off) in enumerate(zip(block.gross, block.line_discounts, strict=True))
    ]
    goods = sum(prices, ZERO)
    on_goods = min(block.discount, goods)
    shares = [
        -share for share in split_by(on_goods, prices, [Decimal(1)] * len(prices), block.step)
    ]
    lines = tuple(_line(order, block, shares, index, counted) for index in range(len(prices)))
    rows = list(_goods_rows(order, block, lines, block.discount - on_goods))
    rows += _other_rows(order, block, block.discount - on_goods)
    reached = sum((row.amount.amount for row in rows if row.kind == "row" and row.amount), ZERO)
    difference = None if order.total is None else order.total.amount - reached
    rounded = abs(difference or ZERO) <= LARGEST_ROUNDING * minor_unit(order.currency)
    if difference:
        label = "Rounding" if rounded else "Difference that the order does not explain"
        rows.append(PriceRow(label=label, amount=as_money(difference, order.currency)))
    if order.total is None:
        rows.append(PriceRow(label="Sum", amount=as_money(reached, order.currency), kind="sum"))
    rows.append(PriceRow(label="Total of the order", amount=order.total, kind="total"))
    return PriceSums(
        lines=lines,
        rows=(*rows, *_asides(order, whole=len(counted) == len(order.lines))),
        paid=_is_proved(order),
        shared=len(lines) > 1 and any(shares),
        difference=None if difference is None else as_money(difference, order.currency),
        rounded=rounded,
    )


def _line(
    order: Invoice,
    block: PriceBlock,
    shares: list[Decimal],
    index: int,
    counted: frozenset[int],
) -> PricedLine:
    line, gross = order.lines[index], block.gross[index]
    discount = shares[index] - block.line_discounts[index]
    return PricedLine(
        number=index + 1,
        unit_price=line.unit_price,
        price=as_money(gross, order.currency),
        discount=as_money(discount, order.currency),
        paid=as_money(gross + discount, order.currency) if index in counted else None,
        line=line,
    )


def _goods_rows(
    order: Invoice, block: PriceBlock, lines: Iterable[PricedLine], beyond: Decimal
) -> Iterator[PriceRow]:
    """From the prices to what was paid for the goods: the columns of the lines, summed."""
    counted = [line.number - 1 for line in lines if line.paid is not None]

    def row(label: str, amount: Decimal, kind: RowKind = "row") -> PriceRow:
        return PriceRow(label=label, amount=as_money(amount, order.currency), kind=kind)

    yield row("Price of the goods", sum((block.gross[i] for i in counted), ZERO))
    if own := sum((block.line_discounts[i] for i in counted), ZERO):
        yield row("Discounts on single lines", -own)
    for charge in order.charges:
        if _is_discount(charge) and charge.amount.amount:
            yield row(_label(charge), charge.amount.amount)
    if beyond:
        yield row("Discounts above the price of the goods, see below", beyond)
    paid = sum((line.paid.amount for line in lines if line.paid is not None), ZERO)
    label = "Paid for the goods" if _is_proved(order) else "Price after discounts"
    yield row(label, paid, "sum")


def _other_rows(order: Invoice, block: PriceBlock, beyond: Decimal) -> Iterator[PriceRow]:
    """Delivery, handling and tax; what the order does not state is named without an amount."""
    charges = [row for row in order.charges if row.in_total and not _is_discount(row)]
    kinds = {row.kind for row in charges}
    if beyond:
        yield PriceRow(
            label="Discounts above the price of the goods",
            amount=as_money(-beyond, order.currency),
        )
    if not kinds & set(FREIGHT) and not block.freight_outside_total:
        known = None if block.freight is None else as_money(block.freight, order.currency)
        yield PriceRow(label="Shipping", amount=known)
    for kind in _AFTER_GOODS:
        if kind == "fee" and "fee" not in kinds:
            yield PriceRow(label="Handling charges", amount=None)
        for row in charges:
            if row.kind == kind:
                yield PriceRow(label=_label(row), amount=row.amount)
    if "tax_added" not in kinds:
        for _, _, amount in block.tax_added:
            label = "Tax collected at checkout, as stated on the lines"
            yield PriceRow(label=label, amount=as_money(amount, order.currency))
        if not block.tax_added and block.tax_included is None:
            yield PriceRow(label="Tax collected at checkout", amount=None)


def _asides(order: Invoice, *, whole: bool) -> Iterator[PriceRow]:
    """What stands below the total; `whole`: the total holds every line, paid back or not."""
    for charge in order.charges:
        if charge.kind == "tax_included":
            amount = as_money(abs(charge.amount.amount), order.currency)
            yield PriceRow(label=_label(charge), amount=amount, kind="aside")
        elif not charge.in_total and charge.kind not in NOT_IN_SUM and charge.amount.amount:
            label = f"Shown by the shop, not part of the total: {_label(charge)}"
            yield PriceRow(label=label, amount=charge.amount, kind="aside")
    yield PriceRow(label="Amount paid, if stated apart", amount=order.paid, kind="aside")
    back = order.refunded
    if back is None and any(line.refund is not None for line in order.lines):
        own = sum((abs(line.refund.amount) for line in order.lines if line.refund), ZERO)
        back = as_money(own, order.currency)
    if back is None:
        return
    yield PriceRow(label="Paid back", amount=back, kind="aside")
    if order.total is not None and whole:
        left = as_money(order.total.amount - abs(back.amount), order.currency)
        yield PriceRow(label="Total without what was paid back", amount=left, kind="aside")


def _is_proved(order: Invoice) -> bool:
    return order.total is not None or order.paid is not None


def _is_discount(row: InvoiceCharge) -> bool:
    """Rows that lower the price of the goods; unknown ones if they are negative."""
    unknown = row.kind == "other" and row.amount.amount < 0
    return row.in_total and (row.kind in DISCOUNTS or unknown)


def _label(row: InvoiceCharge) -> str:
    """Our words, and those of the shop where they say something else; no names of data fields."""
    deducted = row.kind == "tax_added" and row.amount.amount < 0
    words = "Tax taken off the prices" if deducted else _WORDS[row.kind]
    shown = " ".join(row.label.split())
    technical = "_" in shown
    if not shown or technical or shown.casefold() in words.casefold():
        return words
    return f"{words} ({shown})"
