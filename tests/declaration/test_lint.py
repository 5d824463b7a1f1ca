"""What each channel would refuse, found before anything is sent."""

from __future__ import annotations

import csv
import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aliexpress_customs.commodity.classify import names_goods
from aliexpress_customs.commodity.descriptions import vague_words
from aliexpress_customs.consignment.model import CollectedTax
from aliexpress_customs.declaration import channels as channel_tables
from aliexpress_customs.declaration.channels import channel, channels, common
from aliexpress_customs.declaration.lint import lint
from aliexpress_customs.declaration.model import Declaration, DeclarationLine, GoodsItem
from aliexpress_customs.declaration.refused_words import refusal
from aliexpress_customs.errors import RuleTableError, UsageError
from aliexpress_customs.export import formats
from aliexpress_customs.invoice.model import Address, Party
from aliexpress_customs.model import Finding
from aliexpress_customs.money import money
from strategies import declarations, many

DAY = dt.date(2026, 11, 22)
RATES = {"EUR": "1.08", "XDR": "1.36", "GBP": "1.27"}
NAME = "Anne Martin of Lyon"


def goods(value: str = "3.20", quantity: int = 1, **facts: Any) -> GoodsItem:
    known: dict[str, Any] = {
        "number": 1,
        "description": "USB cables",
        "hs_code": "854442",
        "origin_country": "CN",
    }
    line: dict[str, Any] = {
        "title": "USB-C cable 2 m",
        "sku_id": "0012",
        "quantity": quantity,
        "unit_value": money(Decimal(value) / quantity, "USD"),
        "line_value": money(value, "USD"),
        "line_discount": money("0", "USD"),
        "unit_net_weight_kg": Decimal("0.1"),
        "line_net_weight_kg": Decimal("0.1") * quantity,
    }
    line |= facts.pop("line", {})
    return GoodsItem(**(known | facts), lines=(DeclarationLine(**line),))


def parcel(*items: GoodsItem, **facts: Any) -> Declaration:
    known: dict[str, Any] = {
        "destination_country": "FR",
        "currency": "USD",
        "freight": money("1.99", "USD"),
        "gross_weight_kg": Decimal("0.9"),
        "ioss_number": "IM3720000224",
        "tracking_number": "RB123456785GB",
        "invoice_number": "INV-77",
        "sender": Party(name="Shenzhen Cable Store"),
        "recipient": Address(
            name=NAME, lines=("1 rue Haute",), city="Lyon", postcode="69001", country="FR"
        ),
    }
    return Declaration(items=items or (goods(),), **(known | facts))


def found(declaration: Declaration, name: str, **options: Any) -> dict[str, Finding]:
    chosen: dict[str, Any] = {"on": DAY, "rates": RATES} | options
    return {finding.code: finding for finding in lint(declaration, name, **chosen)}


@pytest.mark.parametrize("name", list(channels()))
def test_a_parcel_in_order_has_no_error_where_it_may_go(name: str) -> None:
    places = {"us-mail": "US", "uk-cds": "GB"}
    facts: dict[str, Any] = {}
    if name in places:
        facts = {"destination_country": places[name], "ioss_number": ""}
    item = goods(hs_code="8544422000" if name == "us-mail" else "854442")
    if name == "la-poste":
        item = goods(
            line={"unit_value": money("3.20", "EUR"), "line_value": money("3.20", "EUR")}
            | {"line_discount": money("0", "EUR")}
        )
        facts = {"currency": "EUR", "freight": money("1.99", "EUR")}
    findings = lint(parcel(item, **facts), name, on=DAY, rates=RATES)
    assert not [finding for finding in findings if finding.severity == "error"]


def test_the_gravest_findings_come_first_and_each_says_what_to_do() -> None:
    messy = parcel(goods(description="parts", hs_code=None), gross_weight_kg=Decimal("0.01"))
    findings = lint(messy, "postnl", on=DAY)
    order = [("error", "warning", "info").index(finding.severity) for finding in findings]
    assert order == sorted(order)
    assert all(finding.action and finding.message and finding.path for finding in findings)


