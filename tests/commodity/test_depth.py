"""Codes as each authority prints them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aliexpress_customs.commodity.codes import format_code, normalise_level
from aliexpress_customs.commodity.depth import (
    depth,
    depths,
    format_national,
    missing_digits,
)
from aliexpress_customs.errors import DeclarationError


@pytest.mark.parametrize(
    ("tariff", "code", "printed"),
    [
        ("us", "6109100012", "6109.10.00.12"),
        ("eu", "6109100010", "6109 10 00 10"),
        ("gb", "6109100010", "6109 10 00 10"),
        ("jp", "610910011", "6109.10-011"),
        ("eaeu", "6109100000", "6109 10 000 0"),
        ("ca", "6109100013", "6109.10.00.13"),
        ("au", "61091000", "6109.10.00"),
        ("no", "61091000", "61.09.1000"),
        ("generic", "610910", "6109.10"),
    ],
)
def test_a_cotton_shirt_in_each_national_style(tariff: str, code: str, printed: str) -> None:
    assert format_national(code, tariff) == printed
    assert missing_digits(code, tariff) == 0


def test_six_digits_lack_what_each_country_adds() -> None:
    lacking = {name: missing_digits("6109.10", name) for name in depths()}
    assert lacking == {
        "generic": 0, "us": 4, "eu": 4, "gb": 4, "jp": 3, "eaeu": 4, "ca": 4, "au": 2, "no": 2,
    }  # fmt: skip


def test_the_rate_of_duty_is_settled_before_the_statistics() -> None:
    assert (depth("us").duty_digits, depth("us").digits) == (8, 10)
    assert all(6 <= each.duty_digits <= each.digits for each in depths().values())


def test_a_tariff_without_an_entry_has_the_six_digits_all_share() -> None:
    assert depth("atlantis") == depth("generic")
    assert format_national("61091000", "atlantis") == format_code("61091000")


@given(st.from_regex(r"[0-9]{2,14}", fullmatch=True), st.sampled_from(sorted(depths())))
def test_no_style_adds_or_loses_a_digit(code: str, tariff: str) -> None:
    printed = format_national(code, tariff)
    assert normalise_level(printed) == code
    assert printed[-1].isdigit()


def test_what_is_no_code_is_not_formatted() -> None:
    with pytest.raises(DeclarationError):
        format_national("shirt", "us")
