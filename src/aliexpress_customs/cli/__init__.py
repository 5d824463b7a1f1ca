"""`aliexpress-customs`: the library on the command line.

Every command takes `--json` for programs and prints tables for people otherwise. Exit codes: 0 ok,
1 findings or failures, 2 wrong usage, 3 bad input.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import NoReturn

import typer

from aliexpress_customs.cli import batch as _batch  # noqa: F401 - adds its command
from aliexpress_customs.cli import classify as _classify  # noqa: F401 - adds its command
from aliexpress_customs.cli import diff as _diff  # noqa: F401 - adds its command
from aliexpress_customs.cli import export as _export  # noqa: F401 - adds its command
from aliexpress_customs.cli.commands import app
from aliexpress_customs.cli.options import BAD_INPUT, OK, USAGE
from aliexpress_customs.cli.rules import rules_app
from aliexpress_customs.cli.tariffs import tariffs_app
from aliexpress_customs.errors import AliExpressCustomsError, UnknownDestinationError, UsageError

app.add_typer(rules_app, name="rules")
app.add_typer(tariffs_app, name="tariffs")


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
