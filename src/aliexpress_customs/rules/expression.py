"""The expression language of the rule tables: text to a small typed tree.

A customs expert reads and changes `when`, `base`, `rate` and `amount` without knowing Python; both
the exact engine and the column engine read the same tree. Nothing is ever `eval`ed.

    importer == 'consumer' and intrinsic_value <= eu.low_value_limit
    max(15 % * (intrinsic_value - ru.limit), ru.per_kg * (gross_weight_kg - ru.weight_limit))

Grammar, loosest binding first:

    expression  = either ["if" either "else" expression]
    either      = both {"or" both}
    both        = negation {"and" negation}
    negation    = "not" negation | comparison
    comparison  = sum [("==" | "!=" | "<" | "<=" | ">" | ">=" | "in" | "not in") sum]
    sum         = product {("+" | "-") product}
    product     = sign {("*" | "/") sign}
    sign        = "-" sign | atom
    atom        = number ["%"] | text | "true" | "false" | name ["(" [expression {","...}] ")"]
                | "[" [expression {"," ...}] "]" | "(" expression ")"
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, NamedTuple, NoReturn

from aliexpress_customs.errors import ExpressionError

MAX_LENGTH: Final = 4000
MAX_DEPTH: Final = 60
MAX_CHAIN: Final = 200
"""Operands in a row without parentheses: a chain is a tree as deep as it is long."""


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

_TOKEN: Final = re.compile(
    r"""\s*(?:
    (?P<number>\d+(?:\.\d+)?)
  | (?P<name>[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z0-9_]+)*)
  | (?P<text>'[^'\n]*')
  | (?P<sign><=|>=|==|!=|[-+*/%<>(),\[\]])
)""",
    re.VERBOSE | re.ASCII,
)
_WORDS: Final = frozenset({"and", "or", "not", "in", "if", "else", "true", "false"})
_COMPARISONS: Final = frozenset({"==", "!=", "<", "<=", ">", ">="})


class _Token(NamedTuple):
    kind: str
    text: str
    at: int


def parse(source: str) -> Node:
    """The tree of an expression.

    Raises:
        ExpressionError: anything that is not in the grammar, naming the column.

    >>> parse("20 % * freight")
    Arithmetic(operator='*', left=Number(value=Decimal('0.20')), right=Name(id='freight'))
    """
    if len(source) > MAX_LENGTH:
        raise ExpressionError(
            f"An expression is longer than {MAX_LENGTH} characters.", action="Define [[value]]s."
        )
    return _Parser(source).whole()


class _Parser:
    def __init__(self, source: str) -> None:
        self.source = source
        self.tokens = list(_tokens(source))
        self.next = 0
        self.depth = 0

    def whole(self) -> Node:
        node = self.expression()
        if self.peek().kind != "end":
            self.fail(f"unexpected {self.peek().text!r}")
        return node

    def expression(self) -> Node:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            self.fail("too deeply nested")
        node = self.logical("or", lambda: self.logical("and", self.negation))
        if self.take("if"):
            test = self.logical("or", lambda: self.logical("and", self.negation))
            if not self.take("else"):
                self.fail("'if' without 'else'")
            node = Conditional(test, node, self.expression())
        self.depth -= 1
        return node

    def logical(self, word: str, operand: Callable[[], Node]) -> Node:
        operands = [operand()]
        while self.take(word):
            operands.append(operand())
        return operands[0] if len(operands) == 1 else Logical(word, tuple(operands))

    def negation(self) -> Node:
        count = 0
        while self.take("not"):
            count += 1
        node = self.comparison()
        return Not(node) if count % 2 else node

    def comparison(self) -> Node:
        left = self.sum()
        token = self.peek()
        if token.kind == "sign" and token.text in _COMPARISONS:
            self.next += 1
            return Comparison(token.text, left, self.sum())
        if self.take("in"):
            return Comparison("in", left, self.sum())
        if token.text == "not" and self.tokens[self.next + 1].text == "in":
            self.next += 2
            return Not(Comparison("in", left, self.sum()))
        return left

    def sum(self) -> Node:
        return self.chain("+-", self.product)

    def product(self) -> Node:
        return self.chain("*/", self.sign)

    def chain(self, signs: str, operand: Callable[[], Node]) -> Node:
        node = operand()
        length = 1
        while (sign := self.peek()).kind == "sign" and sign.text in signs:
            self.next += 1
            length += 1
            if length > MAX_CHAIN:
                self.fail(f"more than {MAX_CHAIN} operands in a row")
            node = Arithmetic(sign.text, node, operand())
        return node

    def sign(self) -> Node:
        negative = False
        while self.take("-"):
            negative = not negative
        node = self.atom()
        return Negative(node) if negative else node

    def atom(self) -> Node:
        token = self.peek()
        self.next += 1
        if token.kind == "number":
            value = Decimal(token.text)
            return Number(value.scaleb(-2) if self.take("%") else value)
        if token.kind == "text":
            return Text(token.text[1:-1])
        if token.kind == "name" and token.text not in _WORDS:
            return self.call(token.text) if self.take("(") else Name(token.text)
        if token.text in {"true", "false"}:
            return Truth(token.text == "true")
        if token.text == "(":
            node = self.expression()
            self.expect(")")
            return node
        if token.text == "[":
            return Listing(self.arguments("]"))
        self.next -= 1
        return self.fail(
            "expected a value" if token.kind == "end" else f"unexpected {token.text!r}"
        )

    def call(self, function: str) -> Node:
        return Call(function, self.arguments(")"))

    def arguments(self, closing: str) -> tuple[Node, ...]:
        found: list[Node] = []
        if self.take(closing):
            return ()
        while True:
            found.append(self.expression())
            if self.take(closing):
                return tuple(found)
            self.expect(",")

    def peek(self) -> _Token:
        return self.tokens[self.next]

    def take(self, text: str) -> bool:
        token = self.tokens[self.next]
        if token.text == text and token.kind in {"name", "sign"}:
            self.next += 1
            return True
        return False

    def expect(self, text: str) -> None:
        if not self.take(text):
            self.fail(f"expected {text!r}")

    def fail(self, what: str) -> NoReturn:
        column = self.peek().at + 1
        raise ExpressionError(
            f"Column {column} of {self.source[:200]!r}: {what}.",
            action="See the grammar in docs/concepts/rules.md.",
        )


def _tokens(source: str) -> Iterator[_Token]:
    at = 0
    end = len(source.rstrip())
    while at < end:
        match = _TOKEN.match(source, at)
        if match is None or match.lastgroup is None:
            raise ExpressionError(
                f"Column {at + 1} of {source[:200]!r}: this character is not in the language.",
                action="See the grammar in docs/concepts/rules.md.",
            )
        yield _Token(match.lastgroup, match[match.lastgroup], match.start(match.lastgroup))
        at = match.end()
    yield _Token("end", "", end)
    yield _Token("end", "", end)


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


def replace(node: Node, change: Callable[[Name], Node | None]) -> Node:
    """The same tree with names replaced where `change` gives something."""
    match node:
        case Name():
            return change(node) or node
        case Listing(items):
            return Listing(tuple(replace(item, change) for item in items))
        case Call(function, arguments):
            return Call(function, tuple(replace(item, change) for item in arguments))
        case Negative(operand):
            return Negative(replace(operand, change))
        case Not(operand):
            return Not(replace(operand, change))
        case Arithmetic(operator, left, right):
            return Arithmetic(operator, replace(left, change), replace(right, change))
        case Comparison(operator, left, right):
            return Comparison(operator, replace(left, change), replace(right, change))
        case Logical(operator, operands):
            return Logical(operator, tuple(replace(item, change) for item in operands))
        case Conditional(test, then, otherwise):
            return Conditional(
                replace(test, change), replace(then, change), replace(otherwise, change)
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
