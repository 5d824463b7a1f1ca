from __future__ import annotations

import csv
import io
from decimal import Decimal

import pytest
from hypothesis import given

from aliexpress_customs.declaration.model import Declaration, DeclarationLine, GoodsItem
from aliexpress_customs.errors import ExportError, ReadError, UsageError
from aliexpress_customs.export.items_csv import COLUMNS, read_items_csv, write
from aliexpress_customs.export.spreadsheet import FORMULA_STARTS
from aliexpress_customs.invoice.model import Party
from aliexpress_customs.model import Model
from aliexpress_customs.money import money
from strategies import declarations, many

from .parcels import item, line, parcel

NOT_CARRIED = {"sender": Party(), "recipient": None, "collected": (), "findings": ()}


def table(content: bytes) -> list[dict[str, str]]:
    text = content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


@many
@given(declarations())
def test_the_plain_dialect_comes_back_exactly(declaration: Declaration) -> None:
    carried = declaration.model_copy(update=NOT_CARRIED)
    content = write(declaration)
    assert read_items_csv(content) == carried
    assert write(read_items_csv(content.decode())) == content


@many
@given(declarations())
def test_no_cell_of_the_excel_dialect_starts_like_a_formula(declaration: Declaration) -> None:
    for row in table(write(declaration, dialect="excel")):
        assert not any(cell.startswith(tuple(FORMULA_STARTS)) for cell in row.values())


@many
@given(declarations())
def test_the_line_values_of_the_rows_add_up_to_the_intrinsic_value(
    declaration: Declaration,
) -> None:
    values = [Decimal(row["line_value"]) for row in table(write(declaration))]
    assert sum(values) == declaration.intrinsic_value.amount


def test_every_field_of_the_models_is_a_column_or_is_named_as_not_carried() -> None:
    columns = {(column.part, column.attribute) for column in COLUMNS}
    models: dict[str, type[Model]] = {
        "line": DeclarationLine,
        "item": GoodsItem,
        "consignment": Declaration,
    }
    fields = {(part, name) for part, model in models.items() for name in model.model_fields}
    nested = {("item", "lines"), ("consignment", "items")}
    assert fields - columns - nested == {("consignment", name) for name in NOT_CARRIED}


def test_leading_zeros_survive() -> None:
    declaration = parcel(
        item(1, line("3.20", sku_id="0012"), hs_code="0101210000"), postcode="01000"
    )
    row = table(write(declaration))[0]
    assert (row["hs_code"], row["sku_id"], row["postcode"]) == ("0101210000", "0012", "01000")
    assert read_items_csv(write(declaration)).items[0].hs_code == "0101210000"


def test_unknown_freight_is_empty_and_free_freight_is_zero() -> None:
    unknown, free = parcel(freight=None), parcel(freight=money("0", "USD"))
    assert table(write(unknown))[0]["freight"] == ""
    assert Decimal(table(write(free))[0]["freight"]) == 0
    assert read_items_csv(write(unknown)).freight is None
    assert read_items_csv(write(free)).freight == money("0", "USD")


def test_names_and_addresses_stay_out() -> None:
    text = write(parcel()).decode()
    assert "Anne Martin" not in text
    assert "rue Haute" not in text


def test_the_excel_dialect_keeps_codes_as_text_and_numbers_as_numbers() -> None:
    declaration = parcel(item(1, line("3.20", title="1-2"), hs_code="010121"))
    content = write(declaration, dialect="excel")
    row = table(content)[0]
    assert content.startswith(b"\xef\xbb\xbf")
    assert row["hs_code"] == "'010121"
    assert row["order_id"] == "'8012345678901234"
    assert row["title"] == "'1-2"
    assert row["line_value"] == "3.20"
    assert row["quantity"] == "1"


def test_numbers_never_use_scientific_notation() -> None:
    declaration = parcel(gross_weight_kg=Decimal("1E+1"))
    assert table(write(declaration))[0]["gross_weight_kg"] == "10"


def test_lines_end_as_rfc_4180_wants() -> None:
    assert write(parcel()).count(b"\r\n") == 2


def test_columns_may_come_in_any_order_and_optional_ones_may_be_absent() -> None:
    text = (
        "currency,line_discount,line_value,unit_value,quantity,title,origin_country,"
        "description,item_number,destination_country\n"
        "EUR,0,6.40,3.20,2,cable,CN,USB cables,1,FR\n"
        "EUR,0,1.00,1.00,1,plug,CN,Plugs,2,FR\n"
        "EUR,0,3.20,3.20,1,cable,CN,USB cables,1,FR\n"
    )
    declaration = read_items_csv("\ufeff" + text)
    assert [len(goods.lines) for goods in declaration.items] == [2, 1]
    assert declaration.intrinsic_value == money("10.60", "EUR")
    assert declaration.freight is None


def changed(name: str, value: str, row: int = 0) -> str:
    rows = table(write(parcel(item(1, line("3.20"), line("1.00")))))
    rows[row][name] = value
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("", ""),
        ("order_id\r\n", ""),
        ("freigth\r\n1\r\n", "row 1"),
        ("order_id,title\r\n1\r\n", "row 2"),
        ('order_id\r\n"1"x\r\n', ""),
        (changed("quantity", "many"), "row 2, quantity"),
        (changed("line_value", "3,20"), "row 2, line_value"),
        (changed("description", "other", row=1), "row 3, description"),
        (changed("freight", "2.00", row=1), "row 3, freight"),
    ],
)
def test_a_bad_file_says_where(text: str, path: str) -> None:
    with pytest.raises(ReadError) as caught:
        read_items_csv(text)
    assert caught.value.path == path


def test_a_file_in_another_encoding_is_refused() -> None:
    with pytest.raises(ReadError, match="UTF-8"):
        read_items_csv("title\r\nétui\r\n".encode("latin-1"))


def test_an_error_does_not_repeat_the_tax_number() -> None:
    with pytest.raises(ReadError) as caught:
        read_items_csv(changed("importer", "01234567890"))
    assert "01234567890" not in str(caught.value)


def test_an_unknown_dialect_is_refused() -> None:
    with pytest.raises(UsageError, match="tsv"):
        write(parcel(), dialect="tsv")  # type: ignore[arg-type]


def test_amounts_in_several_currencies_are_refused() -> None:
    with pytest.raises(ExportError) as caught:
        write(parcel(freight=money("1", "EUR")))
    assert caught.value.code == "several_currencies"


def test_two_goods_items_with_one_number_are_refused() -> None:
    with pytest.raises(ExportError) as caught:
        write(parcel(item(1, line("1")), item(1, line("2"))))
    assert caught.value.code == "repeated_item_number"


def test_half_a_character_is_a_typed_error() -> None:
    with pytest.raises(ExportError, match="half of a character"):
        write(parcel(item(1, line("3.20", title="cut \ud83d"))))
