"""Declaration to estimate: apply the rules of a destination and day, and word the answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation, localcontext
from typing import Any, Final, Literal

from aliexpress_customs.declaration.model import Declaration
from aliexpress_customs.errors import UsageError
from aliexpress_customs.estimate.answer import answer, no_import
from aliexpress_customs.estimate.candidates import with_candidates
from aliexpress_customs.estimate.duties import EXPECTED, HIGH, LOW, Tariffs
from aliexpress_customs.estimate.engine import Row, run
from aliexpress_customs.estimate.facts import Rates, parcel_facts
from aliexpress_customs.estimate.model import Estimate
from aliexpress_customs.estimate.schemes import apply_scheme
from aliexpress_customs.exchange import Exchange
from aliexpress_customs.rules.compiled import RuleSet
from aliexpress_customs.rules.ruleset import ruleset
from aliexpress_customs.tariff.schedules import schedule

Transport = Literal["post", "express", "air", "sea", "road"]
TRANSPORTS: Final = ("post", "express", "air", "sea", "road")
NO_CARRIER: Final = "none"
"""As `carrier`: no clearance fee of a post or courier counts."""
_PRECISION: Final = 50
_A_RATE: Final = Decimal("0.02")
"""What a stated rate or amount looks like."""


def estimate(
    declaration: Declaration,
    on: dt.date,
    *,
    transport: str = "post",
    scheme: str | None = None,
    carrier: str | None = None,
    declaration_type: str = "",
    assume: frozenset[str] | set[str] | tuple[str, ...] | list[str] = (),
    exclude: frozenset[str] | set[str] | tuple[str, ...] | list[str] = (),
    readings: Mapping[str, str] | None = None,
    given: Mapping[str, Any] | None = None,
    exchange: Exchange | None = None,
    ordered_on: dt.date | None = None,
    lineage: bool = True,
    suggest: bool = True,
) -> Estimate:
    """Duty, VAT, excise and fees on a declaration, and where each is paid.

    Args:
        declaration: values without the destination's VAT.
        on: day of clearance; the rules of that day are read.
        transport: `post`, `express`, `air`, `sea` or `road`.
        scheme: id or name of the collection scheme used; None = the one AliExpress uses there,
            `none` = the seller collects nothing.
        carrier: id of the post or courier whose clearance fee counts, see `rules show`; None = the
            post of the destination if the transport is post, `none` = no such fee counts.
        declaration_type: kind of declaration, such as `H7`.
        assume: announced or suspended rules to switch on.
        exclude: rules to switch off.
        readings: option for each unsettled rule that should not be read by its default.
        given: facts only the caller knows, such as `parcels_this_year`, and values that no source
            gives (`tz.levies_rate`); the reasons name those that the destination does not ask for.
        exchange: where rates come from; default: the bundled history.
        ordered_on: day of the order; default: the declaration's, else `on`.
        lineage: record base, rate, formula and line shares of each charge, and the thresholds.
        suggest: where no commodity code is stated and the answer depends on it, try the codes that
            the titles suggest: the answer is then a range.

    Returns:
        The estimate, in the currency of the destination.

    Raises:
        UnknownDestinationError: no rule table.
        ExchangeRateError: the declared currency cannot be converted.
        UsageError: an unknown scheme, carrier, switch, reading or fact.
    """
    check_transport(transport)
    rules = ruleset(
        declaration.destination_country,
        on,
        ordered_on=ordered_on or declaration.ordered_on or on,
        region=declaration.destination_region or "",
        assume=frozenset(assume),
        exclude=frozenset(exclude),
        readings=tuple(sorted((readings or {}).items())),
    )
    known = dict(given or {})
    _check_given(rules, known)
    carrier = carrier or None
    delivering = _delivering(rules, transport, carrier)
    chain = exchange or Exchange.default()

    def again(declared: Declaration, traced: bool) -> Estimate:
        with localcontext(prec=_PRECISION):
            return _estimated(
                declared,
                rules,
                Rates(chain, rules.currency, on, rules.law.destination.exchange_rule),
                transport=transport,
                scheme=scheme,
                carrier=delivering,
                carrier_assumed=carrier is None,
                declaration_type=declaration_type,
                given=known,
                lineage=traced,
            )

    first = again(declaration, lineage)
    return with_candidates(declaration, first, again, lineage=lineage) if suggest else first


def check_transport(transport: str) -> None:
    """Refuse what is none of `TRANSPORTS`.

    Raises:
        UsageError: it is none.
    """
    if transport not in TRANSPORTS:
        raise UsageError(
            f"{str(transport)[:20]!r} is no transport.",
            path="transport",
            action="Use " + ", ".join(TRANSPORTS) + ".",
        )


def _estimated(
    declaration: Declaration,
    rules: RuleSet,
    rates: Rates,
    *,
    transport: str,
    scheme: str | None,
    carrier: str,
    carrier_assumed: bool,
    declaration_type: str,
    given: Mapping[str, Any],
    lineage: bool,
) -> Estimate:
    """The estimate by one rule set, with the codes as they are declared."""
    if declaration.dispatch_country in rules.law.territory_countries:
        return no_import(declaration, rules, rates, transport)
    measures = schedule(rules.law.destination.tariff)
    tariffs = Tariffs(measures, rules.on, rates.convert, rules.law.destination.name)
    parcel = parcel_facts(
        declaration,
        rules,
        rates,
        tariffs,
        transport=transport,
        carrier=carrier,
        declaration_type=declaration_type,
        given=given,
    )
    chosen = apply_scheme(rules, parcel, scheme)
    rows = run(rules, parcel, lineage=lineage)
    bounds = _bounds(rules, parcel, tariffs)
    return answer(
        declaration,
        rules,
        rates,
        parcel,
        rows,
        bounds,
        chosen,
        tariffs=tariffs,
        transport=transport,
        carrier_assumed=carrier_assumed,
        given=given,
        lineage=lineage,
    )


def _bounds(
    rules: RuleSet, parcel: dict[str, Any], tariffs: Tariffs
) -> tuple[list[Row], list[Row]] | None:
    """The rows at the lowest and highest duty, if the codes leave a choice."""
    if not tariffs.ranged:
        return None

    def rows(scenario: int, taken_as: dict[str, str]) -> list[Row]:
        tariffs.scenario, tariffs.taken_as = scenario, taken_as
        fresh = {**parcel, "lines": [_cleared(line) for line in parcel["lines"]]}
        found = run(rules, fresh, lineage=False)
        tariffs.scenario, tariffs.taken_as = EXPECTED, {}
        return found

    ends: list[dict[str, str]] = []
    for scenario, best in ((LOW, min), (HIGH, max)):
        taken_as = {}
        for line in parcel["lines"]:
            sums = {
                code: amount
                for code in tariffs.alternatives(line)
                if (amount := _sum(rows(scenario, {line["path"]: code}))) is not None
            }
            if sums:
                taken_as[line["path"]] = best(sums, key=lambda code: sums[code])
        ends.append(taken_as)
    return rows(LOW, ends[0]), rows(HIGH, ends[1])


def _sum(rows: Iterable[Row]) -> Decimal | None:
    """What all charges come to; nothing if one is not known."""
    amounts = [row.amount for row in rows]
    return None if None in amounts else sum(filter(None, amounts), Decimal(0))


def _cleared(line: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in line.items() if not name.startswith("=")}


def _check_given(rules: RuleSet, given: dict[str, Any]) -> None:
    """Bring facts to the type of their default; facts that other destinations read are harmless.

    Raises:
        UsageError: a fact of the wrong type.
    """
    for entry in rules.law.given:
        if entry.id in given:
            given[entry.id] = _as_default(entry.id, given[entry.id], entry.default)
    for unknown in rules.unknown:
        if unknown.id in given:
            given[unknown.id] = _as_default(unknown.id, given[unknown.id], _A_RATE)


def _as_default(name: str, value: Any, default: Decimal | str | bool) -> Decimal | str | bool:
    if isinstance(default, bool):
        if isinstance(value, bool):
            return value
        if isinstance(value, str) and value.casefold() in {"true", "yes", "false", "no"}:
            return value.casefold() in {"true", "yes"}
        wanted = "true or false"
    elif isinstance(default, Decimal):
        if isinstance(value, Decimal | int | str) and not isinstance(value, bool):
            try:
                number = Decimal(value)
            except InvalidOperation:
                number = Decimal("NaN")
            if number.is_finite():
                return number
        wanted = "a number"
    elif isinstance(value, str):
        return value
    else:
        wanted = "a text"
    raise UsageError(
        f"The given fact {name!r} is not {wanted}.",
        code="bad_given",
        path=f"given[{name!r}]",
        action=f"Pass {wanted}, such as {default}.",
    )


def _delivering(rules: RuleSet, transport: str, carrier: str | None) -> str:
    """The carrier whose clearance fee counts; empty if none does.

    A parcel by post is delivered by the post of the destination; which courier brings an express
    parcel is not known.
    """
    known = rules.law.carriers
    if carrier is None:
        return next((entry.id for entry in known if transport in entry.usual_for), "")
    if carrier == NO_CARRIER:
        return ""
    if carrier not in {entry.id for entry in known}:
        options = ", ".join([*(entry.id for entry in known), NO_CARRIER])
        raise UsageError(
            f"No clearance fee of carrier {carrier[:40]!r} is known for "
            f"{rules.law.destination.code}.",
            code="unknown_carrier",
            path="carrier",
            action=f"Leave it out, or use: {options}.",
        )
    return carrier
