"""Orders out of rows: what all tables have in common, whoever wrote them.

A reader of a table names the columns (`Columns`: our name to the table's) and what is special about
it; grouping rows to orders, prices, ids a spreadsheet has damaged and the invoice are made here.
Amounts without any currency come out in `XXX` with a finding, unless the caller names one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import moneyed

from aliexpress_customs.errors import ReadError
from aliexpress_customs.invoice import ids
from aliexpress_customs.invoice.draft import (
    assumed_quantity,
    destination,
    finished,
    option,
    order_time,
    required,
    same_currency,
    ships_from,
    times,
)
from aliexpress_customs.invoice.labels import open_platform_status, page_status
from aliexpress_customs.invoice.model import (
    Address,
    ChargeKind,
    DocumentType,
    Invoice,
    InvoiceCharge,
    InvoiceLine,
    OrderStatus,
    OrderTime,
    Parcel,
    Party,
    Source,
    Variant,
)
from aliexpress_customs.invoice.node import Node
from aliexpress_customs.invoice.readers.mtop import store_id
from aliexpress_customs.invoice.readers.row_ids import (
    are_cut,
    no_currency,
    rows_currency,
    sound_order_id,
    whole_id,
)
from aliexpress_customs.invoice.reconcile import settle, settle_without_rows
from aliexpress_customs.invoice.table import Table
from aliexpress_customs.invoice.text import clean_title

Columns = Mapping[str, str]
"""Our name of a column to the table's, as `column_key` writes it."""

_ROWS: Final[tuple[tuple[str, ChargeKind], ...]] = (
    ("shipping", "shipping"),
    ("shipping_and_tax", "other"),
    ("tax", "tax_added"),
    ("discount", "seller_discount"),
    ("adjustment", "price_adjustment"),
    ("insurance", "insurance"),
)
"""Column and the row it becomes."""


def grouped(table: Table, columns: Columns, *, currency: str = "") -> list[Node]:
    """One node an order: its rows by our names, and what a spreadsheet may have done to its id."""
    named: dict[str, list[Mapping[str, str]]] = {}
    places: dict[str, int] = {}
    records = [
        (number, {name: record.get(key, "") for name, key in columns.items()})
        for number, record in table.records()
    ]
    raw = [ids.plain_id(row.get("order_id", "")) for _, row in records]
    ending = ids.common_ending(raw)
    last = ""
    for (number, row), order_id in zip(records, raw, strict=True):
        row["order_id"] = order_id
        key: str
        if ids.is_scientific(order_id):
            key = "|".join((order_id, row.get("ordered_on", ""), row.get("seller", "")))
        elif not order_id and last and not row.get("ordered_on", "") and "order_id" in columns:
            key = last  # further lines of an order leave its cells blank
        else:
            key = order_id or f"row {number}"
        last = key
        named.setdefault(key, []).append(row)
        places.setdefault(key, number)
    cut = [
        name
        for name in ("order_id", "line_id", "product_id", "sku_id")
        if are_cut([ids.plain_id(row.get(name, "")) for _, row in records])
    ]
    return [
        Node(
            {
                "order_id": rows[0]["order_id"],
                "rows": [dict(row) for row in rows],
                "first_row": places[key],
                "ending": ending,
                "cut": cut,
                "currency": table.currency or currency,
            }
        )
        for key, rows in named.items()
    ]


def build(
    order: Node,
    *,
    kind: str,
    file: str,
    document_type: DocumentType = "order",
    zone: str = "",
    extra: Callable[[Invoice, list[Node]], Invoice] | None = None,
) -> Invoice:
    """The invoice of the rows of one order.

    Args:
        order: a node of `grouped`.
        kind: of the reader.
        file: base name.
        document_type: of the source.
        zone: of its times, if known.
        extra: what is special about the table, applied before the order is reconciled.

    Raises:
        ReadError: a line without price, or a damaged row.
        AmountError: an amount or date that is none.
    """
    first_row = order.whole("first_row", default=2)
    listed = order.fields.get("rows")
    rows = [
        Node(row, f"row {first_row + index}")
        for index, row in enumerate(listed if isinstance(listed, list) else [])
        if isinstance(row, Mapping)
    ]
    if not rows:
        raise ReadError("The order has no rows.", code="no_lines", action="Export it again.")
    head = Node({k: v for row in reversed(rows) for k, v in row.fields.items() if v}, rows[0].path)
    order_id, notes = sound_order_id(order)
    currency, known = rows_currency(head, rows, order.text("currency"))
    if not known:
        notes.append(no_currency())
    goods = [row for row in rows if row.text("title", "product_id", "sku_id", "unit_value")]
    lines = tuple(_line(row, currency, _cut(order)) for row in goods)
    notes += [
        assumed_quantity(index) for index, row in enumerate(goods) if not row.text("quantity")
    ]
    charges = _charges(head, currency)
    url = head.text("store_url")
    tracking = [row.text("tracking") for row in rows if row.text("tracking")]
    invoice = _draft(order_id, lines, currency)

    def made() -> Invoice:
        built = invoice.model_copy(
            update={
                "source": Source(kind=kind, file=file),
                "document_type": document_type,
                "document_no": head.text("invoice_number")[:128],
                "checkout_id": head.id("checkout_id"),
                "status": _status(head.text("status")),
                "ordered_at": _moment(head, "ordered_on", zone),
                "paid_at": _moment(head, "paid_on", zone),
                "finished_at": _moment(head, "finished_on", zone),
                "seller": Party(
                    name=clean_title(head.text("seller")), store_id=store_id(url), url=url
                ),
                "buyer": _buyer(head),
                "ship_to": _address(head),
                "charges": charges,
                "total": head.price("total", currency=currency),
                "parcels": tuple(
                    Parcel(tracking=number, carrier=head.text("carrier"))
                    for number in dict.fromkeys(tracking)
                ),
                "findings": tuple(notes),
            }
        )
        return extra(built, goods) if extra else built

    return finished(made, settle if charges else settle_without_rows)


