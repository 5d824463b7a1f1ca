"""`read_back`: a file that was exported becomes a declaration again, or as much as it holds."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

from aliexpress_customs.declaration.model import Declaration
from aliexpress_customs.errors import UsageError
from aliexpress_customs.export import (
    canonical_json,
    cds,
    cn23_csv,
    cn23_xml,
    h7,
    h7_dms,
    items_csv,
)
from aliexpress_customs.export.customs_message import CustomsMessage
from aliexpress_customs.export.postal_form import PostalForm
from aliexpress_customs.export.postal_form_reading import declaration_of
from aliexpress_customs.invoice.envelope import LARGEST_FILE, too_large
from aliexpress_customs.invoice.files import path_bytes
from aliexpress_customs.invoice.stream import path_of

ReadBack = Callable[[str | bytes], Declaration | CustomsMessage]


def _of_form(read: Callable[[str | bytes], PostalForm], content: str | bytes) -> Declaration:
    return declaration_of(read(content))


READERS: Final[dict[str, ReadBack]] = {
    canonical_json.NAME: partial(canonical_json.read_back, model=Declaration),
    items_csv.NAME: items_csv.read_items_csv,
    cn23_csv.NAME: partial(_of_form, cn23_csv.read_back),
    cn23_xml.NAME: partial(_of_form, cn23_xml.read_back),
    **{one.NAME: one.read_back for one in (h7.JSON, h7.CSV)},
    h7_dms.NAME: h7_dms.read_back,
    cds.NAME: cds.read_back,
}
"""Formats that can be read back, by name."""


def read_back(source: str | bytes | Path, format_name: str) -> Declaration | CustomsMessage:
    """An exported file as the declaration it holds, or as the message that it is.

    `json` gives the declaration as it was, `items-csv` all but parties, collected taxes and
    findings, `cn23-csv` and `cn23-xml` one with a line for each goods item. The messages for
    customs (`h7-json`, `h7-csv`, `h7-dms-xml`, `cds-xml`) give a `CustomsMessage`, which
    `differences` compares with a declaration.

    Args:
        source: a path, or the content as text or bytes; CSV in the plain dialect.
        format_name: one of `READERS`.

    Raises:
        UsageError: the format cannot be read back.
        ReadError: the file is damaged, of another format, or holds a value that does not fit.
    """
    read = READERS.get(format_name)
    if read is None:
        raise UsageError(
            f"{format_name[:40]!r} cannot be read back.",
            code="unknown_format",
            action=f"Use one of: {', '.join(READERS)}.",
        )
    path = None if isinstance(source, bytes) else path_of(source)
    content = source if path is None else path_bytes(path)
    if not isinstance(content, str | bytes) or len(content) > LARGEST_FILE:
        raise too_large()
    return read(content)
