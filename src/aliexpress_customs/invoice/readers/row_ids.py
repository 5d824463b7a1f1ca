"""What identifies an order in a table: its id, whatever a spreadsheet did to it, its currency."""

from __future__ import annotations

from aliexpress_customs.errors import ReadError
from aliexpress_customs.invoice import ids
from aliexpress_customs.invoice.localised import currency_of
from aliexpress_customs.invoice.model import UNKNOWN_CURRENCY
from aliexpress_customs.invoice.node import Node
from aliexpress_customs.model import Finding


def whole_id(row: Node, key: str, cut: frozenset[str]) -> str | None:
    """An id, or None if a spreadsheet has taken its end."""
    text = ids.plain_id(row.text(key))
    if not text or ids.is_scientific(text) or (key in cut and ids.looks_cut(text)):
        return None
    return Node({key: text}, row.path).id(key)


def are_cut(raw: list[str]) -> bool:
    """Whether a spreadsheet has cut the ids of a column: all that are long enough end in zero.

    One 16-digit id that ends in 0 may be sound; several, or 17 digits that end in 00, are not.
    """
    long = {text for text in raw if text.isdigit() and len(text) > ids.KEPT_DIGITS}
    if not long or not all(ids.looks_cut(text) for text in long):
        return False
    return len(long) > 1 or len(min(long)) > ids.KEPT_DIGITS + 1


def sound_order_id(order: Node) -> tuple[str | None, list[Finding]]:
    """The order id, mended if it can be; what cannot be known is not invented."""
    text = ids.plain_id(order.text("order_id"))
    if not text:
        return None, []
    if ids.is_scientific(text):
        return None, [
            Finding(
                code="order_id_damaged",
                message="A spreadsheet has written the order id as a rounded number.",
                action="Use the file as exported, without opening it in a spreadsheet.",
                path="order_id",
            )
        ]
    whole = ids.mended(text, order.text("ending"))
    if whole != text:
        return whole, [
            Finding(
                code="order_id_mended",
                message="A spreadsheet has cut the last digit of the order id; it was restored "
                "from the ending all ids of this buyer share.",
                path="order_id",
                severity="info",
            )
        ]
    cut = order.fields.get("cut")
    if isinstance(cut, list) and "order_id" in cut and ids.looks_cut(text):
        return whole, [
            Finding(
                code="order_id_uncertain",
                message="All order ids end in 0, as after a spreadsheet; the last digit may be "
                "lost.",
                action="Compare one id with the shop, or use the file as exported.",
                path="order_id",
            )
        ]
    return Node({"order_id": text}).id("order_id"), []


def rows_currency(head: Node, rows: list[Node], given: str) -> tuple[str, bool]:
    """The currency of an order, and whether anything says so."""
    stated = {code for row in rows if (code := row.text("currency").upper())}
    if len(stated) > 1:
        raise ReadError(
            "The rows of an order are in several currencies.",
            code="currency_contradiction",
            path=head.path,
            action="Export the order again with one currency chosen in the shop.",
        )
    if stated:
        return stated.pop(), True
    for row in rows:
        for key in ("price_info", "unit_value", "line_value", "total"):
            if named := currency_of(row.text(key)):
                return named, True
    return (given.upper(), True) if given else (UNKNOWN_CURRENCY, False)


def no_currency() -> Finding:
    """The finding for amounts whose currency nobody names."""
    return Finding(
        code="currency_missing",
        message="The source names no currency; amounts are in XXX until it is known.",
        action='Pass currency="USD" (or what was paid in), or read a richer source beside it.',
        path="currency",
        severity="error",
    )