def options_in(text: str) -> tuple[Variant, ...]:
    """Chosen options printed as `Color: 6L, Ships From: GERMANY`.

    >>> [(one.name, one.value) for one in options_in("Color: 6L, B, Ships From: GERMANY")]
    [('Color', '6L, B'), ('Ships From', 'GERMANY')]
    """
    found: list[tuple[str, str]] = []
    for part in clean_title(text).replace(";", ",").split(","):
        name, colon, value = part.partition(":")
        if colon and name.strip():
            found.append((name, value))
        elif found:
            found[-1] = (found[-1][0], f"{found[-1][1]},{part}")
        elif part.strip():
            found.append(("", part))
    return tuple(option(None, name, value) for name, value in found)


def _draft(order_id: str | None, lines: tuple[InvoiceLine, ...], currency: str) -> Invoice:
    return Invoice(source=Source(kind="table"), order_id=order_id, currency=currency, lines=lines)


def _cut(order: Node) -> frozenset[str]:
    """Columns whose ids a spreadsheet has cut."""
    listed = order.fields.get("cut")
    return frozenset(listed) if isinstance(listed, list) else frozenset()


def _line(row: Node, currency: str, cut: frozenset[str]) -> InvoiceLine:
    quantity = row.whole("quantity", default=1)
    unit, whole = (row.price(key, currency=currency) for key in ("unit_value", "line_value"))
    if unit is None and whole is not None:
        unit = moneyed.Money(whole.amount / quantity, currency) if quantity > 1 else whole
    unit_price = required(row, unit, "unit_value")
    gross = required(row, whole if whole is not None else times(unit_price, quantity), "line_value")
    variant = options_in(row.text("variant"))
    product = ids.product_in(row.text("product_url"))
    dispatch = destination(row, "ships_from")
    weight = row.text("gross_weight_kg")
    lots = row.whole("lot_size", default=1)
    return InvoiceLine(
        line_id=whole_id(row, "line_id", cut),
        product_id=product or whole_id(row, "product_id", cut),
        sku_id=whole_id(row, "sku_id", cut),
        sku_code=row.text("sku_code")[:128],
        title=clean_title(row.text("title")),
        title_raw=row.text("title"),
        variant=variant,
        category_id=row.text("category")[:128] or None,
        quantity=quantity,
        unit="lot" if lots > 1 else "piece",
        lot_size=max(lots, 1),
        unit_price=same_currency(row, unit_price, currency),
        list_price=row.price("list_price", currency=currency),
        line_gross=gross,
        shipping=row.price("line_freight", currency=currency),
        tax=row.price("line_tax", currency=currency),
        hs_code_hint=_code(row),
        ships_from=dispatch or ships_from(variant),
        gross_weight_kg=row.weight("gross_weight_kg") if weight else None,
    )


def _code(row: Node) -> str | None:
    digits = "".join(char for char in row.text("hs_code") if char not in ". -")
    return digits if digits.isascii() and digits.isdigit() and 4 <= len(digits) <= 14 else None


def _charges(head: Node, currency: str) -> tuple[InvoiceCharge, ...]:
    rows = []
    for key, kind in _ROWS:
        amount = head.price(key, currency=currency)
        if amount is not None:
            signed = -abs(amount) if kind == "seller_discount" else amount
            rows.append(InvoiceCharge(kind=kind, label=key, amount=signed))
    return tuple(rows)


def _status(text: str) -> OrderStatus:
    found = page_status(text)
    return found if found != "unknown" else open_platform_status(text)


def _moment(head: Node, key: str, zone: str) -> OrderTime | None:
    return order_time(head, key, zone=zone) if head.text(key) else None


def _buyer(head: Node) -> Party:
    kinds = {"cpf": head.text("cpf"), "vat": head.text("vat"), "tax_id": head.text("tax_id")}
    return Party(
        name=head.text("recipient"), tax_ids={kind: value for kind, value in kinds.items() if value}
    )


def _address(head: Node) -> Address | None:
    keys = ("recipient", "address", "address2", "city", "region", "postcode", "country", "phone")
    found = {key: head.text(key) for key in keys}
    if not any(found.values()):
        return None
    return Address(
        name=found["recipient"],
        lines=tuple(line for line in (found["address"], found["address2"]) if line),
        city=found["city"],
        region=found["region"],
        postcode=found["postcode"],
        country=destination(head, "country"),
        phone=found["phone"],
        masked="***" in "".join(found.values()),
    )
