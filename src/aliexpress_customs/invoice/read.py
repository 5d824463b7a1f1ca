"""`read`: any source of AliExpress orders to a list of `Invoice`; the kind is found from content.

>>> text = '{"orderId": "7", "orderTotal": "€ 2,00", "subOrders": [{"amount": "€ 2,00"}]}'
>>> [(invoice.order_id, invoice.total) for invoice in read(text)]
[('7', Money('2.00', 'EUR'))]
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from aliexpress_customs.errors import AliExpressCustomsError, UsageError
from aliexpress_customs.invoice.files import Progress
from aliexpress_customs.invoice.merge import merge
from aliexpress_customs.invoice.model import Invoice
from aliexpress_customs.invoice.stream import Readings, holds_files, stream
from aliexpress_customs.model import Finding

__all__ = ["ReadReport", "Readings", "read", "read_report", "stream"]


@dataclass(frozen=True, slots=True)
class ReadReport:
    """What could be read, and what could not."""

    invoices: list[Invoice]
    errors: list[AliExpressCustomsError]
    """One for each order, part or file that could not be read; `path` says which."""
    files: int = 1
    """How many files were opened."""


def read(
    source: Readings,
    *,
    on_error: Literal["auto", "raise", "collect"] = "auto",
    currency: str = "",
    progress: Progress | None = None,
) -> list[Invoice]:
    """All orders of a source, several files of one order merged into one invoice.

    Args:
        source: a path, a folder, a ZIP archive, a list of paths, the content itself as text or
            bytes, a file object, or parsed JSON.
        on_error: `raise` stops at the first order that cannot be read. `collect` leaves such
            orders out and notes on each of the others, as a finding, how many are missing. `auto`
            raises for one file and collects for several.
        currency: ISO 4217 code for amounts of tables that name none.
        progress: called after each file of several with done, all and its name.

    Raises:
        UnknownFormatError: the content is of no known kind.
        ReadError: it is damaged, or with `collect` nothing in it can be read.
        AmountError: an amount or date in it is none.
        UsageError: the source is of a type that cannot be read.
    """
    if on_error not in {"auto", "raise", "collect"}:
        raise UsageError(
            "on_error is neither 'raise' nor 'collect' nor 'auto'.", action="Pass one of them."
        )
    report = read_report(source, currency=currency, progress=progress)
    stop = on_error == "raise" or (on_error == "auto" and not holds_files(source))
    if report.errors and (stop or not report.invoices):
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


def read_report(
    source: Readings, *, currency: str = "", progress: Progress | None = None
) -> ReadReport:
    """All orders of a source that can be read, and an error for each that cannot.

    Never raises for what a source contains; an unreadable source gives a report with one error.

    Args:
        source: as for `read`.
        currency: as for `read`.
        progress: as for `read`.

    Raises:
        UsageError: the source is of a type that cannot be read.
    """
    files = 0

    def counted(done: int, total: int, name: str) -> None:
        nonlocal files
        files = done
        if progress is not None:
            progress(done, total, name)

    invoices: list[Invoice] = []
    errors: list[AliExpressCustomsError] = []
    for result in stream(source, currency=currency, progress=counted):
        if isinstance(result, Invoice):
            invoices.append(result)
        else:
            errors.append(result)
    return ReadReport(merge(invoices), errors, files)
