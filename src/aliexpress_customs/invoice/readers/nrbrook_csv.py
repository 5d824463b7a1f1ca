"""The two tables of the script AliExpress-Order-Export: orders, and lines.

For buyers. Source: nrbrook/AliExpress-Order-Export. Its `*_json` columns hold the raw replies of
the shop, far richer than the columns beside them: they are read by the readers of those replies;
the columns only where there is no usable reply.

>>> header = ("order_id", "order_line_id", "item_title", "item_price_text", "currency", "quantity",
...     "line_json")
>>> table = Table(header, (("1", "2", "Lamp", "2,50 €", "EUR", "2", ""),))
>>> read(table, file="lines.csv")[0].lines[0].line_gross
Money('5.00', 'EUR')
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, Protocol

from aliexpress_customs.errors import AliExpressCustomsError
from aliexpress_customs.invoice.envelope import parse
from aliexpress_customs.invoice.model import Invoice
from aliexpress_customs.invoice.node import Node
from aliexpress_customs.invoice.readers import mtop_order_detail, mtop_order_list, mtop_receipt
from aliexpress_customs.invoice.readers.rows import Columns, build, grouped
from aliexpress_customs.invoice.table import Table
from aliexpress_customs.model import Finding

KIND: Final = "nrbrook_csv"


class _Reader(Protocol):
    """A reader of one of the shop's own replies."""

    def read_order(self, order: Node, *, file: str) -> Invoice:
        """One order."""


_SHARED: Final[Columns] = {
    "order_id": "orderid",
    "ordered_on": "orderdate",
    "status": "status",
    "seller": "storename",
    "currency": "currency",
}
_ORDERS: Final[Columns] = {
    **_SHARED,
    "total": "totalpricetext",
    "recipient": "shippingcontactname",
    "country": "shippingcountrycode",
    "postcode": "shippingpostcode",
    "region": "shippingregionaddress",
    "address": "shippingdetailaddress",
    "phone": "shippingphone",
    "list_json": "listjson",
    "detail_json": "detailjson",
    "invoice_info_json": "invoiceinfojson",
}
_LINES: Final[Columns] = {
    **_SHARED,
    "line_id": "orderlineid",
    "product_id": "productid",
    "sku_id": "skuid",
    "title": "itemtitle",
    "unit_value": "itempricetext",
    "quantity": "quantity",
    "product_url": "itemdetailurl",
    "line_json": "linejson",
}
_ORDERS_SIGN: Final = {"orderid", "listjson", "detailjson"}
_LINES_SIGN: Final = {"orderid", "orderlineid", "itempricetext", "linejson"}
_REPLIES: Final = ("invoice_info_json", "detail_json", "list_json")
"""The richest first."""


def recognise(document: object) -> bool:
    """Whether it is one of the two tables."""
    return isinstance(document, Table) and (
        document.keys() >= _ORDERS_SIGN or document.keys() >= _LINES_SIGN
    )


def orders(document: object) -> list[Node]:
    """One node an order."""
    if not isinstance(document, Table):
        return []
    return grouped(document, _ORDERS if document.keys() >= _ORDERS_SIGN else _LINES)


def read(document: object, *, file: str) -> list[Invoice]:
    """All orders of the table."""
    return [read_order(order, file=file) for order in orders(document)]


def read_order(order: Node, *, file: str) -> Invoice:
    """One order: from its raw reply, else from its columns."""
    rows = order.nodes("rows")
    head = rows[0] if rows else Node({})
    for column in _REPLIES:
        for reader, reply in _replies(head.fields.get(column)):
            try:
                found = reader.read_order(reply, file=file)
            except AliExpressCustomsError:
                continue  # another reply, or the columns, may tell more
            if found.order_id in {None, order.text("order_id")}:
                order_id = found.order_id or order.text("order_id") or None
                source = found.source.model_copy(update={"kind": KIND, "file": file})
                findings = tuple(n for n in found.findings if n.code != "order_id_missing")
                return found.model_copy(
                    update={"source": source, "order_id": order_id, "findings": findings}
                )
    lines = [Node({**row.fields, **_line(row.fields.get("line_json"))}) for row in rows]
    return build(
        Node({**order.fields, "rows": [line.fields for line in lines]}),
        kind=KIND,
        file=file,
        extra=_without_lines,
    )


def _replies(cell: object) -> Iterator[tuple[_Reader, Node]]:
    """What a raw column holds, whichever layers of the reply it kept."""
    if not isinstance(cell, str) or not cell.startswith("{"):
        return
    try:
        value = parse(cell)
    except AliExpressCustomsError:
        return
    if isinstance(value, Mapping) and "orderLines" in value:
        yield mtop_order_list, Node(value)
        return
    wrapped: object = value
    for _ in range(3):
        for reader in (mtop_receipt, mtop_order_detail, mtop_order_list):
            if reader.recognise(wrapped):
                try:
                    found = reader.orders(wrapped)
                except AliExpressCustomsError:
                    found = []
                if found:
                    yield reader, found[0]
                    return
        wrapped = {"data": wrapped}


def _line(cell: object) -> dict[str, str]:
    """What the raw reply of a line knows better than its columns."""
    if not isinstance(cell, str) or not cell.startswith("{"):
        return {}
    try:
        node = Node(value) if isinstance(value := parse(cell), Mapping) else Node({})
        options = [f"{o.text('name')}: {o.text('text')}" for o in node.nodes("skuAttrs")]
        found = {
            "unit_value": node.text("formatPriceInfo", "itemPriceText"),
            "currency": node.text("currencyCode"),
            "product_id": node.text("productId"),
            "sku_id": node.text("skuId"),
            "line_id": node.text("orderLineId"),
            "variant": ", ".join(options),
        }
    except AliExpressCustomsError:
        return {}
    return {key: value for key, value in found.items() if value}


def _without_lines(invoice: Invoice, rows: list[Node]) -> Invoice:
    """The orders table names lines only inside its replies."""
    if invoice.lines:
        return invoice
    note = Finding(
        code="lines_missing",
        message="The row has no readable reply of the shop, so its lines are unknown.",
        action="Read the table of lines beside it.",
        path="lines",
        severity="error",
    )
    return invoice.model_copy(update={"findings": (*invoice.findings, note)})
