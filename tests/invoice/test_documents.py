"""Notices, mails, tax data, parcels and refunds: documents beside the order's own replies."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from aliexpress_customs.errors import ReadError, UnknownFormatError
from aliexpress_customs.invoice.model import Invoice
from aliexpress_customs.invoice.read import read
from aliexpress_customs.money import money

FIXTURES = Path(__file__).parents[1] / "fixtures"
One = Callable[[str], Invoice]
Sample = Callable[[str], Path]


@pytest.mark.parametrize("file", sorted((FIXTURES / "notices").iterdir()), ids=lambda f: f.name)
def test_a_notice_reads_alike_from_pdf_and_from_either_text(file: Path) -> None:
    (notice,) = read(file)
    assert notice.order_id == "8300000000010017"
    assert (notice.document_no, notice.document_type) == ("B1020260203000017", "tax_invoice")
    assert notice.lines[0].title.endswith("polishing of wood metal and plastic")
    assert [line.quantity for line in notice.lines] == [10, 2]
    assert notice.lines[0].unit_price == money("110.36", "USD")
    assert [line.tax for line in notice.lines] == [money("110.36", "USD"), money("2.04", "USD")]
    assert notice.charge("shipping") == Decimal("19.42")
    assert (notice.total, notice.charge("tax_added")) == (
        money("1257.77", "USD"),
        Decimal("114.34"),
    )
    assert notice.reconciliation is not None
    assert notice.reconciliation.level == "ok"
    assert notice.platform is not None
    assert notice.platform.tax_ids == {"gst": "300013514525"}


def test_a_notice_without_its_file_name_has_no_order_id() -> None:
    text = (FIXTURES / "notices" / "8300000000010017_payment.txt").read_text()
    (notice,) = read(text)
    assert notice.order_id is None
    assert "order_id_missing" in {finding.code for finding in notice.findings}


def test_a_row_that_does_not_add_up_is_told() -> None:
    text = (FIXTURES / "notices" / "8300000000010017_payment.txt").read_text()
    (notice,) = read(text.replace("22.45", "22.46"))
    assert "row_does_not_add_up" in {finding.code for finding in notice.findings}


def test_real_notices_agree_between_pdf_and_text(sample: Sample) -> None:
    totals = {"8203831366270007": Decimal("135.32"), "8205891762980007": Decimal("91.40")}
    for file in sample("30_").parent.glob("30_*"):
        (notice,) = read(file)
        assert notice.order_id is not None
        assert notice.total == money(totals[notice.order_id], "CNY")
        assert notice.reconciliation is not None
        assert notice.reconciliation.level == "ok"


def test_real_table_exports_are_read(sample: Sample) -> None:
    table, listed = read(sample("20_")), read(sample("20_shopper_inventory_sample_orders.json"))
    assert [one.order_id for one in table] == [one.order_id for one in listed]
    assert len(table) == 5
    (row,) = read(sample("21_"))
    assert row.lines[0].list_price == money("151.15", "XXX")
    assert row.total == money("119.74", "XXX")


def test_the_real_parcel_finds_the_real_order(sample: Sample) -> None:
    (order,) = read([sample("14_"), sample("11_")])
    assert order.source.kind == "mtop_order_detail"
    assert order.parcels[0].tracking == "AA000000000BR"
    assert order.parcels[0].items[0].sku_id == order.lines[0].sku_id


def test_the_real_kopecks_and_refunds_are_read(sample: Sample) -> None:
    (order,) = read(sample("05_"))
    assert (order.total, order.ship_to and order.ship_to.country) == (money("0.02", "RUB"), "RU")
    (case,) = read(sample("13_"))
    assert case.lines[0].unit_price == money("56.17", "BRL")


def test_a_german_mail_gives_prices_quantities_and_total() -> None:
    (order,) = read(FIXTURES / "mails" / "de_details.eml")
    assert (order.order_id, order.status) == ("9900000000010017", "shipped")
    assert order.seller.name == "Beispiel Store"
    assert [(line.quantity, line.unit_price) for line in order.lines] == [
        (2, money("1.99", "EUR")),
        (1, money("3.50", "EUR")),
    ]
    assert order.total == money("8.48", "EUR")
    assert order.ordered_at is not None
    assert order.ordered_at.date.isoformat() == "2026-01-01"
    assert "title_cut" in {finding.code for finding in order.findings}


def test_a_title_that_looks_like_a_price_stays_a_title(tmp_path: Path) -> None:
    text = (FIXTURES / "mails" / "de_details.eml").read_text(encoding="utf-8")
    mail = tmp_path / "order.eml"
    mail.write_text(text.replace("<td>Variante A</td>", "<td>Kabel 2 m x 3</td>"), encoding="utf-8")
    (order,) = read(mail)
    assert [(line.title, line.quantity) for line in order.lines] == [
        ("Beispiel-Kabel USB-C auf...", 2),
        ("Beispiel-Hülle für...", 1),
    ]


def test_an_english_mail_reads_like_a_german_one() -> None:
    (order,) = read(FIXTURES / "mails" / "en_details.eml")
    assert (order.order_id, order.total) == ("9900000000020017", money("12.75", "USD"))
    assert order.reconciliation is not None
    assert order.reconciliation.level == "ok"


def test_the_counter_glued_to_an_order_id_is_taken_off() -> None:
    orders = read(FIXTURES / "mails" / "de_several.eml")
    assert [one.order_id for one in orders] == ["9900000000030017", "9900000000040017"]
    assert orders[1].lines[0].unit_price == money("4.00", "EUR")


def test_a_mail_about_a_closed_order_closes_it_but_keeps_its_goods() -> None:
    mails = FIXTURES / "mails"
    (order,) = read([mails / "de_closed.eml", mails / "de_details.eml"])
    assert len(order.lines) == 2
    assert order.status in {"shipped", "cancelled"}


def test_a_mail_of_somebody_else_is_refused() -> None:
    with pytest.raises(UnknownFormatError):
        read(b"From: a@example.com\r\nSubject: lunch\r\n\r\nAt noon?\r\n")


def test_kopecks_become_roubles_and_parcels_know_their_lines(order: One) -> None:
    invoice = order("ru_local_order_list.json")
    assert invoice.total == money("3349.80", "RUB")
    assert invoice.charge("shipping") == Decimal("350.00")
    assert invoice.parcels[0].items[0].product_id == invoice.lines[0].product_id
    assert invoice.lines[1].line_gross.amount == 0


def test_a_fraction_of_a_kopeck_is_refused(document: Callable[[str], dict[str, object]]) -> None:
    text = json.dumps(document("ru_local_order_list.json")).replace("149990", "1499.9")
    with pytest.raises(Exception, match="kopecks"):
        read(text)


def test_the_tax_reply_states_tax_line_by_line(order: One) -> None:
    invoice = order("taxation_calculate.json")
    assert [line.tax for line in invoice.lines] == [money("4.20", "EUR"), money("1.05", "EUR")]
    assert invoice.charge("tax_added") == Decimal("5.78")
    assert invoice.total == money("33.28", "EUR")


def test_a_tax_reply_with_an_error_names_its_code() -> None:
    reply = {"aliexpress_taxation_calculate_open_query_response": {"result": {"error_code": "E7"}}}
    with pytest.raises(ReadError) as caught:
        read(reply)
    assert "E7" in caught.value.message


def test_refunds_alone_are_not_goods_to_declare(order: One) -> None:
    cases, finished = order("mtop_refunds.json"), order("mtop_refund_case.json")
    assert all(line.cancelled for line in (*cases.lines, *finished.lines))
    assert (cases.refunded, finished.refunded) == (None, money("90.00", "BRL"))


def test_a_receipt_picture_and_a_page_are_refused_with_the_remedy() -> None:
    for content in (b"\x89PNG\r\n\x1a\n" + b"\0" * 20, b"<!doctype html><html></html>"):
        with pytest.raises(UnknownFormatError) as caught:
            read(content)
        assert "JSON" in caught.value.action
