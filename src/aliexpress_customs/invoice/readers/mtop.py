"""What the replies of the buyer's web pages have in common: components, lines, currency.

Component keys carry a suffix of the page's editor (`detail_order_price_block_111823`), so parts
are found by `tag`; their order is that of `hierarchy.structure`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from aliexpress_customs.errors import ReadError
from aliexpress_customs.invoice.draft import option, required, ships_from, times
from aliexpress_customs.invoice.localised import currency_of
from aliexpress_customs.invoice.model import InvoiceLine
from aliexpress_customs.invoice.node import Node
from aliexpress_customs.invoice.text import clean_title

_STORE: Final = re.compile(r"/store/(\d{1,20})")
_CURRENCY: Final = re.compile(r"^[A-Z]{3}$")


def components(document: object) -> list[Node]:
    """The components of a page, in the order they are shown."""
    outer = Node(document).node("data") if isinstance(document, Mapping) else Node({})
    if "data" not in outer.fields:
        return []
    parts = outer.node("data").fields
    shown: list[str] = []
    hierarchy = outer.fields.get("hierarchy")
    structure = hierarchy.get("structure") if isinstance(hierarchy, Mapping) else None
    if isinstance(structure, Mapping):
        for children in structure.values():
            if isinstance(children, list):
                shown += [str(child) for child in children if isinstance(child, str)]
    keys = dict.fromkeys([key for key in shown if key in parts] + list(parts))
    return [Node(part, "") for key in keys if isinstance(part := parts[key], Mapping)]


def is_reply(document: object, api: str, tag: str) -> bool:
    """Whether a document is the reply of an API, by its name or by a component's tag."""
    if not isinstance(document, Mapping):
        return False
    if str(document.get("api", "")).casefold() == api.casefold():
        return True
    try:
        return any(part.fields.get("tag") == tag for part in components(document))
    except ReadError:
        return False


def page_currency(order: Node, lines: list[Node]) -> str:
    """The currency of an order: stated, or stated on its lines, or beyond doubt in a price."""
    for node in (order, *lines):
        code = node.text("currencyCode")
        if code and _CURRENCY.match(code):
            return code
    for node in (order, *lines):
        for key in ("formatPriceInfo", "itemPriceText", "totalPriceText", "value"):
            if named := currency_of(node.text(key)):
                return named
    raise ReadError(
        "The order does not say its currency.",
        code="currency_missing",
        path=order.at("currencyCode"),
        action="Save the order again; a symbol such as $ or ¥ alone names no currency.",
    )


def page_lines(
    nodes: list[Node], currency: str, decimal_mark: str | None = None
) -> tuple[InvoiceLine, ...]:
    """The lines of an order page."""
    return tuple(_line(node, currency, decimal_mark) for node in nodes)


def _line(node: Node, currency: str, decimal_mark: str | None) -> InvoiceLine:
    variant = tuple(
        option(chosen.id("id"), clean_title(chosen.text("name")), clean_title(chosen.text("text")))
        for chosen in node.nodes("skuAttrs")
    )
    price = node.price(
        "formatPriceInfo", "itemPriceText", currency=currency, decimal_mark=decimal_mark
    )
    unit_price = required(node, price, "itemPriceText")
    quantity = node.whole("quantity", default=1)
    return InvoiceLine(
        line_id=node.id("orderLineId"),
        product_id=node.id("productId"),
        sku_id=node.id("skuId"),
        title=clean_title(node.text("itemTitle")),
        title_raw=node.text("itemTitle"),
        variant=variant,
        quantity=quantity,
        unit_price=unit_price,
        line_gross=times(unit_price, quantity),
        ships_from=ships_from(variant),
    )


def store_id(url: str) -> str | None:
    """The store's number in its address."""
    match = _STORE.search(url)
    return match[1] if match else None
