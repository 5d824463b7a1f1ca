"""One module per source format, each with the same small interface.

`KIND` names it, `recognise(document)` tells whether a JSON document is of the kind,
`orders(document)` splits it into single orders, `read_order(order, file=...)` reads one of them,
and `read(document, file=...)` reads all. A new format is a new module and one entry in `READERS`.
"""

from __future__ import annotations

from typing import Final, Protocol

from aliexpress_customs.invoice.model import Invoice
from aliexpress_customs.invoice.node import Node
from aliexpress_customs.invoice.readers import (
    ds_order_get,
    mtop_order_detail,
    mtop_order_list,
    mtop_receipt,
    own_json,
    seller_order_info,
    seller_order_list,
)


class Reader(Protocol):
    """What every reader module offers."""

    @property
    def KIND(self) -> str:  # noqa: N802 - a constant of the module
        """Its name."""

    def recognise(self, document: object) -> bool:
        """Whether a JSON document is of this kind."""

    def orders(self, document: object) -> list[Node]:
        """The single orders of a document."""

    def read_order(self, order: Node, *, file: str) -> Invoice:
        """One order."""

    def read(self, document: object, *, file: str) -> list[Invoice]:
        """All orders of a document."""


READERS: Final[tuple[Reader, ...]] = (
    own_json,
    mtop_receipt,
    mtop_order_detail,
    mtop_order_list,
    seller_order_info,
    seller_order_list,
    ds_order_get,
)
"""Tried in this order; where two sources tell of one order, the earlier in the list wins."""
