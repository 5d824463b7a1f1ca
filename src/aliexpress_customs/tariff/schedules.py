"""Tariffs as files: `data/tariffs/<name>*.csv`, read when first asked for.

Columns: `code` (prefix, digits), `type` (`third_country`, `additional`, ...), `origin` (empty =
any; codes separated by blanks; a leading `!` excludes those), `duty` (see `duty.py`; candidates are
separated by `|`; `?` where the schedule leaves it open), `from`, `to`, `source` (keys of
`sources.toml`), `note`, and optionally `lines`: for how many lines of the schedule the row stands.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import os
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Final

from aliexpress_customs.datafiles import data_folder
from aliexpress_customs.errors import TariffError
from aliexpress_customs.tariff.measures import Row, Schedule

FOLDER_VARIABLE: Final = "ALIEXPRESS_CUSTOMS_TARIFFS"
"""Environment variable naming the caller's own folder of measures, searched before the shipped."""
_NAME: Final = re.compile(r"[a-z0-9_]+")
_REQUIRED: Final = ("code", "type", "duty")
_COLUMNS: Final = (*_REQUIRED, "origin", "from", "to", "source", "note", "lines")


def folders() -> tuple[Path, ...]:
    """Where measures are looked for, the caller's own folder first."""
    own = os.environ.get(FOLDER_VARIABLE, "")
    shipped = data_folder() / "tariffs"
    return (Path(own).expanduser(), shipped) if own else (shipped,)


def schedule_names() -> tuple[str, ...]:
    """Every tariff there is a file of."""
    names = {path.name.split(".")[0] for folder in folders() for path in folder.glob("*.csv")}
    return tuple(sorted(names))


@lru_cache(maxsize=64)
def schedule(name: str) -> Schedule | None:
    """The measures of a tariff, such as `eu`; None if there are none.

    A file of the folder that `ALIEXPRESS_CUSTOMS_TARIFFS` names replaces the shipped one of the
    same file name. Files are read once; `schedule.cache_clear()` has them read again.

    Raises:
        TariffError: a malformed row, naming file and line; or the folder does not exist.
    """
    if not _NAME.fullmatch(name):
        return None
    paths: dict[str, Path] = {}
    for folder in folders():
        if not folder.is_dir():
            raise TariffError(
                f"The folder {FOLDER_VARIABLE} names does not exist.",
                path=str(folder),
                action="Create it, or unset the variable.",
            )
        for path in (*folder.glob(f"{name}.csv"), *folder.glob(f"{name}.*.csv")):
            paths.setdefault(path.name, path)
    if not paths:
        return None
    digest = hashlib.sha256()
    rows: list[Row] = []
    seen: dict[str, str] = {}
    for _, path in sorted(paths.items()):
        content = path.read_bytes()
        digest.update(content)
        rows.extend(_rows(path.name, content, seen))
    return Schedule.of_rows(name, rows, digest.hexdigest()[:16])


def _rows(name: str, content: bytes, seen: dict[str, str]) -> Iterator[Row]:
    """Checked rows in the order of `_COLUMNS`; `seen` keeps one copy of each text."""
    reader = csv.reader(content.decode("utf-8-sig").splitlines())
    header = next(reader, [])
    missing = [column for column in _REQUIRED if column not in header]
    if missing:
        raise TariffError(
            f"The column {missing[0]!r} is missing.",
            path=f"{name}:1",
            action="Columns are " + ", ".join(_COLUMNS) + ".",
        )
    places = [header.index(column) if column in header else -1 for column in _COLUMNS]
    days: set[str] = {""}
    for cells in reader:
        try:
            row = tuple(["" if place < 0 else cells[place] for place in places])
            code, kind, duty, origin, from_, to, source, note, lines = row
            if not (code.isascii() and code.isdigit()):
                raise ValueError(f"{code!r} is no code")
            for day in (from_, to):
                if day not in days:
                    dt.date.fromisoformat(day)
                    days.add(day)
            if lines and not (lines.isascii() and lines.isdigit()):
                raise ValueError(f"{lines!r} is no number of lines")
        except (IndexError, ValueError) as error:
            raise TariffError(
                f"The row is no measure: {error}.", path=f"{name}:{reader.line_num}"
            ) from error
        if not duty or not kind:
            raise TariffError("The row has no duty or type.", path=f"{name}:{reader.line_num}")
        one = seen.setdefault
        yield (code, *(one(text, text) for text in (kind, duty, origin, from_, to)),
               one(source, source), one(note, note), one(lines, lines))  # fmt: skip
