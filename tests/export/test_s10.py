from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aliexpress_customs.errors import UsageError
from aliexpress_customs.export.s10 import check_digit, check_s10, why_not_s10

OFFICIAL = Path(__file__).parents[3] / "shared/reference/schemas/upu-s10/couriers/s10.json"


@pytest.fixture
def official() -> dict[str, Any]:
    if not OFFICIAL.exists():
        pytest.skip(f"the list of S10 test numbers is not at {OFFICIAL}")
    content: dict[str, Any] = json.loads(OFFICIAL.read_text("utf-8"))["tracking_numbers"][0]
    return content


def test_the_published_test_numbers(official: dict[str, Any]) -> None:
    assert all(check_s10(number) for number in official["test_numbers"]["valid"])
    assert not any(check_s10(number) for number in official["test_numbers"]["invalid"])


def test_every_listed_postal_country_is_known(official: dict[str, Any]) -> None:
    tables = {table["name"]: table["lookup"] for table in official["additional"]}
    codes = [country["matches"] for country in tables["Courier"]]
    assert codes
    assert [code for code in codes if not check_s10(f"RB123456785{code}")] == []


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("RB123456785GB", ""),
        ("rb 123 456 785 gb", ""),
        ("RB123456786US", "check digit"),
        ("RB123456785XX", "no country"),
        ("LP00123456789012", "two letters"),
        ("", "two letters"),
        ("RB12345678५GB", "two letters"),
    ],
)
def test_the_reason_says_what_is_wrong(text: str, reason: str) -> None:
    assert check_s10(text) is (reason == "")
    assert reason in why_not_s10(text)


@pytest.mark.parametrize(("serial", "digit"), [("00000001", 4), ("00000000", 5), ("00000008", 0)])
def test_remainders_that_are_no_digit_are_mapped(serial: str, digit: int) -> None:
    assert check_digit(serial) == digit


@given(st.from_regex(r"[0-9]{8}", fullmatch=True), st.integers(0, 7), st.integers(1, 9))
def test_one_mistyped_digit_of_a_checked_number_is_found(
    serial: str, place: int, change: int
) -> None:
    digit = check_digit(serial)
    wrong = str((int(serial[place]) + change) % 10)
    mistyped = f"RB{serial[:place]}{wrong}{serial[place + 1 :]}{digit}CN"
    # The results 5 and 11 share the digit 5: the standard's own weakness.
    assert check_s10(f"RB{serial}{digit}CN")
    assert not check_s10(mistyped) or digit == 5


def test_a_serial_number_of_another_length_is_refused() -> None:
    with pytest.raises(UsageError):
        check_digit("1234567")
