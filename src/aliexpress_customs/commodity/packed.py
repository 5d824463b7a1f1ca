"""Tables of text by word, packed to load fast: runs of sorted words, then runs of their texts.

`tools/commodity/train.py` makes them from the reviewable CSV files. A run is a line; a `Table`
takes one apart when a word of it is first asked for, so that one title waits for a few runs only.
"""

from __future__ import annotations

import gzip
import zlib
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

_BETWEEN: Final = "\t"
_RUN: Final = 128
"""Words of a run."""
_MANY: Final = 4
"""When one run of so many was asked for, the others will be as well: all are taken apart."""
_GZIP: Final = 16 + zlib.MAX_WBITS
"""The format of `gzip`, for `zlib`."""


class Table(dict[str, str]):
    r"""A table of which the runs are taken apart when they are needed.

    >>> table = Table([("a\tb", "1\t2"), ("c", "3")])
    >>> table.need(["b", "d"])
    >>> table["b"], "d" in table
    ('2', False)
    """

    def __init__(self, runs: Iterable[tuple[str, str]]) -> None:
        """A table over runs of words and texts, sorted."""
        super().__init__()
        self._waiting = dict(enumerate(runs))
        self._firsts = [words.partition(_BETWEEN)[0] for words, _ in self._waiting.values()]

    @classmethod
    def of(cls, table: Mapping[str, str]) -> Table:
        """A table that waits for nothing."""
        made = cls(())
        made.update(table)
        return made

    def need(self, words: Iterable[str]) -> None:
        """Make sure that those of the words that the table has are there."""
        if not self._waiting:
            return
        for number in {bisect_right(self._firsts, word) - 1 for word in words}:
            self._take_apart(number)
        if len(self._waiting) < len(self._firsts) * (1 - 1 / _MANY):
            for number in tuple(self._waiting):
                self._take_apart(number)

    def _take_apart(self, number: int) -> None:
        run = self._waiting.get(number)
        if run:
            self.update(_taken_apart(*run))
            self._waiting.pop(number, None)  # last, for another thread that asks meanwhile


def pack(table: Mapping[str, str]) -> bytes:
    r"""A packed table: the same bytes for the same content.

    >>> from gzip import decompress
    >>> decompress(pack({"b": "2", "a": "1"}))
    b'a\tb\n1\t2'
    """
    words = sorted(table)
    runs = [words[at : at + _RUN] for at in range(0, len(words), _RUN)]
    lines = [_BETWEEN.join(run) for run in runs]
    lines += [_BETWEEN.join(table[word] for word in run) for run in runs]
    return gzip.compress("\n".join(lines).encode(), 9, mtime=0)


def unpack(path: Path) -> dict[str, str]:
    """The table in a file that `pack` made."""
    return {word: text for run in _runs(path) for word, text in _taken_apart(*run)}


def open_table(path: Path) -> Table:
    """The same, taken apart as needed."""
    return Table(_runs(path))


def _taken_apart(words: str, texts: str) -> Iterable[tuple[str, str]]:
    return zip(words.split(_BETWEEN), texts.split(_BETWEEN), strict=True)


def _runs(path: Path) -> Iterable[tuple[str, str]]:
    packed = path.read_bytes()
    size = int.from_bytes(packed[-4:], "little")  # of the content, RFC 1952
    content = zlib.decompress(packed, _GZIP, size).decode()
    lines = content.split("\n") if content else []
    half = len(lines) // 2
    return zip(lines[:half], lines[half:], strict=True)
