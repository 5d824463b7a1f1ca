"""`aliexpress-customs diff`: what a file for customs says otherwise than the order it is of."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from aliexpress_customs.cli.commands import app
from aliexpress_customs.cli.inputs import declaration_of
from aliexpress_customs.cli.options import (
    FINDINGS,
    OK,
    AsJson,
    CatalogueFile,
    Hs,
    Map,
    On,
    Region,
    Sources,
    To,
    Tracking,
)
from aliexpress_customs.cli.screen import print_json
from aliexpress_customs.export import differences, read_back


@app.command()
def diff(
    sources: Sources,
    message: Annotated[Path, typer.Option("--message", "-m", help="The file to compare with.")],
    format_name: Annotated[
        str, typer.Option("--format", "-f", help="Its format: h7-json, h7-dms-xml, cds-xml, ...")
    ],
    mapping: Map = None,
    tracking: Tracking = None,
    to: To = None,
    region: Region = None,
    hs: Hs = None,
    catalogue: CatalogueFile = None,
    on: On = None,
    as_json: AsJson = False,
) -> None:
    """Compare a file for customs or post with the order or declaration it should be of."""
    declaration = declaration_of(
        sources, to, region, hs, on, mapping=mapping, tracking=tracking, catalogue=catalogue
    )
    found = differences(declaration, read_back(message, format_name))
    if as_json:
        print_json([one.model_dump(mode="json") for one in found])
    else:
        for one in found:
            typer.echo(f"{one.severity:<8} {one.message}")
        grave = sum(one.severity == "error" for one in found)
        typer.echo(f"{grave} differences.")
    raise typer.Exit(FINDINGS if any(one.severity == "error" for one in found) else OK)
