"""What a compiled expression is, and how it reads the facts of a parcel and of a part.

`p` are the facts of the parcel, `x` those of the line, goods item or group at hand.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

from aliexpress_customs.rules.vocabulary import Type

Facts = dict[str, Any]
Compute = Callable[[Facts, Facts], Any]
_Priced = tuple[int, Decimal, Decimal]
"""Place of a line, price of a piece, pieces."""
_MOST_WAYS: Final = 1000
"""Ways to fill a value that are followed up; what gifts are worth leaves far fewer."""


class MissingFactError(Exception):
    """A rule needs a fact that is not known; the engine turns it into a reason."""

    def __init__(self, name: str, message: str = "", action: str = "") -> None:
        super().__init__(name)
        self.name = name
        self.message = message
        self.action = action


@dataclass(frozen=True, slots=True)
class Compiled:
    """A callable with its static type."""

    type: Type
    compute: Compute
    constant: bool = False

    def value(self) -> Any:
        """The value of a constant."""
        return self.compute({}, {})


def noted(register: str, id: str, value: Any) -> Compute:
    """A switch whose use is remembered, so that the answer names only those that mattered."""

    def read(p: Facts, x: Facts) -> Any:
        p[register].add(id)
        return value

    return read


def asked(id: str) -> Compute:
    """A fact only the caller knows; that it was asked for is remembered."""

    def read(p: Facts, x: Facts) -> Any:
        p["asked"].add(id)
        return p[id]

    return read


def fact(key: str) -> Compute:
    """A fact of the parcel."""
    return lambda p, x: p[key]


def converted(slot: str, currency: str) -> Compute:
    """An amount of law in a foreign currency, at the rate of the parcel."""

    def read(p: Facts, x: Facts) -> Any:
        try:
            return p[slot]
        except KeyError:
            raise MissingFactError(
                f"rate.{currency}",
                f"No exchange rate is known for an amount of law in {currency}.",
                'Pass one, such as rates={"USD/UYU": "40"}.',
            ) from None

    return read


def part(key: str) -> Compute:
    """A fact of the part."""
    return lambda p, x: x[key]


def optional(key: str) -> Compute:
    """A fact of the parcel that may be missing."""

    def read(p: Facts, x: Facts) -> Any:
        value = p.get(key)
        if value is None:
            raise MissingFactError(key.lstrip("="))
        return value

    return read


def part_optional(key: str) -> Compute:
    """A fact of the part that may be missing."""

    def read(p: Facts, x: Facts) -> Any:
        value = x.get(key)
        if value is None:
            raise MissingFactError(f"line_{key}")
        return value

    return read


def part_amount(id: str) -> Compute:
    """The part's share of a charge above."""
    key = f"={id}"

    def read(p: Facts, x: Facts) -> Any:
        if p.get(key) is None and key in p:
            raise MissingFactError(id)
        return x.get(key, Decimal(0))

    return read


def within(lines: Sequence[Facts], line: Facts, limit: Decimal) -> Decimal:
    """The share of a line's pieces that find room in a value, which is filled as far as it goes.

    A piece is not divided: of 20, 20 and 30 the first two find room in 45. Which of ways that fill
    it alike is taken does not depend on the order of the lines.
    """
    goods = tuple((one["index"], one["unit_value"], one["quantity"]) for one in lines)
    count: Decimal = line["quantity"]
    return _fitting(goods, limit).get(line["index"], Decimal(0)) / count if count else Decimal(0)


@lru_cache(maxsize=64)
def _fitting(goods: tuple[_Priced, ...], limit: Decimal) -> Mapping[int, Decimal]:
    """How many pieces of each line find room together."""
    free = {index: count for index, price, count in goods if not price}
    ways = {Decimal(0): free}
    priced = (one for one in goods if one[1])
    for index, price, count in sorted(priced, key=lambda one: (-one[1], one[0])):
        if count != count.to_integral_value():
            pieces = [(price * count, count)]
        else:
            most = min(count, limit // price)
            pieces = [(price * n, Decimal(n)) for n in range(int(most), 0, -1)]
        for filled, taken in list(ways.items()):
            for value, number in pieces:
                if filled + value <= limit:
                    ways.setdefault(filled + value, {**taken, index: number})
        fullest = sorted(ways, reverse=True)[:_MOST_WAYS]
        ways = {filled: ways[filled] for filled in fullest}
    return ways[max(ways)]
