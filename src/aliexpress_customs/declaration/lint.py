"""Checks before export: everything that would make a channel refuse a declaration, with the fix.

One list of findings with stable codes. The limits of the channels are data (`channels.py`); here is
how a limit is tested, and what no channel tolerates: amounts that contradict each other, several
currencies, IOSS numbers where they do not belong, words customs refuse.

Codes: those of `checks.check`; of a limit its own or `too_many_rows`, `too_long`, `too_short`,
`hs_digits`, `characters_refused`, `above_limit`, `below_limit`, `value_refused`,
`pattern_refused`, `field_missing`, `value_above_limit`, `value_not_tested`; and of the checks of
`contradictions.py`.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

from aliexpress_customs.commodity.descriptions import clean_description
from aliexpress_customs.declaration.channels import (
    EU,
    Channel,
    Limit,
    channel,
    common,
    member_states,
)
from aliexpress_customs.declaration.checks import check
from aliexpress_customs.declaration.contradictions import contradictions
from aliexpress_customs.declaration.model import Declaration
from aliexpress_customs.errors import UsageError
from aliexpress_customs.model import Finding
from aliexpress_customs.money import EXACT

PERSONAL: Final = ("recipient", "importer_tax_id", "sender")
"""Fields whose content never stands in a finding."""
_ORDER: Final = {"error": 0, "warning": 1, "info": 2}


def lint(
    declaration: Declaration,
    channel_name: str,
    *,
    on: dt.date | None = None,
    rates: Mapping[str, Decimal | str | int] | None = None,
) -> tuple[Finding, ...]:
    """What a channel would refuse or ask back, the gravest first.

    Args:
        declaration: any declaration.
        channel_name: one of `channels.channels()`.
        on: day it is sent; default: today.
        rates: units of the declaration's currency for one unit of another, such as
            `{"XDR": "1.36", "EUR": "1.08"}`, for limits in those currencies.

    Raises:
        UsageError: an unknown channel, or a rate that is not a positive decimal number.
    """
    chosen = channel(channel_name)
    day = on or dt.datetime.now(dt.UTC).date()
    known = {code: _rate(code, rate) for code, rate in (rates or {}).items()}
    found = [*check(declaration), *contradictions(declaration)]
    for limit in (*common(), *chosen.limit):
        if _applies(limit, declaration, day):
            found += _tested(limit, declaration, chosen, known)
    unique = {(finding.code, finding.path, finding.message): finding for finding in found}
    return tuple(sorted(unique.values(), key=lambda finding: _ORDER[finding.severity]))


def _applies(limit: Limit, declaration: Declaration, day: dt.date) -> bool:
    return (
        (limit.since is None or limit.since <= day)
        and (limit.until is None or day <= limit.until)
        and (not limit.destinations or _within(declaration.destination_country, limit.destinations))
        and (not limit.contents or declaration.contents_type in limit.contents)
        and (limit.importer is None or declaration.importer == limit.importer)
        and (not limit.when_given or bool(getattr(declaration, limit.when_given)))
    )


def _within(country: str, allowed: tuple[str | int, ...]) -> bool:
    return country in allowed or (EU in allowed and country in member_states())


def _tested(
    limit: Limit, declaration: Declaration, chosen: Channel, rates: Mapping[str, Decimal]
) -> Iterator[Finding]:
    if limit.check == "count":
        yield from _count(limit, declaration, chosen)
        return
    for path, value in _values(declaration, limit.field):
        empty = value is None or not str(value).strip() or value == ()
        if limit.check == "required":
            if empty:
                name = limit.field.rsplit(".", 1)[-1].replace("|", " or ")
                yield _finding(
                    limit, path, "field_missing", f"{chosen.label} needs {name}.", f"State {name}."
                )
        elif not empty or limit.check == "one_of":
            yield from _test(limit, path, value, declaration, rates)


def _test(
    limit: Limit, path: str, value: Any, declaration: Declaration, rates: Mapping[str, Decimal]
) -> Iterator[Finding]:
    match limit.check:
        case "length":
            yield from _length(limit, path, value)
        case "digits":
            yield from _digits(limit, path, value)
        case "characters":
            yield from _characters(limit, path, value)
        case "number":
            yield from _number(limit, path, value)
        case "value":
            yield from _value(limit, path, value, declaration, rates)
        case "one_of" if not _within(value, limit.allowed):
            words = ", ".join(str(word) or "nothing" for word in limit.allowed)
            message = f"{path} is not one of: {words}."
            yield _finding(limit, path, "value_refused", message, f"Use one of: {words}.")
        case "pattern" if not re.fullmatch(limit.pattern, value):
            yield _finding(limit, path, "pattern_refused", f"{path} has another form.", "Check it.")


def _count(limit: Limit, declaration: Declaration, chosen: Channel) -> Iterator[Finding]:
    by_item = chosen.rows == "item"
    count = len(declaration.items if by_item else declaration.lines)
    if limit.most is not None and count > limit.most:
        noun = "goods items" if by_item else "product lines"
        message = f"{chosen.label} takes {limit.most:f} {noun}, the declaration has {count}."
        action = "Split the parcel, or join goods items of one code, description and origin."
        yield _finding(limit, limit.field, "too_many_rows", message, action)


def _length(limit: Limit, path: str, value: Any) -> Iterator[Finding]:
    texts = value if isinstance(value, tuple) else (value,)
    longest = max(texts, key=len)
    count = len(longest)
    if limit.most is not None and count > limit.most:
        most = int(limit.most)
        action = f"Shorten it to {most}."
        if path.endswith(".description") and (short := clean_description(longest, most)):
            action = f'Pass descriptions; for example "{short}".'
        message = f"{path} has {count} characters, {most} are taken."
        yield _finding(limit, path, "too_long", message, action)
    if limit.least is not None and count < limit.least:
        message = f"{path} has {count} characters, at least {limit.least:f} are needed."
        yield _finding(limit, path, "too_short", message, "Say more.")


def _digits(limit: Limit, path: str, value: str) -> Iterator[Finding]:
    if len(value) in limit.allowed:
        return
    numbers = [int(number) for number in limit.allowed]
    span = list(range(min(numbers), max(numbers) + 1))
    words = (
        f"{numbers[0]} to {numbers[-1]}"
        if len(numbers) > 2 and numbers == span
        else " or ".join(map(str, numbers))
    )
    message = f"The commodity code has {len(value)} digits, {words} are taken."
    shorter = [number for number in numbers if number < len(value)]
    fits = f"Pass the first {max(shorter)} digits." if shorter else "Look the longer code up."
    yield _finding(limit, path, "hs_digits", message, fits)


def _characters(limit: Limit, path: str, value: str) -> Iterator[Finding]:
    encoding = limit.encoding or "ascii"
    refused = {char for char in value if not char.encode(encoding, "ignore")}
    if refused:
        shown = ", ".join(f"U+{ord(char):04X}" for char in sorted(refused)[:5])
        personal = path.startswith(PERSONAL)
        message = f"{path} has characters outside {encoding}{'' if personal else f': {shown}'}."
        yield _finding(limit, path, "characters_refused", message, "Write it in Latin letters.")


def _number(limit: Limit, path: str, value: Any) -> Iterator[Finding]:
    number = Decimal(value)
    if limit.most is not None and number > limit.most:
        message = f"{path} is {number:f}, at most {limit.most:f} is taken."
        yield _finding(limit, path, "above_limit", message, "Split the parcel or the row.")
    if limit.least is not None and number < limit.least:
        message = f"{path} is {number:f}, at least {limit.least:f} is taken."
        yield _finding(limit, path, "below_limit", message, "Check the unit: kg, pieces.")


def _value(
    limit: Limit, path: str, value: Any, declaration: Declaration, rates: Mapping[str, Decimal]
) -> Iterator[Finding]:
    rate = Decimal(1) if limit.currency == declaration.currency else rates.get(limit.currency)
    most = limit.most or Decimal(0)
    if rate is None:
        yield Finding(
            code="value_not_tested",
            message=f"Not tested for lack of a rate: is the value above {most:f} {limit.currency}?",
            action=f"Pass rates with {limit.currency} in {declaration.currency}.",
            path=path,
            severity="info",
        )
    elif value.amount > EXACT.multiply(most, rate):
        message = f"The value is above {most:f} {limit.currency}."
        yield _finding(limit, path, "value_above_limit", message, "Use another procedure.")


def _finding(limit: Limit, path: str, code: str, message: str, action: str) -> Finding:
    return Finding(
        code=limit.code or code,
        message=limit.message or message,
        action=limit.action or action,
        path=path,
        severity=limit.severity,
    )


def _values(thing: Any, field: str) -> Iterator[tuple[str, Any]]:
    """The values at a field path with where they stand; `a|b` is the first of two that is known."""
    name, _, rest = field.partition(".")
    if not rest:
        names = name.split("|")
        known = [(one, getattr(thing, one)) for one in names if getattr(thing, one)]
        yield next(iter(known), (names[0], getattr(thing, names[0])))
        return
    inner = getattr(thing, name)
    if inner is None:
        yield field, None
    elif isinstance(inner, tuple):
        for index, part in enumerate(inner):
            for path, value in _values(part, rest):
                yield f"{name}[{index}].{path}", value
    else:
        for path, value in _values(inner, rest):
            yield f"{name}.{path}", value


def _rate(code: str, value: Decimal | str | int) -> Decimal:
    try:
        rate = Decimal(value) if isinstance(value, Decimal | str | int) else Decimal("nan")
    except ArithmeticError:
        rate = Decimal("nan")
    if isinstance(value, bool) or not rate.is_finite() or rate <= 0:
        raise UsageError(
            "A rate is not a positive decimal number.",
            code="bad_rate",
            path=f"rates[{code[:8]!r}]",
            action='Pass text or Decimal, such as {"XDR": "1.36"}.',
        )
    return rate
