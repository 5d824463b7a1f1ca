"""The total the shop states wins: goods + freight + insurance + taxes + fees = total."""

from __future__ import annotations

from decimal import Decimal

import pytest

from aliexpress_customs.consignment.consign import consign
from aliexpress_customs.errors import ConsignmentError, UsageError
from aliexpress_customs.invoice.model import InvoiceLine

from .samples import codes, collected, freight, line, order, row, values


def test_tax_on_top_is_no_part_of_the_goods() -> None:
    parcel = consign(
        order(
            line("90.00", currency="BRL"),
            line("36.59", currency="BRL"),
            rows=(
                row("shipping", "0.00", "BRL"),
                row("store_coupon", "-5.66", "BRL"),
                row("coins", "-10.80", "BRL"),
                row("tax_added", "22.61", "BRL", label="Imposto"),
            ),
            total="132.74",
            currency="BRL",
            country="BR",
        )
    )
    assert values(parcel) == Decimal("110.13")
    assert freight(parcel) == 0
    [tax] = parcel.collected
    assert (tax.kind, tax.amount.amount, tax.inside_prices) == ("unknown", Decimal("22.61"), False)
    assert values(parcel) + freight(parcel) + collected(parcel) == Decimal("132.74")


def test_included_tax_covers_the_import_charge_too() -> None:
    parcel = consign(
        order(
            line("84.39", 2, price_basis="tax_inclusive"),
            rows=(
                row("shipping", "-0.10", in_total=False),
                row("import_duty", "3.63"),
                row("tax_included", "29.92", in_total=False),
            ),
            total="172.41",
        )
    )
    taxes = {tax.kind: tax.amount.amount for tax in parcel.collected}
    assert taxes == {"vat": Decimal("29.92"), "duty": Decimal("3.00")}
    assert parcel.lines[0].included_tax.amount == Decimal("29.29")
    assert values(parcel) == Decimal("139.49")
    assert freight(parcel) == 0
    assert values(parcel) + freight(parcel) + collected(parcel) == Decimal("172.41")
    assert "freight_not_in_total" in codes(parcel)


def test_a_rate_tells_that_the_tax_does_not_cover_the_import_charge() -> None:
    parcel = consign(
        order(
            line("121.00", price_basis="tax_inclusive"),
            rows=(
                row("shipping", "0.00"),
                row("import_duty", "3.00"),
                row("tax_included", "21.00", in_total=False),
            ),
            total="124.00",
        ),
        included_tax_rate=Decimal("0.21"),
    )
    assert values(parcel) == Decimal("100.00")
    assert {t.kind: t.amount.amount for t in parcel.collected}["duty"] == Decimal("3.00")


def test_a_tax_sum_that_lies_partly_on_top_is_told_apart() -> None:
    parcel = consign(
        order(
            line("3.59", discounts=("0.07",), price_basis="tax_inclusive"),
            rows=(row("shipping", "1.98"), row("tax_included", "4.45", in_total=False)),
            total="9.08",
            country="DE",
        )
    )
    assert values(parcel) + freight(parcel) == Decimal("4.63")
    assert collected(parcel) == Decimal("4.45")
    assert "tax_partly_on_top" in codes(parcel)


def test_rounding_goes_to_the_largest_line() -> None:
    parcel = consign(
        order(line("1.00"), line("5.00"), rows=(row("shipping", "2.00"),), total="8.02")
    )
    assert [each.line_value.amount for each in parcel.lines] == [Decimal("1.00"), Decimal("5.02")]
    assert parcel.lines[1].line_adjustment is not None


def test_rows_above_the_total_are_a_discount_the_file_does_not_show() -> None:
    parcel = consign(
        order(line("30.00"), line("10.00"), rows=(row("shipping", "2.00"),), total="38.00")
    )
    assert [each.line_value.amount for each in parcel.lines] == [27, 9]
    assert "discount_derived" in codes(parcel)


def test_a_total_far_above_the_rows_is_never_declared_as_goods() -> None:
    parcel = consign(order(line("2.42"), line("1.39"), total="4.76"))
    assert values(parcel) == Decimal("3.81")
    assert "total_above_rows" in codes(parcel)
    assert parcel.freight is None
    assert "freight_unknown" in codes(parcel)


