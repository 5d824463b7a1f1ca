"""Messages for customs are read back and say what the declaration says."""

from __future__ import annotations

import datetime as dt
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

import aliexpress_customs as ac
from aliexpress_customs.declaration.model import Declaration
from aliexpress_customs.export.customs_message import CustomsMessage, Reference
from aliexpress_customs.export.differences import differences
from aliexpress_customs.money import money
from strategies import many

from .messages import as_cds, as_h7, grave, lrn_of, not_compared
from .test_cds import LONDON, british, northern
from .test_h7_dms import NEW, OLD, PRIVATE, SHOP, danish_declarations

ROUTES = ("ioss", "special_arrangements", "standard", "gift")


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
    assert (message.lrn, message.declaration_type) == (lrn_of(format_name), "IMA")
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
