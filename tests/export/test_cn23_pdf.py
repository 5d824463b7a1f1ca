from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from aliexpress_customs.declaration.model import Declaration, GoodsItem
from aliexpress_customs.errors import ExportError
from aliexpress_customs.export import cn23_layout as layout
from aliexpress_customs.export import cn23_pdf
from aliexpress_customs.export.pdf_page import Box
from aliexpress_customs.export.postal_form import PostalForm, fill_form
from aliexpress_customs.export.postal_print import (
    CATEGORIES,
    Field,
    Line,
    amount_text,
    country_text,
    weight_text,
)
from aliexpress_customs.invoice.model import Address, Party
from aliexpress_customs.money import money
from strategies import declarations

from .paper import FONTS, Words, bars, holds, letters, overlaps, pages, text_in
from .parcels import item, line, parcel

some = settings(deadline=None, max_examples=12, suppress_health_check=[HealthCheck.too_slow])
"""Fewer than `many`: reading a PDF back takes its time."""
LONG = "2024 New Summer Women's Loose Printed Short Sleeve O-Neck Dress With Pockets, viscose " * 3
FIELDS = [value for value in vars(layout).values() if isinstance(value, Field)]
CONTINUED = [layout.CONTINUED_NUMBER, layout.CONTINUED_INVOICE]
LINES = [*layout.FROM_ROWS, *layout.TO_ROWS, layout.EXPLANATION]


def printable(text: str) -> str:
    return letters(FONTS.printable(text))


def field(words: list[Words], place: Field) -> str:
    return text_in(words, place.box, *place.label[:2])


def party(words: list[Words], rows: tuple[Line, ...]) -> dict[str, str]:
    return {row.name: text_in(words, row.box, " / ".join(row.label[:2])) for row in rows}


def column(words: list[Words], name: str, rows: Box) -> Box:
    place = next(column for column in layout.COLUMNS if column.name == name)
    return Box(place.x, rows.y, place.width, rows.height)


def places(front: bool) -> list[Box]:
    """Every box that text may stand in."""
    header = layout.HEADER_TOP if front else layout.CONTINUED_HEADER_TOP
    area = layout.ROWS if front else layout.CONTINUED_ROWS
    tall = layout.HEADER_HEIGHT
    found = [Box(item.x, header, item.width, tall) for item in layout.COLUMNS]
    found += [Box(item.x, area.y, item.width, area.height) for item in layout.COLUMNS]
    commercial = next(c for c in layout.COLUMNS if c.name == layout.COMMERCIAL_FROM)
    found.append(Box(commercial.x, header, layout.RIGHT - commercial.x, tall))
    own = [item for item in FIELDS if item not in CONTINUED] if front else CONTINUED
    found += [item.box for item in own] + [layout.TITLE_BAR, layout.FOOT]
    if front:
        found += [row.box for row in LINES] + [layout.COUNT, layout.STATEMENT_BOX]
    return found


def shirts(count: int, **facts: Any) -> list[GoodsItem]:
    return [
        item(
            number,
            line(f"{number}.40", quantity=number, line_net_weight_kg=Decimal("0.12") * number),
            **({"description": f"Cotton shirts of kind {number}"} | facts),
        )
        for number in range(1, count + 1)
    ]


def assert_says(form: PostalForm, words: list[Words]) -> None:
    """All that is not shortened stands in its box."""
    sender, recipient = party(words, layout.FROM_ROWS), party(words, layout.TO_ROWS)
    city = ", ".join(filter(None, (form.recipient.city, form.recipient.region)))
    charges = [amount_text(form.box_9_postal_charges)]
    if form.box_9_insurance is not None:
        charges.append("Insurance " + amount_text(form.box_9_insurance))
    gross = form.box_4_total_gross_weight_kg
    said = {
        "sender.name": (form.sender.name, sender["name"]),
        "sender.country": (country_text(form.sender.country), sender["country"]),
        "recipient.name": (form.recipient.name, recipient["name"]),
        "recipient.street": (", ".join(form.recipient.address_lines), recipient["street"]),
        "recipient.postcode": (form.recipient.postcode, recipient["postcode"]),
        "recipient.city": (city, recipient["city"]),
        "recipient.country": (country_text(form.recipient.country), recipient["country"]),
        "recipient.telephone": (
            form.recipient.telephone,
            field(words, layout.IMPORTERS_TELEPHONE),
        ),
        "item_identifier": (form.item_identifier, field(words, layout.ITEM_NUMBER)),
        "reference": (form.importer_reference, field(words, layout.IMPORTERS_REFERENCE)),
        "4": (f"{gross} kg" if gross is not None else "", field(words, layout.GROSS_WEIGHT)),
        "6": (amount_text(form.box_6_total_value), field(words, layout.TOTAL_VALUE)),
        "9": ("; ".join(filter(None, charges)), field(words, layout.POSTAL_CHARGES)),
        "11": (form.box_11_comments, field(words, layout.COMMENTS)),
        "12": (form.box_12_licence_numbers, field(words, layout.LICENCE)),
        "13": (form.box_13_certificate_numbers, field(words, layout.CERTIFICATE)),
        "14": (form.box_14_invoice_number, field(words, layout.INVOICE)),
        "15": ("", field(words, layout.SIGNATURE)),
        "office": ("", field(words, layout.OFFICE)),
        "sender's reference": ("", field(words, layout.SENDERS_REFERENCE)),
    }
    for name, (meant, printed) in said.items():
        if not printed.endswith("..."):
            assert printed == printable(meant), name


