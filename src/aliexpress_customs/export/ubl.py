"""`ubl-xml`: an order re-expressed as a UBL 2.1 invoice by EN 16931.

For bookkeepers, e-invoicing inboxes and brokers' invoice intake. It is no invoice of the seller:
a note says so, and it has a number of its own. Types: 380 commercial invoice, 935 customs invoice,
325 proforma. `documents` gives both documents where one order needs two, see `export.xml_ubl`.
Source: OASIS UBL 2.1; CEN EN 16931-1 and its syntax binding CEN/TS 16931-3-2.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from aliexpress_customs.declaration.model import Declaration
from aliexpress_customs.errors import ExportError
from aliexpress_customs.export.xml_options import with_options
from aliexpress_customs.export.xml_text import Builder, cut, document
from aliexpress_customs.export.xml_ubl import Figures, InvoicedLine, UblOptions, figures
from aliexpress_customs.export.xml_ubl_parties import add_parties
from aliexpress_customs.model import Finding
from aliexpress_customs.money import EXACT, Money, is_exact, money

if TYPE_CHECKING:
    from lxml import etree

NAME: Final = "ubl-xml"
SUMMARY: Final = "The order re-expressed as a UBL 2.1 invoice (EN 16931), for bookkeeping."
MEDIA_TYPE: Final = "application/xml"
ACCEPTS: Final = Declaration

INVOICE: Final = "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
CAC: Final = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
CBC: Final = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
NOTE: Final = (
    "Re-expressed from the data of an order on AliExpress for customs and bookkeeping. "
    "This is not the invoice of the seller."
)
_NO_TERMS: Final = "The order states no terms of payment."
_SPECIFICATION: Final = "urn:cen.eu:en16931:2017"
_PIECE: Final = "H87"
"""UN/ECE Recommendation 20."""
_FREIGHT: Final = "FC"
"""UNTDID 7161: freight service."""
_PRICE_STEP: Final = Decimal("0.0001")
"""Finest price of one piece that is written as such."""
_OUT_OF_SCOPE: Final = "VATEX-EU-O"
_OUT_OF_SCOPE_REASON: Final = "No VAT was charged at the sale"

_ROOT, _A, _B = Builder(INVOICE), Builder(CAC), Builder(CBC)


@with_options(UblOptions)
def write(declaration: Declaration, options: UblOptions) -> bytes:
    """The XML in UTF-8; the options are the fields of `UblOptions`.

    Raises:
        ExportError: two documents are needed and no category is chosen, a mandatory option or
            fact is missing, or the tax does not fit.
    """
    found = figures(declaration, options)
    chosen = [one for one in found if options.category in {None, one.category}]
    if len(chosen) > 1:
        raise ExportError(
            "VAT was collected on a part of the lines only: that needs two invoices.",
            code="two_documents_needed",
            path="category",
            action='Write it with category="S" and again with category="O".',
        )
    if not chosen:
        raise ExportError(
            f"No line is of category {options.category}.",
            code="no_lines",
            path="category",
            action="Leave category out.",
        )
    return _document(declaration, chosen[0], options)


@with_options(UblOptions)
def documents(declaration: Declaration, options: UblOptions) -> tuple[bytes, ...]:
    """All documents of the declaration, one or two; options and errors as `write`."""
    return tuple(_document(declaration, one, options) for one in figures(declaration, options))


@with_options(UblOptions)
def findings(declaration: Declaration, options: UblOptions) -> tuple[Finding, ...]:
    """What the reader of the documents should know; options as `write`."""
    found: list[tuple[str, str, str]] = []
    parts = figures(declaration, options)
    if len(parts) > 1:
        found.append(("two_documents_needed", "VAT was collected on a part only.", "category"))
    if not all(part.tax_stated for part in parts):
        found.append(("vat_computed", "The VAT is computed: none is stated.", "collected"))
    if any(tax.kind != "vat" for tax in declaration.collected):
        message = "Duty, or tax not told apart from it, was collected: it is on no document."
        found.append(("duty_left_out", message, "collected"))
    if sum((part.line_total.amount for part in parts), Decimal(0)) != (
        declaration.intrinsic_value.amount
    ):
        message = "The line values have more than two decimals and are rounded."
        found.append(("amounts_rounded", message, "items"))
    if declaration.recipient is not None and declaration.recipient.masked:
        found.append(("recipient_masked", "Parts of the buyer are hidden.", "recipient"))
    return tuple(Finding(code=code, message=text, path=path) for code, text, path in found)


def _document(declaration: Declaration, part: Figures, options: UblOptions) -> bytes:
    root = _ROOT.root("Invoice", {None: INVOICE, "cac": CAC, "cbc": CBC})
    date = options.issue_date or declaration.ordered_on
    if date is None:
        raise ExportError(
            "The invoice has no date.",
            code="issue_date_missing",
            path="issue_date",
            action="Pass issue_date, or declare ordered_on.",
        )
    _B.texts(
        root,
        CustomizationID=_SPECIFICATION,
        ID=_document_id(declaration, part, options),
        IssueDate=date.isoformat(),
        DueDate=options.due_date.isoformat() if options.due_date else "",
        InvoiceTypeCode=options.document_type,
        Note=NOTE,
        DocumentCurrencyCode=declaration.currency,
    )
    if part.order_ids:
        _B.texts(_A.group(root, "OrderReference"), ID=", ".join(map(cut, part.order_ids)))
    _reference(root, declaration.invoice_number, "Invoice number of the seller")
    _reference(root, declaration.tracking_number, "Tracking number")
    add_parties(root, declaration, part.category, options, _A, _B)
    if not options.paid and part.total.amount and options.due_date is None:
        # Rule sets up to 1.3.15 ask what is still to pay for a due date or terms (BR-CO-25).
        _B.texts(_A.group(root, "PaymentTerms"), Note=_NO_TERMS)
    for cost, code, reason in (
        (part.freight, _FREIGHT, "Freight"),
        (part.insurance, "", "Insurance"),
    ):
        if cost is not None and cost.amount:
            charge = _A.group(root, "AllowanceCharge")
            _B.texts(charge, ChargeIndicator="true", AllowanceChargeReasonCode=code)
            _B.texts(charge, AllowanceChargeReason=reason)
            _B.amount(charge, "Amount", cost)
            _tax_category(charge, "TaxCategory", part)
    _totals(root, part, options)
    for number, line in enumerate(part.lines, start=1):
        _line(_A.group(root, "InvoiceLine"), number, line, part)
    return document(root)


def _document_id(declaration: Declaration, part: Figures, options: UblOptions) -> str:
    """A number of our own, never the seller's."""
    number = cut(options.document_id)
    if not number:
        known = cut(part.order_ids[0] if part.order_ids else declaration.invoice_number)
        if not known:
            raise ExportError(
                "The document has no number.",
                code="document_id_missing",
                path="document_id",
                action="Pass document_id: neither an order nor an invoice number is declared.",
            )
        number = f"RE-{known}"
    return number if part.alone else f"{number}-{part.category}"


