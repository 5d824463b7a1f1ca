"""From files and words of the command line to the objects of the library."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import typer
from pydantic import ValidationError
from rich.progress import Progress

from aliexpress_customs import api
from aliexpress_customs.cli.options import BAD_INPUT, day, pairs
from aliexpress_customs.commodity.nomenclature import is_valid
from aliexpress_customs.consignment.parcels import parcel_units
from aliexpress_customs.declaration.lookup import any_case, entries_for
from aliexpress_customs.declaration.model import Declaration, Goods
from aliexpress_customs.errors import AliExpressCustomsError, ReadError, UsageError
from aliexpress_customs.estimate.model import Estimate
from aliexpress_customs.invoice.model import Invoice
from aliexpress_customs.invoice.read import read_report
from aliexpress_customs.invoice.table_import import import_table

AnyModel = TypeVar("AnyModel", Declaration, Estimate)


@dataclass(frozen=True)
class Orders:
    """Orders that were read, what could not be, and what `declare` is to know of their lines."""

    invoices: list[Invoice]
    errors: list[AliExpressCustomsError]
    told: dict[str, Any] = field(default_factory=dict)


def orders_of(sources: Sequence[Path], mapping: str | None) -> Orders:
    """Orders from files, folders and zips, or from one table by a column mapping.

    Raises:
        UsageError: a mapping with several files.
        ReadError: the table cannot be read.
    """
    if mapping is not None:
        if len(sources) != 1:
            raise UsageError("A mapping is for one table.", path="--map", action="Name one file.")
        table = import_table(sources[0], mapping)
        return Orders(table.invoices, list(table.errors), table.for_declare())
    with Progress(transient=True, disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task("reading", total=None)
        report = read_report(
            sources[0] if len(sources) == 1 else list(sources),
            progress=lambda done, total, name: bar.update(task, completed=done, total=total),
        )
    return Orders(list(report.invoices), list(report.errors))


def some_orders(sources: Sequence[Path], mapping: str | None) -> Orders:
    """As `orders_of`, at least one; what could not be read is told."""
    found = orders_of(sources, mapping)
    for unread in found.errors:
        typer.echo(f"Not read: {unread}", err=True)
    if not found.invoices:
        raise typer.Exit(BAD_INPUT)
    return found


def declaration_of(
    sources: Sequence[Path],
    to: str | None,
    region: str | None,
    hs: list[str] | None,
    on: str | None,
    *,
    mapping: str | None = None,
    tracking: str | None = None,
    catalogue: Path | None = None,
    customs_wording: bool = False,
) -> Declaration:
    """From a declaration of our own, or from orders.

    Raises:
        ReadError: a declaration that is malformed.
    """
    if len(sources) == 1 and (own := _own_declaration(sources[0])) is not None:
        update = {"destination_country": to.upper(), "destination_region": region} if to else {}
        return own.model_copy(update=update)
    found = some_orders(sources, mapping)
    options: dict[str, Any] = dict(parcel_units(found.invoices, tracking)) if tracking else {}
    consignment = api.consign(found.invoices, to.upper() if to else None, region=region, **options)
    told, stated = dict(found.told), pairs(hs, "--hs")
    first = any_case(stated)
    codes = entries_for(consignment.lines, first, told.get("hs_codes", {}))
    told["hs_codes"] = stated | {key: code for key, code in codes.items() if key not in first}
    if customs_wording:
        told["describe"] = "customs"
    return api.declare(consignment, on=day(on), catalogue=catalogue, **told)


def declaration_file(file: Path) -> Declaration:
    """The declaration in a file that `declare --json` wrote.

    Raises:
        ReadError: it holds none, or a malformed one.
    """
    own = _own_declaration(file)
    if own is None:
        raise ReadError(
            "This is no declaration.",
            path=file.name,
            action="Write it with `aliexpress-customs declare --json`.",
        )
    return own


def estimate_file(file: Path) -> Estimate | None:
    """The estimate in a file that `estimate --json` or `quote --json` wrote; None: it holds none.

    Raises:
        ReadError: an estimate that is malformed.
    """
    return _own(file, Estimate, ("landed_cost", "rules_hash", "charges"), "estimate --json")


def _own_declaration(file: Path) -> Declaration | None:
    fields = ("items", "destination_country", "contents_type")
    return _own(file, Declaration, fields, "declare --json")


def _own(file: Path, model: type[AnyModel], fields: Sequence[str], command: str) -> AnyModel | None:
    """A model of our own from JSON, known by some of its fields."""
    text = file.read_bytes() if file.is_file() else b""
    if not all(f'"{name}"'.encode() in text for name in fields):
        return None
    try:
        return model.model_validate_json(text)
    except ValidationError as error:
        raise ReadError(
            f"This is no {model.__name__.lower()}: {first_fault(error)}.",
            path=file.name,
            action=f"Write it with `aliexpress-customs {command}`.",
        ) from error


def goods_of(text: str, duty_rate: str | None) -> Goods:
    """Goods from `TITLE;VALUE CURRENCY[;QUANTITY[;HS CODE[;ORIGIN]]]`."""
    parts = [part.strip() for part in text.split(";")]
    if len(parts) < 2:
        raise UsageError(
            f"{text[:60]!r} names no value.",
            path="goods",
            action="Write 'TITLE;VALUE CURRENCY', such as 'USB cable;3.20 USD;2;854442'.",
        )
    if len(parts) == 3 and is_valid(parts[2]):
        raise UsageError(
            f"{parts[2]} stands where the quantity does, and reads as a commodity code.",
            path="goods",
            action="Write the quantity before it, such as 'USB cable;3.20 USD;1;854442'.",
        )
    names = ("title", "unit_value", "quantity", "hs_code", "origin_country")
    values: dict[str, str | None] = {
        name: value for name, value in zip(names, parts, strict=False) if value
    }
    values["duty_rate"] = duty_rate
    try:
        return Goods.model_validate(values)
    except ValidationError as error:
        raise UsageError(
            f"{text[:60]!r}: {first_fault(error)}",
            path="goods",
            action="Write 'TITLE;VALUE CURRENCY', such as 'USB cable;3.20 USD;2;854442'.",
        ) from error


def first_fault(error: ValidationError) -> str:
    """The first fault of a validation, in one line."""
    fault = error.errors()[0]
    return f"{'.'.join(str(part) for part in fault['loc'])}: {fault['msg']}"


def export_options(texts: list[str] | None) -> dict[str, Any]:
    """Options of an export format: text, `true` or `false`, or JSON for what is more than text."""
    found: dict[str, Any] = {}
    for text in texts or ():
        name, separator, value = text.partition("=")
        if not separator:
            raise UsageError(
                f"{text[:60]!r} is no option.", path="--option", action="Write NAME=VALUE."
            )
        try:
            found[name.strip()] = (
                json.loads(value)
                if value.startswith(("{", "[")) or value in {"true", "false"}
                else value
            )
        except ValueError as error:
            raise UsageError(
                f"The option {name[:40]!r} is no JSON: {error}.", path="--option"
            ) from error
    return found
