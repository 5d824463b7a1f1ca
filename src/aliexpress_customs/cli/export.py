"""`aliexpress-customs export`: every format, from whatever the format is made of."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from aliexpress_customs import api
from aliexpress_customs.cli.commands import app
from aliexpress_customs.cli.inputs import (
    declaration_of,
    estimate_file,
    export_options,
    some_orders,
)
from aliexpress_customs.cli.options import (
    OK,
    USAGE,
    AsJson,
    Hs,
    Map,
    On,
    Region,
    To,
    Tracking,
    day,
)
from aliexpress_customs.cli.screen import print_json
from aliexpress_customs.declaration.model import Declaration
from aliexpress_customs.errors import UsageError
from aliexpress_customs.export import export as export_as
from aliexpress_customs.export import formats
from aliexpress_customs.export.registry import takes
from aliexpress_customs.invoice.model import Invoice


@app.command()
def export(
    sources: Annotated[
        list[Path] | None,
        typer.Argument(help="Order files, or a declaration or an estimate as JSON."),
    ] = None,
    mapping: Map = None,
    tracking: Tracking = None,
    format_name: Annotated[str, typer.Option("--format", "-f", help="See --list.")] = "json",
    output: Annotated[Path | None, typer.Option("--output", "-o", help="File to write.")] = None,
    option: Annotated[
        list[str] | None, typer.Option(help="An option of the format: NAME=VALUE.")
    ] = None,
    with_estimate: Annotated[
        bool, typer.Option(help="Give the format the estimate of --on, too (books, US entry).")
    ] = False,
    to: To = None,
    region: Region = None,
    hs: Hs = None,
    on: On = None,
    listing: Annotated[bool, typer.Option("--list", help="List the formats.")] = False,
    as_json: AsJson = False,
) -> None:
    """Write orders, a declaration or an estimate for a post, a broker, a carrier or the books."""
    if listing or not sources:
        if as_json:
            print_json(formats())
        else:
            for name, purpose in formats().items():
                typer.echo(f"{name:<14} {purpose}")
        raise typer.Exit(OK if listing else USAGE)
    options = export_options(option)
    thing: object
    if not takes(format_name, Declaration) and takes(format_name, Invoice):
        thing = some_orders(sources, mapping).invoices
        options |= {"tracking": tracking} if tracking else {}
    elif not takes(format_name, Declaration) and (stored := _stored(sources)) is not None:
        thing = stored
    else:
        thing = declaration_of(sources, to, region, hs, on, mapping=mapping, tracking=tracking)
        if with_estimate:
            options["estimate"] = api.estimate(thing, day(on))
        if not takes(format_name, Declaration):
            options["declaration"], thing = thing, api.estimate(thing, day(on))
    _write(thing, format_name, output, options, as_json)


def _stored(sources: Sequence[Path]) -> object | None:
    return estimate_file(sources[0]) if len(sources) == 1 else None


def _write(
    thing: object, format_name: str, output: Path | None, options: dict[str, Any], as_json: bool
) -> None:
    content = export_as(thing, format_name, output, **options)
    if output is not None:
        if as_json:
            print_json({"format": format_name, "file": str(output)})
        else:
            typer.echo(f"Wrote {output}.")
    elif isinstance(content, bytes):
        if sys.stdout.isatty():
            raise UsageError(
                f"{format_name} is no text for a screen.",
                code="binary_to_terminal",
                path="--output",
                action="Name a file: -o FILE.",
            )
        sys.stdout.buffer.write(content)
    else:
        typer.echo(content, nl=False)
