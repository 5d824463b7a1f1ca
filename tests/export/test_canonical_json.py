from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given

from aliexpress_customs.consignment.model import Consignment, ConsignmentLine
from aliexpress_customs.declaration.model import Declaration
from aliexpress_customs.errors import ExportError, ReadError
from aliexpress_customs.export.canonical_json import (
    json_schema,
    read_back,
    write,
    write_json_schema,
)
from aliexpress_customs.invoice.model import Invoice, InvoiceLine, Source
from aliexpress_customs.money import money
from strategies import declarations, many

from .parcels import item, line, parcel


@many
@given(declarations())
def test_a_declaration_comes_back_identical(declaration: Declaration) -> None:
    written = write(declaration)
    again = read_back(written, Declaration)
    assert again == declaration
    assert write(again) == written


@many
@given(declarations())
def test_what_is_written_is_valid_by_the_published_schema(declaration: Declaration) -> None:
    validator = jsonschema.Draft202012Validator(json_schema())
    validator.validate(json.loads(write(declaration)))


def test_an_invoice_and_a_consignment_come_back_identical() -> None:
    price = money("3.20", "USD")
    invoice = Invoice(
        source=Source(kind="by_hand"),
        currency="USD",
        lines=(InvoiceLine(title="鼠标", quantity=2, unit_price=price, line_gross=price),),
    )
    consignment = Consignment(
        destination_country="FR",
        currency="USD",
        lines=(
            ConsignmentLine(
                title="鼠标",
                quantity=1,
                line_gross=price,
                line_discount=money("0", "USD"),
                allocated_discount=money("0", "USD"),
                included_tax=money("0", "USD"),
                line_value=price,
            ),
        ),
    )
    assert read_back(write(invoice), Invoice) == invoice
    assert read_back(write(consignment), Consignment) == consignment


def test_amounts_are_text_and_sums_are_there_to_read() -> None:
    data = json.loads(write(parcel(item(1, line("3.20"), line("0.10")))))
    assert data["items"][0]["lines"][0]["line_value"] == "3.20 USD"
    assert data["intrinsic_value"] == "3.30 USD"


def test_one_line_for_json_lines() -> None:
    assert write(parcel(), indent=None).count(b"\n") == 1


def test_the_schema_is_published_as_a_file_that_is_itself_a_schema(tmp_path: Path) -> None:
    path = write_json_schema(tmp_path / "declaration.schema.json")
    schema = json.loads(path.read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    assert "intrinsic_value" in schema["properties"]


def test_other_json_is_refused_without_repeating_its_content() -> None:
    with pytest.raises(ReadError) as caught:
        read_back('{"recipient": {"name": ["Anne Martin"]}}', Declaration)
    assert caught.value.path
    assert "Anne" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_half_a_character_is_a_typed_error() -> None:
    with pytest.raises(ExportError, match="half of a character"):
        write(parcel(item(1, line("3.20", title="cut \ud83d"))))


def test_decimals_keep_their_digits() -> None:
    again = read_back(write(parcel(gross_weight_kg=Decimal("0.2500"))), Declaration)
    assert str(again.gross_weight_kg) == "0.2500"
