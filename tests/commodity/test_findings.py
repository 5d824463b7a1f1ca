"""What the sender hears about a commodity code before customs does."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aliexpress_customs.commodity.findings import MOST_CANDIDATES, candidates, code_findings
from aliexpress_customs.commodity.nomenclature import exists, subheadings
from aliexpress_customs.errors import DeclarationError
from aliexpress_customs.model import Finding

PATH = "items[0].hs_code"


def the_finding(code: str, tariff: str = "") -> Finding:
    (found,) = code_findings(code, PATH, tariff)
    assert found.path == PATH
    return found


def test_a_code_in_order_is_not_talked_about() -> None:
    assert code_findings("6109.10", PATH) == ()
    assert code_findings("6109100010", PATH, "eu") == ()
    assert candidates("6109.10") == ()


@pytest.mark.parametrize("code", subheadings()[::97])
def test_no_subheading_has_a_finding(code: str) -> None:
    assert code_findings(code) == ()


def test_a_heading_is_answered_with_its_subheadings_and_what_tells_them_apart() -> None:
    found = the_finding("6109")
    assert (found.code, found.severity) == ("hs_code_heading_only", "warning")
    assert found.action == (
        "Pass 6109.10 (of cotton) or 6109.90 (of textile materials (other than cotton))."
    )
    assert candidates("61091") == ("610910",)


def test_an_old_code_is_answered_with_its_successors() -> None:
    found = the_finding("8517.12.00")
    assert (found.code, found.severity) == ("hs_code_old_edition", "warning")
    assert "HS 2017" in found.message
    assert "8517.13 (smartphones" in found.action
    assert "8517.14 (other than smartphones" in found.action


def test_an_old_union_code_is_answered_in_the_unions_digits_and_style() -> None:
    found = the_finding("8539.50.00", "eu")
    assert "CN 2021" in found.message
    assert "8539 52 00" in found.action


def test_a_code_that_does_not_exist_is_an_error_with_its_nearest_neighbours() -> None:
    found = the_finding("6109.20")
    assert (found.code, found.severity) == ("hs_code_nonexistent", "error")
    assert "no subheading 6109.20" in found.message
    assert candidates("6109.20") == ("610910", "610990")
    assert "no heading 6198" in the_finding("6198.10").message
    assert candidates("6198.10")[0] == "6117"


def test_a_zero_that_a_spreadsheet_dropped_is_put_back() -> None:
    assert candidates("2011000") == candidates("20110") == ("020110",)
    found = the_finding("2011000")
    assert "leading zero" in found.message
    assert "0201.10" in found.action


def test_a_chapter_that_does_not_exist_has_no_candidates() -> None:
    found = the_finding("0012")
    assert "no chapter 00" in found.message
    assert found.action.startswith("Look the goods up")


@pytest.mark.parametrize("code", ["7701.00", "9801.00.10", "9903.88.15", "99999999"])
def test_chapters_kept_for_other_uses_name_no_goods(code: str) -> None:
    found = the_finding(code)
    assert (found.code, found.severity) == ("hs_code_reserved_chapter", "warning")
    assert candidates(code) == ()


def test_a_long_list_is_cut_and_counted() -> None:
    found = the_finding("4202")
    assert found.action.count("4202.") == MOST_CANDIDATES < len(candidates("4202"))
    assert "(12 in all)" in found.action


@given(st.from_regex(r"[0-9]{4,14}", fullmatch=True), st.sampled_from(["", "eu", "us", "jp"]))
def test_any_code_has_at_most_one_finding_and_existing_candidates(code: str, tariff: str) -> None:
    found = code_findings(code, PATH, tariff)
    assert len(found) <= 1
    assert all(exists(each[:6]) for each in candidates(code, tariff))
    if candidates(code, tariff):
        assert found
    assert all(len(each.message) < 200 and len(each.action) < 600 for each in found)


@given(st.text())
def test_any_text_is_judged_or_a_typed_error(text: str) -> None:
    with contextlib.suppress(DeclarationError):
        assert len(code_findings(text)) <= 1


def test_what_is_no_code_is_a_typed_error() -> None:
    with pytest.raises(DeclarationError) as caught:
        code_findings("shirt")
    assert caught.value.code == "bad_hs_code"
