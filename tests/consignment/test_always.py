"""What must hold for every order and every way to send it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aliexpress_customs.consignment.consign import consign, split_consignments
from aliexpress_customs.consignment.model import Consignment
from aliexpress_customs.consignment.share import share_of, shares_of
from aliexpress_customs.errors import SplitError
from aliexpress_customs.invoice.model import Invoice, InvoiceLine

from .samples import collected, freight, line, order, row, values


def cents(most: int = 20_000, least: int = 0) -> st.SearchStrategy[Decimal]:
    return st.integers(least, most).map(lambda number: Decimal(number).scaleb(-2))


@st.composite
def orders(draw: st.DrawFn) -> Invoice:
    prices = draw(st.lists(cents(5000), min_size=1, max_size=5))
    lines: list[InvoiceLine] = []
    for index, price in enumerate(prices):
        units = draw(st.integers(1, 7))
        facts: dict[str, Any] = {"line_id": f"line {index}"}
        if draw(st.booleans()):
            facts["discounts"] = (str(draw(cents(300))),)
        if draw(st.integers(0, 9)) == 0:
            facts["refund"] = str(draw(cents(3000)))
        lines.append(line(str(price), units, price_basis="tax_inclusive", **facts))
    goods = sum((each.line_gross.amount for each in lines), Decimal(0))
    rows = [row("shipping", str(draw(cents(2000))))]
    rows += [row("coins", str(-draw(cents(500)))), row("store_coupon", str(-draw(cents(900))))]
    if draw(st.booleans()):
        rows.append(row("tax_added", str(draw(cents(3000)))))
    if draw(st.booleans()):
        rows.append(row("import_duty", str(draw(cents(1500)))))
    if draw(st.booleans()):
        rows.append(row("insurance", str(draw(cents(100)))))
    before = goods + sum((each.amount.amount for each in rows), Decimal(0))
    total = before + Decimal(draw(st.integers(-15, 15))).scaleb(-2)
    return order(*lines, rows=tuple(rows), total=str(max(total, Decimal(0))))


AMOUNTS = ("line_gross", "line_discount", "allocated_discount", "included_tax", "line_value")


def sums(consignments: list[Consignment]) -> dict[str, Decimal]:
    lines = [each for consignment in consignments for each in consignment.lines]
    found = {
        name: sum((getattr(each, name).amount for each in lines), Decimal(0)) for name in AMOUNTS
    }
    found["freight"] = sum((freight(each) for each in consignments), Decimal(0))
    found["collected"] = sum((collected(each) for each in consignments), Decimal(0))
    found["insurance"] = sum(
        (each.insurance.amount for each in consignments if each.insurance), Decimal(0)
    )
    return found


RATES = st.sampled_from([None, Decimal("0.19"), Decimal("0.255")])


@settings(max_examples=150, deadline=None)
@given(orders(), RATES, st.data())
def test_parcels_of_an_order_sum_to_the_order(
    whole: Invoice, rate: Decimal | None, data: st.DataObject
) -> None:
    count = data.draw(st.integers(1, 4))
    parcels: list[dict[Any, int]] = [{} for _ in range(count)]
    for each in whole.lines:
        for _ in range(each.quantity):
            parcel = parcels[data.draw(st.integers(0, count - 1))]
            parcel[str(each.line_id)] = parcel.get(str(each.line_id), 0) + 1
    parcels = [parcel for parcel in parcels if parcel]
    parts = split_consignments(whole, parcels, included_tax_rate=rate)
    assert sums(parts) == sums([consign(whole, included_tax_rate=rate)])


@settings(max_examples=150, deadline=None)
@given(orders(), RATES)
def test_no_part_of_a_line_is_negative_and_each_line_adds_up(
    whole: Invoice, rate: Decimal | None
) -> None:
    units = [{str(each.line_id): 1} for each in whole.lines for _ in range(each.quantity)]
    for parcel in split_consignments(whole, units, included_tax_rate=rate):
        for each in parcel.lines:
            parts = [getattr(each, name).amount for name in AMOUNTS]
            assert all(part >= 0 for part in parts)
            gross, discount, allocated, tax, value = parts
            more = each.line_adjustment.amount if each.line_adjustment else Decimal(0)
            back = each.line_refund.amount if each.line_refund else Decimal(0)
            assert value == gross - discount - allocated + more - back - tax


@settings(max_examples=150, deadline=None)
@given(orders(), RATES)
def test_goods_freight_insurance_and_taxes_are_the_stated_total(
    whole: Invoice, rate: Decimal | None
) -> None:
    parcel = consign(whole, included_tax_rate=rate)
    explained = not {"total_above_rows", "discount_exceeds_goods"} & {
        finding.code for finding in parcel.findings
    }
    if explained and not any(each.refund for each in whole.lines) and whole.total:
        insured = parcel.insurance.amount if parcel.insurance else Decimal(0)
        assert values(parcel) + freight(parcel) + insured + collected(parcel) == whole.total.amount


@settings(max_examples=75, deadline=None)
@given(orders(), st.randoms(use_true_random=False))
def test_the_order_of_lines_changes_no_total(whole: Invoice, random: Any) -> None:
    # a refund is capped at the value of its line, which depends on who got an odd cent
    lines = [each.model_copy(update={"refund": None}) for each in whole.lines]
    whole = whole.model_copy(update={"lines": tuple(lines)})
    random.shuffle(lines)
    turned = consign(whole.model_copy(update={"lines": tuple(lines)}))
    assert sums([turned]) == sums([consign(whole)])


@settings(max_examples=75, deadline=None)
@given(orders(), RATES)
def test_json_loses_nothing(whole: Invoice, rate: Decimal | None) -> None:
    parcel = consign(whole, included_tax_rate=rate)
    assert Consignment.model_validate_json(parcel.model_dump_json()) == parcel


@given(cents(), st.integers(1, 50), st.data())
def test_adjoining_shares_sum_to_the_whole(total: Decimal, units: int, data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, units))
    parts = share_of(total, 0, cut, units) + share_of(total, cut, units, units)
    assert parts == total


def test_an_interval_outside_the_whole_is_refused() -> None:
    with pytest.raises(SplitError):
        shares_of([Decimal(1)], 1, 4, 3)
