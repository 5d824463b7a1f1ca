"""The checks of a declaration before anything is sent: gaps, assumptions, contradictions.

They need nothing but the declaration itself, so they can be run on one that was read from JSON.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from aliexpress_customs.commodity.descriptions import vague_terms, vague_words
from aliexpress_customs.commodity.findings import code_findings
from aliexpress_customs.declaration.model import Declaration, GoodsItem
from aliexpress_customs.model import Finding

MOST_PIECES: Final = 999
"""Pieces of one declared product the shop's own logistics accepts (`product_num`)."""

LEAST_UNIT_VALUE: Final = Decimal("0.01")
"""Smallest declared value of a piece it accepts (`product_declare_amount`)."""


def check(declaration: Declaration) -> tuple[Finding, ...]:
    """Everything the sender of a declaration should know before sending it.

    Args:
        declaration: any declaration; its own findings are not repeated.
    """
    found = list(_whole(declaration))
    for index, item in enumerate(declaration.items):
        found.extend(_item(item, f"items[{index}]"))
    return tuple(found)


def _whole(declaration: Declaration) -> Iterator[Finding]:
    items = declaration.items
    assumed = sum(item.origin_assumed for item in items)
    if assumed:
        origins = ", ".join(sorted({i.origin_country for i in items if i.origin_assumed}))
        yield Finding(
            code="origin_assumed",
            message=f"Origin {origins} is assumed for {assumed} of {len(items)} goods items.",
            action="Pass origins: where goods are made may differ from where they are sent from.",
            path="items",
        )
    net, gross = declaration.net_weight_kg, declaration.gross_weight_kg
    without = sum(item.net_weight_kg is None for item in items)
    if without:
        yield Finding(
            code="weight_unknown",
            message=f"The net weight of {without} of {len(items)} goods items is not known.",
            action="Pass weights, in kg of one piece.",
            path="items",
        )
    if gross is None:
        yield Finding(
            code="gross_weight_unknown",
            message="The gross weight of the parcel is not known.",
            action="Pass gross_weight_kg.",
            path="gross_weight_kg",
            severity="info",
        )
    known = sum((item.net_weight_kg or Decimal(0) for item in items), Decimal(0))
    if gross is not None and (net or known) > gross:
        yield Finding(
            code="net_above_gross",
            message=f"The net weight of the goods, {known:f} kg, exceeds the gross weight of the "
            f"parcel, {gross:f} kg.",
            action="Check the units: weights are in kg, of one piece.",
            path="gross_weight_kg",
            severity="error",
        )


def _item(item: GoodsItem, path: str) -> Iterator[Finding]:
    if item.hs_code is None:
        yield Finding(
            code="hs_code_unknown",
            message="The commodity code of a goods item is not known.",
            action="Pass hs_codes; duty cannot be computed exactly without.",
            path=f"{path}.hs_code",
        )
    elif item.hs_code_source == "file":
        yield Finding(
            code="hs_code_from_file",
            message="The commodity code comes from the seller's export data; only its first six "
            "digits are international.",
            action="Check it and pass the destination's full code in hs_codes.",
            path=f"{path}.hs_code",
            severity="info",
        )
    if item.hs_code is not None:
        yield from code_findings(item.hs_code, f"{path}.hs_code")
    if vague := vague_words(item.description):
        hint = next((vague_terms()[word] for word in vague if word in vague_terms()), "")
        yield Finding(
            code="description_vague",
            message="The description does not say what the goods are.",
            action=f"Pass descriptions; {hint or 'name the thing and its material'}.",
            path=f"{path}.description",
        )
    for index, line in enumerate(item.lines):
        where = f"{path}.lines[{index}]"
        if not line.line_value.amount:
            yield Finding(
                code="zero_value",
                message="Goods are declared with a value of zero, such as a gift of the shop.",
                action="Customs may ask for the value of the goods all the same.",
                path=f"{where}.line_value",
            )
        elif line.unit_value.amount < LEAST_UNIT_VALUE:
            yield Finding(
                code="unit_value_tiny",
                message=f"One piece is worth less than {LEAST_UNIT_VALUE}.",
                action="Check that the quantity counts pieces.",
                path=f"{where}.unit_value",
            )
        if line.quantity > MOST_PIECES:
            yield Finding(
                code="quantity_absurd",
                message=f"{line.quantity} pieces of one product are more than one parcel holds.",
                action="Check the quantity and the lot size.",
                path=f"{where}.quantity",
            )
