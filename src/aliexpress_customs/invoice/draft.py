"""What all readers do alike when they turn an order into an `Invoice`.

Shared findings (assumptions, masked address, status without value), checked prices, the variant
and the place of dispatch out of the chosen options.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

import moneyed
from pydantic import ValidationError

from aliexpress_customs.errors import AmountError, ReadError
from aliexpress_customs.invoice.countries import iso_country
from aliexpress_customs.invoice.dates import parse_date
from aliexpress_customs.invoice.model import Invoice, OrderTime, Variant
from aliexpress_customs.invoice.node import Node, placed
from aliexpress_customs.invoice.refunds import leave_refunded
from aliexpress_customs.model import CountryCode, Finding
from aliexpress_customs.money import EXACT, money

SHIPS_FROM_IDS: Final = frozenset({"200007763", "200014260"})
"""Property ids of the option "Ships From" in every language."""

NO_VALUE: Final = frozenset({"cancelled", "expired", "unpaid"})
"""Statuses of orders of which nothing was bought."""


def order_time(node: Node, *keys: str, zone: str = "") -> OrderTime | None:
    """A moment, or None if the source leaves it out."""
    key, _ = node.get(*keys)
    text = node.text(*keys)
    if not text:
        return None
    try:
        return parse_date(text, zone=zone)
    except AmountError as error:
        raise placed(error, node.at(key)) from error


def required(node: Node, value: moneyed.Money | None, key: str) -> moneyed.Money:
    """A price that must be there and not be negative."""
    if value is None:
        raise ReadError(
            "A line has no price.",
            code="missing_price",
            path=node.at(key),
            action="Save the order again, completely.",
        )
    if value.amount < 0:
        raise AmountError(
            "A price is negative.", path=node.at(key), action="Check the file for damage."
        )
    return value


def same_currency(node: Node, value: moneyed.Money, currency: str) -> moneyed.Money:
    """The amount, if it is in the order's currency."""
    if value.currency.code != currency:
        raise AmountError(
            f"An amount is in {value.currency.code}, the order's currency is {currency}.",
            code="currency_contradiction",
            path=node.path,
            action="Fetch the order again; its currencies contradict each other.",
        )
    return value


def times(unit_price: moneyed.Money, quantity: int) -> moneyed.Money:
    """The gross of a line."""
    return money(EXACT.multiply(unit_price.amount, quantity), unit_price.currency.code)


def option(property_id: str | None, name: str, value: str) -> Variant:
    """One chosen option, cleaned."""
    return Variant(name=name.strip(), value=value.strip(), property_id=property_id)


def ships_from(variant: Iterable[Variant]) -> CountryCode | None:
    """The place of dispatch among the chosen options, as ISO 3166-1 alpha-2."""
    for chosen in variant:
        if chosen.property_id in SHIPS_FROM_IDS or chosen.name.casefold() == "ships from":
            return iso_country(chosen.value)
    return None


def destination(node: Node, *keys: str) -> CountryCode | None:
    """A country code or name, as ISO 3166-1 alpha-2."""
    text = node.text(*keys)
    return iso_country(text) if text else None


def finished(build: Callable[[], Invoice], settle: Callable[[Invoice], Invoice]) -> Invoice:
    """The invoice a reader built, reconciled, with the findings every source shares.

    Raises:
        ReadError: a value does not fit the model; the message names the field, not the value.
    """
    try:
        invoice = leave_refunded(settle(build()))
    except ValidationError as error:
        place = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise ReadError(
            "A value does not fit an order.",
            code="bad_value",
            path=place,
            action="Save or fetch the order again.",
        ) from None
    return invoice.model_copy(update={"findings": (*invoice.findings, *_shared(invoice))})


def _shared(invoice: Invoice) -> Iterable[Finding]:
    if invoice.order_id is None:
        yield Finding(
            code="order_id_missing",
            message="The source does not say which order this is.",
            action="Keep the id of the request beside its answer.",
            path="order_id",
        )
    if invoice.status in NO_VALUE:
        yield Finding(
            code="no_value",
            message=f"The order is {invoice.status}: nothing was bought, it has no customs value.",
            action="Leave it out of consignments.",
            path="status",
        )
    if invoice.status == "unknown" and invoice.paid_at is None:
        yield Finding(
            code="status_unknown",
            message="The status of the order is missing or of an unknown text.",
            action="Check that the order was paid and not cancelled.",
            path="status",
            severity="info",
        )
    if invoice.ship_to is not None and invoice.ship_to.masked:
        yield Finding(
            code="address_masked",
            message="The source hides parts of the address.",
            action="Fetch it through the OAID decryption of the seller's account.",
            path="ship_to",
        )
    for index, line in enumerate(invoice.lines):
        if not line.title:
            yield Finding(
                code="title_missing",
                message="A line has no title.",
                action="Look the product up by its id; customs needs a description.",
                path=f"lines[{index}].title",
            )
        if "\ufffd" in line.title:
            yield Finding(
                code="text_damaged",
                message="A title holds characters cut in half.",
                path=f"lines[{index}].title",
                severity="info",
            )
        if line.quantity == 0:
            yield Finding(
                code="quantity_zero", message="A line has no quantity.", path=f"lines[{index}]"
            )
    for index, row in enumerate(invoice.charges):
        if row.kind == "other" and not row.derived:
            yield Finding(
                code="row_unknown",
                message="A row of the price block is of an unknown kind; it counts in the total.",
                action="Check what it is: tips and fees are not part of the customs value.",
                path=f"charges[{index}]",
            )


def assumed_quantity(index: int) -> Finding:
    """The finding for a line whose source prints no quantity."""
    return Finding(
        code="quantity_assumed",
        message="The source prints no quantity for a line; one unit is assumed.",
        path=f"lines[{index}].quantity",
    )
