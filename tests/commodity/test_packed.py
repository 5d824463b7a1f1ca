"""Packed tables hold what was packed, read as a whole or as asked for."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aliexpress_customs.commodity.packed import open_table, pack, unpack

WORDS = st.text(alphabet="abc", min_size=1, max_size=6)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("packed") / "table.gz"


@given(st.dictionaries(WORDS, WORDS, max_size=400), st.lists(st.lists(WORDS)))
def test_a_table_answers_as_the_whole_does(
    file: Path, content: dict[str, str], asked: list[list[str]]
) -> None:
    file.write_bytes(pack(content))
    assert unpack(file) == content
    table = open_table(file)
    for words in asked:
        table.need(words)
        assert {word: table.get(word) for word in words} == {
            word: content.get(word) for word in words
        }


def test_only_what_is_asked_for_is_taken_apart(file: Path) -> None:
    content = {f"{number:05}": "x" for number in range(10_000)}
    file.write_bytes(pack(content))
    table = open_table(file)
    table.need(["00000", "09999", "word"])
    assert 0 < len(table) < 1000
    table.need(content)
    assert table == content


def test_the_same_table_gives_the_same_bytes() -> None:
    assert pack({"b": "2", "a": "1"}) == pack({"a": "1", "b": "2"})