def assert_lists(form: PostalForm, words: list[Words]) -> None:
    """The goods of a form of one sheet stand in their columns."""
    meant = {
        "box_1_description": [goods.box_1_description for goods in form.items],
        "box_3_net_weight_kg": [weight_text(goods.box_3_net_weight_kg) for goods in form.items],
        "box_5_value": [amount_text(goods.box_5_value) for goods in form.items],
        "box_7_hs_code": [goods.box_7_hs_code for goods in form.items],
        "box_8_origin_country": [country_text(goods.box_8_origin_country) for goods in form.items],
    }
    for name, texts in meant.items():
        printed = text_in(words, column(words, name, layout.ROWS))
        assert printed == letters("".join(map(FONTS.printable, texts))), name


def assert_tidy(content: bytes) -> None:
    """No text leaves its box or stands on another."""
    for number, words in enumerate(pages(content)):
        boxes = places(front=number == 0)
        assert [item.text for item in words if not any(holds(box, item.box) for box in boxes)] == []
        assert overlaps(words) == []


@some
@given(declarations())
def test_whatever_is_declared_stands_in_its_box_and_nowhere_else(declaration: Declaration) -> None:
    form = fill_form(declaration, comments="Wood", licence_numbers="L 1", certificate_numbers="C")
    content = cn23_pdf.print_form(form).content
    assert_tidy(content)
    front, *further = pages(content)
    assert_says(form, front)
    if not further:  # else subtotals stand between; see the test of forty goods
        assert_lists(form, front)
    assert cn23_pdf.print_form(form).content == content


def test_texts_of_any_length_stay_in_their_boxes() -> None:
    recipient = Address(
        name=LONG, lines=(LONG,) * 3, city=LONG, postcode=LONG, phone=LONG, country="FR"
    )
    goods = [item(number, line("99999999.99"), description=LONG * number) for number in (1, 2, 9)]
    full = parcel(
        *goods,
        recipient=recipient,
        sender=Party(name=LONG),
        freight=money("99999999.99", "USD"),
        insurance=money("99999999.99", "USD"),
        invoice_number=LONG,
        tracking_number=LONG,
        dispatch_country="GS",
    )
    options = {"explanation": LONG, "licence_numbers": LONG, "certificate_numbers": LONG}
    assert_tidy(cn23_pdf.write(full, comments=LONG * 3, **options))


def test_the_file_names_no_time_and_no_person() -> None:
    content = cn23_pdf.write(parcel())
    assert b"/CreationDate (D:20000101000000+00'00')" in content
    assert b"Anne" not in content


def test_forty_goods_are_numbered_over_sheets_with_totals_carried() -> None:
    form = fill_form(parcel(*shirts(40)))
    sheets = pages(cn23_pdf.print_form(form).content)
    printed = [words.text for sheet in sheets for words in sheet]
    for number in range(1, 41):
        assert printed.count(f"Cotton shirts of kind {number}") == 1
    assert [text for text in printed if text.startswith("Sheet ")] == [
        f"Sheet {number} of {len(sheets)}" for number in range(1, len(sheets) + 1)
    ]
    assert "40 goods items on 3 sheets" in printed
    for number, sheet in enumerate(sheets[:-1], start=1):
        carried = _beside(sheet, f"Carried to sheet {number + 1}")
        assert carried == _beside(sheets[number], f"Brought from sheet {number}")
        assert carried[1] == amount_text(_value_of(form, sheets[:number]))
    assert field(sheets[0], layout.TOTAL_VALUE) == "USD836.00"
    assert_tidy(cn23_pdf.print_form(form).content)


def _beside(sheet: list[Words], start: str) -> list[str]:
    """Weight and value on the line that a text begins."""
    baseline = next(words.baseline for words in sheet if words.text == start)
    return [w.text for w in sheet if abs(w.baseline - baseline) < 0.01 and w.text != start]


def _value_of(form: PostalForm, sheets: list[list[Words]]) -> Any:
    texts = {words.text for sheet in sheets for words in sheet}
    values = [item.box_5_value for item in form.items if item.box_1_description in texts]
    return sum(values[1:], values[0])


def test_a_subtotal_of_unknown_weights_is_left_open() -> None:
    goods = [*shirts(20), item(21, line("1"))]
    first, second = pages(cn23_pdf.write(parcel(goods[-1], *goods[:-1])))
    assert _beside(first, "Carried to sheet 2") == _beside(second, "Brought from sheet 1")
    assert len(_beside(first, "Carried to sheet 2")) == 1


def test_a_long_title_takes_more_lines_and_stays_whole() -> None:
    form = fill_form(parcel(item(1, line("1"), description=LONG)))
    printed = cn23_pdf.print_form(form)
    (front,) = pages(printed.content)
    assert text_in(front, column(front, "box_1_description", layout.ROWS)) == letters(LONG)
    assert printed.notes == ()


