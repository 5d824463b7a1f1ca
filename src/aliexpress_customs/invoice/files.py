"""Folders, archives and lists of files, one file at a time: nothing is unpacked to disk.

For whoever has a year of saved replies. Only the file in hand is in memory; hidden files and the
litter of operating systems are passed over, everything else is read or reported.
"""

from __future__ import annotations

import os
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from aliexpress_customs.errors import ReadError
from aliexpress_customs.invoice.envelope import LARGEST_FILE, too_large

Progress = Callable[[int, int, str], None]
"""Called after each file with the number done, the number of all, and its name."""

MOST_FILES: Final = 1_000_000
LARGEST_ARCHIVE: Final = 4 * 1024 * 1024 * 1024
"""Bytes of all members, unpacked; they are read one by one."""
HIGHEST_RATIO: Final = 200
"""Unpacked to packed size; replies full of repeated keys reach about 40."""
_SMALL: Final = 1024 * 1024
"""Bytes below which a ratio says nothing."""
ZIP_ERRORS: Final = (
    zipfile.BadZipFile, zlib.error, struct.error, NotImplementedError, RuntimeError, OSError,
    EOFError, ValueError, IndexError, OverflowError,
)  # fmt: skip
"""What `zipfile` raises on damaged archives."""
_LITTER: Final = frozenset({"thumbs.db", "desktop.ini", "__macosx"})


@dataclass(frozen=True, slots=True)
class File:
    """One file, opened when its turn comes."""

    name: str
    """Relative to the folder or archive."""
    content: Callable[[], bytes]
    """Raises ReadError."""


def folder_files(folder: Path) -> list[File]:
    """The files below a folder, in the order of their names; links to folders are not followed.

    Raises:
        ReadError: too many.
    """
    found: list[File] = []
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not _is_litter(name))
        for name in sorted(name for name in names if not _is_litter(name)):
            path = Path(place, name)
            found.append(File(str(path.relative_to(folder)), lambda path=path: path_bytes(path)))  # type: ignore[misc]
            if len(found) > MOST_FILES:
                raise _too_many()
    return found


def listed_files(paths: Sequence[str | os.PathLike[str]]) -> list[File]:
    """The files of a list."""
    return [
        File(Path(path).name[:255], lambda path=path: path_bytes(Path(path)))  # type: ignore[misc]
        for path in paths
    ]


def archive_files(archive: zipfile.ZipFile) -> Iterator[File]:
    """The members of a ZIP archive; names are only labels, nothing is extracted.

    Raises:
        ReadError: too many, or together too large.
    """
    members = [one for one in archive.infolist() if not one.is_dir()]
    if len(members) > MOST_FILES:
        raise _too_many()
    if sum(one.file_size for one in members) > LARGEST_ARCHIVE:
        raise ReadError(
            "The archive is larger than any collection of orders.",
            code="too_large",
            action="Split it into smaller archives.",
        )
    for member in members:
        if not any(_is_litter(part) for part in Path(member.filename).parts):
            yield File(member.filename[:255], lambda one=member: _member_bytes(archive, one))  # type: ignore[misc]


def path_bytes(path: Path) -> bytes:
    """The content of a file, at most `LARGEST_FILE`.

    Raises:
        ReadError: it cannot be opened, is no file or is too large.
    """
    try:
        if path.is_dir():
            raise ReadError("The path is a folder.", action="Pass the folder alone, not in a list.")
        if path.exists() and not path.is_file():
            raise ReadError("The path is no regular file.", action="Pass a file.")
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


def _member_bytes(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    if member.file_size > LARGEST_FILE:
        raise too_large()
    if member.file_size > max(_SMALL, HIGHEST_RATIO * member.compress_size):
        raise ReadError(
            "A member of the archive unpacks to far more than it should.",
            code="zip_bomb",
            action="Do not open it; ask where it came from.",
        )
    if member.flag_bits & 1:
        raise ReadError(
            "A member of the archive is encrypted.", code="encrypted", action="Unpack it first."
        )
    try:
        with archive.open(member) as stream:
            data = stream.read(LARGEST_FILE + 1)
    except ZIP_ERRORS:
        raise ReadError(
            "A member of the archive is damaged.", code="bad_archive", action="Pack it again."
        ) from None
    if len(data) > LARGEST_FILE:
        raise too_large()
    return data


def _is_litter(name: str) -> bool:
    hidden = name.startswith(".") and name not in {".", ".."}
    return hidden or name.casefold() in _LITTER


def _too_many() -> ReadError:
    return ReadError(
        f"There are more than {MOST_FILES} files.",
        code="too_large",
        action="Read them in several runs.",
    )
