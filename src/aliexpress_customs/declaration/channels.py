"""What each channel accepts, as data: `data/export/channels/<channel>.toml`, one row per limit.

A channel is where a declaration goes: a postal form, an authority's message, a carrier's API. Every
limit has its source and, where it changed, its dates. `common.toml` holds what is true of all.
`declaration.lint` applies the rows; no limit stands in code.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import Field, ValidationError

from aliexpress_customs.consignment.model import Importer
from aliexpress_customs.datafiles import data_folder
from aliexpress_customs.declaration.model import ContentsType
from aliexpress_customs.errors import RuleTableError, UsageError
from aliexpress_customs.model import Model, Severity

Check = Literal[
    "count", "length", "digits", "characters", "number", "one_of", "pattern", "required", "value"
]
"""`count` rows, `length` in characters, `digits` of a code, `characters` of an encoding, `number`
between bounds, `one_of` some words, `pattern` of an identifier, `required`, `value` in a currency.
"""

COMMON: Final = "common"
EU: Final = "EU"
"""In `destinations`: all Member States."""


class Limit(Model):
    """One thing a channel asks of one field."""

    check: Check
    field: str
    """Path in the declaration, `items.description`; `a|b` = either of two fields."""
    code: str = ""
    """Of the finding; default: that of the check."""
    least: Decimal | None = None
    most: Decimal | None = None
    allowed: tuple[str | int, ...] = ()
    """Words for `one_of`, numbers of digits for `digits`."""
    encoding: Literal["ascii", "latin-1", "cp1252"] | None = None
    pattern: str = ""
    currency: str = ""
    """Of a `value`; XDR = special drawing rights."""
    severity: Severity = "error"
    message: str = ""
    """Why, in one sentence; default: made from the limit."""
    action: str = ""
    destinations: tuple[str, ...] = ()
    """Only for these countries; `EU` = its Member States. Empty = everywhere."""
    contents: tuple[ContentsType, ...] = ()
    importer: Importer | None = None
    when_given: str = ""
    """Only if this field is known."""
    since: dt.date | None = Field(default=None, alias="from")
    until: dt.date | None = Field(default=None, alias="to")
    """Last day."""
    source_url: str = ""
    source_kind: Literal[
        "official", "professional", "carrier", "press", "third_party", "memory"
    ] = "carrier"
    confidence: Literal["high", "medium", "low", "memory"] = "medium"
    note: str = ""


class Channel(Model):
    """A place a declaration is sent to, with its limits."""

    id: str
    label: str
    values: Literal["unit", "line", "both"] = "line"
    """Whether it wants the value of one piece or of all of a row."""
    weight_unit: Literal["kg", "g", "oz", "lb"] = "kg"
    rows: Literal["item", "product"] = "item"
    """What one row of it is: a goods item or a product line."""
    format: str = ""
    """Export format that writes it, if there is one."""
    checked_on: dt.date
    source_url: str = ""
    limit: tuple[Limit, ...] = ()


def channels() -> dict[str, str]:
    """All channels: id to label.

    >>> channels()["usps"]
    'USPS International Labels API 3.3'
    """
    names = sorted(path.stem for path in _folder().glob("*.toml") if path.stem != COMMON)
    return {name: _load(name).label for name in names}


def channel(name: str) -> Channel:
    """A channel by its id.

    Raises:
        UsageError: there is none.
        RuleTableError: its table is malformed.
    """
    known = channels()
    if name not in known:
        raise UsageError(
            f"{name[:40]!r} is no channel.",
            code="unknown_channel",
            path="channel",
            action=f"Use one of: {', '.join(known)}.",
        )
    return _load(name)


def common() -> tuple[Limit, ...]:
    """The limits of every channel."""
    return _load(COMMON).limit


@cache
def member_states() -> frozenset[str]:
    """Countries of the customs territory of the EU, from `data/unions/eu.toml`."""
    law = _read(data_folder() / "unions" / "eu.toml")
    return frozenset(law["territory_countries"])


@cache
def also_under_ioss() -> tuple[frozenset[str], tuple[str, ...]]:
    """Regions, and country-and-postcode prefixes, outside the EU where IOSS numbers are used."""
    law = _read(data_folder() / "unions" / "eu.toml")
    return frozenset(law["ioss_regions"]), tuple(law["ioss_postcodes"])


@cache
def _load(name: str) -> Channel:
    path = _folder() / f"{name}.toml"
    try:
        return Channel.model_validate({"id": name, **_read(path)})
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
        raise RuleTableError(
            f"The channel is malformed: {first['msg']}.",
            path=f"{path.name}: {'.'.join(str(part) for part in first['loc'])}",
            action="See declaration/channels.py for the keys.",
        ) from error


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise RuleTableError(f"This is no TOML: {error}.", path=path.name) from error


def _folder() -> Path:
    return data_folder() / "export" / "channels"
