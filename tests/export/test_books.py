from __future__ import annotations

import csv
import datetime as dt
import io
import re
import shutil
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from aliexpress_customs.consignment.model import CollectedTax
from aliexpress_customs.declaration.model import Declaration
from aliexpress_customs.errors import ExportError, UsageError
from aliexpress_customs.estimate.estimate import estimate
from aliexpress_customs.estimate.model import Estimate
from aliexpress_customs.export import datev, journals, xero
from aliexpress_customs.export.bookings import bookings
from aliexpress_customs.money import money
from strategies import declarations, many

from .parcels import item, line, parcel

JOURNALS = (journals.HLEDGER, journals.LEDGER, journals.BEANCOUNT)
CHECKS = {
    "hledger": ["hledger", "check", "--strict", "-f"],
    "ledger": ["ledger", "--strict", "--pedantic", "balance", "-f"],
    "beancount": ["bean-check"],
}
DATEV: dict[str, Any] = {
    "accounts": "goods=3400; freight=3800; supply_vat=3860; duty=3850; import_vat=1588; "
    "handling=4900; fee=4900; seller=70000; carrier=70001",
    "consultant": "1001",
    "client": "1",
}


def bought() -> Declaration:
    return parcel(
        item(1, line("200.00", "EUR"), description='Café "lamp"; of steel', hs_code="940521"),
        item(2, line("10.00", "EUR", quantity=3, unit_value=money("3.333333", "EUR"))),
        destination_country="DE",
        currency="EUR",
        freight=money("5.00", "EUR"),
        ioss_number="",
        importer="business",
        invoice_number="INV-77",
        ordered_on=dt.date(2026, 7, 1),
    )


def answer() -> Estimate:
    return estimate(bought(), on=dt.date(2026, 7, 9))


def program(name: str) -> list[str]:
    found = shutil.which(name) or shutil.which(str(Path(sys.executable).parent / name))
    if found is None:
        pytest.skip(f"{name} is not installed")
    return [found]


