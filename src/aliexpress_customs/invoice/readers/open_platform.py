"""What the Open-Platform replies have in common: spelling, wrappers, statuses, addresses.

Replies come as documented (snake_case inside `<api>_response`), as dumps of the Java kit
(camelCase) and out of MongoDB (`{"$numberLong": "17"}`); `plain` makes one spelling of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from aliexpress_customs.invoice.draft import destination, option
from aliexpress_customs.invoice.model import Address, Parcel, Variant
from aliexpress_customs.invoice.node import Node
from aliexpress_customs.invoice.text import clean_title, nested_json

_HUMP: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_MASK: Final = "**"


def plain(value: object) -> object:
    """The same data in snake_case, numbers out of their MongoDB wrappers.

    >>> plain({"orderId": {"$numberLong": "3031265788140007"}})
    {'order_id': '3031265788140007'}
    """
    if isinstance(value, Mapping):
        if len(value) == 1:
            key, inner = next(iter(value.items()))
            if key in {"$numberLong", "$numberInt", "$numberDecimal", "$numberDouble", "$oid"}:
                return inner
        return {_HUMP.sub("_", str(key)).lower(): plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value


def body(document: object, *apis: str) -> Mapping[str, object] | None:
    """What a reply of one of some APIs holds, or None."""
    if isinstance(document, Mapping):
        for api in apis:
            inner = document.get(f"{api}_response")
            if isinstance(inner, Mapping):
                return inner
    return None


def inner_orders(value: object) -> Iterator[Mapping[str, object]]:
    """The orders of a plain or wrapped list, a lone object, or nothing."""
    if isinstance(value, Mapping) and len(value) == 1:
        only = next(iter(value.values()))
        if isinstance(only, Mapping | list):
            value = only
    items = value if isinstance(value, list) else [value]
    yield from (item for item in items if isinstance(item, Mapping) and item)


def chosen_options(attributes: str) -> tuple[Variant, ...]:
    """The options in `product_attributes`; the seller's own text beats the catalogue's value.

    >>> chosen_options('{"sku":[{"pName":"Color","pValue":"Khaki","selfDefineValue":"kit 1"}]}')
    (Variant(name='Color', value='kit 1', property_id=None),)
    """
    value = nested_json(attributes)
    entries = value.get("sku") if isinstance(value, Mapping) else None
    if not isinstance(entries, list):
        return ()
    nodes = [Node(entry) for entry in entries if isinstance(entry, Mapping)]
    nodes.sort(key=lambda node: node.text("order").zfill(6))
    return tuple(
        option(
            node.id("pId"),
            clean_title(node.text("pName")),
            clean_title(node.text("selfDefineValue", "pValue")),
        )
        for node in nodes
    )


def address(node: Node) -> Address | None:
    """`receipt_address`, or the reply of `receiptinfo.get`; often masked."""
    if not node.fields:
        return None
    lines = tuple(
        line
        for line in dict.fromkeys(
            node.text(key) for key in ("detail_address", "address", "address2")
        )
        if line
    )
    name = node.text("contact_person")
    numbers = (node.text("phone_country"), node.text("mobile_no", "phone_number"))
    phone = " ".join(part for part in numbers if part)
    return Address(
        name=name,
        lines=lines,
        city=node.text("city"),
        region=node.text("province"),
        postcode=node.text("zip"),
        country=destination(node, "country") or destination(node, "country_name"),
        phone=phone,
        masked=any(_MASK in part for part in (name, phone, *lines)),
    )


def parcel(node: Node) -> Parcel:
    """One parcel; numbers `AP...` are AliExpress' own, not the carrier's."""
    number = node.text("logistics_no")
    internal = number.upper().startswith("AP")
    return Parcel(
        tracking="" if internal else number,
        internal_no=number if internal else "",
        carrier=node.text("logistics_service_name", "logistics_service", "logistics_type_code"),
    )
