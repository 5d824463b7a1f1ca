"""`aliexpress-customs`: the library on the command line.

Every command takes `--json` for programs and prints tables for people otherwise. Exit codes: 0 ok,
1 findings or failures, 2 wrong usage, 3 bad input.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer
from pydantic import ValidationError

from aliexpress_customs import api
from aliexpress_customs.declaration.model import Declaration, Goods
from aliexpress_customs.errors import (
    AliExpressCustomsError,
    ReadError,
    UnknownDestinationError,
    UsageError,
)
from aliexpress_customs.export import export as export_as
from aliexpress_customs.export import formats
from aliexpress_customs.invoice.read import read_report

if TYPE_CHECKING:
    from aliexpress_customs.invoice.model import Invoice

OK, FINDINGS, USAGE, BAD_INPUT = 0, 1, 2, 3

app = typer.Typer(
    help="AliExpress orders to customs declarations, landed cost and CN22/CN23 data, offline.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
rules_app = typer.Typer(help="The law in the tables: show, compare, check.", no_args_is_help=True)
app.add_typer(rules_app, name="rules")

File = Annotated[Path, typer.Argument(help="An order file, or a declaration as JSON.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
To = Annotated[str | None, typer.Option("--to", help="Destination, ISO 3166-1 (FR).")]
Region = Annotated[str | None, typer.Option(help="Region, ISO 3166-2 (CA-QC).")]
On = Annotated[str | None, typer.Option("--on", help="Day of clearance (2026-07-02).")]
Transport = Annotated[str, typer.Option(help="post, express, air, sea or road.")]
SchemeName = Annotated[str | None, typer.Option("--scheme", help="Collection scheme, or none.")]
Carrier = Annotated[str, typer.Option(help="Post or courier whose clearance fee counts.")]
Hs = Annotated[
    list[str] | None,
    typer.Option(
        "--hs", help="Commodity code of a line: LINE_ID=610910, PRODUCT_ID=..., TITLE=..."
    ),
]
Rate = Annotated[
    list[str] | None, typer.Option("--rate", help="Exchange rate: USD/EUR=0.92 (1 USD = EUR 0.92).")
]
Assume = Annotated[list[str] | None, typer.Option(help="Switch on an announced rule, by its name.")]
Exclude = Annotated[list[str] | None, typer.Option(help="Switch off a rule, by its name.")]
Reading = Annotated[
    list[str] | None, typer.Option(help="Read an unsettled rule otherwise: ID=OPTION.")
]
Given = Annotated[list[str] | None, typer.Option(help="A fact only you know: parcels_this_year=2.")]


@app.command()
def read(
    file: Annotated[Path, typer.Argument(help="An order file.")], as_json: AsJson = False
) -> None:
    """Read an order file and show what it holds."""
    report = read_report(file)
    if as_json:
        _print_json(
            {
                "invoices": [invoice.model_dump(mode="json") for invoice in report.invoices],
                "errors": [error.as_dict() for error in report.errors],
            }
        )
    else:
        for invoice in report.invoices:
            _show_invoice(invoice)
        for error in report.errors:
            typer.echo(f"Not read: {error}", err=True)
    if not report.invoices:
        raise typer.Exit(BAD_INPUT)
    raise typer.Exit(FINDINGS if report.errors else OK)


@app.command()
def declare(
    file: File,
    to: To = None,
    region: Region = None,
    hs: Hs = None,
    on: On = None,
    as_json: AsJson = False,
) -> None:
    """Turn orders into an itemised declaration."""
    declaration = _declaration(file, to, region, hs, on)
    if as_json:
        _print_json(declaration.model_dump(mode="json"))
    else:
        _show_declaration(declaration)
    grave = any(finding.severity == "error" for finding in declaration.findings)
    raise typer.Exit(FINDINGS if grave else OK)


@app.command()
def estimate(
    file: File,
    to: To = None,
    region: Region = None,
    hs: Hs = None,
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
    """Estimate duty, VAT and fees of an order, and what is still due at the door."""
    declaration = _declaration(file, to, region, hs, on)
    result = api.estimate(
        declaration,
        _day(on),
        transport=transport,
        scheme=scheme,
        carrier=carrier,
        rates=_pairs(rate, "--rate"),
        assume=assume or (),
        exclude=exclude or (),
        readings=_pairs(reading, "--reading"),
        given=_pairs(given, "--given"),
    )
    _show_estimate(result, as_json)


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
    carrier: Carrier = "",
    dispatch: Annotated[str, typer.Option(help="Country of dispatch.")] = "CN",
    duty_rate: Annotated[
        str | None, typer.Option(help="Ordinary duty rate to use, such as '12 %'.")
    ] = None,
    rate: Rate = None,
    assume: Assume = None,
    exclude: Exclude = None,
    reading: Reading = None,
    given: Given = None,
    as_json: AsJson = False,
) -> None:
    """What goods will really cost, before an order exists: 'USB cable;3.20 USD;2;854442'."""
    result = api.quote(
        [_goods(text, duty_rate) for text in goods],
        to.upper(),
        region=region,
        on=_day(on),
        freight=freight,
        transport=transport,
        scheme=scheme,
        carrier=carrier,
        dispatch_country=dispatch.upper(),
        rates=_pairs(rate, "--rate"),
        assume=assume or (),
        exclude=exclude or (),
        readings=_pairs(reading, "--reading"),
        given=_pairs(given, "--given"),
    )
    _show_estimate(result, as_json)


@app.command()
def export(
    file: Annotated[Path | None, typer.Argument(help="An order file or a declaration.")] = None,
    format_name: Annotated[str, typer.Option("--format", "-f", help="See --list.")] = "json",
    output: Annotated[Path | None, typer.Option("--output", "-o", help="File to write.")] = None,
    to: To = None,
    region: Region = None,
    hs: Hs = None,
    on: On = None,
    listing: Annotated[bool, typer.Option("--list", help="List the formats.")] = False,
    as_json: AsJson = False,
) -> None:
    """Write a declaration as CSV, XML or JSON."""
    if listing or file is None:
        if as_json:
            _print_json(formats())
        else:
            for name, purpose in formats().items():
                typer.echo(f"{name:<14} {purpose}")
        raise typer.Exit(OK if listing else USAGE)
    declaration = _declaration(file, to, region, hs, on)
    content = export_as(declaration, format_name, output)
    if output is not None:
        if as_json:
            _print_json({"format": format_name, "file": str(output)})
        else:
            typer.echo(f"Wrote {output}.")
    else:
        text = content if isinstance(content, str) else bytes(str(content), "utf-8").decode()
        typer.echo(text, nl=False)


@app.command()
def verify(
    file: Annotated[Path, typer.Argument(help="A TOML file of worked examples.")],
    as_json: AsJson = False,
) -> None:
    """Recompute published calculations and print each that does not hold."""
    from aliexpress_customs.estimate.examples import verify as verify_file  # noqa: PLC0415

    report = verify_file(file)
    if as_json:
        _print_json(report.model_dump(mode="json"))
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
    declaration = _declaration(
        sample, None, None, ["HDMI cable 2 m=854442", "Phone case=392690"], None
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
        _print_json(
            {
                "declaration": declaration.model_dump(mode="json"),
                "estimate": result.model_dump(mode="json"),
                "files": [str(path) for path in files.values()],
            }
        )
        return
    typer.echo(f"1. Reading {sample.name}, an order of invented content in a real shape\n")
    for invoice in read_report(sample).invoices:
        _show_invoice(invoice)
    typer.echo("2. Declaring it\n")
    _show_declaration(declaration)
    typer.echo("3. Estimating duty, VAT and fees\n")
    typer.echo(result.explain())
    typer.echo("\n4. Writing the files\n")
    for path in files.values():
        typer.echo(f"   {path}")


@rules_app.command("show")
def rules_show(
    destination: Annotated[str, typer.Argument(help="ISO 3166-1 (FR).")],
    on: On = None,
    region: Annotated[str, typer.Option(help="ISO 3166-2.")] = "",
    as_json: AsJson = False,
) -> None:
    """What the tables say about a destination on a day, with sources."""
    from aliexpress_customs.rules.describe import show  # noqa: PLC0415

    view = show(destination, _day(on) or _today(), region=region)
    if as_json:
        _print_json(view.model_dump(mode="json"))
        return
    typer.echo(f"{view.name} ({view.destination}) on {view.on}, amounts in {view.currency}")
    typer.echo(f"{view.summary}\n")
    for entry in ("charge", "waiver", "scheme", "value", "parameter", "identification"):
        lines = [line for line in view.lines if line.entry == entry]
        if lines:
            typer.echo(f"{entry.upper()}S")
        for line in lines:
            narrowed = f" [{line.narrowed}]" if line.narrowed else ""
            status = "" if line.status == "in_force" else f" ({line.status})"
            typer.echo(f"  {line.id}{narrowed}{status}")
            typer.echo(f"      {line.text}")
            span = f"{line.from_date or '...'} to {line.to_date or 'today'}"
            law = ", ".join(filter(None, (line.legal_basis, line.source_url)))
            sure = f", confidence {line.confidence}" if line.confidence else ""
            typer.echo(f"      {span}{sure}{'; ' + law if law else ''}")
            if line.note:
                typer.echo(f"      {line.note}")
    for title, texts in (
        ("UNSETTLED", view.readings),
        ("CARRIERS", view.carriers),
        ("TERRITORIES", view.territories),
        ("NOT COVERED", view.gaps),
    ):
        if texts:
            typer.echo(title)
        for text in texts:
            typer.echo(f"  {text}")
    typer.echo(f"\nRules of {view.version}, hash {view.hash}")


@rules_app.command("diff")
def rules_diff(
    destination: Annotated[str, typer.Argument(help="ISO 3166-1 (FR).")],
    first: Annotated[str, typer.Argument(help="A day, 2026-06-30.")],
    second: Annotated[str, typer.Argument(help="A later day, 2026-07-01.")],
    as_json: AsJson = False,
) -> None:
    """What starts, ends or changes between two days."""
    from aliexpress_customs.rules.describe import diff  # noqa: PLC0415

    days = [_day(first), _day(second)]
    found = diff(destination, days[0] or _today(), days[1] or _today())
    if as_json:
        _print_json(found.model_dump(mode="json"))
        return
    typer.echo(f"{found.destination}: {found.first} -> {found.second}\n")
    if not found.changes:
        typer.echo("Nothing changes.")
    for change in found.changes:
        narrowed = f" [{change.narrowed}]" if change.narrowed else ""
        typer.echo(f"{change.entry} {change.id}{narrowed}")
        if change.before is not None:
            typer.echo(f"  - {change.before}")
        if change.after is not None:
            typer.echo(f"  + {change.after}")
        if change.source_url:
            typer.echo(f"    {change.source_url}")


@rules_app.command("check")
def rules_check(
    destinations: Annotated[
        list[str] | None, typer.Argument(help="ISO 3166-1; default all.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check the tables: dates, names, sources, reachability."""
    from aliexpress_customs.rules.check import check  # noqa: PLC0415
    from aliexpress_customs.rules.load import destinations as known  # noqa: PLC0415

    findings = check([code.upper() for code in destinations or ()])
    if as_json:
        _print_json([finding.model_dump(mode="json") for finding in findings])
    else:
        for finding in findings:
            typer.echo(f"{finding.severity:<8} {finding.path}: {finding.message}")
        count = len(destinations or known())
        typer.echo(f"{count} destinations checked, {len(findings)} findings.")
    raise typer.Exit(FINDINGS if any(f.severity == "error" for f in findings) else OK)


