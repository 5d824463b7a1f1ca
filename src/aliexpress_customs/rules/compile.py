"""From the tree of an expression to a plain callable over Decimal.

A callable takes the facts of the parcel and of the part (line, goods item) at hand as two dicts.
Everything that can be known beforehand - dated parameters, readings - is folded in, so that a
parcel costs only the arithmetic of its own charges.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final

from aliexpress_customs.money import round_to
from aliexpress_customs.rules.facts import (
    Compiled,
    Facts,
    MissingFactError,
    asked,
    converted,
    fact,
    noted,
    optional,
    part,
    part_amount,
    part_optional,
    within,
)
from aliexpress_customs.rules.operators import (
    arithmetic,
    comparison,
    conditional,
    fail,
    fold,
    logical,
)
from aliexpress_customs.rules.parameters import (
    chosen_by_line,
    is_money,
    is_narrow,
    money_slot,
    parameter_value,
    stated_slot,
)
from aliexpress_customs.rules.schema import Parameter
from aliexpress_customs.rules.syntax import (
    Arithmetic,
    Call,
    Comparison,
    Conditional,
    Listing,
    Logical,
    Name,
    Negative,
    Node,
    Not,
    Number,
    Text,
    Truth,
    renamed,
    unparse,
)
from aliexpress_customs.rules.vocabulary import FUNCTIONS, LINE, PARCEL, PART, SHARES, Type


@dataclass(frozen=True)
class Scope:
    """What names mean while one expression is compiled.

    Attributes:
        parameters: entries in force, the most specific first, by id.
        values: formulas of defined values, by id.
        charges: ids of the charges that come before.
        readings: chosen option, by id.
        given: facts only the caller knows, by id, with their default.
        part: whether a line, item or group of lines is at hand.
        currency: of the destination: parameters in others are read at the rate of the parcel.
    """

    parameters: Mapping[str, list[Parameter]]
    values: Mapping[str, Node]
    charges: frozenset[str]
    readings: Mapping[str, str]
    given: Mapping[str, Any]
    part: bool
    currency: str


_STEPS: Final = {"round_down": "down", "round_up": "up", "round_half_up": "half_up"}


def compile_node(node: Node, scope: Scope) -> Compiled:
    """The callable of a tree.

    Raises:
        ExpressionError: an unknown name or function, or operands of the wrong type.
    """
    return _Compiler(scope).compile(node)


class _Compiler:
    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    def compile(self, node: Node) -> Compiled:
        match node:
            case Number(value):
                return Compiled("number", lambda p, x: value, constant=True)
            case Text(text):
                return Compiled("text", lambda p, x: text, constant=True)
            case Truth(truth):
                return Compiled("truth", lambda p, x: truth, constant=True)
            case Listing(items):
                return self.listing(items)
            case Name(id):
                return self.name(id)
            case Negative(operand):
                inner = self.number(operand)
                negate = inner.compute
                return fold("number", lambda p, x: -negate(p, x), inner)
            case Not(operand):
                inner = self.truth(operand)
                deny = inner.compute
                return fold("truth", lambda p, x: not deny(p, x), inner)
            case Arithmetic():
                return arithmetic(node, self.number(node.left), self.number(node.right))
            case Comparison():
                return comparison(node, self.compile(node.left), self.compile(node.right))
            case Logical(word, operands):
                return logical(word, [self.truth(operand) for operand in operands])
            case Conditional(test, then, otherwise):
                return conditional(self.truth(test), self.compile(then), self.compile(otherwise))
            case Call(function, arguments):
                return self.call(function, arguments)

    def typed(self, node: Node, wanted: Type) -> Compiled:
        found = self.compile(node)
        if found.type != wanted:
            fail(f"{unparse(node)!r} is a {found.type}, not a {wanted}")
        return found

    def quoted(self, node: Node) -> str:
        found = self.typed(node, "text")
        if not found.constant:
            fail(f"{unparse(node)!r} must be a quoted text")
        text: str = found.value()
        return text

    def number(self, node: Node) -> Compiled:
        return self.typed(node, "number")

    def truth(self, node: Node) -> Compiled:
        return self.typed(node, "truth")

    def listing(self, items: tuple[Node, ...]) -> Compiled:
        parts = [self.compile(item) for item in items]
        if any(not part.constant or part.type != "text" for part in parts):
            fail("a list holds quoted texts only")
        values = tuple(part.value() for part in parts)
        return Compiled("list", lambda p, x: values, constant=True)

    def name(self, id: str) -> Compiled:
        scope = self.scope
        if id in scope.readings:
            return Compiled("text", noted("readings", id, scope.readings[id]))
        if id in scope.parameters:
            return self.parameter(id, scope.parameters[id])
        if id in scope.values:
            return self.compile(scope.values[id])
        if id in scope.given:
            kind = _type_of(scope.given[id])
            return Compiled(kind, asked(id))
        for prefix in ("line_", "item_"):
            if id.startswith(prefix):
                rest = id[len(prefix) :]
                if rest in PART:
                    return self.part_fact(id, rest)
                if rest in scope.values:
                    return self.compile(_shares(scope.values[rest], prefix, scope.values))
        if id in LINE:
            return self.part_fact(id, id)
        if id in PARCEL:
            word = PARCEL[id]
            if id == "in_scheme":
                return Compiled("truth", lambda p, x: x.get("in_scheme", p["in_scheme"]))
            return Compiled(word.type, optional(id) if word.optional else fact(id))
        if id in scope.charges:
            return Compiled("number", part_amount(id) if scope.part else optional(f"={id}"))
        return fail(f"{id!r} is no parameter, value, charge above, or word of the language")

    def part_fact(self, id: str, key: str) -> Compiled:
        if not self.scope.part:
            fail(f"{id!r} is known only per line or goods item")
        word = PART.get(key) or LINE[key]
        return Compiled(word.type, part_optional(key) if word.optional else part(key))

    def parameter(self, id: str, entries: list[Parameter]) -> Compiled:
        type_ = _type_of(next((e.value for e in entries if e.value is not None), Decimal(0)))
        if len(entries) == 1 and not is_narrow(entries[0]):
            return self.entry(type_, entries[0])
        if not self.scope.part:
            broad = [entry for entry in entries if not is_narrow(entry)]
            if not broad:
                fail(f"{id!r} depends on the line: use it in a charge per line or item")
            return self.entry(type_, broad[0])
        computes = [(entry, self.entry(type_, entry).compute) for entry in entries]
        return Compiled(type_, chosen_by_line(id, computes))

    def entry(self, type_: Type, entry: Parameter) -> Compiled:
        if entry.value is None:
            name, note = entry.id, entry.note or "The value was not found in any source."
            slot = stated_slot(entry)
            how = f"in {entry.unit}" if is_money(entry) else "a fraction such as 0.02"

            def stated(p: Facts, x: Facts) -> Any:
                if slot in p:
                    return p[slot]
                raise MissingFactError(
                    name,
                    f"{entry.label or name} is not known: {note}",
                    f"Pass given={{'{name}': ...}}, {how}, if you know it.",
                )

            return Compiled(type_, stated)
        if is_money(entry) and entry.unit != self.scope.currency:
            return Compiled("number", converted(money_slot(entry), entry.unit))
        value = parameter_value(entry)
        return Compiled(type_, lambda p, x: value, constant=True)

    def call(self, function: str, arguments: tuple[Node, ...]) -> Compiled:
        known = FUNCTIONS.get(function)
        if known is None:
            fail(f"there is no function {function!r}")
        if known.lines_only and not self.scope.part:
            fail(f"{function}() reads a line: use it in a charge per line or goods item")
        _check_count(function, known.arguments, arguments)
        match function:
            case "min" | "max":
                computes = [self.number(argument) for argument in arguments]
                pick = min if function == "min" else max
                parts = tuple(part.compute for part in computes)
                return fold("number", lambda p, x: pick(c(p, x) for c in parts), *computes)
            case "round_down" | "round_up" | "round_half_up":
                amount, step = (self.number(argument) for argument in arguments)
                mode: Any = _STEPS[function]
                if not step.constant or step.value() <= 0:
                    fail(f"the step of {function}() must be a positive number")
                return fold(
                    "number",
                    lambda p, x: round_to(amount.compute(p, x), step.compute(p, x), mode),
                    amount,
                    step,
                )
            case "known" | "assume":
                return self.about_fact(function, arguments)
            case "starts_with":
                text = self.typed(arguments[0], "text").compute
                starts = tuple(self.quoted(argument) for argument in arguments[1:])
                return Compiled("truth", lambda p, x: text(p, x).startswith(starts))
            case "hs":
                return self.hs(arguments)
            case "tariff":
                kind, base = self.quoted(arguments[0]), self.number(arguments[1])
                on = base.compute
                return Compiled("number", lambda p, x: p["tariff()"](p, x, kind, on(p, x)))
            case "listed":
                kind = self.quoted(arguments[0])
                return Compiled("truth", lambda p, x: p["listed()"](p, x, kind))
            case "within":
                limit = self.number(arguments[0]).compute
                return Compiled("number", lambda p, x: within(p["lines"], x, limit(p, x)))
            case _:
                return self.over_lines(function, arguments[0])

    def about_fact(self, function: str, arguments: tuple[Node, ...]) -> Compiled:
        node = arguments[0]
        fact = self.compile(node).compute if isinstance(node, Name) else None
        if fact is None or not isinstance(node, Name):
            fail(f"{function}() needs the name of a fact")
        id = node.id

        def known(p: Facts, x: Facts) -> bool:
            try:
                fact(p, x)
            except MissingFactError:
                return False
            return True

        if function == "known":
            return Compiled("truth", known)
        fallback = self.number(arguments[1]).compute

        def assume(p: Facts, x: Facts) -> Any:
            try:
                return fact(p, x)
            except MissingFactError:
                value = fallback(p, x)
                p["assumed"][id] = value
                return value

        return Compiled("number", assume)

    def hs(self, arguments: tuple[Node, ...]) -> Compiled:
        prefixes: list[str] = []
        for argument in arguments:
            part = self.compile(argument)
            if not part.constant or part.type not in {"text", "list"}:
                fail("hs() needs quoted codes or a parameter of unit 'list'")
            value = part.value()
            prefixes.extend([value] if isinstance(value, str) else value)
        if any(not prefix.isdigit() for prefix in prefixes):
            fail("commodity codes in hs() are digits only")
        starts = tuple(prefixes)

        def test(p: Facts, x: Facts) -> bool:
            code: str = x["hs_code"]
            if not code:
                p["unknown_codes"].add(x["path"])
                return False
            return code.startswith(starts)

        return Compiled("truth", test)

    def over_lines(self, function: str, argument: Node) -> Compiled:
        wanted: Type = "truth" if function in {"any_line", "all_lines"} else "number"
        inner = _Compiler(replace(self.scope, part=True)).typed(argument, wanted).compute
        match function:
            case "any_line":
                return Compiled("truth", lambda p, x: any(inner(p, line) for line in p["lines"]))
            case "all_lines":
                return Compiled("truth", lambda p, x: all(inner(p, line) for line in p["lines"]))
            case "sum_lines":
                return Compiled(
                    "number", lambda p, x: sum((inner(p, line) for line in p["lines"]), Decimal(0))
                )
            case _:
                return Compiled("number", lambda p, x: max(inner(p, line) for line in p["lines"]))


def _shares(node: Node, prefix: str, values: Mapping[str, Node]) -> Node:
    """A formula over the consignment read for one part: each name becomes the part's share."""

    def change(name: Name) -> Node | None:
        if name.id in SHARES:
            return Name(prefix + SHARES[name.id])
        return Name(prefix + name.id) if name.id in values else None

    return renamed(node, change)


def _check_count(function: str, wanted: tuple[str, ...], found: tuple[Node, ...]) -> None:
    least = len([argument for argument in wanted if argument != "..."])
    if len(found) < least or ("..." not in wanted and len(found) > least):
        fail(f"{function}() takes {' '.join(wanted)}")


def _type_of(value: object) -> Type:
    if isinstance(value, bool):
        return "truth"
    if isinstance(value, str):
        return "text"
    return "list" if isinstance(value, list | tuple) else "number"
