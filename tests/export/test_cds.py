from __future__ import annotations

from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from aliexpress_customs.declaration.model import Declaration
from aliexpress_customs.errors import ExportError
from aliexpress_customs.export import cds
from aliexpress_customs.invoice.model import Address
from aliexpress_customs.money import money
from strategies import many

from .parcels import item, line, parcel
from .test_h7_dms import SHOP, danish_declarations

FOLDER = Path(__file__).parents[3] / "shared" / "reference" / "schemas" / "hmrc-cds"
NS = {"c": cds.NAMESPACE}
SAFE = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True)
AGENT: dict[str, Any] = {
    "lrn": "PARCEL-1",
    "declarant_id": "GB603202734852",
    "importer_id": "GB553202734852",
    "goods_location": "LGWLGWLGW",
    "representation": "2",
    "exporter": SHOP,
    "limit_rate": "0.8",
    "birds_authorisation": "GBBIRDS55320273485220211018095959",
    "supervising_office": "GBSAA001",
}
LONDON = Address(
    name="Mr B Shaver", lines=("1 Shaver Street",), city="London", postcode="E1 2EB", country="GB"
)
BELFAST = LONDON.model_copy(update={"city": "Belfast", "postcode": "BT1 5GS"})


@cache
def xsd() -> etree.XMLSchema:
    path = FOLDER / "combined.xsd"
    if not path.is_file():
        pytest.skip("The official XSDs of the UK CDS are not beside this repository.")
    return etree.XMLSchema(etree.parse(path))


def british(*items: Any, **facts: Any) -> Declaration:
    goods = items or (
        item(1, line("3.20", line_net_weight_kg=Decimal("0.2")), hs_code="8544429000"),
    )
    known = {"destination_country": "GB", "recipient": LONDON, "ioss_number": "", "freight": None}
    return parcel(*goods, **known | facts)


def northern(*items: Any, **facts: Any) -> Declaration:
    return british(*items, **{"recipient": BELFAST} | facts)


def xml(declaration: Declaration, **options: Any) -> etree._Element:
    return etree.fromstring(cds.write(declaration, **AGENT | options), SAFE)


def texts(root: etree._Element, path: str) -> list[str]:
    return [element.text or "" for element in root.iterfind(path, NS)]


@many
@given(
    danish_declarations(),
    st.sampled_from(("H1", "BIRDS", "SRDS")),
    st.sampled_from(("", "12345")),
    st.sampled_from(("", "GB553202734852")),
    st.sampled_from(("", "ABCD1234567")),
)
def test_every_declaration_is_valid_by_the_official_xsd(
    declaration: Declaration, dataset: str, account: str, importer: str, container: str
) -> None:
    if dataset != "SRDS":
        declaration = declaration.model_copy(
            update={"purpose": "sale", "contents_type": "sale_of_goods"}
        )
    declaration = declaration.model_copy(update={"recipient": LONDON})
    root = xml(
        declaration,
        dataset=dataset,
        deferment_account=account,
        importer_id=importer,
        container_id=container,
        previous_document_id="X1",
        marks="M1",
        checks="skip",
    )
    xsd().assertValid(root)
    assert texts(root, ".//c:GoodsItemQuantity") == [str(len(declaration.items))]


def test_northern_ireland_gets_the_reduced_data_set_and_great_britain_the_standard_one() -> None:
    codes = ".//c:GovernmentProcedure/c:CurrentCode"
    assert texts(xml(northern()), codes) == ["40", "1H7", "C07"]
    assert texts(xml(british()), codes) == ["40", "C07", "1RV"]
    region = british(destination_region="GB-NIR", recipient=None)
    assert texts(xml(region), codes) == ["40", "1H7", "C07"]


def test_the_ioss_number_goes_with_f48_and_fr5() -> None:
    root = xml(northern(ioss_number="IM3720000224"))
    assert texts(root, ".//c:GovernmentProcedure/c:CurrentCode") == ["40", "1H7", "C07", "F48"]
    assert texts(root, ".//c:DomesticDutyTaxParty/*") == ["IM3720000224", "FR5"]
    assert texts(xml(british(ioss_number="IM3720000224")), ".//c:DomesticDutyTaxParty") == []


def test_the_vat_number_of_a_business_in_northern_ireland_goes_with_fr2() -> None:
    business = northern(importer="business", importer_tax_id="GB603202734")
    assert texts(xml(business), ".//c:DomesticDutyTaxParty/*") == ["GB603202734", "FR2"]
    without = (northern(importer="business"), northern(importer_tax_id="1"))
    others = (*without, british(importer="business", importer_tax_id="GB603202734"))
    assert all(texts(xml(other), ".//c:DomesticDutyTaxParty") == [] for other in others)


