"""The tree of an expression: its nodes, how to walk and rewrite it, and its text again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Number:
    """A literal, `%` already applied."""

    value: Decimal


@dataclass(frozen=True, slots=True)
class Text:
    """A quoted literal."""

    value: str


@dataclass(frozen=True, slots=True)
class Truth:
    """`true` or `false`."""

    value: bool


@dataclass(frozen=True, slots=True)
class Name:
    """A parameter, a fact of the parcel, a defined value, or an earlier charge."""

    id: str


@dataclass(frozen=True, slots=True)
class Listing:
    """`['CN', 'HK']`."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """A function of the vocabulary."""

    function: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Negative:
    """Unary minus."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Not:
    """Logical negation."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """`+ - * /` of two numbers."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Comparison:
    """A test of two values."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Logical:
    """`and` or `or` of two or more tests."""

    operator: str
    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Conditional:
    """`then if test else otherwise`."""

    test: Node
    then: Node
    otherwise: Node


Node = (
    Number
    | Text
    | Truth
    | Name
    | Listing
    | Call
    | Negative
    | Not
    | Arithmetic
    | Comparison
    | Logical
    | Conditional
)


def names(node: Node) -> Iterator[str]:
    """Every name an expression reads, in order, with repetitions."""
    if isinstance(node, Name):
        yield node.id
    for child in children(node):
        yield from names(child)


def children(node: Node) -> tuple[Node, ...]:
    """The direct parts of a node."""
    match node:
        case Listing(items):
            return items
        case Call(_, arguments):
            return arguments
        case Negative(operand) | Not(operand):
            return (operand,)
        case Arithmetic(_, left, right) | Comparison(_, left, right):
            return (left, right)
        case Logical(_, operands):
            return operands
        case Conditional(test, then, otherwise):
            return (test, then, otherwise)
        case _:
            return ()


def renamed(node: Node, change: Callable[[Name], Node | None]) -> Node:
    """The same tree with other nodes for names where `change` gives something."""
    match node:
        case Name():
            return change(node) or node
        case Listing(items):
            return Listing(tuple(renamed(item, change) for item in items))
        case Call(function, arguments):
            return Call(function, tuple(renamed(item, change) for item in arguments))
        case Negative(operand):
            return Negative(renamed(operand, change))
        case Not(operand):
            return Not(renamed(operand, change))
        case Arithmetic(operator, left, right):
            return Arithmetic(operator, renamed(left, change), renamed(right, change))
        case Comparison(operator, left, right):
            return Comparison(operator, renamed(left, change), renamed(right, change))
        case Logical(operator, operands):
            return Logical(operator, tuple(renamed(item, change) for item in operands))
        case Conditional(test, then, otherwise):
            return Conditional(
                renamed(test, change), renamed(then, change), renamed(otherwise, change)
            )
        case _:
            return node


def unparse(node: Node) -> str:
    """Text that parses to the same tree."""
    match node:
        case Number(value):
            return f"{value:f}"
        case Text(value):
            return f"'{value}'"
        case Truth(value):
            return "true" if value else "false"
        case Name(id):
            return id
        case Listing(items):
            return "[" + ", ".join(map(unparse, items)) + "]"
        case Call(function, arguments):
            return f"{function}(" + ", ".join(map(unparse, arguments)) + ")"
        case Negative(operand):
            return f"-{_inner(operand)}"
        case Not(operand):
            return f"not {_inner(operand)}"
        case Arithmetic(operator, left, right) | Comparison(operator, left, right):
            return f"{_inner(left)} {operator} {_inner(right)}"
        case Logical(operator, operands):
            return f" {operator} ".join(map(_inner, operands))
        case Conditional(test, then, otherwise):
            return f"{_inner(then)} if {_inner(test)} else {unparse(otherwise)}"


def _inner(node: Node) -> str:
    text = unparse(node)
    plain = isinstance(node, Number | Text | Truth | Name | Listing | Call)
    return text if plain else f"({text})"
