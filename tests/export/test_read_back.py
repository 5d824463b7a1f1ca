"""Files for customs are read back, and compared with what they should say."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import aliexpress_customs as ac
from aliexpress_customs.declaration.model import Declaration
from aliexpress_customs.errors import ReadError, UsageError
from aliexpress_customs.export import cds, cn23_csv, cn23_xml, h7, h7_dms, ubl
from aliexpress_customs.export.customs_message import CustomsMessage, Reference
from aliexpress_customs.export.differences import Difference, differences
from aliexpress_customs.export.postal_form import PostalForm, fill_form
from aliexpress_customs.export.postal_form_reading import declaration_of
from aliexpress_customs.export.reading import READERS
from aliexpress_customs.money import money
from strategies import declarations, many

from .parcels import item, line, parcel
from .test_cds import AGENT, LONDON, british, northern
from .test_h7 import DECLARANT
from .test_h7_dms import DECLARANT as DANE
from .test_h7_dms import NEW, OLD, PRIVATE, SHOP, danish, danish_declarations

ROUTES = ("ioss", "special_arrangements", "standard", "gift")


def as_h7(declaration: Declaration, format_name: str, **options: Any) -> bytes:
    write = {"h7-json": h7.write_json, "h7-csv": h7.write_csv}.get(format_name)
    if write is None:
        return h7_dms.write(declaration, **DANE | {"limit_rate": "6.5", "on": NEW} | options)
    return write(declaration, **DECLARANT | options)


def as_cds(declaration: Declaration, **options: Any) -> bytes:
    return cds.write(declaration, **AGENT | options)


def grave(found: tuple[Difference, ...]) -> list[str]:
    return [one.path for one in found if one.severity == "error"]


def not_compared(found: tuple[Difference, ...]) -> set[str]:
    """Names of the declared elements that the message does not hold."""
    notes = [one.message for one in found if one.code == "not_compared"]
    if not notes:
        return set()
    paths = notes[0].partition(": ")[2].removesuffix(".").split(", ")
    return {path.rpartition(".")[2] for path in paths}


@many
@given(
    danish_declarations(),
    st.sampled_from(("h7-json", "h7-csv", "h7-dms-xml")),
    st.sampled_from(ROUTES),
    st.sampled_from((OLD, NEW, dt.date(2026, 11, 22))),
    st.booleans(),
)
def test_every_h7_comes_back_as_the_declaration_says(
    declaration: Declaration, format_name: str, vat: str, on: dt.date, with_shop: bool
) -> None:
    if vat == "ioss":
        declaration = declaration.model_copy(update={"ioss_number": "IM3720000224"})
    shop = SHOP if with_shop else None
    content = as_h7(
        declaration,
        format_name,
        vat=vat,
        on=on,
        consignor=shop,
        importer_id=PRIVATE,
        packages=3,
        checks="skip",
    )
    message = ac.read_back(content, format_name)
    assert isinstance(message, CustomsMessage)
    assert message.format == format_name
    assert (message.lrn, message.declaration_type) == (content_lrn(format_name), "IMA")
    assert message.importer.id == PRIVATE
    assert message.exporter.name == ("Cable Shop" if with_shop else "")
    assert [one.packages for one in message.items] == [3, *[0] * (len(message.items) - 1)]
    assert {one.procedure for one in message.items} == {"4000"}
    assert bool(message.ioss_number) == (vat == "ioss")
    assert (message.transport_costs is None) == (
        declaration.freight is None and declaration.insurance is None
    )
    found = differences(declaration, message)
    assert grave(found) == []
    unsaid = {"ioss_number"} if vat != "ioss" else set()
    # What no H7 holds; freight and insurance are one amount in it.
    allowed = {"origin_country", "net_weight_kg", "freight", "dispatch_country"}
    assert not_compared(found) - unsaid - allowed == {"destination_country"}


def content_lrn(format_name: str) -> str:
    return str((DANE if format_name == "h7-dms-xml" else DECLARANT)["lrn"])


@many
@given(danish_declarations())
def test_the_neutral_and_the_danish_h7_say_the_same(declaration: Declaration) -> None:
    options: dict[str, Any] = {
        "lrn": "X",
        "importer_id": PRIVATE,
        "checks": "skip",
        "declarant_id": "DK1",
    }
    options |= {"customs_office": "DK005600", "on": NEW, "consignor": SHOP}
    read = [
        ac.read_back(as_h7(declaration, name, **options), name)
        for name in ("h7-json", "h7-csv", "h7-dms-xml")
    ]
    first = read[0]
    assert isinstance(first, CustomsMessage)
    for other in read[1:]:
        assert first.model_copy(update={"format": other.format}) == other  # type: ignore[union-attr]
        assert differences(first, other) == ()


@many
@given(
    danish_declarations(),
    st.sampled_from(("H1", "BIRDS", "SRDS")),
    st.sampled_from(("", "12345")),
    st.sampled_from(("", "GB553202734852")),
)
def test_every_uk_declaration_comes_back_as_the_declaration_says(
    declaration: Declaration, dataset: str, account: str, importer: str
) -> None:
    update: dict[str, Any] = {"recipient": LONDON}
    if dataset != "SRDS":
        update |= {"purpose": "sale", "contents_type": "sale_of_goods"}
    declaration = declaration.model_copy(update=update)
    content = as_cds(
        declaration,
        dataset=dataset,
        deferment_account=account,
        importer_id=importer,
        previous_document_id="X1",
        marks="M1",
        checks="skip",
    )
    message = ac.read_back(content, "cds-xml")
    assert isinstance(message, CustomsMessage)
    assert message.importer.id == importer
    assert bool(message.importer.name) == (not importer)
    assert message.representative_status == "2"
    found = differences(declaration, message)
    assert grave(found) == []
    held = {
        "H1": {"hs_code", "net_weight_kg", "origin_country", "dispatch_country"},
        "BIRDS": {"net_weight_kg", "dispatch_country"},
        "SRDS": {"hs_code", "freight"},
    }[dataset]
    assert not not_compared(found) & (held | {"description", "value"})


def test_a_message_holds_what_was_declared() -> None:
    declaration = northern(ioss_number="IM3720000224", freight=money("1.99", "USD"))
    message = ac.read_back(as_cds(declaration), "cds-xml")
    assert isinstance(message, CustomsMessage)
    assert (message.declaration_type, message.ioss_number) == ("IMA", "IM3720000224")
    assert message.freight == money("1.99", "USD")
    assert message.documents == (Reference(kind="Z271", number="RB123456785GB"),)
    (goods,) = message.items
    assert goods.model_dump(mode="json", exclude={"documents", "packages"}) == {
        "number": 1,
        "description": "USB cables",
        "hs_code": "85444290",
        "value": "3.20 USD",
        "gross_weight_kg": "0.25",
        "net_weight_kg": None,
        "origin_country": "",
        "procedure": "4000",
        "additional_procedures": ["1H7", "C07", "F48"],
        "statements": ["NIIMP"],
    }


def test_the_codes_and_documents_of_a_standard_uk_declaration_are_joined() -> None:
    content = as_cds(british(invoice_number="INV-7"), deferment_account="12345")
    message = ac.read_back(content, "cds-xml")
    assert isinstance(message, CustomsMessage)
    assert message.items[0].hs_code == "8544429000"
    assert message.invoice_number == "INV-7"
    assert [one.kind for one in message.items[0].documents] == ["C506", "N935", "C505"]
    assert message.items[0].origin_country == "CN"


@pytest.mark.parametrize(
    ("facts", "path"),
    [
        ({"freight": money("2.00", "USD")}, "transport_costs"),
        ({"gross_weight_kg": Decimal("0.26")}, "gross_weight_kg"),
        ({"ioss_number": "IM3720000225"}, "ioss_number"),
        ({"invoice_number": "2"}, "invoice_number"),
        ({"tracking_number": "RB123456785US"}, "tracking_number"),
    ],
)
@pytest.mark.parametrize("format_name", ["h7-json", "h7-csv", "h7-dms-xml"])
def test_a_changed_declaration_is_told_apart_by_its_path(
    facts: dict[str, Any], path: str, format_name: str
) -> None:
    content = as_h7(danish(invoice_number="1"), format_name)
    changed = danish(**{"invoice_number": "1"} | facts)
    found = differences(changed, ac.read_back(content, format_name))
    expected = [path, "items[0].gross_weight_kg"] if path == "gross_weight_kg" else [path]
    assert grave(found) == expected
    assert all(one.expected in one.message and one.got in one.message for one in found[:1])


@pytest.mark.parametrize(
    ("changed", "path"),
    [
        (item(1, line("3.21")), "items[0].value"),
        (item(1, line("3.20", "EUR")), "items[0].value"),
        (item(1, line("3.20"), description="HDMI cables"), "items[0].description"),
        (item(1, line("3.20"), hs_code="854443"), "items[0].hs_code"),
    ],
)
def test_a_changed_goods_item_is_told_apart_by_its_path(changed: Any, path: str) -> None:
    content = as_h7(danish(), "h7-dms-xml")
    currency = changed.item_value.currency.code
    declaration = danish(changed, currency=currency, freight=None)
    (found, note) = differences(declaration, ac.read_back(content, "h7-dms-xml"))
    assert found.path == path
    assert note.severity == "info"


def test_a_lost_goods_item_is_told_and_the_others_are_still_compared() -> None:
    content = as_h7(danish(item(1, line("3.20"))), "h7-json")
    two = danish(item(1, line("3.30")), item(2, line("1")))
    found = differences(two, ac.read_back(content, "h7-json"))
    assert grave(found)[:2] == ["items", "items[0].value"]
    assert (found[0].expected, found[0].got) == ("2", "1")


def test_the_address_of_the_importer_is_compared_but_never_repeated() -> None:
    content = as_h7(danish(), "h7-dms-xml")
    moved = LONDON.model_copy(update={"country": "DK", "name": "Bent Olsen"})
    found = differences(danish(recipient=moved), ac.read_back(content, "h7-dms-xml"))
    assert "importer.name" in grave(found)
    told = " ".join(f"{one.message} {one.expected} {one.got}" for one in found)
    assert "Bent" not in told
    assert "Jensen" not in told


def test_two_messages_of_one_format_must_hold_the_same() -> None:
    one = ac.read_back(as_h7(danish(), "h7-dms-xml"), "h7-dms-xml")
    bare = ac.read_back(as_h7(danish(tracking_number=""), "h7-dms-xml"), "h7-dms-xml")
    assert differences(one, one) == ()
    assert grave(differences(one, bare)) == ["tracking_number", "documents"]
    assert grave(differences(bare, one)) == ["tracking_number", "documents"]


def test_a_declaration_read_from_another_file_is_compared_too() -> None:
    declaration = parcel()
    rows = ac.read_back(str(ac.export(declaration, "items-csv")), "items-csv")
    assert grave(differences(declaration, rows)) == []
    other = declaration.model_copy(update={"freight": money("5", "USD")})
    assert grave(differences(other, rows)) == ["transport_costs", "freight"]


@many
@given(declarations())
def test_json_and_items_csv_and_both_forms_are_of_one_declaration(
    declaration: Declaration,
) -> None:
    kept = ac.read_back(str(ac.export(declaration, "json")), "json")
    assert kept == declaration
    for name in ("items-csv", "cn23-csv", "cn23-xml"):
        again = ac.read_back(str(ac.export(declaration, name)), name)
        assert isinstance(again, Declaration)
        assert again.intrinsic_value == declaration.intrinsic_value
        assert [one.quantity for one in again.items] == [one.quantity for one in declaration.items]
        assert plain(fill_form(again), name) == plain(fill_form(declaration), name)


def plain(form: PostalForm, format_name: str) -> PostalForm:
    """Without what the format does not carry."""
    left_out: dict[str, Any] = {"notes": ()}
    if format_name == "cn23-csv":
        lines = ", ".join(form.recipient.address_lines)
        left_out["recipient"] = form.recipient.model_copy(
            update={"address_lines": (lines,) if lines else ()}
        )
    if format_name == "items-csv":
        left_out["sender"] = left_out["recipient"] = None
    return form.model_copy(update=left_out)


@many
@given(declarations())
def test_a_form_read_back_is_written_the_same(declaration: Declaration) -> None:
    form = fill_form(declaration, comments="none", licence_numbers="L1")
    again = declaration_of(form)
    rewritten = fill_form(again, comments="none", licence_numbers="L1")
    assert rewritten.model_copy(update={"notes": ()}) == form.model_copy(update={"notes": ()})
    assert "form_only" in {finding.code for finding in again.findings}


@many
@given(declarations())
def test_the_csv_of_a_form_holds_the_form(declaration: Declaration) -> None:
    form = cn23_csv.read_back(cn23_csv.write(declaration))
    assert plain(form, "cn23-csv") == plain(fill_form(declaration), "cn23-csv")


def test_the_reference_of_an_importer_is_only_certain_for_an_ioss_number() -> None:
    ioss = declaration_of(fill_form(parcel()))
    assert (ioss.ioss_number, ioss.importer_tax_id) == ("IM3720000224", "")
    voec = declaration_of(fill_form(parcel(ioss_number="2024123")))
    assert (voec.ioss_number, voec.importer_tax_id) == ("", "2024123")
    assert [finding.code for finding in voec.findings] == ["importer_reference_ambiguous"]


def test_a_path_is_read_as_well_as_content(tmp_path: Path) -> None:
    path = ac.export(parcel(), "cn23-xml", tmp_path / "form.xml")
    assert isinstance(path, Path)
    content = path.read_bytes()
    for source in (path, str(path), content, content.decode()):
        assert ac.read_back(source, "cn23-xml") == ac.read_back(content, "cn23-xml")
    with pytest.raises(ReadError) as caught:
        ac.read_back(tmp_path / "none.xml", "cn23-xml")
    assert caught.value.code == "cannot_open"


def test_a_format_without_way_back_is_refused() -> None:
    with pytest.raises(UsageError) as caught:
        ac.read_back("{}", "shippo-json")
    assert all(name in caught.value.action for name in READERS)


def other_files() -> dict[str, bytes]:
    return {
        "cds-xml": as_cds(british()),
        "h7-dms-xml": as_h7(danish(), "h7-dms-xml"),
        "cn23-xml": cn23_xml.write(parcel()),
        "h7-json": as_h7(danish(), "h7-json"),
        "h7-csv": as_h7(danish(), "h7-csv"),
        "cn23-csv": cn23_csv.write(parcel()),
        "items-csv": str(ac.export(parcel(), "items-csv")).encode(),
        "json": str(ac.export(parcel(), "json")).encode(),
    }


@pytest.mark.parametrize("wanted", sorted(READERS))
def test_a_file_of_another_format_is_refused(wanted: str) -> None:
    for name, content in other_files().items():
        if name == wanted:
            ac.read_back(content, name)
        else:
            with pytest.raises(ReadError):
                ac.read_back(content, wanted)


@pytest.mark.parametrize(
    ("content", "wanted", "said"),
    [
        (lambda: as_cds(british()), "h7-dms-xml", "UK Customs Declaration Service"),
        (lambda: as_h7(danish(), "h7-dms-xml"), "cds-xml", "H7 of the Danish DMS"),
        (lambda: cn23_xml.write(parcel()), "cds-xml", "postal form"),
        (
            lambda: ubl.write(parcel(ioss_number=""), issue_date="2026-07-02", buyer_name="A"),
            "cds-xml",
            "UBL",
        ),
        (
            lambda: as_h7(danish(), "h7-dms-xml").replace(b">H7<", b">H1<"),
            "h7-dms-xml",
            "no H7",
        ),
    ],
)
def test_the_error_says_what_the_file_is(content: Any, wanted: str, said: str) -> None:
    with pytest.raises(ReadError, match=said) as caught:
        ac.read_back(content(), wanted)
    assert caught.value.code == "other_format"


def test_a_uk_declaration_without_its_envelope_is_read() -> None:
    whole = as_cds(british())
    start, end = whole.index(b"<Declaration"), whole.index(b"</md:MetaData>")
    bare = whole[start:end].replace(
        b"<Declaration", f'<Declaration xmlns="{cds.NAMESPACE}"'.encode(), 1
    )
    assert ac.read_back(bare, "cds-xml") == ac.read_back(whole, "cds-xml")


DOCTYPE = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
BOMB = (
    b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaaaaaaaaaaaa">'
    + b"".join(
        f'<!ENTITY {"a" * (n + 1)} "{("&" + "a" * n + ";") * 20}">'.encode() for n in range(1, 9)
    )
    + b"]>"
)


@pytest.mark.parametrize("doctype", [DOCTYPE, BOMB, b"<!DOCTYPE x>"])
@pytest.mark.parametrize("name", ["cds-xml", "h7-dms-xml", "cn23-xml"])
def test_a_document_type_is_refused_whatever_it_holds(name: str, doctype: bytes) -> None:
    content = other_files()[name].split(b"\n", 1)[1].replace(b"USB cables", b"&e;&aaaaaaaaa;")
    with pytest.raises(ReadError):
        ac.read_back(doctype + content, name)
    harmless = other_files()[name].split(b"\n", 1)[1]
    with pytest.raises(ReadError) as caught:
        ac.read_back(doctype + harmless, name)
    assert caught.value.code in {"document_type", "bad_xml"}


def test_depth_and_size_of_a_file_are_limited() -> None:
    deep = b"<a>" * 5000 + b"</a>" * 5000
    with pytest.raises(ReadError):
        ac.read_back(deep, "cds-xml")
    with pytest.raises(ReadError) as caught:
        ac.read_back(b" " * (33 * 1024 * 1024), "cds-xml")
    assert caught.value.code == "too_large"
    nested = '{"data_set": "H7", "goods_items": ' + "[" * 100_000 + "]" * 100_000 + "}"
    with pytest.raises(ReadError):
        ac.read_back(nested, "h7-json")
    with pytest.raises(ReadError):
        ac.read_back("{" + " " * 65 * 1024 * 1024, "h7-json")


@many
@given(st.sampled_from(sorted(READERS)), st.data())
def test_a_damaged_file_is_a_typed_error_or_another_message(
    format_name: str, data: st.DataObject
) -> None:
    content = other_files()[format_name]
    place = data.draw(st.integers(0, len(content) - 1))
    length = data.draw(st.integers(0, 20))
    patch = data.draw(
        st.binary(max_size=8) | st.sampled_from((b"-1", b"1e9", b"NaN", b"", b"\x00"))
    )
    damaged = content[:place] + patch + content[place + length :]
    said = ""
    try:
        found = ac.read_back(damaged, format_name)
    except ReadError as error:
        said = str(error)
    else:
        assert isinstance(found, Declaration | CustomsMessage)
    assert not any(name in said for name in ("Anne", "Shaver", "Haute"))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b">3.20<", b">3.2.0<"),
        (b">3.20<", b">NaN<"),
        (b'currencyID="USD"', b'currencyID="XXX1"'),
        (b"<GrossMassMeasure>0.25", b"<GrossMassMeasure>-0.25"),
        (b"<ID>854442", b"<ID>85.44.42"),
        (b"<QuantityQuantity>1", b"<QuantityQuantity>one"),
    ],
)
def test_a_value_that_does_not_fit_is_named_and_not_repeated(old: bytes, new: bytes) -> None:
    content = as_h7(danish(), "h7-dms-xml")
    assert old in content
    with pytest.raises(ReadError) as caught:
        ac.read_back(content.replace(old, new), "h7-dms-xml")
    assert caught.value.code == "bad_value"
    assert (
        "items.0" in caught.value.path
        or "gross_weight_kg" in caught.value.path
        or ("transport_costs" in caught.value.path)
    )


def test_an_element_that_no_h7_has_is_named() -> None:
    content = json.loads(as_h7(danish(), "h7-json"))
    content["goods_items"][0]["16 08 000 000"] = "CN"
    with pytest.raises(ReadError) as caught:
        ac.read_back(json.dumps(content), "h7-json")
    assert (caught.value.code, caught.value.path) == ("unknown_element", "goods_items[0]")


def test_rows_that_disagree_about_the_consignment_are_refused() -> None:
    two = danish(item(1, line("1")), item(2, line("2")))
    content = as_h7(two, "h7-csv")
    head, first, second, *_ = content.split(b"\r\n")
    changed = b"\r\n".join([head, first, second.replace(b"IM3720000224", b"IM3720000225")])
    with pytest.raises(ReadError) as caught:
        ac.read_back(changed, "h7-csv")
    assert caught.value.code == "rows_disagree"
    assert caught.value.path == "row 3, 13 16 034 000"
