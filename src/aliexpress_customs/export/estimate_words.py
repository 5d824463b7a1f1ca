"""Charges, limits and reasons of an estimate as sentences for people.

Paths are counted from one, names of the rule tables lose their underscores; the words for a charge
are those of `Estimate.explain`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Context, Decimal
from typing import Final, Literal

from aliexpress_customs.estimate.explain import ZERO_WORDS, how, trust
from aliexpress_customs.estimate.model import Charge, Range, Threshold, UsedRate
from aliexpress_customs.export.amounts import grouped
from aliexpress_customs.model import Finding, Model, Severity
from aliexpress_customs.money import Money, is_exact, money

_CARRIERS: Final = {"post": "the post", "express": "the courier"}
_FINEST: Final = Decimal("0.0001")
"""Of a base or limit: amounts between the charges are not rounded by law."""
_RATE_DIGITS: Final = Context(prec=7)
_SEVERITIES: Final[tuple[Severity, ...]] = ("error", "warning", "info")
_ITEM_PATH: Final = re.compile(r"items\[(\d+)\](?:\.lines\[(\d+)\])?")
_IDENTIFIER: Final = re.compile(r"\b[a-z]{2,4}\.(?=[a-z])|_")
"""The table a name comes from (`br.`), and the underscores of names in formulas."""
_ABBREVIATIONS: Final = re.compile(r"\b(?:vat|gst|ioss|cif|fob|c2c|usmca|cusma)\b")


class ChargeText(Model):
    """One duty, tax or fee in words."""

    label: str
    amount: Money | None
    range: Range | None
    base: str
    """Empty if the charge has no single base."""
    rate: str
    computed: str
    """What the base is, or the formula."""
    why: str
    """Why it is 0 or unknown; empty if it is neither."""
    collected: str
    """When and by whom."""
    law: str
    """For whom, legal basis, since when it holds and how sure that is."""
    source: str
    """Address of the source."""


class LimitText(Model):
    """A limit of law that was tested."""

    name: str
    limit: str
    tested: str
    verdict: Literal["within", "exceeded"]


def charge_text(charge: Charge, transport: str) -> ChargeText:
    """A charge in words; `transport` tells who collects at the door."""
    carrier = _CARRIERS.get(transport, "the carrier")
    taker = "at checkout, by the shop"
    if charge.collected == "delivery":
        taker = f"at the door, by {carrier}"
    rate = "" if charge.rate is None else f"{(charge.rate * 100).normalize():f} %"
    simple = charge.base is not None and rate
    computed = f"{rate} of {charge.base_name}" if simple and charge.base_name else how(charge)
    payee = f"For {charge.payee}" if charge.payee and charge.kind != "handling" else ""
    zero = ZERO_WORDS.get(charge.zero_reason, charge.zero_reason)
    until = f" to {charge.effective_to}" if charge.effective_to else ""
    since = f"in force from {charge.effective_from}{until}" if charge.effective_from else ""
    valid = "announced, not in force" if charge.status == "announced" else since
    return ChargeText(
        label=charge.label,
        amount=charge.amount,
        range=charge.range,
        base=_shown(charge.base) if charge.base is not None else "",
        rate=rate,
        computed=_plain(computed),
        why=_places(charge.reason) or (f"0 because: {zero}" if zero else ""),
        collected=taker,
        law="; ".join(filter(None, (payee, charge.legal_basis, valid, trust(charge)))),
        source=charge.source_url,
    )


def limit_text(limit: Threshold) -> LimitText:
    """A tested limit in words, also in the currency of the destination."""
    upto = "up to and including" if limit.inclusive else "below"
    own = limit.limit_value.currency.code
    converted = "" if limit.amount.currency.code == own else f" = {_shown(limit.limit_value)}"
    return LimitText(
        name=_sentence(_plain(limit.id)),
        limit=f"{upto} {_shown(limit.amount)}{converted}",
        tested=f"{_plain(limit.basis)}: {_shown(limit.tested_value)}",
        verdict="exceeded" if limit.exceeded else "within",
    )


def reason_texts(reasons: tuple[Finding, ...]) -> Iterator[str]:
    """Each reason once, with all the places it holds for; what is missing comes first."""
    places: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for reason in sorted(reasons, key=lambda one: _SEVERITIES.index(one.severity)):
        found = places.setdefault((_places(reason.message), reason.action), [])
        if match := _ITEM_PATH.search(reason.path):
            found.append((int(match[2] or -1) + 1, int(match[1]) + 1))
    for (message, action), where in places.items():
        by_line: dict[int, list[int]] = {}
        for line, item in sorted(set(where)):
            by_line.setdefault(line, []).append(item)
        texts = [_items(items, line) for line, items in by_line.items()]
        start = f"{_sentence('; '.join(texts))}: " if texts else ""
        yield f"{start}{message} {action}".strip()


def _items(items: list[int], line: int) -> str:
    """Sorted item numbers, neighbours as a span: `items 1-3, 7, line 2`; line 0 = the whole."""
    spans: list[list[int]] = []
    for item in items:
        if spans and spans[-1][-1] == item - 1:
            spans[-1].append(item)
        else:
            spans.append([item])
    texts = [f"{one[0]}-{one[-1]}" if one[1:] else f"{one[0]}" for one in spans]
    numbers = ", ".join(texts)
    return f"item{'s' if items[1:] else ''} {numbers}{f', line {line}' if line else ''}"


def _shown(amount: Money) -> str:
    """An amount with its currency; not more than four decimals, which laws do not round."""
    code = amount.currency.code
    exact: Decimal = amount.amount
    kept = amount if is_exact(exact, _FINEST) else money(exact.quantize(_FINEST), code)
    return f"{grouped(kept)} {code}"


def rate_text(rate: UsedRate) -> str:
    """An exchange rate with seven significant digits."""
    digits = f"{_RATE_DIGITS.plus(rate.rate).normalize():f}"
    return f"1 {rate.base} = {digits} {rate.quote}, {rate.source}, {rate.date}"


def _places(text: str) -> str:
    """Paths of the model as people count: from one."""

    def place(match: re.Match[str]) -> str:
        line = f", line {int(match[2]) + 1}" if match[2] else ""
        return f"item {int(match[1]) + 1}{line}"

    return _ITEM_PATH.sub(place, text)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _plain(text: str) -> str:
    """Names of the rule tables as words."""
    words = _IDENTIFIER.sub(lambda found: " " if found[0] == "_" else "", text)
    return " ".join(_ABBREVIATIONS.sub(lambda found: found[0].upper(), words).split())
