"""Goods items as customs counts them, and what a sender must know before sending."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aliexpress_customs.consignment.model import Consignment, ConsignmentLine
from aliexpress_customs.declaration.checks import check
from aliexpress_customs.declaration.declare import declare, declare_goods
from aliexpress_customs.declaration.model import Declaration, Goods
from aliexpress_customs.errors import DeclarationError, UsageError
from aliexpress_customs.money import money


def line(title: str, value: str = "10.00", quantity: int = 1, **facts: Any) -> ConsignmentLine:
    nothing = money("0.00", "EUR")
    return ConsignmentLine(
        title=title,
        quantity=quantity,
        line_gross=money(value, "EUR"),
        line_discount=nothing,
        allocated_discount=nothing,
        included_tax=nothing,
        line_value=money(value, "EUR"),
        **facts,
    )


def parcel(*lines: ConsignmentLine, **facts: Any) -> Consignment:
    return Consignment(destination_country="FR", currency="EUR", lines=lines, **facts)


def codes(declaration: Declaration) -> set[str]:
    return {finding.code for finding in declaration.findings}


def test_shirts_of_one_code_and_origin_are_one_goods_item() -> None:
    declaration = declare(
        parcel(line("Red shirt"), line("Lamp"), line("Blue shirt", quantity=2)),
        hs_codes={"Red shirt": "6109.10", "blue SHIRT": "610910", "Lamp": "940520"},
    )
    assert [(item.hs_code, item.quantity) for item in declaration.items] == [
        ("610910", 3),
        ("940520", 1),
    ]
    assert declaration.items[0].description == "Red shirt"
    assert declaration.intrinsic_value.amount == 30


def test_another_origin_or_description_is_another_item() -> None:
    lines = parcel(line("A", line_id="1"), line("B", line_id="2"), line("C", line_id="3"))
    same = dict.fromkeys("123", "610910")
    assert len(declare(lines, hs_codes=same).items) == 1
    assert len(declare(lines, hs_codes=same, origins={"2": "VN"}).items) == 2
    texts = {"1": "Men's shirt", "2": "men's  SHIRT", "3": "Women's shirt"}
    assert len(declare(lines, hs_codes=same, descriptions=texts).items) == 2


def test_a_stated_description_joins_the_lines_that_come_to_the_same_words() -> None:
    lines = parcel(line("Shirt", line_id="1"), line("Tee", line_id="2"))
    declaration = declare(
        lines, hs_codes=dict.fromkeys("12", "610910"), descriptions={"2": "shirt"}
    )
    assert len(declaration.items) == 1


def test_without_a_code_only_equal_titles_share_an_item() -> None:
    declaration = declare(parcel(line("Mug, blue"), line("mug blue"), line("Cup")))
    assert [item.quantity for item in declaration.items] == [2, 1]
    assert {"hs_code_unknown", "origin_assumed", "weight_unknown"} <= codes(declaration)
    assert sum(f.code == "origin_assumed" for f in declaration.findings) == 1


def test_the_callers_code_wins_over_the_files_hint() -> None:
    one = parcel(line("Board", hs_code_hint="8529909790", product_id="9"))
    hinted = declare(one).items[0]
    assert (hinted.hs_code, hinted.hs_code_source) == ("852990", "file")
    assert "hs_code_from_file" in codes(declare(one))
    given = declare(one, hs_codes={"9": "8534.00.90"}).items[0]
    assert (given.hs_code, given.hs_code_source) == ("85340090", "caller")


def test_the_narrowest_key_wins_and_unused_keys_are_reported() -> None:
    one = parcel(line("Board", line_id="l", sku_id="s", product_id="p"))
    table = {"p": "111111", "s": "222222", "l": "333333", "Board": "444444"}
    declaration = declare(one, hs_codes=table)
    assert declaration.items[0].hs_code == "333333"
    assert "unused_key" in codes(declaration)


def test_a_description_is_taken_from_the_code_if_texts_are_at_hand() -> None:
    one = parcel(line("✨ 2026 Super Sale Mug"))
    texts = {"691200": "Ceramic tableware"}
    declared = declare(one, hs_codes={"✨ 2026 super sale mug": "69120000"}, describe=texts.get)
    assert declared.items[0].description == "Ceramic tableware"
    assert declare(one, describe=texts.get).items[0].description == "2026 Super Sale Mug"


def test_unit_values_that_do_not_divide_keep_six_decimals() -> None:
    [item] = declare(parcel(line("Mug", "10.00", 3))).items
    assert item.lines[0].unit_value == money("3.333333", "EUR")
    [item] = declare(parcel(line("Mug", "10.00", 8))).items
    assert item.lines[0].unit_value == money("1.25", "EUR")


def test_net_weight_above_gross_weight_is_an_error() -> None:
    one = parcel(line("Mug", quantity=3), gross_weight_kg=Decimal("0.5"))
    [finding] = [
        f for f in declare(one, weights={"Mug": "0.2"}).findings if f.code == "net_above_gross"
    ]
    assert finding.severity == "error"
    assert "net_above_gross" not in codes(declare(one, weights={"Mug": "0.1"}))


@pytest.mark.parametrize("pieces", [3, 6, 7, 13, 17])
def test_a_weight_shared_by_pieces_is_the_whole_again(pieces: int) -> None:
    each = Decimal(30) / pieces
    salt = Goods(
        title="salt", unit_value=money("1", "EUR"), quantity=pieces, unit_net_weight_kg=each
    )
    assert declare_goods([salt], destination="GE").net_weight_kg == 30


def test_gifts_vague_words_and_absurd_quantities_are_reported() -> None:
    declaration = declare(parcel(line("Gift", "0.00"), line("Pin", "1.00", 5000)))
    assert {"zero_value", "description_vague", "quantity_absurd", "unit_value_tiny"} <= codes(
        declaration
    )


def test_papers_and_purpose_are_carried_over() -> None:
    one = parcel(line("Mug"), purpose="gift", tracking_number="RB1", ordered_on=dt.date(2026, 7, 1))
    declaration = declare(one, ioss_number="IM0", incoterm="DDP")
    assert (declaration.contents_type, declaration.tracking_number) == ("gift", "RB1")
    assert (declaration.ioss_number, declaration.ordered_on) == ("IM0", dt.date(2026, 7, 1))


@pytest.mark.parametrize(
    ("bad", "kind"),
    [
        ({"hs_codes": {"Mug": "12"}}, DeclarationError),
        ({"origins": {"Mug": "China"}}, UsageError),
        ({"weights": {"Mug": "-1"}}, UsageError),
        ({"weights": {"Mug": 0.5}}, UsageError),
        ({"descriptions": {"Mug": " "}}, UsageError),
        ({"default_origin": ""}, UsageError),
    ],
)
def test_malformed_tables_say_which_entry(bad: dict[str, Any], kind: type[Exception]) -> None:
    with pytest.raises(kind) as caught:
        declare(parcel(line("Mug")), **bad)
    assert next(iter(bad)) in str(caught.value)


def test_only_a_consignment_is_declared() -> None:
    with pytest.raises(UsageError, match="declare_goods"):
        declare([Goods(unit_value=money("1", "EUR"))])  # type: ignore[arg-type]


def test_goods_stated_by_hand_are_declared_for_a_quote() -> None:
    declaration = declare_goods(
        [
            Goods(description="toy", hs_code="950300", unit_value="20.00 EUR", quantity=2),
            Goods(description="Toy", hs_code="950300", unit_value="5.00 EUR"),
            Goods(title="USB cable", unit_value="3.20 EUR", unit_net_weight_kg=Decimal("0.05")),
        ],
        destination="ca",
        region="QC",
        freight="10.00",
        insurance=None,
    )
    assert [item.quantity for item in declaration.items] == [3, 1]
    assert declaration.intrinsic_value == money("48.20", "EUR")
    assert declaration.freight == money("10.00", "EUR")
    assert declaration.insurance is None
    assert (declaration.destination_country, declaration.destination_region) == ("CA", "CA-QC")


def test_goods_in_two_currencies_or_none_or_below_zero_are_refused() -> None:
    euro, dollar = Goods(unit_value=money("1", "EUR")), Goods(unit_value=money("1", "USD"))
    debt = Goods(unit_value=money("-1", "EUR"))
    for goods, code in (
        ([euro, dollar], "mixed_currencies"),
        ([], "no_goods"),
        ([debt], "negative_price"),
    ):
        with pytest.raises(DeclarationError) as caught:
            declare_goods(goods, destination="FR")
        assert caught.value.code == code


LINES = st.lists(
    st.builds(
        lambda title, cents, quantity, hint: line(
            title, str(Decimal(cents).scaleb(-2)), quantity, hs_code_hint=hint
        ),
        st.sampled_from(["Mug", "Lamp ✨", "gift", "Wool hat"]),
        st.integers(0, 50_000),
        st.integers(1, 12),
        st.sampled_from([None, "8529909790", "691200"]),
    ),
    min_size=1,
    max_size=6,
)


@given(LINES, st.randoms(use_true_random=False))
def test_items_hold_every_line_once_and_json_loses_nothing(
    lines: list[ConsignmentLine], random: Any
) -> None:
    declaration = declare(parcel(*lines))
    assert Declaration.model_validate_json(declaration.model_dump_json()) == declaration
    assert len(declaration.lines) == len(lines)
    assert declaration.intrinsic_value.amount == sum(each.line_value.amount for each in lines)
    assert [item.number for item in declaration.items] == list(range(1, len(declaration.items) + 1))
    assert set(check(declaration)) <= set(declaration.findings)
    random.shuffle(lines)
    turned = declare(parcel(*lines))
    assert turned.intrinsic_value == declaration.intrinsic_value
    assert len(turned.items) == len(declaration.items)
