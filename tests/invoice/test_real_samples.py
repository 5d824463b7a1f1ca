"""The real files, kept outside the repository, against the sums found in them by hand."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

from aliexpress_customs.invoice.model import Invoice
from aliexpress_customs.invoice.read import read
from aliexpress_customs.invoice.reconcile import goods_sum

Sample = Callable[[str], Path]


def level(invoice: Invoice) -> str:
    assert invoice.reconciliation is not None
    return invoice.reconciliation.level


def total(invoice: Invoice) -> Decimal:
    assert invoice.total is not None
    return invoice.total.amount


def test_the_brazilian_page_adds_up_to_the_cent(sample: Sample) -> None:
    (invoice,) = read(sample("11_"))
    assert goods_sum(invoice) == Decimal("126.59")
    assert invoice.charge("shipping") == 0
    assert invoice.charge("store_coupon") == Decimal("-5.66")
    assert invoice.charge("platform_coupon") == Decimal("-10.80")
    assert invoice.charge("tax_added") == Decimal("22.61")
    assert (total(invoice), level(invoice)) == (Decimal("132.74"), "ok")
    assert invoice.charge("rounding") is None


def test_the_belgian_receipt_leaves_ten_cents_of_shipping_out(sample: Sample) -> None:
    (invoice,) = read(sample("31_"))
    assert goods_sum(invoice) == 2 * Decimal("84.39")
    assert invoice.charge("import_duty") == Decimal("3.63")
    assert invoice.charge("tax_included") == Decimal("29.92")
    shipping = next(row for row in invoice.charges if row.kind == "shipping")
    assert (shipping.amount.amount, shipping.in_total) == (Decimal("-0.10"), False)
    assert (total(invoice), level(invoice)) == (Decimal("172.41"), "ok")
    assert invoice.charge("rounding") is None


def test_the_sellers_order_derives_two_discounts(sample: Sample) -> None:
    (invoice,) = read(sample("01_"))
    assert goods_sum(invoice) == Decimal("211.17")
    assert invoice.charge("seller_discount") == Decimal("-39.57")
    assert invoice.charge("platform_coupon") == Decimal("-1.06")
    assert (total(invoice), level(invoice)) == (Decimal("170.54"), "ok")
    assert {line.hs_code_hint for line in invoice.lines} == {"8529909790"}
    assert invoice.ship_to is not None
    assert (invoice.ship_to.country, invoice.account_country) == ("IE", "DZ")


def test_the_kit_dump_of_the_same_order_agrees(sample: Sample) -> None:
    (dumped,), (fetched,) = read(sample("02_")), read(sample("01_"))
    assert (dumped.order_id, dumped.total) == (fetched.order_id, fetched.total)
    assert dumped.ordered_at == fetched.ordered_at
    assert dumped.charge("price_adjustment") == Decimal("-40.63")


def test_the_list_page_gives_three_orders(sample: Sample) -> None:
    first, second, expired = read(sample("10_"))
    assert (total(first), total(second)) == (Decimal("48.88"), Decimal("4.76"))
    assert goods_sum(second) == Decimal("3.81")
    assert second.charge("other") == Decimal("0.95")
    assert (expired.status, expired.total, expired.currency) == ("expired", None, "USD")


def test_the_german_dropship_orders_hold_three_euros_of_duty(sample: Sample) -> None:
    orders = read(sample("04_"))
    assert [total(invoice) for invoice in orders] == [Decimal("9.08"), Decimal("9.21")]
    assert [invoice.charge("tax_included") for invoice in orders] == [
        Decimal("0.88"),
        Decimal("0.90"),
    ]
    for invoice in orders:
        assert level(invoice) == "ok"
        assert invoice.charge("import_duty") == Decimal("3.00")
        assert invoice.charge("tax_added") == Decimal("0.57")
        assert invoice.charge("rounding") == Decimal("0.01")
        assert invoice.lines[0].price_basis == "tax_inclusive"


def test_the_spanish_labels_read_with_a_warning(sample: Sample) -> None:
    (invoice,) = read(sample("32_"))
    assert level(invoice) == "warn"
    assert invoice.charge("rounding") == Decimal("0.05")