def test_a_discount_above_the_goods_lowers_the_freight() -> None:
    parcel = consign(
        order(
            line("1.00"),
            rows=(row("shipping", "2.00"), row("coins", "-2.50")),
            total="0.50",
        )
    )
    assert (values(parcel), freight(parcel)) == (Decimal(0), Decimal("0.50"))


def test_fees_are_not_goods_and_free_lines_get_no_discount() -> None:
    parcel = consign(
        order(
            line("0.00", title="Surprise"),
            line("10.00"),
            rows=(
                row("shipping", "1.00"),
                row("platform_coupon", "-2.00"),
                row("payment_discount", "-1.00"),
                row("instalment_fee", "0.90"),
            ),
            total="8.90",
        )
    )
    assert [each.line_value.amount for each in parcel.lines] == [0, 7]
    assert {"payment_discount_deducted", "line_without_price"} <= codes(parcel)


def test_vat_is_computed_from_the_rate_once_per_line() -> None:
    def rate(each: InvoiceLine) -> Decimal | None:
        return Decimal("0.06") if each.title == "Book" else Decimal("0.21")

    parcel = consign(
        order(
            line("9.99", price_basis="tax_inclusive", title="Book"),
            line("4.99", 3, price_basis="tax_inclusive"),
            rows=(row("shipping", "1.99"),),
            total="26.95",
        ),
        included_tax_rate=rate,
    )
    assert [each.line_value.amount for each in parcel.lines] == [
        Decimal("9.42"),
        Decimal("12.37"),
    ]
    assert values(parcel) + freight(parcel) + collected(parcel) == Decimal("26.95")
    assert "vat_computed_from_rate" in codes(parcel)


def test_prices_without_tax_are_not_netted_by_a_rate() -> None:
    parcel = consign(
        order(
            line("10.00", price_basis="tax_exclusive"),
            rows=(row("shipping", "0"), row("tax_added", "2.50", label="VAT")),
            total="12.50",
        ),
        included_tax_rate=Decimal("0.25"),
    )
    assert values(parcel) == 10
    assert [(t.kind, t.inside_prices) for t in parcel.collected] == [("vat", False)]


def test_inclusive_prices_without_amount_or_rate_are_reported() -> None:
    parcel = consign(order(line("10.00", price_basis="tax_inclusive"), total="10.00"))
    assert "included_tax_unknown" in codes(parcel)


def test_tax_taken_off_the_prices_is_not_collected() -> None:
    parcel = consign(
        order(
            line("238.00", price_basis="tax_inclusive"),
            rows=(row("shipping", "0"), row("tax_added", "-38.00")),
            total="200.00",
        )
    )
    assert values(parcel) == 200
    assert parcel.collected == ()


def test_a_refund_reduces_its_line_by_the_money_given_back() -> None:
    parcel = consign(
        order(
            line("24.20", refund="12.10", price_basis="tax_inclusive"),
            line("12.10", price_basis="tax_inclusive"),
            rows=(row("shipping", "0"), row("tax_included", "6.30", in_total=False)),
            total="36.30",
        )
    )
    assert [each.line_value.amount for each in parcel.lines] == [10, 10]
    assert collected(parcel) == Decimal("4.20")
    assert "refund_deducted" in codes(parcel)


def test_a_refund_for_no_stated_line_is_reported_not_guessed() -> None:
    parcel = consign(order(line("10.00"), line("5.00"), total="15.00", refunded="3.00"))
    assert values(parcel) == 15
    assert "refund_not_placed" in codes(parcel)
    alone = consign(order(line("10.00"), total="10.00", refunded="3.00"))
    assert values(alone) == 7


def test_a_cancelled_line_takes_its_share_of_the_coupon_with_it() -> None:
    parcel = consign(
        order(
            line("10.00"),
            line("30.00", cancelled=True),
            rows=(row("shipping", "0"), row("store_coupon", "-4.00")),
            total="36.00",
            refunded="27.00",
        )
    )
    assert values(parcel) == 9
    assert "line_left_out" in codes(parcel)
    assert "refund_not_placed" not in codes(parcel)


