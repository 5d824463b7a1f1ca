r"""Any table of goods to orders, by a mapping of its columns: for forwarders and their manifests.

CSV, TSV, XLSX and Parquet. What `Invoice` has no place for (origin, description, net weight) comes
beside it in the tables `declare` takes.

>>> made = import_table("Item;Qty;Price\nLamp;2;3,50\n",
...     "title=Item,quantity=Qty,unit_value=Price", currency="EUR")
>>> made.invoices[0].lines[0].line_gross
Money('7.00', 'EUR')
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from aliexpress_customs.errors import AliExpressCustomsError, AmountError, ReadError
from aliexpress_customs.invoice.contents import ZIP
from aliexpress_customs.invoice.countries import iso_country
from aliexpress_customs.invoice.documents import placed
from aliexpress_customs.invoice.envelope import decode
from aliexpress_customs.invoice.files import path_bytes
from aliexpress_customs.invoice.model import Invoice, Party
from aliexpress_customs.invoice.node import Node
from aliexpress_customs.invoice.parquet import MAGIC as PARQUET
from aliexpress_customs.invoice.parquet import parquet_table
from aliexpress_customs.invoice.profiles import GRAMS, Profile, load_profile
from aliexpress_customs.invoice.readers.rows import build
from aliexpress_customs.invoice.spreadsheet import workbook_tables
from aliexpress_customs.invoice.table import Table, column_key, csv_table
from aliexpress_customs.model import Finding
from aliexpress_customs.money import EXACT

KIND: Final = "table_import"
_GROUPS: Final = ("order_id", "tracking", "invoice_number")
_WEIGHTS: Final = ("unit_net_weight_kg", "line_net_weight_kg", "line_gross_weight_kg")
_RENAMED: Final = {"dispatch_country": "ships_from", "line_gross_weight_kg": "gross_weight_kg"}


@dataclass(frozen=True, slots=True)
class TableImport:
    """Orders out of a table, and what `declare` should be told of their lines, by line id."""

    invoices: list[Invoice]
    errors: list[AliExpressCustomsError] = field(default_factory=list)
    """One for each order that could not be read."""
    hs_codes: dict[str, str] = field(default_factory=dict)
    origins: dict[str, str] = field(default_factory=dict)
    descriptions: dict[str, str] = field(default_factory=dict)
    weights: dict[str, Decimal] = field(default_factory=dict)
    """Net weight of one piece, in kg."""

    def for_declare(self) -> dict[str, Any]:
        """The four tables as arguments of `declare`, empty ones left out."""
        names = ("hs_codes", "origins", "descriptions", "weights")
        return {name: table for name in names if (table := getattr(self, name))}


def import_table(
    source: str | bytes | os.PathLike[str] | Table,
    mapping: str | os.PathLike[str] | Mapping[str, object] | Profile,
    *,
    currency: str = "",
    sheet: str = "",
) -> TableImport:
    """The orders of a table.

    Args:
        source: a path, the content as text or bytes, or a table.
        mapping: name of a shipped profile, path of one, `ours=theirs,...`, or a dict of the same.
        currency: ISO 4217 code where the table and its profile name none.
        sheet: of a workbook; default: the first that holds rows.

    Raises:
        UsageError: the mapping is malformed.
        ReadError: the table cannot be read, lacks every column that names goods, or holds no order
            that can be read.
    """
    imported = import_report(source, mapping, currency=currency, sheet=sheet)
    if not imported.invoices and imported.errors:
        raise imported.errors[0]
    return imported


def import_report(
    source: str | bytes | os.PathLike[str] | Table,
    mapping: str | os.PathLike[str] | Mapping[str, object] | Profile,
    *,
    currency: str = "",
    sheet: str = "",
) -> TableImport:
    """As `import_table`, also if no order of the table can be read: its errors say why.

    Args:
        source: as for `import_table`.
        mapping: as for `import_table`.
        currency: as for `import_table`.
        sheet: as for `import_table`.

    Raises:
        UsageError: the mapping is malformed.
        ReadError: the table cannot be read, or lacks every column that names goods.
    """
    profile = load_profile(mapping)
    table, file = _table(source, sheet)
    columns = _columns(table, profile)
    imported = TableImport([])
    for order in _orders(table, columns, profile, currency):
        try:
            invoice = build(order, kind=KIND, file=file, extra=None)
        except AliExpressCustomsError as error:
            imported.errors.append(placed(error, file))
            continue
        _note(imported, invoice, order, profile)
    return imported


def _table(source: str | bytes | os.PathLike[str] | Table, sheet: str) -> tuple[Table, str]:
    if isinstance(source, Table):
        return source, ""
    if isinstance(source, str) and ("\n" in source or len(source) > 4096):
        return csv_table(source), ""
    file = "" if isinstance(source, bytes) else Path(source).name[:255]
    data = source if isinstance(source, bytes) else path_bytes(Path(source))
    if data.startswith(PARQUET):
        return parquet_table(data), file
    if not data.startswith(ZIP):
        return csv_table(decode(data)), file
    tables = [one for one in workbook_tables(data) if not sheet or one.name == sheet]
    if not tables:
        raise ReadError(
            "The workbook has no such sheet with a header and rows.",
            code="no_sheet",
            path=file,
            action="Name one of its sheets.",
        )
    return tables[0], file


def _columns(table: Table, profile: Profile) -> dict[str, str]:
    """Our column to the key of the table's, for those the table has."""
    keys = table.keys()
    found: dict[str, str] = {}
    for ours, names in profile.columns.items():
        key = next((key for name in names if (key := column_key(name)) in keys), None)
        if key is not None:
            found[ours] = key
    priced = {"unit_value", "line_value"} & found.keys()
    if not priced or not {"title", "description"} & found.keys():
        missing = "a price" if not priced else "a title or description"
        raise ReadError(
            f"No column of the table is mapped to {missing}.",
            code="columns_missing",
            path="header",
            action="Map unit_value or line_value, and title or description; names are compared "
            "without case, blanks and punctuation.",
        )
    return found


