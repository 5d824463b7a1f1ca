"""`datev-extf`: a DATEV Buchungsstapel (EXTF 700, category 21, version 13).

For the tax adviser of a German business. Windows-1252, CRLF, decimal comma, amounts positive with
S (debit), day and month without year: the file is for one fiscal year. Accounts are the user's
(SKR03, SKR04, ...), none is guessed. Save it as `EXTF_....csv`. Source: developer.datev.de, DATEV
format, header and Buchungsstapel.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Final

from aliexpress_customs.declaration.model import Declaration
from aliexpress_customs.errors import ExportError, UsageError
from aliexpress_customs.estimate.model import Estimate
from aliexpress_customs.export.bookings import Booking, Posting, Role, accounts_of, bookings
from aliexpress_customs.export.units import ascii_text
from aliexpress_customs.money import Money, round_to

NAME: Final = "datev-extf"
SUMMARY: Final = "DATEV Buchungsstapel (EXTF) for a German tax adviser, in Windows-1252."
MEDIA_TYPE: Final = "application/octet-stream"
ACCEPTS: Final = Declaration

ENCODING: Final = "cp1252"
LONGEST_TEXT: Final = 60
LONGEST_DOCUMENT: Final = 36
STEP: Final = Decimal("0.01")
BOOKS: Final = "EUR"

COLUMNS: Final = (
    "Umsatz (ohne Soll/Haben-Kz)",
    "Soll/Haben-Kennzeichen",
    "WKZ Umsatz",
    "Kurs",
    "Basis-Umsatz",
    "WKZ Basis-Umsatz",
    "Konto",
    "Gegenkonto (ohne BU-Schlüssel)",
    "BU-Schlüssel",
    "Belegdatum",
    "Belegfeld 1",
    "Belegfeld 2",
    "Skonto",
    "Buchungstext",
    *("Postensperre", "Diverse Adressnummer", "Geschäftspartnerbank", "Sachverhalt"),
    *("Zinssperre", "Beleglink"),
    *(f"Beleginfo - {part} {n}" for n in range(1, 9) for part in ("Art", "Inhalt")),
    *("KOST1 - Kostenstelle", "KOST2 - Kostenstelle", "Kost-Menge"),
    *("EU-Land u. UStID (Bestimmung)", "EU-Steuersatz (Bestimmung)"),
    *("Abw. Versteuerungsart", "Sachverhalt L+L", "Funktionsergänzung L+L"),
    *("BU 49 Hauptfunktionstyp", "BU 49 Hauptfunktionsnummer", "BU 49 Funktionsergänzung"),
    *(f"Zusatzinformation - {part} {n}" for n in range(1, 21) for part in ("Art", "Inhalt")),
    *("Stück", "Gewicht", "Zahlweise", "Forderungsart", "Veranlagungsjahr"),
    *("Zugeordnete Fälligkeit", "Skontotyp", "Auftragsnummer", "Buchungstyp"),
    *("USt-Schlüssel (Anzahlungen)", "EU-Land (Anzahlungen)", "Sachverhalt L+L (Anzahlungen)"),
    *("EU-Steuersatz (Anzahlungen)", "Erlöskonto (Anzahlungen)", "Herkunft-Kz"),
    *("Buchungs GUID", "KOST-Datum", "SEPA-Mandatsreferenz", "Skontosperre"),
    *("Gesellschaftername", "Beteiligtennummer", "Identifikationsnummer", "Zeichnernummer"),
    *("Postensperre bis", "Bezeichnung SoBil-Sachverhalt", "Kennzeichen SoBil-Buchung"),
    *("Festschreibung", "Leistungsdatum", "Datum Zuord. Steuerperiode", "Fälligkeit"),
    *("Generalumkehr (GU)", "Steuersatz", "Land", "Abrechnungsreferenz", "BVV-Position"),
    *("EU-Land u. UStID (Ursprung)", "EU-Steuersatz (Ursprung)", "Abw. Skontokonto"),
)
_NOT_IN_DOCUMENT: Final = re.compile(r"[^A-Za-z0-9$&%*+\-/]")
_CONSULTANT: Final = re.compile(r"\d{4,7}")
_CLIENT: Final = re.compile(r"\d{1,5}")


def write(
    declaration: Declaration,
    *,
    accounts: Mapping[str, str] | str = "",
    consultant: str = "",
    client: str = "",
    estimate: Estimate | None = None,
    account_length: int | str = 4,
    fiscal_year_start: dt.date | str | None = None,
    booked_on: dt.date | str | None = None,
    paid: Money | str | None = None,
    import_document: str = "",
    created: dt.datetime | None = None,
) -> bytes:
    """The batch of bookings, one row per amount.

    Args:
        declaration: the consignment with what the shop collected.
        accounts: account number by role, `seller` and `carrier` being the creditors; as a mapping
            or as text such as `goods=3400; seller=70000; duty=3850`.
        consultant: Beraternummer, 4 to 7 digits; required.
        client: Mandantennummer, 1 to 5 digits; required.
        estimate: of this declaration, for what is due at delivery, in EUR.
        account_length: digits of general ledger accounts, 4 to 8.
        fiscal_year_start: first day of the fiscal year; default: 1 January of the bookings.
        booked_on: day of the purchase, if not the order's.
        paid: the purchase in EUR if it was in another currency, such as `11.20 EUR`.
        import_document: number of the document that proves the import VAT.
        created: time stamp of the header; default: the first booking's day, so that the same input
            gives the same file.

    Raises:
        ExportError: an account is missing, a currency without `paid`, or days of several years.
        UsageError: a malformed option, or an estimate of another declaration.
    """
    numbers = accounts_of(accounts, {})
    length = _account_length(account_length)
    _check_numbers(numbers, consultant, client)
    entries = bookings(
        declaration, estimate, booked_on=booked_on, paid=paid, import_document=import_document
    )
    start = _fiscal_year(entries, fiscal_year_start)
    days = [entry.day for entry in entries]
    stamp = created or dt.datetime.combine(min(days), dt.time(), dt.UTC)
    header = [
        *('"EXTF"', "700", "21", '"Buchungsstapel"', "13", f"{stamp:%Y%m%d%H%M%S}000", ""),
        *('"RE"', '""', '""', consultant, client, f"{start:%Y%m%d}", str(length)),
        *(f"{min(days):%Y%m%d}", f"{max(days):%Y%m%d}", '"AliExpress"', '""', "1", "0", "0"),
        *(f'"{BOOKS}"', "", '""', "", "", '""', "", "", '""', '""'),
    ]
    rows = [_row(*part, numbers) for part in _parts(entries)]
    lines = [";".join(line) for line in (header, COLUMNS, *rows)]
    return ("\r\n".join(lines) + "\r\n").encode(ENCODING)


def _parts(entries: list[Booking]) -> Iterator[tuple[Booking, Posting]]:
    return ((entry, posting) for entry in entries for posting in entry.postings if posting.amount)


def _row(entry: Booking, posting: Posting, numbers: dict[Role, str]) -> list[str]:
    cells = dict.fromkeys(COLUMNS, "")
    cells["Umsatz (ohne Soll/Haben-Kz)"] = _number(posting.amount)
    cells["Soll/Haben-Kennzeichen"] = '"S"'
    cells["WKZ Umsatz"] = f'"{entry.currency}"'
    if entry.currency != BOOKS:
        if posting.paid is None or entry.paid_currency != BOOKS:
            raise ExportError(
                f"The amounts are in {entry.currency}, the books in {BOOKS}.",
                code="rate_missing",
                path="paid",
                action='Pass what was paid, such as paid="11.20 EUR".',
            )
        cells["Basis-Umsatz"] = _number(posting.paid)
        cells["WKZ Basis-Umsatz"] = f'"{BOOKS}"'
    cells["Konto"] = _account(numbers, posting.role)
    cells["Gegenkonto (ohne BU-Schlüssel)"] = _account(numbers, entry.credit)
    cells["Belegdatum"] = f"{entry.day:%d%m}"
    document = _NOT_IN_DOCUMENT.sub("", entry.document)
    cells["Belegfeld 1"] = _text(document if len(document) <= LONGEST_DOCUMENT else "")
    cells["Buchungstext"] = _text(posting.text, LONGEST_TEXT)
    return list(cells.values())


def _account(numbers: dict[Role, str], role: Role) -> str:
    if role not in numbers:
        raise ExportError(
            f"The account of {role} is missing.",
            code="account_missing",
            path=f"accounts.{role}",
            action="Ask the tax adviser for its number; none is guessed.",
        )
    return numbers[role]


def _number(amount: Decimal) -> str:
    return f"{round_to(amount, STEP):f}".replace(".", ",")


def _text(text: str, longest: int | None = None) -> str:
    """Quoted, in Windows-1252: what it lacks is spelled in ASCII or left out."""
    kept = "".join(
        char if char.encode(ENCODING, "ignore") and char.isprintable() else ascii_text(char)
        for char in text
    )
    escaped = " ".join(kept.split())[:longest].strip().replace('"', '""')
    return f'"{escaped}"'


def _fiscal_year(entries: list[Booking], given: dt.date | str | None) -> dt.date:
    days = [entry.day for entry in entries]
    try:
        start = dt.date.fromisoformat(given) if isinstance(given, str) else given
    except ValueError:
        raise UsageError(
            "fiscal_year_start is no date.", path="fiscal_year_start", action="Write YYYY-MM-DD."
        ) from None
    start = start or dt.date(min(days).year, 1, 1)
    if not all(start <= day < _year_later(start) for day in days):
        raise ExportError(
            "The bookings lie in several fiscal years, and the file holds one.",
            code="several_years",
            path="booked_on",
            action="Write purchase and import in two files: without and with the estimate.",
        )
    return start


def _year_later(day: dt.date) -> dt.date:
    return day.replace(year=day.year + 1, day=min(day.day, 28))


def _account_length(value: int | str) -> int:
    if str(value) not in {"4", "5", "6", "7", "8"}:
        raise UsageError("account_length is 4 to 8.", path="account_length")
    return int(value)


def _check_numbers(numbers: dict[Role, str], consultant: str, client: str) -> None:
    facts = {"consultant": _CONSULTANT.fullmatch(consultant), "client": _CLIENT.fullmatch(client)}
    facts |= {f"accounts.{role}": re.fullmatch(r"\d{1,9}", n) for role, n in numbers.items()}
    if wrong := [name for name, match in facts.items() if match is None]:
        raise UsageError(
            f"{wrong[0]} is no number of DATEV.",
            code="bad_number",
            path=wrong[0],
            action="Ask the tax adviser for Beraternummer, Mandant and accounts.",
        )
