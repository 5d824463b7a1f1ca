"""The order list of the Russian local API: amounts in kopecks, parcels by variant.

For sellers on aliexpress.ru. Source: `openapi.aliexpress.ru/seller-api/v1/order/get-order-list`,
2022. Whole numbers are hundredths of the line's currency (default RUB). The country of the buyer is
a name. Weight and dimensions of a line stand in each other's fields, so they are not used.

>>> line = {"id": 2, "item_id": "3", "name": "Чайник", "item_price": 150000, "quantity": 2}
>>> order = {"id": 1, "created_at": "2022-07-21T11:25:38.782222+00:00", "total_amount": 300000,
...     "buyer_country_code": "Россия", "order_lines": [line], "pre_split_postings": []}
>>> invoice = read({"data": {"orders": [order]}}, file="orders.json")[0]
>>> invoice.total, invoice.ship_to.country
(Money('3000.00', 'RUB'), 'RU')
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

import moneyed

from aliexpress_customs.errors import AmountError, ReadError
from aliexpress_customs.invoice.draft import (
    assumed_quantity,
    destination,
    finished,
    order_time,
    required,
    same_currency,
    times,
)
from aliexpress_customs.invoice.model import (
    Address,
    Invoice,
    InvoiceCharge,
    InvoiceLine,
    OrderStatus,
    Parcel,
    ParcelItem,
    Party,
    Source,
    Variant,
)
from aliexpress_customs.invoice.node import Node
from aliexpress_customs.invoice.readers.open_platform import inner_orders
from aliexpress_customs.invoice.reconcile import settle
from aliexpress_customs.invoice.text import clean_title
from aliexpress_customs.money import money

KIND: Final = "ru_local_order_list"
_SIGN: Final = {"order_lines", "pre_split_postings"}
_DEFAULT_CURRENCY: Final = "RUB"
_STATUSES: Final[dict[str, OrderStatus]] = {
    "PlaceOrderSuccess": "unpaid",
    "PaymentPending": "processing",
    "WaitExamineMoney": "processing",
    "WaitGroup": "processing",
    "WaitSendGoods": "to_ship",
    "PartialSendGoods": "to_ship",
    "WaitAcceptGoods": "shipped",
    "InIssue": "shipped",
    "InFrozen": "shipped",
    "InCancel": "processing",
    "Complete": "completed",
    "Finish": "completed",
    "Finished": "completed",
    "Close": "cancelled",
    "Cancelled": "cancelled",
    "Canceled": "cancelled",
}
"""`order_display_status`, else `status`; the last three are the latter's."""


def recognise(document: object) -> bool:
    """Whether it is such a list."""
    return bool(_listed(document))


def orders(document: object) -> list[Node]:
    """One node an order."""
    return [Node(order) for order in _listed(document)]


def read(document: object, *, file: str) -> list[Invoice]:
    """All orders of the list."""
    return [read_order(order, file=file) for order in orders(document)]


def read_order(order: Node, *, file: str) -> Invoice:
    """One order."""
    entries = order.nodes("order_lines", name="lines")
    if not entries:
        raise ReadError(
            "The order holds no lines.", code="no_lines", path="lines", action="Fetch it again."
        )
    currency = next((c for line in entries if (c := line.text("currency"))), _DEFAULT_CURRENCY)
    lines = tuple(_line(entry, currency) for entry in entries)
    postings = order.nodes("pre_split_postings")
    fees = [fee for posting in postings if (fee := _kopecks(posting, "delivery_fee", currency))]
    charges = (
        InvoiceCharge(
            kind="shipping",
            label="delivery_fee",
            amount=money(sum((fee.amount for fee in fees), Decimal(0)), currency),
        ),
    )
    status = _STATUSES.get(order.text("order_display_status"))
    status = status or _STATUSES.get(order.text("status"), "unknown")
    if order.text("payment_status") == "NotPaid" and status == "cancelled":
        status = "expired"
    total = _kopecks(order, "total_amount", currency)
    return finished(
        lambda: Invoice(
            source=Source(kind=KIND, file=file),
            order_id=order.id("id"),
            status=status,
            ordered_at=order_time(order, "created_at"),
            paid_at=order_time(order, "paid_at"),
            currency=currency,
            buyer=Party(name=order.text("buyer_name")),
            ship_to=_address(order),
            lines=lines,
            charges=charges if fees else (),
            total=total,
            parcels=tuple(_parcel(one, lines) for one in order.nodes("logistic_orders")),
            findings=tuple(
                assumed_quantity(index)
                for index, entry in enumerate(entries)
                if not entry.text("quantity")
            ),
        ),
        settle,
    )