def _orders(
    table: Table, columns: Mapping[str, str], profile: Profile, currency: str
) -> list[Node]:
    """One node an order, its rows by our names."""
    groups: dict[str, list[dict[str, str]]] = {}
    places: dict[str, int] = {}
    names = profile.group_by or next(((name,) for name in _GROUPS if name in columns), ())
    for number, record in table.records():
        row = {ours: record.get(key, "") for ours, key in columns.items()}
        for ours, value in profile.defaults.items():
            row[ours] = row.get(ours) or value
        values = [row.get(name, "") for name in names]
        key = "" if profile.one_order else "|".join(values) if any(values) else f"row {number}"
        groups.setdefault(key, []).append(_as_row(row, number, profile))
        places.setdefault(key, number)
    found = []
    for key, rows in groups.items():
        ids = {row.get("order_id", "") for row in rows} - {""}
        node = {"order_id": ids.pop() if len(ids) == 1 else "", "rows": rows}
        found.append(Node({**node, "first_row": places[key], "currency": currency}))
    return found


def _as_row(row: dict[str, str], number: int, profile: Profile) -> dict[str, str]:
    """A row as `rows.build` takes it: weights in kg, a title, an id for every line."""
    factor = GRAMS[profile.weight_unit]
    for name in _WEIGHTS:
        if row.get(name):
            kilograms = Node(row, f"row {number}").weight(name, largest=10_000 / factor)
            row[name] = f"{EXACT.multiply(kilograms, factor):f}" if kilograms else ""
    row["title"] = row.get("title") or row.get("description", "")
    row["line_id"] = row.get("line_id") or f"row {number}"
    if row.get("line_freight") and not row.get("shipping"):
        row.pop("shipping", None)
    for ours, theirs in _RENAMED.items():
        if ours in row:
            row[theirs] = row.pop(ours)
    return row


def _note(imported: TableImport, invoice: Invoice, order: Node, profile: Profile) -> None:
    """Keep the invoice, and what its rows say that it has no place for."""
    findings = list(invoice.findings)
    lines = []
    for line, row in zip(invoice.lines, order.nodes("rows"), strict=False):
        key = line.line_id or ""
        basis = profile.price_basis
        lines.append(line.model_copy(update={"price_basis": basis} if basis != "unknown" else {}))
        if line.hs_code_hint:
            imported.hs_codes[key] = line.hs_code_hint
        elif row.text("hs_code"):
            findings.append(_unused("hs_code", "no commodity code"))
        origin = iso_country(row.text("origin_country")) if row.text("origin_country") else None
        if origin:
            imported.origins[key] = origin
        elif row.text("origin_country"):
            findings.append(_unused("origin_country", "no country"))
        if row.text("description"):
            imported.descriptions[key] = row.text("description")
        try:
            unit = row.weight("unit_net_weight_kg")
            whole = row.weight("line_net_weight_kg")
        except AmountError:
            unit = whole = None
        if unit is None and whole is not None and line.pieces:
            unit = EXACT.divide(whole, Decimal(line.pieces))
        if unit is not None:
            imported.weights[key] = unit
    ioss = order.nodes("rows")[0].text("ioss_number")
    update: dict[str, Any] = {"lines": tuple(lines), "findings": tuple(dict.fromkeys(findings))}
    if ioss:
        update["platform"] = Party(tax_ids={"ioss": ioss})
    imported.invoices.append(invoice.model_copy(update=update))


def _unused(column: str, what: str) -> Finding:
    return Finding(
        code="cell_not_used",
        message=f"A cell of the column mapped to {column} holds {what}.",
        action="Correct the table, or state it when declaring.",
        path=column,
    )
