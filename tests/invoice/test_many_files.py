"""Folders, archives and lists: recognised one by one, merged per order, reported, streamed."""

from __future__ import annotations

import io
import json
import shutil
import tracemalloc
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aliexpress_customs.consignment.consign import consign
from aliexpress_customs.errors import ReadError
from aliexpress_customs.invoice.merge import merge
from aliexpress_customs.invoice.model import Invoice
from aliexpress_customs.invoice.read import read, read_report, stream
from aliexpress_customs.invoice.reconcile import settle_without_rows
from aliexpress_customs.money import money

FIXTURES = Path(__file__).parents[1] / "fixtures"
ORDERS = FIXTURES / "orders"
Load = Callable[[str], Any]


def codes(invoice: Invoice) -> list[str]:
    return [finding.code for finding in invoice.findings]


def parcels_of(page: Any) -> dict[str, Any]:
    """A tracking reply whose one parcel holds all lines of an order page."""
    lines = [
        line
        for part in page["data"]["data"].values()
        for line in part["fields"].get("productVOList", [])
    ]
    items = [
        {"itemId": line["productId"], "skuId": line["skuId"], "count": line["quantity"]}
        for line in lines
    ]
    parcel = {"mailNo": "LP000000017CN", "packageItemList": items}
    return {"data": {"module": {"trackingDetailLineList": [parcel]}}}


def write(folder: Path, **files: Any) -> Path:
    for name, value in files.items():
        (folder / f"{name}.json").write_text(json.dumps(value), "utf-8")
    return folder


