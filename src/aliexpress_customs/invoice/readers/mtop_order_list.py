"""The buyer's order list, as the web page loads it.

For buyers and forwarders: lines, total and status of many orders at once; shipping, tax and
discounts are not in it, so they come out as one derived row.
Source: `mtop.aliexpress.trade.buyer.order.list`, components with tag `pc_om_list_order`.

>>> card = {"tag": "pc_om_list_order", "fields": {
...     "orderId": "1", "currencyCode": "EUR", "formatPriceInfo": "€2.42|2|42",
...     "orderLines": [{"itemTitle": "Switch", "formatPriceInfo": "€2.42|2|42", "quantity": 1}]}}
>>> read({"data": {"data": {"order_1": card}}}, file="orders.json")[0].total
Money('2.42', 'EUR')
"""

from __future__ import annotations

from typing import Final

from aliexpress_customs.invoice.draft import assumed_quantity, finished, order_time
from aliexpress_customs.invoice.labels import page_status
from aliexpress_customs.invoice.model import Invoice, Party, Source
from aliexpress_customs.invoice.node import Node
from aliexpress_customs.invoice.readers.mtop import (
    components,
    is_reply,
    page_currency,
    page_lines,
    store_id,
)
from aliexpress_customs.invoice.reconcile import settle_without_rows
from aliexpress_customs.invoice.text import clean_title
from aliexpress_customs.model import Finding

KIND: Final = "mtop_order_list"
_API: Final = "mtop.aliexpress.trade.buyer.order.list"
_TAG: Final = "pc_om_list_order"


def recognise(document: object) -> bool:
    """Whether it is the reply of the order list."""
    return is_reply(document, _API, _TAG)


def orders(document: object) -> list[Node]:
    """One node an order, in the order of the page."""
    return [
        Node(card.node("fields").fields)
        for card in components(document)
        if card.text("tag") == _TAG
    ]


def read(document: object, *, file: str) -> list[Invoice]:
    """All orders of the page."""
    return [read_order(order, file=file) for order in orders(document)]


def read_order(order: Node, *, file: str) -> Invoice:
    """One order of the page."""
    currency = page_currency(order, order.nodes("orderLines", name="lines"))
    findings: list[Finding] = []
    lines = page_lines(order.nodes("orderLines", name="lines"), currency)
    for index, line in enumerate(order.nodes("orderLines")):
        if not line.text("quantity"):
            findings.append(assumed_quantity(index))
    size = order.whole("orderLineSize", default=len(lines))
    if size > len(lines):
        findings.append(
            Finding(
                code="lines_missing",
                message=f"The page shows {len(lines)} of {size} lines.",
                action="Open the order's detail page and read that.",
                path="lines",
                severity="error",
            )
        )
    url = order.text("storePageUrl")
    return finished(
        lambda: Invoice(
            source=Source(kind=KIND, file=file),
            order_id=order.id("orderId"),
            checkout_id=order.id("paymentOutId"),
            status=page_status(order.text("statusText")),
            ordered_at=order_time(order, "orderDateText"),
            currency=currency,
            base_currency=order.text("baseCurrency") or None,
            seller=Party(
                name=clean_title(order.text("storeName")), store_id=store_id(url), url=url
            ),
            lines=lines,
            total=order.price("formatPriceInfo", "totalPriceText", currency=currency),
            findings=tuple(findings),
        ),
        settle_without_rows,
    )
