"""An estimate on a page: its words first, then what is printed of them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import aliexpress_customs as ac
from aliexpress_customs.declaration.declare import declare_goods
from aliexpress_customs.declaration.model import Declaration
from aliexpress_customs.errors import UsageError
from aliexpress_customs.estimate.model import Estimate
from aliexpress_customs.export import estimate_pdf, export
from aliexpress_customs.export.amounts import grouped
from aliexpress_customs.export.estimate_page import UNKNOWN, EstimatePage, estimate_page
from aliexpress_customs.rules.load import destinations, law

from .papers import after, lines, lowest, number, pages, sizes, text
from .parcels import parcel

ON = dt.date(2026, 10, 2)
few = settings(deadline=None, max_examples=8, suppress_health_check=[HealthCheck.too_slow])
more = settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])


def quoted(destination: str, *goods: str, on: dt.date = ON, **facts: Any) -> Estimate:
    """`price[;code]` of each kind of goods, in the currency of the destination."""
    currency = law(destination).destination.currency
    stated = [
        ac.Goods(
            title=f"Thing {index}",
            unit_value=f"{one.split(';')[0]} {currency}",
            hs_code=one.split(";")[1] if ";" in one else None,
            origin_country="CN",
        )
        for index, one in enumerate(goods)
    ]
    return ac.quote(stated, destination, on=on, **facts)


def page_of(*arguments: str, **facts: Any) -> EstimatePage:
    return estimate_page(quoted(*arguments, **facts))


@st.composite
def estimates(draw: st.DrawFn) -> tuple[Declaration, Estimate]:
    """Any parcel to any destination, with some facts missing."""
    destination = draw(st.sampled_from(destinations()))
    currency = law(destination).destination.currency
    goods = [
        ac.Goods.model_validate(
            {
                "title": draw(st.sampled_from(("lamp", "=1+1", "女士棉质衬衫", "чехол" * 9))),
                "unit_value": f"{draw(st.integers(0, 90_000))} {currency}",
                "quantity": draw(st.integers(1, 5)),
                "hs_code": draw(st.sampled_from(("854442", "610910", "490199", None))),
                "duty_rate": draw(st.sampled_from(("12 %", "0 %", None))),
            }
        )
        for _ in range(draw(st.integers(1, 4)))
    ]
    freight = f"{draw(st.integers(0, 900))} {currency}"
    insurance = f"{draw(st.integers(0, 9))} {currency}"
    declaration = declare_goods(
        goods, destination=destination, freight=freight, insurance=insurance
    )
    transport = draw(st.sampled_from(("post", "express")))
    return declaration, ac.estimate(declaration, ON, transport=transport)


@more
@given(estimates())
def test_the_shares_sum_to_the_landed_cost(made: tuple[Declaration, Estimate]) -> None:
    declaration, estimate = made
    page = estimate_page(estimate, declaration)
    if page.shares:
        assert estimate.landed_cost is not None
        assert sum(one.amount.amount for one in page.shares) == estimate.landed_cost.amount
        assert sum(one.percent for one in page.shares) == 100
    else:
        assert estimate.outcome == "refused" or not estimate.landed_cost.amount  # type: ignore[union-attr]


@more
@given(estimates())
def test_every_charge_and_reason_is_in_words(made: tuple[Declaration, Estimate]) -> None:
    _, estimate = made
    page = estimate_page(estimate)
    assert [one.amount for one in page.charges] == [one.amount for one in estimate.charges]
    for one in page.charges:
        if one.amount is None or not one.amount.amount:
            assert one.why, "a zero or a gap says why"
        assert one.collected.startswith(("at checkout", "at the door"))
    spoken = " ".join(page.reasons)
    assert all(reason.action in spoken for reason in estimate.reasons)


@few
@given(estimates())
def test_what_is_printed_is_what_was_estimated(made: tuple[Declaration, Estimate]) -> None:
    declaration, estimate = made
    content = estimate_pdf.write(estimate, declaration=declaration)
    assert content == estimate_pdf.write(estimate, declaration=declaration)
    for label, amount in (
        ("Landed cost", estimate.landed_cost),
        ("Paid at checkout", estimate.due_at_checkout),
        ("Still due at the door", estimate.due_at_delivery),
    ):
        printed = after(content, label)
        assert printed == UNKNOWN if amount is None else number(printed) == amount.amount
    cells, printed = lines(content), text(content)
    for charge in estimate.charges:
        assert charge.label in printed
        if charge.amount is not None:
            assert f"{grouped(charge.amount)} {estimate.currency}" in cells
    assert "…" not in printed


def test_the_page_answers_what_an_official_asks() -> None:
    estimate = quoted("FR", "20;610910", freight="5", scheme="none")
    content = estimate_pdf.write(estimate)
    printed = text(content)
    assert len(pages(content)) == 1
    assert "France (FR)" in printed
    assert "Council Regulation (EU) 2026/382, Art. 2" in printed
    assert "https://eur-lex.europa.eu/eli/reg/2026/382/oj/eng" in printed
    assert "For tax authority; Directive 2006/112/EC" in printed
    assert {"28.00 EUR", "20 %", "5.60 EUR", "at the door, by the post"} <= set(lines(content))
    assert "Low value limit up to and including 150.00 EUR" in printed
    assert f"Rules of {estimate.rules_version}, hash {estimate.rules_hash}" in printed


def test_a_courier_is_named_where_one_collects() -> None:
    page = page_of("FR", "20;610910", scheme="none", transport="express")
    assert {one.collected for one in page.charges} == {"at the door, by the courier"}


def test_everything_collected_at_checkout_leaves_nothing_for_the_door() -> None:
    estimate = quoted("BR", "100;610910")
    content = estimate_pdf.write(estimate)
    assert {one.collected for one in estimate_page(estimate).charges} == {
        "at checkout, by the shop"
    }
    assert after(content, "Still due at the door") == "0.00 BRL"
    assert estimate.due_at_checkout is not None
    assert number(after(content, "Paid at checkout")) == estimate.due_at_checkout.amount


def test_a_refused_estimate_shows_no_total_and_no_shares() -> None:
    estimate = quoted("US", "120", "20;854442")
    assert estimate.outcome == "refused"
    content = estimate_pdf.write(estimate)
    assert after(content, "Landed cost") == UNKNOWN
    assert estimate_page(estimate).shares == ()
    assert "A part of the cost is unknown: no shares." in lines(content)
    assert "is not known without a commodity code (item 1, line 1)" in text(content)


def test_a_range_is_printed_below_the_expected_amount() -> None:
    estimate = quoted("US", "900;49019900", on=dt.date(2025, 9, 15), transport="express")
    content = estimate_pdf.write(estimate)
    assert estimate.ranges["landed_cost"].low.amount == 900
    assert after(content, "Landed cost") == "967.50 USD"
    assert after(content, "967.50 USD") == "between 900.00 and 967.50 USD"
    assert "Expected value; it lies between 0.00 and 67.50 USD" in lines(content)


def test_currencies_without_cents_have_none() -> None:
    estimate = quoted("JP", "59142;610910", freight="778")
    content = estimate_pdf.write(estimate)
    assert "Goods 59 142 JPY, Freight 778 JPY" in lines(content)
    assert not any(cell.endswith(".00 JPY") for cell in lines(content))


def test_declared_goods_are_listed_if_the_declaration_is_given() -> None:
    declaration = parcel(destination_country="FR", currency="USD")
    estimate = ac.estimate(declaration, ON)
    content = estimate_pdf.write(estimate, declaration=declaration)
    assert {"USB cables", "HS 854442", "made in CN", "1 pcs", "3.20 USD"} <= set(lines(content))
    assert "USB cables" not in lines(estimate_pdf.write(estimate))


def test_a_declaration_of_another_parcel_is_refused() -> None:
    with pytest.raises(UsageError, match="not one of this declaration"):
        estimate_pdf.write(quoted("FR", "20"), declaration=parcel(destination_country="JP"))


def test_many_goods_go_on_overleaf_and_the_results_stay_in_front() -> None:
    goods = [ac.Goods(title=f"Lamp {n}", unit_value="3 EUR") for n in range(60)]
    declaration = declare_goods(goods, destination="FR")
    estimate = ac.estimate(declaration, ON)
    content = estimate_pdf.write(estimate, declaration=declaration)
    found = pages(content)
    assert len(found) > 1
    assert lowest(content) > 15
    assert {"Landed cost", "Paid at checkout", "Still due at the door"} <= set(found[0])
    assert all(f"Page {n} of {len(found)}" in page for n, page in enumerate(found, start=1))


def test_a_reason_is_told_once_with_all_its_places() -> None:
    declaration = declare_goods(
        [ac.Goods(title=title, unit_value="3 EUR") for title in ("Lamp", "Mug", "Cup")],
        destination="FR",
    )
    reasons = estimate_page(ac.estimate(declaration, ON, suggest=False)).reasons
    assumed = [one for one in reasons if "origin is assumed" in one]
    assert assumed == [
        "Items 1-3: The origin is assumed to be CN. State origin_country if it is made elsewhere."
    ]
    assert any(one.startswith("Items 1-3, line 1: ") for one in reasons)


def test_limits_and_formulas_are_in_words() -> None:
    page = page_of("BR", "100;610910")
    assert "customs value: 100.00 BRL" in {one.tested for one in page.limits}
    assert "17 % of VAT base / (1 - icms rate)" in {one.computed for one in page.charges}


def test_a_parcel_worth_nothing_has_no_shares() -> None:
    assert page_of("BR", "0;610910").shares == ()


def test_paper_is_a4_or_letter() -> None:
    estimate = quoted("FR", "20")
    assert sizes(estimate_pdf.write(estimate)) == {(210, 297)}
    assert sizes(estimate_pdf.write(estimate, paper="letter")) == {(216, 279)}


def test_only_an_estimate_is_taken() -> None:
    with pytest.raises(UsageError) as caught:
        export(parcel(), "estimate-pdf")
    assert caught.value.action == "It takes: Estimate."


def test_percentages_are_tenths() -> None:
    shares = page_of("FR", "20;610910", freight="5", scheme="none").shares
    assert [(one.label, one.percent) for one in shares] == [
        ("Goods", Decimal("59.5")),
        ("Freight", Decimal("14.9")),
        ("Duty", Decimal("8.9")),
        ("VAT", Decimal("16.7")),
    ]
