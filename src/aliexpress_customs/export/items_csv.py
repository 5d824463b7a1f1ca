"""`items-csv`: one row per declaration line, what forwarders and consolidators upload.

`COLUMNS` below is the whole format. The columns of the goods item and of the consignment repeat in
each of their rows. An empty cell means unknown, a 0 means nothing to pay. Amounts are in the
currency of the row, without thousands separators, with a decimal point.

Not carried, because one row cannot hold it or an upload does not need it: `sender` and `recipient`
(names and addresses), `collected` (taxes taken at checkout) and `findings`. Everything else of a
`Declaration` is, and the plain dialect is read back exactly (an empty text in an optional field
comes back as None). For all of it, use `json`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal

from aliexpress_customs.declaration.model import Declaration, DeclarationLine, GoodsItem
from aliexpress_customs.export.amounts import require_flat
from aliexpress_customs.export.csv_reading import Row, read_rows, require_same
from aliexpress_customs.export.spreadsheet import Cell, Dialect, csv_bytes
from aliexpress_customs.export.validated import validated
from aliexpress_customs.model import Model

NAME: Final = "items-csv"
SUMMARY: Final = "One row per declaration line, for the uploads of forwarders and consolidators."
MEDIA_TYPE: Final = "text/csv"
ACCEPTS: Final = Declaration

Part = Literal["line", "item", "consignment"]
Kind = Literal["text", "required_text", "flag", "ids", "amount", "number"]


@dataclass(frozen=True)
class Column:
    """One column: its name, what it belongs to, how it is written, what it means."""

    name: str
    part: Part
    kind: Kind
    purpose: str
    field: str = ""
    """Field of the model, if it has another name."""

    @property
    def attribute(self) -> str:
        """Field of the model of its part."""
        return self.field or self.name


COLUMNS: Final[tuple[Column, ...]] = (
    Column("order_id", "line", "text", "Order the line comes from"),
    Column("item_number", "item", "number", "Goods item the line belongs to", "number"),
    Column("line_id", "line", "text", "Line of the order"),
    Column("product_id", "line", "text", "Product of the shop"),
    Column("sku_id", "line", "text", "Variant of the product"),
    Column("title", "line", "required_text", "The shop's title"),
    Column("variant", "line", "text", "Chosen options, such as Color: Khaki"),
    Column("category", "line", "text", "Free text such as book"),
    Column("description", "item", "required_text", "What customs reads"),
    Column("hs_code", "item", "text", "Commodity code, 4 to 14 digits, leading zeros kept"),
    Column("hs_code_source", "item", "text", "caller, catalogue, file or unknown"),
    Column("origin_country", "item", "text", "Made in, ISO 3166-1 alpha-2"),
    Column("origin_assumed", "item", "flag", "true if the origin is assumed, not stated"),
    Column("quantity", "line", "number", "Pieces"),
    Column("unit_value", "line", "amount", "Paid for one piece"),
    Column("line_value", "line", "amount", "Paid for all pieces, after discounts, without VAT"),
    Column("currency", "consignment", "text", "Of every amount, ISO 4217"),
    Column("line_discount", "line", "amount", "Discounts already taken off (positive)"),
    Column("line_freight", "line", "amount", "The line's share of the freight"),
    Column("unit_net_weight_kg", "line", "number", "One piece without packaging"),
    Column("line_net_weight_kg", "line", "number", "All pieces without packaging"),
    Column("duty_rate", "line", "text", "Ordinary duty rate to use instead of the tariff's"),
    Column("freight", "consignment", "amount", "Of the whole consignment: do not add up rows"),
    Column("insurance", "consignment", "amount", "Of the whole consignment"),
    Column("gross_weight_kg", "consignment", "number", "Whole consignment with packaging"),
    Column("dispatch_country", "consignment", "text", "Sent from, ISO 3166-1 alpha-2"),
    Column("destination_country", "consignment", "text", "Sent to, ISO 3166-1 alpha-2"),
    Column("destination_region", "consignment", "text", "Sent to, ISO 3166-2"),
    Column("postcode", "consignment", "text", "Of the destination"),
    Column("tracking_number", "consignment", "text", "Carrier's number of the parcel"),
    Column("invoice_number", "consignment", "text", "Number of the invoice"),
    Column("order_ids", "consignment", "ids", "All orders in the parcel, each followed by ;"),
    Column("ordered_on", "consignment", "text", "Day of the order, YYYY-MM-DD"),
    Column("ioss_number", "consignment", "text", "IOSS, VOEC or similar number of the seller"),
    Column("importer_tax_id", "consignment", "text", "Tax number of the importer, where required"),
    Column("importer", "consignment", "text", "consumer or business"),
    Column("purpose", "consignment", "text", "sale or gift"),
    Column("contents_type", "consignment", "text", "sale_of_goods, gift, sample, documents, ..."),
    Column("incoterm", "consignment", "text", "DDP, DAP, ..."),
)
_NAMES: Final = tuple(column.name for column in COLUMNS)


def write(declaration: Declaration, *, dialect: Dialect = "plain") -> bytes:
    """The rows of a declaration.

    Args:
        declaration: all amounts in one currency, goods items with distinct numbers.
        dialect: `plain` for programs, `excel` for people (see `export.spreadsheet`).

    Raises:
        ExportError: several currencies, or two goods items with the same number.
    """
    require_flat(declaration)
    rows = (
        [_cell(column, part) for column, part in _parts(declaration, item, line)]
        for item in declaration.items
        for line in item.lines
    )
    return csv_bytes(_NAMES, rows, dialect)


def read_items_csv(content: str | bytes) -> Declaration:
    """A declaration from its rows in the plain dialect; columns may come in any order.

    Args:
        content: the CSV with its header row, as text or UTF-8.

    Raises:
        ReadError: not such a file; the path names row (the header is row 1) and column.
    """
    rows = read_rows(content, _NAMES, NAME)
    items: dict[str, list[Row]] = {}
    for path, row in rows:
        items.setdefault(row.get("item_number", ""), []).append((path, row))
    shared = _shared(rows, "consignment")
    shared["items"] = tuple(_item(members) for members in items.values())
    return validated(Declaration, shared, rows[0][0])


read_back = read_items_csv


def _parts(
    declaration: Declaration, item: GoodsItem, line: DeclarationLine
) -> Iterator[tuple[Column, Model]]:
    parts: dict[Part, Model] = {"line": line, "item": item, "consignment": declaration}
    return ((column, parts[column.part]) for column in COLUMNS)


def _cell(column: Column, part: Model) -> Cell:
    value = getattr(part, column.attribute)
    if value is None:
        return None
    match column.kind:
        case "amount":
            return value.amount  # type: ignore[no-any-return]
        case "number":
            return value  # type: ignore[no-any-return]
        case "flag":
            return "true" if value else "false"
        case "ids":
            return "".join(f"{_escaped(identifier)};" for identifier in value)
    return str(value)


def _escaped(identifier: str) -> str:
    return identifier.replace("%", "%25").replace(";", "%3B")


def _ids(text: str) -> list[str]:
    parts = text.removesuffix(";").split(";") if text else []
    return [part.replace("%3B", ";").replace("%25", "%") for part in parts]


def _shared(rows: list[Row], part: Part) -> dict[str, Any]:
    """The values of columns that must be the same in all of these rows."""
    names = [column.name for column in COLUMNS if column.part == part]
    return _values(require_same(rows, names, part), part)


def _item(members: list[Row]) -> GoodsItem:
    values = _shared(members, "item")
    values["lines"] = tuple(
        validated(DeclarationLine, _values(row, "line"), path) for path, row in members
    )
    return validated(GoodsItem, values, members[0][0])


def _values(row: dict[str, str], part: Part) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for column in COLUMNS:
        text = row.get(column.name)
        if column.part != part or text is None or (not text and column.kind != "required_text"):
            continue
        match column.kind:
            case "amount":
                values[column.attribute] = f"{text} {row.get('currency', '')}"
            case "ids":
                values[column.attribute] = _ids(text)
            case _:
                values[column.attribute] = text
    return values
