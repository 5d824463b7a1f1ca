"""Prices, dates and countries in the spellings of many pages."""

# ruff: noqa: RUF001 - other scripts are what is tested

from __future__ import annotations

import contextlib
import csv
import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aliexpress_customs.errors import AmountError
from aliexpress_customs.invoice.countries import iso_country
from aliexpress_customs.invoice.localised import currency_of, parse_date, parse_price
from aliexpress_customs.invoice.text import clean_title, mend
from aliexpress_customs.money import LARGEST_AMOUNT


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("US $9.80", "9.80"),
        ("US $2,040.75", "2040.75"),
        ("77,03zł", "77.03"),
        ("R$1.050,30", "1050.30"),
        ("-R$4,20", "-4.20"),
        ("R$ -4,20", "-4.20"),
        ("- € 1", "-1"),
        ("−€\u202f3,50", "-3.50"),
        ("\u200e€\u00a03,50\u200e", "3.50"),
        ("3,50-", "-3.50"),
        ("12\u202f345,67 ₽", "12345.67"),
        ("CHF 1’234.50", "1234.50"),
        ("₹1,23,456.78", "123456.78"),
        ("R$2.345,06|2345|06", "2345.06"),
        ("-R$2,06|2|06", "-2.06"),
        ("₩22,330|22330|", "22330"),
        ("￥1,200", "1200"),
        ("1.234.567", "1234567"),
        ("€ 0.500", "0.500"),
        ("٣٫٥٠ ر.س", "3.50"),
        ("۱۲۳", "123"),
        ("Tax: R$22,00", "22.00"),
        ("Free shipping", "0"),
        ("Frete grátis", "0"),
        ("Kostenloser Versand: gratis", "0"),
        ("Бесплатно", "0"),
        ("무료배송", "0"),
        ("Seller coupons\nCA C$ 3.00\nOrder Price Discount\nCA C$ 1.50", "-4.50"),
        ("€ 3,00\n€ 1,50", "4.50"),
    ],
)
def test_printed_prices_are_exact(text: str, amount: str) -> None:
    assert parse_price(text) == Decimal(amount)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "price",
        "US $1.23x2",
        "€1 - €2",
        "1,2,3",
        "1.23.45",
        "12 34",
        "abc 5",
        "5 apples",
        "--5",
        "R$1,5|x|5",
        "1e5",
        "NaN",
        "€" * 5000,
        "9" * 30,
        chr(0xD800),
    ],
)
def test_what_is_no_price_is_refused(text: str) -> None:
    with pytest.raises(AmountError):
        parse_price(text)


def test_three_digits_after_a_mark_group_unless_the_currency_has_three_decimals() -> None:
    assert parse_price("1.234", "EUR") == 1234
    assert parse_price("1,234", "CLP") == 1234
    assert parse_price("1.234", "KWD") == Decimal("1.234")


def test_the_pages_decimal_mark_is_used_where_it_can_be_right() -> None:
    assert parse_price("1.234", decimal_mark=".") == Decimal("1.234")
    assert parse_price("1,234", decimal_mark=".") == 1234
    assert parse_price("R$61.25", decimal_mark=",") == Decimal("61.25")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("US $5", "USD"),
        ("CA C$ 5", "CAD"),
        ("5 руб.", "RUB"),
        ("€5|5|", "EUR"),
        ("MAD5", "MAD"),
        ("$5", None),
        ("¥5", None),
        ("5 kr", None),
        ("£5", None),
        ("C$ 5", None),
        ("free", None),
    ],
)
def test_only_unambiguous_marks_name_a_currency(text: str, code: str | None) -> None:
    assert currency_of(text) == code


@given(st.text())
def test_any_text_is_a_price_or_an_amount_error(text: str) -> None:
    with contextlib.suppress(AmountError):
        assert abs(parse_price(text)) <= LARGEST_AMOUNT
    currency_of(text)


@given(st.text(alphabet="0123456789.,-' |€$R\u00a0\n٣"))
def test_any_price_like_text_is_a_price_or_an_amount_error(text: str) -> None:
    for currency in (None, "EUR", "KRW", "KWD"):
        try:
            assert parse_price(text, currency, ",").is_finite()
        except AmountError:
            continue


