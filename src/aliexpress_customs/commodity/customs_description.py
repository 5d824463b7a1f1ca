"""A seller's title as a description customs accepts: what the goods are, for whom, of what.

English, plain, without brands, spam and vague words. What a commodity code implies is said
(`620443`: woven, of synthetic fibres), so description and code never contradict each other. Wording
is in `data/commodity/classify/description_words.csv`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from aliexpress_customs.commodity.attributes import USUAL, attributes
from aliexpress_customs.commodity.classes import conditions
from aliexpress_customs.commodity.classify import evidence
from aliexpress_customs.commodity.codes import HS_DIGITS
from aliexpress_customs.commodity.descriptions import (
    LONGEST_DESCRIPTION,
    clean_description,
    vague_words,
)
from aliexpress_customs.commodity.languages import in_english
from aliexpress_customs.commodity.nomenclature import is_valid
from aliexpress_customs.commodity.ranking import Evidence
from aliexpress_customs.commodity.wording import description_words, texts
from aliexpress_customs.commodity.words import empty_words, plain, stem, stems, words_of

_WORD: Final = re.compile(r"[^\W_]+(?:'s)?")
_MOST_WORDS: Final = 6
"""Words kept of a title in which nothing was recognised."""
_BEFORE: Final = ("age", "gender")
"""Attributes said before the name of the goods."""
_AFTER: Final = ("knit", "fibre", "material", "upper", "bag", "metal", "bead", "glove", "hat")
"""Attributes said after it, in this order."""
_ENDS: Final = ("for", "with", "to", "and", "of", "in")


def customs_description(
    title: str, hs_code: str = "", *, variant: str = "", longest: int = LONGEST_DESCRIPTION
) -> str:
    """What customs reads about the goods of a title.

    Args:
        title: the seller's title.
        hs_code: the code declared, if known: the description agrees with it.
        variant: what was chosen of the product, such as `Material: Cotton`.
        longest: characters the channel accepts.

    >>> customs_description("2024 New Women's Summer Dress Casual O-Neck", "620443")
    "women's dress, woven, of synthetic fibres"
    >>> customs_description("HOT SALE Magnetic Silicone Phone Case For iPhone 15 Pro")
    'silicone phone case, of plastics'
    """
    found = _evidence(title, variant, hs_code[:HS_DIGITS])
    english = in_english(title)[1]
    facts = attributes(stems(f"{english} {in_english(variant)[1]}"))
    known = {name: value for name, value in facts.items() if not value.endswith(USUAL)}
    if found and found.kind:
        text = _of_class(found.kind, found.code, known)
    elif found and found.phrase:
        text = _with_material(_as_written(english, found.phrase), found.code)
    else:
        text = _telling_words(english)
    if not text or vague_words(text):
        text = _of_code(hs_code[:HS_DIGITS]) or text
    return _cut(clean_description(text, longest=max(len(text), 1)), longest)


def _evidence(title: str, variant: str, code: str) -> Evidence | None:
    """What speaks for the code declared; without one, for the likeliest code."""
    ranked = evidence(title, variant)
    if code:
        return next((one for one in ranked if one.code == code), None)
    return ranked[0] if ranked else None


def _of_class(kind: str, code: str, known: Mapping[str, str]) -> str:
    implied = {
        attribute: known[attribute] if known.get(attribute) in values.split("|") else values
        for attribute, values in conditions(kind, code).items()
    }
    words = description_words()
    for attribute in _BEFORE:
        if attribute in known:
            implied.setdefault(attribute, known[attribute])
    before = [words.get((attribute, implied.get(attribute, "")), "") for attribute in _BEFORE]
    after = [words.get((attribute, implied.get(attribute, "")), "") for attribute in _AFTER]
    noun = words.get(("class", kind[1:]), kind[1:].replace("_", " "))
    name = " ".join(word for word in (*before, noun) if word)
    return ", ".join([name, *(word for word in after if word)])


def _with_material(name: str, code: str) -> str:
    """A name and the material that the chapter of its code stands for."""
    material = description_words().get(("chapter", code[:2]), "")
    return f"{name}, {material}" if material and material.split()[-1] not in name else name


def _as_written(english: str, phrase: str) -> str:
    """The words of a title that a phrase was found in, in their form there."""
    written = _WORD.findall(english.lower())
    forms = [stem(word.removesuffix("'s")) for word in written]
    wanted = phrase.split()
    for begin in range(len(forms) - len(wanted) + 1):
        if forms[begin : begin + len(wanted)] == wanted:
            return " ".join(written[begin : begin + len(wanted)])
    return phrase


def _telling_words(english: str) -> str:
    """The first words of a title that are no brand, number, spam or vague word."""
    dropped = empty_words() | words_of("device")
    kept: list[str] = []
    for word in _WORD.findall(plain(english)):
        form = stem(word)
        if form in _ENDS and kept:
            break
        if form not in dropped and not any(char.isdigit() for char in word):
            kept.append(word)
    return " ".join(kept[:_MOST_WORDS])


def _of_code(code: str) -> str:
    return texts([code])[code].lower() if is_valid(code) else ""


def _cut(text: str, longest: int) -> str:
    """A text cut at a comma, else at a word."""
    if len(text) <= longest:
        return text
    parts: Sequence[str] = text.split(", ")
    while len(parts) > 1 and len(", ".join(parts)) > longest:
        parts = parts[:-1]
    return clean_description(", ".join(parts), longest)
