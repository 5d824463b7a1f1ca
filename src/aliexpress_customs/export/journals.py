"""`hledger`, `ledger`, `beancount`: a parcel in the journal of a plain-text accounting program.

Each booking is one transaction in one currency whose postings sum to zero to the last digit. With
`paid` each posting states its total cost in the currency of the books (`13.00 USD @@ 11.20 EUR`).
Checked with hledger 1.25, ledger 3.3 and beancount 3.2.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from aliexpress_customs.declaration.model import Declaration
from aliexpress_customs.errors import UsageError
from aliexpress_customs.estimate.model import Estimate
from aliexpress_customs.export.amounts import printed, utf8
from aliexpress_customs.export.bookings import (
    EVIDENCE,
    Booking,
    Posting,
    Role,
    accounts_of,
    bookings,
)
from aliexpress_customs.money import Money, money

ACCOUNTS: Final[dict[Role, str]] = {
    "goods": "Expenses:Goods",
    "freight": "Expenses:Freight",
    "insurance": "Expenses:Insurance",
    "supply_vat": "Expenses:Supply-VAT",
    "import_vat": "Assets:Import-VAT",
    "import_vat_cost": "Expenses:Import-VAT",
    "duty": "Expenses:Duty",
    "unsplit_tax": "Expenses:Duty-and-VAT",
    "excise": "Expenses:Excise",
    "fee": "Expenses:Customs-Fees",
    "handling": "Expenses:Carrier-Fees",
    "seller": "Liabilities:Payable",
    "carrier": "Liabilities:Payable",
}
"""Used where the user names none; valid in all three programs."""

_LEDGER_ACCOUNT: Final = re.compile(r"[^\s;:*!()\[\]](?:(?!  |\t|\n|;).)*")
_BEANCOUNT_ACCOUNT: Final = re.compile(
    r"(Assets|Liabilities|Equity|Income|Expenses)(:[A-Z0-9][A-Za-z0-9-]*)+"
)
_TAGS: Final = ("document", "text", "rule", "evidence")
_FIELD_BREAKS: Final = str.maketrans({";": ",", "|": "/", "\t": " "})


@dataclass(frozen=True)
class Syntax:
    """Where the three programs differ."""

    header: Callable[[Booking], list[str]]
    note: Callable[[str, str], str]
    """A remark with a key, indented under what it belongs to."""
    account: re.Pattern[str]
    directives: Callable[[list[Booking], list[str]], list[str]]


@dataclass(frozen=True)
class Journal:
    """An exporter: one of the three programs."""

    NAME: str
    SUMMARY: str
    syntax: Syntax
    MEDIA_TYPE: str = "text/plain"
    ACCEPTS: type = Declaration

    def write(
        self,
        declaration: Declaration,
        *,
        estimate: Estimate | None = None,
        accounts: Mapping[str, str] | str = "",
        booked_on: dt.date | str | None = None,
        paid: Money | str | None = None,
        import_document: str = "",
        declare_accounts: bool = False,
    ) -> bytes:
        """The journal.

        Args:
            declaration: the consignment with what the shop collected.
            estimate: of this declaration, for what is due at delivery; None = the purchase only.
            accounts: account by role (see `export.bookings.Role`), as a mapping or as text such as
                `duty=Expenses:Import:Duty; import_vat=Assets:VAT`.
            booked_on: day of the purchase, if not the order's.
            paid: what the purchase cost in the currency of the books, such as `11.20 EUR`.
            import_document: number of the document that proves the import VAT.
            declare_accounts: also declare the accounts and currencies, as strict checks want.

        Raises:
            ExportError: several currencies, or an estimate without an amount that is due.
            UsageError: an estimate of another declaration, or a malformed option.
        """
        chosen = accounts_of(accounts, ACCOUNTS)
        for role, account in chosen.items():
            if not self.syntax.account.fullmatch(account):
                raise UsageError(
                    f"The account of {role} is no account name of {self.NAME}.",
                    code="bad_account",
                    path=f"accounts.{role}",
                    action="Write it as Expenses:Duty.",
                )
        entries = bookings(
            declaration,
            estimate,
            booked_on=booked_on,
            paid=paid,
            import_document=import_document,
        )
        lines: list[str] = []
        if declare_accounts:
            used = {p.role for b in entries for p in b.postings} | {b.credit for b in entries}
            lines += [*self.syntax.directives(entries, sorted({chosen[r] for r in used})), ""]
        for entry in entries:
            lines += [*self._transaction(entry, chosen), ""]
        return utf8("\n".join(lines))

    def _transaction(self, entry: Booking, accounts: dict[Role, str]) -> list[str]:
        lines = list(self.syntax.header(entry))
        if entry.document:
            lines.append("  " + self.syntax.note("document", entry.document))
        for number, note in enumerate(entry.notes, start=1):
            lines.append("  " + self.syntax.note(f"note{number}", note))
        for posting in entry.postings:
            lines.append(_posting(entry, posting, accounts[posting.role]))
            lines.append("    " + self.syntax.note("text", posting.text))
            if posting.rule_id:
                lines.append("    " + self.syntax.note("rule", posting.rule_id))
            if posting.role in EVIDENCE:
                lines.append("    " + self.syntax.note("evidence", EVIDENCE[posting.role]))
        owed, currency = entry.total, entry.currency
        if entry.paid_currency:
            owed, currency = entry.paid_total, entry.paid_currency
        lines.append(f"  {accounts[entry.credit]}  {_amount(-owed, currency)}")
        return lines


def _posting(entry: Booking, posting: Posting, account: str) -> str:
    cost = ""
    if posting.paid is not None and posting.amount:
        cost = f" @@ {_amount(posting.paid, entry.paid_currency)}"
    return f"  {account}  {_amount(posting.amount, entry.currency)}{cost}"


def _amount(amount: Decimal, currency: str) -> str:
    return f"{printed(money(amount, currency))} {currency}"


def _plain(text: str) -> str:
    """Text that ends no field: no comment sign, no separator of payee and note."""
    return " ".join(text.translate(_FIELD_BREAKS).split())


def _quoted(text: str) -> str:
    inner = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{inner}"'


def _ledger_header(entry: Booking) -> list[str]:
    return [f"{entry.day.isoformat()} * {_plain(entry.payee)} | {_plain(entry.text)}"]


def _ledger_note(key: str, text: str) -> str:
    # A comma would end a tag's value in hledger, a colon after a word would start another tag.
    value = _plain(text).replace(",", "").replace(":", " -")
    return f"; {key}: {value}"


def _ledger_directives(entries: list[Booking], accounts: list[str]) -> list[str]:
    return [f"account {name}" for name in accounts] + [
        f"commodity {_amount(Decimal(1000), code)}" for code in _currencies(entries)
    ]


def _plain_ledger_directives(entries: list[Booking], accounts: list[str]) -> list[str]:
    most_notes = max(len(entry.notes) for entry in entries)
    tags = [*_TAGS, *(f"note{number}" for number in range(1, most_notes + 1))]
    names = [f"account {name}" for name in accounts] + [f"tag {tag}" for tag in tags]
    return names + [f"commodity {code}" for code in _currencies(entries)]


def _beancount_header(entry: Booking) -> list[str]:
    return [f"{entry.day.isoformat()} * {_quoted(entry.payee)} {_quoted(entry.text)}"]


def _beancount_note(key: str, text: str) -> str:
    return f"{key}: {_quoted(text)}"


def _beancount_directives(entries: list[Booking], accounts: list[str]) -> list[str]:
    first = min(entry.day for entry in entries).isoformat()
    return [f"{first} open {name}" for name in accounts] + [
        f"{first} commodity {code}" for code in _currencies(entries)
    ]


def _currencies(entries: list[Booking]) -> list[str]:
    codes = {entry.currency for entry in entries} | {entry.paid_currency for entry in entries}
    return sorted(codes - {""})


HLEDGER: Final = Journal(
    NAME="hledger",
    SUMMARY="Journal for hledger: the purchase and the charges at the border.",
    syntax=Syntax(_ledger_header, _ledger_note, _LEDGER_ACCOUNT, _ledger_directives),
)
LEDGER: Final = Journal(
    NAME="ledger",
    SUMMARY="Journal for ledger: the purchase and the charges at the border.",
    syntax=Syntax(_ledger_header, _ledger_note, _LEDGER_ACCOUNT, _plain_ledger_directives),
)
BEANCOUNT: Final = Journal(
    NAME="beancount",
    SUMMARY="Journal for beancount: the purchase and the charges at the border.",
    syntax=Syntax(_beancount_header, _beancount_note, _BEANCOUNT_ACCOUNT, _beancount_directives),
)
