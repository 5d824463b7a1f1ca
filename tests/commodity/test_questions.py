"""The one question that narrows a range of duties most."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aliexpress_customs.commodity.nomenclature import subheadings
from aliexpress_customs.commodity.questions import MOST_ANSWERS, question
from aliexpress_customs.commodity.wording import LONGEST_TEXT, distinctions
from aliexpress_customs.errors import DeclarationError

SUBHEADINGS = subheadings()


def test_shirts_are_told_apart_by_their_material() -> None:
    assert question(["6109100010", "6109909090"]) == (
        "6109.10 of cotton, or 6109.90 of textile materials (other than cotton)?"
    )


def test_clothing_of_two_chapters_is_told_apart_by_its_making_first() -> None:
    assert (
        question(["610910", "620520"]) == "61 knitted or crocheted, or 62 not knitted or crocheted?"
    )


def test_chapters_with_nothing_in_common_are_asked_for_by_heading() -> None:
    assert question(["850870", "630710"]).startswith("8508 Vacuum cleaners, or 6307 ")
    assert question(["640299", "392690", "640419"]).startswith("64 Footwear")


def test_shoes_are_told_apart_by_the_ankle() -> None:
    assert question(["640291", "640299"]) == (
        "6402.91 covering the ankle, or 6402.99 other than just covering the ankle?"
    )


def test_bags_with_long_common_names_show_where_they_differ() -> None:
    asked = question(["420211", "420212"])
    assert "leather" in asked
    assert "plastics" in asked


def test_headings_are_asked_for_where_headings_differ() -> None:
    asked = question(["851762", "851830"])
    assert asked.startswith("8517 Telephone sets")
    assert ", or 8518 Microphones" in asked


def test_national_codes_are_asked_for_by_number_in_the_national_style() -> None:
    assert question(["8711601000", "8711609010"], "eu") == (
        "Which code: 8711 60 10 00 or 8711 60 90 10?"
    )
    assert question(["610910010", "610910090"], "jp") == "Which code: 6109.10-010 or 6109.10-090?"


def test_a_code_of_an_older_nomenclature_is_asked_for_by_number() -> None:
    assert question(["8517.12", "8517.62"]) == "Which code: 8517.12 or 8517.62?"


@pytest.mark.parametrize("codes", [[], ["610910"], ["610910", "6109.10"], ["61", "6109", "610910"]])
def test_nothing_is_asked_where_nothing_is_open(codes: list[str]) -> None:
    assert question(codes) == ""


def test_many_answers_are_cut_and_counted() -> None:
    asked = question([code for code in SUBHEADINGS if code.startswith("4202")])
    assert asked.count(", or ") == MOST_ANSWERS - 1
    assert asked.endswith("or one of 9 others?")


def test_what_is_no_code_is_a_typed_error() -> None:
    with pytest.raises(DeclarationError):
        question(["6109", "shirt"])


@given(st.lists(st.sampled_from(SUBHEADINGS), min_size=2, max_size=6, unique=True))
def test_subheadings_always_get_a_question_with_their_texts(codes: list[str]) -> None:
    asked = question(codes)
    assert asked.endswith("?")
    assert not asked.startswith("Which code")
    assert len(asked) < MOST_ANSWERS * (LONGEST_TEXT + 30)


@given(st.lists(st.from_regex(r"[0-9]{2,12}", fullmatch=True), max_size=6))
def test_any_codes_get_a_question_or_none(codes: list[str]) -> None:
    asked = question(codes)
    apart = {c for c in codes if not any(o != c and o.startswith(c) for o in codes)}
    assert bool(asked) == (len(apart) > 1)


@given(st.lists(st.sampled_from(SUBHEADINGS), min_size=1, max_size=8, unique=True))
def test_no_code_is_left_without_words(codes: list[str]) -> None:
    assert all(0 < len(text) <= LONGEST_TEXT + 5 for text in distinctions(codes))
