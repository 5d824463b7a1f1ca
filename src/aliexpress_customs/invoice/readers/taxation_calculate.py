"""The official reply with what customs needs: amounts without tax and the tax taken, line by line.

For sellers and consolidators. Source: `aliexpress.taxation.calculate.open.query` ("customs
declaration fields"). Which order it is, only the request says. Read beside the order it states the
tax already collected on each line; alone it has quantities and values but no titles.

>>> line = {"sub_order_id": "2", "quantity": "1", "order_tax_excluded_amount": "10.00",
...     "delivery_amount": "2.00", "order_tax_amount": "2.10", "delivery_tax_amount": "0.42"}
>>> data = {"currency": {"currency_code": "EUR"}, "exchange_rate": "1", "lines": [line]}
>>> reply = {"aliexpress_taxation_calculate_open_query_response": {"result": {"data": data}}}
>>> invoice = read(reply, file="tax.json")[0]
>>> invoice.lines[0].tax, invoice.charge("tax_added"), invoice.total
(Money('2.10', 'EUR'), Decimal('2.52'), Money('14.52', 'EUR'))
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Final

import moneyed

from aliexpress_customs.errors import ReadError
from aliexpress_customs.invoice.draft import finished, required
from aliexpress_customs.invoice.model import Invoice, InvoiceCharge, InvoiceLine, Source
from aliexpress_customs.invoice.node import Node
from aliexpress_customs.invoice.readers.open_platform import body, plain
from aliexpress_customs.invoice.reconcile import settle
from aliexpress_customs.model import Finding
from aliexpress_customs.money import money, round_to

KIND: Final = "taxation_calculate"
REQUEST_KEY: Final = "order_id"
"""Where the order id goes that only the request names."""
_APIS: Final = ("aliexpress_taxation_calculate_open_query",)
_SIGN: Final = {"order_tax_excluded_amount", "order_tax_amount"}
_UNIT_STEP: Final = Decimal("0.000001")
_FILE_ID: Final = re.compile(r"(?<!\d)(\d{15,17})(?!\d)")


def recognise(document: object) -> bool:
    """Whether it is the reply, with or without its wrapper."""
    return body(document, *_APIS) is not None or _data(document) is not None


def orders(document: object) -> list[Node]:
    """The one order of the reply.

    Raises:
        ReadError: the reply reports an error.
    """
    reply = body(document, *_APIS)
    data = _data(reply if reply is not None else document)
    if data is None:
        result = plain(reply.get("result")) if reply is not None else None
        code = Node(result).text("error_code") if isinstance(result, Mapping) else ""
        raise ReadError(
            f"AliExpress answered without tax data ({code[:40] or 'no code'}).",
            code="source_error",
            action="Ask again; tax is calculated only after the order was paid.",
        )
    return [Node(data)]


def read(document: object, *, file: str) -> list[Invoice]:
    """The order of the reply."""
    return [read_order(order, file=file) for order in orders(document)]


def read_order(order: Node, *, file: str) -> Invoice:
    """The tax data of one order."""
    currency = order.node("currency").text("currency_code") or order.text("currency_code")
    if not currency:
        raise ReadError(
            "The reply names no currency.", code="currency_missing", action="Fetch it again."
        )
    entries = order.nodes("lines")
    if not entries:
        raise ReadError("The reply holds no lines.", code="no_lines", action="Fetch it again.")
    lines = tuple(_line(entry, currency) for entry in entries)
    freight = _sum(entries, currency, "delivery_amount")
    tax = _sum(entries, currency, "order_tax_amount", "delivery_tax_amount")
    goods = sum((line.line_gross.amount for line in lines), Decimal(0))
    ids = set(_FILE_ID.findall(file))
    return finished(
        lambda: Invoice(
            source=Source(kind=KIND, file=file),
            document_type="tax_statement",
            order_id=order.id(REQUEST_KEY) or (ids.pop() if len(ids) == 1 else None),
            currency=currency,
            lines=lines,
            charges=(
                InvoiceCharge(kind="shipping", label="delivery_amount", amount=freight),
                InvoiceCharge(kind="tax_added", label="order_tax_amount", amount=tax),
            ),
            total=money(goods + freight.amount + tax.amount, currency),
            findings=(
                Finding(
                    code="part_of_an_order",
                    message="This is the tax data of an order, without its titles.",
                    action="Read the order itself together with it.",
                    severity="info",
                ),
            ),
        ),
        settle,
    )


def _data(document: object) -> Mapping[str, object] | None:
    """The part with currency and lines."""
    value = document
    for key in (None, "result", "data"):
        if key is not None:
            value = value.get(key) if isinstance(value, Mapping) else None
        if isinstance(value, Mapping) and "lines" in value:
            found = plain(value)
            if isinstance(found, Mapping) and any(
                set(entry.fields) >= _SIGN for entry in _entries(found)
            ):
                return found
    return None


def _entries(data: Mapping[str, object]) -> list[Node]:
    try:
        return Node(data).nodes("lines")
    except ReadError:
        return []


def _line(entry: Node, currency: str) -> InvoiceLine:
    quantity = entry.whole("quantity", default=1)
    net = required(
        entry, entry.price("order_tax_excluded_amount", currency=currency, decimal_mark="."), "net"
    )
    unit = net.amount / quantity if quantity else net.amount
    cents = round_to(unit, Decimal("0.01"))
    return InvoiceLine(
        line_id=entry.id("sub_order_id"),
        title="",
        quantity=quantity,
        unit_price=money(cents if cents == unit else round_to(unit, _UNIT_STEP), currency),
        price_basis="tax_exclusive",
        line_gross=net,
        shipping=_one(entry, "delivery_amount", currency),
        tax=_one(entry, "order_tax_amount", currency),
    )


def _one(entry: Node, key: str, currency: str) -> moneyed.Money | None:
    return entry.price(key, currency=currency, decimal_mark=".")


def _sum(entries: list[Node], currency: str, *keys: str) -> moneyed.Money:
    amounts = [_one(entry, key, currency) for entry in entries for key in keys]
    return money(sum((one.amount for one in amounts if one), Decimal(0)), currency)
