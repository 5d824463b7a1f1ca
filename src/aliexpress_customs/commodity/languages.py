"""Titles in other languages: which one it is, and the goods' names in English.

Facts are in `data/commodity/classify/`: `languages.csv` tells a language by its script and its
small words, `languages/<code>.csv` (`phrase,english`) translates what sellers name; what is read
are the packed tables that `tools/commodity/train.py` makes of them. Words without a translation
stay: titles of every language hold English ones. Where the head of a name comes first
(`funda de silicona`), the words of each part are turned round, so that it is read like English;
nouns written as one (`keukenmes`) are taken apart where both are known.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from aliexpress_customs.commodity.packed import Table, open_table, unpack
from aliexpress_customs.commodity.words import (
    classify_folder,
    plain,
    rows,
    table_rows,
    written_words,
)

ENGLISH: Final = "en"
_WORD: Final = re.compile(r"[^\W_]+")
_FOREIGN: Final = re.compile("[äößüãõñçğşąćęłńśźżÄÖÜÃÕÑÇĞŞĄĆĘŁŃŚŹŻ]")
"""Letters that English titles do not have, not even in `café` or `décor`."""
_OTHER_SCRIPT: Final = re.compile(r"[^\W\u0000-\u024f]")
"""A letter that is not a Latin one."""
_LEAST_STEM: Final = 3
_LONGEST_PHRASE: Final = 5
_LONGEST_UNSPACED: Final = 12
_LONGEST_NAME: Final = 3
"""Translated words that are turned round together."""
_UNKNOWN: Final = "?"
"""Before a word without translation."""
_LEAST_PART: Final = 4
"""Letters of a noun that is written together with another one."""
_OF: Final = ":"
_EXACT: Final = "="
"""Before a phrase whose stems another one has too: `leder` is not what `led` is."""
_COMMON: Final = 20
"""Phrases of the lexicon from which on a word is a common English one."""
_TINY: Final = 2
"""Letters of small words that stand in titles of any language: `os`, `no`, `e`."""
_BREAKS: Final = frozenset({"for", "with"})
"""English words that end a part of a title."""


class _Language(NamedTuple):
    code: str
    script: tuple[int, int] | None
    """First and last letter, None for Latin."""
    small_words: frozenset[str]
    endings: tuple[str, ...]
    """What is cut from a word to compare it, the longest first."""
    beginnings: tuple[str, ...]
    """Articles and prepositions written together with a word."""
    head_first: bool
    spaced: bool
    links: tuple[str, ...]
    """What stands between two nouns written as one, nothing included; empty if nouns are not."""


class _Dictionary(NamedTuple):
    english: dict[str, str]
    longest: int


def in_english(title: str, *, hint: bool = False) -> tuple[str, str]:
    """The language of a title, and the title with its known words in English.

    Args:
        title: in any language.
        hint: a single name of goods is enough to tell a language, see `language_of`.

    >>> in_english("Funda de silicona para iPhone")[0]
    'es'
    >>> in_english("Clear case for iPhone")
    ('en', 'Clear case for iPhone')
    """
    code = language_of(title, hint=hint)
    if code == ENGLISH:
        return code, title
    language = _languages()[code]
    dictionary = _dictionary(code)
    if not language.spaced:
        return code, _unspaced(plain(title), dictionary)
    words = written_words(title)
    english = _translated(words, language, dictionary)
    if language.head_first:
        return code, " ".join(_turned(english))
    return code, " ".join(english).replace(_UNKNOWN, "")


def language_of(title: str, *, hint: bool = False) -> str:
    """The language of a title, ISO 639-1; English if nothing speaks for another one.

    Args:
        title: in any language.
        hint: a single name of goods is enough, as in a title of which English knows no goods.

    >>> [language_of(t) for t in ("Платье женское", "USB cable", "vestido de festa feminino")]
    ['ru', 'en', 'pt']
    """
    if not title.isascii() and _OTHER_SCRIPT.search(title):
        code = _by_script(plain(title))
        if code:
            return code
    found: dict[str, int] = {}
    words, by_word = written_words(title), _small_words()
    by_word.need(words)
    for word in by_word.keys() & words:
        for code, weight in _weighed(by_word[word]):
            found[code] = found.get(code, 0) + weight
    doubt = 0 if hint or (not title.isascii() and _FOREIGN.search(title)) else 1
    rivals = max(found.pop(ENGLISH, 0), doubt)
    best = max(sorted(found), key=found.__getitem__, default=ENGLISH)
    return best if found.get(best, 0) > rivals else ENGLISH


def _by_script(text: str) -> str:
    letters = [ord(char) for char in text if char > "\u024f" and char.isalpha()]
    if not letters:
        return ""
    for language in _languages().values():
        if language.script:
            first, last = language.script
            if sum(first <= letter <= last for letter in letters) * 5 > len(letters):
                return language.code
    return ""


def _translated(words: Sequence[str], language: _Language, dictionary: _Dictionary) -> list[str]:
    keys = [_stem(word, language) for word in words]
    bare = [_without_beginning(word, language, dictionary) for word in keys]
    english: list[str] = []
    index = 0
    while index < len(words):
        size = min(dictionary.longest, len(words) - index)
        for length in range(size, 0, -1):
            key = " ".join([bare[index], *keys[index + 1 : index + length]])
            if key in dictionary.english:
                exact = _EXACT + " ".join(words[index : index + length])
                english.append(dictionary.english.get(exact) or dictionary.english[key])
                index += length
                break
        else:
            if words[index] not in language.small_words:
                english += _parts(words[index], language, dictionary)
            index += 1
    return english


def _parts(word: str, language: _Language, dictionary: _Dictionary) -> list[str]:
    """A word that is not known: its two known parts, or the word itself.

    Where nouns are written together, the last part is the head: `keukenmes`, a kitchen knife.
    """
    if language.links and len(word) >= 2 * _LEAST_PART:
        for at in range(len(word) - _LEAST_PART, _LEAST_PART - 1, -1):
            last = dictionary.english.get(_stem(word[at:], language))
            if last is not None:
                first = word[:at]
                for link in language.links:
                    stem = _stem(first.removesuffix(link), language)
                    if first.endswith(link) and stem in dictionary.english:
                        return [dictionary.english[stem], last]
    return [_UNKNOWN + word]


def _turned(units: Sequence[str]) -> list[str]:
    """Each name with its head last; `for`, `with` and untranslated words stand between names."""
    turned: list[str] = []
    name: list[str] = []
    for unit in units:
        if unit in _BREAKS or len(name) == _LONGEST_NAME:
            turned += reversed(name)
            name = []
        if unit in _BREAKS:
            turned.append(unit)
        elif unit.startswith(_UNKNOWN):
            turned += [*reversed(name), unit[1:]]
            name = []
        else:
            name.append(unit)
    return [*turned, *reversed(name)]


def _unspaced(text: str, dictionary: _Dictionary) -> str:
    """Words of a language without blanks between them, the longest first."""
    english: list[str] = []
    index = 0
    while index < len(text):
        for length in range(min(dictionary.longest, len(text) - index), 0, -1):
            found = dictionary.english.get(text[index : index + length])
            if found is not None:
                english.append(f" {found} ")
                index += length
                break
        else:
            english.append(text[index] if text[index].isascii() else " ")
            index += 1
    return " ".join("".join(english).split())


def _stem(word: str, language: _Language) -> str:
    for ending in language.endings:
        if word.endswith(ending) and len(word) - len(ending) >= _LEAST_STEM:
            return word[: -len(ending)]
    return word


def _without_beginning(word: str, language: _Language, dictionary: _Dictionary) -> str:
    if word not in dictionary.english:
        for beginning in language.beginnings:
            if word.startswith(beginning) and word[len(beginning) :] in dictionary.english:
                return word[len(beginning) :]
    return word


@cache
def _languages() -> dict[str, _Language]:
    return {row["code"]: _language(row) for row in rows("languages.csv")}


def _language(row: dict[str, str]) -> _Language:
    first, _, last = row["script"].partition("-")
    return _Language(
        row["code"],
        (int(first, 16), int(last, 16)) if first else None,
        frozenset(plain(row["small_words"]).split()),
        tuple(sorted(plain(row["endings"]).split(), key=lambda ending: (-len(ending), ending))),
        tuple(plain(row["beginnings"]).split()),
        row["head_first"] == "yes",
        row["spaced"] != "no",
        ("", *row["links"].split()) if row["links"] else (),
    )


@cache
def _small_words() -> Table:
    """Languages with a weight by the words that tell them, see `tell_languages`."""
    return open_table(classify_folder() / "language_words.gz")


@cache
def _weighed(languages: str) -> tuple[tuple[str, int], ...]:
    parts = (part.split(_OF) for part in languages.split())
    return tuple((code, int(weight)) for code, weight in parts)


def tell_languages(english_phrases: Iterable[str]) -> dict[str, str]:
    """What `language_words.gz` is made from: small words tell most, names of goods a little.

    A name that is a common English word as well, such as `hose`, tells nothing.
    """
    counts = Counter(word for phrase in english_phrases for word in phrase.split())
    found: dict[str, dict[str, int]] = {}
    for language in _languages().values():
        for word in language.small_words:
            found.setdefault(word, {})[language.code] = 1 if len(word) <= _TINY else 2
        if language.script is None and language.code != ENGLISH:
            for row in table_rows(_dictionary_path(language.code)):
                words = plain(row["phrase"]).split()
                if len(words) != 1 or counts[words[0]] >= _COMMON:
                    continue
                if words != plain(row["english"]).split():
                    found.setdefault(words[0], {}).setdefault(language.code, 1)
    return {
        word: " ".join(f"{code}{_OF}{codes[code]}" for code in sorted(codes))
        for word, codes in found.items()
    }


@cache
def _dictionary(code: str) -> _Dictionary:
    english = unpack(classify_folder() / "languages" / f"{code}.gz")
    if _languages()[code].spaced:
        return _Dictionary(english, min(max(map(_count, english)), _LONGEST_PHRASE))
    return _Dictionary(english, min(max(map(len, english)), _LONGEST_UNSPACED))


def _count(phrase: str) -> int:
    return phrase.count(" ") + 1


def translations(code: str) -> dict[str, str]:
    """What a packed dictionary is made from: English by the phrase as titles are compared."""
    language = _languages()[code]
    rows_of = ((plain(row["phrase"]), row["english"]) for row in table_rows(_dictionary_path(code)))
    if not language.spaced:
        return {phrase: english for phrase, english in rows_of if phrase}
    forms: dict[str, dict[str, str]] = {}
    for phrase, english in rows_of:
        words = _WORD.findall(phrase)
        key = " ".join(_stem(word, language) for word in words)
        if key:
            forms.setdefault(key, {})[" ".join(words)] = english
    found: dict[str, str] = {}
    for key, alike in forms.items():
        found[key] = alike[min(alike, key=lambda form: (len(form), form))]
        found.update({_EXACT + form: text for form, text in alike.items() if text != found[key]})
    return found


def translated_languages() -> list[str]:
    """The languages that have a dictionary."""
    return sorted(path.stem for path in (classify_folder() / "languages").glob("*.csv"))


def _dictionary_path(code: str) -> Path:
    return classify_folder() / "languages" / f"{code}.csv"
