"""The bookkeeping table of mjc-tax-utils, made from Australian notices.

For Australian businesses. Source: drmjc/mjc-tax-utils: one row a line, costs including GST, freight
split over the lines by the tool, each in the notice's currency and in AUD (not used: converted).
It has no order id; the invoice number is the notice's.

>>> header = ("Invoice Date", "Invoice Number", "Shop", "Branch", "Description", "Quantity",
...     "Original Currency", "Item Cost", "Prorated Delivery Fee")
>>> row = ("2025-08-29", "B1", "Some Store", "", "Pad", "5", "CNY", "113.96", "21.36")
>>> read(Table(header, (row,)), file="tax.xlsx")[0].total
Money('135.32', 'CNY')
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from aliexpress_customs.invoice.model import Invoice, InvoiceCharge
from aliexpress_customs.invoice.node import Node
from aliexpress_customs.invoice.readers.rows import Columns, build, grouped
from aliexpress_customs.invoice.table import Table
from aliexpress_customs.money import money

KIND: Final = "mjc_tax_xlsx"
_COLUMNS: Final[Columns] = {
    "order_id": "invoicenumber",
    "invoice_number": "invoicenumber",
    "ordered_on": "invoicedate",
    "seller": "shop",
    "title": "description",
    "quantity": "quantity",
    "currency": "originalcurrency",
    "line_value": "itemcost",
    "line_freight": "prorateddeliveryfee",
}
_SIGN: Final = {"invoicenumber", "shop", "originalcurrency", "itemcost", "prorateddeliveryfee"}


def recognise(document: object) -> bool:
    """Whether it is such a table."""
    return isinstance(document, Table) and document.keys() >= _SIGN


def orders(document: object) -> list[Node]:
    """One node a notice."""
    return grouped(document, _COLUMNS) if isinstance(document, Table) else []


def read(document: object, *, file: str) -> list[Invoice]:
    """All notices of the table."""
    return [read_order(order, file=file) for order in orders(document)]


def read_order(order: Node, *, file: str) -> Invoice:
    """One notice."""
    return build(
        Node({**order.fields, "order_id": ""}),
        kind=KIND,
        file=file,
        document_type="tax_invoice",
        extra=_freight,
    )


def _freight(invoice: Invoice, rows: list[Node]) -> Invoice:
    """The freight of all lines as one row, and the total of both."""
    freight = sum((line.shipping.amount for line in invoice.lines if line.shipping), Decimal(0))
    goods = sum((line.line_gross.amount for line in invoice.lines), Decimal(0))
    row = InvoiceCharge(
        kind="shipping", label="Prorated Delivery Fee", amount=money(freight, invoice.currency)
    )
    return invoice.model_copy(
        update={
            "charges": (row,),
            "total": money(goods + freight, invoice.currency),
            "issue_date": invoice.ordered_at.date if invoice.ordered_at else None,
            "lines": tuple(
                line.model_copy(update={"price_basis": "tax_inclusive"}) for line in invoice.lines
            ),
        }
    )
