"""Files of another kind, damaged or hostile, end in a typed error."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import aliexpress_customs as ac
from aliexpress_customs.declaration.model import Declaration
from aliexpress_customs.errors import ReadError, UsageError
from aliexpress_customs.export import cds, cn23_xml, ubl
from aliexpress_customs.export.customs_message import CustomsMessage
from aliexpress_customs.export.reading import READERS
from strategies import many

from .messages import as_cds, as_h7, other_files
from .parcels import item, line, parcel
from .test_cds import british
from .test_h7_dms import danish


def test_a_format_without_way_back_is_refused() -> None:
    with pytest.raises(UsageError) as caught:
        ac.read_back("{}", "shippo-json")
    assert all(name in caught.value.action for name in READERS)


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
