"""How deep each tariff goes beyond the six digits of the Harmonized System, and its way of writing.

Facts are in `data/commodity/depths.toml`. A tariff is named as in the rule tables, such as `us`;
one that is not listed has the depth of the Harmonized System alone.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Final, Literal

from aliexpress_customs.commodity.codes import normalise_level
from aliexpress_customs.datafiles import data_folder
from aliexpress_customs.model import Model

GENERIC: Final = "generic"
_DIGIT: Final = "#"
_BEYOND: Final = " "
"""Before digits that a code has beyond the pattern, such as a country's own additional code."""


class Depth(Model):
    """One tariff's codes."""

    duty_digits: int
    """Digits that settle the rate of duty."""
    digits: int
    """Digits of the code an import declaration needs."""
    pattern: str
    """The code as the authority prints it, one `#` per digit."""
    nomenclature: Literal["hs", "cn"]
    """`cn` where the first eight digits are those of the Combined Nomenclature."""
    name: str
    """What such a code is called there."""
    source_url: str


def depth(tariff: str) -> Depth:
    """The depth of a tariff; of the Harmonized System if the tariff has no entry.

    Args:
        tariff: name of the tariff, such as `eu`.

    >>> depth("us").duty_digits, depth("us").digits, depth("jp").digits, depth("th").digits
    (8, 10, 9, 6)
    """
    return depths().get(tariff) or depths()[GENERIC]


@cache
def depths() -> Mapping[str, Depth]:
    """Every tariff whose depth is known, and `generic`."""
    path = data_folder() / "commodity" / "depths.toml"
    entries = tomllib.loads(path.read_text(encoding="utf-8"))
    return MappingProxyType({name: Depth(**entry) for name, entry in entries.items()})


def missing_digits(code: str, tariff: str) -> int:
    """Digits a code lacks for an import declaration under a tariff; 0 if it is long enough.

    >>> missing_digits("6109.10", "eu"), missing_digits("6109.10", "generic")
    (4, 0)
    """
    return max(depth(tariff).digits - len(normalise_level(code)), 0)


def format_national(code: str, tariff: str = GENERIC) -> str:
    """A code as the authority of a tariff prints it; no digit is added or lost.

    Args:
        code: 2 to 14 digits, separators allowed.
        tariff: name of the tariff, such as `eu`.

    Raises:
        DeclarationError: not 2 to 14 digits.

    >>> [format_national("6109100010", name) for name in ("us", "eu", "eaeu")]
    ['6109.10.00.10', '6109 10 00 10', '6109 10 001 0']
    >>> format_national("610910011", "jp"), format_national("61091000", "no")
    ('6109.10-011', '61.09.1000')
    """
    left = normalise_level(code)
    written = ""
    for mark in depth(tariff).pattern:
        if not left:
            break
        if mark == _DIGIT:
            written, left = written + left[0], left[1:]
        else:
            written += mark
    return f"{written}{_BEYOND}{left}" if left else written
