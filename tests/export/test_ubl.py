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

from aliexpress_customs.consignment.model import CollectedTax
from aliexpress_customs.declaration.model import Declaration
from aliexpress_customs.errors import ExportError
from aliexpress_customs.export import ubl
from aliexpress_customs.invoice.model import Address, Party
from aliexpress_customs.money import money
from strategies import declarations, many

from .parcels import item, line, parcel

XSD = Path(__file__).parents[3] / "shared/reference/schemas/ubl-2.1/xsd/maindoc/UBL-Invoice-2.1.xsd"
NS = {"a": ubl.CAC, "b": ubl.CBC}
SAFE = etree.XMLParser(resolve_entities=False, no_network=True)
ORDER = "8012345678901234"
FACTS: dict[str, Any] = {"issue_date": "2026-07-02", "document_id": "RE-1", "buyer_name": "Anne"}


@cache
def xsd() -> etree.XMLSchema:
    if not XSD.is_file():
        pytest.skip("The official XSD of UBL 2.1 is not beside this repository.")
    return etree.XMLSchema(etree.parse(XSD))


def collected(amount: str, currency: str = "USD", **facts: Any) -> CollectedTax:
    known: dict[str, Any] = {"kind": "vat", "inside_prices": True}
    return CollectedTax(amount=money(amount, currency), **known | facts)


def xml(declaration: Declaration, **options: Any) -> etree._Element:
    return etree.fromstring(ubl.write(declaration, **FACTS | options), SAFE)


def text(root: etree._Element, path: str) -> str | None:
    return root.findtext(path, None, NS)


@st.composite
def invoiced(draw: st.DrawFn) -> tuple[Declaration, dict[str, Any]]:
    """A declaration on which no VAT was collected, or VAT that a rate explains, on all or some."""
    declaration = draw(declarations())
    rate = Decimal(draw(st.sampled_from(("5.5", "19", "20", "25.5"))))
    taxes: tuple[CollectedTax, ...] = ()
    kind = draw(st.sampled_from(("none", "computed", "partly")))
    if kind == "none":
        declaration = declaration.model_copy(update={"ioss_number": "", "collected": ()})
    elif kind == "computed":
        declaration = declaration.model_copy(
            update={"ioss_number": "IM3720000224", "collected": ()}
        )
    else:
        free = declaration.model_copy(update={"freight": None, "insurance": None})
        order = free.lines[0].order_id
        base = sum((ln.line_value.amount for ln in free.lines if ln.order_id == order), Decimal(0))
        if order is not None and base:
            tax = money((base * rate / 100).quantize(Decimal("0.01")), free.currency)
            taxes = (CollectedTax(kind="vat", amount=tax, inside_prices=True, order_id=order),)
        declaration = free.model_copy(
            update={"collected": taxes, "ioss_number": "IM3720000224" if taxes else ""}
        )
    return declaration, FACTS | {"vat_rate": rate, "seller_id": "1234"}


@many
@given(invoiced(), st.sampled_from(("380", "935", "325")), st.booleans())
def test_every_document_is_valid_by_the_official_xsd(
    made: tuple[Declaration, dict[str, Any]], kind: str, paid: bool
) -> None:
    declaration, options = made
    for content in ubl.documents(declaration, **options, document_type=kind, paid=paid):
        xsd().assertValid(etree.fromstring(content, SAFE))


def test_what_is_left_to_pay_has_a_due_date_or_says_that_it_has_no_terms() -> None:
    declaration = parcel(ioss_number="")
    unpaid = xml(declaration, paid=False)
    assert text(unpaid, "a:PaymentTerms/b:Note") == "The order states no terms of payment."
    dated = xml(declaration, paid=False, due_date="2026-08-01")
    assert text(dated, "b:DueDate") == "2026-08-01"
    assert dated.find("a:PaymentTerms", NS) is None
    assert xml(declaration).find("a:PaymentTerms", NS) is None


