"""Rates themselves, and the rates a caller gives."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aliexpress_customs.errors import ExchangeRateError
from aliexpress_customs.exchange import Exchange, GivenRates, Rate
from aliexpress_customs.money import money

DAY = dt.date(2026, 7, 2)
RATES = st.decimals("0.0001", "10000", places=4).filter(lambda rate: rate > 0)
AMOUNTS = st.decimals("-1000000", "1000000", places=2)


def published(base: str, quote: str, rate: Decimal | str) -> Rate:
    return Rate(base=base, quote=quote, rate=Decimal(rate), date=DAY, source="test")


@given(RATES)
def test_a_rate_times_its_inverse_is_one(value: Decimal) -> None:
    rate = published("USD", "EUR", value)
    assert abs(rate.rate * rate.inverse().rate - 1) < Decimal("1e-16")
    assert rate.inverse().inverse() == rate


@given(RATES, RATES, AMOUNTS)
def test_converting_there_and_back_gives_the_amount(
    first: Decimal, second: Decimal, amount: Decimal
) -> None:
    cross = published("USD", "EUR", first).then(published("EUR", "BRL", second))
    back = cross.inverse().apply(cross.apply(amount))
    assert abs(back - amount) < Decimal("1e-40")


@given(st.decimals("0.5", "2", places=4), st.integers(1, 100_000))
def test_an_amount_at_a_limit_stays_at_the_limit(rate: Decimal, euros: int) -> None:
    """EUR 150 stated in dollars must not become 150.0000001 on the way back."""
    euro_rate = published("EUR", "USD", rate)
    assert euro_rate.inverse().apply(euros * rate) == euros


def test_a_cross_rate_names_the_published_rates_it_comes_from() -> None:
    first = published("EUR", "USD", "1.10")
    second = Rate(base="EUR", quote="BRL", rate=Decimal(6), date=dt.date(2026, 7, 1), source="b")
    cross = first.inverse().then(second)
    assert (cross.base, cross.quote) == ("USD", "BRL")
    assert cross.via == (first, second)
    assert cross.date == dt.date(2026, 7, 1)
    assert cross.source == "test and b"
    assert cross.rate == Decimal("5.45454545454545455")


def test_a_rate_survives_json_with_all_its_legs() -> None:
    cross = published("EUR", "USD", "1.10").inverse().then(published("EUR", "BRL", "6"))
    again = Rate.model_validate_json(cross.model_dump_json())
    assert again == cross
    assert again.apply(Decimal(11)) == 60


def test_the_inverse_is_used_when_only_the_other_direction_is_given() -> None:
    rate = GivenRates({"USD/EUR": "0.8"}).rate("EUR", "USD", DAY)
    assert rate is not None
    assert rate.rate == Decimal("1.25")
    assert rate.source == "given by the caller"


def test_two_given_rates_are_crossed_over_any_currency() -> None:
    rate = GivenRates({"USD/KZT": 500, "KZT/UZS": "25"}).rate("USD", "UZS", DAY)
    assert rate is not None
    assert rate.rate == 12500


def test_what_is_not_given_is_not_known() -> None:
    assert GivenRates({"USD/EUR": "0.8"}).rate("USD", "GBP", DAY) is None


@given(RATES)
def test_a_given_rate_wins_over_every_other_source(value: Decimal) -> None:
    exchange = Exchange.default(rates={"USD/AED": value, "EUR/USD": value})
    assert exchange.rate("USD", "AED", DAY).rate == value
    converted, rate = exchange.convert(money("10", "EUR"), "USD", DAY)
    assert converted.amount == value * 10
    assert rate.source == "given by the caller"
    assert exchange.customs_rate("EUR", "USD", DAY).rate == value


@pytest.mark.parametrize("pair", ["USDEUR", "usd/eur", "USD/USD", "USD/EU", "", "USD/EUR/GBP"])
def test_a_malformed_pair_is_refused(pair: str) -> None:
    with pytest.raises(ExchangeRateError, match="pair of two currencies") as caught:
        GivenRates({pair: "1"})
    assert caught.value.code == "bad_rate"


@pytest.mark.parametrize("rate", ["", "abc", "0", "-1", "NaN", "Infinity", "1e99", 0.92, True])
def test_a_malformed_rate_is_refused(rate: object) -> None:
    with pytest.raises(ExchangeRateError, match="positive decimal") as caught:
        GivenRates({"USD/EUR": rate})  # type: ignore[dict-item]
    assert caught.value.path == "rates['USD/EUR']"
