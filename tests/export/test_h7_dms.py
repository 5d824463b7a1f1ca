from __future__ import annotations

import datetime as dt
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from aliexpress_customs.declaration.model import Declaration
from aliexpress_customs.errors import ExportError, UsageError
from aliexpress_customs.export import export, h7_dms
from aliexpress_customs.export.xml_h7_options import H7Options, tables
from aliexpress_customs.invoice.model import Address
from strategies import declarations, many

from .parcels import item, line, parcel

FOLDER = Path(__file__).parents[3] / "shared" / "reference" / "schemas" / "dk-h7"
NS = {"d": h7_dms.NAMESPACE}
SAFE = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True)
PRIVATE = "DK09999981"
DECLARANT: dict[str, Any] = {
    "lrn": "PARCEL-2026-000001",
    "declarant_id": "DK12345678",
    "customs_office": "DK005600",
    "submitter_id": "12345678",
}
SHOP = Address(
    name="Cable Shop", lines=("Road 1",), city="Shenzhen", postcode="518000", country="CN"
)
OLD, NEW = dt.date(2026, 6, 30), dt.date(2026, 7, 1)


@cache
def xsd() -> etree.XMLSchema:
    path = FOLDER / "xsd" / "H7_XSDS" / "DMS_H7_V1.9.xsd"
    if not path.is_file():
        pytest.skip("The official XSD of the Danish H7 is not beside this repository.")
    return etree.XMLSchema(etree.parse(path))


def danish(*items: Any, **facts: Any) -> Declaration:
    recipient = Address(
        name="Anne Jensen", lines=("Vej 1",), city="Aarhus", postcode="8000", country="DK"
    )
    return parcel(*items, **{"destination_country": "DK", "recipient": recipient} | facts)


def xml(declaration: Declaration, **options: Any) -> etree._Element:
    given_options = DECLARANT | {"on": NEW, "limit_rate": "6.5", "consignor": SHOP} | options
    return etree.fromstring(h7_dms.write(declaration, **given_options), SAFE)


def texts(root: etree._Element, path: str) -> list[str]:
    return [element.text or "" for element in root.iterfind(path, NS)]


@st.composite
def danish_declarations(draw: st.DrawFn) -> Declaration:
    """Any declaration whose goods have a commodity code, as the message demands."""
    declaration = draw(declarations())
    coded = [
        entry.model_copy(update={"hs_code": draw(st.from_regex(r"[0-9]{6,14}", fullmatch=True))})
        for entry in declaration.items
    ]
    return declaration.model_copy(update={"items": tuple(coded)})


@many
@given(
    danish_declarations(),
    st.sampled_from((OLD, NEW, dt.date(2026, 11, 22))),
    st.sampled_from(("special_arrangements", "standard", "gift")),
    st.sampled_from(("", "DK99999999")),
)
def test_every_declaration_is_valid_by_the_official_xsd(
    declaration: Declaration, on: dt.date, vat: str, importer: str
) -> None:
    known = importer or PRIVATE
    if declaration.ioss_number:
        vat = "ioss"
    root = xml(declaration, on=on, vat=vat, importer_id=known, checks="skip")
    xsd().assertValid(root)


@many
@given(danish_declarations())
def test_the_items_add_up_to_the_intrinsic_value_and_freight_stays_apart(
    declaration: Declaration,
) -> None:
    root = xml(declaration, importer_id=PRIVATE, checks="skip")
    values = [Decimal(value) for value in texts(root, ".//d:ItemChargeAmount")]
    cents = Decimal("0.01") * len(values)
    assert abs(sum(values) - declaration.intrinsic_value.amount) < cents
    costs = [cost.amount for cost in (declaration.freight, declaration.insurance) if cost]
    assert len(texts(root, ".//d:rate")) == (
        declaration.freight is not None or declaration.insurance is not None
    )
    if costs:
        assert abs(Decimal(texts(root, ".//d:rate")[0]) - sum(costs)) < Decimal("0.01")


