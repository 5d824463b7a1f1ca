"""Writing a file so that nobody ever sees half of it."""

from __future__ import annotations

import secrets
import shutil
from pathlib import Path
from typing import IO, Any

from aliexpress_customs.errors import ExportError, UsageError


def write_path(path: Path, content: bytes) -> Path:
    """Write beside the target, then replace it in one step; a device or pipe is written directly.

    Raises:
        ExportError: the operating system refuses.
    """
    try:
        real = path.resolve()  # a link stays a link: what it points to is replaced
        if real.exists() and not real.is_file() and not real.is_dir():
            real.write_bytes(content)
        else:
            _replace(real, content)
    except OSError as error:
        raise ExportError(
            f"The file cannot be written: {error.strerror or type(error).__name__}.",
            code="cannot_write",
            path=str(path),
            action="Check that the folder exists and is writable.",
        ) from error
    return path


def _replace(real: Path, content: bytes) -> None:
    temporary = real.with_name(f".{secrets.token_hex(8)}.tmp")
    try:
        with temporary.open("xb") as stream:
            stream.write(content)
        if real.exists():
            shutil.copymode(real, temporary)
        temporary.replace(real)
    finally:
        temporary.unlink(missing_ok=True)


def write_stream(stream: IO[Any], content: bytes, text: str | None) -> None:
    """Write to an open file, as text if it is a text file.

    Args:
        stream: opened by the caller, who also closes it.
        content: the whole file.
        text: the same as text, None for a binary format.

    Raises:
        UsageError: a binary format and a text file.
        ExportError: the encoding of the text file lacks a character.
    """
    if not hasattr(stream, "encoding"):
        stream.write(content)
        return
    if text is None:
        raise UsageError(
            "A binary format cannot be written to a text file.",
            code="binary_format",
            action='Open the file with mode "wb".',
        )
    try:
        stream.write(text)
    except UnicodeEncodeError as error:
        raise ExportError(
            f"The file is open as {stream.encoding}, which lacks a character of the content.",
            code="encoding",
            action='Open it with encoding="utf-8", or pass its path.',
        ) from error
