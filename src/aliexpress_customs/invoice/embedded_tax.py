"""A tax row that is partly inside the prices and partly on top, taken apart by arithmetic.

For orders into countries where prices hold their VAT and a duty with its own VAT comes on top,
while the source reports both in one row (seen in dropshippers' orders to Germany, July 2026). No
rate of any country is known here: it follows from the total.

>>> take_apart(Decimal("5.50"), Decimal("4.45"), Decimal("9.08"), "EUR")
EmbeddedTax(inside=Decimal('0.88'), duty=Decimal('3.00'), on_top=Decimal('0.57'), percent=19)
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from aliexpress_customs.money import EXACT, decimals, minor_unit, round_to

FIT_STEPS: Final = 2
"""How well prices without their embedded VAT must fit before VAT is taken to be inside."""
HIGHEST_VAT_PERCENT: Final = 30
"""No country levies more; bound of the search for an embedded rate."""


@dataclass(frozen=True, slots=True)
class EmbeddedTax:
    """The parts of one tax row, in currency units; they sum to the row."""

    inside: Decimal
    """VAT inside the prices."""
    duty: Decimal
    """Duty on top; zero if it cannot be told from the tax on it."""
    on_top: Decimal
    """VAT on the duty, or all that is on top."""
    percent: int | None
    """The rate that fits; None if several do."""


def step(currency: str) -> Decimal:
    """The smallest difference that matters: what the shop rounds a row to.

    0.01, or the minor unit of a currency without cents.
    """
    return minor_unit(currency) if decimals(currency) < 2 else Decimal("0.01")


def take_apart(gross: Decimal, tax: Decimal, total: Decimal, currency: str) -> EmbeddedTax | None:
    """The parts of a tax row that overshoots the total when added, or None if none fit.

    At some whole rate the prices without their VAT plus the row make the total,
    `gross / (1 + rate) + tax = total` within two steps. The duty is then
    `(tax - rate * net) / (1 + rate)`. If several rates fit, as with small amounts, only inside and
    on top are told apart.

    Args:
        gross: goods and freight after discounts, as printed.
        tax: the tax row.
        total: the stated total.
        currency: ISO 4217 code of all three.
    """
    on_top = EXACT.subtract(total, gross)
    if not 0 < on_top < tax or gross <= 0:
        return None
    fitting = [
        (percent, net)
        for percent in range(1, HIGHEST_VAT_PERCENT + 1)
        if abs((net := _net(gross, percent)) + tax - total) <= FIT_STEPS * step(currency)
    ]
    if not fitting:
        return None
    if len(fitting) > 1:
        return EmbeddedTax(EXACT.subtract(tax, on_top), Decimal(0), on_top, None)
    percent, net = fitting[0]
    rate = Decimal(percent) / 100
    unit = minor_unit(currency)
    inside = round_to(gross - net, unit)
    duty = round_to(EXACT.divide(tax - rate * net, 1 + rate), unit)
    return EmbeddedTax(inside, duty, EXACT.subtract(tax, inside + duty), percent)


def _net(gross: Decimal, percent: int) -> Decimal:
    return EXACT.divide(gross * 100, Decimal(100 + percent))
