"""From a seller's title to commodity codes: the likeliest six digits, why, and how sure.

Works offline from a lexicon of products, product classes that state what a code depends on, and
hints of single words. Every candidate says which phrase was matched, which rule was applied and
which attribute was stated or assumed. A suggestion is not a ruling: `needs_review` says when a
person must look.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Final, Literal, NamedTuple

from aliexpress_customs.commodity.attributes import Attributes, attributes, state
from aliexpress_customs.commodity.descriptions import vague_words
from aliexpress_customs.commodity.languages import ENGLISH, in_english
from aliexpress_customs.commodity.lexicon import Lexicon, lexicon, read_pairs
from aliexpress_customs.commodity.nomenclature import describe, is_valid, path
from aliexpress_customs.commodity.ranking import Evidence, Ranker, Weights, weights
from aliexpress_customs.commodity.word_codes import WordCodes, word_codes
from aliexpress_customs.commodity.words import LONGEST_TITLE, classify_folder, stems
from aliexpress_customs.errors import UsageError
from aliexpress_customs.model import Model, trusted

Confidence = Literal["high", "medium", "low"]

_RANKED: Final = 5
"""Codes ranked at least: the margin to the next ones tells how sure the first is."""
_REMEMBERED: Final = 2048
"""Titles of which the answer is kept: the same products are ordered again and again."""
_PACKED: Final = re.compile(
    r"(?i)(\d ?(?:pcs?|pieces?|pairs?|sets?|k?g|m?l|m)) ?/ ?"
    r"(?:bag|box|pack|roll|bottle|jar|card|tube)\b"
)
"""In what goods are counted, not what they are: `100pcs/Bag`."""
_ABSENT: Final = re.compile(
    r"(?i)\((?:no|without|not includ(?:e|ed|es|ing)|excluding) [^()]*\)"
    r"|\b(?:(?:no|without|w/o|not includ(?:e|es|ing)|excluding)[ -][a-z]+"
    r"|[a-z]+ (?:is |are )?not included|(?:drill|punch|tool)[ -]free\b)"
    r"|(?<=[,;.])[^,;.]{1,40} not included"
)
"""What goods come without or need not, and so are not: `No Drill Towel Rack`, `(no battery)`."""
_ABSENT_WORDS: Final = re.compile(r"(?i)\b(?:no|without|w/o|not|excluding|free)\b")
"""Whether it is worth to look for them."""
_FAINT: Final = 0.1
"""Keeps the logarithm of no evidence finite."""
_LONG: Final = 25
"""Words of a long title."""
_SCORES: Final = 10_000
"""Scores are told in ten-thousandths."""


class Candidate(Model):
    """A commodity code a title may have."""

    hs_code: str
    """Six digits of HS 2022."""
    description: str
    """Text of the subheading."""
    score: float
    """Share of the evidence for all candidates, 0 to 1."""
    confidence: Confidence
    """`high` held for nearly nine of ten titles that we labelled, for 8 of 20 that others did; what
    was measured on which titles is in `docs/concepts/classification.md`."""
    reasons: tuple[str, ...]
    """Phrase matched, rule applied, attributes stated or assumed."""
    path: tuple[tuple[str, str], ...]
    """Chapter, heading and subheading with their texts."""
    product_class: str = ""
    """The class the code was resolved from, such as `@dress`; empty without one."""


class Classification(Model):
    """What the goods of a title may be, the likeliest code first."""

    candidates: tuple[Candidate, ...]
    """Empty if nothing in the title is known."""
    needs_review: bool
    """A person should look: the first candidate is not `high`, or there is none."""
    language: str
    """Language the title was read in, ISO 639-1."""


def classify(
    title: str, *, variant: str = "", category: str = "", material: str = "", top: int = _RANKED
) -> Classification:
    """The commodity codes a title may have.

    Args:
        title: the seller's title, in any language the tables know.
        variant: what was chosen, such as `Color: Black, Material: Cotton`.
        category: the shop's category, if known.
        material: of what the goods are, if known; it wins over the title.
        top: candidates returned at most.

    Raises:
        UsageError: `top` is below 1.

    >>> [one.hs_code for one in classify("Clear Phone Case For iPhone 15", top=1).candidates]
    ['392690']
    """
    if top < 1:
        raise UsageError("`top` must be at least 1.", path="top", action="Ask for one candidate.")
    return _classified(title[:LONGEST_TITLE], variant, category, material, top)


def evidence(title: str, variant: str = "") -> Sequence[Evidence]:
    """What speaks for the likeliest codes of a title, for other modules."""
    return _classifier().ranked(title, variant).codes


def names_goods(text: str) -> bool:
    """Whether a text names any goods that the lexicon knows, in a language it knows.

    >>> names_goods("Men's cotton shirts"), names_goods("mocha, plus size (18-26)")
    (True, False)
    """
    return any(one.phrase for one in evidence(text))


class Ranked(NamedTuple):
    """What a title says of its codes."""

    language: str
    words: int
    """Words of the title."""
    codes: Sequence[Evidence]
    """The likeliest first."""


class Classifier:
    """A classifier over one lexicon; `classify` uses the shipped one."""

    def __init__(self, lexicon: Lexicon, table: WordCodes, ranking: Weights) -> None:
        self._ranker = Ranker(lexicon, table, ranking)
        self._sureness = _sureness()

    @classmethod
    def of_files(cls, files: Iterable[Path], table: WordCodes | None = None) -> Classifier:
        """A classifier over lexicon files."""
        return cls(Lexicon.of(read_pairs(files)), table or word_codes(), weights())

    def ranked(
        self, title: str, variant: str = "", category: str = "", material: str = "", top: int = 10
    ) -> Ranked:
        """The codes of a title with their evidence."""
        counted = _counted(title)
        context = stems(category) if category else []

        def read(language: str, english: str) -> Ranked:
            words = stems(_present(english) if language == ENGLISH else english)
            known = _attributes(words, variant, material)
            codes = self._ranker.rank(words, context, known, max(top, _RANKED))
            return Ranked(language, len(words), codes)

        ranked = read(*in_english(counted))
        if ranked.language == ENGLISH and not any(one.phrase for one in ranked.codes):
            language, english = in_english(counted, hint=True)
            if language != ENGLISH:
                return read(language, english)
        return ranked

    @property
    def high(self) -> float:
        """The chance from which on the first code is called `high`."""
        return self._sureness.high

    def probability(self, ranked: Ranked) -> float:
        """How likely the first of the ranked codes is right at six digits."""
        return self._sureness.of(ranked)

    def classify(
        self, title: str, variant: str, category: str, material: str, top: int
    ) -> Classification:
        """As the function of the same name."""
        ranked = self.ranked(title, variant, category, material, top)
        confidence = self._sureness.word(self._sureness.of(ranked))
        if confidence != "low" and vague_words(title):
            confidence = "low"
        whole = sum(one.score for one in ranked.codes) or 1.0
        candidates = tuple(
            _candidate(one, whole, "low" if rank else confidence)
            for rank, one in enumerate(ranked.codes[:top])
        )
        review = confidence != "high"
        return trusted(
            Classification,
            {"candidates": candidates, "needs_review": review, "language": ranked.language},
        )


def _counted(title: str) -> str:
    """A title without what its goods are counted in."""
    return _PACKED.sub(r"\1", title) if "/" in title else title


def _present(title: str) -> str:
    """An English title without the goods that it says it comes without."""
    return _ABSENT.sub(" ", title) if _ABSENT_WORDS.search(title) else title


def _candidate(evidence: Evidence, whole: float, confidence: Confidence) -> Candidate:
    description, above = _texts(evidence.code)
    return trusted(
        Candidate,
        {
            "hs_code": evidence.code,
            "description": description,
            "score": round(evidence.score / whole * _SCORES) / _SCORES,
            "confidence": confidence,
            "reasons": evidence.reasons,
            "path": above,
            "product_class": evidence.kind,
        },
    )


def _attributes(words: Sequence[str], variant: str, material: str) -> Attributes:
    """Attributes of the title; the variant is surer than it, the material surer still."""
    known: Attributes = {}
    for further in (material, variant):
        if further:
            state(known, attributes(stems(in_english(further)[1])).items())
    state(known, attributes(words).items())
    return known


class _Sureness:
    """The chance that the first code is right: by its lead, and by what speaks for it at all."""

    def __init__(self, values: dict[str, float]) -> None:
        self._values = values
        self.high = values["high"]

    def of(self, ranked: Ranked) -> float:
        if not ranked.codes:
            return 0.0
        values = self._values
        whole = values["constant"]
        for name, signal in signals_of(ranked).items():
            whole += values[name] * signal
        return 1 / (1 + math.exp(-whole))

    def word(self, probability: float) -> Confidence:
        if probability >= self.high:
            return "high"
        return "medium" if probability >= self._values["medium"] else "low"


def signals_of(ranked: Ranked) -> dict[str, float]:
    """By what the chance of being right is judged; there is at least one code."""
    first = ranked.codes[0]
    return {
        "lead": _lead(ranked.codes, 6),
        "heading_lead": _lead(ranked.codes, 4),
        "chapter_lead": _lead(ranked.codes, 2),
        "strength": math.log(first.score + _FAINT),
        "length": min(ranked.words, _LONG) / _LONG,
        "of_class": float(bool(first.kind)),
    }


def _lead(codes: Sequence[Evidence], digits: int) -> float:
    """How far the first code is ahead of the next one that differs in so many digits."""
    first = codes[0]
    same = first.code[:digits]
    for one in codes:
        if not one.code.startswith(same):
            return (first.score - one.score) / first.score if first.score else 0.0
    return 1.0 if first.score else 0.0


@cache
def _sureness() -> _Sureness:
    text = (classify_folder() / "weights.toml").read_text(encoding="utf-8")
    return _Sureness(tomllib.loads(text)["confidence"])


@cache
def _texts(code: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    return (describe(code), path(code)) if is_valid(code) else ("", ())


@lru_cache(maxsize=_REMEMBERED)
def _classified(title: str, variant: str, category: str, material: str, top: int) -> Classification:
    return _classifier().classify(title, variant, category, material, top)


@cache
def _classifier() -> Classifier:
    return Classifier(lexicon(), word_codes(), weights())
