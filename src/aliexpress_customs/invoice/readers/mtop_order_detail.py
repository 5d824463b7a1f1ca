"""The buyer's order page: every row of the price block, the address, the dates.

For buyers and forwarders; the richest source a buyer has.
Source: `mtop.aliexpress.trade.buyer.order.detail`; components are found by `tag`. Rows marked
`hide` count. The decimal mark is the one the page's own price settings name.

>>> def part(tag, **fields): return {"tag": tag, "fields": fields}
>>> total = {"currencyCode": "BRL", "formatPriceInfo": "R$9,50|9|50"}
>>> line = {"itemTitle": "Cabo", "itemPriceText": "R$10,00", "quantity": 1}
>>> page = {"data": {"data": {
...     "a_1": part("detail_product_block", productVOList=[line]),
...     "b_2": part("detail_order_price_block", totalPrice=total, priceDetails=[
...         {"title": "Cupom da loja", "value": "-R$0,50"}])}}}
>>> read(page, file="order.json")[0].reconciliation.level
'ok'
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import moneyed

from aliexpress_customs.errors import ReadError
from aliexpress_customs.invoice.draft import assumed_quantity, destination, finished, order_time
from aliexpress_customs.invoice.labels import charge_kind, page_status
from aliexpress_customs.invoice.model import Address, Invoice, InvoiceCharge, Party, Source
from aliexpress_customs.invoice.node import Node
from aliexpress_customs.invoice.readers.mtop import (
    components,
    is_reply,
    page_currency,
    page_lines,
    store_id,
)
from aliexpress_customs.invoice.reconcile import goods_sum, settle, settle_without_rows
from aliexpress_customs.invoice.text import clean_title, nested_json
from aliexpress_customs.model import Finding
from aliexpress_customs.money import money

KIND: Final = "mtop_order_detail"
_API: Final = "mtop.aliexpress.trade.buyer.order.detail"
_PRICES: Final = "detail_order_price_block"
_PRODUCTS: Final = "detail_product_block"
_INFO: Final = "detail_simple_order_info_component"
_STATUS: Final = "detail_order_status_block"
_MARKS: Final = {".", ","}


def recognise(document: object) -> bool:
    """Whether it is the reply of the order page."""
    return is_reply(document, _API, _PRICES) or is_reply(document, _API, _PRODUCTS)


def orders(document: object) -> list[Node]:
    """The one order of the page; none if the reply is the empty skeleton of a wrong request."""
    tags = {part.text("tag") for part in components(document)}
    if not {_PRODUCTS, _INFO} & tags or not isinstance(document, Mapping):
        return []
    return [Node(document)]


def read(document: object, *, file: str) -> list[Invoice]:
    """The order of the page."""
    return [read_order(order, file=file) for order in orders(document)]


def read_order(order: Node, *, file: str) -> Invoice:
    """The order of one page."""
    parts = components(order.fields)
    info, prices, state = (_fields(parts, tag) for tag in (_INFO, _PRICES, _STATUS))
    products = [part.node("fields") for part in parts if part.text("tag") == _PRODUCTS]
    line_nodes = [
        Node(line.fields, f"lines[{index}]")
        for index, line in enumerate(
            line for block in products for line in block.nodes("productVOList", name="lines")
        )
    ]
    total_node = prices.node("totalPrice")
    currency = page_currency(Node({**total_node.fields}, "totalPrice"), line_nodes)
    mark = _decimal_mark(order, currency)
    lines = page_lines(line_nodes, currency, mark)
    if not lines:
        raise ReadError(
            "The order page holds no lines.",
            code="no_lines",
            path="lines",
            action="Reload the page and save it after it has loaded completely.",
        )
    charges = _charges(prices, currency, mark)
    seller = next((block.node("sellerVO") for block in products), Node({}))
    findings = [
        assumed_quantity(index)
        for index, line in enumerate(line_nodes)
        if not line.text("quantity")
    ]
    return finished(
        lambda: Invoice(
            source=Source(kind=KIND, file=file),
            order_id=info.id("tradeOrderId") or state.id("orderId"),
            status=page_status(state.text("title")),
            ordered_at=order_time(info, "orderCreatTime", "orderCreateTime"),
            paid_at=order_time(info, "payTime"),
            shipped_at=order_time(info, "orderShipTime"),
            finished_at=order_time(info, "orderEndTime"),
            currency=currency,
            base_currency=state.text("baseCurrency") or None,
            seller=_seller(seller),
            ship_to=_address(info.node("addressVO")),
            lines=lines,
            charges=charges,
            total=total_node.price(
                "formatPriceInfo", "value", currency=currency, decimal_mark=mark
            ),
            findings=tuple(findings),
        ),
        _settle,
    )


def _settle(invoice: Invoice) -> Invoice:
    """Reconcile; a subtotal above the shown lines means that lines are missing."""
    if not invoice.charges:
        return settle_without_rows(invoice)
    subtotal = next((row for row in invoice.charges if row.kind == "goods_subtotal"), None)
    if subtotal is None:
        return settle(invoice)
    settled = settle(invoice)
    level = settled.reconciliation.level if settled.reconciliation else "unknown"
    if level != "error" or subtotal.amount.amount == goods_sum(invoice):
        return settled
    note = Finding(
        code="subtotal_differs",
        message="The subtotal of the page is not the sum of its lines; lines may be missing.",
        action="Save the page with all its lines opened.",
        path="lines",
        severity="error",
    )
    return settled.model_copy(update={"findings": (*settled.findings, note)})


def _fields(parts: list[Node], tag: str) -> Node:
    return next((part.node("fields") for part in parts if part.text("tag") == tag), Node({}))


def _charges(prices: Node, currency: str, mark: str | None) -> tuple[InvoiceCharge, ...]:
    rows = []
    for row in prices.nodes("priceDetails", name="charges"):
        label = clean_title(row.text("title"))
        kind = charge_kind(label)
        amount = row.price("value", currency=currency, decimal_mark=mark)
        rows.append(
            InvoiceCharge(
                kind=kind,
                label=label,
                amount=_known(row, amount, currency),
                in_total=kind != "goods_subtotal",
                hidden=row.flag("hide") or False,
            )
        )
    return tuple(rows)


def _known(row: Node, amount: moneyed.Money | None, currency: str) -> moneyed.Money:
    if amount is None:
        raise ReadError(
            "A row of the price block has no amount.",
            code="missing_price",
            path=row.at("value"),
            action="Save the page again, completely.",
        )
    return money(amount.amount, currency)


def _decimal_mark(order: Node, currency: str) -> str | None:
    """The decimal mark of the page's own price settings, JSON in a string per currency."""
    settings = order.node("data").fields.get("global")
    config = settings.get("global_price_local_config") if isinstance(settings, Mapping) else None
    text = config.get(currency) if isinstance(config, Mapping) else None
    value = nested_json(text) if isinstance(text, str) else text
    single = value.get("single") or value.get("from") if isinstance(value, Mapping) else None
    mark = single.get("decimalPointChar") if isinstance(single, Mapping) else None
    return mark if mark in _MARKS else None


def _seller(node: Node) -> Party:
    url = node.text("storeUrl")
    return Party(name=clean_title(node.text("sellerName")), store_id=store_id(url), url=url)


def _address(node: Node) -> Address | None:
    if not node.fields:
        return None
    region = [part.strip() for part in node.text("regionAddress").split(",")]
    lines = (node.text("detailAddress"), node.text("detailAddress2"))
    everything = " ".join((*lines, node.text("contactName"), node.text("fullPhoneNo")))
    return Address(
        name=node.text("contactName"),
        lines=tuple(line for line in lines if line),
        city=region[0],
        region=region[1] if len(region) > 2 else "",
        postcode=node.text("postCode"),
        country=destination(node, "countryCode") or destination(Node({"n": region[-1]}), "n"),
        phone=node.text("fullPhoneNo"),
        masked="***" in everything,
    )
