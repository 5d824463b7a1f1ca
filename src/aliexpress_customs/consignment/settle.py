"""What each line of one order really cost: discounts, rounding, tax and freight split over lines.

The whole order is settled first, cancelled lines included if the stated total counts them; only
then is it cut into parcels. Amounts here are plain Decimals in the currency of the order.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from aliexpress_customs.consignment.collected import on_top_taxes, tax_inside
from aliexpress_customs.consignment.draft import (
    Draft,
    adjust,
    counted_lines,
    explain_total,
    note_rows,
    take_off,
)
from aliexpress_customs.consignment.orders import ZERO, price_block
from aliexpress_customs.consignment.share import split_by
from aliexpress_customs.consignment.taxes import SettledTax, TaxRate
from aliexpress_customs.invoice.model import Invoice, InvoiceLine
from aliexpress_customs.model import Finding
from aliexpress_customs.money import EXACT, round_to


@dataclass(frozen=True)
class SettledLine:
    """One line of an order after everything the order says about it."""

    index: int
    line: InvoiceLine
    gross: Decimal
    discount: Decimal
    allocated: Decimal
    adjustment: Decimal
    refund: Decimal
    tax: Decimal
    freight: Decimal | None
    insurance: Decimal | None

    @property
    def chain(self) -> list[Decimal]:
        """Subtotals from the gross price down to the value declared."""
        subtotals = [self.gross]
        for step in (-self.discount, -self.allocated, self.adjustment, -self.refund, -self.tax):
            subtotals.append(subtotals[-1] + step)
        return subtotals


@dataclass(frozen=True)
class SettledOrder:
    """An order ready to be cut into parcels."""

    order: Invoice
    path: str
    lines: list[SettledLine]
    """The lines that travel, without cancelled ones."""
    taxes: list[SettledTax]
    step: Decimal
    findings: list[Finding]


def settle(order: Invoice, path: str, included_tax_rate: TaxRate = None) -> SettledOrder:
    """Split everything an order says about money over its lines.

    Args:
        order: the order, all amounts in its currency.
        path: where it is, for findings and errors: `orders[0]`.
        included_tax_rate: rate of the VAT inside its prices, used if no amount is stated.

    At least one line must travel.

    Raises:
        ConsignmentError: mixed currencies, or an included tax above the prices.
        UsageError: the rate is not a Decimal fraction.
    """
    block = price_block(order, path)
    travels = [i for i, line in enumerate(order.lines) if not line.cancelled and line.quantity]
    counted, unexplained = counted_lines(order, block, travels)
    prices = [
        g - d if i in counted else ZERO
        for i, (g, d) in enumerate(zip(block.gross, block.line_discounts, strict=True))
    ]
    draft = Draft(order, path, block, prices, block.freight)
    note_rows(draft)
    discount, rounding, on_top = explain_total(draft, unexplained)
    take_off(draft, discount)
    adjust(draft, rounding)
    inside, label = tax_inside(draft, on_top, included_tax_rate, counted)
    refunds, taxes = _refund(draft, inside.lines)
    values = [p - r - t for p, r, t in zip(draft.prices, refunds, taxes, strict=True)]
    pieces = [Decimal(line.pieces) for line in order.lines]
    spare = [pieces[i] if i in travels else ZERO for i in range(len(pieces))]
    shipping = _shipping_weights(order, travels)
    weights = shipping or [values[i] if i in travels else ZERO for i in range(len(values))]

    def over_travelling(amount: Decimal) -> list[Decimal]:
        return split_by(amount, weights, spare, block.step)

    freight = None if draft.freight is None else over_travelling(draft.freight - inside.freight)
    insurance = block.insurance
    insured = None if insurance is None else over_travelling(insurance - inside.insurance)
    settled = on_top_taxes(draft, on_top, inside.duty, counted)
    if label is not None:
        on_rest = over_travelling(inside.total - sum(inside.lines, ZERO))
        shares = [own + rest for own, rest in zip(taxes, on_rest, strict=True)]
        settled.insert(0, SettledTax("vat", label, True, shares))
    lines = [
        SettledLine(
            index=i,
            line=order.lines[i],
            gross=block.gross[i],
            discount=block.line_discounts[i],
            allocated=draft.allocated[i],
            adjustment=draft.adjustment[i],
            refund=refunds[i],
            tax=taxes[i],
            freight=freight[i] if freight else None,
            insurance=insured[i] if insured else None,
        )
        for i in travels
    ]
    return SettledOrder(order, path, lines, settled, block.step, draft.findings)


def _refund(draft: Draft, taxes: list[Decimal]) -> tuple[list[Decimal], list[Decimal]]:
    """Money given back for lines, and the tax that is left inside them."""
    order, prices = draft.order, draft.prices
    asked = [abs(line.refund.amount) if line.refund else ZERO for line in order.lines]
    unplaced = (abs(order.refunded.amount) if order.refunded else ZERO) - sum(asked, ZERO)
    unplaced -= sum(
        (p for p, line in zip(prices, order.lines, strict=True) if line.cancelled), ZERO
    )
    if unplaced > 0 and len(asked) == 1:
        asked[0] += unplaced
    elif unplaced > 0:
        draft.note(
            "refund_not_placed",
            f"{draft.text(unplaced)} were refunded for no stated line; values are not reduced.",
            "State the refund on the line it was paid for.",
            "warning",
        )
    refunds = [min(back, price) for back, price in zip(asked, prices, strict=True)]
    left = []
    for index, (back, price, tax) in enumerate(zip(refunds, prices, taxes, strict=True)):
        share = EXACT.divide(EXACT.multiply(tax, back), price) if back else ZERO
        left.append(min(tax - round_to(share, draft.block.step), price - back))
        if asked[index] and not order.lines[index].cancelled:
            draft.findings.append(
                Finding(
                    code="refund_deducted",
                    message=f"{draft.text(back)} were refunded and reduce the value of the line.",
                    action="Leave the line out if the goods are not in the parcel.",
                    path=f"{draft.path}.lines[{index}]",
                )
            )
    return refunds, left


def _shipping_weights(order: Invoice, travels: list[int]) -> list[Decimal]:
    """Freight by line where the source states it for all that travel, else nothing."""
    lines = order.lines
    if any(lines[i].shipping is None for i in travels):
        return []
    stated = [
        abs(line.shipping.amount) if line.shipping and i in travels else ZERO
        for i, line in enumerate(lines)
    ]
    return stated if any(stated) else []
