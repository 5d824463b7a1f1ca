"""The chain of rate sources: the one thing the rest of the library asks for a rate."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Final

from aliexpress_customs.errors import ExchangeRateError
from aliexpress_customs.exchange.customs_rates import CustomsRule, customs_rule
from aliexpress_customs.exchange.ecb import EcbHistory
from aliexpress_customs.exchange.live import LiveRates
from aliexpress_customs.exchange.pegs import Pegs
from aliexpress_customs.exchange.rates import (
    DERIVED,
    GivenRates,
    KnowsItsLimits,
    Rate,
    RateSource,
    StatesDayOfUse,
)
from aliexpress_customs.exchange.tables import TableRates
from aliexpress_customs.money import Money, money

PIVOTS: Final = ("USD", "EUR", "CNY")
"""Currencies over which rates of different sources are crossed, in order of preference."""


class Exchange:
    """Exchange rates from several sources, the most binding first.

    A source is asked only when those before it, even crossed with each other, have no rate. So a
    given EUR/AED rate, crossed with the central bank's USD/EUR, comes before the dollar peg.

    Args:
        chain: the sources in order.
    """

    def __init__(self, chain: Iterable[RateSource]) -> None:
        self._chain = tuple(chain)
        self._known: dict[tuple[str, str, dt.date, str], Rate] = {}

    @classmethod
    def default(
        cls,
        rates: Mapping[str, Decimal | str | int] | None = None,
        tables: Iterable[str | Path | TableRates] = (),
        live: bool = False,
    ) -> Exchange:
        """Given rates, official tables, the bundled ECB history, pegs and, if asked for, live ones.

        Args:
            rates: `{"USD/EUR": "0.92"}`: 1 USD = EUR 0.92.
            tables: CSV files (`tables`), or tables already loaded; the first wins.
            live: allow requests over the network when nothing else knows a rate.

        Raises:
            ExchangeRateError: a malformed rate or table.
        """
        loaded = [
            table if isinstance(table, TableRates) else TableRates.load(table) for table in tables
        ]
        chain: list[RateSource] = [GivenRates(rates or {}), *loaded, EcbHistory(), Pegs()]
        return cls([*chain, LiveRates()] if live else chain)

    def rate(self, base: str, quote: str, on: dt.date) -> Rate:
        """1 `base` in `quote` on a day.

        Raises:
            ExchangeRateError: no source knows it (`no_rate`); the action says what to pass.
        """
        return self.customs_rate(base, quote, on, rule="same_day")

    def customs_rate(
        self, base: str, quote: str, on: dt.date, rule: str = "second_last_wednesday"
    ) -> Rate:
        """1 `base` in `quote` as customs prescribes it for a day of clearance.

        Given rates and official tables state the rate of that day themselves; the prescribed
        observation day applies to published market rates.

        Args:
            base: currency of the amount.
            quote: currency of the destination; an average is taken of this direction.
            on: day of clearance.
            rule: a name of `customs_rates.CUSTOMS_RULES`.

        Raises:
            ExchangeRateError: no source knows it (`no_rate`).
            UsageError: an unknown rule.
        """
        prescribed = customs_rule(rule)
        key = (base, quote, on, rule)
        if key not in self._known:
            self._known[key] = self._find(base, quote, on, prescribed)
        return self._known[key]

    def convert(
        self, amount: Money, quote: str, on: dt.date, rule: str = "same_day"
    ) -> tuple[Money, Rate]:
        """An amount in another currency, unrounded, and the rate used.

        Raises:
            ExchangeRateError: no source knows the rate (`no_rate`).

        >>> from aliexpress_customs.money import parse_money
        >>> Exchange.default().convert(parse_money("100 USD"), "AED", dt.date(2026, 7, 2))[0]
        Money('367.2500', 'AED')
        """
        rate = self.customs_rate(amount.currency.code, quote, on, rule)
        return money(rate.apply(amount.amount), quote), rate

    def _find(self, base: str, quote: str, on: dt.date, rule: CustomsRule) -> Rate:
        if base == quote:
            return Rate.same(base, on)
        sources = [_prescribed(source, rule) for source in self._chain]
        for end, source in enumerate(sources, start=1):
            if found := source.rate(base, quote, on) or _cross(sources[:end], base, quote, on):
                return found
        raise self._no_rate(base, quote, on, rule)

    def _no_rate(self, base: str, quote: str, on: dt.date, rule: CustomsRule) -> ExchangeRateError:
        day = rule.days(on)[-1]
        limits = [
            source.limits(base, quote, day)
            for source in self._chain
            if isinstance(source, KnowsItsLimits)
        ]
        return ExchangeRateError(
            " ".join(
                [f"No exchange rate {base}/{quote} is known for {day}.", *filter(None, limits)]
            ),
            path=f"rates[{base}/{quote}]",
            action=f'Pass rates={{"{base}/{quote}": "..."}}, the price of 1 {base} in {quote}, or '
            "load an official rate table.",
        )


@dataclass(frozen=True, slots=True)
class _Observed:
    """A source of market rates, read on the days a customs rule prescribes."""

    source: RateSource
    rule: CustomsRule

    def rate(self, base: str, quote: str, on: dt.date) -> Rate | None:
        """The rate of the observation day, or the mean of the days that have one published."""
        days = self.rule.days(on)
        if len(days) == 1:
            return self.source.rate(base, quote, days[0])
        daily = [(day, self.source.rate(base, quote, day)) for day in days]
        published = [rate for day, rate in daily if rate and rate.date == day]
        return _mean(published) if published else daily[-1][1]


def _prescribed(source: RateSource, rule: CustomsRule) -> RateSource:
    if isinstance(source, StatesDayOfUse) and source.states_day_of_use:
        return source
    return _Observed(source, rule)


def _cross(sources: Sequence[RateSource], base: str, quote: str, on: dt.date) -> Rate | None:
    """Two rates of the sources joined over a pivot currency."""
    for pivot in PIVOTS:
        if pivot in {base, quote}:
            continue
        first = _first(sources, base, pivot, on)
        second = _first(sources, pivot, quote, on) if first else None
        if first and second:
            return first.then(second)
    return None


def _first(sources: Sequence[RateSource], base: str, quote: str, on: dt.date) -> Rate | None:
    return next((rate for source in sources if (rate := source.rate(base, quote, on))), None)


def _mean(rates: Sequence[Rate]) -> Rate:
    total = sum((rate.rate for rate in rates), Decimal(0))
    return Rate(
        base=rates[0].base,
        quote=rates[0].quote,
        rate=DERIVED.divide(total, Decimal(len(rates))),
        date=rates[-1].date,
        source=f"{rates[0].source}, mean of {len(rates)} days from {rates[0].date}",
        source_url=rates[0].source_url,
        averaged=tuple(rates),
    )
