"""The itemised declaration: what customs is told about a consignment."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Literal

from pydantic import Field, computed_field

from aliexpress_customs.consignment.model import CollectedTax, Importer, Purpose
from aliexpress_customs.invoice.model import Address, Party
from aliexpress_customs.model import CountryCode, Finding, HsCode, Id, Model, RegionCode
from aliexpress_customs.money import Money, money

ContentsType = Literal["sale_of_goods", "gift", "sample", "documents", "returned_goods", "other"]


class Goods(Model):
    """One kind of goods, stated by hand: for a quote before any order exists.

    Values are without the destination's VAT.
    """

    title: str = ""
    description: str = ""
    """What customs reads; empty = taken from the commodity code or the title."""
    unit_value: Money
    """Price of one piece."""
    quantity: int = Field(default=1, ge=1)
    hs_code: HsCode | None = None
    origin_country: CountryCode | None = None
    unit_net_weight_kg: Decimal | None = Field(default=None, gt=0)
    category: str = ""
    """Free text such as `book`."""
    duty_rate: str | None = None
    """Ordinary duty rate to use instead of the tariff's, such as `12 %`."""


class DeclarationLine(Model):
    """One product line inside a goods item."""

    line_id: Id | None = None
    order_id: Id | None = None
    product_id: Id | None = None
    sku_id: Id | None = None
    title: str
    variant: str = ""
    category: str = ""
    quantity: int = Field(ge=1)
    """Pieces."""
    unit_value: Money
    """`line_value / quantity`, to six decimals where it does not divide."""
    line_value: Money
    """Paid for the goods of this line after discounts, without the destination's VAT."""
    line_discount: Money
    """All discounts of this line, own and allocated (positive)."""
    line_freight: Money | None = None
    unit_net_weight_kg: Decimal | None = None
    line_net_weight_kg: Decimal | None = None
    duty_rate: str | None = None


CodeSource = Literal["caller", "catalogue", "file", "unknown"]
"""Who said the commodity code: the caller, what was settled before, or the order itself."""


class GoodsItem(Model):
    """Goods that customs counts as one: same commodity code, description and origin."""

    number: int = Field(ge=1)
    description: str
    """What customs reads."""
    hs_code: HsCode | None = None
    """None: not known; see the findings."""
    hs_code_source: CodeSource = "unknown"
    origin_country: CountryCode
    origin_assumed: bool = False
    lines: tuple[DeclarationLine, ...] = Field(min_length=1)

    @computed_field  # type: ignore[prop-decorator]
    @property
    def quantity(self) -> int:
        """Pieces."""
        return sum(line.quantity for line in self.lines)

    @computed_field  # type: ignore[prop-decorator]
    @property
    def item_value(self) -> Money:
        """Sum of the line values."""
        return _sum([line.line_value for line in self.lines])

    @computed_field  # type: ignore[prop-decorator]
    @property
    def net_weight_kg(self) -> Decimal | None:
        """Sum of the line weights, None unless every line has one."""
        weights = [line.line_net_weight_kg for line in self.lines]
        known = [weight for weight in weights if weight is not None]
        return sum(known, Decimal(0)) if len(known) == len(weights) else None


class Declaration(Model):
    """Goods items plus what customs and carrier need to know about the parcel."""

    destination_country: CountryCode
    destination_region: RegionCode | None = None
    postcode: str = ""
    dispatch_country: CountryCode = "CN"
    currency: str
    """Of every value in the declaration."""
    items: tuple[GoodsItem, ...] = Field(min_length=1)
    freight: Money | None = None
    """None = unknown, 0 = free."""
    insurance: Money | None = None
    gross_weight_kg: Decimal | None = None
    contents_type: ContentsType = "sale_of_goods"
    importer: Importer = "consumer"
    purpose: Purpose = "sale"
    incoterm: str = ""
    ioss_number: str = ""
    importer_tax_id: str = ""
    tracking_number: str = ""
    invoice_number: str = ""
    ordered_on: dt.date | None = None
    order_ids: tuple[Id, ...] = ()
    sender: Party = Party()
    recipient: Address | None = None
    collected: tuple[CollectedTax, ...] = ()
    findings: tuple[Finding, ...] = ()

    @computed_field  # type: ignore[prop-decorator]
    @property
    def intrinsic_value(self) -> Money:
        """Price of the goods themselves, without freight, insurance and taxes."""
        return _sum([item.item_value for item in self.items])

    @computed_field  # type: ignore[prop-decorator]
    @property
    def net_weight_kg(self) -> Decimal | None:
        """Sum of the item weights, None unless every item has one."""
        weights = [item.net_weight_kg for item in self.items]
        known = [weight for weight in weights if weight is not None]
        return sum(known, Decimal(0)) if len(known) == len(weights) else None

    @property
    def lines(self) -> tuple[DeclarationLine, ...]:
        """All lines, in the order of the items."""
        return tuple(line for item in self.items for line in item.lines)


def _sum(values: list[Money]) -> Money:
    return money(sum((value.amount for value in values), Decimal(0)), values[0].currency.code)
