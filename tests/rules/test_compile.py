"""What names mean, which types fit together, and what a table of law computes with them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import aliexpress_customs as ac
from aliexpress_customs.errors import ExpressionError
from aliexpress_customs.rules.compile import Scope, compile_node
from aliexpress_customs.rules.expression import parse
from aliexpress_customs.rules.facts import Facts, MissingFactError

DAY = dt.date(2026, 3, 2)
HEAD = """
[destination]
code = "NR"
name = "Testland"
currency = "EUR"
levies = []
"""
Law = Callable[[str], None]


@pytest.fixture
def law(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Law:
    """Write the table of Testland."""

    def write(body: str) -> None:
        folder = tmp_path / "destinations"
        folder.mkdir(exist_ok=True)
        (folder / "nr.toml").write_text(HEAD + body, encoding="utf-8")
        monkeypatch.setenv("ALIEXPRESS_CUSTOMS_RULES", str(tmp_path))

    return write


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


def charged(estimate: ac.Estimate) -> dict[str, str]:
    return {c.rule_id: str(c.amount.amount) for c in estimate.charges if c.amount is not None}


def goods(value: str = "100 EUR", **facts: Any) -> ac.Goods:
    return ac.Goods.model_validate({"title": "thing", "unit_value": value} | facts)


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


@pytest.mark.parametrize(
    "text",
    ["1 / 0", "freight / 0", "1 / (freight - freight)", "round_up(1, 0)", "round_up(freight, 0)"],
)
def test_dividing_by_zero_is_a_fault_of_the_table_or_a_refusal(law: Law, text: str) -> None:
    law(f'[[charge]]\nid = "tax"\nkind = "vat"\nlabel = "Tax"\namount = "{text}"\n')
    try:
        found = ac.quote([goods()], "NR", on=DAY, freight="5.00")
    except ExpressionError:
        return
    assert found.outcome == "refused"
    assert found.total_vat is None


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


NARROWED = """
[[parameter]]
id = "rate"
value = 20
unit = "%"
[[parameter]]
id = "rate"
value = 10
unit = "%"
codes = ["85"]
[[parameter]]
id = "rate"
value = 5
unit = "%"
codes = ["8544", "61"]
[[parameter]]
id = "rate"
value = 7
unit = "%"
codes = ["8544"]
origins = ["VN"]
[[parameter]]
id = "rate"
value = 3
unit = "%"
origins = ["VN"]
[[parameter]]
id = "rate"
value = 2
unit = "%"
category = "Book"
[[parameter]]
id = "rate"
value = 1
unit = "%"
region = "NR-14"
[[charge]]
id = "tax"
kind = "vat"
label = "Tax"
per = "line"
base = "line_value"
rate = "rate"
"""


@pytest.mark.parametrize(
    ("facts", "region", "amount"),
    [
        ({"hs_code": "9503"}, None, "20.00"),
        ({"hs_code": "8517"}, None, "10.00"),
        ({"hs_code": "854442"}, None, "5.00"),
        ({"hs_code": "610910"}, None, "5.00"),
        ({"hs_code": "854442", "origin_country": "VN"}, None, "7.00"),
        ({"hs_code": "8517", "origin_country": "VN"}, None, "10.00"),
        ({"hs_code": "9503", "origin_country": "VN"}, None, "3.00"),
        ({"hs_code": "9503", "category": "book"}, None, "2.00"),
        ({"hs_code": "9503", "origin_country": "VN", "category": "book"}, None, "3.00"),
        ({"hs_code": "9503"}, "NR-14", "1.00"),
        ({"hs_code": "9503"}, "NR-01", "20.00"),
        ({"hs_code": "8517"}, "NR-14", "10.00"),
        ({}, None, "20.00"),
    ],
)
def test_the_most_specific_entry_wins_code_before_origin_before_category_before_region(
    law: Law, facts: dict[str, str], region: str | None, amount: str
) -> None:
    law(NARROWED)
    found = ac.quote([goods(**facts)], "NR", on=DAY, region=region)
    assert charged(found) == {"tax": amount}


def test_the_order_of_entries_in_the_table_does_not_matter(law: Law) -> None:
    entries = NARROWED.split("[[charge]]", maxsplit=1)[0].split("[[parameter]]")[1:]
    tail = "[[charge]]" + NARROWED.split("[[charge]]")[1]
    law("".join(f"[[parameter]]{entry}" for entry in reversed(entries)) + tail)
    found = ac.quote([goods(hs_code="854442", origin_country="VN")], "NR", on=DAY)
    assert charged(found) == {"tax": "7.00"}


def test_a_line_without_code_is_reported_where_rates_go_by_code(law: Law) -> None:
    law(NARROWED)
    found = ac.quote([goods()], "NR", on=DAY)
    assert "hs_code_unknown" in {reason.code for reason in found.reasons}
    assert found.outcome == "estimated"


def test_a_narrowed_parameter_without_a_general_one_needs_a_line() -> None:
    from aliexpress_customs.rules.schema import Parameter  # noqa: PLC0415

    parameters = {"rate": [Parameter(id="rate", value=Decimal(5), unit="%", codes=["85"])]}
    with pytest.raises(ExpressionError, match="depends on the line"):
        compile_node(parse("rate"), scope(parameters=parameters))


def test_no_entry_for_a_line_is_refused_not_zero(law: Law) -> None:
    law(
        """
