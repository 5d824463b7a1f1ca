"""The facts of a parcel that are not amounts: what the caller says, else what the orders agree on.

Where orders disagree or say nothing the gap becomes a finding, appended to `notes`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Final, cast, get_args

from aliexpress_customs.consignment.model import ConsignmentLine, Importer, Purpose
from aliexpress_customs.consignment.share import as_money
from aliexpress_customs.errors import AliExpressCustomsError, ConsignmentError, UsageError
from aliexpress_customs.invoice.model import Address, Invoice, Party
from aliexpress_customs.model import Finding
from aliexpress_customs.money import Money, money, parse_money

DEFAULT_DISPATCH: Final = "CN"
"""Where goods of this shop are sent from unless it is said."""

_COUNTRY: Final = re.compile(r"[A-Z]{2}")
_NUMBER: Final = re.compile(r"\s*\d{1,15}(\.\d{1,15})?\s*")


def country_code(text: object, path: str) -> str:
    """An ISO 3166-1 alpha-2 code in capitals.

    Raises:
        UsageError: it is none by its form.

    >>> country_code("fr", "destination")
    'FR'
    """
    code = text.strip().upper() if isinstance(text, str) else ""
    if not _COUNTRY.fullmatch(code):
        raise UsageError(
            "A country is not an ISO 3166-1 alpha-2 code.",
            code="bad_country",
            path=path,
            action="Write two letters such as FR.",
        )
    return code


def amount(value: object, currency: str, path: str) -> Money | None:
    """An amount the caller gives, with or without its currency; None = not given.

    Raises:
        UsageError: not an amount, negative, or in another currency.

    >>> amount("3.20", "USD", "freight")
    Money('3.20', 'USD')
    """
    if value is None:
        return None
    try:
        if isinstance(value, bool | float):
            raise UsageError("An amount is a float.", action="Write it as text.")
        plain = isinstance(value, Decimal | int) or (
            isinstance(value, str) and _NUMBER.fullmatch(value)
        )
        found = money(cast("str", value), currency) if plain else parse_money(value)
    except AliExpressCustomsError as error:
        raise UsageError(
            error.message, code="bad_amount", path=path, action='Write for example "3.20 USD".'
        ) from error
    if found.currency.code != currency or found.amount < 0:
        raise UsageError(
            f"The amount is negative or not in {currency}.",
            code="bad_amount",
            path=path,
            action=f"Convert it to {currency}, the currency of the goods.",
        )
    return as_money(found.amount, currency)


def weight(value: object, path: str = "gross_weight_kg") -> Decimal | None:
    """A weight in kg the caller gives; None = not given.

    Raises:
        UsageError: not a positive decimal number.
    """
    if value is None:
        return None
    try:
        kilograms = Decimal(value) if isinstance(value, Decimal | str | int) else Decimal("nan")
    except InvalidOperation:
        kilograms = Decimal("nan")
    if not kilograms.is_finite() or kilograms <= 0 or isinstance(value, bool):
        raise UsageError(
            "A weight is not a positive decimal number.",
            code="bad_weight",
            path=path,
            action='Write kilograms as text, such as "0.250".',
        )
    return kilograms


def destination(orders: Sequence[Invoice], given: str | None, notes: list[Finding]) -> str:
    """The country the parcel goes to.

    Raises:
        ConsignmentError: not given, and the orders state none or several.
    """
    stated = {order.ship_to.country for order in orders if order.ship_to} - {None}
    if given is not None:
        code = country_code(given, "destination")
        if stated - {code}:
            notes.append(
                Finding(
                    code="destination_differs",
                    message="An order is shipped to another country than the destination given.",
                    action="Check the destination.",
                    path="destination",
                )
            )
        return code
    if len(stated) == 1:
        return str(stated.pop())
    names = ", ".join(
        f"{order.order_id or 'unnamed'}: {(order.ship_to and order.ship_to.country) or '?'}"
        for order in orders
    )
    raise ConsignmentError(
        f"The orders do not state one destination ({names}).",
        code="several_destinations" if stated else "no_destination",
        path="destination",
        action="Pass destination, such as destination='FR', or consign the orders apart.",
    )


def region(given: str | None, country: str, address: Address | None) -> str | None:
    """The ISO 3166-2 code of the region: as given, else as the address holds it, else unknown.

    Raises:
        UsageError: the code given is not one of the country.
    """
    if given is not None:
        code = given.strip().upper()
        code = code if "-" in code else f"{country}-{code}"
        if not _is_subdivision(code, country):
            raise UsageError(
                f"The region is not an ISO 3166-2 code of {country}.",
                code="bad_region",
                path="region",
                action="Write a code such as CA-QC.",
            )
        return code
    stated = address.region.strip().upper() if address else ""
    candidates = (stated, f"{country}-{stated}")
    return next((code for code in candidates if _is_subdivision(code, country)), None)


def _is_subdivision(code: str, country: str) -> bool:
    if not re.fullmatch(rf"{country}-[A-Z0-9]{{1,3}}", code):
        return False
    import pycountry  # noqa: PLC0415 - slow to import, needed only here

    found = pycountry.subdivisions.get(code=code)  # type: ignore[no-untyped-call]
    return found is not None


def recipient(orders: Sequence[Invoice], notes: list[Finding]) -> Address | None:
    """The address of the parcel: the first one, preferably not masked."""
    addresses = list({str(o.ship_to): o.ship_to for o in orders if o.ship_to}.values())
    open_ones = [address for address in addresses if not address.masked]
    if len(open_ones) > 1:
        notes.append(
            Finding(
                code="several_recipients",
                message="The orders state several addresses; the first one is taken.",
                action="Consign the orders apart if they go to different people.",
                path="ship_to",
            )
        )
    return next(iter(open_ones or addresses), None)


def dispatch(given: str | None, lines: Sequence[ConsignmentLine], notes: list[Finding]) -> str:
    """The country the parcel is sent from; the one of the greatest value if lines disagree."""
    if given is not None:
        return country_code(given, "dispatch_country")
    by_country: dict[str, Decimal] = {}
    for line in lines:
        if line.dispatch_country is not None:
            so_far = by_country.get(line.dispatch_country, Decimal(0))
            by_country[line.dispatch_country] = so_far + line.line_value.amount
    if not by_country:
        notes.append(
            Finding(
                code="dispatch_assumed",
                message=f"The orders do not say where they are sent from; {DEFAULT_DISPATCH} is "
                "assumed.",
                action="Pass dispatch_country.",
                path="dispatch_country",
                severity="info",
            )
        )
        return DEFAULT_DISPATCH
    if len(by_country) > 1:
        notes.append(
            Finding(
                code="several_dispatch_countries",
                message=f"Lines are sent from {', '.join(sorted(by_country))}.",
                action="Such lines travel apart as a rule: consign them apart with lines=.",
                path="dispatch_country",
            )
        )
    return max(by_country, key=lambda code: (by_country[code], code == DEFAULT_DISPATCH))


def tracking(given: str | None, orders: Sequence[Invoice]) -> str:
    """The tracking number, if it is given or the orders tell of exactly one parcel."""
    if given is not None:
        return given
    numbers = {parcel.tracking for order in orders for parcel in order.parcels}
    return numbers.pop() if len(numbers) == 1 else ""


def seller(orders: Sequence[Invoice], notes: list[Finding]) -> Party:
    """The seller, if there is only one."""
    sellers = {str(order.seller): order.seller for order in orders}
    if len(sellers) == 1:
        return orders[0].seller
    notes.append(
        Finding(
            code="several_sellers",
            message=f"The parcel holds goods of {len(sellers)} sellers; none is named as sender.",
            action="Name the sender when declaring.",
            path="seller",
            severity="info",
        )
    )
    return Party()


def only_tax_id(orders: Sequence[Invoice]) -> str:
    """The buyer's tax number, if the orders state exactly one."""
    numbers = {number for order in orders for number in order.buyer.tax_ids.values()}
    return numbers.pop() if len(numbers) == 1 else ""


def importer(given: str | None) -> Importer:
    """Who imports; a consumer unless given.

    Raises:
        UsageError: an unknown kind.
    """
    return cast("Importer", _one_of(given or "consumer", get_args(Importer), "importer"))


def purpose(given: str | None) -> Purpose:
    """Why the goods are sent; a sale unless given.

    Raises:
        UsageError: an unknown purpose.
    """
    return cast("Purpose", _one_of(given or "sale", get_args(Purpose), "purpose"))


def _one_of(given: str, allowed: tuple[str, ...], path: str) -> str:
    if given not in allowed:
        raise UsageError(
            f"{given[:20]!r} is not one of {', '.join(allowed)}.",
            code="bad_option",
            path=path,
            action="Choose one of them.",
        )
    return given
