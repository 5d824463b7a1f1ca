"""Observation days of prescribed customs rates, against a calendar worked out by hand."""

from __future__ import annotations

import datetime as dt
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aliexpress_customs.errors import ExchangeRateError, UsageError
from aliexpress_customs.exchange import CUSTOMS_RULES, EcbHistory, Exchange, Rate, customs_rule

WEDNESDAY, SUNDAY = 2, 6

# Month of use -> day, from the Wednesdays of the month before (in the comment).
SECOND_LAST_WEDNESDAYS = {
    (2025, 7): dt.date(2025, 6, 18),  # 4, 11, 18, 25 June
    (2025, 8): dt.date(2025, 7, 23),  # 2, 9, 16, 23, 30 July
    (2025, 9): dt.date(2025, 8, 20),  # 6, 13, 20, 27 August
    (2025, 10): dt.date(2025, 9, 17),  # 3, 10, 17, 24 September
    (2025, 11): dt.date(2025, 10, 22),  # 1, 8, 15, 22, 29 October
    (2025, 12): dt.date(2025, 11, 19),  # 5, 12, 19, 26 November
    (2026, 1): dt.date(2025, 12, 24),  # 3, 10, 17, 24, 31 December
    (2026, 2): dt.date(2026, 1, 21),  # 7, 14, 21, 28 January
    (2026, 3): dt.date(2026, 2, 18),  # 4, 11, 18, 25 February
    (2026, 4): dt.date(2026, 3, 18),  # 4, 11, 18, 25 March
    (2026, 5): dt.date(2026, 4, 22),  # 1, 8, 15, 22, 29 April
    (2026, 6): dt.date(2026, 5, 20),  # 6, 13, 20, 27 May
    (2026, 7): dt.date(2026, 6, 17),  # 3, 10, 17, 24 June
    (2026, 8): dt.date(2026, 7, 22),  # 1, 8, 15, 22, 29 July
}


@pytest.mark.parametrize(("month", "expected"), SECOND_LAST_WEDNESDAYS.items())
def test_second_last_wednesday_of_the_month_before(
    month: tuple[int, int], expected: dt.date
) -> None:
    for day in (1, 15, 28):
        assert customs_rule("second_last_wednesday").days(dt.date(*month, day)) == (expected,)


@given(st.dates(dt.date(1999, 2, 1), dt.date(2100, 1, 1)))
def test_exactly_one_wednesday_of_the_month_follows_the_observation_day(on: dt.date) -> None:
    (day,) = customs_rule("second_last_wednesday").days(on)
    week, fortnight = day + dt.timedelta(weeks=1), day + dt.timedelta(weeks=2)
    assert day.weekday() == WEDNESDAY
    assert week.month == day.month
    assert fortnight.month == on.month


def test_the_eu_rate_of_january_2025_is_that_of_18_december_2024() -> None:
    """Figures read from the row 2024-12-18 of the bundled file."""
    exchange = Exchange.default()
    dollar = exchange.customs_rate("EUR", "USD", dt.date(2025, 1, 31))
    pound = exchange.customs_rate("EUR", "GBP", dt.date(2025, 1, 1))
    assert (dollar.date, dollar.rate) == (dt.date(2024, 12, 18), Decimal("1.0496"))
    assert (pound.date, pound.rate) == (dt.date(2024, 12, 18), Decimal("0.8252"))


def test_the_rate_stays_for_a_calendar_month_and_changes_on_the_first() -> None:
    exchange = Exchange.default()
    days = [dt.date(2025, 1, 1), dt.date(2025, 1, 31), dt.date(2025, 2, 1)]
    first, last, following = [exchange.customs_rate("USD", "EUR", day) for day in days]
    assert first == last
    assert following.date == dt.date(2025, 1, 22)


