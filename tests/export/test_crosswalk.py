"""One declaration through every flat target: what comes back is what went in."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, NamedTuple

import pytest
from hypothesis import assume, given

from aliexpress_customs.declaration.model import Declaration
from aliexpress_customs.errors import ExportError, UsageError
from aliexpress_customs.export import easypost, karrio, sendcloud, shippo, us_mail, usps
from aliexpress_customs.export.units import KILOGRAMS, Conventions
from aliexpress_customs.money import money
from strategies import declarations, many

from .parcels import item, line, parcel


class Told(NamedTuple):
    """A row as the target reads it, in its own units."""

    quantity: int
    value: Decimal
    weight: Decimal | None


def number(value: object) -> Decimal | None:
    return None if value in {None, ""} else Decimal(str(value))


def read_json(content: bytes) -> Any:
    return json.loads(content, parse_float=Decimal)


def told(row: dict[str, Any], quantity: str, value: str, weight: str) -> Told:
    worth = number(row[value])
    assert worth is not None
    return Told(int(row[quantity]), worth, number(row.get(weight)))


def of_easypost(declaration: Declaration) -> list[Told]:
    rows = read_json(easypost.write(declaration))["shipment"]["customs_info"]["customs_items"]
    return [told(row, "quantity", "value", "weight") for row in rows]


def of_shippo(declaration: Declaration) -> list[Told]:
    rows = read_json(shippo.write(declaration))["items"]
    assert all(isinstance(row["value_amount"], str) for row in rows)
    return [told(row, "quantity", "value_amount", "net_weight") for row in rows]


def of_sendcloud(declaration: Declaration) -> list[Told]:
    rows = read_json(sendcloud.write(declaration))["parcel"]["parcel_items"]
    return [told(row, "quantity", "value", "weight") for row in rows]


def of_karrio(declaration: Declaration) -> list[Told]:
    rows = read_json(karrio.write(declaration))["customs"]["commodities"]
    return [told(row, "quantity", "value_amount", "weight") for row in rows]


def of_usps(declaration: Declaration) -> list[Told]:
    rows = read_json(usps.write(declaration))["customsForm"]["contents"]
    return [told(row, "itemQuantity", "itemTotalValue", "itemTotalWeight") for row in rows]


def of_us_mail(declaration: Declaration) -> list[Told]:
    rows = csv.DictReader(io.StringIO(us_mail.write(declaration).decode(), newline=""))
    return [told(row, "quantity", "line_value_usd", "net_weight_kg") for row in rows]


TARGETS: list[tuple[Conventions, Callable[[Declaration], list[Told]]]] = [
    (easypost.CONVENTIONS, of_easypost),
    (shippo.CONVENTIONS, of_shippo),
    (sendcloud.CONVENTIONS, of_sendcloud),
    (karrio.CONVENTIONS, of_karrio),
    (usps.CONVENTIONS, of_usps),
    (us_mail.CONVENTIONS, of_us_mail),
]


def latin(declaration: Declaration) -> Declaration:
    """With descriptions that every target can hold."""
    items = (goods.model_copy(update={"description": "USB cables"}) for goods in declaration.items)
    return declaration.model_copy(update={"items": tuple(items)})


@pytest.mark.parametrize(("conventions", "read"), TARGETS)
@many
@given(declaration=declarations("USD"))
def test_values_quantities_and_weights_agree_after_converting_back(
    conventions: Conventions,
    read: Callable[[Declaration], list[Told]],
    declaration: Declaration,
) -> None:
    rows = read(latin(declaration))
    pieces = sum(goods.quantity for goods in declaration.items)
    assert sum(row.quantity for row in rows) == pieces
    assert all(row.quantity > 0 for row in rows)
    per_unit = conventions.values == "unit"
    total = sum(row.value * row.quantity if per_unit else row.value for row in rows)
    assert total == declaration.intrinsic_value.amount
    if declaration.net_weight_kg is None:
        assert any(row.weight is None for row in rows)
        return
    assert abs(weight_kg(rows, conventions) - declaration.net_weight_kg) <= slack(rows, conventions)


def weight_kg(rows: list[Told], conventions: Conventions) -> Decimal:
    unit = KILOGRAMS[conventions.weight_unit]
    return sum((weight * times * unit for weight, times in weighed(rows, conventions)), Decimal(0))


def slack(rows: list[Told], conventions: Conventions) -> Decimal:
    """Half a step of rounding for each weight the target multiplies."""
    step = Decimal(1).scaleb(-conventions.weight_decimals) * KILOGRAMS[conventions.weight_unit]
    return sum((step * times / 2 for _, times in weighed(rows, conventions)), Decimal(0))


def weighed(rows: list[Told], conventions: Conventions) -> Iterator[tuple[Decimal, int]]:
    for row in rows:
        if row.weight is not None:
            yield row.weight, row.quantity if conventions.weights == "unit" else 1


@pytest.mark.parametrize(("conventions", "read"), [TARGETS[1], TARGETS[2], TARGETS[3]])
@many
@given(declaration=declarations())
def test_any_currency_keeps_its_total(
    conventions: Conventions,
    read: Callable[[Declaration], list[Told]],
    declaration: Declaration,
) -> None:
    rows = read(latin(declaration))
    per_unit = conventions.values == "unit"
    total = sum(row.value * row.quantity if per_unit else row.value for row in rows)
    assert total == declaration.intrinsic_value.amount


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
