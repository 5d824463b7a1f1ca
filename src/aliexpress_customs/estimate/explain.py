"""An estimate as text for people, and as a tree for programs."""

from __future__ import annotations

from decimal import Context, Decimal
from textwrap import shorten
from typing import Any, Final

from aliexpress_customs.estimate.model import Charge, Estimate, Range
from aliexpress_customs.money import Money

ZERO_WORDS = {
    "below_threshold": "below the threshold",
    "zero_rate": "zero-rated",
    "free": "duty-free line",
    "relieved": "relieved",
    "waived": "too small to be collected",
    "rounds_to_zero": "rounds to zero",
    "nothing_to_charge": "nothing to charge",
    "not_levied": "there is no such tax",
    "included": "contained in another charge",
    "reverse_charge": "the importer accounts for it in its own return",
}
"""Why an amount is 0, by `Charge.zero_reason`."""
_SAID = frozenset({"", "official", "memory"})
"""Kinds of sources that need no word of their own: `memory` is a confidence as well."""

_VISIBLE: Final = Decimal("0.01")
"""A smaller difference between a charge and its rate on its base is due to tidied figures."""


def explain(estimate: Estimate) -> str:
    """Every charge with base, rate, rule, dates and source, then totals and reasons."""
    where = estimate.destination_region or estimate.destination_country
    lines = [
        f"{where}, cleared on {estimate.on}, by {estimate.transport}, scheme: {estimate.scheme}",
        f"Outcome: {estimate.outcome}",
        "",
        f"  {'Goods':<46} {_text(estimate.goods_value):>16}",
        f"  {'Freight':<46} {_text(estimate.freight):>16}",
    ]
    if estimate.insurance.amount:
        lines.append(f"  {'Insurance':<46} {_text(estimate.insurance):>16}")
    for charge in estimate.charges:
        lines += _charge(charge)
    lines.append("")
    for label, value, name in (
        ("Duty", estimate.total_duty, "total_duty"),
        ("VAT", estimate.total_vat, "total_vat"),
        ("Excise", estimate.total_excise, "total_excise"),
        ("Fees", estimate.total_fee, "total_fee"),
        ("Carrier handling", estimate.total_handling, "total_handling"),
        ("Paid at checkout", estimate.due_at_checkout, "due_at_checkout"),
        ("Due at delivery", estimate.due_at_delivery, "due_at_delivery"),
        ("Landed cost", estimate.landed_cost, "landed_cost"),
    ):
        optional = label in {"Excise", "Fees", "Carrier handling"}
        if optional and value is not None and not value.amount:
            continue
        lines.append(f"  {label:<46} {_text(value):>16}{_span(estimate.ranges.get(name))}")
    if estimate.rates:
        lines += ["", "Exchange rates"]
        lines += [
            f"  1 {rate.base} = {_rate(rate.rate)} {rate.quote} ({rate.source}, {rate.date})"
            for rate in estimate.rates
        ]
    if estimate.reasons:
        lines += ["", "Good to know"]
        for reason in estimate.reasons:
            path = f"{reason.path}: " if reason.path else ""
            lines.append(f"  [{reason.severity}] {path}{reason.message}")
            if reason.action:
                lines.append(f"      {reason.action}")
    lines += ["", f"Rules of {estimate.rules_version}, hash {estimate.rules_hash}"]
    return "\n".join(lines)


def tree(estimate: Estimate) -> dict[str, Any]:
    """The same as nested data: landed cost, its parts, and below each charge its origin."""
    return {
        "landed_cost": _text(estimate.landed_cost),
        "outcome": estimate.outcome,
        "parts": [
            {"label": "goods", "amount": _text(estimate.goods_value)},
            {"label": "freight", "amount": _text(estimate.freight)},
            {"label": "insurance", "amount": _text(estimate.insurance)},
            *(
                {
                    "label": charge.label,
                    "kind": charge.kind,
                    "amount": _text(charge.amount),
                    "collected": charge.collected,
                    "how": how(charge),
                    "why_zero": charge.zero_reason,
                    "law": {
                        "rule": charge.rule_id,
                        "basis": charge.legal_basis,
                        "source": charge.source_url,
                        "from": charge.effective_from and charge.effective_from.isoformat(),
                        "to": charge.effective_to and charge.effective_to.isoformat(),
                        "confidence": charge.confidence,
                    },
                    "lines": {path: f"{share:f}" for path, share in charge.lines.items()},
                }
                for charge in estimate.charges
            ),
        ],
    }


def how(charge: Charge) -> str:
    """How a charge was computed: rate and base, or the formula of its rule."""
    formula = " ".join(charge.formula.split())
    if charge.base is not None and charge.rate is not None:
        percent = (charge.rate * 100).normalize()
        return f"{percent:f} % of {charge.base_name} {_text(charge.base)}{_bound(charge)}"
    if charge.base is not None and formula.startswith("tariff("):
        return f"the tariff's duty of each line on {charge.base_name} {_text(charge.base)}"
    if charge.base is not None:
        return f"{formula} (base {_text(charge.base)})"
    if charge.zero_reason and formula == "0":
        return ""
    counted = f", counted for {charge.count}" if charge.per != "consignment" else ""
    return f"{formula}{counted}"


def _bound(charge: Charge) -> str:
    """What a rate on a base was raised or cut to, if a rule has a least or most."""
    if charge.base is None or charge.rate is None or charge.unrounded is None:
        return ""
    more = charge.unrounded - charge.base.amount * charge.rate
    if abs(more) < _VISIBLE:
        return ""
    return f", at {'least' if more > 0 else 'most'} {_text(charge.amount)}"


def trust(charge: Charge) -> str:
    """How sure a rule is, and who states it if no authority does; empty without a rule."""
    if not charge.confidence:
        return ""
    stated = "" if charge.source_kind in _SAID else f", source: {charge.source_kind}"
    return f"confidence {charge.confidence}{stated.replace('_', ' ')}"


def _charge(charge: Charge) -> list[str]:
    place = "paid at checkout" if charge.collected == "checkout" else "due at delivery"
    amount = "unknown" if charge.amount is None else _text(charge.amount)
    label = shorten(charge.label, 46, placeholder="...")
    lines = [f"  {label:<46} {amount:>16}  {charge.kind}, {place}{_span(charge.range)}"]
    if charge.reason:
        lines.append(f"      {charge.reason}")
    if charge.amount is not None and (computed := how(charge)):
        lines.append(f"      {computed}")
    if charge.zero_reason:
        lines.append(f"      0 because: {ZERO_WORDS.get(charge.zero_reason, charge.zero_reason)}")
    dates = f"{charge.effective_from or '...'} to {charge.effective_to or 'today'}"
    lines.append(f"      rule {charge.rule_id}, {dates}, {trust(charge)}")
    law = ", ".join(filter(None, (charge.legal_basis, charge.source_url)))
    if law:
        lines.append(f"      {law}")
    return lines


def _rate(rate: Decimal) -> str:
    """A rate of exchange to ten digits; all of them stand in the estimate."""
    return f"{Context(prec=10).plus(rate).normalize():f}"


def _span(span: Range | None) -> str:
    return f"  (between {_text(span.low)} and {_text(span.high)})" if span else ""


def _text(value: Money | None) -> str:
    if value is None:
        return "unknown"
    amount: Decimal = value.amount
    code = value.currency.code
    exponent = amount.as_tuple().exponent
    shown = (
        amount
        if isinstance(exponent, int) and exponent >= -6
        else amount.quantize(Decimal("0.0001"))
    )
    return f"{shown:f} {code}"
