"""Which source answers, and what the error says when none does."""

from __future__ import annotations

import datetime as dt
import pickle
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest

from aliexpress_customs.errors import ExchangeRateError
from aliexpress_customs.exchange import EcbHistory, Exchange, Pegs
from aliexpress_customs.money import money

DAY = dt.date(2026, 7, 2)


def test_rates_are_the_exact_figures_of_the_bundled_file() -> None:
    """Two rows of the bundled file: the first day of the euro, and 18 December 2024."""
    first = EcbHistory().rate("EUR", "USD", dt.date(1999, 1, 4))
    wednesday = EcbHistory().rate("EUR", "USD", dt.date(2024, 12, 18))
    assert first is not None
    assert wednesday is not None
    assert (first.rate, wednesday.rate) == (Decimal("1.1789"), Decimal("1.0496"))
    assert wednesday.source_url.startswith("https://www.ecb.europa.eu/")


def test_a_sunday_takes_the_friday_before() -> None:
    rate = EcbHistory().rate("EUR", "USD", dt.date(2024, 12, 15))
    assert rate is not None
    assert (rate.date, rate.rate) == (dt.date(2024, 12, 13), Decimal("1.0518"))


def test_dollars_become_pounds_over_the_euro() -> None:
    rate = EcbHistory().rate("USD", "GBP", dt.date(2024, 12, 18))
    assert rate is not None
    assert rate.apply(Decimal("104.96")) == Decimal("82.52")
    assert [leg.quote for leg in rate.via] == ["USD", "GBP"]


def test_a_rate_older_than_a_week_is_no_rate() -> None:
    last = EcbHistory().last_day
    assert EcbHistory().rate("EUR", "USD", last + dt.timedelta(days=7)) is not None
    assert EcbHistory().rate("EUR", "USD", last + dt.timedelta(days=8)) is None


def test_the_error_says_how_far_the_history_reaches_and_what_to_pass() -> None:
    last = EcbHistory().last_day
    with pytest.raises(ExchangeRateError) as caught:
        Exchange.default().rate("USD", "EUR", last + dt.timedelta(days=30))
    assert caught.value.code == "no_rate"
    assert f"up to {last}" in caught.value.message
    assert 'rates={"USD/EUR": "..."}' in caught.value.action


def test_a_currency_the_ecb_has_given_up_is_named_with_its_last_day() -> None:
    with pytest.raises(ExchangeRateError, match="RUB up to 2022-03-01"):
        Exchange.default().rate("USD", "RUB", DAY)


def test_a_currency_the_ecb_never_had_is_named() -> None:
    with pytest.raises(ExchangeRateError, match="no rate for UYU") as caught:
        Exchange.default().convert(money("10", "USD"), "UYU", DAY)
    assert 'rates={"USD/UYU": "..."}' in caught.value.action


def test_one_given_rate_opens_a_currency_to_all_others() -> None:
    exchange = Exchange.default(rates={"USD/UYU": "40"})
    rate = exchange.rate("EUR", "UYU", dt.date(2024, 12, 18))
    assert rate.apply(Decimal(1)) == Decimal("1.0496") * 40
    assert rate.source == "European Central Bank reference rate and given by the caller"


def test_a_given_rate_crossed_with_the_ecb_comes_before_a_peg() -> None:
    rate = Exchange.default(rates={"EUR/AED": "4.10"}).rate("GBP", "AED", DAY)
    assert "given by the caller" in rate.source
    assert "fixed rate" not in rate.source


def test_the_dirham_is_reached_from_the_pound_over_the_dollar_peg() -> None:
    converted, rate = Exchange.default().convert(
        money("82.52", "GBP"), "AED", dt.date(2024, 12, 18)
    )
    assert converted.amount == Decimal("104.96") * Decimal("3.6725")
    assert "fixed rate USD/AED" in rate.source


def test_pegs_of_one_anchor_are_crossed() -> None:
    rate = Pegs().rate("SAR", "AED", DAY)
    assert rate is not None
    assert rate.apply(Decimal("3.75")) == Decimal("3.6725")
    inverse = Pegs().rate("OMR", "USD", DAY)
    assert inverse is not None
    assert inverse.apply(Decimal("0.3845")) == 1
    assert Pegs().rate("AED", "BAM", DAY) is None


def test_the_lev_is_fixed_only_since_bulgaria_has_the_euro() -> None:
    assert Pegs().rate("EUR", "BGN", dt.date(2025, 12, 31)) is None
    assert Exchange.default().rate("EUR", "BGN", dt.date(2025, 12, 31)).rate == Decimal("1.9558")
    assert Exchange.default().rate("EUR", "BGN", DAY).rate == Decimal("1.95583")


def test_a_currency_in_itself_needs_no_source() -> None:
    converted, rate = Exchange([]).convert(money("3.20", "UYU"), "UYU", DAY)
    assert converted == money("3.20", "UYU")
    assert rate.rate == 1


def test_the_same_question_gives_the_same_rate_object() -> None:
    exchange = Exchange.default()
    assert exchange.rate("USD", "EUR", DAY) is exchange.rate("USD", "EUR", DAY)


def test_an_exchange_can_be_sent_to_another_process() -> None:
    exchange = pickle.loads(pickle.dumps(Exchange.default(rates={"USD/EUR": "0.92"})))  # noqa: S301
    assert exchange.rate("USD", "EUR", DAY).rate == Decimal("0.92")


def test_a_file_that_is_no_history_is_named() -> None:
    with pytest.raises(ExchangeRateError, match="cannot be read") as caught:
        EcbHistory("absent.zip").rate("EUR", "USD", DAY)
    assert caught.value.code == "no_history"


def test_a_zip_that_holds_something_else_is_named(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as archive:
        archive.writestr("other.csv", "Currency,Rate\nUSD,1.1\n")
    with pytest.raises(ExchangeRateError, match=r"other\.zip") as caught:
        EcbHistory(tmp_path / "other.zip").rate("EUR", "USD", DAY)
    assert caught.value.code == "no_history"