CASES: list[tuple[str, str, Declaration]] = [
    ("cn22", "cn22_above_limit", parcel(goods("408.01"))),
    ("cn22", "cn22_too_heavy", parcel(gross_weight_kg=Decimal("2.001"))),
    ("cn23", "not_s10", parcel(tracking_number="LP00123456789012")),
    ("cn23", "field_missing", parcel(recipient=None)),
    ("h7", "h7_above_limit", parcel(goods("162.01"), ioss_number="")),
    ("h7", "ioss_above_limit", parcel(goods("162.01"))),
    ("h7", "h7_elsewhere", parcel(destination_country="US", ioss_number="")),
    ("h7", "h7_goods_excluded", parcel(goods(hs_code="330300"))),
    ("h7", "hs_digits", parcel(goods(hs_code="8544"))),
    ("uk-cds", "too_long", parcel(destination_country="GB", ioss_number="")),
    ("uk-cds", "cds_elsewhere", parcel()),
    ("easypost", "currency_refused", parcel(goods(), currency="EUR")),
    ("easypost", "explanation_missing", parcel(contents_type="other")),
    ("shippo", "incoterm_refused", parcel(incoterm="CIF")),
    ("sendcloud", "field_missing", parcel(goods(hs_code=None))),
    ("karrio", "too_long", parcel(goods(description="Cable of copper with plugs, two metres"))),
    ("usps", "too_long", parcel(goods(description="Cable of copper with two plugs, 2 m"))),
    ("usps", "characters_refused", parcel(goods(description="Câbles USB"))),
    ("usps", "too_many_rows", parcel(*(goods(number=n) for n in range(1, 32)))),
    ("postnl", "too_many_rows", parcel(*(goods(number=n) for n in range(1, 7)))),
    ("postnl", "currency_refused", parcel(currency="GBP")),
    ("la-poste", "hs_digits", parcel(goods(hs_code="85444290909"))),
    ("canada-post", "above_limit", parcel(goods("100.00", 10_000))),
    ("royal-mail", "number_too_long_for_csv", parcel(invoice_number="8012345678901234")),
    ("us-mail", "hs_digits", parcel(destination_country="US", ioss_number="")),
    ("us-mail", "us_formal_entry", parcel(goods("2500.01"), destination_country="US")),
]


@pytest.mark.parametrize(("name", "code", "declaration"), CASES)
def test_a_limit_of_a_channel_is_found(name: str, code: str, declaration: Declaration) -> None:
    if code == "too_long" and name == "uk-cds":
        address = declaration.recipient
        assert address is not None
        longer = address.model_copy(update={"postcode": "SW1A 1AA XY"})
        declaration = declaration.model_copy(update={"recipient": longer})
    assert code in found(declaration, name)


def test_a_value_equal_to_the_limit_is_within_it() -> None:
    assert "cn22_above_limit" not in found(parcel(goods("408.00")), "cn22")
    assert "h7_above_limit" not in found(parcel(goods("162.00")), "h7")


def test_a_limit_without_a_rate_is_said_to_be_untested_and_not_passed() -> None:
    finding = found(parcel(goods("9999.00")), "cn22", rates={})["value_not_tested"]
    assert "EUR" in finding.action or "XDR" in finding.action


def test_too_long_a_description_comes_with_a_shorter_one() -> None:
    long = parcel(goods(description="Cable of copper with two plugs, two metres"))
    assert '"Cable of copper with two plugs, two"' in found(long, "postnl")["too_long"].action


def test_the_eu_asks_for_product_identifiers_from_november_2026_only() -> None:
    nameless = parcel(goods(line={"sku_id": None}))
    assert "product_id_missing" in found(nameless, "h7", on=dt.date(2026, 11, 1))
    assert "product_id_missing" not in found(nameless, "h7", on=dt.date(2026, 10, 31))
    by_product = parcel(goods(line={"sku_id": None, "product_id": "1005"}))
    assert "product_id_missing" not in found(by_product, "h7")
    trade = nameless.model_copy(update={"importer": "business"})
    assert "product_id_missing" not in found(trade, "h7")


def test_h7_takes_9999_items_since_its_release_of_october() -> None:
    many_items = parcel(*(goods(number=n) for n in range(1, 1001)))
    assert "too_many_rows" in found(many_items, "h7", on=dt.date(2026, 10, 23))
    assert "too_many_rows" not in found(many_items, "h7", on=dt.date(2026, 10, 24))


WRONG: list[tuple[str, Declaration]] = [
    ("net_above_gross", parcel(gross_weight_kg=Decimal("0.05"))),
    ("unit_value_mismatch", parcel(goods("6.40", 2, line={"unit_value": money("6.40", "USD")}))),
    ("unit_weight_mismatch", parcel(goods(line={"line_net_weight_kg": Decimal("0.2")}))),
    ("several_currencies", parcel(freight=money("1", "EUR"))),
    ("several_currencies", parcel(goods(line={"line_freight": money("1", "EUR")}))),
    ("negative_value", parcel(freight=money("-1", "USD"))),
    ("negative_value", parcel(goods("-1.00"))),
    ("freight_mismatch", parcel(goods(line={"line_freight": money("1.00", "USD")}))),
    ("repeated_item_number", parcel(goods(), goods())),
    ("gift_but_sale", parcel(contents_type="gift")),
    ("recipient_masked", parcel(recipient=Address(name="A***", masked=True))),
    ("ioss_malformed", parcel(ioss_number="IM37200002")),
    ("ioss_unknown_state", parcel(ioss_number="IM9990000224")),
    ("ioss_elsewhere", parcel(destination_country="US")),
    ("description_missing", parcel(goods(description=" "))),
    ("description_vague", parcel(goods(description="Parts"))),
    ("description_refused", parcel(goods(description="Cotton shirts, as per invoice"))),
    ("description_brand_only", parcel(goods(description="Baseus 65W"))),
    ("description_unrecognised", parcel(goods(description="Mocha, plus size (18-26)"))),
    ("hs_code_unknown", parcel(goods(hs_code=None))),
]


