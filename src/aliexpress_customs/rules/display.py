"""Whether a shop's prices hold the destination's VAT, and at which rate."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from aliexpress_customs.rules.parameters import parameter_value
from aliexpress_customs.rules.ruleset import ruleset


def included_tax_rate(destination: str, on: dt.date, region: str = "") -> Decimal | None:
    """The standard VAT rate inside AliExpress' prices for a destination, as a fraction.

    None: prices are shown without it.

    Args:
        destination: ISO 3166-1 alpha-2.
        on: day of the order.
        region: ISO 3166-2.

    Raises:
        UnknownDestinationError: no table.
    """
    rules = ruleset(destination, on, region=region)
    head = rules.law.destination
    begins = head.prices_include_tax_from
    if not head.prices_include_tax or (begins is not None and on < begins):
        return None
    entries = rules.parameters.get("vat_rate", [])
    value = parameter_value(entries[-1]) if entries else None
    return value if isinstance(value, Decimal) else None
