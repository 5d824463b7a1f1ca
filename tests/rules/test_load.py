"""Rule tables on disk: what a fault names, and that a destination is one file and nothing else."""

from __future__ import annotations

import datetime as dt
import os
from decimal import Decimal
from pathlib import Path

import pytest

import aliexpress_customs as ac
from aliexpress_customs.errors import RuleTableError, UnknownDestinationError
from aliexpress_customs.rules.load import FOLDERS_VARIABLE, destinations, law, read_table

DAY = dt.date(2026, 3, 2)
HEAD = """[destination]
code = "NR"
name = "Testland"
currency = "AUD"
"""
PARAMETER = """
[[parameter]]
id = "vat_rate"
value = 10
unit = "%"
source_url = "https://customs.example/rates"
source_kind = "official"
confidence = "high"
"""
CHARGES = """
[[charge]]
id = "nr.duty"
kind = "duty"
label = "Duty"
base = "intrinsic_value"
rate = "5 %"

[[charge]]
id = "nr.vat"
kind = "vat"
label = "Goods tax"
base = "intrinsic_value + freight + duty"
rate = "vat_rate"
legal_basis = "Tax Act, s. 1"
"""


def table(folder: Path, text: str, name: str = "nr") -> Path:
    path = folder / "destinations" / f"{name}.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def line_of(text: str, wanted: str) -> int:
    (found,) = [n for n, line in enumerate(text.splitlines(), 1) if line == wanted]
    return found


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of the caller's own tables."""
    monkeypatch.setenv(FOLDERS_VARIABLE, str(tmp_path))
    return tmp_path


def test_one_file_makes_a_destination(own: Path) -> None:
    table(own, HEAD + PARAMETER + CHARGES)
    goods = [ac.Goods.model_validate({"title": "lamp", "unit_value": "40.00 AUD"})]
    found = ac.quote(goods, "NR", on=DAY, freight="8.00")
    assert found.outcome == "estimated"  # the origin is assumed
    assert str(found.total_duty) == str(ac.Goods(unit_value="2.00 AUD").unit_value)
    assert found.total_vat is not None
    assert found.total_vat.amount == Decimal("5.00")
    assert found.landed_cost is not None
    assert found.landed_cost.amount == Decimal("55.00")
    assert found.currency == "AUD"
    assert "NR" in destinations()