@many
@given(danish_declarations(), st.sampled_from(("0.1", "6.5", None)))
def test_what_is_written_has_no_error_and_what_is_refused_has(
    declaration: Declaration, rate: str | None
) -> None:
    declaration = declaration.model_copy(update={"destination_country": "DK"})
    options = DECLARANT | {"on": NEW, "limit_rate": rate, "importer_id": PRIVATE}
    try:
        found = h7_dms.findings(declaration, **options)
    except ExportError:
        return  # a mandatory fact is missing
    errors = {finding.code for finding in found if finding.severity == "error"}
    if errors:
        with pytest.raises(ExportError) as refusal:
            h7_dms.write(declaration, **options)
        assert refusal.value.code in errors
    else:
        xsd().assertValid(etree.fromstring(h7_dms.write(declaration, **options), SAFE))


@pytest.mark.parametrize(
    ("on", "facts", "codes"),
    [
        (OLD, {}, ["C07", "F48"]),
        (NEW, {}, ["F48"]),
        (OLD, {"ioss_number": ""}, ["C07", "F49"]),
        (NEW, {"ioss_number": ""}, ["F49"]),
        (OLD, {"purpose": "gift"}, ["C08"]),
        (NEW, {"purpose": "gift"}, ["C08"]),
    ],
)
def test_the_relief_code_c07_ends_on_the_last_of_june_2026(
    on: dt.date, facts: dict[str, Any], codes: list[str]
) -> None:
    root = xml(danish(**facts), on=on)
    procedures = texts(root, ".//d:GovernmentProcedure/d:CurrentCode")
    assert procedures == ["40", *codes]
    fiscal = texts(root, ".//d:DomesticDutyTaxParty/*")
    assert fiscal == (["1", "IM3720000224", "FR5"] if "F48" in codes else [])


def test_a_gift_with_an_ioss_number_states_no_ioss_number() -> None:
    assert b"IM3720000224" not in etree.tostring(xml(danish(purpose="gift")))


@pytest.mark.parametrize(("on", "most"), [("2026-10-23", 999), ("2026-10-24", 9999)])
def test_the_most_goods_items_are_accepted_and_one_more_is_not(on: str, most: int) -> None:
    goods = [item(number, line("0.01")) for number in range(1, most + 2)]
    root = xml(danish(*goods[:most]), on=on)
    xsd().assertValid(root)
    assert len(texts(root, ".//d:GovernmentAgencyGoodsItem/d:SequenceNumeric")) == most
    with pytest.raises(ExportError) as caught:
        xml(danish(*goods), on=on)
    assert caught.value.code == "too_many_items"


@pytest.mark.parametrize("option", ["lrn", "declarant_id", "customs_office", "submitter_id"])
def test_a_missing_placeholder_is_named(option: str) -> None:
    with pytest.raises(ExportError) as caught:
        xml(danish(), **{option: " "})
    assert caught.value.code == f"{option}_missing"
    assert option in caught.value.action


@pytest.mark.parametrize(
    ("declaration", "options", "code"),
    [
        (danish(item(1, line("1"), hs_code=None)), {}, "hs_code_missing"),
        (danish(item(1, line("1"), hs_code="8544")), {}, "hs_code_missing"),
        (danish(item(1, line("-1"))), {}, "negative_value"),
        (danish(item(1, line("1"), description="\x00 ")), {}, "no_description"),
        (danish(gross_weight_kg=Decimal(-1)), {}, "negative_value"),
        (danish(gross_weight_kg=Decimal("1e10")), {}, "weight_too_large"),
        (danish(gross_weight_kg=Decimal("1e400")), {}, "weight_too_large"),
        (danish(), {"lrn": "X" * 23}, "identifier_too_long"),
        (danish(), {"on": "2021-06-30"}, "no_regime"),
        (danish(), {"goods_location": Address(city="Aarhus")}, "bad_goods_location"),
        (danish(ioss_number=""), {"vat": "ioss"}, "ioss_number_missing"),
        (danish(importer="business", ioss_number=""), {}, "importer_id_missing"),
        (danish(importer="business"), {"vat": "special_arrangements"}, "importer_id_missing"),
        (danish(ioss_number=""), {"importer_id": "DK1"}, "importer_not_private"),
        (danish(item(1, line("176.93"))), {}, "over_limit"),
        (danish(item(1, line("60")), purpose="gift"), {}, "over_limit"),
        (danish(item(1, line("1"), hs_code="33030010")), {}, "excise_goods"),
        (danish(item(1, line("1"), hs_code="990500")), {}, "special_code_with_ioss"),
        (danish(ioss_number="123456789012"), {}, "bad_ioss_number"),
        (danish(destination_country="NO"), {}, "destination_outside_eu"),
    ],
)
def test_what_danish_customs_would_reject_is_refused(
    declaration: Declaration, options: dict[str, Any], code: str
) -> None:
    with pytest.raises(ExportError) as caught:
        xml(declaration, **options)
    assert caught.value.code == code
    assert caught.value.action


