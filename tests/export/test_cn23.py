from __future__ import annotations

import csv
import io
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from aliexpress_customs.declaration.model import Declaration
from aliexpress_customs.errors import ExportError, ReadError, UsageError
from aliexpress_customs.export import cn23_csv, cn23_xml
from aliexpress_customs.export.postal_form import fill_form
from aliexpress_customs.export.spreadsheet import FORMULA_STARTS
from aliexpress_customs.invoice.model import Address
from aliexpress_customs.money import money
from strategies import declarations, many

from .parcels import item, line, parcel

NS = {"c": cn23_xml.NAMESPACE}
SAFE = etree.XMLParser(resolve_entities=False, no_network=True)
XSD = etree.XMLSchema(etree.fromstring(cn23_xml.schema_path().read_bytes(), SAFE))


def rows(declaration: Declaration, **options: Any) -> list[dict[str, str]]:
    text = cn23_csv.write(declaration, **options).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def note_codes(declaration: Declaration, **options: Any) -> set[str]:
    return {note.code for note in fill_form(declaration, **options).notes}


@many
@given(declarations(), st.sampled_from((None, "1.36", "0.002")))
def test_the_xml_is_valid_by_the_shipped_xsd(declaration: Declaration, rate: str | None) -> None:
    XSD.assertValid(etree.fromstring(cn23_xml.write(declaration, sdr_rate=rate), SAFE))


@many
@given(declarations(), st.text(max_size=20))
def test_arbitrary_text_in_the_options_keeps_the_xml_valid(
    declaration: Declaration, text: str
) -> None:
    content = cn23_xml.write(declaration, comments=text, explanation=text, licence_numbers=text)
    XSD.assertValid(etree.fromstring(content, SAFE))


@many
@given(declarations())
def test_the_xml_comes_back_as_the_form_it_was(declaration: Declaration) -> None:
    form = fill_form(declaration)
    again = cn23_xml.read_back(cn23_xml.write(declaration))
    assert again.model_copy(update={"notes": ()}) == form.model_copy(update={"notes": ()})
    assert [note.code for note in again.notes] == [note.code for note in form.notes]


@many
@given(declarations())
def test_the_values_of_box_5_add_up_to_box_6(declaration: Declaration) -> None:
    root = etree.fromstring(cn23_xml.write(declaration), SAFE)
    values = [Decimal(box.text or "") for box in root.findall(".//c:box_5_value", NS)]
    assert sum(values) == Decimal(root.findtext("c:box_6_total_value", "", NS))
    table = rows(declaration)
    assert sum(Decimal(row["box_5_value"]) for row in table) == sum(values)
    assert {Decimal(row["box_6_total_value"]) for row in table} == {sum(values)}


@many
@given(declarations())
def test_no_cell_of_the_excel_dialect_starts_like_a_formula(declaration: Declaration) -> None:
    for row in rows(declaration, dialect="excel"):
        assert not any(cell.startswith(tuple(FORMULA_STARTS)) for cell in row.values())


def test_each_box_holds_what_its_number_says() -> None:
    cables = item(1, line("6.40", quantity=2, line_net_weight_kg=Decimal("0.1"), variant="2 m"))
    shirts = item(
        2,
        line("12", line_net_weight_kg=Decimal("0.2004")),
        description="Men's cotton shirts",
        hs_code="0101210090",
        origin_country="BD",
    )
    declaration = parcel(cables, shirts, invoice_number="0042", insurance=money("0.5", "USD"))
    first, second = rows(
        declaration, comments="none", licence_numbers="L1", certificate_numbers="C1"
    )
    boxes = {name: cell for name, cell in second.items() if name.startswith("box_")}
    assert boxes == {
        "box_1_description": "Men's cotton shirts",
        "box_2_quantity": "1",
        "box_3_net_weight_kg": "0.200",
        "box_4_total_gross_weight_kg": "0.250",
        "box_5_value": "12.00",
        "box_6_total_value": "18.40",
        "box_7_hs_code": "0101210090",
        "box_8_origin_country": "BD",
        "box_9_postal_charges": "1.99",
        "box_9_insurance": "0.50",
        "box_10_category": "Sale of goods",
        "box_10_explanation": "",
        "box_11_comments": "none",
        "box_12_licence_numbers": "L1",
        "box_13_certificate_numbers": "C1",
        "box_14_invoice_number": "0042",
    }
    assert first["box_2_quantity"] == "2"
    assert first["box_5_value"] == "6.40"
    assert first["currency"] == "USD"
    assert first["importer_reference"] == "IM3720000224"
    assert first["to_address"] == "1 rue Haute, 2e étage"
    assert first["to_postcode"] == "01000"
    assert first["from_country"] == "CN"


