"""The arrows of the library joined with its rule tables; `aliexpress_customs` re-exports them.

Each function is a thin composition: the work is in the modules it calls.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from aliexpress_customs.consignment.consign import consign as _consign
from aliexpress_customs.consignment.consign import consign_parcels as _consign_parcels
from aliexpress_customs.consignment.model import Consignment
from aliexpress_customs.declaration.declare import declare as _declare
from aliexpress_customs.declaration.declare import declare_goods
from aliexpress_customs.declaration.model import Declaration, Goods
from aliexpress_customs.errors import UnknownDestinationError, UsageError
from aliexpress_customs.estimate.compare import compare as _compare
from aliexpress_customs.estimate.estimate import estimate as _estimate
from aliexpress_customs.estimate.identification import identification_findings
from aliexpress_customs.estimate.model import Estimate
from aliexpress_customs.exchange import Exchange
from aliexpress_customs.invoice.model import Invoice
from aliexpress_customs.rules.display import included_tax_rate

Rates = Mapping[str, Decimal | str | int]


def consign(
    invoices: Invoice | Sequence[Invoice],
    destination: str | None = None,
    **options: Any,
) -> Consignment:
    """Put orders, or some of their lines, into one parcel.

    Where AliExpress shows prices with the destination's VAT inside (EU, UK) and the order does not
    state how much, the VAT is taken out at the standard rate of the day of the order - unless the
    parcel is outside the scheme under which AliExpress collects it.

    Args:
        invoices: orders, as `read` gives them.
        destination: ISO 3166-1 alpha-2; default: the address of the orders.
        options: `lines`, `quantities`, `freight`, `insurance`, `region`, ...; see
            `consignment.consign.ConsignOptions`.

    Raises:
        ConsignmentError: the orders cannot travel together, or nothing is left to send.
    """
    plain = _consign(invoices, destination, **options)
    rate = None if "included_tax_rate" in options else _included_rate(plain)
    if rate is None:
        return plain
    return _net(plain, _consign(invoices, destination, **{**options, "included_tax_rate": rate}))


def consign_parcels(
    invoices: Invoice | Sequence[Invoice],
    destination: str | None = None,
    **options: Any,
) -> list[Consignment]:
    """One consignment for each parcel the orders tell of, else one of all; prices as in `consign`.

    Args:
        invoices: orders in one currency.
        destination: as for `consign`.
        options: as for `consign`, without `lines` and `quantities`.

    Raises:
        ConsignmentError: the orders cannot travel together, or nothing is left to send.
    """
    orders = [invoices] if isinstance(invoices, Invoice) else list(invoices)
    if not any(order.parcels for order in orders):
        return [consign(orders, destination, **options)]
    plain = _consign_parcels(orders, destination, **options)
    rate = None if "included_tax_rate" in options else _included_rate(plain[0])
    if rate is None:
        return plain
    net = _consign_parcels(orders, destination, **{**options, "included_tax_rate": rate})
    return [_net(*pair) for pair in zip(plain, net, strict=True)]


def _included_rate(plain: Consignment) -> Decimal | None:
    """The rate of the destination's VAT inside prices; None: it is not, or no table says."""
    try:
        return included_tax_rate(
            plain.destination_country,
            plain.ordered_on or dt.date.today(),  # noqa: DTZ011 - a calendar day, not an instant
            plain.destination_region or "",
        )
    except UnknownDestinationError:
        return None


def _net(plain: Consignment, net: Consignment) -> Consignment:
    """The consignment without VAT, unless it is outside the scheme that collects it."""
    on = net.ordered_on or dt.date.today()  # noqa: DTZ011
    answer = _estimate(
        _declare(net), on, exchange=_default_exchange(), lineage=False, suggest=False
    )
    return net if answer.scheme != "none" else plain


def declare(
    consignment: Consignment,
    *,
    hs_codes: Mapping[str, str] | None = None,
    on: dt.date | None = None,
    **options: Any,
) -> Declaration:
    """Declare a consignment: goods items with commodity code, origin, value and weight.

    Args:
        consignment: what travels together.
        hs_codes: commodity code by line id, product id, SKU id or title.
        on: day of clearance, for which identification is checked; default today.
        options: `origins`, `descriptions`, `weights`, `ioss_number`, ...; see
            `declaration.declare`.

    Returns:
        The declaration; its `findings` name every assumption and every number that is missing.

    Raises:
        DeclarationError: a code or weight is malformed.
    """
    declaration = _declare(consignment, hs_codes=hs_codes, **options)
    return with_identification(declaration, on)


