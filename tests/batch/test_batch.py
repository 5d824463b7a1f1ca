"""Many parcels in one go: each by itself, none lost, none stopping the others."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import aliexpress_customs as ac
from aliexpress_customs.batch.tables import FINDING_COLUMNS, PARCEL_COLUMNS
from aliexpress_customs.invoice.model import (
    Invoice,
    InvoiceLine,
    Parcel,
    ParcelItem,
    Source,
)
from aliexpress_customs.money import money

DAY = dt.date(2026, 10, 2)
MAPPING = (
    "order_id=Order,tracking=Tracking,title=Item,hs_code=HS,quantity=Qty,unit_value=Price,"
    "currency=Currency,destination_country=Country"
)
HEADER = "Order,Tracking,Item,HS,Qty,Price,Currency,Country\n"
MANIFEST = (
    HEADER + "A1,LP1,USB cable,854442,2,3.00,EUR,CH\n"
    "A1,LP1,Phone case,392690,1,4.00,EUR,CH\n"
    "A2,LP2,Desk lamp,940521,1,a lot,EUR,CH\n"
    "A3,LP3,Puzzle,950300,1,9.00,EUR,JP\n"
)


def order(order_id: str, *parcels: tuple[str, int], status: str = "shipped") -> Invoice:
    """An order of three identical lamps, with the units in each of its parcels."""
    line = InvoiceLine(
        line_id=f"{order_id}-1",
        title="Desk lamp",
        quantity=3,
        unit_price=money("5.00", "USD"),
        line_gross=money("15.00", "USD"),
    )
    return Invoice(
        source=Source(kind="manual"),
        order_id=order_id,
        status=status,
        currency="USD",
        lines=(line,),
        parcels=tuple(
            Parcel(tracking=number, items=(ParcelItem(line_id=line.line_id, count=count),))
            for number, count in parcels
        ),
    )


def outcomes(source: str | list[Invoice], destination: str | None = None) -> dict[str, str]:
    found = ac.batch(source, destination, on=DAY)
    return {one.parcel: one.outcome for one in found}


def test_a_row_that_cannot_be_read_stops_its_parcel_only() -> None:
    results = list(ac.batch(MANIFEST, mapping=MAPPING, on=DAY))
    assert [one.outcome for one in results] == ["failed", "estimated", "estimated"]
    broken, two_items, _ = results
    assert broken.error is not None
    assert broken.error.code == "bad_amount"
    assert broken.error.severity == "error"
    assert two_items.parcel == "LP1"
    assert two_items.order_ids == ("A1",)
    assert two_items.declaration is not None
    assert [item.hs_code for item in two_items.declaration.items] == ["854442", "392690"]
    assert two_items.estimate is not None
    assert two_items.estimate.destination_country == "CH"


def test_of_a_manifest_without_a_readable_row_every_order_is_told() -> None:
    broken = HEADER + "A1,,Lamp,,1,dear,EUR,CH\nA2,,Lamp,,1,cheap,EUR,CH\n"
    results = list(ac.batch(broken, mapping=MAPPING, on=DAY))
    assert [one.outcome for one in results] == ["failed", "failed"]
    assert len({one.parcel for one in results}) == 2


def test_what_the_manifest_says_of_other_parcels_is_no_finding_of_this_one() -> None:
    results = list(ac.batch(MANIFEST, mapping=MAPPING, on=DAY))
    assert not [one for result in results for one in result.findings if one.code == "unused_key"]


def test_a_code_of_the_caller_wins_over_the_manifest() -> None:
    results = list(ac.batch(MANIFEST, mapping=MAPPING, on=DAY, hs_codes={"PUZZLE": "950490"}))
    declared = [one.declaration for one in results if one.declaration]
    assert [item.hs_code for one in declared for item in one.items] == [
        *("854442", "392690"),
        "950490",
    ]


def test_a_catalogue_codes_what_the_orders_do_not(tmp_path: Path) -> None:
    with ac.Catalogue(tmp_path / "codes.csv") as catalogue:
        catalogue.correct("940521", title="Desk lamp")
    (result,) = ac.batch([order("1")], "CH", on=DAY, catalogue=tmp_path / "codes.csv")
    assert result.declaration is not None
    assert result.declaration.items[0].hs_code == "940521"


def test_orders_with_one_tracking_number_are_one_parcel() -> None:
    bought = [order("1", ("LP1", 3)), order("2", ("LP2", 3)), order("3", ("LP1", 2), ("LP2", 1))]
    results = list(ac.batch(bought, "CH", on=DAY))
    assert {one.parcel: set(one.order_ids) for one in results} == {
        "LP1": {"1", "3"},
        "LP2": {"2", "3"},
    }


def test_an_order_in_two_parcels_sums_to_the_whole() -> None:
    results = list(ac.batch([order("1", ("LP1", 2), ("LP2", 1))], "CH", on=DAY))
    values = [one.declaration.intrinsic_value for one in results if one.declaration]
    assert [one.parcel for one in results] == ["LP1", "LP2"]
    assert sum(value.amount for value in values) == Decimal("15.00")


def test_vat_inside_the_prices_is_taken_out_as_for_a_single_parcel() -> None:
    bought = order("1", ("LP1", 2), ("LP2", 1))
    whole = ac.declare(ac.consign(bought, "DE")).intrinsic_value
    results = list(ac.batch([bought], "DE", on=DAY))
    parts = [one.declaration.intrinsic_value.amount for one in results if one.declaration]
    assert len(parts) == 2
    assert sum(parts) == whole.amount
    assert whole.amount < 15


def test_a_cancelled_order_is_not_sent_and_no_failure() -> None:
    assert outcomes([order("1", status="cancelled"), order("2")], destination="CH") == {
        "1": "not_sent",
        "2": "estimated",
    }


def test_a_destination_without_rules_still_gives_a_declaration() -> None:
    (result,) = ac.batch([order("1")], "AQ", on=DAY)
    assert result.outcome == "failed"
    assert result.declaration is not None
    assert result.error is not None
    assert result.error.code == "unknown_destination"
    assert result.error in result.findings


def test_an_error_nobody_foresaw_is_told_without_quoting_the_data() -> None:
    class Broken:
        def rate(self, *_: object) -> None:
            raise RuntimeError("Jane Doe, 1 Main Street")

    (result,) = ac.batch([order("1")], "CH", on=DAY, exchange=Broken())  # type: ignore[arg-type]
    assert result.error is not None
    assert result.error.code == "internal_error"
    assert "Jane" not in result.model_dump_json()


def test_a_file_that_cannot_be_read_is_a_result_too(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("buy milk", encoding="utf-8")
    (tmp_path / "order.json").write_bytes(ac.sample_order().read_bytes())
    found = outcomes(str(tmp_path))
    assert found.pop("notes.txt") == "failed"
    assert set(found.values()) == {"estimated"}


def test_wrong_arguments_are_told_before_the_first_parcel() -> None:
    with pytest.raises(ac.AliExpressCustomsError, match="one table"):
        ac.batch([order("1")], "CH", mapping=MAPPING)
    with pytest.raises(ac.AliExpressCustomsError, match="no option transpot"):
        ac.batch([order("1")], "CH", transpot="post")
    with pytest.raises(ac.AliExpressCustomsError, match="no transport"):
        ac.batch([order("1")], "CH", transport="balloon")


def test_a_result_survives_json() -> None:
    (result,) = ac.batch([order("1")], "CH", on=DAY, rates={"USD/CHF": "0.80"})
    assert ac.ParcelResult.model_validate_json(result.model_dump_json()) == result
    assert result.estimate is not None
    assert result.estimate.rates[0].source == "given by the caller"


def test_progress_is_told_after_each_order() -> None:
    told: list[tuple[int, int, str]] = []
    list(
        ac.batch([order("1"), order("2")], "CH", on=DAY, progress=lambda *place: told.append(place))
    )
    assert told == [(1, 2, "1"), (2, 2, "2")]


def test_the_documentation_names_every_column() -> None:
    page = Path(__file__).parents[2] / "docs" / "reference" / "formats.md"
    documented = page.read_text("utf-8").split("## Tables of a batch")[1]
    told = re.findall(r"^\| `(\w+)` \| (.+) \|$", documented, re.MULTILINE)
    assert told == [*PARCEL_COLUMNS.items(), *FINDING_COLUMNS.items()]


NUMBERS = st.lists(st.sampled_from(["LP1", "LP2", "LP3", "LP4", ""]), max_size=3, unique=True)


@given(st.lists(st.tuples(NUMBERS, st.sampled_from(["shipped", "cancelled"])), max_size=6))
def test_no_order_and_no_unit_is_ever_lost(bought: list[tuple[list[str], str]]) -> None:
    orders = [
        order(str(number), *((one, 1) for one in tracked), status=status)
        for number, (tracked, status) in enumerate(bought)
    ]
    results = list(ac.batch(orders, "CH", on=DAY))
    sent = {one.order_id for one in orders if one.status == "shipped"}
    declared = [line for one in results if one.declaration for line in one.declaration.lines]
    assert {line.order_id for line in declared} == sent
    assert sum(line.quantity for line in declared) == 3 * len(sent)
    mentioned = {name for one in results for name in one.order_ids}
    assert sent <= mentioned
