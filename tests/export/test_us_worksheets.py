from __future__ import annotations

import csv
import datetime as dt
import io
from decimal import Decimal

import pytest

from aliexpress_customs.declaration.model import Declaration
from aliexpress_customs.errors import UsageError
from aliexpress_customs.estimate.estimate import estimate
from aliexpress_customs.estimate.model import Estimate
from aliexpress_customs.export import us_entry, us_mail
from aliexpress_customs.money import money

from .parcels import item, line, parcel


def table(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode(), newline=""), strict=True))


def to_new_york() -> Declaration:
    return parcel(
        item(1, line("6.40", quantity=2, unit_value=money("3.20", "USD")), hs_code="8544422000"),
        item(2, line("36.00"), hs_code="6109100012", description="Cotton shirts"),
        destination_country="US",
        ioss_number="",
    )


def stacked() -> Estimate:
    return estimate(to_new_york(), on=dt.date(2026, 11, 20))


def test_the_mail_worksheet_has_ten_digits_value_origin_and_the_postal_number() -> None:
    row = table(us_mail.write(to_new_york()))[0]
    assert row["s10"] == "RB123456785GB"
    assert row["hts_code"] == "8544422000"
    assert (row["quantity"], row["line_value_usd"]) == ("2", "6.40")
    assert row["origin_country"] == "CN"
    assert row["missing"] == "net weight"


def test_a_short_code_is_never_padded() -> None:
    row = table(us_mail.write(parcel()))[0]
    assert row["hts_code"] == ""
    assert "tariff code with 10 digits (6 known)" in row["missing"]


def test_the_entry_worksheet_stacks_the_duties_of_the_estimate_on_the_goods() -> None:
    answer = stacked()
    rows = table(us_entry.write(to_new_york(), estimate=answer))
    duties = [Decimal(row["amount_usd"]) for row in rows if row["record"] == "duty"]
    assert answer.total_duty is not None
    assert sum(duties) == answer.total_duty.amount > 0
    shirt = {
        row["rule_id"] for row in rows if row["record"] == "duty" and row["item_number"] == "2"
    }
    assert {"us.general_duty", "us.section_301"} <= shirt
    totals = {row["charge"]: row["amount_usd"] for row in rows if row["record"] == "total"}
    assert Decimal(totals["total_duty"]) == answer.total_duty.amount


def test_each_stacked_charge_sums_to_its_rounded_amount() -> None:
    answer = stacked()
    rows = table(us_entry.write(to_new_york(), estimate=answer))
    for charge in answer.charges:
        parts = [row for row in rows if row["rule_id"] == charge.rule_id]
        assert charge.amount is not None
        assert sum(Decimal(row["amount_usd"]) for row in parts) == charge.amount.amount


def test_without_an_estimate_there_are_goods_rows_only() -> None:
    assert {row["record"] for row in table(us_entry.write(to_new_york()))} == {"goods"}


def test_an_estimate_of_another_parcel_is_refused() -> None:
    with pytest.raises(UsageError) as caught:
        us_entry.write(parcel(), estimate=stacked())
    assert caught.value.code == "wrong_estimate"


def test_an_estimate_in_another_currency_is_refused() -> None:
    french = parcel(item(1, line("10.00", "EUR")), currency="EUR", freight=money("0", "EUR"))
    answer = estimate(french, on=dt.date(2026, 7, 2))
    with pytest.raises(UsageError, match="USD"):
        us_entry.write(french, estimate=answer, usd_rate="1.1")
