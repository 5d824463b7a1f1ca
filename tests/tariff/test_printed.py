# ruff: noqa: RUF001 - the printed rates are in their own alphabets
"""Rates as schedules print them; each case is a line of the schedule named."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aliexpress_customs.tariff.duty import parse_duties
from aliexpress_customs.tariff.printed import (
    UnreadRateError,
    american,
    australian,
    european,
    japanese,
    norwegian,
    russian,
)

READERS = (american, australian, european, japanese, norwegian, russian)

CASES = [
    # 0102.29.10, 2204.21.85.95, 9101.11.00, 9111.10.00, 1704.10.10
    (european, "10.20% + 93.10 EUR / 100 kg", "10.2 % + 93.1 EUR/100 kg"),
    (european, "1.75 EUR / % vol / hl", "1.75 EUR/l_alcohol"),
    (
        european,
        "4.50% MIN 0.30 EUR / item MAX 0.80 EUR / item",
        "4.5 % MIN 0.3 EUR/piece MAX 0.8 EUR/piece",
    ),
    (
        european,
        "0.50 EUR / item MIN 2.70% MAX 4.60%",
        "0.5 EUR/piece MIN 2.7 % MAX 4.6 %",
    ),
    (
        european,
        "6.20% + 27.10 EUR / 100 kg MAX 17.90%",
        "6.2 % + 27.1 EUR/100 kg MAX 17.9 %",
    ),
    # 0402.10.91, 7003.12.99, 1702.60.80, 0105.11.11, 2007.99.50.83, 0704.10.10, 5701.10.90
    (
        european,
        "1.19 EUR / kg / lactic matter + 27.50 EUR / 100 kg",
        "1.19 EUR/kg_lactic + 27.5 EUR/100 kg",
    ),
    (
        european,
        "3.80% MIN 0.60 EUR / 100 kg / gross",
        "3.8 % MIN 0.6 EUR/100 kg_gross",
    ),
    (european, "0.40 EUR / 100 kg /net/ % sacchar.", "0.4 EUR/kg_sucrose"),
    (european, "52.00 EUR / 1,000 items", "52 EUR/1000 piece"),
    (european, "24 + 4.2 EUR/100 kg", "24 % + 4.2 EUR/100 kg"),
    (
        european,
        "9.60% MIN 1.1\xa0€/100\xa0kg/net (01 JAN-14 APR, 1 DEC-31 DEC), 13.60% MIN 1.6€/100kg/net",
        "9.6 % MIN 1.1 EUR/100 kg|13.6 % MIN 1.6 EUR/100 kg",
    ),
    (european, "8.00% MAX 2.80 EUR / m2", "8 % MAX 2.8 EUR/m2"),
    (european, "40.00% + 101.00 GBP/hl + 17 GBP/100kg", "40 % + 101 GBP/100 l + 17 GBP/100 kg"),
    (european, "6.5 %", "6.5 %"),
    (american, "90¢/pr. + 37.5%", "37.5 % + 0.9 USD/pair"),
    (american, "$1.06/doz.", "1.06 USD/12 piece"),
    (american, "Free 1/", "0 %"),
    (australian, "5%, or, if lower, $0.45/kg TSS", "5 % MAX 0.45 AUD/kg_soluble_solids"),
    (australian, "$2,445.26/kg of tobacco content", "2445.26 AUD/kg_tobacco"),
    # 6403.20.012, 5208.11.091, 2204.21.020, 9608.10.090, 2711.14.010, 6116.10.255, 6207.99.210
    (japanese, "30%又は4,300円/足のうちいずれか高い税率", "30 % MIN 4300 JPY/pair"),
    (
        japanese,
        "3.7%又は2.9%＋1.01円/㎡のうちいずれか高い税率",
        "3.7 % MIN 2.9 % + 1.01 JPY/m2",
    ),
    (
        japanese,
        "15%又は125円/lのうちいずれか低い税率 ただしその税率が67円/lを下回る場合は67円/l",
        "15 % MAX 125 JPY/l MIN 67 JPY/l",
    ),
    (japanese, "5%又は1.25円/本のうちいずれか高い税率", "5 % MIN 1.25 JPY/piece"),
    (japanese, "624円/MT", "624 JPY/1000 kg"),
    (japanese, "●5%〜5.3%", "5 %|5.3 %"),
    (japanese, "人造繊維製のもの 7.4% その他のもの (9%)", "9 %|7.4 %"),
    (norwegian, "37.61 (NOK/kg or unit)", "37.61 NOK/kg"),
    (norwegian, "1,28 L", "1.28 NOK/l"),
    # 0201.10.00.08, 1701.12.10.01, 3401.11.00.01, 2402.10.00.00, 8703.22.10.91
    (russian, "50, но не менее 1 евро за 1 кг", "50 % MIN 1 EUR/kg"),
    (russian, "250 долларов США за 1000 кг", "250 USD/1000 kg"),
    (russian, "4,5 плюс 0,02 евро за 1 кг", "4.5 % + 0.02 EUR/kg"),
    (russian, "17, но не менее шт 1,7 евро за 1000 шт", "17 % MIN 1.7 EUR/1000 piece"),
    (
        russian,
        "15, либо 12,5, но не менее 0,6 евро за 1 см3",
        "15 %|12.5 % MIN 0.6 EUR/cm3",
    ),
]


@pytest.mark.parametrize(("reader", "text", "duty"), CASES)
def test_a_printed_rate_is_read(reader: Callable[[str], str], text: str, duty: str) -> None:
    assert reader(text) == duty
    assert parse_duties(duty)


@pytest.mark.parametrize(
    ("reader", "text"),
    [
        (european, "Entry Price"),
        (european, "9.00% +  EA MAX 18.70%  + ADSZ"),
        (european, ""),
        (american, "The rate applicable to the article of which it is a part"),
        (american, "$1.2.3/kg"),
        (australian, "$0.526/L of gasoline plus $0.526/L of ethanol"),
        (japanese, "*(55円/kg)"),
        (japanese, "※18.9%"),
        (japanese, "◎無税"),
        (japanese, "●(9%）〜（29.8%+1,159円/kg)、64円/kg、85円/kg又は341円/kg"),
        (japanese, "1キログラムにつき枝肉に係る基準輸入価格と課税価格との差額"),
        (norwegian, "0,85+MX"),
        (russian, "11,18 евро за"),
    ],
)
def test_what_hangs_on_more_than_the_goods_is_left_open(
    reader: Callable[[str], str], text: str
) -> None:
    with pytest.raises(UnreadRateError):
        reader(text)


@pytest.mark.parametrize("reader", READERS)
@given(text=st.text(max_size=40))
def test_a_reader_gives_a_duty_or_leaves_it_open(reader: Callable[[str], str], text: str) -> None:
    with contextlib.suppress(UnreadRateError):
        assert parse_duties(reader(text))
