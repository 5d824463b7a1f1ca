r"""From the bytes of one file to the documents inside, known by content and not by name.

JSON in any wrapper, workbooks, CSV in any dialect, mails, the text layer of a PDF. Archives of
several files are opened in `files`.

>>> content = b"Order ID;Qty;Price;Price Info;Attributes;SKU ID\n1;2;3;4;5;6\n"
>>> [type(found.value).__name__ for found in documents(content)]
['Table']
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Final

from aliexpress_customs.errors import ReadError, UnknownFormatError
from aliexpress_customs.invoice.envelope import (
    LARGEST_FILE,
    Document,
    decode,
    parse,
    too_large,
    unwrap,
)
from aliexpress_customs.invoice.files import ZIP_ERRORS
from aliexpress_customs.invoice.plain import (
    LONGEST_PLAIN,
    Mail,
    Plain,
    looks_like_mail,
    parse_mail,
    pdf_text,
)
from aliexpress_customs.invoice.readers import TEXT_READERS, order_email
from aliexpress_customs.invoice.spreadsheet import is_workbook, workbook_tables
from aliexpress_customs.invoice.table import csv_table

ZIP: Final = b"PK\x03\x04"
_JSON: Final = re.compile(r"\s*(?:[\[{]|(?:/\*\*/)?\s*[\w$.]{1,100}\s*\(\s*[\[{])")
_MARKUP: Final = re.compile(r"\s*<")
_NOTICE: Final = "Platform GST Number"


def documents(data: bytes, *, file: str = "", currency: str = "") -> Iterator[Document]:
    """The documents of one file.

    Args:
        data: its content.
        file: its base name.
        currency: what the caller says of tables that name none.

    Raises:
        UnknownFormatError: the content is of no known kind.
        ReadError: it is damaged, above the limits or unsafe.
    """
    if len(data) > LARGEST_FILE:
        raise too_large()
    if data.startswith(b"%PDF"):
        yield Document(_known(Plain(pdf_text(data), file), "PDF document"))
    elif data.startswith(ZIP):
        yield from _workbook(data, currency)
    elif looks_like_mail(data):
        yield Document(_known(parse_mail(data), "mail"))
    else:
        yield from text_documents(decode(data), file=file, currency=currency)


def text_documents(text: str, *, file: str = "", currency: str = "") -> Iterator[Document]:
    """The documents of one text; see `documents`."""
    if _JSON.match(text.removeprefix("\ufeff")) or _MARKUP.match(text.removeprefix("\ufeff")):
        yield from unwrap(parse(text))
        return
    if _NOTICE in text:
        yield Document(_known(Plain(text[:LARGEST_FILE], file), "text"))
        return
    head = text[:4000].encode("utf-8", "replace")
    if looks_like_mail(head):
        yield Document(_known(parse_mail(text.encode("utf-8", "replace")), "mail"))
        return
    first = text[:100_000].strip("\ufeff\r\n").partition("\n")[0]
    if any(mark in first for mark in ",;\t|") and _is_known(csv_table(first)):
        yield Document(csv_table(text, currency=currency))
        return
    body = Mail("aliexpress", "", "", text[:LONGEST_PLAIN], "")
    if order_email.orders(body):  # the text of a mail, without its headers
        yield Document(body)
    elif any(mark in first for mark in ",;\t"):
        raise _unknown("table")
    else:
        parse(text)  # raises what is wrong with it
        raise _unknown("text")


def is_archive(data: bytes) -> bool:
    """Whether it is a ZIP archive of files, rather than a workbook."""
    if not data.startswith((ZIP, b"PK\x05\x06")):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return not is_workbook(archive)
    except ZIP_ERRORS:
        return False


def _workbook(data: bytes, currency: str) -> Iterator[Document]:
    tables = workbook_tables(data, currency=currency)
    known = [table for table in tables if any(reader.recognise(table) for reader in TEXT_READERS)]
    if not known:
        raise _unknown("workbook")
    for table in known:
        yield Document(table, f"sheet {table.name}" if len(known) > 1 else "")


def _known(value: object, what: str) -> object:
    if not _is_known(value):
        raise _unknown(what)
    return value


def _is_known(value: object) -> bool:
    return any(reader.recognise(value) for reader in TEXT_READERS)


def _unknown(what: str) -> ReadError:
    return UnknownFormatError(
        f"This {what} is of no known kind of order.",
        action="Import a table of your own with a column mapping; else save the order's JSON "
        "reply.",
    )