def with_identification(declaration: Declaration, on: dt.date | None = None) -> Declaration:
    """The declaration with findings about the identification its destination asks for."""
    day = on or dt.date.today()  # noqa: DTZ011 - a calendar day, not an instant
    try:
        found = identification_findings(declaration, day)
    except UnknownDestinationError:
        return declaration
    return declaration.model_copy(update={"findings": (*declaration.findings, *found)})


def estimate(
    declaration: Declaration,
    on: dt.date | None = None,
    *,
    rates: Rates | None = None,
    exchange: Exchange | None = None,
    **options: Any,
) -> Estimate:
    """Duty, VAT, excise and fees on a declaration, what is paid already and what is still due.

    Args:
        declaration: values without the destination's VAT.
        on: day of clearance; default today.
        rates: exchange rates to use first, `{"USD/EUR": "0.92"}` (1 USD = EUR 0.92).
        exchange: a whole chain of rate sources instead.
        options: `transport`, `scheme`, `carrier`, `assume`, `exclude`, `readings`, `given`,
            `declaration_type`, `ordered_on`, `lineage`; see `estimate.estimate`.

    Returns:
        The estimate, in the currency of the destination.

    Raises:
        UnknownDestinationError: there is no rule table.
        ExchangeRateError: the declared currency cannot be converted.
        UsageError: an unknown option.
    """
    return _estimate(
        declaration,
        on or dt.date.today(),  # noqa: DTZ011 - a calendar day, not an instant
        exchange=_exchange(rates, exchange),
        **options,
    )


def quote(
    goods: Sequence[Goods],
    destination: str,
    *,
    on: dt.date | None = None,
    freight: Any = "0",
    insurance: Any = "0",
    region: str | None = None,
    postcode: str = "",
    dispatch_country: str = "CN",
    importer: Any = "consumer",
    purpose: Any = "sale",
    gross_weight_kg: Any = None,
    rates: Rates | None = None,
    exchange: Exchange | None = None,
    **options: Any,
) -> Estimate:
    """What goods will really cost at a destination, before any order exists.

    Args:
        goods: kinds of goods, values without the destination's VAT.
        destination: ISO 3166-1 alpha-2.
        on: day of clearance; default today.
        freight: text with currency, or an amount in the currency of the goods.
        insurance: as freight.
        region: ISO 3166-2, where rates differ by region.
        postcode: to recognise territories with rules of their own.
        dispatch_country: where the parcel is sent from.
        importer: `consumer` or `business`.
        purpose: `sale` or `gift`.
        gross_weight_kg: of the parcel.
        rates: as for `estimate`.
        exchange: as for `estimate`.
        options: as for `estimate`.
    """
    declaration = declare_goods(
        goods,
        destination=destination,
        freight=freight,
        insurance=insurance,
        region=region,
        postcode=postcode,
        dispatch_country=dispatch_country,
        importer=importer,
        purpose=purpose,
        gross_weight_kg=gross_weight_kg,
    )
    return estimate(declaration, on, rates=rates, exchange=exchange, **options)


def compare(
    declaration: Declaration,
    *,
    on: dt.date | Sequence[dt.date],
    destinations: Sequence[str] = (),
    rates: Rates | None = None,
    exchange: Exchange | None = None,
    **options: Any,
) -> list[Estimate]:
    """One estimate per date and destination: what changes between them.

    Args:
        declaration: the consignment.
        on: one or several days of clearance.
        destinations: ISO 3166-1 alpha-2 codes; default the declaration's own.
        rates: as for `estimate`.
        exchange: as for `estimate`.
        options: as for `estimate`.
    """
    chain = _exchange(rates, exchange)
    return _compare(declaration, on=on, destinations=destinations, exchange=chain, **options)


def sample_order() -> Path:
    """A shipped order file of invented content, in the shape of a real one."""
    from aliexpress_customs.datafiles import data_folder  # noqa: PLC0415

    return data_folder() / "samples" / "order-detail.json"


def _exchange(rates: Rates | None, exchange: Exchange | None) -> Exchange:
    if rates and exchange:
        raise UsageError(
            "Both rates and exchange are given.", path="rates", action="Pass one of them."
        )
    if exchange is not None:
        return exchange
    return Exchange.default(rates=rates) if rates else _default_exchange()


@cache
def _default_exchange() -> Exchange:
    return Exchange.default()


__all__ = [
    "compare",
    "consign",
    "consign_parcels",
    "declare",
    "estimate",
    "quote",
    "sample_order",
    "with_identification",
]
