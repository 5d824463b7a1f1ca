"""Where the shipped tables are: the same call works from a wheel and from an editable install."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from aliexpress_customs.errors import UsageError


@cache
def data_folder() -> Path:
    """Folder of the shipped tables.

    In a wheel it lies inside the package, in a checkout beside `src/`.

    Raises:
        UsageError: the installation is broken and holds no tables.
    """
    package = Path(__file__).resolve().parent
    for folder in (package / "data", package.parent.parent / "data"):
        if (folder / "destinations").is_dir():
            return folder
    raise UsageError(
        "The rule tables of this installation are missing.",
        code="no_data",
        action="Reinstall aliexpress-customs.",
    )
