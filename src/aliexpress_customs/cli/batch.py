"""`aliexpress-customs batch`: many parcels to tables and files, none stops the others."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress

from aliexpress_customs.batch.files import FINDINGS_FILE, PARCELS_FILE, write
from aliexpress_customs.batch.result import ParcelResult
from aliexpress_customs.batch.run import batch as run
from aliexpress_customs.cli.commands import app
from aliexpress_customs.cli.inputs import export_options
from aliexpress_customs.cli.options import (
    BAD_INPUT,
    FINDINGS,
    OK,
    AsJson,
    Assume,
    Carrier,
    CatalogueFile,
    CustomsWording,
    Exclude,
    Given,
    Hs,
    Map,
    On,
    Rate,
    Reading,
    SchemeName,
    Sources,
    To,
    Transport,
    day,
    estimating,
    pairs,
)
from aliexpress_customs.errors import UsageError


@app.command()
def batch(
    sources: Sources,
    mapping: Map = None,
    output: Annotated[
        Path, typer.Option("--output", "-o", help="Folder for the tables and files.")
    ] = Path("batch-output"),
    formats: Annotated[
        list[str] | None,
        typer.Option("--format", "-f", help="Write each parcel in this format, too; see export."),
    ] = None,
    option: Annotated[
        list[str] | None,
        typer.Option(help="An option of the formats: NAME=VALUE, {parcel} is the parcel's name."),
    ] = None,
    dialect: Annotated[
        str, typer.Option(help="Of the tables: plain for programs, excel for a spreadsheet.")
    ] = "plain",
    to: To = None,
    hs: Hs = None,
    catalogue: CatalogueFile = None,
    customs_wording: CustomsWording = False,
    on: On = None,
    transport: Transport = "post",
    scheme: SchemeName = None,
    carrier: Carrier = None,
    rate: Rate = None,
    assume: Assume = None,
    exclude: Exclude = None,
    reading: Reading = None,
    given: Given = None,
    as_json: AsJson = False,
) -> None:
    """Declare and estimate every parcel of many orders or of a manifest, each by itself."""
    if mapping is not None and len(sources) != 1:
        raise UsageError("A mapping is for one table.", path="--map", action="Name one file.")
    with Progress(transient=True, disable=as_json or not sys.stderr.isatty()) as bar:
        task = bar.add_task("parcels", total=None)
        results = run(
            sources[0] if len(sources) == 1 else list(sources),
            to.upper() if to else None,
            on=day(on),
            mapping=mapping,
            hs_codes=pairs(hs, "--hs"),
            catalogue=catalogue,
            describe="customs" if customs_wording else None,
            progress=lambda done, total, name: bar.update(task, completed=done, total=total),
            **estimating(transport, scheme, carrier, rate, assume, exclude, reading, given),
        )
        written = write(
            results,
            output,
            formats or (),
            dialect=dialect,  # type: ignore[arg-type]
            options=export_options(option),
        )
        counts = _print_json(written) if as_json else _count(written)
    if not as_json:
        _summary(counts, output, formats or [])
    if not counts or counts.keys() == {"failed"}:
        raise typer.Exit(BAD_INPUT)
    raise typer.Exit(FINDINGS if counts["failed"] or counts["refused"] else OK)


def _count(results: Iterator[ParcelResult]) -> Counter[str]:
    return Counter(result.outcome for result in results)


def _print_json(results: Iterator[ParcelResult]) -> Counter[str]:
    """One JSON list, written parcel by parcel."""
    counts: Counter[str] = Counter()
    typer.echo('{"parcels": [', nl=False)
    for result in results:
        typer.echo(",\n" if counts else "\n", nl=False)
        typer.echo(result.model_dump_json(), nl=False)
        counts[result.outcome] += 1
    typer.echo(f'\n], "outcomes": {json.dumps(counts, sort_keys=True)}}}')
    return counts


def _summary(counts: Counter[str], output: Path, formats: list[str]) -> None:
    told = ", ".join(f"{counts[name]} {name}" for name in sorted(counts)) or "none"
    parcels = "1 parcel" if counts.total() == 1 else f"{counts.total()} parcels"
    typer.echo(f"{parcels}: {told}.")
    for name in (PARCELS_FILE, FINDINGS_FILE, *(f"{one}/" for one in formats)):
        typer.echo(f"   {output / name}")
