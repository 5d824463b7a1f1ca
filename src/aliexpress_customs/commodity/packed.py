"""Tables of text by word, packed to load fast: all keys in one line, all texts in another.

`tools/commodity/train.py` makes them from the reviewable CSV files.
"""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from pathlib import Path
from typing import Final

_BETWEEN: Final = "\t"


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
    keys, texts, _ = gzip.decompress(path.read_bytes()).decode().split("\n")
    return dict(zip(keys.split(_BETWEEN), texts.split(_BETWEEN), strict=True))
