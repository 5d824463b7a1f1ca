"""Duties that hang on more than the value, seen in whole estimates."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

import aliexpress_customs as ac
from aliexpress_customs.declaration.declare import declare_goods
from aliexpress_customs.estimate.duties import EXPECTED, HIGH, LOW, Tariffs
from aliexpress_customs.rules.facts import MissingFactError
from aliexpress_customs.tariff.measures import Measure, Schedule

DAY = dt.date(2026, 7, 2)
KIND = "third_country"


def row(code: str, duty: str, note: str = "") -> Measure:
    return Measure(code, KIND, frozenset(), False, duty, None, None, "", note)


def line(code: str, **facts: Any) -> dict[str, Any]:
    return {
        "path": "items[0].lines[0]",
        "hs_code": code,
        "origin_country": "CN",
        "duty_rate": None,
        "net_weight_kg": None,
        "quantity": Decimal(2),
    } | facts


def span(*rows: Measure, facts: dict[str, Any], gross: str | None = None) -> tuple[str, ...]:
    """Low, expected and high duty on 100, and the codes of the findings."""
    tariffs = Tariffs(Schedule("t", rows), DAY, lambda amount, currency: amount, "Testland")
    parcel: dict[str, Any] = {
        "unknown_codes": set(),
        "gross_weight_kg": None if gross is None else Decimal(gross),
        "lines": [facts],
    }
    amounts = []
    for scenario in (LOW, EXPECTED, HIGH):
        tariffs.scenario = scenario
        amounts.append(f"{tariffs.duty(parcel, facts, KIND, Decimal(100)).normalize():f}")
    findings = [*tariffs.ranged.values(), *tariffs.remarks.values()]
    return (*amounts, *(finding.code for finding in findings))


def test_a_cap_in_percent_bounds_a_duty_whose_quantity_is_unknown() -> None:
    found = span(row("1704", "6.2 % + 27.1 EUR/100 kg MAX 17.9 %"), facts=line("170410"))
    assert found == ("6.2", "17.9", "17.9", "duty_quantity_unknown")


def test_a_known_weight_settles_it() -> None:
    facts = line("170410", net_weight_kg=Decimal(10))
    found = span(row("1704", "6.2 % + 27.1 EUR/100 kg MAX 17.9 %"), facts=facts)
    assert found == ("8.91", "8.91", "8.91")


def test_a_floor_per_kilogram_without_a_weight_refuses_and_names_the_unit() -> None:
    with pytest.raises(MissingFactError, match=r"quantity\.kg") as caught:
        span(row("6109", "8 % MIN 4 EUR/kg"), facts=line("610910"))
    assert "needs the quantity in kg" in caught.value.message
    assert "unit_net_weight_kg" in caught.value.action


def test_the_gross_weight_of_the_parcel_bounds_the_weight_of_a_line() -> None:
    found = span(row("6109", "8 % MIN 4 EUR/kg"), facts=line("610910"), gross="5")
    assert found == ("8", "20", "20", "duty_quantity_unknown")


def test_a_unit_that_nobody_can_state_is_refused_with_the_way_out() -> None:
    with pytest.raises(MissingFactError, match=r"quantity\.m2") as caught:
        span(row("5701", "0.38 EUR/m2"), facts=line("570110"), gross="5")
    assert "duty_rate" in caught.value.action


def test_a_pair_is_a_piece_and_said_so_for_goods_that_are_no_shoes() -> None:
    assert span(row("64", "3 EUR/pair"), facts=line("640411")) == ("6", "6", "6")
    assert span(row("61", "3 EUR/pair"), facts=line("611610"))[3:] == ("pair_assumed",)


def test_candidate_rates_give_a_range_with_the_likeliest_in_it() -> None:
    found = span(row("6402", "8 %|6.7 %"), facts=line("640291"))
    assert found == ("6.7", "8", "8", "duty_unsettled")
    found = span(row("640291", "6.7 %|8 %"), row("640299", "10 %"), facts=line("6402"))
    assert found == ("6.7", "10", "10", "duty_range")


def test_a_code_of_another_country_takes_its_neighbours_and_says_so() -> None:
    rows = (row("42022210", "9.7 %"), row("42022290", "3.7 %"))
    found = span(*rows, facts=line("42022200"))
    assert (found[0], found[2], found[3]) == ("3.7", "9.7", "code_not_in_tariff")


def test_one_neighbour_is_still_said_to_be_one() -> None:
    assert span(row("42022210", "9.7 %"), facts=line("42022200"))[3:] == ("code_not_in_tariff",)


def test_an_open_line_is_refused_with_what_the_tariff_prints() -> None:
    with pytest.raises(MissingFactError, match="duty_rate") as caught:
        span(row("0702", "?", "Entry Price"), facts=line("070200"))
    assert "Entry Price" in caught.value.message


def test_a_range_over_open_lines_says_that_it_may_be_wider() -> None:
    rows = (row("640291", "?"), row("640299", "0 %"))
    facts = line("6402")
    tariffs = Tariffs(Schedule("t", rows), DAY, lambda amount, currency: amount, "Testland")
    parcel: dict[str, Any] = {"unknown_codes": set(), "gross_weight_kg": None, "lines": [facts]}
    assert tariffs.duty(parcel, facts, KIND, Decimal(100)) == 0
    (finding,) = tariffs.ranged.values()
    assert "1 of them have no rate" in finding.message


def test_a_duty_in_a_currency_without_a_rate_refuses_only_what_needs_it() -> None:
    goods = ac.Goods.model_validate(
        {
            "title": "shirt",
            "unit_value": "25000.00 KGS",
            "quantity": 1,
            "hs_code": "610910",
            "origin_country": "CN",
            "unit_net_weight_kg": "0.1",
        }
    )
    parcel = declare_goods([goods], destination="KG", importer="business")
    found = ac.estimate(parcel, on=dt.date(2025, 9, 15))
    refused = [
        (reason.code, reason.action) for reason in found.reasons if reason.severity == "error"
    ]
    assert refused[0][0] == "missing_fact"
    assert "EUR/KGS" in refused[0][1]
    assert refused[1:] == [("depends_on_refused", "")]
    priced = ac.estimate(parcel, on=dt.date(2025, 9, 15), rates={"EUR/KGS": "100"})
    assert priced.total_duty is not None


def test_a_note_of_the_row_is_passed_on() -> None:
    found = span(row("6109", "5 %", "footnote 63C not applied"), facts=line("610910"))
    assert found == ("5", "5", "5", "tariff_note")


@pytest.mark.parametrize(
    ("destination", "code", "duty"),
    [("DE", "6109100010", "48.00"), ("FR", "6404110000", "67.60"), ("GB", "61091000", "48.00")],
)
def test_a_shipped_rate_reaches_the_estimate(destination: str, code: str, duty: str) -> None:
    currency = "GBP" if destination == "GB" else "EUR"
    goods = ac.Goods(title="x", unit_value=f"400.00 {currency}", quantity=1, hs_code=code)
    found = ac.quote([goods], destination=destination, on=DAY)
    assert found.total_duty is not None
    assert found.total_duty.amount == Decimal(duty)
