"""Wording the computed rows: charges with their law, totals, reasons, outcome."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from aliexpress_customs.declaration.model import Declaration
from aliexpress_customs.estimate.duties import Tariffs
from aliexpress_customs.estimate.engine import FINEST, Row
from aliexpress_customs.estimate.facts import Rates
from aliexpress_customs.estimate.model import Charge, Estimate, Outcome, Range, Threshold, UsedRate
from aliexpress_customs.estimate.reasons import reasons_for
from aliexpress_customs.estimate.schemes import ChosenScheme
from aliexpress_customs.model import Finding, trusted
from aliexpress_customs.money import Money, exact_money, minor_unit, money, round_to
from aliexpress_customs.rules.compiled import RuleSet, ThresholdTest
from aliexpress_customs.rules.facts import Facts, MissingFactError

Bounds = tuple[Sequence[Row], Sequence[Row]]
_PUBLIC: Final = ("duty", "vat", "excise", "fee")
TOTALS: Final[dict[str, tuple[tuple[str, ...], str]]] = {
    "total_duty": (("duty",), ""),
    "total_vat": (("vat",), ""),
    "total_excise": (("excise",), ""),
    "total_fee": (("fee",), ""),
    "total_handling": (("handling",), ""),
    "total": (_PUBLIC, ""),
    "due_at_checkout": ((*_PUBLIC, "handling"), "checkout"),
    "due_at_delivery": ((*_PUBLIC, "handling"), "delivery"),
    "landed_cost": ((*_PUBLIC, "handling"), ""),
}
"""Which kinds, collected where, make up each total; the landed cost adds goods and freight."""
_ADDED_TO: Final = {
    (kind, place): [
        name for name, (kinds, where) in TOTALS.items() if kind in kinds and where in {"", place}
    ]
    for kind in (*_PUBLIC, "handling")
    for place in ("checkout", "delivery")
}


def answer(
    declaration: Declaration,
    rules: RuleSet,
    rates: Rates,
    parcel: Facts,
    rows: list[Row],
    bounds: Bounds | None,
    chosen: ChosenScheme,
    *,
    tariffs: Tariffs,
    transport: str,
    carrier_assumed: bool,
    given: Mapping[str, Any],
    lineage: bool,
) -> Estimate:
    """The estimate that rows and facts amount to."""
    unit = minor_unit(rules.currency)
    goods = round_to(parcel["intrinsic_value"], unit)
    freight = round_to(parcel["freight"], unit)
    insurance = round_to(parcel["insurance"], unit)
    paid = goods + freight + insurance
    reasons = [
        *chosen.findings,
        *reasons_for(declaration, rules, rates, parcel, rows, tariffs, carrier_assumed, given),
    ]
    totals = _totals(rows, paid, unit)
    uncovered = {reason.path for reason in reasons if reason.code == "not_covered"}
    if uncovered:
        for name, (kinds, _) in TOTALS.items():
            if uncovered & set(kinds):
                totals[name] = None
    charges = [_charge(row, rules.currency, lineage) for row in rows]
    ranges: dict[str, Range] = {}
    if bounds is not None:
        ranges, charges = _ranges(rules.currency, paid, bounds, totals, charges)
    return trusted(
        Estimate,
        dict(
            destination_country=declaration.destination_country,
            destination_region=declaration.destination_region,
            on=rules.on,
            ordered_on=rules.ordered_on,
            transport=transport,
            scheme=parcel["scheme"],
            currency=rules.currency,
            outcome=_outcome(rows, reasons),
            reasons=tuple(reasons),
            goods_value=exact_money(goods, rules.currency),
            freight=exact_money(freight, rules.currency),
            insurance=exact_money(insurance, rules.currency),
            charges=tuple(charges),
            thresholds=tuple(_thresholds(rules, parcel)) if lineage else (),
            **{name: _money(total, rules.currency) for name, total in totals.items()},
            ranges=ranges,
            rates=_used(rates),
            rules_version=_version(rules),
            rules_hash=_hash(rules, tariffs),
        ),
    )


def no_import(declaration: Declaration, rules: RuleSet, rates: Rates, transport: str) -> Estimate:
    """Goods sent from inside the customs territory: nothing is imported."""
    unit = minor_unit(rules.currency)

    def converted(value: Money | None) -> Decimal:
        amount = Decimal(0) if value is None else value.amount
        return round_to(rates.convert(amount, declaration.currency), unit)

    goods, freight = converted(declaration.intrinsic_value), converted(declaration.freight)
    insurance = converted(declaration.insurance)
    zero = money(Decimal(0), rules.currency)
    return Estimate(
        destination_country=declaration.destination_country,
        destination_region=declaration.destination_region,
        on=rules.on,
        ordered_on=rules.ordered_on,
        transport=transport,
        scheme="none",
        currency=rules.currency,
        outcome="complete",
        reasons=(
            Finding(
                code="no_import",
                message=(
                    f"Sent from {declaration.dispatch_country}, inside the customs territory of "
                    f"{declaration.destination_country}: there is no import and no declaration."
                ),
                action="Domestic VAT is in the price; nothing is due at the door.",
                severity="info",
            ),
        ),
        goods_value=money(goods, rules.currency),
        freight=money(freight, rules.currency),
        insurance=money(insurance, rules.currency),
        total_duty=zero,
        total_vat=zero,
        total_excise=zero,
        total_fee=zero,
        total_handling=zero,
        total=zero,
        due_at_checkout=zero,
        due_at_delivery=zero,
        landed_cost=money(goods + freight + insurance, rules.currency),
        rates=_used(rates),
        rules_version=_version(rules),
        rules_hash=rules.law.hash,
    )


def _charge(row: Row, currency: str, lineage: bool) -> Charge:
    entry = row.rule.entry
    cited = entry if entry.source_url else next((e for e in row.rule.cites if e.source_url), entry)
    waiver = row.waived_by
    return trusted(
        Charge,
        {
            "id": f"{entry.id}@{row.collected}",
            "rule_id": entry.id,
            "kind": entry.kind,
            "label": entry.label,
            "payee": entry.payee,
            "collected": row.collected,
            "per": entry.per,
            "count": row.count,
            "base_name": row.rule.base_name,
            "base": _money(_tidy(row.base), currency),
            "rate": row.rate,
            "unrounded": _tidy(row.unrounded),
            "amount": _money(row.amount, currency),
            "range": None,
            "zero_reason": row.zero,
            "reason": _missing(row.missing),
            "lines": row.shares if lineage else {},
            "formula": entry.formula,
            "legal_basis": (waiver.legal_basis or waiver.label) if waiver else entry.legal_basis,
            "source_url": (waiver.source_url if waiver else cited.source_url) or "",
            "source_kind": (waiver.source_kind if waiver else cited.source_kind) or "",
            "confidence": row.rule.confidence,
            "effective_from": entry.from_,
            "effective_to": entry.to,
            "status": entry.status,
            "note": entry.note,
        },
    )


def _missing(missing: MissingFactError | None) -> str:
    if missing is None:
        return ""
    return missing.message or f"It depends on {missing.name}, which is not known."


def _totals(rows: Sequence[Row], paid: Decimal, unit: Decimal) -> dict[str, Decimal | None]:
    totals: dict[str, Decimal | None] = dict.fromkeys(TOTALS, Decimal(0).quantize(unit))
    totals["landed_cost"] = paid
    for row in rows:
        kind, amount = row.rule.entry.kind, row.amount
        for name in _ADDED_TO[kind, row.collected]:
            before = totals[name]
            totals[name] = None if amount is None or before is None else before + amount
    return totals


def _ranges(
    currency: str,
    paid: Decimal,
    bounds: Bounds,
    totals: dict[str, Decimal | None],
    charges: list[Charge],
) -> tuple[dict[str, Range], list[Charge]]:
    low, high = (_totals(rows, paid, minor_unit(currency)) for rows in bounds)
    ranges = {}
    for name, expected in totals.items():
        span = (low[name], expected, high[name])
        if len(set(span)) > 1:
            found = _range(span, currency)
            if found:
                ranges[name] = found
    sides = [{(r.rule.entry.id, r.collected): r.amount for r in rows} for rows in bounds]
    changed = []
    for charge in charges:
        key = (charge.rule_id, charge.collected)
        amount = charge.amount.amount if charge.amount is not None else None
        found = _range((sides[0].get(key), amount, sides[1].get(key)), currency)
        differs = found is not None and found.low != found.high
        changed.append(charge.model_copy(update={"range": found}) if differs else charge)
    return ranges, changed


def _range(span: Sequence[Decimal | None], currency: str) -> Range | None:
    known = [amount for amount in span if amount is not None]
    if len(known) < 3:
        return None
    return Range(
        low=money(min(known), currency),
        expected=money(known[1], currency),
        high=money(max(known), currency),
    )


def _outcome(rows: list[Row], reasons: list[Finding]) -> Outcome:
    if any(row.amount is None for row in rows) or any(r.severity == "error" for r in reasons):
        return "refused"
    return "estimated" if any(r.severity == "warning" for r in reasons) else "complete"


def _thresholds(rules: RuleSet, parcel: Facts) -> list[Threshold]:
    found: list[Threshold] = []
    seen: set[tuple[str, str, str]] = set()
    sources = [
        *((scheme.entry.id, scheme.thresholds) for scheme in rules.schemes),
        *((charge.entry.id, charge.thresholds) for charge in rules.charges),
    ]
    for rule_id, tests in sources:
        for test in tests:
            places = parcel["lines"] if test.part else [{}]
            for part in places:
                key = (test.parameter.id, test.basis, part.get("path", ""))
                if key in seen:
                    continue
                seen.add(key)
                threshold = _threshold(rules, rule_id, test, parcel, part)
                if threshold is not None:
                    found.append(threshold)
    return found


def _threshold(
    rules: RuleSet, rule_id: str, test: ThresholdTest, parcel: Facts, part: Facts
) -> Threshold | None:
    try:
        tested, limit = test.tested(parcel, part), test.limit(parcel, part)
    except (MissingFactError, KeyError):
        return None
    entry = test.parameter
    assert isinstance(entry.value, Decimal)  # noqa: S101 - only amounts make thresholds
    return Threshold(
        id=entry.id,
        amount=money(entry.value, entry.unit),
        basis=test.basis,
        inclusive=test.inclusive,
        tested_value=money(_tidy(tested) or tested, rules.currency),
        limit_value=money(_tidy(limit) or limit, rules.currency),
        exceeded=tested > limit if test.inclusive else tested >= limit,
        rule_id=rule_id,
        line=part.get("path", ""),
        source_url=entry.source_url or "",
    )


def _used(rates: Rates) -> tuple[UsedRate, ...]:
    return tuple(
        UsedRate(
            base=rate.base,
            quote=rate.quote,
            rate=rate.rate,
            date=rate.date,
            source=rate.source,
            source_url=rate.source_url,
        )
        for rate in rates.used.values()
    )


def _tidy(amount: Decimal | None) -> Decimal | None:
    """Unrounded amounts are kept to 12 decimals: divisions have no end, lineage needs one."""
    if amount is None:
        return None
    exponent = amount.as_tuple().exponent
    return round_to(amount, FINEST) if isinstance(exponent, int) and exponent < -12 else amount


def _money(amount: Decimal | None, currency: str) -> Money | None:
    return None if amount is None else exact_money(amount, currency)


def _version(rules: RuleSet) -> str:
    day: dt.date | None = rules.law.destination.researched
    return day.isoformat() if day else ""


def _hash(rules: RuleSet, tariffs: Tariffs) -> str:
    measures = tariffs.schedule.digest if tariffs.schedule else ""
    return "-".join(filter(None, (rules.law.hash, measures)))
