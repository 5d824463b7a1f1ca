"""A batch as files: the two tables, and each parcel in the formats asked for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

from aliexpress_customs.batch.result import ParcelResult, error_finding
from aliexpress_customs.batch.tables import (
    FINDING_COLUMNS,
    PARCEL_COLUMNS,
    finding_rows,
    parcel_row,
)
from aliexpress_customs.declaration.model import Declaration
from aliexpress_customs.errors import UsageError
from aliexpress_customs.export.registry import export, options_of, suffix, takes
from aliexpress_customs.export.spreadsheet import Cell, Dialect, check_dialect, csv_writer
from aliexpress_customs.model import Finding

PARCELS_FILE: Final = "parcels.csv"
FINDINGS_FILE: Final = "findings.csv"
_LONGEST_NAME: Final = 80
_PARCEL: Final = "{parcel}"

Formats = Mapping[str, Mapping[str, Any]]
"""Options by the name of a format."""


def write(
    results: Iterable[ParcelResult],
    folder: str | Path,
    formats: Sequence[str] = (),
    *,
    dialect: Dialect = "plain",
    options: Mapping[str, Any] | None = None,
) -> Iterator[ParcelResult]:
    """Write results to a folder as they come, and pass them on.

    Args:
        results: of a `batch`; they are written as what is returned is read.
        folder: of the tables `parcels.csv` and `findings.csv`; made if it does not exist.
        formats: written of each parcel that could be declared, each in a folder of its name. What
            cannot be written is a finding of its parcel.
        dialect: of the tables.
        options: of the formats, each given to those that have it; `{parcel}` in a text stands for
            the name of the parcel: `{"lrn": "{parcel}"}`.

    Raises:
        UsageError: an unknown format, dialect or option, or a folder that cannot be written.
    """
    for name in formats:
        if not takes(name, Declaration):
            raise UsageError(
                f"{name} is not made from a declaration.",
                code="wrong_type",
                path="formats",
                action="Use cn23-csv, h7-json, items-csv, ...",
            )
    given = options or {}
    known = {name: given.keys() & set(options_of(name)) for name in formats}
    if unknown := sorted(given.keys() - set().union(*known.values())):
        raise UsageError(
            f"None of the formats has an option {', '.join(unknown)[:60]}.",
            code="unknown_option",
            path="options",
            action="Leave it out, or add the format it is for.",
        )
    check_dialect(dialect)
    target = Path(folder)
    try:
        for place in (target, *(target / name for name in formats)):
            place.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritable(target) from error
    chosen = {name: {key: given[key] for key in sorted(known[name])} for name in formats}
    return _written(results, target, chosen, dialect)


def _written(
    results: Iterable[ParcelResult], folder: Path, formats: Formats, dialect: Dialect
) -> Iterator[ParcelResult]:
    taken: set[str] = set()
    with ExitStack() as files:

        def begin(name: str, columns: Iterable[str]) -> Callable[[Iterable[Sequence[Cell]]], None]:
            file = (folder / name).open("w", encoding="utf-8", newline="", errors="replace")
            return csv_writer(files.enter_context(file), list(columns), dialect)

        try:
            parcels = begin(PARCELS_FILE, PARCEL_COLUMNS)
            findings = begin(FINDINGS_FILE, FINDING_COLUMNS)
        except OSError as error:
            raise _unwritable(folder) from error
        for result in results:
            found = list(result.findings)
            if result.declaration is not None:
                name = _file_name(result.parcel, taken)
                found += _exported(result, name, folder, formats)
            try:
                parcels([parcel_row(result)])
                findings(finding_rows(result.parcel, found))
            except OSError as error:
                raise _unwritable(folder) from error
            yield result


def _unwritable(folder: Path) -> UsageError:
    return UsageError(
        "The folder cannot be written.", path=str(folder), action="Name another one, or make room."
    )


def _exported(result: ParcelResult, name: str, folder: Path, formats: Formats) -> Iterator[Finding]:
    """Write the files of a parcel; a finding for each that cannot be."""
    for one, options in formats.items():
        own = {
            key: value.replace(_PARCEL, result.parcel) if isinstance(value, str) else value
            for key, value in options.items()
        }
        try:
            export(result.declaration, one, folder / one / f"{name}{suffix(one)}", **own)
        except Exception as error:  # noqa: BLE001 - told as a finding; the others go on
            yield error_finding(error, one)


def _file_name(parcel: str, taken: set[str]) -> str:
    """A name for the files of a parcel that no other parcel has."""
    plain = re.sub(r"[^A-Za-z0-9._+-]+", "_", parcel)[:_LONGEST_NAME].strip(".") or "parcel"
    name, number = plain, 1
    while name.lower() in taken:
        number += 1
        name = f"{plain}-{number}"
    taken.add(name.lower())
    return name
