"""Duty expressions: what they mean, and that they come back as they were written."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aliexpress_customs.errors import TariffError
from aliexpress_customs.tariff.duty import (
    UNITS,
    Duty,
    Quantity,
    UnknownQuantityError,
    parse_duties,
    parse_duty,
)

BASE = Decimal(100)
NUMBERS = st.decimals(min_value=0, max_value=10_000, places=3).map(lambda n: f"{n:f}")
COMPONENTS = st.one_of(
    NUMBERS.map(lambda n: f"{n} %"),
    st.builds(
        lambda n, currency, per, unit: f"{n} {currency}/{per}{unit}",
        NUMBERS,
        st.sampled_from(["EUR", "GBP", "JPY"]),
        st.sampled_from(["", "100 ", "12 ", "1000 ", "0.5 "]),
        st.sampled_from(sorted(UNITS)),
    ),
)
SUMS = st.lists(COMPONENTS, min_size=1, max_size=3).map(" + ".join)
DUTIES = st.builds(
    lambda first, words, limits: " ".join(
        [first, *(f"{word} {limit}" for word, limit in zip(words, limits, strict=False))]
    ),
    SUMS,
    st.sampled_from([(), ("MIN",), ("MAX",), ("MIN", "MAX"), ("MAX", "MIN")]),
    st.lists(SUMS, min_size=2, max_size=2),
)


def same(amount: Decimal, currency: str) -> Decimal:
    """Every currency is worth the same here."""
    assert len(currency) == 3
    return amount


def known(**quantities: str) -> Quantity:
    return lambda unit: Decimal(quantities[unit]) if unit in quantities else None


def of(text: str, **quantities: str) -> Decimal:
    return parse_duty(text).of(BASE, same, known(**quantities))


@given(DUTIES)
def test_a_duty_comes_back_as_it_was_written(text: str) -> None:
    once = parse_duty(text)
    again = parse_duty(str(once))
    assert (again.components, again.limits) == (once.components, once.limits)
    assert str(again) == str(once)


@given(DUTIES, st.decimals(0, 1000, places=2), st.decimals(0, 1000, places=2))
def test_no_duty_falls_when_the_quantity_grows(text: str, one: Decimal, other: Decimal) -> None:
    duty = parse_duty(text)
    few, many = sorted([one, other])
    assert duty.of(BASE, same, lambda _: few) <= duty.of(BASE, same, lambda _: many)


@given(DUTIES, st.decimals(0, 1000, places=2), st.decimals(0, 1000, places=2))
def test_the_true_duty_lies_within_the_bounds(text: str, count: Decimal, more: Decimal) -> None:
    duty = parse_duty(text)
    true = duty.of(BASE, same, lambda _: count)
    low, high = duty.bounds(BASE, same, lambda _: None, lambda _: count + more)
    assert low <= true <= high
    try:
        low, high = duty.bounds(BASE, same, lambda _: None)
    except UnknownQuantityError:
        assert duty.units
    else:
        assert low <= true <= high
        assert high.is_finite()


@pytest.mark.parametrize(
    ("text", "quantities", "amount"),
    [
        ("12 %", {}, "12"),
        ("Free", {}, "0"),
        ("1.75 EUR/kg", {"kg": "0.4"}, "0.7"),
        ("41.2 EUR/100 kg", {"kg": "50"}, "20.6"),
        ("250 USD/t", {"kg": "4"}, "1"),
        ("2 EUR/g", {"kg": "0.004"}, "8"),
        ("32 EUR/hl", {"litre": "3"}, "0.96"),
        ("1.75 EUR/l_alcohol", {"l_alcohol": "2"}, "3.5"),
        ("1 USD/proof_l", {"l_alcohol": "2"}, "4"),
        ("52 EUR/1000 piece", {"piece": "10"}, "0.52"),
        ("0.9 USD/pair + 37.5 %", {"pair": "2"}, "39.3"),
        ("0.36 USD/12 piece", {"piece": "6"}, "0.18"),
        ("5 EUR/100 m", {"m": "60"}, "3"),
        ("0.6 EUR/cm3", {"cm3": "50"}, "30"),
    ],
)
def test_units_are_what_tariffs_mean_by_them(
    text: str, quantities: dict[str, str], amount: str
) -> None:
    assert of(text, **quantities) == Decimal(amount)


@pytest.mark.parametrize(
    ("text", "kg", "amount"),
    [
        # Eurasian "but not less than", Japanese "whichever is higher": a floor
        ("8 % MIN 0.3 EUR/kg", "10", "8"),
        ("8 % MIN 0.3 EUR/kg", "100", "30"),
        # Combined Nomenclature MAX: a cap of the whole sum before it
        ("6.2 % + 27.1 EUR/100 kg MAX 17.9 %", "10", "8.91"),
        ("6.2 % + 27.1 EUR/100 kg MAX 17.9 %", "100", "17.9"),
        # and the cap may be a sum itself
        ("9.1 % + 45.1 EUR/100 kg MAX 18.9 % + 16.5 EUR/100 kg", "10", "13.61"),
        ("9.1 % + 45.1 EUR/100 kg MAX 18.9 % + 16.5 EUR/100 kg", "100", "35.4"),
        # tobacco: between a floor and a cap
        ("18.4 % MIN 22 EUR/100 kg MAX 24 EUR/100 kg", "10", "2.4"),
        ("18.4 % MIN 22 EUR/100 kg MAX 24 EUR/100 kg", "80", "18.4"),
        ("18.4 % MIN 22 EUR/100 kg MAX 24 EUR/100 kg", "100", "22"),
        # Japanese wine: the lower of two, but never below a third
        ("15 % MAX 125 JPY/kg MIN 67 JPY/kg", "0.1", "12.5"),
        ("15 % MAX 125 JPY/kg MIN 67 JPY/kg", "1", "67"),
        # Japanese fabric: the higher of a rate and a sum
        ("3.7 % MIN 2.9 % + 1.01 JPY/kg", "0.5", "3.7"),
        ("3.7 % MIN 2.9 % + 1.01 JPY/kg", "1", "3.91"),
    ],
)
def test_limits_bind_the_whole_of_what_stands_before_them(text: str, kg: str, amount: str) -> None:
    assert of(text, kg=kg) == Decimal(amount)


def test_limits_that_contradict_each_other_are_applied_in_the_order_of_writing() -> None:
    assert of("1 % MIN 5 % MAX 3 %") == 3
    assert of("1 % MAX 3 % MIN 5 %") == 5


def test_a_duty_with_a_cap_in_percent_is_bounded_without_the_quantity() -> None:
    def bounds(text: str) -> tuple[Decimal, Decimal]:
        return parse_duty(text).bounds(BASE, same, known())

    assert bounds("0.5 EUR/piece MIN 2.7 % MAX 4.6 %") == (Decimal("2.7"), Decimal("4.6"))
    assert bounds("6.2 % + 27.1 EUR/100 kg MAX 17.9 %") == (Decimal("6.2"), Decimal("17.9"))
    assert bounds("8 % MAX 2.8 EUR/m2") == (Decimal(0), Decimal(8))
    assert bounds("0 EUR/t") == (Decimal(0), Decimal(0))
    for text in ("8 % MIN 0.3 EUR/kg", "1.75 EUR/kg", "1 % MAX 3 % MIN 1 EUR/kg"):
        with pytest.raises(UnknownQuantityError, match="kg"):
            bounds(text)


def test_the_most_a_quantity_can_be_bounds_a_duty() -> None:
    duty = parse_duty("8 % MIN 4 EUR/kg")
    assert duty.bounds(BASE, same, known(), known(kg="1.5")) == (Decimal(8), Decimal(8))
    assert duty.bounds(BASE, same, known(), known(kg="5")) == (Decimal(8), Decimal(20))


def test_a_duty_that_is_a_percentage_says_so() -> None:
    assert parse_duty("4 % + 1.5 %").ad_valorem == Decimal("0.055")
    assert parse_duty("4 % MAX 1 EUR/kg").ad_valorem is None
    assert parse_duty("1 EUR/kg").ad_valorem is None


def test_candidates_are_read_in_their_order() -> None:
    assert [duty.text for duty in parse_duties("8 %|6.7 % MIN 2 EUR/kg")] == [
        "8 %",
        "6.7 % MIN 2 EUR/kg",
    ]


@pytest.mark.parametrize(
    "text",
    ["", "?", "12", "12 %%", "1.75 EUR/", "1 EUR/bushel", "1 EUR/0 kg", "1 % MIN 2 % MIN 3 %",
     "MIN 1 %", "1 % + ", "1,5 %", "-1 %", "1 eur/kg", "8 % or 9 %", "\u0661 %", "1e3 %"],
)  # fmt: skip
def test_anything_else_is_refused_with_its_text(text: str) -> None:
    with pytest.raises(TariffError) as caught:
        parse_duty(text)
    assert caught.value.path == text.strip()


@given(st.text(max_size=40))
def test_any_text_is_a_duty_or_a_typed_error(text: str) -> None:
    try:
        assert isinstance(parse_duty(text), Duty)
    except TariffError as error:
        assert error.message  # noqa: PT017 - either outcome is right
