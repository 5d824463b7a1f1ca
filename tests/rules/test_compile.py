"""What names mean, and which types fit together."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from aliexpress_customs.errors import ExpressionError
from aliexpress_customs.rules.compile import Scope, compile_node
from aliexpress_customs.rules.expression import parse
from aliexpress_customs.rules.facts import Facts, MissingFactError
from aliexpress_customs.rules.schema import Parameter

DAY = dt.date(2026, 3, 2)


def scope(**changes: Any) -> Scope:
    """Nothing but the words of the language, plus what a test needs."""
    known: dict[str, Any] = {
        "parameters": {},
        "values": {},
        "charges": frozenset(),
        "readings": {},
        "given": {},
        "part": False,
        "currency": "EUR",
    }
    return Scope(**(known | changes))


def parcel(*lines: Facts, **facts: Any) -> Facts:
    """Facts as the engine gives them."""
    known: Facts = {
        "lines": [dict(line, path=f"lines[{n}]") for n, line in enumerate(lines)],
        "intrinsic_value": Decimal(100),
        "freight": Decimal(10),
        "gross_weight_kg": None,
        "in_scheme": False,
        "importer": "consumer",
        "assumed": {},
        "unknown_codes": set(),
    }
    return known | facts


def evaluate(text: str, facts: Facts, line: Facts | None = None, **changes: Any) -> Any:
    part = line is not None
    compiled = compile_node(parse(text), scope(part=part, **changes))
    return compiled.compute(facts, line or {})


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("freight + 'a'", "'a'\" is a text, not a number"),
        ("1 + true", "'true' is a truth, not a number"),
        ("-importer", "'importer' is a text, not a number"),
        ("not freight", "'freight' is a number, not a truth"),
        ("freight and true", "'freight' is a number, not a truth"),
        ("importer == 1", "compares a text with a number"),
        ("importer < 'm'", "orders a text"),
        ("true < false", "orders a truth"),
        ("freight in ['a']", "'in' needs a text and a list"),
        ("importer in 'consumer'", "'in' needs a text and a list"),
        ("1 if freight else 2", "'freight' is a number, not a truth"),
        ("1 if in_scheme else 'a'", "a number and a text"),
        ("['a', 1]", "a list holds quoted texts only"),
        ("[importer]", "a list holds quoted texts only"),
        ("max(1, 'a')", "is a text, not a number"),
        ("round_up(1)", "round_up() takes number number"),
        ("round_up(1, 2, 3)", "round_up() takes number number"),
        ("min()", "min() takes"),
        ("known(1 + 1)", "known() needs the name of a fact"),
        ("assume('a', 1)", "assume() needs the name of a fact"),
        ("starts_with(importer, freight)", "'freight' is a number, not a text"),
        ("any_line(1)", "'1' is a number, not a truth"),
        ("sum_lines(true)", "'true' is a truth, not a number"),
    ],
)
def test_operands_of_the_wrong_type_are_refused(text: str, fault: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        compile_node(parse(text), scope())
    assert fault.casefold() in caught.value.message.casefold()


@pytest.mark.parametrize(
    "text",
    ["nonsense", "freight + nonsense", "nonsense()", "__import__('os')", "known(nonsense)"],
)
def test_unknown_names_are_refused(text: str) -> None:
    with pytest.raises(ExpressionError, match=r"no parameter, value|no function"):
        compile_node(parse(text), scope())


@pytest.mark.parametrize(
    "text",
    ["line_value", "item_value", "unit_value", "quantity", "origin_country", "hs_code", "category"],
)
def test_words_of_a_line_are_refused_outside_of_part_charges(text: str) -> None:
    with pytest.raises(ExpressionError, match="known only per line or goods item"):
        compile_node(parse(text), scope())
    compile_node(parse(text), scope(part=True))


@pytest.mark.parametrize("text", ["hs('85')", "tariff('third_country', 1)", "listed('x')"])
def test_functions_of_a_line_are_refused_outside_of_part_charges(text: str) -> None:
    with pytest.raises(ExpressionError, match="reads a line"):
        compile_node(parse(text), scope())


@pytest.mark.parametrize("text", ["starts_with(importer, dispatch_country)", "listed(importer)"])
def test_arguments_that_must_be_quoted_are_refused_when_they_are_not(text: str) -> None:
    with pytest.raises(ExpressionError):
        compile_node(parse(text), scope(part=True))


def test_constant_parts_are_settled_before_any_parcel() -> None:
    assert compile_node(
        parse("true or nonsense_free and false"), scope(given={"nonsense_free": True})
    ).constant
    assert compile_node(parse("20 % * 50 + max(1, 2)"), scope()).value() == Decimal(12)
    assert compile_node(parse("false and in_scheme"), scope()).value() is False
    assert not compile_node(parse("true and in_scheme"), scope()).constant


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("in_scheme or freight == 10 or freight > 1000", True),
        ("in_scheme and freight == 10 and freight > 1", False),
        ("not in_scheme and freight == 10 and freight > 1", True),
        ("in_scheme or freight < 0 or freight > 1000", False),
        ("freight if in_scheme else intrinsic_value", Decimal(100)),
        ("importer in ['business', 'consumer']", True),
        ("starts_with(importer, 'x', 'con')", True),
    ],
)
def test_tests_are_decided_by_the_facts(text: str, expected: object) -> None:
    assert evaluate(text, parcel()) == expected


def test_a_fact_that_is_not_known_is_missing_not_zero() -> None:
    with pytest.raises(MissingFactError) as caught:
        evaluate("gross_weight_kg * 2", parcel())
    assert caught.value.name == "gross_weight_kg"
    with pytest.raises(MissingFactError) as caught:
        evaluate("line_net_weight_kg", parcel(), {"net_weight_kg": None})
    assert caught.value.name == "line_net_weight_kg"


def test_known_asks_without_refusing() -> None:
    text = "gross_weight_kg if known(gross_weight_kg) else 0"
    assert evaluate(text, parcel()) == 0
    assert evaluate(text, parcel(gross_weight_kg=Decimal("1.5"))) == Decimal("1.5")


def test_assume_says_what_it_assumed() -> None:
    facts = parcel()
    assert evaluate("assume(gross_weight_kg, 2) * 3", facts) == 6
    assert facts["assumed"] == {"gross_weight_kg": Decimal(2)}
    facts = parcel(gross_weight_kg=Decimal(5))
    assert evaluate("assume(gross_weight_kg, 2) * 3", facts) == 15
    assert facts["assumed"] == {}


def test_division_by_zero_is_a_missing_fact_not_a_crash() -> None:
    with pytest.raises(MissingFactError, match="freight") as caught:
        evaluate("intrinsic_value / freight", parcel(freight=Decimal(0)))
    assert "divides by zero" in caught.value.message
    assert evaluate("intrinsic_value / freight", parcel()) == 10


def test_codes_are_compared_by_prefix() -> None:
    line: Facts = {"hs_code": "85444290", "path": "lines[0]"}
    assert evaluate("hs('61', '8544')", parcel(), line) is True
    assert evaluate("hs(['61', '62'])", parcel(), line) is False


def test_a_line_without_code_fits_no_prefix_and_is_remembered() -> None:
    facts = parcel()
    assert evaluate("hs('85')", facts, {"hs_code": "", "path": "lines[0]"}) is False
    assert facts["unknown_codes"] == {"lines[0]"}


@pytest.mark.parametrize("text", ["hs('85.44')", "hs('abcd')", "hs('')", "hs(importer)", "hs(85)"])
def test_codes_that_are_no_codes_are_refused(text: str) -> None:
    with pytest.raises(ExpressionError):
        compile_node(parse(text), scope(part=True))


def test_functions_over_lines_read_each_line() -> None:
    lines: list[Facts] = [
        {"value": Decimal(10), "quantity": Decimal(1), "hs_code": "8544", "category": ""},
        {"value": Decimal(30), "quantity": Decimal(3), "hs_code": "6109", "category": "book"},
    ]
    facts = parcel(*lines)
    assert evaluate("any_line(hs('61'))", facts) is True
    assert evaluate("all_lines(hs('61'))", facts) is False
    assert evaluate("all_lines(hs('61', '85'))", facts) is True
    assert evaluate("any_line(category == 'toy')", facts) is False
    assert evaluate("sum_lines(line_value * quantity)", facts) == 100
    assert evaluate("max_line(line_value)", facts) == 30


@pytest.mark.parametrize(
    ("pieces", "shares"),
    [
        ([(40, 1), (50, 1)], ["1", "0"]),
        ([(20, 3)], ["2/3"]),
        ([(30, 2)], ["1/2"]),
        ([(20, 1), (20, 1), (20, 1)], ["1", "1", "0"]),
        ([(10, 1), (40, 1), (5, 1)], ["0", "1", "1"]),
        ([(45, 1)], ["1"]),
        ([("45.01", 1)], ["0"]),
        ([(0, 2), (45, 1)], ["1", "1"]),
        ([("20", "2.5")], ["0"]),
        ([("10", "2.5")], ["1"]),
        ([(20, 1), (20, 1), (30, 1)], ["1", "1", "0"]),
        ([(30, 1), (25, 1), (15, 1), (20, 1)], ["0", "1", "0", "1"]),
    ],
)
def test_pieces_fill_a_limit_as_far_as_it_goes(
    pieces: list[tuple[Any, Any]], shares: list[str]
) -> None:
    lines: list[Facts] = [
        {"unit_value": Decimal(price), "quantity": Decimal(count), "index": index}
        for index, (price, count) in enumerate(pieces)
    ]
    for line, share in zip(lines, shares, strict=True):
        count, _, of = share.partition("/")
        wanted = Decimal(count) / Decimal(of or 1)
        assert evaluate("within(45)", parcel(*lines), line) == wanted


def test_a_value_of_the_table_is_read_for_the_parcel_or_for_the_line() -> None:
    values = {"customs_value": parse("intrinsic_value + freight")}
    line: Facts = {"value": Decimal(40), "freight": Decimal(4)}
    assert evaluate("customs_value", parcel(), values=values) == 110
    assert evaluate("line_customs_value", parcel(), line, values=values) == 44
    assert evaluate("item_customs_value", parcel(), line, values=values) == 44


def test_an_earlier_charge_is_read_by_its_id_in_whole_or_by_share() -> None:
    charges = frozenset({"toll"})
    assert evaluate("toll * 2", parcel(**{"=toll": Decimal(7)}), charges=charges) == 14
    line: Facts = {"=toll": Decimal(3)}
    assert evaluate("toll * 2", parcel(**{"=toll": Decimal(7)}), line, charges=charges) == 6
    with pytest.raises(MissingFactError, match="toll"):
        evaluate("toll * 2", parcel(**{"=toll": None}), charges=charges)


def test_a_narrowed_parameter_without_a_general_one_needs_a_line() -> None:
    parameters = {"rate": [Parameter(id="rate", value=Decimal(5), unit="%", codes=["85"])]}
    with pytest.raises(ExpressionError, match="depends on the line"):
        compile_node(parse("rate"), scope(parameters=parameters))
