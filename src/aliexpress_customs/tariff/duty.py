"""Duty expressions as tariffs print them: `12 %`, `1.75 EUR/kg`, `8 % MIN 0.3 EUR/pair`.

Grammar: components joined by `+`, then optional `MIN` and `MAX` limits that bind to the whole sum
before them. A component is a percentage of the base, or an amount per unit of quantity.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Final

from aliexpress_customs.errors import TariffError

Convert = Callable[[Decimal, str], Decimal]
"""Amount and currency to the currency of the charge."""
Quantity = Callable[[str], Decimal | None]
"""Quantity of the line in a unit (`kg`, `piece`, `pair`), None if unknown."""

_COMPONENT: Final = re.compile(
    r"^(?P<amount>\d+(?:\.\d+)?)\s*"
    r"(?:(?P<percent>%)|(?P<currency>[A-Z]{3})\s*/\s*(?P<per>\d+(?:\.\d+)?)?\s*(?P<unit>[a-z0-9_]+))$"
)


@dataclass(frozen=True, slots=True)
class Component:
    """One limb: a percentage of the base (`currency` empty) or an amount per unit."""

    amount: Decimal
    currency: str = ""
    unit: str = ""
    per: Decimal = Decimal(1)

    def of(self, base: Decimal, convert: Convert, quantity: Quantity) -> Decimal:
        """The amount for a line.

        Raises:
            UnknownQuantityError: the unit is not known for the line.
        """
        if not self.currency:
            return base * self.amount / 100
        count = quantity(self.unit)
        if count is None:
            raise UnknownQuantityError(self.unit)
        return convert(self.amount, self.currency) * count / self.per


@dataclass(frozen=True, slots=True)
class Duty:
    """A parsed duty expression."""

    text: str
    components: tuple[Component, ...]
    at_least: tuple[Component, ...] = ()
    at_most: tuple[Component, ...] = ()

    @property
    def ad_valorem(self) -> Decimal | None:
        """The rate as a fraction, if the duty is a percentage and nothing else."""
        if self.at_least or self.at_most or any(part.currency for part in self.components):
            return None
        return sum((part.amount for part in self.components), Decimal(0)) / 100

    def of(self, base: Decimal, convert: Convert, quantity: Quantity) -> Decimal:
        """The duty for a line, unrounded, in the currency `convert` gives."""
        amount = _total(self.components, base, convert, quantity)
        if self.at_least:
            amount = max(amount, _total(self.at_least, base, convert, quantity))
        if self.at_most:
            amount = min(amount, _total(self.at_most, base, convert, quantity))
        return amount


class UnknownQuantityError(Exception):
    """A specific duty needs a quantity that the declaration does not state."""

    def __init__(self, unit: str) -> None:
        super().__init__(unit)
        self.unit = unit


def _total(
    parts: tuple[Component, ...], base: Decimal, convert: Convert, quantity: Quantity
) -> Decimal:
    return sum((part.of(base, convert, quantity) for part in parts), Decimal(0))


@lru_cache(maxsize=65536)
def parse_duty(text: str) -> Duty:
    """A duty expression.

    Raises:
        TariffError: not in the grammar.

    >>> parse_duty("12 %").ad_valorem
    Decimal('0.12')
    """
    stripped = " ".join(text.split())
    if stripped.casefold() in {"free", "0"}:
        return Duty(stripped, (Component(Decimal(0)),))
    pieces = re.split(r"\s+(MIN|MAX)\s+", stripped)
    limits: dict[str, tuple[Component, ...]] = {"MIN": (), "MAX": ()}
    for word, limit in zip(pieces[1::2], pieces[2::2], strict=True):
        if limits[word]:
            raise TariffError(f"{stripped[:80]!r} has two {word} limits.", path=stripped[:80])
        limits[word] = _components(limit, stripped)
    return Duty(stripped, _components(pieces[0], stripped), limits["MIN"], limits["MAX"])


def _components(text: str, whole: str) -> tuple[Component, ...]:
    found = []
    for part in text.split("+"):
        match = _COMPONENT.match(part.strip())
        if match is None:
            raise TariffError(
                f"{whole[:80]!r} is no duty expression.",
                path=whole[:80],
                action="Write for example '12 %' or '8 % MIN 0.3 EUR/pair'.",
            )
        found.append(
            Component(
                Decimal(match["amount"]),
                match["currency"] or "",
                match["unit"] or "",
                Decimal(match["per"] or 1),
            )
        )
    return tuple(found)