[[parameter]]
id = "rate"
value = 5
unit = "%"
codes = ["85"]
[[charge]]
id = "tax"
kind = "vat"
label = "Tax"
per = "line"
base = "line_value"
rate = "rate"
"""
    )
    found = ac.quote([goods(hs_code="9503")], "NR", on=DAY)
    assert found.outcome == "refused"
    assert found.total_vat is None
    assert "no rate for this line" in found.charges[0].reason


def test_a_parameter_that_was_not_found_refuses_instead_of_counting_as_zero(law: Law) -> None:
    law(
        """
[[parameter]]
id = "fee_amount"
unit = "EUR"
note = "No source states it."
label = "Clearance fee"
[[charge]]
id = "clearance"
kind = "fee"
label = "Clearance"
amount = "fee_amount"
"""
    )
    found = ac.quote([goods()], "NR", on=DAY)
    assert found.outcome == "refused"
    assert found.total_fee is None
    assert "Clearance fee is not known: No source states it." in found.charges[0].reason


LIMIT_IN_DOLLARS = """
[[parameter]]
id = "limit"
value = 100
unit = "USD"
[[charge]]
id = "tax"
kind = "vat"
label = "Tax"
when = "intrinsic_value > limit"
base = "intrinsic_value"
rate = "10 %"
[[charge]]
id = "flat"
kind = "fee"
label = "Flat fee"
amount = "limit / 10"
"""


def test_a_limit_in_a_foreign_currency_is_read_at_the_rate_of_the_parcel(law: Law) -> None:
    law(LIMIT_IN_DOLLARS)
    rates = {"USD/EUR": "0.80"}
    at_limit = ac.quote([goods("80.00 EUR")], "NR", on=DAY, rates=rates)
    above = ac.quote([goods("80.01 EUR")], "NR", on=DAY, rates=rates)
    assert charged(at_limit) == {"flat": "8.00"}
    assert charged(above) == {"tax": "8.00", "flat": "8.00"}


def test_goods_in_the_currency_of_the_limit_meet_it_exactly(law: Law) -> None:
    law(LIMIT_IN_DOLLARS)
    rates = {"USD/EUR": "0.8537"}
    assert "tax" not in charged(ac.quote([goods("100.00 USD")], "NR", on=DAY, rates=rates))
    assert "tax" in charged(ac.quote([goods("100.01 USD")], "NR", on=DAY, rates=rates))


def test_a_limit_whose_rate_nobody_knows_refuses_and_says_what_to_pass(law: Law) -> None:
    law(LIMIT_IN_DOLLARS.replace("USD", "UYU"))
    found = ac.quote([goods()], "NR", on=DAY)
    assert found.outcome == "refused"
    grave = [reason for reason in found.reasons if reason.severity == "error"]
    assert "UYU" in grave[0].message
    assert "rates=" in grave[0].action


def test_a_broken_formula_names_file_and_entry(law: Law) -> None:
    law('[[charge]]\nid = "tax"\nkind = "vat"\nlabel = "Tax"\namount = "intrinsic_valu"\n')
    with pytest.raises(ExpressionError) as caught:
        ac.quote([goods()], "NR", on=DAY)
    assert caught.value.path.startswith("nr.toml: charge tax")
    assert "'intrinsic_valu'" in caught.value.message


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("when", "freight"),
        ("amount", "in_scheme"),
        ("at_least", "importer"),
        ("at_most", "true"),
    ],
)
def test_keys_of_a_charge_are_checked_for_their_type(law: Law, key: str, text: str) -> None:
    entry = {"when": "true", "amount": "1", "at_least": "0", "at_most": "9"} | {key: text}
    keys = "\n".join(f'{name} = "{value}"' for name, value in entry.items())
    law(f'[[charge]]\nid = "tax"\nkind = "vat"\nlabel = "Tax"\n{keys}\n')
    with pytest.raises(ExpressionError, match=key):
        ac.quote([goods()], "NR", on=DAY)


@pytest.mark.parametrize(
    "entry",
    [
        '[[scheme]]\nid = "s"\nname = "S"\nwhen = "freight"\n',
        '[[waiver]]\nid = "w"\nlabel = "W"\nwaives = ["vat"]\nwhen = "freight"\n',
        '[[identification]]\nid = "i"\nname = "I"\nwhen = "freight"\n',
    ],
)
def test_every_when_must_be_a_test(law: Law, entry: str) -> None:
    law(entry)
    with pytest.raises(ExpressionError):
        ac.quote([goods()], "NR", on=DAY)


def test_a_value_that_refers_to_itself_is_refused(law: Law) -> None:
    law(
        '[[value]]\nid = "customs_value"\nformula = "customs_value + freight"\n'
        '[[charge]]\nid = "tax"\nkind = "vat"\nlabel = "Tax"\namount = "customs_value"\n'
    )
    with pytest.raises(ExpressionError):
        ac.quote([goods()], "NR", on=DAY)


def test_values_that_refer_to_each_other_are_refused(law: Law) -> None:
    law(
        '[[value]]\nid = "one"\nformula = "two + 1"\n[[value]]\nid = "two"\nformula = "one + 1"\n'
        '[[charge]]\nid = "tax"\nkind = "vat"\nlabel = "Tax"\namount = "one"\n'
    )
    with pytest.raises(ExpressionError):
        ac.quote([goods()], "NR", on=DAY)
