"""`h7-dms-xml`: the low-value import declaration H7 as the Danish customs system DMS takes it.

For declarants and their software: message of `DMS_H7_V1.9.xsd` (namespace
`urn:wco:datamodel:WCO:DEC-DMS:2`, which the United Kingdom uses for another schema). Placeholders
that only the declarant knows are options. Source: Toldstyrelsen, dms-public, H7 workbook and rules.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aliexpress_customs.declaration.model import Declaration
from aliexpress_customs.errors import ExportError
from aliexpress_customs.export.customs_message import CustomsMessage
from aliexpress_customs.export.wco_reading import WCO, read_wco
from aliexpress_customs.export.xml_h7 import BY_ADDRESS, H7, H7Item, H7Party, fill
from aliexpress_customs.export.xml_h7_options import H7Options, tables
from aliexpress_customs.export.xml_h7_rules import h7_findings
from aliexpress_customs.export.xml_options import refuse_errors, required, with_options
from aliexpress_customs.export.xml_text import Builder, document, plain_kilograms
from aliexpress_customs.model import Finding

if TYPE_CHECKING:
    from lxml import etree

NAME: Final = "h7-dms-xml"
SUMMARY: Final = "Low-value import declaration H7 as XML for the Danish customs system DMS."
MEDIA_TYPE: Final = "application/xml"
ACCEPTS: Final = Declaration

NAMESPACE: Final = WCO
_ORIGINAL: Final = "9"
"""FunctionCode of a first declaration."""
_XML: Final = Builder(NAMESPACE)


class DmsOptions(H7Options):
    """As for H7, and who sends the message."""

    submitter_id: str = ""
    """CVR number of the company whose system sends it; required."""
    submitter_name: str = ""
    """Default: its number, as in the official test cases."""


@with_options(DmsOptions)
def write(declaration: Declaration, options: DmsOptions) -> bytes:
    """The XML in UTF-8; the options are the fields of `DmsOptions`.

    Raises:
        ExportError: a mandatory option or fact is missing, or, unless `checks="skip"`, customs
            would reject it.
    """
    filled = _filled(declaration, options)
    if options.checks == "refuse":
        refuse_errors(h7_findings(declaration, filled, options, "DK"))
    submitter = required(options.submitter_id, "submitter_id", "CVR number of the sender")
    root = _XML.root("Declaration")
    _XML.texts(
        root,
        FunctionCode=_ORIGINAL,
        ProcedureCategory="H7",
        FunctionalReferenceID=filled.lrn,
        TypeCode=f"IM{filled.additional_type}",
        DeclarationOfficeID=filled.customs_office,
    )
    sender = _XML.group(root, "Submitter")
    _XML.texts(sender, Name=options.submitter_name or submitter, ID=submitter)
    if filled.representative_id:
        agent = _XML.group(root, "Agent")
        _XML.texts(agent, ID=filled.representative_id, FunctionCode=filled.representative_status)
    _XML.texts(_XML.group(root, "Declarant"), ID=filled.declarant_id)
    _shipment(_XML.group(root, "GoodsShipment"), filled)
    return document(root)


@with_options(DmsOptions)
def findings(declaration: Declaration, options: DmsOptions) -> tuple[Finding, ...]:
    """What Danish customs would reject or ask about, by its published rules; options as `write`."""
    return h7_findings(declaration, _filled(declaration, options), options, "DK")


def read_back(content: str | bytes) -> CustomsMessage:
    """The declaration in a Danish H7, of this library or of another program.

    Raises:
        ReadError: no XML, another kind of file (also of the UK), or a value that does not fit.
    """
    return read_wco(content, NAME)


def _filled(declaration: Declaration, options: DmsOptions) -> H7:
    filled = fill(declaration, options, tables()["codes"]["private_importer"])
    if not filled.importer.id:
        raise ExportError(
            "The importer has no identification number.",
            code="importer_id_missing",
            path="importer_id",
            action="Pass importer_id, the EORI number of the business.",
        )
    return filled


def _shipment(shipment: etree._Element, filled: H7) -> None:
    if filled.invoice_number:
        invoice = _numbered(shipment, "SupportingDocument")
        _XML.texts(invoice, ID=filled.invoice_number, TypeCode=filled.invoice_document)
    if filled.location or filled.tracking_number or filled.transport_costs is not None:
        _consignment(_XML.group(shipment, "Consignment"), filled)
    if filled.consignor is not None:
        _party(_XML.group(shipment, "Consignor"), filled.consignor)
    if filled.ioss_number:
        vendor = _numbered(shipment, "DomesticDutyTaxParty")
        _XML.texts(vendor, ID=filled.ioss_number, RoleCode=tables()["codes"]["ioss_role"])
    if filled.gross_weight_kg is not None:
        measure = _XML.group(shipment, "GoodsMeasure")
        _XML.texts(measure, GrossMassMeasure=plain_kilograms(filled.gross_weight_kg))
    for item in filled.items:
        _item(_XML.group(shipment, "GovernmentAgencyGoodsItem"), item)
    _party(_XML.group(shipment, "Importer"), filled.importer)


def _consignment(consignment: etree._Element, filled: H7) -> None:
    if filled.location is not None:
        place = _XML.group(consignment, "GoodsLocation")
        _XML.texts(place, TypeCode=filled.location_type, IdentificationType=BY_ADDRESS)
        _party(place, filled.location)
    if filled.tracking_number:
        transport = _numbered(consignment, "TransportContractDocument")
        _XML.texts(transport, ID=filled.tracking_number, Type=filled.transport_document)
    if filled.transport_costs is not None:
        _XML.amount(_XML.group(consignment, "Freight"), "rate", filled.transport_costs)


def _item(element: etree._Element, item: H7Item) -> None:
    _XML.texts(element, SequenceNumeric=str(item.number))
    commodity = _XML.group(element, "Commodity")
    _XML.texts(commodity, Description=item.description)
    code = _numbered(commodity, "Classification")
    _XML.texts(code, ID=item.hs_code, IdentificationTypeCode="HS")
    if item.gross_weight_kg is not None:
        measure = _XML.group(commodity, "GoodsMeasure")
        _XML.texts(measure, GrossMassMeasure=plain_kilograms(item.gross_weight_kg))
    _XML.amount(_XML.group(commodity, "InvoiceLine"), "ItemChargeAmount", item.value)
    procedure = _numbered(element, "GovernmentProcedure")
    _XML.texts(procedure, CurrentCode="40", PreviousCode="00")
    for number, code_text in enumerate(item.additional_procedures, start=2):
        _XML.texts(_numbered(element, "GovernmentProcedure", number), CurrentCode=code_text)
    _XML.texts(_numbered(element, "Packaging"), QuantityQuantity=str(item.packages))


def _party(element: etree._Element, party: H7Party) -> None:
    _XML.texts(element, Name=party.name, ID=party.id)
    if party.country:
        _XML.texts(
            _XML.group(element, "Address"),
            CityName=party.city,
            CountryCode=party.country,
            Line=party.line,
            PostcodeID=party.postcode,
        )


def _numbered(parent: etree._Element, name: str, number: int = 1) -> etree._Element:
    element = _XML.group(parent, name)
    _XML.texts(element, SequenceNumeric=str(number))
    return element
