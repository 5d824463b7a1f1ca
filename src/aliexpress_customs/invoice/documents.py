"""From one document to its orders: the reader is found by content, each order read by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final
from urllib.parse import unquote

from aliexpress_customs.errors import (
    AliExpressCustomsError,
    AmountError,
    ReadError,
    UnknownFormatError,
)
from aliexpress_customs.invoice.envelope import Document
from aliexpress_customs.invoice.model import Invoice
from aliexpress_customs.invoice.node import Node
from aliexpress_customs.invoice.plain import Mail
from aliexpress_customs.invoice.readers import KINDS, READERS, TEXT_READERS, Reader
from aliexpress_customs.invoice.text import mend

_ORDER_APIS: Final = (
    "mtop.aliexpress.trade.buyer.order.",
    "mtop.global.finance.taxation.invoice.queryorderreceiptinfo",
)
_ORDER_IN_URL: Final = re.compile(r"(?:tradeOrderId|orderId|order_id)\W{1,8}(\d{15,17})(?!\d)")


def orders_of(document: Document, file: str) -> Iterator[Invoice | AliExpressCustomsError]:
    """The orders of one document, each read or with its error."""
    enveloped = bool(document.path)
    asked = any(api in document.url.casefold() for api in _ORDER_APIS)
    if document.error is not None:
        if asked:
            yield placed(document.error, file, document.path)
        return
    if error := _refusal(document.value):
        if asked or not enveloped:
            yield placed(error, file, document.path)
        return
    readers = READERS if isinstance(document.value, Mapping | list) else TEXT_READERS
    reader = next((one for one in readers if one.recognise(document.value)), None)
    if reader is None:
        if not enveloped:
            yield nothing(file)
        return
    try:
        orders = reader.orders(document.value)
    except AliExpressCustomsError as error:
        yield placed(error, file, document.path)
        return
    if not orders:
        yield placed(_empty(document.value), file, document.path)
    for index, order in enumerate(orders):
        asked_for = _asked_for(reader, order, document.url)
        yield _order(reader, asked_for, index, file, document.path)


def placed(error: AliExpressCustomsError, file: str, *places: str) -> AliExpressCustomsError:
    """The same error with file and order before its path."""
    path = ": ".join(part for part in (file, *places, error.path) if part)
    return type(error)(error.message, code=error.code, path=path, action=error.action)


def nothing(file: str) -> UnknownFormatError:
    """The error for JSON that no reader knows."""
    return UnknownFormatError(
        "The content is JSON, but of no known kind of order.",
        path=file,
        action=f"Known kinds: {', '.join(KINDS)}; also inside captures and HAR archives.",
    )


def _asked_for(reader: Reader, order: Node, url: str) -> Node:
    """The order with the id that only the request of its reply names, if it was kept."""
    key = getattr(reader, "REQUEST_KEY", "")
    match = _ORDER_IN_URL.search(unquote(url[:5000])) if key and url else None
    if match is None or order.fields.get(key):
        return order
    return Node({**order.fields, key: match[1]}, order.path)


def _order(
    reader: Reader, order: Node, index: int, file: str, place: str
) -> Invoice | AliExpressCustomsError:
    try:
        return reader.read_order(order, file=file)
    except AliExpressCustomsError as error:
        return placed(error, file, place, f"orders[{index}]{_order_id(order)}")
    except (ArithmeticError, OverflowError):
        odd = AmountError(
            "The amounts of an order cannot be computed with.", action="Check it for damage."
        )
        return placed(odd, file, place, f"orders[{index}]{_order_id(order)}")


def _order_id(order: Node) -> str:
    for key in ("orderId", "order_id", "id"):
        value = order.fields.get(key)
        text = str(value) if isinstance(value, str | int) else ""
        if text.isascii() and text.isdigit() and len(text) <= 24:
            return f" (order {text})"
    return ""


def _refusal(value: object) -> ReadError | None:
    """The error a reply of AliExpress itself reports."""
    if not isinstance(value, Mapping):
        return None
    refused = value.get("error_response")
    if isinstance(refused, Mapping):
        node = Node(refused)
        codes = [str(node.get(key)[1])[:60] for key in ("code", "sub_code") if node.get(key)[1]]
        return ReadError(
            f"AliExpress answered with an error ({', '.join(codes) or 'no code'}).",
            code="source_error",
            action="Fetch the order again with valid access.",
        )
    ret = value.get("ret")
    first = ret[0] if isinstance(ret, list) and ret else ret
    if isinstance(first, str) and "::" in first and not first.startswith("SUCCESS"):
        return ReadError(
            f"AliExpress answered {mend(first).partition('::')[0][:60]} instead of an order.",
            code="source_error",
            action="Log in again, reload the page and save the new reply.",
        )
    return None


def _empty(value: object) -> ReadError:
    if isinstance(value, Mapping):
        return ReadError(
            "The reply is an empty skeleton without any order.",
            code="empty_reply",
            action="Ask with tradeOrderId (not orderId), reload the page and save its reply.",
        )
    what = "mail" if isinstance(value, Mail) else "document"
    return ReadError(
        f"The {what} names no order.",
        code="empty_reply",
        action="Read the order's page or its detail instead.",
    )
