"""What a message that was read back says otherwise than a declaration, or than another message.

For whoever gets a file from a broker, or audits what was sent. Compared are the elements that both
sides hold; the commodity code on its first digits, because messages take six, eight or ten.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final, Literal

from aliexpress_customs.declaration.model import Declaration, GoodsItem
from aliexpress_customs.export.customs_message import CustomsMessage, MessageItem, Reference
from aliexpress_customs.export.xml_h7 import (
    DESCRIPTION_LENGTH,
    H7Party,
    gross_weights,
    party,
    transport_costs,
)
from aliexpress_customs.export.xml_text import cut, plain_kilograms, rounded_amount
from aliexpress_customs.model import Finding, Model
from aliexpress_customs.money import Money, format_money, money

_NOT_COMPARED: Final = frozenset({"format", "items"})
_PERSONAL: Final = frozenset({"importer", "exporter"})
"""Parts whose values are never repeated in a finding."""
_POSTCODE_LENGTH: Final = 9
"""Of the shortest message, the UK's."""

Element = Money | Decimal | int | str | tuple[str, ...] | tuple[Reference, ...]


class Difference(Finding):
    """One element that is not the same on both sides; values of parties are left out."""

    severity: Literal["info", "warning", "error"] = "error"
    expected: str = ""
    got: str = ""


def differences(
    expected: Declaration | CustomsMessage, got: Declaration | CustomsMessage
) -> tuple[Difference, ...]:
    """Every element in which two of them differ.

    Two messages of one format must hold the same. Otherwise what only one side holds is not
    compared; what the expected side alone holds is named in one last finding of severity `info`.
    Numbers and parties that a declaration does not know or that options of the exporter replace
    (LRN, EORI numbers, procedures, exporter) are compared between messages only.

    Args:
        expected: the declaration a message should be of, or a message.
        got: what `read_back` gave.

    Raises:
        ExportError: an amount or a weight of a declaration is negative.
    """
    alike = (
        isinstance(expected, CustomsMessage)
        and isinstance(got, CustomsMessage)
        and expected.format == got.format
    )
    wanted, held = _as_message(expected), _as_message(got)
    found = list(_count(wanted, held))
    items = min(len(wanted.items), len(held.items))
    known, there = dict(_elements(wanted, items)), dict(_elements(held, items))
    found += [
        _difference(path, known.get(path), there.get(path))
        for path in (known | there if alike else known)
        if (alike or path in there) and not _same(path, known.get(path), there.get(path), alike)
    ]
    if not alike and (alone := [path for path in known if path not in there]):
        found.append(
            Difference(
                code="not_compared",
                message=f"Not in the message, so not compared: {', '.join(alone)}.",
                action="Look at them where the message should hold them.",
                severity="info",
            )
        )
    return tuple(found)


def message_of(declaration: Declaration) -> CustomsMessage:
    """What a message of a declaration holds that the declaration itself decides.

    Raises:
        ExportError: an amount or a weight is negative.
    """
    code = declaration.currency
    costs, freight = transport_costs(declaration), declaration.freight
    recipient = party(declaration.recipient)
    return CustomsMessage(
        format="",
        importer=recipient or H7Party(),
        ioss_number=cut(declaration.ioss_number),
        transport_costs=None if costs is None else money(rounded_amount(costs), code),
        freight=None if freight is None else money(rounded_amount(freight), code),
        gross_weight_kg=_kilograms(declaration.gross_weight_kg),
        dispatch_country=declaration.dispatch_country,
        destination_country=declaration.destination_country,
        invoice_number=cut(declaration.invoice_number),
        tracking_number=cut(declaration.tracking_number),
        items=tuple(
            _item(index, item, weight, code)
            for index, (item, weight) in enumerate(
                zip(declaration.items, gross_weights(declaration), strict=True)
            )
        ),
    )


def _item(index: int, item: GoodsItem, gross: Decimal | None, currency: str) -> MessageItem:
    return MessageItem(
        number=index + 1,
        description=cut(item.description, DESCRIPTION_LENGTH),
        hs_code=item.hs_code or "",
        value=money(rounded_amount(item.item_value), currency),
        gross_weight_kg=_kilograms(gross),
        net_weight_kg=_kilograms(item.net_weight_kg),
        origin_country=item.origin_country,
    )


def _kilograms(weight: Decimal | None) -> Decimal | None:
    return None if weight is None else Decimal(plain_kilograms(weight))


def _as_message(thing: Declaration | CustomsMessage) -> CustomsMessage:
    return message_of(thing) if isinstance(thing, Declaration) else thing


def _count(wanted: CustomsMessage, held: CustomsMessage) -> Iterator[Difference]:
    if len(wanted.items) != len(held.items):
        yield Difference(
            code="items_differ",
            message=f"{len(wanted.items)} goods items are expected, {len(held.items)} are there.",
            action="Check whether goods items were joined, split or lost.",
            path="items",
            expected=str(len(wanted.items)),
            got=str(len(held.items)),
        )


def _elements(message: CustomsMessage, items: int) -> Iterator[tuple[str, Element]]:
    """Path and value of everything a message holds, of so many of its goods items."""
    yield from _held(message, "")
    for index, item in enumerate(message.items[:items]):
        yield from _held(item, f"items[{index}].")


def _held(part: Model, prefix: str) -> Iterator[tuple[str, Element]]:
    for name in type(part).model_fields:
        value = getattr(part, name)
        if isinstance(value, H7Party):
            yield from _held(value, f"{prefix}{name}.")
        elif name not in _NOT_COMPARED and value is not None and value not in {"", ()}:
            yield f"{prefix}{name}", value


def _same(path: str, one: Element | None, other: Element | None, alike: bool) -> bool:
    if alike or not (isinstance(one, str) and isinstance(other, str)):
        return one == other
    if path.endswith(".hs_code"):
        return one.startswith(other) or other.startswith(one)
    if path.endswith(".postcode"):
        return _short(one) == _short(other)
    return one == other


def _short(postcode: str) -> str:
    return postcode.replace(" ", "")[:_POSTCODE_LENGTH]


def _difference(path: str, one: Element | None, other: Element | None) -> Difference:
    personal = path.partition(".")[0] in _PERSONAL
    expected, got = _shown(one), _shown(other)
    said = "" if personal else f": expected {expected or 'none'}, got {got or 'none'}"
    return Difference(
        code="differs",
        message=f"{path} differs{said}.",
        action="Find out which of the two is right.",
        path=path,
        expected="" if personal else expected,
        got="" if personal else got,
    )


def _shown(value: Element | None) -> str:
    if value is None:
        return ""
    if isinstance(value, tuple):
        return ", ".join(
            one if isinstance(one, str) else " ".join(filter(None, one.model_dump().values()))
            for one in value
        )
    if isinstance(value, Decimal):
        return f"{value:f}"
    return str(value) if isinstance(value, str | int) else format_money(value)