def test_a_folder_is_read_file_by_file_and_tells_what_it_could_not_read(tmp_path: Path) -> None:
    (tmp_path / "2026").mkdir()
    shutil.copy(ORDERS / "mtop_receipt.json", tmp_path / "2026" / "a.json")
    shutil.copy(FIXTURES / "tables" / "shopper_inventory.csv", tmp_path / "b.csv")
    (tmp_path / "photo.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    (tmp_path / ".DS_Store").write_bytes(b"litter")
    seen: list[tuple[int, int, str]] = []
    report = read_report(tmp_path, progress=lambda *step: seen.append(step))
    assert (len(report.invoices), report.files) == (3, 3)
    assert [error.code for error in report.errors] == ["unknown_format"]
    assert report.errors[0].path == "photo.png"
    assert [step[:2] for step in seen] == [(1, 3), (2, 3), (3, 3)]
    assert "orders_left_out" in codes(read(tmp_path)[0])
    with pytest.raises(ReadError):
        read(tmp_path, on_error="raise")


def test_an_archive_reads_like_the_folder_it_was_packed_from(tmp_path: Path) -> None:
    packed = tmp_path / "orders.zip"
    files = [*ORDERS.glob("mtop_*.json"), *FIXTURES.glob("*/*.csv"), *FIXTURES.glob("*/*.xlsx")]
    folder = tmp_path / "folder"
    folder.mkdir()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(files, key=lambda one: one.name):
            archive.write(file, file.name)
            shutil.copy(file, folder / file.name)
        archive.writestr("__MACOSX/._x", "litter")
    there, here = read_report(packed), read_report(folder)
    assert there.invoices == here.invoices
    assert [str(error) for error in there.errors] == [str(error) for error in here.errors]
    assert read_report(packed.read_bytes()).invoices == here.invoices


def test_sources_of_one_order_become_one_invoice_and_the_richer_wins(
    tmp_path: Path, document: Load
) -> None:
    page = document("mtop_order_detail.json")
    (alone,) = read(ORDERS / "mtop_order_detail.json")
    row = {
        "parent_orderid": alone.order_id,
        "order_id": alone.lines[0].line_id or "1",
        "item_name": alone.lines[0].title,
        "payable_amt": 1,
        "order_status": "FINISH",
        "gmt_create_order_time": "2026-06-15 10:00:00",
        "gmt_pay_order_time": "2026-06-15 10:00:00",
        "gmt_trade_end_time": "2026-07-15 10:00:00",
    }
    (merged,) = read(write(tmp_path, a=page, b=row, c=page))
    assert (merged.total, merged.charges) == (alone.total, alone.charges)
    assert merged.finished_at is not None
    assert "sources_disagree" in codes(merged)


def test_a_duplicate_is_dropped_without_a_word() -> None:
    path = ORDERS / "seller_order_info.json"
    assert read([path, path]) == read(path)


def test_a_contradicting_total_is_a_finding_and_the_richer_stands() -> None:
    (page,) = read(ORDERS / "mtop_order_detail.json")
    source = page.source.model_copy(update={"kind": "order_email"})
    mail = page.model_copy(update={"source": source, "total": money("1.00", "BRL")})
    (merged,) = merge([mail, page])
    assert merged.total == page.total
    notes = [finding for finding in merged.findings if finding.code == "sources_disagree"]
    assert [note.path for note in notes] == ["total"]
    assert "order_email" in notes[0].message


def test_parcels_are_joined_by_the_goods_they_name(tmp_path: Path, document: Load) -> None:
    page = document("mtop_order_detail.json")
    (order,) = read(write(tmp_path, page=page, track=parcels_of(page)))
    assert [parcel.tracking for parcel in order.parcels] == ["LP000000017CN"]
    assert sum(item.count for item in order.parcels[0].items) == sum(
        line.quantity for line in order.lines
    )


def test_parcels_of_another_order_stay_alone(tmp_path: Path, document: Load) -> None:
    page, track = document("mtop_order_detail.json"), document("mtop_logistics.json")
    orders = read(write(tmp_path, page=page, track=track))
    assert [one.document_type for one in orders] == ["order", "parcels"]
    assert orders[0].parcels == ()


def test_the_order_id_in_the_request_of_a_captured_reply_is_used(document: Load) -> None:
    url = "//acs/h5/mtop.ae.ld.querydetail/1.0/?data=%7B%22tradeOrderId%22%3A%228200000000001117%22"
    body = json.dumps(document("mtop_logistics.json"))
    (parcels,) = read([{"url": url, "status": 200, "body": body}])
    assert parcels.order_id == "8200000000001117"


def with_case(document: Load, amount: int) -> Invoice:
    """An order page of two lines, with a finished refund case for the first."""
    (page,) = read(document("mtop_order_detail.json"))
    case = document("mtop_refund_case.json")
    module = case["data"]["module"]
    module |= {"tradeOrderId": page.order_id, "tradeOrderLineId": page.lines[0].line_id}
    module["reverseFinishInfo"]["refundInfo"]["refundAmount"] = {"cent": amount, "currency": "BRL"}
    (found,) = merge([page, *read(case)])
    return found


def test_a_line_paid_back_in_full_leaves_the_order(document: Load) -> None:
    found = with_case(document, 10_000_000)
    assert found.lines[0].cancelled
    assert "line_refunded" in codes(found)


def test_a_part_paid_back_lowers_the_line_and_keeps_it(document: Load) -> None:
    found = with_case(document, 500)
    assert (found.lines[0].cancelled, found.lines[0].refund) == (False, money("5.00", "BRL"))
    assert found.refunded == money("5.00", "BRL")


def test_a_case_without_amount_is_a_finding_on_its_line(document: Load) -> None:
    (page,) = read(document("mtop_order_detail.json"))
    cases = document("mtop_refunds.json")
    case = cases["data"]["module"]["items"][0]["reverseOrderLines"][0]
    case |= {"tradeOrderId": page.order_id, "tradeOrderLineId": page.lines[0].line_id}
    (found,) = merge([page, *read(cases)])
    assert "refund_case" in codes(found)
    assert found.lines[0].refund is None


def statement_and_order(document: Load, *, inside: bool) -> tuple[Invoice, Invoice]:
    """The tax data of an order, and the order as its seller's list tells it: lines and total."""
    (statement,) = read(document("taxation_calculate.json"))
    lines = tuple(
        line.model_copy(
            update={
                "title": "Lamp",
                "price_basis": "unknown",
                "tax": None,
                "shipping": None,
                "line_gross": line.line_gross + line.tax if inside else line.line_gross,
            }
        )
        for line in statement.lines
        if line.tax is not None
    )
    source = statement.source.model_copy(update={"kind": "seller_order_list"})
    order = Invoice(
        source=source,
        order_id="1",
        status="shipped",
        currency="EUR",
        lines=lines,
        total=statement.total,
    )
    return statement, settle_without_rows(order)


@pytest.mark.parametrize("inside", [True, False])
def test_tax_data_tell_the_tax_of_each_line_and_the_freight(
    document: Load, *, inside: bool
) -> None:
    statement, order = statement_and_order(document, inside=inside)
    (found,) = merge([order, statement])
    assert [line.tax for line in found.lines] == [money("4.20", "EUR"), money("1.05", "EUR")]
    assert found.charge("tax_included" if inside else "tax_added") == Decimal("5.78")
    sent = consign(found, "BE")
    assert [line.line_value.amount for line in sent.lines] == [Decimal("20.00"), Decimal("5.00")]
    assert sent.freight == money("2.50", "EUR")
    assert sum(tax.amount.amount for tax in sent.collected) == Decimal("5.78")


def test_hundreds_of_files_stream_within_bounded_memory(tmp_path: Path) -> None:
    packed = tmp_path / "many.zip"
    receipt = json.loads((ORDERS / "mtop_receipt_bare.json").read_text("utf-8"))
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(300):
            text = json.dumps({**receipt, "orderId": f"{3_000_000_000_000_000 + number * 10_000}"})
            archive.writestr(f"{number}.json", text)
    tracemalloc.start()
    count = sum(isinstance(result, Invoice) for result in stream(packed))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 300
    assert peak < 5_000_000


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("big.json", b"0" * 20_000_000, "zip_bomb"),
        ("inner.zip", b"PK\x05\x06" + b"\0" * 18, "nested_archive"),
        ("../../etc/passwd", b"root:x:0", "unknown_format"),
    ],
)
def test_what_lies_in_an_archive_is_only_ever_read(name: str, content: bytes, code: str) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    report = read_report(packed.getvalue())
    assert [error.code for error in report.errors] == [code]


def test_a_list_does_not_open_folders(tmp_path: Path) -> None:
    report = read_report([tmp_path, ORDERS / "mtop_receipt.json", "no-such-file"])
    assert len(report.invoices) == 1
    assert [error.code for error in report.errors] == ["unreadable", "cannot_open"]


NAMES = sorted(path for path in FIXTURES.glob("*/*") if path.is_file())


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(NAMES), min_size=1, max_size=6), st.randoms())
def test_the_order_of_files_does_not_change_which_orders_come_out(
    files: list[Path], random: Any
) -> None:
    shuffled = list(files)
    random.shuffle(shuffled)
    first, second = read_report(files).invoices, read_report(shuffled).invoices
    assert {one.order_id for one in first} == {one.order_id for one in second}
    assert len(first) == len(second)
    parts = {"parcels", "refunds", "tax_statement"}
    ids = [one.order_id for one in first if one.order_id and one.document_type not in parts]
    assert len(ids) == len(set(ids))
