"""The same declaration on several dates or to several destinations, side by side."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from aliexpress_customs.declaration.model import Declaration
from aliexpress_customs.errors import UsageError
from aliexpress_customs.estimate.estimate import estimate
from aliexpress_customs.estimate.model import Estimate


def compare(
    declaration: Declaration,
    *,
    on: dt.date | Sequence[dt.date],
    destinations: Sequence[str] = (),
    **options: Any,
) -> list[Estimate]:
    """One estimate per date and destination.

    Args:
        declaration: the consignment; its own destination is used if no others are named.
        on: one or several days of clearance.
        destinations: ISO 3166-1 alpha-2 codes.
        options: as for `estimate`.

    Returns:
        Estimates, destination by destination, each in the order of the dates.

    Raises:
        UsageError: no date.
    """
    days = [on] if isinstance(on, dt.date) else list(on)
    if not days:
        raise UsageError("There is no date to compare.", path="on", action="Pass on=[date, date].")
    found: list[Estimate] = []
    for code in destinations or (declaration.destination_country,):
        moved = declaration
        if code != declaration.destination_country:
            moved = declaration.model_copy(
                update={"destination_country": code, "destination_region": None, "postcode": ""}
            )
        found.extend(estimate(moved, day, **options) for day in days)
    return found
