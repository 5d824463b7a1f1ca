"""Compiling the entries of a table, remembering which charges come before."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Final

from aliexpress_customs.errors import ExpressionError
from aliexpress_customs.money import Rounding, minor_unit
from aliexpress_customs.rules.compile import Scope, compile_node
from aliexpress_customs.rules.compiled import (
    KINDS,
    CompiledCharge,
    CompiledRounding,
    CompiledScheme,
    ThresholdTest,
)
from aliexpress_customs.rules.expression import parse
from aliexpress_customs.rules.facts import Compiled, Compute
from aliexpress_customs.rules.load import Law
from aliexpress_customs.rules.parameters import is_money
from aliexpress_customs.rules.schema import (
    Charge,
    Cited,
    Parameter,
    Scheme,
)
from aliexpress_customs.rules.syntax import (
    Call,
    Comparison,
    Name,
    Node,
    Text,
    children,
    names,
    unparse,
)
from aliexpress_customs.rules.vocabulary import FUNCTIONS, LINE, SHARES

_ADDING: Final = frozenset({"value", "freight", "insurance", "quantity", "net_weight_kg", *KINDS})
_WEAKEST: Final = ("memory", "low", "medium", "high")


class Builder:
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
        """What names mean in an expression of this table."""
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
        """One expression, its names remembered as read."""
        node = parse_at(text, self.source, where)
        self.reads.update(expanded_names(node, self.values))
        try:
            return compile_node(node, self.scope(part=part))
        except ExpressionError as error:
            raise at(error, self.source, where) from error

    def test(self, text: str, where: str, *, part: bool) -> Compute:
        """An expression that must be a test."""
        found = self.compile(text, where, part=part)
        if found.type != "truth":
            raise at(ExpressionError("'when' is no test."), self.source, where)
        return found.compute

    def scheme(self, entry: Scheme, ordered_on: dt.date) -> CompiledScheme:
        """A collection scheme, and whether AliExpress uses it on the day of the order."""
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
        """A charge with its formulas, rounding, thresholds and sources."""
        where = f"charge {entry.id}"
        part = entry.per != "consignment"
        when = self.compile(entry.when, where, part=part)
        if when.type != "truth":
            raise at(ExpressionError("'when' is no test."), self.source, where)

        def number(text: str | None, key: str) -> Compute | None:
            if text is None:
                return None
            found = self.compile(text, f"{where} {key}", part=part)
            if found.type != "number":
                raise at(ExpressionError(f"{key!r} is no number."), self.source, where)
            return found.compute

        base, rate = number(entry.base, "base"), number(entry.rate, "rate")
        amount = number(entry.amount, "amount")
        if amount is None:
            if base is None or rate is None:
                raise AssertionError("the schema demands an amount, or a base and a rate")
            amount = _product(base, rate)
        base_name = entry.base or ""
        if entry.amount is not None:
            match parse_at(entry.amount, self.source, where):
                case Call("tariff", (Text(kind), valued)):
                    base_name = unparse(valued)
                    base, rate = number(base_name, "amount"), _rate_of_tariff(kind)
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
            base_name=base_name.removeprefix("line_").removeprefix("item_"),
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
            narrowed = any(is_narrow(entry) for entry in self.parameters.get(id_, ()))
            per_line = any(scheme.per == "line" for scheme in self.source.schemes)
            if id_ in LINE or id_ in self.seen or narrowed or id_.startswith(("line_", "item_")):
                return False
            if id_ == "in_scheme" and per_line:
                return False
            if id_ in self.values:
                return self.of_parcel(self.values[id_])
        return all(self.of_parcel(child) for child in children(node))

    def thresholds(self, text: str, where: str, *, part: bool) -> tuple[ThresholdTest, ...]:
        """Comparisons with amounts of law, kept for the answer."""
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


def _rate_of_tariff(kind: str) -> Compute:
    return lambda p, x: p["tariff_rate()"](x, kind)


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


def with_sharing(charges: list[CompiledCharge]) -> tuple[CompiledCharge, ...]:
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


def _product(base: Compute, rate: Compute) -> Compute:
    return lambda p, x: base(p, x) * rate(p, x)


def parse_at(text: str, source: Law, where: str) -> Node:
    """Parse, naming the file and entry in the error."""
    try:
        return parse(text)
    except ExpressionError as error:
        raise at(error, source, where) from error


def at(error: ExpressionError, source: Law, where: str) -> ExpressionError:
    """The error with file and entry in its path."""
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


def is_narrow(entry: Parameter) -> bool:
    """Whether an entry is meant for some lines only."""
    return entry.codes is not None or entry.origins is not None or entry.category is not None
