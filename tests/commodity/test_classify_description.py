"""Descriptions customs accepts, made from titles."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aliexpress_customs.commodity.customs_description import customs_description
from strategies import STRANGE_TITLES, many


@pytest.mark.parametrize(
    ("title", "code", "description"),
    [
        (
            "2024 New Women's Summer Dress Casual O-Neck",
            "620443",
            "women's dress, woven, of synthetic fibres",
        ),
        ("2024 New Women's Summer Dress Casual", "610442", "women's dress, knitted, of cotton"),
        (
            "Funda de móvil transparente para iPhone 15",
            "392690",
            "phone case, of plastics",
        ),
        ("", "851830", "headphones and earphones"),
    ],
)
def test_a_description_says_what_the_code_says(title: str, code: str, description: str) -> None:
    assert customs_description(title, code) == description


def test_what_goods_only_usually_are_is_not_declared() -> None:
    assert customs_description("Witch Hat") == "hat"
    assert customs_description("Women Witch Hat") == "women's hat"
    assert customs_description("Mermaid Blanket Fleece", "630140").startswith("blanket")


def test_brands_and_spam_are_left_out() -> None:
    text = customs_description("HOT SALE 2025 Original XIAOMI Wireless Bluetooth Earbuds Gift")
    assert "earbud" in text
    assert not {"xiaomi", "hot", "sale", "2025", "gift"} & set(text.split())


@many
@given(
    st.one_of(st.text(max_size=120), st.sampled_from(STRANGE_TITLES)),
    st.sampled_from(["", "620443", "851830", "9999"]),
    st.integers(10, 60),
)
def test_a_description_fits_the_channel(title: str, code: str, longest: int) -> None:
    assert len(customs_description(title, code, longest=longest)) <= longest
