"""A title as stems: the form in which titles, lexicon phrases and attributes are compared.

Case, accents, plurals, possessives, punctuation and British or American spelling do not count.
Titles are seller text: they may hold any character and have any length.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from aliexpress_customs.datafiles import data_folder

LONGEST_TITLE: Final = 600
"""Characters of a title that are read: four times what the shop allows."""

_WORD: Final = re.compile(r"[^\W_]+")
_ASCII_WORDS: Final = bytes(point if chr(point).isalnum() else ord(" ") for point in range(256))
"""What makes blanks of all that is in no word: the same for plain text, and faster."""
_POSSESSIVE: Final = re.compile(r"['\u2019\u02bc`](?:s\b)?")
_LATIN: Final = 0x24F
_WHOLE_LETTERS: Final = {
    "\u0131": "i",
    "\u0142": "l",
    "\u00f8": "o",
    "\u0111": "d",
    "\u00e6": "ae",
    "\u0153": "oe",
    "\u0451": "\u0435",
}
"""Letters whose mark is part of them, in plain ones; Russian titles write yo with and without."""
_REMEMBERED: Final = 4096
"""Characters of which it is remembered what they are without accents."""
_SHORTEST_PLURAL: Final = 4
_SHIRT: Final = "shirt"
_TEES: Final = ("t", "tee")
_T_SHIRT: Final = "tshirt"
"""No shirt, so one word, however it is written: no phrase of shirts is found in it."""
_KEEP_S: Final = ("ss", "us", "is")
_DROP_ES: Final = ("ches", "shes", "sses", "xes", "zzes")


def stems(text: str) -> list[str]:
    """The stems of a text in their order, at most those of the first 600 characters.

    >>> stems("Women's Jewellery-Boxes, 2 PCS")
    ['woman', 'jewelry', 'box', '2', 'pc']
    >>> stems("T-Shirts"), stems("Tee shirt")
    (['tshirt'], ['tshirt'])
    """
    found = list(map(stem, written_words(text)))
    if _SHIRT in found:
        for place in range(len(found) - 1, 0, -1):
            if found[place] == _SHIRT and found[place - 1] in _TEES:
                found[place - 1 : place + 1] = [_T_SHIRT]
    return found


@lru_cache(maxsize=256)
def written_words(text: str) -> tuple[str, ...]:
    """The words of a text in small letters, as `plain` writes them."""
    text = plain(text)
    if text.isascii():
        return tuple(text.encode().translate(_ASCII_WORDS).decode().split())
    return tuple(_WORD.findall(text))


def plain(text: str) -> str:
    """A text in small letters, without accents on Latin letters and without possessive endings."""
    text = text[:LONGEST_TITLE]
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)[:LONGEST_TITLE]
        return _POSSESSIVE.sub("", text.casefold()).translate(_BARE)
    text = text.lower()
    return _POSSESSIVE.sub("", text) if "'" in text or "`" in text else text


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """The stem of one small-letter word.

    >>> [stem(word) for word in ("dresses", "knives", "colours", "glass", "batteries")]
    ['dress', 'knife', 'color', 'glass', 'battery']
    """
    forms = spellings()
    if word in forms:
        return forms[word]
    single = _singular(word)
    return forms.get(single, single)


@cache
def spellings() -> dict[str, str]:
    """Other spellings and irregular plurals of a word (`spelling.csv`)."""
    return {row["variant"]: row["form"] for row in rows("spelling.csv")}


@cache
def words_of(*kinds: str) -> frozenset[str]:
    """The stems of `words.csv` that are of one of the kinds, such as `spam` or `device`."""
    return frozenset(stem(row["word"]) for row in rows("words.csv") if row["kind"] in kinds)


def empty_words() -> frozenset[str]:
    """Stems that say nothing of what the goods are: spam, audience, prepositions, vague words."""
    return words_of("spam", "audience", "for", "with", "vague")


def rows(name: str) -> Iterator[dict[str, str]]:
    """The rows of a table in `data/commodity/classify/`."""
    return table_rows(classify_folder() / name)


def table_rows(path: Path) -> Iterator[dict[str, str]]:
    """The rows of a CSV file; missing cells are empty."""
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, restval="")


def classify_folder() -> Path:
    """Folder of the tables of classification."""
    return data_folder() / "commodity" / "classify"


def _singular(word: str) -> str:
    if len(word) < _SHORTEST_PLURAL or not word.endswith("s") or word.endswith(_KEEP_S):
        return word
    if word.endswith("ies") and len(word) > _SHORTEST_PLURAL:
        return word[:-3] + "y"
    if word.endswith(_DROP_ES):
        return word[:-2]
    return word[:-1]


class _Bare(dict[int, str]):
    """Characters without their accents, by code point."""

    def __missing__(self, point: int) -> str:
        char = chr(point)
        if char in _WHOLE_LETTERS:
            bare = _WHOLE_LETTERS[char]
        elif 0x7F < point <= _LATIN:
            letters = unicodedata.normalize("NFKD", char)
            bare = "".join(one for one in letters if not unicodedata.combining(one))
        else:
            bare = "" if unicodedata.category(char) in {"Mn", "Cf"} else char
        if len(self) < _REMEMBERED:
            self[point] = bare
        return bare


_BARE: Final = _Bare()
