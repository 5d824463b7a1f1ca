"""The arithmetic of charges, each on a table of three lines that shows nothing else."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest
from own_tables import Testland, amount, amounts, charge, codes, only, thing

import aliexpress_customs as ac
from aliexpress_customs.declaration.declare import declare_goods


@pytest.fixture
def land(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Testland:
    return Testland(tmp_path, monkeypatch)


CABLE = thing("10.00 EUR", title="cable", hs_code="854442")
SHIRT = thing("30.00 EUR", title="shirt", hs_code="610910")

# ---- what is counted ----


def test_a_charge_per_consignment_counts_once(land: Testland) -> None:
    land.law(charge("toll", "fee", amount="5"))
    found = land.quote(CABLE, SHIRT)
    assert amounts(found) == {"toll@delivery": "5.00"}
    assert only(found.charges).count == 1


def test_items_may_be_told_apart_by_their_code_alone(land: Testland) -> None:
    both = [thing(description="desk lamp"), thing(description="lantern")]
    for by, count in (("goods", 2), ("code", 1)):
        land.law(charge("fee", "fee", per="goods_item", item_digits=6, item_by=by, amount="2"))
        assert amount(land.quote(*both).total_fee) == 2 * count


def test_five_identical_shirts_are_one_item_one_line_and_five_pieces(land: Testland) -> None:
    counted = ("goods_item", "line", "piece")
    land.law("".join(charge(per, "fee", per=per, amount="3") for per in counted))
    found = land.quote(thing("8.00 EUR", quantity=5))
    assert [(c.rule_id, c.count, str(c.unrounded)) for c in found.charges] == [
        ("goods_item", 1, "3"),
        ("line", 1, "3"),
        ("piece", 5, "15"),
    ]


def test_same_goods_at_two_prices_are_two_lines_but_one_item(land: Testland) -> None:
    item = charge("item", "fee", per="goods_item", amount="3")
    land.law(item + charge("line", "fee", per="line", amount="3"))
    found = land.quote(thing("8.00 EUR"), thing("9.00 EUR"))
    assert amounts(found) == {"item@delivery": "3.00", "line@delivery": "6.00"}


@pytest.mark.parametrize(("merge", "duty"), [(True, "3.00"), (False, "6.00")])
def test_goods_declared_on_two_lines_are_charged_twice(merge: bool, duty: str) -> None:
    mug = thing("9.00 EUR", title="mug", hs_code="691200")
    declared = declare_goods([mug, mug], destination="AT", merge=merge)
    found = ac.estimate(declared, on=dt.date(2026, 9, 15), transport="post")
    assert amount(found.total_duty) == Decimal(duty)


def test_an_item_reads_the_sum_of_its_lines(land: Testland) -> None:
    land.law(charge("item", per="goods_item", base="item_value + item_freight", rate="10 %"))
    found = land.quote(thing("8.00 EUR"), thing("9.00 EUR"), CABLE, freight="2.70")
    assert only(found.charges).base is not None
    assert amounts(found) == {"item@delivery": "2.97"}
    assert only(found.charges).count == 2


@pytest.mark.parametrize(
    ("digits", "items"), [("", 3), ("item_digits = 8", 2), ("item_digits = 6", 1)]
)
def test_codes_are_merged_to_the_digits_that_make_items_distinct(
    land: Testland, digits: str, items: int
) -> None:
    land.law(charge("item", "fee", per="goods_item", amount="3") + digits)
    goods = [
        thing(description="cable", hs_code=code)
        for code in ("8544421000", "8544421099", "8544429000")
    ]
    assert only(land.quote(*goods).charges).count == items


def test_other_goods_of_the_same_code_are_items_of_their_own(land: Testland) -> None:
    land.law(charge("item", "fee", per="goods_item", item_digits=6, amount="3"))
    goods = [
        thing(description="USB cable"),
        thing(description="HDMI cable"),
        thing(description="usb  CABLE"),
        thing(description="USB cable", origin_country="VN"),
    ]
    assert only(land.quote(*goods).charges).count == 3


def test_lines_of_one_rate_are_taxed_and_rounded_together(land: Testland) -> None:
    rates = "5 % if hs('49') else 20 %"
    land.law(charge("tax", per="rate", base="line_value", rate=rates, round_parts="half_up 0.01"))
    goods = [thing("0.11 EUR"), thing("0.11 EUR", title="vase"), thing("0.11 EUR", hs_code="4901")]
    found = land.quote(*goods)
    assert only(found.charges).count == 2
    assert amounts(found) == {"tax@delivery": "0.05"}  # 0.044 -> 0.04, 0.0055 -> 0.01
    assert only(found.charges).rate is None


def test_one_rate_for_the_whole_base_is_stated(land: Testland) -> None:
    land.law(charge("tax", per="line", base="line_value", rate="20 %"))
    row = only(land.quote(CABLE, SHIRT).charges)
    assert row.rate == Decimal("0.20")
    assert str(row.base) == str(thing("40.00 EUR").unit_value)


def test_a_piece_is_charged_by_its_own_price(land: Testland) -> None:
    land.law(charge("tax", "excise", per="piece", amount="min(unit_value, 10)"))
    assert amounts(land.quote(thing("4.00 EUR", quantity=3), thing("25.00 EUR", quantity=2))) == {
        "tax@delivery": "32.00"
    }


# ---- alternatives ----


def test_the_first_charge_of_a_group_that_fits_takes_the_line(land: Testland) -> None:
    land.law(
        charge("books", "duty", group="d", per="line", when="hs('49')", amount="0", zero="relieved")
        + charge("cables", "duty", group="d", per="line", when="hs('85')", amount="1")
        + charge("rest", "duty", group="d", per="line", amount="line_value * 10 %")
    )
    book = thing("20.00 EUR", title="book", hs_code="490199")
    found = land.quote(CABLE, SHIRT, book)
    assert amounts(found) == {
        "books@delivery": "0.00",
        "cables@delivery": "1.00",
        "rest@delivery": "3.00",
    }
    paths = [set(row.lines) for row in found.charges]
    assert paths[0] | paths[1] | paths[2] == {f"items[{n}].lines[0]" for n in range(3)}
    assert not paths[0] & paths[1]
    assert not paths[1] & paths[2]


def test_a_charge_on_the_consignment_takes_every_line_that_is_left(land: Testland) -> None:
    land.law(
        charge("flat", group="v", when="intrinsic_value <= 50", amount="4")
        + charge("tax", group="v", per="line", amount="line_value * 10 %")
    )
    assert amounts(land.quote(CABLE)) == {"flat@delivery": "4.00"}
    assert amounts(land.quote(CABLE, thing("50.00 EUR"))) == {"tax@delivery": "6.00"}


def test_charges_without_a_group_add_up(land: Testland) -> None:
    land.law(charge("one", amount="1") + charge("two", amount="2"))
    assert amounts(land.quote()) == {"one@delivery": "1.00", "two@delivery": "2.00"}


# ---- later charges read earlier ones ----


def test_vat_is_charged_on_duty_and_on_each_line_by_its_own_share(land: Testland) -> None:
    land.law(
        charge("d", "duty", per="line", when="hs('85')", base="line_value", rate="50 %")
        + charge("v", per="line", when="hs('85')", base="line_value + line_duty", rate="20 %")
        + charge("w", base="intrinsic_value + d", rate="20 %")
    )
    assert amounts(land.quote(CABLE, SHIRT)) == {
        "d@delivery": "5.00",
        "v@delivery": "3.00",
        "w@delivery": "9.00",
    }


def test_a_duty_on_the_consignment_reaches_the_lines_in_proportion_to_value(
    land: Testland,
) -> None:
    land.law(
        charge("d", "duty", amount="4")
        + charge("v", per="line", when="hs('61')", amount="line_duty")
    )
    assert amounts(land.quote(CABLE, SHIRT))["v@delivery"] == "3.00"


def test_freight_is_split_over_lines_by_value_and_sums_to_the_whole(land: Testland) -> None:
    land.law(charge("f", "fee", per="line", amount="line_freight"))
    goods = [thing("1.00 EUR", title=str(n)) for n in range(3)]
    found = land.quote(*goods, freight="1.00")
    assert amounts(found) == {"f@delivery": "1.00"}
    assert sum(only(found.charges).lines.values()) == 1


def test_freight_on_free_goods_is_split_by_pieces(land: Testland) -> None:
    land.law(charge("f", "fee", per="line", when="quantity > 1", amount="line_freight"))
    goods = [thing("0.00 EUR", title="gift", quantity=3), thing("0.00 EUR", title="sample")]
    assert amounts(land.quote(*goods, freight="4.00")) == {"f@delivery": "3.00"}


# ---- limits and rounding ----


@pytest.mark.parametrize(
    ("value", "amount"), [("10.00", "5.00"), ("100.00", "10.00"), ("900.00", "25.00")]
)
def test_at_least_and_at_most_bound_an_amount(land: Testland, value: str, amount: str) -> None:
    land.law(charge("f", "fee", base="intrinsic_value", rate="10 %", at_least="5", at_most="25"))
    assert amounts(land.quote(thing(f"{value} EUR"))) == {"f@delivery": amount}


def test_bounds_hold_for_each_part(land: Testland) -> None:
    land.law(charge("f", "fee", per="line", base="line_value", rate="10 %", at_least="2"))
    assert amounts(land.quote(CABLE, SHIRT)) == {"f@delivery": "5.00"}


@pytest.mark.parametrize(
    ("rule", "value", "amount"),
    [
        (None, "0.125", "0.13"),
        (None, "0.115", "0.12"),
        ("half_up", "0.125", "0.13"),
        ("half_even", "0.125", "0.12"),
        ("half_even", "0.135", "0.14"),
        ("up", "0.121", "0.13"),
        ("up", "0.12", "0.12"),
        ("down", "0.129", "0.12"),
        ("down 100", "1999.99", "1900"),
        ("up 1", "17.01", "18"),
        ("half_up 0.05", "1.025", "1.05"),
        ("half_up 0.5", "1.24", "1.0"),
        ("none", "0.12345", "0.12345"),
    ],
)
def test_rounding_by_mode_and_step(
    land: Testland, rule: str | None, value: str, amount: str
) -> None:
    land.law(charge("t", amount=value, **({"round": rule} if rule else {})))
    found = land.quote()
    row = only(found.charges)
    assert row.amount is not None
    assert row.amount.amount == Decimal(amount)
    assert row.unrounded == Decimal(value)


@pytest.mark.parametrize(
    ("currency", "amount"), [("EUR", "33.33"), ("JPY", "33"), ("KWD", "33.333")]
)
def test_the_default_is_the_minor_unit_of_the_currency(
    land: Testland, currency: str, amount: str
) -> None:
    land.law(charge("t", base="intrinsic_value", rate="1 / 3"), currency=currency)
    assert amounts(land.quote(thing(f"100 {currency}"))) == {"t@delivery": amount}


@pytest.mark.parametrize(
    ("total_of", "amount"), [("parts", "2"), ("unrounded", "3")], ids=["parts", "unrounded"]
)
def test_the_total_of_rounded_parts_or_of_unrounded_ones(
    land: Testland, total_of: str, amount: str
) -> None:
    rules = {"round_parts": "down 1", "total_of": total_of, "round": "down 1"}
    land.law(charge("t", per="line", base="line_value", rate="10 %", **rules))
    goods = [thing("15.00 EUR"), thing("16.00 EUR")]
    assert amounts(land.quote(*goods)) == {"t@delivery": amount}


def test_a_later_charge_reads_the_rounded_parts(land: Testland) -> None:
    land.law(
        charge("a", per="line", base="line_value", rate="10 %", round_parts="down 1")
        + charge("b", per="line", when="hs('61')", amount="a")
    )
    goods = [thing("19.00 EUR"), thing("39.00 EUR", hs_code="610910")]
    assert amounts(land.quote(*goods))["b@delivery"] == "3.00"


def test_totals_are_sums_of_rounded_charges(land: Testland) -> None:
    land.law("".join(charge(f"t{n}", amount="0.005") for n in range(3)))
    found = land.quote()
    assert found.total_vat is not None
    assert found.total_vat.amount == Decimal("0.03")


# ---- why an amount is zero ----


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        (charge("t", amount="0", zero="below_threshold"), "below_threshold"),
        (charge("t", base="intrinsic_value", rate="0 %"), "zero_rate"),
        (charge("t", amount="0.004"), "rounds_to_zero"),
        (charge("t", "duty", amount="freight"), "free"),
        (charge("t", amount="freight"), "nothing_to_charge"),
    ],
)
def test_every_zero_says_why(land: Testland, rule: str, why: str) -> None:
    land.law(rule)
    row = only(land.quote().charges)
    assert row.amount is not None
    assert row.amount.amount == 0
    assert row.zero_reason == why


def test_an_amount_above_zero_gives_no_reason(land: Testland) -> None:
    land.law(charge("t", amount="1"))
    assert not only(land.quote().charges).zero_reason


# ---- what is not known ----


def test_a_missing_weight_refuses_and_names_it(land: Testland) -> None:
    land.law(charge("t", amount="gross_weight_kg * 4") + charge("ok", "fee", amount="1"))
    found = land.quote()
    assert found.outcome == "refused"
    assert found.total_vat is None
    assert found.total is None
    assert found.landed_cost is None
    assert found.total_fee is not None
    assert found.total_fee.amount == 1
    grave = [reason for reason in found.reasons if reason.severity == "error"]
    assert [(reason.code, reason.path) for reason in grave] == [("missing_fact", "t")]
    assert "gross_weight_kg" in grave[0].action
    assert amounts(land.quote(gross_weight_kg="0.5"))["t@delivery"] == "2.00"


def test_what_depends_on_a_refused_charge_is_refused_too(land: Testland) -> None:
    land.law(
        charge("d", "duty", amount="gross_weight_kg")
        + charge("v", base="intrinsic_value + duty", rate="10 %")
    )
    found = land.quote()
    assert amounts(found) == {"d@delivery": None, "v@delivery": None}
    assert {"missing_fact", "depends_on_refused"} <= codes(found)


def test_a_duty_that_is_nowhere_to_be_found_is_not_zero(land: Testland) -> None:
    land.law(charge("d", "duty", per="line", amount="tariff('third_country', line_value)"))
    found = land.quote()
    assert found.outcome == "refused"
    assert found.total_duty is None
    assert "duty_rate" in found.reasons[0].action
    stated = land.quote(thing(duty_rate="12 %"))
    assert amounts(stated) == {"d@delivery": "12.00"}
    assert stated.outcome == "complete"


@pytest.mark.parametrize(
    ("rate", "amount"),
    [
        ("free", "0.00"),
        ("2.5 %", "2.50"),
        ("1.20 EUR/kg", "0.60"),
        ("3 EUR/piece", "6.00"),
        ("12 EUR/100 kg", "0.06"),
        ("8 % MIN 10 EUR/piece", "20.00"),
        ("8 % MAX 1 EUR/piece", "2.00"),
        ("8 % + 1 EUR/piece", "10.00"),
    ],
)
def test_duty_expressions_are_applied_to_the_line(land: Testland, rate: str, amount: str) -> None:
    land.law(charge("d", "duty", per="line", amount="tariff('third_country', line_value)"))
    goods = thing("50.00 EUR", quantity=2, unit_net_weight_kg="0.25", duty_rate=rate)
    found = land.quote(goods)
    assert only(found.charges).amount is not None
    assert Decimal(amounts(found)["d@delivery"] or "-1") == Decimal(amount)


def test_a_specific_duty_without_the_quantity_refuses(land: Testland) -> None:
    land.law(charge("d", "duty", per="line", amount="tariff('third_country', line_value)"))
    for unit in ("kg", "litre"):
        found = land.quote(thing(duty_rate=f"2 EUR/{unit}"))
        assert found.outcome == "refused"
        assert f"needs the quantity in {unit}" in found.reasons[0].message


def test_a_kind_that_is_levied_but_not_in_the_table_is_refused(land: Testland) -> None:
    land.law(charge("v", when="intrinsic_value > 500", amount="1"), head='levies = ["vat"]')
    found = land.quote()
    assert found.outcome == "refused"
    assert found.total_vat is None
    assert found.landed_cost is None
    assert found.total_duty is not None
    assert [(r.code, r.path) for r in found.reasons if r.severity == "error"] == [
        ("not_covered", "vat")
    ]
    assert land.quote(thing("501.00 EUR")).outcome == "complete"


# ---- waivers ----

WAIVER = """
[[waiver]]
id = "small"
when = "due_at_delivery < 5"
waives = ["vat"]
label = "Below 5 nothing is collected"
legal_basis = "Small Sums Act"
source_url = "https://customs.example/small"
"""


def test_a_waived_charge_is_shown_as_zero_with_its_reason(land: Testland) -> None:
    land.law(charge("v", base="intrinsic_value", rate="10 %") + WAIVER)
    row = only(land.quote(thing("49.90 EUR")).charges)
    assert row.amount is not None
    assert row.amount.amount == 0
    assert row.unrounded == Decimal("4.99")
    assert row.zero_reason == "waived"
    assert row.legal_basis == "Small Sums Act"
    assert row.source_url == "https://customs.example/small"
    assert amounts(land.quote(thing("50.00 EUR"))) == {"v@delivery": "5.00"}


def test_a_waiver_touches_only_the_kinds_it_names(land: Testland) -> None:
    land.law(charge("v", amount="1") + charge("f", "fee", amount="1") + WAIVER)
    found = land.quote()
    assert [amounts(found)[key] for key in ("v@delivery", "f@delivery")] == ["0", "1.00"]
    assert found.due_at_delivery is not None
    assert found.due_at_delivery.amount == 1
