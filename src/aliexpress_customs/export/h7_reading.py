"""Reading the neutral H7 back: the JSON and the CSV keyed by data-element numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeGuard

from aliexpress_customs.errors import ReadError
from aliexpress_customs.export.csv_reading import read_rows, require_same
from aliexpress_customs.export.customs_message import CustomsMessage
from aliexpress_customs.export.h7_elements import Value, column_name, elements
from aliexpress_customs.export.validated import validated
from aliexpress_customs.export.xml_h7_options import tables
from aliexpress_customs.invoice.envelope import decode, parse

_REPEATED: Final = "11 10 001 000"
"""Additional procedure: the one element of an item that can occur several times."""
_PARTY: Final = {
    "name": "016 000",
    "id": "017 000",
    "line": "018 019",
    "city": "018 022",
    "postcode": "018 021",
    "country": "018 020",
}
"""Field of a party to the end of its element numbers."""


def read_json(content: str | bytes) -> CustomsMessage:
    """The declaration in an `h7-json` file.

    Raises:
        ReadError: no JSON, another data set, an unknown element or a value that does not fit.
    """
    found = parse(decode(content) if isinstance(content, bytes) else content)
    whole = found if isinstance(found, dict) else {}
    head, items = whole.get("declaration"), whole.get("goods_items")
    if whole.get("data_set") != "H7" or not isinstance(items, list) or not items:
        raise ReadError(
            "This JSON holds no data set H7.",
            code="other_format",
            action="Pass a file that the format h7-json wrote.",
        )
    parts = [
        _known(head, "declaration", "declaration"),
        *(_known(item, "item", f"goods_items[{index}]") for index, item in enumerate(items)),
    ]
    return _message(parts[0], parts[1:], "h7-json")


def read_csv(content: str | bytes) -> CustomsMessage:
    """The declaration in an `h7-csv` file of the plain dialect.

    Raises:
        ReadError: no such CSV, rows that disagree about the consignment, or a value that does not
            fit.
    """
    columns = {column_name(key, level): (key, level) for key, level in elements()}
    rows = read_rows(content, columns, "h7-csv")
    shared = [name for name, (_, level) in columns.items() if level == "declaration"]
    first = require_same(rows, shared, "declaration")
    head: dict[str, Value] = {name: first.get(name, "") for name in shared}
    items: list[dict[str, Value]] = []
    for _, row in rows:
        item: dict[str, Value] = {
            key: row.get(name, "") for name, (key, level) in columns.items() if level == "item"
        }
        item[_REPEATED] = [code for code in str(item[_REPEATED]).split(";") if code]
        items.append(item)
    return _message(head, items, "h7-csv")


def _known(part: object, level: str, place: str) -> dict[str, Value]:
    """The elements of one part, each of them known.

    Raises:
        ReadError: it is no object of texts, or an element has no such number.
    """
    if not _is_part(part):
        raise ReadError(
            "An element is neither text nor a list of texts.",
            code="bad_value",
            path=place,
            action="Pass a file that the format h7-json wrote.",
        )
    if unknown := [key for key in part if (key, level) not in elements()]:
        raise ReadError(
            f"{unknown[0][:40]!r} is no element of the {level} in an H7.",
            code="unknown_element",
            path=place,
            action="Compare it with the element numbers of the documentation.",
        )
    return part


def _is_part(part: object) -> TypeGuard[dict[str, Value]]:
    return isinstance(part, dict) and all(
        isinstance(value, str)
        or (isinstance(value, list) and all(isinstance(one, str) for one in value))
        for value in part.values()
    )


def _message(
    head: Mapping[str, Value], items: list[dict[str, Value]], format_name: str
) -> CustomsMessage:
    get = _getter(head)
    role = tables()["codes"]["ioss_role"]
    fiscal = {"kind": get("13 16 031 000"), "number": get("13 16 034 000")}
    ioss = fiscal["number"] if fiscal["kind"] == role else ""
    documents = [
        {"kind": get(f"{group} 002 000"), "number": get(f"{group} 001 000")}
        for group in ("12 03", "12 05")
        if get(f"{group} 001 000")
    ]
    values: dict[str, Any] = {
        "format": format_name,
        "lrn": get("12 09 001 000"),
        "declaration_type": get("11 01 001 000") + get("11 02 001 000"),
        "customs_office": get("office_of_lodgement"),
        "declarant_id": get("13 05 017 000"),
        "representative_id": get("13 06 017 000"),
        "representative_status": get("13 06 030 000"),
        "exporter": _party(get, "13 01"),
        "importer": _party(get, "13 04"),
        "ioss_number": ioss,
        "fiscal_references": [fiscal] if fiscal["kind"] and not ioss else [],
        "transport_costs": _amount(get, "14 15"),
        "gross_weight_kg": get("18 04 001 000") or None,
        "invoice_number": get("12 03 001 000"),
        "tracking_number": get("12 05 001 000"),
        "documents": documents,
        "items": [_item(item) for item in items],
    }
    return validated(CustomsMessage, values)


def _item(item: Mapping[str, Value]) -> dict[str, Any]:
    get = _getter(item)
    return {
        "number": get("11 03 001 000"),
        "description": get("18 05 001 000"),
        "hs_code": get("18 09 056 000"),
        "value": _amount(get, "14 14"),
        "gross_weight_kg": get("18 04 001 000") or None,
        "procedure": get("11 09 001 000") + get("11 09 002 000"),
        "additional_procedures": item.get(_REPEATED) or [],
        "packages": get("18 06 004 000") or None,
    }


def _getter(part: Mapping[str, Value]) -> Callable[[str], str]:
    def get(key: str) -> str:
        value = part.get(key, "")
        return value if isinstance(value, str) else ";".join(value)

    return get


def _party(get: Callable[[str], str], group: str) -> dict[str, str]:
    return {field: get(f"{group} {end}") for field, end in _PARTY.items()}


def _amount(get: Callable[[str], str], group: str) -> str | None:
    amount = get(f"{group} 014 000")
    return f"{amount} {get(f'{group} 012 000')}" if amount else None
