"""The stack of United States duties: what adds up, what displaces what, and what stays open."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest

from aliexpress_customs.datafiles import data_folder
from aliexpress_customs.estimate.examples import (
    Example,
    Expect,
    estimate_example,
    load_examples,
    verify,
)
from aliexpress_customs.estimate.model import Estimate
from aliexpress_customs.tariff.duty import parse_duties
from aliexpress_customs.tariff.measures import OPEN, Measure, Schedule
from aliexpress_customs.tariff.schedules import schedule

TOY, SHIRT, PHONE, PAN, BOOK = "95030000", "61091000", "85171300", "73239300", "49019900"
DAYS = ["2025-06-15", "2025-09-15", "2025-12-01", "2026-03-01", "2026-05-01", "2026-10-02"]
DISPLACED = {
    "us.ieepa_reciprocal",
    "us.section_122_surcharge",
    "us.forced_labor",
}


def ask(hs_code: str, on: str, origin: str = "CN", **more: Any) -> Estimate:
    goods: dict[str, Any] = {
        "description": "goods",
        "hs_code": hs_code,
        "unit_value": Decimal(more.pop("value", "100.00")),
        "origin_country": origin,
    }
    if "duty_rate" in more:
        goods["duty_rate"] = more.pop("duty_rate")
    return estimate_example(
        Example(
            id="asked",
            title="asked",
            destination="US",
            on=dt.date.fromisoformat(on),
            dispatch_country=origin,
            currency="USD",
            goods=[goods],
            expect=Expect(),
            **{"transport": "express", **more},
        )
    )


def layers(answer: Estimate) -> dict[str, Decimal]:
    return {
        charge.id.partition("@")[0]: charge.amount.amount
        for charge in answer.charges
        if charge.amount is not None and charge.amount.amount
    }


def duty(answer: Estimate) -> Decimal:
    assert answer.total_duty is not None, answer.reasons
    return answer.total_duty.amount


@pytest.fixture(scope="module")
def us() -> Schedule:
    found = schedule("us")
    assert found is not None
    return found


def test_the_worked_examples_hold() -> None:
    report = verify(load_examples(data_folder() / "examples" / "us.toml"))
    assert not report.failed
    assert not report.refused
    assert report.passed > 250


def test_every_duty_of_the_schedule_can_be_read(us: Schedule) -> None:
    for kind in us.types:
        for measure in us.measures(kind):
            if measure.duty != OPEN:
                parse_duties(measure.duty)


def test_one_rate_holds_on_each_day(us: Schedule) -> None:
    for kind in us.types:
        found: dict[tuple[str, frozenset[str], bool], list[Measure]] = defaultdict(list)
        for measure in us.measures(kind):
            found[measure.code, measure.origins, measure.excluding].append(measure)
        for measures in found.values():
            measures.sort(key=lambda measure: measure.from_ or dt.date.min)
            for first, second in pairwise(measures):
                assert first.to is not None, first
                assert second.from_ is not None, second
                assert first.to < second.from_, (first, second)


@pytest.mark.parametrize(
    ("code", "on", "rate"),
    [
        ("85076000", "2025-12-31", "7.5 %"),
        ("85076000", "2026-01-01", "25 %"),
        ("8507600010", "2025-12-31", "25 %"),
        ("8517620090", "2026-10-02", "7.5 %"),
        ("8517620010", "2026-10-02", "25 %"),
        ("6307909850", "2024-09-26", OPEN),
        ("6307909850", "2024-09-27", "25 %"),
        ("6307909850", "2026-01-01", "50 %"),
        ("6307909870", "2024-09-27", "25 %"),
        ("6307909870", "2025-12-31", "25 %"),
        ("6307909870", "2026-01-01", "50 %"),
        ("40151210", "2025-01-01", "50 %"),
        ("40151210", "2026-01-01", "100 %"),
        ("4901990040", "2026-10-02", "0 %"),
        ("95030000", "2026-10-02", None),
    ],
)
def test_the_china_rate_of_a_day(us: Schedule, code: str, on: str, rate: str | None) -> None:
    found = us.find("section_301", code, "CN", dt.date.fromisoformat(on)).exact
    assert (found.duty if found else None) == rate
    assert us.find("section_301", code, "HK", dt.date.fromisoformat(on)).exact is None


@pytest.mark.parametrize("code", ["85176200", "851762", "94016140", "63079098", "76169951"])
def test_a_split_subheading_gives_a_range(code: str) -> None:
    answer = ask(code, "2026-10-02")
    assert answer.outcome == "estimated"
    assert any(reason.code == "duty_range" for reason in answer.reasons)


@pytest.mark.parametrize("on", DAYS)
def test_a_metal_article_pays_no_duty_that_section_232_displaces(on: str) -> None:
    found = layers(ask(PAN, on))
    assert not DISPLACED & found.keys()
    assert any("section_232" in charge for charge in found)


@pytest.mark.parametrize("code", [TOY, SHIRT, PHONE, PAN, BOOK, "64029931", "94054240"])
@pytest.mark.parametrize("on", ["2026-07-24", "2026-10-02"])
def test_mail_pays_what_couriers_pay_since_july_2026(code: str, on: str) -> None:
    assert layers(ask(code, on, transport="post")) == layers(ask(code, on))


@pytest.mark.parametrize("on", ["2025-09-15", "2025-12-01", "2026-03-01", "2026-07-23"])
def test_mail_before_pays_one_rate_whatever_the_goods(on: str) -> None:
    amounts = {duty(ask(code, on, transport="post")) for code in (TOY, SHIRT, PHONE, PAN)}
    assert len(amounts) == 1


@pytest.mark.parametrize("on", DAYS)
@pytest.mark.parametrize("origin", ["CN", "VN", "DE", "BR"])
def test_the_layers_add_up(on: str, origin: str) -> None:
    answer = ask(SHIRT, on, origin, value="900.00")
    assert sum(layers(answer).values()) == duty(answer)


@pytest.mark.parametrize(
    ("origin", "on", "total"),
    [
        ("DE", "2026-02-15", 15),
        ("JP", "2026-02-15", 15),
        ("CH", "2025-11-14", 15),
        ("KR", "2025-11-14", 15),
        ("LI", "2025-11-14", 15),
        ("DE", "2026-08-01", 10),
        ("TW", "2026-08-01", 10),
        ("JP", "2026-08-01", 12.5),
        ("KR", "2026-08-01", 12.5),
    ],
)
def test_a_total_includes_the_general_rate(origin: str, on: str, total: float) -> None:
    for general in ("0 %", "4 %", f"{total} %", "30 %"):
        want = max(Decimal(str(total)), Decimal(general.split()[0]))
        assert duty(ask(TOY, on, origin, duty_rate=general)) == want


def test_a_book_keeps_clear_of_emergency_duties_but_not_of_list_4a() -> None:
    assert layers(ask(BOOK, "2025-12-01", value="900.00")) == {"us.section_301": Decimal("67.50")}
    assert layers(ask(BOOK, "2026-10-02")) == {"us.section_301": Decimal("7.50")}


@pytest.mark.parametrize("origin", ["BY", "CU", "KP", "RU"])
def test_column_2_is_unknown_not_column_1(origin: str) -> None:
    assert ask(TOY, "2026-10-02", origin).outcome == "refused"
    assert ask(TOY, "2026-10-02", origin, duty_rate="70 %").outcome == "complete"


def test_a_code_that_names_motor_vehicles_makes_a_vehicle_part() -> None:
    assert "us.section_232_vehicle_parts" in layers(ask("40111010", "2026-10-02"))
    lamp = ask("85122020", "2026-10-02", given={"other_vehicle_part": True})
    assert "us.section_232_vehicle_parts" not in layers(lamp)
    assert "us.section_232_vehicle_parts" in layers(ask("85122020", "2026-10-02"))


def test_a_battery_is_a_vehicle_part_only_if_the_caller_says_so() -> None:
    loose = layers(ask("85076000", "2026-10-02"))
    fitted = layers(ask("85076000", "2026-10-02", given={"vehicle_part": True}))
    assert "us.forced_labor" in loose
    assert "us.section_232_vehicle_parts" in fitted
    assert "us.forced_labor" not in fitted


@pytest.mark.parametrize("share", ["0", "0.3", "0.5", "1"])
def test_before_april_2026_the_metal_share_divides_the_value(share: str) -> None:
    found = layers(ask("82119220", "2025-12-01", duty_rate="0 %", given={"metal_share": share}))
    assert found.get("us.section_232_metals", 0) == 50 * Decimal(share)
    assert found.get("us.ieepa_reciprocal", 0) == 10 * (1 - Decimal(share))


def test_the_reading_on_brazil_adds_its_duty_to_section_232() -> None:
    usual = ask("7601103000", "2026-08-01", "BR")
    other = ask("7601103000", "2026-08-01", "BR", readings={"us.brazil_301_and_232": "yes"})
    assert duty(other) - duty(usual) == 25


def test_a_drone_is_an_aircraft_that_section_122_spares() -> None:
    assert "us.section_122_surcharge" not in layers(ask("88062200", "2026-05-15"))


def test_textiles_of_cafta_dr_are_spared_if_it_is_claimed() -> None:
    claimed = ask("61091000", "2026-05-15", "HN", given={"cafta_dr_claimed": True}, duty_rate="0 %")
    assert layers(claimed) == {}
    assert layers(ask("61091000", "2026-05-15", "HN", duty_rate="0 %"))


def test_a_gift_counts_with_what_came_the_same_day() -> None:
    free = ask(TOY, "2026-10-02", value="60.00", purpose="gift")
    both = ask(TOY, "2026-10-02", value="60.00", purpose="gift", given={"us_value_today": 50})
    assert not layers(free)
    assert layers(both)


def test_alcohol_always_needs_a_formal_entry() -> None:
    assert "us.mpf_formal" in layers(ask("22042150", "2026-10-02", duty_rate="5 %"))
