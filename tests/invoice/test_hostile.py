"""Whatever a file holds, the answer is an invoice or a typed error, and never personal data."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aliexpress_customs.errors import (
    AliExpressCustomsError,
    AmountError,
    ReadError,
    UnknownFormatError,
    UsageError,
)
from aliexpress_customs.invoice.envelope import LARGEST_FILE
from aliexpress_customs.invoice.read import read, read_report

ORDERS = Path(__file__).parents[1] / "fixtures" / "orders"
NAMES = sorted(path.name for path in ORDERS.iterdir())
PERSONAL = ("Pessoa", "Rua Inventada", "SAMPLE BV", "NL000000000B01", "Sam***", "11000000000")
ODD: list[Any] = [None, True, -1, 0, 10**40, 1.5, float("nan"), Decimal("1e30"), Decimal("1e9999")]
ODD += ["", "x", "-R$5,00", "R$-5,00|5|00", "9" * 200, "\ud800", "NaN", [], [[]], {}, {"a": 1}]
ODD += ["8.1E+15", ["x"], {"amount": "-1", "currency_code": "XXX"}, {"amount": 1e308}]


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Paths of all values of a document."""
    items: list[tuple[Any, Any]] = []
    if isinstance(value, dict):
        items = list(value.items())
    elif isinstance(value, list):
        items = list(enumerate(value))
    found = [path] if path else []
    for key, item in items:
        found += places(item, (*path, key))
    return found


def changed(document: Any, path: tuple[Any, ...], value: Any) -> Any:
    target = document
    for key in path[:-1]:
        target = target[key]
    target[path[-1]] = value
    return document


def survives(source: Any) -> None:
    """Reading gives invoices that can be dumped, or typed errors without personal data."""
    report = read_report(source)
    for invoice in report.invoices:
        assert type(invoice).model_validate_json(invoice.model_dump_json()) == invoice
    for error in report.errors:
        assert isinstance(error, ReadError | AmountError | UnknownFormatError)
        assert error.message
        assert not any(word in str(error) for word in PERSONAL)
    assert report.invoices or report.errors or source in ([], {})


@pytest.mark.parametrize("name", [name for name in NAMES if name.endswith(".json")])
def test_any_value_replaced_by_nonsense_gives_invoices_or_typed_errors(name: str) -> None:
    text = (ORDERS / name).read_text(encoding="utf-8")
    for index, path in enumerate(places(json.loads(text))):
        for odd in ODD[index % 5 :: 5]:
            survives(changed(json.loads(text), path, odd))


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_cut_and_overwritten_files_give_typed_errors(name: str, data: st.DataObject) -> None:
    raw = (ORDERS / name).read_bytes()
    start = data.draw(st.integers(0, len(raw)))
    end = data.draw(st.integers(start, len(raw)))
    survives(raw[:start] + data.draw(st.binary(max_size=8)) + raw[end:])
    survives(raw[:start])


@settings(deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    ).filter(lambda value: isinstance(value, dict | list))
)
def test_any_json_at_all_is_refused_with_a_typed_error(value: Any) -> None:
    survives(value)
    survives(json.dumps(value))