@rules_app.command("list")
def rules_list(as_json: AsJson = False) -> None:
    """The destinations there are tables for."""
    from aliexpress_customs.rules.load import destinations, law  # noqa: PLC0415

    codes = destinations()
    if as_json:
        _print_json(codes)
        return
    for code in codes:
        typer.echo(f"{code}  {law(code).destination.name}")


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Entry point: errors of the library become one readable line and an exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        app(args=list(arguments) if arguments is not None else None, standalone_mode=True)
    except (UsageError, UnknownDestinationError) as error:
        typer.echo(f"error: {error}", err=True)
        sys.exit(USAGE)
    except AliExpressCustomsError as error:
        typer.echo(f"error: {error}", err=True)
        sys.exit(BAD_INPUT)
    sys.exit(OK)


def _declaration(
    file: Path, to: str | None, region: str | None, hs: list[str] | None, on: str | None
) -> Declaration:
    """From a declaration of our own, or from orders."""
    text = file.read_bytes() if file.is_file() else b""
    if b'"items"' in text and b'"destination_country"' in text and b'"contents_type"' in text:
        try:
            declaration = Declaration.model_validate_json(text)
        except ValidationError as error:
            raise ReadError(
                f"This is no declaration: {_first_fault(error)}.",
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
    return api.declare(consignment, hs_codes=_pairs(hs, "--hs"), on=_day(on))


def _goods(text: str, duty_rate: str | None) -> Goods:
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
            f"{text[:60]!r}: {_first_fault(error)}",
            path="goods",
            action="Write 'TITLE;VALUE CURRENCY', such as 'USB cable;3.20 USD;2;854442'.",
        ) from error


