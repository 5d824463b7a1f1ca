"""The price block of one order brought to its stated total: discounts, rounding, surplus.

The total the shop states wins over the sum of its rows. A small difference is rounding and goes to
the largest line; rows above the total are a discount the file does not show; a total far above the
rows is freight or tax the file does not show, and is never declared as goods.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from aliexpress_customs.consignment.orders import ZERO, PriceBlock
from aliexpress_customs.consignment.share import as_money, split_by
from aliexpress_customs.invoice.model import Invoice
from aliexpress_customs.model import Finding, Severity
from aliexpress_customs.money import format_money, minor_unit, split

LARGEST_ROUNDING: Final = 15
"""Minor units by which rows may miss the stated total and still be called rounding: real orders
miss it by 1 to 3, seldom by up to 15 (shipping of a few cents that is shown but not summed)."""


@dataclass
class Draft:
    """The order while it is being settled; lists run over all lines of the order."""

    order: Invoice
    path: str
    block: PriceBlock
    prices: list[Decimal]
    freight: Decimal | None
    allocated: list[Decimal] = field(default_factory=list)
    adjustment: list[Decimal] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def note(self, code: str, message: str, action: str = "", severity: Severity = "info") -> None:
        """Add a finding about the order."""
        self.findings.append(
            Finding(code=code, message=message, action=action, path=self.path, severity=severity)
        )

    def text(self, amount: Decimal) -> str:
        """An amount for a message."""
        return format_money(as_money(amount, self.order.currency))


def counted_lines(
    order: Invoice, block: PriceBlock, travels: list[int]
) -> tuple[frozenset[int], Decimal]:
    """The lines inside the stated total, and what the rows leave unexplained of it."""
    everything = list(range(len(order.lines)))
    if order.total is None:
        return frozenset(everything), block.stated_rounding
    total = order.total.amount
    with_all = block.unexplained(everything, total)
    without = block.unexplained(travels, total)
    if travels and abs(without) < abs(with_all):
        return frozenset(travels), without
    return frozenset(everything), with_all


def explain_total(draft: Draft, unexplained: Decimal) -> tuple[Decimal, Decimal, Decimal]:
    """Discount, rounding and tax on top, after the unexplained difference found its place."""
    block = draft.block
    discount, goods = block.discount, sum(draft.prices, ZERO)
    overshoot = min(max(discount - goods, ZERO), max(unexplained, ZERO))
    discount, unexplained = discount - overshoot, unexplained - overshoot
    if abs(unexplained) <= LARGEST_ROUNDING * minor_unit(draft.order.currency):
        return discount, unexplained, ZERO
    if unexplained < 0:
        draft.note(
            "discount_derived",
            f"The rows exceed the stated total by {draft.text(-unexplained)}; taken as a discount.",
            "Check the order for a discount its file does not show.",
            "warning",
        )
        return discount - unexplained, ZERO, ZERO
    if block.tax_included is not None and unexplained <= block.tax_included:
        draft.note(
            "tax_partly_on_top",
            f"{draft.text(unexplained)} of the stated tax lie on top of the prices.",
        )
        return discount, ZERO, unexplained
    draft.note(
        "total_above_rows",
        f"The stated total exceeds the rows by {draft.text(unexplained)}; not taken as goods.",
        "It is likely freight or tax the file does not show: read the order's detail or receipt.",
        "error",
    )
    return discount, ZERO, ZERO


def take_off(draft: Draft, discount: Decimal) -> None:
    """Split the discounts over lines; what exceeds the goods lowers the freight."""
    draft.allocated = [ZERO] * len(draft.prices)
    draft.adjustment = list(draft.allocated)
    if draft.freight is not None and draft.freight < 0:
        discount, draft.freight = discount - draft.freight, ZERO
        draft.note("freight_below_zero", "Shipping discounts exceed shipping; taken off goods.")
    if discount < 0 and draft.prices:
        equal = [Decimal(1)] * len(draft.prices)
        draft.adjustment = split_by(-discount, draft.prices, equal, draft.block.step)
    elif discount > 0:
        on_goods = min(discount, sum(draft.prices, ZERO))
        draft.allocated = split(on_goods, draft.prices, draft.block.step)
        _take_off_freight(draft, discount - on_goods)
    draft.prices = [
        price - off + more
        for price, off, more in zip(draft.prices, draft.allocated, draft.adjustment, strict=True)
    ]


def _take_off_freight(draft: Draft, excess: Decimal) -> None:
    if not excess:
        return
    on_freight = min(excess, draft.freight or ZERO)
    if draft.freight is not None:
        draft.freight -= on_freight
    draft.note(
        "discount_exceeds_goods",
        f"Discounts exceed the goods by {draft.text(excess)}; "
        f"{draft.text(on_freight)} of it taken off freight.",
        "Check the discount rows.",
        "info" if on_freight == excess else "error",
    )


def adjust(draft: Draft, rounding: Decimal) -> None:
    """Put the rounding difference on the largest line, over more lines if that is too small."""
    if not rounding or not draft.prices:
        return
    largest = max(range(len(draft.prices)), key=lambda i: (draft.prices[i], -i))
    parts = [ZERO] * len(draft.prices)
    if draft.prices[largest] + rounding >= 0:
        parts[largest] = rounding
    else:
        on_goods = min(-rounding, sum(draft.prices, ZERO))
        parts = [-part for part in split(on_goods, draft.prices, draft.block.step)]
        _take_off_freight(draft, -rounding - on_goods)
    draft.adjustment = [a + part for a, part in zip(draft.adjustment, parts, strict=True)]
    draft.prices = [price + part for price, part in zip(draft.prices, parts, strict=True)]


def note_rows(draft: Draft) -> None:
    """Tell which rows were read with a doubt."""
    block = draft.block
    if block.freight is None:
        draft.note(
            "freight_unknown",
            "The order does not say what delivery cost.",
            "Pass freight, 0 if it was free.",
            "warning",
        )
    elif block.freight_outside_total:
        draft.note("freight_not_in_total", "A shown freight row is not part of the total: free.")
    if block.payment_discount:
        draft.note(
            "payment_discount_deducted",
            f"A payment discount of {draft.text(block.payment_discount)} reduces the values.",
            "Some authorities do not accept it as a reduction of the price.",
        )
    if block.unknown_discount:
        draft.note(
            "unknown_row_as_discount",
            f"Negative rows of unknown kind, {draft.text(block.unknown_discount)}, taken as "
            "discount.",
            "Check their labels.",
            "warning",
        )
    if block.unknown_fee:
        draft.note(
            "unknown_row_not_goods",
            f"Rows of unknown kind, {draft.text(block.unknown_fee)}, not counted as goods.",
            "Check their labels.",
            "warning",
        )
    if block.duty_subsidy:
        draft.note(
            "duty_subsidised",
            f"The shop bears {draft.text(abs(block.duty_subsidy))} of the import charge.",
        )
