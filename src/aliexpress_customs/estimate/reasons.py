"""What the reader of an estimate must know: assumptions, gaps, doubts, contradictions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from difflib import get_close_matches
from typing import Any, Final

from aliexpress_customs.declaration.model import Declaration
from aliexpress_customs.estimate.duties import Tariffs
from aliexpress_customs.estimate.engine import Row
from aliexpress_customs.estimate.facts import Rates
from aliexpress_customs.model import Finding
from aliexpress_customs.rules.compiled import KINDS, CompiledGap, RuleSet
from aliexpress_customs.rules.facts import Facts, MissingFactError

OLD_TARIFF_YEARS: Final = 2
"""A tariff copied longer ago than this is named in the answer."""
ALIKE: Final = 0.9
"""How alike a fact that is not asked for and one that is must be for a slip of the pen."""
_COMPUTED: Final = frozenset({*KINDS, "due_at_delivery"})
"""What nobody can state: it follows from the charges."""
_RELIEFS: Final = frozenset({"below_threshold", "relieved"})
"""Zeros that rest on a limit or a relief, whose source counts as much as that of an amount."""
NEGLIGIBLE: Final = Decimal("0.05")
"""Checkout and rules may differ by rounding; beyond this, in currency units, it is worth saying."""


def reasons_for(
    declaration: Declaration,
    rules: RuleSet,
    rates: Rates,
    parcel: Facts,
    rows: list[Row],
    tariffs: Tariffs,
    carrier_assumed: bool,
    given: Mapping[str, Any],
) -> Iterator[Finding]:
    """Every reason, the gravest kinds first."""
    yield from _missing(rules, rows)
    yield from _unknown_facts(declaration, rules, parcel, tariffs, given)
    yield from _doubtful_law(rules, parcel, rows)
    yield from _handling(rules, parcel["carrier"], rows, assumed=carrier_assumed)
    yield from _compared(declaration, rates, rows)


def _missing(rules: RuleSet, rows: list[Row]) -> Iterator[Finding]:
    head = rules.law.destination
    told: set[str] = set()
    for row in rows:
        missing = row.missing
        if missing is None or missing.name in told:
            continue
        told.add(missing.name)
        name = missing.name.removeprefix("line_").removeprefix("item_")
        derived = name in _COMPUTED or any(name == charge.id for charge in rules.law.charges)
        yield Finding(
            code="depends_on_refused" if derived and not missing.message else "missing_fact",
            message=missing.message
            or f"{row.rule.entry.label} depends on {name if derived else missing.name}, "
            "which is not known.",
            action=missing.action or ("" if derived else f"State {missing.name}."),
            path=row.rule.entry.id,
            severity="error",
        )
    answered = {row.rule.entry.kind for row in rows}
    for kind in head.levies:
        if kind not in answered:
            yield Finding(
                code="not_covered",
                message=(
                    f"The tables have no {kind} rule of {head.name} for this consignment "
                    f"on {rules.on}."
                ),
                action="The amount is unknown, not zero; see docs/coverage.md.",
                path=kind,
                severity="error",
            )


def _unknown_facts(
    declaration: Declaration,
    rules: RuleSet,
    parcel: Facts,
    tariffs: Tariffs,
    given: Mapping[str, Any],
) -> Iterator[Finding]:
    yield from tariffs.ranged.values()
    yield from tariffs.remarks.values()
    yield from tariffs.aged(OLD_TARIFF_YEARS)
    for path in sorted(parcel["unknown_codes"]):
        yield Finding(
            code="hs_code_unknown",
            message="Rules by commodity code could not be applied to this line.",
            action="State its hs_code.",
            path=path,
        )
    if declaration.freight is None and "freight" in rules.reads:
        yield Finding(
            code="freight_unknown",
            message="The freight is not known and counted as 0; the real total may be higher.",
            action="State freight; 0 if delivery is free.",
            path="freight",
        )
    for item in declaration.items:
        if item.origin_assumed:
            yield Finding(
                code="origin_assumed",
                message=f"The origin is assumed to be {item.origin_country}.",
                action="State origin_country if it is made elsewhere.",
                path=f"items[{item.number - 1}]",
            )
    for word, value in parcel["assumed"].items():
        name = word.removeprefix("line_").removeprefix("item_")
        yield Finding(
            code="fact_assumed",
            message=f"{name} is not known; {value:f} is assumed.",
            action=f"State {name}.",
            path=name,
        )
    for entry in rules.law.given:
        if entry.id in parcel["asked"] and entry.id not in given:
            yield Finding(
                code="given_assumed",
                message=entry.label,
                action=f"Pass given={{'{entry.id}': ...}} if it is otherwise.",
                path=entry.id,
                severity="info",
            )
    asked = [entry.id for entry in rules.law.given] + [entry.id for entry in rules.unknown]
    for name in sorted(set(given) - set(asked)):
        alike = get_close_matches(name, asked, 1, ALIKE)
        yield Finding(
            code="given_unused",
            message=f"The rules of {rules.law.destination.name} do not ask for this fact; "
            "it counts for nothing.",
            action=f"Pass {alike[0]!r} if that is meant." if alike else "",
            path=name[:60],
            severity="warning" if alike else "info",
        )


def _doubtful_law(rules: RuleSet, parcel: Facts, rows: list[Row]) -> Iterator[Finding]:
    territory = rules.territory(parcel["postcode"])
    if territory and territory.effect != "rules":
        yield Finding(
            code="special_territory",
            message=f"{territory.name}: {territory.message}",
            action="Ask the post or customs office of the territory.",
            path=territory.id,
            severity="error" if territory.effect == "refuse" else "warning",
        )
    if rules.law.destination.regions_required and not parcel["region"]:
        yield Finding(
            code="region_unknown",
            message="Rates differ by region and none is stated.",
            action="State destination_region (ISO 3166-2).",
            path="destination_region",
        )
    for row in rows:
        matters = row.amount or row.zero in _RELIEFS
        if row.rule.confidence == "memory" and matters:
            yield Finding(
                code="unsourced_rule",
                message=f"{row.rule.entry.label}: no source was seen for a part of this rule.",
                action="Check with the authority before relying on it.",
                path=row.rule.entry.id,
            )
        elif row.rule.confidence == "low" and matters:
            yield Finding(
                code="weak_source",
                message=f"{row.rule.entry.label} rests on a weak source.",
                path=row.rule.entry.id,
                severity="info",
            )
    for parameter in parcel["narrowed"].values():
        if parameter.confidence == "memory" or parameter.source_kind == "memory":
            what = parameter.label or ", ".join(parameter.codes or parameter.origins or ())
            yield Finding(
                code="unsourced_rule",
                message=f"{parameter.id} for {what}: no source was seen for this value.",
                action="Check with the authority before relying on it.",
                path=parameter.id,
            )
    for entry in rules.switched_off:
        yield Finding(
            code=f"{entry.status}_rule",
            message=f"{entry.label} is {entry.status}, not confirmed in force, and not counted.",
            action=f"Pass assume=['{entry.switch_name}'] to count it.",
            path=entry.id,
            severity="info",
        )
    for reading in rules.law.readings:
        if reading.id in parcel["readings"]:
            yield Finding(
                code="unsettled_reading",
                message=f"{reading.question} Read as {rules.readings[reading.id]!r}.",
                action=f"Options: {', '.join(reading.options)}.",
                path=reading.id,
                severity="info",
            )
    codes = [line["hs_code"] for line in parcel["lines"]]
    charged = {row.rule.entry.id for row in rows if row.amount}
    for compiled in rules.gaps:
        gap, of_parcel = compiled.entry, _concerns(compiled, parcel)
        of_goods = any(code.startswith(tuple(gap.codes)) for code in codes if gap.codes)
        named = of_goods or not charged.isdisjoint(gap.charges)
        if of_parcel and (named or (gap.when and not gap.codes and not gap.charges)):
            yield Finding(
                code="known_gap",
                message=gap.message,
                action=gap.action,
                path=gap.topic,
                severity="warning" if of_goods else "info",
            )


def _concerns(gap: CompiledGap, parcel: Facts) -> bool:
    try:
        return gap.when is None or bool(gap.when(parcel, {}))
    except MissingFactError:
        return True


def _handling(rules: RuleSet, carrier: str, rows: list[Row], *, assumed: bool) -> Iterator[Finding]:
    due = any(row.amount and row.collected == "delivery" for row in rows)
    fees = [row for row in rows if row.rule.entry.kind == "handling"]
    names = {entry.id: entry.name for entry in rules.law.carriers}
    options = ", ".join(names)
    if not carrier and due:
        yield Finding(
            code="handling_not_included",
            message="The clearance fee of the post or courier is not included."
            if options
            else "Clearance fees of posts and couriers are not known for this destination.",
            action=f"Pass carrier=: {options}." if options else "Ask the carrier.",
            path="carrier",
            severity="info",
        )
    elif carrier and assumed and any(row.amount for row in fees):
        yield Finding(
            code="carrier_assumed",
            message=f"{names[carrier]} is taken to deliver; its clearance fee is counted.",
            action="Pass carrier='none' to leave it out, or the carrier that delivers.",
            path="carrier",
            severity="info",
        )
    elif carrier and due and not fees:
        yield Finding(
            code="handling_not_known",
            message=f"No clearance fee of {names[carrier]} is known for {rules.on}.",
            action="Ask the carrier; it may still charge one.",
            path="carrier",
            severity="info" if assumed else "warning",
        )


def _compared(declaration: Declaration, rates: Rates, rows: list[Row]) -> Iterator[Finding]:
    """What the shop took at checkout against what the rules say."""
    taken = [tax for tax in declaration.collected if tax.kind in {"vat", "duty", "unknown"}]
    if not taken:
        return
    paid = sum(
        (rates.convert(tax.amount.amount, tax.amount.currency.code) for tax in taken), Decimal(0)
    )
    amounts = [row.amount for row in rows if row.collected == "checkout"]
    known = [amount for amount in amounts if amount is not None]
    if len(known) < len(amounts):
        return  # an unknown charge is not zero: there is nothing to compare with
    rule = sum(known, Decimal(0))
    if abs(paid - rule) > NEGLIGIBLE:
        yield Finding(
            code="checkout_differs",
            message=(
                f"At checkout {paid:.2f} {rates.currency} of tax and duty were taken; "
                f"the rules give {rule:.2f}."
            ),
            action="Compare the receipt with the charges; it is never charged twice.",
            path="collected",
            severity="info",
        )
