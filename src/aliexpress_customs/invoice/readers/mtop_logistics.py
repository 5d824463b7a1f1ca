"""The buyer's tracking page: which goods lie in which parcel. It tells no order and no price.

For whoever declares by parcel: the only map of lines to parcels. Source: `mtop.ae.ld.querydetail`,
`module.trackingDetailLineList[]`. Read beside its order (`merge` joins them by product and variant)
it fills `parcels`; alone it is an invoice of type `parcels` without lines, in currency `XXX`.

>>> item = {"itemId": 1005745176332016, "skuId": "12008585716928855", "count": 1}
>>> parcel = {"mailNo": "AA000000000BR", "packageItemList": [item]}
>>> reply = {"data": {"module": {"trackingDetailLineList": [parcel]}}}
>>> read(reply, file="a.json")[0].parcels[0].items[0].product_id
'1005745176332016'
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from aliexpress_customs.invoice.model import (
    UNKNOWN_CURRENCY,
    Invoice,
    Parcel,
    ParcelItem,
    Source,
)
from aliexpress_customs.invoice.node import Node
from aliexpress_customs.model import Finding

KIND: Final = "mtop_logistics"
REQUEST_KEY: Final = "tradeOrderId"
"""Where the order id goes that only the request names."""
_API: Final = "mtop.ae.ld.querydetail"
_LIST: Final = "trackingDetailLineList"


def recognise(document: object) -> bool:
    """Whether it is the reply of the tracking page."""
    if not isinstance(document, Mapping):
        return False
    return str(document.get("api", "")).casefold() == _API or _module(document) is not None


def orders(document: object) -> list[Node]:
    """The one reply; its parcels may belong to several orders."""
    module = _module(document) if isinstance(document, Mapping) else None
    return [] if module is None else [Node(module)]


def read(document: object, *, file: str) -> list[Invoice]:
    """The parcels of the reply."""
    return [read_order(order, file=file) for order in orders(document)]


def read_order(order: Node, *, file: str) -> Invoice:
    """The parcels of one reply."""
    parcels = tuple(_parcel(node) for node in order.nodes(_LIST, name="parcels"))
    return Invoice(
        source=Source(kind=KIND, file=file),
        document_type="parcels",
        order_id=order.id(REQUEST_KEY, "orderId"),
        currency=UNKNOWN_CURRENCY,
        parcels=parcels,
        findings=(
            Finding(
                code="part_of_an_order",
                message="These are the parcels of an order, without its lines and prices.",
                action="Read the order's page together with it.",
                severity="info",
            ),
        ),
    )


def _module(document: Mapping[str, object]) -> Mapping[str, object] | None:
    """The part that lists parcels, however deep it is wrapped."""
    value: object = document
    for key in (None, "data", "module"):
        if key is not None:
            value = value.get(key) if isinstance(value, Mapping) else None
        if isinstance(value, Mapping) and _LIST in value:
            return value
    return None


def _parcel(node: Node) -> Parcel:
    number, first = node.text("mailNo"), node.text("originMailNo")
    internal = number.upper().startswith(("AP", "LP")) and not number[-2:].isalpha()
    return Parcel(
        tracking="" if internal else number,
        internal_no=(number if internal else first)[:128],
        carrier=node.text("logisticsCarrierName"),
        items=tuple(
            ParcelItem(
                line_id=item.id("orderLineId", "tradeOrderLineId"),
                product_id=item.id("itemId"),
                sku_id=item.id("skuId"),
                count=item.whole("count", default=1),
            )
            for item in node.nodes("packageItemList", name="items")
        ),
    )
