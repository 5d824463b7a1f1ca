# ruff: noqa: RUF001, RUF002 - the printed rates are in their own alphabets
"""Rates as official schedules print them, in the grammar of `duty.py`; one reader per language.

`european` reads the tariffs of the EU, the UK and Canada, `american`, `australian`, `japanese`,
`norwegian` and `russian` (the Eurasian tariff) theirs. What cannot be said in the grammar raises
`UnreadRateError`: agricultural components, entry prices, rates that hang on quotas or end use.

Sources: the forms that occur in the schedules named in `data/tariffs/sources.toml`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Final

from aliexpress_customs.tariff.duty import CANDIDATES, plain

OPEN: Final = "?"
"""The cell of a rate that the schedule leaves open."""

_NUMBER: Final = r"\d[\d,]*(?:\.\d+)?"
_MONTHS: Final = "JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC"
_SEASON: Final = re.compile(rf"\([^)]*\b(?:{_MONTHS})[^)]*\)\s*,?")
_PERCENT: Final = re.compile(rf"^({_NUMBER})\s*%$")


class UnreadRateError(Exception):
    """A printed rate that the grammar of duties cannot say."""


def european(text: str) -> str:
    """A rate of the Combined Nomenclature, the UK tariff or the Canadian tariff.

    >>> european("9.10% + 45.10 EUR / 100 kg MAX 18.90% + 16.50 EUR / 100 kg")
    '9.1 % + 45.1 EUR/100 kg MAX 18.9 % + 16.5 EUR/100 kg'
    >>> european("8.50% (01 JAN-31 MAY, 1 NOV-31 DEC), 12.00% (01 JUN-31 OCT)")
    '8.5 %|12 %'
    """
    cleaned = " ".join(text.replace("€", " EUR").split())
    if cleaned.casefold() == "free":
        return "0 %"
    seasons = [part.strip() for part in _SEASON.split(cleaned) if part.strip()] or [""]
    return CANDIDATES.join(dict.fromkeys(_european_limited(part) for part in seasons))


_EUROPEAN: Final = re.compile(rf"^({_NUMBER})\s*([A-Z]{{3}})\s*/\s*(.+)$")
_EUROPEAN_UNITS: Final[Mapping[str, tuple[str, Decimal]]] = {
    "kg": ("kg", Decimal(1)),
    "kg/net": ("kg", Decimal(1)),
    "tonne": ("kg", Decimal(1000)),
    "kg/br": ("kg_gross", Decimal(1)),
    "kg/gross": ("kg_gross", Decimal(1)),
    "kg/netdrainedwt": ("kg_drained", Decimal(1)),
    "kgeda": ("kg_drained", Decimal(1)),
    "kg/netdry": ("kg_dry", Decimal(1)),
    "kgmas": ("kg_dry", Decimal(1)),
    "kg/stdqual": ("kg_standard_sugar", Decimal(1)),
    "kgstdqual": ("kg_standard_sugar", Decimal(1)),
    "kg/lacticmatter": ("kg_lactic", Decimal(1)),
    "kg/drylacticmatter": ("kg_lactic", Decimal(1)),
    "kg/totalc": ("kg_alcohol", Decimal(1)),
    "kg/net/%sacchar.": ("kg_sucrose", Decimal("0.01")),
    "hl": ("l", Decimal(100)),
    "l": ("l", Decimal(1)),
    "%vol/hl": ("l_alcohol", Decimal(1)),
    "item": ("piece", Decimal(1)),
    "items": ("piece", Decimal(1)),
    "p/st": ("piece", Decimal(1)),
    "pa": ("pair", Decimal(1)),
    "m": ("m", Decimal(1)),
    "m2": ("m2", Decimal(1)),
    "m3": ("m3", Decimal(1)),
}


def _european_limited(text: str) -> str:
    pieces = re.split(r"\s+(MIN|MAX)\s+", text)
    pieces[::2] = [_european_sum(piece, specific="EUR" in text) for piece in pieces[::2]]
    return " ".join(pieces)


def _european_sum(text: str, *, specific: bool) -> str:
    parts = [part.strip() for part in text.split("+")]
    if specific and re.fullmatch(_NUMBER, parts[0]):
        parts[0] += "%"  # six lines of the printed schedule lost their sign
    return " + ".join(_european_component(part) for part in parts)


def _european_component(text: str) -> str:
    if match := _PERCENT.match(text):
        return f"{_tidy(match[1])} %"
    match = _EUROPEAN.match(text)
    if match is None:
        raise UnreadRateError(text)
    unit = re.match(r"^(\d[\d,]*(?![\d%]))?(.*)$", re.sub(r"\s", "", match[3].lower()))
    if unit is None or unit[2] not in _EUROPEAN_UNITS:
        raise UnreadRateError(text)
    name, factor = _EUROPEAN_UNITS[unit[2]]
    return _specific(match[1], match[2], Decimal((unit[1] or "1").replace(",", "")) * factor, name)


def american(text: str) -> str:
    """A rate of the Harmonized Tariff Schedule of the United States.

    Percentages of parts of a watch or clock give two ends, since what its case or strap is worth is
    not known: the greatest of them on the whole value, and none.

    >>> american("90¢/pr. + 37.5%")
    '37.5 % + 0.9 USD/pair'
    >>> american("44¢ each + 6% on the case + 5.3% on the battery")
    '6 % + 0.44 USD/piece|0.44 USD/piece'
    """
    cleaned = re.sub(r"\s*\d+/\s*$", "", " ".join(text.split()))
    if cleaned.casefold() == "free":
        return "0 %"
    parts = [part.strip() for part in cleaned.split("+")]
    of_parts = [Decimal(match[1]) for part in parts if (match := _OF_PART.match(part))]
    whole = [_american_component(part) for part in parts if not _OF_PART.match(part)]
    if not of_parts:
        return _american_sum(whole)
    greatest = f"{_tidy(str(max(of_parts)))} %"
    return _american_sum([greatest, *whole]) + CANDIDATES + (_american_sum(whole) or "0 %")


def _american_sum(parts: list[str]) -> str:
    return " + ".join(sorted(parts, key=lambda part: "%" not in part))


_OF_PART: Final = re.compile(rf"^({_NUMBER})\s*% on (?:the )?[a-z]")
_AMERICAN: Final = re.compile(r"^(?:\$(?P<usd>[\d.]+)|(?P<cents>[\d.]+)\s*¢)\s*/?\s*(?P<unit>.+)$")
_AMERICAN_UNITS: Final[Mapping[str, tuple[str, Decimal]]] = {
    "kg": ("kg", Decimal(1)),
    "t": ("kg", Decimal(1000)),
    "each": ("piece", Decimal(1)),
    "article": ("piece", Decimal(1)),
    "head": ("piece", Decimal(1)),
    "no": ("piece", Decimal(1)),
    "doz": ("piece", Decimal(12)),
    "gross": ("piece", Decimal(144)),
    "thousand": ("piece", Decimal(1000)),
    "1000": ("piece", Decimal(1000)),
    "pr": ("pair", Decimal(1)),
    "liter": ("l", Decimal(1)),
    "pfliter": ("l_alcohol", Decimal("0.5")),
    "bbl": ("barrel", Decimal(1)),
    "m2": ("m2", Decimal(1)),
    "m3": ("m3", Decimal(1)),
}


def _american_component(text: str) -> str:
    if match := _PERCENT.match(text):
        return f"{_tidy(match[1])} %"
    match = _AMERICAN.match(text)
    unit = _AMERICAN_UNITS.get(re.sub(r"[/.\s]", "", match["unit"])) if match else None
    if match is None or unit is None:
        raise UnreadRateError(text)
    try:
        amount = Decimal(match["usd"]) if match["usd"] else Decimal(match["cents"]) / 100
    except ArithmeticError as error:
        raise UnreadRateError(text) from error
    return _specific(plain(amount), "USD", unit[1], unit[0])


def australian(text: str) -> str:
    """A rate of Schedule 3 to the Customs Tariff Act 1995.

    >>> australian("5%, and $107.99/L of alcohol")
    '5 % + 107.99 AUD/l_alcohol'
    """
    cleaned = " ".join(text.split())
    if cleaned.casefold() == "free":
        return "0 %"
    limits = [
        [_australian_component(part) for part in re.split(r", and ", limit)]
        for limit in re.split(r", or, if lower, ", cleaned)
    ]
    return " MAX ".join(" + ".join(parts) for parts in limits)


_AUSTRALIAN: Final = re.compile(rf"^\$({_NUMBER})\s*/\s*(.+)$")
_OVER_1_15: Final = (
    "of alcohol, calculated on that alcohol content by which the percentage by volume of alcohol "
    "of the goods exceeds 1.15"
)
_AUSTRALIAN_UNITS: Final[Mapping[str, str]] = {
    "L": "l",
    "kg": "kg",
    "stick": "stick",
    "L of alcohol": "l_alcohol",
    f"L {_OVER_1_15}": "l_alcohol_over_1_15",
    "kg of tobacco content": "kg_tobacco",
    "kg TSS": "kg_soluble_solids",
}


def _australian_component(text: str) -> str:
    if match := _PERCENT.match(text):
        return f"{_tidy(match[1])} %"
    match = _AUSTRALIAN.match(text)
    if match is None or match[2] not in _AUSTRALIAN_UNITS:
        raise UnreadRateError(text)
    return _specific(match[1], "AUD", Decimal(1), _AUSTRALIAN_UNITS[match[2]])


def japanese(text: str) -> str:
    """A rate of Japan's tariff schedule.

    Rates marked `*`, `◎` or `※` hang on a quota, a condition or an end use and are not read; `●`
    with a wave dash gives the two ends. "Whichever is higher" is written as `MIN`.

    >>> japanese("30%又は4,300円/足のうちいずれか高い税率")
    '30 % MIN 4300 JPY/pair'
    >>> japanese("ひざを覆うもの 6.7% その他のもの 8%")
    '8 %|6.7 %'
    """
    cleaned = " ".join(unicodedata.normalize("NFKC", text).split())
    if cleaned == "無税":
        return "0 %"
    if match := _JP_ENDS.match(cleaned):
        return CANDIDATES.join(_japanese_sum(_bare(end)) for end in match.groups())
    if match := _JP_OTHERWISE.match(cleaned):
        return CANDIDATES.join(_japanese_sum(_bare(end)) for end in reversed(match.groups()))
    if match := _JP_HIGHER.match(cleaned):
        return " MIN ".join(map(_japanese_sum, match.groups()))
    if match := _JP_LOWER.match(cleaned):
        rate, most, least, again = match.groups()
        if least == again:
            return f"{_japanese_sum(rate)} MAX {_japanese_sum(most)} MIN {_japanese_sum(least)}"
    return _japanese_sum(cleaned)


_JP_ENDS: Final = re.compile(r"^●([^〜、又]+)〜([^〜、又]+)$")
_JP_OTHERWISE: Final = re.compile(r"^\D+もの (\S+) その他のもの (\S+)$")
_JP_HIGHER: Final = re.compile(r"^([^又()]+)又は([^又()]+)のうちいずれか高い税率$")
_JP_LOWER: Final = re.compile(
    r"^([^又]+)又は([^又]+)のうちいずれか低い税率 ただしその税率が(\S+)を下回る場合は(\S+)$"
)
_JP_SPECIFIC: Final = re.compile(rf"^({_NUMBER})円/(\w+)$")
_JP_UNITS: Final[Mapping[str, tuple[str, Decimal]]] = {
    "kg": ("kg", Decimal(1)),
    "mt": ("kg", Decimal(1000)),
    "l": ("l", Decimal(1)),
    "kl": ("l", Decimal(1000)),
    "m2": ("m2", Decimal(1)),
    "足": ("pair", Decimal(1)),
    "頭": ("piece", Decimal(1)),
    "本": ("piece", Decimal(1)),
    "枚": ("piece", Decimal(1)),
}


def _japanese_sum(text: str) -> str:
    return " + ".join(_japanese_component(part.strip()) for part in text.split("+"))


def _japanese_component(text: str) -> str:
    if match := _PERCENT.match(text):
        return f"{_tidy(match[1])} %"
    match = _JP_SPECIFIC.match(text)
    if match is None or match[2].lower() not in _JP_UNITS:
        raise UnreadRateError(text)
    unit, per = _JP_UNITS[match[2].lower()]
    return _specific(match[1], "JPY", per, unit)


def _bare(text: str) -> str:
    return text.strip().removeprefix("(").removesuffix(")")


def norwegian(text: str) -> str:
    """A rate of Norway's tariff of 2019: `S` is per piece, `L` per litre, no letter per kilogram.

    >>> norwegian("10.7%"), norwegian("5000 S"), norwegian("25,5%+3,92")
    ('10.7 %', '5000 NOK/piece', '25.5 % + 3.92 NOK/kg')
    """
    cleaned = text.removesuffix("(NOK/kg or unit)").strip().replace(",", ".")
    if cleaned.casefold() == "free":
        return "0 %"
    return " + ".join(_norwegian_component(part.strip()) for part in cleaned.split("+"))


def _norwegian_component(text: str) -> str:
    if match := _PERCENT.match(text):
        return f"{_tidy(match[1])} %"
    match = re.match(r"^(\d+(?:\.\d+)?)(?: ([SL]))?$", text)
    if match is None:
        raise UnreadRateError(text)
    unit = {"S": "piece", "L": "l", None: "kg"}[match[2]]
    return _specific(match[1], "NOK", Decimal(1), unit)


def russian(text: str) -> str:
    """A rate of the Eurasian tariff; footnote marks have to be cut off before.

    >>> russian("10, но не менее 0,046 евро за 1 л")
    '10 % MIN 0.046 EUR/l'
    >>> russian("15, либо 12,5, но не менее 0,6 евро за 1 см3")
    '15 %|12.5 % MIN 0.6 EUR/cm3'
    """
    cleaned = " ".join(text.split()).replace("³", "3")
    options = re.split(r",? либо ", cleaned)
    return CANDIDATES.join(_russian_limited(option) for option in options)


RUSSIAN_FOOTNOTE: Final = re.compile(r"\s*\[(\d+\s*[СC])\)\]$")
"""Mark of a footnote with a temporary rate or a national exception."""
_RUSSIAN: Final = re.compile(
    r"^(\d+(?:,\d+)?) (евро|долл\w+ США) за (\d+) (кг|л|пару|шт|см3|м2|м3)(?: шт)?$"
)
_RUSSIAN_UNITS: Final[Mapping[str, str]] = {
    "кг": "kg",
    "л": "l",
    "пару": "pair",
    "шт": "piece",
    "см3": "cm3",
    "м2": "m2",
    "м3": "m3",
}


def _russian_limited(text: str) -> str:
    limits = re.split(r",? но не менее(?: шт)? ", text)
    return " MIN ".join(_russian_sum(limit) for limit in limits)


def _russian_sum(text: str) -> str:
    return " + ".join(_russian_component(part) for part in text.split(" плюс "))


def _russian_component(text: str) -> str:
    if re.fullmatch(r"\d+(?:,\d+)?", text):
        return f"{_tidy(text.replace(',', '.'))} %"
    match = _RUSSIAN.match(text)
    if match is None:
        raise UnreadRateError(text)
    currency = "EUR" if match[2] == "евро" else "USD"
    amount = match[1].replace(",", ".")
    return _specific(amount, currency, Decimal(match[3]), _RUSSIAN_UNITS[match[4]])


def read_or_open(reader: Callable[[str], str], text: str) -> tuple[str, str]:
    """The cell for a printed rate, and a note with the text where the cell stays open.

    >>> read_or_open(european, "Entry Price")
    ('?', 'Entry Price')
    """
    try:
        return reader(text), ""
    except UnreadRateError:
        return OPEN, " ".join(text.split()) or "no rate printed"


def _specific(amount: str, currency: str, per: Decimal, unit: str) -> str:
    if per < 1:
        amount, per = plain(Decimal(amount.replace(",", "")) / per), Decimal(1)
    before = "" if per == 1 else f"{plain(per)} "
    return f"{_tidy(amount)} {currency}/{before}{unit}"


def _tidy(number: str) -> str:
    return plain(Decimal(number.replace(",", "")))
