"""The expression language: what parses to what, and that nothing else can happen."""

from __future__ import annotations

import string
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from aliexpress_customs.errors import ExpressionError, RuleTableError
from aliexpress_customs.rules.compile import Scope, compile_node
from aliexpress_customs.rules.expression import MAX_LENGTH, parse
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
    children,
    names,
    renamed,
    unparse,
)

NOTHING = Scope(
    parameters={},
    values={},
    charges=frozenset(),
    readings={},
    given={},
    part=False,
    currency="EUR",
)
WORDS = {"and", "or", "not", "in", "if", "else", "true", "false"}

identifiers = st.from_regex(r"[a-z][a-z0-9_]{0,5}(\.[a-z0-9_]{1,4})?", fullmatch=True).filter(
    lambda name: name not in WORDS
)
leaves = st.one_of(
    st.decimals(0, 10**9, places=3, allow_nan=False, allow_infinity=False).map(Number),
    st.text(st.characters(exclude_characters="'\n", exclude_categories=["Cs"]), max_size=8).map(
        Text
    ),
    st.booleans().map(Truth),
    identifiers.map(Name),
)


def larger(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    """Trees one level deeper."""
    several = st.lists(inner, max_size=3).map(tuple)
    comparing = st.sampled_from(["==", "!=", "<", "<=", ">", ">=", "in"])
    return st.one_of(
        several.map(Listing),
        st.builds(Call, identifiers, several),
        inner.map(Negative),
        inner.map(Not),
        st.builds(Arithmetic, st.sampled_from("+-*/"), inner, inner),
        st.builds(Comparison, comparing, inner, inner),
        st.builds(
            Logical,
            st.sampled_from(["and", "or"]),
            st.lists(inner, min_size=2, max_size=4).map(tuple),
        ),
        st.builds(Conditional, inner, inner, inner),
    )


trees: st.SearchStrategy[Node] = st.recursive(leaves, larger, max_leaves=12)


def value_of(text: str) -> object:
    """What an expression of literals amounts to."""
    return compile_node(parse(text), NOTHING).value()


@pytest.mark.parametrize(
    ("text", "same_as"),
    [
        ("1 + 2 * 3", "1 + (2 * 3)"),
        ("1 - 2 - 3", "(1 - 2) - 3"),
        ("8 / 4 / 2", "(8 / 4) / 2"),
        ("-a * b", "(-a) * b"),
        ("- -a", "a"),
        ("a + 1 <= b * 2", "(a + 1) <= (b * 2)"),
        ("not a == b", "not (a == b)"),
        ("not not a", "a"),
        ("a or b and c", "a or (b and c)"),
        ("a and not b or c", "(a and (not b)) or c"),
        ("1 if a or b else 2", "1 if (a or b) else 2"),
        ("1 if a else 2 if b else 3", "1 if a else (2 if b else 3)"),
        ("a not in ['x']", "not (a in ['x'])"),
        ("20 % * freight", "(20 %) * freight"),
        ("a\n  and\tb", "a and b"),
    ],
)
def test_what_binds_tighter(text: str, same_as: str) -> None:
    assert parse(text) == parse(same_as)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1 + 2 * 3", "7"),
        ("7 - 2 - 1", "4"),
        ("20 % * 50", "10"),
        ("2.5 %", "0.025"),
        ("12 / 8", "1.5"),
        ("-3 + 5", "2"),
        ("max(1, 2, 3) - min(4, 5)", "-1"),
        ("1 if 2 > 1 else 0", "1"),
        ("1 if 'a' in ['b', 'c'] else 0", "0"),
        ("1 if 'a' not in ['b', 'c'] else 0", "1"),
        ("round_down(1999, 1000)", "1000"),
        ("round_up(1001, 1000)", "2000"),
        ("round_half_up(2.5, 1)", "3"),
    ],
)
def test_arithmetic_of_literals(text: str, amount: str) -> None:
    assert value_of(text) == Decimal(amount)


def test_decimals_are_exact_where_floats_are_not() -> None:
    assert value_of("0.1 + 0.2 == 0.3") is True
    assert value_of("0.1 + 0.2") == Decimal("0.3")
    assert value_of("3 * 1.1 == 3.3") is True


def test_no_number_is_a_float() -> None:
    tree = parse("0.1 + 7 * (12.5 % - 1)")
    literals = [node for node in walk(tree) if isinstance(node, Number)]
    assert [str(node.value) for node in literals] == ["0.1", "7", "0.125", "1"]
    assert all(type(node.value) is Decimal for node in literals)
    assert type(value_of("1 / 3")) is Decimal


