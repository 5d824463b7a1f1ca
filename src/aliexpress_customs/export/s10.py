"""S10 item identifiers: the 13 characters under the barcode of an international postal item.

Two letters for the service, eight digits, a check digit, the ISO 3166-1 country of the post that
issued it. Source: UPU standard S10, "Identification of postal items - 13-character identifier".

>>> check_s10("RB123456785GB")
True
>>> check_s10("RB123456786US")
False
>>> why_not_s10("RB123456786US")
'The check digit is 6, the number needs 5.'
"""

from __future__ import annotations

import re
from typing import Final

from aliexpress_customs.errors import UsageError

_SHAPE: Final = re.compile(r"([A-Z]{2})([0-9]{8})([0-9])([A-Z]{2})")
_WEIGHTS: Final = (8, 6, 4, 2, 3, 5, 9, 7)
_MODULUS: Final = 11


def check_s10(text: str) -> bool:
    """Whether a text is an S10 identifier; blanks between its characters and case do not matter."""
    return not why_not_s10(text)


def why_not_s10(text: str) -> str:
    """Why a text is no S10 identifier, in one sentence; empty if it is one."""
    match = _SHAPE.fullmatch("".join(text.split()).upper())
    if match is None:
        return "It is not two letters, nine digits and two letters."
    _, serial, stated, country = match.groups()
    if (needed := check_digit(serial)) != int(stated):
        return f"The check digit is {stated}, the number needs {needed}."
    if not _is_country(country):
        return f"{country} is no country."
    return ""


def check_digit(serial: str) -> int:
    """Check digit of the eight digits of a serial number.

    Raises:
        UsageError: not eight digits.

    >>> check_digit("12345678")
    5
    """
    if not re.fullmatch(r"[0-9]{8}", serial):
        raise UsageError("A serial number has eight digits.", action='Write "12345678".')
    weighted = sum(int(digit) * weight for digit, weight in zip(serial, _WEIGHTS, strict=True))
    rest = _MODULUS - weighted % _MODULUS
    return {10: 0, 11: 5}.get(rest, rest)  # the two results that are no digit, as S10 maps them


def _is_country(code: str) -> bool:
    import pycountry  # noqa: PLC0415 (reads its tables when imported)

    return pycountry.countries.get(alpha_2=code) is not None