@given(st.decimals(min_value=0, max_value=10**9, places=2))
def test_every_way_to_print_an_amount_reads_back(amount: Decimal) -> None:
    english = f"{amount:,.2f}"
    continental = english.translate(str.maketrans(",.", ".,"))
    for text in (f"US ${english}", f"€ {continental}", f"{continental.replace('.', ' ')} руб."):
        assert parse_price(text) == amount


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Jul 5, 2026", "2026-07-05"),
        ("24 nov, 2023", "2023-11-24"),
        ("15 de jul. de 2026", "2026-07-15"),
        ("7. März 2026", "2026-03-07"),
        ("1 févr. 2026", "2026-02-01"),
        ("12 août 2026", "2026-08-12"),
        ("3 gen 2026", "2026-01-03"),
        ("9 paź 2026", "2026-10-09"),
        ("4 mrt 2026", "2026-03-04"),
        ("8 мая 2026 г.", "2026-05-08"),
        ("Jan 01,2026, 12:00", "2026-01-01"),
        ("30/08/2024", "2024-08-30"),
        ("08/30/2024", "2024-08-30"),
        ("05.06.2026", "2026-06-05"),
        ("2025/08/29", "2025-08-29"),
        ("2026年7月15日", "2026-07-15"),
        ("2026-07-15", "2026-07-15"),
        ("2026-07-15 08:09:10", "2026-07-15"),
    ],
)
def test_printed_dates_keep_their_day(text: str, day: str) -> None:
    moment = parse_date(text)
    assert moment.date.isoformat() == day
    assert moment.instant is None


def test_wall_time_of_a_zone_is_an_instant() -> None:
    moment = parse_date("2026-01-15 23:00:00", zone="America/Los_Angeles")
    assert moment.instant == dt.datetime(2026, 1, 16, 7, tzinfo=dt.UTC)
    assert moment.date == dt.date(2026, 1, 15)


def test_epoch_milliseconds_and_offsets_are_instants() -> None:
    assert parse_date("1767225600000").instant == dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    moment = parse_date("2026-01-01T02:00:00.123456+03:00")
    assert moment.instant is not None
    assert moment.instant.astimezone(dt.UTC).hour == 23


@pytest.mark.parametrize("text", ["", "Tue | Jul. 28 18:39", "32/01/2026", "Foo 1, 2026", "9" * 14])
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(AmountError) as caught:
        parse_date(text)
    assert caught.value.code == "bad_date"


@given(st.text(alphabet="0123456789 :/-.,JanFebrTZ+年月日"))
def test_any_text_is_a_date_or_an_amount_error(text: str) -> None:
    try:
        moment = parse_date(text, zone="America/Los_Angeles")
    except AmountError:
        return
    assert type(moment).model_validate_json(moment.model_dump_json()) == moment


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("UK", "GB"),
        ("SRB", "RS"),
        ("MNE", "ME"),
        ("KS", "XK"),
        ("ZR", "CD"),
        ("BLM", "BL"),
        ("EAZ", "TZ"),
        ("cn", "CN"),
        ("CHINA", "CN"),
        ("Poland", "PL"),
        ("brazil", "BR"),
        ("Россия", "RU"),
        ("Deutschland", "DE"),
        ("España", "ES"),
        ("DEU", "DE"),
        ("YU", None),
        ("AN", None),
        ("Atlantis", None),
        ("", None),
        ("ZZ", None),
    ],
)
def test_countries_in_any_spelling_are_iso(text: str, code: str | None) -> None:
    assert iso_country(text) == code


def test_titles_lose_markup_and_halves_of_characters() -> None:
    assert clean_title("A\u00a0 <b>B</b><br/>C&amp;amp;D\ud83d") == "A B C&D\ufffd"
    assert mend("\ud83d\ude00") == "\U0001f600"


def test_every_string_of_the_collection_is_understood(sample: Callable[[str], Path]) -> None:
    zones = {"America/Los_Angeles", "Asia/Shanghai"}
    with sample("41_").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) > 20
    for row in rows:
        raw, expected = row["raw"].replace("\\n", "\n"), row["expected"]
        if row["kind"] == "price":
            assert parse_price(raw, row["currency"] or None) == Decimal(expected), raw
            assert currency_of(raw) in {None, row["currency"]}
        elif "no year" in expected:
            with pytest.raises(AmountError):
                parse_date(raw)
        else:
            zone = next((name for name in zones if name in expected), "")
            moment = parse_date(raw, zone=zone)
            assert moment.date.isoformat() == expected[:10], raw
            assert (moment.instant is not None) == bool(zone)


def test_every_country_code_of_the_shop_is_known(sample: Callable[[str], Path]) -> None:
    with (sample("schemas") / "to_area_country_codes.csv").open(encoding="utf-8") as stream:
        codes = {row["ae_code"] for row in csv.DictReader(stream)}
    assert {code for code in codes if iso_country(code) is None} <= {"AN", "YU"}
