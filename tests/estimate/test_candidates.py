"""Goods without a commodity code: what their titles suggest, and what hangs on it."""

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import aliexpress_customs as ac
from aliexpress_customs.declaration.declare import declare_goods
from aliexpress_customs.estimate.candidates import with_candidates

DAY = dt.date(2026, 8, 1)
DRESS = "Women's Summer Dress Casual O-Neck Short Sleeve"
CASE = "Magnetic Clear Case For iPhone 15"


def quote(*titles: str, to: str, value: str = "180 USD", **options: Any) -> ac.Estimate:
    goods = [ac.Goods(title=title, unit_value=value) for title in titles]
    return ac.quote(goods, to, on=DAY, **options)


def codes(estimate: ac.Estimate) -> list[str]:
    return [reason.code for reason in estimate.reasons]


def test_an_unclassified_dress_gets_a_range_and_the_question_that_narrows_it() -> None:
    found = quote(DRESS, to="US")
    assert found.outcome == "estimated"
    span = found.ranges["landed_cost"]
    assert span.low.amount < span.high.amount
    assert found.landed_cost is not None
    assert span.low.amount <= found.landed_cost.amount <= span.high.amount
    asked = next(reason for reason in found.reasons if reason.code == "question")
    assert "synthetic fibres or of cotton?" in asked.message
    assert asked.message.endswith("USD)")


def test_every_candidate_lies_within_the_range() -> None:
    found = quote(DRESS, to="US")
    span = found.ranges["landed_cost"]
    for candidate in ac.classify(DRESS, top=3).candidates:
        stated = ac.quote(
            [ac.Goods(title=DRESS, unit_value="180 USD", hs_code=candidate.hs_code)], "US", on=DAY
        )
        own = stated.ranges.get("landed_cost")
        low, high = (own.low, own.high) if own else (stated.landed_cost, stated.landed_cost)
        assert low is not None
        assert high is not None
        assert span.low.amount <= low.amount <= high.amount <= span.high.amount


def test_the_expected_amount_is_that_of_the_likeliest_code() -> None:
    likeliest = ac.classify(CASE).candidates[0].hs_code
    stated = ac.quote([ac.Goods(title=CASE, unit_value="180 USD", hs_code=likeliest)], "DE", on=DAY)
    assert quote(CASE, to="DE").landed_cost == stated.landed_cost


def test_where_no_candidate_changes_the_result_the_answer_says_so_and_asks_nothing() -> None:
    found = quote(DRESS, to="GB", value="20 USD")
    told = next(reason for reason in found.reasons if reason.code == "hs_code_suggested")
    assert told.severity == "info"
    assert "None of the likely codes changes the result" in told.message
    assert "question" not in codes(found)
    assert not found.ranges


def test_a_stated_rate_needs_no_guess() -> None:
    goods = [ac.Goods(title=DRESS, unit_value="180 USD", duty_rate="12 %")]
    assert "hs_code_suggested" not in codes(ac.quote(goods, "DE", on=DAY))


def test_the_lineage_is_recorded_only_where_it_is_asked_for() -> None:
    traced, bare = quote(CASE, to="DE"), quote(CASE, to="DE", lineage=False)
    assert traced.landed_cost == bare.landed_cost
    assert any(charge.lines for charge in traced.charges)
    assert not any(charge.lines for charge in bare.charges)


def test_a_likely_code_without_a_known_amount_is_not_passed_over_in_silence() -> None:
    declaration = declare_goods(
        [ac.Goods(title=DRESS, unit_value="180 USD")], destination="DE", ordered_on=DAY
    )
    first = ac.estimate(declaration, DAY, suggest=False)
    likeliest = ac.classify(DRESS).candidates[0].hs_code

    def run(declared: ac.Declaration, lineage: bool) -> ac.Estimate:
        if declared.items[0].hs_code == likeliest:
            return ac.estimate(declared, DAY, lineage=lineage, suggest=False)
        return first  # refused

    found = with_candidates(declaration, first, run, lineage=True)
    told = next(reason for reason in found.reasons if reason.code == "hs_code_suggested")
    assert told.severity == "warning"
    assert "no amount is known, so it may lie outside" in told.message


def test_suggestions_can_be_turned_off() -> None:
    assert quote(DRESS, to="DE", suggest=False).outcome == "refused"


def test_a_title_that_says_nothing_is_still_refused() -> None:
    assert quote("zzqx 77", to="DE").outcome == "refused"


def test_lines_of_one_suggested_code_count_as_one_goods_item() -> None:
    one = quote("USB C Cable 2m", to="DE", value="5 USD")
    two = quote("USB C Cable 2m", "Braided USB Charging Cable", to="DE", value="5 USD")
    assert one.total_duty == two.total_duty


@pytest.mark.parametrize("destination", ["US", "DE", "GB", "JP", "CA", "AU", "NO", "BR"])
def test_ends_of_several_items_add_up_at_most(destination: str) -> None:
    found = quote(DRESS, CASE, "Men's Leather Sneakers", to=destination, value="90 USD")
    for name, span in found.ranges.items():
        amount = getattr(found, name)
        assert span.low.amount <= amount.amount <= span.high.amount
    for charge in found.charges:
        if charge.range is not None and charge.amount is not None:
            assert charge.range.low.amount <= charge.amount.amount <= charge.range.high.amount


@given(st.lists(st.sampled_from([DRESS, CASE, "Men Leather Belt", "LED Lamp", "Toy"]), max_size=4))
def test_the_order_of_lines_does_not_matter(titles: list[str]) -> None:
    titles = ["Wool Sweater", *titles]
    there, back = quote(*titles, to="DE"), quote(*reversed(titles), to="DE")
    assert (there.landed_cost, there.ranges) == (back.landed_cost, back.ranges)
