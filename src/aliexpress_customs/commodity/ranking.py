"""From the stems of a title to ranked codes: phrases, classes and single words, weighed.

What a title sells stands early, is the last word of its phrase, and is not what follows `for` or
`with`: "Magnetic Clear Case For iPhone" is a case. Weights are in `weights.toml`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import compress
from typing import Final

from aliexpress_customs.commodity.attributes import Attributes
from aliexpress_customs.commodity.classes import CLASS_MARK, Resolved, resolve
from aliexpress_customs.commodity.lexicon import Lexicon, Phrase
from aliexpress_customs.commodity.word_codes import Hints, WordCodes
from aliexpress_customs.commodity.words import classify_folder, rows, words_of

_HEAD: Final = 1.0
_SHORT: Final = 12
"""Words of a title from which on a further one makes each place count for less."""
_NUMBER: Final = re.compile(r"\d")
_REACH_OF_FOR: Final = 5
_REACH_OF_WITH: Final = 4
"""Words from `for` or `with` on that say what the goods are used with."""
_HINTING: Final = 10
"""First words of a title that are asked for hints: later ones changed nothing."""
_MOST_SOURCES: Final = 3
"""Sources of a code of which reasons are said: its first phrases, two of each."""


@dataclass(frozen=True, slots=True)
class Weights:
    """What each kind of evidence counts for (`weights.toml`)."""

    words: tuple[float, ...]
    """A phrase of one, two, ... words."""
    early: float
    """What is lost from the first to the last word of a title."""
    after_for: float
    """A word that follows `for`, until the goods are named again."""
    after_with: float
    before_for: float
    """A phrase right before `for`, such as a device: `wiring harness for Mitsubishi`."""
    modifier: float
    """A phrase right before another one, or one word apart: `laptop` in `laptop stand`."""
    any_order: float
    """A phrase whose words stand apart."""
    feature: float
    """A phrase that ends in what other goods have too, beside such: a drill's `lithium battery`."""
    repeated: float
    """A further phrase for the same code; of the third the square counts, and so on."""
    table: float
    """All single words and pairs together."""
    context: float
    """Category and variant, compared with the title."""


@dataclass(slots=True)
class Evidence:
    """A ranked code."""

    code: str
    score: float
    reasons: tuple[str, ...]
    phrase: str
    """Stems of the phrase that says most for it; empty if only single words do."""
    kind: str
    """The class it was resolved from, such as `@dress`; else empty."""


@dataclass(slots=True)
class Tally:
    """Scores of codes and classes while they are gathered, and the phrases that gave them."""

    repeated: float
    scores: dict[str, float] = field(default_factory=dict)
    phrases: dict[str, list[str]] = field(default_factory=dict)

    def add(self, phrase: Phrase, weight: float) -> None:
        """Count one phrase for its codes and classes: further phrases count less and less."""
        targets, scores = phrase.targets, self.scores
        if len(targets) > 1:
            weight /= len(targets)
        for target in targets:
            held = scores.get(target)
            if held is None:
                scores[target] = weight
                self.phrases[target] = [phrase.text]
                continue
            phrases = self.phrases[target]
            less = self.repeated ** len(phrases)
            scores[target] = held + weight * less if held > weight else weight + held * less
            phrases.append(phrase.text)

    def add_hint(self, target: str, weight: float) -> None:
        """Count what single words say."""
        held = self.scores.get(target, 0.0)
        if weight > held:
            held, weight = weight, held
        self.scores[target] = held + self.repeated * weight


class _Codes:
    """The codes that the targets of a tally stand for."""

    def __init__(self, tally: Tally, attributes: Attributes) -> None:
        scores: dict[str, float] = {}
        sources: dict[str, list[tuple[str, Resolved | None]]] = {}
        for target, score in tally.scores.items():
            if target[0] != CLASS_MARK:
                scores[target] = scores.get(target, 0.0) + score
                sources.setdefault(target, []).append((target, None))
                continue
            for resolved in resolve(target, attributes):
                code = resolved.code
                scores[code] = scores.get(code, 0.0) + score * resolved.share
                sources.setdefault(code, []).append((target, resolved))
        self.scores = scores
        self._from = sources

    def evidence(self, code: str, tally: Tally, hints: Hints) -> Evidence:
        """What speaks for a code: the findings in words, the first phrase, the class it is of."""
        sources = self._from[code]
        reasons: list[str] = []
        first, kind = "", ""
        for target, resolved in sources[:_MOST_SOURCES]:
            phrases = tally.phrases.get(target)
            if not phrases:
                continue
            if not first:
                first, kind = phrases[0], target if resolved else ""
            rule = f": {resolved.reason}" if resolved else ""
            phrase = phrases[0]
            reasons.append(f'phrase "{phrase}"{rule}')
            for further in phrases:
                if further != phrase:
                    reasons.append(f'phrase "{further}"{rule}')
                    break
        if not reasons:
            target, resolved = sources[0]
            rule = f": {resolved.reason}" if resolved else ""
            reasons.append(f'word "{hints.loudest(target)}"{rule}')
        return Evidence(code, self.scores[code], tuple(reasons), first, kind)


