"""The exports of the extension "Aliexpress Shopper Inventory", CSV and JSON.

For buyers: lines with unit price, ids and options of many orders; no totals, tax or freight.
Source: its export of 2025-2026, the same JSON as "My Purchases Collector". One row is one line.
Dates of the CSV and `orderDateIso` lie a day early (local midnight in UTC); the JSON's `orderDate`
is the printed one and is preferred.

>>> line = {"id": "2-3-4", "orderId": "1", "orderLineId": "2", "productId": "3", "title": "Lamp",
...     "priceInfo": "US $2.04|2|04", "currency": "USD", "quantity": 2,
...     "orderDateIso": "2026-02-20", "orderDate": "Feb 21, 2026", "attributes": "Color: Red"}
>>> (invoice,) = read([line], file="orders.json")
>>> invoice.lines[0].line_gross, str(invoice.ordered_at.date)
(Money('4.08', 'USD'), '2026-02-21')
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from aliexpress_customs.invoice.model import Invoice
from aliexpress_customs.invoice.node import Node
from aliexpress_customs.invoice.readers.rows import Columns, build, grouped
from aliexpress_customs.invoice.table import Table, column_key
from aliexpress_customs.model import Finding

KIND: Final = "shopper_inventory"
_CSV: Final[Columns] = {
    "ordered_on": "orderdate",
    "order_id": "orderid",
    "title": "title",
    "quantity": "qty",
    "unit_value": "price",
    "price_info": "priceinfo",
    "seller": "store",
    "product_id": "productid",
    "sku_id": "skuid",
    "variant": "attributes",
    "currency": "currency",
    "status": "status",
    "product_url": "producturl",
    "store_url": "storeurl",
}
_JSON: Final[Columns] = {
    **_CSV,
    "line_id": "orderlineid",
    "quantity": "quantity",
    "seller": "storename",
    "store_url": "storepageurl",
}
_CSV_SIGN: Final = {"orderid", "qty", "price", "priceinfo", "attributes", "skuid"}
_JSON_SIGN: Final = {"orderId", "orderLineId", "priceInfo", "attributes", "productId"}


def recognise(document: object) -> bool:
    """Whether it is such a table, or such a list of objects."""
    if isinstance(document, Table):
        return document.keys() >= _CSV_SIGN
    items = document if isinstance(document, list) else [document]
    return bool(items) and all(
        isinstance(item, Mapping) and set(item) >= _JSON_SIGN for item in items
    )


def orders(document: object) -> list[Node]:
    """One node an order; entries the user has marked to be left out are."""
    if isinstance(document, Table):
        return [Node({**node.fields, "early": True}) for node in grouped(_exact(document), _CSV)]
    items = document if isinstance(document, list) else [document]
    entries = [item for item in items if isinstance(item, Mapping) and not item.get("ignoreExport")]
    return grouped(_exact(_as_table(entries)), _JSON) if entries else []


def read(document: object, *, file: str) -> list[Invoice]:
    """All orders."""
    return [read_order(order, file=file) for order in orders(document)]


def read_order(order: Node, *, file: str) -> Invoice:
    """One order."""
    return build(order, kind=KIND, file=file, extra=_dated if order.fields.get("early") else None)


def _dated(invoice: Invoice, rows: list[Node]) -> Invoice:
    note = Finding(
        code="date_may_be_early",
        message="This export shifts dates west of its user by a day; the order may be a day later.",
        action="Compare one date with the shop, or export as JSON.",
        path="ordered_at",
        severity="info",
    )
    return invoice.model_copy(update={"findings": (*invoice.findings, note)})


def _exact(table: Table) -> Table:
    """The same with the exact form of each price in the place of the printed one."""
    keys = [column_key(name) for name in table.header]
    price, info = keys.index("price"), keys.index("priceinfo")
    rows = tuple(
        tuple(
            row[info] if index == price and "|" in row[info] else cell
            for index, cell in enumerate(row)
        )
        for row in table.rows
    )
    return Table(table.header, rows, table.name, table.first_row, table.currency)


def _as_table(entries: list[Mapping[str, object]]) -> Table:
    """JSON entries as rows; the printed date is the right one."""
    names = tuple(dict.fromkeys([*(name for entry in entries for name in entry), "price"]))
    return Table(
        names,
        tuple(
            tuple(
                Node(entry, f"[{index}]").text(name) if _plain(entry.get(name)) else ""
                for name in names
            )
            for index, entry in enumerate(entries)
        ),
        first_row=1,
    )


def _plain(value: object) -> bool:
    return not isinstance(value, Mapping | list)
