"""The rules of one destination on one day, compiled: what the engine runs.

Building one costs milliseconds and is cached; a parcel then costs only its own arithmetic.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Final

from aliexpress_customs.errors import ExpressionError, UsageError
from aliexpress_customs.money import Rounding, minor_unit
from aliexpress_customs.rules.compile import (
    Compiled,
    Compute,
    Scope,
    compile_node,
    is_money,
    money_slot,
)
from aliexpress_customs.rules.expression import (
    Call,
    Comparison,
    Name,
    Node,
    children,
    names,
    parse,
    unparse,
)
from aliexpress_customs.rules.load import Law, law
from aliexpress_customs.rules.schema import (
    Charge,
    Cited,
    Identification,
    Parameter,
    Per,
    Scheme,
    Territory,
    Waiver,
)
from aliexpress_customs.rules.vocabulary import FUNCTIONS, LINE, SHARES

KINDS: Final = ("duty", "vat", "excise", "fee", "handling")
_ADDING: Final = frozenset({"value", "freight", "insurance", "quantity", "net_weight_kg", *KINDS})
_WEAKEST: Final = ("memory", "low", "medium", "high")


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
    rate: Compute | None
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

    def territory(self, postcode: str) -> Territory | None:
        """The part with rules of its own in which an address lies."""
        compact = postcode.replace(" ", "").upper()
        for entry in self.law.territories:
            if self.region and self.region in entry.regions:
                return entry
            if compact and any(compact.startswith(p.replace(" ", "")) for p in entry.postcodes):
                return entry
        return None


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
    builder = _Builder(source, parameters, values, chosen, currency)
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
        charges=_with_sharing(charges),
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


class _Builder:
    """Compiles entries, remembering which charges come before."""

    def __init__(
        self,
        source: Law,
        parameters: Mapping[str, list[Parameter]],
        values: Mapping[str, Node],
        readings: Mapping[str, str],
        currency: str,
    ) -> None:
        self.source = source
        self.parameters = parameters
        self.values = values
        self.readings = readings
        self.given = {entry.id: entry.default for entry in source.given}
        self.currency = currency
        self.seen: set[str] = set()
        self.reads: set[str] = set()

    def scope(self, *, part: bool) -> Scope:
        every = frozenset(self.seen) | {c.id for c in self.source.charges}
        return Scope(
            parameters=self.parameters,
            values=self.values,
            charges=every,
            readings=self.readings,
            given=self.given,
            part=part,
            currency=self.currency,
        )

    def compile(self, text: str, where: str, *, part: bool) -> Compiled:
        node = parse_at(text, self.source, where)
        self.reads.update(expanded_names(node, self.values))
        try:
            return compile_node(node, self.scope(part=part))
        except ExpressionError as error:
            raise _at(error, self.source, where) from error

    def test(self, text: str, where: str, *, part: bool) -> Compute:
        found = self.compile(text, where, part=part)
        if found.type != "truth":
            raise _at(ExpressionError("'when' is no test."), self.source, where)
        return found.compute

    def scheme(self, entry: Scheme, ordered_on: dt.date) -> CompiledScheme:
        part = entry.per == "line"
        member = entry.aliexpress != "no" and (
            entry.aliexpress_from is None or entry.aliexpress_from <= ordered_on
        )
        return CompiledScheme(
            entry,
            self.test(entry.when, f"scheme {entry.id}", part=part),
            member,
            self.thresholds(entry.when, f"scheme {entry.id}", part=part),
        )

    def charge(self, entry: Charge) -> CompiledCharge:
        where = f"charge {entry.id}"
        part = entry.per != "consignment"
        when = self.compile(entry.when, where, part=part)
        if when.type != "truth":
            raise _at(ExpressionError("'when' is no test."), self.source, where)

        def number(text: str | None, key: str) -> Compute | None:
            if text is None:
                return None
            found = self.compile(text, f"{where} {key}", part=part)
            if found.type != "number":
                raise _at(ExpressionError(f"{key!r} is no number."), self.source, where)
            return found.compute

        base, rate = number(entry.base, "base"), number(entry.rate, "rate")
        amount = number(entry.amount, "amount")
        if amount is None:
            if base is None or rate is None:
                raise AssertionError("the schema demands an amount, or a base and a rate")
            amount = _product(base, rate)
        texts = [entry.rate, entry.amount, entry.base, entry.at_least, entry.at_most, entry.when]
        nodes = [parse_at(text, self.source, where) for text in texts if text]
        direct = [name for node in nodes for name in names(node)]
        through = [name for node in nodes for name in expanded_names(node, self.values)]
        read = dict.fromkeys([*direct, *through])
        cites = tuple(self.parameters[name][-1] for name in read if name in self.parameters)
        return CompiledCharge(
            entry=entry,
            when=None if when.constant and when.value() else when.compute,
            amount=amount,
            base=base,
            rate=rate,
            at_least=number(entry.at_least, "at_least"),
            at_most=number(entry.at_most, "at_most"),
            rounding=_rounding(entry.round, self.currency),
            part_rounding=_rounding(entry.round_parts, self.currency)
            if entry.round_parts
            else None,
            thresholds=self.thresholds(entry.when, where, part=part),
            cites=cites,
            sums=_sums(read, self.seen) if part else (),
            shared=False,
            confidence=_weakest(entry, *cites),
            when_of_parcel=not part or self.of_parcel(parse_at(entry.when, self.source, where)),
        )

    def of_parcel(self, node: Node) -> bool:
        """Whether an expression reads nothing that differs between the parts of a parcel."""
        if isinstance(node, Call):
            known = FUNCTIONS.get(node.function)
            if known is None or known.lines_only:
                return False
            if "expression" in known.arguments:
                return True
        if isinstance(node, Name):
            id_ = node.id
            narrowed = any(_is_narrow(entry) for entry in self.parameters.get(id_, ()))
            per_line = any(scheme.per == "line" for scheme in self.source.schemes)
            if id_ in LINE or id_ in self.seen or narrowed or id_.startswith(("line_", "item_")):
                return False
            if id_ == "in_scheme" and per_line:
                return False
            if id_ in self.values:
                return self.of_parcel(self.values[id_])
        return all(self.of_parcel(child) for child in children(node))

    def thresholds(self, text: str, where: str, *, part: bool) -> tuple[ThresholdTest, ...]:
        found = []
        for node in _comparisons(parse_at(text, self.source, where)):
            for limit, other, inclusive in (
                (node.right, node.left, node.operator in {"<=", ">"}),
                (node.left, node.right, node.operator in {">=", "<"}),
            ):
                if not isinstance(limit, Name) or limit.id not in self.parameters:
                    continue
                entry = self.parameters[limit.id][0]
                if not is_money(entry) or entry.value is None:
                    continue
                scope = self.scope(part=part)
                found.append(
                    ThresholdTest(
                        entry,
                        unparse(other),
                        compile_node(other, scope).compute,
                        compile_node(limit, scope).compute,
                        inclusive,
                        part,
                    )
                )
                break
        return tuple(found)


def _sums(read: Iterable[str], charges: set[str]) -> tuple[str, ...]:
    """Keys of line facts behind the names a part charge reads; see `compile._shares`."""
    found: dict[str, None] = {}
    for name in read:
        key = SHARES.get(name, name.removeprefix("line_").removeprefix("item_"))
        if key in _ADDING:
            found[key] = None
        elif name in charges:
            found[f"={name}"] = None
    return tuple(found)


def _with_sharing(charges: list[CompiledCharge]) -> tuple[CompiledCharge, ...]:
    """Mark the charges whose line shares a later one reads; the others need not be split."""
    wanted: set[str] = set()
    found = []
    for charge in reversed(charges):
        shared = charge.entry.kind in wanted or f"={charge.entry.id}" in wanted
        found.append(dataclasses.replace(charge, shared=shared))
        wanted.update(charge.sums)
    return tuple(reversed(found))


def _weakest(*entries: Cited) -> str:
    found = [entry.confidence for entry in entries if entry.confidence]
    return min(found, key=_WEAKEST.index) if found else "memory"


def _check_cycles(values: Mapping[str, Node], source: Law) -> None:
    """Refuse values that are defined by themselves.

    Raises:
        ExpressionError: naming the value.
    """
    settled: set[str] = set()

    def visit(name: str, above: tuple[str, ...]) -> None:
        if name in above:
            raise _at(
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


def _product(base: Compute, rate: Compute) -> Compute:
    return lambda p, x: base(p, x) * rate(p, x)


def parse_at(text: str, source: Law, where: str) -> Node:
    """Parse, naming the file and entry in the error."""
    try:
        return parse(text)
    except ExpressionError as error:
        raise _at(error, source, where) from error


def _at(error: ExpressionError, source: Law, where: str) -> ExpressionError:
    if error.path:
        return error
    return ExpressionError(
        error.message, path=f"{source.files[-1].name}: {where}", action=error.action
    )


def expanded_names(node: Node, values: Mapping[str, Node]) -> list[str]:
    """Names an expression reads, also through defined values."""
    found: list[str] = []
    for name in names(node):
        found.append(name)
        plain = name.removeprefix("line_").removeprefix("item_")
        if plain in values:
            found.extend(expanded_names(values[plain], values))
    return found


def _comparisons(node: Node) -> list[Comparison]:
    """Ordering comparisons of an expression; those inside per-line functions are left out."""
    if isinstance(node, Call):
        return []
    own = [node] if isinstance(node, Comparison) and node.operator in {"<", "<=", ">", ">="} else []
    return own + [found for child in children(node) for found in _comparisons(child)]


def _rounding(rule: str | None, currency: str) -> CompiledRounding:
    if rule is None:
        return CompiledRounding("half_up", minor_unit(currency))
    mode, _, step = rule.partition(" ")
    if mode == "none":
        return CompiledRounding("half_up", Decimal(0))
    found: Rounding = mode  # type: ignore[assignment]
    return CompiledRounding(found, Decimal(step) if step else minor_unit(currency))


def _in_force(
    source: Law, on: dt.date, ordered_on: dt.date, region: str
) -> dict[str, list[Parameter]]:
    found: dict[str, list[Parameter]] = {}
    for entry in source.parameters:
        if entry.holds(on, ordered_on) and _in_region(entry, region):
            found.setdefault(entry.id, []).append(entry)
    for entries in found.values():
        entries.sort(key=_specificity)
        general = next((i for i, e in enumerate(entries) if not _is_narrow(e)), len(entries))
        del entries[general + 1 :]
    return found


def _in_region(entry: Parameter, region: str) -> bool:
    if entry.region is None:
        return True
    return region == entry.region if isinstance(entry.region, str) else region in entry.region


def _is_narrow(entry: Parameter) -> bool:
    return entry.codes is not None or entry.origins is not None or entry.category is not None


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


__all__ = [
    "CompiledCharge",
    "CompiledIdentification",
    "CompiledRounding",
    "CompiledScheme",
    "CompiledWaiver",
    "Per",
    "RuleSet",
    "ThresholdTest",
    "expanded_names",
    "parse_at",
    "ruleset",
]
