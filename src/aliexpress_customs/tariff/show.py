"""What a tariff says about a commodity code, measure by measure, with the sources."""

from __future__ import annotations

import datetime as dt
from typing import Final

from aliexpress_customs.errors import UsageError
from aliexpress_customs.model import Model
from aliexpress_customs.tariff.measures import Found, Measure, Schedule
from aliexpress_customs.tariff.schedules import schedule, schedule_names
from aliexpress_customs.tariff.sources import Source, cited

ORDINARY: Final = "third_country"


class Shown(Model):
    """One measure in force for a code, an origin and a day."""

    type: str
    """`third_country` is the ordinary duty; the others come on top or replace it by rule."""
    code: str
    """The prefix whose row it is."""
    duty: str
    """The duty expression; candidates are separated by `|`, `?` is open."""
    fit: str
    """`exact`: it decides; `below`: one of several lines below the code; `nearest`: the tariff does
    not have the code, this is a neighbour."""
    lines: int
    """Lines of the schedule that the row stands for."""
    origin: str
    """Origins it is for, blank between; `!` before those it is not for; empty = any."""
    effective_from: dt.date | None
    effective_to: dt.date | None
    note: str
    source: str
    """Keys of the sources."""
    sources: tuple[Source, ...]


def stack(name: str, code: str, on: dt.date, origin: str = "CN") -> list[Shown]:
    """Every measure of a tariff for a code, the ordinary duty first.

    Args:
        name: the tariff, such as `eu`.
        code: commodity code, digits.
        on: day of clearance.
        origin: ISO 3166-1 alpha-2.

    Raises:
        UsageError: no such tariff, or the code is not digits.
        TariffError: a malformed tariff file.

    >>> [(row.type, row.duty) for row in stack("eu", "6109100010", dt.date(2026, 7, 2))]
    [('third_country', '12 %')]
    """
    if not (code.isascii() and code.isdigit()):
        raise UsageError(
            f"{code[:20]!r} is no commodity code.", path="code", action="Write digits only."
        )
    tariff = schedule(name)
    if tariff is None:
        raise UsageError(
            f"There is no tariff {name[:20]!r}.",
            code="unknown_tariff",
            path="name",
            action="Use " + ", ".join(schedule_names()) + ".",
        )
    found: list[Shown] = []
    for kind in sorted(tariff.types, key=lambda kind: (kind != ORDINARY, kind)):
        found.extend(_of_type(tariff, kind, code, on, origin))
    return found


def _of_type(tariff: Schedule, kind: str, code: str, on: dt.date, origin: str) -> list[Shown]:
    found: Found
    if kind == ORDINARY:
        found = tariff.nearest(kind, code, origin, on)
    else:
        found = tariff.find(kind, code, origin, on)
    exact, below = ("nearest", "nearest") if found.neighbours else ("exact", "below")
    if found.exact is not None:
        return [_shown(found.exact, exact)]
    return [_shown(measure, below) for measure in found.candidates]


def _shown(measure: Measure, fit: str) -> Shown:
    origins = " ".join(sorted(measure.origins))
    return Shown(
        type=measure.type,
        code=measure.code,
        duty=measure.duty,
        fit=fit,
        lines=measure.lines,
        origin=f"!{origins}" if measure.excluding else origins,
        effective_from=measure.from_,
        effective_to=measure.to,
        note=measure.note,
        source=measure.source,
        sources=cited(measure.source),
    )
