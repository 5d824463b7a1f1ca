"""Made-up declarations for property tests: always valid, often strange.

Values are whole minor units, so sums are exact; texts hold what shop titles really hold (CJK,
Arabic, emoji, quotes, line breaks, formulas) and arbitrary Unicode.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from aliexpress_customs.consignment.model import CollectedTax
from aliexpress_customs.declaration.model import Declaration, DeclarationLine, GoodsItem
from aliexpress_customs.invoice.model import Address, Party
from aliexpress_customs.model import Finding
from aliexpress_customs.money import Money, minor_unit, money

many = settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.too_slow])
"""For tests over whole declarations: no deadline, machines differ."""

STRANGE_TITLES = (
    '=HYPERLINK("http://x","y")',
    "+5V power supply",
    "-20°C gloves",
    "@home lamp",
    "\t=1+1",
    "2024",
    "0012",
    "1-2",
    "女士棉质衬衫",
    "قميص قطني للرجال",
    "👗 Summer dress 👩‍👩‍👧",
    'He said "5"", twice',
    "two\r\nlines",
    "a, b; c",
    "'quoted",
    "＝1+1",  # noqa: RUF001
    "bell\x07and null\x00",
)
COUNTRIES = ("CN", "FR", "US", "BR", "NO", "GB", "KR", "JP")
CURRENCIES = ("USD", "EUR", "BRL", "JPY", "KWD")

countries = st.sampled_from(COUNTRIES)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
titles = st.sampled_from(STRANGE_TITLES) | texts
ids = st.from_regex(r"[0-9]{1,18}", fullmatch=True) | st.text("08A;%-= ", min_size=1, max_size=12)
hs_codes = st.from_regex(r"[0-9]{4,14}", fullmatch=True)
dates = st.dates(dt.date(2015, 1, 1), dt.date(2035, 12, 31))


def moneys(currency: str, largest: int = 2_000_000) -> SearchStrategy[Money]:
    """Amounts of a currency from 0, in whole minor units (`largest` of them)."""
    step = minor_unit(currency)
    return st.integers(0, largest).map(lambda count: money(count * step, currency))


def weights(largest_grams: int = 40_000) -> SearchStrategy[Decimal]:
    """Positive weights in kg, to the gram."""
    return st.integers(1, largest_grams).map(lambda grams: Decimal(grams).scaleb(-3))


def descriptions() -> SearchStrategy[str]:
    """What customs reads: at least one word."""
    words = st.sampled_from(("cotton shirts", "鼠标", "قميص", "USB cable", "=lamp"))
    return st.builds(lambda word, rest: f"{word} {rest}", words, titles)


@st.composite
def declaration_lines(draw: DrawFn, currency: str = "USD") -> DeclarationLine:
    """A line whose unit value and weights agree with its quantity."""
    quantity = draw(st.integers(1, 500))
    value = draw(moneys(currency))
    weight = draw(st.none() | weights(3_000))
    maybe_id = st.none() | ids
    return DeclarationLine(
        line_id=draw(maybe_id),
        order_id=draw(maybe_id),
        product_id=draw(maybe_id),
        sku_id=draw(maybe_id),
        title=draw(titles),
        variant=draw(titles),
        category=draw(st.sampled_from(("", "book", "toy"))),
        quantity=quantity,
        unit_value=money((value.amount / quantity).quantize(Decimal("0.000001")), currency),
        line_value=value,
        line_discount=draw(moneys(currency)),
        line_freight=draw(st.none() | moneys(currency)),
        unit_net_weight_kg=weight,
        line_net_weight_kg=None if weight is None else weight * quantity,
        duty_rate=draw(st.sampled_from((None, "12 %", "0 %", "1.20 EUR/kg"))),
    )


@st.composite
def goods_items(draw: DrawFn, number: int = 1, currency: str = "USD") -> GoodsItem:
    """A goods item of one to three lines."""
    return GoodsItem(
        number=number,
        description=draw(descriptions()),
        hs_code=draw(st.none() | hs_codes),
        hs_code_source=draw(st.sampled_from(("caller", "file", "unknown"))),
        origin_country=draw(countries),
        origin_assumed=draw(st.booleans()),
        lines=tuple(draw(st.lists(declaration_lines(currency), min_size=1, max_size=3))),
    )


def parties() -> SearchStrategy[Party]:
    """Sellers."""
    return st.builds(Party, name=titles, tax_ids=st.dictionaries(st.just("vat"), ids))


def addresses() -> SearchStrategy[Address]:
    """Recipients."""
    return st.builds(
        Address,
        name=titles,
        lines=st.lists(titles, max_size=3).map(tuple),
        city=titles,
        region=texts,
        postcode=ids,
        country=st.none() | countries,
        phone=texts,
        masked=st.booleans(),
    )


@st.composite
def declarations(draw: DrawFn, currency: str | None = None) -> Declaration:
    """A declaration of one to four goods items, all amounts in one currency."""
    code = currency or draw(st.sampled_from(CURRENCIES))
    count = draw(st.integers(1, 4))
    collected = st.builds(
        CollectedTax,
        kind=st.sampled_from(("vat", "duty", "unknown")),
        amount=moneys(code),
        inside_prices=st.booleans(),
    )
    findings = st.builds(Finding, code=st.just("origin_assumed"), message=texts)
    return Declaration(
        destination_country=draw(countries),
        destination_region=draw(st.sampled_from((None, "ES-CN", "CA-QC"))),
        postcode=draw(st.just("") | ids),
        dispatch_country=draw(countries),
        currency=code,
        items=tuple(draw(goods_items(number, code)) for number in range(1, count + 1)),
        freight=draw(st.none() | moneys(code)),
        insurance=draw(st.none() | moneys(code)),
        gross_weight_kg=draw(st.none() | weights()),
        contents_type=draw(
            st.sampled_from(
                ("sale_of_goods", "gift", "sample", "documents", "returned_goods", "other")
            )
        ),
        importer=draw(st.sampled_from(("consumer", "business"))),
        purpose=draw(st.sampled_from(("sale", "gift"))),
        incoterm=draw(st.sampled_from(("", "DDP", "DAP"))),
        ioss_number=draw(st.sampled_from(("", "IM3720000224", "0123456789"))),
        importer_tax_id=draw(st.sampled_from(("", "01234567890"))),
        tracking_number=draw(st.sampled_from(("", "RB123456785GB", "LP00123456789012", "=1+1"))),
        invoice_number=draw(st.just("") | ids),
        ordered_on=draw(st.none() | dates),
        order_ids=tuple(draw(st.lists(ids, max_size=3))),
        sender=draw(parties()),
        recipient=draw(st.none() | addresses()),
        collected=tuple(draw(st.lists(collected, max_size=2))),
        findings=tuple(draw(st.lists(findings, max_size=2))),
    )
