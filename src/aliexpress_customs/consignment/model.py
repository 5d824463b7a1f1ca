"""What travels together: the input of a declaration.

All values are what was paid for the goods after discounts and, where the shop's prices contain the
destination's VAT, without it. Lines of several orders can share one consignment.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Literal

from pydantic import Field

from aliexpress_customs.invoice.model import Address, Party
from aliexpress_customs.model import CountryCode, Finding, HsCode, Id, Model, RegionCode
from aliexpress_customs.money import Money

Importer = Literal["consumer", "business"]
Purpose = Literal["sale", "gift"]


class ConsignmentLine(Model):
    """A line of an order, or a part of it, as it lies in the parcel."""

    order_id: Id | None = None
    line_id: Id | None = None
    product_id: Id | None = None
    sku_id: Id | None = None
    title: str
    variant: str = ""
    """The chosen options, `Color: Khaki; Length: 2m`."""
    category: str = ""
    quantity: int = Field(ge=1)
    """Pieces."""
    line_gross: Money
    """Before any discount."""
    line_discount: Money
    """What the source takes off this line (positive)."""
    allocated_discount: Money
    """This line's share of discounts on the whole order (positive)."""
    line_adjustment: Money | None = None
    """Signed: this line's part of the difference to the stated total, and of a raised price."""
    line_refund: Money | None = None
    """Money given back for this line (positive), tax included where prices include it."""
    included_tax: Money
    """VAT of the destination that was inside the price and has been taken out (positive)."""
    line_value: Money
    """Net of all of the above: `line_gross - line_discount - allocated_discount +
    line_adjustment - line_refund - included_tax`; never below zero."""
    line_freight: Money | None = None
    """This line's share of the freight, net of the destination's VAT; None = unknown."""
    hs_code_hint: HsCode | None = None
    dispatch_country: CountryCode | None = None
    unit_net_weight_kg: Decimal | None = None


class CollectedTax(Model):
    """Tax or duty that the shop has already taken at checkout."""

    kind: Literal["vat", "duty", "unknown"]
    """`unknown`: the source states one sum for both."""
    amount: Money
    inside_prices: bool
    """It was part of the prices (EU, UK) rather than added on top (BR, NO, AU)."""
    label: str = ""
    order_id: Id | None = None


class Consignment(Model):
    """One parcel (or several under one declaration) to one recipient."""

    destination_country: CountryCode
    destination_region: RegionCode | None = None
    postcode: str = ""
    dispatch_country: CountryCode = "CN"
    currency: str
    lines: tuple[ConsignmentLine, ...] = Field(min_length=1)
    freight: Money | None = None
    """Paid for delivery, net of the destination's VAT; None = unknown, 0 = free."""
    insurance: Money | None = None
    gross_weight_kg: Decimal | None = None
    collected: tuple[CollectedTax, ...] = ()
    ordered_on: dt.date | None = None
    tracking_number: str = ""
    order_ids: tuple[Id, ...] = ()
    seller: Party = Party()
    ship_to: Address | None = None
    importer_tax_id: str = ""
    importer: Importer = "consumer"
    purpose: Purpose = "sale"
    findings: tuple[Finding, ...] = ()