@pytest.mark.parametrize(
    ("value", "form"), [("407.99", "CN22"), ("408.00", "CN22"), ("408.01", "CN23")]
)
def test_exactly_300_sdr_still_goes_with_a_cn22(value: str, form: str) -> None:
    declaration = parcel(item(1, line(value)))
    assert fill_form(declaration, sdr_rate="1.36").form == form
    assert rows(declaration, sdr_rate=Decimal("1.36"))[0]["form"] == form


def test_without_an_sdr_rate_it_is_a_cn23_and_the_file_says_why() -> None:
    assert rows(parcel())[0]["form"] == "CN23"
    assert "SDR" in rows(parcel())[0]["notes"]
    root = etree.fromstring(cn23_xml.write(parcel()), SAFE)
    assert root.get("form") == "CN23"
    assert [note.get("code") for note in root.findall("c:note", NS)] == ["form_not_narrowed"]


@pytest.mark.parametrize(("weight", "form"), [("2.000", "CN22"), ("2.001", "CN23")])
def test_above_two_kilograms_it_is_no_letter_and_needs_a_cn23(weight: str, form: str) -> None:
    assert fill_form(parcel(gross_weight_kg=Decimal(weight)), sdr_rate="1.36").form == form


@pytest.mark.parametrize("rate", [0, -1, "x", "NaN", "Infinity", 1.36, True, None.__class__])
def test_a_rate_that_is_no_positive_decimal_is_refused(rate: Any) -> None:
    with pytest.raises(UsageError, match="SDR"):
        fill_form(parcel(), sdr_rate=rate)


@pytest.mark.parametrize(
    ("contents_type", "category"),
    [
        ("gift", "Gift"),
        ("documents", "Documents"),
        ("sale_of_goods", "Sale of goods"),
        ("sample", "Commercial sample"),
        ("returned_goods", "Returned goods"),
        ("other", "Other"),
    ],
)
def test_the_category_is_ticked(contents_type: str, category: str) -> None:
    assert rows(parcel(contents_type=contents_type))[0]["box_10_category"] == category


def test_the_category_other_asks_for_an_explanation() -> None:
    other = parcel(contents_type="other")
    assert "explanation_missing" in note_codes(other)
    assert "explanation_missing" not in note_codes(other, explanation="Donation")


def test_unknown_boxes_are_empty_and_free_postage_is_zero() -> None:
    row = rows(parcel(item(1, line("1"), hs_code=None), freight=None, gross_weight_kg=None))[0]
    for box in ("box_3_net_weight_kg", "box_4_total_gross_weight_kg", "box_7_hs_code"):
        assert row[box] == ""
    assert row["box_9_postal_charges"] == ""
    assert rows(parcel(freight=money("0", "USD")))[0]["box_9_postal_charges"] == "0.00"


def test_a_commodity_code_of_four_digits_is_left_out_and_noted() -> None:
    short = parcel(item(1, line("1"), hs_code="8544"))
    assert rows(short)[0]["box_7_hs_code"] == ""
    assert "hs_code_too_short" in note_codes(short)


def test_a_weight_below_half_a_gram_is_not_rounded_to_nothing() -> None:
    light = parcel(item(1, line("1", line_net_weight_kg=Decimal("0.0001"))))
    assert rows(light)[0]["box_3_net_weight_kg"] == "0.001"


