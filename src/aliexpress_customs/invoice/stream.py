"""Orders and errors of any source, one file at a time: what `read` is made of.

For whoever reads more than fits into memory; nothing is merged here.

>>> [type(result).__name__ for result in stream('{"orderTotal": "€ 2", "subOrders": []}')]
['ReadError']
"""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, Protocol, TypeGuard

from aliexpress_customs.errors import AliExpressCustomsError, ReadError, UsageError
from aliexpress_customs.invoice.contents import ZIP, documents, is_archive, text_documents
from aliexpress_customs.invoice.documents import nothing, orders_of, placed
from aliexpress_customs.invoice.envelope import LARGEST_FILE, Document, check_shape, unwrap
from aliexpress_customs.invoice.files import (
    ZIP_ERRORS,
    File,
    Progress,
    archive_files,
    folder_files,
    listed_files,
    path_bytes,
)
from aliexpress_customs.invoice.model import Invoice
from aliexpress_customs.invoice.spreadsheet import is_workbook
from aliexpress_customs.invoice.text import mend

LONGEST_PATH: Final = 4096
"""Characters; longer text cannot be a path."""


class Readable(Protocol):
    """A file object, binary or text."""

    def read(self, size: int = ..., /) -> bytes | str:
        """At most `size` bytes or characters."""


Readings = str | bytes | os.PathLike[str] | Readable | Mapping[str, object] | Sequence[object]
"""What `read` takes: a path, folder or archive, a list of paths, content as text or bytes, a file
object, or parsed JSON."""

Result = Invoice | AliExpressCustomsError


def stream(
    source: Readings, *, currency: str = "", progress: Progress | None = None
) -> Iterator[Result]:
    """The orders and errors of a source one by one, not merged, one file in memory at a time.

    Args:
        source: as for `read`.
        currency: as for `read`.
        progress: as for `read`.

    Raises:
        UsageError: the source is of a type that cannot be read.
    """
    name = _name(source)
    try:
        many = _files(source)
        archive = None if many is not None else _archive_of(source)
    except ReadError as error:
        yield placed(error, name, "")
        return
    if many is not None:
        for done, file in enumerate(many, start=1):
            yield from _content(file, file.name, currency)
            if progress is not None:
                progress(done, len(many), file.name)
    elif archive is not None:
        yield from _archive(archive, "", currency, progress)
    else:
        yield from _one(lambda: _documents(source, currency), name, name)
        if progress is not None:
            progress(1, 1, name)


def holds_files(source: object) -> bool:
    """Whether a source is a folder, a list of paths or an archive, rather than one file."""
    try:
        return _files(source) is not None or _archive_of(source) is not None
    except ReadError:
        return False


def _files(source: object) -> list[File] | None:
    """The files of a folder, or of a list of paths; None if the source is neither."""
    if _is_path_list(source):
        return listed_files(source)
    path = path_of(source)
    try:
        return folder_files(path) if path is not None and path.is_dir() else None
    except (OSError, ValueError):
        return None


def _archive_of(source: object) -> Callable[[], zipfile.ZipFile] | None:
    """How to open a source that is a ZIP archive of files; None if it is none."""
    if isinstance(source, bytes | bytearray | memoryview):
        data = bytes(source)
        return (lambda: zipfile.ZipFile(io.BytesIO(data))) if is_archive(data) else None
    path = path_of(source)
    if path is None:
        return None
    try:
        if not path.is_file():
            return None
        with path.open("rb") as stream:
            if stream.read(len(ZIP)) not in {ZIP, b"PK\x05\x06"}:
                return None
        with zipfile.ZipFile(path) as archive:
            return None if is_workbook(archive) else (lambda: zipfile.ZipFile(path))
    except ZIP_ERRORS:
        return None


