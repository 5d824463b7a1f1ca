"""Sharing amounts over parcels so that the parts of an order always sum to the whole.

A line of `n` units lies in parcels as intervals `[from_unit, to_unit)`. The share of an interval is
the difference of two cumulative, rounded amounts: whatever the parcels are and in whatever order
they are asked for, adjoining intervals add up to the cent.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final

from aliexpress_customs.errors import SplitError
from aliexpress_customs.money import EXACT, minor_unit, money, round_to, split
from aliexpress_customs.money import Money as MoneyField

CENT: Final = Decimal("0.01")


def share_of(
    total: Decimal, from_unit: int, to_unit: int, of_units: int, step: Decimal = CENT
) -> Decimal:
    """What units `[from_unit, to_unit)` of `of_units` bear of an amount.

    Args:
        total: amount borne by all units, in currency units; may be negative.
        from_unit: first unit of the part, counted from 0.
        to_unit: the unit after the last one of the part.
        of_units: units of the whole, at least 1.
        step: the smallest piece handed out, normally the minor unit of the currency.

    Raises:
        SplitError: the interval does not lie inside the whole.

    >>> [str(share_of(Decimal("1.00"), n, n + 1, 3)) for n in range(3)]
    ['0.33', '0.34', '0.33']
    """
    return shares_of([total], from_unit, to_unit, of_units, step)[0]


def shares_of(
    chain: Sequence[Decimal], from_unit: int, to_unit: int, of_units: int, step: Decimal = CENT
) -> list[Decimal]:
    """Shares of a chain of subtotals (gross, less discount, less tax, ...).

    Each subtotal is shared in proportion to the share of the one before, so a subtotal that is not
    above its predecessor is not above it in any part either: no part ever gets a negative discount.

    Args:
        chain: subtotals, none negative, each a multiple of `step`, in currency units.
        from_unit: first unit of the part, counted from 0.
        to_unit: the unit after the last one of the part.
        of_units: units of the whole, at least 1.
        step: the smallest piece handed out.

    Raises:
        SplitError: the interval does not lie inside the whole.
    """
    if not 0 <= from_unit <= to_unit <= of_units or of_units < 1:
        raise SplitError(
            f"Units {from_unit} to {to_unit} are not a part of {of_units} units.",
            code="bad_interval",
            action="Count units from 0 up to the quantity of the line.",
        )
    ends = _cumulative(chain, to_unit, of_units, step)
    starts = _cumulative(chain, from_unit, of_units, step)
    return [EXACT.subtract(end, start) for end, start in zip(ends, starts, strict=True)]


def _cumulative(chain: Sequence[Decimal], unit: int, of_units: int, step: Decimal) -> list[Decimal]:
    """Every subtotal up to a unit."""
    if unit == of_units:
        return list(chain)
    whole, reached = Decimal(of_units), Decimal(unit)
    amounts = []
    for subtotal in chain:
        quota = EXACT.multiply(subtotal, reached)
        amount = round_to(EXACT.divide(quota, whole), step) if whole else Decimal(0)
        amounts.append(amount)
        if subtotal:
            whole, reached = subtotal, amount
    return amounts


def finest_step(currency: str, amounts: Iterable[Decimal]) -> Decimal:
    """The minor unit, or less if an amount has more decimals than the currency."""
    step = minor_unit(currency)
    for amount in amounts:
        exponent = amount.normalize(EXACT).as_tuple().exponent
        if isinstance(exponent, int) and exponent < 0:
            step = min(step, Decimal(1).scaleb(exponent))
    return step


def split_by(
    total: Decimal, weights: Sequence[Decimal], spare: Sequence[Decimal], step: Decimal
) -> list[Decimal]:
    """Split by weights, or by the spare weights if those are all zero."""
    return split(total, weights if any(weights) else spare, step)


def as_money(amount: Decimal, currency: str) -> MoneyField:
    """Money written with the decimals of its currency, unless it has more."""
    unit = minor_unit(currency)
    rounded = round_to(amount, unit)
    return money(rounded if rounded == amount else amount, currency)