def test_an_own_table_comes_before_the_shipped_one(
    own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table(own, HEAD.replace("NR", "JP"), "jp")
    assert law("JP").destination.name == "Testland"
    assert law("DE").destination.name == "Germany"
    monkeypatch.delenv(FOLDERS_VARIABLE)
    assert law("JP").destination.name == "Japan"


def test_several_own_folders_are_searched_in_their_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("first", "second"):
        table(tmp_path / name, HEAD.replace("Testland", name))
    folders = os.pathsep.join(str(tmp_path / name) for name in ("first", "second"))
    monkeypatch.setenv(FOLDERS_VARIABLE, folders)
    assert law("NR").destination.name == "first"


def test_law_of_a_union_comes_first_and_own_entries_replace_it(own: Path) -> None:
    (own / "unions").mkdir()
    (own / "unions" / "isles.toml").write_text(
        f'union = "isles"\nterritory_countries = ["NR", "TV"]\n{PARAMETER}{CHARGES}',
        encoding="utf-8",
    )
    head = HEAD + 'unions = ["isles"]\n'
    table(own, head + PARAMETER.replace("value = 10", "value = 3"))
    found = law("NR")
    assert [(entry.id, entry.value) for entry in found.parameters] == [("vat_rate", Decimal(3))]
    assert [entry.id for entry in found.charges] == ["nr.duty", "nr.vat"]
    assert found.territory_countries == {"NR", "TV"}
    assert [path.name for path in found.files] == ["isles.toml", "nr.toml"]


def test_the_hash_follows_the_content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hashes = []
    for name, text in (("a", HEAD), ("b", HEAD), ("c", HEAD + PARAMETER)):
        table(tmp_path / name, text)
        monkeypatch.setenv(FOLDERS_VARIABLE, str(tmp_path / name))
        hashes.append(law("NR").hash)
    assert hashes[0] == hashes[1] != hashes[2]


@pytest.mark.parametrize("code", ["XX", "", "..", "../de", "D E", "de.toml", "DEU"])
def test_a_destination_without_table_says_how_to_add_one(code: str) -> None:
    with pytest.raises(UnknownDestinationError) as caught:
        law(code)
    assert caught.value.code == "unknown_destination"
    assert "rules list" in caught.value.action


def test_an_unknown_union_is_named(own: Path) -> None:
    table(own, HEAD + 'unions = ["atlantis"]\n')
    with pytest.raises(RuleTableError, match="atlantis") as caught:
        law("NR")
    assert caught.value.path.endswith("nr.toml")


def test_a_table_without_head_is_refused(own: Path) -> None:
    table(own, PARAMETER)
    with pytest.raises(RuleTableError, match=r"\[destination\]") as caught:
        law("NR")
    assert caught.value.path.endswith("nr.toml")


@pytest.mark.parametrize(
    "text", ["[destination\n", HEAD + "id = \n", 'a = "\n"', HEAD + HEAD, "\x00", "x = 2026-13-01"]
)
def test_broken_toml_names_the_file(own: Path, text: str) -> None:
    table(own, text)
    with pytest.raises(RuleTableError) as caught:
        law("NR")
    assert caught.value.path.endswith("nr.toml")


def test_a_file_that_is_no_text_names_itself(own: Path) -> None:
    table(own, HEAD).write_bytes(b"\xff\xfe\x00name")
    with pytest.raises(RuleTableError, match="cannot be read") as caught:
        law("NR")
    assert caught.value.path.endswith("nr.toml")


@pytest.mark.parametrize(
    ("text", "faulty_line", "key"),
    [
        (
            HEAD + PARAMETER.replace('"official"', '"rumour"'),
            'source_kind = "rumour"',
            "parameter[0].source_kind",
        ),
        (HEAD + PARAMETER + 'colour = "red"\n', 'colour = "red"', "parameter[0].colour"),
        (HEAD + PARAMETER + 'from = "soon"\n', 'from = "soon"', "parameter[0].from"),
        (
            HEAD + PARAMETER + PARAMETER.replace('"vat_rate"', '"Vat Rate"'),
            'id = "Vat Rate"',
            "parameter[1].id",
        ),
        (HEAD + CHARGES.replace('"duty"', '"toll"'), 'kind = "toll"', "charge[0].kind"),
        (HEAD + CHARGES + 'per = "parcel"\n', 'per = "parcel"', "charge[1].per"),
        (HEAD + CHARGES + 'round = "sideways"\n', 'round = "sideways"', "charge[1].round"),
        (HEAD.replace("NR", "nauru"), 'code = "nauru"', "destination.code"),
    ],
)
def test_a_schema_error_names_file_line_and_key(
    own: Path, text: str, faulty_line: str, key: str
) -> None:
    table(own, text)
    with pytest.raises(RuleTableError) as caught:
        law("NR")
    assert caught.value.path == f"nr.toml:{line_of(text, faulty_line)}: {key}"
    assert "schema" in caught.value.action


@pytest.mark.parametrize(
    ("text", "header", "nth", "key"),
    [
        (HEAD + CHARGES.replace('label = "Duty"\n', ""), "[[charge]]", 0, "charge[0].label"),
        (HEAD + CHARGES + 'amount = "1"\n', "[[charge]]", 1, "charge[1]"),
        (HEAD + CHARGES.replace('rate = "5 %"\n', ""), "[[charge]]", 0, "charge[0]"),
        (
            HEAD + PARAMETER + "from = 2026-02-01\nto = 2026-01-31\n",
            "[[parameter]]",
            0,
            "parameter[0]",
        ),
        (HEAD + PARAMETER.replace('"%"', '"list"'), "[[parameter]]", 0, "parameter[0]"),
        (HEAD.replace('name = "Testland"\n', ""), "[destination]", 0, "destination.name"),
    ],
)
def test_what_is_missing_or_contradictory_is_located_at_the_entry(
    own: Path, text: str, header: str, nth: int, key: str
) -> None:
    table(own, text)
    with pytest.raises(RuleTableError) as caught:
        law("NR")
    lines = [n for n, line in enumerate(text.splitlines(), 1) if line == header]
    assert caught.value.path == f"nr.toml:{lines[nth]}: {key}"


def test_a_charge_of_zero_must_say_why(own: Path) -> None:
    table(own, HEAD + '[[charge]]\nid = "a"\nkind = "vat"\nlabel = "A"\namount = "0"\n')
    with pytest.raises(RuleTableError, match="needs 'zero', the reason"):
        law("NR")


def test_a_default_must_be_one_of_the_options(own: Path) -> None:
    reading = '[[reading]]\nid = "r"\nquestion = "?"\noptions = ["a", "b"]\ndefault = "c"\n'
    table(own, HEAD + reading)
    with pytest.raises(RuleTableError, match="'default' is none of the 'options'"):
        law("NR")


@pytest.mark.parametrize(
    "text",
    ["parameter = 5", "parameter = [5]", "given = ['a']", "charge = {}", "destination = 'NR'"],
)
def test_entries_of_the_wrong_shape_are_refused(own: Path, text: str) -> None:
    table(own, text)
    with pytest.raises(RuleTableError):
        law("NR")


def test_numbers_of_a_table_are_read_without_passing_through_a_float(tmp_path: Path) -> None:
    path = table(tmp_path, HEAD + PARAMETER.replace("value = 10", "value = 0.1"))
    value = read_table(path).parameter[0].value
    assert isinstance(value, Decimal)
    assert value == Decimal("0.1")
    path = table(tmp_path, HEAD + PARAMETER, "whole")
    assert isinstance(read_table(path).parameter[0].value, Decimal)