def test_names_are_listed_in_order_with_repetitions() -> None:
    text = "max(eu.limit, freight) if known(duty) else -freight"
    assert list(names(parse(text))) == ["duty", "eu.limit", "freight", "freight"]


def test_names_are_replaced_everywhere() -> None:
    tree = parse("a + max(b, a) if not a in [a] and -a > 1 else a")
    changed = renamed(tree, lambda name: Name("z") if name.id == "a" else None)
    assert changed == parse("z + max(b, z) if not z in [z] and -z > 1 else z")


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(trees)
def test_text_of_a_tree_parses_to_the_same_tree(tree: Node) -> None:
    assert parse(unparse(tree)) == tree


@given(trees)
def test_replacing_nothing_changes_nothing(tree: Node) -> None:
    assert renamed(tree, lambda name: None) == tree


@pytest.mark.parametrize(
    ("text", "column", "what"),
    [
        ("1 + * 2", 5, "unexpected '*'"),
        ("1 +", 4, "expected a value"),
        ("", 1, "expected a value"),
        ("   ", 1, "expected a value"),
        ("(1 + 2", 7, "expected ')'"),
        ("max(1 2)", 7, "expected ','"),
        ("1 if true", 10, "'if' without 'else'"),
        ("a b", 3, "unexpected 'b'"),
        ("a = b", 2, "this character is not in the language"),
        ("a < b < c", 7, "unexpected '<'"),
        ('"CN"', 1, "this character is not in the language"),
        ("1 + 'open", 4, "this character is not in the language"),
        ("a.b.", 4, "this character is not in the language"),
        ("1e5", 2, "unexpected 'e5'"),
        ("else", 1, "unexpected 'else'"),
        ("x.__class__()()", 14, "unexpected '('"),
        ("a[0]", 2, "unexpected '['"),
        ("lambda: 1", 7, "this character is not in the language"),
        ("Zoll \u2264 5", 5, "this character is not in the language"),
    ],
)
def test_a_fault_names_its_column(text: str, column: int, what: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse(text)
    assert f"Column {column} of " in caught.value.message
    assert what in caught.value.message
    assert caught.value.action


def test_a_fault_is_a_fault_of_the_rule_table() -> None:
    with pytest.raises(RuleTableError):
        parse("1 +")


@settings(deadline=None, max_examples=300)
@example("\x00")
@example("not " * 900)
@example("-" * 3999 + "1")
@example("1 if true else " * 250 + "1")
@example("[" * 2000 + "]" * 2000)
@example("f(" * 1300 + ")" * 1300)
@example("\ud800")
@example("\x1c1\x85")
@given(
    st.text(max_size=80)
    | st.text("()[]+-*/%<>=!,'. \n\tabn019", max_size=80)
    | st.lists(
        st.sampled_from(
            [*WORDS, "(", ")", "[", "]", "+", "-", "%", "<=", "==", ",", "1", "0.5", "a", "'t'"]
        ),
        max_size=40,
    ).map(" ".join)
)
def test_any_text_parses_or_is_refused_as_an_expression(text: str) -> None:
    try:
        tree = parse(text)
    except ExpressionError:
        return
    assert parse(unparse(tree)) == tree


def test_deep_nesting_is_refused_before_it_hurts() -> None:
    assert parse("(" * 40 + "1" + ")" * 40) == Number(Decimal(1))
    with pytest.raises(ExpressionError, match="too deeply nested"):
        parse("(" * 1000 + "1" + ")" * 1000)


@pytest.mark.parametrize("text", ["1" * 100_000, "(" * 100_000, "a " * 50_000, "\n" * 100_000])
def test_a_hundred_thousand_characters_are_refused(text: str) -> None:
    with pytest.raises(ExpressionError, match=f"longer than {MAX_LENGTH} characters"):
        parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "1" + " + 1" * 900,
        "1" + " * 1" * 900,
        "1" + " - 1" * 900,
        " and ".join(["true"] * 400),
        "-" * 3000 + "1",
        "not " * 900 + "true",
    ],
)
def test_what_parses_can_be_read_printed_and_compiled(text: str) -> None:
    """A long sum is a deep tree: it is refused as an expression, or everything can use it."""
    try:
        tree = parse(text)
    except ExpressionError:
        return
    assert not list(names(tree))
    assert parse(unparse(tree)) == tree
    assert compile_node(tree, NOTHING).constant


def test_every_printable_character_alone_is_a_value_or_refused() -> None:
    accepted = set()
    for character in string.printable:
        try:
            parse(character)
        except ExpressionError:
            continue
        accepted.add(character)
    assert accepted == set(string.ascii_letters + string.digits + "_")


def walk(node: Node) -> list[Node]:
    return [node, *(found for child in children(node) for found in walk(child))]
