"""`cds-xml`: an import declaration as the UK Customs Declaration Service (HMRC) takes it.

For customs agents and their software. Three data sets: `H1` with the relief C07 and 1RV, `BIRDS`
(C21i, many consignments) and `SRDS` (H7, Northern Ireland), see `data/export/cds.toml`. Its
namespace `urn:wco:datamodel:WCO:DEC-DMS:2` is also that of Denmark's, with another schema.
Source: HMRC, customs-declarations, XSD and annotated samples.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from aliexpress_customs.declaration.model import Declaration
from aliexpress_customs.errors import ExportError
from aliexpress_customs.export.amounts import require_flat
from aliexpress_customs.export.customs_message import CustomsMessage
from aliexpress_customs.export.wco_reading import WCO, WCO_METADATA, read_wco
from aliexpress_customs.export.xml_cds import (
    CdsOptions,
    additional_procedures,
    cds_findings,
    data_set,
    declaration_type,
    fiscal_reference,
    tables,
    uses_ioss,
)
from aliexpress_customs.export.xml_cds_items import REFERENCE_LENGTH, add_items
from aliexpress_customs.export.xml_cds_parties import add_party, exporter_of, importer_of, whole
from aliexpress_customs.export.xml_h7 import DOCUMENT_LENGTH, LRN_LENGTH
from aliexpress_customs.export.xml_options import (
    limited,
    refuse_errors,
    required,
    with_options,
)
from aliexpress_customs.export.xml_text import Builder, cut, document
from aliexpress_customs.model import Finding

if TYPE_CHECKING:
    from lxml import etree

NAME: Final = "cds-xml"
SUMMARY: Final = "Import declaration as XML for the UK Customs Declaration Service (HMRC)."
MEDIA_TYPE: Final = "application/xml"
ACCEPTS: Final = Declaration

METADATA: Final = WCO_METADATA
NAMESPACE: Final = WCO
_ORIGINAL: Final = "9"
_META, _XML = Builder(METADATA), Builder(NAMESPACE)


@with_options(CdsOptions)
def write(declaration: Declaration, options: CdsOptions) -> bytes:
    """The XML in UTF-8; the options are the fields of `CdsOptions`.

    Raises:
        ExportError: a mandatory option or fact is missing, or, unless `checks="skip"`, customs
            would reject it.
    """
    require_flat(declaration)
    row = data_set(declaration, options)
    kind = _additional_type(options, row)
    procedures = additional_procedures(declaration, row)
    if len(declaration.items) > row["most_items"]:
        raise ExportError(
            f"The declaration has more than {row['most_items']} goods items.",
            code="too_many_items",
            path="items",
            action="Split the consignment over several declarations.",
        )
    if options.checks == "refuse":
        refuse_errors(cds_findings(declaration, options))
    root = _META.root("MetaData", {"md": METADATA, None: NAMESPACE})
    _META.texts(
        root,
        WCODataModelVersionCode="3.6",
        WCOTypeName="DEC",
        ResponsibleCountryCode="GB",
        ResponsibleAgencyName="HMRC",
        AgencyAssignedCustomizationVersionCode="v2.1",
    )
    body = _XML.group(root, "Declaration")
    lrn = required(options.lrn, "lrn", "local reference number (LRN)", LRN_LENGTH)
    _XML.texts(
        body,
        FunctionCode=_ORIGINAL,
        FunctionalReferenceID=lrn,
        TypeCode=declaration_type(declaration, row) + kind,
        GoodsItemQuantity=str(len(declaration.items)),
        TotalPackageQuantity=str(options.packages) if "packages" in row["groups"] else "",
    )
    _authority(body, options, row)
    exporter = exporter_of(declaration, options, various="birds" in row["groups"])
    add_party(_XML.group(body, "Exporter"), exporter, _XML)
    shipment = _XML.group(body, "GoodsShipment")
    _shipment_head(shipment, declaration, options, row)
    add_items(shipment, declaration, options, row, procedures, _XML)
    add_party(_XML.group(shipment, "Importer"), importer_of(declaration, options), _XML)
    _shipment_tail(shipment, declaration, options, row)
    if _deferred(options, row):
        guarantee = _XML.group(body, "ObligationGuarantee")
        _XML.texts(guarantee, ID="Guaranteenotrequired", SecurityDetailsCode="0")
    if "birds" in row["groups"]:
        office = required(options.supervising_office, "supervising_office", "supervising office")
        _XML.texts(_XML.group(body, "SupervisingOffice"), ID=office)
    return document(root)


@with_options(CdsOptions)
def findings(declaration: Declaration, options: CdsOptions) -> tuple[Finding, ...]:
    """What HMRC would reject or ask about; options as `write`."""
    return cds_findings(declaration, options)


def read_back(content: str | bytes) -> CustomsMessage:
    """The declaration in a UK message, of this library or of another program.

    Raises:
        ReadError: no XML, another kind of file (also of Denmark), or a value that does not fit.
    """
    return read_wco(content, NAME)


def _additional_type(options: CdsOptions, row: dict[str, Any]) -> str:
    known = row["additional_types"]
    kind: str = options.additional_type or known[0]
    if kind not in known:
        raise ExportError(
            f"{row['name']} has no additional declaration type {kind[:3]}.",
            code="bad_additional_type",
            path="additional_type",
            action=f"Use one of: {', '.join(known)}.",
        )
    return kind


def _deferred(options: CdsOptions, row: dict[str, Any]) -> bool:
    return row["name"] == "H1" and bool(options.deferment_account.strip())


def _authority(body: etree._Element, options: CdsOptions, row: dict[str, Any]) -> None:
    """Payment, representative, authorisations, mode of transport, declarant."""
    declarant = required(options.declarant_id, "declarant_id", "EORI number of the declarant")
    holder = options.authorisation_holder or options.importer_id or declarant
    if _deferred(options, row):
        account = limited(options.deferment_account, "deferment_account")
        payment = _XML.group(body, "AdditionalDocument")
        _XML.texts(payment, CategoryCode="1", ID=account, TypeCode="DAN")
    if options.representation:
        _XML.texts(_XML.group(body, "Agent"), FunctionCode=options.representation)
    kinds = ("CGU", "DPO") if _deferred(options, row) else ()
    for kind in ("BRD",) if "birds" in row["groups"] else kinds:
        _XML.texts(
            _XML.group(body, "AuthorisationHolder"),
            ID=limited(holder, "authorisation_holder"),
            CategoryCode=kind,
        )
    mode = tables()["codes"]["transport_modes"][options.transport]
    _XML.texts(_XML.group(body, "BorderTransportMeans"), ModeCode=mode)
    _XML.texts(_XML.group(body, "Declarant"), ID=declarant)


def _shipment_head(
    shipment: etree._Element, declaration: Declaration, options: CdsOptions, row: dict[str, Any]
) -> None:
    groups = row["groups"]
    if "buyer" in groups:
        _XML.texts(shipment, TransactionNatureCode="1")
        if (buyer := whole(declaration.recipient)) is not None:
            add_party(_XML.group(shipment, "Buyer"), buyer, _XML)
    consignment = _XML.group(shipment, "Consignment")
    if "transport" in groups:
        _XML.texts(consignment, ContainerCode="1" if options.container_id.strip() else "0")
        if options.transport_id.strip():
            means = _XML.group(consignment, "ArrivalTransportMeans")
            means_id = limited(options.transport_id, "transport_id", REFERENCE_LENGTH)
            _XML.texts(means, ID=means_id, IdentificationTypeCode=options.transport_id_type)
    place = _XML.group(consignment, "GoodsLocation")
    location = required(
        options.goods_location, "goods_location", "location of the goods", REFERENCE_LENGTH
    )
    _XML.texts(place, Name=location, TypeCode="A")
    _XML.texts(_XML.group(place, "Address"), TypeCode="U", CountryCode="GB")
    if "transport" in groups and options.container_id.strip():
        container = _XML.group(consignment, "TransportEquipment")
        _XML.texts(container, SequenceNumeric="1", ID=limited(options.container_id, "container_id"))
    if "freight" in groups and declaration.freight is not None:
        valuation = _XML.group(shipment, "CustomsValuation")
        _XML.amount(valuation, "FreightChargeAmount", declaration.freight)
    if "destination" in groups:
        country = declaration.destination_country
        _XML.texts(_XML.group(shipment, "Destination"), CountryCode=country)
    number, role = fiscal_reference(declaration, row) or ("", "")
    if cut(number):
        reference = _XML.group(shipment, "DomesticDutyTaxParty")
        field = "ioss_number" if uses_ioss(declaration, row) else "importer_tax_id"
        _XML.texts(reference, ID=limited(number, field), RoleCode=role)
    if "export_country" in groups:
        _XML.texts(_XML.group(shipment, "ExportCountry"), ID=declaration.dispatch_country)


def _shipment_tail(
    shipment: etree._Element, declaration: Declaration, options: CdsOptions, row: dict[str, Any]
) -> None:
    reference = options.previous_document_id or declaration.tracking_number
    number = required(reference, "previous_document_id", "previous document", DOCUMENT_LENGTH)
    category, kind = row["previous_document"]
    previous = _XML.group(shipment, "PreviousDocument")
    _XML.texts(previous, CategoryCode=category, ID=number, TypeCode=kind)
    if "seller" in row["groups"]:
        seller = whole(options.seller) or exporter_of(declaration, options, various=False)
        add_party(_XML.group(shipment, "Seller"), seller, _XML)
    if "trade_terms" in row["groups"] and declaration.incoterm.strip():
        terms = _XML.group(shipment, "TradeTerms")
        _XML.text(terms, "ConditionCode", declaration.incoterm, 3)
        _XML.text(terms, "LocationID", options.trade_location, 17)
    if options.ucr.strip():
        reference_group = _XML.group(shipment, "UCR")
        _XML.texts(
            reference_group, TraderAssignedReferenceID=limited(options.ucr, "ucr", REFERENCE_LENGTH)
        )
