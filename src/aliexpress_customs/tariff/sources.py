"""Where rates come from: `sources.toml` beside the measures, key to citation."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from pydantic import ValidationError

from aliexpress_customs.errors import TariffError
from aliexpress_customs.model import Model
from aliexpress_customs.tariff.schedules import folders

FILE: Final = "sources.toml"


class Source(Model):
    """One source of measures."""

    citation: str
    """What was copied, and from where."""
    date: dt.date
    """Day of the schedule or of the copy; later changes are not in it."""
    kind: str
    """`official`, `professional`, `third_party`, ... as in the rule tables."""
    confidence: str
    """`high`, `medium`, `low` or `memory`."""
    url: str = ""
    note: str = ""


def sources() -> Mapping[str, Source]:
    """Every known source by key; those of the caller's own folder win.

    Raises:
        TariffError: a malformed file.
    """
    return _load(folders())


def cited(keys: str) -> tuple[Source, ...]:
    """The sources that the column `source` of a row names; unknown keys are left out.

    >>> [source.confidence for source in cited("cet2021 carried")]
    ['medium', 'low']
    """
    known = sources()
    return tuple(known[key] for key in keys.split() if key in known)


@lru_cache(maxsize=8)
def _load(searched: tuple[Path, ...]) -> Mapping[str, Source]:
    found: dict[str, Source] = {}
    for folder in reversed(searched):
        path = folder / FILE
        if not path.is_file():
            continue
        try:
            entries = tomllib.loads(path.read_text(encoding="utf-8"))
            found.update({key: Source(**entry) for key, entry in entries.items()})
        except (tomllib.TOMLDecodeError, TypeError, ValidationError) as error:
            raise TariffError(f"The sources cannot be read: {error}.", path=str(path)) from error
    return MappingProxyType(found)
