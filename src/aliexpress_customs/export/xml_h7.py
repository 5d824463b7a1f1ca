"""The super-reduced data set H7 of a declaration: what the neutral and the Danish export write.

`fill` turns a declaration and what only the declarant knows into the data elements of column H7 of
Annex B, Delegated Regulation (EU) 2015/2446; the codes and limits are rows of
`data/export/h7.toml`. Freight is stated apart (14 15), never inside the intrinsic value (14 14).
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from aliexpress_customs.declaration.model import Declaration
from aliexpress_customs.errors import ExportError
from aliexpress_customs.export.amounts import require_flat
from aliexpress_customs.export.xml_h7_options import (
    H7Options,
    VatRoute,
    regime,
    tables,
    vat_route,
)
from aliexpress_customs.export.xml_options import limited, required
from aliexpress_customs.export.xml_text import (
    commodity_code,
    cut,
    description,
    require_weight,
    rounded_amount,
)
from aliexpress_customs.invoice.model import Address
from aliexpress_customs.model import Model
from aliexpress_customs.money import Money, money, split

NAME_LENGTH = LINE_LENGTH = DOCUMENT_LENGTH = 70
CITY_LENGTH = 35
POSTCODE_LENGTH = 17
LRN_LENGTH = 22
DESCRIPTION_LENGTH = 512
HS_LENGTH = 6
BY_ADDRESS = "Z"
"""Qualifier of a location (CL10239)."""
_GRAM = Decimal("0.001")


class H7Party(Model):
    """A party, as far as the message can name it: an address is whole or not there."""

    name: str = ""
    id: str = ""
    line: str = ""
    city: str = ""
    postcode: str = ""
    country: str = ""


class H7Item(Model):
    """One goods item."""

    number: int
    description: str
    hs_code: str
    value: Money
    """Intrinsic value: price of the goods, freight and taxes apart."""
    additional_procedures: tuple[str, ...]
    packages: int
    """0: packed together with an earlier item."""
    gross_weight_kg: Decimal | None


class H7(Model):
    """The data set of one consignment."""

    lrn: str
    additional_type: str
    customs_office: str
    declarant_id: str
    representative_id: str
    representative_status: str
    vat: VatRoute
    invoice_number: str
    invoice_document: str
    tracking_number: str
    transport_document: str
    location: H7Party | None
    """Where the goods are; a nameless address."""
    location_type: str
    transport_costs: Money | None
    """Freight and insurance, None if neither is known."""
    consignor: H7Party | None
    ioss_number: str
    gross_weight_kg: Decimal | None
    importer: H7Party
    items: tuple[H7Item, ...]


def fill(declaration: Declaration, options: H7Options, private_importer: str = "") -> H7:
    """The data set of a declaration.

    Args:
        declaration: the consignment.
        options: the declarant's data.
        private_importer: the number that stands for any private person, where there is one.

    Raises:
        ExportError: a mandatory data element is missing, or the data set cannot hold a value.
    """
    require_flat(declaration)
    most = _most_items(options.day())
    if len(declaration.items) > most:
        raise ExportError(
            f"The declaration has {len(declaration.items)} goods items, the message takes {most}.",
            code="too_many_items",
            path="items",
            action="Split the consignment over several declarations.",
        )
    route = vat_route(declaration, options)
    if route == "ioss" and not declaration.ioss_number.strip():
        raise ExportError(
            "VAT is to be paid under IOSS, but there is no IOSS number.",
            code="ioss_number_missing",
            path="ioss_number",
            action="Declare ioss_number, or pass another vat.",
        )
    return H7(
        lrn=required(options.lrn, "lrn", "local reference number (LRN)", LRN_LENGTH),
        additional_type=options.additional_type,
        customs_office=required(
            options.customs_office, "customs_office", "customs office of lodgement"
        ),
        declarant_id=required(options.declarant_id, "declarant_id", "EORI number of the declarant"),
        representative_id=limited(options.representative_id, "representative_id"),
        representative_status=options.representative_status,
        vat=route,
        invoice_number=limited(declaration.invoice_number, "invoice_number", DOCUMENT_LENGTH),
        invoice_document=options.invoice_document,
        tracking_number=limited(declaration.tracking_number, "tracking_number", DOCUMENT_LENGTH),
        transport_document=tables()["codes"]["transport_documents"][options.transport],
        location=_location(options),
        location_type=options.goods_location_type,
        transport_costs=transport_costs(declaration),
        consignor=party(options.consignor, name=declaration.sender.name),
        ioss_number=limited(declaration.ioss_number, "ioss_number") if route == "ioss" else "",
        gross_weight_kg=declaration.gross_weight_kg,
        importer=_importer(declaration, options, route, private_importer),
        items=_items(declaration, options, route),
    )


def party(address: Address | None, name: str = "", id: str = "") -> H7Party | None:
    """A party with its whole address; None if any part of it is unknown or hidden."""
    if address is None or address.masked:
        return None
    found = H7Party(
        name=cut(address.name, NAME_LENGTH) or cut(name, NAME_LENGTH),
        id=id,
        line=cut(", ".join(filter(None, map(cut, address.lines))), LINE_LENGTH),
        city=cut(address.city, CITY_LENGTH),
        postcode=cut(address.postcode, POSTCODE_LENGTH),
        country=address.country or "",
    )
    whole = all((found.name, found.line, found.city, found.postcode, found.country))
    return found if whole else None


def transport_costs(declaration: Declaration) -> Money | None:
    """Freight and insurance together (14 15); None if neither is known."""
    known = [cost for cost in (declaration.freight, declaration.insurance) if cost is not None]
    if not known:
        return None
    return money(sum((cost.amount for cost in known), Decimal(0)), declaration.currency)


def _location(options: H7Options) -> H7Party | None:
    if options.goods_location is None:
        return None
    found = party(options.goods_location, name="-")
    if found is None:
        raise ExportError(
            "The location of the goods has no whole address.",
            code="bad_goods_location",
            path="goods_location",
            action="Give street, city, postcode and country, or leave it out.",
        )
    return found.model_copy(update={"name": ""})


def _most_items(on: dt.date) -> int:
    row = tables()["items"]
    return int(row["most"] if on >= row["since"] else row["most_before"])


def _importer(
    declaration: Declaration, options: H7Options, route: VatRoute, private_importer: str
) -> H7Party:
    number = options.importer_id
    if not number and private_importer and declaration.importer == "consumer":
        number = private_importer
    if not number and route != "gift":
        number = declaration.importer_tax_id
    known = party(declaration.recipient)
    if known is None and not number.strip():
        raise ExportError(
            "The importer has neither a number nor a whole address.",
            code="importer_id_missing",
            path="importer_id",
            action="Pass importer_id, or declare the recipient with street, city and postcode.",
        )
    return (known or H7Party()).model_copy(update={"id": limited(number, "importer_id")})


def _items(declaration: Declaration, options: H7Options, route: VatRoute) -> tuple[H7Item, ...]:
    procedures = tuple(regime(options.day())[route])
    weights = gross_weights(declaration)
    items = []
    for index, (item, weight) in enumerate(zip(declaration.items, weights, strict=True)):
        path = f"items[{index}]"
        value = rounded_amount(item.item_value, f"{path}.item_value")
        items.append(
            H7Item(
                number=index + 1,
                description=description(item.description, DESCRIPTION_LENGTH, path),
                hs_code=commodity_code(item.hs_code, f"{path}.hs_code", HS_LENGTH),
                value=money(value, declaration.currency),
                additional_procedures=procedures,
                packages=0 if index else options.packages,
                gross_weight_kg=weight,
            )
        )
    return tuple(items)


def gross_weights(declaration: Declaration) -> list[Decimal | None]:
    """The gross weight split by net weight; None each, unless all are known and none becomes 0.

    Raises:
        ExportError: a weight is too large for any message.
    """
    gross = declaration.gross_weight_kg
    nets = [item.net_weight_kg for item in declaration.items]
    known = [net for net in nets if net is not None]
    unknown: list[Decimal | None] = [None] * len(nets)
    if gross is None or gross <= 0:
        return unknown
    for weight in (gross, *known):
        require_weight(max(weight, Decimal(0)))
    if len(nets) == 1:
        return [gross]
    if len(known) < len(nets) or min(known) <= 0:
        return unknown
    shares: list[Decimal | None] = [*split(gross, known, _GRAM)]
    return shares if all(shares) else unknown
