"""The buyer's refunds: the list of cases, and the page of one case with the amount.

For whoever declares what is really sent. Source:
`mtop.aliexpress.buyer.reverse.queryreverseorderpagelistforbuyer` (cases; `itemUnitPrice` is the
price, not what was paid back) and `reverseOrderLineRenderForBuyer` (`reverseFinishInfo.refundInfo`,
the amount). Read beside the order they lower or remove its lines; alone they are an invoice of type
`refunds`, whose lines are marked cancelled because they are not goods to declare.

>>> price = {"cent": 5617, "currency": "BRL"}
>>> case = {"tradeOrderId": "1", "tradeOrderLineId": "2", "reverseType": "RETURN",
...     "aeItemDTO": {"itemCount": 3, "itemTitle": "Lamp", "itemUnitPrice": price}}
>>> reply = {"data": {"module": {"items": [{"reverseOrderLines": [case]}]}}}
>>> line = read(reply, file="refunds.json")[0].lines[0]
>>> line.unit_price, line.refund, line.cancelled
(Money('56.17', 'BRL'), None, True)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Final

import moneyed

from aliexpress_customs.errors import AmountError
from aliexpress_customs.invoice.draft import required, times
from aliexpress_customs.invoice.localised import currency_of, parse_price
from aliexpress_customs.invoice.model import Invoice, InvoiceLine, Party, Source, Variant
from aliexpress_customs.invoice.node import Node
from aliexpress_customs.invoice.text import clean_title
from aliexpress_customs.model import Finding
from aliexpress_customs.money import EXACT, decimals, money

KIND: Final = "mtop_refunds"
_LIST_API: Final = "queryreverseorderpagelistforbuyer"
_CASE_API: Final = "reverseorderlinerenderforbuyer"
_AMOUNTS: Final = (
    "refundAmount",
    "refundCashAmount",
    "actualRefundAmount",
    "totalRefundAmount",
    "refundAmountInfo",
    "amount",
    "refundFee",
)
"""Names of the amount inside `refundInfo`, the most exact first."""


def recognise(document: object) -> bool:
    """Whether it is the list of cases, or the page of one."""
    if not isinstance(document, Mapping):
        return False
    api = str(document.get("api", "")).casefold()
    return api.endswith((_LIST_API, _CASE_API)) or any(True for _ in _cases(document))


def orders(document: object) -> list[Node]:
    """One node an order: its cases."""
    by_order: dict[str, list[Mapping[str, object]]] = {}
    shops: dict[str, object] = {}
    for case, shop in _cases(document) if isinstance(document, Mapping) else ():
        key = str(case.get("tradeOrderId") or "")
        by_order.setdefault(key, []).append(case)
        shops[key] = shop
    return [
        Node({"orderId": key or None, "cases": cases, "shopName": shops[key]})
        for key, cases in by_order.items()
    ]


def read(document: object, *, file: str) -> list[Invoice]:
    """The refunds of each order."""
    return [read_order(order, file=file) for order in orders(document)]


def read_order(order: Node, *, file: str) -> Invoice:
    """The refunds of one order."""
    lines = tuple(_line(case) for case in order.nodes("cases", name="lines"))
    currency = lines[0].unit_price.currency.code
    if any(line.unit_price.currency.code != currency for line in lines):
        raise AmountError(
            "The refunds of an order are in several currencies.",
            code="currency_contradiction",
            action="Save the page again.",
        )
    findings = [
        Finding(
            code="part_of_an_order",
            message="These are the refunds of an order, not the order.",
            action="Read the order's page together with it.",
            severity="info",
        )
    ]
    if any(line.refund is None for line in lines):
        findings.append(
            Finding(
                code="refund_amount_unknown",
                message="A refund case does not say how much was paid back.",
                action="Save the page of the case, which states the amount.",
                path="lines",
            )
        )
    known = [line.refund for line in lines if line.refund is not None]
    return Invoice(
        source=Source(kind=KIND, file=file),
        document_type="refunds",
        order_id=order.id("orderId"),
        currency=currency,
        seller=Party(name=clean_title(order.text("shopName"))),
        lines=lines,
        refunded=(
            money(sum((one.amount for one in known), Decimal(0)), currency) if known else None
        ),
        findings=tuple(findings),
    )


def _cases(document: Mapping[str, object]) -> Iterator[tuple[Mapping[str, object], object]]:
    """Each case with its shop, in the list or alone on its page."""
    data = document.get("data")
    module = data.get("module", data) if isinstance(data, Mapping) else document
    if not isinstance(module, Mapping):
        return
    items = module.get("items")
    for item in items if isinstance(items, list) else ():
        listed = item.get("reverseOrderLines") if isinstance(item, Mapping) else None
        for case in listed if isinstance(listed, list) else ():
            if isinstance(case, Mapping):
                yield case, item.get("shopName")
    if "reverseFinishInfo" in module:
        inner = next(
            (
                part
                for key in ("reverseOrderLine", "reverseOrderLineDTO", "reverseOrderInfo")
                if isinstance(part := module.get(key), Mapping)
            ),
            {},
        )
        yield {**inner, **module}, module.get("shopName")


def _line(case: Node) -> InvoiceLine:
    item = case.node("aeItemDTO", "itemInfo")
    refund = _refund(case)
    quantity = item.whole("itemCount", default=1)
    unit = _amount(item, "itemUnitPrice")
    if unit is None and refund is not None and quantity:
        unit = money(0, refund.currency.code)
    price = required(item, unit, "itemUnitPrice")
    return InvoiceLine(
        line_id=case.id("tradeOrderLineId"),
        product_id=item.id("itemId"),
        title=clean_title(item.text("itemTitle")),
        title_raw=item.text("itemTitle"),
        variant=tuple(
            Variant(name="", value=clean_title(chosen.text("skuValue")))
            for chosen in item.nodes("skuDTOList")
        ),
        quantity=quantity,
        unit_price=price,
        line_gross=times(price, quantity),
        refund=refund,
        cancelled=True,
    )


def _refund(case: Node) -> moneyed.Money | None:
    """What was paid back, if the case is finished and says so."""
    info = case.node("reverseFinishInfo").node("refundInfo")
    for key in _AMOUNTS:
        if info.fields.get(key) is not None:
            return _amount(info, key)
    return _amount(Node({"refundInfo": info.fields}), "refundInfo") if info.fields else None


def _amount(node: Node, key: str) -> moneyed.Money | None:
    """An amount as cents with its currency, or as text that names its currency."""
    value = node.fields.get(key)
    if isinstance(value, str):
        code = currency_of(value)
        return money(parse_price(value, code), code) if code else None
    if not isinstance(value, Mapping):
        return None
    inner = Node(value, node.at(key))
    code = inner.text("currency", "currencyCode")
    cent = value.get("cent")
    if not code or isinstance(cent, bool) or not str(cent).lstrip("-").isdigit():
        text = inner.text("formatMoney", "formatedAmount", "formattedAmount")
        return inner.price("formatMoney", currency=code) if code and text else None
    if len(str(cent)) > 18:
        raise inner.wrong("cent", "a whole number of cents", kind=AmountError)
    places = decimals(code)
    return money(Decimal(int(str(cent))).scaleb(-places, EXACT), code)
