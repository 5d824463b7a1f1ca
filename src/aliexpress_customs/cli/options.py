"""Options and arguments that several commands share, and reading them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from aliexpress_customs.errors import UsageError

OK: Final = 0
FINDINGS: Final = 1
USAGE: Final = 2
BAD_INPUT: Final = 3

Sources = Annotated[
    list[Path], typer.Argument(help="Order files, folders or zips, or a declaration as JSON.")
]
Map = Annotated[
    str | None,
    typer.Option(
        "--map", help="Columns of a table: title=Item,quantity=Qty,..., a profile, or a TOML file."
    ),
]
Tracking = Annotated[
    str | None, typer.Option(help="Only what lies in the parcel of this tracking number.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
To = Annotated[str | None, typer.Option("--to", help="Destination, ISO 3166-1 (FR).")]
Region = Annotated[str | None, typer.Option(help="Region, ISO 3166-2 (CA-QC).")]
On = Annotated[str | None, typer.Option("--on", help="Day of clearance (2026-07-02).")]
Transport = Annotated[str, typer.Option(help="post, express, air, sea or road.")]
SchemeName = Annotated[str | None, typer.Option("--scheme", help="Collection scheme, or none.")]
Carrier = Annotated[
    str | None,
    typer.Option(
        help="Post or courier whose clearance fee counts; default: the post for parcels by post."
    ),
]
Hs = Annotated[
    list[str] | None,
    typer.Option(
        "--hs", help="Commodity code of a line: LINE_ID=610910, PRODUCT_ID=..., TITLE=..."
    ),
]
CatalogueFile = Annotated[
    Path | None,
    typer.Option("--catalogue", help="Your file of settled products: codes.csv or .sqlite."),
]
CustomsWording = Annotated[
    bool,
    typer.Option("--customs-wording", help="Describe goods as customs wants it, not by the title."),
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

Pdf = Annotated[
    Path | None, typer.Option("--pdf", help="Write it to this file, too, explained on a page.")
]


def estimating(
    transport: str,
    scheme: str | None,
    carrier: str | None,
    rate: list[str] | None,
    assume: list[str] | None,
    exclude: list[str] | None,
    reading: list[str] | None,
    given: list[str] | None,
) -> dict[str, Any]:
    """The options of the same names as arguments of `estimate`."""
    return {
        "transport": transport,
        "scheme": scheme,
        "carrier": carrier,
        "rates": pairs(rate, "--rate"),
        "assume": assume or (),
        "exclude": exclude or (),
        "readings": pairs(reading, "--reading"),
        "given": pairs(given, "--given"),
    }


def pairs(texts: list[str] | None, option: str) -> dict[str, str]:
    """`NAME=VALUE` words as a mapping; the last `=` separates."""
    found = {}
    for text in texts or ():
        name, separator, value = text.rpartition("=")
        if not separator:
            raise UsageError(f"{text[:60]!r} is no pair.", path=option, action="Write NAME=VALUE.")
        found[name.strip()] = value.strip()
    return found


def day(text: str | None) -> dt.date | None:
    """A day written 2026-07-02."""
    if text is None:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(
            f"{text[:20]!r} is no date.", path="date", action="Write 2026-07-02."
        ) from error


def today() -> dt.date:
    """The current calendar day."""
    return dt.date.today()  # noqa: DTZ011 - a calendar day, not an instant
