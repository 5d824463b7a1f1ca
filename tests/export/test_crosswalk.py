"""How the targets count: pieces and totals, ounces and pounds, currencies and codes."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given

from aliexpress_customs.declaration.model import Declaration
from aliexpress_customs.errors import ExportError, UsageError
from aliexpress_customs.export import easypost, karrio, sendcloud, shippo, us_mail, usps
from aliexpress_customs.money import money
from strategies import declarations, many

from .crosswalk import of_easypost, of_sendcloud, of_usps, read_json
from .parcels import item, line, parcel


def three_for_ten() -> Declaration:
    lines = line("10.00", quantity=3, unit_value=money("3.333333", "USD"))
    return parcel(item(1, lines))


def test_ten_dollars_for_three_pieces_become_two_rows_of_whole_cents() -> None:
    assert [(row.quantity, row.value) for row in of_sendcloud(three_for_ten())] == [
        (2, Decimal("3.33")),
        (1, Decimal("3.34")),
    ]


def test_a_target_of_line_totals_gets_the_total_and_not_the_price_of_one() -> None:
    (row,) = of_easypost(three_for_ten())
    assert (row.quantity, row.value) == (3, Decimal(10))


def test_an_ounce_is_the_exact_avoirdupois_one() -> None:
    heavy = line(
        "1.00", unit_net_weight_kg=Decimal("0.45359237"), line_net_weight_kg=Decimal("0.45359237")
    )
    declaration = parcel(item(1, heavy))
    assert of_easypost(declaration)[0].weight == 16
    assert of_usps(declaration)[0].weight == 1


def test_an_unknown_weight_is_left_out_and_a_tiny_one_never_becomes_zero() -> None:
    assert of_easypost(parcel())[0].weight is None
    light = line("1.00", unit_net_weight_kg=Decimal("0.000001"))
    declaration = parcel(
        item(1, light.model_copy(update={"line_net_weight_kg": Decimal("0.000001")}))
    )
    assert of_sendcloud(declaration)[0].weight == Decimal("0.001")


def test_another_currency_needs_a_rate_and_the_lines_still_sum_to_the_rounded_total() -> None:
    lines = [line("0.10", "EUR") for _ in range(3)]
    goods = [item(n, one) for n, one in enumerate(lines, start=1)]
    declaration = parcel(*goods, currency="EUR", freight=None)
    for module in (easypost, usps, us_mail):
        with pytest.raises(ExportError) as caught:
            module.write(declaration)
        assert caught.value.code == "currency_refused"
    content = easypost.write(declaration, usd_rate="1.05")
    rows = read_json(content)["shipment"]["customs_info"]["customs_items"]
    assert sum(row["value"] for row in rows) == Decimal("0.32")
    assert [row["value"] for row in rows] == [Decimal("0.11"), Decimal("0.11"), Decimal("0.10")]


@pytest.mark.parametrize("rate", ["0", "-1", "x", "nan", 1.5, True])
def test_a_rate_that_is_no_positive_decimal_is_refused(rate: Any) -> None:
    declaration = parcel(item(1, line("1.00", "EUR")), currency="EUR", freight=None)
    with pytest.raises(UsageError):
        easypost.write(declaration, usd_rate=rate)


def test_nothing_is_certified_without_a_signer() -> None:
    assert read_json(shippo.write(parcel()))["certify"] is False
    info = read_json(easypost.write(parcel()))["shipment"]["customs_info"]
    assert info["customs_certify"] is False
    assert "customs_signer" not in info
    assert read_json(shippo.write(parcel(), signer="A. Martin"))["certify"] is True


def test_the_ioss_number_goes_where_each_target_reads_it() -> None:
    number_ = "IM3720000224"
    assert (
        read_json(easypost.write(parcel()))["shipment"]["tax_identifiers"][0]["tax_id"] == number_
    )
    tax = read_json(shippo.write(parcel()))["exporter_identification"]["tax_id"]
    assert tax == {"type": "IOSS", "number": number_}
    assert read_json(karrio.write(parcel()))["customs"]["options"]["ioss"] == number_
    sender = read_json(sendcloud.write(parcel()))["parcel"]["tax_numbers"]["sender"]
    assert sender == [{"name": "IOSS", "value": number_}]


def test_rows_by_product_carry_the_merchants_product_id() -> None:
    goods = item(1, line("1.00", sku_id="0012"), line("2.00", sku_id="0013"))
    content = easypost.write(parcel(goods), rows="product")
    rows = read_json(content)["shipment"]["customs_info"]["customs_items"]
    assert [row["code"] for row in rows] == ["0012", "0013"]


def test_leading_zeros_of_codes_survive_and_short_codes_are_left_out() -> None:
    (row,) = read_json(shippo.write(parcel(item(1, line("1"), hs_code="010121"))))["items"]
    assert row["tariff_number"] == "010121"
    (row,) = read_json(shippo.write(parcel(item(1, line("1"), hs_code="0101"))))["items"]
    assert "tariff_number" not in row


def test_usps_gets_short_latin_descriptions_and_no_cut_invoice_number() -> None:
    goods = item(1, line("1.00"), description="Étui de protection en silicone pour téléphone")
    form = read_json(usps.write(parcel(goods, invoice_number="8012345678901234")))["customsForm"]
    assert form["contents"][0]["itemDescription"] == "Etui de protection en silicone"
    assert "invoiceNumber" not in form
    with pytest.raises(ExportError) as caught:
        usps.write(parcel(item(1, line("1.00"), description="鼠标")))
    assert caught.value.code == "no_description"


@pytest.mark.parametrize(
    "options",
    [
        {"rows": "lines"},
        {"non_delivery_option": "burn"},
        {"restriction_type": "secret"},
    ],
)
def test_an_unknown_choice_names_the_known_ones(options: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match="Use one of"):
        easypost.write(parcel(), **options)


def test_a_negative_value_is_refused() -> None:
    with pytest.raises(ExportError) as caught:
        karrio.write(parcel(item(1, line("-1.00"))))
    assert caught.value.code == "negative_value"


@many
@given(declaration=declarations())
def test_strange_texts_never_break_the_json(declaration: Declaration) -> None:
    assume(all(goods.description.strip() for goods in declaration.items))
    for module in (shippo, sendcloud, karrio):
        read_json(module.write(declaration))
