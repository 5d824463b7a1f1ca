"""How a target counts, as one table per format, and the exact conversion into it.

The commonest bug of this trade is a unit value in a field for line totals. A format states its
`Conventions`; `unit_rows` and `total_rows` do the rest with Decimal. A line whose value does not
divide by its quantity becomes two rows with unit values one step apart, so that quantity times
unit value always sums to what was paid.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, Literal

from aliexpress_customs.commodity.descriptions import clean_description
from aliexpress_customs.declaration.model import Declaration, DeclarationLine, GoodsItem
from aliexpress_customs.errors import ExportError, UsageError
from aliexpress_customs.export.amounts import require_flat
from aliexpress_customs.export.postal_form import HS_DIGITS, form_text
from aliexpress_customs.money import EXACT, minor_unit, money, round_to, split

Per = Literal["unit", "line"]
WeightUnit = Literal["kg", "g", "oz", "lb"]
Rows = Literal["item", "product"]

KILOGRAMS: Final[dict[WeightUnit, Decimal]] = {
    "kg": Decimal(1),
    "g": Decimal("0.001"),
    "oz": Decimal("0.028349523125"),
    "lb": Decimal("0.45359237"),
}
"""One of the unit in kg; the avoirdupois pound is exact (International yard and pound, 1959)."""


@dataclass(frozen=True)
class Conventions:
    """What a target wants, in one place."""

    values: Per
    """`unit` = of one piece, `line` = of all pieces of the row."""
    weights: Per
    weight_unit: WeightUnit
    weight_decimals: int
    currency: str = ""
    """The only one it takes; empty = any."""
    longest_description: int | None = None
    """Characters; longer ones are cut at a word, which `lint` announces."""
    ascii_only: bool = False
    longest_hs_code: int = 14
    """Digits; further digits are national and are cut."""


@dataclass(frozen=True)
class Row:
    """A row of a customs form, in the units of the target."""

    item: GoodsItem
    lines: tuple[DeclarationLine, ...]
    description: str
    hs_code: str
    """Empty if fewer than six digits are known."""
    quantity: int
    value: Decimal
    """Of one piece or of the row, as the conventions say."""
    weight: Decimal | None
    """None = unknown: the field is left out, never 0."""

    @property
    def product_id(self) -> str:
        """The merchant's id of the product, if the row holds one product only."""
        ids = {line.sku_id or line.product_id or "" for line in self.lines}
        return ids.pop() if len(ids) == 1 else ""


def unit_rows(declaration: Declaration, conventions: Conventions) -> list[Row]:
    """One row per product line, two where its value does not divide by its quantity.

    Raises:
        ExportError: several currencies, a negative value, or no description.
    """
    _require_sendable(declaration, conventions)
    rows: list[Row] = []
    for item in declaration.items:
        for line in item.lines:
            weight = line.unit_net_weight_kg
            if weight is None and line.line_net_weight_kg is not None:
                weight = EXACT.divide(line.line_net_weight_kg, Decimal(line.quantity))
            converted = weight_in(weight, conventions)
            for quantity, value in _pieces(line.line_value.amount, line.quantity, declaration):
                rows.append(_row(item, (line,), quantity, value, converted, conventions))
    return rows


def total_rows(
    declaration: Declaration, conventions: Conventions, rows: Rows = "item"
) -> list[Row]:
    """One row per goods item (or per product line) with its total value and weight.

    Raises:
        ExportError: several currencies, a negative value, or no description.
        UsageError: `rows` is neither `item` nor `product`.
    """
    choice("rows", rows, ("item", "product"))
    _require_sendable(declaration, conventions)
    groups = [
        (item, group)
        for item in declaration.items
        for group in ([item.lines] if rows == "item" else [(line,) for line in item.lines])
    ]
    made = []
    for item, group in groups:
        weights = [line.line_net_weight_kg for line in group]
        known = [weight for weight in weights if weight is not None]
        weight = sum(known, Decimal(0)) if len(known) == len(weights) else None
        value = sum((line.line_value.amount for line in group), Decimal(0))
        quantity = sum(line.quantity for line in group)
        converted = weight_in(weight, conventions)
        made.append(_row(item, group, quantity, value, converted, conventions))
    return made


def weight_in(kilograms: Decimal | None, conventions: Conventions) -> Decimal | None:
    """A weight in the unit and decimals of the target; a positive weight never becomes 0.

    >>> weight_in(Decimal(1), Conventions("line", "line", "oz", 3))
    Decimal('35.274')
    """
    if kilograms is None:
        return None
    step = Decimal(1).scaleb(-conventions.weight_decimals)
    exact = EXACT.divide(kilograms, KILOGRAMS[conventions.weight_unit])
    return max(round_to(exact, step), step) if kilograms > 0 else round_to(exact, step)


