"""What customs reads: short, plain descriptions, and the words it refuses as too vague."""

from __future__ import annotations

import csv
import re
import unicodedata
from functools import cache
from typing import Final

from aliexpress_customs.datafiles import data_folder

LONGEST_DESCRIPTION: Final = 60
"""Characters of an English declared name the shop's own logistics accepts (`category_en_desc`)."""

_BLANKS: Final = re.compile(r"\s+")
_WORD: Final = re.compile(r"[^\W_]+")
_TOO_SHORT: Final = 3


def clean_description(text: str, longest: int = LONGEST_DESCRIPTION) -> str:
    """A title as a description: no symbols and doubled blanks, cut at a word boundary.

    Args:
        text: a shop's title or any other text.
        longest: characters kept at most.

    >>> clean_description("  USB-C  Cable ✨ 2m ")
    'USB-C Cable 2m'
    """
    plain = "".join(
        " " if unicodedata.category(char) in {"So", "Cc", "Cf", "Sk", "Cs", "Co"} else char
        for char in unicodedata.normalize("NFKC", text)
    )
    plain = _BLANKS.sub(" ", plain).strip()
    if len(plain) > longest:
        head = plain[: longest + 1]
        plain = head.rsplit(" ", 1)[0] if " " in head else head[:longest]
    return plain.strip(" ,;:-/|")


def same_description(text: str) -> str:
    """The form in which two descriptions are compared: case, blanks and punctuation do not count.

    >>> same_description("Men's  Shirt.") == same_description("men's shirt")
    True
    """
    return " ".join(_WORD.findall(unicodedata.normalize("NFKC", text).casefold()))


def vague_words(description: str) -> tuple[str, ...]:
    """The words that make a description too vague, empty if it says what the goods are.

    A description is vague if all of its words are: `gift`, `spare parts`, `electronic accessories`,
    or if it holds no word at all.

    >>> vague_words("Spare parts")
    ('spare', 'parts')
    >>> vague_words("Spare parts of bicycle brakes")
    ()
    """
    text, terms = description.casefold(), vague_terms()
    words = (match[0] for match in _WORD.finditer(text))
    telling = (word for word in words if word not in terms and not word.isdigit())
    if any(len(word) >= _TOO_SHORT or not word.isascii() for word in telling):
        return ()
    return tuple(_WORD.findall(text)) or (description.strip(),)


@cache
def vague_terms() -> dict[str, str]:
    """Words customs refuse as a description, and what to say instead (`vague_terms.csv`)."""
    path = data_folder() / "commodity" / "vague_terms.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return {row["term"]: row["say_instead"] for row in csv.DictReader(file)}
