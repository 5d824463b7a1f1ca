"""From the tree of an expression to a plain callable over Decimal.

A callable takes the facts of the parcel and of the part (line, goods item) at hand as two dicts.
Everything that can be known beforehand - dated parameters, readings - is folded in, so that a
parcel costs only the arithmetic of its own charges.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, NoReturn

from aliexpress_customs.errors import ExpressionError
from aliexpress_customs.money import round_to
from aliexpress_customs.rules.expression import (
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
    unparse,
)
from aliexpress_customs.rules.schema import Parameter
from aliexpress_customs.rules.vocabulary import FUNCTIONS, LINE, PARCEL, PART, Type

Facts = dict[str, Any]
Compute = Callable[[Facts, Facts], Any]


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


_ARITHMETIC: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
}
_COMPARE: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_STEPS: Final = {"round_down": "down", "round_up": "up", "round_half_up": "half_up"}


def compile_node(node: Node, scope: Scope) -> Compiled:
    """The callable of a tree.

    Raises:
        ExpressionError: an unknown name or function, or operands of the wrong type.
    """
    return _Compiler(scope).compile(node)


def parameter_value(entry: Parameter) -> Any:
    """The value as expressions read it: `%` applied, lists as tuples."""
    if entry.value is None:
        return None
    if entry.unit == "%" and isinstance(entry.value, Decimal):
        return entry.value.scaleb(-2)
    return tuple(entry.value) if isinstance(entry.value, list) else entry.value


def money_slot(entry: Parameter) -> str:
    """Key under which a parameter in a foreign currency stands among the facts of a parcel."""
    return f"{entry.value} {entry.unit}"


def is_money(entry: Parameter) -> bool:
    """Whether the value is an amount of a currency."""
    return len(entry.unit) == 3 and entry.unit.isupper()


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
                return self.fold("number", lambda p, x: -negate(p, x), inner)
            case Not(operand):
                inner = self.truth(operand)
                deny = inner.compute
                return self.fold("truth", lambda p, x: not deny(p, x), inner)
            case Arithmetic():
                return self.arithmetic(node)
            case Comparison():
                return self.comparison(node)
            case Logical(word, operands):
                return self.logical(word, [self.truth(operand) for operand in operands])
            case Conditional(test, then, otherwise):
                return self.conditional(self.truth(test), then, otherwise)
            case Call(function, arguments):
                return self.call(function, arguments)

    def fold(self, type_: Type, compute: Compute, *parts: Compiled) -> Compiled:
        if all(part.constant for part in parts):
            value = compute({}, {})
            return Compiled(type_, lambda p, x: value, constant=True)
        return Compiled(type_, compute)

    def typed(self, node: Node, wanted: Type) -> Compiled:
        found = self.compile(node)
        if found.type != wanted:
            self.fail(f"{unparse(node)!r} is a {found.type}, not a {wanted}")
        return found

    def quoted(self, node: Node) -> str:
        found = self.typed(node, "text")
        if not found.constant:
            self.fail(f"{unparse(node)!r} must be a quoted text")
        text: str = found.value()
        return text

    def number(self, node: Node) -> Compiled:
        return self.typed(node, "number")

    def truth(self, node: Node) -> Compiled:
        return self.typed(node, "truth")

    def listing(self, items: tuple[Node, ...]) -> Compiled:
        parts = [self.compile(item) for item in items]
        if any(not part.constant or part.type != "text" for part in parts):
            self.fail("a list holds quoted texts only")
        values = tuple(part.value() for part in parts)
        return Compiled("list", lambda p, x: values, constant=True)

    def arithmetic(self, node: Arithmetic) -> Compiled:
        left, right = self.number(node.left), self.number(node.right)
        first, second = left.compute, right.compute
        if node.operator == "/":
            if right.constant and right.value() == 0:
                self.fail(f"{unparse(node)!r} divides by zero")

            def divide(p: Facts, x: Facts) -> Decimal:
                below: Decimal = second(p, x)
                if below == 0:
                    raise MissingFactError(unparse(node.right), "A rule divides by zero.")
                above: Decimal = first(p, x)
                return above / below

            return self.fold("number", divide, left, right)
        if right.constant and not left.constant:
            fixed = right.value()
            if node.operator == "*":
                return Compiled("number", lambda p, x: first(p, x) * fixed)
        compute: Compute
        match node.operator:
            case "+":
                compute = lambda p, x: first(p, x) + second(p, x)  # noqa: E731
            case "-":
                compute = lambda p, x: first(p, x) - second(p, x)  # noqa: E731
            case _:
                compute = lambda p, x: first(p, x) * second(p, x)  # noqa: E731
        return self.fold("number", compute, left, right)

    def comparison(self, node: Comparison) -> Compiled:
        left, right = self.compile(node.left), self.compile(node.right)
        first, second = left.compute, right.compute
        if node.operator == "in":
            if left.type != "text" or right.type != "list":
                self.fail(f"{unparse(node)!r}: 'in' needs a text and a list")
            return self.fold("truth", lambda p, x: first(p, x) in second(p, x), left, right)
        if left.type != right.type:
            self.fail(f"{unparse(node)!r} compares a {left.type} with a {right.type}")
        if node.operator not in {"==", "!="} and left.type != "number":
            self.fail(f"{unparse(node)!r} orders a {left.type}")
        test = _COMPARE[node.operator]
        if right.constant:
            fixed = right.value()
            return self.fold("truth", lambda p, x: test(first(p, x), fixed), left)
        return self.fold("truth", lambda p, x: test(first(p, x), second(p, x)), left, right)

    def logical(self, word: str, parts: list[Compiled]) -> Compiled:
        settles = word == "or"
        kept: list[Compiled] = []
        for part in parts:
            if part.constant:
                if part.value() is settles:
                    return Compiled("truth", lambda p, x: settles, constant=True)
            else:
                kept.append(part)
        if not kept:
            return Compiled("truth", lambda p, x: not settles, constant=True)
        computes = tuple(part.compute for part in kept)
        if len(computes) == 1:
            return kept[0]
        if len(computes) == 2:
            first, second = computes
            if settles:
                return Compiled("truth", lambda p, x: first(p, x) or second(p, x))
            return Compiled("truth", lambda p, x: first(p, x) and second(p, x))

        def chain(p: Facts, x: Facts) -> bool:
            for compute in computes:
                if bool(compute(p, x)) == settles:
                    return settles
            return not settles

        return Compiled("truth", chain)

    def conditional(self, test: Compiled, then: Node, otherwise: Node) -> Compiled:
        yes, no = self.compile(then), self.compile(otherwise)
        if yes.type != no.type:
            self.fail(f"the two cases are a {yes.type} and a {no.type}")
        if test.constant:
            return yes if test.value() else no
        check, first, second = test.compute, yes.compute, no.compute
        return Compiled(yes.type, lambda p, x: first(p, x) if check(p, x) else second(p, x))

    def name(self, id: str) -> Compiled:
        scope = self.scope
        if id in scope.readings:
            return Compiled("text", _noted("readings", id, scope.readings[id]))
        if id in scope.parameters:
            return self.parameter(id, scope.parameters[id])
        if id in scope.values:
            return self.compile(scope.values[id])
        if id in scope.given:
            kind = _type_of(scope.given[id])
            return Compiled(kind, _asked(id))
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
            return Compiled(word.type, _optional(id) if word.optional else _fact(id))
        if id in scope.charges:
            return Compiled("number", _part_amount(id) if scope.part else _optional(f"={id}"))
        return self.fail(f"{id!r} is no parameter, value, charge above, or word of the language")

    def part_fact(self, id: str, key: str) -> Compiled:
        if not self.scope.part:
            self.fail(f"{id!r} is known only per line or goods item")
        word = PART.get(key) or LINE[key]
        return Compiled(word.type, _part_optional(key) if word.optional else _part(key))

    def parameter(self, id: str, entries: list[Parameter]) -> Compiled:
        type_ = _type_of(next((e.value for e in entries if e.value is not None), Decimal(0)))
        if len(entries) == 1 and not _narrow(entries[0]):
            return self.entry(type_, entries[0])
        if not self.scope.part:
            broad = [entry for entry in entries if not _narrow(entry)]
            if not broad:
                self.fail(f"{id!r} depends on the line: use it in a charge per line or item")
            return self.entry(type_, broad[0])
        computes = [(entry, self.entry(type_, entry).compute) for entry in entries]
        chosen: dict[tuple[str, str, str], tuple[Parameter, Compute] | None] = {}
        by_code = any(entry.codes is not None for entry in entries)

        def select(p: Facts, x: Facts) -> Any:
            key = (x["hs_code"], x["origin_country"], x["category"])
            if by_code and not key[0]:
                p["unknown_codes"].add(x["path"])
            try:
                compute = chosen[key]
            except KeyError:
                if len(chosen) > 4096:
                    chosen.clear()
                fits = [
                    (specificity(entry, key[0]), -rank)
                    for rank, (entry, _) in enumerate(computes)
                    if matches(entry, *key)
                ]
                compute = chosen[key] = computes[-max(fits)[1]] if fits else None
            if compute is None:
                raise MissingFactError(
                    id, f"The rule table has no {id} for this line.", "Add an entry to the table."
                )
            if _narrow(compute[0]):
                p["narrowed"][id, key] = compute[0]
            return compute[1](p, x)

        return Compiled(type_, select)

    def entry(self, type_: Type, entry: Parameter) -> Compiled:
        if entry.value is None:
            name, note = entry.id, entry.note or "The value was not found in any source."

            def missing(p: Facts, x: Facts) -> NoReturn:
                raise MissingFactError(name, f"{entry.label or name} is not known: {note}")

            return Compiled(type_, missing)
        if is_money(entry) and entry.unit != self.scope.currency:
            return Compiled("number", _converted(money_slot(entry), entry.unit))
        value = parameter_value(entry)
        return Compiled(type_, lambda p, x: value, constant=True)

    def call(self, function: str, arguments: tuple[Node, ...]) -> Compiled:
        known = FUNCTIONS.get(function)
        if known is None:
            self.fail(f"there is no function {function!r}")
        if known.lines_only and not self.scope.part:
            self.fail(f"{function}() reads a line: use it in a charge per line or goods item")
        _check_count(self, function, known.arguments, arguments)
        match function:
            case "min" | "max":
                computes = [self.number(argument) for argument in arguments]
                pick = min if function == "min" else max
                parts = tuple(part.compute for part in computes)
                return self.fold("number", lambda p, x: pick(c(p, x) for c in parts), *computes)
            case "round_down" | "round_up" | "round_half_up":
                amount, step = (self.number(argument) for argument in arguments)
                mode: Any = _STEPS[function]
                if not step.constant or step.value() <= 0:
                    self.fail(f"the step of {function}() must be a positive number")
                return self.fold(
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
            case _:
                return self.over_lines(function, arguments[0])

    def about_fact(self, function: str, arguments: tuple[Node, ...]) -> Compiled:
        node = arguments[0]
        fact = self.compile(node).compute if isinstance(node, Name) else None
        if fact is None or not isinstance(node, Name):
            self.fail(f"{function}() needs the name of a fact")
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
                self.fail("hs() needs quoted codes or a parameter of unit 'list'")
            value = part.value()
            prefixes.extend([value] if isinstance(value, str) else value)
        if any(not prefix.isdigit() for prefix in prefixes):
            self.fail("commodity codes in hs() are digits only")
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
        inner = _Compiler(_with_part(self.scope)).typed(argument, wanted).compute
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

    def fail(self, what: str) -> NoReturn:
        raise ExpressionError(f"{what[:1].upper()}{what[1:]}.", action="Correct the rule table.")


def matches(entry: Parameter, hs_code: str, origin: str, category: str) -> bool:
    """Whether a narrowed entry is meant for a line."""
    if entry.codes is not None and not (hs_code and hs_code.startswith(tuple(entry.codes))):
        return False
    if entry.origins is not None and origin not in entry.origins:
        return False
    return entry.category is None or entry.category.casefold() == category.casefold()


def specificity(entry: Parameter, hs_code: str) -> tuple[int, bool, bool, bool]:
    """How closely an entry fits a line: longest code, then origin, category, region."""
    prefix = max((len(c) for c in entry.codes or () if hs_code.startswith(c)), default=0)
    return (
        prefix,
        entry.origins is not None,
        entry.category is not None,
        entry.region is not None,
    )


def _narrow(entry: Parameter) -> bool:
    return entry.codes is not None or entry.origins is not None or entry.category is not None


def _with_part(scope: Scope) -> Scope:
    return Scope(
        parameters=scope.parameters,
        values=scope.values,
        charges=scope.charges,
        readings=scope.readings,
        given=scope.given,
        part=True,
        currency=scope.currency,
    )


def _shares(node: Node, prefix: str, values: Mapping[str, Node]) -> Node:
    """A formula over the consignment read for one part: each name becomes the part's share."""
    from aliexpress_customs.rules.expression import replace  # noqa: PLC0415
    from aliexpress_customs.rules.vocabulary import SHARES  # noqa: PLC0415

    def change(name: Name) -> Node | None:
        if name.id in SHARES:
            return Name(prefix + SHARES[name.id])
        return Name(prefix + name.id) if name.id in values else None

    return replace(node, change)


