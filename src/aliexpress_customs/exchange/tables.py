"""Official rate tables the caller loads: the rates an authority publishes for a period of use.

A CSV file with the columns `base,quote,rate,from,to,source` and, if wanted, `source_url`; dates in
ISO form, an empty `to` means until further notice. Many destinations publish their customs rates
(HMRC monthly, NZ Customs fortnightly, Tolletaten weekly); such a table makes results exact to the
cent where the bundled central bank rates are only close.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from aliexpress_customs.errors import ExchangeRateError
from aliexpress_customs.exchange.rates import Rate, parse_pair, parse_rate
from aliexpress_customs.model import Model

COLUMNS: Final = ("base", "quote", "rate", "from", "to", "source")


class TableRow(Model):
    """One rate and the days it is used on."""

    rate: Rate
    """Its date is the first day of use."""
    to: dt.date | None = None
    """Last day of use, included; None = until further notice."""

    def covers(self, day: dt.date) -> bool:
        """Whether the rate is used on a day."""
        return self.rate.date <= day and (self.to is None or day <= self.to)


class TableRates:
    """Rates with their periods of use; where periods overlap, the later start wins."""

    states_day_of_use = True

    def __init__(self, rows: Iterable[TableRow]) -> None:
        self._rows: dict[tuple[str, str], list[TableRow]] = {}
        for row in sorted(rows, key=lambda row: row.rate.date, reverse=True):
            self._rows.setdefault((row.rate.base, row.rate.quote), []).append(row)

    @classmethod
    def load(cls, file: str | Path) -> TableRates:
        """Read a CSV table.

        Raises:
            ExchangeRateError: not readable, a missing column, a malformed row (`bad_rate_table`).
        """
        path = Path(file)
        try:
            with path.open(encoding="utf-8-sig", newline="") as stream:
                reader = csv.DictReader(stream)
                missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
                if missing:
                    raise _bad_table(f"Columns are missing: {', '.join(missing)}.", path.name)
                return cls([_row(row, f"{path.name}:{reader.line_num}") for row in reader])
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            raise _bad_table("The rate table cannot be read.", path.name) from error

    def rate(self, base: str, quote: str, on: dt.date) -> Rate | None:
        """The rate in use on a day, stated either way round."""
        for row in self._rows.get((base, quote), ()):
            if row.covers(on):
                return row.rate
        for row in self._rows.get((quote, base), ()):
            if row.covers(on):
                return row.rate.inverse()
        return None


def _row(cells: dict[str, str | None], path: str) -> TableRow:
    text = {name: (cell or "").strip() for name, cell in cells.items() if isinstance(name, str)}
    base, quote = parse_pair(f"{text['base']}/{text['quote']}", path)
    try:
        first = dt.date.fromisoformat(text["from"])
        last = dt.date.fromisoformat(text["to"]) if text["to"] else None
    except ValueError as error:
        raise _bad_table("A date is not in the form 2026-07-01.", path) from error
    if last and last < first:
        raise _bad_table("The last day of use lies before the first.", path)
    rate = Rate(
        base=base,
        quote=quote,
        rate=parse_rate(text["rate"], path),
        date=first,
        source=text["source"] or "official table",
        source_url=text.get("source_url", ""),
    )
    return TableRow(rate=rate, to=last)


def _bad_table(message: str, path: str) -> ExchangeRateError:
    return ExchangeRateError(
        message,
        code="bad_rate_table",
        path=path,
        action=f"A rate table is a UTF-8 CSV file with the columns {','.join(COLUMNS)}.",
    )
