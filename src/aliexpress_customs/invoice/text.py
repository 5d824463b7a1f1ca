"""Text as shops write it, made fit to print: titles without markup, nested JSON, broken Unicode.

Sources: order payloads hold HTML (`<b>`, `&quot;`), NBSP and doubled blanks in titles, and JSON in
strings (`product_attributes`, `extend_map`, `tipData`).

>>> clean_title("Widget&nbsp;<b>PCIe</b>  4.0 &amp; cable")
'Widget PCIe 4.0 & cable'
"""

from __future__ import annotations

import html
import json
import re
import unicodedata
from typing import Final

from aliexpress_customs.invoice.localised import clean_format

LONGEST_TEXT: Final = 20_000
"""Characters kept of one text field; the longest real one, an address, has a few hundred."""

_TAG: Final = re.compile(r"</?[A-Za-z][^<>]{0,500}>")
_BREAK: Final = re.compile(r"<br\s{0,9}/?>", re.IGNORECASE)
_BLANKS: Final = re.compile(r"\s+")


def mend(text: str) -> str:
    r"""Replace lone surrogates (an emoji cut in half by the shop) with U+FFFD; cap the length.

    >>> mend("cut \ud83d") == "cut " + chr(0xFFFD)
    True
    """
    text = text[:LONGEST_TEXT]
    if text.isascii():
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def clean_title(raw: str) -> str:
    """A title without markup, entities, control characters and doubled blanks.

    >>> clean_title("cap 5 < 10 mm<br>new")
    'cap 5 < 10 mm new'
    """
    text = html.unescape(html.unescape(mend(raw)))
    text = _TAG.sub("", _BREAK.sub(" ", text))
    kept = "".join(" " if unicodedata.category(char) == "Cc" else char for char in text)
    return _BLANKS.sub(" ", clean_format(mend(kept))).strip()


def nested_json(text: str) -> object:
    """The value of JSON written inside a string; None if it is none.

    >>> nested_json('{"hscode":"8529909790"}')
    {'hscode': '8529909790'}
    """
    if not text or len(text) > LONGEST_TEXT:
        return None
    try:
        return json.loads(text, parse_float=str, parse_int=str, parse_constant=str)
    except (ValueError, RecursionError):
        return None