def test_a_text_beyond_all_measure_ends_in_an_ellipsis_and_is_noted() -> None:
    form = fill_form(parcel(item(1, line("1"), description=LONG * 9)), comments=LONG * 9)
    printed = cn23_pdf.print_form(form)
    (front,) = pages(printed.content)
    assert text_in(front, column(front, "box_1_description", layout.ROWS)).endswith("...")
    assert [(note.code, note.path) for note in printed.notes] == [
        ("shortened", "goods item 1: box_1_description"),
        ("shortened", "box 11"),
    ]


def test_a_name_in_cyrillic_stands_as_it_is_and_one_in_chinese_in_latin_letters() -> None:
    recipient = Address(name="Ольга Петрова", lines=("ул. Мира, 1",), city="鼠标", country="FR")
    printed = cn23_pdf.print_form(fill_form(parcel(recipient=recipient)))
    front, *_ = pages(printed.content)
    said = party(front, layout.TO_ROWS)
    assert (said["name"], said["city"]) == ("ОльгаПетрова", "ShuBiao")
    assert [(note.code, note.path) for note in printed.notes] == [("rewritten", "recipient.city")]


def test_with_a_font_of_the_caller_chinese_stands_as_it_is(fonts_folder: Path) -> None:
    recipient = Address(name="A 鼠标", country="FR")
    form = fill_form(parcel(recipient=recipient))
    printed = cn23_pdf.print_form(form, fonts_folder / "three-signs.ttf")
    front, *_ = pages(printed.content)
    assert any("鼠标" in words.text for words in front)
    assert printed.notes == ()


def test_a_name_in_arabic_is_joined_and_runs_right_to_left() -> None:
    recipient = Address(name="محمد (أحمد)", country="FR")
    front, *_ = pages(cn23_pdf.write(parcel(recipient=recipient)))
    assert party(front, layout.TO_ROWS)["name"] == letters("محمد(أحمد)")


def test_yen_have_no_decimals() -> None:
    yen = parcel(item(1, line("1200", "JPY")), currency="JPY", freight=money("300", "JPY"))
    front, *_ = pages(cn23_pdf.write(yen))
    assert field(front, layout.TOTAL_VALUE) == "JPY1200"
    assert field(front, layout.POSTAL_CHARGES) == "JPY300"


@pytest.mark.parametrize(
    ("number", "has_bars"),
    [
        ("RB123456785GB", True),
        ("rb 123 456 785 gb", True),
        ("RB123456786GB", False),
        ("LP00123456789012", False),
        ("", False),
    ],
)
def test_only_an_s10_identifier_has_a_barcode(number: str, has_bars: bool) -> None:
    content = cn23_pdf.write(parcel(tracking_number=number))
    assert (bars(content, layout.ITEM_NUMBER.box) > 20) == has_bars
    assert field(pages(content)[0], layout.ITEM_NUMBER) == "".join(
        number.upper().split() if has_bars else number.split()
    )


@pytest.mark.parametrize(
    ("kind", "category"),
    [("gift", "Gift"), ("sale_of_goods", "Sale of goods"), ("other", "Other")],
)
def test_the_category_is_ticked_and_no_other(kind: str, category: str) -> None:
    front, *_ = pages(cn23_pdf.write(parcel(contents_type=kind)))
    (cross,) = (words for words in front if words.text == "X")
    labels = {label.english: name for name, label in CATEGORIES.items()}
    beside = [
        words
        for words in front
        if words.text in labels and words.bold and abs(words.baseline - cross.baseline) < 4
    ]
    nearest = min(beside, key=lambda words: (words.x < cross.x, words.x - cross.x))
    assert labels[nearest.text] == category


def test_a_number_longer_than_its_box_is_refused_not_cut() -> None:
    huge = parcel(item(1, line("999999999999999." + "1" * 30)))
    with pytest.raises(ExportError) as caught:
        cn23_pdf.write(huge)
    assert caught.value.code == "number_too_long"
    assert caught.value.path == "goods item 1: box_5_value"
    assert caught.value.action


def test_a_description_of_pictures_only_is_refused() -> None:
    with pytest.raises(ExportError) as caught:
        cn23_pdf.write(parcel(item(1, line("1"), description="👗👗")))
    assert (caught.value.code, caught.value.path) == ("no_description", "goods item 1")


def test_the_boxes_of_the_form_cover_the_paper_once() -> None:
    paper = Box(layout.LEFT, 5, layout.RIGHT - layout.LEFT, 138)
    header = Box(layout.LEFT, layout.HEADER_TOP, 200, layout.HEADER_HEIGHT)
    fields = [item.box for item in FIELDS if item not in CONTINUED]
    blocks = [*fields, layout.TITLE_BAR, header, layout.ROWS, layout.COUNT, layout.STATEMENT_BOX]
    assert all(holds(paper, box) for box in blocks)
    assert sum(box.width * box.height for box in blocks) == pytest.approx(200 * 138)
