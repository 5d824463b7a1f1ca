# ruff: noqa: RUF001, RUF002 - minus signs and letters of other scripts are what is read here
"""Prices as AliExpress prints them in any language, to exact Decimals.

For readers of buyer pages, receipts, mails and tables. The shapes were collected from real files;
`parse_date` for the dates of the same files is in `dates` and can be imported from here.

>>> parse_price("-R$5,66"), parse_price("US $1,382.11"), parse_price("16 423,34 руб.")
(Decimal('-5.66'), Decimal('1382.11'), Decimal('16423.34'))
>>> parse_price("₩11,110|11110|", "KRW"), parse_price("Frete grátis")
(Decimal('11110'), Decimal('0'))
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from functools import cache
from typing import Final

from aliexpress_customs.errors import AmountError
from aliexpress_customs.invoice.dates import parse_date
from aliexpress_customs.invoice.marks import (
    AMBIGUOUS_MARKS,
    CURRENCY_OF_MARK,
    DISCOUNT_WORDS,
    FREE_WORDS,
)
from aliexpress_customs.money import LARGEST_AMOUNT, decimals

__all__ = ["clean_format", "currency_of", "parse_date", "parse_price"]

LONGEST_PRICE: Final = 2_000
"""Characters; the longest real cell, a list of coupons, has a few hundred."""

_MINUS: Final = str.maketrans(dict.fromkeys("−–—‒﹣－", "-"))
_NUMBER: Final = re.compile(r"\d(?:[\d.,' ]{0,60}\d)?")
_PIPE: Final = re.compile(r"^([^|]*)\|(\d{1,40})(?:\|(\d{0,40}))?$")


def parse_price(text: str, currency: str | None = None, decimal_mark: str | None = None) -> Decimal:
    """The amount of a localised price, in currency units, with its sign.

    A lone separator followed by exactly three digits groups thousands, unless the currency has
    three decimals. Of `.` and `,` together the last one is the decimal mark. The amounts of a cell
    with several lines are added; those below the word coupon or discount count as negative.

    Args:
        text: the price as printed, or AliExpress' `display|integer|fraction`.
        currency: ISO 4217 code, if the source states one; it decides how digits are grouped.
        decimal_mark: `.` or `,`, if the page states it; ignored where it cannot be right.

    Raises:
        AmountError: the text is no price, or absurdly large.

    >>> parse_price("R$1.234,05|1234|05")
    Decimal('1234.05')
    >>> parse_price("- € 1")
    Decimal('-1')
    """
    if not isinstance(text, str) or len(text) > LONGEST_PRICE:
        raise _no_price()
    plain = _plain(text)
    if match := _PIPE.match(plain):
        size = Decimal(f"{match[2]}.{match[3] or '0'}" if match[3] else match[2])
        return _checked(-size if "-" in match[1] else size)
    lines = [line.strip() for line in plain.split("\n") if line.strip()]
    if not any(char.isdigit() for char in plain):
        words = re.split(r"[\s!.:]+", plain.casefold())
        if any(word in FREE_WORDS for word in words):
            return Decimal(0)
        raise _no_price()
    amounts: list[Decimal] = []
    negative_label = False
    for line in lines:
        if any(char.isdigit() for char in line):
            amount = _line_amount(line, currency, decimal_mark)
            amounts.append(-abs(amount) if negative_label else amount)
        else:
            negative_label = any(word in line.casefold() for word in DISCOUNT_WORDS)
    return _checked(sum(amounts, Decimal(0)))


def currency_of(text: str) -> str | None:
    """The currency a price names beyond doubt, or None: `$`, `¥`, `kr` and `£` name none.

    >>> currency_of("EUR 172.41"), currency_of("-R$5,66"), currency_of("$5")
    ('EUR', 'BRL', None)
    """
    if not isinstance(text, str) or len(text) > LONGEST_PRICE:
        return None
    plain = _plain(text).split("|", maxsplit=1)[0]
    found: set[str] = set()
    for line in plain.split("\n"):
        if not (match := _NUMBER.search(line)):
            continue
        for mark in (line[: match.start()], line[match.end() :]):
            key = _mark_key(mark.rpartition(":")[2])
            code = CURRENCY_OF_MARK.get(key) or (key.upper() if _is_code(key) else None)
            if code:
                found.add(code)
    return found.pop() if len(found) == 1 else None


def clean_format(text: str) -> str:
    """Without invisible format characters such as left-to-right marks; joiners of emoji stay."""
    if text.isascii():
        return text
    return "".join(char for char in text if char == "\u200d" or unicodedata.category(char) != "Cf")


def _plain(text: str) -> str:
    """Compatibility forms resolved, all digits ASCII, all minus signs `-`."""
    if text.isascii():
        return text
    text = clean_format(text.replace("٬", "").replace("٫", "."))
    text = unicodedata.normalize("NFKC", text).translate(_MINUS).replace("\u2019", "'")
    return "".join(_ascii_digit(char) for char in text)


def _ascii_digit(char: str) -> str:
    if char.isascii():
        return char
    value = unicodedata.decimal(char, None)
    return char if value is None else str(value)


def _line_amount(line: str, currency: str | None, decimal_mark: str | None) -> Decimal:
    numbers = list(_NUMBER.finditer(line))
    if len(numbers) != 1:
        raise _no_price()
    number = numbers[0]
    before, after = line[: number.start()].rpartition(":")[2], line[number.end() :]
    signs = before.count("-") + after.count("-")
    if signs > 1 or not all(_is_mark(_mark_key(part)) for part in (before, after)):
        raise _no_price()
    size = _size(number[0], currency, decimal_mark)
    return -size if signs else size


def _mark_key(part: str) -> str:
    return re.sub(r"[\s+-]", "", part).casefold()


def _is_mark(key: str) -> bool:
    if not key or key in CURRENCY_OF_MARK or key in AMBIGUOUS_MARKS or _is_code(key):
        return True
    rest = key[:-1] if len(key) > 1 and unicodedata.category(key[-1]) == "Sc" else ""
    return (len(key) == 1 and unicodedata.category(key) == "Sc") or (
        rest.isalpha() and len(rest) <= 3
    )


def _is_code(key: str) -> bool:
    return len(key) == 3 and key.isascii() and key.isalpha() and key.upper() in _codes()


@cache
def _codes() -> frozenset[str]:
    from moneyed import CURRENCIES  # noqa: PLC0415 - large, and only needed for codes

    return frozenset(CURRENCIES)


def _size(number: str, currency: str | None, decimal_mark: str | None) -> Decimal:
    """The value of digits with grouping and decimal marks."""
    digits = number.replace(" ", "").replace("'", "")
    if len(digits) != len(number):
        whole = re.split(r"[.,]", number, maxsplit=1)[0]
        groups = re.split(r"[ ']", whole)
        if " " in number[len(whole) :] or any(len(group) != 3 for group in groups[1:]):
            raise _no_price()
    if decimal_mark in {".", ","}:
        grouping = "," if decimal_mark == "." else "."
        whole, _, fraction = digits.partition(decimal_mark)
        if grouping not in fraction and decimal_mark not in fraction and _grouped(whole, grouping):
            return _decimal(whole.replace(grouping, ""), fraction)
    return _guessed(digits, decimals(currency) if currency else 2)


def _guessed(digits: str, places: int) -> Decimal:
    """The value where nothing but the digits says which mark is which."""
    last = max(digits.rfind("."), digits.rfind(","))
    if last < 0:
        return _decimal(digits, "")
    mark = digits[last]
    other = "," if mark == "." else "."
    whole, fraction = digits[:last], digits[last + 1 :]
    if other in whole:
        if mark in whole or not _grouped(whole, other):
            raise _no_price()
        return _decimal(whole.replace(other, ""), fraction)
    groups_thousands = len(fraction) == 3 and places != 3 and whole != "0"
    if mark in whole or groups_thousands:
        if not _grouped(digits, mark):
            raise _no_price()
        return _decimal(digits.replace(mark, ""), "")
    return _decimal(whole, fraction)


def _grouped(whole: str, mark: str) -> bool:
    """Whether the groups have three digits each (Indian style: inner ones two)."""
    first, *rest = whole.split(mark)
    if not rest:
        return first.isdigit()
    inner = {len(group) for group in rest[:-1]}
    return 1 <= len(first) <= 3 and len(rest[-1]) == 3 and (inner <= {3} or inner == {2})


def _decimal(whole: str, fraction: str) -> Decimal:
    if not whole.isdigit() or (fraction and not fraction.isdigit()):
        raise _no_price()
    return Decimal(f"{whole}.{fraction}" if fraction else whole)


def _checked(amount: Decimal) -> Decimal:
    if amount.copy_abs() > LARGEST_AMOUNT:
        raise AmountError(
            f"An amount is above {LARGEST_AMOUNT:f}.", action="Check the file for damage."
        )
    return Decimal(0) if amount == 0 else amount


def _no_price() -> AmountError:
    return AmountError(
        "A text that should be a price is none.",
        action="Save the order again; if the page prints prices this way, report its shape.",
    )
