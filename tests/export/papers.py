"""PDFs read again, by another library than the one that wrote them."""

from __future__ import annotations

import io
import re
import unicodedata
from decimal import Decimal
from functools import lru_cache
from typing import Any

import pypdf


@lru_cache(maxsize=4)
def pages(content: bytes) -> list[list[str]]:
    """The printed lines of every page, in the order of drawing."""
    found = pypdf.PdfReader(io.BytesIO(content)).pages
    return [[one.strip() for one in page.extract_text().splitlines()] for page in found]


def lines(content: bytes) -> list[str]:
    """All printed lines."""
    return [line for page in pages(content) for line in page]


def text(content: bytes) -> str:
    """Everything printed, as one text: where lines were broken there is one blank."""
    return " ".join(" ".join(lines(content)).split())


def squeezed(words: str) -> str:
    """Without blanks, for texts that were broken within a word."""
    return "".join(unicodedata.normalize("NFC", words).split())


def after(content: bytes, label: str) -> str:
    """The cell printed right after the last one with this text."""
    printed = lines(content)
    return printed[len(printed) - 1 - printed[::-1].index(label) + 1]


def number(printed: str) -> Decimal:
    """A printed amount: `-1 234.50 EUR`."""
    return Decimal(re.sub(r"[A-Z ]", "", printed))


def lowest(content: bytes) -> float:
    """The lowest line of text on any page, in millimetres from the lower edge."""
    found: list[float] = []

    def visit(text: str, _: Any, matrix: list[float], *__: Any) -> None:
        if text.strip():
            found.append(matrix[5] / 72 * 25.4)

    for page in pypdf.PdfReader(io.BytesIO(content)).pages:
        page.extract_text(visitor_text=visit)
    return min(found)


def sizes(content: bytes) -> set[tuple[int, int]]:
    """Width and height of the pages, in whole millimetres."""
    found = pypdf.PdfReader(io.BytesIO(content)).pages
    return {
        (
            round(float(page.mediabox.width) / 72 * 25.4),
            round(float(page.mediabox.height) / 72 * 25.4),
        )
        for page in found
    }
