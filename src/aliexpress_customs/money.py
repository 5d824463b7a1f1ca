"""Money as the whole library uses it: `moneyed.Money` over `Decimal`, never a float.

Amounts are rounded with `round_to` and split with `split`, nowhere else. In JSON an amount is the
text `"3.20 USD"`: exact, readable, and accepted back everywhere a `Money` is expected.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    Context,
    Decimal,
    Inexact,
)
from functools import lru_cache
from typing import Annotated, Final, Literal

from moneyed import Currency, get_currency
from moneyed import Money as _Money
from moneyed.classes import CurrencyDoesNotExist
from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

from aliexpress_customs.errors import AmountError, SplitError

Rounding = Literal["half_up", "half_even", "up", "down", "floor", "ceiling"]

EXACT: Final = Context(prec=60)
"""Context for sums and products of amounts: wide enough that only divisions are ever inexact."""

_MODES: Final[dict[Rounding, str]] = {
    "half_up": ROUND_HALF_UP,
    "half_even": ROUND_HALF_EVEN,
    "up": ROUND_CEILING,
    "down": ROUND_DOWN,
    "floor": ROUND_FLOOR,
    "ceiling": ROUND_CEILING,
}
_ONE: Final = Decimal(1)
_POWERS_OF_TEN: Final = frozenset(Decimal(1).scaleb(-digits) for digits in range(13))
"""Steps for which rounding is one operation."""
_ZERO_DECIMALS: Final = frozenset(
    {
        *("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG"),
        *("RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"),
    }
)
"""Currencies without a minor unit, ISO 4217."""
_THREE_DECIMALS: Final = frozenset(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"])
_TEXT: Final = re.compile(r"^\s*([-+]?\d{1,40}(?:\.\d{1,40})?)\s*([A-Za-z]{3})\s*$")
_TEXT_CODE_FIRST: Final = re.compile(r"^\s*([A-Za-z]{3})\s*([-+]?\d{1,40}(?:\.\d{1,40})?)\s*$")

LARGEST_AMOUNT: Final = Decimal("1e15")
"""No parcel is worth more; larger amounts are mistakes or attacks and are refused."""


def money(amount: Decimal | str | int, currency: str) -> _Money:
    """An amount of a currency, checked.

    Args:
        amount: text or Decimal, in units of the currency (not minor units).
        currency: ISO 4217 code.

    Raises:
        AmountError: not finite, absurdly large, or an unknown currency.

    >>> money("3.20", "USD")
    Money('3.20', 'USD')
    """
    try:
        value = amount if type(amount) is Decimal else Decimal(amount)
    except (ArithmeticError, TypeError, ValueError) as error:
        raise AmountError(
            "An amount is not a decimal number.", action="Write it as 12.34."
        ) from error
    if not value.is_finite() or value.copy_abs() > LARGEST_AMOUNT:
        raise AmountError(
            f"An amount is not finite or above {LARGEST_AMOUNT:f}.",
            action="Check the unit: amounts are in whole currency units, not cents.",
        )
    try:
        return _Money(value, _currency(currency))
    except CurrencyDoesNotExist as error:
        raise AmountError(
            f"{currency[:8]!r} is not an ISO 4217 currency.", action="Use a code such as EUR."
        ) from error


@lru_cache(maxsize=512)
def _currency(code: str) -> Currency:
    return get_currency(code.upper())


def exact_money(amount: Decimal, currency: str) -> _Money:
    """As `money`, for an amount this library has computed itself: nothing is checked."""
    return _Money(amount, _currency(currency))


def parse_money(value: object) -> _Money:
    """Money from its own text (`"3.20 USD"` or `"USD 3.20"`), a `(amount, code)` pair, or itself.

    For localised shop text (`"R$126,59"`) use `invoice.localised.parse_price`.

    Raises:
        AmountError: anything else, floats included.

    >>> parse_money("3.20 USD")
    Money('3.20', 'USD')
    """
    if isinstance(value, _Money):
        return value
    if isinstance(value, str):
        if match := _TEXT.match(value):
            return money(match[1], match[2])
        if match := _TEXT_CODE_FIRST.match(value):
            return money(match[2], match[1])
    if isinstance(value, list | tuple) and len(value) == 2 and isinstance(value[1], str):
        amount = value[0]
        if isinstance(amount, Decimal | str | int) and not isinstance(amount, bool):
            return money(amount, value[1])
    raise AmountError(
        "Money is written as text with its currency.", action='Write for example "3.20 USD".'
    )


def format_money(value: _Money) -> str:
    """The text form, exact: `"3.20 USD"`."""
    return f"{value.amount:f} {value.currency.code}"


def _validated(value: object) -> _Money:
    """As `parse_money`, with the error pydantic understands."""
    try:
        return parse_money(value)
    except AmountError as error:
        raise ValueError(str(error)) from error


Money = Annotated[
    _Money,
    BeforeValidator(_validated),
    PlainSerializer(format_money, return_type=str),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": r"^-?\d+(\.\d+)? [A-Z]{3}$",
            "examples": ["3.20 USD"],
            "description": "Amount in currency units, a blank, ISO 4217 code.",
        }
    ),
]
"""Annotated `moneyed.Money` for pydantic models; reads and writes `"3.20 USD"`."""


def decimals(currency: str) -> int:
    """Digits of the minor unit in ISO 4217: 2 for EUR, 0 for JPY, 3 for KWD."""
    if currency in _ZERO_DECIMALS:
        return 0
    return 3 if currency in _THREE_DECIMALS else 2


def minor_unit(currency: str) -> Decimal:
    """The smallest amount of a currency: 0.01 for EUR, 1 for JPY."""
    return Decimal(1).scaleb(-decimals(currency))


def round_to(amount: Decimal, step: Decimal, mode: Rounding = "half_up") -> Decimal:
    """Round to a multiple of `step`; `up` is towards plus infinity, `down` towards zero.

    >>> round_to(Decimal("5.022"), Decimal("0.05"), "half_up")
    Decimal('5.00')
    >>> round_to(Decimal("20001"), Decimal("1000"), "up")
    Decimal('21000')
    """
    if step in _POWERS_OF_TEN:
        return amount.quantize(step, _MODES[mode], EXACT)
    steps = EXACT.divide(amount, step).quantize(_ONE, _MODES[mode], EXACT)
    return EXACT.multiply(steps, step)


def round_money(value: _Money, mode: Rounding = "half_up") -> _Money:
    """Round to the minor unit of the currency."""
    return _Money(round_to(value.amount, minor_unit(value.currency.code), mode), value.currency)


def split(total: Decimal, weights: Sequence[Decimal], step: Decimal) -> list[Decimal]:
    """Split an amount over parts in proportion, by largest remainder; the parts sum to the whole.

    Ties go to the earlier part. Parts of weight zero get nothing. What `total` itself has beyond a
    multiple of `step` goes to the part with the largest weight.

    Args:
        total: amount to split, in currency units; may be negative (a discount).
        weights: one weight a part, none negative.
        step: the smallest piece handed out, normally `minor_unit(currency)`.

    Raises:
        SplitError: a negative weight, or something to split and only zero weights.

    >>> split(Decimal("0.10"), [Decimal(1)] * 3, Decimal("0.01"))
    [Decimal('0.04'), Decimal('0.03'), Decimal('0.03')]
    """
    if total == 0:
        return [Decimal(0)] * len(weights)
    parts = _as_integers(weights)
    if min(parts, default=0) < 0:
        raise SplitError("A part has a negative weight.", action="Split over non-negative values.")
    whole = sum(parts)
    if whole == 0:
        raise SplitError(
            "An amount cannot be split over parts that are all zero.",
            code="zero_basis",
            action="Give at least one line a value, or allocate the amount yourself.",
        )
    steps = int(EXACT.divide_int(total, step))
    rest = EXACT.subtract(total, EXACT.multiply(Decimal(steps), step))
    sign = -1 if steps < 0 else 1
    quotas = [divmod(abs(steps) * part, whole) for part in parts]
    counts = [count for count, _ in quotas]
    left = abs(steps) - sum(counts)
    if left:
        nearest = sorted(range(len(parts)), key=lambda index: (-quotas[index][1], index))
        for index in nearest[:left]:
            counts[index] += 1
    shares = [EXACT.multiply(Decimal(sign * count), step) for count in counts]
    if rest:
        largest = max(range(len(parts)), key=lambda index: (parts[index], -index))
        shares[largest] = EXACT.add(shares[largest], rest)
    return shares


def _as_integers(weights: Sequence[Decimal]) -> list[int]:
    """The weights scaled by one power of ten, so that shares are found without rounding."""
    exponents = [weight.as_tuple().exponent for weight in weights]
    lowest = min((e for e in exponents if isinstance(e, int)), default=0)
    scale = max(-lowest, 0)
    return [int(weight.scaleb(scale, EXACT)) for weight in weights]


def is_exact(amount: Decimal, step: Decimal) -> bool:
    """Whether an amount is a multiple of a step."""
    context = Context(prec=60, traps=[])
    amount.quantize(step, context=context)
    return not context.flags[Inexact]
