"""The words and figures of an estimate for people: what a parcel costs, who takes it, by which law.

Independent of any paper: `estimate_pdf` prints it. The words for a charge are those of
`Estimate.explain`. What is not known is said to be unknown; a share of the cost is only shown where
the whole cost is known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Context, Decimal
from typing import Final, Literal

from aliexpress_customs.declaration.model import Declaration
from aliexpress_customs.estimate.explain import ZERO_WORDS, how
from aliexpress_customs.estimate.model import Charge, Estimate, Outcome, Range, Threshold
from aliexpress_customs.export.amounts import grouped
from aliexpress_customs.export.bookings import require_estimate
from aliexpress_customs.invoice.countries import english_name
from aliexpress_customs.model import Finding, Model, Severity
from aliexpress_customs.money import Money, is_exact, money, split

UNKNOWN: Final = "unknown"

_OUTCOMES: Final[dict[Outcome, str]] = {
    "complete": "Every part of the cost is known.",
    "estimated": "Some parts rest on assumptions; they are named under Good to know.",
    "refused": "A part of the answer is missing; what it takes is named under Good to know.",
}
_CARRIERS: Final = {"post": "the post", "express": "the courier"}
_TENTH: Final = Decimal("0.1")
_FINEST: Final = Decimal("0.0001")
"""Of a base or limit: amounts between the charges are not rounded by law."""
_RATE_DIGITS: Final = Context(prec=7)
_SEVERITIES: Final[tuple[Severity, ...]] = ("error", "warning", "info")
_ITEM_PATH: Final = re.compile(r"items\[(\d+)\](?:\.lines\[(\d+)\])?")
_IDENTIFIER: Final = re.compile(r"\b[a-z]{2,4}\.(?=[a-z])|_")
"""The table a name comes from (`br.`), and the underscores of names in formulas."""

_ABBREVIATIONS: Final = re.compile(r"\b(?:vat|gst|ioss|cif|fob|c2c|usmca|cusma)\b")


class Figure(Model):
    """One of the results."""

    label: str
    amount: Money | None
    """None = unknown."""
    range: Range | None = None
    strong: bool = False
    """The sum of those before it."""


class Share(Model):
    """A part of the landed cost."""

    label: str
    amount: Money
    percent: Decimal
    """In tenths; the shares sum to 100."""


class DeclaredGoods(Model):
    """One goods item as declared."""

    number: int
    description: str
    hs_code: str
    origin_country: str
    pieces: int
    value: Money


class ChargeText(Model):
    """One duty, tax or fee in words."""

    label: str
    amount: Money | None
    range: Range | None
    base: str
    """Empty if the charge has no single base."""
    rate: str
    computed: str
    """What the base is, or the formula."""
    why: str
    """Why it is 0 or unknown; empty if it is neither."""
    collected: str
    """When and by whom."""
    law: str
    """For whom, legal basis and since when it holds."""
    source: str
    """Address of the source."""


class LimitText(Model):
    """A limit of law that was tested."""

    name: str
    limit: str
    tested: str
    verdict: Literal["within", "exceeded"]


class EstimatePage(Model):
    """An estimate, ready to be printed."""

    place: str
    circumstances: str
    outcome: Outcome
    outcome_words: str
    figures: tuple[Figure, ...]
    """The main results: landed cost, paid at checkout, due at the door."""
    shares: tuple[Share, ...]
    """Empty if a part of the cost is unknown."""
    declared: tuple[Figure, ...]
    goods: tuple[DeclaredGoods, ...]
    """Empty if the declaration is not given."""
    charges: tuple[ChargeText, ...]
    totals: tuple[Figure, ...]
    limits: tuple[LimitText, ...]
    rates: tuple[str, ...]
    reasons: tuple[str, ...]
    rules: str


def estimate_page(estimate: Estimate, declaration: Declaration | None = None) -> EstimatePage:
    """Put an estimate into words.

    Args:
        estimate: the answer.
        declaration: what it was made for, to list the goods.

    Raises:
        UsageError: the declaration is another one.
    """
    if declaration is not None:
        require_estimate(declaration, estimate)
    country = english_name(estimate.destination_country)
    region = f", {estimate.destination_region}" if estimate.destination_region else ""
    return EstimatePage(
        place=f"{country} ({estimate.destination_country}){region}",
        circumstances=_circumstances(estimate),
        outcome=estimate.outcome,
        outcome_words=_OUTCOMES[estimate.outcome],
        figures=tuple(
            _figure(estimate, label, name)
            for label, name in (
                ("Landed cost", "landed_cost"),
                ("Paid at checkout", "due_at_checkout"),
                ("Still due at the door", "due_at_delivery"),
            )
        ),
        shares=_shares(estimate),
        declared=(
            Figure(label="Goods", amount=estimate.goods_value),
            Figure(label="Freight", amount=estimate.freight),
            Figure(label="Insurance", amount=estimate.insurance),
        ),
        goods=tuple(_goods(declaration)) if declaration else (),
        charges=tuple(_charge(charge, estimate.transport) for charge in estimate.charges),
        totals=tuple(_totals(estimate)),
        limits=tuple(dict.fromkeys(_limit(limit) for limit in estimate.thresholds)),
        rates=tuple(
            f"1 {rate.base} = {_digits(rate.rate)} {rate.quote}, {rate.source}, {rate.date}"
            for rate in estimate.rates
        ),
        reasons=tuple(_reasons(estimate.reasons)),
        rules=f"Rules of {estimate.rules_version or UNKNOWN}, hash {estimate.rules_hash}",
    )


def _circumstances(estimate: Estimate) -> str:
    scheme = "no collection scheme" if estimate.scheme == "none" else f"scheme {estimate.scheme}"
    return (
        f"Ordered on {estimate.ordered_on}, cleared on {estimate.on}, by {estimate.transport}, "
        f"{scheme}, amounts in {estimate.currency}"
    )


def _figure(estimate: Estimate, label: str, name: str) -> Figure:
    return Figure(label=label, amount=getattr(estimate, name), range=estimate.ranges.get(name))


def _shares(estimate: Estimate) -> tuple[Share, ...]:
    parts = (
        ("Goods", estimate.goods_value),
        ("Freight", estimate.freight),
        ("Insurance", estimate.insurance),
        ("Duty", estimate.total_duty),
        ("VAT", estimate.total_vat),
        ("Excise", estimate.total_excise),
        ("Fees", estimate.total_fee),
        ("Carrier handling", estimate.total_handling),
    )
    known = [(label, amount) for label, amount in parts if amount is not None]
    refused = estimate.outcome == "refused" or len(known) < len(parts)
    if refused or any(amount.amount < 0 for _, amount in known):
        return ()
    found = [(label, amount) for label, amount in known if amount.amount]
    if not found:
        return ()
    percents = split(Decimal(100), [amount.amount for _, amount in found], _TENTH)
    return tuple(
        Share(label=label, amount=amount, percent=percent)
        for (label, amount), percent in zip(found, percents, strict=True)
    )


def _goods(declaration: Declaration) -> Iterator[DeclaredGoods]:
    for item in declaration.items:
        yield DeclaredGoods(
            number=item.number,
            description=item.description,
            hs_code=item.hs_code or UNKNOWN,
            origin_country=item.origin_country,
            pieces=item.quantity,
            value=item.item_value,
        )


def _charge(charge: Charge, transport: str) -> ChargeText:
    carrier = _CARRIERS.get(transport, "the carrier")
    taker = "at checkout, by the shop"
    if charge.collected == "delivery":
        taker = f"at the door, by {carrier}"
    rate = "" if charge.rate is None else f"{(charge.rate * 100).normalize():f} %"
    simple = charge.base is not None and rate
    computed = f"{rate} of {charge.base_name}" if simple and charge.base_name else how(charge)
    payee = f"For {charge.payee}" if charge.payee and charge.kind != "handling" else ""
    zero = ZERO_WORDS.get(charge.zero_reason, charge.zero_reason)
    until = f" to {charge.effective_to}" if charge.effective_to else ""
    since = f"in force from {charge.effective_from}{until}" if charge.effective_from else ""
    announced = "announced, not in force" if charge.status == "announced" else ""
    return ChargeText(
        label=charge.label,
        amount=charge.amount,
        range=charge.range,
        base=shown(charge.base) if charge.base is not None else "",
        rate=rate,
        computed=_plain(computed),
        why=_places(charge.reason) or (f"0 because: {zero}" if zero else ""),
        collected=taker,
        law="; ".join(filter(None, (payee, charge.legal_basis, announced or since))),
        source=charge.source_url,
    )


def _totals(estimate: Estimate) -> Iterator[Figure]:
    for label, name, always in (
        ("Duty", "total_duty", True),
        ("VAT", "total_vat", True),
        ("Excise", "total_excise", False),
        ("Fees", "total_fee", False),
        ("Duty, taxes and fees", "total", True),
        ("Carrier handling", "total_handling", False),
    ):
        figure = _figure(estimate, label, name)
        if always or figure.amount is None or figure.amount.amount or figure.range:
            yield figure.model_copy(update={"strong": name == "total"})


def _limit(limit: Threshold) -> LimitText:
    upto = "up to and including" if limit.inclusive else "below"
    own = limit.limit_value.currency.code
    converted = "" if limit.amount.currency.code == own else f" = {shown(limit.limit_value)}"
    return LimitText(
        name=_sentence(_plain(limit.id)),
        limit=f"{upto} {shown(limit.amount)}{converted}",
        tested=f"{_plain(limit.basis)}: {shown(limit.tested_value)}",
        verdict="exceeded" if limit.exceeded else "within",
    )


def _reasons(reasons: tuple[Finding, ...]) -> Iterator[str]:
    """Each reason once, with all the places it holds for; what is missing comes first."""
    places: dict[tuple[str, str], list[str]] = {}
    for reason in sorted(reasons, key=lambda one: _SEVERITIES.index(one.severity)):
        own = _places(reason.path) if _ITEM_PATH.search(reason.path) else ""
        found = places.setdefault((_places(reason.message), reason.action), [])
        if own and own not in found:
            found.append(own)
    for (message, action), where in places.items():
        start = f"{_sentence(', '.join(where))}: " if where else ""
        yield f"{start}{message} {action}".strip()


def shown(amount: Money) -> str:
    """An amount with its currency; not more than four decimals, which laws do not round."""
    code = amount.currency.code
    exact: Decimal = amount.amount
    kept = amount if is_exact(exact, _FINEST) else money(exact.quantize(_FINEST), code)
    return f"{grouped(kept)} {code}"


def _digits(rate: Decimal) -> str:
    """A rate with seven significant digits."""
    return f"{_RATE_DIGITS.plus(rate).normalize():f}"


def _places(text: str) -> str:
    """Paths of the model as people count: from one."""

    def place(match: re.Match[str]) -> str:
        line = f", line {int(match[2]) + 1}" if match[2] else ""
        return f"item {int(match[1]) + 1}{line}"

    return _ITEM_PATH.sub(place, text)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _plain(text: str) -> str:
    """Names of the rule tables as words."""
    words = _IDENTIFIER.sub(lambda found: " " if found[0] == "_" else "", text)
    return " ".join(_ABBREVIATIONS.sub(lambda found: found[0].upper(), words).split())
