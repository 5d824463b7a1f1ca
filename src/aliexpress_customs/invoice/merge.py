"""Several sources of one order to one invoice: field by field the richest wins.

For folders of saved replies. Orders are brought together by id (also one a spreadsheet has cut),
parcels, refunds and tax data without an id by the goods they name. Amounts are never mixed: lines,
rows and total come from one source. Where two sources contradict each other the richer one stands
and a finding says so.

>>> from aliexpress_customs.invoice.model import Source
>>> page = Invoice(source=Source(kind="mtop_order_detail"), order_id="1", currency="EUR")
>>> mail = page.model_copy(update={"source": Source(kind="order_email"), "status": "shipped"})
>>> [(one.source.kind, one.status) for one in merge([mail, page])]
[('mtop_order_detail', 'shipped')]
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from aliexpress_customs.invoice import ids
from aliexpress_customs.invoice.draft import NO_VALUE
from aliexpress_customs.invoice.join import join_part
from aliexpress_customs.invoice.merge_lines import merge_lines
from aliexpress_customs.invoice.model import UNKNOWN_CURRENCY, Address, Invoice, Party
from aliexpress_customs.invoice.readers import RICHNESS
from aliexpress_customs.invoice.reconcile import settle, settle_without_rows
from aliexpress_customs.model import Finding, Model

PARTS: Final = frozenset({"parcels", "refunds", "tax_statement"})
"""Types of documents that tell only a part of an order."""

_PLAIN: Final = (
    "document_no", "issue_date", "checkout_id", "ordered_at", "paid_at", "shipped_at",
    "finished_at", "base_currency", "platform", "account_country",
)  # fmt: skip
"""Fields taken over where the richer source says nothing."""
_AMOUNTS: Final = ("total", "paid", "refunded")
_ABOUT_GAPS: Final = {
    "order_id_missing": "order_id",
    "status_unknown": "status",
    "address_masked": "ship_to",
}
"""Findings that no longer hold once another source has filled the field."""
_RANK: Final = {kind: index for index, kind in enumerate(RICHNESS)}


def merge(invoices: Iterable[Invoice]) -> list[Invoice]:
    """One invoice an order, in the order in which orders first appear.

    Args:
        invoices: of any sources, duplicates included.
    """
    listed = _mended(list(invoices))
    groups: dict[str, list[Invoice]] = {}
    for index, invoice in enumerate(listed):
        groups.setdefault(_key(invoice, index), []).append(invoice)
    merged: dict[str, Invoice] = {}
    loose: list[tuple[str, Invoice]] = []
    for key, group in groups.items():
        whole = _ranked([one for one in group if one.document_type not in PARTS])
        parts = _ranked([one for one in group if one.document_type in PARTS])
        if whole:
            order = _together(whole)
            for part in reversed(parts):
                joined = join_part(order, part)
                order = order if joined is None else joined
            merged[key] = order
        else:
            loose += [(key, part) for part in _joined(parts)]
    named = _by_goods(merged) if loose else {}
    for key, part in loose:
        _place(merged, key, part, named)
    return list(merged.values())


def _joined(parts: list[Invoice]) -> list[Invoice]:
    """The parts of an order that is not there itself, duplicates dropped."""
    kept: list[Invoice] = []
    for part in parts:
        if any(_same(one, part) for one in kept):
            continue
        same = next((i for i, k in enumerate(kept) if k.document_type == part.document_type), None)
        joined = join_part(kept[same], part) if same is not None else None
        if same is not None and joined is not None:
            kept[same] = joined
        else:
            kept.append(part)
    return kept


def _by_goods(merged: dict[str, Invoice]) -> dict[str, list[str]]:
    """Where orders of a line or product are, so that each part is tried on few of them."""
    found: dict[str, list[str]] = {}
    for place, order in merged.items():
        for name in _goods(order):
            found.setdefault(name, []).append(place)
    return found


def _goods(invoice: Invoice) -> set[str]:
    named = {name for line in invoice.lines for name in (line.line_id, line.product_id) if name}
    for parcel in invoice.parcels:
        named |= {name for item in parcel.items for name in (item.line_id, item.product_id) if name}
    return named


def _key(invoice: Invoice, index: int) -> str:
    """What makes two invoices the same order, or the same notice."""
    if invoice.order_id:
        return invoice.order_id
    return f"#{invoice.document_no}" if invoice.document_no else f"##{index}"


def _ranked(group: list[Invoice]) -> list[Invoice]:
    """The richest first; of equal kinds the last, as the latest state."""
    order = sorted(
        enumerate(group),
        key=lambda item: (
            item[1].currency == UNKNOWN_CURRENCY,
            _RANK.get(item[1].source.kind, len(_RANK)),
            -item[0],
        ),
    )
    return [invoice for _, invoice in order]


def _place(
    merged: dict[str, Invoice], key: str, part: Invoice, named: dict[str, list[str]]
) -> None:
    """Join a part to the one order whose goods it names; else it stays alone."""
    fitting = []
    places = dict.fromkeys(place for name in sorted(_goods(part)) for place in named.get(name, ()))
    for place in places:
        order = merged[place]
        if order.document_type not in PARTS and part.order_id in {None, order.order_id}:
            joined = join_part(order, part)
            if joined is not None:
                fitting.append((place, joined))
    whole = [place for place, joined in fitting if joined.lines]
    if part.document_type == "parcels" and fitting and _disjoint(part, fitting):
        merged.update(fitting)
    elif len(whole) == 1:
        merged[whole[0]] = dict(fitting)[whole[0]]
    else:
        merged[key if key not in merged else f"{key}/{len(merged)}"] = part


def _disjoint(part: Invoice, fitting: Sequence[tuple[str, Invoice]]) -> bool:
    """Whether each item of the parcels lies in one order only (several orders may share one)."""
    named = sum(len(parcel.items) for parcel in part.parcels)
    taken = 0
    for _, order in fitting:
        numbers = {(parcel.tracking, parcel.internal_no) for parcel in part.parcels}
        taken += sum(
            len(parcel.items)
            for parcel in order.parcels
            if (parcel.tracking, parcel.internal_no) in numbers
        )
    return taken <= named


def _mended(invoices: list[Invoice]) -> list[Invoice]:
    """Order ids a spreadsheet has cut, restored from sources that kept them whole."""
    sound = {
        one.order_id[: ids.KEPT_DIGITS]: one.order_id
        for one in invoices
        if one.order_id and not ids.looks_cut(one.order_id)
    }
    found = []
    for invoice in invoices:
        order_id = invoice.order_id
        true = sound.get(order_id[: ids.KEPT_DIGITS]) if order_id else None
        if order_id and true and ids.looks_cut(order_id) and len(true) == len(order_id):
            kept = tuple(f for f in invoice.findings if f.code != "order_id_uncertain")
            found.append(invoice.model_copy(update={"order_id": true, "findings": kept}))
        else:
            found.append(invoice)
    return found


def _together(group: list[Invoice]) -> Invoice:
    """The invoices of one order, richest first, as one."""
    base, *others = group
    for other in others:
        if _same(base, other):
            continue
        base = _filled(base, other)
    return base


def _same(one: Invoice, other: Invoice) -> bool:
    """Whether two invoices are the same but for the file they came from."""
    return one == other.model_copy(update={"source": one.source})


def _filled(base: Invoice, other: Invoice) -> Invoice:
    """The base, its gaps filled from another source; contradictions become findings."""
    older = base.source.kind == other.source.kind and bool(base.lines) == bool(other.lines)
    if older and base.document_type == other.document_type:
        return base
    update: dict[str, Any] = {
        name: value
        for name in _PLAIN
        if getattr(base, name) in {None, ""} and (value := getattr(other, name)) not in {None, ""}
    }
    notes = list(_contradictions(base, other))
    if base.status == "unknown":
        update["status"] = other.status
    for name in ("seller", "buyer"):
        update[name] = _party(getattr(base, name), getattr(other, name))
    update["ship_to"] = _address(base.ship_to, other.ship_to)
    if not base.parcels:
        update["parcels"] = other.parcels
    if not base.lines and other.lines:
        for name in ("currency", "lines", "charges", "reconciliation", *_AMOUNTS):
            update[name] = getattr(other, name)
        notes += other.findings
    elif other.lines:
        lines, found = merge_lines(base, other)
        update["lines"] = lines
        notes += found
        if base.currency == other.currency:
            for name in ("paid", "refunded"):
                if getattr(base, name) is None:
                    update[name] = getattr(other, name)
    filled = base.model_copy(update=update)
    if base.total is None and other.total is not None and base.lines and filled.lines:
        filled = _with_total(filled, other)
    kept = [f for f in base.findings if not _is_filled(f, base, filled)]
    findings = dict.fromkeys((*kept, *notes))
    return filled.model_copy(update={"findings": tuple(findings)})


def _with_total(base: Invoice, other: Invoice) -> Invoice:
    """The base with the total and rows that only the other source states, reconciled anew."""
    if base.currency != other.currency:
        return base
    charges = base.charges or tuple(row for row in other.charges if not row.derived)
    whole = base.model_copy(update={"total": other.total, "charges": charges})
    return settle(whole) if charges else settle_without_rows(whole)


def _is_filled(finding: Finding, before: Invoice, after: Invoice) -> bool:
    field = _ABOUT_GAPS.get(finding.code)
    return field is not None and getattr(before, field) != getattr(after, field)


def _contradictions(base: Invoice, other: Invoice) -> Iterable[Finding]:
    """What two sources say differently."""
    fields = []
    same_money = base.currency == other.currency
    if same_money and base.total is not None and other.total not in {None, base.total}:
        fields.append("total")
    dead = {base.status in NO_VALUE, other.status in NO_VALUE}
    if "unknown" not in {base.status, other.status} and len(dead) > 1:
        fields.append("status")
    if base.ordered_at and other.ordered_at:
        apart = abs((base.ordered_at.date - other.ordered_at.date).days)
        if apart > 1:  # a day lies between two time zones
            fields.append("ordered_at")
    countries = {one.ship_to.country for one in (base, other) if one.ship_to} - {None}
    if len(countries) > 1:
        fields.append("ship_to.country")
    for field in fields:
        yield Finding(
            code="sources_disagree",
            message=f"{base.source.kind} and {other.source.kind} disagree; the former stands.",
            action="Compare both files with the shop.",
            path=field,
        )
    if not same_money and UNKNOWN_CURRENCY not in {base.currency, other.currency}:
        yield Finding(
            code="sources_in_two_currencies",
            message=f"{base.source.kind} is in {base.currency}, {other.source.kind} in "
            f"{other.currency}; amounts are those of the former.",
            path="currency",
            severity="info",
        )


def _party(base: Party, other: Party) -> Party:
    found: Party = _gaps(base, other)
    return found.model_copy(update={"tax_ids": {**other.tax_ids, **base.tax_ids}})


def _address(base: Address | None, other: Address | None) -> Address | None:
    if base is None or other is None:
        return base or other
    if base.masked and not other.masked and other.lines:
        base, other = other, base
    found: Address = _gaps(base, other) if not other.masked else base
    return found if found.country else found.model_copy(update={"country": other.country})


def _gaps(base: Any, other: Model) -> Any:
    """The base with its empty fields filled."""
    update = {
        name: getattr(other, name)
        for name in type(base).model_fields
        if not getattr(base, name) and getattr(other, name)
    }
    return base.model_copy(update=update) if update else base
