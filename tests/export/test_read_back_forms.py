"""Postal forms, rows and JSON become a declaration again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

import aliexpress_customs as ac
from aliexpress_customs.declaration.model import Declaration
from aliexpress_customs.errors import ReadError
from aliexpress_customs.export import cn23_csv
from aliexpress_customs.export.postal_form import PostalForm, fill_form
from aliexpress_customs.export.postal_form_reading import declaration_of
from strategies import declarations, many

from .parcels import parcel


@many
@given(declarations())
def test_json_and_items_csv_and_both_forms_are_of_one_declaration(
    declaration: Declaration,
) -> None:
    kept = ac.read_back(str(ac.export(declaration, "json")), "json")
    assert kept == declaration
    for name in ("items-csv", "cn23-csv", "cn23-xml"):
        again = ac.read_back(str(ac.export(declaration, name)), name)
        assert isinstance(again, Declaration)
        assert again.intrinsic_value == declaration.intrinsic_value
        assert [one.quantity for one in again.items] == [one.quantity for one in declaration.items]
        assert plain(fill_form(again), name) == plain(fill_form(declaration), name)


def plain(form: PostalForm, format_name: str) -> PostalForm:
    """Without what the format does not carry."""
    left_out: dict[str, Any] = {"notes": ()}
    if format_name == "cn23-csv":
        lines = ", ".join(form.recipient.address_lines)
        left_out["recipient"] = form.recipient.model_copy(
            update={"address_lines": (lines,) if lines else ()}
        )
    if format_name == "items-csv":
        left_out["sender"] = left_out["recipient"] = None
    return form.model_copy(update=left_out)


@many
@given(declarations())
def test_a_form_read_back_is_written_the_same(declaration: Declaration) -> None:
    form = fill_form(declaration, comments="none", licence_numbers="L1")
    again = declaration_of(form)
    rewritten = fill_form(again, comments="none", licence_numbers="L1")
    assert rewritten.model_copy(update={"notes": ()}) == form.model_copy(update={"notes": ()})
    assert "form_only" in {finding.code for finding in again.findings}


@many
@given(declarations())
def test_the_csv_of_a_form_holds_the_form(declaration: Declaration) -> None:
    form = cn23_csv.read_back(cn23_csv.write(declaration))
    assert plain(form, "cn23-csv") == plain(fill_form(declaration), "cn23-csv")


def test_the_reference_of_an_importer_is_only_certain_for_an_ioss_number() -> None:
    ioss = declaration_of(fill_form(parcel()))
    assert (ioss.ioss_number, ioss.importer_tax_id) == ("IM3720000224", "")
    voec = declaration_of(fill_form(parcel(ioss_number="2024123")))
    assert (voec.ioss_number, voec.importer_tax_id) == ("", "2024123")
    assert [finding.code for finding in voec.findings] == ["importer_reference_ambiguous"]


def test_a_path_is_read_as_well_as_content(tmp_path: Path) -> None:
    path = ac.export(parcel(), "cn23-xml", tmp_path / "form.xml")
    assert isinstance(path, Path)
    content = path.read_bytes()
    for source in (path, str(path), content, content.decode()):
        assert ac.read_back(source, "cn23-xml") == ac.read_back(content, "cn23-xml")
    with pytest.raises(ReadError) as caught:
        ac.read_back(tmp_path / "none.xml", "cn23-xml")
    assert caught.value.code == "cannot_open"