def _check_count(
    compiler: _Compiler, function: str, wanted: tuple[str, ...], found: tuple[Node, ...]
) -> None:
    least = len([argument for argument in wanted if argument != "..."])
    if len(found) < least or ("..." not in wanted and len(found) > least):
        compiler.fail(f"{function}() takes {' '.join(wanted)}")


def _type_of(value: object) -> Type:
    if isinstance(value, bool):
        return "truth"
    if isinstance(value, str):
        return "text"
    return "list" if isinstance(value, list | tuple) else "number"


def _noted(register: str, id: str, value: Any) -> Compute:
    """A switch whose use is remembered, so that the answer names only those that mattered."""

    def read(p: Facts, x: Facts) -> Any:
        p[register].add(id)
        return value

    return read


def _asked(id: str) -> Compute:
    def read(p: Facts, x: Facts) -> Any:
        p["asked"].add(id)
        return p[id]

    return read


def _fact(key: str) -> Compute:
    return lambda p, x: p[key]


def _converted(slot: str, currency: str) -> Compute:
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


def _part(key: str) -> Compute:
    return lambda p, x: x[key]


def _optional(key: str) -> Compute:
    def read(p: Facts, x: Facts) -> Any:
        value = p.get(key)
        if value is None:
            raise MissingFactError(key.lstrip("="))
        return value

    return read


def _part_optional(key: str) -> Compute:
    def read(p: Facts, x: Facts) -> Any:
        value = x.get(key)
        if value is None:
            raise MissingFactError(f"line_{key}")
        return value

    return read


def _part_amount(id: str) -> Compute:
    key = f"={id}"

    def read(p: Facts, x: Facts) -> Any:
        if p.get(key) is None and key in p:
            raise MissingFactError(id)
        return x.get(key, Decimal(0))

    return read