def _listed(document: object) -> list[Mapping[str, object]]:
    """The orders, inside the reply or alone."""
    if not isinstance(document, Mapping):
        return []
    data = document.get("data")
    found = data.get("orders") if isinstance(data, Mapping) else None
    if found is None and set(document) >= _SIGN:
        found = document
    return [order for order in inner_orders(found) if set(order) >= _SIGN]


def _kopecks(node: Node, key: str, currency: str) -> moneyed.Money | None:
    """An amount in hundredths; always whole."""
    value = node.fields.get(key)
    if value is None:
        return None
    text = str(value)
    if isinstance(value, bool) or not text.lstrip("-").isdigit() or len(text) > 18:
        raise AmountError(
            "There should be a whole number of kopecks here.",
            path=node.at(key),
            action="Fetch the order again.",
        )
    return money(Decimal(int(text)).scaleb(-2), currency)


def _line(entry: Node, currency: str) -> InvoiceLine:
    own = entry.text("currency") or currency
    unit = same_currency(
        entry, required(entry, _kopecks(entry, "item_price", own), "item_price"), currency
    )
    quantity = entry.whole("quantity", default=1)
    whole = _kopecks(entry, "total_amount", own)
    options = entry.fields.get("properties_map")
    return InvoiceLine(
        line_id=entry.id("id"),
        product_id=entry.id("item_id"),
        sku_id=entry.id("sku_id"),
        sku_code=entry.text("sku_code")[:128],
        title=clean_title(entry.text("name")),
        title_raw=entry.text("name"),
        variant=_variant(options),
        quantity=quantity,
        unit_price=unit,
        line_gross=required(entry, whole, "total_amount") if whole else times(unit, quantity),
    )


def _variant(options: object) -> tuple[Variant, ...]:
    if not isinstance(options, Mapping) or len(options) > 100:
        return ()
    return tuple(
        Variant(name=clean_title(str(name))[:200], value=clean_title(str(value))[:200])
        for name, value in options.items()
        if isinstance(value, str | int)
    )


def _address(order: Node) -> Address | None:
    info = order.node("delivery_info")
    receiver = info.node("receiver")
    whole = order.text("delivery_address")
    street = info.text("street_house")
    country = destination(info, "country") or destination(order, "buyer_country_code")
    if not (whole or street or country):
        return None
    return Address(
        name=receiver.text("name") or order.text("buyer_name"),
        lines=tuple(line for line in ([street] if street else [whole]) if line),
        city=info.text("city"),
        region=info.text("region"),
        postcode=info.text("index"),
        country=country,
        phone=receiver.text("phone") or order.text("buyer_phone"),
        masked="***" in whole,
    )


def _parcel(node: Node, lines: tuple[InvoiceLine, ...]) -> Parcel:
    """A parcel; its contents are named by variant, the product follows from the lines."""
    products = {line.sku_id: line.product_id for line in lines if line.sku_id}
    items = tuple(
        ParcelItem(
            product_id=products.get(sku), sku_id=sku, count=item.whole("quantity", default=1)
        )
        for item in node.nodes("lines")
        if (sku := item.id("sku_id")) in products
    )
    return Parcel(
        tracking=node.text("track_number"), internal_no=node.text("id")[:128], items=items
    )
