"""One declaration through every JSON and CSV target: what comes back is what went in."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from hypothesis import given

from aliexpress_customs.declaration.model import Declaration
from aliexpress_customs.export.registry import EXPORTERS
from aliexpress_customs.export.units import KILOGRAMS, Conventions
from aliexpress_customs.export.xml_h7 import gross_weights
from aliexpress_customs.money import minor_unit
from strategies import declarations, many

from .crosswalk import BILL, H7_TARGETS, TARGETS, Told, latin, of_xero
from .test_h7_dms import danish_declarations

ANY_CURRENCY = ("shippo-json", "sendcloud-json", "karrio-json", "items-csv", "cn23-csv", "json")


def test_every_json_and_csv_format_is_in_the_crosswalk() -> None:
    flat = {one.NAME for one in EXPORTERS if one.MEDIA_TYPE in {"application/json", "text/csv"}}
    assert flat == {*TARGETS, *H7_TARGETS, "xero-csv"}


@many
@given(declaration=declarations("USD"))
def test_values_quantities_and_weights_agree_after_converting_back(
    declaration: Declaration,
) -> None:
    pieces = sum(goods.quantity for goods in declaration.items)
    for name, (conventions, read) in TARGETS.items():
        rows = read(latin(declaration))
        assert sum(row.quantity for row in rows) == pieces, name
        assert all(row.quantity > 0 for row in rows), name
        assert total(rows, conventions) == declaration.intrinsic_value.amount, name
        if declaration.net_weight_kg is None:
            assert any(row.weight is None for row in rows), name
        else:
            difference = abs(weight_kg(rows, conventions) - declaration.net_weight_kg)
            assert difference <= slack(rows, conventions), name


@many
@given(declaration=declarations())
def test_any_currency_keeps_its_total(declaration: Declaration) -> None:
    for name in ANY_CURRENCY:
        conventions, read = TARGETS[name]
        rows = read(latin(declaration))
        assert total(rows, conventions) == declaration.intrinsic_value.amount, name


@many
@given(declaration=danish_declarations())
def test_an_h7_keeps_code_value_and_gross_weight_of_each_goods_item(
    declaration: Declaration,
) -> None:
    codes = [(item.hs_code or "")[:6] for item in declaration.items]
    step = max(minor_unit(declaration.currency), Decimal("0.01"))
    for name, read in H7_TARGETS.items():
        rows = read(declaration, importer_id="FR1", checks="skip")
        assert [row.hs_code for row in rows] == codes, name
        assert [row.gross_weight for row in rows] == gross_weights(declaration), name
        for row, goods in zip(rows, declaration.items, strict=True):
            assert abs(row.value - goods.item_value.amount) <= step / 2, name


@many
@given(declaration=declarations())
def test_a_bill_keeps_the_pieces_and_what_was_paid_for_the_goods(declaration: Declaration) -> None:
    rows = of_xero(latin(declaration))
    assert sum(row.quantity for row in rows) == sum(item.quantity for item in declaration.items)
    assert abs(total(rows, BILL) - declaration.intrinsic_value.amount) < Decimal("1e-18")


def total(rows: list[Told], conventions: Conventions) -> Decimal:
    per_unit = conventions.values == "unit"
    return sum((row.value * row.quantity if per_unit else row.value for row in rows), Decimal(0))


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
