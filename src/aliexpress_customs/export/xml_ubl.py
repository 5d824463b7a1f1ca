"""The figures of a re-expressed invoice: which lines bear VAT, charges, tax and totals.

EN 16931 (rules BR-CO-10 to BR-CO-17): every amount has at most two decimals, totals are sums of
rounded amounts, tax is counted per category. Lines on which the shop collected VAT are of category
S; where none was collected, the goods were sold outside the scope of EU VAT, category O. The two
may not stand on one invoice (BR-O-11), so an order can need two.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Final, Literal

from pydantic import Field

from aliexpress_customs.declaration.model import Declaration, DeclarationLine, GoodsItem
from aliexpress_customs.errors import ExportError, UnknownDestinationError
from aliexpress_customs.export.amounts import require_flat
from aliexpress_customs.export.xml_text import rounded_amount
from aliexpress_customs.model import CountryCode, Id, Model
from aliexpress_customs.money import EXACT, Money, minor_unit, money, round_to, split
from aliexpress_customs.rules.display import included_tax_rate

Category = Literal["S", "O"]

CENT: Final = Decimal("0.01")
TOLERANCE: Final = Decimal(1)
"""Stated tax may differ from base x rate by less than this (BR-CO-17, BR-S-09)."""
_HUNDRED: Final = Decimal(100)


class UblOptions(Model):
    """What a declaration does not know."""

    document_type: Literal["380", "935", "325"] = "380"
    """380 = commercial invoice, 935 = customs invoice, 325 = proforma."""
    document_id: str = ""
    """Number of this document; default: `RE-` and the order or invoice number."""
    issue_date: dt.date | None = None
    """Default: the day of the order."""
    category: Category | None = None
    """Which of two documents to write, if the order needs two."""
    vat_rate: Decimal | None = Field(default=None, gt=0, le=100)
    """In percent; default: the standard rate of the destination on the day of the order."""
    seller_id: str = ""
    """Default: the id of the store, else its address on the web."""
    seller_tax_id: str = ""
    """Default: the IOSS number, else the seller's VAT number."""
    seller_country: CountryCode | None = None
    """Default: the country of dispatch."""
    buyer_name: str = ""
    """Default: the recipient."""
    paid: bool = True
    """Whether nothing is left to pay."""
    due_date: dt.date | None = None
    """Until when to pay what is left."""


class InvoicedLine(Model):
    """One line and the goods item it belongs to."""

    item: GoodsItem
    line: DeclarationLine
    amount: Money
    """Net, rounded."""


class Figures(Model):
    """The figures of one document."""

    category: Category
    alone: bool
    """It is the only document of the declaration."""
    percent: Decimal | None
    lines: tuple[InvoicedLine, ...]
    freight: Money | None
    insurance: Money | None
    line_total: Money
    charge_total: Money
    tax: Money
    tax_stated: bool
    """The tax is what the shop collected, not what the rate gives."""
    order_ids: tuple[Id, ...]

    @property
    def taxable(self) -> Money:
        """Without tax."""
        return self.line_total + self.charge_total

    @property
    def total(self) -> Money:
        """With tax."""
        return self.taxable + self.tax


def figures(declaration: Declaration, options: UblOptions) -> tuple[Figures, ...]:
    """One document, or two if VAT was collected on a part of the lines only.

    Raises:
        ExportError: negative amounts, no VAT rate, or a stated VAT that no rate explains.
    """
    require_flat(declaration)
    groups = _by_category(declaration)
    freights = _shares(declaration, declaration.freight, groups)
    insurances = _shares(declaration, declaration.insurance, groups)
    made = []
    for (category, lines), freight, insurance in zip(
        groups.items(), freights, insurances, strict=True
    ):
        currency = declaration.currency
        line_total = _sum([line.amount for line in lines], currency)
        charge_total = _sum([cost for cost in (freight, insurance) if cost], currency)
        percent = _percent(declaration, options) if category == "S" else None
        tax, stated = _tax(declaration, line_total + charge_total, percent)
        orders = dict.fromkeys(line.line.order_id for line in lines if line.line.order_id)
        made.append(
            Figures(
                category=category,
                alone=len(groups) == 1,
                percent=percent,
                lines=lines,
                freight=freight,
                insurance=insurance,
                line_total=line_total,
                charge_total=charge_total,
                tax=tax,
                tax_stated=stated,
                order_ids=tuple(orders) or declaration.order_ids,
            )
        )
    return tuple(made)


