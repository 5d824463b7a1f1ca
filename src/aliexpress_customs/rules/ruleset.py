"""The rules of one destination on one day, compiled: what the engine runs.

Building one costs milliseconds and is cached; a parcel then costs only its own arithmetic.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache

from aliexpress_customs.errors import ExpressionError, UsageError
from aliexpress_customs.rules.build import Builder, at, is_narrow, parse_at, with_sharing
from aliexpress_customs.rules.compiled import (
    KINDS,
    CompiledGap,
    CompiledIdentification,
    CompiledWaiver,
    RuleSet,
)
from aliexpress_customs.rules.load import Law, law
from aliexpress_customs.rules.parameters import is_money, money_slot
from aliexpress_customs.rules.schema import (
    Charge,
    Parameter,
)
from aliexpress_customs.rules.syntax import Node, names


def ruleset(
    destination: str,
    on: dt.date,
    *,
    ordered_on: dt.date | None = None,
    region: str = "",
    assume: frozenset[str] = frozenset(),
    exclude: frozenset[str] = frozenset(),
    readings: tuple[tuple[str, str], ...] = (),
) -> RuleSet:
    """The compiled rules for one destination and day.

    Args:
        destination: ISO 3166-1 alpha-2.
        on: day of clearance.
        ordered_on: day of the order, for rules dated by it; default `on`.
        region: ISO 3166-2, or empty.
        assume: names of announced or suspended charges to switch on.
        exclude: names of charges to switch off.
        readings: option chosen for unsettled rules, by id.

    Raises:
        UnknownDestinationError: no table.
        UsageError: an unknown switch, reading or option.
        RuleTableError: the table is malformed.
    """
    return _build(law(destination), on, ordered_on or on, region, assume, exclude, readings)


@lru_cache(maxsize=2048)
def _build(
    source: Law,
    on: dt.date,
    ordered_on: dt.date,
    region: str,
    assume: frozenset[str],
    exclude: frozenset[str],
    readings: tuple[tuple[str, str], ...],
) -> RuleSet:
    _check_switches(source, assume, exclude)
    chosen = _chosen_readings(source, dict(readings))
    parameters = _in_force(source, on, ordered_on, region)
    currency = source.destination.currency
    if "currency" in parameters:
        currency = str(parameters["currency"][0].value)
    values = {
        entry.id: parse_at(entry.formula, source, f"value {entry.id}")
        for entry in source.values
        if entry.holds(on, ordered_on)
    }
    _check_cycles(values, source)
    builder = Builder(source, parameters, values, chosen, currency)
    live: list[Charge] = []
    off: list[Charge] = []
    for entry in source.charges:
        if not entry.holds(on, ordered_on) or entry.switch_name in exclude:
            continue
        unasked = entry.status != "in_force" and entry.switch_name not in assume
        (off if unasked else live).append(entry)
    charges = []
    for entry in live:
        charges.append(builder.charge(entry))
        builder.seen.add(entry.id)
    return RuleSet(
        law=source,
        on=on,
        ordered_on=ordered_on,
        region=region,
        currency=currency,
        charges=with_sharing(charges),
        schemes=tuple(
            builder.scheme(s, ordered_on) for s in source.schemes if s.holds(on, ordered_on)
        ),
        waivers=tuple(
            CompiledWaiver(w, builder.test(w.when, f"waiver {w.id}", part=False))
            for w in source.waivers
            if w.holds(on, ordered_on)
            and (w.status == "in_force" or w.id in assume)
            and w.id not in exclude
        ),
        identifications=tuple(
            CompiledIdentification(i, builder.test(i.when, f"identification {i.id}", part=False))
            for i in source.identifications
            if i.holds(on, ordered_on)
        ),
        gaps=tuple(
            CompiledGap(
                gap,
                builder.test(gap.when, f"gap {gap.topic}", part=False) if gap.when else None,
            )
            for gap in source.gaps
        ),
        money_slots=tuple(
            (money_slot(entry), entry.value, entry.unit)
            for entries in parameters.values()
            for entry in entries
            if is_money(entry) and entry.unit != currency and isinstance(entry.value, Decimal)
        ),
        reads=frozenset(builder.reads),
        readings=chosen,
        switched_off=tuple(off),
        parameters=parameters,
        zeros={f"={entry.id}": Decimal(0) for entry in source.charges}
        | dict.fromkeys((*KINDS, "due_at_checkout", "due_at_delivery"), Decimal(0)),
    )


def _check_cycles(values: Mapping[str, Node], source: Law) -> None:
    """Refuse values that are defined by themselves.

    Raises:
        ExpressionError: naming the value.
    """
    settled: set[str] = set()

    def visit(name: str, above: tuple[str, ...]) -> None:
        if name in above:
            raise at(
                ExpressionError(f"The value is defined by itself: {' -> '.join((*above, name))}."),
                source,
                f"value {name}",
            )
        if name in settled:
            return
        for read in names(values[name]):
            plain = read.removeprefix("line_").removeprefix("item_")
            if plain in values:
                visit(plain, (*above, name))
        settled.add(name)

    for name in values:
        visit(name, ())


def _in_force(
    source: Law, on: dt.date, ordered_on: dt.date, region: str
) -> dict[str, list[Parameter]]:
    found: dict[str, list[Parameter]] = {}
    for entry in source.parameters:
        if entry.holds(on, ordered_on) and _in_region(entry, region):
            found.setdefault(entry.id, []).append(entry)
    for entries in found.values():
        entries.sort(key=_specificity)
        general = next((i for i, e in enumerate(entries) if not is_narrow(e)), len(entries))
        del entries[general + 1 :]
    return found


def _in_region(entry: Parameter, region: str) -> bool:
    if entry.region is None:
        return True
    return region == entry.region if isinstance(entry.region, str) else region in entry.region


def _specificity(entry: Parameter) -> tuple[int, int, int, int]:
    longest = max((len(code) for code in entry.codes), default=0) if entry.codes else 0
    return (
        -longest,
        0 if entry.origins is not None else 1,
        0 if entry.category is not None else 1,
        0 if entry.region is not None else 1,
    )


def _check_switches(source: Law, assume: frozenset[str], exclude: frozenset[str]) -> None:
    known = {entry.switch_name for entry in source.charges} | {w.id for w in source.waivers}
    for name in sorted((assume | exclude) - known):
        raise UsageError(
            f"There is no rule {name!r} to switch for {source.destination.code}.",
            code="unknown_switch",
            path=name,
            action=f"See `aliexpress-customs rules show {source.destination.code}`.",
        )


def _chosen_readings(source: Law, wanted: dict[str, str]) -> dict[str, str]:
    chosen = {entry.id: entry.default for entry in source.readings}
    options = {entry.id: entry.options for entry in source.readings}
    for id, option in wanted.items():
        if id not in options or option not in options[id]:
            raise UsageError(
                f"There is no reading {id!r} = {option!r} for {source.destination.code}.",
                code="unknown_reading",
                path=id,
                action=f"See `aliexpress-customs rules show {source.destination.code}`.",
            )
        chosen[id] = option
    return chosen
