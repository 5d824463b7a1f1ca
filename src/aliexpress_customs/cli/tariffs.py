"""`aliexpress-customs tariffs`: what each commodity code really pays."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from aliexpress_customs import api
from aliexpress_customs.cli.options import AsJson, On, Rate, Transport, day, pairs, today
from aliexpress_customs.cli.screen import print_json
from aliexpress_customs.declaration.model import Goods
from aliexpress_customs.errors import UsageError
from aliexpress_customs.estimate.explain import trust
from aliexpress_customs.rules.load import law
from aliexpress_customs.tariff.importing import import_file
from aliexpress_customs.tariff.schedules import FOLDER_VARIABLE
from aliexpress_customs.tariff.show import stack

tariffs_app = typer.Typer(help="Duty rates by commodity code: show, import.", no_args_is_help=True)

EXAMPLE_VALUE = "10000"
"""Goods value for which the stack is computed: large enough to be above every relief."""


@tariffs_app.command("show")
def show(
    destination: Annotated[str, typer.Argument(help="ISO 3166-1 (US).")],
    code: Annotated[str, typer.Argument(help="Commodity code, digits.")],
    on: On = None,
    origin: Annotated[str, typer.Option(help="Country of origin.")] = "CN",
    transport: Transport = "express",
    weight: Annotated[str | None, typer.Option(help="Net weight in kg.")] = None,
    rate: Rate = None,
    as_json: AsJson = False,
) -> None:
    """The whole stack of duties on a code: each measure, and what the law makes of them."""
    head = law(destination).destination
    date = day(on) or today()
    digits = code.replace(".", "").replace(" ", "")
    rows = stack(head.tariff, digits, date, origin.upper()) if head.tariff else []
    goods = Goods(
        title="example",
        unit_value=f"{EXAMPLE_VALUE} {head.currency}",
        hs_code=digits,
        origin_country=origin.upper(),
        unit_net_weight_kg=weight,
    )
    result = api.quote(
        [goods],
        head.code,
        on=date,
        transport=transport,
        importer="business",
        dispatch_country=origin.upper(),
        rates=pairs(rate, "--rate"),
    )
    charges = [charge for charge in result.charges if charge.kind == "duty"]
    if as_json:
        print_json(
            {
                "measures": [row.model_dump(mode="json") for row in rows],
                "charges": [charge.model_dump(mode="json") for charge in charges],
                "total_duty": result.model_dump(mode="json")["total_duty"],
                "reasons": [reason.model_dump(mode="json") for reason in result.reasons],
            }
        )
        return
    typer.echo(f"{head.name}, {digits}, made in {origin.upper()}, on {date}\n")
    typer.echo("MEASURES OF THE TARIFF" if rows else "No tariff is shipped for this destination.")
    for row in rows:
        span = f"{row.effective_from or '...'} to {row.effective_to or 'today'}"
        typer.echo(f"  {row.type:<24} {row.code:<12} {row.duty:<20} {row.fit:<8} {span}")
        if row.note:
            typer.echo(f"      {row.note}")
        for source in row.sources:
            typer.echo(f"      {source.citation}")
    typer.echo(f"\nWHAT IS DUE on {EXAMPLE_VALUE} {head.currency}, by {transport}, for a business")
    for charge in charges:
        amount = "unknown" if charge.amount is None else f"{charge.amount.amount:f}"
        typer.echo(f"  {charge.label:<60} {amount:>12}")
        law_text = ", ".join(filter(None, (charge.legal_basis, charge.source_url)))
        typer.echo(f"      {law_text or charge.rule_id}; {trust(charge)}")
        if charge.range is not None:
            typer.echo(f"      between {charge.range.low.amount} and {charge.range.high.amount}")
        if charge.reason:
            typer.echo(f"      {charge.reason}")
    total = "unknown" if result.total_duty is None else f"{result.total_duty.amount:f}"
    typer.echo(f"  {'Total duty':<60} {total:>12}")
    for reason in result.reasons:
        if reason.severity != "info":
            typer.echo(f"  [{reason.severity}] {reason.message} {reason.action}")


@tariffs_app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="An official tariff file.")],
    as_name: Annotated[str, typer.Option("--as", help="Tariff name, such as us.")],
    folder: Annotated[
        Path | None, typer.Option(help=f"Where to keep it; default: ${FOLDER_VARIABLE}.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Read an official tariff file; from then on it is used instead of the shipped one."""
    own = os.environ.get(FOLDER_VARIABLE)
    chosen = folder or (Path(own) if own else None)
    if chosen is None:
        raise UsageError(
            "There is no folder to keep the tariff in.",
            path="--folder",
            action=f"Pass --folder, and set {FOLDER_VARIABLE} to it so that it is used.",
        )
    report = import_file(file, as_name, chosen)
    if as_json:
        print_json(report.model_dump(mode="json"))
        return
    for name, value in report.model_dump(mode="json").items():
        typer.echo(f"{name:<12} {value}")
    if own != str(chosen):
        typer.echo(f"Set {FOLDER_VARIABLE}={chosen} to use it.")