def in_currency(
    declaration: Declaration, currency: str, rate: Decimal | str | int | None, option: str
) -> Declaration:
    """The declaration in another currency: the total is rounded once, the lines sum to it.

    Args:
        declaration: all amounts in one currency.
        currency: the one the target takes.
        rate: units of it for one unit of the declaration's currency.
        option: name of the rate in the format, for the error.

    Raises:
        ExportError: another currency and no rate.
        UsageError: a rate that is not a positive decimal number.
    """
    require_flat(declaration)
    if declaration.currency == currency:
        return declaration
    if rate is None:
        raise ExportError(
            f"The format takes {currency} only, the declaration is in {declaration.currency[:8]}.",
            code="currency_refused",
            path="currency",
            action=f"Pass {option}: {currency} for 1 {declaration.currency[:8]}.",
        )
    factor, step = positive_decimal(option, rate), minor_unit(currency)
    values = [line.line_value.amount for line in declaration.lines]
    whole = round_to(EXACT.multiply(sum(values, Decimal(0)), factor), step)
    shares = iter(split(whole, values, step))

    def other(amount: Any) -> Any:
        if amount is None:
            return None
        return money(round_to(EXACT.multiply(amount.amount, factor), step), currency)

    def of_line(line: DeclarationLine) -> DeclarationLine:
        share = next(shares)
        unit = round_to(EXACT.divide(share, Decimal(line.quantity)), Decimal("0.000001"))
        amounts = {
            "line_value": money(share, currency),
            "unit_value": money(unit, currency),
            "line_discount": other(line.line_discount),
            "line_freight": other(line.line_freight),
        }
        return line.model_copy(update=amounts)

    items = tuple(
        item.model_copy(update={"lines": tuple(of_line(line) for line in item.lines)})
        for item in declaration.items
    )
    changed = {"currency": currency, "items": items, "collected": ()}
    changed |= {name: other(getattr(declaration, name)) for name in ("freight", "insurance")}
    return declaration.model_copy(update=changed)


def positive_decimal(name: str, value: Decimal | str | int) -> Decimal:
    """An option that is a positive decimal number.

    Raises:
        UsageError: it is none.
    """
    try:
        number = Decimal(value) if isinstance(value, Decimal | str | int) else Decimal("nan")
    except ArithmeticError:
        number = Decimal("nan")
    if isinstance(value, bool) or not number.is_finite() or number <= 0:
        raise UsageError(
            f"{name} is not a positive decimal number.",
            code="bad_number",
            path=name,
            action='Pass text or Decimal, such as "1.0834".',
        )
    return number


def choice(name: str, value: str, allowed: Sequence[str]) -> str:
    """An option that is one of some words.

    Raises:
        UsageError: it is another word.
    """
    if value not in allowed:
        raise UsageError(
            f"{str(value)[:40]!r} is no {name}.",
            code="unknown_choice",
            path=name,
            action=f"Use one of: {', '.join(allowed)}.",
        )
    return value


def ascii_text(text: str) -> str:
    """Accents taken off, ligatures spelled out, what is still not ASCII left out.

    >>> ascii_text("Étui façon Straße 鼠标")
    'Etui facon Strasse'
    """
    for letter, spelled in _LETTERS.items():
        text = text.replace(letter, spelled)
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return " ".join(plain.split())


_LETTERS: Final = {"ß": "ss", "æ": "ae", "Æ": "Ae", "ø": "o", "Ø": "O", "œ": "oe", "ł": "l"}


def _row(
    item: GoodsItem,
    lines: tuple[DeclarationLine, ...],
    quantity: int,
    value: Decimal,
    weight: Decimal | None,
    conventions: Conventions,
) -> Row:
    code = (item.hs_code or "")[: conventions.longest_hs_code]
    return Row(
        item=item,
        lines=lines,
        description=_description(item, conventions),
        hs_code=code if len(code) >= HS_DIGITS else "",
        quantity=quantity,
        value=value,
        weight=weight,
    )


def _description(item: GoodsItem, conventions: Conventions) -> str:
    clean: Callable[[str], str] = ascii_text if conventions.ascii_only else form_text
    text = clean(form_text(item.description))
    longest = conventions.longest_description
    if longest is not None and len(text) > longest:
        text = clean_description(text, longest) or text[:longest]
    if not text.strip():
        raise ExportError(
            "A goods item has no description that the format can hold.",
            code="no_description",
            path=f"goods item {item.number}",
            action="Pass descriptions in plain English words, such as: men's cotton shirts.",
        )
    return text


def _pieces(
    line_value: Decimal, quantity: int, declaration: Declaration
) -> Iterator[tuple[int, Decimal]]:
    """How many pieces at which unit value: exact steps that sum to the line value."""
    exponent = line_value.as_tuple().exponent
    finest = Decimal(1).scaleb(exponent) if isinstance(exponent, int) else Decimal(1)
    step = min(minor_unit(declaration.currency), finest)
    steps = int(EXACT.divide(line_value, step))
    low, dearer = divmod(steps, quantity)
    if dearer < quantity:
        yield quantity - dearer, EXACT.multiply(Decimal(low), step)
    if dearer:
        yield dearer, EXACT.multiply(Decimal(low + 1), step)


def _require_sendable(declaration: Declaration, conventions: Conventions) -> None:
    require_flat(declaration)
    if conventions.currency and declaration.currency != conventions.currency:
        in_currency(declaration, conventions.currency, None, "a declaration in it, or its rate")
    for line in declaration.lines:
        weight = line.line_net_weight_kg
        if line.line_value.amount < 0 or (weight is not None and weight < 0):
            raise ExportError(
                "A value or weight of the goods is negative.",
                code="negative_value",
                path="items",
                action="Check amounts, discounts and weights.",
            )
