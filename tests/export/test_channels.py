"""The whole check before sending: channel, law of the destination, rates."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from aliexpress_customs.declaration.model import Declaration
from aliexpress_customs.export.channels import preflight
from aliexpress_customs.money import money

from .parcels import item, line, parcel

SUMMER = dt.date(2026, 7, 2)


def codes(declaration: Declaration, channel: str = "cn23", on: dt.date = SUMMER) -> set[str]:
    return {finding.code for finding in preflight(declaration, channel, on=on)}


@pytest.mark.parametrize("country", ["BR", "KR"])
def test_the_importers_number_is_missing_where_the_destination_asks_for_it(country: str) -> None:
    assert "identification_missing" in codes(parcel(destination_country=country, ioss_number=""))


@pytest.mark.parametrize(
    ("country", "region", "postcode"),
    [("GB", "GB-NIR", ""), ("GB", None, "BT1 5GS"), ("ES", None, "35001"), ("ES", "ES-CE", "")],
)
def test_parts_with_rules_of_their_own_are_named(
    country: str, region: str | None, postcode: str
) -> None:
    declaration = parcel(
        destination_country=country,
        destination_region=region,
        postcode=postcode,
        recipient=None,
        ioss_number="",
    )
    assert "special_territory" in codes(declaration)


def test_the_mainland_is_no_special_territory() -> None:
    assert "special_territory" not in codes(parcel())


def test_limits_in_euro_are_tested_with_the_bundled_rate() -> None:
    dear = parcel(item(1, line("400.00")), ioss_number="")
    assert "h7_above_limit" in codes(dear, "h7")
    assert "value_not_tested" not in codes(dear, "h7")
    free = {f.code for f in preflight(dear, "h7", on=SUMMER, rates={"EUR": Decimal(3)})}
    assert "h7_above_limit" not in free


def test_a_destination_without_rules_is_said_to_be_untested() -> None:
    assert "destination_not_tested" in codes(parcel(destination_country="AQ", ioss_number=""))


def test_the_currency_of_the_limit_needs_no_rate() -> None:
    euro = parcel(
        item(1, line("150.01", "EUR")),
        currency="EUR",
        freight=money("0", "EUR"),
        ioss_number="",
    )
    assert "h7_above_limit" in codes(euro, "h7")
