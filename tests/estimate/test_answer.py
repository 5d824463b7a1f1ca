"""Switches, dates, territories, thresholds: what an estimate says beside its amounts."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from own_tables import (
    DAY,
    LIMIT,
    SCHEME,
    VAT,
    Testland,
    amount,
    amounts,
    charge,
    codes,
    only,
    thing,
)

import aliexpress_customs as ac
from aliexpress_customs.consignment.model import CollectedTax
from aliexpress_customs.errors import ExchangeRateError, UsageError
from aliexpress_customs.money import money


@pytest.fixture
def land(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Testland:
    return Testland(tmp_path, monkeypatch)


# ---- switches, readings, facts of the caller ----

ANNOUNCED = charge("green_fee", "fee", amount="2", status="announced", switch="green")


def test_an_announced_rule_is_named_but_not_counted(land: Testland) -> None:
    land.law(ANNOUNCED + charge("vat", amount="1"))
    found = land.quote()
    assert amounts(found) == {"vat@delivery": "1.00"}
    (reason,) = [reason for reason in found.reasons if reason.code == "announced_rule"]
    assert "assume=['green']" in reason.action
    assert amount(land.quote(assume=["green"]).total_fee) == 2


def test_a_rule_is_excluded_by_its_name(land: Testland) -> None:
    land.law(charge("one", amount="1") + charge("two", amount="2"))
    assert amounts(land.quote(exclude=["one"])) == {"two@delivery": "2.00"}


@pytest.mark.parametrize("option", ["assume", "exclude"])
def test_an_unknown_switch_is_refused(land: Testland, option: str) -> None:
    land.law(ANNOUNCED)
    with pytest.raises(UsageError) as caught:
        land.quote(**{option: ["gren"]})
    assert caught.value.code == "unknown_switch"
    assert caught.value.path == "gren"


READING = """
[[reading]]
id = "nr.freight_taxed"
question = "Is freight taxed?"
options = ["yes", "no"]
default = "yes"
""" + charge(
    "vat", base="intrinsic_value + (freight if nr.freight_taxed == 'yes' else 0)", rate="10 %"
)


def test_an_unsettled_rule_is_read_by_default_or_as_asked(land: Testland) -> None:
    land.law(READING)
    found = land.quote(freight="10")
    assert amounts(found) == {"vat@delivery": "11.00"}
    (reason,) = [reason for reason in found.reasons if reason.code == "unsettled_reading"]
    assert "Is freight taxed?" in reason.message
    other = land.quote(freight="10", readings={"nr.freight_taxed": "no"})
    assert amounts(other) == {"vat@delivery": "10.00"}


@pytest.mark.parametrize("reading", [{"nr.freight_taxed": "maybe"}, {"nr.unknown": "yes"}])
def test_an_unknown_reading_is_refused(land: Testland, reading: dict[str, str]) -> None:
    land.law(READING)
    with pytest.raises(UsageError) as caught:
        land.quote(readings=reading)
    assert caught.value.code == "unknown_reading"


GIVEN = """
[[given]]
id = "parcels_this_year"
default = 0
label = "No parcel came this year before this one."
""" + charge("vat", amount="5 if parcels_this_year >= 2 else 0")


def test_a_fact_only_the_caller_knows_is_assumed_aloud(land: Testland) -> None:
    land.law(GIVEN)
    found = land.quote()
    assert amount(found.total_vat) == 0
    assert "given_assumed" in codes(found)
    for value in (2, "2", Decimal(2)):
        told = land.quote(given={"parcels_this_year": value})
        assert amount(told.total_vat) == 5
        assert "given_assumed" not in codes(told)


@pytest.mark.parametrize(
    ("name", "severity", "action"),
    [
        ("parcels_this_yaer", "warning", "Pass 'parcels_this_year' if that is meant."),
        ("moon_phase", "info", ""),
    ],
)
def test_a_fact_that_counts_for_nothing_is_named(
    land: Testland, name: str, severity: str, action: str
) -> None:
    land.law(GIVEN)
    found = land.quote(given={name: 3})
    assert amount(found.total_vat) == 0
    (reason,) = [reason for reason in found.reasons if reason.code == "given_unused"]
    assert (reason.path, reason.severity, reason.action) == (name, severity, action)


@pytest.mark.parametrize("value", ["many", "", None, True])
def test_a_given_fact_that_is_no_number_is_refused(land: Testland, value: object) -> None:
    land.law(GIVEN)
    with pytest.raises(UsageError) as caught:
        land.quote(given={"parcels_this_year": value})
    assert "parcels_this_year" in str(caught.value)


TRUTH = GIVEN.replace("default = 0", "default = false").replace(
    "5 if parcels_this_year >= 2 else 0", "5 if parcels_this_year else 0"
)


@pytest.mark.parametrize(
    ("value", "vat"), [(True, 5), (False, 0), ("true", 5), ("false", 0)], ids=str
)
def test_a_given_truth_may_be_text_as_on_the_command_line(
    land: Testland, value: object, vat: int
) -> None:
    land.law(TRUTH)
    assert amount(land.quote(given={"parcels_this_year": value}).total_vat) == vat


CARRIERS = """
[[carrier]]
id = "post"
name = "Post"
usual_for = ["post"]

