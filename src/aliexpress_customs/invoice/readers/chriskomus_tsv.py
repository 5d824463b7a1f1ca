"""The tables that the chriskomus userscripts put on the clipboard, with or without their header.

For buyers. Source: chriskomus/aliexpress-order-downloader: a page of one order (20 columns) and the
list of orders (14 columns), separated by tabs; the header is copied apart, so it is often missing.
Dates are month first; no currency anywhere. "Pieces Per Pack" is guessed from titles: not used.

>>> cells = ("3069099405650007", "2/21/2026", "Some Store", "Completed", "Lamp", "Red", "$2.50",
...     "2", "1", "2", "$2.50", "https://x/item/1005008226693966.html", "", "$5.00")
>>> invoice = read(Table(cells, (), currency="USD"), file="clipboard.tsv")[0]
>>> invoice.ordered_at.date.isoformat(), invoice.lines[0].line_gross
('2026-02-21', Money('5.00', 'USD'))
"""

from __future__ import annotations

import re
from typing import Final

from aliexpress_customs.invoice.model import Invoice
from aliexpress_customs.invoice.node import Node
from aliexpress_customs.invoice.readers.rows import Columns, build, grouped
from aliexpress_customs.invoice.table import Table, column_key

KIND: Final = "chriskomus_tsv"
_DETAIL_NAMES: Final = (
    "Order Number|Order Date|Subtotal|Shipping and Tax|Total Order Amount|Store Name|Order Status|"
    "Tracking Number|Tracking Status|Tracking Status Last Updated|Tracking Link|Product Title|"
    "Option|Price|Quantity|Pieces Per Pack|Total Quantity|Landed Cost|Product URL|Image URL"
)
_LIST_NAMES: Final = (
    "Order Number|Order Date|Store Name|Order Status|Product Title|Option|Price|Quantity|"
    "Pieces Per Pack|Total Quantity|Landed Cost|Product URL|Image URL|Total Order Amount"
)
_LIST_WITH_TOTAL_FIRST: Final = (
    "Order Number|Order Date|Total Order Amount|Store Name|Order Status|Product Title|Option|Price|"
    "Quantity|Pieces Per Pack|Total Quantity|Landed Cost|Product URL|Image URL"
)
_HEADERS: Final = (_DETAIL_NAMES, _LIST_WITH_TOTAL_FIRST, _LIST_NAMES)
_COLUMNS: Final[Columns] = {
    "order_id": "ordernumber",
    "ordered_on": "orderdate",
    "shipping_and_tax": "shippingandtax",
    "total": "totalorderamount",
    "seller": "storename",
    "status": "orderstatus",
    "tracking": "trackingnumber",
    "title": "producttitle",
    "variant": "option",
    "unit_value": "price",
    "quantity": "quantity",
    "product_url": "producturl",
}
_SIGN: Final = {"ordernumber", "totalorderamount", "producttitle", "piecesperpack", "landedcost"}
_ORDER_ID: Final = re.compile(r"^\d{14,17}$")
_MONTH_FIRST: Final = re.compile(r"^(\d{1,2})/(\d{1,2})/(\d{4})$")


def recognise(document: object) -> bool:
    """Whether it is one of the tables, by its columns, or by its cells if the header is missing."""
    return isinstance(document, Table) and (
        document.keys() >= _SIGN or _missing_header(document) is not None
    )


def orders(document: object) -> list[Node]:
    """One node an order."""
    if not isinstance(document, Table):
        return []
    document = with_header(document)
    keys = [column_key(name) for name in document.header]
    date = keys.index("orderdate") if "orderdate" in keys else -1
    rows = tuple(
        tuple(_iso(cell) if index == date else cell for index, cell in enumerate(row))
        for row in document.rows
    )
    table = Table(document.header, rows, "", document.first_row, document.currency)
    return grouped(table, _COLUMNS)


def read(document: object, *, file: str) -> list[Invoice]:
    """All orders of the table."""
    return [read_order(order, file=file) for order in orders(document)]


def read_order(order: Node, *, file: str) -> Invoice:
    """One order."""
    return build(order, kind=KIND, file=file)


def with_header(table: Table) -> Table:
    """The table with its header, if that is missing; any other table as it is."""
    names = _missing_header(table)
    if names is None:
        return table
    return Table(names, (table.header, *table.rows), first_row=1, currency=table.currency)


def _missing_header(table: Table) -> tuple[str, ...] | None:
    """The header that belongs above, if the first row is already an order."""
    first = table.header
    if len(first) < 2 or not _ORDER_ID.match(first[0]) or not _MONTH_FIRST.match(first[1]):
        return None
    for names in _HEADERS:
        header = tuple(names.split("|"))
        if len(header) - 1 <= len(first) <= len(header):  # a last blank cell is dropped
            price, total = header.index("Price"), header.index("Total Order Amount")
            amounts = [first[i] for i in (price, total) if i < len(first)]
            if all(any(char.isdigit() for char in cell) and "/" not in cell for cell in amounts):
                return header[: len(first)]
    return None


def _iso(cell: str) -> str:
    """A month-first date as ISO 8601; anything else as it is."""
    match = _MONTH_FIRST.match(cell)
    return f"{match[3]}-{match[1]:0>2}-{match[2]:0>2}" if match else cell
