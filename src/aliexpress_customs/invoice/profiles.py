"""Column mappings for tables of forwarders: shipped as TOML, written by hand, or given in the call.

A profile says which column of a table is which of ours, what a row belongs to, and the units.
Shipped ones lie in `data/profiles/`; a copy of one is the start of a new one.

>>> parse_mapping("title=Item, unit_value=Price (USD)")
{'title': ('Item',), 'unit_value': ('Price (USD)',)}
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Final, Literal

from pydantic import Field, ValidationError, field_validator

from aliexpress_customs.datafiles import data_folder
from aliexpress_customs.errors import UsageError
from aliexpress_customs.invoice.model import PriceBasis
from aliexpress_customs.model import Model

FIELDS: Final[Mapping[str, str]] = {
    "order_id": "Order the line comes from",
    "ordered_on": "Day of the order",
    "status": "As the shop prints it",
    "seller": "Shop or shipper",
    "line_id": "Line of the order",
    "product_id": "Product of the shop",
    "sku_id": "Variant of the product",
    "sku_code": "The seller's own number",
    "title": "The shop's title, or what the goods are",
    "variant": "Chosen options, such as Color: Khaki",
    "category": "Free text such as book",
    "description": "What customs reads",
    "hs_code": "Commodity code, dots allowed",
    "origin_country": "Made in: code or name",
    "quantity": "Units",
    "unit_value": "Price of one unit",
    "line_value": "Price of all units of the line",
    "list_price": "Before discounts, for information",
    "line_freight": "The line's share of the freight",
    "line_tax": "Tax already taken on the line",
    "currency": "ISO 4217",
    "unit_net_weight_kg": "One unit without packaging",
    "line_net_weight_kg": "All units without packaging",
    "line_gross_weight_kg": "All units with packaging",
    "shipping": "Freight of the whole order or parcel, repeated in its rows",
    "insurance": "Of the whole order or parcel, repeated in its rows",
    "tax": "Tax on top of the whole order",
    "discount": "On the whole order",
    "total": "Of the whole order",
    "tracking": "Carrier's number of the parcel",
    "carrier": "Who carries it",
    "invoice_number": "Number of the invoice",
    "dispatch_country": "Sent from: code or name",
    "country": "Destination: code or name",
    "recipient": "Name",
    "address": "Street",
    "address2": "Second line",
    "city": "City",
    "region": "State or province",
    "postcode": "Postcode",
    "phone": "Telephone",
    "tax_id": "Tax number of the importer",
    "ioss_number": "IOSS, VOEC or similar number of the seller",
}
"""The columns a table can be mapped to. Amounts are in units of the currency."""

ALIASES: Final[Mapping[str, str]] = {
    "freight": "shipping",
    "tracking_number": "tracking",
    "destination_country": "country",
    "importer_tax_id": "tax_id",
    "ships_from": "dispatch_country",
    "store": "seller",
}
"""Names of the declaration and of `items-csv` for the same."""

GRAMS: Final[Mapping[str, Decimal]] = {
    "kg": Decimal(1),
    "g": Decimal("0.001"),
    "lb": Decimal("0.45359237"),
    "oz": Decimal("0.028349523125"),
}
"""Kilograms in one unit of weight."""


class Profile(Model):
    """How to read one kind of table."""

    name: str
    title: str = ""
    source_url: str = ""
    columns: dict[str, tuple[str, ...]]
    """Our column to the names it may have in the table."""
    group_by: tuple[str, ...] = ()
    """Our columns whose values make an order; empty: order, else parcel, else invoice number."""
    one_order: bool = False
    """The whole table is one order."""
    defaults: dict[str, str] = Field(default_factory=dict)
    """Values of our columns where the table has none, such as a currency."""
    weight_unit: Literal["kg", "g", "lb", "oz"] = "kg"
    price_basis: PriceBasis = "unknown"
    """`tax_exclusive` for declared values, which never hold the destination's VAT."""

    @field_validator("columns", mode="before")
    @classmethod
    def _as_lists(cls, value: object) -> object:
        """A column may have one name or several; ours may be written as an alias."""
        if not isinstance(value, Mapping):
            return value
        named = {
            ALIASES.get(key, key): (names,) if isinstance(names, str) else names
            for key, names in value.items()
        }
        unknown = [key for key in named if key not in FIELDS]
        if unknown:
            raise ValueError(f"unknown column {str(unknown[0])[:40]!r}")
        return named


def parse_mapping(text: str) -> dict[str, tuple[str, ...]]:
    """A mapping as the command line takes it: `title=Item,quantity=Qty`.

    Raises:
        UsageError: a part without `=`, or an unknown name of ours.
    """
    columns: dict[str, tuple[str, ...]] = {}
    for part in text.split(","):
        ours, equals, theirs = part.partition("=")
        name = ALIASES.get(ours.strip(), ours.strip())
        if not equals or not theirs.strip() or name not in FIELDS:
            raise UsageError(
                f"{part.strip()[:60]!r} maps no column.",
                code="bad_mapping",
                path="mapping",
                action=f"Write ours=theirs with ours one of: {', '.join(FIELDS)}.",
            )
        columns[name] = (*columns.get(name, ()), theirs.strip())
    return columns


def profile_names() -> list[str]:
    """Names of the shipped profiles."""
    folder = data_folder() / "profiles"
    return sorted(path.stem for path in folder.glob("*.toml"))


def load_profile(source: str | os.PathLike[str] | Mapping[str, object] | Profile) -> Profile:
    """A profile by the name of a shipped one, a path of TOML, or our columns to theirs.

    Raises:
        UsageError: unknown, or malformed.
    """
    if isinstance(source, Profile):
        return source
    if isinstance(source, Mapping):
        return _validated({"name": "given", "columns": dict(source)})
    if isinstance(source, str) and "=" in source:
        return _validated({"name": "given", "columns": parse_mapping(source)})
    path = Path(source)
    if not path.suffix:
        path = data_folder() / "profiles" / f"{path.name}.toml"
    try:
        content = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        raise UsageError(
            "The profile cannot be read as TOML.",
            code="bad_profile",
            path=path.name[:80],
            action=f"Use one of {', '.join(profile_names())}, or the path of a TOML file.",
        ) from None
    return _validated({"name": path.stem, **content})


def _validated(values: Mapping[str, object]) -> Profile:
    try:
        return Profile.model_validate(values)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        raise UsageError(
            f"The profile is malformed: {first['msg']}.",
            code="bad_profile",
            path=".".join(str(part) for part in first["loc"]),
            action=f"Columns of ours: {', '.join(FIELDS)}.",
        ) from None
