"""`aliexpress-customs classify`: commodity codes for a seller's title."""

from __future__ import annotations

from typing import Annotated

import typer

from aliexpress_customs.cli.commands import app
from aliexpress_customs.cli.options import FINDINGS, OK, AsJson
from aliexpress_customs.cli.screen import print_json
from aliexpress_customs.commodity.classify import classify as suggest


@app.command()
def classify(
    title: Annotated[str, typer.Argument(help="The title as the shop prints it.")],
    variant: Annotated[str, typer.Option(help="The chosen option, such as 'Color: Red'.")] = "",
    material: Annotated[str, typer.Option(help="What it is made of.")] = "",
    top: Annotated[int, typer.Option(min=1, max=20, help="How many candidates.")] = 5,
    as_json: AsJson = False,
) -> None:
    """Suggest commodity codes for a title, with reasons. A suggestion is no classification."""
    found = suggest(title, variant=variant, material=material, top=top)
    if as_json:
        print_json(found.model_dump(mode="json"))
    else:
        for candidate in found.candidates:
            typer.echo(
                f"{candidate.hs_code}  {candidate.score:>6.1%}  {candidate.confidence:<7} "
                f"{candidate.description}"
            )
            for reason in candidate.reasons:
                typer.echo(f"          {reason}")
        if not found.candidates:
            typer.echo("No code suggests itself; say what the thing is.")
        elif found.needs_review:
            typer.echo("Needs review: the title leaves more than one code open.")
    raise typer.Exit(FINDINGS if found.needs_review else OK)
