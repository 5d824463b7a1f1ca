"""The words and figures of a price document: what a buyer really paid for an order, line by line.

Posts and customs ask the buyer of a held parcel for it. What it has to show: "name of the
purchaser, details of the items, quantity, price, handling charges, shipping charges, and postal
tracking number" (Japan Customs, Tokyo, foreign postal matters, price documents:
customs.go.jp/tokyo/english/yuubin/postal_qa/kakakusiryou.htm); parcel forwarders ask for the prices
paid after coupons (litemf.com/en/help/delivery/customs).

Independent of any paper: `price_pdf` prints it. What an order does not state is said to be not
stated; it is never zero. Names and addresses are printed as the data has them, masked or not.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from aliexpress_customs.consignment.parcels import parcel_units
from aliexpress_customs.errors import ConsignmentError, ExportError
from aliexpress_customs.export.price_sums import PricedLine, PriceRow, PriceSums, price_sums
from aliexpress_customs.export.ubl import NOTE
from aliexpress_customs.invoice.countries import english_name
from aliexpress_customs.invoice.merge import PARTS
from aliexpress_customs.invoice.model import (
    UNKNOWN_CURRENCY,
    Address,
    DocumentType,
    Invoice,
    OrderStatus,
    OrderTime,
    Party,
)
from aliexpress_customs.model import Model
from aliexpress_customs.money import format_money

NOT_STATED: Final = "not stated"

_STATUS: Final[dict[OrderStatus, str]] = {
    "unpaid": "not paid yet",
    "processing": "being processed",
    "to_ship": "waiting to be shipped",
    "shipped": "shipped",
    "completed": "completed",
    "cancelled": "cancelled",
    "expired": "expired without payment",
    "unknown": NOT_STATED,
}
_DOCUMENTS: Final[dict[DocumentType, str]] = {
    "order": "order data",
    "receipt": "receipt",
    "tax_invoice": "tax invoice or notice of payment",
    "gdpr_row": "row of the buyer's data export",
    "email": "e-mail about the order",
}
_BASIS: Final = {
    "tax_inclusive": "Prices contain the VAT of the destination.",
    "tax_exclusive": "Prices are without tax.",
    "unknown": "Whether prices contain tax is not stated.",
}


class Fact(Model):
    """A label and what the order says about it."""

    label: str
    value: str = NOT_STATED
    more: tuple[str, ...] = ()
    """Further lines, such as those of an address."""


class ItemText(Model):
    """The words of one line; its figures are in the `PricedLine` with the same number."""

    title: str
    quantity: str
    """Pieces, or lots and their size."""
    variant: str = ""
    details: tuple[str, ...] = ()
    """Numbers of the product, state, parcel."""


class PriceDocument(Model):
    """One order as proof of its price."""

    currency: str
    """ISO 4217; empty if the order does not name it."""
    order: tuple[Fact, ...]
    seller: tuple[Fact, ...]
    buyer: tuple[Fact, ...]
    items: tuple[ItemText, ...]
    lines: tuple[PricedLine, ...]
    paid: bool
    """As in `PriceSums`."""
    rows: tuple[PriceRow, ...]
    notes: tuple[str, ...]
    """What the reader has to know; the first says that this is no invoice of the seller."""
    source: str
    """What the document was made from."""


def price_document(
    invoice: Invoice, *, tracking: str = "", purchaser: str = "", ioss_number: str = ""
) -> PriceDocument:
    """Put together what an order proves about its price.

    Args:
        invoice: the order, as `read` gives it.
        tracking: number of the parcel that is held; where the order knows it, the lines say
            whether they lie in it.
        purchaser: the buyer's name, if the order states none.
        ioss_number: number under which the shop collected tax, if the order states none.

    Raises:
        ExportError: the order has no lines, or its file tells only a part of an order.
        ConsignmentError: an amount is in another currency than the order, or a price is negative.
    """
    _refuse(invoice)
    sums = price_sums(invoice)
    return PriceDocument(
        currency="" if invoice.currency == UNKNOWN_CURRENCY else invoice.currency,
        order=tuple(_order_facts(invoice, tracking, ioss_number)),
        seller=tuple(_seller_facts(invoice.seller)),
        buyer=tuple(_buyer_facts(invoice.buyer, invoice.ship_to, purchaser)),
        items=tuple(_items(invoice, sums, tracking)),
        lines=sums.lines,
        paid=sums.paid,
        rows=sums.rows,
        notes=tuple(_notes(invoice, sums)),
        source=", ".join(filter(None, (_DOCUMENTS[invoice.document_type], invoice.source.file))),
    )


def _refuse(invoice: Invoice) -> None:
    path = invoice.order_id or invoice.source.file
    if invoice.document_type in PARTS:
        raise ExportError(
            f"The file tells of {invoice.document_type.replace('_', ' ')} only, not of an order.",
            code="part_of_an_order",
            path=path,
            action="Read the order's own page, receipt or export together with it.",
        )
    if not invoice.lines:
        raise ExportError(
            "The order has no lines: nothing proves a price.",
            code="no_lines",
            path=path,
            action="Read the order's detail page or receipt.",
        )


def _order_facts(invoice: Invoice, tracking: str, ioss_number: str) -> Iterator[Fact]:
    yield _fact("Order number", invoice.order_id)
    if invoice.checkout_id:
        yield _fact("Checkout number", invoice.checkout_id)
    if invoice.document_no:
        issued = f" of {invoice.issue_date}" if invoice.issue_date else ""
        yield _fact("Document of the shop", f"{invoice.document_no}{issued}")
    yield _fact("Ordered on", _day(invoice.ordered_at))
    yield _fact("Paid on", _day(invoice.paid_at))
    if invoice.shipped_at:
        yield _fact("Shipped on", _day(invoice.shipped_at))
    if invoice.finished_at:
        yield _fact("Completed on", _day(invoice.finished_at))
    yield _fact("State of the order", _STATUS[invoice.status])
    yield _fact("Currency", "" if invoice.currency == UNKNOWN_CURRENCY else invoice.currency)
    yield from _parcels(invoice, tracking)
    numbers = [
        f"{kind.upper()} {number}"
        for party in (invoice.platform, invoice.seller)
        for kind, number in (party.tax_ids.items() if party else ())
    ]
    if not numbers and ioss_number:
        numbers = [f"{ioss_number} (given by the buyer)"]
    yield _fact("Tax number of the shop (IOSS, GST, ...)", ", ".join(dict.fromkeys(numbers)))


def _parcels(invoice: Invoice, tracking: str) -> Iterator[Fact]:
    known = {
        number: " ".join(filter(None, (number, f"({parcel.carrier})" if parcel.carrier else "")))
        for parcel in invoice.parcels
        if (number := parcel.tracking or parcel.internal_no)
    }
    if not tracking:
        yield _fact("Tracking number", ", ".join(known.values()))
        return
    own = next((number for number in known if _same(number, tracking)), None)
    text = known[own] if own else f"{tracking} (given by the buyer)"
    yield _fact("Tracking number of this parcel", text)
    if others := [text for number, text in known.items() if number != own]:
        yield _fact("Other parcels of the order", ", ".join(others))


def _seller_facts(seller: Party) -> Iterator[Fact]:
    yield _fact("Name", seller.name)
    if seller.store_id:
        yield _fact("Store number", seller.store_id)
    if seller.url:
        scheme = "https:" if seller.url.startswith("//") else ""
        yield _fact("Address on the web", f"{scheme}{seller.url}")


def _buyer_facts(buyer: Party, ship_to: Address | None, purchaser: str) -> Iterator[Fact]:
    stated = buyer.name or (ship_to.name if ship_to else "")
    given = f"{purchaser} (given by the buyer)" if purchaser else ""
    yield _fact("Name", stated or given)
    for kind, number in buyer.tax_ids.items():
        yield _fact(f"Tax number ({kind.upper()})", number)
    if ship_to is None:
        yield Fact(label="Delivered to")
        return
    place = " ".join(filter(None, (ship_to.postcode, ship_to.city)))
    name = ship_to.name if ship_to.name != stated else ""
    parts = (name, *ship_to.lines, place, ship_to.region, english_name(ship_to.country or ""))
    first, *more = [part.strip() for part in parts if part.strip()] or [NOT_STATED]
    yield Fact(label="Delivered to", value=first, more=tuple(more))


def _items(invoice: Invoice, sums: PriceSums, tracking: str) -> Iterator[ItemText]:
    held = _held(invoice, tracking)
    for priced in sums.lines:
        line = priced.line
        count = f"{line.quantity}" if line.unit == "piece" else f"{line.quantity} lot"
        size = f" of {line.lot_size}" if line.lot_size > 1 else ""
        details = []
        if line.product_id:
            details.append(f"Product {line.product_id}")
        if line.sku_id or line.sku_code:
            details.append(f"SKU {line.sku_id or line.sku_code}")
        if line.ships_from and not any("ship" in one.name.casefold() for one in line.variant):
            details.append(f"Ships from {line.ships_from}")
        if line.cancelled:
            outside = ", not part of the total" if priced.paid is None else ""
            details.append(f"Cancelled{outside}")
        if line.refund is not None:
            details.append(f"Paid back: {format_money(abs(line.refund))}")
        if held is not None:
            units = held.get(priced.number - 1, 0)
            details.append(f"In this parcel: {units} of {line.quantity}")
        yield ItemText(
            title=line.title or "(no title stated)",
            quantity=f"{count}{size}",
            variant="; ".join(
                f"{option.name}: {option.value}" if option.name else option.value
                for option in line.variant
            ),
            details=tuple(details),
        )


def names_parcel(invoice: Invoice, tracking: str) -> bool:
    """Whether the order knows a parcel by this number, the carrier's or the shop's."""
    numbers = [n for parcel in invoice.parcels for n in (parcel.tracking, parcel.internal_no)]
    return any(_same(number, tracking) for number in numbers if number and tracking.strip())


def _held(invoice: Invoice, tracking: str) -> dict[int, int] | None:
    """Units of each line in the parcel; None if the order does not say what lies in it."""
    if not names_parcel(invoice, tracking):
        return None
    try:
        units = parcel_units(invoice, tracking)["quantities"]
    except ConsignmentError:
        return None  # the parcel is known by its number only, or all of it was cancelled
    return {key[1]: count for key, count in units.items() if isinstance(key, tuple)}


def _notes(invoice: Invoice, sums: PriceSums) -> Iterator[str]:
    yield NOTE
    if invoice.status in {"unpaid", "cancelled", "expired"}:
        yield f"The order is {_STATUS[invoice.status]}: this proves no payment."
    if not sums.paid:
        yield "The data states no total: these are prices, it does not say that they were paid."
    if invoice.currency == UNKNOWN_CURRENCY:
        yield "The data names no currency; amounts are printed as they stand."
    if invoice.ship_to is not None and invoice.ship_to.masked:
        yield "Name or address are partly hidden by stars in the data and printed as they are."
    bases = dict.fromkeys(line.price_basis for line in invoice.lines)
    yield from (_BASIS[basis] for basis in bases)
    if sums.shared:
        yield "Discounts on the whole order are split over its lines by price."
    if sums.difference is not None and sums.difference.amount and not sums.rounded:
        yield "The rows of the order do not make up its stated total; the total is what counts."
    yield f'"{NOT_STATED.capitalize()}" means that the data is silent, not that the amount is zero.'


def _fact(label: str, value: str | None) -> Fact:
    return Fact(label=label, value=(value or "").strip() or NOT_STATED)


def _day(moment: OrderTime | None) -> str:
    return moment.date.isoformat() if moment else ""


def _same(number: str, tracking: str) -> bool:
    """Blanks and case of a tracking number do not matter."""
    return "".join(number.split()).upper() == "".join(tracking.split()).upper()
