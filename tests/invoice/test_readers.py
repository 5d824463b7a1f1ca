"""Each source kind, read from small files of the real shapes with invented values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from aliexpress_customs.errors import ReadError
from aliexpress_customs.invoice.model import Invoice
from aliexpress_customs.invoice.read import read, read_report
from aliexpress_customs.invoice.reconcile import goods_sum

ORDERS = Path(__file__).parents[1] / "fixtures" / "orders"
REFUSED = {"fail_session.json", "empty_skeleton.json", "error_response.json"}
READABLE = sorted(path.name for path in ORDERS.iterdir() if path.name not in REFUSED)
One = Callable[[str], Invoice]


def codes(invoice: Invoice) -> set[str]:
    return {finding.code for finding in invoice.findings}


def level(invoice: Invoice) -> str:
    assert invoice.reconciliation is not None
    return invoice.reconciliation.level


@pytest.mark.parametrize("name", READABLE)
def test_lines_and_rows_always_make_the_stated_total(name: str) -> None:
    for invoice in read(ORDERS / name):
        if invoice.total is not None:
            rows = sum(row.amount.amount for row in invoice.charges if row.in_total)
            assert goods_sum(invoice) + rows == invoice.total.amount


@pytest.mark.parametrize("name", READABLE)
def test_what_is_dumped_is_read_back_unchanged(name: str) -> None:
    invoices = read(ORDERS / name)
    assert read([invoice.model_dump(mode="json") for invoice in invoices]) == invoices
    assert read(invoices[0].model_dump_json()) == invoices[:1]


@pytest.mark.parametrize("name", READABLE)
def test_the_source_names_the_file_without_its_folder(name: str) -> None:
    assert {invoice.source.file for invoice in read(ORDERS / name)} == {name}


def test_a_brazilian_order_page_adds_up_with_the_tax_on_top(order: One) -> None:
    invoice = order("mtop_order_detail.json")
    assert level(invoice) == "ok"
    assert invoice.charge("shipping") == Decimal("12.50")
    assert invoice.charge("store_coupon", "coins") == Decimal("-12.50")
    assert invoice.charge("tax_added") == Decimal("34.00")
    assert invoice.lines[0].price_basis == "tax_exclusive"
    assert invoice.lines[0].title == 'Cabo de vídeo "4K"'
    assert invoice.lines[0].ships_from == "BR"
    assert invoice.lines[0].sku_id == "12000000000000017"
    assert (invoice.status, invoice.order_id) == ("completed", "8100000000010042")
    assert invoice.ordered_at is not None
    assert invoice.ordered_at.date == dt.date(2026, 6, 15)
    assert invoice.ship_to is not None
    assert (invoice.ship_to.country, invoice.ship_to.region) == ("BR", "Estado Inventado")
    assert invoice.seller.store_id == "1100000042"


def test_hidden_rows_count_and_stay_marked(order: One) -> None:
    rows = order("mtop_order_detail.json").charges
    assert [row.hidden for row in rows] == [False, True, True, True, True]
    assert [row.label for row in rows][1] == "Frete"


def test_seven_cents_too_many_are_kept_as_rounding_with_a_warning(order: One) -> None:
    invoice = order("mtop_order_detail_warns.json")
    assert level(invoice) == "warn"
    assert invoice.charge("rounding") == Decimal("0.07")
    assert "total_differs" in codes(invoice)


def test_a_total_nobody_can_explain_is_an_error_and_unknown_rows_are_named(order: One) -> None:
    invoice = order("mtop_order_detail_errs.json")
    assert level(invoice) == "error"
    assert invoice.charge("other") == Decimal("1.00")
    assert {"total_differs", "row_unknown"} <= codes(invoice)


def test_free_shipping_is_zero_not_unknown(order: One) -> None:
    assert order("mtop_order_detail_free_shipping.json").charge("shipping") == 0


def test_jsonp_reads_like_the_json_inside(order: One) -> None:
    plain, padded = order("mtop_order_detail.json"), order("mtop_order_detail.jsonp")
    assert padded.model_dump(exclude={"source"}) == plain.model_dump(exclude={"source"})


def test_the_order_list_follows_the_page_and_keeps_unshown_rows_apart() -> None:
    korean, german, expired = read(ORDERS / "mtop_order_list.json")
    assert korean.total is not None
    assert korean.total.amount == 11110
    assert (korean.currency, level(korean)) == ("KRW", "ok")
    assert german.lines[0].ships_from == "DE"
    assert level(german) == "ok"
    assert german.checkout_id == "21990500000000000000000420042"
    assert (expired.status, expired.total, level(expired)) == ("expired", None, "unknown")
    assert "no_value" in codes(expired)


def test_a_list_total_above_its_lines_is_not_called_a_rounding(document: Any) -> None:
    page = document("mtop_order_list.json")
    page["data"]["data"]["order_8100000000010042"]["fields"]["formatPriceInfo"] = "€9.00|9|00"
    invoice = read(page)[1]
    assert level(invoice) == "unknown"
    assert invoice.charge("other") == Decimal("1.75")
    assert invoice.charge("rounding") is None


def test_lines_the_list_page_does_not_show_are_an_error_finding(document: Any) -> None:
    page = document("mtop_order_list.json")
    page["data"]["data"]["order_8100000000010042"]["fields"]["orderLineSize"] = 5
    assert "lines_missing" in codes(read(page)[1])


def test_a_capture_gives_its_orders_and_ignores_the_noise() -> None:
    assert len(read(ORDERS / "capture.json")) == 3


def test_a_har_archive_gives_page_and_receipt() -> None:
    page, receipt = read(ORDERS / "orders.har")
    assert page.source.kind == "mtop_order_detail"
    assert receipt.source.kind == "mtop_receipt"


def test_of_two_sources_of_one_order_the_richer_stays(document: Any) -> None:
    page = {"url": "//acs/mtop.aliexpress.trade.buyer.order.detail"}
    cards = {"url": "//acs/mtop.aliexpress.trade.buyer.order.list"}
    both = [
        {**page, "body": document("mtop_order_detail.json")},
        {**cards, "body": document("mtop_order_list.json")},
    ]
    kinds = {invoice.order_id: invoice.source.kind for invoice in read(both)}
    assert kinds["8100000000010042"] == "mtop_order_detail"
    assert len(kinds) == 3


def test_a_receipt_keeps_duty_and_included_tax_apart(order: One) -> None:
    invoice = order("mtop_receipt.json")
    assert level(invoice) == "ok"
    assert invoice.charge("import_duty") == Decimal("3.63")
    assert invoice.charge("tax_included") == Decimal("11.13")
    shipping = next(row for row in invoice.charges if row.kind == "shipping")
    assert (shipping.amount.amount, shipping.in_total) == (Decimal("-0.08"), False)
    assert invoice.lines[0].price_basis == "tax_inclusive"
    assert invoice.lines[0].title == "Desk lamp & clamp"
    assert invoice.buyer.tax_ids == {"vat": "NL000000000B01"}
    assert invoice.ship_to is not None
    assert invoice.ship_to.country == "NL"


def test_a_bare_receipt_takes_its_discount_off(order: One) -> None:
    invoice = order("mtop_receipt_bare.json")
    assert level(invoice) == "ok"
    assert invoice.charge("seller_discount") == Decimal("-0.50")
    assert invoice.charges[1].label == "Descuento"
    assert "quantity_assumed" in codes(invoice)


def test_a_sellers_order_tells_lots_codes_and_who_paid_the_discount(order: One) -> None:
    invoice = order("seller_order_info.json")
    caps, cloth = invoice.lines
    assert (caps.pieces, caps.unit, caps.lot_size) == (10, "lot", 5)
    assert (caps.hs_code_hint, cloth.hs_code_hint) == ("9002909090", None)
    assert (caps.category_id, caps.ships_from) == ("190304", "CN")
    assert [chosen.value for chosen in caps.variant] == ["CHINA", "58 mm black"]
    assert caps.title == "Lens cap with strap 58mm"
    assert invoice.charge("seller_discount") == Decimal("-6.00")
    assert invoice.charge("platform_coupon") == Decimal("-1.60")
    assert all(row.derived for row in invoice.charges if row.kind != "shipping")
    assert invoice.ship_to is not None
    assert (invoice.ship_to.country, invoice.account_country) == ("GB", "FR")
    assert {"address_masked", "discount_derived"} <= codes(invoice)
    assert invoice.parcels[0].tracking == "LZ000000042CN"


def test_open_platform_times_are_pacific_with_summer_time(order: One) -> None:
    summer, winter = order("seller_order_info.json"), order("seller_order_list_dump.json")
    assert summer.ordered_at is not None
    assert summer.ordered_at.instant == dt.datetime(2025, 7, 2, 6, 30, tzinfo=dt.UTC)
    assert summer.ordered_at.date == dt.date(2025, 7, 1)
    assert winter.ordered_at is not None
    assert winter.ordered_at.instant == dt.datetime(2025, 1, 5, 16, 0, tzinfo=dt.UTC)


def test_a_kit_dump_reads_like_the_documented_list(order: One) -> None:
    dumped = order("seller_order_list_dump.json")
    listed, unpaid = read(ORDERS / "seller_order_list.json")
    assert dumped.order_id == listed.order_id == "8100000000010042"
    assert dumped.charge("price_adjustment") == Decimal("-2.00")
    assert dumped.charge("shipping") is None
    assert dumped.ship_to is not None
    assert dumped.ship_to.country == "RS"
    assert level(listed) == "ok"
    assert unpaid.status == "expired"
    assert "no_value" in codes(unpaid)


def test_a_dropshippers_tax_row_is_inside_on_top_or_both() -> None:
    both, inside, on_top = read(ORDERS / "ds_orders.json")
    assert both.charge("tax_included") == Decimal("2.40")
    assert both.charge("import_duty") == Decimal("3.00")
    assert both.charge("tax_added") == Decimal("0.60")
    assert both.lines[0].price_basis == "tax_inclusive"
    assert inside.charge("tax_included") == Decimal("10.00")
    assert inside.charge("tax_added") is None
    assert on_top.charge("tax_added") == Decimal("5.00")
    assert on_top.lines[0].price_basis == "tax_exclusive"
    assert {level(one) for one in (both, inside, on_top)} == {"ok"}


def test_a_dropshippers_answer_alone_lacks_its_order_id(order: One) -> None:
    invoice = order("ds_reply.json")
    assert invoice.order_id is None
    assert "order_id_missing" in codes(invoice)
    assert invoice.parcels[0].internal_no == "AP00000000000042"
    assert invoice.parcels[0].tracking == ""


def test_an_order_never_paid_is_a_real_zero(document: Any) -> None:
    reply = document("ds_reply.json")
    result = reply["aliexpress_trade_ds_order_get_response"]["result"]
    result["user_order_amount"]["amount"] = "0.00"
    (invoice,) = read(reply)
    assert invoice.paid is not None
    assert invoice.paid.amount == 0
    assert {"never_paid", "no_value"} <= codes(invoice)


def test_lists_may_come_wrapped_lone_or_empty(document: Any) -> None:
    reply = document("seller_order_info.json")
    target = reply["aliexpress_trade_new_redefining_findorderbyid_response"]["target"]
    wrapped = read(reply)[0]
    target["child_order_list"] = target["child_order_list"]["aeop_tp_child_order_dto"]
    assert read(reply)[0] == wrapped
    target["child_order_list"] = {"global_aeop_tp_child_order_dto": target["child_order_list"][0]}
    assert len(read(reply)[0].lines) == 1
    target["child_order_list"] = {}
    with pytest.raises(ReadError) as caught:
        read(reply)
    assert caught.value.code == "no_lines"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("fail_session.json", "source_error"),
        ("empty_skeleton.json", "empty_reply"),
        ("error_response.json", "source_error"),
    ],
)
def test_refusals_of_the_shop_are_told_with_a_remedy(name: str, code: str) -> None:
    with pytest.raises(ReadError) as caught:
        read(ORDERS / name)
    assert caught.value.code == code
    assert caught.value.path.startswith(name)
    assert caught.value.action


def test_one_bad_order_does_not_lose_the_others(document: Any) -> None:
    page = document("mtop_order_list.json")
    page["data"]["data"]["order_8100000000010042"]["fields"]["orderLines"][1]["quantity"] = "two"
    report = read_report(page)
    assert [invoice.currency for invoice in report.invoices] == ["KRW", "USD"]
    (error,) = report.errors
    assert error.code == "bad_quantity"
    assert error.path == "orders[1] (order 8100000000010042): lines[1].quantity"
    with pytest.raises(ReadError):
        read(page)
    kept = read(page, on_error="collect")
    assert len(kept) == 2
    assert "orders_left_out" in codes(kept[0])


def test_discounts_and_refunds_stated_on_a_line_are_kept_with_their_owner(document: Any) -> None:
    target = document("seller_order_info.json")[
        "aliexpress_trade_new_redefining_findorderbyid_response"
    ]["target"]
    caps, cloth = target["child_order_list"]["aeop_tp_child_order_dto"]
    caps["child_order_discount_detail_list"] = {
        "discount_detail_dto": [
            {
                "discount_detail": {"amount": "6.00", "currency_code": "USD"},
                "promotion_owner": "SELLER",
                "promotion_type": "fixed_discount",
            }
        ]
    }
    cloth["child_order_discount_info"] = {"amount": "1.60", "currency_code": "USD"}
    cloth["refund_info"] = {
        "refund_status": "refund_ok",
        "refund_cash_amt": {"amount": "5.00", "currency_code": "USD"},
    }
    (bare,) = read(target)
    info = {"aliexpress_solution_order_info_get_response": {"result": {"data": target}}}
    assert read(info) == [bare]
    (of_caps,), (of_cloth,) = (line.discounts for line in bare.lines)
    assert (of_caps.owner, of_caps.amount.amount) == ("seller", Decimal("6.00"))
    assert (of_cloth.owner, of_cloth.amount.amount) == ("unknown", Decimal("1.60"))
    assert bare.lines[1].refund is not None
    assert bare.lines[1].refund.amount == Decimal("5.00")
    assert level(bare) == "ok"
    assert bare.charge("seller_discount", "platform_coupon", "rounding") is None


def test_a_discount_stated_for_the_order_is_one_row(document: Any) -> None:
    reply = document("seller_order_info.json")
    target = reply["aliexpress_trade_new_redefining_findorderbyid_response"]["target"]
    target["order_discount_info"] = {"amount": "7.60", "currency_code": "USD"}
    (invoice,) = read(reply)
    assert invoice.charge("price_adjustment") == Decimal("-7.60")
    assert level(invoice) == "ok"
    assert "discount_derived" not in codes(invoice)
