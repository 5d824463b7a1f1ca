"""One order as its seller fetches it: the richest source there is.

For sellers, their ERPs and forwarders: cents, lot sizes, discounts by owner, refunds, parcels, and
the only one with a commodity code (`extend_map`, ten digits, Chinese).
Source: `aliexpress.trade.new.redefining.findorderbyid` (`target`) and
`aliexpress.solution.order.info.get` (`result.data`). Times are America/Los_Angeles wall time. The
destination is `receipt_address.country`; `buyer_info.country` is only the account's.

>>> euro = lambda amount: {"amount": amount, "currency_code": "EUR"}
>>> order = {"id": 3031265788140007, "order_amount": euro("9.00"), "order_status": "FINISH",
...     "child_order_list": {"aeop_tp_child_order_dto": {"product_name": "Lens cap",
...     "product_count": 2, "product_price": euro("5.00")}}}
>>> reply = {"aliexpress_solution_order_info_get_response": {"result": {"data": order}}}
>>> read(reply, file="order.json")[0].charge("price_adjustment")
Decimal('-1.00')
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Final, Literal

import moneyed

from aliexpress_customs.errors import ReadError
from aliexpress_customs.invoice.dates import OPEN_PLATFORM_ZONE
from aliexpress_customs.invoice.draft import (
    assumed_quantity,
    destination,
    finished,
    order_time,
    required,
    same_currency,
    ships_from,
    times,
)
from aliexpress_customs.invoice.labels import open_platform_status
from aliexpress_customs.invoice.model import (
    ChargeKind,
    Discount,
    Invoice,
    InvoiceCharge,
    InvoiceLine,
    Party,
    Source,
)
from aliexpress_customs.invoice.node import Node
from aliexpress_customs.invoice.readers.open_platform import (
    address,
    body,
    chosen_options,
    inner_orders,
    parcel,
    plain,
)
from aliexpress_customs.invoice.reconcile import goods_sum, settle
from aliexpress_customs.invoice.text import clean_title, nested_json
from aliexpress_customs.model import Finding
from aliexpress_customs.money import EXACT, money

KIND: Final = "seller_order_info"
_APIS: Final = (
    "aliexpress_trade_new_redefining_findorderbyid",
    "aliexpress_solution_order_info_get",
    "aliexpress_trade_redefining_findorderbyid",
)
_HS: Final = re.compile(r"^\d{4,14}$")
_OWNERS: Final[dict[str, Literal["seller", "platform", "mixed"]]] = {
    "SELLER": "seller",
    "PLATFORM": "platform",
    "MIX": "mixed",
}
_REFUNDED: Final = "refund_ok"


def recognise(document: object) -> bool:
    """Whether it is one order of a seller."""
    return body(document, *_APIS) is not None or _bare(document) is not None


def orders(document: object) -> list[Node]:
    """The one order of the reply."""
    reply = body(document, *_APIS)
    found: object = _bare(document)
    if reply is not None:
        found = reply.get("target")
        result = reply.get("result")
        if found is None and isinstance(result, Mapping):
            found = result.get("data", result.get("target"))
    return [Node(one) for order in inner_orders(plain(found)) if isinstance(one := order, Mapping)]


def read(document: object, *, file: str) -> list[Invoice]:
    """The order of the reply."""
    return [read_order(order, file=file) for order in orders(document)]


def read_order(order: Node, *, file: str) -> Invoice:
    """One order."""
    total = order.money("order_amount", "init_oder_amount")
    children = order.nodes("child_order_list", name="lines")
    if not children:
        raise ReadError(
            "The order holds no lines.",
            code="no_lines",
            path="child_order_list",
            action="Ask the API for all blocks (ext_info_bit_flag) and save its answer.",
        )
    first = total or children[0].money("product_price")
    currency = required(order, first, "order_amount").currency.code
    categories = {
        product: node.id("category_id")
        for node in order.nodes("child_order_ext_info_list")
        if (product := node.id("product_id"))
    }
    lines = tuple(_line(child, currency, categories) for child in children)
    findings = [
        assumed_quantity(index)
        for index, child in enumerate(children)
        if not child.text("product_count")
    ]
    if total is not None and total.amount < 0:
        required(order, total, "order_amount")
    return finished(
        lambda: Invoice(
            source=Source(kind=KIND, file=file),
            order_id=order.id("id", "order_id"),
            status=open_platform_status(order.text("order_status"), order.text("fund_status")),
            ordered_at=order_time(order, "gmt_create", zone=OPEN_PLATFORM_ZONE),
            paid_at=order_time(order, "gmt_pay_success", zone=OPEN_PLATFORM_ZONE),
            finished_at=order_time(order, "gmt_trade_end", zone=OPEN_PLATFORM_ZONE),
            currency=currency,
            seller=Party(name=clean_title(order.text("seller_signer_fullname"))),
            buyer=_buyer(order),
            ship_to=address(order.node("receipt_address")),
            account_country=destination(order.node("buyer_info"), "country"),
            lines=lines,
            charges=_charges(order, lines, currency),
            total=total,
            refunded=_refund(order, currency),
            parcels=tuple(parcel(one) for one in order.nodes("logistic_info_list")),
            findings=tuple(findings),
        ),
        lambda invoice: settle(_with_owners(invoice, order.money("seller_order_amount"))),
    )


def _bare(document: object) -> Mapping[str, object] | None:
    """An order saved without the reply around it."""
    if isinstance(document, Mapping) and "child_order_list" in document:
        keys = {"order_amount", "receipt_address", "child_order_ext_info_list", "init_oder_amount"}
        has_id = "id" in document or "buyer_info" in document
        return document if has_id and keys & set(document) else None
    return None


def _line(child: Node, currency: str, categories: Mapping[str, str | None]) -> InvoiceLine:
    price = required(child, child.money("product_price"), "product_price")
    unit_price = same_currency(child, price, currency)
    quantity = child.whole("product_count", default=1)
    in_lots = child.text("product_unit").casefold() == "lot"
    variant = chosen_options(child.text("product_attributes"))
    extend = nested_json(child.text("extend_map"))
    code = str(extend.get("hscode", "")) if isinstance(extend, Mapping) else ""
    product = child.id("product_id")
    listed = child.money("init_order_amt")
    return InvoiceLine(
        line_id=child.id("child_order_id", "id"),
        product_id=product,
        sku_id=child.id("sku_id"),
        sku_code=child.text("sku_code")[:128],
        title=clean_title(child.text("product_name")),
        title_raw=child.text("product_name"),
        variant=variant,
        category_id=categories.get(product or ""),
        quantity=quantity,
        unit="lot" if in_lots else "piece",
        lot_size=max(1, child.whole("lot_num", default=1)) if in_lots else 1,
        unit_price=unit_price,
        list_price=same_currency(child, listed, currency) if listed else None,
        line_gross=times(unit_price, quantity),
        discounts=_discounts(child, currency),
        hs_code_hint=code if _HS.match(code) else None,
        ships_from=ships_from(variant),
        refund=_refund(child, currency),
    )


def _discounts(child: Node, currency: str) -> tuple[Discount, ...]:
    """Discounts of a line by owner; else the one sum the reply states."""
    found = []
    for detail in child.nodes("child_order_discount_detail_list"):
        amount = detail.money("discount_detail")
        if amount is not None and amount.amount:
            found.append(
                Discount(
                    owner=_OWNERS.get(detail.text("promotion_owner"), "unknown"),
                    type=detail.text("promotion_type"),
                    amount=abs(same_currency(detail, amount, currency)),
                )
            )
    whole = child.money("child_order_discount_info")
    if not found and whole is not None and whole.amount:
        found.append(Discount(amount=abs(same_currency(child, whole, currency))))
    return tuple(found)


def _charges(
    order: Node, lines: tuple[InvoiceLine, ...], currency: str
) -> tuple[InvoiceCharge, ...]:
    """Freight of the order, and its discount where the lines do not already state it."""
    rows = []
    freight = order.money("logistics_amount")
    if freight is not None:
        rows.append(_row("shipping", same_currency(order, freight, currency), "logistics_amount"))
    discount = order.money("order_discount_info")
    if discount is not None and discount.amount and not any(line.discounts for line in lines):
        taken = -abs(same_currency(order, discount, currency))
        rows.append(_row("price_adjustment", taken, "order_discount_info"))
    return tuple(rows)


def _row(
    kind: ChargeKind, amount: moneyed.Money, label: str, *, derived: bool = False
) -> InvoiceCharge:
    return InvoiceCharge(kind=kind, label=label, amount=amount, derived=derived)


def _with_owners(invoice: Invoice, seller_amount: moneyed.Money | None) -> Invoice:
    """Split a missing discount: down to the seller's amount it is his, the rest the platform's.

    `seller_order_amount` is the amount before discounts the platform pays.
    """
    stated = any(line.discounts for line in invoice.lines) or len(invoice.charges) > 1
    if seller_amount is None or invoice.total is None or stated:
        return invoice
    if seller_amount.currency.code != invoice.currency:
        return invoice
    rows = EXACT.add(goods_sum(invoice), invoice.charge("shipping") or Decimal(0))
    seller_part = EXACT.subtract(seller_amount.amount, rows)
    platform_part = EXACT.subtract(invoice.total.amount, seller_amount.amount)
    if seller_part > 0 or platform_part > 0 or not (seller_part or platform_part):
        return invoice
    parts: tuple[tuple[ChargeKind, Decimal], ...] = (
        ("seller_discount", seller_part),
        ("platform_coupon", platform_part),
    )
    found = tuple(
        _row(kind, money(amount, invoice.currency), "from seller_order_amount", derived=True)
        for kind, amount in parts
        if amount
    )
    note = Finding(
        code="discount_derived",
        message="No discount is stated; it follows from the amounts before and after the "
        "platform's discounts.",
        action="Customs may treat discounts paid by the platform differently.",
        path="charges",
    )
    return invoice.model_copy(
        update={"charges": (*invoice.charges, *found), "findings": (*invoice.findings, note)}
    )


def _buyer(order: Node) -> Party:
    info = order.node("buyer_info")
    name = " ".join(part for part in (info.text("first_name"), info.text("last_name")) if part)
    cpf = order.text("cpf_number")
    return Party(
        name=name or order.text("buyer_signer_fullname"), tax_ids={"cpf": cpf} if cpf else {}
    )


def _refund(node: Node, currency: str) -> moneyed.Money | None:
    info = node.node("refund_info")
    if info.text("refund_status") != _REFUNDED:
        return None
    amount = info.money("refund_cash_amt")
    return same_currency(info, amount, currency) if amount is not None else None
