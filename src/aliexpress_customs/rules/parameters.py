"""Parameters of law as expressions read them, and which of several entries a line gets."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from aliexpress_customs.rules.facts import Compute, Facts, MissingFactError
from aliexpress_customs.rules.schema import Parameter

_REMEMBERED = 4096
"""Lines of which the entry chosen is kept."""


def parameter_value(entry: Parameter) -> Any:
    """The value as expressions read it: `%` applied, lists as tuples."""
    if entry.value is None:
        return None
    if entry.unit == "%" and isinstance(entry.value, Decimal):
        return entry.value.scaleb(-2)
    return tuple(entry.value) if isinstance(entry.value, list) else entry.value


def money_slot(entry: Parameter) -> str:
    """Key under which a parameter in a foreign currency stands among the facts of a parcel."""
    return f"{entry.value} {entry.unit}"


def stated_slot(entry: Parameter) -> str:
    """Where a parcel has the caller's value of a parameter that no source gives."""
    return f"given:{entry.id}"


def is_money(entry: Parameter) -> bool:
    """Whether the value is an amount of a currency."""
    return len(entry.unit) == 3 and entry.unit.isupper()


def is_narrow(entry: Parameter) -> bool:
    """Whether an entry is meant for some codes, origins or a category only."""
    return entry.codes is not None or entry.origins is not None or entry.category is not None


def matches(entry: Parameter, hs_code: str, origin: str, category: str) -> bool:
    """Whether a narrowed entry is meant for a line."""
    if entry.codes is not None and not (hs_code and hs_code.startswith(tuple(entry.codes))):
        return False
    if entry.origins is not None and origin not in entry.origins:
        return False
    return entry.category is None or entry.category.casefold() == category.casefold()


def specificity(entry: Parameter, hs_code: str) -> tuple[int, bool, bool, bool]:
    """How closely an entry fits a line: longest code, then origin, category, region."""
    prefix = max((len(c) for c in entry.codes or () if hs_code.startswith(c)), default=0)
    return (
        prefix,
        entry.origins is not None,
        entry.category is not None,
        entry.region is not None,
    )


def chosen_by_line(id: str, computes: Sequence[tuple[Parameter, Compute]]) -> Compute:
    """The value of the entry that fits a line most closely, of entries with what computes them."""
    chosen: dict[tuple[str, str, str], tuple[Parameter, Compute] | None] = {}
    by_code = any(entry.codes is not None for entry, _ in computes)

    def select(p: Facts, x: Facts) -> Any:
        key = (x["hs_code"], x["origin_country"], x["category"])
        if by_code and not key[0]:
            p["unknown_codes"].add(x["path"])
        try:
            compute = chosen[key]
        except KeyError:
            if len(chosen) > _REMEMBERED:
                chosen.clear()
            fits = [
                (specificity(entry, key[0]), -rank)
                for rank, (entry, _) in enumerate(computes)
                if matches(entry, *key)
            ]
            compute = chosen[key] = computes[-max(fits)[1]] if fits else None
        if compute is None:
            raise MissingFactError(
                id, f"The rule table has no {id} for this line.", "Add an entry to the table."
            )
        if is_narrow(compute[0]):
            p["narrowed"][id, key] = compute[0]
        return compute[1](p, x)

    return select
