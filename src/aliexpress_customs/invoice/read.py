"""`read`: any source of AliExpress orders to a list of `Invoice`; the kind is found from content.

>>> text = '{"orderId": "7", "orderTotal": "€ 2,00", "subOrders": [{"amount": "€ 2,00"}]}'
>>> [(invoice.order_id, invoice.total) for invoice in read(text)]
[('7', Money('2.00', 'EUR'))]
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, Protocol

from aliexpress_customs.errors import (
    AliExpressCustomsError,
    AmountError,
    ReadError,
    UnknownFormatError,
    UsageError,
)
from aliexpress_customs.invoice.envelope import (
    LARGEST_FILE,
    Document,
    check_shape,
    decode,
    parse,
    too_large,
    unwrap,
)
from aliexpress_customs.invoice.model import Invoice
from aliexpress_customs.invoice.node import Node
from aliexpress_customs.invoice.readers import READERS, Reader
from aliexpress_customs.invoice.text import mend
from aliexpress_customs.model import Finding

LONGEST_PATH: Final = 4096
"""Characters; longer text cannot be a path."""

_ORDER_APIS: Final = (
    "mtop.aliexpress.trade.buyer.order.",
    "mtop.global.finance.taxation.invoice.queryorderreceiptinfo",
)


class Readable(Protocol):
    """A file object, binary or text."""

    def read(self, size: int = ..., /) -> bytes | str:
        """At most `size` bytes or characters."""


Readings = str | bytes | os.PathLike[str] | Readable | Mapping[str, object] | Sequence[object]
"""What `read` takes: a path, JSON text or bytes, a file object, or parsed JSON."""


@dataclass(frozen=True, slots=True)
class ReadReport:
    """What could be read, and what could not."""

    invoices: list[Invoice]
    errors: list[AliExpressCustomsError]
    """One for each order or part that could not be read; `path` says which."""


def read(source: Readings, *, on_error: Literal["raise", "collect"] = "raise") -> list[Invoice]:
    """All orders of a source.

    Args:
        source: a path, the JSON itself as text or bytes, a file object, or parsed JSON.
        on_error: `raise` stops at the first order that cannot be read. `collect` leaves such
            orders out and notes on each of the others, as a finding, how many are missing.

    Raises:
        UnknownFormatError: the content is of no known kind.
        ReadError: it is damaged, or with `collect` nothing in it can be read.
        AmountError: an amount or date in it is none.
        UsageError: the source is of a type that cannot be read.
    """
    if on_error not in {"raise", "collect"}:
        raise UsageError("on_error is neither 'raise' nor 'collect'.", action="Pass one of them.")
    report = read_report(source)
    if report.errors and (on_error == "raise" or not report.invoices):
        raise report.errors[0]
    if not report.errors:
        return report.invoices
    note = Finding(
        code="orders_left_out",
        message=f"{len(report.errors)} other order(s) of the same source could not be read.",
        action="See read_report(source).errors.",
        path=report.errors[0].path,
    )
    return [
        invoice.model_copy(update={"findings": (*invoice.findings, note)})
        for invoice in report.invoices
    ]


def read_report(source: Readings) -> ReadReport:
    """All orders of a source that can be read, and an error for each that cannot.

    Never raises for what a source contains; an unreadable source gives a report with one error.

    Raises:
        UsageError: the source is of a type that cannot be read.
    """
    file = ""
    try:
        value, file = _load(source)
        documents = list(unwrap(value))
    except UsageError:
        raise
    except AliExpressCustomsError as error:
        return ReadReport([], [_placed(error, file or _name(source), "")])
    invoices: list[Invoice] = []
    errors: list[AliExpressCustomsError] = []
    for document in documents:
        for result in _document(document, file):
            if isinstance(result, Invoice):
                invoices.append(result)
            else:
                errors.append(result)
    if not invoices and not errors:
        errors.append(_nothing(file))
    return ReadReport(_richest(invoices), errors)


def _load(source: Readings) -> tuple[object, str]:
    """The parsed value and the base name of its file."""
    if isinstance(source, str) and _is_text(source):
        return parse(source), ""
    if isinstance(source, bytes | bytearray | memoryview):
        return parse(decode(bytes(source))), ""
    if isinstance(source, str | os.PathLike):
        return parse(decode(_bytes(Path(source)))), _name(source)
    if isinstance(source, Mapping | list | tuple):
        value = list(source) if isinstance(source, tuple) else source
        check_shape(value)
        return value, ""
    if hasattr(source, "read"):
        content = source.read(LARGEST_FILE + 1)
        text = content if isinstance(content, str) else decode(content)
        return parse(text), _name(source)
    raise UsageError(
        "The source is neither a path, JSON, a file object nor parsed JSON.",
        action="Pass for example a path.",
    )


def _is_text(source: str) -> bool:
    """Whether a string is content rather than a path."""
    head = source[:200].lstrip("\ufeff \t\r\n")
    return (
        head[:1] in {"{", "[", "<", ""}
        or "\n" in source[:LONGEST_PATH]
        or len(source) > LONGEST_PATH
        or ("(" in head and "{" in head)
    )


def _bytes(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise ReadError("The path is a folder.", action="Pass one file of it.")
        with path.open("rb") as stream:
            data = stream.read(LARGEST_FILE + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "bad path"
        raise ReadError(
            f"The file cannot be opened: {reason}.",
            code="cannot_open",
            action="Check the path and the permissions.",
        ) from None
    if len(data) > LARGEST_FILE:
        raise too_large()
    return data


def _name(source: object) -> str:
    """Base name of a file, without its folder."""
    named = getattr(source, "name", "") if hasattr(source, "read") else source
    if isinstance(named, str | os.PathLike) and not (isinstance(named, str) and _is_text(named)):
        return mend(Path(named).name)[:255]
    return ""


def _document(document: Document, file: str) -> Iterator[Invoice | AliExpressCustomsError]:
    """The orders of one document, each read or with its error."""
    enveloped = bool(document.path)
    asked = any(api in document.url.casefold() for api in _ORDER_APIS)
    if document.error is not None:
        if asked:
            yield _placed(document.error, file, document.path)
        return
    if error := _refusal(document.value):
        if asked or not enveloped:
            yield _placed(error, file, document.path)
        return
    reader = next((one for one in READERS if one.recognise(document.value)), None)
    if reader is None:
        if not enveloped:
            yield _nothing(file)
        return
    try:
        orders = reader.orders(document.value)
    except AliExpressCustomsError as error:
        yield _placed(error, file, document.path)
        return
    if not orders:
        yield _placed(_empty(), file, document.path)
    for index, order in enumerate(orders):
        yield _order(reader, order, index, file, document.path)


def _order(
    reader: Reader, order: Node, index: int, file: str, place: str
) -> Invoice | AliExpressCustomsError:
    try:
        return reader.read_order(order, file=file)
    except AliExpressCustomsError as error:
        return _placed(error, file, place, f"orders[{index}]{_order_id(order)}")
    except (ArithmeticError, OverflowError):
        odd = AmountError(
            "The amounts of an order cannot be computed with.", action="Check it for damage."
        )
        return _placed(odd, file, place, f"orders[{index}]{_order_id(order)}")


def _order_id(order: Node) -> str:
    for key in ("orderId", "order_id", "id"):
        value = order.fields.get(key)
        text = str(value) if isinstance(value, str | int) else ""
        if text.isascii() and text.isdigit() and len(text) <= 24:
            return f" (order {text})"
    return ""


def _placed(error: AliExpressCustomsError, file: str, *places: str) -> AliExpressCustomsError:
    """The same error with file and order before its path."""
    path = ": ".join(part for part in (file, *places, error.path) if part)
    return type(error)(error.message, code=error.code, path=path, action=error.action)


def _refusal(value: object) -> ReadError | None:
    """The error a reply of AliExpress itself reports."""
    if not isinstance(value, Mapping):
        return None
    refused = value.get("error_response")
    if isinstance(refused, Mapping):
        node = Node(refused)
        codes = [str(node.get(key)[1])[:60] for key in ("code", "sub_code") if node.get(key)[1]]
        return ReadError(
            f"AliExpress answered with an error ({', '.join(codes) or 'no code'}).",
            code="source_error",
            action="Fetch the order again with valid access.",
        )
    ret = value.get("ret")
    first = ret[0] if isinstance(ret, list) and ret else ret
    if isinstance(first, str) and "::" in first and not first.startswith("SUCCESS"):
        return ReadError(
            f"AliExpress answered {mend(first).partition('::')[0][:60]} instead of an order.",
            code="source_error",
            action="Log in again, reload the page and save the new reply.",
        )
    return None


def _empty() -> ReadError:
    return ReadError(
        "The reply is an empty skeleton without any order.",
        code="empty_reply",
        action="Ask with tradeOrderId (not orderId), reload the page and save its reply.",
    )


def _nothing(file: str) -> UnknownFormatError:
    kinds = ", ".join(reader.KIND for reader in READERS)
    return UnknownFormatError(
        "The content is JSON, but of no known kind of order.",
        path=file,
        action=f"Known kinds: {kinds}; also inside captures and HAR archives.",
    )


def _richest(invoices: list[Invoice]) -> list[Invoice]:
    """One invoice an order: of several sources the richest, of equal ones the last."""
    rank = {reader.KIND: index for index, reader in enumerate(READERS)}
    kept: dict[str, Invoice] = {}
    for index, invoice in enumerate(invoices):
        key = invoice.order_id or f"#{index}"
        known = kept.get(key)
        if known is None or rank.get(invoice.source.kind, -1) <= rank.get(known.source.kind, -1):
            kept[key] = invoice
    return list(kept.values())
