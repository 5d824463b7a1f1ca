"""Numbers that the declaration to a destination needs: CPF, PCCC, IOSS, VOEC, ..."""

from __future__ import annotations

import datetime as dt
import importlib
import re
from collections.abc import Iterator

from aliexpress_customs.declaration.model import Declaration
from aliexpress_customs.errors import ExchangeRateError
from aliexpress_customs.estimate.duties import Tariffs
from aliexpress_customs.estimate.facts import Rates, parcel_facts
from aliexpress_customs.estimate.schemes import apply_scheme
from aliexpress_customs.exchange import Exchange
from aliexpress_customs.model import Finding
from aliexpress_customs.rules.compiled import RuleSet
from aliexpress_customs.rules.facts import MissingFactError
from aliexpress_customs.rules.ruleset import ruleset
from aliexpress_customs.rules.schema import Identification


def identification_findings(
    declaration: Declaration, on: dt.date, *, transport: str = "post"
) -> list[Finding]:
    """What identification is missing or malformed for a declaration on a day.

    No finding repeats the number itself.

    Raises:
        UnknownDestinationError: no rule table.
    """
    rules = ruleset(
        declaration.destination_country,
        on,
        ordered_on=declaration.ordered_on or on,
        region=declaration.destination_region or "",
    )
    if not rules.identifications:
        return []
    return list(_findings(declaration, rules, transport))


def _findings(declaration: Declaration, rules: RuleSet, transport: str) -> Iterator[Finding]:
    rates = Rates(Exchange.default(), rules.currency, rules.on, rules.law.destination.exchange_rule)
    tariffs = Tariffs(None, rules.on, rates.convert, rules.law.destination.name)
    try:
        parcel = parcel_facts(
            declaration,
            rules,
            rates,
            tariffs,
            transport=transport,
            carrier="",
            declaration_type="",
            given={},
        )
    except ExchangeRateError:
        return  # the estimate says which rate is missing
    apply_scheme(rules, parcel, None)
    for needed in rules.identifications:
        entry = needed.entry
        try:
            applies = needed.when(parcel, {})
        except MissingFactError:
            applies = True
        if applies:
            yield from _check(declaration, entry)


def _check(declaration: Declaration, entry: Identification) -> Iterator[Finding]:
    if entry.field in {"recipient", "sender", "goods"}:
        yield Finding(
            code="identification_elsewhere",
            message=f"The declaration also needs the {entry.name} ({entry.who}).",
            action="This declaration has no field for it; give it to the carrier.",
            path=entry.field,
            severity="info",
        )
        return
    number: str = getattr(declaration, entry.field)
    if not number:
        yield Finding(
            code="identification_missing",
            message=f"The declaration needs the {entry.name} ({entry.who}).",
            action=f"State {entry.field}.",
            path=entry.field,
            severity="warning" if entry.required else "info",
        )
    elif not _valid(entry, number):
        yield Finding(
            code="identification_invalid",
            message=f"The {entry.field} is no valid {entry.name}.",
            action="Correct it.",
            path=entry.field,
            severity="error",
        )


def _valid(entry: Identification, number: str) -> bool:
    if entry.validator:
        module = importlib.import_module(f"stdnum.{entry.validator}")
        return bool(module.is_valid(number))
    if entry.pattern:
        return re.fullmatch(entry.pattern, number.strip()) is not None
    return True
