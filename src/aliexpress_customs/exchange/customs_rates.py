"""Which day's rate customs prescribes: small named rules that the rule tables name.

A rule maps the day of clearance to the day, or the days, whose published rate is to be used. If
nothing was published on a day, the last day before it counts.

    rule                       used by       observation
    same_day                   by default    the day itself
    previous_day               CH, PK        the day before
    second_last_wednesday      EU            second-last Wednesday of the month before
    first_october_working_day  EU limits     first working day of October of the year before
    monthly                    tables by     last day of the month before
                               the month
    previous_week              KR            mean of the week before, Sunday to Saturday
    week_before_last           JP            mean of the week before that

Sources: Implementing Regulation (EU) 2015/2447, Art. 146 (rates) and 48 (limits stated in euro),
both from memory, the text was not read; `monthly` is an approximation of published tables;
Japan Customs, answer 7104; Korean valuation notice, Art. 3.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from aliexpress_customs.errors import UsageError

_DAY: Final = dt.timedelta(days=1)
_WEEK: Final = dt.timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class CustomsRule:
    """A prescribed way to find the rate of a day of clearance."""

    name: str
    days: Callable[[dt.date], tuple[dt.date, ...]]
    """Observation days of a day of clearance, in order; several mean their average."""
    legal_basis: str = ""


def same_day(on: dt.date) -> tuple[dt.date, ...]:
    """The day of clearance itself."""
    return (on,)


def previous_day(on: dt.date) -> tuple[dt.date, ...]:
    """The day before."""
    return (on - _DAY,)


def second_last_wednesday(on: dt.date) -> tuple[dt.date, ...]:
    """Second-last Wednesday of the month before.

    >>> second_last_wednesday(dt.date(2026, 7, 2))
    (datetime.date(2026, 6, 17),)
    """
    last = _end_of_month_before(on)
    last_wednesday = last - _DAY * ((last.weekday() - calendar.WEDNESDAY) % 7)
    return (last_wednesday - _WEEK,)


def first_october_working_day(on: dt.date) -> tuple[dt.date, ...]:
    """First Monday to Friday of October of the year before.

    >>> first_october_working_day(dt.date(2023, 7, 2))
    (datetime.date(2022, 10, 3),)
    """
    day = dt.date(on.year - 1, 10, 1)
    while day.weekday() >= calendar.SATURDAY:
        day += _DAY
    return (day,)


def monthly(on: dt.date) -> tuple[dt.date, ...]:
    """Last day of the month before."""
    return (_end_of_month_before(on),)


def previous_week(on: dt.date) -> tuple[dt.date, ...]:
    """The seven days of the week before, Sunday to Saturday."""
    return _week(on, 1)


def week_before_last(on: dt.date) -> tuple[dt.date, ...]:
    """The seven days of the week before the previous one, Sunday to Saturday.

    >>> week_before_last(dt.date(2019, 11, 1))[0]
    datetime.date(2019, 10, 13)
    """
    return _week(on, 2)


def customs_rule(name: str) -> CustomsRule:
    """The rule of a name.

    Raises:
        UsageError: there is none (`unknown_customs_rate_rule`).
    """
    if rule := CUSTOMS_RULES.get(name):
        return rule
    raise UsageError(
        f"There is no customs-rate rule {name[:40]!r}.",
        code="unknown_customs_rate_rule",
        path="rule",
        action=f"Use one of {', '.join(sorted(CUSTOMS_RULES))}.",
    )


def _end_of_month_before(on: dt.date) -> dt.date:
    return on.replace(day=1) - _DAY


def _week(on: dt.date, back: int) -> tuple[dt.date, ...]:
    sunday = on - _DAY * ((on.weekday() + 1) % 7) - _WEEK * back
    return tuple(sunday + _DAY * offset for offset in range(7))


CUSTOMS_RULES: Final = MappingProxyType(
    {
        rule.name: rule
        for rule in (
            CustomsRule("same_day", same_day),
            CustomsRule("previous_day", previous_day),
            CustomsRule(
                "second_last_wednesday",
                second_last_wednesday,
                "Implementing Regulation (EU) 2015/2447, Art. 146",
            ),
            CustomsRule(
                "first_october_working_day",
                first_october_working_day,
                "Implementing Regulation (EU) 2015/2447, Art. 48",
            ),
            CustomsRule("monthly", monthly),
            CustomsRule("previous_week", previous_week),
            CustomsRule("week_before_last", week_before_last),
        )
    }
)
"""All rules by name."""
