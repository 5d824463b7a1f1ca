"""Which lines of two sources are the same, and what one knows that the other does not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from aliexpress_customs.invoice.model import Invoice, InvoiceLine
from aliexpress_customs.model import Finding

_FACTS: Final = (
    "line_id", "product_id", "sku_id", "sku_code", "variant", "category_id", "hs_code_hint",
    "ships_from", "gross_weight_kg", "title", "title_raw",
)  # fmt: skip
_AMOUNTS: Final = ("list_price", "shipping", "tax", "refund")
_SHORTEST_TITLE: Final = 8
"""Letters two cut titles must share to be the same."""


def merge_lines(base: Invoice, other: Invoice) -> tuple[tuple[InvoiceLine, ...], list[Finding]]:
    """The lines of the base, filled from those of the other source.

    Amounts are taken over only in the same currency; a contradiction becomes a finding.
    """
    same_money = base.currency == other.currency
    lines, findings = list(base.lines), []
    for index, partner in pairs(base.lines, other.lines):
        line = lines[index]
        names = (*_FACTS, *_AMOUNTS) if same_money else _FACTS
        update: dict[str, Any] = {
            name: value
            for name in names
            if getattr(line, name) in {None, "", ()}
            and (value := getattr(partner, name)) not in {None, "", ()}
        }
        if partner.cancelled and not line.cancelled:
            update["cancelled"] = True
        if line.unit == "piece" and partner.unit == "lot":
            update |= {"unit": "lot", "lot_size": partner.lot_size}
        if _cut(line.title) and partner.title.startswith(line.title.rstrip(".…")):
            update |= {"title": partner.title, "title_raw": partner.title_raw}
        lines[index] = line.model_copy(update=update)
        if line.quantity != partner.quantity:
            findings.append(_differs(base, other, f"lines[{index}].quantity"))
        comparable = same_money and line.price_basis == partner.price_basis != "unknown"
        if comparable and line.line_gross != partner.line_gross:
            findings.append(_differs(base, other, f"lines[{index}].line_gross"))
    if len(base.lines) != len(other.lines):
        findings.append(_differs(base, other, "lines"))
    return tuple(lines), findings


def pairs(
    lines: tuple[InvoiceLine, ...], others: tuple[InvoiceLine, ...]
) -> Iterator[tuple[int, InvoiceLine]]:
    """Position of a line and its partner: by line id, variant, product, title, else by place."""
    free = list(range(len(others)))
    for index, line in enumerate(lines):
        for same in (_same_line, _same_variant, _same_product, _same_title):
            found = [i for i in free if same(line, others[i])]
            if found and (len(found) == 1 or same is not _same_product):
                free.remove(found[0])
                yield index, others[found[0]]
                break
        else:
            if len(lines) == len(others) == 1 and free and not others[0].title:
                yield index, others[free.pop()]


def _same_line(one: InvoiceLine, other: InvoiceLine) -> bool:
    return one.line_id is not None and one.line_id == other.line_id


def _same_variant(one: InvoiceLine, other: InvoiceLine) -> bool:
    if one.line_id and other.line_id:
        return False
    return one.sku_id is not None and (one.product_id, one.sku_id) == (
        other.product_id,
        other.sku_id,
    )


def _same_product(one: InvoiceLine, other: InvoiceLine) -> bool:
    if (one.line_id and other.line_id) or (one.sku_id and other.sku_id):
        return False
    return one.product_id is not None and one.product_id == other.product_id


def _same_title(one: InvoiceLine, other: InvoiceLine) -> bool:
    for name in ("line_id", "sku_id", "product_id"):
        if getattr(one, name) and getattr(other, name):
            return False
    first, second = one.title.rstrip(".…"), other.title.rstrip(".…")
    if _cut(one.title) or _cut(other.title):
        shorter, longer = sorted((first, second), key=len)
        return len(shorter) >= _SHORTEST_TITLE and longer.startswith(shorter)
    return bool(first) and first == second


def _cut(title: str) -> bool:
    return title.endswith(("...", "…"))


def _differs(base: Invoice, other: Invoice, path: str) -> Finding:
    return Finding(
        code="sources_disagree",
        message=f"{base.source.kind} and {other.source.kind} disagree; the former stands.",
        action="Compare both files with the shop.",
        path=path,
    )