@pytest.mark.parametrize(("code", "declaration"), WRONG)
def test_what_no_channel_tolerates_is_found_in_each(code: str, declaration: Declaration) -> None:
    for name in ("cn23", "shippo"):
        assert code in found(declaration, name)


def test_vat_paid_at_checkout_without_an_ioss_number_would_be_charged_twice() -> None:
    tax = CollectedTax(kind="vat", amount=money("1.00", "USD"), inside_prices=True)
    assert "ioss_missing" in found(parcel(ioss_number="", collected=(tax,)), "h7")
    assert "ioss_missing" not in found(parcel(collected=(tax,)), "h7")
    nothing = parcel(ioss_number="", collected=())
    assert "ioss_missing" not in found(nothing, "h7")


def test_ioss_covers_northern_ireland_but_not_great_britain() -> None:
    assert "ioss_elsewhere" not in found(
        parcel(destination_country="GB", destination_region="GB-NIR"), "uk-cds"
    )
    assert "ioss_elsewhere" in found(parcel(destination_country="GB"), "uk-cds")


@pytest.mark.parametrize(
    "description", ["Men's cotton shirts", "Smartphone Xiaomi Redmi 14C", "LED desk lamp, steel"]
)
def test_a_plain_description_passes(description: str) -> None:
    assert refusal(description) is None


def test_most_of_a_list_of_vague_descriptions_is_flagged_and_few_good_ones_are() -> None:
    folder = Path(__file__).parents[3] / "shared" / "reference" / "hs"
    if not folder.is_dir():
        pytest.skip("needs the reference list of vague descriptions beside the repository")

    def flagged(text: str) -> bool:
        return bool(vague_words(text) or refusal(text)) or not names_goods(text)

    vague = [line.strip('"') for line in (folder / "vague_terms.csv").read_text().splitlines()]
    assert sum(map(flagged, vague)) > 3000
    with (folder / "dev.csv").open() as file:
        titles = [row["title"] for row in csv.DictReader(file) if row["set"].startswith("own")]
    assert sum(map(flagged, titles)) <= len(titles) // 50


def test_only_what_is_asked_in_another_country_is_asked_there() -> None:
    french = parcel(goods(description="Câbles"))
    assert "description_not_english" not in found(french, "la-poste")
    american = french.model_copy(update={"destination_country": "US"})
    assert "description_not_english" in found(american, "la-poste")


@many
@given(declaration=declarations(), name=st.sampled_from(sorted(channels())))
def test_lint_takes_any_declaration_and_repeats_no_finding(
    declaration: Declaration, name: str
) -> None:
    findings = lint(declaration, name, on=DAY)
    keys = [(finding.code, finding.path, finding.message) for finding in findings]
    assert len(keys) == len(set(keys))


def test_no_finding_repeats_personal_data() -> None:
    for name in channels():
        address = Address(name=NAME * 20, lines=(NAME * 20,), city=NAME * 20, postcode=NAME)
        for finding in lint(parcel(recipient=address, importer_tax_id=NAME * 9), name, on=DAY):
            assert NAME not in f"{finding.message}{finding.action}{finding.path}"


def test_every_limit_has_a_source_and_names_a_field_that_exists() -> None:
    for name in channels():
        lint(parcel(), name, on=DAY)
        table = channel(name)
        assert not table.format or table.format in formats()
        for limit in (*common(), *table.limit):
            assert limit.source_url
            assert limit.check != "value" or limit.currency


def test_an_unknown_channel_names_the_known_ones() -> None:
    with pytest.raises(UsageError) as caught:
        lint(parcel(), "pigeon")
    assert all(name in caught.value.action for name in channels())


@pytest.mark.parametrize("rate", ["0", "x", 1.5, True])
def test_a_rate_that_is_no_positive_decimal_is_refused(rate: Any) -> None:
    with pytest.raises(UsageError):
        lint(parcel(), "cn22", rates={"XDR": rate})


@pytest.mark.parametrize("text", ["label = ", 'label = "x"\nchecked_on = 2026-01-01\ntypo = 1'])
def test_a_malformed_channel_is_a_typed_error(
    text: str, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "export" / "channels"
    folder.mkdir(parents=True)
    (folder / "broken.toml").write_text(text)
    monkeypatch.setattr(channel_tables, "data_folder", lambda: tmp_path)
    with pytest.raises(RuleTableError):
        channel("broken")
