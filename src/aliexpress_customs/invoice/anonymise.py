"""Orders without personal data, fit for a bug report: structure, goods and money stay.

Names, streets, cities, phones, tax numbers, parcel numbers, mail addresses and free texts are
replaced, the same by the same; postcodes keep their first two places, countries, shops and order
ids stay. A file keeps its own shape, so that what is wrong with it can be seen again: JSON by its
keys, captures and HAR archives without headers, cookies and foreign replies, tables by columns.
Mails and PDFs are written as the orders read from them.

>>> from aliexpress_customs.invoice.model import Party, Source
>>> order = Invoice(source=Source(kind="manual"), currency="EUR", buyer=Party(name="Jane Doe"))
>>> anonymise(order).buyer.name
'Person 1'
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from aliexpress_customs.errors import AliExpressCustomsError, ReadError
from aliexpress_customs.invoice.contents import documents
from aliexpress_customs.invoice.envelope import decode, parse, unwrap
from aliexpress_customs.invoice.files import path_bytes
from aliexpress_customs.invoice.model import Address, Invoice, Parcel, Party
from aliexpress_customs.invoice.personal import kind_of_key
from aliexpress_customs.invoice.pseudonyms import Pseudonyms
from aliexpress_customs.invoice.read import read_report
from aliexpress_customs.invoice.readers import READERS
from aliexpress_customs.invoice.readers.chriskomus_tsv import with_header
from aliexpress_customs.invoice.table import Table, column_key

_ORDER_IN_URL: Final = re.compile(r"(?:tradeOrderId|orderId|order_id)\W{1,12}?(\d{15,17})(?!\d)")


def anonymise(invoice: Invoice, pseudonyms: Pseudonyms | None = None) -> Invoice:
    """The invoice without personal data.

    Args:
        invoice: an order.
        pseudonyms: pass one table for several orders that share a buyer.
    """
    names = pseudonyms or Pseudonyms()
    clean = invoice.model_copy(
        update={
            "buyer": _party(invoice.buyer, names),
            "ship_to": _address(invoice.ship_to, names) if invoice.ship_to else None,
            "parcels": tuple(_parcel(parcel, names) for parcel in invoice.parcels),
            "source": invoice.source.model_copy(update={"file": ""}),
        }
    )
    return Invoice.model_validate(_echoed(clean.model_dump(mode="json"), names))


def anonymise_file(
    source: str | os.PathLike[str] | bytes, pseudonyms: Pseudonyms | None = None
) -> bytes:
    """A file of orders without personal data, in its own shape.

    Args:
        source: a path, or the content.
        pseudonyms: pass one table for several files of one buyer.

    Returns:
        The new content: JSON for JSON, CSV for tables, the orders as JSON for mails and PDFs.

    Raises:
        ReadError: nothing in it can be read, so it cannot be known what is personal.
    """
    names = pseudonyms or Pseudonyms()
    data = source if isinstance(source, bytes) else path_bytes(Path(source))
    try:
        text = decode(data)
        value = parse(text)
    except AliExpressCustomsError:
        return _other(data, names)
    if not any(_is_known(document.value) for document in unwrap(value)):
        raise ReadError(
            "Nothing in the file is known to be an order, so what is personal cannot be known.",
            code="cannot_anonymise",
            action="Replace personal data by hand, and report only the shape of the file.",
        )
    return _dumped(_echoed(_document(value, names), names))


def _other(data: bytes, names: Pseudonyms) -> bytes:
    """Tables by their columns, everything else as the orders read from it."""
    tables = [found.value for found in documents(data) if isinstance(found.value, Table)]
    if tables:
        return b"\r\n".join(_table(table, names) for table in tables)
    report = read_report(data)
    if not report.invoices:
        raise report.errors[0]
    return _dumped([anonymise(one, names).model_dump(mode="json") for one in report.invoices])


def _dumped(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1, default=_number).encode("utf-8")


def _number(value: object) -> object:
    """Fractions were read as Decimal to be exact; as text they stay so."""
    return str(value) if isinstance(value, Decimal) else None


def _is_known(value: object) -> bool:
    return any(reader.recognise(value) for reader in READERS)


def _document(value: Any, names: Pseudonyms) -> object:
    """A document, or an envelope with only its order replies."""
    if isinstance(value, Mapping) and isinstance(value.get("log"), Mapping):
        entries = value["log"].get("entries")
        kept = [_har_entry(one, names) for one in entries if isinstance(one, Mapping)]
        return {"log": {"version": "1.2", "entries": [one for one in kept if one is not None]}}
    if isinstance(value, list) and value and all(_is_member(one) for one in value):
        kept = [_member(one, names) for one in value]
        return [one for one in kept if one is not None]
    return _replaced(value, "", names)


def _is_member(value: object) -> bool:
    return isinstance(value, Mapping) and "body" in value and "url" in value


def _member(member: Mapping[str, Any], names: Pseudonyms) -> object | None:
    body = _body(member["body"], names)
    if body is None:
        return None
    return {"url": _url(str(member["url"])), "status": member.get("status"), "body": body}


def _har_entry(entry: Mapping[str, Any], names: Pseudonyms) -> object | None:
    """One answer of a HAR archive: its address and its order, nothing else."""
    request, response = entry.get("request"), entry.get("response")
    content = response.get("content") if isinstance(response, Mapping) else None
    if not isinstance(content, Mapping) or not isinstance(request, Mapping):
        return None
    if content.get("encoding") == "base64":
        found = list(unwrap({"log": {"entries": [entry]}}))
        body = _body(found[0].value, names) if found else None
    else:
        body = _body(content.get("text"), names)
    if body is None:
        return None
    return {
        "request": {"url": _url(str(request.get("url", "")))},
        "response": {"content": {"mimeType": "application/json", "text": body}},
    }


def _body(body: object, names: Pseudonyms) -> str | None:
    """The reply of a member, if it is an order's."""
    try:
        value = parse(body) if isinstance(body, str) else body
        known = _is_known(value)
    except AliExpressCustomsError:
        return None
    if not known:
        return None
    return json.dumps(_replaced(value, "", names), ensure_ascii=False, default=_number)


