"""Descriptions customs refuse although they are no single vague word: own list, with the remedy.

`data/export/refused_words.csv`: `whole` entries are refused if they are the whole description,
`part` entries wherever they stand, `brand` entries if a description names nothing but brands,
models and vague words.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from aliexpress_customs.commodity.descriptions import same_description, vague_terms
from aliexpress_customs.datafiles import data_folder

_HAS_DIGIT: Final = re.compile(r"\d")


@dataclass(frozen=True)
class Refusal:
    """Why a description is refused, and what to write."""

    code: str
    message: str
    say_instead: str


def refusal(description: str) -> Refusal | None:
    """Why customs would refuse a description; None if it says what the goods are.

    >>> refusal("Xiaomi Redmi 14C").code
    'description_brand_only'
    >>> refusal("Consolidated cargo, 3 boxes").code
    'description_refused'
    >>> refusal("Smartphone, Xiaomi Redmi 14C")
    """
    text = same_description(description)
    words = text.split()
    wholes, parts, brands = _words()
    if text in wholes:
        return _refused(text, wholes[text])
    padded = f" {text} "
    for phrase, say_instead in parts.items():
        if f" {phrase} " in padded:
            return _refused(phrase, say_instead)
    silent = [w in brands or w in vague_terms() or bool(_HAS_DIGIT.search(w)) for w in words]
    if words and all(silent) and any(word in brands for word in words):
        return Refusal(
            code="description_brand_only",
            message="The description names a brand, not the goods.",
            say_instead="name the thing and its material, the brand may follow",
        )
    return None


def _refused(phrase: str, say_instead: str) -> Refusal:
    return Refusal(
        code="description_refused",
        message=f'Customs refuse "{phrase}" as a description.',
        say_instead=say_instead,
    )


@cache
def _words() -> tuple[dict[str, str], dict[str, str], frozenset[str]]:
    wholes: dict[str, str] = {}
    parts: dict[str, str] = {}
    brands: set[str] = set()
    path = data_folder() / "export" / "refused_words.csv"
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            match row["match"]:
                case "brand":
                    brands.update(row["term"].split())
                case "part":
                    parts[row["term"]] = row["say_instead"]
                case _:
                    wholes[row["term"]] = row["say_instead"]
    return wholes, parts, frozenset(brands)
