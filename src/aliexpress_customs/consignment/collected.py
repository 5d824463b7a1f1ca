"""The taxes of one order: inside its prices, on top of them, and what each line bears of them."""

from __future__ import annotations

from decimal import Decimal

from aliexpress_customs.consignment.draft import Draft
from aliexpress_customs.consignment.orders import ZERO
from aliexpress_customs.consignment.share import split_by
from aliexpress_customs.consignment.taxes import (
    InsideTax,
    Prices,
    SettledTax,
    TaxKind,
    TaxRate,
    computed_tax_inside,
    rate_for,
    stated_tax_inside,
)
from aliexpress_customs.invoice.model import InvoiceLine


def tax_inside(
    draft: Draft, on_top: Decimal, rate: TaxRate, counted: frozenset[int]
) -> tuple[InsideTax, str | None]:
    """The tax inside the prices, and the label it was collected under (None: it was not).

    Args:
        draft: the order, with its prices after discounts.
        on_top: part of the stated tax that lies on top of the prices after all.
        rate: the caller's rate, used only if the order states no amount.
        counted: the lines inside the stated total.

    Raises:
        ConsignmentError: the stated tax is not below the prices.
        UsageError: the rate is not a Decimal fraction.
    """
    block, order = draft.block, draft.order
    rates = [rate_for(rate, line) for line in order.lines]
    duty = max((block.import_duty or ZERO) + block.duty_subsidy, ZERO)
    prices = Prices(draft.prices, draft.freight or ZERO, block.insurance or ZERO, duty)
    own = _own_tax(draft, counted)
    nothing = InsideTax([ZERO] * len(draft.prices))
    if block.tax_included is not None:
        stated = block.tax_included - on_top
        if not stated:
            return nothing, ""
        return stated_tax_inside(stated, prices, rates, own, block.step), ""
    if block.tax_deducted:
        draft.note("tax_deducted", "Tax was taken off the prices; it is due at the border.")
        only = Prices(prices.lines, prices.freight, prices.insurance, ZERO)
        return stated_tax_inside(block.tax_deducted, only, [], None, block.step), None
    taxed_on_top = any(amount for _, _, amount in block.tax_added)
    rated = list(zip(order.lines, rates, strict=True))
    applied = [_applied(line, found, taxed_on_top) for line, found in rated]
    if any(line.price_basis == "tax_inclusive" and found is None for line, found in rated):
        draft.note(
            "included_tax_unknown",
            "Prices contain VAT, but neither its amount nor its rate is known; values hold it.",
            "Pass included_tax_rate.",
            "warning",
        )
    if not any(applied):
        return nothing, None
    inside = computed_tax_inside(prices, applied, order.currency, block.step)
    draft.note(
        "vat_computed_from_rate",
        f"The order does not state the VAT inside its prices; {draft.text(inside.total)} were "
        "computed from the rate.",
        "Read the order's receipt, which states it.",
    )
    return inside, "computed from the rate"


def on_top_taxes(
    draft: Draft, on_top: Decimal, tax_in_duty: Decimal, counted: frozenset[int]
) -> list[SettledTax]:
    """Taxes and import charges paid on top of the prices, split over lines by value.

    Args:
        draft: the order, with its prices after discounts.
        on_top: part of the stated included tax that lies on top of the prices after all.
        tax_in_duty: VAT inside the import charge, which is recorded with the other VAT.
        counted: the lines inside the stated total.
    """
    block, order = draft.block, draft.order
    pieces = [Decimal(line.pieces) for line in order.lines]
    own = _own_tax(draft, counted)
    taxes = []

    def record(kind: TaxKind, label: str, amount: Decimal) -> None:
        stated = own if own is not None and sum(own, ZERO) == amount else None
        shares = stated or split_by(amount, draft.prices, pieces, block.step)
        taxes.append(SettledTax(kind, label, False, shares))

    if on_top:
        record("unknown", "tax on top of the prices", on_top)
    for kind, label, amount in block.tax_added:
        record(kind, label, amount)
    if block.import_duty is not None:
        inclusive = any(line.price_basis == "tax_inclusive" for line in order.lines)
        mixed = bool(block.duty_subsidy) or (block.tax_included is None and inclusive)
        label = next((row.label for row in order.charges if row.kind == "import_duty"), "")
        record("unknown" if mixed else "duty", label, block.import_duty - tax_in_duty)
    return taxes


def _own_tax(draft: Draft, counted: frozenset[int]) -> list[Decimal] | None:
    """Tax of each line as the source states it, without lines outside the total."""
    own = draft.block.own_tax
    return None if own is None else [t if i in counted else ZERO for i, t in enumerate(own)]


def _applied(line: InvoiceLine, rate: Decimal | None, taxed_on_top: bool) -> Decimal | None:
    """The caller's rate, unless the order shows that its prices are without tax."""
    exclusive = line.price_basis == "tax_exclusive"
    return None if exclusive or (line.price_basis == "unknown" and taxed_on_top) else rate
