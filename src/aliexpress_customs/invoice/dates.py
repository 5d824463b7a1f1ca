# ruff: noqa: RUF001 - month names of many scripts are the point of this table
"""Dates as AliExpress prints them, to `OrderTime`: a date, and an instant where a zone is known.

Buyer pages print dates only, in the page's language. Open-Platform fields `gmt_*` are wall time of
America/Los_Angeles with its summer time, in spite of their name.

>>> parse_date("24 nov, 2023").date.isoformat()
'2023-11-24'
>>> moment = parse_date("2024-02-24 15:00:51", zone=OPEN_PLATFORM_ZONE)
>>> moment.instant.isoformat()
'2024-02-24T15:00:51-08:00'
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from aliexpress_customs.errors import AmountError, UsageError
from aliexpress_customs.invoice.model import OrderTime

OPEN_PLATFORM_ZONE: Final = "America/Los_Angeles"
"""Zone of `gmt_create` and its kin, proved by their summer-time shifts."""

LONGEST_DATE: Final = 64

_MONTHS: Final = (
    "jan january janv janvier januar januari janeiro jän jänner ene enero gen gennaio sty styczeń "
    "stycznia oca ocak янв январь января leden ledna ianuarie ian tammi січ",
    "feb february févr fév février februar februari fev fevereiro febrero febbraio lut luty lutego "
    "şub şubat фев февр февраль февраля únor února helmi лют",
    "mar march mars märz mär mrt maart março marzo marca marzec мар март марта břez března maalis "
    "mart бер",
    "apr april avr avril abr abril aprile kwi kwiecień kwietnia nis nisan апр апрель апреля dub "
    "duben dubna huhti квіт",
    "may mai mei maio mayo mag maggio maj maja mayıs май мая květen května touko трав",
    "jun june juin juni junho junio giu giugno cze czerwiec czerwca haz haziran июн июнь июня "
    "června červen kesä черв",
    "jul july juil juillet juli julho julio lug luglio lip lipiec lipca tem temmuz июл июль июля "
    "července červenec heinä лип",
    "aug august août aou augustus ago agosto sie sierpień sierpnia ağu ağustos авг август августа "
    "srpen srpna elo серп augusti",
    "sep sept september septembre set setembro septiembre settembre wrz wrzesień września eyl "
    "eylül сен сент сентябрь сентября září syys вер",
    "oct october octobre okt oktober out outubro octubre ott ottobre paź październik "
    "października eki ekim окт октябрь октября říjen října loka жовт",
    "nov november novembre novembro noviembre lis listopad listopada kas kasım ноя нояб ноябрь "
    "ноября marras",
    "dec december déc décembre dez dezember dezembro dic diciembre dicembre gru grudzień grudnia "
    "ara aralık дек декабрь декабря prosinec prosince joulu груд",
)


def _folded(word: str) -> str:
    decomposed = unicodedata.normalize("NFKD", word.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


_MONTH_OF: Final = {
    _folded(name): number for number, names in enumerate(_MONTHS, 1) for name in names.split()
}
_FILLER_WORDS: Final = "de del di r г года o at um a le den d"
_FILLERS: Final = frozenset(_FILLER_WORDS.split())
_TIME: Final = re.compile(r"(?<!\d)(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\.\d{1,9})?\s*([AaPp][Mm])?")
_NUMERIC: Final = re.compile(
    r"^(\d{1,4})\s?[./\-年년]\s?(\d{1,2})\s?[./\-月월]\s?(\d{1,4})[.日일]?$"
)
_EPOCH_MS: Final = re.compile(r"^\d{12,13}$")
_COMPACT: Final = re.compile(r"^(?:19|20)\d{6}$")
_OFFSET: Final = re.compile(r"\d[T ]\d{1,2}:\d{2}.*(?:Z|[+-]\d{2}:?\d{2})$")


def parse_date(text: str, *, zone: str = "") -> OrderTime:
    """The moment a text names.

    `30/08/2024` is day first (AliExpress prints it in Europe), month first only where day first
    is impossible. A wall time in a zone's repeated hour is its first occurrence.

    Args:
        text: the date as printed, ISO 8601, or milliseconds since 1970 as text.
        zone: IANA name of the zone of a time without offset; empty if unknown, then only the
            date is kept.

    Raises:
        AmountError: no date, or a date without its year.
        UsageError: the zone is unknown.

    >>> parse_date("Jan 01,2026, 12:00").date.isoformat(), parse_date("30/08/2024").date.isoformat()
    ('2026-01-01', '2024-08-30')
    """
    if not isinstance(text, str) or len(text) > LONGEST_DATE:
        raise _no_date()
    plain = "".join(_plain_char(char) for char in text).strip()
    try:
        if _EPOCH_MS.match(plain):
            instant = dt.datetime.fromtimestamp(int(plain) // 1000, tz=dt.UTC)
            return OrderTime(date=instant.date(), instant=instant, zone="UTC", raw=plain)
        if _OFFSET.search(plain):
            instant = dt.datetime.fromisoformat(plain)
            name = "UTC" if instant.utcoffset() == dt.timedelta(0) else ""
            return OrderTime(date=instant.date(), instant=instant, zone=name, raw=plain)
        day, time = _wall_time(plain)
    except (ValueError, OverflowError, OSError) as error:
        raise _no_date() from error
    if time is None or not zone:
        return OrderTime(date=day, raw=plain)
    instant = _fixed(dt.datetime.combine(day, time, _zone(zone)))
    return OrderTime(date=day, instant=instant, zone=zone, raw=plain)


def _fixed(instant: dt.datetime) -> dt.datetime:
    """The same instant with its offset written out, as it comes back from JSON."""
    offset = instant.utcoffset() or dt.timedelta(0)
    if offset % dt.timedelta(minutes=1):
        return instant.astimezone(dt.UTC)
    return instant.replace(tzinfo=dt.timezone(offset))


def _plain_char(char: str) -> str:
    category = unicodedata.category(char)
    if category in {"Cf", "Cs"}:
        return ""
    if category == "Nd":
        return str(unicodedata.decimal(char))
    return " " if char.isspace() else char


def _wall_time(plain: str) -> tuple[dt.date, dt.time | None]:
    time: dt.time | None = None
    if match := _TIME.search(plain):
        hour = int(match[1])
        if match[4]:
            hour = hour % 12 + (12 if match[4].lower() == "pm" else 0)
        time = dt.time(hour, int(match[2]), int(match[3] or 0))
        plain = plain[: match.start()] + " " + plain[match.end() :]
    rest = plain.strip(" ,T")
    if match := _NUMERIC.match(rest):
        return _numeric(match[1], match[2], match[3]), time
    if _COMPACT.match(rest):
        return dt.date(int(rest[:4]), int(rest[4:6]), int(rest[6:])), time
    return _named(rest), time


def _numeric(first: str, second: str, third: str) -> dt.date:
    if len(first) == 4:
        return dt.date(int(first), int(second), int(third))
    if len(third) != 4:
        raise _no_date()
    day, month = int(first), int(second)
    if month > 12:
        day, month = month, day
    return dt.date(int(third), month, day)


def _named(text: str) -> dt.date:
    month = day = year = 0
    for token in re.findall(r"\d+|[^\W\d_]+|[^\s,.\d\w]", text):
        if token.isdigit():
            if len(token) == 4 and not year:
                year = int(token)
            elif len(token) <= 2 and not day:
                day = int(token)
            else:
                raise _no_date()
        elif number := _MONTH_OF.get(_folded(token)):
            if month:
                raise _no_date()
            month = number
        elif _folded(token) not in _FILLERS:
            raise _no_date()
    if not (month and day and year):
        raise _no_date()
    return dt.date(year, month, day)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UsageError(
            "The time zone is unknown.", action="Pass an IANA name such as America/Los_Angeles."
        ) from error


def _no_date() -> AmountError:
    return AmountError(
        "A text that should be a date is none.",
        code="bad_date",
        action="A date needs day, month and year, such as 2026-07-15 or Jul 15, 2026.",
    )
