"""Tables of text by word, packed to load fast: all keys in one line, all texts in another.

`tools/commodity/train.py` makes them from the reviewable CSV files.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Final

_BETWEEN: Final = "\t"
_GZIP: Final = 16 + zlib.MAX_WBITS
"""The format of `gzip`, for `zlib`."""


def pack(table: Mapping[str, str]) -> bytes:
    r"""A packed table: the same bytes for the same content.

    >>> from gzip import decompress
    >>> decompress(pack({"b": "2", "a": "1"}))
    b'a\tb\n1\t2\n'
    """
    keys = sorted(table)
    lines = (_BETWEEN.join(keys), _BETWEEN.join(table[key] for key in keys))
    return gzip.compress("".join(f"{line}\n" for line in lines).encode(), 9, mtime=0)


def unpack(path: Path) -> dict[str, str]:
    """The table in a file that `pack` made."""
    packed = path.read_bytes()
    size = int.from_bytes(packed[-4:], "little")  # of the content, RFC 1952
    keys, texts, _ = zlib.decompress(packed, _GZIP, size).decode().split("\n")
    return dict(zip(keys.split(_BETWEEN), texts.split(_BETWEEN), strict=True))
