"""What an exchange rate is, and the rates a caller gives.

A rate reads "1 `base` = `rate` `quote`". Published rates are kept as published; the inverse of one
and the cross of several are computed, and remember the published ones they come from, so that an
amount is converted with one division at the end and never with a rounded reciprocal: USD 173.865
at EUR/USD 1.1591 is EUR 150 exactly, not 150.0000001, and stays below a limit of 150.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Annotated, Final, Protocol, runtime_checkable

from pydantic import Field, StringConstraints

from aliexpress_customs.errors import ExchangeRateError
from aliexpress_customs.model import Model
from aliexpress_customs.money import EXACT

CurrencyCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
"""ISO 4217."""

DERIVED: Final = Context(prec=18, rounding=ROUND_HALF_EVEN)
"""Digits shown of a computed rate; conversions go by the published rates and do not lose any."""

_PAIR: Final = re.compile(r"^([A-Z]{3})/([A-Z]{3})$")
_LARGEST_RATE: Final = Decimal("1e12")


class Rate(Model):
    """One exchange rate: 1 `base` = `rate` `quote`."""

    base: CurrencyCode
    quote: CurrencyCode
    rate: Decimal = Field(gt=0)
    """Units of `quote` for one unit of `base`; computed rates are shown to 18 digits."""
    date: dt.date
    """Day the rate was published for; of several, the earliest."""
    source: str
    """Who states it: `given by the caller`, `European Central Bank reference rate`."""
    source_url: str = ""
    via: tuple[Rate, ...] = ()
    """The published rates this one is computed from, in order; empty = published as it is."""
    averaged: tuple[Rate, ...] = ()
    """The daily rates this one is the mean of."""

    def apply(self, amount: Decimal) -> Decimal:
        """Convert an amount of `base` into `quote`, unrounded (60 digits).

        >>> day = dt.date(2026, 6, 17)
        >>> eur = Rate(base="EUR", quote="USD", rate="1.1591", date=day, source="ECB")
        >>> eur.inverse().apply(Decimal("173.865"))
        Decimal('150')
        """
        currency, product, divisor = self.base, amount, Decimal(1)
        for leg in self.via or (self,):
            if leg.base == currency:
                currency, product = leg.quote, EXACT.multiply(product, leg.rate)
            else:
                currency, divisor = leg.base, EXACT.multiply(divisor, leg.rate)
        quotient = product if divisor == 1 else EXACT.divide(product, divisor)
        return EXACT.add(quotient, Decimal(0))  # 150, not 1.5E+2

    def inverse(self) -> Rate:
        """The same fact read the other way: 1 `quote` in `base`."""
        if len(self.via) == 1:
            return self.via[0]
        return self.chained(self.quote, self.base, tuple(reversed(self.via or (self,))))

    def then(self, other: Rate) -> Rate:
        """The cross rate of this one and one that starts at its quote."""
        return self.chained(self.base, other.quote, (self.via or (self,)) + (other.via or (other,)))

    @classmethod
    def chained(cls, base: str, quote: str, legs: tuple[Rate, ...]) -> Rate:
        """The rate that follows from published ones, each read in whichever direction fits."""
        draft = cls(
            base=base,
            quote=quote,
            rate=Decimal(1),
            date=min(leg.date for leg in legs),
            source=" and ".join(dict.fromkeys(leg.source for leg in legs)),
            source_url=next((leg.source_url for leg in legs if leg.source_url), ""),
            via=legs,
        )
        return draft.model_copy(update={"rate": DERIVED.plus(draft.apply(Decimal(1)))})

    @classmethod
    def same(cls, currency: str, on: dt.date) -> Rate:
        """The rate of a currency in itself."""
        return cls(
            base=currency, quote=currency, rate=Decimal(1), date=on, source="the same currency"
        )


class RateSource(Protocol):
    """Anything that knows exchange rates."""

    def rate(self, base: str, quote: str, on: dt.date) -> Rate | None:
        """1 `base` in `quote` on a day; None if this source does not know."""


@runtime_checkable
class StatesDayOfUse(Protocol):
    """Marks a source whose rates are stated for the day they are used on.

    A prescribed customs date (`customs_rates`) applies to observed market rates only: a rate the
    caller gives or an official table states for July is the one to use in July.
    """

    states_day_of_use: bool


@runtime_checkable
class KnowsItsLimits(Protocol):
    """A source that can say why it has no rate."""

    def limits(self, base: str, quote: str, on: dt.date) -> str:
        """A sentence for the error message; empty if there is nothing to say."""


class GivenRates:
    """Rates the caller states, good for every day; inverse and cross rates follow from them.

    Args:
        rates: `{"USD/EUR": "0.92"}`: 1 USD = EUR 0.92. Text, Decimal or int; never a float.
        source: what the lineage says about them.

    Raises:
        ExchangeRateError: a pair or rate that is none (`bad_rate`).

    >>> given = GivenRates({"USD/EUR": "0.92", "USD/BRL": "5.50"})
    >>> given.rate("EUR", "BRL", dt.date(2026, 7, 2)).rate
    Decimal('5.97826086956521739')
    """

    states_day_of_use = True

    def __init__(
        self, rates: Mapping[str, Decimal | str | int], source: str = "given by the caller"
    ) -> None:
        self._source = source
        self._rates: dict[tuple[str, str], Decimal] = {}
        for pair, rate in rates.items():
            self._rates[parse_pair(pair, "rates")] = parse_rate(rate, f"rates[{pair!r}]")

    def rate(self, base: str, quote: str, on: dt.date) -> Rate | None:
        """The given rate, else the inverse of a given one, else the cross of two given ones."""
        if direct := self._either_way(base, quote, on):
            return direct
        for middle in dict.fromkeys(code for pair in self._rates for code in pair):
            first = self._either_way(base, middle, on)
            second = self._either_way(middle, quote, on)
            if first and second:
                return first.then(second)
        return None

    def _either_way(self, base: str, quote: str, on: dt.date) -> Rate | None:
        if value := self._rates.get((base, quote)):
            return Rate(base=base, quote=quote, rate=value, date=on, source=self._source)
        if value := self._rates.get((quote, base)):
            return Rate(base=quote, quote=base, rate=value, date=on, source=self._source).inverse()
        return None


def parse_pair(text: object, path: str) -> tuple[str, str]:
    """`"USD/EUR"` as its two currencies.

    Raises:
        ExchangeRateError: anything else (`bad_rate`).
    """
    match = _PAIR.match(text) if isinstance(text, str) else None
    if match is None or match[1] == match[2]:
        raise ExchangeRateError(
            f"{str(text)[:20]!r} is not a pair of two currencies.",
            code="bad_rate",
            path=path,
            action='Write "USD/EUR" for the price of 1 USD in EUR.',
        )
    return match[1], match[2]


def parse_rate(value: object, path: str) -> Decimal:
    """A positive decimal number.

    Raises:
        ExchangeRateError: anything else, floats included (`bad_rate`).
    """
    if isinstance(value, Decimal | str | int) and not isinstance(value, bool):
        try:
            rate = Decimal(value)
        except ArithmeticError:
            rate = Decimal(0)
        if rate.is_finite() and 1 / _LARGEST_RATE <= rate <= _LARGEST_RATE:
            return rate
    raise ExchangeRateError(
        "An exchange rate is not a positive decimal number.",
        code="bad_rate",
        path=path,
        action='Write it as text, such as "0.92"; a float is not exact.',
    )
