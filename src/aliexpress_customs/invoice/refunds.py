"""Lines that were paid back in full leave the order: nobody sends them, nothing is declared."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from aliexpress_customs.invoice.model import Invoice
from aliexpress_customs.model import Finding
from aliexpress_customs.money import EXACT

_REDUCTIONS: Final = frozenset(
    {
        "seller_discount", "platform_coupon", "store_coupon", "coins", "promo_code",
        "payment_discount", "price_adjustment",
    }
)  # fmt: skip
_FULL: Final = Decimal("0.995")
"""Part of what was paid for a line from which a refund is one of the whole line: shares of
discounts are rounded."""


def leave_refunded(invoice: Invoice) -> Invoice:
    """The invoice with fully refunded lines marked as cancelled; partial refunds lower the value.

    Raises nothing; a line without refund stays as it is.
    """
    goods = sum((line.line_gross.amount for line in invoice.lines), Decimal(0))
    if not goods or not any(line.refund is not None for line in invoice.lines):
        return invoice
    off = sum((row.amount.amount for row in invoice.charges if row.kind in _REDUCTIONS), Decimal(0))
    share = EXACT.divide(max(goods + off, Decimal(0)), goods)
    lines, notes = [], []
    for index, line in enumerate(invoice.lines):
        taken = sum((one.amount.amount for one in line.discounts), Decimal(0))
        paid = EXACT.multiply(line.line_gross.amount - taken, min(share, Decimal(1)))
        back = abs(line.refund.amount) if line.refund is not None else Decimal(0)
        full = back > 0 and back >= EXACT.multiply(paid, _FULL)
        if full and not line.cancelled:
            lines.append(line.model_copy(update={"cancelled": True}))
            notes.append(
                Finding(
                    code="line_refunded",
                    message="The line was paid back in full and leaves the declaration.",
                    action="If the goods travel all the same, declare them at their value.",
                    path=f"lines[{index}]",
                )
            )
        else:
            lines.append(line)
    return invoice.model_copy(
        update={"lines": tuple(lines), "findings": (*invoice.findings, *notes)}
    )
