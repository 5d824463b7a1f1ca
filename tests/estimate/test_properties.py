"""What holds for every parcel to every destination that has a table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn
from own_tables import amount

import aliexpress_customs as ac
from aliexpress_customs.declaration.declare import declare_goods
from aliexpress_customs.money import minor_unit
from aliexpress_customs.rules.check import regions
from aliexpress_customs.rules.load import destinations, law

EXCHANGE: Final = ac.Exchange.default()
DAYS: Final = (dt.date(2025, 9, 15), dt.date(2026, 6, 30), dt.date(2026, 9, 15))
CODES: Final = ("854442", "610910", "640411", "490199", "950300", "330300", "420221", "940521")
KINDS: Final = ("duty", "vat", "excise", "fee")
few: Final = settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def parcels(draw: DrawFn) -> tuple[dict[str, Any], list[ac.Goods], dict[str, Any]]:
    """What travels where, in the currency of the destination, and how it is estimated."""
    source = law(draw(st.sampled_from(destinations())))
    currency = source.destination.currency
    step = minor_unit(currency) * 10 ** draw(st.integers(0, 3))
    price = st.integers(0, 20_000)
    goods = [
        ac.Goods.model_validate(
            {
                "title": draw(st.sampled_from(("lamp", "cable", "shirt"))),
                "unit_value": f"{draw(price) * step:f} {currency}",
                "quantity": draw(st.integers(1, 5)),
                "hs_code": draw(st.sampled_from((*CODES, None))),
                "origin_country": draw(st.sampled_from(("CN", "VN", None))),
                "unit_net_weight_kg": draw(st.sampled_from(("0.1", "0.35", None))),
                "category": draw(st.sampled_from(("", "book"))),
                "duty_rate": draw(st.sampled_from(("12 %", "0 %", "3.7 %", None))),
            }
        )
        for _ in range(draw(st.integers(1, 5)))
    ]
    facts = {
        "destination": source.destination.code,
        "freight": draw(st.none() | st.integers(0, 5_000).map(lambda n: n * step)),
        "insurance": draw(st.sampled_from((None, Decimal(0), step))),
        "region": draw(st.sampled_from((None, *regions(source)))),
        "importer": draw(st.sampled_from(("consumer", "business"))),
        "purpose": draw(st.sampled_from(("sale", "gift"))),
        "gross_weight_kg": draw(st.sampled_from((None, "0.8", "35"))),
    }
    options = {
        "on": draw(st.sampled_from(DAYS)),
        "scheme": draw(st.sampled_from((None, "none"))),
        "transport": draw(st.sampled_from(("post", "express"))),
        "carrier": draw(st.sampled_from(("", *(entry.id for entry in source.carriers)))),
    }
    return facts, goods, options


def estimated(
    facts: Mapping[str, Any], goods: list[ac.Goods], options: Mapping[str, Any]
) -> ac.Estimate:
    return ac.estimate(declare_goods(goods, **facts), exchange=EXCHANGE, **options)


@few
@given(parcels())
def test_the_shares_of_the_lines_sum_to_the_charge(
    parcel: tuple[dict[str, Any], list[ac.Goods], dict[str, Any]],
) -> None:
    found = estimated(*parcel)
    entries = law(found.destination_country).charges
    by_parts = {entry.id for entry in entries if entry.round_parts}
    for charge in found.charges:
        waived = charge.amount is not None and not charge.amount.amount and charge.unrounded
        if charge.lines and charge.rule_id not in by_parts and not waived:
            assert sum(charge.lines.values()) == amount(charge.amount)


@few
@given(parcels())
def test_totals_are_sums_of_rounded_charges(
    parcel: tuple[dict[str, Any], list[ac.Goods], dict[str, Any]],
) -> None:
    found = estimated(*parcel)
    unit = minor_unit(found.currency)
    refused = {reason.path for reason in found.reasons if reason.code == "not_covered"}
    for kind in (*KINDS, "handling"):
        total = getattr(found, f"total_{kind}")
        own = [charge.amount for charge in found.charges if charge.kind == kind]
        if None in own or kind in refused:
            assert total is None
        else:
            assert total.amount == sum(amount(value) for value in own)
            assert total.amount % unit == 0
    for place in ("checkout", "delivery"):
        due = getattr(found, f"due_at_{place}")
        own = [charge.amount for charge in found.charges if charge.collected == place]
        if due is not None:
            assert due.amount == sum(amount(value) for value in own)


@few
@given(parcels())
def test_what_is_due_adds_up_to_the_landed_cost(
    parcel: tuple[dict[str, Any], list[ac.Goods], dict[str, Any]],
) -> None:
    found = estimated(*parcel)
    kinds = [getattr(found, f"total_{kind}") for kind in KINDS]
    if None in kinds:
        assert found.outcome == "refused"
        assert found.total is None
        assert found.landed_cost is None
        return
    assert amount(found.total) == sum(amount(kind) for kind in kinds)
    if found.total_handling is None:  # a carrier whose fee is not known
        assert found.outcome == "refused"
        assert found.landed_cost is None
        return
    total, handling = amount(found.total), amount(found.total_handling)
    assert amount(found.due_at_checkout) + amount(found.due_at_delivery) == total + handling
    paid = sum(amount(value) for value in (found.goods_value, found.freight, found.insurance))
    assert amount(found.landed_cost) == paid + total + handling
    assert all(amount(charge.amount) >= 0 for charge in found.charges)


@few
@given(parcels(), st.randoms(use_true_random=False))
def test_the_order_of_lines_and_items_does_not_matter(
    parcel: tuple[dict[str, Any], list[ac.Goods], dict[str, Any]], random: Any
) -> None:
    facts, goods, options = parcel
    shuffled = list(goods)
    random.shuffle(shuffled)
    one, other = estimated(facts, goods, options), estimated(facts, shuffled, options)
    assert [(c.id, c.amount, c.unrounded) for c in one.charges] == [
        (c.id, c.amount, c.unrounded) for c in other.charges
    ]
    assert one.landed_cost == other.landed_cost
    assert one.outcome == other.outcome


@few
@given(parcels())
def test_an_estimate_is_a_document_that_reads_back_the_same(
    parcel: tuple[dict[str, Any], list[ac.Goods], dict[str, Any]],
) -> None:
    found = estimated(*parcel)
    assert ac.Estimate.model_validate_json(found.model_dump_json()) == found
    assert found.explain()


@few
@given(parcels())
def test_lineage_changes_no_amount(
    parcel: tuple[dict[str, Any], list[ac.Goods], dict[str, Any]],
) -> None:
    facts, goods, options = parcel
    traced, plain = (
        estimated(facts, goods, {**options, "lineage": flag}) for flag in (True, False)
    )
    assert [(c.id, c.amount, c.zero_reason) for c in plain.charges] == [
        (c.id, c.amount, c.zero_reason) for c in traced.charges
    ]
    assert plain.landed_cost == traced.landed_cost


# ---- a dearer parcel does not cost less, except where the law itself has a step down ----

STEPS_DOWN: Final = {
    "eu.low_value_duty": "EUR 3 an item up to EUR 150; above it the tariff, which may be free",
    "ro.logistics_fee": "RON 25 a parcel up to EUR 150, nothing above",
    "za.concession_duty": "20 % up to ZAR 500; above it the tariff, which may be lower",
}
"""Rules that end at a limit of value although what comes after is cheaper."""


@pytest.mark.parametrize("code", destinations())
def test_a_higher_price_lowers_the_landed_cost_only_at_known_steps(code: str) -> None:
    head = law(code).destination
    for region in (None, *regions(law(code))[:1]) if head.regions_required else (None,):
        for duty_rate in ("0 %", "12 %"):
            for scheme in (None, "none"):
                facts = {"destination": code, "region": region}
                steps = falls(facts, duty_rate, {"on": DAYS[-1], "scheme": scheme})
                unexplained = [step for step in steps if not step[2] & STEPS_DOWN.keys()]
                assert unexplained == [], (code, region, duty_rate, scheme)


def falls(
    facts: Mapping[str, Any], duty_rate: str, options: Mapping[str, Any]
) -> list[tuple[Decimal, Decimal, set[str]]]:
    """Prices between which the landed cost falls, and the charges that are gone or smaller."""
    currency = law(str(facts["destination"])).destination.currency
    unit = minor_unit(currency)

    def at(price: Decimal) -> ac.Estimate:
        goods = ac.Goods.model_validate(
            {
                "title": "lamp",
                "unit_value": f"{price:f} {currency}",
                "hs_code": "940521",
                "origin_country": "CN",
                "unit_net_weight_kg": "0.4",
                "duty_rate": duty_rate,
            }
        )
        return estimated({**facts, "gross_weight_kg": "0.5"}, [goods], options)

    limits = {amount(t.limit_value) for t in at(unit * 1000).thresholds}
    grid = {unit * round(1.8**n) for n in range(1, 32)}
    grid |= {limit // unit * unit + unit * n for limit in limits for n in (-1, 0, 1, 2)}
    found = []
    before: ac.Estimate | None = None
    for price in sorted(price for price in grid if price >= unit):
        after = at(price)
        if after.landed_cost is None:
            before = None
            continue
        if before is not None and amount(after.landed_cost) < amount(before.landed_cost):
            new = {charge.id: charge.amount for charge in after.charges}
            gone = {
                charge.rule_id
                for charge in before.charges
                if charge.amount is not None
                and (new.get(charge.id) is None or new[charge.id] < charge.amount)
            }
            found.append((amount(before.goods_value), price, gone))
        before = after
    return found
