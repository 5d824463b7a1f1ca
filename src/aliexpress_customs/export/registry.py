"""Every export format by its name, and the one function that writes them."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, Final, Protocol

from aliexpress_customs.errors import UsageError
from aliexpress_customs.export import (
    canonical_json,
    cds,
    cn22_pdf,
    cn23_csv,
    cn23_pdf,
    cn23_xml,
    datev,
    easypost,
    estimate_pdf,
    h7,
    h7_dms,
    items_csv,
    journals,
    karrio,
    price_pdf,
    sendcloud,
    shippo,
    ubl,
    us_entry,
    us_mail,
    usps,
    xero,
)
from aliexpress_customs.export.files import write_path, write_stream

Target = str | Path | IO[str] | IO[bytes]


class Exporter(Protocol):
    """What each format module offers, and nothing more."""

    @property
    def NAME(self) -> str:  # noqa: N802 (a constant of the module)
        """Name on the command line and in `export`."""

    @property
    def SUMMARY(self) -> str:  # noqa: N802
        """One line: what it is, for whom."""

    @property
    def MEDIA_TYPE(self) -> str:  # noqa: N802
        """IANA media type; `text/...`, JSON and XML are text, all else is binary."""

    @property
    def ACCEPTS(self) -> type | tuple[type, ...]:  # noqa: N802
        """Model it can write, or the kinds of things it can."""

    @property
    def write(self) -> Callable[..., bytes]:
        """`write(thing, *, option=...)`: the whole file, as bytes."""


EXPORTERS: Final[tuple[Exporter, ...]] = (
    *(canonical_json, items_csv, cn23_csv, cn23_xml, cn23_pdf, cn22_pdf),
    *(h7.JSON, h7.CSV, h7_dms, cds, ubl),
    *(easypost, shippo, sendcloud, karrio, usps),
    *(us_mail, us_entry),
    *(price_pdf, estimate_pdf),
    *(journals.HLEDGER, journals.LEDGER, journals.BEANCOUNT, xero, datev),
)
_SUFFIXES: Final = {
    "application/json": ".json",
    "application/octet-stream": ".csv",  # DATEV's, in a character set of its own
    "application/pdf": ".pdf",
    "application/xml": ".xml",
    "text/csv": ".csv",
    "text/plain": ".txt",
}
_BY_NAME: Final[dict[str, Exporter]] = {exporter.NAME: exporter for exporter in EXPORTERS}


def formats() -> dict[str, str]:
    """All formats: name to one-line purpose.

    >>> formats()["json"]
    'Lossless JSON of any model of this library, to store or to hand to another program.'
    """
    return {exporter.NAME: exporter.SUMMARY for exporter in EXPORTERS}


def export(
    thing: object, format_name: str, target: Target | None = None, **options: Any
) -> str | bytes | Path:
    """Write a declaration, an order, an estimate (or, as JSON, any model) in one of the `formats`.

    Args:
        thing: normally a `Declaration`; a price document is made from an `Invoice` or several, an
            estimate page from an `Estimate`.
        format_name: one of `formats()`.
        target: a path, which is replaced only once the whole file is written; an open text or
            binary file; or None.
        **options: what the format offers, see the `write` function of its module.

    Returns:
        The path written to; for an open file or no target the content, `str` for text formats,
        `bytes` for the others.

    Raises:
        UsageError: an unknown format or option, or a thing the format cannot hold.
        ExportError: the thing lacks what the format needs, or the file cannot be written.
    """
    exporter = _exporter(format_name)
    if not isinstance(thing, exporter.ACCEPTS):
        raise UsageError(
            f"{type(thing).__name__} cannot be written as {exporter.NAME}.",
            code="wrong_type",
            action=f"It takes: {', '.join(_names(exporter.ACCEPTS))}.",
        )
    _check_options(exporter, options)
    content = exporter.write(thing, **options)
    text = content.decode("utf-8") if _is_text(exporter.MEDIA_TYPE) else None
    if isinstance(target, str | Path):
        return write_path(Path(target), content)
    if target is not None:
        write_stream(target, content, text)
    return content if text is None else text


def takes(format_name: str, kind: type) -> bool:
    """Whether a format writes things of a kind.

    Raises:
        UsageError: an unknown format.

    >>> from aliexpress_customs.invoice.model import Invoice
    >>> takes("price-pdf", Invoice), takes("cn23-csv", Invoice)
    (True, False)
    """
    return issubclass(kind, _exporter(format_name).ACCEPTS)


def suffix(format_name: str) -> str:
    """How names of files of a format usually end.

    Raises:
        UsageError: an unknown format.

    >>> suffix("cn23-pdf")
    '.pdf'
    """
    return _SUFFIXES[_exporter(format_name).MEDIA_TYPE]


def _exporter(format_name: str) -> Exporter:
    exporter = _BY_NAME.get(format_name)
    if exporter is None:
        raise UsageError(
            f"{format_name[:40]!r} is no export format.",
            code="unknown_format",
            action=f"Use one of: {', '.join(_BY_NAME)}.",
        )
    return exporter


def options_of(format_name: str) -> list[str]:
    """The names of the options of a format.

    Raises:
        UsageError: an unknown format.

    >>> options_of("items-csv")
    ['dialect']
    """
    parameters = inspect.signature(_exporter(format_name).write).parameters.values()
    return [item.name for item in parameters if item.kind is item.KEYWORD_ONLY]


def _check_options(exporter: Exporter, options: dict[str, Any]) -> None:
    known = options_of(exporter.NAME)
    if unknown := sorted(options.keys() - set(known)):
        raise UsageError(
            f"{exporter.NAME} has no option {', '.join(unknown)}.",
            code="unknown_option",
            action=f"Its options are: {', '.join(known)}." if known else "It has no options.",
        )


def _names(accepted: type | tuple[type, ...]) -> list[str]:
    kinds = accepted if isinstance(accepted, tuple) else (accepted,)
    return [kind.__name__ for kind in kinds]


def _is_text(media_type: str) -> bool:
    return media_type.startswith("text/") or media_type in {"application/json", "application/xml"}
