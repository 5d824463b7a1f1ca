"""The arithmetic: one rule set over one parcel, in exact decimals, charge after charge.

Facts of the parcel and of each line are plain dicts, because compiled expressions read them by
name. Nothing here knows a destination. `estimate.py` prepares the facts and words the answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from aliexpress_customs.money import round_to, split
from aliexpress_customs.rules.compiled import KINDS, CompiledCharge, CompiledRounding, RuleSet
from aliexpress_customs.rules.facts import Compute, Facts, MissingFactError

ZERO: Final = Decimal(0)
FINEST: Final = Decimal("1e-12")
"""Step to which shares of a charge are handed to lines; far below any minor unit."""
_NOTHING: Final = dict.fromkeys(KINDS, ZERO)


@dataclass(slots=True)
class Row:
    """One computed charge."""

    rule: CompiledCharge
    collected: str
    amount: Decimal | None
    unrounded: Decimal | None = None
    base: Decimal | None = None
    rate: Decimal | None = None
    count: int = 1
    zero: str = ""
    missing: MissingFactError | None = None
    waived_by: Any = None
    shares: dict[str, Decimal] = field(default_factory=dict)


@dataclass(slots=True)
class _Part:
    """What one amount is computed for: the parcel, a line, or lines taken together."""

    facts: Facts
    members: list[Facts]


def run(rules: RuleSet, parcel: Facts, *, lineage: bool) -> list[Row]:
    """Compute every charge in the order of the tables.

    Args:
        rules: the compiled rule set.
        parcel: facts of the parcel; `parcel["lines"]` holds those of the lines. Both are updated.
        lineage: also record base, rate and the share of each line.
    """
    lines: list[Facts] = parcel["lines"]
    parcel.update(rules.zeros)
    for line in lines:
        line.update(_NOTHING)
    claimed: dict[str, set[int]] = {}
    rows: list[Row] = []
    for rule in rules.charges:
        taken = claimed.setdefault(rule.entry.group, set()) if rule.entry.group else set()
        free = [line for line in lines if line["index"] not in taken] if taken else lines
        if not free:
            continue
        if rule.entry.per == "consignment":
            found = _whole(rule, parcel, free, taken, lineage)
        else:
            found = _by_part(rule, parcel, free, taken, lineage=lineage)
        for row in found:
            _book(row, parcel, lines, share=rule.shared and rule.entry.per == "consignment")
            rows.append(row)
    _waive(rules, parcel, rows)
    return rows


def _whole(
    rule: CompiledCharge, parcel: Facts, free: list[Facts], taken: set[int], lineage: bool
) -> list[Row]:
    entry = rule.entry
    collected = _place(entry.collected, parcel["in_scheme"])
    try:
        if rule.when is not None and not rule.when(parcel, {}):
            return []
        if entry.group:
            taken.update(line["index"] for line in free)
        amount = _limited(rule, parcel, {})
        row = Row(rule, collected, _rounded(amount, rule.rounding), amount)
        if rule.rate is not None:
            row.rate = rule.rate(parcel, {})
        if lineage and rule.base is not None:
            row.base = rule.base(parcel, {})
        row.zero = _why_zero(row)
        return [row]
    except MissingFactError as missing:
        if entry.group:
            taken.update(line["index"] for line in free)
        return [Row(rule, collected, None, missing=missing)]


def _by_part(
    rule: CompiledCharge,
    parcel: Facts,
    free: list[Facts],
    taken: set[int],
    *,
    lineage: bool,
) -> list[Row]:
    entry = rule.entry
    places: dict[str, list[tuple[_Part, Decimal]]] = {}
    try:
        when = rule.when
        if when is not None and rule.when_of_parcel:
            if not when(parcel, {}):
                return []
            when = None
        for part in _parts(rule, parcel, free, when):
            if when is not None and not when(parcel, part.facts):
                continue
            if entry.group:
                taken.update(member["index"] for member in part.members)
            amount = _limited(rule, parcel, part.facts)
            if entry.per == "piece":
                amount *= part.facts["quantity"]
            inside = part.facts.get("in_scheme", parcel["in_scheme"])
            place = _place(entry.collected, bool(inside))
            places.setdefault(place, []).append((part, amount))
    except MissingFactError as missing:
        if entry.group:
            taken.update(line["index"] for line in free)
        return [Row(rule, _place(entry.collected, parcel["in_scheme"]), None, missing=missing)]
    return [
        _row_of(rule, parcel, place, found, lineage=lineage)
        for place, found in sorted(places.items())
    ]


def _row_of(
    rule: CompiledCharge,
    parcel: Facts,
    place: str,
    found: list[tuple[_Part, Decimal]],
    *,
    lineage: bool,
) -> Row:
    unrounded = sum((amount for _, amount in found), ZERO)
    parts = [amount for _, amount in found]
    total = unrounded
    if rule.part_rounding:
        parts = [_rounded(amount, rule.part_rounding) for amount in parts]
        if rule.entry.total_of == "parts":
            total = sum(parts, ZERO)
    row = Row(rule, place, _rounded(total, rule.rounding), unrounded, count=len(found))
    if rule.entry.per == "piece":
        row.count = int(sum(part.facts["quantity"] for part, _ in found))
    if rule.rate is not None and (lineage or not row.amount):
        rates = {rule.rate(parcel, part.facts) for part, _ in found}
        row.rate = rates.pop() if len(rates) == 1 else None
    if lineage and rule.base is not None:
        row.base = sum((rule.base(parcel, part.facts) for part, _ in found), ZERO)
    if lineage or rule.shared:  # last: a share adds to the duty that a base may be
        if not rule.part_rounding and row.amount is not None and row.amount != unrounded:
            largest = max(range(len(parts)), key=lambda i: (parts[i], -i))
            parts[largest] += row.amount - unrounded
        _share(row, [part for part, _ in found], parts)
    row.zero = _why_zero(row)
    return row


def _share(row: Row, parts: list[_Part], amounts: list[Decimal]) -> None:
    key = f"={row.rule.entry.id}"
    kind = row.rule.entry.kind
    for part, amount in zip(parts, amounts, strict=True):
        for member, share in zip(part.members, _spread(amount, part.members), strict=True):
            member[key] = member.get(key, ZERO) + share
            if member[kind] is not None:
                member[kind] += share
            row.shares[member["path"]] = share


def _spread(amount: Decimal, members: list[Facts]) -> list[Decimal]:
    if len(members) == 1:
        return [amount]
    weights = [member["value"] for member in members]
    if not any(weights):
        weights = [Decimal(1)] * len(members)
    return split(amount, weights, FINEST)


def _parts(
    rule: CompiledCharge, parcel: Facts, free: list[Facts], when: Compute | None
) -> Iterable[_Part]:
    per = rule.entry.per
    if per in {"line", "piece"}:
        return [_Part(line, [line]) for line in free]
    if per == "goods_item":
        digits = rule.entry.item_digits
        if rule.entry.item_by == "code":
            return _grouped(rule, free, lambda line: line["item_key"](digits)[0])
        return _grouped(rule, free, lambda line: line["item_key"](digits))
    rate = rule.rate
    assert rate is not None  # noqa: S101 - the schema demands it
    live = [line for line in free if when is None or when(parcel, line)]
    return _grouped(rule, live, lambda line: rate(parcel, line))


def _grouped(rule: CompiledCharge, lines: list[Facts], key: Callable[[Facts], Any]) -> list[_Part]:
    groups: dict[Any, list[Facts]] = {}
    for line in lines:
        groups.setdefault((key(line), line.get("in_scheme")), []).append(line)
    return [_Part(_combined(rule, members), members) for members in groups.values()]


def _combined(rule: CompiledCharge, members: list[Facts]) -> Facts:
    """Lines taken together: what the charge reads of them is summed."""
    if len(members) == 1:
        return members[0]
    whole = dict(members[0])
    for name in rule.sums:
        whole[name] = _sum(member.get(name, ZERO) for member in members)
    return whole


def _sum(values: Iterable[Decimal | None]) -> Decimal | None:
    total = ZERO
    for value in values:
        if value is None:
            return None
        total += value
    return total


def _limited(rule: CompiledCharge, parcel: Facts, part: Facts) -> Decimal:
    amount: Decimal = rule.amount(parcel, part)
    if rule.at_least is not None:
        amount = max(amount, rule.at_least(parcel, part))
    if rule.at_most is not None:
        amount = min(amount, rule.at_most(parcel, part))
    return amount


def _rounded(amount: Decimal, rounding: CompiledRounding) -> Decimal:
    return round_to(amount, rounding.step, rounding.mode) if rounding.step else amount


def _place(collected: str, in_scheme: bool) -> str:
    if collected == "scheme":
        return "checkout" if in_scheme else "delivery"
    return collected


def _why_zero(row: Row) -> str:
    if row.amount is None or row.amount != 0:
        return ""
    if row.rule.entry.zero:
        return row.rule.entry.zero
    if row.rate == 0 and row.rule.entry.rate is not None:
        return "zero_rate"
    if row.unrounded:
        return "rounds_to_zero"
    return "free" if row.rule.entry.kind == "duty" else "nothing_to_charge"


def _book(row: Row, parcel: Facts, lines: list[Facts], *, share: bool) -> None:
    """Add a charge to the sums that later charges read."""
    kind, key = row.rule.entry.kind, f"={row.rule.entry.id}"
    place = f"due_at_{row.collected}"
    if row.amount is None:
        parcel[kind] = parcel[key] = parcel[place] = None
        for line in lines:
            line[kind] = None
        return
    for name in (kind, key, place):
        if parcel[name] is not None:
            parcel[name] += row.amount
    if share and not row.shares and row.amount:
        _share(row, [_Part({}, lines)], [row.amount])


def _waive(rules: RuleSet, parcel: Facts, rows: list[Row]) -> None:
    """Charges that the law computes and then does not collect."""
    for waiver in rules.waivers:
        entry = waiver.entry
        touched = [
            row
            for row in rows
            if row.amount
            and row.collected == "delivery"
            and (row.rule.entry.kind in entry.waives or row.rule.entry.id in entry.waives)
        ]
        try:
            if not touched or not waiver.when(parcel, {}):
                continue
        except MissingFactError:
            continue  # nothing is waived on a guess; the unknown amount already stands as a reason
        for row in touched:
            amount = row.amount or ZERO
            for name in (row.rule.entry.kind, f"={row.rule.entry.id}", "due_at_delivery"):
                if parcel[name] is not None:
                    parcel[name] -= amount
            row.amount, row.zero, row.waived_by = ZERO, entry.zero, entry
