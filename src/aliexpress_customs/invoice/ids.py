"""Ids as spreadsheets damage them: found, mended where the truth is at hand, else refused.

A spreadsheet keeps 15 digits. Of a 16-digit order id the last digit becomes 0, of a 17-digit
variant id the last two; or the cell shows `8.20383E+15`. All order ids of one buyer end in the same
four digits, so one sound id tells the end of the others.

>>> common_ending(["3069099405650007", "3065094845450007", "3070000000010000"])
'0007'
>>> mended("3070000000010000", "0007")
'3070000000010007'
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import Final

KEPT_DIGITS: Final = 15
"""Digits a spreadsheet keeps of a number."""
ENDING: Final = 4
"""Last digits that all order ids of a buyer share."""

_SCIENTIFIC: Final = re.compile(r"^\d(?:[.,]\d+)?[eE]\+?\d+$")
_ID: Final = re.compile(r"^\d{16,17}$")
_IN_URL: Final = re.compile(r"(?:item/|productId=|_)(\d{8,20})(?:\.html|\b)")


def is_scientific(text: str) -> bool:
    """Whether a cell shows a number in scientific notation."""
    return bool(_SCIENTIFIC.match(text))


def plain_id(text: str) -> str:
    """An id without what keeps spreadsheets from touching it: `="17"`, `'17`, `17.0`."""
    text = text.strip().removeprefix("=").strip("\"'`\t ")
    return text[:-2] if re.fullmatch(r"\d+\.0", text) else text


def common_ending(ids: Iterable[str]) -> str:
    """The last four digits most order ids share; empty if they share none or all look damaged."""
    endings = Counter(text[-ENDING:] for text in set(ids) if _ID.match(text) and text[-1] != "0")
    if not endings:
        return ""
    ending, count = endings.most_common(1)[0]
    return ending if count > 1 or len(endings) == 1 else ""


def looks_cut(text: str) -> bool:
    """Whether an id may have lost its last digits: all beyond the fifteenth are zero."""
    return bool(_ID.match(text)) and not text[KEPT_DIGITS:].strip("0")


def mended(text: str, ending: str) -> str:
    """An order id with its end restored, if only the end is missing and the ending is known."""
    if not ending or len(text) != KEPT_DIGITS + 1 or not looks_cut(text):
        return text
    head, tail = text[:-1], text[-ENDING:-1]
    return head + ending[-1] if tail == ending[:-1] else text


def product_in(url: str) -> str:
    """The product id in the address of a product page; empty if there is none."""
    match = _IN_URL.search(url[:2000])
    return match[1] if match else ""
