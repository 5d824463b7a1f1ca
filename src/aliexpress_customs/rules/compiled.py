"""What the builder makes of the tables and the engine runs: charges, schemes, waivers, ready."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from aliexpress_customs.money import Rounding
from aliexpress_customs.rules.facts import Compute
from aliexpress_customs.rules.load import Law
from aliexpress_customs.rules.schema import (
    Charge,
    Gap,
    Identification,
    Parameter,
    Scheme,
    Territory,
    Waiver,
)

KINDS: Final = ("duty", "vat", "excise", "fee", "handling")


@dataclass(frozen=True, slots=True)
class CompiledRounding:
    """How and to what step an amount is rounded; step 0 = not at all."""

    mode: Rounding
    step: Decimal


@dataclass(frozen=True, slots=True)
class ThresholdTest:
    """A comparison with a limit of law inside a `when`, kept for the answer."""

    parameter: Parameter
    basis: str
    """What is compared with the limit, such as `intrinsic_value`."""
    tested: Compute
    limit: Compute
    inclusive: bool
    """Whether a value equal to the limit is still within it."""
    part: bool


@dataclass(frozen=True, slots=True)
class CompiledCharge:
    """A charge in force, ready to run."""

    entry: Charge
    when: Compute | None
    """None: always."""
    amount: Compute
    base: Compute | None
    base_name: str
    """What the base is, such as `customs_value`; empty if there is none."""
    rate: Compute | None
    """The rate; of a duty of the tariff its percentage, or None if it is none."""
    at_least: Compute | None
    at_most: Compute | None
    rounding: CompiledRounding
    part_rounding: CompiledRounding | None
    thresholds: tuple[ThresholdTest, ...]
    cites: tuple[Parameter, ...]
    """Parameters the formulas read; an uncited charge takes its source from the first."""
    sums: tuple[str, ...]
    """Facts of lines that the formulas read and that add up when lines are taken together."""
    shared: bool
    """Whether a later charge reads the share of a line in this one."""
    confidence: str
    """The weakest among the charge and what it reads."""
    when_of_parcel: bool
    """Whether `when` reads nothing of the part, and one answer holds for all of them."""


@dataclass(frozen=True, slots=True)
class CompiledScheme:
    """A collection scheme in force."""

    entry: Scheme
    when: Compute
    default: bool
    """AliExpress uses it on the day of the order."""
    thresholds: tuple[ThresholdTest, ...]


@dataclass(frozen=True, slots=True)
class CompiledWaiver:
    """A waiver in force."""

    entry: Waiver
    when: Compute


@dataclass(frozen=True, slots=True)
class CompiledIdentification:
    """A number the declaration needs."""

    entry: Identification
    when: Compute


@dataclass(frozen=True, slots=True)
class CompiledGap:
    """Something not covered, and the parcels it concerns."""

    entry: Gap
    when: Compute | None


@dataclass(frozen=True, eq=False)
class RuleSet:
    """Everything in force for a destination on a day."""

    law: Law
    on: dt.date
    ordered_on: dt.date
    region: str
    currency: str
    charges: tuple[CompiledCharge, ...]
    schemes: tuple[CompiledScheme, ...]
    waivers: tuple[CompiledWaiver, ...]
    identifications: tuple[CompiledIdentification, ...]
    gaps: tuple[CompiledGap, ...]
    money_slots: tuple[tuple[str, Decimal, str], ...]
    """Parameters in foreign currencies: key, amount, currency."""
    reads: frozenset[str]
    """Every word that some expression in force reads."""
    readings: Mapping[str, str]
    switched_off: tuple[Charge, ...]
    """Announced or suspended charges that would be in force but are not assumed."""
    parameters: Mapping[str, list[Parameter]] = field(repr=False)
    zeros: Mapping[str, Decimal] = field(repr=False)
    """What sums of the parcel begin with."""

    @property
    def unknown(self) -> tuple[Parameter, ...]:
        """Parameters in force that no source gives; the caller may state them."""
        return tuple(e for entries in self.parameters.values() for e in entries if e.value is None)

    def territory(self, postcode: str) -> Territory | None:
        """The part with rules of its own in which an address lies."""
        compact = postcode.replace(" ", "").upper()
        for entry in self.law.territories:
            if self.region and self.region in entry.regions:
                return entry
            if compact and any(compact.startswith(p.replace(" ", "")) for p in entry.postcodes):
                return entry
        return None
