"""Made-up consignments that customs would take: any goods and texts, within every rule we know."""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_DOWN, Decimal
from typing import Any

from hypothesis import strategies as st

from aliexpress_customs.declaration.model import Declaration
from aliexpress_customs.export.xml_cds import tables as uk_tables
from aliexpress_customs.export.xml_h7_options import tables as eu_tables
from aliexpress_customs.invoice.model import Address
from strategies import addresses, declarations, ids, titles, weights

from .test_cds import AGENT
from .test_h7 import DECLARANT as NEUTRAL
from .test_h7_dms import DECLARANT as DANE
from .test_h7_dms import NEW, OLD

CURRENCIES = ("USD", "BRL", "JPY", "KWD")
"""None of a limit's own, so that a rate can bring any value below it."""
DAYS = (OLD, NEW, dt.date(2026, 11, 22))
MADE = ("h7-json", "h7-csv", "h7-dms-xml", "cds-xml")

Made = tuple[Declaration, dict[str, Any]]
"""Declaration and options."""


def whole_addresses(country: str, postcode: str) -> st.SearchStrategy[Address]:
    """Addresses without gaps, with strange texts all the same."""

    def filled(address: Address) -> Address:
        update = {"masked": False, "country": country, "postcode": postcode}
        words = {name: f"A{getattr(address, name)}" for name in ("name", "city")}
        return address.model_copy(update=update | words | {"lines": ("1 A", *address.lines)})

    return addresses().map(filled)


def lawful(format_name: str) -> st.SearchStrategy[Made]:
    """A consignment and the declarant's data for one of the customs formats."""
    return lawful_uk() if format_name == "cds-xml" else lawful_h7(format_name)


@st.composite
def lawful_h7(draw: st.DrawFn, name: str) -> Made:
    """For an H7, Danish or neutral, by any way to pay VAT."""
    danish = name == "h7-dms-xml"
    country = "DK" if danish else draw(st.sampled_from(("FR", "DE", "DK")))
    vat = draw(st.sampled_from(("ioss", "special_arrangements", "standard", "gift")))
    declaration = _coded(draw, excise=eu_tables()["codes"]["excise"])
    declaration = declaration.model_copy(
        update={
            "destination_country": country,
            "recipient": draw(whole_addresses(country, "8000")),
            "ioss_number": "IM3720000224" if vat == "ioss" else "",
            "purpose": "gift" if vat == "gift" else "sale",
            "importer": "business" if vat == "standard" else "consumer",
        }
    )
    limits = eu_tables()["limit"]
    row = next(row for row in limits if row["territory"] == ("DK" if danish else "EU"))
    limit = Decimal(row["gift" if vat == "gift" else "commercial"])
    options: dict[str, Any] = {
        "vat": vat,
        "on": draw(st.sampled_from(DAYS)),
        "importer_id": "DK12345674" if vat == "standard" else "",
        "consignor": draw(st.none() | whole_addresses("CN", "518000")),
        "packages": draw(st.integers(1, 99)),
        "limit_rate": _rate(declaration, limit),
    }
    return declaration, (DANE if danish else NEUTRAL) | options


@st.composite
def lawful_uk(draw: st.DrawFn) -> Made:
    """For each of the UK data sets."""
    dataset = draw(st.sampled_from(("H1", "BIRDS", "SRDS")))
    declaration = _coded(draw, excise=uk_tables()["codes"]["excise"])
    gift = dataset == "SRDS" and draw(st.booleans())
    declaration = declaration.model_copy(
        update={
            "destination_country": "GB",
            "destination_region": "GB-NIR" if dataset == "SRDS" else None,
            "postcode": "",
            "recipient": draw(whole_addresses("GB", "BT1 5GS" if dataset == "SRDS" else "E1 2EB")),
            "dispatch_country": draw(st.sampled_from(("CN", "US", "JE"))),
            "ioss_number": draw(st.sampled_from(("", "IM3720000224"))),
            "purpose": "gift" if gift else "sale",
            "contents_type": "gift" if gift else "sale_of_goods",
            "tracking_number": declaration.tracking_number or "LP00123456789012",
            "invoice_number": declaration.invoice_number[:35],
        }
    )
    limit = Decimal(uk_tables()["limits"]["gift" if gift else "sale"])
    options = {
        "dataset": dataset,
        "importer_id": draw(st.sampled_from(("", "GB553202734852"))),
        "exporter": draw(whole_addresses("CN", "518000")),
        "deferment_account": draw(st.sampled_from(("", "1108654"))),
        "container_id": draw(st.sampled_from(("", "ABCD1234567"))),
        "packages": draw(st.integers(1, 99)),
        "limit_rate": _rate(declaration, limit),
    }
    return declaration, AGENT | options


def _coded(draw: st.DrawFn, excise: list[str]) -> Declaration:
    """Goods of headings that may be of low value, with ten-digit codes and net weights."""
    declaration = draw(declarations(draw(st.sampled_from(CURRENCIES))))
    codes = st.from_regex(r"[0-8][0-9]{9}", fullmatch=True).filter(
        lambda code: not code.startswith(tuple(excise))
    )
    items = []
    for item in declaration.items:
        lines = [
            line.model_copy(update={"line_net_weight_kg": draw(weights(500))})
            for line in item.lines
        ]
        items.append(item.model_copy(update={"hs_code": draw(codes), "lines": tuple(lines)}))
    facts = {"items": tuple(items), "invoice_number": draw(st.just("") | ids | titles)}
    return declaration.model_copy(update=facts)


def _rate(declaration: Declaration, limit: Decimal) -> Decimal:
    """Brings the value to the limit, but not above it."""
    value = declaration.intrinsic_value.amount
    if not value:
        return Decimal(1)
    return max((limit / value).quantize(Decimal("1e-12"), ROUND_DOWN), Decimal("1e-12"))
