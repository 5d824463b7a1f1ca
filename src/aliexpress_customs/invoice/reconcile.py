"""Do the rows of an order add up to its stated total, and which reading of them does?

The stated total wins. The rows are evidence: a tax row may be added on top, may already be inside
the prices, or both at once; a few cents of shipping may be shown and not summed; a discount may be
missing. `settle` tries these readings in this order and keeps the first that fits, else the
nearest. Afterwards, for every order with a total,

    sum of line_gross - line discounts + sum of charges with in_total = total

because what is left over becomes a signed `rounding` charge. `goods_subtotal` only repeats the
lines and never takes part.

Limits: a difference of up to 3 steps is `ok`, up to 15 steps `warn`, above it `error`. A step is
0.01, or the minor unit of the currency where that is larger (1 for JPY, KRW, CLP), because rows are
rounded to what the shop prints.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from aliexpress_customs.invoice.embedded_tax import EmbeddedTax, step, take_apart
from aliexpress_customs.invoice.model import (
    ChargeKind,
    Invoice,
    InvoiceCharge,
    PriceBasis,
    Reconciliation,
    ReconciliationLevel,
)
from aliexpress_customs.model import Finding
from aliexpress_customs.money import EXACT, money

OK_STEPS: Final = 3
WARN_STEPS: Final = 15
DISCOUNTS: Final[tuple[ChargeKind, ...]] = (
    "seller_discount",
    "platform_coupon",
    "store_coupon",
    "coins",
    "promo_code",
    "payment_discount",
    "price_adjustment",
    "shipping_discount",
)


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to understand the rows."""

    rule: str
    charges: tuple[InvoiceCharge, ...]
    basis: PriceBasis = "unknown"
    findings: tuple[Finding, ...] = ()


def limits(currency: str) -> tuple[Decimal, Decimal]:
    """The largest difference that is `ok`, and that is `warn`, in currency units.

    >>> limits("EUR"), limits("KRW")
    ((Decimal('0.03'), Decimal('0.15')), (Decimal('3'), Decimal('15')))
    """
    return step(currency) * OK_STEPS, step(currency) * WARN_STEPS


def goods_sum(invoice: Invoice) -> Decimal:
    """Sum of the lines after the discounts stated on them, in currency units."""
    total = Decimal(0)
    for line in invoice.lines:
        total = EXACT.add(total, line.line_gross.amount)
        for discount in line.discounts:
            total = EXACT.subtract(total, discount.amount.amount)
    return total


def settle(invoice: Invoice) -> Invoice:
    """The invoice with its rows read so that they fit its total; see the module's text."""
    if invoice.total is None:
        return _without_total(invoice)
    ok, _ = limits(invoice.currency)
    readings = list(_readings(invoice))
    best = next((one for one in readings if abs(_rest(invoice, one.charges)) <= ok), None)
    if best is None:
        best = _derived(invoice) or min(readings, key=lambda one: abs(_rest(invoice, one.charges)))
    return _with(invoice, best)


def settle_without_rows(invoice: Invoice) -> Invoice:
    """As `settle`, for sources that print lines and a total but none of the rows between.

    Too small a total is a derived discount; too large a total holds shipping, tax or fees the
    source does not tell apart, kept as one derived `other` charge. Neither proves anything, so the
    level is `unknown` unless the lines alone make the total.
    """
    if invoice.total is None:
        return _without_total(invoice)
    _, warn = limits(invoice.currency)
    rest = _rest(invoice, invoice.charges)
    if abs(rest) <= warn:
        return settle(invoice)
    if rest < 0:
        reading = _derived(invoice)
    else:
        row = _charge(invoice, "other", rest, "shipping, tax and fees, not told apart")
        note = Finding(
            code="rows_not_shown",
            message="The source shows no shipping and tax rows; the total holds more than goods.",
            action="Read the order's detail page or receipt instead.",
            path="charges",
        )
        reading = Reading("rows not shown", (*invoice.charges, row), findings=(note,))
    return _with(invoice, reading or Reading("rows not shown", invoice.charges), level="unknown")


def _readings(invoice: Invoice) -> Iterator[Reading]:
    rows = invoice.charges
    taxed = any(row.kind == "tax_added" and row.amount.amount for row in rows)
    included = any(row.kind == "tax_included" and row.amount.amount for row in rows)
    basis: PriceBasis = "tax_inclusive" if included else "unknown"
    yield Reading("tax added" if taxed else "rows added", rows, "tax_exclusive" if taxed else basis)
    yield from _shipping_not_summed(invoice, basis)
    if taxed:
        yield Reading("tax included", _tax_inside(rows), "tax_inclusive")
        yield from _tax_in_both(invoice)


def _shipping_not_summed(invoice: Invoice, basis: PriceBasis) -> Iterator[Reading]:
    """Some receipts show a few cents of shipping that their total leaves out."""
    _, warn = limits(invoice.currency)
    rows = invoice.charges
    small = [row for row in rows if row.kind == "shipping" and 0 < abs(row.amount.amount) <= warn]
    if small:
        note = Finding(
            code="shipping_not_summed",
            message="A few cents of shipping are shown but are not part of the total.",
            path="charges",
            severity="info",
        )
        outside = tuple(
            row.model_copy(update={"in_total": False}) if row in small else row for row in rows
        )
        yield Reading("shipping shown, not summed", outside, basis, (note,))


def _tax_inside(rows: tuple[InvoiceCharge, ...]) -> tuple[InvoiceCharge, ...]:
    return tuple(
        row.model_copy(update={"kind": "tax_included", "in_total": False})
        if row.kind == "tax_added"
        else row
        for row in rows
    )


