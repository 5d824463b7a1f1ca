"""The order table DSers uploads: recognised in order to say that it holds no prices.

For dropshippers. Source: DSers' order CSV. Its order number is the shop's own, it has neither title
nor price; what AliExpress charged is in the dropshipper's order API.

>>> recognise(Table(("Order number", "Product id", "Product count", "Contact person"), ()))
True
"""

from __future__ import annotations

from typing import Final

from aliexpress_customs.errors import ReadError
from aliexpress_customs.invoice.model import Invoice
from aliexpress_customs.invoice.node import Node
from aliexpress_customs.invoice.table import Table

KIND: Final = "dsers_csv"
_SIGN: Final = {"ordernumber", "productid", "productcount", "contactperson"}


def recognise(document: object) -> bool:
    """Whether it is such a table."""
    return isinstance(document, Table) and document.keys() >= _SIGN


def orders(document: object) -> list[Node]:
    """None: it orders goods and does not say what they cost.

    Raises:
        ReadError: always.
    """
    raise ReadError(
        "A DSers upload holds no prices and no AliExpress order ids.",
        code="no_prices",
        action="Fetch the orders with aliexpress.trade.ds.order.get and read its replies.",
    )


def read(document: object, *, file: str) -> list[Invoice]:
    """Always refused; see `orders`."""
    return [read_order(order, file=file) for order in orders(document)]


def read_order(order: Node, *, file: str) -> Invoice:
    """Always refused; see `orders`."""
    orders(order)
    raise AssertionError
