"""Reading the rule tables from disk: one TOML file a destination, one a union.

Nothing is parsed that is not asked for. A fault names the file, the line and the key. Tables of the
caller's own, in the folders of the environment variable `ALIEXPRESS_CUSTOMS_RULES`, come first.
"""

from __future__ import annotations

import hashlib
import os
import re
import tomllib
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from aliexpress_customs.datafiles import data_folder
from aliexpress_customs.errors import RuleTableError, UnknownDestinationError
from aliexpress_customs.rules.schema import (
    Carrier,
    Charge,
    Destination,
    Gap,
    Given,
    Identification,
    Parameter,
    Reading,
    Scheme,
    Table,
    Territory,
    Value,
    Waiver,
)

FOLDERS_VARIABLE: Final = "ALIEXPRESS_CUSTOMS_RULES"
_HEADER: Final = re.compile(r"^\s*\[\[?\s*([A-Za-z_]+)\s*\]?\]")


@dataclass(frozen=True, eq=False)
class Law:
    """All entries that hold in a destination: its unions' first, its own after them.

    An own entry with the id of a union's entry replaces it.
    """

    destination: Destination
    territory_countries: frozenset[str]
    parameters: tuple[Parameter, ...]
    values: tuple[Value, ...]
    charges: tuple[Charge, ...]
    waivers: tuple[Waiver, ...]
    schemes: tuple[Scheme, ...]
    readings: tuple[Reading, ...]
    given: tuple[Given, ...]
    carriers: tuple[Carrier, ...]
    territories: tuple[Territory, ...]
    identifications: tuple[Identification, ...]
    gaps: tuple[Gap, ...]
    hash: str
    """SHA-256 over the files read, first 16 hexadecimal digits."""
    files: tuple[Path, ...]


def folders() -> list[Path]:
    """Where tables are looked for, first match first."""
    own = [Path(part) for part in os.environ.get(FOLDERS_VARIABLE, "").split(os.pathsep) if part]
    return [*own, data_folder()]


def destinations() -> list[str]:
    """ISO 3166-1 alpha-2 codes that have a table."""
    found = {
        path.stem.upper()
        for folder in folders()
        for path in (folder / "destinations").glob("[a-z][a-z].toml")
    }
    return sorted(found)


def law(code: str) -> Law:
    """Everything the tables say about a destination.

    Args:
        code: ISO 3166-1 alpha-2, any case.

    Raises:
        UnknownDestinationError: there is no table for it.
        RuleTableError: the table, or one of its unions, is malformed.
    """
    return _law(code.upper(), os.environ.get(FOLDERS_VARIABLE, ""))


@lru_cache(maxsize=512)
def _law(code: str, _folders: str) -> Law:
    """Tables do not change while a process runs; other folders are another key."""
    path = _find("destinations", code.lower())
    if path is None:
        raise UnknownDestinationError(
            f"There is no rule table for destination {code[:8]!r}.",
            path=f"data/destinations/{code.lower()[:8]}.toml",
            action="See `aliexpress-customs rules list`, or docs/add-a-destination.md.",
        )
    head = read_table(path)
    if head.destination is None:
        raise RuleTableError("The [destination] head is missing.", path=str(path))
    union_paths = []
    for union in head.destination.unions:
        union_path = _find("unions", union)
        if union_path is None:
            raise RuleTableError(f"There is no table of the union {union!r}.", path=str(path))
        union_paths.append(union_path)
    return _merged((*union_paths, path))


def _merged(paths: tuple[Path, ...]) -> Law:
    tables = [read_table(path) for path in paths]
    own = tables[-1]
    assert own.destination is not None  # noqa: S101 - `law` has checked it
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.read_bytes())

    def merge(field: str) -> tuple[Any, ...]:
        mine = getattr(own, field)
        replaced = {getattr(entry, "id", None) for entry in mine} - {None}
        common = [
            entry
            for table in tables[:-1]
            for entry in getattr(table, field)
            if getattr(entry, "id", None) not in replaced
        ]
        return (*common, *mine)

    return Law(
        destination=own.destination,
        territory_countries=frozenset(
            {own.destination.code, *own.destination.territory}.union(
                *(table.territory_countries for table in tables)
            )
        ),
        parameters=merge("parameter"),
        values=merge("value"),
        charges=merge("charge"),
        waivers=merge("waiver"),
        schemes=merge("scheme"),
        readings=merge("reading"),
        given=merge("given"),
        carriers=merge("carrier"),
        territories=merge("territory"),
        identifications=merge("identification"),
        gaps=merge("gap"),
        hash=digest.hexdigest()[:16],
        files=paths,
    )


def _find(kind: str, name: str) -> Path | None:
    if not re.fullmatch(r"[a-z0-9_]+", name):
        return None
    return next(
        (path for folder in folders() if (path := folder / kind / f"{name}.toml").is_file()), None
    )


def read_table(path: Path) -> Table:
    """One file, checked against the schema.

    Raises:
        RuleTableError: not TOML, or not a rule table; file, line and key are in the path.
    """
    return _read_at(path, path.stat().st_mtime)


@lru_cache(maxsize=512)
def _read_at(path: Path, _stamp: float) -> Table:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise RuleTableError(f"The file cannot be read: {error}.", path=str(path)) from error
    try:
        raw = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise RuleTableError(f"This is no valid TOML: {error}.", path=str(path)) from error
    try:
        return Table.model_validate(_decimals(raw))
    except ValidationError as error:
        first = error.errors()[0]
        line, key = _locate(text, first["loc"])
        raise RuleTableError(
            f"{first['msg']}.",
            path=f"{path.name}:{line}: {key}",
            action="See the field comments in aliexpress_customs/rules/schema.py.",
        ) from error


def _decimals(value: Any) -> Any:
    """Integers of parameters become Decimal, so that a value has one type."""
    for table, key in (("parameter", "value"), ("given", "default")):
        entries = value.get(table)
        for entry in entries if isinstance(entries, list) else ():
            number = entry.get(key) if isinstance(entry, dict) else None
            if isinstance(number, int) and not isinstance(number, bool):
                entry[key] = Decimal(number)
    return value


def _locate(text: str, location: tuple[int | str, ...]) -> tuple[int, str]:
    """Line of the entry and, if it stands there, of the key that a fault is about."""
    table = str(location[0]) if location else ""
    listed = len(location) > 1 and isinstance(location[1], int)
    index = location[1] if listed else 0
    name = f"{table}[{index}]" if listed else table
    keys = [str(part) for part in location if isinstance(part, str)][1:]
    key = next((part for part in keys if part not in {"Decimal", "str", "bool"}), "")
    seen = -1
    start = 0
    for number, line in enumerate(text.splitlines(), 1):
        header = _HEADER.match(line)
        if header:
            if start:
                break
            seen += header[1] == table
            start = number if header[1] == table and seen == index else 0
        elif start and key and re.match(rf"\s*{re.escape(key)}\s*=", line):
            return number, ".".join(filter(None, (name, key)))
    return start or 1, ".".join(filter(None, (name, key)))