def _first_fault(error: ValidationError) -> str:
    fault = error.errors()[0]
    return f"{'.'.join(str(part) for part in fault['loc'])}: {fault['msg']}"


def _pairs(texts: list[str] | None, option: str) -> dict[str, str]:
    found = {}
    for text in texts or ():
        name, separator, value = text.rpartition("=")
        if not separator:
            raise UsageError(f"{text[:60]!r} is no pair.", path=option, action="Write NAME=VALUE.")
        found[name.strip()] = value.strip()
    return found


def _day(text: str | None) -> dt.date | None:
    if text is None:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(
            f"{text[:20]!r} is no date.", path="date", action="Write 2026-07-02."
        ) from error


def _today() -> dt.date:
    return dt.date.today()  # noqa: DTZ011 - a calendar day, not an instant


def _print_json(data: Any) -> None:
    typer.echo(json.dumps(data, ensure_ascii=False, indent=2, default=str))


def _show_invoice(invoice: Invoice) -> None:
    when = invoice.ordered_at.date if invoice.ordered_at else "no date"
    typer.echo(
        f"Order {invoice.order_id or '(no id)'} of {when}, {invoice.status}, "
        f"{invoice.seller.name or 'unknown seller'} ({invoice.source.kind})"
    )
    for line in invoice.lines:
        title = line.title if len(line.title) <= 58 else line.title[:55] + "..."
        typer.echo(f"  {line.quantity:>3} x {title:<58} {_money(line.line_gross):>16}")
    for row in invoice.charges:
        if row.in_total:
            typer.echo(f"        {row.label or row.kind:<58} {_money(row.amount):>16}")
    if invoice.total is not None:
        typer.echo(f"        {'Total':<58} {_money(invoice.total):>16}")
    if invoice.reconciliation is not None:
        state = invoice.reconciliation
        typer.echo(f"        Rows against total: {state.level}, {_money(state.difference)}")
    for finding in invoice.findings:
        typer.echo(f"  [{finding.severity}] {finding.message}")
    typer.echo("")


