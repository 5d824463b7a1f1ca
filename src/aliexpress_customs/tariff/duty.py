"""Duty expressions as tariffs print them: `12 %`, `1.75 EUR/kg`, `8 % MIN 0.3 EUR/pair`.

Grammar of a cell:

    cell       = duty ("|" duty)*             candidates, where a source does not settle which
    duty       = sum (("MIN" | "MAX") sum)*   MIN = not less than, MAX = not more than
    sum        = component ("+" component)*
    component  = number "%"  |  number currency "/" [number] unit

Limits are read from left to right and each binds the whole of what stands before it; a limit may be
a sum itself: `9.1 % + 45.1 EUR/100 kg MAX 18.9 % + 16.5 EUR/100 kg` is the lower of two sums (so
the EU's Combined Nomenclature, part one, section I C, and the notes of the Japanese and Eurasian
tariffs: `MIN` also says "whichever is higher"). `Free` is `0 %`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Final, Literal

from aliexpress_customs.errors import TariffError

Convert = Callable[[Decimal, str], Decimal]
"""Amount and currency to the currency of the charge."""
Quantity = Callable[[str], Decimal | None]
"""Quantity of the line in a unit (`kg`, `piece`, `pair`), None if unknown."""
LimitKind = Literal["MIN", "MAX"]

CANDIDATES: Final = "|"
ZERO: Final = Decimal(0)
UNBOUNDED: Final = Decimal("Infinity")

UNITS: Final[dict[str, tuple[str, Decimal]]] = {
    "kg": ("kg", Decimal(1)),
    "g": ("kg", Decimal("0.001")),
    "t": ("kg", Decimal(1000)),
    "kg_gross": ("kg_gross", Decimal(1)),
    "kg_drained": ("kg_drained", Decimal(1)),
    "kg_dry": ("kg_dry", Decimal(1)),
    "kg_lactic": ("kg_lactic", Decimal(1)),
    "kg_alcohol": ("kg_alcohol", Decimal(1)),
    "kg_sucrose": ("kg_sucrose", Decimal(1)),
    "kg_standard_sugar": ("kg_standard_sugar", Decimal(1)),
    "kg_soluble_solids": ("kg_soluble_solids", Decimal(1)),
    "kg_tobacco": ("kg_tobacco", Decimal(1)),
    "carat": ("carat", Decimal(1)),
    "l": ("litre", Decimal(1)),
    "litre": ("litre", Decimal(1)),
    "hl": ("litre", Decimal(100)),
    "kl": ("litre", Decimal(1000)),
    "barrel": ("barrel", Decimal(1)),
    "l_alcohol": ("l_alcohol", Decimal(1)),
    "proof_l": ("l_alcohol", Decimal("0.5")),
    "l_alcohol_over_1_15": ("l_alcohol_over_1_15", Decimal(1)),
    "piece": ("piece", Decimal(1)),
    "dozen": ("piece", Decimal(12)),
    "stick": ("stick", Decimal(1)),
    "pair": ("pair", Decimal(1)),
    "m": ("m", Decimal(1)),
    "m2": ("m2", Decimal(1)),
    "m3": ("m3", Decimal(1)),
    "cm3": ("cm3", Decimal(1)),
    "kwh": ("kwh", Decimal(1)),
}
"""What a unit of a duty is in the unit that quantities are asked in. `cm3` is engine displacement;
`l_alcohol` is pure alcohol (one hectolitre at 1 % vol holds one litre, a proof litre half a litre);
`kg_sucrose` likewise (100 kg with 1 % of sucrose hold one kilogram)."""

_COMPONENT: Final = re.compile(
    r"^(?P<amount>\d+(?:\.\d+)?)\s*"
    r"(?:(?P<percent>%)|(?P<currency>[A-Z]{3})\s*/\s*(?P<per>\d+(?:\.\d+)?)?\s*(?P<unit>[a-z][a-z0-9_]*))$",
    re.ASCII,
)
_LIMIT: Final = re.compile(r"\s+(MIN|MAX)\s+")


class UnknownQuantityError(Exception):
    """A specific duty needs a quantity that the declaration does not state."""

    def __init__(self, unit: str) -> None:
        super().__init__(unit)
        self.unit = unit


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
        if not self.amount:
            return ZERO
        count = quantity(self.unit)
        if count is None:
            raise UnknownQuantityError(self.unit)
        return convert(self.amount, self.currency) * count / self.per

    def __str__(self) -> str:
        if not self.currency:
            return f"{plain(self.amount)} %"
        per = "" if self.per == 1 else f"{plain(self.per)} "
        return f"{plain(self.amount)} {self.currency}/{per}{self.unit}"


Sum = tuple[Component, ...]


@dataclass(frozen=True, slots=True)
class Duty:
    """A parsed duty expression.

    Attributes:
        text: as written.
        components: what is added up.
        limits: applied in the order of writing.
    """

    text: str
    components: Sum
    limits: tuple[tuple[LimitKind, Sum], ...] = ()

    @property
    def ad_valorem(self) -> Decimal | None:
        """The rate as a fraction, if the duty is a percentage and nothing else."""
        if self.limits or any(part.currency for part in self.components):
            return None
        return sum((part.amount for part in self.components), ZERO) / 100

    @property
    def units(self) -> tuple[str, ...]:
        """The units in which quantities are asked, each once."""
        sums = (self.components, *(limit for _, limit in self.limits))
        return tuple(dict.fromkeys(part.unit for parts in sums for part in parts if part.currency))

    def of(self, base: Decimal, convert: Convert, quantity: Quantity) -> Decimal:
        """The duty for a line, unrounded, in the currency `convert` gives.

        Raises:
            UnknownQuantityError: a unit is not known for the line.
        """
        amount = _total(self.components, base, convert, quantity)
        for kind, parts in self.limits:
            limit = _total(parts, base, convert, quantity)
            amount = max(amount, limit) if kind == "MIN" else min(amount, limit)
        return amount

    def bounds(
        self,
        base: Decimal,
        convert: Convert,
        quantity: Quantity,
        at_most: Quantity | None = None,
    ) -> tuple[Decimal, Decimal]:
        """The lowest and highest duty for a line whose quantities are not all known.

        No duty falls when a quantity grows, so the ends are found at none and at `at_most`.

        Args:
            base: the value the percentages are of.
            convert: to the currency of the charge.
            quantity: what is known.
            at_most: the most an unknown quantity can be, None if there is no limit.

        Raises:
            UnknownQuantityError: nothing in the expression limits the duty.

        >>> parse_duty("0.5 EUR/m2 MIN 2.7 % MAX 4.6 %").bounds(
        ...     Decimal(100), lambda amount, currency: amount, lambda unit: None)
        (Decimal('2.7'), Decimal('4.6'))
        """

        def most(unit: str) -> Decimal:
            known = quantity(unit)
            limit = at_most(unit) if known is None and at_most is not None else known
            return UNBOUNDED if limit is None else limit

        def least(unit: str) -> Decimal:
            known = quantity(unit)
            return ZERO if known is None else known

        high = self.of(base, convert, most)
        if not high.is_finite():
            raise UnknownQuantityError(next(unit for unit in self.units if quantity(unit) is None))
        return self.of(base, convert, least), high

    def __str__(self) -> str:
        limits = "".join(f" {kind} {_written(parts)}" for kind, parts in self.limits)
        return _written(self.components) + limits


def plain(number: Decimal) -> str:
    """A number without exponent and needless zeros.

    >>> plain(Decimal("1E+3")), plain(Decimal("2.50"))
    ('1000', '2.5')
    """
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@lru_cache(maxsize=65536)
def parse_duty(text: str) -> Duty:
    """A duty expression; units come out as quantities are asked for (`EUR/hl`: per 100 `litre`).

    Raises:
        TariffError: not in the grammar.

    >>> parse_duty("12 %").ad_valorem
    Decimal('0.12')
    >>> str(parse_duty("8.0 % MIN 30 EUR/hl"))
    '8 % MIN 30 EUR/100 litre'
    """
    stripped = " ".join(text.split())
    if stripped.casefold() in {"free", "0"}:
        return Duty(stripped, (Component(ZERO),))
    pieces = _LIMIT.split(stripped)
    limits: list[tuple[LimitKind, Sum]] = []
    for word, limit in zip(pieces[1::2], pieces[2::2], strict=True):
        kind: LimitKind = "MIN" if word == "MIN" else "MAX"
        if any(kind == before for before, _ in limits):
            raise TariffError(f"{stripped[:80]!r} has two {word} limits.", path=stripped[:80])
        limits.append((kind, _sum(limit, stripped)))
    return Duty(stripped, _sum(pieces[0], stripped), tuple(limits))


def parse_duties(cell: str) -> tuple[Duty, ...]:
    """The duties of a cell: one, or the candidates, the likeliest first.

    Raises:
        TariffError: not in the grammar.

    >>> [duty.ad_valorem for duty in parse_duties("8 %|6.7 %")]
    [Decimal('0.08'), Decimal('0.067')]
    """
    if CANDIDATES not in cell:
        return (parse_duty(cell),)
    return tuple(parse_duty(text) for text in cell.split(CANDIDATES))


def _sum(text: str, whole: str) -> Sum:
    return tuple(_component(part.strip(), whole) for part in text.split("+"))


def _component(text: str, whole: str) -> Component:
    match = _COMPONENT.match(text)
    if match is None:
        raise TariffError(
            f"{whole[:80]!r} is no duty expression.",
            path=whole[:80],
            action="Write for example '12 %' or '8 % MIN 0.3 EUR/pair'.",
        )
    amount = Decimal(match["amount"])
    if match["percent"]:
        return Component(amount)
    if match["unit"] not in UNITS:
        raise TariffError(
            f"{match['unit'][:30]!r} is no unit of a duty.",
            path=whole[:80],
            action="Use " + ", ".join(UNITS) + ".",
        )
    unit, factor = UNITS[match["unit"]]
    per = Decimal(match["per"] or 1) * factor
    if not per:
        raise TariffError(f"{whole[:80]!r} is per nothing.", path=whole[:80])
    return Component(amount, match["currency"], unit, per)


def _total(parts: Sum, base: Decimal, convert: Convert, quantity: Quantity) -> Decimal:
    return sum((part.of(base, convert, quantity) for part in parts), ZERO)


def _written(parts: Sum) -> str:
    return " + ".join(map(str, parts))
