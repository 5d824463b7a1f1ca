"""One order as a dropshipper fetches it: fees and tax line by line, no address.

For dropshippers and the forwarders they use. Source: `aliexpress.trade.ds.order.get` and
`aliexpress.ds.trade.order.get` (the same without fees), or collected answers
`{"orders": [{"order_id", "result"}]}`; the answer alone does not say its order id.
`actual_tax_fee` can cover VAT that is already inside price and shipping and, since July 2026, the
EU's duty on top: the reconciliation tells them apart.

>>> euro = lambda amount: {"amount": amount, "currency_code": "EUR"}
>>> order = {"order_status": "FINISH", "order_amount": euro("9.08"), "child_order_list":
...     {"aeop_child_order_info": [{"product_name": "Hook", "product_count": 1,
...      "product_price": euro("3.59"), "sale_discount_fee": euro("0.07"),
...      "shipping_fee": euro("1.98"), "actual_tax_fee": euro("4.45")}]}}
>>> invoice = read({"aliexpress_trade_ds_order_get_response": {"result": order}}, file="a.json")[0]
>>> invoice.charge("import_duty"), invoice.charge("tax_included")
(Decimal('3.00'), Decimal('0.88'))
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

import moneyed

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
from aliexpress_customs.invoice.model import (
    ChargeKind,
    Discount,
    Invoice,
    InvoiceCharge,
    InvoiceLine,
    Party,
    PriceBasis,
    Source,
)
from aliexpress_customs.invoice.node import Node
from aliexpress_customs.invoice.readers.open_platform import body, inner_orders, parcel, plain
from aliexpress_customs.invoice.reconcile import settle, settle_without_rows
from aliexpress_customs.invoice.text import clean_title
from aliexpress_customs.model import Finding
from aliexpress_customs.money import EXACT, money

KIND: Final = "ds_order_get"
_APIS: Final = ("aliexpress_trade_ds_order_get", "aliexpress_ds_trade_order_get")
_FEES: Final[tuple[tuple[ChargeKind, tuple[str, ...], int], ...]] = (
    ("shipping", ("shipping_fee", "actual_shipping_fee"), 1),
    ("shipping_discount", ("shipping_discount_fee",), -1),
    ("tax_added", ("actual_tax_fee",), 1),
)
"""Row, the fields of a line it sums, and its sign."""


def recognise(document: object) -> bool:
    """Whether it is an order of a dropshipper, or a collection of them."""
    return body(document, *_APIS) is not None or bool(_collected(document))


def orders(document: object) -> list[Node]:
    """One node an order, with the id of its request if the collection kept it."""
    reply = body(document, *_APIS)
    if reply is None:
        return [Node(order) for order in _collected(document)]
    code = Node(reply).text("rsp_code")
    if "result" not in reply and code not in {"", "200"}:
        raise ReadError(
            f"AliExpress answered with error {code[:40]}.",
            code="source_error",
            action="Fetch the order again.",
        )
    return [Node(order) for order in inner_orders([plain(reply.get("result"))])]


def read(document: object, *, file: str) -> list[Invoice]:
    """All orders of the document."""
    return [read_order(order, file=file) for order in orders(document)]


def read_order(order: Node, *, file: str) -> Invoice:
    """One order."""
    children = order.nodes("child_order_list", name="lines")
    if not children:
        raise ReadError(
            "The order holds no lines.",
            code="no_lines",
            path="child_order_list",
            action="Fetch the order again.",
        )
    total = order.money("order_amount")
    paid = order.money("user_order_amount")
    first = total or children[0].money("product_price")
    currency = required(order, first, "order_amount").currency.code
    lines = tuple(_line(child, currency) for child in children)
    findings = [
        assumed_quantity(index)
        for index, child in enumerate(children)
        if not child.text("product_count")
    ]
    if paid is not None and not paid.amount:
        findings.append(
            Finding(
                code="never_paid",
                message="The order was never paid: the buyer's amount is zero.",
                action="Leave it out of consignments.",
                path="paid",
            )
        )
    store = order.node("store_info")
    charges = _charges(children, currency)
    return finished(
        lambda: Invoice(
            source=Source(kind=KIND, file=file),
            order_id=order.id("order_id"),
            status=open_platform_status(
                order.text("order_status", "logistics_status"),
                "NOT_PAY" if paid is not None and not paid.amount else "",
            ),
            ordered_at=order_time(order, "gmt_create", zone=OPEN_PLATFORM_ZONE),
            paid_at=order_time(order, "order_paidtime_string", zone=OPEN_PLATFORM_ZONE),
            currency=currency,
            seller=Party(
                name=clean_title(store.text("store_name")),
                store_id=store.id("store_id"),
                url=store.text("store_url"),
            ),
            lines=lines,
            charges=charges,
            total=total,
            paid=paid,
            parcels=tuple(parcel(one) for one in order.nodes("logistics_info_list")),
            findings=tuple(findings),
        ),
        settle if charges else settle_without_rows,
    )


def _collected(document: object) -> list[Mapping[str, object]]:
    """Answers kept in a list with the ids they were asked for, or one bare answer."""
    if not isinstance(document, Mapping):
        return []
    listed = document.get("orders")
    entries = listed if isinstance(listed, list) else [document]
    found: list[Mapping[str, object]] = []
    for entry in entries:
        result = entry.get("result") if isinstance(entry, Mapping) else None
        if not isinstance(result, Mapping) or "child_order_list" not in result:
            continue
        order = plain(result)
        if isinstance(order, dict):
            order.setdefault("order_id", entry.get("order_id"))
            found.append(order)
    return found


def _line(child: Node, currency: str) -> InvoiceLine:
    price = required(child, child.money("product_price"), "product_price")
    unit_price = same_currency(child, price, currency)
    quantity = child.whole("product_count", default=1)
    discount = child.money("sale_discount_fee")
    discounts: tuple[Discount, ...] = ()
    if discount is not None and discount.amount:
        taken = abs(same_currency(child, discount, currency))
        discounts = (Discount(type="sale_discount_fee", amount=taken),)
    inside = child.flag("price_include_tax", "already_include_tax")
    basis: PriceBasis = "tax_inclusive" if inside else "unknown"
    fees = {kind: _fee(child, kind, currency) for kind in ("shipping", "tax_added")}
    return InvoiceLine(
        line_id=child.id("child_order_id", "order_line_id"),
        product_id=child.id("product_id"),
        sku_id=child.id("sku_id"),
        title=clean_title(child.text("product_name")),
        title_raw=child.text("product_name"),
        quantity=quantity,
        unit_price=unit_price,
        price_basis=basis,
        line_gross=times(unit_price, quantity),
        discounts=discounts,
        shipping=fees["shipping"],
        tax=fees["tax_added"],
    )


def _fee(child: Node, kind: str, currency: str) -> moneyed.Money | None:
    keys = next(fields for row, fields, _ in _FEES if row == kind)
    amount = child.money(*keys)
    return None if amount is None else same_currency(child, amount, currency)


def _charges(children: list[Node], currency: str) -> tuple[InvoiceCharge, ...]:
    """The fees of all lines, summed to rows."""
    rows = []
    for kind, fields, sign in _FEES:
        amounts = [
            same_currency(child, amount, currency).amount
            for child in children
            if (amount := child.money(*fields)) is not None
        ]
        if amounts:
            total = sum(amounts, Decimal(0))
            rows.append(
                InvoiceCharge(
                    kind=kind,
                    label=fields[0],
                    amount=money(EXACT.multiply(total, sign), currency),
                )
            )
    return tuple(rows)