@pytest.mark.parametrize(("country", "kind"), [("JE", "COJ"), ("GG", "COJ"), ("CN", "IMJ")])
def test_bulk_from_the_channel_islands_is_of_type_co_with_15f(country: str, kind: str) -> None:
    root = xml(british(dispatch_country=country), dataset="BIRDS")
    assert texts(root, "c:Declaration/c:TypeCode") == [kind]
    codes = ["00", "21V", "15F"] if kind == "COJ" else ["00", "21V"]
    assert texts(root, ".//c:GovernmentProcedure/c:CurrentCode") == codes


def test_a_consumer_without_a_number_is_named_with_his_address() -> None:
    root = xml(british(), importer_id="")
    assert texts(root, ".//c:Importer/c:Name") == ["Mr B Shaver"]
    assert texts(root, ".//c:Importer/c:ID") == []


def test_a_postcode_longer_than_nine_characters_is_shortened() -> None:
    root = xml(british(), exporter=SHOP.model_copy(update={"postcode": "12345 6789 0"}))
    assert texts(root, ".//c:Exporter//c:PostcodeID") == ["123456789"]


@pytest.mark.parametrize(
    ("dataset", "option", "code"),
    [
        ("H1", "lrn", "lrn_missing"),
        ("H1", "declarant_id", "declarant_id_missing"),
        ("H1", "goods_location", "goods_location_missing"),
        ("H1", "exporter", "exporter_missing"),
        ("BIRDS", "birds_authorisation", "birds_authorisation_missing"),
        ("BIRDS", "supervising_office", "supervising_office_missing"),
    ],
)
def test_a_missing_placeholder_is_named(dataset: str, option: str, code: str) -> None:
    empty = None if option == "exporter" else ""
    with pytest.raises(ExportError) as caught:
        xml(british(), dataset=dataset, **{option: empty})
    assert caught.value.code == code
    assert option in caught.value.action


@pytest.mark.parametrize(
    ("declaration", "options", "code"),
    [
        (british(item(1, line("1"), hs_code="8544")), {"checks": "skip"}, "hs_code_missing"),
        (british(item(1, line("1"), hs_code="854442")), {}, "commodity_code_short"),
        (british(item(1, line("1"), hs_code="8544429000")), {}, "net_weight_missing"),
        (british(item(1, line("-1"))), {"checks": "skip"}, "negative_value"),
        (british(purpose="gift"), {}, "gift_not_in_dataset"),
        (british(), {"additional_type": "J"}, "bad_additional_type"),
        (british(), {"dataset": "SRDS"}, "wrong_dataset"),
        (northern(), {"dataset": "BIRDS"}, "wrong_dataset"),
        (parcel(), {"dataset": "SRDS"}, "not_to_uk"),
        (northern(item(1, line("168.76"))), {}, "over_limit"),
        (northern(item(1, line("48.76")), purpose="gift"), {}, "over_limit"),
        (northern(item(1, line("1"), hs_code="330300")), {}, "excise_goods"),
        (northern(ioss_number="IM1"), {}, "bad_ioss_number"),
        (british(recipient=None), {"importer_id": ""}, "importer_id_missing"),
        (british(tracking_number=""), {"marks": "M"}, "previous_document_id_missing"),
        (british(tracking_number=""), {"previous_document_id": "M"}, "marks_missing"),
        (british(*[item(n, line("0.01")) for n in range(1, 1001)]), {}, "too_many_items"),
    ],
)
def test_what_hmrc_would_reject_is_refused(
    declaration: Declaration, options: dict[str, Any], code: str
) -> None:
    with pytest.raises(ExportError) as caught:
        xml(declaration, **options)
    assert caught.value.code == code
    assert caught.value.action


@pytest.mark.parametrize(("value", "refused"), [("168.75", False), ("168.76", True)])
def test_exactly_135_pounds_is_still_low_value(value: str, refused: bool) -> None:
    found = cds.findings(northern(item(1, line(value))), **AGENT)
    assert ("over_limit" in {finding.code for finding in found}) is refused


def test_what_is_doubtful_is_told_without_refusing() -> None:
    found = cds.findings(british(freight=money("2", "USD")), **AGENT | {"limit_rate": None})
    assert {finding.code: finding.severity for finding in found} == {
        "limit_not_tested": "warning",
        "freight_left_out": "warning",
    }
    assert [finding.code for finding in cds.findings(northern(), **AGENT)] == ["relief_unsourced"]
