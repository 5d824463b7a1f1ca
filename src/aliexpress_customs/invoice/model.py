"""The canonical order or invoice, whatever file it came from.

Field names and meanings follow what AliExpress files really hold; see `docs/concepts/invoice.md`.
Every amount is `Money`, every id is text, what a source does not say is `None`, never zero.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Literal

from pydantic import Field

from aliexpress_customs.model import CountryCode, Finding, HsCode, Id, Model
from aliexpress_customs.money import Money

DocumentType = Literal[
    "order", "receipt", "tax_invoice", "gdpr_row", "email", "parcels", "refunds", "tax_statement"
]
"""The last three tell only a part of an order; `merge` joins them to it."""
UNKNOWN_CURRENCY = "XXX"
"""ISO 4217 for "no currency": the amounts are right, but their source names none."""
OrderStatus = Literal[
    "unpaid", "processing", "to_ship", "shipped", "completed", "cancelled", "expired", "unknown"
]
PriceBasis = Literal["tax_inclusive", "tax_exclusive", "unknown"]
ChargeKind = Literal[
    "goods_subtotal",
    "shipping",
    "shipping_discount",
    "seller_discount",
    "platform_coupon",
    "store_coupon",
    "coins",
    "promo_code",
    "payment_discount",
    "price_adjustment",
    "tax_added",
    "tax_included",
    "import_duty",
    "duty_subsidy",
    "fee",
    "instalment_fee",
    "insurance",
    "rounding",
    "other",
]
ReconciliationLevel = Literal["ok", "warn", "error", "unknown"]


class Source(Model):
    """Where an invoice came from."""

    kind: str
    """Reader name, such as `mtop_order_detail`."""
    file: str = ""
    """Base name of the file, without its folder."""
    locale: str = ""


class OrderTime(Model):
    """A moment as the source states it: an instant with its zone, or only a date."""

    date: dt.date
    """The date as printed, in the zone of the source."""
    instant: dt.datetime | None = None
    """Timezone-aware, if the source gives a time and its zone is known."""
    zone: str = ""
    """IANA name, such as America/Los_Angeles; empty if the source prints a date only."""
    raw: str = ""


class Party(Model):
    """A seller, a platform, a buyer."""

    name: str = ""
    store_id: Id | None = None
    url: str = ""
    tax_ids: dict[str, str] = Field(default_factory=dict)
    """Kind to number: `gst`, `vat`, `cpf`, `rut`, `pccc`, ..."""


class Address(Model):
    """Where the goods go. Personal data: never in logs or errors."""

    name: str = ""
    lines: tuple[str, ...] = ()
    city: str = ""
    region: str = ""
    postcode: str = ""
    country: CountryCode | None = None
    phone: str = ""
    masked: bool = False
    """The source hides parts of it (`83****334`)."""


class Variant(Model):
    """One chosen option of a product: `Color: Khaki`."""

    name: str
    value: str
    property_id: Id | None = None

    def __str__(self) -> str:
        return f"{self.name}: {self.value}"


class Discount(Model):
    """A reduction of one line."""

    owner: Literal["seller", "platform", "mixed", "unknown"] = "unknown"
    type: str = ""
    amount: Money
    """Positive: what is taken off."""
    derived: bool = False
    """Not stated by the source but computed from its total."""


class InvoiceLine(Model):
    """One line of an order: one product in one variant."""

    line_id: Id | None = None
    product_id: Id | None = None
    sku_id: Id | None = None
    sku_code: str = ""
    title: str
    """The shop's title, cleaned of markup and doubled blanks."""
    title_raw: str = ""
    variant: tuple[Variant, ...] = ()
    category_id: Id | None = None
    quantity: int = Field(ge=0)
    """Units of sale, as ordered."""
    unit: Literal["piece", "lot"] = "piece"
    lot_size: int = Field(default=1, ge=1)
    """Pieces in one unit of sale; `quantity * lot_size` pieces are declared."""
    unit_price: Money
    """Price of one unit of sale before order-level discounts."""
    price_basis: PriceBasis = "unknown"
    """Whether `unit_price` already holds the destination's VAT."""
    list_price: Money | None = None
    line_gross: Money
    """`unit_price * quantity`, or the line total where the source prints that instead."""
    discounts: tuple[Discount, ...] = ()
    """Reductions the source attributes to this line."""
    shipping: Money | None = None
    """Freight the source attributes to this line."""
    tax: Money | None = None
    """Tax the source attributes to this line."""
    hs_code_hint: HsCode | None = None
    """Commodity code found in the file (seller side, Chinese ten-digit code)."""
    ships_from: CountryCode | None = None
    """Place of dispatch the buyer chose; not the origin of the goods."""
    gross_weight_kg: Decimal | None = None
    refund: Money | None = None
    cancelled: bool = False

    @property
    def pieces(self) -> int:
        """Pieces of goods: units of sale times lot size."""
        return self.quantity * self.lot_size


class InvoiceCharge(Model):
    """One row of the price block: freight, coupon, tax, rounding."""

    kind: ChargeKind
    label: str = ""
    """The text of the row, as printed."""
    amount: Money
    """Signed: discounts are negative."""
    in_total: bool = True
    """Whether the row takes part in the stated total (included tax does not)."""
    hidden: bool = False
    derived: bool = False


class ParcelItem(Model):
    """Which line, and how many units of it, lie in a parcel."""

    line_id: Id | None = None
    product_id: Id | None = None
    sku_id: Id | None = None
    count: int = Field(ge=0)


class Parcel(Model):
    """A physical parcel of an order."""

    tracking: str = ""
    internal_no: str = ""
    carrier: str = ""
    items: tuple[ParcelItem, ...] = ()


class Reconciliation(Model):
    """How the rows of the source compare with its stated total."""

    sum_rows: Money
    difference: Money
    """Stated total minus sum of rows; also present as a `rounding` charge."""
    level: ReconciliationLevel
    rule: str = ""
    """Which reading of the rows was taken, such as `tax added` or `tax included`."""


class Invoice(Model):
    """One order of one seller, as far as its file tells."""

    source: Source
    document_type: DocumentType = "order"
    document_no: str = ""
    issue_date: dt.date | None = None
    order_id: Id | None = None
    checkout_id: Id | None = None
    """Several orders paid together share it."""
    status: OrderStatus = "unknown"
    ordered_at: OrderTime | None = None
    paid_at: OrderTime | None = None
    shipped_at: OrderTime | None = None
    finished_at: OrderTime | None = None
    currency: str
    base_currency: str | None = None
    seller: Party = Party()
    platform: Party | None = None
    buyer: Party = Party()
    ship_to: Address | None = None
    account_country: CountryCode | None = None
    """Country of the buyer's account; not the destination."""
    lines: tuple[InvoiceLine, ...] = ()
    charges: tuple[InvoiceCharge, ...] = ()
    total: Money | None = None
    """The stated total: it wins over the sum of the rows. None if the source prints none."""
    paid: Money | None = None
    refunded: Money | None = None
    parcels: tuple[Parcel, ...] = ()
    reconciliation: Reconciliation | None = None
    findings: tuple[Finding, ...] = ()

    def charge(self, *kinds: ChargeKind) -> Decimal | None:
        """Signed sum of the rows of some kinds, or None if the source has no such row."""
        rows = [row.amount.amount for row in self.charges if row.kind in kinds]
        return sum(rows, Decimal(0)) if rows else None
