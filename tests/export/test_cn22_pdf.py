from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings

from aliexpress_customs.declaration.model import Declaration
from aliexpress_customs.errors import ExportError
from aliexpress_customs.export import cn22_pdf
from aliexpress_customs.export.pdf_page import Box
from aliexpress_customs.export.postal_form import PostalForm, fill_form
from aliexpress_customs.export.postal_print import Printed, amount_text, weight_text
from aliexpress_customs.money import money
from strategies import declarations

from .paper import FONTS, Words, holds, letters, overlaps, pages, text_in
from .parcels import item, line, parcel

some = settings(deadline=None, max_examples=12, suppress_health_check=[HealthCheck.too_slow])
BLOCKS = [
    cn22_pdf.TITLE_BAR,
    cn22_pdf.CATEGORY,
    cn22_pdf.EXPLANATION.box,
    cn22_pdf.HEADER,
    cn22_pdf.ROWS,
    cn22_pdf.TOTAL_WEIGHT.box,
    cn22_pdf.TOTAL_VALUE.box,
    cn22_pdf.STATEMENT_BOX,
    cn22_pdf.SIGNATURE.box,
]


def columns(words: list[Words]) -> dict[str, str]:
    rows = cn22_pdf.ROWS
    return {
        column.name: text_in(words, Box(column.x, rows.y, column.width, rows.height))
        for column in cn22_pdf.COLUMNS
    }


def meant(form: PostalForm) -> dict[str, str]:
    texts = {
        "box_1_description": [f"{i.box_2_quantity} x {i.box_1_description}" for i in form.items],
        "box_3_net_weight_kg": [weight_text(i.box_3_net_weight_kg) for i in form.items],
        "box_5_value": [amount_text(i.box_5_value) for i in form.items],
        "box_7_hs_code": [i.box_7_hs_code for i in form.items],
        "box_8_origin_country": [i.box_8_origin_country for i in form.items],
    }
    return {name: letters("".join(map(FONTS.printable, found))) for name, found in texts.items()}


def refused(declaration: Declaration, **options: str) -> ExportError:
    with pytest.raises(ExportError) as caught:
        cn22_pdf.write(declaration, **options)
    assert "cn23-pdf" in caught.value.action
    return caught.value


@contextmanager
def if_there_is_room() -> Iterator[None]:
    """Only that the label is full is no failure."""
    try:
        yield
    except ExportError as error:
        if error.code != "needs_cn23":
            raise


@some
@given(declarations())
def test_a_label_says_what_the_form_says_or_asks_for_a_cn23(declaration: Declaration) -> None:
    form = fill_form(declaration)
    printed: Printed | None = None
    with if_there_is_room():
        printed = cn22_pdf.print_form(form)
    if printed is None:
        return
    (words,) = pages(printed.content)
    assert columns(words) == meant(form)
    value = text_in(words, cn22_pdf.TOTAL_VALUE.box, *cn22_pdf.TOTAL_VALUE.label[:2])
    assert value == letters(amount_text(form.box_6_total_value))
    lost = [w.text for w in words if not any(holds(box, w.box) for box in BLOCKS)]
    assert lost == []
    assert overlaps(words) == []
    assert cn22_pdf.print_form(form).content == printed.content


def test_the_label_is_74_by_105_millimetres_and_fully_used() -> None:
    assert cn22_pdf.SIZE == (74, 105)
    label = Box(2, 2, 70, 101)
    assert all(holds(label, box) for box in BLOCKS)
    assert sum(box.width * box.height for box in BLOCKS) == pytest.approx(70 * 101)


def test_date_and_signature_are_left_to_the_sender() -> None:
    (words,) = pages(cn22_pdf.write(parcel()))
    signature = cn22_pdf.SIGNATURE
    assert text_in(words, signature.box, *signature.label[:2]) == ""


@pytest.mark.parametrize(("value", "goes"), [("407.99", True), ("408.00", True), ("408.01", False)])
def test_300_sdr_are_the_limit_if_the_rate_is_known(value: str, goes: bool) -> None:
    declaration = parcel(item(1, line(value)))
    assert cn22_pdf.write(declaration).startswith(b"%PDF")
    if goes:
        assert cn22_pdf.write(declaration, sdr_rate="1.36").startswith(b"%PDF")
    else:
        assert refused(declaration, sdr_rate="1.36").code == "needs_cn23"


@pytest.mark.parametrize("weight", ["2.0001", "2.5"])
def test_above_two_kilograms_it_is_refused_with_or_without_a_rate(weight: str) -> None:
    heavy = parcel(gross_weight_kg=Decimal(weight))
    assert "kg" in refused(heavy).message
    assert "kg" in refused(heavy, sdr_rate="1.36").message


def test_two_kilograms_still_go() -> None:
    (words,) = pages(cn22_pdf.write(parcel(gross_weight_kg=Decimal(2))))
    weight = cn22_pdf.TOTAL_WEIGHT
    assert text_in(words, weight.box, *weight.label[:2]) == "2.000"


def test_more_goods_than_the_label_holds_need_a_cn23() -> None:
    goods = [item(number, line("1")) for number in range(1, 41)]
    error = refused(parcel(*goods))
    assert (error.code, error.path) == ("needs_cn23", "items")
    (words,) = pages(cn22_pdf.write(parcel(*goods[:9])))
    assert columns(words)["box_8_origin_country"] == "CN" * 9


@pytest.mark.parametrize("option", ["comments", "licence_numbers", "certificate_numbers"])
def test_what_a_label_has_no_box_for_is_not_dropped_in_silence(option: str) -> None:
    assert refused(parcel(), **{option: "L 1"}).code == "needs_cn23"


def test_a_description_without_a_printable_sign_is_refused() -> None:
    with pytest.raises(ExportError) as caught:
        cn22_pdf.write(parcel(item(1, line("1"), description="👗")))
    assert caught.value.code == "no_description"


def test_yen_have_no_decimals() -> None:
    yen = parcel(item(1, line("1200", "JPY")), currency="JPY", freight=money("300", "JPY"))
    (words,) = pages(cn22_pdf.write(yen))
    assert columns(words)["box_5_value"] == "JPY1200"
