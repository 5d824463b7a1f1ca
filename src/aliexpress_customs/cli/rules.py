"""`aliexpress-customs rules`: the law in the tables."""

from __future__ import annotations

from typing import Annotated

import typer

from aliexpress_customs.cli.options import FINDINGS, OK, AsJson, On, day, today
from aliexpress_customs.cli.screen import print_json

rules_app = typer.Typer(help="The law in the tables: show, compare, check.", no_args_is_help=True)


@rules_app.command("show")
def rules_show(
    destination: Annotated[str, typer.Argument(help="ISO 3166-1 (FR).")],
    on: On = None,
    region: Annotated[str, typer.Option(help="ISO 3166-2.")] = "",
    as_json: AsJson = False,
) -> None:
    """What the tables say about a destination on a day, with sources."""
    from aliexpress_customs.rules.describe import show  # noqa: PLC0415

    view = show(destination, day(on) or today(), region=region)
    if as_json:
        print_json(view.model_dump(mode="json"))
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

    days = [day(first), day(second)]
    found = diff(destination, days[0] or today(), days[1] or today())
    if as_json:
        print_json(found.model_dump(mode="json"))
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
        print_json([finding.model_dump(mode="json") for finding in findings])
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
        print_json(codes)
        return
    for code in codes:
        typer.echo(f"{code}  {law(code).destination.name}")
