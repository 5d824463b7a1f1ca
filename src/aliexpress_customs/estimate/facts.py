"""From a declaration to the facts that expressions read, in the currency of the destination."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from operator import itemgetter
from typing import Any

from aliexpress_customs.declaration.model import Declaration, DeclarationLine, GoodsItem
from aliexpress_customs.errors import ExchangeRateError
from aliexpress_customs.estimate.duties import Tariffs
from aliexpress_customs.exchange import Exchange, Rate
from aliexpress_customs.money import EXACT, round_to, split
from aliexpress_customs.rules.compiled import RuleSet
from aliexpress_customs.rules.facts import Facts
from aliexpress_customs.rules.parameters import is_money, stated_slot
from aliexpress_customs.tariff.duty import parse_duty

_NOISE = Decimal("1e-12")
"""Conversions are kept to 12 decimals, so that a division never moves a value over a limit."""
_Kind = tuple[str, str, str]
"""Code, description and origin."""


@dataclass
class Rates:
    """Converts into the currency of the destination and remembers every rate used."""

    exchange: Exchange
    currency: str
    on: dt.date
    rule: str
    used: dict[str, Rate] = field(default_factory=dict)

    def convert(self, amount: Decimal, currency: str) -> Decimal:
        """An amount in the currency of the destination.

        Raises:
            ExchangeRateError: no rate is known.
        """
        if currency == self.currency:
            return amount
        rate = self.used.get(currency)
        if rate is None:
            rate = self.exchange.customs_rate(currency, self.currency, self.on, self.rule)
            self.used[currency] = rate
        return round_to(rate.apply(amount), _NOISE)


def parcel_facts(
    declaration: Declaration,
    rules: RuleSet,
    rates: Rates,
    tariffs: Tariffs,
    *,
    transport: str,
    carrier: str,
    declaration_type: str,
    given: Mapping[str, Any],
) -> Facts:
    """Everything expressions may read about a parcel; see `rules.vocabulary`."""
    lines = _lines(declaration, rates)
    value = sum((line["value"] for line in lines), Decimal(0))
    freight = rates.convert(_amount(declaration.freight), declaration.currency)
    insurance = rates.convert(_amount(declaration.insurance), declaration.currency)
    _allot(lines, "freight", freight)
    _allot(lines, "insurance", insurance)
    territory = rules.territory(declaration.postcode)
    facts: Facts = {
        "lines": lines,
        "intrinsic_value": value,
        "freight": freight,
        "insurance": insurance,
        "gross_weight_kg": declaration.gross_weight_kg,
        "net_weight_kg": declaration.net_weight_kg if "net_weight_kg" in rules.reads else None,
        "pieces": sum((line["quantity"] for line in lines), Decimal(0)),
        "code_count": Decimal(len({one.hs_code or one.description for one in declaration.items})),
        "item_count": Decimal(len({_kind_of(one) for one in declaration.items})),
        "importer": declaration.importer,
        "purpose": declaration.purpose,
        "transport": transport,
        "declaration": declaration_type,
        "region": declaration.destination_region or "",
        "postcode": declaration.postcode,
        "territory": territory.id if territory and territory.effect == "rules" else "",
        "dispatch_country": declaration.dispatch_country,
        "carrier": carrier,
        "scheme": "none",
        "in_scheme": False,
        "assumed": {},
        "unknown_codes": set(),
        "readings": set(),
        "asked": set(),
        "narrowed": {},
        "tariff()": tariffs.duty,
        "tariff_rate()": tariffs.rate,
        "listed()": tariffs.listed,
    }
    for entry in rules.law.given:
        facts[entry.id] = given.get(entry.id, entry.default)
    for unknown in rules.unknown:
        if unknown.id in given:
            stated = given[unknown.id]
            money = is_money(unknown)
            facts[stated_slot(unknown)] = rates.convert(stated, unknown.unit) if money else stated
    for slot, amount, currency in rules.money_slots:
        try:
            facts[slot] = rates.convert(amount, currency)
        except ExchangeRateError:
            continue  # a rule that reads it refuses, naming the rate that is missing
    return facts


def _lines(declaration: Declaration, rates: Rates) -> list[Facts]:
    found = [
        (_sort_key(item, line), n, m, item, line)
        for n, item in enumerate(declaration.items)
        for m, line in enumerate(item.lines)
    ]
    found.sort(key=itemgetter(0, 1, 2))
    kinds: Counter[_Kind] = Counter()
    copies: list[int] = []
    for item in declaration.items:
        copies.append(kinds[_kind_of(item)])
        kinds[_kind_of(item)] += item.hs_code_source != "unknown"  # suggested: not declared twice
    lines = []
    for index, (_, n, m, item, line) in enumerate(found):
        facts = _line(declaration.currency, rates, item, line)
        facts["item_key"] = _item_key(item, copies[n])
        facts["path"] = f"items[{n}].lines[{m}]"
        facts["index"] = index
        lines.append(facts)
    return lines


def _sort_key(item: GoodsItem, line: DeclarationLine) -> tuple[Any, ...]:
    """Content, not position: the answer does not depend on the order of lines."""
    return (
        item.hs_code or "",
        item.description,
        item.origin_country,
        line.line_value.amount,
        line.quantity,
        line.title,
        line.category,
        line.duty_rate or "",
        line.line_net_weight_kg or Decimal(-1),
    )


def _line(currency: str, rates: Rates, item: GoodsItem, line: DeclarationLine) -> Facts:
    if line.duty_rate is not None:
        parse_duty(line.duty_rate)  # a malformed rate is an error even where it is not needed
    return {
        "value": rates.convert(line.line_value.amount, currency),
        "unit_value": rates.convert(line.unit_value.amount, currency),
        "quantity": Decimal(line.quantity),
        "net_weight_kg": line.line_net_weight_kg,
        "origin_country": item.origin_country,
        "category": line.category,
        "hs_code": item.hs_code or "",
        "duty_rate": line.duty_rate,
        "duty_rate_stated": line.duty_rate is not None,
        "title": line.title,
    }


def _kind_of(item: GoodsItem) -> _Kind:
    """What makes goods one item: code, description and origin."""
    return item.hs_code or "", " ".join(item.description.split()).casefold(), item.origin_country


def _item_key(item: GoodsItem, copy: int) -> Callable[[int | None], tuple[str, str, str, int]]:
    """What a charge for each goods item counts by; items declared twice count twice."""
    code, description, origin = _kind_of(item)

    def key(digits: int | None) -> tuple[str, str, str, int]:
        return code[:digits], description, origin, copy

    return key


def _allot(lines: list[Facts], name: str, total: Decimal) -> None:
    if not total:
        shares = [Decimal(0)] * len(lines)
    elif len(lines) == 1:
        shares = [total]
    else:
        weights = [line["value"] for line in lines]
        if not any(weights):
            weights = [line["quantity"] for line in lines]
        shares = split(EXACT.plus(total), weights, _NOISE)
    for line, share in zip(lines, shares, strict=True):
        line[name] = share


def _amount(value: Any) -> Decimal:
    return value.amount if value is not None else Decimal(0)
