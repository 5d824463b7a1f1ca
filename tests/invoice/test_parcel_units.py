"""By tracking number: one order in several parcels, several orders in one, all sums kept."""

from __future__ import annotations

from decimal import Decimal

import pytest

from aliexpress_customs.consignment.consign import consign, consign_parcels
from aliexpress_customs.consignment.parcels import parcel_units
from aliexpress_customs.errors import ConsignmentError
from aliexpress_customs.invoice.model import (
    Invoice,
    InvoiceCharge,
    InvoiceLine,
    Parcel,
    ParcelItem,
    Source,
)
from aliexpress_customs.money import money


def line(number: int, quantity: int, price: str, **more: object) -> InvoiceLine:
    unit = money(price, "USD")
    return InvoiceLine(
        line_id=str(number),
        product_id=f"p{number}",
        title=f"Goods {number}",
        quantity=quantity,
        unit_price=unit,
        line_gross=unit * quantity,
    ).model_copy(update=more)


def order(order_id: str, *lines: InvoiceLine, parcels: tuple[Parcel, ...] = ()) -> Invoice:
    charge = InvoiceCharge(kind="shipping", amount=money("1.00", "USD"))
    return Invoice(
        source=Source(kind="manual"),
        order_id=order_id,
        status="shipped",
        currency="USD",
        lines=lines,
        charges=(charge,),
        parcels=parcels,
    )


def parcel(tracking: str, *items: tuple[int, int], internal: str = "") -> Parcel:
    return Parcel(
        tracking=tracking,
        internal_no=internal,
        items=tuple(ParcelItem(line_id=str(key), count=count) for key, count in items),
    )


def test_one_order_in_two_parcels_sums_to_the_whole() -> None:
    bought = order("1", line(1, 3, "3.33"), line(2, 1, "5.00"))
    bought = bought.model_copy(
        update={"parcels": (parcel("LP1", (1, 2)), parcel("LP2", (1, 1), (2, 1)))}
    )
    sent = [consign(bought, "FR", **parcel_units(bought, name)) for name in ("LP1", "lp 2")]
    assert [one.tracking_number for one in sent] == ["LP1", "LP2"]
    assert [sum(one.quantity for one in part.lines) for part in sent] == [2, 2]
    values = sum(one.line_value.amount for part in sent for one in part.lines)
    freight = sum(part.freight.amount for part in sent if part.freight)
    assert (values, freight) == (Decimal("14.99"), Decimal("1.00"))


def test_two_orders_share_one_combined_parcel_under_either_number() -> None:
    first = order("1", line(1, 1, "2.00"), parcels=(parcel("LP9", (1, 1), internal="AP77"),))
    second = order("2", line(2, 2, "3.00"), parcels=(parcel("LP9", (2, 2), internal="AP77"),))
    for number in ("LP9", "AP77"):
        sent = consign([first, second], "FR", **parcel_units([first, second], number))
        assert sent.order_ids == ("1", "2")
        assert [one.line_value.amount for one in sent.lines] == [Decimal("2.00"), Decimal("6.00")]


def test_orders_that_share_only_an_internal_number_travel_together() -> None:
    shared = (Parcel(internal_no="AP5"),)
    orders = [order(str(n), line(n, 1, "2.00"), parcels=shared) for n in (1, 2)]
    assert len(consign_parcels(orders, "FR")) == 1


def test_an_unknown_number_is_a_typed_error_without_other_numbers() -> None:
    bought = order("1", line(1, 1, "2.00"), parcels=(parcel("LP1", (1, 1)),))
    with pytest.raises(ConsignmentError) as caught:
        parcel_units(bought, "LP404")
    assert caught.value.code == "unknown_parcel"
    assert "LP1" not in str(caught.value)


def test_cancelled_lines_leave_and_gifts_are_declared_with_a_finding() -> None:
    bought = order("1", line(1, 1, "2.00"), line(2, 1, "9.00", cancelled=True), line(3, 1, "0.00"))
    bought = bought.model_copy(update={"parcels": (parcel("LP1", (1, 1), (2, 1), (3, 1)),)})
    sent = consign(bought, "FR", **parcel_units(bought, "LP1"))
    assert [one.line_id for one in sent.lines] == ["1", "3"]
    assert "line_without_price" in {finding.code for finding in sent.findings}