class Ranker:
    """Ranks codes for titles with one lexicon and one table of words."""

    def __init__(self, lexicon: Lexicon, table: WordCodes, weights: Weights) -> None:
        self._lexicon = lexicon
        self._table = table
        self._weights = weights
        self._devices = {
            row["word"]: tuple(row["stands_for"].split())
            for row in rows("words.csv")
            if row["stands_for"]
        }
        self._for = words_of("for")
        self._turns = self._for | words_of("with")
        self._audience = words_of("audience")
        self._features = words_of("feature")
        self._sizes = (0.0, *weights.words)

    def rank(
        self, words: Sequence[str], context: Sequence[str], attributes: Attributes, top: int
    ) -> list[Evidence]:
        """The best codes of a title, the best first; ties by code.

        Args:
            words: stems of the title.
            context: stems of what else is known, such as the shop's category.
            attributes: what is known of the goods.
            top: codes returned at most.
        """
        places = self._places(words)
        tally = Tally(self._weights.repeated)
        self._phrases(words, places, tally, 1.0)
        if context:
            self._phrases(context, [_HEAD] * len(context), tally, self._weights.context)
        hints = self._table.hints(words[:_HINTING], places[:_HINTING])
        for target, share in hints.best():
            tally.add_hint(target, self._weights.table * share)
        codes = _Codes(tally, attributes)
        best = sorted(zip(codes.scores.values(), codes.scores, strict=True), reverse=True)[:top]
        return [codes.evidence(code, tally, hints) for _, code in best]

    def _places(self, words: Sequence[str]) -> list[float]:
        """What each place in a title counts for.

        Numbers of models do not use up the reach of `for`: "For Xiaomi 13 14 15 Phone Case".
        """
        weights, count = self._weights, len(words)
        fading = _fading(count, weights.early)
        places = [*fading]
        for index in compress(range(count), map(self._turns.__contains__, words)):
            if words[index] not in self._for:
                if index and words[index - 1] in self._for:
                    continue
                role, reach = weights.after_with, _REACH_OF_WITH
            elif not self._opens_use(words, index):
                continue
            else:
                role, reach = weights.after_for, _REACH_OF_FOR
            for place in range(index, count):
                places[place] = role * fading[place]
                if not _NUMBER.search(words[place]):
                    reach -= 1
                if reach == 0:
                    break
        return places

    def _opens_use(self, words: Sequence[str], index: int) -> bool:
        """Whether with this word begins what the goods are for, which is not for whom."""
        if words[index] not in self._for:
            return False
        return index + 1 == len(words) or words[index + 1] not in self._audience

    def _phrases(
        self, words: Sequence[str], places: Sequence[float], tally: Tally, factor: float
    ) -> None:
        weights, features, sizes = self._weights, self._features, self._sizes
        positions = self._positions(words)
        matches, apart = self._lexicon.find(words, positions)
        starts = {begin for _, begin, _ in matches}
        settled: set[str] = set()
        count = len(words)
        goods = any(phrase.head not in features for phrase, _, _ in matches)
        for phrase, begin, end in matches:
            weight = factor * places[end - 1] * sizes[phrase.words]
            if end in starts or end + 1 in starts or not starts.isdisjoint(range(begin + 1, end)):
                weight *= weights.modifier
            if end < count and self._opens_use(words, end):
                weight *= weights.before_for
            if goods and phrase.head in features:
                weight *= weights.feature
            tally.add(phrase, weight)
            if end > begin + 1:
                settled.update(words[begin:end])
        factor *= weights.any_order
        for phrase in apart:
            head = phrase.head
            if head not in settled or phrase.rarest not in settled:
                weight = factor * places[positions[head]] * sizes[phrase.words]
                if goods and head in features:
                    weight *= weights.feature
                tally.add(phrase, weight)

    def _positions(self, words: Sequence[str]) -> dict[str, int]:
        """The first place of each word, and of what a device named in the title is."""
        positions = dict(zip(reversed(words), range(len(words) - 1, -1, -1), strict=True))
        for word in filter(self._devices.__contains__, words):
            for other in self._devices[word]:
                positions.setdefault(other, positions[word])
        return positions


@cache
def _fading(count: int, early: float) -> Sequence[float]:
    """What each place in a title of so many words counts for: the first ones most."""
    loss = early / max(count, _SHORT)
    return [1 - loss * place for place in range(count)]


@cache
def weights() -> Weights:
    """The shipped weights."""
    path = classify_folder() / "weights.toml"
    values = tomllib.loads(path.read_text(encoding="utf-8"))["ranking"]
    return Weights(**{**values, "words": tuple(values["words"])})