def _show_declaration(declaration: Declaration) -> None:
    typer.echo(
        f"Declaration for {declaration.destination_country}, sent from "
        f"{declaration.dispatch_country}, values in {declaration.currency} without VAT"
    )
    typer.echo(
        f"  {'#':>2} {'description':<44} {'HS code':<11}{'made in':<8}{'pcs':>5}{'value':>16}"
    )
    for item in declaration.items:
        text = item.description if len(item.description) <= 44 else item.description[:41] + "..."
        typer.echo(
            f"  {item.number:>2} {text:<44} {item.hs_code or 'unknown':<11}"
            f"{item.origin_country:<8}{item.quantity:>5}{_money(item.item_value):>16}"
        )
    typer.echo(f"     {'Goods':<68}{_money(declaration.intrinsic_value):>16}")
    freight = "unknown" if declaration.freight is None else _money(declaration.freight)
    typer.echo(f"     {'Freight':<68}{freight:>16}")
    for tax in declaration.collected:
        typer.echo(f"     {'Taken at checkout: ' + tax.kind:<68}{_money(tax.amount):>16}")
    for finding in declaration.findings:
        where = f"{finding.path}: " if finding.path else ""
        typer.echo(f"  [{finding.severity}] {where}{finding.message} {finding.action}")
    typer.echo("")


def _show_estimate(result: Any, as_json: bool) -> NoReturn:
    if as_json:
        _print_json(result.model_dump(mode="json"))
    else:
        typer.echo(result.explain())
    raise typer.Exit(FINDINGS if result.outcome == "refused" else OK)


def _money(value: Any) -> str:
    return f"{value.amount:,f} {value.currency.code}".replace(",", " ")


if __name__ == "__main__":
    main()
