"""What goes into the books for a parcel: the purchase, and what the border took.

The journals, Xero and DATEV write these bookings out. Which account an amount belongs to is the
user's decision: here it only has a role. What the shop collected comes from the invoice, what is
due at delivery from the estimate, so nothing is booked twice.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final, Literal, get_args

from aliexpress_customs.declaration.model import Declaration
from aliexpress_customs.errors import ExportError, UsageError
from aliexpress_customs.estimate.model import Charge, Estimate
from aliexpress_customs.export.amounts import require_flat
from aliexpress_customs.export.postal_form import form_text
from aliexpress_customs.money import Money, minor_unit, parse_money, split

Role = Literal[
    "goods",
    "freight",
    "insurance",
    "supply_vat",
    "import_vat",
    "import_vat_cost",
    "duty",
    "unsplit_tax",
    "excise",
    "fee",
    "handling",
    "seller",
    "carrier",
]
"""`import_vat` is reclaimable, `import_vat_cost` is not; `seller` and `carrier` are owed."""

EVIDENCE: Final[dict[Role, str]] = {
    "import_vat": "Reclaim with the import document that names the business as importer and states "
    "the VAT (in the EU: Directive 2006/112/EC, Art. 178(e)), and the proof of payment",
    "import_vat_cost": "Not reclaimable: the importer is a consumer",
    "supply_vat": "Not import VAT: reclaim only with a VAT invoice of the supplier made out to the "
    "business (in the EU: Directive 2006/112/EC, Art. 178(a)); IOSS is for consumers",
    "unsplit_tax": "Duty and VAT in one sum on the invoice; ask the shop for a tax invoice",
}
"""The document that an amount of tax needs to be reclaimed."""

_COLLECTED: Final[dict[str, Role]] = {
    "vat": "supply_vat",
    "duty": "duty",
    "unknown": "unsplit_tax",
}


@dataclass(frozen=True)
class Posting:
    """One debit."""

    role: Role
    amount: Decimal
    text: str
    quantity: int = 1
    """Pieces, for goods."""
    paid: Decimal | None = None
    """Its part of what was paid in another currency."""
    rule_id: str = ""


@dataclass(frozen=True)
class Booking:
    """Debits of one day and document; the credit is their sum, owed to `credit`."""

    day: dt.date
    document: str
    """Number of the invoice, else of the order; may be empty."""
    payee: str
    text: str
    currency: str
    postings: tuple[Posting, ...]
    credit: Role
    paid_currency: str = ""
    notes: tuple[str, ...] = ()

    @property
    def total(self) -> Decimal:
        """Sum of the debits."""
        return sum((posting.amount for posting in self.postings), Decimal(0))

    @property
    def paid_total(self) -> Decimal:
        """Sum of what was paid in the other currency."""
        return sum((posting.paid or Decimal(0) for posting in self.postings), Decimal(0))


def bookings(
    declaration: Declaration,
    estimate: Estimate | None,
    *,
    booked_on: dt.date | str | None = None,
    paid: Money | str | None = None,
    import_document: str = "",
) -> list[Booking]:
    """The purchase and, with an estimate, the charges due at delivery.

    Args:
        declaration: the consignment with what the shop collected.
        estimate: of this declaration; None = the purchase only.
        booked_on: day of the purchase; default: the order's, else the estimate's, else today, and
            a note says that the order states no day.
        paid: what the purchase cost in the currency of the books, such as `11.20 EUR`.
        import_document: number of the document that proves the import VAT.

    Raises:
        ExportError: several currencies, or an estimate without an amount that is due.
        UsageError: an estimate of another declaration, or a malformed day or amount.
    """
    require_flat(declaration)
    if estimate is not None:
        require_estimate(declaration, estimate)
    found = [_purchase(declaration, estimate, _day(booked_on), paid)]
    due = [c for c in estimate.charges if c.collected == "delivery"] if estimate else []
    if estimate is not None and (border := _border(declaration, estimate, due, import_document)):
        found.append(border)
    return found


def require_estimate(declaration: Declaration, estimate: Estimate) -> None:
    """Refuse what is no estimate of this declaration.

    Raises:
        UsageError: no `Estimate`, another destination, or another goods value.
    """
    same = (
        isinstance(estimate, Estimate)
        and estimate.destination_country == declaration.destination_country
        and (
            estimate.goods_value.currency.code != declaration.currency
            or estimate.goods_value == declaration.intrinsic_value
        )
    )
    if not same:
        raise UsageError(
            "The estimate is not one of this declaration.",
            code="wrong_estimate",
            path="estimate",
            action="Pass estimate=estimate(declaration, on=...).",
        )


def accounts_of(accounts: Mapping[str, str] | str, defaults: Mapping[Role, str]) -> dict[Role, str]:
    """The account of each role: the user's, else the default.

    Args:
        accounts: by role; or text such as `duty=4810; import_vat=1433`.
        defaults: of the format; may be empty.

    Raises:
        UsageError: an unknown role or malformed text.
    """
    if isinstance(accounts, str):
        pairs = [part.partition("=") for part in accounts.split(";") if part.strip()]
        accounts = {role.strip(): account.strip() for role, _, account in pairs}
    if unknown := sorted(accounts.keys() - set(get_args(Role))):
        raise UsageError(
            f"{unknown[0][:40]!r} is no role of an account.",
            code="unknown_role",
            path="accounts",
            action=f"Use: {', '.join(get_args(Role))}.",
        )
    chosen = {role: accounts.get(role) or defaults.get(role, "") for role in get_args(Role)}
    return {role: account for role, account in chosen.items() if account}


def _purchase(
    declaration: Declaration,
    estimate: Estimate | None,
    booked_on: dt.date | None,
    paid: Money | str | None,
) -> Booking:
    notes = []
    stated = booked_on or declaration.ordered_on
    if stated is None:
        notes.append("The order states no day: this is the day of the booking")
    day = stated or (estimate.on if estimate else dt.datetime.now(dt.UTC).date())
    postings = [
        Posting("goods", item.item_value.amount, form_text(item.description), item.quantity)
        for item in declaration.items
    ]
    sides: tuple[tuple[Role, Money | None], ...] = (
        ("freight", declaration.freight),
        ("insurance", declaration.insurance),
    )
    for role, amount in sides:
        if amount is None:
            notes.append(f"{role.capitalize()} is not known and not booked")
        elif amount.amount:
            postings.append(Posting(role, amount.amount, role.capitalize()))
    for tax in declaration.collected:
        role = _COLLECTED[tax.kind]
        text = form_text(tax.label) or f"{tax.kind.upper()} collected by the shop"
        if tax.amount.amount:
            postings.append(Posting(role, tax.amount.amount, text))
    expected = estimate.due_at_checkout if estimate else None
    if expected is not None and expected.amount and not declaration.collected:
        notes.append(
            f"{expected.amount:f} {expected.currency.code} should have been collected at checkout, "
            "the invoice states nothing: not booked"
        )
    seller = form_text(declaration.sender.name) or "AliExpress"
    booking = Booking(
        day=day,
        document=_document(declaration),
        payee=seller,
        text=f"Purchase {_document(declaration)}".strip(),
        currency=declaration.currency,
        postings=tuple(postings),
        credit="seller",
        notes=tuple(notes),
    )
    return _with_paid(booking, paid)


def _border(
    declaration: Declaration, estimate: Estimate, due: list[Charge], import_document: str
) -> Booking | None:
    if refused := [charge for charge in due if charge.amount is None]:
        raise ExportError(
            f"The estimate has no amount for {refused[0].label}.",
            code="estimate_incomplete",
            path=refused[0].id,
            action="Give the estimate what its reasons ask for.",
        )
    reclaims = declaration.importer == "business"
    postings = []
    for charge in due:
        if charge.amount is not None and charge.amount.amount:
            vat: Role = "import_vat" if reclaims else "import_vat_cost"
            role: Role = vat if charge.kind == "vat" else charge.kind
            postings.append(
                Posting(role, charge.amount.amount, charge.label, rule_id=charge.rule_id)
            )
    if not postings:
        return None
    notes = ["Estimated amounts: replace them by those of the carrier's bill"]
    if any(posting.role == "import_vat" for posting in postings):
        notes.append(
            f"Import document {form_text(import_document)}"
            if import_document
            else "Evidence missing: number of the import document (import_document)"
        )
    return Booking(
        day=estimate.on,
        document=form_text(import_document) or _document(declaration),
        payee="Carrier",
        text=f"Import {_document(declaration)}".strip(),
        currency=estimate.currency,
        postings=tuple(postings),
        credit="carrier",
        notes=tuple(notes),
    )


def _with_paid(booking: Booking, paid: Money | str | None) -> Booking:
    if paid is None:
        return booking
    amount = parse_money(paid)
    code = amount.currency.code
    if code == booking.currency:
        return booking
    shares = split(amount.amount, [p.amount for p in booking.postings], minor_unit(code))
    postings = tuple(
        replace(posting, paid=share)
        for posting, share in zip(booking.postings, shares, strict=True)
    )
    return replace(booking, postings=postings, paid_currency=code)


def _document(declaration: Declaration) -> str:
    orders = declaration.order_ids or tuple(
        dict.fromkeys(line.order_id for line in declaration.lines if line.order_id)
    )
    return form_text(declaration.invoice_number) or form_text(" ".join(orders))


def _day(value: dt.date | str | None) -> dt.date | None:
    if value is None or isinstance(value, dt.date):
        return value
    try:
        return dt.date.fromisoformat(value)
    except ValueError:
        raise UsageError(
            "booked_on is no date.", path="booked_on", action="Write YYYY-MM-DD."
        ) from None
