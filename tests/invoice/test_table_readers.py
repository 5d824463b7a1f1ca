"""Exports of extensions and of AliExpress itself: CSV, TSV, XLSX, also after a spreadsheet."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from aliexpress_customs.errors import ReadError
from aliexpress_customs.invoice.model import Invoice
from aliexpress_customs.invoice.read import read, read_report
from aliexpress_customs.money import money

TABLES = Path(__file__).parents[1] / "fixtures" / "tables"
ORDERS = Path(__file__).parents[1] / "fixtures" / "orders"


def codes(invoice: Invoice) -> set[str]:
    return {finding.code for finding in invoice.findings}


def facts(invoice: Invoice) -> list[tuple[str, int, object]]:
    return [(line.title, line.quantity, line.line_gross) for line in invoice.lines]


def test_the_inventory_export_reads_alike_from_csv_semicolons_and_json() -> None:
    plain, marked = (read(TABLES / f"shopper_{n}.csv") for n in ("inventory", "semicolon_bom"))
    listed = read(ORDERS / "shopper_inventory.json")
    for one, two, three in zip(plain, marked, listed, strict=True):
        assert one.order_id == two.order_id == three.order_id
        assert facts(one) == facts(two) == facts(three)
        assert one.lines[0].variant == three.lines[0].variant
    assert facts(plain[1]) == [("Wool socks", 1, money("1234.50", "PLN"))]
    assert plain[0].lines[0].ships_from == "DE"


def test_the_inventory_json_keeps_the_printed_date_and_the_csv_warns() -> None:
    (listed, _), (table, _) = (
        read(ORDERS / "shopper_inventory.json"),
        read(TABLES / "shopper_inventory.csv"),
    )
    assert listed.ordered_at is not None
    assert table.ordered_at is not None
    assert listed.ordered_at.date - table.ordered_at.date == dt.timedelta(days=1)
    assert "date_may_be_early" in codes(table)


def test_an_id_a_spreadsheet_has_cut_is_mended_from_the_common_ending() -> None:
    mended, sound = read(TABLES / "shopper_excel_mended.csv")
    assert (mended.order_id, sound.order_id) == ("3070000000010017", "3070000000040017")
    assert "order_id_mended" in codes(mended)
    assert {line.sku_id for line in mended.lines} == {None}
    assert mended.lines[0].product_id == "1005000000000011"


def test_ids_all_cut_are_marked_uncertain_and_variants_are_dropped() -> None:
    for invoice in read(TABLES / "shopper_saved_by_excel.xlsx"):
        assert "order_id_uncertain" in codes(invoice)
        assert all(line.sku_id is None and line.product_id for line in invoice.lines)


def test_ids_in_scientific_notation_are_not_believed() -> None:
    first, second = read(TABLES / "shopper_excel_scientific.csv")
    assert (first.order_id, second.order_id) == (None, None)
    assert len(first.lines) == 2
    assert "order_id_damaged" in codes(first)


def test_a_cut_id_finds_its_order_through_another_source() -> None:
    first, *_ = read([TABLES / "shopper_saved_by_excel.xlsx", ORDERS / "shopper_inventory.json"])
    assert first.order_id == "3070000000010017"
    assert first.lines[0].sku_id == "12000000000000011"


def test_raw_payload_columns_beat_the_columns_beside_them() -> None:
    rich, poor = read(TABLES / "nrbrook_orders.csv")
    (page,) = read(ORDERS / "mtop_order_detail.json")
    assert (rich.total, rich.lines, rich.charges) == (page.total, page.lines, page.charges)
    assert rich.source.kind == "nrbrook_csv"
    assert "lines_missing" in codes(poor)


def test_the_tables_of_orders_and_lines_complete_each_other() -> None:
    orders = read([TABLES / "nrbrook_orders.csv", TABLES / "nrbrook_lines.csv"])
    joined = next(one for one in orders if one.order_id == "8200000000009117")
    assert joined.total == money("55.00", "BRL")
    assert facts(joined) == [("Tênis de lona", 1, money("50.00", "BRL"))]
    assert joined.ship_to is not None
    assert joined.ship_to.country == "BR"
    assert joined.reconciliation is not None
    assert joined.reconciliation.sum_rows.amount == Decimal("55.00")


def test_a_clipboard_without_header_reads_month_first_and_needs_a_currency() -> None:
    unknown, _ = read(TABLES / "chriskomus_detail.tsv")
    assert unknown.currency == "XXX"
    assert "currency_missing" in codes(unknown)
    named, _ = read(TABLES / "chriskomus_detail.tsv", currency="CAD")
    assert named.total == money("24.50", "CAD")
    assert named.ordered_at is not None
    assert named.ordered_at.date == dt.date(2026, 3, 4)
    assert named.parcels[0].tracking == "LP00000000000027"


def test_the_clipboard_with_its_header_takes_the_currency_of_its_prices() -> None:
    (invoice,) = read(TABLES / "chriskomus_list.tsv")
    assert invoice.total == money("24.50", "CAD")


def test_the_legacy_table_gives_further_lines_without_repeating_the_order() -> None:
    (invoice,) = read(TABLES / "legacy.tsv")
    assert [line.quantity for line in invoice.lines] == [3, 1]
    assert invoice.charge("shipping") == Decimal("1.00")
    assert invoice.charge("seller_discount") == Decimal("-1.50")
    assert invoice.reconciliation is not None
    assert invoice.reconciliation.level == "ok"


def test_the_data_export_is_in_cents_and_tells_unpaid_orders() -> None:
    paid, unpaid = read(TABLES / "gdpr.xlsx", currency="PLN")
    assert paid.total == money("127.95", "PLN")
    assert paid.lines[0].list_price == money("150.00", "PLN")
    assert (unpaid.status, unpaid.total) == ("expired", money("0.00", "PLN"))


def test_a_row_of_the_data_export_reads_as_json() -> None:
    (invoice,) = read(ORDERS / "gdpr_row.json")
    assert (invoice.document_type, invoice.total) == ("gdpr_row", money("119.00", "XXX"))


def test_the_bookkeeping_table_keeps_freight_apart() -> None:
    (invoice,) = read(TABLES / "mjc_tax.xlsx")
    assert invoice.document_no == "B1020250829000001"
    assert invoice.charge("shipping") == Decimal("21.36")
    assert invoice.total == money("155.32", "CNY")


def test_a_dsers_upload_is_refused_with_the_remedy() -> None:
    with pytest.raises(ReadError) as caught:
        read(TABLES / "dsers.csv")
    assert caught.value.code == "no_prices"
    assert "ds.order.get" in caught.value.action


def test_one_bad_row_leaves_the_other_orders_readable() -> None:
    text = (TABLES / "shopper_inventory.csv").read_text("utf-8").replace("1234|50", "12x|50")
    report = read_report(text)
    assert len(report.invoices) == 1
    assert "orders[1] (order 3070000000040017)" in report.errors[0].path
