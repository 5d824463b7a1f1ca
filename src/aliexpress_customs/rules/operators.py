"""What the operators of the language compute, with constants folded beforehand."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, Final, NoReturn

from aliexpress_customs.errors import ExpressionError
from aliexpress_customs.rules.facts import Compiled, Compute, Facts, MissingFactError
from aliexpress_customs.rules.syntax import Arithmetic, Comparison, unparse
from aliexpress_customs.rules.vocabulary import Type

_COMPARE: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def fold(type_: Type, compute: Compute, *parts: Compiled) -> Compiled:
    """A callable over parts: its value, if all of them are constant."""
    if all(part.constant for part in parts):
        value = compute({}, {})
        return Compiled(type_, lambda p, x: value, constant=True)
    return Compiled(type_, compute)


def arithmetic(node: Arithmetic, left: Compiled, right: Compiled) -> Compiled:
    """A calculation with two numbers."""
    first, second = left.compute, right.compute
    if node.operator == "/":
        if right.constant and right.value() == 0:
            fail(f"{unparse(node)!r} divides by zero")

        def divide(p: Facts, x: Facts) -> Decimal:
            below: Decimal = second(p, x)
            if below == 0:
                raise MissingFactError(unparse(node.right), "A rule divides by zero.")
            above: Decimal = first(p, x)
            return above / below

        return fold("number", divide, left, right)
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
    return fold("number", compute, left, right)


def comparison(node: Comparison, left: Compiled, right: Compiled) -> Compiled:
    """A test of two values."""
    first, second = left.compute, right.compute
    if node.operator == "in":
        if left.type != "text" or right.type != "list":
            fail(f"{unparse(node)!r}: 'in' needs a text and a list")
        return fold("truth", lambda p, x: first(p, x) in second(p, x), left, right)
    if left.type != right.type:
        fail(f"{unparse(node)!r} compares a {left.type} with a {right.type}")
    if node.operator not in {"==", "!="} and left.type != "number":
        fail(f"{unparse(node)!r} orders a {left.type}")
    test = _COMPARE[node.operator]
    if right.constant:
        fixed = right.value()
        return fold("truth", lambda p, x: test(first(p, x), fixed), left)
    return fold("truth", lambda p, x: test(first(p, x), second(p, x)), left, right)


def logical(word: str, parts: Sequence[Compiled]) -> Compiled:
    """`and` and `or`: what settles the answer ends it."""
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


def conditional(test: Compiled, yes: Compiled, no: Compiled) -> Compiled:
    """One of two values of a type."""
    if yes.type != no.type:
        fail(f"the two cases are a {yes.type} and a {no.type}")
    if test.constant:
        return yes if test.value() else no
    check, first, second = test.compute, yes.compute, no.compute
    return Compiled(yes.type, lambda p, x: first(p, x) if check(p, x) else second(p, x))


def fail(what: str) -> NoReturn:
    """Refuse an expression."""
    raise ExpressionError(f"{what[:1].upper()}{what[1:]}.", action="Correct the rule table.")