@pytest.mark.parametrize("journal", JOURNALS, ids=lambda journal: journal.NAME)
@pytest.mark.parametrize("paid", [None, "229.90 USD"])
def test_the_program_itself_accepts_the_journal(
    journal: journals.Journal, paid: str | None, tmp_path: Path
) -> None:
    name, *arguments = CHECKS[journal.NAME]
    command = program(name)
    file = tmp_path / "parcel.journal"
    content = journal.write(bought(), estimate=answer(), declare_accounts=True, paid=paid)
    file.write_bytes(content)
    result = subprocess.run(
        [*command, *arguments, str(file)], capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr + result.stdout


def sums(text: str) -> list[Decimal]:
    """The sum of the postings of each transaction."""
    found = []
    for transaction in text.strip().split("\n\n"):
        amounts = re.findall(r"^  [A-Z]\S*  (-?[\d.]+) [A-Z]{3}$", transaction, re.MULTILINE)
        found.append(sum(map(Decimal, amounts), Decimal(0)))
    return found


@pytest.mark.parametrize("journal", JOURNALS, ids=lambda journal: journal.NAME)
@many
@given(declaration=declarations())
def test_every_transaction_balances_to_the_last_digit(
    journal: journals.Journal, declaration: Declaration
) -> None:
    text = journal.write(declaration, booked_on="2026-07-01").decode()
    assert sums(text) == [0]


@pytest.mark.parametrize("journal", JOURNALS, ids=lambda journal: journal.NAME)
def test_purchase_and_border_are_two_transactions_and_nothing_is_lost(
    journal: journals.Journal,
) -> None:
    text = journal.write(bought(), estimate=answer()).decode()
    assert sums(text) == [0, 0]
    purchase, border = bookings(bought(), answer())
    due = answer().due_at_delivery
    assert purchase.total == Decimal("215.00")
    assert due is not None
    assert border.total == due.amount > 0


def test_the_posting_of_another_currency_states_what_it_cost() -> None:
    text = journals.HLEDGER.write(bought(), paid="250.01 USD").decode()
    costs = re.findall(r"@@ ([\d.]+) USD", text)
    assert sum(map(Decimal, costs)) == Decimal("250.01")
    assert "Liabilities:Payable  -250.01 USD" in text


def test_import_vat_of_a_business_is_an_asset_with_its_evidence() -> None:
    text = journals.BEANCOUNT.write(bought(), estimate=answer()).decode()
    assert "Assets:Import-VAT" in text
    assert "178(e)" in text
    assert "Evidence missing" in text
    proven = journals.BEANCOUNT.write(
        bought(), estimate=answer(), import_document="26DE123456789012R5"
    ).decode()
    assert "Import document 26DE123456789012R5" in proven
    assert "Evidence missing" not in proven


def test_import_vat_of_a_consumer_is_a_cost() -> None:
    private = bought().model_copy(update={"importer": "consumer"})
    text = journals.LEDGER.write(
        private, estimate=estimate(private, on=dt.date(2026, 7, 9))
    ).decode()
    assert "Assets:Import-VAT" not in text
    assert "Expenses:Import-VAT" in text


def test_vat_the_shop_collected_is_supply_vat_and_booked_once() -> None:
    tax = CollectedTax(kind="vat", amount=money("2.00", "EUR"), inside_prices=True)
    cheap = parcel(
        item(1, line("10.00", "EUR")),
        destination_country="DE",
        currency="EUR",
        freight=money("0", "EUR"),
        collected=(tax,),
        ordered_on=dt.date(2026, 7, 1),
    )
    text = journals.HLEDGER.write(cheap, estimate=estimate(cheap, on=dt.date(2026, 7, 9))).decode()
    assert text.count("Expenses:Supply-VAT  2.00 EUR") == 1
    assert "Import-VAT" not in text


def test_unknown_freight_and_an_unknown_day_are_said_and_not_guessed() -> None:
    text = journals.HLEDGER.write(parcel(freight=None)).decode()
    assert "Freight is not known and not booked" in text
    assert "The order states no day" in text


def test_the_users_accounts_are_used_as_mapping_or_text() -> None:
    mapping = journals.LEDGER.write(bought(), accounts={"goods": "Ausgaben:Wareneinkauf A"})
    text = journals.LEDGER.write(bought(), accounts="goods = Ausgaben:Wareneinkauf A")
    assert mapping == text
    assert b"  Ausgaben:Wareneinkauf A  200.00 EUR" in text


@pytest.mark.parametrize(
    ("accounts", "code"),
    [({"gods": "Expenses:Goods"}, "unknown_role"), ({"goods": "expenses goods"}, "bad_account")],
)
def test_a_bad_account_is_refused(accounts: dict[str, str], code: str) -> None:
    with pytest.raises(UsageError) as caught:
        journals.BEANCOUNT.write(bought(), accounts=accounts)
    assert caught.value.code == code


def test_an_estimate_of_another_declaration_is_refused() -> None:
    with pytest.raises(UsageError, match="not one of this declaration"):
        journals.HLEDGER.write(parcel(), estimate=answer())


def xero_rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode(), newline=""), strict=True))


def test_xero_bills_sum_to_what_was_paid_and_to_what_is_due() -> None:
    content = xero.write(bought(), estimate=answer(), accounts="goods=300; duty=310")
    totals: dict[str, Decimal] = {}
    for row in xero_rows(content):
        amount = Decimal(row["*Quantity"]) * Decimal(row["*UnitAmount"])
        totals[row["*InvoiceNumber"]] = totals.get(row["*InvoiceNumber"], Decimal(0)) + amount
    due = answer().due_at_delivery
    assert due is not None
    assert totals == {"INV-77": Decimal("215.00"), "INV-77-import": due.amount}


