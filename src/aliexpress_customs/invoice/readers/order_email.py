# ruff: noqa: RUF001 - the multiplication sign is what mails print
"""The mails of AliExpress about orders: order id, price, quantity and total, German or English.

For buyers with nothing else at hand. Source: mails of `transaction@notice.aliexpress.com`, 2026:
one order with its details (unit price and quantity, `€ 1,99x1`), or several with totals only, the
number of the list glued to the order id. Titles are cut after about 30 letters: not fit for
customs, read the order's page.

>>> text = '''Order details
... Placed on Jan 01,2026, 12:00
... Some Store
... USB-C cable...
... € 1,99x2
... Order number
... 9999999999990901
... Order total
... 3,98€'''
>>> mail = Mail("AliExpress <transaction@notice.aliexpress.com>", "Order shipped", "", text, "")
>>> invoice = read(mail, file="mail.eml")[0]
>>> invoice.order_id, invoice.total, invoice.status
('9999999999990901', Money('3.98', 'EUR'), 'shipped')
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from aliexpress_customs.errors import AmountError, ReadError
from aliexpress_customs.invoice.dates import parse_date
from aliexpress_customs.invoice.draft import finished, times
from aliexpress_customs.invoice.localised import currency_of, parse_price
from aliexpress_customs.invoice.model import (
    UNKNOWN_CURRENCY,
    Address,
    Invoice,
    InvoiceLine,
    OrderStatus,
    OrderTime,
    Party,
    Source,
)
from aliexpress_customs.invoice.node import Node
from aliexpress_customs.invoice.plain import Mail, lines_of
from aliexpress_customs.invoice.readers.mail_words import (
    FIRST_LINES,
    ORDER_IN_TEXT,
    ORDER_LABEL,
    PLACED,
    SHIP_TO,
    STATUSES,
    TOTAL,
)
from aliexpress_customs.invoice.reconcile import settle_without_rows
from aliexpress_customs.invoice.text import clean_title
from aliexpress_customs.model import Finding
from aliexpress_customs.money import money

KIND: Final = "order_email"
_PRICED: Final = re.compile(r"^(\S.{0,40}?\d.{0,20}?)\s?[x×]\s?(\d{1,4})$")
_COUNT: Final = re.compile(r"^[x×]\s?(\d{1,4})$")
_LISTED: Final = re.compile(r"^(?:Bestellung|Order)\s?#?\s?(\d{16,19})\b")
_ID: Final = re.compile(r"(?<!\d)(\d{16})(?!\d)")
_LINK: Final = re.compile(r"tradeOrderId(?:=|%3D)(\d{15,17})(?!\d)")
_ORDER_ID_DIGITS: Final = 16


def recognise(document: object) -> bool:
    """Whether it is a mail of the shop, also a forwarded one."""
    return isinstance(document, Mail) and (
        "aliexpress" in document.sender.casefold()
        or "aliexpress" in (document.text + document.html_text).casefold()
    )


def orders(document: object) -> list[Node]:
    """One node an order, with its part of the text."""
    if not isinstance(document, Mail):
        return []
    shared = {"subject": document.subject, "date": document.date}
    found: list[Node] = []
    for text in (document.text, document.html_text):
        found = [Node({**shared, **order}) for order in _sections(lines_of(text))]
        if found:
            break
    if not found:
        everything = "\n".join((document.subject, document.text, document.html_text))
        ids = dict.fromkeys([*ORDER_IN_TEXT.findall(everything), *_LINK.findall(everything)])
        found = [Node({**shared, "order_id": order_id, "lines": []}) for order_id in ids]
    return found


def read(document: object, *, file: str) -> list[Invoice]:
    """All orders of the mail."""
    return [read_order(order, file=file) for order in orders(document)]


def read_order(order: Node, *, file: str) -> Invoice:
    """One order of a mail; without prices it tells only the order's status."""
    listed = order.fields.get("lines")
    lines = [str(line) for line in listed] if isinstance(listed, list) else []
    total_text = _after(lines, TOTAL)
    prices = [total_text, *(match[1] for line in lines if (match := _PRICED.match(line)))]
    known = [code for text in prices if (code := currency_of(text))]
    if len(set(known)) > 1:
        raise ReadError(
            "The mail prints prices in several currencies.",
            code="currency_contradiction",
            action="Read the order's page instead.",
        )
    currency = known[0] if known else UNKNOWN_CURRENCY
    total = money(parse_price(total_text, currency), currency) if total_text else None
    items, store = _items(lines, currency)
    address = _after(lines, SHIP_TO)
    if not items and total is not None:
        items = _one_item(lines, Node({"total": total_text}))
    findings = _findings(items, known)
    return finished(
        lambda: Invoice(
            source=Source(kind=KIND, file=file),
            document_type="email",
            order_id=order.id("order_id"),
            status=_status(order.text("subject")),
            ordered_at=_placed(lines),
            currency=currency,
            seller=Party(name=clean_title(store)),
            ship_to=Address(lines=(address,)) if address else None,
            lines=tuple(items),
            total=total,
            findings=tuple(findings),
        ),
        settle_without_rows if items else _unsettled,
    )


