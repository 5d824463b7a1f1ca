"""The seller's order list: lines and paid amount, no freight, no address of its own.

For sellers and their ERPs. Source: `aliexpress.solution.order.get` and
`findorderlistsimplequery`, as documented (snake_case) or dumped by the Java kit (camelCase,
`{"order": ..., "orderAddress": ...}`). `order_id` of a product is the line's id; its
`logistics_amount` is to be ignored (documentation).

>>> euro = lambda amount: {"amount": amount, "currencyCode": "EUR"}
>>> dump = {"order": {"orderId": {"$numberLong": "17"}, "payAmount": euro("5.00"),
...     "orderStatus": "FINISH", "productList": [{"productName": "Cap", "productCount": 1,
...     "productUnitPrice": euro("5.00")}]}}
>>> read(dump, file="dump.json")[0].order_id
'17'
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from aliexpress_customs.errors import ReadError
from aliexpress_customs.invoice.dates import OPEN_PLATFORM_ZONE
from aliexpress_customs.invoice.draft import (
    assumed_quantity,
    finished,
    order_time,
    required,
    same_currency,
    times,
)
from aliexpress_customs.invoice.labels import open_platform_status
from aliexpress_customs.invoice.model import Invoice, InvoiceLine, Party, Source
from aliexpress_customs.invoice.node import Node
from aliexpress_customs.invoice.readers.open_platform import address, body, inner_orders, plain
from aliexpress_customs.invoice.reconcile import settle_without_rows
from aliexpress_customs.invoice.text import clean_title

KIND: Final = "seller_order_list"
_APIS: Final = (
    "aliexpress_solution_order_get",
    "aliexpress_trade_seller_orderlist_get",
    "aliexpress_trade_redefining_findorderlistsimplequery",
    "aliexpress_trade_new_redefining_findorderlistsimplequery",
)


def recognise(document: object) -> bool:
    """Whether it is a seller's order list, or one order of it."""
    return body(document, *_APIS) is not None or bool(_dumped(document))


def orders(document: object) -> list[Node]:
    """One node an order; a dumped address is put beside its order."""
    reply = body(document, *_APIS)
    if reply is None:
        return [Node(order) for order in _dumped(document)]
    result = plain(reply.get("result", reply))
    listed = result.get("target_list") if isinstance(result, Mapping) else None
    return [Node(order) for order in inner_orders(listed)]


def read(document: object, *, file: str) -> list[Invoice]:
    """All orders of the list."""
    return [read_order(order, file=file) for order in orders(document)]


def read_order(order: Node, *, file: str) -> Invoice:
    """One order of the list."""
    products = order.nodes("product_list", name="lines")
    if not products:
        raise ReadError(
            "The order holds no lines.",
            code="no_lines",
            path="product_list",
            action="Fetch the order again.",
        )
    total = order.money("pay_amount")
    first = total or products[0].money("product_unit_price")
    currency = required(order, first, "pay_amount").currency.code
    lines = tuple(_line(product, currency) for product in products)
    findings = tuple(
        assumed_quantity(index)
        for index, product in enumerate(products)
        if not product.text("product_count")
    )
    return finished(
        lambda: Invoice(
            source=Source(kind=KIND, file=file),
            order_id=order.id("order_id"),
            status=open_platform_status(order.text("order_status"), order.text("fund_status")),
            ordered_at=order_time(order, "gmt_create", zone=OPEN_PLATFORM_ZONE),
            paid_at=order_time(order, "gmt_pay_time", zone=OPEN_PLATFORM_ZONE),
            shipped_at=order_time(order, "gmt_send_goods_time", zone=OPEN_PLATFORM_ZONE),
            currency=currency,
            seller=Party(name=clean_title(order.text("seller_signer_fullname"))),
            buyer=Party(name=order.text("buyer_signer_fullname")),
            ship_to=address(order.node("order_address")),
            lines=lines,
            total=total,
            findings=findings,
        ),
        settle_without_rows,
    )


def _dumped(document: object) -> list[Mapping[str, object]]:
    """Orders dumped without a reply around them."""
    found = []
    for item in document if isinstance(document, list) else [document]:
        if not isinstance(item, Mapping) or len(item) > 200:
            return []
        order = item.get("order", item)
        if not isinstance(order, Mapping) or not {"productList", "product_list"} & set(order):
            return []
        merged = plain(order)
        place = plain(item.get("orderAddress", item.get("order_address")))
        if isinstance(merged, dict) and isinstance(place, Mapping):
            merged["order_address"] = place
        if isinstance(merged, Mapping):
            found.append(merged)
    return found


def _line(product: Node, currency: str) -> InvoiceLine:
    price = required(product, product.money("product_unit_price"), "product_unit_price")
    unit_price = same_currency(product, price, currency)
    quantity = product.whole("product_count", default=1)
    stated = product.money("total_product_amount")
    gross = times(unit_price, quantity)
    return InvoiceLine(
        line_id=product.id("child_id", "order_id"),
        product_id=product.id("product_id"),
        sku_code=product.text("sku_code")[:128],
        title=clean_title(product.text("product_name")),
        title_raw=product.text("product_name"),
        quantity=quantity,
        unit="lot" if product.text("product_unit").casefold() == "lot" else "piece",
        unit_price=unit_price,
        line_gross=same_currency(product, stated, currency) if stated else gross,
    )