def _url(url: str) -> str:
    """The address without its parameters, but for the order it asks for."""
    asked = _ORDER_IN_URL.search(url)
    path = url.partition("?")[0]
    return f"{path}?tradeOrderId={asked[1]}" if asked else path


def _replaced(value: object, key: str, names: Pseudonyms) -> object:
    """A value with everything personal in it replaced, by the names of its keys."""
    if isinstance(value, Mapping):
        return {name: _replaced(item, _path(key, str(name)), names) for name, item in value.items()}
    if isinstance(value, list):
        return [_replaced(item, key, names) for item in value]
    kind = kind_of_key(key)
    if isinstance(value, bool) or value is None or kind is None:
        return _nested(value, names)
    if isinstance(value, int | str):
        text = str(value)
        if kind == "places":
            return _places(text, names)
        stand_in = names.of(kind, text)
        return stand_in if isinstance(value, str) or not stand_in.isdigit() else int(stand_in)
    return value


def _path(above: str, name: str) -> str:
    """The last two names of a key, as `kind_of_key` wants them."""
    return f"{above.rpartition('.')[2]}.{column_key(name)}"


def _nested(value: object, names: Pseudonyms) -> object:
    """JSON inside a string is looked through as well."""
    if not isinstance(value, str) or value[:1] not in {"{", "["}:
        return value
    try:
        inner = parse(value)
    except AliExpressCustomsError:
        return value
    return json.dumps(_replaced(inner, "", names), ensure_ascii=False, default=_number)


def _places(text: str, names: Pseudonyms) -> str:
    """`City, State, Country`: the country stays."""
    *near, country = text.split(",")
    return ",".join([*(names.of("city", part) for part in near), country]) if near else country


def _echoed(value: object, names: Pseudonyms) -> object:
    if isinstance(value, dict):
        return {key: _echoed(item, names) for key, item in value.items()}
    if isinstance(value, list):
        return [_echoed(item, names) for item in value]
    return names.echoes(value) if isinstance(value, str) else value


def _table(table: Table, names: Pseudonyms) -> bytes:
    table = with_header(table)
    keys = [column_key(name) for name in table.header]
    rows = [
        [str(_replaced(cell, f".{key}", names)) for key, cell in zip(keys, row, strict=True)]
        for row in table.rows
    ]
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(table.header)
    writer.writerows([names.echoes(cell) for cell in row] for row in rows)
    return stream.getvalue().encode("utf-8")


def _party(party: Party, names: Pseudonyms) -> Party:
    tax_ids = {kind: names.of("tax", number) for kind, number in party.tax_ids.items()}
    return party.model_copy(update={"name": names.of("person", party.name), "tax_ids": tax_ids})


def _address(address: Address, names: Pseudonyms) -> Address:
    return address.model_copy(
        update={
            "name": names.of("person", address.name),
            "lines": tuple(names.of("street", line) for line in address.lines),
            "city": names.of("city", address.city),
            "postcode": names.of("postcode", address.postcode),
            "phone": names.of("phone", address.phone),
        }
    )


def _parcel(parcel: Parcel, names: Pseudonyms) -> Parcel:
    return parcel.model_copy(
        update={
            "tracking": names.of("tracking", parcel.tracking),
            "internal_no": names.of("tracking", parcel.internal_no),
        }
    )