def test_xero_takes_a_lot_where_the_price_of_a_piece_is_not_exact() -> None:
    rows = xero_rows(xero.write(bought()))
    assert (rows[1]["*Quantity"], rows[1]["*UnitAmount"]) == ("1", "10.00")
    assert rows[1]["*Description"].startswith("3 x ")
    assert rows[0]["*AccountCode"] == ""


def test_a_bill_without_any_number_is_refused() -> None:
    nameless = parcel(item(1, line("1.00", order_id=None)))
    with pytest.raises(ExportError) as caught:
        xero.write(nameless)
    assert caught.value.code == "no_document_number"
    with pytest.raises(UsageError):
        xero.write(parcel(), due_days="soon")


def datev_lines(content: bytes) -> list[list[str]]:
    text = content.decode("cp1252")
    assert text.endswith("\r\n")
    assert "\n" not in text.replace("\r\n", "")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))


def test_datev_has_its_header_125_columns_and_comma_decimals() -> None:
    header, names, *rows = datev_lines(datev.write(bought(), estimate=answer(), **DATEV))
    assert header[:5] == ["EXTF", "700", "21", "Buchungsstapel", "13"]
    assert header[10:16] == ["1001", "1", "20260101", "4", "20260701", "20260709"]
    assert len(header) == 31
    assert len(names) == 125
    assert all(len(row) == 125 for row in rows)
    first = dict(zip(names, rows[0], strict=True))
    assert first["Umsatz (ohne Soll/Haben-Kz)"] == "200,00"
    assert first["Soll/Haben-Kennzeichen"] == "S"
    assert first["Belegdatum"] == "0107"
    assert first["Buchungstext"] == 'Café "lamp"; of steel'
    booked = sum(Decimal(row[0].replace(",", ".")) for row in rows)
    due = answer().due_at_delivery
    assert due is not None
    assert booked == Decimal("215.00") + due.amount


def test_datev_guesses_no_account_and_no_rate() -> None:
    with pytest.raises(ExportError) as caught:
        datev.write(bought(), **(DATEV | {"accounts": "seller=70000"}))
    assert caught.value.code == "account_missing"
    dollars = parcel(ordered_on=dt.date(2026, 7, 1))
    with pytest.raises(ExportError) as caught:
        datev.write(dollars, **DATEV)
    assert caught.value.code == "rate_missing"
    rows = datev_lines(datev.write(dollars, **DATEV, paid="4.71 EUR"))[2:]
    assert sum(Decimal(row[4].replace(",", ".")) for row in rows) == Decimal("4.71")


def test_datev_holds_one_fiscal_year() -> None:
    early = bought().model_copy(update={"ordered_on": dt.date(2025, 12, 30)})
    with pytest.raises(ExportError) as caught:
        datev.write(early, estimate=answer(), **DATEV)
    assert caught.value.code == "several_years"


@pytest.mark.parametrize(
    "options",
    [
        {"consultant": "12"},
        {"client": ""},
        {"account_length": "9"},
        {"fiscal_year_start": "1.1.2026"},
        {"booked_on": "1.7.2026"},
    ],
)
def test_a_malformed_option_of_datev_is_refused(options: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        datev.write(bought(), **(DATEV | options))


@many
@given(declaration=declarations("EUR"))
def test_datev_writes_any_title_in_its_code_page(declaration: Declaration) -> None:
    every = {"insurance": "1", "unsplit_tax": "2", "excise": "3", "import_vat_cost": "4"}
    pairs = (part.split("=") for part in DATEV["accounts"].split(";"))
    accounts = {role.strip(): number for role, number in pairs} | every
    content = datev.write(
        declaration, **(DATEV | {"accounts": accounts}), booked_on=dt.date(2026, 7, 1)
    )
    booked = sum(Decimal(row[0].replace(",", ".")) for row in datev_lines(content)[2:])
    assert booked == bookings(declaration, None)[0].total
