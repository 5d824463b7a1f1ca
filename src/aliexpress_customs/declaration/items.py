"""Goods items as customs counts them: same commodity code, same description, same origin."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, Inexact
from typing import Final, Literal

from aliexpress_customs.commodity.codes import hs6
from aliexpress_customs.commodity.customs_description import customs_description
from aliexpress_customs.commodity.descriptions import clean_description, same_description
from aliexpress_customs.declaration.model import CodeSource, DeclarationLine, GoodsItem
from aliexpress_customs.money import EXACT, Money, money

Describe = Callable[[str], str | None] | Literal["customs"]
"""Short description of an HS subheading (six digits), or None if it has none; `customs`: what the
title and the code say, worded as customs wants it, see `commodity.customs_description`."""

_UNIT_VALUE_STEP: Final = Decimal("0.000001")


@dataclass(frozen=True)
class Described:
    """A line with what decides which goods item it belongs to."""

    line: DeclarationLine
    hs_code: str | None
    hs_code_source: CodeSource
    origin_country: str
    origin_assumed: bool
    description: str
    """As the caller states it; empty = not stated."""


def goods_items(
    lines: Iterable[Described], describe: Describe | None = None, *, merge: bool = True
) -> list[GoodsItem]:
    """Group lines into goods items, in the order of first appearance.

    Lines without a stated description share an item if their code and origin are the same; if the
    code is not known, if their titles are the same.

    Args:
        lines: the lines of a consignment.
        describe: texts for codes whose lines state no description; default: the title.
        merge: False makes each line an item of its own.
    """
    if not merge:
        worded = (replace(line, description=_description(line, describe)) for line in lines)
        return [_item(number, [line]) for number, line in enumerate(worded, start=1)]
    groups: dict[tuple[str | None, str, str], list[Described]] = {}
    for line in lines:
        wording = line.description or ("" if line.hs_code else line.line.title)
        key = (line.hs_code, same_description(wording), line.origin_country)
        groups.setdefault(key, []).append(line)
    named: dict[tuple[str | None, str, str], list[Described]] = {}
    for members in groups.values():
        first = replace(members[0], description=_description(members[0], describe))
        key = (first.hs_code, same_description(first.description), first.origin_country)
        named.setdefault(key, []).extend([first, *members[1:]])
    return [_item(number, members) for number, members in enumerate(named.values(), start=1)]


def unit_value(line_value: Money, quantity: int) -> Money:
    """Value of one piece: exact if it divides, else to six decimals.

    >>> unit_value(money("10.00", "EUR"), 3)
    Money('3.333333', 'EUR')
    """
    context = EXACT.copy()
    context.clear_flags()
    value = context.divide(line_value.amount, Decimal(quantity))
    if context.flags[Inexact]:
        value = value.quantize(_UNIT_VALUE_STEP, context=EXACT)
    return money(value, line_value.currency.code)


def _description(line: Described, describe: Describe | None) -> str:
    """Stated, else the text of the code, else the title made short."""
    if line.description:
        return line.description
    text = None
    if describe == "customs":
        text = customs_description(line.line.title, line.hs_code or "", variant=line.line.variant)
    elif describe is not None and line.hs_code:
        text = describe(hs6(line.hs_code))
    return text or clean_description(line.line.title)


def _item(number: int, members: Sequence[Described]) -> GoodsItem:
    first = members[0]
    return GoodsItem(
        number=number,
        description=first.description,
        hs_code=first.hs_code,
        hs_code_source=first.hs_code_source,
        origin_country=first.origin_country,
        origin_assumed=any(member.origin_assumed for member in members),
        lines=tuple(member.line for member in members),
    )
