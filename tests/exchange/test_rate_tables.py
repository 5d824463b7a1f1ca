"""Official tables a caller loads."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from aliexpress_customs.errors import ExchangeRateError
from aliexpress_customs.exchange import Exchange, TableRates

HEADER = "base,quote,rate,from,to,source,source_url\n"
# An invented figure in the shape of a monthly table.
HMRC = "GBP,USD,1.3405,2026-07-01,2026-07-31,HMRC monthly rates,https://example.org/july\n"


def write(folder: Path, text: str) -> Path:
    file = folder / "rates.csv"
    file.write_text(text, encoding="utf-8-sig")
    return file


def test_a_table_rate_is_used_on_its_days_only(tmp_path: Path) -> None:
    table = TableRates.load(write(tmp_path, HEADER + HMRC))
    used = table.rate("GBP", "USD", dt.date(2026, 7, 31))
    assert used is not None
    assert (used.rate, used.source) == (Decimal("1.3405"), "HMRC monthly rates")
    assert table.rate("GBP", "USD", dt.date(2026, 6, 30)) is None
    assert table.rate("GBP", "USD", dt.date(2026, 8, 1)) is None


def test_a_table_comes_before_the_ecb_and_is_read_for_the_day_of_use(tmp_path: Path) -> None:
    exchange = Exchange.default(tables=[write(tmp_path, HEADER + HMRC)])
    rate = exchange.customs_rate("USD", "GBP", dt.date(2026, 7, 2))
    assert rate.apply(Decimal("134.05")) == 100
    june = exchange.customs_rate("USD", "GBP", dt.date(2026, 6, 2))
    assert june.source == "European Central Bank reference rate"


def test_the_later_of_two_overlapping_rates_wins(tmp_path: Path) -> None:
    table = TableRates.load(
        write(
            tmp_path,
            HEADER + "USD,UYU,40,2026-01-01,,BCU\nUSD,UYU,41,2026-03-01,,BCU\n",
        )
    )
    spring = table.rate("USD", "UYU", dt.date(2026, 4, 1))
    winter = table.rate("USD", "UYU", dt.date(2026, 2, 1))
    assert spring is not None
    assert winter is not None
    assert [winter.rate, spring.rate] == [Decimal(40), Decimal(41)]


@pytest.mark.parametrize(
    ("text", "where", "what"),
    [
        ("base,quote\n", "rates.csv", "rate, from, to, source"),
        ("", "rates.csv", "missing"),
        (HEADER + "USD,UYU,40,1.1.2026,,BCU\n", "rates.csv:2", "2026-07-01"),
        (HEADER + "USD,UYU,40,2026-02-01,2026-01-01,BCU\n", "rates.csv:2", "before the first"),
        (HEADER + "USD,UYU,forty,2026-02-01,,BCU\n", "rates.csv:2", "positive decimal"),
        (HEADER + "USD,,40,2026-02-01,,BCU\n", "rates.csv:2", "pair"),
        (HEADER + "USD\n", "rates.csv:2", "pair"),
    ],
)
def test_a_malformed_table_is_refused_with_its_line(
    tmp_path: Path, text: str, where: str, what: str
) -> None:
    with pytest.raises(ExchangeRateError, match=what) as caught:
        TableRates.load(write(tmp_path, text))
    assert caught.value.path == where


def test_an_absent_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ExchangeRateError, match="cannot be read"):
        TableRates.load(tmp_path / "absent.csv")