def test_a_wednesday_without_a_publication_takes_the_last_day_before(tmp_path: Path) -> None:
    rows = ["Date,USD,", "2026-06-18,1.3,", "2026-06-17,N/A,", "2026-06-16,1.2,", "2026-06-15,1.1,"]
    with zipfile.ZipFile(tmp_path / "hist.zip", "w") as archive:
        archive.writestr("hist.csv", "\n".join(rows))
    exchange = Exchange([EcbHistory(tmp_path / "hist.zip")])
    rate = exchange.customs_rate("EUR", "USD", dt.date(2026, 7, 2))
    assert (rate.date, rate.rate) == (dt.date(2026, 6, 16), Decimal("1.2"))


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (dt.date(2026, 1, 1), dt.date(2025, 10, 1)),  # a Wednesday
        (dt.date(2026, 12, 31), dt.date(2025, 10, 1)),
        (dt.date(2024, 6, 1), dt.date(2023, 10, 2)),  # 1 October 2023 was a Sunday
        (dt.date(2023, 6, 1), dt.date(2022, 10, 3)),  # a Saturday
        (dt.date(2028, 6, 1), dt.date(2027, 10, 1)),  # a Friday
    ],
)
def test_first_working_day_of_october_of_the_year_before(on: dt.date, expected: dt.date) -> None:
    assert customs_rule("first_october_working_day").days(on) == (expected,)


def test_the_150_euro_limit_in_zloty_stays_for_the_year() -> None:
    """The figure is the one of the row 2023-10-02 of the bundled file."""
    exchange = Exchange.default()
    rate = exchange.customs_rate("EUR", "PLN", dt.date(2024, 7, 1), "first_october_working_day")
    assert (rate.date, rate.rate) == (dt.date(2023, 10, 2), Decimal("4.6123"))


def test_japan_uses_the_week_before_last() -> None:
    """Dated example of a trade adviser: a declaration of 2019-11-01 uses 13 to 19 October."""
    days = customs_rule("week_before_last").days(dt.date(2019, 11, 1))
    assert (days[0], days[-1]) == (dt.date(2019, 10, 13), dt.date(2019, 10, 19))


@given(st.dates(dt.date(2000, 1, 1), dt.date(2100, 1, 1)))
def test_weeks_run_from_sunday_to_saturday(on: dt.date) -> None:
    last_week = customs_rule("previous_week").days(on)
    before = customs_rule("week_before_last").days(on)
    assert last_week[0].weekday() == SUNDAY
    assert last_week[-1] < on <= last_week[-1] + dt.timedelta(days=7)
    assert before[-1] + dt.timedelta(days=1) == last_week[0]


def test_a_weekly_rate_is_the_mean_of_the_days_published() -> None:
    """Good Friday and Easter Monday 2025: the week of 13 April has four publications."""
    rate = Exchange.default().customs_rate("EUR", "JPY", dt.date(2025, 4, 24), "previous_week")
    assert [one.date.day for one in rate.averaged] == [14, 15, 16, 17]
    assert rate.rate == sum(one.rate for one in rate.averaged) / 4
    assert "mean of 4 days" in rate.source


def test_a_week_without_publication_takes_the_last_day_before() -> None:
    class Sparse:
        def rate(self, base: str, quote: str, on: dt.date) -> Rate | None:
            day = dt.date(2026, 6, 1)
            return Rate(base=base, quote=quote, rate=Decimal(2), date=day, source="sparse")

    rate = Exchange([Sparse()]).customs_rate("USD", "JPY", dt.date(2026, 7, 2), "previous_week")
    assert rate.date == dt.date(2026, 6, 1)
    assert rate.averaged == ()


def test_month_and_day_rules() -> None:
    on = dt.date(2026, 3, 1)
    assert CUSTOMS_RULES["monthly"].days(on) == (dt.date(2026, 2, 28),)
    assert CUSTOMS_RULES["previous_day"].days(on) == (dt.date(2026, 2, 28),)
    assert CUSTOMS_RULES["same_day"].days(on) == (on,)


def test_an_unknown_rule_is_a_usage_error_that_lists_the_known_ones() -> None:
    with pytest.raises(UsageError, match="second_last_wednesday"):
        Exchange.default().customs_rate("USD", "EUR", dt.date(2026, 7, 2), rule="full_moon")


def test_a_customs_rate_beyond_the_history_says_which_day_is_missing() -> None:
    last = EcbHistory().last_day
    on = (last + dt.timedelta(days=70)).replace(day=2)
    with pytest.raises(ExchangeRateError, match=f"up to {last}"):
        Exchange.default().customs_rate("USD", "EUR", on)