def _unsettled(invoice: Invoice) -> Invoice:
    return invoice


def _sections(lines: list[str]) -> list[dict[str, object]]:
    """The lines of each order: listed one after the other, or one with its details."""
    heads = [(i, match[1]) for i, line in enumerate(lines) if (match := _LISTED.match(line))]
    totals = [line for line in lines if TOTAL.match(line)]
    if heads and totals:
        ends = [index for index, _ in heads[1:]] + [len(lines)]
        return [
            {
                "order_id": digits[-_ORDER_ID_DIGITS:],
                "lines": lines[start + 1 : end],
                "listed": True,
            }
            for (start, digits), end in zip(heads, ends, strict=True)
        ]
    found: list[dict[str, object]] = []
    start = 0
    for index, line in enumerate(lines):
        label = ORDER_LABEL.match(line)
        following = " ".join(lines[index : index + 2]) if label else ""
        number = _ID.search(following)
        if number and (not found or found[-1]["order_id"] != number[1]):
            end = next(
                (i for i in range(index + 1, len(lines)) if _PRICED.match(lines[i])), len(lines)
            )
            found.append({"order_id": number[1], "lines": lines[start:end]})
            start = index + 2
    return [one for one in found if one["lines"]]


def _items(lines: list[str], currency: str) -> tuple[list[InvoiceLine], str]:
    """Lines printed with their unit price, and the store above them."""
    items: list[InvoiceLine] = []
    store, above = "", 0
    placed = [i for i, line in enumerate(lines) if PLACED.match(line) or FIRST_LINES.match(line)]
    if placed:
        above = placed[-1] + 1
        if PLACED.fullmatch(lines[above - 1]):
            above += 1
    for index, line in enumerate(lines):
        match = _PRICED.match(line)
        if not match or index < above:
            continue
        before = lines[above:index][-3:]
        if not items and len(before) > 1:
            store, before = before[0], before[1:]
        try:
            unit = money(parse_price(match[1], currency), currency)
        except AmountError:
            continue  # a title such as "Cable 2 m x 3" looks like a price; it stays with its line
        above = index + 1
        title = before[0] if before else ""
        items.append(_line(title, int(match[2]), times(unit, int(match[2])).amount, currency))
    return items, store


def _one_item(lines: list[str], total: Node) -> list[InvoiceLine]:
    """The line of an order that prints its total and only one article."""
    counts = [(i, int(match[1])) for i, line in enumerate(lines) if (match := _COUNT.match(line))]
    if len(counts) != 1:
        raise ReadError(
            "The mail prints several articles and only their total.",
            code="missing_price",
            path="lines",
            action="Read the order's page instead.",
        )
    code = currency_of(total.text("total")) or UNKNOWN_CURRENCY
    amount = parse_price(total.text("total"), code)
    return [_line(lines[0] if counts[0][0] else "", counts[0][1], amount, code)]


def _line(title: str, quantity: int, gross: object, currency: str) -> InvoiceLine:
    whole = money(str(gross), currency)
    return InvoiceLine(
        title=clean_title(title),
        title_raw=title,
        quantity=quantity,
        unit_price=money(_unit(whole.amount, quantity), currency),
        line_gross=whole,
    )


def _unit(gross: Decimal, quantity: int) -> Decimal:
    unit = gross / quantity if quantity else gross
    cents = unit.quantize(Decimal("0.01"))
    return cents if cents == unit else unit.quantize(Decimal("0.000001"))


def _after(lines: list[str], label: re.Pattern[str]) -> str:
    """What stands behind a label, or on the line below it."""
    for index, line in enumerate(lines):
        match = label.match(line)
        if match:
            rest = line[match.end() :].strip(" :")
            if rest:
                return rest
            return lines[index + 1] if index + 1 < len(lines) else ""
    return ""


def _placed(lines: list[str]) -> OrderTime | None:
    text = _after(lines, PLACED)
    try:
        return parse_date(text) if text else None
    except AmountError:
        return None  # a mail's date is no reason to refuse the order


def _status(subject: str) -> OrderStatus:
    folded = subject.casefold()
    return next((status for word, status in STATUSES if word in folded), "unknown")


def _findings(items: list[InvoiceLine], known: list[str]) -> list[Finding]:
    found = [
        Finding(
            code="title_cut",
            message="The mail cuts titles; they do not say what the goods are.",
            action="Read the order's page for the full title.",
            path=f"lines[{index}].title",
        )
        for index, item in enumerate(items)
        if item.title.endswith(("...", "…"))
    ]
    if items and not known:
        found.append(
            Finding(
                code="currency_missing",
                message="The mail prints symbols only; amounts are in XXX until it is known.",
                action="Read the order's page beside it.",
                path="currency",
                severity="error",
            )
        )
    return found