[[carrier]]
id = "swift"
name = "Swift"
""" + charge(
    "post_fee",
    "handling",
    from_="@2020-01-01",
    when="carrier == 'post' and due_at_delivery > 0",
    amount="6",
)


@pytest.mark.parametrize(
    ("options", "handling", "told"),
    [
        ({}, 6, "carrier_assumed"),
        ({"carrier": "post"}, 6, None),
        ({"carrier": "none"}, 0, "handling_not_included"),
        ({"carrier": "swift"}, 0, "handling_not_known"),
        ({"transport": "express"}, 0, "handling_not_included"),
        ({"transport": "express", "carrier": "post"}, 6, None),
        ({"on": dt.date(2019, 3, 2)}, 0, "handling_not_known"),
    ],
)
def test_the_post_delivers_what_is_sent_by_post_unless_another_is_named(
    land: Testland, options: dict[str, Any], handling: int, told: str | None
) -> None:
    land.law(charge("vat", amount="1") + CARRIERS)
    found = land.quote(**options)
    assert amount(found.total_handling) == handling
    assert amount(found.total) == 1
    assert amount(found.due_at_delivery) == 1 + handling
    assert codes(found) == ({told} if told else set())


def test_a_carrier_nobody_knows_is_refused(land: Testland) -> None:
    land.law(charge("vat", amount="1") + CARRIERS)
    with pytest.raises(UsageError, match="courier"):
        land.quote(carrier="courier")


def test_without_anything_due_nobody_asks_a_fee(land: Testland) -> None:
    land.law(charge("vat", base="intrinsic_value", rate="0 %") + CARRIERS)
    assert codes(land.quote()) == set()


def test_an_unknown_transport_is_refused(land: Testland) -> None:
    land.law(charge("vat", amount="1"))
    with pytest.raises(UsageError, match="rocket"):
        land.quote(transport="rocket")


# ---- dates ----


def test_rules_are_read_for_the_day_of_clearance_or_of_the_order(land: Testland) -> None:
    land.law(
        charge("old", amount="1", to="@2026-03-01")
        + charge("new", amount="2", from_="@2026-03-02")
        + charge("by_order", "fee", amount="3", from_="@2026-03-02", dated_by="order")
    )
    before, after = dt.date(2026, 3, 1), dt.date(2026, 3, 2)
    assert set(amounts(land.quote(on=before))) == {"old@delivery"}
    assert set(amounts(land.quote(on=after))) == {"new@delivery", "by_order@delivery"}
    assert set(amounts(land.quote(on=after, ordered_on=before))) == {"new@delivery"}


# ---- territories, dispatch from inside ----


def territory(effect: str) -> str:
    return (
        '[[territory]]\nid = "nr.reef"\nname = "The Reef"\nregions = ["NR-14"]\n'
        f'postcodes = ["99 1"]\neffect = "{effect}"\nmessage = "It has its own customs."\n'
    )


@pytest.mark.parametrize(
    ("effect", "outcome"), [("warn", "estimated"), ("refuse", "refused"), ("rules", "complete")]
)
@pytest.mark.parametrize("where", [{"postcode": "991 23"}, {"region": "NR-14"}])
def test_a_territory_warns_refuses_or_has_rules_of_its_own(
    land: Testland, effect: str, outcome: str, where: dict[str, str]
) -> None:
    land.law(charge("vat", amount="0.5 if territory == 'nr.reef' else 1") + territory(effect))
    assert land.quote(postcode="98123").outcome == "complete"
    found = land.quote(**where)
    assert found.outcome == outcome
    assert ("special_territory" in codes(found)) is (effect != "rules")
    assert amount(found.total_vat) == (Decimal("0.5") if effect == "rules" else 1)


def test_goods_sent_from_inside_are_no_import(land: Testland) -> None:
    land.law(charge("vat", amount="1"), head='levies = ["vat"]\nterritory = ["TV"]')
    for country in ("NR", "TV"):
        found = land.quote(dispatch_country=country, freight="5")
        assert found.outcome == "complete"
        assert codes(found) == {"no_import"}
        assert not found.charges
        assert amount(found.total) == 0
        assert amount(found.landed_cost) == 105
    assert amount(land.quote(dispatch_country="FJ").total) == 1


# ---- thresholds ----


@pytest.mark.parametrize(
    ("test", "inclusive"),
    [
        ("intrinsic_value <= limit", True),
        ("intrinsic_value > limit", True),
        ("limit >= intrinsic_value", True),
        ("limit < intrinsic_value", True),
        ("intrinsic_value < limit", False),
        ("intrinsic_value >= limit", False),
        ("limit > intrinsic_value", False),
        ("not (limit <= intrinsic_value)", False),
    ],
)
@pytest.mark.parametrize(
    ("value", "inside"), [("149.99", {True, False}), ("150.00", {True}), ("150.01", set())]
)
def test_a_threshold_is_reported_right_at_its_boundary(
    land: Testland, test: str, inclusive: bool, value: str, inside: set[bool]
) -> None:
    land.law(LIMIT + charge("vat", when=test, amount="1"))
    (found,) = land.quote(thing(f"{value} EUR")).thresholds
    assert (found.id, found.rule_id, found.basis) == ("limit", "vat", "intrinsic_value")
    assert found.inclusive is inclusive
    assert found.exceeded is (inclusive not in inside)
    assert amount(found.tested_value) == Decimal(value)
    assert amount(found.amount) == 150
    assert found.source_url == "https://customs.example/limit"


def test_a_threshold_in_foreign_money_is_shown_in_both_currencies(land: Testland) -> None:
    land.law(LIMIT + charge("vat", when="intrinsic_value > limit", amount="1"), currency="AUD")
    found = land.quote(thing("90.00 EUR"), rates={"EUR/AUD": "1.6"})
    (threshold,) = found.thresholds
    assert str(threshold.amount.currency) == "EUR"
    assert amount(threshold.limit_value) == 240
    assert amount(threshold.tested_value) == 144


def test_a_threshold_per_line_is_reported_for_each_line(land: Testland) -> None:
    land.law(LIMIT + charge("vat", per="line", when="unit_value > limit", amount="1"))
    found = land.quote(thing("10.00 EUR"), thing("200.00 EUR", title="chandelier"))
    assert {amount(t.tested_value): t.exceeded for t in found.thresholds} == {10: False, 200: True}
    assert len({t.line for t in found.thresholds}) == 2


# ---- currencies ----


def test_goods_in_another_currency_record_the_rate(land: Testland) -> None:
    land.law(charge("vat", base="intrinsic_value + freight", rate="10 %"))
    found = land.quote(thing("100.00 USD"), freight="10", rates={"USD/EUR": "0.90"})
    assert amounts(found) == {"vat@delivery": "9.90"}
    assert amount(found.goods_value) == 90
    (rate,) = found.rates
    assert (rate.base, rate.quote, rate.rate) == ("USD", "EUR", Decimal("0.90"))
    assert rate.source
    assert rate.date <= DAY


def test_the_currency_of_the_destination_needs_no_rate(land: Testland) -> None:
    land.law(charge("vat", amount="1"))
    assert land.quote().rates == ()


def test_a_fee_in_foreign_money_is_charged_in_the_currency_of_the_destination(
    land: Testland,
) -> None:
    land.law(LIMIT + charge("fee", "fee", amount="limit / 100"), currency="AUD")
    found = land.quote(thing("10.00 AUD"), rates={"EUR/AUD": "1.5"})
    assert amounts(found) == {"fee@delivery": "2.25"}
    assert [(rate.base, rate.quote) for rate in found.rates] == [("EUR", "AUD")]


def test_goods_in_a_currency_without_rate_say_what_to_pass(land: Testland) -> None:
    land.law(charge("vat", amount="1"))
    with pytest.raises(ExchangeRateError) as caught:
        land.quote(thing("10.00 UYU"))
    assert "UYU" in str(caught.value)


# ---- the answer as a document ----

WHOLE = (
    SCHEME
    + READING
    + charge("d", "duty", base="intrinsic_value", rate="5 %", legal_basis="Customs Act, s. 3")
    + charge("late", "fee", amount="gross_weight_kg")
    + charge("free", "excise", amount="0", zero="relieved", from_="@2020-01-01")
)


def test_explain_mentions_the_rule_and_source_of_every_charge(land: Testland) -> None:
    land.law(WHOLE)
    found = land.quote(thing("80.00 USD"), freight="3", rates={"USD/EUR": "0.90"})
    text = found.explain()
    assert len(found.charges) == 4
    for row in found.charges:
        assert row.label in text
        assert f"rule {row.rule_id}," in text
        assert row.source_url in text
    assert "Customs Act, s. 3" in text
    assert "5 % of intrinsic_value 72" in text
    assert "0 because: relieved" in text
    assert "gross_weight_kg" in text
    assert "1 USD = 0.9 EUR" in text
    assert "2020-01-01" in text
    assert found.rules_hash in text
    for reason in found.reasons:
        assert reason.message in text


def test_an_estimate_survives_json(land: Testland) -> None:
    land.law(WHOLE)
    for options in ({}, {"gross_weight_kg": "0.5"}, {"dispatch_country": "NR"}):
        found = land.quote(
            thing("80.00 USD"), thing("9.99 USD"), rates={"USD/EUR": "0.9"}, **options
        )
        assert ac.Estimate.model_validate_json(found.model_dump_json()) == found
        assert ac.Estimate.model_validate(found.model_dump()) == found


def test_without_lineage_the_amounts_are_the_same(land: Testland) -> None:
    land.law(SCHEME + VAT + charge("w", per="line", base="line_value + line_vat", rate="7 %"))
    goods = [thing("33.33 EUR"), thing("0.07 EUR", title="pin")]
    plain, traced = (land.quote(*goods, lineage=flag) for flag in (False, True))
    assert amounts(plain) == amounts(traced)
    assert plain.landed_cost == traced.landed_cost
    assert not only(plain.charges[:1]).lines
    assert only(traced.charges[1:]).lines


def test_freight_that_is_not_known_is_said(land: Testland) -> None:
    land.law(charge("vat", base="intrinsic_value + freight", rate="10 %"))
    found = land.quote(freight=None)
    assert found.outcome == "estimated"
    assert "freight_unknown" in codes(found)
    assert "freight_unknown" not in codes(land.quote(freight="0"))


def test_an_assumed_origin_is_said(land: Testland) -> None:
    land.law(charge("vat", amount="1"))
    assert "origin_assumed" in codes(land.quote(thing(origin_country=None)))


def test_a_gap_is_named_for_its_goods_only(land: Testland) -> None:
    gap = '[[gap]]\ntopic = "coffee"\nmessage = "Coffee excise is missing."\ncodes = ["0901"]\n'
    land.law(charge("vat", amount="1") + gap)
    assert "known_gap" in codes(land.quote(thing(hs_code="090121")))
    assert "known_gap" not in codes(land.quote())


def test_a_doubt_about_a_charge_is_told_where_it_counts(land: Testland) -> None:
    gap = '[[gap]]\ntopic = "fee_state"\nmessage = "May be repealed."\ncharges = ["fee"]\n'
    land.law(charge("fee", "fee", amount="2", when="transport == 'post'") + gap)
    assert "known_gap" in codes(land.quote())
    assert "known_gap" not in codes(land.quote(transport="express"))


def test_a_gap_concerns_the_parcels_it_says(land: Testland) -> None:
    gap = '[[gap]]\ntopic = "post_fee"\nmessage = "The fee was not found."\n'
    land.law(charge("vat", amount="1") + gap + "when = \"transport == 'post' and vat > 0\"\n")
    assert "known_gap" in codes(land.quote())
    assert "known_gap" not in codes(land.quote(transport="express"))


def test_a_value_that_no_source_gives_can_be_stated(land: Testland) -> None:
    unknown = """
