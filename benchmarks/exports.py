"""How fast declarations are written in each format, against writing the same file from ready parts.

The baseline of a format gets the texts of its files ready made and writes them with lxml, csv or
json: what no exporter can do without. Journals are plain text and have none. Every declaration is
another one. Run with `make bench`, or with a number of declarations and names of formats:

    python benchmarks/exports.py 10000 cds-xml h7-csv
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import sys
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from lxml import etree

from aliexpress_customs.declaration.model import Declaration, DeclarationLine, GoodsItem
from aliexpress_customs.export.registry import EXPORTERS, Exporter
from aliexpress_customs.invoice.model import Address, Party
from aliexpress_customs.money import money
from timing import per_second

COUNT = 1000
"""Of declarations, if none is asked for, and most files that the baseline writes."""
SHOP = Address(
    name="Cable Shop", lines=("Road 1",), city="Shenzhen", postcode="518000", country="CN"
)
DECLARANT = {
    "lrn": "PARCEL-1",
    "declarant_id": "DK12345678",
    "customs_office": "DK005600",
    "consignor": SHOP,
    "limit_rate": "0.9",
    "on": dt.date(2026, 11, 22),
}
OPTIONS: dict[str, dict[str, Any]] = {
    "h7-json": DECLARANT,
    "h7-csv": DECLARANT,
    "h7-dms-xml": DECLARANT | {"submitter_id": "12345678"},
    "cds-xml": {
        "lrn": "PARCEL-1",
        "declarant_id": "GB603202734852",
        "goods_location": "LGWLGWLGW",
        "exporter": SHOP,
        "checks": "skip",
    },
    "ubl-xml": {"issue_date": dt.date(2026, 7, 2), "buyer_name": "Anne", "vat_rate": 20},
    "datev-extf": {
        "accounts": "goods=3400; freight=3800; supply_vat=3860; seller=70000; carrier=70001",
        "consultant": "1001",
        "client": "1",
        "paid": "8.40 EUR",
    },
}
"""What the formats ask for."""

Parts = Any
Writer = Callable[[Parts], bytes]


def parcel(number: int) -> Declaration:
    """Three goods items in four lines, no two parcels alike."""

    def line(position: int, cents: int) -> DeclarationLine:
        value = money(Decimal(cents + number % 97).scaleb(-2), "USD")
        return DeclarationLine(
            order_id=f"80123456{number:08}",
            line_id=f"80123456{number:08}{position}",
            title=f"USB-C cable 2 m, order {number}",
            quantity=1 + (number + position) % 3,
            unit_value=value,
            line_value=value,
            line_discount=money("0", "USD"),
            line_net_weight_kg=Decimal(100 + position + number % 50).scaleb(-3),
        )

    def item(position: int, code: str, *lines: DeclarationLine) -> GoodsItem:
        return GoodsItem(
            number=position,
            description=f"cables, kind {number % 1000}",
            hs_code=code,
            origin_country="CN",
            lines=lines,
        )

    return Declaration(
        destination_country="DK",
        currency="USD",
        items=(
            item(1, "8544429000", line(1, 320), line(2, 450)),
            item(2, "3926909790", line(3, 599)),
            item(3, "6109100010", line(4, 1250)),
        ),
        freight=money("1.99", "USD"),
        gross_weight_kg=Decimal("0.75"),
        ioss_number="IM3720000224",
        tracking_number=f"LP{number:014}",
        invoice_number=f"INV-{number}",
        ordered_on=dt.date(2026, 7, 1),
        sender=Party(name="Shenzhen Cable Store", url="https://shop.example"),
        recipient=Address(
            name="Anne Jensen", lines=("Vej 1",), city="Aarhus", postcode="8000", country="DK"
        ),
    )


def parts_of_xml(content: bytes) -> Parts:
    """A document as nested (tag, prefixes, attributes, text, children)."""

    def parts(element: etree._Element) -> Parts:
        above = element.getparent()
        known = {} if above is None else above.nsmap
        new = {prefix: uri for prefix, uri in element.nsmap.items() if known.get(prefix) != uri}
        text = (element.text or "") if len(element) == 0 else ""
        return element.tag, new, dict(element.attrib), text, [parts(child) for child in element]

    return parts(etree.fromstring(content))


def write_xml(made: Parts) -> bytes:
    """Build the tree and write it indented."""

    def add(element: etree._Element, children: list[Parts]) -> None:
        for tag, new, attributes, text, below in children:
            child = etree.SubElement(element, tag, attributes, new or None)
            child.text = text or None
            add(child, below)

    tag, new, attributes, _, children = made
    root = etree.Element(tag, attributes, new)
    add(root, children)
    etree.indent(root)
    return b'<?xml version="1.0"?>\n' + etree.tostring(root, encoding="UTF-8") + b"\n"


def write_csv(rows: Parts) -> bytes:
    """All rows."""
    stream = io.StringIO(newline="")
    csv.writer(stream, lineterminator="\r\n").writerows(rows)
    return stream.getvalue().encode()


def write_datev(rows: Parts) -> bytes:
    """All rows, by semicolon and in the code page of DATEV."""
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=";", lineterminator="\r\n").writerows(rows)
    return stream.getvalue().encode("cp1252")


def baseline(exporter: Exporter, content: bytes) -> tuple[Parts, Writer] | None:
    """The parts of a file, and what writes the same bytes from them (numbers as text, if JSON)."""
    if exporter.MEDIA_TYPE == "application/xml":
        return parts_of_xml(content), write_xml
    if exporter.MEDIA_TYPE == "application/json":
        value = json.loads(content, parse_float=str, parse_int=str)
        return value, lambda made: json.dumps(made, indent=2, ensure_ascii=False).encode()
    if exporter.MEDIA_TYPE == "text/csv":
        rows = list(csv.reader(io.StringIO(content.decode(), newline="")))
        return rows, write_csv
    if exporter.NAME == "datev-extf":
        text = io.StringIO(content.decode("cp1252"), newline="")
        return list(csv.reader(text, delimiter=";")), write_datev
    return None


def main() -> None:
    """Print declarations per second, and time as a multiple of the baseline's."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else COUNT
    wanted = set(sys.argv[2:])
    declarations = [parcel(number) for number in range(count)]
    print(f"{count} declarations of three goods items")
    heads = ("bytes each", "declarations/s", "x baseline", "its size")
    print(f"{'format':<14}" + "".join(f"{head:>15}" for head in heads))
    for exporter in EXPORTERS:
        if wanted and exporter.NAME not in wanted:
            continue
        options = OPTIONS.get(exporter.NAME, {})
        files = [exporter.write(one, **options) for one in declarations]
        made = [one for content in files[:COUNT] if (one := baseline(exporter, content))]

        def ours(exporter: Exporter = exporter, options: dict[str, Any] = options) -> None:
            for one in declarations:
                exporter.write(one, **options)

        def ready(made: list[tuple[Parts, Writer]] = made) -> int:
            return sum(len(write(parts)) for parts, write in made)

        rate = per_second(ours, rounds=3, seconds=0.1) * count
        cells = [f"{sum(map(len, files)) // count:,}", f"{rate:,.0f}", "-", ""]
        if made:
            least = per_second(ready, rounds=3, seconds=0.1) * len(made)
            size = ready() / sum(map(len, files[: len(made)]))
            cells[2:] = [f"{least / rate:.1f}", f"{size:.2f}"]
        print(f"{exporter.NAME:<14}" + "".join(f"{cell:>15}" for cell in cells))


if __name__ == "__main__":
    main()
