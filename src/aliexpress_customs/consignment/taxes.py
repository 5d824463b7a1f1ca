"""Taking the destination's VAT out of prices that contain it.

Two ways: the order states how much tax its prices contain (exact), or the caller knows the rate
(computed, rounded once per line). Which destinations show such prices is not decided here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from aliexpress_customs.consignment.share import split_by
from aliexpress_customs.errors import ConsignmentError, UsageError
from aliexpress_customs.invoice.model import InvoiceLine
from aliexpress_customs.money import EXACT, minor_unit, round_to, split

TaxRate = Callable[[InvoiceLine], Decimal | None] | Decimal | None
"""Rate of the VAT inside prices as a fraction (0.21), one for all or by line; None = not inside."""

TaxKind = Literal["vat", "duty", "unknown"]

ZERO = Decimal(0)


@dataclass(frozen=True)
class SettledTax:
    """A tax taken at checkout and what each line of the order bears of it."""

    kind: TaxKind
    label: str
    inside_prices: bool
    shares: list[Decimal]


@dataclass(frozen=True)
class Prices:
    """Amounts of one order that may contain VAT, in its currency."""

    lines: Sequence[Decimal]
    """After discounts, one per line of the order."""
    freight: Decimal
    insurance: Decimal
    duty: Decimal
    """Import charge paid at checkout, as printed."""


@dataclass(frozen=True)
class InsideTax:
    """The tax found inside each of the prices."""

    lines: list[Decimal]
    freight: Decimal = ZERO
    insurance: Decimal = ZERO
    duty: Decimal = ZERO

    @property
    def total(self) -> Decimal:
        """All of it."""
        return sum(self.lines, ZERO) + self.freight + self.insurance + self.duty


def rate_for(rate: TaxRate, line: InvoiceLine) -> Decimal | None:
    """The caller's rate for a line, checked.

    Raises:
        UsageError: not a Decimal fraction between 0 and 1.
    """
    found = rate(line) if callable(rate) else rate
    if found is None:
        return None
    if not isinstance(found, Decimal) or not found.is_finite() or not 0 <= found < 1:
        raise UsageError(
            "A tax rate is not a Decimal fraction between 0 and 1.",
            code="bad_rate",
            path="included_tax_rate",
            action='Write Decimal("0.21") for 21 %.',
        )
    return found


def stated_tax_inside(
    stated: Decimal,
    prices: Prices,
    rates: Sequence[Decimal | None],
    own: Sequence[Decimal] | None,
    step: Decimal,
) -> InsideTax:
    """Split a stated tax over the prices that contain it, pro rata by largest remainder.

    The stated tax covers an import charge, too, unless the caller's rates fit better without it.

    Args:
        stated: tax inside prices, positive, in the order's currency.
        prices: the amounts that contain it.
        rates: the caller's rates by line, None where unknown.
        own: tax by line if the source states it for every line, else None.
        step: smallest piece to hand out.

    Raises:
        ConsignmentError: the tax is not below the prices said to contain it.
    """
    duty = prices.duty if _covers_duty(stated, prices, rates) else ZERO
    others = [prices.freight, prices.insurance, duty]
    if stated >= sum(prices.lines, ZERO) + sum(others, ZERO):
        raise ConsignmentError(
            "The included tax is not below the prices said to contain it.",
            code="tax_exceeds_prices",
            action="Check the tax row; if it lies on top of the prices it is `tax_added`.",
        )
    if own is not None:
        rest = stated - sum(own, ZERO)
        fits = all(tax <= price for tax, price in zip(own, prices.lines, strict=True))
        if fits and (rest == 0 or 0 < rest < sum(others, ZERO)):
            return InsideTax(list(own), *split(rest, others, step))
    parts = split(stated, [*prices.lines, *others], step)
    return InsideTax(parts[:-3], *parts[-3:])


def _covers_duty(stated: Decimal, prices: Prices, rates: Sequence[Decimal | None]) -> bool:
    """Whether a stated tax is nearer to the caller's rates with the import charge than without."""
    known = [rate for rate in rates if rate is not None]
    if not prices.duty or len(known) < len(prices.lines) or not known:
        return True
    without = sum((_inside(p, r) for p, r in zip(prices.lines, known, strict=True)), ZERO)
    goods = sum(prices.lines, ZERO)
    share = EXACT.divide(without, goods) if goods else _inside(Decimal(1), known[0])
    without += EXACT.multiply(share, prices.freight + prices.insurance)
    with_duty = without + EXACT.multiply(share, prices.duty)
    return abs(stated - with_duty) <= abs(stated - without)


def computed_tax_inside(
    prices: Prices, rates: Sequence[Decimal | None], currency: str, step: Decimal
) -> InsideTax:
    """Tax inside prices by rate: `gross - gross / (1 + rate)`, rounded once per line.

    Freight and insurance follow the goods: split by value, netted once per rate. An import charge
    is left as printed.
    """
    unit = minor_unit(currency)

    def tax_of(gross: Decimal, rate: Decimal | None) -> Decimal:
        if not rate:
            return ZERO
        net = round_to(EXACT.divide(gross, 1 + rate), unit)
        return max(gross - net, ZERO)  # a price below the minor unit must not grow

    def tax_of_shared(amount: Decimal) -> Decimal:
        equal = [Decimal(1)] * len(rates)
        by_rate: dict[Decimal | None, Decimal] = {}
        for share, rate in zip(split_by(amount, prices.lines, equal, step), rates, strict=True):
            by_rate[rate] = by_rate.get(rate, ZERO) + share
        return sum((tax_of(share, rate) for rate, share in by_rate.items()), ZERO)

    return InsideTax(
        [tax_of(gross, rate) for gross, rate in zip(prices.lines, rates, strict=True)],
        tax_of_shared(prices.freight),
        tax_of_shared(prices.insurance),
    )


def _inside(gross: Decimal, rate: Decimal | None) -> Decimal:
    """Unrounded tax inside a gross amount."""
    return EXACT.divide(EXACT.multiply(gross, rate), 1 + rate) if rate else ZERO
