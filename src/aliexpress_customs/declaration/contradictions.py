"""What no channel tolerates: facts of a declaration that contradict each other or customs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from aliexpress_customs.commodity.classify import names_goods
from aliexpress_customs.commodity.descriptions import vague_words
from aliexpress_customs.declaration.channels import also_under_ioss, member_states
from aliexpress_customs.declaration.model import Declaration, DeclarationLine, GoodsItem
from aliexpress_customs.declaration.refused_words import refusal
from aliexpress_customs.model import Finding
from aliexpress_customs.money import EXACT, minor_unit

_IOSS: Final = re.compile(r"IM\d{10}")
_IOSS_START: Final = re.compile(r"^IM", re.IGNORECASE)
_GRAM: Final = Decimal("0.001")


def contradictions(declaration: Declaration) -> Iterator[Finding]:
    """The findings that need nothing but the declaration, and are not in `checks.check`."""
    yield from _whole(declaration)
    yield from _numbers_of_schemes(declaration)
    for index, item in enumerate(declaration.items):
        path = f"items[{index}]"
        yield from _item(item, path)
        for position, line in enumerate(item.lines):
            yield from _line(line, declaration.currency, f"{path}.lines[{position}]")


def _whole(declaration: Declaration) -> Iterator[Finding]:
    counts = Counter(item.number for item in declaration.items)
    if repeated := [number for number, count in counts.items() if count > 1]:
        yield _error(
            "repeated_item_number",
            f"Several goods items have the number {repeated[0]}.",
            "Number them 1, 2, 3, ...",
            "items",
        )
    for name in ("freight", "insurance"):
        amount = getattr(declaration, name)
        if amount is None:
            continue
        if amount.currency.code != declaration.currency:
            yield _currencies(declaration.currency, name)
        elif amount.amount < 0:
            yield _negative(name)
    yield from _freight(declaration)
    if declaration.contents_type == "gift" and declaration.purpose == "sale":
        yield Finding(
            code="gift_but_sale",
            message="The contents are called a gift, but they were bought.",
            action="Declare sale_of_goods: gifts are sent by one private person to another.",
            path="contents_type",
            severity="error",
        )
    if declaration.recipient is not None and declaration.recipient.masked:
        yield Finding(
            code="recipient_masked",
            message="The source hides parts of the recipient's address.",
            action="Pass the full address.",
            path="recipient",
        )


def _freight(declaration: Declaration) -> Iterator[Finding]:
    shares = [line.line_freight for line in declaration.lines]
    known = [share.amount for share in shares if share is not None]
    whole = declaration.freight
    if whole is None or len(known) != len(shares):
        return
    if abs(sum(known, Decimal(0)) - whole.amount) > minor_unit(declaration.currency):
        yield Finding(
            code="freight_mismatch",
            message="The freight of the lines does not sum to the freight of the parcel.",
            action="Check freight and line_freight.",
            path="freight",
        )


def _numbers_of_schemes(declaration: Declaration) -> Iterator[Finding]:
    number = declaration.ioss_number
    in_eu = declaration.destination_country in member_states()
    regions, postcodes = also_under_ioss()
    address = f"{declaration.destination_country} {declaration.postcode.upper()}"
    northern = declaration.destination_region in regions or address.startswith(postcodes)
    if _IOSS_START.match(number):
        if not _IOSS.fullmatch(number):
            yield _error(
                "ioss_malformed",
                "An IOSS number is IM and ten digits.",
                "Correct it.",
                "ioss_number",
            )
        elif not _valid_ioss(number):
            yield Finding(
                code="ioss_unknown_state",
                message="No Member State issues IOSS numbers that begin like this one.",
                action="Check it: the three digits after IM are the state's number in ISO 3166-1.",
                path="ioss_number",
            )
        if not in_eu and not northern:
            yield Finding(
                code="ioss_elsewhere",
                message="An IOSS number is for parcels to the EU and Northern Ireland.",
                action="Leave it out: it must not be disclosed elsewhere.",
                path="ioss_number",
            )
    elif in_eu and not number and _vat_collected(declaration):
        yield Finding(
            code="ioss_missing",
            message="The shop collected VAT, but the declaration has no IOSS number: customs "
            "would charge VAT again.",
            action="State the IOSS number of the shop.",
            path="ioss_number",
        )


def _vat_collected(declaration: Declaration) -> bool:
    return any(tax.kind != "duty" and tax.amount.amount > 0 for tax in declaration.collected)


def _valid_ioss(number: str) -> bool:
    from stdnum.eu import oss  # noqa: PLC0415 (loads its tables when imported)

    return bool(oss.is_valid(number))


def _item(item: GoodsItem, path: str) -> Iterator[Finding]:
    if vague_words(item.description):
        return  # `checks.check` says so
    if found := refusal(item.description):
        yield Finding(
            code=found.code,
            message=found.message,
            action=f"Pass descriptions; {found.say_instead}.",
            path=f"{path}.description",
        )
    elif item.description.strip() and not names_goods(item.description):
        yield Finding(
            code="description_unrecognised",
            message="The description names no kind of goods that is recognised.",
            action="Pass descriptions; name the thing, its material and what it is for.",
            path=f"{path}.description",
        )


def _line(line: DeclarationLine, currency: str, path: str) -> Iterator[Finding]:
    for name in ("unit_value", "line_value", "line_discount", "line_freight"):
        amount = getattr(line, name)
        if amount is not None and amount.currency.code != currency:
            yield _currencies(currency, f"{path}.{name}")
            return
    if line.line_value.amount < 0:
        yield _negative(f"{path}.line_value")
    pieces = Decimal(line.quantity)
    gap = EXACT.multiply(line.unit_value.amount, pieces) - line.line_value.amount
    # A unit value is rounded to the minor unit at worst, so it is off by half of one a piece.
    if abs(gap) > EXACT.multiply(minor_unit(currency) / 2, pieces):
        yield _error(
            "unit_value_mismatch",
            "Quantity times unit value is not the line value.",
            "Check whether a value of one piece stands where that of all belongs.",
            f"{path}.unit_value",
        )
    unit, whole = line.unit_net_weight_kg, line.line_net_weight_kg
    if unit is None or whole is None:
        return
    if abs(EXACT.multiply(unit, pieces) - whole) > EXACT.multiply(_GRAM, pieces):
        yield _error(
            "unit_weight_mismatch",
            "Quantity times unit weight is not the line weight.",
            "Check whether a weight of one piece stands where that of all belongs.",
            f"{path}.unit_net_weight_kg",
        )


def _currencies(currency: str, path: str) -> Finding:
    return _error(
        "several_currencies",
        f"An amount is not in {currency[:8]}, the currency of the declaration.",
        "Convert all amounts first.",
        path,
    )


def _negative(path: str) -> Finding:
    return _error("negative_value", "An amount is negative.", "Check the discounts.", path)


def _error(code: str, message: str, action: str, path: str) -> Finding:
    return Finding(code=code, message=message, action=action, path=path, severity="error")
