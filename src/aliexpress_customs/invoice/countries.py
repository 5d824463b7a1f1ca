"""Countries as AliExpress writes them, to ISO 3166-1 alpha-2.

Its order APIs use codes of their own beside ISO's (`UK`, `SRB`, `KS`, ...; table in the
documentation of `aliexpress.logistics.ds.trackinginfo.query`), the Russian API a name, and the
"Ships From" option names in any case and language.

>>> iso_country("UK"), iso_country("Россия"), iso_country("brazil"), iso_country("Atlantis")
('GB', 'RU', 'BR', None)
"""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import Final

OWN_CODES: Final = {
    "UK": "GB",
    "SRB": "RS",
    "MNE": "ME",
    "KS": "XK",
    "ZR": "CD",
    "TP": "TL",
    "TLS": "TL",
    "FX": "FR",
    "EAZ": "TZ",
    "BLM": "BL",
    "MAF": "MF",
    "GGY": "GG",
    "JEY": "JE",
    "SGS": "GS",
    "ALA": "AX",
    "GBA": "GG",
    "ASC": "SH",
    "EL": "GR",
}
"""AliExpress' code to ISO's. `YU` and `AN` are missing: their countries became several."""

_ALIASES: Final = {
    "russia": "RU",
    "usa": "US",
    "united states of america": "US",
    "south korea": "KR",
    "korea": "KR",
    "republic of korea": "KR",
    "turkey": "TR",
    "czech republic": "CZ",
    "mainland china": "CN",
    "china(mainland)": "CN",
    "cn(origin)": "CN",
    "hong kong": "HK",
    "hongkong": "HK",
    "hong kong,china": "HK",
    "macau": "MO",
    "england": "GB",
    "great britain": "GB",
    "vietnam": "VN",
    "kosovo": "XK",
    "holland": "NL",
    "the netherlands": "NL",
    "uae": "AE",
    "saudi arabia": "SA",
    "moldova": "MD",
    "iran": "IR",
    "bolivia": "BO",
    "tanzania": "TZ",
    "venezuela": "VE",
    "taiwan": "TW",
    "россия": "RU",
    "сша": "US",
    "китай": "CN",
}
_LANGUAGES: Final = (
    "ru de fr es pt pt_BR it pl nl ko ja tr ar he uk cs sv da fi el hu ro bg sk sl hr th vi id "
    "zh_CN"
)


@cache
def iso_country(text: str) -> str | None:
    """The ISO 3166-1 alpha-2 code of a code or name, or None if it names no country of today.

    Args:
        text: an AliExpress or ISO code, or a country's name in a language AliExpress is sold in.
    """
    key = " ".join(unicodedata.normalize("NFKC", text).split())[:100]
    upper = key.upper()
    if upper in OWN_CODES:
        return OWN_CODES[upper]
    if key.casefold() in _ALIASES:
        return _ALIASES[key.casefold()]
    if upper == "XK":
        return upper
    if len(key) == 2 and key.isascii():
        return upper if upper in _alpha_2() else None
    return _named(key)


@cache
def _alpha_2() -> frozenset[str]:
    import pycountry  # noqa: PLC0415 - slow to import, and not every order needs it

    return frozenset(country.alpha_2 for country in pycountry.countries)


def _named(name: str) -> str | None:
    import pycountry  # noqa: PLC0415 - see above

    try:
        return str(pycountry.countries.lookup(name).alpha_2)
    except LookupError:
        return _translations().get(name.casefold())


@cache
def _translations() -> dict[str, str]:
    """Country names in the shop's languages, from the translations pycountry ships."""
    import gettext  # noqa: PLC0415 - only for names that are not English

    import pycountry  # noqa: PLC0415 - see above

    names: dict[str, str] = {}
    for language in _LANGUAGES.split():
        catalogue = gettext.translation(
            "iso3166-1", pycountry.LOCALES_DIR, languages=[language], fallback=True
        )
        for country in pycountry.countries:
            for name in (country.name, getattr(country, "common_name", country.name)):
                names.setdefault(catalogue.gettext(name).casefold(), country.alpha_2)
    return names


@cache
def english_name(code: str) -> str:
    """The usual English name of a country, the code itself if ISO has none.

    >>> english_name("BR"), english_name("BO"), english_name("XX")
    ('Brazil', 'Bolivia', 'XX')
    """
    import pycountry  # noqa: PLC0415 - see above

    country = pycountry.countries.get(alpha_2=code)
    return str(getattr(country, "common_name", country.name)) if country else code
