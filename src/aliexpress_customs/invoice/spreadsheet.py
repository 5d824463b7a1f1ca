"""XLSX workbooks to tables, and nothing of them but values: no macro, formula, link or entity.

For exports of AliExpress itself (its data export) and of extensions. Source: ECMA-376; read by
openpyxl (extra `tables`) only after the archive's own directory and every part have been checked.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from types import ModuleType
from typing import Final

from aliexpress_customs.errors import AliExpressCustomsError, ReadError, UnknownFormatError
from aliexpress_customs.invoice.files import ZIP_ERRORS
from aliexpress_customs.invoice.table import Table, bounded, made

MOST_PARTS: Final = 2_000
MOST_SHEETS: Final = 50
LARGEST_WORKBOOK: Final = 192 * 1024 * 1024
"""Bytes of all parts, unpacked."""

_CHUNK: Final = 1 << 20
_OVERLAP: Final = 64
_UNSAFE_PARTS: Final = (
    ("vbaproject", "macros", "macros"),
    ("macrosheets/", "macros", "macros"),
    ("externallinks/", "links to other files", "external_links"),
    ("connections.xml", "connections to other data", "external_links"),
    ("querytables/", "connections to other data", "external_links"),
    ("activex/", "controls", "macros"),
    ("embeddings/", "embedded objects", "embedded_objects"),
)
_ENTITY: Final = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_FORMULA: Final = re.compile(rb"<(?:[\w.-]{1,40}:)?f[\s>/]")
_OTHER_ENCODING: Final = re.compile(
    rb"^[^>]{0,200}encoding\s*=\s*[\"'](?!utf-?8[\"'])", re.IGNORECASE
)


def is_workbook(archive: zipfile.ZipFile) -> bool:
    """Whether a ZIP archive is an XLSX workbook."""
    names = {name.casefold() for name in archive.namelist()[:MOST_PARTS]}
    return "[content_types].xml" in names and any(name.startswith("xl/") for name in names)


def workbook_tables(data: bytes, *, currency: str = "") -> list[Table]:
    """The sheets of a workbook that hold a header and rows.

    Raises:
        ReadError: damaged, too large, or with macros, formulas, links to files or XML entities.
        ReadError: openpyxl is not installed.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check(archive)
    except AliExpressCustomsError:
        raise
    except ZIP_ERRORS:
        raise _damaged() from None
    try:
        import openpyxl  # noqa: PLC0415 - an extra, and slow to import
    except ImportError:
        raise ReadError(
            "Spreadsheets are read by openpyxl, which is not installed.",
            code="missing_extra",
            action='Install "aliexpress-customs[tables]", or save the sheet as CSV.',
        ) from None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of odd styles, and it repeats names of the file
        return _sheets(openpyxl, data, currency)


def _sheets(openpyxl: ModuleType, data: bytes, currency: str) -> list[Table]:
    tables = []
    try:
        book = openpyxl.load_workbook(
            io.BytesIO(data), read_only=True, data_only=True, keep_links=False
        )
        try:
            if len(book.worksheets) > MOST_SHEETS:
                raise _too_large()
            for sheet in book.worksheets:
                rows = bounded(_rows(sheet.iter_rows(values_only=True)))
                header = next((row for row in rows if any(row)), None)
                if header is not None:
                    tables.append(made(header, rows, name=str(sheet.title), currency=currency))
        finally:
            book.close()
    except AliExpressCustomsError:
        raise
    except Exception:  # noqa: BLE001 - openpyxl raises anything on malformed parts
        raise _damaged() from None
    return tables


def _rows(values: Iterator[tuple[object, ...]]) -> Iterator[list[str]]:
    for row in values:
        cells = [_text(value) for value in row]
        while cells and not cells[-1]:
            cells.pop()
        yield cells


def _text(value: object) -> str:
    """A cell as text: whole numbers without a point, dates as ISO 8601."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        exact = Decimal(repr(value))
        if not exact.is_finite() or abs(exact.adjusted()) > 40:
            return ""
        return (
            f"{exact.to_integral_value():f}" if exact == exact.to_integral_value() else str(exact)
        )
    if isinstance(value, dt.datetime):
        return str(value.replace(microsecond=0))
    return str(value)


def _check(archive: zipfile.ZipFile) -> None:
    """Refuse what is too large or does anything, before a library opens it."""
    parts = archive.infolist()
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_WORKBOOK:
        raise _too_large()
    for part in parts:
        name = part.filename.casefold()
        for mark, what, code in _UNSAFE_PARTS:
            if mark in name:
                raise _unsafe(what, code)
        if part.flag_bits & 1:
            raise ReadError(
                "The workbook is encrypted.", code="encrypted", action="Save it without password."
            )
        if name.endswith((".xml", ".rels")):
            _check_part(archive, part, sheet="/worksheets/" in name)


def _check_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo, *, sheet: bool) -> None:
    """Look through one XML part for entities and formulas, without holding it."""
    read, tail = 0, b""
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            if not read and (b"\x00" in chunk or _OTHER_ENCODING.match(chunk)):
                raise _unsafe("parts that are not UTF-8", "bad_encoding")
            read += len(chunk)
            if read > LARGEST_WORKBOOK:
                raise _too_large()
            window = tail + chunk
            if _ENTITY.search(window):
                raise _unsafe("XML entities", "xml_entities")
            if sheet and _FORMULA.search(window):
                raise _unsafe("formulas", "formulas")
            tail = window[-_OVERLAP:]


def _unsafe(what: str, code: str) -> ReadError:
    return ReadError(
        f"The workbook holds {what}.",
        code=code,
        action="Copy the values into a new workbook, or save the sheet as CSV.",
    )


def _too_large() -> ReadError:
    return ReadError(
        "The workbook is larger than any order table.",
        code="too_large",
        action="Split it, or save the sheet as CSV.",
    )


def _damaged() -> ReadError:
    return UnknownFormatError(
        "The workbook is damaged.",
        code="bad_workbook",
        action="Export it again, or save it as CSV.",
    )
