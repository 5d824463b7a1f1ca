"""The buyer's receipt, from the data behind its picture.

For buyers and bookkeepers: the only buyer-side source with the import charges and the tax already
inside the prices. It has no product ids.
Source: `mtop.global.finance.taxation.invoice.queryOrderReceiptInfo`, or its inner object (known by
`orderTotal` and `subOrders`). `amount` of a sub-order is the price of one unit.

>>> receipt = {"orderId": "3000000000000001", "orderTotal": "€ 12,10", "itemsTotal": "€ 12,10",
...     "includedTaxDisplay": "€ 2,10",
...     "subOrders": [{"itemTitle": "Lamp", "amount": "€ 12,10", "itemCount": 1}]}
>>> read(receipt, file="receipt.json")[0].lines[0].price_basis
'tax_inclusive'
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

import moneyed

from aliexpress_customs.errors import ReadError
from aliexpress_customs.invoice.countries import iso_country
from aliexpress_customs.invoice.draft import (
    assumed_quantity,
    finished,
    option,
    order_time,
    required,
    ships_from,
    times,
)
from aliexpress_customs.invoice.localised import currency_of
from aliexpress_customs.invoice.model import (
    Address,
    ChargeKind,
    Invoice,
    InvoiceCharge,
    InvoiceLine,
    Party,
    PriceBasis,
    Source,
    Variant,
)
from aliexpress_customs.invoice.node import Node
from aliexpress_customs.invoice.reconcile import settle
from aliexpress_customs.invoice.text import clean_title
from aliexpress_customs.model import Finding

KIND: Final = "mtop_receipt"
_API: Final = "mtop.global.finance.taxation.invoice.queryorderreceiptinfo"
_ROWS: Final[tuple[tuple[str, ChargeKind, str], ...]] = (
    ("itemsTotal", "goods_subtotal", "Items total"),
    ("shippingFee", "shipping", "Shipping"),
    ("totalDiscountAmount", "seller_discount", "Discount"),
    ("allDiscount", "seller_discount", "Discount"),
    ("adjustPriceAmount", "price_adjustment", "Price adjustment"),
    ("totalApplicableFeeAmount", "fee", "Applicable fee"),
    ("totalReceivableTaxAmount", "import_duty", "Estimated import charges"),
    ("totalSubsidyTaxAmount", "duty_subsidy", "AliExpress duty reduction"),
    ("totalRefundTaxAmount", "tax_added", "VAT adjustment"),
    ("includedTaxDisplay", "tax_included", "Included tax"),
)
"""Field, what it is, and the English label of the page."""
_REDUCTIONS: Final = frozenset({"totalDiscountAmount", "allDiscount", "totalSubsidyTaxAmount"})
"""Printed without a sign, always taken off."""
_OUTSIDE: Final = frozenset({"goods_subtotal", "tax_included"})
_VAT_NUMBER: Final = re.compile(r"\b([A-Z]{2}[0-9A-Z]{8,12})\b")


def recognise(document: object) -> bool:
    """Whether it is a receipt."""
    if not isinstance(document, Mapping):
        return False
    return str(document.get("api", "")).casefold() == _API or _is_receipt(document)


def orders(document: object) -> list[Node]:
    """The one order of the receipt; none if the shop has no receipt for it."""
    if not isinstance(document, Mapping):
        return []
    if _is_receipt(document):
        return [Node(document)]
    inner = Node(document).node("data")
    inner = inner.node("data") if "data" in inner.fields else inner
    return [Node(inner.fields)] if _is_receipt(inner.fields) else []


def read(document: object, *, file: str) -> list[Invoice]:
    """The order of the receipt."""
    return [read_order(order, file=file) for order in orders(document)]


def read_order(order: Node, *, file: str) -> Invoice:
    """The order of one receipt."""
    currency = _currency(order)
    items = order.nodes("subOrders", name="lines")
    charges = _charges(order, currency)
    inside = any(row.kind == "tax_included" and row.amount.amount for row in charges)
    basis: PriceBasis = "tax_inclusive" if inside else "unknown"
    lines = tuple(_line(item, currency, basis) for item in items)
    if not lines:
        raise ReadError(
            "The receipt holds no lines.",
            code="no_lines",
            path="lines",
            action="Load the receipt again and save it completely.",
        )
    findings = [
        assumed_quantity(index) for index, item in enumerate(items) if not item.text("itemCount")
    ]
    if note := _vat_on_import_charges(charges):
        findings.append(note)
    payment = order.node("paymentInfo")
    sellers = list(dict.fromkeys(name for item in items if (name := item.text("sellerName"))))
    return finished(
        lambda: Invoice(
            source=Source(kind=KIND, file=file),
            document_type="receipt",
            order_id=order.id("orderId"),
            ordered_at=order_time(order, "orderTime"),
            paid_at=order_time(payment, "paymentDate"),
            currency=currency,
            seller=Party(name=clean_title(", ".join(sellers))),
            buyer=_buyer(order.node("deliveryAddress")),
            ship_to=_address(order.node("deliveryAddress")),
            lines=lines,
            charges=charges,
            total=order.price("orderTotal", currency=currency),
            paid=_paid(payment, currency),
            findings=tuple(findings),
        ),
        settle,
    )


def _is_receipt(fields: Mapping[str, object]) -> bool:
    return "orderTotal" in fields and "subOrders" in fields


def _currency(order: Node) -> str:
    """The currency: the payment prints its code, the rows only symbols."""
    code = currency_of(order.text("orderTotal"))
    code = code or currency_of(order.node("paymentInfo").text("paymentAmountStr"))
    if code is None:
        raise ReadError(
            "The receipt does not say its currency beyond doubt.",
            code="currency_missing",
            path="orderTotal",
            action="A symbol such as $ or ¥ names no currency; read the order's page instead.",
        )
    return code


def _paid(payment: Node, currency: str) -> moneyed.Money | None:
    named = currency_of(payment.text("paymentAmountStr"))
    return payment.price("paymentAmountStr", currency=named or currency)


def _line(item: Node, currency: str, basis: PriceBasis) -> InvoiceLine:
    unit_price = required(item, item.price("amount", currency=currency), "amount")
    quantity = item.whole("itemCount", default=1)
    chosen = clean_title(item.text("relateInfo"))
    variant: tuple[Variant, ...] = ()
    if chosen:
        name, colon, value = chosen.partition(":")
        variant = (option(None, name, value) if colon else option(None, "", chosen),)
    return InvoiceLine(
        title=clean_title(item.text("itemTitle")),
        title_raw=item.text("itemTitle"),
        variant=variant,
        quantity=quantity,
        unit_price=unit_price,
        price_basis=basis,
        line_gross=times(unit_price, quantity),
        ships_from=ships_from(variant),
    )


def _charges(order: Node, currency: str) -> tuple[InvoiceCharge, ...]:
    labels = order.node("mcms")
    names = {"allDiscount": "allDiscountTitle", "shippingFee": "shippingFeeTitle"}
    names["includedTaxDisplay"] = "includedTax"
    rows = []
    seen: set[ChargeKind] = set()
    for field, kind, label in _ROWS:
        amount = order.price(field, currency=currency)
        if amount is None or (kind == "seller_discount" and kind in seen):
            continue
        seen.add(kind)
        if field in _REDUCTIONS:
            amount = -abs(amount)
        rows.append(
            InvoiceCharge(
                kind=kind,
                label=clean_title(labels.text(names.get(field, field))) or label,
                amount=amount,
                in_total=kind not in _OUTSIDE,
            )
        )
    return tuple(rows)


def _vat_on_import_charges(charges: tuple[InvoiceCharge, ...]) -> Finding | None:
    if {"import_duty", "tax_included"} <= {row.kind for row in charges if row.amount.amount}:
        return Finding(
            code="included_tax_covers_import_charges",
            message="The receipt's included tax counts the VAT on the import charges too.",
            action="Take the included tax as VAT on goods and import charges together.",
            path="charges",
            severity="info",
        )
    return None


def _buyer(node: Node) -> Party:
    """The contact name may end with the buyer's VAT number."""
    name = node.text("contactName")
    match = _VAT_NUMBER.search(name)
    if match is None or not any(char.isdigit() for char in match[1]):
        return Party(name=name)
    return Party(name=name.replace(match[1], "").strip(), tax_ids={"vat": match[1]})


def _address(node: Node) -> Address | None:
    if not node.fields:
        return None
    region = [part.strip() for part in node.text("regionAddress").split(",") if part.strip()]
    street = (node.text("detailAddress"), node.text("detailAddress2"))
    summary = node.text("addressSummaryInfoDisplay")
    lines = tuple(line for line in street if line) or ((summary,) if summary else ())
    everything = " ".join((*lines, node.text("contactName"), node.text("fullPhoneNo")))
    return Address(
        name=node.text("contactName"),
        lines=lines,
        city=region[0] if len(region) > 1 else "",
        region=region[1] if len(region) > 2 else "",
        postcode=node.text("postCode"),
        country=iso_country(region[-1]) if region else None,
        phone=node.text("fullPhoneNo"),
        masked="***" in everything,
    )