def _by_category(declaration: Declaration) -> dict[Category, tuple[InvoicedLine, ...]]:
    vat = [tax for tax in declaration.collected if tax.kind == "vat" and tax.amount.amount > 0]
    orders = {line.order_id for line in declaration.lines}
    whole = any(tax.order_id is None or tax.order_id not in orders for tax in vat)
    stated = any(tax.kind == "vat" for tax in declaration.collected)
    # Without a statement, an IOSS number says that VAT was charged at the sale.
    whole = whole or (not stated and bool(declaration.ioss_number.strip()))
    taxed = {tax.order_id for tax in vat}
    found: dict[Category, list[InvoicedLine]] = {}
    for index, item in enumerate(declaration.items):
        for line in item.lines:
            category: Category = "S" if whole or line.order_id in taxed else "O"
            amount = _rounded(line.line_value, f"items[{index}].lines")
            entry = InvoicedLine(item=item, line=line, amount=amount)
            found.setdefault(category, []).append(entry)
    return {category: tuple(lines) for category, lines in found.items()}


def _shares(
    declaration: Declaration,
    cost: Money | None,
    groups: dict[Category, tuple[InvoicedLine, ...]],
) -> list[Money | None]:
    """The cost split over the documents by value; to the first if nothing has a value."""
    if cost is None or len(groups) == 1:
        return [cost and _rounded(cost, "freight")] * len(groups)
    rounded = _rounded(cost, "freight")
    totals = [sum((line.amount.amount for line in lines), Decimal(0)) for lines in groups.values()]
    if not any(totals):
        totals[0] = Decimal(1)
    step = max(minor_unit(declaration.currency), CENT)
    return [money(part, declaration.currency) for part in split(rounded.amount, totals, step)]


def _percent(declaration: Declaration, options: UblOptions) -> Decimal:
    if options.vat_rate is not None:
        return options.vat_rate
    day = declaration.ordered_on or options.issue_date
    rate: Decimal | None = None
    if day is not None:
        try:
            rate = included_tax_rate(
                declaration.destination_country, day, declaration.destination_region or ""
            )
        except UnknownDestinationError:
            rate = None
    if not rate:
        raise ExportError(
            "VAT was collected, but its rate is not known.",
            code="vat_rate_missing",
            path="vat_rate",
            action="Pass vat_rate, in percent.",
        )
    return EXACT.multiply(rate, _HUNDRED)


def _tax(declaration: Declaration, base: Money, percent: Decimal | None) -> tuple[Money, bool]:
    """The tax, and whether it is the one the shop stated."""
    currency = declaration.currency
    if percent is None:
        return money(0, currency), True
    computed = round_to(EXACT.multiply(base.amount, percent) / _HUNDRED, CENT)
    vat = [tax.amount.amount for tax in declaration.collected if tax.kind == "vat"]
    if not vat:
        return money(computed, currency), False
    stated = _rounded(money(sum(vat, Decimal(0)), currency), "collected")
    if abs(stated.amount - computed) >= TOLERANCE:
        raise ExportError(
            "The VAT collected is not what the rate gives.",
            code="vat_differs",
            path="collected",
            action="Pass the vat_rate that was charged; several rates are not written.",
        )
    return stated, True


def _rounded(amount: Money, path: str) -> Money:
    return money(rounded_amount(amount, path), amount.currency.code)


def _sum(amounts: list[Money], currency: str) -> Money:
    return money(sum((amount.amount for amount in amounts), Decimal(0)), currency)
