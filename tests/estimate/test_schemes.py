"""Schemes: who collects, from which day, up to which value."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from own_tables import SCHEME, VAT, Testland, amount, amounts, charge, codes, thing

from aliexpress_customs.errors import UsageError


@pytest.fixture
def land(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Testland:
    return Testland(tmp_path, monkeypatch)


def test_the_scheme_of_the_shop_moves_the_charge_to_checkout(land: Testland) -> None:
    land.law(SCHEME + VAT + charge("fee", "fee", amount="2"))
    found = land.quote()
    assert found.scheme == "oss"
    assert amounts(found) == {"vat@checkout": "10.00", "fee@delivery": "2.00"}
    assert amount(found.due_at_checkout) == 10
    assert amount(found.due_at_delivery) == 2


@pytest.mark.parametrize("name", ["oss", "OSS", "one-stop shop", "OSS-NR"])
def test_a_scheme_is_known_by_id_name_and_alias(land: Testland, name: str) -> None:
    land.law(SCHEME + VAT)
    assert land.quote(scheme=name).scheme == "oss"


def test_without_scheme_everything_is_due_at_delivery(land: Testland) -> None:
    land.law(SCHEME + VAT)
    found = land.quote(scheme="none")
    assert found.scheme == "none"
    assert amounts(found) == {"vat@delivery": "10.00"}


def test_above_its_ceiling_a_scheme_does_not_collect(land: Testland) -> None:
    land.law(SCHEME + VAT)
    assert land.quote(thing("150.00 EUR")).scheme == "oss"
    above = land.quote(thing("150.01 EUR"))
    assert above.scheme == "none"
    assert amounts(above) == {"vat@delivery": "15.00"}
    assert "outside_scheme" not in codes(above)
    assert "outside_scheme" in codes(land.quote(thing("150.01 EUR"), scheme="oss"))


def test_before_the_shop_joined_a_scheme_it_is_not_the_default(land: Testland) -> None:
    land.law(SCHEME + VAT)
    assert land.quote(on=dt.date(2024, 12, 31)).scheme == "none"
    assert land.quote(on=dt.date(2024, 12, 31), scheme="oss").scheme == "oss"


def test_an_unknown_scheme_names_those_there_are(land: Testland) -> None:
    land.law(SCHEME + VAT)
    with pytest.raises(UsageError) as caught:
        land.quote(scheme="ioss")
    assert caught.value.code == "unknown_scheme"
    assert "none, oss" in caught.value.action


def test_a_scheme_for_small_pieces_collects_one_rule_in_both_places(land: Testland) -> None:
    by_line = SCHEME.replace("intrinsic_value <=", "unit_value <=") + 'per = "line"\n'
    land.law(
        by_line + charge("vat", per="line", base="line_value", rate="10 %", collected="scheme")
    )
    found = land.quote(thing("20.00 EUR", quantity=2), thing("300.00 EUR", title="big lamp"))
    assert amounts(found) == {"vat@checkout": "4.00", "vat@delivery": "30.00"}
    assert {row.rule_id for row in found.charges} == {"vat"}
    assert amount(found.total_vat) == 34
    assert amount(found.due_at_checkout) == 4
    assert amount(found.due_at_delivery) == 30


def test_a_scheme_that_binds_by_law_only_says_so(land: Testland) -> None:
    land.law(SCHEME.replace('"confirmed"', '"by_law"') + VAT)
    found = land.quote()
    assert found.scheme == "oss"
    assert "scheme_by_law" in codes(found)