def _content(file: File, place: str, currency: str, *, nested: bool = False) -> Iterator[Result]:
    """The orders of one of several files; an archive among them gives those of its members."""
    try:
        data = file.content()
    except AliExpressCustomsError as error:
        yield placed(error, place)
        return
    if is_archive(data) and nested:
        yield placed(
            ReadError(
                "The archive lies inside another one.",
                code="nested_archive",
                action="Unpack the outer one first.",
            ),
            place,
        )
    elif is_archive(data):
        yield from _archive(lambda: zipfile.ZipFile(io.BytesIO(data)), place, currency, None)
    else:
        name = mend(Path(file.name).name)[:255]
        yield from _one(lambda: documents(data, file=name, currency=currency), name, place)


def _archive(
    opened: Callable[[], zipfile.ZipFile], place: str, currency: str, progress: Progress | None
) -> Iterator[Result]:
    """The orders of the members of a ZIP archive."""
    try:
        with opened() as archive:
            members = list(archive_files(archive))
            for done, member in enumerate(members, start=1):
                inner = f"{place}/{member.name}" if place else member.name
                yield from _content(member, inner, currency, nested=True)
                if progress is not None:
                    progress(done, len(members), member.name)
            if not members:
                yield placed(ReadError("The archive is empty.", action="Pack it again."), place)
    except ZIP_ERRORS:
        bad = ReadError("The archive is damaged.", code="bad_archive", action="Pack it again.")
        yield placed(bad, place)
    except ReadError as error:
        yield placed(error, place)


def _one(found: Callable[[], Iterable[Document]], name: str, place: str) -> Iterator[Result]:
    """The orders of one file."""
    folder = place.removesuffix(name).rstrip("/\\")
    count = 0
    try:
        for document in found():
            for result in orders_of(document, name):
                count += 1
                if folder and not isinstance(result, Invoice):
                    yield placed(result, folder)
                else:
                    yield result
    except UsageError:
        raise
    except AliExpressCustomsError as error:
        yield placed(error, place)
        return
    if not count:
        yield nothing(place)


def _documents(source: object, currency: str) -> Iterator[Document]:
    """The documents of one source that is no folder, archive or list of paths."""
    name = _name(source)
    path = path_of(source)
    if path is not None:
        return documents(path_bytes(path), file=name, currency=currency)
    if isinstance(source, bytes | bytearray | memoryview):
        return documents(bytes(source), currency=currency)
    if isinstance(source, Mapping | list | tuple):
        value = list(source) if isinstance(source, tuple) else source
        check_shape(value)
        return unwrap(value)
    content = source if isinstance(source, str) else _read(source)
    if isinstance(content, str):
        return text_documents(content, file=name, currency=currency)
    return documents(content, file=name, currency=currency)


def _read(source: object) -> bytes | str:
    read = getattr(source, "read", None)
    if read is None:
        raise UsageError(
            "The source is neither a path, content, a file object nor parsed JSON.",
            action="Pass for example a path.",
        )
    content: bytes | str = read(LARGEST_FILE + 1)
    return content


def _is_path_list(source: object) -> TypeGuard[Sequence[str | os.PathLike[str]]]:
    """Whether a source is a list of paths: parsed JSON of orders never is one of texts."""
    return (
        isinstance(source, list | tuple)
        and bool(source)
        and all(isinstance(item, str | os.PathLike) for item in source)
    )


def path_of(source: object) -> Path | None:
    """The path a source is, if it is one."""
    if isinstance(source, str) and _is_text(source):
        return None
    return Path(source) if isinstance(source, str | os.PathLike) else None


def _is_text(source: str) -> bool:
    """Whether a string is content rather than a path."""
    head = source[:200].lstrip("\ufeff \t\r\n")
    return (
        head[:1] in {"{", "[", "<", ""}
        or "\n" in source[:LONGEST_PATH]
        or len(source) > LONGEST_PATH
        or ("(" in head and "{" in head)
    )


def _name(source: object) -> str:
    """Base name of a file, without its folder."""
    named = getattr(source, "name", "") if hasattr(source, "read") else source
    if isinstance(named, str | os.PathLike) and not (isinstance(named, str) and _is_text(named)):
        return mend(Path(named).name)[:255]
    return ""
