"""Commodity codes as people and files write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aliexpress_customs.commodity.codes import format_code, hs6, normalise_code
from aliexpress_customs.commodity.descriptions import clean_description, vague_terms, vague_words
from aliexpress_customs.errors import DeclarationError


def test_a_leading_zero_is_kept() -> None:
    assert normalise_code(" 0201.10 ") == "020110"


@pytest.mark.parametrize("bad", ["", "610", "6109a0", "1" * 15, "\uff16\uff11\uff10\uff19", 610910])
def test_what_is_no_code_is_a_typed_error(bad: str) -> None:
    with pytest.raises(DeclarationError) as caught:
        normalise_code(bad)
    assert caught.value.code == "bad_hs_code"


@given(
    st.from_regex(r"[0-9]{4,14}", fullmatch=True), st.sampled_from(["plain", "dotted", "spaced"])
)
def test_every_style_reads_back(code: str, style: str) -> None:
    assert normalise_code(format_code(code, style)) == code  # type: ignore[arg-type]
    assert code.startswith(hs6(code))


def test_titles_are_cut_between_words() -> None:
    title = "Original 2026 New Men's Cotton Shirt Short Sleeve Summer Breathable Casual"
    assert clean_description(title) == "Original 2026 New Men's Cotton Shirt Short Sleeve Summer"
    assert clean_description("x" * 90) == "x" * 60


def test_words_customs_refuses_are_found_only_when_nothing_else_is_said() -> None:
    assert vague_words("Gift") == ("gift",)
    assert vague_words("Electronic accessories") == ("electronic", "accessories")
    assert not vague_words("Toy car of metal")
    assert vague_words("?!") == ("?!",)
    assert len(vague_terms()) >= 40
