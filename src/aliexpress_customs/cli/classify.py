"""`aliexpress-customs classify`: commodity codes for sellers' titles, and settling the doubtful."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer

from aliexpress_customs.cli.commands import app
from aliexpress_customs.cli.inputs import declaration_file
from aliexpress_customs.cli.options import FINDINGS, OK, AsJson, CatalogueFile, Map
from aliexpress_customs.cli.review import products_of, review
from aliexpress_customs.cli.screen import print_json
from aliexpress_customs.commodity.catalogue import Catalogue
from aliexpress_customs.commodity.classify import Classification
from aliexpress_customs.commodity.classify import classify as suggest
from aliexpress_customs.commodity.telling import next_question
from aliexpress_customs.errors import UsageError

_LIKELY: Final = 0.1
"""Share of the evidence from which on a candidate is worth a question."""


@app.command()
def classify(
    title: Annotated[
        str | None, typer.Argument(help="The title as the shop prints it.", show_default=False)
    ] = None,
    variant: Annotated[str, typer.Option(help="The chosen option, such as 'Color: Red'.")] = "",
    material: Annotated[str, typer.Option(help="What it is made of.")] = "",
    top: Annotated[int, typer.Option(min=1, max=20, help="How many candidates.")] = 5,
    catalogue: CatalogueFile = None,
    to_review: Annotated[
        list[Path] | None,
        typer.Option("--review", help="Orders, or .txt with a title a line: settle what is open."),
    ] = None,
    to_learn: Annotated[
        Path | None,
        typer.Option("--learn", help="A declaration as JSON that is right: take its codes over."),
    ] = None,
    mapping: Map = None,
    as_json: AsJson = False,
) -> None:
    """Suggest commodity codes for a title, with reasons. A suggestion is no classification."""
    if sum(given is not None for given in (title, to_review, to_learn)) != 1:
        raise UsageError(
            "There is nothing to classify, or too much at once.",
            path="title",
            action="Give a title, or --review FILE, or --learn DECLARATION.json.",
        )
    if title is None:
        raise typer.Exit(_settle(_named(catalogue), to_review or [], to_learn, mapping))
    ask = Catalogue(catalogue).classify if catalogue else suggest
    found = ask(title, variant=variant, material=material, top=top)
    if as_json:
        print_json(found.model_dump(mode="json"))
    else:
        _show(found)
    raise typer.Exit(FINDINGS if found.needs_review else OK)


def _named(file: Path | None) -> Catalogue:
    if file is None:
        raise UsageError(
            "Answers need a file to be kept in.",
            path="--catalogue",
            action="Add --catalogue codes.csv; it is made if it does not exist.",
        )
    return Catalogue(file)


def _settle(
    catalogue: Catalogue, to_review: list[Path], to_learn: Path | None, mapping: str | None
) -> int:
    if to_learn is not None:
        learned = catalogue.learn(declaration_file(to_learn))
        catalogue.save()
        typer.echo(f"{learned} lines learned.")
        return OK
    products = products_of(to_review, mapping)
    settled, left = review(products, catalogue)
    typer.echo(f"{len(products)} products: {settled} settled now, {left} still open.")
    return FINDINGS if left else OK


def _show(found: Classification) -> None:
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
        likely = [one for one in found.candidates if one.score >= _LIKELY]
        classes = {one.product_class for one in likely}
        asked = next_question(
            {one.hs_code: one.score for one in likely}, classes.pop() if len(classes) == 1 else ""
        )
        if asked:
            typer.echo(f"What would tell: {asked}")
