"""Walking through doubtful titles in the terminal; answers are kept in a catalogue."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import typer

from aliexpress_customs.cli.inputs import orders_of
from aliexpress_customs.commodity.catalogue import Catalogue
from aliexpress_customs.commodity.classify import Candidate, Classification
from aliexpress_customs.commodity.codes import HS_DIGITS, format_code, normalise_code
from aliexpress_customs.commodity.nomenclature import is_valid
from aliexpress_customs.commodity.wording import texts
from aliexpress_customs.errors import DeclarationError

TITLES = ".txt"
"""A file of this kind holds one title a line; every other kind is an order."""
_SKIP, _QUIT = "s", "q"


class Product(NamedTuple):
    """What is asked about."""

    title: str
    variant: str = ""
    product_id: str = ""


def products_of(sources: Sequence[Path], mapping: str | None = None) -> list[Product]:
    """The products of orders, or of files with one title a line, each once.

    Raises:
        ReadError: nothing in the files can be read.
    """
    lists = [source for source in sources if source.suffix.lower() == TITLES]
    orders = [source for source in sources if source not in lists]
    found = list(_listed(lists))
    if orders:
        report = orders_of(orders, mapping)
        for error in report.errors:
            typer.echo(f"Not read: {error}", err=True)
        found += [
            Product(line.title, "; ".join(map(str, line.variant)), line.product_id or "")
            for invoice in report.invoices
            for line in invoice.lines
        ]
    return list({(one.title, one.variant): one for one in found}.values())


def review(products: Iterable[Product], catalogue: Catalogue) -> tuple[int, int]:
    """Ask about every product that is neither settled nor sure, and save each answer at once.

    Returns:
        How many questions were answered, and how many products are left.
    """
    doubtful = [one for one in products if _classified(one, catalogue).needs_review]
    settled = 0
    for number, product in enumerate(doubtful, start=1):
        if not _classified(product, catalogue).needs_review:
            continue  # another variant of the product was answered meanwhile
        typer.echo(f"\n[{number}/{len(doubtful)}] {product.title}")
        if product.variant:
            typer.echo(f"      {product.variant}")
        answer = _ask(_classified(product, catalogue).candidates)
        if answer == _QUIT:
            break
        if answer != _SKIP:
            catalogue.correct(answer, title=product.title, product_id=product.product_id)
            catalogue.save()
            settled += 1
    left = sum(_classified(one, catalogue).needs_review for one in doubtful)
    return settled, left


def _classified(product: Product, catalogue: Catalogue) -> Classification:
    return catalogue.classify(product.title, product_id=product.product_id, variant=product.variant)


def _ask(candidates: Sequence[Candidate]) -> str:
    """A code, or the word for skipping or stopping."""
    words = texts([one.hs_code for one in candidates])
    for number, one in enumerate(candidates, start=1):
        typer.echo(f"  {number}  {one.hs_code}  {one.score:>4.0%}  {words[one.hs_code]}")
    while True:
        typed: str = typer.prompt("  number, code, s = skip, q = stop", default=_SKIP)
        answer = typed.strip().lower()
        if answer in {_SKIP, _QUIT}:
            return answer
        if answer.isdigit() and 1 <= int(answer) <= len(candidates):
            return candidates[int(answer) - 1].hs_code
        try:
            code = normalise_code(answer)
        except DeclarationError as error:
            typer.echo(f"  {error.message}")
            continue
        if is_valid(code[:HS_DIGITS]):
            return code
        typer.echo(f"  {format_code(code)} is no subheading of HS 2022.")


def _listed(files: Iterable[Path]) -> Iterator[Product]:
    for file in files:
        for line in file.read_text(encoding="utf-8-sig").splitlines():
            if line.strip():
                yield Product(line.strip())
