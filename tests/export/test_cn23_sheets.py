from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from aliexpress_customs.export.cn23_sheets import Row, Sheet, sheets
from aliexpress_customs.export.postal_form import FormItem
from aliexpress_customs.money import money

untimed = settings(deadline=None)
FIRST, FURTHER, SUBTOTAL = 27.0, 60.0, 4.5
HIGHEST = 18.0


def row(number: int, height: float, weight: str | None = "0.1") -> Row:
    item = FormItem(
        number=number,
        box_1_description="cups",
        box_2_quantity=1,
        box_3_net_weight_kg=None if weight is None else Decimal(weight),
        box_5_value=money(number, "USD"),
        box_7_hs_code="",
        box_8_origin_country="CN",
    )
    return Row(item, (), height)


def shared(rows: list[Row]) -> tuple[Sheet, ...]:
    return sheets(rows, first=FIRST, further=FURTHER, subtotal=SUBTOTAL)


@untimed
@given(st.lists(st.floats(2, HIGHEST), min_size=1, max_size=60))
def test_every_row_is_on_one_sheet_that_has_room_for_it_and_its_subtotals(
    heights: list[float],
) -> None:
    rows = [row(number, height) for number, height in enumerate(heights, start=1)]
    made = shared(rows)
    assert [item for sheet in made for item in sheet.rows] == rows
    for number, sheet in enumerate(made):
        subtotals = (sheet.brought is not None) + (sheet.carried is not None)
        used = sum(item.height for item in sheet.rows) + subtotals * SUBTOTAL
        assert sheet.rows
        assert used <= (FURTHER if number else FIRST) + 1e-9


@untimed
@given(st.lists(st.floats(2, HIGHEST), min_size=1, max_size=60))
def test_what_is_carried_is_the_sum_so_far_and_is_brought_to_the_next(
    heights: list[float],
) -> None:
    made = shared([row(number, height) for number, height in enumerate(heights, start=1)])
    assert made[0].brought is None
    assert made[-1].carried is None
    worth, weight = Decimal(0), Decimal(0)
    for sheet, following in pairwise(made):
        worth += sum(item.item.box_5_value.amount for item in sheet.rows)
        weight += Decimal("0.1") * len(sheet.rows)
        assert sheet.carried is not None
        assert sheet.carried.value == money(worth, "USD")
        assert sheet.carried.net_weight_kg == weight
        assert following.brought == sheet.carried


def test_goods_that_just_fit_the_form_need_no_second_sheet() -> None:
    assert len(shared([row(1, FIRST / 2), row(2, FIRST / 2)])) == 1
    assert len(shared([row(1, FIRST / 2), row(2, FIRST / 2 + 0.1)])) == 2
