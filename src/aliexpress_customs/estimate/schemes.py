"""Which collection scheme a consignment falls under, and which of its lines."""

from __future__ import annotations

from dataclasses import dataclass, field

from aliexpress_customs.errors import UsageError
from aliexpress_customs.model import Finding
from aliexpress_customs.rules.compiled import CompiledScheme, RuleSet
from aliexpress_customs.rules.facts import Facts, MissingFactError


@dataclass(slots=True)
class ChosenScheme:
    """The scheme that was taken, and what there is to say about it."""

    scheme: CompiledScheme | None
    findings: list[Finding] = field(default_factory=list)


def apply_scheme(rules: RuleSet, parcel: Facts, wanted: str | None) -> ChosenScheme:
    """Mark the parcel, or each line, as within the scheme or not.

    Raises:
        UsageError: the scheme asked for is not one of the destination.
    """
    chosen = _choose(rules, wanted)
    found = ChosenScheme(chosen)
    if chosen is None:
        return found
    entry = chosen.entry
    try:
        if entry.per == "line":
            for line in parcel["lines"]:
                line["in_scheme"] = bool(chosen.when(parcel, line))
            parcel["in_scheme"] = any(line["in_scheme"] for line in parcel["lines"])
        else:
            parcel["in_scheme"] = bool(chosen.when(parcel, {}))
    except MissingFactError as missing:
        found.findings.append(
            Finding(
                code="scheme_unclear",
                message=f"Whether {entry.name} applies depends on {missing.name}.",
                action=missing.action or "State it.",
                path=entry.id,
            )
        )
    if parcel["in_scheme"]:
        parcel["scheme"] = entry.id
    elif wanted is not None:
        found.findings.append(
            Finding(
                code="outside_scheme",
                message=f"The consignment does not fall under {entry.name}.",
                path=entry.id,
                severity="info",
            )
        )
    if parcel["in_scheme"] and wanted is None and entry.aliexpress == "by_law":
        found.findings.append(
            Finding(
                code="scheme_by_law",
                message=(
                    f"{entry.name} binds a platform of AliExpress' size; "
                    "that AliExpress is registered was not seen in a source."
                ),
                action="Pass scheme='none' if checkout charged nothing.",
                path=entry.id,
                severity="info",
            )
        )
    return found


def _choose(rules: RuleSet, wanted: str | None) -> CompiledScheme | None:
    if wanted is None:
        return next((scheme for scheme in rules.schemes if scheme.default), None)
    folded = wanted.casefold()
    if folded in {"none", ""}:
        return None
    for scheme in rules.schemes:
        entry = scheme.entry
        if folded in {entry.id, entry.name.casefold(), *(a.casefold() for a in entry.aliases)}:
            return scheme
    options = ", ".join(["none", *(scheme.entry.id for scheme in rules.schemes)])
    raise UsageError(
        f"{wanted[:40]!r} is no collection scheme of {rules.law.destination.code} on {rules.on}.",
        code="unknown_scheme",
        path="scheme",
        action=f"Use one of: {options}.",
    )
