"""This library's own invoices, read back from JSON without loss.

For pipelines that store what they have read, and for orders written by hand.
Source: `Invoice.model_dump_json()`, one or a list of them; known by `source.kind` and `lines`.

>>> from aliexpress_customs.invoice.model import Invoice, Source
>>> invoice = Invoice(source=Source(kind="manual"), currency="EUR")
>>> read([invoice.model_dump(mode="json")], file="mine.json") == [invoice]
True
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from pydantic import ValidationError

from aliexpress_customs.errors import ReadError
from aliexpress_customs.invoice.model import Invoice
from aliexpress_customs.invoice.node import Node

KIND: Final = "own_json"


def recognise(document: object) -> bool:
    """Whether it is an invoice of this library, or a list of them."""
    items = document if isinstance(document, list) else [document]
    return bool(items) and all(_is_own(item) for item in items)


def orders(document: object) -> list[Node]:
    """One node an invoice."""
    items = document if isinstance(document, list) else [document]
    return [Node(item) for item in items if isinstance(item, Mapping)]


def read(document: object, *, file: str) -> list[Invoice]:
    """All invoices."""
    return [read_order(order, file=file) for order in orders(document)]


def read_order(order: Node, *, file: str) -> Invoice:
    """One invoice, exactly as it was dumped."""
    try:
        return Invoice.model_validate(dict(order.fields))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise ReadError(
            "A field of an invoice is missing, unknown or of the wrong type.",
            code="bad_value",
            path=place,
            action="Compare it with the JSON Schema of Invoice.",
        ) from None


def _is_own(item: object) -> bool:
    if not isinstance(item, Mapping) or "currency" not in item:
        return False
    source = item.get("source")
    return isinstance(source, Mapping) and "kind" in source
