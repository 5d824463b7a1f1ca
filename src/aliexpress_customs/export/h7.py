"""`h7-json` and `h7-csv`: the EU low-value import declaration H7, keyed by data-element numbers.

For brokers and their software in any member state: each state has its own message around the same
data set (Annex B, Delegated Regulation (EU) 2015/2446, column H7). `h7_elements` lists the elements
with their names; `h7-csv` has one row per goods item and repeats the consignment's columns. For
the Danish message see `export.h7_dms`.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from aliexpress_customs.declaration.model import Declaration
from aliexpress_customs.export.amounts import utf8
from aliexpress_customs.export.customs_message import CustomsMessage
from aliexpress_customs.export.h7_elements import Value, column_name, elements
from aliexpress_customs.export.h7_reading import read_csv, read_json
from aliexpress_customs.export.spreadsheet import Dialect, csv_bytes
from aliexpress_customs.export.xml_h7 import BY_ADDRESS, H7, H7Item, H7Party, fill
from aliexpress_customs.export.xml_h7_options import H7Options, tables
from aliexpress_customs.export.xml_h7_rules import h7_findings
from aliexpress_customs.export.xml_options import refuse_errors, with_options
from aliexpress_customs.export.xml_text import plain_amount, plain_kilograms
from aliexpress_customs.model import Finding


class CsvOptions(H7Options):
    """As for H7, and the dialect of the CSV."""

    dialect: Dialect = "plain"


@with_options(H7Options)
def write_json(declaration: Declaration, options: H7Options) -> bytes:
    """The data set as JSON: `declaration` and `goods_items`, each keyed by element number.

    Unknown elements are left out; an element that repeats is a list. The options are the fields of
    `H7Options`.

    Raises:
        ExportError: a mandatory option or fact is missing, or, unless `checks="skip"`, customs
            would reject it.
    """
    filled = _filled(declaration, options)
    content = {
        "data_set": "H7",
        "declaration": declaration_elements(filled),
        "goods_items": [item_elements(item) for item in filled.items],
    }
    return utf8(json.dumps(content, ensure_ascii=False, indent=2) + "\n")


@with_options(CsvOptions)
def write_csv(declaration: Declaration, options: CsvOptions) -> bytes:
    """The data set as CSV: a row per goods item; an element that repeats is joined by `;`.

    The options are the fields of `H7Options`, and `dialect` (`plain` or `excel`).

    Raises:
        ExportError: as for the JSON.
    """
    filled = _filled(declaration, options)
    head = declaration_elements(filled)
    columns = elements()
    rows = []
    for item in filled.items:
        own = item_elements(item)
        rows.append(
            [_cell((head if level == "declaration" else own), key) for key, level in columns]
        )
    header = [column_name(key, level) for key, level in columns]
    return csv_bytes(header, rows, options.dialect)


@with_options(H7Options)
def findings(declaration: Declaration, options: H7Options) -> tuple[Finding, ...]:
    """What customs would reject or ask about; options as for the JSON."""
    filled = fill(declaration, options)
    return h7_findings(declaration, filled, options, "EU")


def declaration_elements(filled: H7) -> dict[str, Value]:
    """The elements of the whole consignment that are known, by number."""
    costs = filled.transport_costs
    weight = filled.gross_weight_kg
    found = {
        "12 09 001 000": filled.lrn,
        "11 01 001 000": "IM",
        "11 02 001 000": filled.additional_type,
        "office_of_lodgement": filled.customs_office,
        "13 05 017 000": filled.declarant_id,
        "13 06 017 000": filled.representative_id,
        "13 06 030 000": filled.representative_status if filled.representative_id else "",
        "12 03 001 000": filled.invoice_number,
        "12 03 002 000": filled.invoice_document if filled.invoice_number else "",
        "16 15 045 000": filled.location_type if filled.location else "",
        "16 15 046 000": BY_ADDRESS if filled.location else "",
        **_party("16 15", filled.location or H7Party()),
        "12 05 001 000": filled.tracking_number,
        "12 05 002 000": filled.transport_document if filled.tracking_number else "",
        "14 15 014 000": "" if costs is None else plain_amount(costs, "freight"),
        "14 15 012 000": "" if costs is None else costs.currency.code,
        **_party("13 01", filled.consignor or H7Party()),
        "13 16 031 000": tables()["codes"]["ioss_role"] if filled.ioss_number else "",
        "13 16 034 000": filled.ioss_number,
        "18 04 001 000": "" if weight is None else plain_kilograms(weight, "gross_weight_kg"),
        **_party("13 04", filled.importer),
        "13 04 017 000": filled.importer.id,
    }
    return {key: value for key, value in found.items() if value}


def item_elements(item: H7Item) -> dict[str, Value]:
    """The elements of one goods item that are known, by number."""
    weight = item.gross_weight_kg
    found: dict[str, Value] = {
        "11 03 001 000": str(item.number),
        "18 05 001 000": item.description,
        "18 09 056 000": item.hs_code,
        "14 14 014 000": plain_amount(item.value),
        "14 14 012 000": item.value.currency.code,
        "11 09 001 000": "40",
        "11 09 002 000": "00",
        "11 10 001 000": list(item.additional_procedures),
        "18 06 004 000": str(item.packages),
        "18 04 001 000": "" if weight is None else plain_kilograms(weight),
    }
    return {key: value for key, value in found.items() if value}


def _filled(declaration: Declaration, options: H7Options) -> H7:
    filled = fill(declaration, options)
    if options.checks == "refuse":
        refuse_errors(h7_findings(declaration, filled, options, "EU"))
    return filled


def _party(group: str, party: H7Party) -> dict[str, str]:
    return {
        f"{group} 016 000": party.name,
        f"{group} 018 019": party.line,
        f"{group} 018 022": party.city,
        f"{group} 018 021": party.postcode,
        f"{group} 018 020": party.country,
    }


def _cell(known: dict[str, Value], key: str) -> str:
    value = known.get(key, "")
    return value if isinstance(value, str) else ";".join(value)


@dataclass(frozen=True)
class Format:
    """An exporter, see `export.registry.Exporter`: this module offers two."""

    NAME: str
    SUMMARY: str
    MEDIA_TYPE: str
    write: Callable[..., bytes]
    read_back: Callable[[str | bytes], CustomsMessage]
    ACCEPTS: type = Declaration


JSON: Final = Format(
    "h7-json",
    "EU low-value import declaration H7 as JSON, keyed by data-element numbers.",
    "application/json",
    write_json,
    read_json,
)
CSV: Final = Format(
    "h7-csv",
    "EU low-value import declaration H7 as CSV, one row per goods item.",
    "text/csv",
    write_csv,
    read_csv,
)
