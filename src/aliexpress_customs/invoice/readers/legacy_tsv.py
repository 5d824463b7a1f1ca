"""The tables of older order scripts (naixx and its descendants), one row a line.

For buyers with orders up to 2022. Source: the columns of those scripts, misspellings included
(`Pruduct Price`); the details of the order are in its first row only. No currency column.

>>> header = ("Order ID", "Order Status", "Details Price", "Details Shipping", "Details Discount",
...     "Details Total", "Order Date", "Product Name", "Pruduct Price", "Product Quantity")
>>> row = ("101", "Finished", "US $5.00", "US $1.00", "US $0.50", "US $5.50", "May 4, 2019", "Lamp",
...     "US $2.50", "2")
>>> read(Table(header, (row,)), file="orders.tsv")[0].reconciliation.level
'ok'
"""

from __future__ import annotations

from typing import Final

from aliexpress_customs.invoice.model import Invoice
from aliexpress_customs.invoice.node import Node
from aliexpress_customs.invoice.readers.rows import Columns, build, grouped
from aliexpress_customs.invoice.table import Table

KIND: Final = "legacy_tsv"
_COLUMNS: Final[Columns] = {
    "order_id": "orderid",
    "status": "orderstatus",
    "shipping": "detailsshipping",
    "adjustment": "detailsadjust",
    "discount": "detailsdiscount",
    "total": "detailstotal",
    "ordered_on": "orderdate",
    "seller": "sellername",
    "title": "productname",
    "product_url": "producturl",
    "unit_value": "pruductprice",
    "unit_value_spelt": "productprice",
    "quantity": "productquantity",
    "order_price": "orderprice",
}
_SIGN: Final = {"orderid", "detailstotal", "productname", "productquantity"}


def recognise(document: object) -> bool:
    """Whether it is such a table."""
    return isinstance(document, Table) and document.keys() >= _SIGN


def orders(document: object) -> list[Node]:
    """One node an order."""
    if not isinstance(document, Table):
        return []
    found = []
    for order in grouped(document, _COLUMNS):
        rows = []
        for row in order.nodes("rows"):
            price = row.text("unit_value", "unit_value_spelt")
            total = row.text("total", "order_price")
            rows.append({**row.fields, "unit_value": price, "total": total})
        found.append(Node({**order.fields, "rows": rows}))
    return found


def read(document: object, *, file: str) -> list[Invoice]:
    """All orders of the table."""
    return [read_order(order, file=file) for order in orders(document)]


def read_order(order: Node, *, file: str) -> Invoice:
    """One order."""
    return build(order, kind=KIND, file=file)