def test_a_cancelled_line_outside_the_total_leaves_the_coupon_to_the_others() -> None:
    parcel = consign(
        order(
            line("10.00"),
            line("30.00", cancelled=True),
            rows=(row("shipping", "0"), row("store_coupon", "-4.00")),
            total="6.00",
        )
    )
    assert values(parcel) == 6


def test_line_taxes_stated_by_the_source_are_kept() -> None:
    parcel = consign(
        order(
            line("84.18", currency="CNY", tax="8.42", price_basis="tax_exclusive"),
            line("19.42", currency="CNY", tax="1.94", price_basis="tax_exclusive"),
            rows=(row("tax_added", "10.36", "CNY", label="GST Amount"),),
            total="113.96",
            currency="CNY",
            country="AU",
        )
    )
    assert values(parcel) == Decimal("103.60")
    assert [(t.kind, t.amount.amount) for t in parcel.collected] == [("vat", Decimal("10.36"))]


def test_included_tax_above_the_prices_is_refused() -> None:
    with pytest.raises(ConsignmentError) as caught:
        consign(order(line("3.00"), rows=(row("tax_included", "3.00"),), total="3.00"))
    assert caught.value.code == "tax_exceeds_prices"


def test_a_rate_in_percent_is_refused() -> None:
    with pytest.raises(UsageError, match=r"0\.21"):
        consign(order(line("3.00", price_basis="tax_inclusive")), included_tax_rate=Decimal(21))


def test_rows_of_unknown_kind_are_reported() -> None:
    parcel = consign(
        order(
            line("10.00"),
            rows=(row("shipping", "0"), row("other", "-1.00"), row("other", "0.50")),
            total="9.50",
        )
    )
    assert values(parcel) == 9
    assert {"unknown_row_as_discount", "unknown_row_not_goods"} <= codes(parcel)


def test_a_price_raised_by_the_seller_raises_the_value() -> None:
    parcel = consign(
        order(
            line("10.00"), rows=(row("shipping", "0"), row("price_adjustment", "2.00")), total="12"
        )
    )
    assert values(parcel) == 12
    assert parcel.lines[0].allocated_discount.amount == 0


def test_amounts_in_a_second_currency_are_refused() -> None:
    with pytest.raises(ConsignmentError) as caught:
        consign(order(line("10.00"), rows=(row("shipping", "1", "USD"),)))
    assert caught.value.code == "mixed_currencies"


def test_tax_inside_prices_is_taken_line_by_line_where_the_source_states_it() -> None:
    parcel = consign(
        order(
            line("10.60", tax="0.60", shipping="0.00", price_basis="tax_inclusive"),
            line("12.10", tax="2.10", shipping="1.21", price_basis="tax_inclusive"),
            rows=(row("tax_included", "2.91", in_total=False),),
            total="23.91",
        )
    )
    assert [each.line_value.amount for each in parcel.lines] == [10, 10]
    assert [each.line_freight.amount for each in parcel.lines if each.line_freight is not None] == [
        0,
        1,
    ]


def test_line_taxes_alone_are_read_by_the_basis_of_the_prices() -> None:
    inside = consign(order(line("12.10", tax="2.10", price_basis="tax_inclusive"), total="12.10"))
    assert values(inside) == 10
    on_top = consign(order(line("10.00", tax="1.00", price_basis="tax_exclusive"), total="11.00"))
    assert (values(on_top), collected(on_top)) == (Decimal(10), Decimal(1))


def test_an_import_charge_borne_by_the_shop_is_still_collected() -> None:
    parcel = consign(
        order(
            line("10.00"),
            rows=(row("shipping", "0"), row("import_duty", "3.63"), row("duty_subsidy", "-3.63")),
            total="10.00",
        )
    )
    assert values(parcel) == 10
    assert [(t.kind, t.amount.amount) for t in parcel.collected] == [("unknown", Decimal("3.63"))]
    assert "duty_subsidised" in codes(parcel)


def test_shipping_discounts_above_shipping_come_off_the_goods() -> None:
    parcel = consign(
        order(
            line("10.00"),
            rows=(row("shipping", "1.98"), row("shipping_discount", "-2.00")),
            total="9.98",
        )
    )
    assert (values(parcel), freight(parcel)) == (Decimal("9.98"), Decimal(0))
