"""Amounts and numbers as exported text, and the checks that every flat format needs."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

from aliexpress_customs.declaration.model import Declaration
from aliexpress_customs.errors import ExportError
from aliexpress_customs.money import Money, is_exact, minor_unit


def require_flat(declaration: Declaration) -> None:
    """Refuse what a table with one currency and one number per goods item cannot express.

    Raises:
        ExportError: amounts in several currencies, or two goods items with the same number.
    """
    amounts: list[Money | None] = [declaration.freight, declaration.insurance]
    for line in declaration.lines:
        amounts += [line.unit_value, line.line_value, line.line_discount, line.line_freight]
    currencies = {amount.currency.code for amount in amounts if amount is not None}
    if currencies != {declaration.currency}:
        raise ExportError(
            f"The amounts are in {', '.join(sorted(currencies))}, "
            f"the declaration is in {declaration.currency[:8]}.",
            code="several_currencies",
            action="Convert all amounts to the currency of the declaration first.",
        )
    numbers = Counter(item.number for item in declaration.items)
    if repeated := [number for number, count in numbers.items() if count > 1]:
        raise ExportError(
            f"Several goods items have the number {repeated[0]}.",
            code="repeated_item_number",
            path="items",
            action="Number the goods items 1, 2, 3, ...",
        )


def printed(amount: Money) -> str:
    """The exact amount without its currency, with at least the decimals of the minor unit.

    >>> from aliexpress_customs.money import money
    >>> printed(money("3.2", "USD")), printed(money("3.125", "USD")), printed(money("40", "JPY"))
    ('3.20', '3.125', '40')
    """
    step = minor_unit(amount.currency.code)
    exact: Decimal = amount.amount
    return f"{exact.quantize(step) if is_exact(exact, step) else exact:f}"


def grouped(amount: Money) -> str:
    """The exact amount with its thousands apart: read alike wherever a point or a comma is used.

    >>> from aliexpress_customs.money import money
    >>> grouped(money("-1234567.5", "EUR")), grouped(money("1234", "CLP"))
    ('-1 234 567.50', '1 234')
    >>> grouped(money("-0.5", "EUR"))
    '-0.50'
    """
    whole, point, rest = printed(amount).partition(".")
    sign = "-" if whole.startswith("-") else ""
    return f"{sign}{abs(int(whole)):,}{point}{rest}".replace(",", " ")


def utf8(text: str) -> bytes:
    """The text as UTF-8.

    Raises:
        ExportError: it holds half of a character (a lone surrogate), as cut titles can.
    """
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise ExportError(
            "A text holds half of a character (a lone surrogate).",
            code="not_unicode",
            action="Clean the titles and names when reading them.",
        ) from error
