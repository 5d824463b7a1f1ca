"""From files and words of the command line to the objects of the library."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer
from pydantic import ValidationError

from aliexpress_customs import api
from aliexpress_customs.cli.options import BAD_INPUT, day, pairs
from aliexpress_customs.declaration.model import Declaration, Goods
from aliexpress_customs.errors import ReadError, UsageError
from aliexpress_customs.invoice.read import read_report

if TYPE_CHECKING:
    from pathlib import Path


def declaration_of(
    file: Path, to: str | None, region: str | None, hs: list[str] | None, on: str | None
) -> Declaration:
    """From a declaration of our own, or from orders."""
    text = file.read_bytes() if file.is_file() else b""
    if b'"items"' in text and b'"destination_country"' in text and b'"contents_type"' in text:
        try:
            declaration = Declaration.model_validate_json(text)
        except ValidationError as error:
            raise ReadError(
                f"This is no declaration: {first_fault(error)}.",
                path=file.name,
                action="Write it with `aliexpress-customs declare --json`.",
            ) from error
        if to:
            update = {"destination_country": to.upper(), "destination_region": region}
            declaration = declaration.model_copy(update=update)
        return declaration
    report = read_report(file)
    for unread in report.errors:
        typer.echo(f"Not read: {unread}", err=True)
    if not report.invoices:
        raise typer.Exit(BAD_INPUT)
    consignment = api.consign(report.invoices, to.upper() if to else None, region=region)
    return api.declare(consignment, hs_codes=pairs(hs, "--hs"), on=day(on))


def goods_of(text: str, duty_rate: str | None) -> Goods:
    """Goods from `TITLE;VALUE CURRENCY[;QUANTITY[;HS CODE[;ORIGIN]]]`."""
    parts = [part.strip() for part in text.split(";")]
    if len(parts) < 2:
        raise UsageError(
            f"{text[:60]!r} names no value.",
            path="goods",
            action="Write 'TITLE;VALUE CURRENCY', such as 'USB cable;3.20 USD;2;854442'.",
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
