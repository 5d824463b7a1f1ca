"""What a price document says, before it is printed."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import aliexpress_customs as ac
from aliexpress_customs.errors import ConsignmentError, ExportError
from aliexpress_customs.export.price_document import NOT_STATED, PriceDocument, price_document
from aliexpress_customs.export.price_sums import PriceRow
from aliexpress_customs.invoice.model import (
    Address,
    ChargeKind,
    Invoice,
    InvoiceLine,
    OrderTime,
    Parcel,
    ParcelItem,
    Party,
    Variant,
)
from aliexpress_customs.money import money
from consignment.samples import line, order, row
from strategies import many

FIXTURES = Path(__file__).parent.parent / "fixtures"

TAKEN_OFF: tuple[ChargeKind, ...] = ("coins", "store_coupon", "price_adjustment")
ADDED: tuple[ChargeKind, ...] = ("tax_added", "tax_included", "import_duty", "fee", "insurance")


def fact(document: PriceDocument, label: str) -> str:
    facts = (*document.order, *document.seller, *document.buyer)
    return next(one.value for one in facts if one.label == label)


def amount(document: PriceDocument, label: str) -> str | None:
    """The exact amount of a row as text; None = not stated."""
    (found,) = (one for one in document.rows if one.label == label)
    return None if found.amount is None else f"{found.amount.amount:f}"


def summed(rows: tuple[PriceRow, ...]) -> Decimal:
    return sum((one.amount.amount for one in rows if one.kind == "row" and one.amount), Decimal(0))


@st.composite
def orders(draw: st.DrawFn) -> Invoice:
    """Orders of one to six lines, in a currency with or without cents, with rows of any kind."""
    code, places = draw(st.sampled_from((("EUR", 2), ("JPY", 0), ("CLP", 0), ("KWD", 3))))

    def some(most: int = 50_000, least: int = 0) -> str:
        return f"{Decimal(draw(st.integers(least, most))).scaleb(-places):f}"

    lines: list[InvoiceLine] = []
    for number in range(draw(st.integers(1, 6))):
        discounts = (some(300),) if draw(st.booleans()) else ()
        cancelled = draw(st.integers(0, 5)) == 0
        lines.append(
            line(
                some(least=1),
                draw(st.integers(1, 9)),
                code,
                title=f"Thing {number}",
                discounts=discounts,
                cancelled=cancelled,
            )
        )
    rows = []
    if draw(st.booleans()):
        rows.append(row("shipping", some(), code))
    taken = [kind for kind in TAKEN_OFF if draw(st.booleans())]
    rows += [row(kind, f"-{some()}", code, in_total=draw(st.booleans())) for kind in taken]
    added = [kind for kind in ADDED if draw(st.booleans())]
    rows += [row(kind, some(), code, in_total=kind != "tax_included") for kind in added]
    if draw(st.booleans()):
        rows.append(row("other", f"{draw(st.sampled_from(('', '-')))}{some()}", code))
    total = draw(st.none() | st.integers(0, 500_000).map(lambda n: f"{Decimal(n).scaleb(-places)}"))
    return order(*lines, rows=tuple(rows), total=total, currency=code)


@many
@given(orders())
def test_the_rows_always_make_up_the_total(made: Invoice) -> None:
    document = price_document(made)
    (total,) = (one for one in document.rows if one.kind == "total")
    assert total.amount == made.total
    if made.total is not None:
        assert summed(document.rows) == made.total.amount


@many
@given(orders())
def test_what_was_paid_for_the_lines_makes_up_what_was_paid_for_the_goods(made: Invoice) -> None:
    document = price_document(made)
    paid = [one.paid.amount for one in document.lines if one.paid is not None]
    goods = next(one for one in document.rows if one.kind == "sum")
    assert goods.amount is not None
    assert goods.amount.amount == sum(paid, Decimal(0))
    for one in document.lines:
        if one.paid is not None:
            assert one.paid == one.price + one.discount


@many
@given(orders())
def test_the_document_agrees_with_the_declaration_of_the_same_order(made: Invoice) -> None:
    """What was paid for the goods is declared, but for rounding and tax inside the prices."""
    plain = made.model_copy(
        update={
            "lines": tuple(one.model_copy(update={"cancelled": False}) for one in made.lines),
            "charges": tuple(one for one in made.charges if one.kind != "tax_included"),
            "total": None,
        }
    )
    document = price_document(plain)
    consignment = ac.consign(plain, "US", included_tax_rate=None)
    paid = [one.paid for one in document.lines]
    assert paid == [one.line_value for one in consignment.lines]


def test_an_order_is_told_in_the_words_asked_for() -> None:
    (sample,) = ac.read(ac.sample_order())
    document = price_document(sample)
    assert fact(document, "Order number") == "8200000000000101"
    assert fact(document, "Ordered on") == "2026-09-20"
    assert [(one.title, one.quantity, one.variant) for one in document.items] == [
        ("HDMI cable 2 m", "2", "Length: 2m"),
        ("Phone case", "1", "Color: Blue"),
    ]
    assert amount(document, "Store coupon") == "-14.30"
    assert amount(document, "Paid for the goods") == "130.00"
    assert amount(document, "Shipping") == "9.00"
    assert amount(document, "Tax collected at checkout") == "28.47"
    assert amount(document, "Total of the order") == "167.47"
    assert "not the invoice of the seller" in document.notes[0]


def test_what_is_not_known_is_said_and_never_zero() -> None:
    document = price_document(order(line("5"), country=None, ship_to=None, order_id=None))
    for label in ("Order number", "Paid on", "Tracking number", "Delivered to"):
        assert fact(document, label) == NOT_STATED
    for label in ("Shipping", "Handling charges", "Tax collected at checkout"):
        assert amount(document, label) is None
    assert amount(document, "Total of the order") is None
    assert amount(document, "Price after discounts") == "5.00"
    assert any("states no total" in note for note in document.notes)


def test_free_shipping_is_zero_and_not_unknown() -> None:
    document = price_document(order(line("5"), rows=(row("shipping", "0"),), total="5"))
    assert amount(document, "Shipping") == "0"


def test_names_that_are_masked_are_printed_as_they_are() -> None:
    address = Address(name="S** P***", lines=("Rua ***",), masked=True, country="BR")
    document = price_document(order(line("5"), ship_to=address))
    assert fact(document, "Name") == NOT_STATED  # of the seller
    assert document.buyer[0].value == "S** P***"
    assert fact(document, "Delivered to") == "Rua ***"
    assert any("hidden by stars" in note for note in document.notes)


def test_what_the_buyer_adds_is_marked_as_such() -> None:
    bare = order(line("5"), ship_to=None)
    document = price_document(
        bare, tracking="RB123456785GB", purchaser="Ada", ioss_number="IM3720000224"
    )
    assert document.buyer[0].value == "Ada (given by the buyer)"
    assert fact(document, "Tracking number of this parcel") == "RB123456785GB (given by the buyer)"
    assert fact(document, "Tax number of the shop (IOSS, GST, ...)") == (
        "IM3720000224 (given by the buyer)"
    )


def test_what_the_order_states_wins_over_what_the_buyer_adds() -> None:
    stated = order(line("5"), platform=Party(tax_ids={"ioss": "IM3720000224"}))
    document = price_document(stated, purchaser="Somebody else", ioss_number="IM0000000000")
    assert document.buyer[0].value == "Ada Example"
    assert fact(document, "Tax number of the shop (IOSS, GST, ...)") == "IOSS IM3720000224"


def test_lines_say_whether_they_lie_in_the_parcel_that_is_held() -> None:
    two = order(
        line("5", 3, line_id="1"),
        line("7", line_id="2"),
        parcels=(
            Parcel(tracking="AA1", items=(ParcelItem(line_id="1", count=2),)),
            Parcel(
                tracking="AA2",
                carrier="Post",
                items=(ParcelItem(line_id="1", count=1), ParcelItem(line_id="2", count=1)),
            ),
        ),
    )
    document = price_document(two, tracking="aa 1")
    assert [one.details for one in document.items] == [
        ("In this parcel: 2 of 3",),
        ("In this parcel: 0 of 1",),
    ]
    assert fact(document, "Other parcels of the order") == "AA2 (Post)"
    assert fact(price_document(two), "Tracking number") == "AA1, AA2 (Post)"


def test_lots_variants_and_dates_are_spelled_out() -> None:
    lots = line("5", 2, unit="lot", lot_size=10, variant=(Variant(name="", value="With plug"),))
    made = order(lots).model_copy(update={"paid_at": OrderTime(date=dt.date(2026, 9, 2))})
    document = price_document(made)
    assert document.items[0].quantity == "2 lot of 10"
    assert document.items[0].variant == "With plug"
    assert fact(document, "Paid on") == "2026-09-02"


def test_a_cancelled_line_outside_the_total_is_listed_but_not_counted() -> None:
    made = order(line("5"), line("7", cancelled=True, refund="7"), total="5", refunded="7")
    document = price_document(made)
    assert document.lines[1].paid is None
    assert amount(document, "Price of the goods") == "5.00"
    assert not any(one.label.startswith("Difference") for one in document.rows)
    assert document.items[1].details == (
        "Cancelled, not part of the total",
        "Paid back: 7 EUR",
    )
    assert amount(document, "Paid back") == "7"
    assert not any(one.label.startswith("Total without") for one in document.rows)


def test_a_refund_leaves_the_rest_of_the_total() -> None:
    document = price_document(order(line("5", refund="2"), total="5"))
    assert amount(document, "Paid back") == "2.00"
    assert amount(document, "Total without what was paid back") == "3.00"


def test_a_total_that_its_rows_do_not_explain_shows_the_difference() -> None:
    document = price_document(order(line("5"), rows=(row("shipping", "1"),), total="9"))
    assert amount(document, "Difference that the order does not explain") == "3.00"
    assert any("do not make up" in note for note in document.notes)
    rounded = price_document(order(line("5"), rows=(row("shipping", "1"),), total="6.02"))
    assert amount(rounded, "Rounding") == "0.02"


def test_coins_above_the_price_of_the_goods_are_taken_off_the_rest() -> None:
    made = order(line("5"), rows=(row("shipping", "4"), row("coins", "-6")), total="3")
    document = price_document(made)
    assert amount(document, "Paid for the goods") == "0.00"
    assert amount(document, "Discounts above the price of the goods") == "-1.00"
    assert summed(document.rows) == 3


def test_tax_inside_the_prices_stands_beside_the_sum() -> None:
    rows = (row("shipping", "1"), row("tax_included", "1.05", label="MwSt.", in_total=False))
    document = price_document(order(line("5"), rows=rows, total="6"))
    (tax,) = (one for one in document.rows if "MwSt." in one.label)
    assert (tax.kind, tax.amount) == ("aside", money("1.05", "EUR"))
    assert not any(one.label == "Tax collected at checkout" for one in document.rows)


def test_rows_keep_the_words_of_the_shop_but_no_names_of_fields() -> None:
    rows = (row("shipping", "1", label="Envío"), row("tax_added", "1", label="actual_tax_fee"))
    labels = {one.label for one in price_document(order(line("5"), rows=rows, total="7")).rows}
    assert {"Shipping (Envío)", "Tax collected at checkout"} <= labels


def test_an_order_that_was_never_paid_proves_no_payment() -> None:
    document = price_document(order(line("5"), total="5", status="unpaid"))
    assert any("proves no payment" in note for note in document.notes)


def test_an_unknown_currency_is_not_made_up() -> None:
    document = price_document(order(line("5", 1, "XXX"), total="5", currency="XXX"))
    assert document.currency == ""
    assert fact(document, "Currency") == NOT_STATED


@pytest.mark.parametrize(
    ("made", "code"),
    [
        (order(), "no_lines"),
        (order(line("5"), document_type="refunds"), "part_of_an_order"),
    ],
)
def test_what_proves_no_price_is_refused(made: Invoice, code: str) -> None:
    with pytest.raises(ExportError) as caught:
        price_document(made)
    assert caught.value.code == code
    assert caught.value.action


def test_amounts_in_two_currencies_do_not_add_up() -> None:
    with pytest.raises(ConsignmentError, match="another currency"):
        price_document(order(line("5"), rows=(row("shipping", "1", "USD"),)))


@pytest.mark.parametrize(
    "file",
    [
        "orders/ds_orders.json",
        "orders/mtop_order_detail.json",
        "orders/mtop_receipt.json",
        "orders/mtop_order_list.json",
        "orders/ru_local_order_list.json",
        "orders/seller_order_info.json",
        "tables/legacy.tsv",
        "notices/8300000000010017_payment.txt",
    ],
)
def test_orders_of_every_shape_add_up(file: str) -> None:
    """Where reading found that the rows fit, the document needs no row for a difference."""
    for made in ac.read(FIXTURES / file):
        document = price_document(made)
        differences = [one for one in document.rows if "does not explain" in one.label]
        assert not differences
        assert made.total is None or summed(document.rows) == made.total.amount
        assert [one.title for one in document.items] == [
            one.title or "(no title stated)" for one in made.lines
        ]
