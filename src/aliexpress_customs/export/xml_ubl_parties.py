"""Seller and buyer of a re-expressed invoice.

EN 16931 wants of the seller a name, a country and an identifier (BR-06, BR-09, BR-CO-26), with VAT
also his VAT number (BR-S-02); of the buyer a name and a country (BR-07, BR-11). Category O forbids
every VAT number (BR-O-02).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from aliexpress_customs.declaration.model import Declaration
from aliexpress_customs.errors import ExportError
from aliexpress_customs.export.xml_text import Builder, cut
from aliexpress_customs.export.xml_ubl import Category, UblOptions

if TYPE_CHECKING:
    from lxml import etree

_VAT_NUMBER: Final = re.compile(r"([A-Z]{2})[0-9A-Za-z+*.]{2,15}")
_PREFIXES_BESIDE_ISO: Final = frozenset({"EL", "XI"})
"""Greece and Northern Ireland (BR-CO-09); IM of the IOSS is the ISO code of the Isle of Man."""


def add_parties(
    root: etree._Element,
    declaration: Declaration,
    category: Category,
    options: UblOptions,
    aggregate: Builder,
    basic: Builder,
) -> None:
    """Add supplier and customer.

    Raises:
        ExportError: a name or number that the rules demand is missing.
    """
    supplier = aggregate.group(aggregate.group(root, "AccountingSupplierParty"), "Party")
    _seller(supplier, declaration, category, options, aggregate, basic)
    customer = aggregate.group(aggregate.group(root, "AccountingCustomerParty"), "Party")
    _buyer(customer, declaration, options, aggregate, basic)


def _seller(
    party: etree._Element,
    declaration: Declaration,
    category: Category,
    options: UblOptions,
    aggregate: Builder,
    basic: Builder,
) -> None:
    seller = declaration.sender
    number = cut(options.seller_id or seller.store_id or seller.url)
    name = cut(seller.name) or number
    if not number and not name:
        raise _missing("seller_id", "The seller is not known.")
    tax_number = _tax_number(declaration, options) if category == "S" else ""
    # A name is no identifier, but it is what tells this seller from others.
    basic.texts(aggregate.group(party, "PartyIdentification"), ID=number or name)
    basic.texts(aggregate.group(party, "PartyName"), Name=name)
    address = aggregate.group(party, "PostalAddress")
    country = options.seller_country or declaration.dispatch_country
    basic.texts(aggregate.group(address, "Country"), IdentificationCode=country)
    if tax_number:
        scheme = aggregate.group(party, "PartyTaxScheme")
        basic.texts(scheme, CompanyID=tax_number)
        kind = "VAT" if _is_vat_number(tax_number) else "TAX"
        basic.texts(aggregate.group(scheme, "TaxScheme"), ID=kind)
    basic.texts(aggregate.group(party, "PartyLegalEntity"), RegistrationName=name)


def _buyer(
    party: etree._Element,
    declaration: Declaration,
    options: UblOptions,
    aggregate: Builder,
    basic: Builder,
) -> None:
    known = declaration.recipient
    name = cut(options.buyer_name or (known.name if known else ""))
    if not name:
        raise _missing("buyer_name", "The buyer is not known.")
    address = aggregate.group(party, "PostalAddress")
    if known is not None:
        lines = [*filter(None, map(cut, known.lines)), ""]
        basic.texts(
            address,
            StreetName=lines[0],
            AdditionalStreetName=", ".join(filter(None, lines[1:])),
            CityName=known.city,
            PostalZone=known.postcode or declaration.postcode,
            CountrySubentity=known.region,
        )
    country = (known.country if known else None) or declaration.destination_country
    basic.texts(aggregate.group(address, "Country"), IdentificationCode=country)
    basic.texts(aggregate.group(party, "PartyLegalEntity"), RegistrationName=name)


def _tax_number(declaration: Declaration, options: UblOptions) -> str:
    seller = declaration.sender
    number = cut(options.seller_tax_id or declaration.ioss_number or seller.tax_ids.get("vat", ""))
    if not number:
        raise _missing("seller_tax_id", "VAT was collected, but under which number is not known.")
    return number


def _is_vat_number(number: str) -> bool:
    """Whether it has the shape BR-CO-09 wants; another tax number has another scheme."""
    import pycountry  # noqa: PLC0415 (reads its tables when imported)

    match = _VAT_NUMBER.fullmatch(number)
    if match is None:
        return False
    prefix = match[1]
    return prefix in _PREFIXES_BESIDE_ISO or pycountry.countries.get(alpha_2=prefix) is not None


def _missing(option: str, message: str) -> ExportError:
    return ExportError(message, code=f"{option}_missing", path=option, action=f"Pass {option}=...")