def test_the_tax_number_is_the_reference_only_without_a_scheme_number() -> None:
    both = parcel(importer_tax_id="01234567890")
    assert "01234567890" not in cn23_xml.write(both).decode()
    own = parcel(importer_tax_id="01234567890", ioss_number="")
    assert rows(own)[0]["importer_reference"] == "01234567890"


def test_only_what_the_form_asks_for_is_told_about_people() -> None:
    content = cn23_xml.write(parcel(sender=parcel().sender)).decode()
    assert "Anne Martin" in content
    assert "shop.example" not in content
    notes = " ".join(note.message for note in fill_form(parcel()).notes)
    assert "Anne" not in notes


def test_what_is_doubtful_about_the_parcel_is_noted() -> None:
    assert "recipient_missing" in note_codes(parcel(recipient=None))
    hidden = Address(name="A***", masked=True, country="BE")
    assert {"recipient_masked", "country_differs"} <= note_codes(parcel(recipient=hidden))
    assert "not_s10" in note_codes(parcel(tracking_number="LP00123456789012"))
    assert note_codes(parcel(), sdr_rate="1.36") == set()


@pytest.mark.parametrize(
    "words", ["女士棉质衬衫", "قميص قطني للرجال", "👗 dress", '<b> & "c"', "]]>"]
)
def test_words_of_any_script_arrive_unharmed(words: str) -> None:
    declaration = parcel(item(1, line("1"), description=words))
    assert cn23_xml.read_back(cn23_xml.write(declaration)).items[0].box_1_description == words
    assert rows(declaration)[0]["box_1_description"] == words


def test_control_characters_and_half_characters_are_removed() -> None:
    dirty = parcel(item(1, line("1"), description=" cut\ud83d \x00bell\x07\n\n\ufffflamp "))
    assert rows(dirty)[0]["box_1_description"] == "cut bell lamp"
    root = etree.fromstring(cn23_xml.write(dirty), SAFE)
    assert root.findtext(".//c:box_1_description", "", NS) == "cut bell lamp"


@pytest.mark.parametrize(
    ("declaration", "code"),
    [
        (parcel(item(1, line("1"), description=" \x00")), "no_description"),
        (parcel(item(1, line("-1"))), "negative_value"),
        (parcel(freight=money("-1", "USD")), "negative_value"),
        (parcel(gross_weight_kg=Decimal(-1)), "negative_value"),
        (parcel(freight=money("1", "EUR")), "several_currencies"),
        (parcel(item(1, line("1")), item(1, line("1"))), "repeated_item_number"),
    ],
)
def test_what_the_form_cannot_say_is_refused(declaration: Declaration, code: str) -> None:
    for exporter in (cn23_csv, cn23_xml):
        with pytest.raises(ExportError) as caught:
            exporter.write(declaration)
        assert caught.value.code == code
        assert caught.value.action


def test_the_xml_text_can_be_parsed_as_text_too() -> None:
    text = cn23_xml.write(parcel(item(1, line("1"), description="鼠标"))).decode()
    assert cn23_xml.read_back(text).items[0].box_1_description == "鼠标"


@pytest.mark.parametrize("content", ["", "no xml", "<customs_declaration/>"])
def test_other_content_is_no_form(content: str) -> None:
    with pytest.raises(ReadError):
        cn23_xml.read_back(content)


def test_a_changed_file_is_refused_where_it_breaks_the_xsd() -> None:
    broken = cn23_xml.write(parcel()).replace(b">854442<", b">85.44<")
    with pytest.raises(ReadError) as caught:
        cn23_xml.read_back(broken)
    line_number = int(caught.value.path.removeprefix("line "))
    assert b"box_7_hs_code" in broken.splitlines()[line_number - 1]


def test_an_entity_in_a_file_is_not_resolved() -> None:
    attack = (
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
        + cn23_xml.write(parcel()).split(b"\n", 1)[1].replace(b"USB cables", b"&e;")
    )
    with pytest.raises(ReadError):
        cn23_xml.read_back(attack)
