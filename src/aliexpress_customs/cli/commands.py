"""The commands of the main job: read, declare, estimate, quote, lint, verify, demo."""

from __future__ import annotations

import datetime as dt
from importlib.metadata import version as version_of
from pathlib import Path
from typing import Annotated

import typer

from aliexpress_customs import api
from aliexpress_customs.cli.inputs import declaration_of, goods_of, orders_of
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
    Pdf,
    Rate,
    Reading,
    Region,
    SchemeName,
    Sources,
    To,
    Tracking,
    Transport,
    day,
    estimating,
    pairs,
)
from aliexpress_customs.cli.screen import print_json, show_declaration, show_estimate, show_invoice
from aliexpress_customs.errors import UsageError
from aliexpress_customs.export import export as export_as
from aliexpress_customs.export.channels import preflight
from aliexpress_customs.invoice.anonymise import anonymise_file
from aliexpress_customs.invoice.read import read_report

app = typer.Typer(
    help="AliExpress orders to customs declarations, landed cost and CN22/CN23 data, offline.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)


def _tell_version(asked: bool) -> None:
    if asked:
        typer.echo(f"aliexpress-customs {version_of('aliexpress-customs')}")
        raise typer.Exit(OK)


@app.callback()
def _common(
    *,
    version: Annotated[
        bool,
        typer.Option(
            "--version", help="Print the version and stop.", callback=_tell_version, is_eager=True
        ),
    ] = False,
) -> None:
    pass


@app.command()
def read(
    sources: Sources,
    mapping: Map = None,
    anonymised: Annotated[
        Path | None,
        typer.Option("--anonymise", help="Write the one file here without personal data."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Read orders - files, folders, zips - and show what they hold."""
    if anonymised is not None:
        if len(sources) != 1:
            raise UsageError(
                "Files are anonymised one at a time.", path="--anonymise", action="Name one file."
            )
        anonymised.write_bytes(anonymise_file(sources[0]))
        typer.echo(f"Wrote {anonymised}.")
        raise typer.Exit(OK)
    found = orders_of(sources, mapping)
    if as_json:
        print_json(
            {
                "invoices": [invoice.model_dump(mode="json") for invoice in found.invoices],
                "errors": [error.as_dict() for error in found.errors],
            }
        )
    else:
        for invoice in found.invoices:
            show_invoice(invoice)
        for error in found.errors:
            typer.echo(f"Not read: {error}", err=True)
    if not found.invoices:
        raise typer.Exit(BAD_INPUT)
    raise typer.Exit(FINDINGS if found.errors else OK)


@app.command()
def declare(
    sources: Sources,
    mapping: Map = None,
    tracking: Tracking = None,
    to: To = None,
    region: Region = None,
    hs: Hs = None,
    catalogue: CatalogueFile = None,
    customs_wording: CustomsWording = False,
    on: On = None,
    as_json: AsJson = False,
) -> None:
    """Turn orders into an itemised declaration."""
    declaration = declaration_of(
        sources,
        to,
        region,
        hs,
        on,
        mapping=mapping,
        tracking=tracking,
        catalogue=catalogue,
        customs_wording=customs_wording,
    )
    if as_json:
        print_json(declaration.model_dump(mode="json"))
    else:
        show_declaration(declaration)
    grave = any(finding.severity == "error" for finding in declaration.findings)
    raise typer.Exit(FINDINGS if grave else OK)


@app.command()
def estimate(
    sources: Sources,
    mapping: Map = None,
    tracking: Tracking = None,
    to: To = None,
    region: Region = None,
    hs: Hs = None,
    catalogue: CatalogueFile = None,
    on: On = None,
    transport: Transport = "post",
    scheme: SchemeName = None,
    carrier: Carrier = None,
    rate: Rate = None,
    assume: Assume = None,
    exclude: Exclude = None,
    reading: Reading = None,
    given: Given = None,
    pdf: Pdf = None,
    as_json: AsJson = False,
) -> None:
    """Estimate duty, VAT and fees of an order, and what is still due at the door."""
    declaration = declaration_of(
        sources, to, region, hs, on, mapping=mapping, tracking=tracking, catalogue=catalogue
    )
    result = api.estimate(
        declaration,
        day(on),
        **estimating(transport, scheme, carrier, rate, assume, exclude, reading, given),
    )
    if pdf is not None:
        export_as(result, "estimate-pdf", pdf, declaration=declaration)
    show_estimate(result, as_json)


@app.command()
def quote(
    goods: Annotated[
        list[str],
        typer.Argument(help="TITLE;VALUE CURRENCY[;QUANTITY[;HS CODE[;ORIGIN]]], one per kind."),
    ],
    to: Annotated[str, typer.Option("--to", help="Destination, ISO 3166-1 (BR).")],
    region: Region = None,
    on: On = None,
    freight: Annotated[str, typer.Option(help="Freight, in the currency of the goods.")] = "0",
    transport: Transport = "post",
    scheme: SchemeName = None,
    carrier: Carrier = None,
    dispatch: Annotated[str, typer.Option(help="Country of dispatch.")] = "CN",
    duty_rate: Annotated[
        str | None, typer.Option(help="Ordinary duty rate to use, such as '12 %'.")
    ] = None,
    rate: Rate = None,
    assume: Assume = None,
    exclude: Exclude = None,
    reading: Reading = None,
    given: Given = None,
    pdf: Pdf = None,
    as_json: AsJson = False,
) -> None:
    """What goods will really cost, before an order exists: 'USB cable;3.20 USD;2;854442'."""
    result = api.quote(
        [goods_of(text, duty_rate) for text in goods],
        to.upper(),
        region=region,
        on=day(on),
        freight=freight,
        dispatch_country=dispatch.upper(),
        **estimating(transport, scheme, carrier, rate, assume, exclude, reading, given),
    )
    if pdf is not None:
        export_as(result, "estimate-pdf", pdf)
    show_estimate(result, as_json)


@app.command()
def lint(
    sources: Sources,
    channel: Annotated[str, typer.Option(help="Who will take it: cn23, h7, usps, ...")],
    mapping: Map = None,
    tracking: Tracking = None,
    to: To = None,
    region: Region = None,
    hs: Hs = None,
    catalogue: CatalogueFile = None,
    on: On = None,
    transport: Transport = "post",
    rate: Rate = None,
    as_json: AsJson = False,
) -> None:
    """Check a declaration against what a channel accepts, before it is sent."""
    declaration = declaration_of(
        sources, to, region, hs, on, mapping=mapping, tracking=tracking, catalogue=catalogue
    )
    findings = preflight(
        declaration, channel, on=day(on), transport=transport, rates=pairs(rate, "--rate")
    )
    if as_json:
        print_json([finding.model_dump(mode="json") for finding in findings])
    else:
        for finding in findings:
            where = f"{finding.path}: " if finding.path else ""
            typer.echo(f"{finding.severity:<8} {finding.code}: {where}{finding.message}")
            if finding.action:
                typer.echo(f"         {finding.action}")
        typer.echo(f"{len(findings)} findings for {channel}.")
    grave = any(finding.severity == "error" for finding in findings)
    raise typer.Exit(FINDINGS if grave else OK)


@app.command()
def verify(
    file: Annotated[Path, typer.Argument(help="A TOML file of worked examples.")],
    as_json: AsJson = False,
) -> None:
    """Recompute published calculations and print each that does not hold."""
    from aliexpress_customs.estimate.examples import verify as verify_file  # noqa: PLC0415

    report = verify_file(file)
    if as_json:
        print_json(report.model_dump(mode="json"))
    else:
        for failure in report.failed:
            typer.echo(
                f"FAILED   {failure.id}: {failure.key} {failure.got}, not {failure.expected}"
            )
        for refusal in report.refused:
            why = "; ".join(reason.message for reason in refusal.reasons) or "no reason given"
            typer.echo(f"REFUSED  {refusal.id}: {why}")
        typer.echo(
            f"{report.passed} hold, {len({f.id for f in report.failed})} do not, "
            f"{len(report.refused)} refused."
        )
    raise typer.Exit(OK if report.ok else FINDINGS)


@app.command()
def demo(
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder for the files.")] = Path(
        "demo-output"
    ),
    as_json: AsJson = False,
) -> None:
    """The main job on a shipped order: read, declare, estimate, CN23 files. Offline."""
    sample = api.sample_order()
    declaration = declaration_of(
        [sample], None, None, ["HDMI cable 2 m=854442", "Phone case=392690"], None
    )
    result = api.estimate(declaration, dt.date(2026, 10, 2))
    output.mkdir(parents=True, exist_ok=True)
    files = {
        "json": output / "declaration.json",
        "items-csv": output / "items.csv",
        "cn23-csv": output / "cn23.csv",
        "cn23-xml": output / "cn23.xml",
    }
    for name, path in files.items():
        export_as(declaration, name, path)
    if as_json:
        print_json(
            {
                "declaration": declaration.model_dump(mode="json"),
                "estimate": result.model_dump(mode="json"),
                "files": [str(path) for path in files.values()],
            }
        )
        return
    typer.echo(f"1. Reading {sample.name}, an order of invented content in a real shape\n")
    for invoice in read_report(sample).invoices:
        show_invoice(invoice)
    typer.echo("2. Declaring it\n")
    show_declaration(declaration)
    typer.echo("3. Estimating duty, VAT and fees\n")
    typer.echo(result.explain())
    typer.echo("\n4. Writing the files\n")
    for path in files.values():
        typer.echo(f"   {path}")
