"""The words and figures of an estimate for people: what a parcel costs, who takes it, by which law.

Independent of any paper: `estimate_pdf` prints it. What is not known is said to be unknown; shares
of the cost are only shown where the whole cost is known.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from aliexpress_customs.declaration.model import Declaration
from aliexpress_customs.estimate.model import Estimate, Outcome, Range
from aliexpress_customs.export.bookings import require_estimate
from aliexpress_customs.export.estimate_words import (
    ChargeText,
    LimitText,
    charge_text,
    limit_text,
    rate_text,
    reason_texts,
)
from aliexpress_customs.invoice.countries import english_name
from aliexpress_customs.model import Model
from aliexpress_customs.money import Money, split

UNKNOWN: Final = "unknown"

_OUTCOMES: Final[dict[Outcome, str]] = {
    "complete": "Every part of the cost is known.",
    "estimated": "Some parts rest on assumptions; they are named under Good to know.",
    "refused": "A part of the answer is missing; what it takes is named under Good to know.",
}
_TENTH: Final = Decimal("0.1")


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
        charges=tuple(charge_text(charge, estimate.transport) for charge in estimate.charges),
        totals=tuple(_totals(estimate)),
        limits=tuple(dict.fromkeys(limit_text(limit) for limit in estimate.thresholds)),
        rates=tuple(rate_text(rate) for rate in estimate.rates),
        reasons=tuple(reason_texts(estimate.reasons)),
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
