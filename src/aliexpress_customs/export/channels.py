"""The whole check before sending: channel, law of the destination and day in one list.

`declaration.lint` knows the channels; which numbers a destination asks for (CPF, PCCC, VOEC, ...),
which of its parts have rules of their own (Northern Ireland, the Canary Islands) and the exchange
rates of limits come from the rule tables, which only later layers may read.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from aliexpress_customs.declaration.channels import channel, common
from aliexpress_customs.declaration.lint import lint
from aliexpress_customs.declaration.model import Declaration
from aliexpress_customs.errors import ExchangeRateError, UnknownDestinationError
from aliexpress_customs.estimate.identification import identification_findings
from aliexpress_customs.exchange import Exchange
from aliexpress_customs.model import Finding
from aliexpress_customs.rules.ruleset import ruleset

_ORDER: Final = {"error": 0, "warning": 1, "info": 2}


def preflight(
    declaration: Declaration,
    channel_name: str,
    *,
    on: dt.date | None = None,
    transport: str = "post",
    rates: Mapping[str, Decimal | str | int] | None = None,
    exchange: Exchange | None = None,
) -> tuple[Finding, ...]:
    """Everything to put right before a declaration goes to a channel, the gravest first.

    Args:
        declaration: any declaration.
        channel_name: one of `declaration.channels.channels()`.
        on: day it is sent; default: today.
        transport: `post`, `express`, `air`, `sea` or `road`.
        rates: units of the declaration's currency for one of another; XDR for the limit of CN 22,
            which no bundled source has.
        exchange: where the other rates come from; default: the bundled history.

    Raises:
        UsageError: an unknown channel or transport, or a malformed rate.
    """
    day = on or dt.datetime.now(dt.UTC).date()
    known = dict(rates or {})
    source = exchange or Exchange.default()
    limits = (*common(), *channel(channel_name).limit)
    for code in {limit.currency for limit in limits} - {"", declaration.currency, *known}:
        try:
            known[code] = source.rate(code, declaration.currency, day).rate
        except ExchangeRateError:
            continue  # the finding `value_not_tested` says so
    found = list(lint(declaration, channel_name, on=day, rates=known))
    found += _of_destination(declaration, day, transport)
    unique = {(finding.code, finding.path, finding.message): finding for finding in found}
    return tuple(sorted(unique.values(), key=lambda finding: _ORDER[finding.severity]))


def _of_destination(declaration: Declaration, day: dt.date, transport: str) -> list[Finding]:
    country, region = declaration.destination_country, declaration.destination_region or ""
    ordered = declaration.ordered_on or day
    try:
        rules = ruleset(country, day, ordered_on=ordered, region=region)
        found = identification_findings(declaration, day, transport=transport)
    except UnknownDestinationError:
        message = "What the destination itself asks for was not tested: it has no rule table."
        return [
            Finding(
                code="destination_not_tested",
                message=message,
                action="Ask the carrier.",
                path="destination_country",
                severity="info",
            )
        ]
    address = declaration.recipient.postcode if declaration.recipient else ""
    territory = rules.territory(declaration.postcode or address)
    if territory is not None:
        found.append(
            Finding(
                code="special_territory",
                message=f"{territory.name}: {territory.message}",
                action="Check that the channel and the customs form suit this territory.",
                path="destination_region" if region else "postcode",
                severity="error" if territory.effect == "refuse" else "warning",
            )
        )
    return found
