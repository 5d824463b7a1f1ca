"""Currencies fixed to the dollar or the euro by law: `data/exchange/pegs.toml`."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from functools import cache

from aliexpress_customs.datafiles import data_folder
from aliexpress_customs.errors import ExchangeRateError
from aliexpress_customs.exchange.rates import CurrencyCode, Rate
from aliexpress_customs.model import Model


class Peg(Model):
    """One fixed rate: 1 `anchor` = `rate` `currency`."""

    currency: CurrencyCode
    anchor: CurrencyCode
    rate: Decimal
    since: dt.date | None = None
    """First day of the peg; None = long before any order."""
    source_url: str = ""
    source_kind: str
    confidence: str
    note: str = ""


class Pegs:
    """Fixed rates, and the crosses between currencies with the same anchor.

    >>> Pegs().rate("USD", "AED", dt.date(2026, 7, 2)).rate
    Decimal('3.6725')
    """

    def rate(self, base: str, quote: str, on: dt.date) -> Rate | None:
        """1 `base` in `quote`, if one is fixed to the other or both to the same anchor."""
        first, second = _peg(base, on), _peg(quote, on)
        if second and second.base == base:
            return second
        if first and first.base == quote:
            return first.inverse()
        if first and second and first.base == second.base:
            return first.inverse().then(second)
        return None


def _peg(currency: str, on: dt.date) -> Rate | None:
    peg = load_pegs().get(currency)
    if peg is None or (peg.since and on < peg.since):
        return None
    return Rate(
        base=peg.anchor,
        quote=currency,
        rate=peg.rate,
        date=on,
        source=f"fixed rate {peg.anchor}/{currency} ({peg.source_kind})",
        source_url=peg.source_url,
    )


@cache
def load_pegs() -> Mapping[str, Peg]:
    """All pegs by currency.

    Raises:
        ExchangeRateError: the file is missing or malformed (`bad_pegs`).
    """
    file = data_folder() / "exchange" / "pegs.toml"
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
        pegs = [Peg.model_validate(entry) for entry in table["peg"]]
    except (OSError, KeyError, ValueError) as error:
        raise ExchangeRateError(
            "The table of fixed rates cannot be read.",
            code="bad_pegs",
            path="exchange/pegs.toml",
            action="Reinstall aliexpress-customs.",
        ) from error
    return {peg.currency: peg for peg in pegs}
