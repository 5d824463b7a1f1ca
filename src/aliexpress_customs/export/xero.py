"""`xero-csv`: bills for Xero's import, the purchase and what is due at delivery.

For small businesses: Business > Bills to pay > Import, "amounts are tax exclusive". Headings must
stay as they are. Taxes and duties are rows of their own on the accounts the user names; the tax
type of each row is the user's too, because it is the display name of a rate in their organisation.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from aliexpress_customs.declaration.model import Declaration
from aliexpress_customs.errors import ExportError, UsageError
from aliexpress_customs.estimate.model import Estimate
from aliexpress_customs.export.bookings import (
    EVIDENCE,
    Booking,
    Posting,
    accounts_of,
    bookings,
)
from aliexpress_customs.export.spreadsheet import Cell, Dialect, csv_bytes
from aliexpress_customs.money import EXACT, is_exact

NAME: Final = "xero-csv"
SUMMARY: Final = "Bills for Xero's CSV import: goods, freight, duty, VAT and fees by account."
MEDIA_TYPE: Final = "text/csv"
ACCEPTS: Final = Declaration

COLUMNS: Final = (
    *("*ContactName", "EmailAddress", "POAddressLine1", "POAddressLine2", "POAddressLine3"),
    *("POAddressLine4", "POCity", "PORegion", "POPostalCode", "POCountry", "*InvoiceNumber"),
    *("*InvoiceDate", "*DueDate", "Total", "InventoryItemCode", "*Description", "*Quantity"),
    *("*UnitAmount", "*AccountCode", "*TaxType", "TaxAmount", "TrackingName1", "TrackingOption1"),
    *("TrackingName2", "TrackingOption2", "Currency"),
)
UNIT_STEP: Final = Decimal("0.0001")
"""Xero keeps four decimals of a unit amount."""
LONGEST_DESCRIPTION: Final = 4000


def write(
    declaration: Declaration,
    *,
    estimate: Estimate | None = None,
    accounts: Mapping[str, str] | str = "",
    tax_type: str = "Tax Exempt",
    date_format: str = "%Y-%m-%d",
    due_days: int | str = 0,
    booked_on: dt.date | str | None = None,
    import_document: str = "",
    dialect: Dialect = "plain",
) -> bytes:
    """One bill for the purchase and, with an estimate, one for the carrier.

    Args:
        declaration: the consignment with what the shop collected.
        estimate: of this declaration, for what is due at delivery.
        accounts: account code by role, as a mapping or as text such as `duty=310; goods=300`. Rows
            of other roles have an empty code, which Xero asks for.
        tax_type: display name of the rate of all rows.
        date_format: of the organisation's region, as of `strftime`.
        due_days: days from the invoice to the due date.
        booked_on: day of the purchase, if not the order's.
        import_document: number of the document that proves the import VAT.
        dialect: `plain` for the import, `excel` to look at it.

    Raises:
        ExportError: no invoice or order number, or an estimate without an amount that is due.
        UsageError: an estimate of another declaration, or a malformed option.
    """
    codes = accounts_of(accounts, {})
    try:
        days = dt.timedelta(days=int(due_days))
    except (ValueError, OverflowError):
        raise UsageError("due_days is no number of days.", path="due_days") from None
    rows: list[list[Cell]] = []
    for bill in bookings(
        declaration, estimate, booked_on=booked_on, import_document=import_document
    ):
        if not bill.document:
            raise ExportError(
                "A bill needs a number, and the order states none.",
                code="no_document_number",
                path="invoice_number",
                action="State invoice_number or order_ids.",
            )
        number = bill.document if bill.credit == "seller" else f"{bill.document}-import"
        for posting in bill.postings:
            quantity, amount = _quantity_and_unit(posting)
            row: dict[str, Cell] = {
                "*ContactName": bill.payee,
                "*InvoiceNumber": number,
                "*InvoiceDate": bill.day.strftime(date_format),
                "*DueDate": (bill.day + days).strftime(date_format),
                "*Description": _description(bill, posting, quantity),
                "*Quantity": quantity,
                "*UnitAmount": amount,
                "*AccountCode": codes.get(posting.role, ""),
                "*TaxType": tax_type,
                "TaxAmount": Decimal(0),
                "Currency": bill.currency,
            }
            rows.append([row.get(column) for column in COLUMNS])
    return csv_bytes(COLUMNS, rows, dialect)


def _quantity_and_unit(posting: Posting) -> tuple[int, Decimal]:
    """Pieces and their price if it is exact in four decimals, else one lot at the whole amount."""
    unit = EXACT.divide(posting.amount, Decimal(posting.quantity))
    if is_exact(unit, UNIT_STEP):
        return posting.quantity, unit
    return 1, posting.amount


def _description(bill: Booking, posting: Posting, quantity: int) -> str:
    pieces = f"{posting.quantity} x " if posting.quantity != quantity else ""
    evidence = EVIDENCE.get(posting.role)
    parts = [f"{pieces}{posting.text}", evidence, *(bill.notes if evidence else ())]
    return ". ".join(part for part in parts if part)[:LONGEST_DESCRIPTION]
