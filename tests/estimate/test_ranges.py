"""What an estimate says where the code of the goods, or its depth, is not known."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from own_tables import Testland, amount, amounts, charge, thing

import aliexpress_customs as ac
from aliexpress_customs.tariff import schedules


@pytest.fixture
def land(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Testland:
    return Testland(tmp_path, monkeypatch)


MEASURES = """code,type,origin,duty,from,to,source,note
85444210,third_country,,0 %,,,,
85444290,third_country,,4 %,,,,
85444999,third_country,,4 %,,,,
854460,third_country,,10 %,,,,
6109,third_country,!VN,12 %,2020-01-01,2026-12-31,,
6109,third_country,VN,3 %,,,,
6109,third_country,!VN,15 %,2027-01-01,,,
6109,anti_dumping,CN,20 %,,,,
9503,third_country,,?,,,,
82119100,third_country,,1 %,,,,
82119100,steel,,25 %,,,,
82119200,third_country,,8 %,,,,
82119200,steel,,0 %,,,,
82119300,third_country,,9 EUR/kg,,,,
82119300,steel,,0 %,,,,
82121000,third_country,,1 %,,,,
82122000,third_country,,2 %,,,,
82121000,safeguard,,5 %,,,,
82122000,safeguard,,?,,,,
"""
DUTY = charge("d", "duty", per="line", amount="tariff('third_country', line_value)")


@pytest.fixture
def tariff(land: Testland, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A tariff of a few lines, and the law that asks it."""
    folder = tmp_path / "shipped" / "tariffs"
    folder.mkdir(parents=True)
    (folder / "isles.csv").write_text(MEASURES, encoding="utf-8")
    monkeypatch.setattr(schedules, "data_folder", lambda: tmp_path / "shipped")
    schedules.schedule.cache_clear()
    vat = charge("v", base="intrinsic_value + duty", rate="10 %")
    land.law(DUTY + vat, head='levies = ["duty", "vat"]\ntariff = "isles"')
    yield
    schedules.schedule.cache_clear()


@pytest.mark.usefixtures("tariff")
def test_a_code_that_is_deep_enough_settles_the_duty(land: Testland) -> None:
    found = land.quote(thing(hs_code="8544429000"))
    assert found.outcome == "complete"
    assert amounts(found) == {"d@delivery": "4.00", "v@delivery": "10.40"}
    assert not found.ranges


@pytest.mark.usefixtures("tariff")
def test_a_short_code_gives_low_expected_and_high(land: Testland) -> None:
    found = land.quote(thing(hs_code="8544"))
    assert found.outcome == "estimated"
    span = found.ranges["total_duty"]
    assert [amount(x) for x in (span.low, span.expected, span.high)] == [0, 4, 10]
    assert amount(found.total_duty) == 4
    span = found.ranges["total_vat"]
    assert [amount(x) for x in (span.low, span.high)] == [10, 11]
    span = found.ranges["landed_cost"]
    assert [amount(x) for x in (span.low, span.expected, span.high)] == [
        110,
        Decimal("114.40"),
        121,
    ]
    row = found.charges[0]
    assert row.range is not None
    assert amount(row.range.high) == 10
    (reason,) = [reason for reason in found.reasons if reason.code == "duty_range"]
    assert "8544" in reason.message
    assert "hs_code" in reason.action


@pytest.mark.usefixtures("tariff")
def test_the_ends_of_a_range_are_those_of_lines_not_of_types(land: Testland) -> None:
    extra = charge("s", "duty", per="line", amount="tariff('steel', line_value)")
    land.law(DUTY + extra, head='levies = ["duty"]\ntariff = "isles"')
    light = land.quote(thing(hs_code="8211", unit_net_weight_kg="1"))
    span = light.ranges["total_duty"]
    assert [amount(x) for x in (span.low, span.high)] == [8, 26]
    unweighed = land.quote(thing(hs_code="8211"))
    span = unweighed.ranges["total_duty"]
    assert [amount(x) for x in (span.low, span.high)] == [8, 26]


@pytest.mark.usefixtures("tariff")
def test_lines_whose_additional_duty_is_open_are_named(land: Testland) -> None:
    extra = charge("s", "duty", per="line", amount="tariff('safeguard', line_value)")
    land.law(DUTY + extra, head='levies = ["duty"]\ntariff = "isles"')
    found = land.quote(thing(hs_code="8212"))
    (reason,) = [reason for reason in found.reasons if reason.code == "duty_range"]
    assert "1 of them have no rate there, so it may lie outside." in reason.message


@pytest.mark.usefixtures("tariff")
def test_candidates_that_agree_leave_no_range(land: Testland) -> None:
    assert amounts(land.quote(thing(hs_code="8544499999")))["d@delivery"] == "4.00"
    assert amounts(land.quote(thing(hs_code="854449")))["d@delivery"] == "4.00"


@pytest.mark.usefixtures("tariff")
def test_origin_and_day_choose_the_measure(land: Testland) -> None:
    shirt = {"hs_code": "61091000"}
    assert amounts(land.quote(thing(**shirt)))["d@delivery"] == "12.00"
    assert amounts(land.quote(thing(**shirt, origin_country="VN")))["d@delivery"] == "3.00"
    later = land.quote(thing(**shirt), on=dt.date(2027, 1, 1))
    assert amounts(later)["d@delivery"] == "15.00"


@pytest.mark.usefixtures("tariff")
@pytest.mark.parametrize("code", ["950300", "010121"])
def test_a_duty_left_open_or_absent_is_refused(land: Testland, code: str) -> None:
    found = land.quote(thing(hs_code=code))
    assert found.outcome == "refused"
    assert found.total_duty is None
    assert found.total_vat is None
    assert code in found.charges[0].reason


@pytest.mark.usefixtures("tariff")
def test_a_stated_rate_replaces_the_ordinary_duty_only(land: Testland) -> None:
    extra = charge("a", "duty", per="line", amount="tariff('anti_dumping', line_value)")
    land.law(DUTY + extra, head='levies = []\ntariff = "isles"')
    found = land.quote(thing(hs_code="6109100010", duty_rate="1 %"))
    assert amounts(found) == {"d@delivery": "1.00", "a@delivery": "20.00"}


@pytest.mark.usefixtures("tariff")
def test_the_hash_of_the_rules_covers_the_tariff(land: Testland) -> None:
    with_tariff = land.quote(thing(hs_code="6109")).rules_hash
    land.law(DUTY)
    assert land.quote(thing(duty_rate="1 %")).rules_hash not in with_tariff
    assert "-" in with_tariff


@pytest.mark.usefixtures("tariff")
def test_an_estimate_with_ranges_survives_json(land: Testland) -> None:
    found = land.quote(thing(hs_code="8544"))
    assert ac.Estimate.model_validate_json(found.model_dump_json()) == found