[[parameter]]
id = "levy_rate"
unit = "%"
source_url = "https://customs.example/levy"
source_kind = "official"
confidence = "low"
"""
    land.law(unknown + charge("levy", "fee", base="intrinsic_value", rate="levy_rate"))
    refused = land.quote()
    assert refused.outcome == "refused"
    assert "given={'levy_rate': ...}" in refused.reasons[0].action
    stated = land.quote(given={"levy_rate": "0.02"})
    assert amounts(stated) == {"levy@delivery": "2.00"}
    assert "given_unused" not in codes(stated)
    with pytest.raises(UsageError, match="not a number"):
        land.quote(given={"levy_rate": "high"})


def test_a_zero_from_a_weak_source_says_so(land: Testland) -> None:
    free = charge(
        "free", group="vat", amount="0", zero="below_threshold", when="intrinsic_value <= 50"
    ).replace('"high"', '"low"')
    land.law(free + charge("vat", group="vat", amount="1"))
    assert "weak_source" in codes(land.quote(thing("40.00 EUR")))
    assert "weak_source" not in codes(land.quote(thing("60.00 EUR")))


def test_a_rule_without_source_says_so(land: Testland) -> None:
    land.law(charge("vat", amount="1", source_kind="memory", confidence="memory"))
    found = land.quote()
    assert found.outcome == "estimated"
    assert "unsourced_rule" in codes(found)


def test_two_days_are_compared_side_by_side(land: Testland) -> None:
    land.law(
        charge("old", amount="1", to="@2026-03-01") + charge("new", amount="2", from_="@2026-03-02")
    )
    declaration = ac.declare(ac.consign(ac.read(ac.sample_order()), destination="NR"), on=DAY)
    found = ac.compare(declaration, on=[dt.date(2026, 3, 1), dt.date(2026, 3, 2)])
    assert [amount(each.total_vat) for each in found] == [1, 2]
    with pytest.raises(UsageError):
        ac.compare(declaration, on=[])


# ---- what the shop took against the rules ----


def receipt(taken: str) -> ac.Estimate:
    """The estimate of the sample order when the shop took this much VAT, in its currency."""
    consignment = ac.consign(ac.read(ac.sample_order()), destination="NR")
    vat = CollectedTax(kind="vat", amount=money(taken, consignment.currency), inside_prices=False)
    declaration = ac.declare(consignment).model_copy(update={"collected": (vat,)})
    return ac.estimate(declaration, DAY, scheme="oss", rates={"USD/EUR": "0.9"})


def test_tax_taken_that_the_rules_do_not_give_is_told(land: Testland) -> None:
    land.law(SCHEME + charge("vat", amount="3", collected="scheme"))
    assert "checkout_differs" in codes(receipt("50.00"))


def test_an_unknown_charge_at_checkout_is_not_compared_as_zero(land: Testland) -> None:
    land.law(SCHEME + charge("vat", amount="3 * gross_weight_kg", collected="scheme"))
    found = receipt("50.00")
    assert amounts(found) == {"vat@checkout": None}
    assert "checkout_differs" not in codes(found)


def test_explain_says_who_states_a_rule_if_no_authority_does(land: Testland) -> None:
    land.law(
        charge("seen", "fee", amount="1")
        + charge("read", "duty", amount="2", source_kind="third_party", confidence="medium")
    )
    text = land.quote(thing("80.00 EUR")).explain()
    assert "seen, ... to today, confidence high\n" in text
    assert "read, ... to today, confidence medium, source: third party\n" in text


def test_explain_names_the_least_and_the_base_without_the_charge_itself(land: Testland) -> None:
    land.law(
        charge("duty", "duty", base="intrinsic_value", rate="10 %")
        + charge("surcharge", "duty", per="line", base="line_duty", rate="10 %")
        + charge("fee", "fee", base="intrinsic_value", rate="1 %", at_least="5")
    )
    text = land.quote(thing("100.00 EUR")).explain()
    assert "10 % of duty 10.00 EUR" in text
    assert "1 % of intrinsic_value 100.00 EUR, at least 5.00 EUR" in text