@pytest.mark.parametrize(("value", "refused"), [("176.92", False), ("176.93", True)])
def test_exactly_1150_kroner_is_still_low_value(value: str, refused: bool) -> None:
    rate = Decimal(1150) / Decimal("176.92")
    options = DECLARANT | {"on": NEW, "limit_rate": rate.quantize(Decimal("0.000001"))}
    found = h7_dms.findings(danish(item(1, line(value))), **options)
    assert ("over_limit" in {finding.code for finding in found}) is refused


def test_what_the_declarant_should_look_at_is_told_without_refusing() -> None:
    doubtful = danish(freight=None, gross_weight_kg=None, ioss_number="IM0000000224")
    found = h7_dms.findings(doubtful, **DECLARANT, on=NEW)
    assert {finding.code: finding.severity for finding in found} == {
        "limit_not_tested": "warning",
        "unusual_ioss_number": "warning",
        "consignor_missing": "warning",
        "gross_weight_missing": "warning",
        "freight_unknown": "warning",
    }


def test_a_private_importer_who_declares_himself_needs_a_representative() -> None:
    options = DECLARANT | {"declarant_id": PRIVATE, "on": NEW}
    codes = {finding.code for finding in h7_dms.findings(danish(), **options)}
    assert "representative_missing" in codes
    root = xml(danish(), declarant_id=PRIVATE, representative_id="DK87654321")
    assert texts(root, ".//d:Agent/*") == ["DK87654321", "2"]


def test_the_gross_weight_is_shared_by_net_weight_and_adds_up() -> None:
    light = item(1, line("1", line_net_weight_kg=Decimal("0.1")))
    heavy = item(2, line("1", line_net_weight_kg=Decimal("0.2")))
    root = xml(danish(light, heavy, gross_weight_kg=Decimal("0.4")))
    shares = [Decimal(text) for text in texts(root, ".//d:Commodity//d:GrossMassMeasure")]
    assert shares == [Decimal("0.133"), Decimal("0.267")]
    unknown = xml(danish(light, item(2, line("1"))))
    assert texts(unknown, ".//d:Commodity//d:GrossMassMeasure") == []
    assert texts(unknown, ".//d:GrossMassMeasure") == ["0.25"]


def test_the_packages_are_counted_once() -> None:
    root = xml(danish(item(1, line("1")), item(2, line("1"))), packages=3)
    assert texts(root, ".//d:QuantityQuantity") == ["3", "0"]


def test_an_address_with_hidden_parts_is_left_out() -> None:
    hidden = Address(
        name="A***", lines=("V***",), city="X", postcode="8", country="DK", masked=True
    )
    root = xml(danish(recipient=hidden))
    assert texts(root, ".//d:Importer/*") == [PRIVATE]


def test_the_registry_lists_and_checks_the_options() -> None:
    with pytest.raises(UsageError, match="lrm") as caught:
        export(danish(), "h7-dms-xml", lrm="1")
    assert all(option in caught.value.action for option in H7Options.model_fields)
    with pytest.raises(UsageError, match="not valid") as wrong:
        export(danish(), "h7-dms-xml", packages=0)
    assert wrong.value.path == "packages"


def test_the_codes_are_of_the_official_lists() -> None:
    folder = FOLDER / "docs" / "codelists_csv"
    if not folder.is_dir():
        pytest.skip("The official code lists are not beside this repository.")

    def listed(name: str) -> set[str]:
        lines = (folder / f"{name}.csv").read_text(encoding="utf-8").splitlines()
        return {text.split(",")[0] for text in lines[1:]}

    codes = tables()["codes"]
    assert set(codes["transport_documents"].values()) <= listed("CL10276")
    assert set(codes["invoice_documents"]) <= listed("CL10275")
    assert codes["ioss_role"] in listed("CL10250")
    routes = ("ioss", "special_arrangements", "standard", "gift")
    used = {code for row in tables()["regime"] for route in routes for code in row[route]}
    assert used <= listed("CL10027")