@pytest.mark.parametrize("unit", ["[", '{"a":', '[{"a":'])
def test_fifty_megabytes_of_brackets_are_refused(unit: str) -> None:
    with pytest.raises(ReadError) as caught:
        read((unit * (50_000_000 // len(unit))).encode())
    assert caught.value.code in {"too_deep", "too_large", "bad_json"}


@pytest.mark.parametrize("depth", [201, 900, 5_000, 100_000])
def test_deep_json_is_refused(depth: int) -> None:
    with pytest.raises(ReadError) as caught:
        read("[" * depth + "]" * depth)
    assert caught.value.code == "too_deep"


def test_deep_and_circular_objects_are_refused() -> None:
    circular: list[Any] = []
    circular += [circular, circular]
    bomb: list[Any] = []
    for _ in range(100):
        bomb = [bomb, bomb]
    for source in (circular, bomb):
        with pytest.raises(ReadError) as caught:
            read(source)
        assert caught.value.code in {"too_deep", "too_large"}


def test_files_beyond_the_limit_are_refused_before_they_are_parsed() -> None:
    for source in (b" " * (LARGEST_FILE + 1), io.BytesIO(b" " * (LARGEST_FILE + 1))):
        with pytest.raises(ReadError) as caught:
            read(source)
        assert caught.value.code == "too_large"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_unicode_files_are_read_with_or_without_mark(encoding: str, tmp_path: Path) -> None:
    text = (ORDERS / "mtop_order_detail.json").read_text(encoding="utf-8")
    path = tmp_path / "order.json"
    path.write_bytes(text.encode(encoding))
    assert read(path)[0].lines[0].title == 'Cabo de vídeo "4K"'


def test_other_encodings_are_refused() -> None:
    with pytest.raises(ReadError) as caught:
        read('{"orderId": "\xe9"}'.encode("latin-1"))
    assert caught.value.code == "bad_encoding"


@pytest.mark.parametrize(
    "content",
    [
        b"\x89PNG\r\n\x1a\n",
        b"%PDF-1.4",
        b"PK\x03\x04",
        b"\xff\xd8\xff\xe0",
        b"<!DOCTYPE html><html>",
        b"",
        b"   ",
        b"Order ID,Title\n1,x",
        b"[]",
        b"{}",
        b'{"a": 1}',
        b"null",
        b"17",
    ],
)
def test_content_of_other_kinds_is_named_with_a_remedy(content: bytes) -> None:
    with pytest.raises(UnknownFormatError) as caught:
        read(content)
    assert caught.value.action


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1" * 5000, "1e" + "9" * 70])
def test_numbers_that_are_none_are_refused(number: str) -> None:
    with pytest.raises(ReadError):
        read('{"orderId": "1", "orderTotal": "€ 1", "subOrders": [{"itemCount": ' + number + "}]}")


@pytest.mark.parametrize("amount", ["1e30", "1e-9999999", "-5", '"1e30"', '"9999999999999999999"'])
def test_absurd_amounts_are_amount_errors_that_say_where(amount: str) -> None:
    text = (
        '{"orders": [{"order_id": "8100000000010042", "result": {"child_order_list": '
        '[{"product_count": 1, "product_price": {"amount": AMOUNT, "currency_code": "EUR"}}]}}]}'
    ).replace("AMOUNT", amount)
    with pytest.raises(AmountError) as caught:
        read(text)
    assert "order 8100000000010042" in caught.value.path


def test_ids_keep_every_digit_and_damaged_ones_are_refused(
    document: Callable[[str], Any],
) -> None:
    reply = document("ds_reply.json")
    text = json.dumps(reply)
    assert read(text)[0].lines[0].sku_id == "12000000000000017"
    with pytest.raises(ReadError) as caught:
        read(text.replace("12000000000000017", "1.2000000000000017e16"))
    assert caught.value.code == "damaged_id"


def test_a_price_in_another_currency_than_stated_is_refused(
    document: Callable[[str], Any],
) -> None:
    page = document("mtop_order_list.json")
    fields = page["data"]["data"]["order_8100000000010042"]["fields"]
    fields["orderLines"][0]["formatPriceInfo"] = "US $2.00|2|00"
    with pytest.raises(AmountError) as caught:
        read(page)
    assert caught.value.code == "currency_contradiction"


def test_amount_and_cents_must_agree(document: Callable[[str], Any]) -> None:
    reply = document("seller_order_info.json")
    target = reply["aliexpress_trade_new_redefining_findorderbyid_response"]["target"]
    target["order_amount"]["cent"] = 1
    with pytest.raises(AmountError) as caught:
        read(reply)
    assert caught.value.code == "contradictory_amount"


def test_a_source_may_be_a_path_text_bytes_file_or_object(document: Callable[[str], Any]) -> None:
    path = ORDERS / "mtop_receipt.json"
    text = path.read_text(encoding="utf-8")
    with path.open("rb") as binary, path.open(encoding="utf-8") as textual:
        sources = [path, str(path), text, text.encode(), binary, textual, document(path.name)]
        totals = [read(source)[0].total for source in sources]
    assert len(set(totals)) == 1


@pytest.mark.parametrize("source", [17, None, object()])
def test_other_sources_are_a_usage_error(source: Any) -> None:
    with pytest.raises(UsageError):
        read(source)
    with pytest.raises(UsageError):
        read("{}", on_error=source)


@pytest.mark.parametrize("path", ["no-such-file.json", "\0"])
def test_a_missing_file_is_a_read_error(path: str) -> None:
    with pytest.raises(AliExpressCustomsError) as caught:
        read(path)
    assert caught.value.code in {"cannot_open", "unreadable"}


def test_a_damaged_reply_of_a_capture_is_reported_beside_the_good_ones() -> None:
    capture = json.loads((ORDERS / "capture.json").read_text(encoding="utf-8"))
    url = "//acs.aliexpress.com/h5/mtop.aliexpress.trade.buyer.order.detail/1.0/"
    capture.append({"url": url, "status": 200, "body": '{"api": "mtop'})
    report = read_report(capture)
    assert len(report.invoices) == 3
    assert [(error.code, error.path) for error in report.errors] == [("bad_json", "capture[3]")]
