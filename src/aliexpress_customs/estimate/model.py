"""The answer: what a consignment costs at the border, what is paid already, and by which law."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Literal

from pydantic import Field

from aliexpress_customs.model import CountryCode, Finding, Model
from aliexpress_customs.money import Money

Outcome = Literal["complete", "estimated", "refused"]


class Range(Model):
    """Bounds of an amount that depends on a fact not known, and the likeliest value."""

    low: Money
    expected: Money
    high: Money


class Charge(Model):
    """One duty, tax or fee."""

    id: str
    """Rule id, with `@checkout` or `@delivery` where one rule is collected in both places."""
    rule_id: str
    kind: Literal["duty", "vat", "excise", "fee", "handling"]
    label: str
    payee: str = ""
    collected: Literal["checkout", "delivery"]
    per: str = "consignment"
    count: int = 1
    """How many items, lines or pieces it was counted for."""
    base_name: str = ""
    base: Money | None = None
    rate: Decimal | None = None
    """Fraction (0.2 = 20 %), if one rate applies to the whole base."""
    unrounded: Decimal | None = None
    amount: Money | None
    """Rounded to the legal unit; None: refused, see `reason`."""
    range: Range | None = None
    """Given where the amount depends on a commodity code that is not fully known."""
    zero_reason: str = ""
    """Why the amount is 0: `below_threshold`, `free`, `relieved`, `waived`, ..."""
    reason: str = ""
    """Why the amount is missing."""
    lines: dict[str, Decimal] = Field(default_factory=dict)
    """Share of each line (by path), unrounded."""
    formula: str = ""
    legal_basis: str = ""
    source_url: str = ""
    source_kind: str = ""
    confidence: str = ""
    effective_from: dt.date | None = None
    effective_to: dt.date | None = None
    status: str = "in_force"
    note: str = ""


class Threshold(Model):
    """A limit of law that was tested."""

    id: str
    amount: Money
    """The limit, in the currency of the law."""
    basis: str
    """What is compared with it."""
    inclusive: bool
    """Whether a value equal to the limit is within it."""
    tested_value: Money
    """In the currency of the destination, unrounded."""
    limit_value: Money
    """The limit in the currency of the destination, unrounded."""
    exceeded: bool
    rule_id: str
    line: str = ""
    source_url: str = ""


class UsedRate(Model):
    """An exchange rate that took part: one unit of `base` is `rate` units of `quote`."""

    base: str
    quote: str
    rate: Decimal
    date: dt.date
    source: str
    source_url: str = ""


class Estimate(Model):
    """Charges with their totals, in the currency of the destination."""

    destination_country: CountryCode
    destination_region: str | None = None
    on: dt.date
    ordered_on: dt.date
    transport: str
    scheme: str
    """Id of the collection scheme, `none` without one."""
    currency: str
    outcome: Outcome
    """`complete`; `estimated`: rests on assumptions, see reasons; `refused`: a part is missing."""
    reasons: tuple[Finding, ...] = ()
    goods_value: Money
    freight: Money
    insurance: Money
    charges: tuple[Charge, ...] = ()
    thresholds: tuple[Threshold, ...] = ()
    total_duty: Money | None
    """None: refused; the reasons say what is missing."""
    total_vat: Money | None
    total_excise: Money | None
    total_fee: Money | None
    total_handling: Money | None
    total: Money | None
    """Duty + VAT + excise + fee."""
    due_at_checkout: Money | None
    due_at_delivery: Money | None
    landed_cost: Money | None
    """Goods + freight + insurance + total + handling."""
    ranges: dict[str, Range] = Field(default_factory=dict)
    """Bounds of the totals that are not certain, by field name."""
    rates: tuple[UsedRate, ...] = ()
    rules_version: str = ""
    """Date of the data of the destination."""
    rules_hash: str = ""
    """Hash of the rule tables and measures used."""

    def explain(self) -> str:
        """The whole answer as readable text: every charge with base, rate, rule and law."""
        from aliexpress_customs.estimate.explain import explain  # noqa: PLC0415

        return explain(self)