def test_an_order_under_ioss_bears_its_vat() -> None:
    declaration = parcel(
        item(1, line("6.40", quantity=2, line_net_weight_kg=Decimal("0.1"))),
        collected=(collected("1.68"),),
        freight=money("2.00", "USD"),
    )
    root = xml(declaration, vat_rate=20)
    assert text(root, "b:InvoiceTypeCode") == "380"
    assert text(root, ".//a:AccountingSupplierParty//b:CompanyID") == "IM3720000224"
    assert text(root, "a:AllowanceCharge/b:Amount") == "2.00"
    assert text(root, "a:TaxTotal/a:TaxSubtotal/b:TaxableAmount") == "8.40"
    assert text(root, "a:TaxTotal/b:TaxAmount") == "1.68"
    assert text(root, ".//a:TaxSubtotal/a:TaxCategory/b:ID") == "S"
    assert text(root, ".//a:TaxSubtotal/a:TaxCategory/b:Percent") == "20"
    assert text(root, "a:LegalMonetaryTotal/b:TaxInclusiveAmount") == "10.08"
    assert text(root, "a:LegalMonetaryTotal/b:PrepaidAmount") == "10.08"
    assert text(root, "a:LegalMonetaryTotal/b:PayableAmount") == "0.00"
    assert text(root, ".//a:CommodityClassification/b:ItemClassificationCode") == "854442"
    assert text(root, ".//a:OriginCountry/b:IdentificationCode") == "CN"
    assert text(root, ".//a:Price/b:PriceAmount") == "3.20"
    assert text(root, ".//a:AdditionalItemProperty/b:Value") == "0.1"


def test_it_says_that_it_is_not_the_sellers_invoice() -> None:
    root = xml(parcel(invoice_number="INV-77", collected=(collected("1.04"),)), vat_rate=20)
    assert "not the invoice of the seller" in (text(root, "b:Note") or "")
    assert text(root, "b:ID") == "RE-1"
    assert text(root, "a:AdditionalDocumentReference/b:ID") == "INV-77"
    named = xml(parcel(collected=(collected("1.04"),)), vat_rate=20, document_id="")
    assert text(named, "b:ID") == f"RE-{ORDER}"


def test_without_vat_at_the_sale_no_vat_number_is_stated() -> None:
    declaration = parcel(
        ioss_number="", sender=Party(name="Shop", store_id="9", tax_ids={"vat": "FR1"})
    )
    content = ubl.write(declaration, **FACTS, document_type="935")
    root = etree.fromstring(content, SAFE)
    assert b"CompanyID" not in content
    assert b"Percent" not in content
    assert {found.text for found in root.iterfind(".//a:ClassifiedTaxCategory/b:ID", NS)} == {"O"}
    assert text(root, ".//a:TaxSubtotal//b:TaxExemptionReasonCode") == "VATEX-EU-O"
    assert text(root, "a:TaxTotal/b:TaxAmount") == "0.00"


def test_lines_with_and_without_vat_need_two_documents_that_share_the_freight() -> None:
    other = line("6.60", order_id="9000000000000001")
    declaration = parcel(
        item(1, line("3.40"), other),
        freight=money("1.00", "USD"),
        collected=(collected("0.75", order_id=ORDER),),
    )
    with pytest.raises(ExportError) as caught:
        xml(declaration, vat_rate=20)
    assert caught.value.code == "two_documents_needed"
    taxed, untaxed = (
        etree.fromstring(made, SAFE) for made in ubl.documents(declaration, **FACTS, vat_rate=20)
    )
    assert text(taxed, "b:ID") == "RE-1-S"
    assert text(untaxed, "b:ID") == "RE-1-O"
    assert text(taxed, "a:AllowanceCharge/b:Amount") == "0.34"
    assert text(untaxed, "a:AllowanceCharge/b:Amount") == "0.66"
    assert text(taxed, "a:LegalMonetaryTotal/b:TaxInclusiveAmount") == "4.49"
    assert text(untaxed, "a:LegalMonetaryTotal/b:TaxInclusiveAmount") == "7.26"
    assert text(xml(declaration, category="O"), "b:ID") == "RE-1-O"
    codes = {found.code for found in ubl.findings(declaration, **FACTS, vat_rate=20)}
    assert codes == {"two_documents_needed"}


def test_the_stated_vat_is_kept_where_the_rules_allow_it() -> None:
    declaration = parcel(collected=(collected("1.10"),))
    assert text(xml(declaration, vat_rate=20), "a:TaxTotal/b:TaxAmount") == "1.10"
    with pytest.raises(ExportError) as caught:
        xml(parcel(item(1, line("100")), collected=(collected("10"),)), vat_rate=20)
    assert caught.value.code == "vat_differs"


