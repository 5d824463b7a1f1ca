"""The Australian GST notice, from the text of its PDF in any of the orders tools print it in.

For Australian buyers and bookkeepers. Source: notices of 2025 (`NOTICE`, `Platform GST Number`,
`Notice no.`), in CNY or USD, never AUD. Prices are line totals without GST. The order id is only in
the name of the download, `<order id>_payment.pdf`.

>>> text = '''NOTICE
... Supplier name Some Store
... Platform name
... Platform GST Number 3000 1351 4525
... Date of issue Notice no.
... 2025/08/29 B1020250829000001
... (CNY) (CNY) (CNY)
... Sanding pad 5 inch
... 5 103.60 10.0 % 10.36 113.96
... Delivery Charge 19.42 10.0 % 1.94 21.36
... Total amount inclusive of GST in CNY 12.30 135.32'''
>>> invoice = read(Plain(text), file="8200000000000007_payment.pdf")[0]
>>> invoice.order_id, invoice.lines[0].unit_price, invoice.reconciliation.level
('8200000000000007', Money('20.72', 'CNY'), 'ok')
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final, NamedTuple

from aliexpress_customs.errors import ReadError
from aliexpress_customs.invoice.dates import parse_date
from aliexpress_customs.invoice.draft import assumed_quantity, finished
from aliexpress_customs.invoice.model import (
    Address,
    Invoice,
    InvoiceCharge,
    InvoiceLine,
    Party,
    Source,
)
from aliexpress_customs.invoice.node import Node
from aliexpress_customs.invoice.plain import Plain
from aliexpress_customs.invoice.reconcile import settle
from aliexpress_customs.invoice.text import clean_title
from aliexpress_customs.model import Finding
from aliexpress_customs.money import money, round_to

KIND: Final = "au_gst_notice"
_UNIT_STEP: Final = Decimal("0.000001")
_DELIVERY: Final = "delivery charge"
_AMOUNT: Final = r"\d{1,3}(?:,\d{3})+\.\d{2}|\d{1,12}\.\d{2}"
_NUMBERS: Final = re.compile(
    rf"(?:(?<!\S)(?P<quantity>\d{{1,6}})\s{{1,400}})?(?<!\S)(?P<net>{_AMOUNT})\s{{1,400}}"
    rf"(?P<rate>\d{{1,2}}(?:\.\d{{1,2}})?)\s?%\s{{1,400}}(?P<gst>{_AMOUNT})\s{{1,400}}(?P<gross>{_AMOUNT})"
)
_TOTAL: Final = re.compile(
    rf"Total amount inclusive of GST in ([A-Z]{{3}})\s{{1,400}}({_AMOUNT})\s{{1,400}}({_AMOUNT})"
)
_GST_NUMBER: Final = re.compile(r"Platform GST Number\s{1,400}(\d[\d ]{6,20}\d)")
_SUPPLIER: Final = re.compile(r"Supplier name\s{1,400}(\S[^\n]{0,300})")
_ISSUED: Final = re.compile(r"(?<!\d)(\d{4}[/-]\d{1,2}[/-]\d{1,2})(?!\d)")
_NOTICE_NO: Final = re.compile(r"\b([A-Z]\d{10,24})\b")
_START: Final = re.compile(r"^[ \t]*NOTICE[ \t]*$", re.MULTILINE)
_FILE_ID: Final = re.compile(r"(?<!\d)(\d{15,17})(?!\d)")
_INDENT: Final = 8
"""Blanks before a row of numbers that stands beside its title, not below it."""


class Row(NamedTuple):
    """One row of the notice; amounts as printed, without grouping commas."""

    title: str
    quantity: str
    net: str
    gst: str
    gross: str


def recognise(document: object) -> bool:
    """Whether it is the text of a notice."""
    return (
        isinstance(document, Plain)
        and "Platform GST Number" in document.text
        and "Total amount inclusive of GST" in document.text
    )


def orders(document: object) -> list[Node]:
    """One node a notice; a text may hold several, or one of them twice."""
    text = document.text if isinstance(document, Plain) else ""
    starts = [match.start() for match in _START.finditer(text)] or [0]
    pieces = [text[a:b] for a, b in zip(starts, [*starts[1:], len(text)], strict=True)]
    nodes: dict[str, Node] = {}
    for index, piece in enumerate(pieces):
        if _TOTAL.search(piece):
            number = _NOTICE_NO.search(piece)
            nodes.setdefault(number[1] if number else f"#{index}", Node({"text": piece}))
    return [Node({**node.fields, "lone": len(nodes) == 1}) for node in nodes.values()]


def read(document: object, *, file: str) -> list[Invoice]:
    """All notices of the text."""
    return [read_order(order, file=file) for order in orders(document)]


def read_order(order: Node, *, file: str) -> Invoice:
    """One notice."""
    text = str(order.fields.get("text", ""))
    total = _TOTAL.search(text)
    if total is None:
        raise ReadError("The notice has no total.", code="no_total", action="Download it again.")
    currency = total[1]
    rows = list(_rows(text[: total.start()], currency))
    goods = [row for row in rows if row.title.casefold() != _DELIVERY]
    if not goods:
        raise ReadError("The notice holds no lines.", code="no_lines", action="Download it again.")
    findings = [assumed_quantity(index) for index, row in enumerate(goods) if not row.quantity]
    findings += [_wrong_row(i) for i, row in enumerate(rows) if not _adds_up(row)]
    if sum(Decimal(row.gst) for row in rows) != Decimal(_plain(total[2])):
        findings.append(_wrong_row(len(rows)))
    ids = set(_FILE_ID.findall(file)) if order.fields.get("lone") else set()
    issued = _ISSUED.search(text)
    number = _NOTICE_NO.search(text)
    gst = _GST_NUMBER.search(text)
    supplier = _SUPPLIER.search(text)
    moment = parse_date(issued[1]) if issued else None
    tax = InvoiceCharge(kind="tax_added", label="GST", amount=money(_plain(total[2]), currency))
    freight = [row for row in rows if row.title.casefold() == _DELIVERY]
    shipping = [
        InvoiceCharge(kind="shipping", label="Delivery Charge", amount=money(row.net, currency))
        for row in freight
    ]
    return finished(
        lambda: Invoice(
            source=Source(kind=KIND, file=file),
            document_type="tax_invoice",
            document_no=number[1] if number else "",
            issue_date=moment.date if moment else None,
            order_id=ids.pop() if len(ids) == 1 else None,
            ordered_at=moment,
            currency=currency,
            seller=Party(name=clean_title(supplier[1]) if supplier else ""),
            platform=Party(tax_ids={"gst": gst[1].replace(" ", "")}) if gst else None,
            ship_to=Address(country="AU"),
            lines=tuple(_line(row, currency) for row in goods),
            charges=(*shipping, tax),
            total=money(_plain(total[3]), currency),
            findings=tuple(findings),
        ),
        settle,
    )


def _rows(text: str, currency: str) -> Iterator[Row]:
    """The rows, with their titles put together again."""
    mark = rf"(?:\({currency}\)\s{{1,400}}){{2,3}}"
    heads = list(re.finditer(mark, text))
    body = text[heads[0].end() :] if heads else text
    for head in heads[1:]:  # the header again, on a further page
        body = body.replace(head[0], "\n")
    if _beside(body):
        yield from _rows_beside(body)
        return
    end = 0
    for match in _NUMBERS.finditer(body):
        yield _row(body[end : match.start()], match)
        end = match.end()


def _beside(body: str) -> bool:
    """Whether rows of numbers stand beside the middle of their titles, as the page shows them."""
    return any(
        (match := _NUMBERS.search(line)) is not None
        and not line[: match.start()].strip()
        and match.start() >= _INDENT
        for line in body.splitlines()
    )


def _rows_beside(body: str) -> Iterator[Row]:
    """Rows printed as the page shows them: a title has as many lines above its numbers as below."""
    lines = [line for line in body.splitlines() if line.strip()]
    numbered = [index for index, line in enumerate(lines) if _NUMBERS.search(line)]
    start = 0
    for index in numbered:
        match = _NUMBERS.search(lines[index])
        assert match is not None  # noqa: S101 - that is how they were chosen
        end = index + 1 + (index - start)
        parts = [*lines[start:index], lines[index][: match.start()], *lines[index + 1 : end]]
        yield _row(" ".join(parts), match)
        start = end


def _row(title: str, match: re.Match[str]) -> Row:
    return Row(
        clean_title(title),
        match["quantity"] or "",
        _plain(match["net"]),
        _plain(match["gst"]),
        _plain(match["gross"]),
    )


def _plain(amount: str) -> str:
    return amount.replace(",", "")


def _adds_up(row: Row) -> bool:
    return Decimal(row.net) + Decimal(row.gst) == Decimal(row.gross)


def _line(row: Row, currency: str) -> InvoiceLine:
    quantity = int(row.quantity or 1)
    net = money(row.net, currency)
    unit = net.amount / quantity if quantity else net.amount
    exact = unit.quantize(Decimal("0.01"))
    return InvoiceLine(
        title=row.title,
        title_raw=row.title,
        quantity=quantity,
        unit_price=money(exact if exact == unit else round_to(unit, _UNIT_STEP), currency),
        price_basis="tax_exclusive",
        line_gross=net,
        tax=money(row.gst, currency),
    )


def _wrong_row(index: int) -> Finding:
    return Finding(
        code="row_does_not_add_up",
        message="Price and GST of a row of the notice do not make what it says.",
        action="Download the notice again.",
        path=f"rows[{index}]",
    )
