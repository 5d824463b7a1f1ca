"""Parcels, refunds and tax data joined to the order they belong to."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from aliexpress_customs.invoice.merge_lines import pairs
from aliexpress_customs.invoice.model import (
    Invoice,
    InvoiceCharge,
    InvoiceLine,
    Parcel,
    ParcelItem,
    PriceBasis,
)
from aliexpress_customs.invoice.refunds import leave_refunded
from aliexpress_customs.model import Finding
from aliexpress_customs.money import Money, money


def join_part(order: Invoice, part: Invoice) -> Invoice | None:
    """The order with what a part says of it; None if the part is of another order."""
    if part.document_type == "parcels":
        return _with_parcels(order, part)
    if part.document_type == "refunds":
        return _with_refunds(order, part)
    return _with_taxes(order, part)


def _with_parcels(order: Invoice, part: Invoice) -> Invoice | None:
    named = part.order_id is not None and part.order_id == order.order_id
    parcels = list(order.parcels)
    found = False
    for parcel in part.parcels:
        items = tuple(item for item in parcel.items if _line_of(order, item) is not None)
        if not items and (parcel.items or not named):
            continue
        found = True
        known = next((i for i, own in enumerate(parcels) if _same_parcel(own, parcel)), None)
        if known is None and len(parcels) == 1 and not parcels[0].items and len(part.parcels) == 1:
            known = 0  # one parcel, told of under two numbers
        if known is None:
            parcels.append(parcel.model_copy(update={"items": items}))
            continue
        own = parcels[known]
        parcels[known] = Parcel(
            tracking=own.tracking or parcel.tracking,
            internal_no=own.internal_no or parcel.internal_no,
            carrier=own.carrier or parcel.carrier,
            items=items or own.items,
        )
    if not found:
        return None
    return order.model_copy(update={"parcels": tuple(parcels)})


def _same_parcel(one: Parcel, other: Parcel) -> bool:
    numbers = {one.tracking, one.internal_no} & {other.tracking, other.internal_no}
    return bool(numbers - {""})


def _line_of(order: Invoice, item: ParcelItem) -> InvoiceLine | None:
    for line in order.lines:
        if item.line_id is not None:
            if item.line_id == line.line_id:
                return line
        elif (
            item.product_id is not None
            and item.product_id == line.product_id
            and (item.sku_id is None or line.sku_id is None or item.sku_id == line.sku_id)
        ):
            return line
    return None


def _with_refunds(order: Invoice, part: Invoice) -> Invoice | None:
    if part.order_id != order.order_id or part.order_id is None:
        return None
    lines, notes = list(order.lines), []
    back = Decimal(0)
    for index, case in pairs(order.lines, part.lines):
        line = lines[index]
        if case.refund is None:
            notes.append(_case(index))
        elif case.refund.currency.code == order.currency:
            back += case.refund.amount
            lines[index] = line.model_copy(update={"refund": case.refund})
    update: dict[str, Any] = {"lines": tuple(lines), "findings": (*order.findings, *notes)}
    if back and order.refunded is None:
        update["refunded"] = money(back, order.currency)
    return leave_refunded(order.model_copy(update=update))


def _case(index: int) -> Finding:
    return Finding(
        code="refund_case",
        message="There is a refund case for this line; what was paid back is not known.",
        action="Read the page of the case; leave the line out if the goods do not travel.",
        path=f"lines[{index}]",
    )


def _with_taxes(order: Invoice, part: Invoice) -> Invoice | None:
    """The tax of each line; whether prices hold it follows from the amounts without it."""
    matched: Mapping[int, InvoiceLine] = dict(pairs(order.lines, part.lines))
    if part.order_id is not None and part.order_id != order.order_id:
        return None
    if part.currency != order.currency or len(matched) < len(part.lines):
        return None
    if any(line.line_id is None for line in part.lines) and part.order_id is None:
        return None
    lines = tuple(
        line.model_copy(update={"tax": matched[index].tax, "price_basis": _basis(order, matched)})
        if index in matched and line.tax is None
        else line
        for index, line in enumerate(order.lines)
    )
    if any(row.kind in {"tax_added", "tax_included"} for row in order.charges):
        return order.model_copy(update={"lines": lines})
    inside = _basis(order, matched) == "tax_inclusive"
    told = _told_apart(order, part, inside=inside)
    kept = tuple(row for row in order.charges if row not in told) if told else order.charges
    tax = [row for row in part.charges if row.kind == "tax_added"]
    counted = not inside and (bool(told) or order.total is None)
    rows = tuple(
        InvoiceCharge(
            kind="tax_included" if inside else "tax_added",
            label=row.label,
            amount=row.amount,
            in_total=counted,
        )
        for row in tax
        if inside or counted
    )
    freight = (told[0].model_copy(update={"kind": "shipping", "amount": told[1]}),) if told else ()
    notes = tuple(note for note in order.findings if not (told and note.code == "rows_not_shown"))
    return order.model_copy(
        update={"lines": lines, "charges": (*kept, *freight, *rows), "findings": notes}
    )


def _told_apart(
    order: Invoice, part: Invoice, *, inside: bool
) -> tuple[InvoiceCharge, Money] | tuple[()]:
    """The one row of shipping, tax and fees, and the freight in it, if the tax data explain it."""
    unknown = [row for row in order.charges if row.kind == "other" and row.derived]
    freight, tax = part.charge("shipping"), part.charge("tax_added")
    if len(unknown) != 1 or freight is None or tax is None:
        return ()
    on_goods = sum((line.tax.amount for line in part.lines if line.tax), Decimal(0))
    shown = freight + tax - on_goods if inside else freight
    if unknown[0].amount.amount != (shown if inside else freight + tax):
        return ()
    return unknown[0], money(shown, order.currency)


def _basis(order: Invoice, matched: Mapping[int, InvoiceLine]) -> PriceBasis:
    """Whether the order's prices, after its discounts, are nearer to those with tax or without."""
    own = sum((order.lines[index].line_gross.amount for index in matched), Decimal(0))
    own -= sum(
        (d.amount.amount for index in matched for d in order.lines[index].discounts), Decimal(0)
    )
    discounts = (
        "seller_discount", "platform_coupon", "store_coupon", "coins", "promo_code",
        "payment_discount", "price_adjustment",
    )  # fmt: skip
    own += sum((row.amount.amount for row in order.charges if row.kind in discounts), Decimal(0))
    net = sum((line.line_gross.amount for line in matched.values()), Decimal(0))
    tax = sum((line.tax.amount for line in matched.values() if line.tax), Decimal(0))
    if not tax:
        return "unknown"
    return "tax_inclusive" if abs(own - net - tax) < abs(own - net) else "tax_exclusive"