def test_the_standard_rate_of_the_destination_is_the_default() -> None:
    declaration = parcel(ordered_on=dt.date(2026, 7, 2), freight=money("0", "USD"))
    root = xml(declaration)
    assert text(root, ".//a:TaxSubtotal/a:TaxCategory/b:Percent") == "20"
    assert text(root, "a:TaxTotal/b:TaxAmount") == "0.64"
    assert root.find("a:AllowanceCharge", NS) is None
    assert "vat_computed" in {found.code for found in ubl.findings(declaration, **FACTS)}


def test_a_price_that_does_not_divide_is_stated_for_all_pieces() -> None:
    root = xml(parcel(item(1, line("10.00", quantity=3)), ioss_number=""))
    assert text(root, ".//a:Price/b:PriceAmount") == "10.00"
    assert text(root, ".//a:Price/b:BaseQuantity") == "3"


def test_a_number_that_is_no_vat_number_has_another_scheme() -> None:
    root = xml(parcel(ioss_number="2024123"), vat_rate=25)
    assert text(root, ".//a:AccountingSupplierParty//a:PartyTaxScheme//a:TaxScheme/b:ID") == "TAX"


def test_duty_collected_at_checkout_is_left_out_and_said() -> None:
    declaration = parcel(collected=(collected("1.04"), collected("3", kind="duty")))
    codes = {found.code for found in ubl.findings(declaration, **FACTS, vat_rate=20)}
    assert codes == {"duty_left_out"}


@pytest.mark.parametrize(
    ("declaration", "options", "code"),
    [
        (parcel(), {"issue_date": None, "vat_rate": 20}, "issue_date_missing"),
        (parcel(recipient=None), {"buyer_name": "", "vat_rate": 20}, "buyer_name_missing"),
        (parcel(sender=Party()), {"vat_rate": 20}, "seller_id_missing"),
        (parcel(), {"category": "O", "vat_rate": 20}, "no_lines"),
        (parcel(destination_country="US"), {}, "vat_rate_missing"),
        (
            parcel(ioss_number="", collected=(collected("1.04"),)),
            {"vat_rate": 20},
            "seller_tax_id_missing",
        ),
        (
            parcel(item(1, line("1", order_id=None))),
            {"document_id": "", "vat_rate": 20},
            "document_id_missing",
        ),
        (
            parcel(item(1, line("1", title="\x00"), description="\x00")),
            {"vat_rate": 20},
            "no_description",
        ),
        (parcel(item(1, line("-1"))), {"vat_rate": 20}, "negative_value"),
    ],
)
def test_what_an_invoice_cannot_do_without_is_asked_for(
    declaration: Declaration, options: dict[str, Any], code: str
) -> None:
    with pytest.raises(ExportError) as caught:
        xml(declaration, **options)
    assert caught.value.code == code
    assert caught.value.action


def test_what_the_reader_should_know_is_told() -> None:
    hidden = Address(name="A***", country="FR", masked=True)
    fine = parcel(item(1, line("1.001")), ioss_number="", recipient=hidden)
    codes = {found.code for found in ubl.findings(fine, **FACTS)}
    assert codes == {"amounts_rounded", "recipient_masked"}


def test_an_ioss_number_means_vat_even_if_only_an_unknown_tax_is_stated() -> None:
    declaration = parcel(collected=(collected("1.04", kind="unknown"),))
    root = xml(declaration, vat_rate=20)
    assert text(root, ".//a:TaxSubtotal/a:TaxCategory/b:ID") == "S"


def test_freight_of_two_documents_without_value_goes_to_the_first() -> None:
    free = item(1, line("0"), line("0", order_id="9"))
    declaration = parcel(
        free, freight=money("1.00", "USD"), collected=(collected("0.20", order_id=ORDER),)
    )
    first, second = ubl.documents(declaration, **FACTS, vat_rate=20)
    assert b"AllowanceCharge" in first
    assert b"AllowanceCharge" not in second


def test_a_destination_without_rules_asks_for_the_rate() -> None:
    with pytest.raises(ExportError, match="rate"):
        xml(parcel(destination_country="AQ"))
