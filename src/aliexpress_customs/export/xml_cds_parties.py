"""Parties of a UK declaration: a number, or a name with the whole address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aliexpress_customs.declaration.model import Declaration
from aliexpress_customs.errors import ExportError
from aliexpress_customs.export.xml_cds import CdsOptions
from aliexpress_customs.export.xml_h7 import H7Party, party
from aliexpress_customs.export.xml_options import limited
from aliexpress_customs.export.xml_text import Builder
from aliexpress_customs.invoice.model import Address

if TYPE_CHECKING:
    from lxml import etree

VARIOUS: Final = "00200"
"""Stands for several exporters in every field but the country (TT_IM073a)."""
POSTCODE_LENGTH: Final = 9
"""Of the UK message; the EU has 17."""


def whole(address: Address | None, name: str = "") -> H7Party | None:
    """A party with its whole address, its postcode cut to the UK length; None if not whole."""
    found = party(address, name=name)
    if found is None or len(found.postcode) <= POSTCODE_LENGTH:
        return found
    short = found.postcode.replace(" ", "")[:POSTCODE_LENGTH]
    return found.model_copy(update={"postcode": short})


def exporter_of(declaration: Declaration, options: CdsOptions, *, various: bool) -> H7Party:
    """The exporter; without one, `00200` where the data set takes several.

    Raises:
        ExportError: he is not known with his whole address.
    """
    known = whole(options.exporter, name=declaration.sender.name)
    if known is not None:
        return known
    if various:
        code = VARIOUS
        return H7Party(
            name=code, line=code, city=code, postcode=code, country=declaration.dispatch_country
        )
    raise ExportError(
        "The exporter is not known with name and whole address.",
        code="exporter_missing",
        path="exporter",
        action="Pass exporter with name, street, city, postcode and country.",
    )


def importer_of(declaration: Declaration, options: CdsOptions) -> H7Party:
    """The importer by his number, else by name and address.

    Raises:
        ExportError: neither is known.
    """
    if options.importer_id.strip():
        return H7Party(id=limited(options.importer_id, "importer_id"))
    known = whole(declaration.recipient)
    if known is None:
        raise ExportError(
            "The importer has neither a number nor a whole address.",
            code="importer_id_missing",
            path="importer_id",
            action="Pass importer_id, or declare the recipient with street, city and postcode.",
        )
    return known


def add_party(element: etree._Element, who: H7Party, builder: Builder) -> None:
    """Add number, name and address, as far as there are any."""
    builder.texts(element, Name=who.name, ID=who.id)
    if who.country:
        builder.texts(
            builder.group(element, "Address"),
            CityName=who.city,
            CountryCode=who.country,
            Line=who.line,
            PostcodeID=who.postcode,
        )
