"""AliExpress' own data export: sheet `Order Information`, one row a line, amounts in cents.

For buyers who asked for their data. Source: the export's columns (2026). `payable_amt` is what was
paid for the line, `unit_price` its list price; neither has a currency nor a quantity, and the zone
of its times is unknown. Read it beside a richer source, or pass the currency.

>>> row = {"order_id": "2", "parent_orderid": "1", "item_name": "Lamp", "unit_price": 1500,
...     "payable_amt": 1199, "order_status": "FINISH",
...     "gmt_create_order_time": "2026-02-21 07:44:46"}
>>> invoice = read(row, file="row.json")[0]
>>> invoice.total, invoice.lines[0].list_price
(Money('11.99', 'XXX'), Money('15.00', 'XXX'))
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from aliexpress_customs.errors import AmountError
from aliexpress_customs.invoice.model import Invoice
from aliexpress_customs.invoice.node import Node
from aliexpress_customs.invoice.readers.rows import Columns, build, grouped
from aliexpress_customs.invoice.table import Table
from aliexpress_customs.money import EXACT, decimals, money

KIND: Final = "gdpr_xlsx"
_COLUMNS: Final[Columns] = {
    "line_id": "orderid",
    "order_id": "parentorderid",
    "ordered_on": "gmtcreateordertime",
    "paid_on": "gmtpayordertime",
    "finished_on": "gmttradeendtime",
    "status": "orderstatus",
    "title": "itemname",
    "list_cents": "unitprice",
    "paid_cents": "payableamt",
    "paid_flag": "issuccesspay",
    "end_reason": "endreason",
}
_SIGN: Final = {"parent_orderid", "payable_amt", "item_name"}
_CENTS: Final = re.compile(r"^-?\d{1,15}(?:\.\d{1,6})?$")
_CANCELLED: Final = re.compile(r"cancel|close", re.IGNORECASE)


def recognise(document: object) -> bool:
    """Whether it is the sheet, or its rows as JSON."""
    if isinstance(document, Table):
        return document.keys() >= {name.replace("_", "") for name in _SIGN}
    items = document if isinstance(document, list) else [document]
    return bool(items) and all(isinstance(item, Mapping) and set(item) >= _SIGN for item in items)


def orders(document: object) -> list[Node]:
    """One node an order."""
    if not isinstance(document, Table):
        items = document if isinstance(document, list) else [document]
        entries = [
            Node(item, f"[{i}]") for i, item in enumerate(items) if isinstance(item, Mapping)
        ]
        names = tuple(name for name in dict.fromkeys(n for e in entries for n in e.fields))
        kept = tuple(name for name in names if not name.startswith("_"))
        rows = tuple(tuple(entry.text(name) for name in kept) for entry in entries)
        document = Table(kept, rows, first_row=1)
    return [_priced(order) for order in grouped(document, _COLUMNS)]


def read(document: object, *, file: str) -> list[Invoice]:
    """All orders of the export."""
    return [read_order(order, file=file) for order in orders(document)]


def read_order(order: Node, *, file: str) -> Invoice:
    """One order."""
    return build(order, kind=KIND, file=file, document_type="gdpr_row", extra=_total)


def _priced(order: Node) -> Node:
    """Cents as amounts, and the status with its reason."""
    places = decimals(order.text("currency").upper() or "XXX")
    rows = []
    for row in order.nodes("rows", name="rows"):
        reason = row.text("end_reason")
        status = row.text("status")
        if row.text("paid_flag").casefold() == "false":
            status = "Expired"
        elif _CANCELLED.search(reason) and "accept" not in reason:
            status = "Cancelled"
        rows.append(
            {
                **row.fields,
                "status": status,
                "unit_value": _amount(row, "paid_cents", places),
                "list_price": _amount(row, "list_cents", places),
            }
        )
    return Node({**order.fields, "rows": rows})


def _amount(row: Node, key: str, places: int) -> str:
    text = row.text(key)
    if text and not _CENTS.match(text):
        raise AmountError(
            "An amount in cents is none.", path=row.at(key), action="Use the export as received."
        )
    return f"{Decimal(text).scaleb(-places, EXACT):.{max(places, 2)}f}" if text else ""


def _total(invoice: Invoice, rows: list[Node]) -> Invoice:
    paid = sum((line.line_gross.amount for line in invoice.lines), Decimal(0))
    return invoice.model_copy(update={"total": money(paid, invoice.currency)})
