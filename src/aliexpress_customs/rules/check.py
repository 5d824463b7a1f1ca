"""`rules check`: what the schema cannot see in a rule table.

Overlapping and missing dates, unknown names, uncited values, unreachable charges, switches that
nothing reads. A table without findings compiles for every day and region it speaks of.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any

from aliexpress_customs.errors import AliExpressCustomsError
from aliexpress_customs.exchange import CUSTOMS_RULES
from aliexpress_customs.model import Finding
from aliexpress_customs.rules.load import Law, destinations, law
from aliexpress_customs.rules.ruleset import ruleset
from aliexpress_customs.rules.schema import Charge, Cited, Dated, Parameter

BEGIN = dt.date(2021, 7, 1)
"""The tables cover every regime since this day."""


def check(codes: Sequence[str] = ()) -> list[Finding]:
    """Findings over the tables of some destinations, or of all.

    Args:
        codes: ISO 3166-1 alpha-2; empty = every table.
    """
    found: dict[tuple[str, str, str], Finding] = {}
    for code in codes or destinations():
        try:
            source = law(code)
            findings = [*_check_law(source)]
        except AliExpressCustomsError as error:
            findings = [
                Finding(
                    code=error.code,
                    message=error.message,
                    path=error.path or code,
                    severity="error",
                )
            ]
        for finding in findings:
            found.setdefault((finding.code, finding.path, finding.message), finding)
    return list(found.values())


def _check_law(source: Law) -> Iterator[Finding]:
    yield from _dates(source)
    yield from _sources(source)
    yield from _unreachable(source)
    yield from _names(source)
    rule = source.destination.exchange_rule
    if rule not in CUSTOMS_RULES:
        yield _finding(
            source, "unknown_exchange_rule", f"There is no rule {rule!r}.", "destination"
        )


def change_days(source: Law) -> list[dt.date]:
    """Every day since `BEGIN` on which some entry starts to hold or has just ended."""
    days = {BEGIN}
    for entry in _dated(source):
        if entry.from_:
            days.add(max(entry.from_, BEGIN))
        if entry.to:
            days.add(max(entry.to + dt.timedelta(days=1), BEGIN))
    return sorted(days)


def regions(source: Law) -> list[str]:
    """Every region the tables name."""
    found: set[str] = set()
    for entry in source.parameters:
        if entry.region:
            found.update([entry.region] if isinstance(entry.region, str) else entry.region)
    return sorted(found)


def _dated(source: Law) -> Iterator[Dated]:
    yield from source.parameters
    yield from source.values
    yield from source.charges
    yield from source.waivers
    yield from source.schemes
    yield from source.identifications


def _dates(source: Law) -> Iterator[Finding]:
    histories: dict[tuple[Any, ...], list[Parameter]] = defaultdict(list)
    for entry in source.parameters:
        histories[_history_key(entry)].append(entry)
    for key, entries in histories.items():
        entries.sort(key=lambda entry: entry.from_ or dt.date.min)
        for first, second in pairwise(entries):
            start = second.from_ or dt.date.min
            if first.to is None or first.to >= start:
                yield _finding(
                    source,
                    "overlapping_dates",
                    f"Two entries hold on {start}.",
                    f"parameter {key[0]}",
                )
            elif first.to + dt.timedelta(days=1) < start:
                yield _finding(
                    source,
                    "missing_dates",
                    f"No entry holds from {first.to + dt.timedelta(days=1)} "
                    f"to {start - dt.timedelta(days=1)}.",
                    f"parameter {key[0]}",
                    severity="warning" if entries[0].note else "error",
                )


def _history_key(entry: Parameter) -> tuple[Any, ...]:
    region = (entry.region,) if isinstance(entry.region, str) else tuple(entry.region or ())
    return (
        entry.id,
        tuple(sorted(region)),
        tuple(sorted(entry.codes or ())),
        tuple(sorted(entry.origins or ())),
        entry.category,
    )


def _sources(source: Law) -> Iterator[Finding]:
    cited: Iterable[tuple[str, Cited]] = [
        *((f"parameter {entry.id}", entry) for entry in source.parameters),
        *((f"scheme {entry.id}", entry) for entry in source.schemes),
        *((f"value {entry.id}", entry) for entry in source.values),
        *((f"waiver {entry.id}", entry) for entry in source.waivers),
        *((f"identification {entry.id}", entry) for entry in source.identifications),
    ]
    for where, entry in cited:
        if entry.source_url is None and entry.source_kind != "memory":
            yield _finding(source, "uncited", "There is no source.", where)
        if entry.confidence is None:
            yield _finding(source, "no_confidence", "The confidence is not stated.", where)
        if entry.source_kind == "memory" and entry.confidence != "memory":
            yield _finding(source, "no_confidence", "Memory is a confidence of its own.", where)


def _unreachable(source: Law) -> Iterator[Finding]:
    groups: dict[str, list[Charge]] = defaultdict(list)
    for entry in source.charges:
        if entry.group:
            groups[entry.group].append(entry)
    for entries in groups.values():
        for index, entry in enumerate(entries):
            for before in entries[:index]:
                if (
                    before.when == "true"
                    and before.status == "in_force"
                    and before.dated_by == entry.dated_by
                    and _covers(before, entry)
                ):
                    yield _finding(
                        source,
                        "unreachable",
                        f"{before.id} above it always applies.",
                        f"charge {entry.id}",
                    )


def _covers(outer: Dated, inner: Dated) -> bool:
    starts = (outer.from_ or dt.date.min) <= (inner.from_ or dt.date.min)
    return starts and (outer.to or dt.date.max) >= (inner.to or dt.date.max)


def _names(source: Law) -> Iterator[Finding]:
    """Compile for every day on which something changes, and every region."""
    switches = frozenset(
        [entry.switch_name for entry in source.charges] + [entry.id for entry in source.waivers]
    )
    code = source.destination.code
    read: set[str] = set()
    for region in ["", *regions(source)]:
        for day in change_days(source):
            try:
                rules = ruleset(code, day, region=region, assume=switches)
            except AliExpressCustomsError as error:
                yield Finding(
                    code=error.code,
                    message=f"{error.message} (on {day}{', ' + region if region else ''})",
                    path=error.path or code,
                    severity="error",
                )
                return
            read |= rules.reads
    own = {entry.id for entry in source.parameters} - {"currency"}
    for unused in sorted(own - read):
        yield _finding(
            source, "unused", "No formula reads it.", f"parameter {unused}", severity="warning"
        )


def _finding(
    source: Law, code: str, message: str, where: str, *, severity: Any = "error"
) -> Finding:
    return Finding(
        code=code, message=message, path=f"{source.destination.code}: {where}", severity=severity
    )
