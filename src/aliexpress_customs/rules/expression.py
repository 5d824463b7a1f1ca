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
from decimal import Decimal
from typing import Final, NamedTuple, NoReturn

from aliexpress_customs.errors import ExpressionError
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
)

MAX_LENGTH: Final = 4000
MAX_DEPTH: Final = 60
MAX_CHAIN: Final = 200
"""Operands in a row without parentheses: a chain is a tree as deep as it is long."""


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