def _tax_in_both(invoice: Invoice) -> Iterator[Reading]:
    """The tax row is partly inside the prices, partly on top; see `embedded_tax`."""
    assert invoice.total is not None  # noqa: S101 - callers have tested it
    others = tuple(row for row in invoice.charges if row.kind != "tax_added")
    taxes = [row for row in invoice.charges if row.kind == "tax_added"]
    tax = sum((row.amount.amount for row in taxes), Decimal(0))
    gross = EXACT.subtract(invoice.total.amount, _rest(invoice, others))
    found = take_apart(gross, tax, invoice.total.amount, invoice.currency)
    if found is None:
        return
    parts: tuple[tuple[ChargeKind, Decimal], ...] = (
        ("tax_included", found.inside),
        ("import_duty", found.duty),
        ("tax_added", found.on_top),
    )
    rows = tuple(
        InvoiceCharge(
            kind=kind,
            label=taxes[0].label,
            amount=money(amount, invoice.currency),
            in_total=kind != "tax_included",
            derived=True,
        )
        for kind, amount in parts
        if amount
    )
    yield Reading("tax partly included", (*others, *rows), "tax_inclusive", (_split_note(found),))


def _split_note(found: EmbeddedTax) -> Finding:
    if found.percent is None:
        return Finding(
            code="tax_row_split_ambiguous",
            message="The tax row is partly inside the prices and partly on top; how much of the "
            "latter is duty cannot be told.",
            action="Read the order's receipt, which prints import charges apart.",
            path="charges",
        )
    return Finding(
        code="tax_row_split",
        message=f"The tax row holds {found.percent} % VAT inside the prices, a duty on top and the "
        "VAT on that duty; found from the total.",
        path="charges",
        severity="info",
    )


def _derived(invoice: Invoice) -> Reading | None:
    """The missing discount, if the rows exceed the total and the source prints no discount."""
    _, warn = limits(invoice.currency)
    stated = any(row.kind in DISCOUNTS and row.amount.amount for row in invoice.charges)
    stated = stated or any(line.discounts for line in invoice.lines)
    rest = _rest(invoice, invoice.charges)
    if stated or rest >= -warn or rest < -goods_sum(invoice):
        return None
    row = _charge(invoice, "price_adjustment", rest, "discount, derived from the total")
    note = Finding(
        code="discount_derived",
        message="The source prints no discount, but its total is below the sum of its rows.",
        action="Check who granted it: customs may treat platform coupons differently.",
        path="charges",
    )
    return Reading("discount derived", (*invoice.charges, row), findings=(note,))


def _with(
    invoice: Invoice, reading: Reading, *, level: ReconciliationLevel | None = None
) -> Invoice:
    assert invoice.total is not None  # noqa: S101 - callers have tested it
    rest = _rest(invoice, reading.charges)
    charges, findings = reading.charges, [*invoice.findings, *reading.findings]
    if rest:
        row = _charge(invoice, "rounding", rest, "difference to the stated total")
        charges = (*charges, row)
    ok, warn = limits(invoice.currency)
    found: ReconciliationLevel = "ok" if abs(rest) <= ok else "warn"
    if abs(rest) > warn:
        partial = invoice.refunded is not None or any(
            line.cancelled or line.refund is not None for line in invoice.lines
        )
        found = "warn" if partial else "error"
    if found != "ok":
        findings.append(
            Finding(
                code="total_differs",
                message=f"The rows miss the stated total by {rest:f} {invoice.currency}.",
                action="Check the order for refunds, cancelled lines or rows of an unknown kind.",
                path="total",
                severity="error" if found == "error" else "warning",
            )
        )
    proved = found == "ok" and reading.basis != "unknown"
    lines = tuple(
        line.model_copy(update={"price_basis": reading.basis})
        if proved and line.price_basis == "unknown"
        else line
        for line in invoice.lines
    )
    return invoice.model_copy(
        update={
            "charges": charges,
            "lines": lines,
            "findings": tuple(findings),
            "reconciliation": Reconciliation(
                sum_rows=money(EXACT.subtract(invoice.total.amount, rest), invoice.currency),
                difference=money(rest, invoice.currency),
                level=level or found,
                rule=reading.rule,
            ),
        }
    )


def _without_total(invoice: Invoice) -> Invoice:
    rows = EXACT.add(goods_sum(invoice), _row_sum(invoice.charges))
    return invoice.model_copy(
        update={
            "reconciliation": Reconciliation(
                sum_rows=money(rows, invoice.currency),
                difference=money(0, invoice.currency),
                level="unknown",
                rule="no stated total",
            )
        }
    )


def _row_sum(charges: tuple[InvoiceCharge, ...]) -> Decimal:
    total = Decimal(0)
    for row in charges:
        if row.in_total:
            total = EXACT.add(total, row.amount.amount)
    return total


def _rest(invoice: Invoice, charges: tuple[InvoiceCharge, ...]) -> Decimal:
    """Stated total minus lines and rows."""
    assert invoice.total is not None  # noqa: S101 - callers have tested it
    rows = EXACT.add(goods_sum(invoice), _row_sum(charges))
    return EXACT.subtract(invoice.total.amount, rows)


def _charge(invoice: Invoice, kind: ChargeKind, amount: Decimal, label: str) -> InvoiceCharge:
    return InvoiceCharge(
        kind=kind, label=label, amount=money(amount, invoice.currency), derived=True
    )
