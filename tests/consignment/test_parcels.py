"""One order in several parcels, several orders in one."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from aliexpress_customs.consignment.consign import consign, consign_parcels, split_consignments
from aliexpress_customs.errors import ConsignmentError, UsageError
from aliexpress_customs.invoice.model import Address, Invoice, Parcel, ParcelItem, Party

from .samples import codes, freight, line, order, row, values


def test_orders_paid_together_share_a_parcel() -> None:
    first = order(line("10.00", line_id="a"), rows=(row("shipping", "1.00"),), total="11.00")
    second = order(
        line("5.00", line_id="b", ships_from="DE"),
        rows=(row("shipping", "2.00"),),
        total="7.00",
        order_id="8200000000020001",
        day=dt.date(2026, 9, 3),
        seller=Party(name="Another Shop"),
    )
    parcel = consign([first, second])
    assert (values(parcel), freight(parcel)) == (Decimal(15), Decimal(3))
    assert parcel.order_ids == ("8200000000000001", "8200000000020001")
    assert parcel.ordered_on == dt.date(2026, 9, 3)
    assert parcel.dispatch_country == "DE"
    assert "several_sellers" in codes(parcel)


def test_orders_in_two_currencies_are_named() -> None:
    dollars = order(line("1", currency="USD"), currency="USD", order_id="8200000000020001")
    with pytest.raises(ConsignmentError, match="8200000000020001: USD") as caught:
        consign([order(line("1")), dollars])
    assert caught.value.action


def test_orders_to_two_countries_need_a_destination() -> None:
    pair = [order(line("1")), order(line("2"), country="FR", order_id="2")]
    with pytest.raises(ConsignmentError) as caught:
        consign(pair)
    assert caught.value.code == "several_destinations"
    assert "destination_differs" in codes(consign(pair, "fr"))
    with pytest.raises(ConsignmentError) as caught:
        consign(order(line("1"), country=None))
    assert caught.value.code == "no_destination"


def test_dead_orders_stay_out() -> None:
    dead = order(line("9.00"), status="expired", order_id="1")
    assert values(consign([dead, order(line("1.00"), order_id="2")])) == 1
    for nothing in (dead, order(line("1", cancelled=True)), order()):
        with pytest.raises(ConsignmentError) as caught:
            consign(nothing)
        assert caught.value.code == "nothing_to_send"


def test_a_lot_counts_its_pieces() -> None:
    parcel = consign(
        order(line("4.00", 3, lot_size=10, unit="lot", line_id="a")), quantities={"a": 2}
    )
    assert parcel.lines[0].quantity == 20
    assert parcel.lines[0].line_value.amount == 8


def test_parts_sent_one_after_the_other_sum_to_the_line() -> None:
    whole = order(line("3.33", 3, line_id="a"), rows=(row("coins", "-0.04"),), total="9.95")
    first = consign(whole, quantities={"a": 1})
    rest = consign(whole, quantities={"a": 2}, already_sent={"a": 1})
    assert values(first) + values(rest) == Decimal("9.95")


def test_lines_are_chosen_by_id_or_position() -> None:
    whole = order(line("1.00", line_id="a"), line("2.00"), rows=(row("shipping", "0"),))
    assert values(consign(whole, lines=["a"])) == 1
    assert values(consign(whole, lines=[("8200000000000001", 1)])) == 2
    with pytest.raises(ConsignmentError) as caught:
        consign(whole, lines=["z"])
    assert caught.value.code == "unknown_line"
    with pytest.raises(ConsignmentError) as caught:
        consign(whole, quantities={"a": 2})
    assert caught.value.code == "bad_quantity"
    with pytest.raises(ConsignmentError) as caught:
        consign(whole, quantities={"a": 0}, lines=["a"])
    assert caught.value.code == "nothing_to_send"


def _in_two_parcels() -> Invoice:
    return order(
        line("10.00", 3, line_id="a", product_id="p", sku_id="s"),
        line("1.00", line_id="b"),
        rows=(row("shipping", "1.00"),),
        total="32.00",
        parcels=(
            Parcel(tracking="RB1", items=(ParcelItem(product_id="p", sku_id="s", count=1),)),
            Parcel(tracking="RB2", items=(ParcelItem(line_id="a", count=2),)),
        ),
    )


def test_stated_parcels_become_consignments_and_nothing_is_lost() -> None:
    parcels = consign_parcels(_in_two_parcels())
    assert [each.tracking_number for each in parcels] == ["RB1", "RB2", ""]
    assert sum(values(each) for each in parcels) == 31
    assert sum(freight(each) for each in parcels) == 1
    assert "parcel_assumed" in codes(parcels[2])
    with pytest.raises(UsageError):
        consign_parcels(_in_two_parcels(), freight="1.00")


def test_orders_combined_under_one_tracking_number_are_one_parcel() -> None:
    both = [
        order(line("1.00"), parcels=(Parcel(tracking="RB9"),), order_id=number)
        for number in ("1", "2")
    ]
    [parcel] = consign_parcels(both)
    assert (values(parcel), parcel.tracking_number) == (Decimal(2), "RB9")


def test_parcels_cannot_hold_more_than_was_ordered() -> None:
    too_many = order(
        line("1.00", line_id="a"),
        parcels=(Parcel(items=(ParcelItem(line_id="a", count=2),)),),
    )
    with pytest.raises(ConsignmentError) as caught:
        consign_parcels(too_many)
    assert caught.value.code == "bad_quantity"
    with pytest.raises(ConsignmentError):
        split_consignments(_in_two_parcels(), [{"a": 2}, {"a": 2}])


def test_the_callers_freight_replaces_the_orders() -> None:
    parcel = consign(order(line("1.00"), line("3.00")), freight="2.00", insurance="0.50 EUR")
    assert [each.line_freight.amount for each in parcel.lines if each.line_freight] == [
        Decimal("0.50"),
        Decimal("1.50"),
    ]
    assert parcel.insurance is not None
    assert "freight_unknown" not in codes(parcel)


@pytest.mark.parametrize(
    "bad",
    [
        {"freight": "1.00 USD"},
        {"freight": "-1 EUR"},
        {"freight": 1.5},
        {"freight": "much"},
        {"gross_weight_kg": "heavy"},
        {"gross_weight_kg": 0},
        {"region": "CA-QC"},
        {"destination": "France"},
        {"dispatch_country": "CHN"},
        {"importer": "robot"},
        {"purpose": "fun"},
    ],
)
def test_malformed_options_are_typed_errors(bad: dict[str, Any]) -> None:
    with pytest.raises(UsageError) as caught:
        consign(order(line("1.00")), **bad)
    assert caught.value.path
    assert caught.value.action


def test_facts_come_from_the_orders_unless_given() -> None:
    address = Address(country="CA", region="QC", postcode="H2X 1Y4")
    buyer = Party(tax_ids={"vat": "X1"})
    whole = order(
        line("2.00", 2, line_id="a", gross_weight_kg=Decimal("0.500")),
        rows=(row("insurance", "0.30"), row("shipping", "0")),
        ship_to=address,
        buyer=buyer,
        parcels=(Parcel(tracking="RB7"),),
    )
    parcel = consign(whole, quantities={"a": 1})
    assert (parcel.destination_region, parcel.postcode) == ("CA-QC", "H2X 1Y4")
    assert (parcel.importer_tax_id, parcel.tracking_number) == ("X1", "RB7")
    assert parcel.gross_weight_kg == Decimal("0.25")
    assert parcel.insurance is not None
    assert parcel.insurance.amount == Decimal("0.15")
    given = consign(
        whole, region="ON", gross_weight_kg="1", tracking_number="Z", importer="business"
    )
    assert given.destination_region == "CA-ON"
    assert given.gross_weight_kg == 1
    assert (given.tracking_number, given.importer) == ("Z", "business")


def test_two_addresses_are_reported() -> None:
    pair = [
        order(line("1"), order_id=name, ship_to=Address(name=name, country="FR"))
        for name in ("1", "2")
    ]
    assert "several_recipients" in codes(consign(pair))


def test_several_parcels_without_contents_are_one_assumption() -> None:
    unknown = order(line("1.00", 2), parcels=(Parcel(tracking="RB1"), Parcel(tracking="RB2")))
    [parcel] = consign_parcels(unknown)
    assert (parcel.tracking_number, parcel.lines[0].quantity) == ("", 2)
    assert "parcel_assumed" in codes(parcel)
