"""What the tables cover: per destination the regimes with their dates, the gaps, the confidence."""

from __future__ import annotations

import datetime as dt
from collections import Counter

from aliexpress_customs.model import Model
from aliexpress_customs.rules.load import Law, law
from aliexpress_customs.rules.schema import Charge


class Regime(Model):
    """A charge, relief or scheme with the days it holds."""

    kind: str
    label: str
    from_date: dt.date | None
    to_date: dt.date | None
    status: str
    id: str


class Coverage(Model):
    """What is known about a destination."""

    destination: str
    name: str
    summary: str
    regimes: tuple[Regime, ...]
    schemes: tuple[str, ...]
    identification: tuple[str, ...]
    carriers: tuple[str, ...]
    not_covered: tuple[str, ...]
    confidence: dict[str, int]
    """Facts by confidence: `high`, `medium`, `low`, `memory`."""
    official: int
    """Facts whose source is official."""
    facts: int
    newest_rule: dt.date | None
    """Latest first day of any entry: how far the research reaches."""
    researched: dt.date | None
    """Day the sources were last looked at; their age counts from it."""


def coverage(destination: str) -> Coverage:
    """What the tables hold for a destination.

    Raises:
        UnknownDestinationError: no table.
    """
    source = law(destination)
    head = source.destination
    cited = [*source.parameters, *source.values, *source.schemes, *source.waivers]
    starts = [entry.from_ for entry in (*cited, *source.charges) if entry.from_]
    return Coverage(
        destination=head.code,
        name=head.name,
        summary=head.summary,
        regimes=tuple(_regimes(source)),
        schemes=tuple(
            f"{s.name} ({_days(s.from_, s.to)}; AliExpress: {s.aliexpress.replace('_', ' ')})"
            for s in source.schemes
        ),
        identification=tuple(entry.name for entry in source.identifications),
        carriers=tuple(entry.name for entry in source.carriers),
        not_covered=(
            *(gap.message for gap in source.gaps),
            *(f"{t.name}: {t.message}" for t in source.territories if t.effect != "rules"),
        ),
        confidence=dict(Counter(entry.confidence or "memory" for entry in cited)),
        official=sum(entry.source_kind == "official" for entry in cited),
        facts=len(cited),
        newest_rule=max(starts, default=None),
        researched=head.researched,
    )


def markdown(view: Coverage) -> str:
    """One section of the coverage page."""
    sure = ", ".join(
        f"{view.confidence[level]} {level}"
        for level in ("high", "medium", "low", "memory")
        if level in view.confidence
    )
    lines = [
        f"## {view.name} ({view.destination})",
        "",
        view.summary,
        "",
        f"{view.facts} facts ({view.official} from official sources; confidence: {sure}); sources "
        f"looked at on {view.researched}, newest rule from {view.newest_rule}.",
        "",
        "| | regime | from | to | |",
        "|---|---|---|---|---|",
    ]
    lines += [
        f"| {r.kind} | {_cell(r.label)} | {r.from_date or 'before 2021-07'} | {r.to_date or ''} | "
        f"{'' if r.status == 'in_force' else r.status} |"
        for r in view.regimes
    ]
    for title, texts in (
        ("Collected at checkout", view.schemes),
        ("The declaration needs", view.identification),
        ("Clearance fees known", view.carriers),
        ("Not covered", view.not_covered),
    ):
        if texts:
            lines += ["", f"**{title}:**", "", *(f"- {_cell(text)}" for text in texts)]
    return "\n".join(lines) + "\n"


def _regimes(source: Law) -> list[Regime]:
    return [
        Regime(
            kind=_kind(entry),
            label=entry.label,
            from_date=entry.from_,
            to_date=entry.to,
            status=entry.status,
            id=entry.id,
        )
        for entry in source.charges
    ]


def _kind(entry: Charge) -> str:
    return f"{entry.kind}, relief" if entry.amount == "0" else entry.kind


def _days(first: dt.date | None, last: dt.date | None) -> str:
    start = f"from {first}" if first else "since before 2021-07"
    return f"{start} to {last}" if last else start


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").replace("<", "&lt;").split())
