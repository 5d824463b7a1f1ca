"""`cn23-xml`: a filled-in CN 22 / CN 23 as XML, for systems that print or transmit the form.

The posts have no common public XML for it (UPU M33 is sold, and sent between posts only), so this
is our own: namespace `urn:aliexpress-customs:cn23:1`, XSD in `data/schemas/cn23-1.xsd`. Each
numbered box is always there, empty if unknown. The boxes are explained in `export.postal_form`.
"""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from aliexpress_customs.datafiles import data_folder
from aliexpress_customs.declaration.model import Declaration
from aliexpress_customs.errors import ReadError
from aliexpress_customs.export.amounts import printed
from aliexpress_customs.export.postal_form import (
    AMOUNTS,
    FORM_BOXES,
    ITEM_BOXES,
    WEIGHTS,
    FormParty,
    PostalForm,
    fill_form,
)
from aliexpress_customs.export.validated import validated
from aliexpress_customs.export.xml_reading import parse_xml
from aliexpress_customs.export.xml_text import Builder, document
from aliexpress_customs.money import Money

if TYPE_CHECKING:
    from lxml import etree

NAME: Final = "cn23-xml"
SUMMARY: Final = "The postal customs form CN 22 / CN 23 as XML, with a published XSD."
MEDIA_TYPE: Final = "application/xml"
ACCEPTS: Final = Declaration

NAMESPACE: Final = "urn:aliexpress-customs:cn23:1"
_XML: Final = Builder(NAMESPACE)


def write(
    declaration: Declaration,
    *,
    sdr_rate: Decimal | str | int | None = None,
    explanation: str = "",
    comments: str = "",
    licence_numbers: str = "",
    certificate_numbers: str = "",
) -> bytes:
    """The XML of a postal form, in UTF-8; options as in `export.postal_form.fill_form`.

    Args:
        declaration: the consignment.
        sdr_rate: units of the declaration's currency for 1 special drawing right.
        explanation: what the contents are if their category is `other`.
        comments: box 11.
        licence_numbers: box 12.
        certificate_numbers: box 13.

    Raises:
        ExportError: as `fill_form`.
    """
    form = fill_form(
        declaration,
        sdr_rate=sdr_rate,
        explanation=explanation,
        comments=comments,
        licence_numbers=licence_numbers,
        certificate_numbers=certificate_numbers,
    )
    root = _XML.root("customs_declaration")
    root.set("form", form.form)
    root.set("currency", form.currency)
    for note in form.notes:
        _add(root, "note", note.message).set("code", note.code)
    _add(root, "item_identifier", form.item_identifier)
    _add_party(_add(root, "from"), form.sender)
    _add_party(_add(root, "to"), form.recipient)
    _add(root, "importer_reference", form.importer_reference)
    for item in form.items:
        row = _add(root, "goods_item")
        row.set("number", str(item.number))
        for name in ITEM_BOXES:
            _add(row, name, _text(getattr(item, name)))
    for name in FORM_BOXES:
        _add(root, name, _text(getattr(form, name)))
    return document(root)


def schema_path() -> Path:
    """The shipped XSD."""
    return data_folder() / "schemas" / "cn23-1.xsd"


def read_back(content: str | bytes) -> PostalForm:
    """The form that `write` wrote. Notes keep their code and message.

    Raises:
        ReadError: no XML, or not valid by the shipped XSD.
    """
    root = parse_xml(content, NAME)
    schema = _schema()
    if not schema.validate(root):
        raise ReadError(
            f"The XML is not valid by {schema_path().name}.",
            path=f"line {schema.error_log[0].line}",
            action="Compare it with the XSD.",
        )
    return _form(root)


def _add(parent: etree._Element, name: str, text: str = "") -> etree._Element:
    element = _XML.group(parent, name)
    if text:
        element.text = text
    return element


def _add_party(element: etree._Element, party: FormParty) -> None:
    _add(element, "name", party.name)
    for line in party.address_lines:
        _add(element, "address_line", line)
    for name in ("city", "region", "postcode", "country", "telephone"):
        _add(element, name, getattr(party, name))


def _text(value: Money | Decimal | str | int | None) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value:f}"
    return str(value) if isinstance(value, str | int) else printed(value)


@cache
def _schema() -> etree.XMLSchema:
    from lxml import etree  # noqa: PLC0415

    return etree.XMLSchema(parse_xml(schema_path().read_bytes(), "XSD"))


def _form(root: etree._Element) -> PostalForm:
    currency = root.get("currency", "")
    values: dict[str, Any] = {
        "form": root.get("form"),
        "currency": currency,
        "notes": [
            {"code": note.get("code"), "message": note.text or ""} for note in _all(root, "note")
        ],
        "item_identifier": _one(root, "item_identifier"),
        "sender": _party(_all(root, "from")[0]),
        "recipient": _party(_all(root, "to")[0]),
        "importer_reference": _one(root, "importer_reference"),
        "items": [
            {"number": item.get("number"), **_boxes(item, ITEM_BOXES, currency)}
            for item in _all(root, "goods_item")
        ],
        **_boxes(root, FORM_BOXES, currency),
    }
    return validated(PostalForm, values)


def _boxes(element: etree._Element, names: tuple[str, ...], currency: str) -> dict[str, Any]:
    boxes: dict[str, Any] = {}
    for name in names:
        text = _one(element, name)
        if name in AMOUNTS:
            boxes[name] = f"{text} {currency}" if text else None
        else:
            boxes[name] = (text or None) if name in WEIGHTS else text
    return boxes


def _party(element: etree._Element) -> dict[str, Any]:
    names = ("name", "city", "region", "postcode", "country", "telephone")
    lines = [line.text or "" for line in _all(element, "address_line")]
    return {"address_lines": lines, **{name: _one(element, name) for name in names}}


def _all(element: etree._Element, name: str) -> list[etree._Element]:
    return element.findall(f"{{{NAMESPACE}}}{name}")


def _one(element: etree._Element, name: str) -> str:
    return element.findtext(f"{{{NAMESPACE}}}{name}") or ""
