"""What is wrong with a commodity code, and which codes may have been meant."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from aliexpress_customs.commodity.codes import HS_DIGITS, normalise_code
from aliexpress_customs.commodity.depth import GENERIC, format_national
from aliexpress_customs.commodity.editions import edition, is_outdated, successors
from aliexpress_customs.commodity.nomenclature import (
    EDITION,
    RESERVED_CHAPTERS,
    chapter,
    children,
    is_valid,
    level,
)
from aliexpress_customs.commodity.wording import texts
from aliexpress_customs.model import Finding

MOST_CANDIDATES: Final = 5
"""Codes named in one finding; a person reads no more."""
_NEWER: Final = {"HS 2017": EDITION, "CN 2021": "CN 2022"}
_CHAPTER: Final = 2
_HEADING: Final = 4


def code_findings(code: str, path: str = "", tariff: str = "") -> tuple[Finding, ...]:
    """What the sender should know about a code before declaring it; nothing if it is in order.

    Codes of the findings: `hs_code_reserved_chapter`, `hs_code_heading_only`,
    `hs_code_old_edition`, `hs_code_nonexistent` (an error, the others are warnings).

    Args:
        code: 4 to 14 digits, separators allowed.
        path: where it stands, such as `items[0].hs_code`.
        tariff: under which tariff it was written, such as `eu`; see `editions.edition`.

    Raises:
        DeclarationError: not 4 to 14 digits.

    >>> [finding.code for finding in code_findings("8517.12")]
    ['hs_code_old_edition']
    >>> code_findings("8517.12")[0].action[:65]
    'Pass 8517.13 (smartphones for cellular or other wireless networks'
    """
    fault = _fault(normalise_code(code), tariff)
    return (fault.model_copy(update={"path": path}),) if fault else ()


@lru_cache(maxsize=4096)
def _fault(digits: str, tariff: str) -> Finding | None:
    """The gravest fault of a code, without its place; parcels share few codes."""
    written = format_national(digits, tariff or GENERIC)
    if (reserved := RESERVED_CHAPTERS.get(digits[:_CHAPTER])) is not None:
        return Finding(
            code="hs_code_reserved_chapter",
            message=f"Commodity code {written} names no goods: chapter "
            f"{digits[:_CHAPTER]} {reserved}.",
            action="Pass the code of the goods themselves; such codes only come beside it.",
        )
    if is_outdated(digits, tariff):
        old = edition(digits, tariff)
        return Finding(
            code="hs_code_old_edition",
            message=f"Commodity code {written} ended on 2021-12-31 with {old}; "
            f"{_NEWER[old]} has other codes for these goods.",
            action=_pass(candidates(digits, tariff), tariff),
        )
    if is_valid(digits):
        return None
    if len(digits) < HS_DIGITS and children(digits):
        return Finding(
            code="hs_code_heading_only",
            message=f"Commodity code {written} is a heading without its subheading; "
            "six digits are the least a declaration needs.",
            action=_pass(candidates(digits, tariff), tariff),
        )
    return Finding(
        code="hs_code_nonexistent",
        message=f"Commodity code {written} does not exist: {EDITION} has no {_what(digits)}"
        f"{'; a leading zero may be lost' if _zero_restored(digits) else ''}.",
        action=_pass(candidates(digits, tariff), tariff),
        severity="error",
    )


def candidates(code: str, tariff: str = "") -> tuple[str, ...]:
    """The codes a person may have meant, the likeliest first; empty for a code in order.

    Of an old code its successors, of a heading its subheadings, of a code that does not exist its
    neighbours. A spreadsheet drops leading zeros, so an odd number of digits is also read with one.

    Args:
        code: 4 to 14 digits, separators allowed.
        tariff: as in `code_findings`.

    >>> candidates("6109"), candidates("6109.20"), candidates("20110")
    (('610910', '610990'), ('610910', '610990'), ('020110',))
    """
    digits = normalise_code(code)
    if is_outdated(digits, tariff):
        return successors(digits, tariff)
    if is_valid(digits) or digits[:_CHAPTER] in RESERVED_CHAPTERS:
        return ()
    if len(digits) < HS_DIGITS and (below := children(digits)):
        return below
    return _zero_restored(digits) or _neighbours(digits)


def _zero_restored(digits: str) -> tuple[str, ...]:
    """The subheading of an odd number of digits behind a zero, if there is one."""
    restored = f"0{digits}"[:HS_DIGITS]
    return (restored,) if len(digits) % 2 and is_valid(restored) else ()


def _neighbours(digits: str) -> tuple[str, ...]:
    """Existing codes of the same depth closest in number, in the deepest level that exists."""
    above = level(digits)
    if not above:
        return ()
    wanted = int(digits[: len(above) + 2].ljust(len(above) + 2, "0"))
    return tuple(sorted(children(above), key=lambda code: (abs(int(code) - wanted), code)))


def _what(digits: str) -> str:
    """The first level of a code that does not exist, for a sentence."""
    if not chapter(digits):
        return f"chapter {digits[:_CHAPTER]}"
    if len(level(digits)) < _HEADING:
        return f"heading {format_national(digits[:_HEADING])}"
    return f"subheading {format_national(digits[:HS_DIGITS])}"


def _pass(found: Sequence[str], tariff: str) -> str:
    if not found:
        return "Look the goods up in the nomenclature, beginning with the chapter."
    shown = found[:MOST_CANDIDATES]
    words = texts([code[:HS_DIGITS] for code in shown])
    named = " or ".join(
        f"{format_national(code, tariff or GENERIC)} ({words[code[:HS_DIGITS]]})" for code in shown
    )
    return f"Pass {named}{f' ({len(found)} in all)' if len(found) > len(shown) else ''}."
