"""Product classes: what the code of a dress depends on, and which code follows.

Two tables in `data/commodity/classify/`. `classes.csv` states the law: a class, the conditions
(`gender=women knit=no fibre=cotton`), the subheading, the legal note. `class_priors.csv` states
what holds when a title is silent: how often a value is met (`knit`, `no:6 yes:4`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from aliexpress_customs.commodity.attributes import USUAL
from aliexpress_customs.commodity.words import rows

CLASS_MARK: Final = "@"
_CONTRADICTED: Final = 0.02
"""Share left to a row whose condition the title contradicts: titles err."""
_UNUSUAL: Final = 0.15
"""Share left to a row of which such goods usually are not."""
_UNSEEN: Final = 0.1
"""Share of values of which the priors list none."""
_LEAST_SHARE: Final = 0.06
"""Codes with less, of what the best one has, are left out."""
_MOST_CODES: Final = 5
_REMEMBERED: Final = 8192
"""Combinations of a class and attributes."""


@dataclass(slots=True)
class Resolved:
    """A code that a class may stand for."""

    code: str
    share: float
    """1 for the likeliest code of the class."""
    reason: str
    """The class, the conditions met and assumed, the legal note."""


@dataclass(frozen=True, slots=True)
class _Row:
    code: str
    conditions: tuple[tuple[str, str], ...]
    """Attributes and their values: `gender`, `men|boys`."""
    note: str


@dataclass(frozen=True, slots=True)
class _Class:
    rows: tuple[_Row, ...]
    priors: Mapping[str, Mapping[str, float]]
    names: tuple[str, ...]
    """The attributes its conditions ask for."""


def resolve(name: str, attributes: Mapping[str, str]) -> tuple[Resolved, ...]:
    """The codes a class may stand for, the likeliest first; empty if the class is unknown.

    Args:
        name: a class, such as `@dress`.
        attributes: what is known of the goods.

    >>> resolve("@dress", {"knit": "no", "fibre": "cotton"})[0].code
    '620442'
    """
    kind = _classes().get(name)
    if kind is None:
        return ()
    known = tuple(attributes.get(attribute, "") for attribute in kind.names)
    return _resolve(name, known)


def conditions(name: str, code: str) -> dict[str, str]:
    """The conditions under which goods of a class have a code; of several rows the first.

    >>> conditions("@dress", "620442")["fibre"]
    'cotton'
    """
    kind = _classes().get(name)
    found = (row for row in kind.rows if row.code == code) if kind else ()
    return dict(next((row.conditions for row in found), ()))


def class_attributes(name: str) -> tuple[str, ...]:
    """The attributes that the code of a class depends on; empty if the class is unknown."""
    kind = _classes().get(name)
    return kind.names if kind else ()


def class_names() -> frozenset[str]:
    """All classes that can be resolved."""
    return frozenset(_classes())


@lru_cache(maxsize=_REMEMBERED)
def _resolve(name: str, known: tuple[str, ...]) -> tuple[Resolved, ...]:
    kind = _classes()[name]
    stated = {key: value for key, value in zip(kind.names, known, strict=True) if value}
    shares: dict[str, float] = {}
    likeliest: dict[str, _Row] = {}
    chances: dict[tuple[str, str], float] = {}
    for row in kind.rows:
        share = 1.0
        for condition in row.conditions:
            if condition not in chances:
                chances[condition] = _probability(kind, stated, *condition)
            share *= chances[condition]
        if share > shares.get(row.code, 0):
            likeliest[row.code] = row
        shares[row.code] = shares.get(row.code, 0) + share
    best = max(shares.values())
    ranked = sorted(shares, key=lambda code: (-shares[code], code))
    return tuple(
        Resolved(code, shares[code] / best, _reason(name, likeliest[code], stated))
        for code in ranked[:_MOST_CODES]
        if shares[code] >= _LEAST_SHARE * best
    )


def _probability(kind: _Class, stated: Mapping[str, str], attribute: str, wanted: str) -> float:
    values = wanted.split("|")
    said = stated.get(attribute, "")
    value = said.removesuffix(USUAL)
    priors = kind.priors.get(attribute, {})
    if value and (value in priors or value in values or not priors):
        if value in values:
            return 1.0
        return _CONTRADICTED if value == said else _UNUSUAL
    return sum(priors.get(value, 0.0) for value in values) or _UNSEEN


def _reason(name: str, row: _Row, stated: Mapping[str, str]) -> str:
    met = [f"{a}={stated[a]}" for a, v in row.conditions if stated.get(a) in v.split("|")]
    usual = [
        f"{a}={stated[a].removesuffix(USUAL)}"
        for a, v in row.conditions
        if stated.get(a, "").removesuffix(USUAL) in v.split("|") and stated[a].endswith(USUAL)
    ]
    assumed = [f"{a}={v}" for a, v in row.conditions if a not in stated]
    text = f"class {name[1:]}"
    if met:
        text += f", stated {' '.join(met)}"
    if usual:
        text += f", usual {' '.join(usual)}"
    if assumed:
        text += f", assumed {' '.join(assumed)}"
    return f"{text} ({row.note})" if row.note else text


@cache
def _classes() -> dict[str, _Class]:
    found: dict[str, list[_Row]] = {}
    for row in rows("classes.csv"):
        pairs = [condition.partition("=") for condition in row["conditions"].split()]
        conditions = tuple((attribute, value) for attribute, _, value in pairs)
        found.setdefault(f"@{row['class']}", []).append(_Row(row["code"], conditions, row["note"]))
    priors: dict[str, dict[str, dict[str, float]]] = {}
    for row in rows("class_priors.csv"):
        parts = [part.split(":") for part in row["shares"].split()]
        whole = sum(float(share) for _, share in parts)
        shares = {value: float(share) / whole for value, share in parts}
        for name in row["class"].split():
            priors.setdefault(f"@{name}", {})[row["attribute"]] = shares
    return {
        name: _Class(
            tuple(own),
            priors.get(name, {}),
            tuple(sorted({attribute for row in own for attribute, _ in row.conditions})),
        )
        for name, own in found.items()
    }
