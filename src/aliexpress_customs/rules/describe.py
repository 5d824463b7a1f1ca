"""The rules of a destination in words: what is in force on a day, and what changes between two."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from aliexpress_customs.model import Model
from aliexpress_customs.rules.load import Law, law
from aliexpress_customs.rules.schema import Cited, Parameter


class RuleLine(Model):
    """One entry of a table."""

    entry: str
    """`parameter`, `charge`, `scheme`, `waiver`, `value`, `identification`."""
    id: str
    text: str
    """What it says, in one line."""
    narrowed: str = ""
    """To which region, codes, origins or category it is limited."""
    from_date: dt.date | None = None
    to_date: dt.date | None = None
    status: str = "in_force"
    source_url: str = ""
    source_kind: str = ""
    confidence: str = ""
    legal_basis: str = ""
    note: str = ""


class RulesView(Model):
    """What the tables say about a destination on a day."""

    destination: str
    name: str
    on: dt.date
    currency: str
    summary: str
    lines: tuple[RuleLine, ...]
    readings: tuple[str, ...] = ()
    carriers: tuple[str, ...] = ()
    territories: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()
    version: str = ""
    hash: str = ""


class RuleChange(Model):
    """An entry that differs between two days."""

    entry: str
    id: str
    narrowed: str = ""
    before: str | None
    after: str | None
    source_url: str = ""


class RulesDiff(Model):
    """What changes in a destination between two days."""

    destination: str
    first: dt.date
    second: dt.date
    changes: tuple[RuleChange, ...]


def show(destination: str, on: dt.date, *, region: str = "") -> RulesView:
    """Everything in force for a destination on a day.

    Args:
        destination: ISO 3166-1 alpha-2.
        on: the day; entries dated by the order are read for it too.
        region: ISO 3166-2; empty = entries of every region.

    Raises:
        UnknownDestinationError: no table.
    """
    source = law(destination)
    head = source.destination
    return RulesView(
        destination=head.code,
        name=head.name,
        on=on,
        currency=head.currency,
        summary=head.summary,
        lines=tuple(line for line in _lines(source, on) if _concerns(line, region)),
        readings=tuple(
            f"{r.id}: {r.question} {' | '.join(r.options)} (default {r.default})"
            for r in source.readings
        ),
        carriers=tuple(f"{c.id}: {c.name}" for c in source.carriers),
        territories=tuple(f"{t.name}: {t.message}" for t in source.territories),
        gaps=tuple(gap.message for gap in source.gaps),
        version=head.researched.isoformat() if head.researched else "",
        hash=source.hash,
    )


def diff(destination: str, first: dt.date, second: dt.date) -> RulesDiff:
    """What starts, ends or changes between two days.

    Raises:
        UnknownDestinationError: no table.
    """
    source = law(destination)
    before, after = (
        {(line.entry, line.id, line.narrowed): line for line in _lines(source, day)}
        for day in (first, second)
    )
    changes = []
    for key in [*before, *(key for key in after if key not in before)]:
        old, new = before.get(key), after.get(key)
        if old and new and (old.text, old.status) == (new.text, new.status):
            continue
        line = new or old
        assert line is not None  # noqa: S101 - the key is in one of them
        changes.append(
            RuleChange(
                entry=line.entry,
                id=line.id,
                narrowed=line.narrowed,
                before=_state(old),
                after=_state(new),
                source_url=line.source_url,
            )
        )
    return RulesDiff(
        destination=source.destination.code, first=first, second=second, changes=tuple(changes)
    )


def _state(line: RuleLine | None) -> str | None:
    if line is None:
        return None
    return line.text if line.status == "in_force" else f"{line.text} [{line.status}]"


def _concerns(line: RuleLine, region: str) -> bool:
    return not region or "region" not in line.narrowed or region in line.narrowed


def _lines(source: Law, on: dt.date) -> list[RuleLine]:
    found = [
        _line("parameter", p.id, _value(p), p, narrowed=_narrowing(p))
        for p in source.parameters
        if p.holds(on, on)
    ]
    found += [
        _line("value", v.id, _one_line(v.formula), v) for v in source.values if v.holds(on, on)
    ]
    for scheme in source.schemes:
        if scheme.holds(on, on):
            member = {"no": "", "confirmed": "; used by AliExpress", "by_law": "; binds AliExpress"}
            text = f"{scheme.name} when {_one_line(scheme.when)}{member[scheme.aliexpress]}"
            found.append(_line("scheme", scheme.id, text, scheme))
    for charge in source.charges:
        if charge.holds(on, on):
            when = "" if charge.when == "true" else f" when {_one_line(charge.when)}"
            per = "" if charge.per == "consignment" else f" per {charge.per.replace('_', ' ')}"
            text = f"{charge.kind}: {charge.label}: {_one_line(charge.formula)}{per}{when}"
            found.append(
                _line(
                    "charge",
                    charge.id,
                    text,
                    charge,
                    status=charge.status,
                    legal_basis=charge.legal_basis,
                )
            )
    found += [
        _line("waiver", w.id, f"{w.label} when {_one_line(w.when)}", w, status=w.status)
        for w in source.waivers
        if w.holds(on, on)
    ]
    found += [
        _line("identification", i.id, f"{i.name} of the {i.who}", i)
        for i in source.identifications
        if i.holds(on, on)
    ]
    return found


def _line(
    entry: str,
    id: str,
    text: str,
    cited: Cited,
    *,
    narrowed: str = "",
    status: str = "in_force",
    legal_basis: str = "",
) -> RuleLine:
    return RuleLine(
        entry=entry,
        id=id,
        text=text,
        narrowed=narrowed,
        from_date=cited.from_,
        to_date=cited.to,
        status=status,
        source_url=cited.source_url or "",
        source_kind=cited.source_kind or "",
        confidence=cited.confidence or "",
        legal_basis=legal_basis,
        note=cited.note,
    )


def _value(entry: Parameter) -> str:
    if entry.value is None:
        return "not found"
    if isinstance(entry.value, list):
        return ", ".join(entry.value)
    shown = f"{entry.value:f}" if isinstance(entry.value, Decimal) else str(entry.value)
    unit = "" if entry.unit in {"", "text", "count"} else f" {entry.unit}"
    return f"{shown}{unit}{' (' + entry.label + ')' if entry.label else ''}"


def _narrowing(entry: Parameter) -> str:
    parts: Sequence[tuple[str, object]] = (
        ("region", entry.region),
        ("codes", entry.codes),
        ("origins", entry.origins),
        ("category", entry.category),
    )
    return "; ".join(
        f"{name} {' '.join(value) if isinstance(value, list) else value}"
        for name, value in parts
        if value
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())
