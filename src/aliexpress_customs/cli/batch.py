"""`aliexpress-customs batch`: many parcels to tables and files, none stops the others."""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.progress import Progress

from aliexpress_customs.batch.result import ParcelResult
from aliexpress_customs.batch.run import batch as run
from aliexpress_customs.batch.tables import (
    FINDING_COLUMNS,
    PARCEL_COLUMNS,
    finding_rows,
    parcel_row,
)
from aliexpress_customs.cli.commands import app
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
    pairs,
)
from aliexpress_customs.declaration.model import Declaration
from aliexpress_customs.errors import AliExpressCustomsError, UsageError
from aliexpress_customs.export import export as export_as
from aliexpress_customs.export.registry import suffix, takes
from aliexpress_customs.export.spreadsheet import Dialect, csv_writer
from aliexpress_customs.model import Finding

_LONGEST_NAME: Final = 80


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
    carrier: Carrier = "",
    rate: Rate = None,
    assume: Assume = None,
    exclude: Exclude = None,
    reading: Reading = None,
    given: Given = None,
    as_json: AsJson = False,
) -> None:
    """Declare and estimate every parcel of many orders or of a manifest, each by itself."""
    for name in formats or ():
        if not takes(name, Declaration):
            raise UsageError(f"{name} is not made from a declaration.", path="--format")
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
            transport=transport,
            scheme=scheme,
            carrier=carrier,
            rates=pairs(rate, "--rate"),
            assume=assume or (),
            exclude=exclude or (),
            readings=pairs(reading, "--reading"),
            given=pairs(given, "--given"),
        )
        written = _write(results, output, formats or [], dialect)  # type: ignore[arg-type]
        counts = _print_json(written) if as_json else _count(written)
    if not as_json:
        _summary(counts, output, formats or [])
    if not counts or counts.keys() == {"failed"}:
        raise typer.Exit(BAD_INPUT)
    raise typer.Exit(FINDINGS if counts["failed"] or counts["refused"] else OK)


def _write(
    results: Iterator[ParcelResult], output: Path, formats: list[str], dialect: Dialect
) -> Iterator[ParcelResult]:
    """Write results as they come, and pass them on."""
    taken: set[str] = set()
    try:
        for folder in (output, *(output / name for name in formats)):
            folder.mkdir(parents=True, exist_ok=True)
        with ExitStack() as files:
            parcels, findings = (
                csv_writer(
                    files.enter_context(
                        (output / name).open("w", encoding="utf-8", newline="", errors="replace")
                    ),
                    list(columns),
                    dialect,
                )
                for name, columns in (
                    ("parcels.csv", PARCEL_COLUMNS),
                    ("findings.csv", FINDING_COLUMNS),
                )
            )
            for result in results:
                parcels([parcel_row(result)])
                found = list(result.findings)
                if result.declaration is not None:
                    name = _file_name(result.parcel, taken)
                    found += _exported(result.declaration, name, output, formats)
                findings(finding_rows(result.parcel, found))
                yield result
    except OSError as error:
        raise UsageError(
            "The folder cannot be written.", path=str(output), action="Name another one: -o FOLDER."
        ) from error


def _exported(
    declaration: Declaration, name: str, output: Path, formats: list[str]
) -> Iterator[Finding]:
    """Write the files of a parcel; a finding for each that cannot be."""
    for one in formats:
        try:
            export_as(declaration, one, output / one / f"{name}{suffix(one)}")
        except AliExpressCustomsError as error:
            facts = error.as_dict()
            yield Finding(**{**facts, "path": facts["path"] or one}, severity="error")


def _file_name(parcel: str, taken: set[str]) -> str:
    """A name for the files of a parcel that no other parcel has."""
    plain = re.sub(r"[^A-Za-z0-9._+-]+", "_", parcel)[:_LONGEST_NAME].strip(".") or "parcel"
    name, number = plain, 1
    while name.lower() in taken:
        number += 1
        name = f"{plain}-{number}"
    taken.add(name.lower())
    return name


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
    typer.echo(f"{counts.total()} parcels: {told}.")
    for name in ("parcels.csv", "findings.csv", *(f"{one}/" for one in formats)):
        typer.echo(f"   {output / name}")