def _reference(root: etree._Element, number: str, meaning: str) -> None:
    if cut(number):
        reference = _A.group(root, "AdditionalDocumentReference")
        _B.texts(reference, ID=number, DocumentDescription=meaning)


def _tax_category(parent: etree._Element, name: str, part: Figures, reason: str = "") -> None:
    category = _A.group(parent, name)
    _B.texts(category, ID=part.category)
    if part.percent is not None:
        _B.texts(category, Percent=f"{part.percent.normalize():f}")
    if reason:
        _B.texts(category, TaxExemptionReasonCode=_OUT_OF_SCOPE, TaxExemptionReason=reason)
    _B.texts(_A.group(category, "TaxScheme"), ID="VAT")


def _totals(root: etree._Element, part: Figures, options: UblOptions) -> None:
    tax = _A.group(root, "TaxTotal")
    _B.amount(tax, "TaxAmount", part.tax)
    subtotal = _A.group(tax, "TaxSubtotal")
    _B.amount(subtotal, "TaxableAmount", part.taxable)
    _B.amount(subtotal, "TaxAmount", part.tax)
    reason = _OUT_OF_SCOPE_REASON if part.category == "O" else ""
    _tax_category(subtotal, "TaxCategory", part, reason)
    total = _A.group(root, "LegalMonetaryTotal")
    nothing = part.total - part.total
    _B.amount(total, "LineExtensionAmount", part.line_total)
    _B.amount(total, "TaxExclusiveAmount", part.taxable)
    _B.amount(total, "TaxInclusiveAmount", part.total)
    if part.charge_total.amount:
        _B.amount(total, "ChargeTotalAmount", part.charge_total)
    if options.paid:
        _B.amount(total, "PrepaidAmount", part.total)
    _B.amount(total, "PayableAmount", nothing if options.paid else part.total)


def _line(element: etree._Element, number: int, entry: InvoicedLine, part: Figures) -> None:
    line, item = entry.line, entry.item
    _B.texts(element, ID=str(number))
    _B.texts(element, InvoicedQuantity=str(line.quantity))
    element[-1].set("unitCode", _PIECE)
    _B.amount(element, "LineExtensionAmount", entry.amount)
    goods = _A.group(element, "Item")
    title = ", ".join(filter(None, (cut(line.title), cut(line.variant))))
    name = cut(item.description) or title
    if not name:
        raise ExportError(
            "A line has neither a description nor a title.",
            code="no_description",
            path=f"goods item {item.number}",
            action="Declare what the goods are.",
        )
    _B.texts(goods, Description="" if title == name else title, Name=name)
    if product := cut(line.sku_id or line.product_id or ""):
        _B.texts(_A.group(goods, "SellersItemIdentification"), ID=product)
    _B.texts(_A.group(goods, "OriginCountry"), IdentificationCode=item.origin_country)
    if item.hs_code:
        _B.texts(_A.group(goods, "CommodityClassification"), ItemClassificationCode=item.hs_code)
        goods[-1][0].set("listID", "HS")
    _tax_category(goods, "ClassifiedTaxCategory", part)
    if line.line_net_weight_kg is not None:
        weight = _A.group(goods, "AdditionalItemProperty")
        _B.texts(weight, Name="Net weight in kg", Value=f"{line.line_net_weight_kg:f}")
    price, quantity = _price(entry)
    cost = _A.group(element, "Price")
    _B.texts(cost, PriceAmount=f"{price.amount:f}")
    cost[-1].set("currencyID", price.currency.code)
    if quantity != 1:
        _B.texts(cost, BaseQuantity=str(quantity))
        cost[-1].set("unitCode", _PIECE)


def _price(entry: InvoicedLine) -> tuple[Money, int]:
    """Price and the number of pieces it is for: one, unless the line does not divide exactly."""
    amount, quantity = entry.amount, entry.line.quantity
    unit = EXACT.divide(amount.amount, Decimal(quantity))
    if is_exact(unit, _PRICE_STEP):
        return money(unit, amount.currency.code), 1
    return amount, quantity
