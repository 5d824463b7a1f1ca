"""What a table of law computes: narrowed parameters, limits, formulas, and faults in them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import aliexpress_customs as ac
from aliexpress_customs.errors import ExpressionError

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


def charged(estimate: ac.Estimate) -> dict[str, str]:
    return {c.rule_id: str(c.amount.amount) for c in estimate.charges if c.amount is not None}


def goods(value: str = "100 EUR", **facts: Any) -> ac.Goods:
    return ac.Goods.model_validate({"title": "thing", "unit_value": value} | facts)


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
