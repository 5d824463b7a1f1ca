"""Codes of earlier editions, and what became of them.

`hs2017_to_hs2022.csv` and `cn2021_to_cn2022.csv` list the codes whose scope changed on 2022-01-01,
from the Union's correlation of the two Combined Nomenclatures; all others went on unchanged. Both
are built by `tools/commodity/build.py`.

What a country adds to the six digits is its own: eight digits are a code of the Combined
Nomenclature only under a tariff that uses it, so that has to be said (`tariff="eu"`).
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Final, Literal

from aliexpress_customs.commodity.codes import HS_DIGITS, normalise_code
from aliexpress_customs.commodity.depth import depth
from aliexpress_customs.commodity.nomenclature import exists, is_valid
from aliexpress_customs.datafiles import data_folder

Edition = Literal["HS 2022", "HS 2017", "CN 2022", "CN 2021", ""]
CN_DIGITS: Final = 8


def edition(code: str, tariff: str = "") -> Edition:
    """The newest edition that has a code; empty if it is in none that is known here.

    Args:
        code: 4 to 14 digits, separators allowed.
        tariff: under which tariff it was written, such as `eu`; it decides what eight digits mean.

    Raises:
        DeclarationError: not 4 to 14 digits.

    >>> edition("8517.13"), edition("8517.12"), edition("8517.99")
    ('HS 2022', 'HS 2017', '')
    >>> edition("8539.50.00", "eu"), edition("6109.10.00", "eu")
    ('CN 2021', 'CN 2022')
    """
    digits = normalise_code(code)
    cn = _is_cn(digits, tariff)
    if cn and digits[:CN_DIGITS] in _cn() and digits[:CN_DIGITS] not in _cn_still_used():
        return "CN 2021"
    if is_valid(digits) or (len(digits) < HS_DIGITS and exists(digits)):
        return "CN 2022" if cn else "HS 2022"
    return "HS 2017" if digits[:HS_DIGITS] in _hs() else ""


def successors(code: str, tariff: str = "") -> tuple[str, ...]:
    """The codes that hold today what a code held before 2022; the code itself if nothing changed.

    If its scope changed, what a country added to six digits (to eight under the Combined
    Nomenclature) has lost its meaning and is cut off. A code that lives on with fewer goods comes
    first among its successors. A code of no known edition has none.

    Args:
        code: 4 to 14 digits of HS 2017 (CN 2021), separators allowed.
        tariff: as in `edition`.

    Raises:
        DeclarationError: not 4 to 14 digits.

    >>> successors("8517.12"), successors("6109.10.00.10"), successors("7701.00")
    (('851713', '851714'), ('6109100010',), ())
    >>> successors("8517.70.00", "eu")
    ('85177100', '85177900')
    """
    digits = normalise_code(code)
    if _is_cn(digits, tariff) and (listed := _cn().get(digits[:CN_DIGITS])):
        return listed
    if listed := _hs().get(digits[:HS_DIGITS]):
        return listed
    return (digits,) if edition(digits, tariff) else ()


def is_outdated(code: str, tariff: str = "") -> bool:
    """Whether a code ended with an earlier edition.

    >>> is_outdated("8517.12"), is_outdated("8517.13")
    (True, False)
    """
    return edition(code, tariff) in {"HS 2017", "CN 2021"}


def _is_cn(digits: str, tariff: str) -> bool:
    return len(digits) >= CN_DIGITS and depth(tariff).nomenclature == "cn"


@cache
def _hs() -> Mapping[str, tuple[str, ...]]:
    return _table("hs2017_to_hs2022.csv")


@cache
def _cn() -> Mapping[str, tuple[str, ...]]:
    return _table("cn2021_to_cn2022.csv")


@cache
def _cn_still_used() -> frozenset[str]:
    return frozenset(new for listed in _cn().values() for new in listed)


def _table(name: str) -> Mapping[str, tuple[str, ...]]:
    path = data_folder() / "commodity" / name
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        return MappingProxyType({old: tuple(new.split()) for old, new in rows})
