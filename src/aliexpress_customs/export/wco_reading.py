"""Reading the XML of Danish DMS and of the UK CDS, which share a namespace and most of a shape.

Which of them a file is, is told by its content: the UK wraps the declaration in `MetaData`, Denmark
states a `ProcedureCategory`. Source: the schemas of both, see `export.h7_dms` and `export.cds`.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from aliexpress_customs.errors import ReadError
from aliexpress_customs.export import cn23_xml
from aliexpress_customs.export.customs_message import CustomsMessage
from aliexpress_customs.export.validated import validated
from aliexpress_customs.export.xml_h7_options import tables
from aliexpress_customs.export.xml_reading import parse_xml

if TYPE_CHECKING:
    from lxml import etree

WCO: Final = "urn:wco:datamodel:WCO:DEC-DMS:2"
"""Of the declaration, in Denmark and in the United Kingdom."""
WCO_METADATA: Final = "urn:wco:datamodel:WCO:DocumentMetaData-DMS:2"
"""Of the envelope around it, in the United Kingdom."""
DANISH: Final = "h7-dms-xml"
BRITISH: Final = "cds-xml"

_UBL: Final = "urn:oasis:names:specification:ubl:schema:xsd:"
_IOSS: Final = "ioss_role"
_CODES: Final = ("TSP", "TRC", "HS")
"""Kinds of commodity code whose digits follow each other; others are additional codes."""


def read_wco(content: str | bytes, format_name: str) -> CustomsMessage:
    """The declaration in a message.

    Args:
        content: the XML.
        format_name: `h7-dms-xml` or `cds-xml`.

    Raises:
        ReadError: no XML, another kind of file, or a value that does not fit.
    """
    root = parse_xml(content, format_name)
    what, name = _kind(root)
    if name != format_name:
        raise ReadError(
            f"This is {what}, not a {format_name} file.",
            code="other_format",
            action=f"Read it as {name}." if name else f"Pass a {format_name} file.",
        )
    body = root if _local(root) == "Declaration" else _one(root, "Declaration")
    shipment = None if body is None else _one(body, "GoodsShipment")
    if body is None or shipment is None:
        raise ReadError(
            "The message holds no declaration of goods.",
            code="no_goods",
            action="Pass an original declaration, not an answer or an invalidation.",
        )
    return validated(CustomsMessage, _message(body, shipment, format_name))


def _kind(root: etree._Element) -> tuple[str, str]:
    """What a file is, in words, and the name of its format if there is one."""
    from lxml import etree  # noqa: PLC0415 (slow to import, needed by XML only)

    name = etree.QName(root)
    namespace = name.namespace or ""
    if namespace == WCO_METADATA:
        return "a message of the UK Customs Declaration Service", BRITISH
    if namespace == WCO and name.localname == "Declaration":
        category = _text(root, "ProcedureCategory")
        if category == "H7":
            return "an H7 of the Danish DMS", DANISH
        if category:
            return "a Danish declaration that is no H7", ""
        return "a declaration of the UK Customs Declaration Service", BRITISH
    if namespace == cn23_xml.NAMESPACE:
        return "a postal form CN 22 / CN 23", cn23_xml.NAME
    return "a UBL document" if namespace.startswith(_UBL) else "another kind of XML", ""


def _message(body: etree._Element, shipment: etree._Element, format_name: str) -> dict[str, Any]:
    fiscal = [
        {"kind": _text(party, "RoleCode"), "number": _text(party, "ID")}
        for party in _all(shipment, "DomesticDutyTaxParty")
    ]
    role = tables()["codes"][_IOSS]
    items = [_item(item) for item in _all(shipment, "GovernmentAgencyGoodsItem")]
    invoices = _documents(shipment, "SupportingDocument")
    transport = _documents(shipment, "Consignment/TransportContractDocument")
    return {
        "format": format_name,
        "lrn": _text(body, "FunctionalReferenceID"),
        "declaration_type": _text(body, "TypeCode"),
        "customs_office": _text(body, "DeclarationOfficeID"),
        "declarant_id": _text(body, "Declarant/ID"),
        "representative_id": _text(body, "Agent/ID"),
        "representative_status": _text(body, "Agent/FunctionCode"),
        "exporter": _party(_one(shipment, "Consignor"), _one(body, "Exporter")),
        "importer": _party(_one(shipment, "Importer")),
        "ioss_number": next((one["number"] for one in fiscal if one["kind"] == role), ""),
        "fiscal_references": [one for one in fiscal if one["kind"] != role],
        "transport_costs": _amount(shipment, "Consignment/Freight/rate"),
        "freight": _amount(shipment, "CustomsValuation/FreightChargeAmount"),
        "gross_weight_kg": _text(shipment, "GoodsMeasure/GrossMassMeasure") or None,
        "dispatch_country": _text(shipment, "ExportCountry/ID"),
        "destination_country": _text(shipment, "Destination/CountryCode"),
        "invoice_number": _invoice_number(
            invoices + [document for item in items for document in item["documents"]]
        ),
        "tracking_number": transport[0]["number"] if transport else "",
        "documents": invoices + transport + _documents(shipment, "PreviousDocument"),
        "items": items,
    }


def _item(element: etree._Element) -> dict[str, Any]:
    procedures = _all(element, "GovernmentProcedure")
    return {
        "number": _text(element, "SequenceNumeric"),
        "description": _text(element, "Commodity/Description"),
        "hs_code": "".join(_codes(element)),
        "value": _amount(element, "Commodity/InvoiceLine/ItemChargeAmount")
        or _amount(element, "CustomsValueAmount"),
        "gross_weight_kg": _text(element, "Commodity/GoodsMeasure/GrossMassMeasure") or None,
        "net_weight_kg": _text(element, "Commodity/GoodsMeasure/NetNetWeightMeasure") or None,
        "origin_country": _text(element, "Origin/CountryCode"),
        "procedure": "".join(
            _text(one, "CurrentCode") + _text(one, "PreviousCode") for one in procedures[:1]
        ),
        "additional_procedures": [_text(one, "CurrentCode") for one in procedures[1:]],
        "packages": _text(element, "Packaging/QuantityQuantity") or None,
        "documents": _documents(element, "AdditionalDocument"),
        "statements": [
            _text(one, "StatementCode") for one in _all(element, "AdditionalInformation")
        ],
    }


def _codes(element: etree._Element) -> Iterator[str]:
    found = {
        _text(one, "IdentificationTypeCode"): _text(one, "ID")
        for one in reversed(_all(element, "Commodity/Classification"))
    }
    return (found[kind] for kind in _CODES if kind in found)


def _documents(parent: etree._Element, path: str) -> list[dict[str, str]]:
    """Documents; the UK splits their code into category and type."""
    return [
        {
            "kind": _text(one, "CategoryCode") + (_text(one, "TypeCode") or _text(one, "Type")),
            "number": _text(one, "ID"),
            "status": _text(one, "LPCOExemptionCode"),
        }
        for one in _all(parent, path)
    ]


def _invoice_number(documents: list[dict[str, str]]) -> str:
    kinds = tables()["codes"]["invoice_documents"]
    return next((one["number"] for one in documents if one["kind"] in kinds), "")


def _party(*elements: etree._Element | None) -> dict[str, str]:
    """The first of the elements that is there."""
    found = next((element for element in elements if element is not None), None)
    if found is None:
        return {}
    return {
        "name": _text(found, "Name"),
        "id": _text(found, "ID"),
        "line": _text(found, "Address/Line"),
        "city": _text(found, "Address/CityName"),
        "postcode": _text(found, "Address/PostcodeID"),
        "country": _text(found, "Address/CountryCode"),
    }


def _amount(parent: etree._Element, path: str) -> str | None:
    element = _one(parent, path)
    return None if element is None else f"{_line(element)} {element.get('currencyID', '')}"


def _text(parent: etree._Element, path: str) -> str:
    element = _one(parent, path)
    return "" if element is None else _line(element)


def _line(element: etree._Element) -> str:
    return " ".join((element.text or "").split())


def _one(parent: etree._Element, path: str) -> etree._Element | None:
    return parent.find(_qualified(path))


def _all(parent: etree._Element, path: str) -> list[etree._Element]:
    return parent.findall(_qualified(path))


@cache
def _qualified(path: str) -> str:
    return "/".join(f"{{{WCO}}}{name}" for name in path.split("/"))


def _local(element: etree._Element) -> str:
    from lxml import etree  # noqa: PLC0415

    return etree.QName(element).localname
