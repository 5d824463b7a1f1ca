"""What is said of duties that a code, a quantity or the schedule does not settle."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from aliexpress_customs.commodity.questions import question
from aliexpress_customs.model import Finding
from aliexpress_customs.rules.facts import Facts, MissingFactError
from aliexpress_customs.tariff.duty import CANDIDATES
from aliexpress_customs.tariff.measures import OPEN, Found, Measure

_GROUP: Final = 9
"""Digits of a row for all ten-digit numbers that begin so, real or not."""


def tariff_note(line: Facts, measure: Measure) -> Finding:
    """The row of the tariff that is applied has a note."""
    return Finding(
        code="tariff_note",
        message=f"The tariff row of {measure.code} has a note: {measure.note}.",
        path=line["path"],
        severity="info",
    )


def not_settled(line: Facts, found: Found, lost: int, destination: str, tariff: str) -> Finding:
    """Why the duty of a line is a range.

    Args:
        line: facts of the line.
        found: what the schedule says of its code.
        lost: candidates that could not be computed for want of a quantity.
        destination: ISO 3166-1 alpha-2.
        tariff: name of the schedule, empty without one.
    """
    code = line["hs_code"]
    open_lines = unpriced(found)
    gap = f" {open_lines} of them have no rate there, so it may lie outside." if open_lines else ""
    if lost:
        gap += " Duties by a quantity that is not stated are left out, so it may lie outside."
    if found.neighbours:
        message = (
            f"The tariff of {destination} has no commodity code {code}; "
            f"its nearest lines ({found.lines}) are taken.{gap}"
        )
        return Finding(
            code="code_not_in_tariff",
            message=message,
            action="State the hs_code as the destination writes it, six digits, or duty_rate.",
            path=line["path"],
        )
    if found.exact is not None:
        message = (
            f"The rate of commodity code {code} is not settled: "
            f"{found.exact.duty.replace(CANDIDATES, ' or ')}."
        )
        return Finding(
            code="duty_unsettled",
            message=message,
            action="State duty_rate.",
            path=line["path"],
        )
    fitting = f"{found.lines} tariff lines fit.{gap}"
    if any(len(measure.code) == _GROUP for measure in found.candidates):
        fitting = "its statistical numbers have different duties."
        if open_lines:
            fitting += " Of some none is known, so it may lie outside."
    return Finding(
        code="duty_range",
        message=f"Commodity code {code or 'unknown'} leaves the duty open: {fitting}",
        action=f"{_question(found, tariff)}State a longer hs_code, or duty_rate.",
        path=line["path"],
    )


def duty_unknown(
    line: Facts, measure: Measure | None, destination: str, additional: str
) -> MissingFactError:
    """The ordinary duty of a line, or an additional one, is not known.

    Args:
        line: facts of the line.
        measure: a row that leaves it open, if there is one.
        destination: ISO 3166-1 alpha-2.
        additional: type of the additional duty; empty for the ordinary one.
    """
    code = line["hs_code"]
    what = f"for commodity code {code}" if code else "without a commodity code"
    printed = f" The tariff says: {measure.note}." if measure and measure.note else ""
    if additional:
        return MissingFactError(
            f"duty.{additional}",
            f"The additional duty ({additional}) of {destination} is not known {what} "
            f"({line['path']}).{printed}",
            "Ask a customs broker; no rate is known for this code and day.",
        )
    return MissingFactError(
        "duty_rate",
        f"The ordinary duty of {destination} is not known {what} ({line['path']}).{printed}",
        "State duty_rate, such as '12 %'" + ("." if code else ", or hs_code."),
    )


def ask(unit: str) -> str:
    """What to state where the duty needs a quantity in a unit."""
    if unit == "kg":
        return "State unit_net_weight_kg, or duty_rate."
    return "State duty_rate, such as '12 %'; quantities in this unit cannot be stated."


def unpriced(found: Found) -> int:
    """How many lines have a duty that the schedule leaves open."""
    return sum(measure.duty == OPEN for measure in found.candidates)


def quantity_unknown(unit: str, path: str) -> Finding:
    """The duty is a range because a quantity is not known."""
    return Finding(
        code="duty_quantity_unknown",
        message=f"The duty depends on the quantity in {unit}, which is not known; "
        "its limits are known, and the higher one is expected.",
        action=ask(unit),
        path=path,
    )


def pair_assumed(path: str) -> Finding:
    """A duty by the pair is computed by the piece."""
    return Finding(
        code="pair_assumed",
        message="The duty is per pair; each piece is counted as one pair.",
        action="State the number of pairs as quantity.",
        path=path,
        severity="info",
    )


def _question(found: Found, tariff: str) -> str:
    """What would decide between the cheapest and the dearest line, as a question."""
    priced = [measure for measure in found.candidates if measure.duty != OPEN]
    if not tariff or len(priced) < 2:
        return ""
    ends = {min(priced, key=_height).code, max(priced, key=_height).code}
    told = len(ends) == 2 and all(len(code) != _GROUP for code in ends)
    asked = question(sorted(ends), tariff) if told else ""
    return f"{asked} " if asked else ""


def _height(measure: Measure) -> tuple[Decimal, str]:
    """A rough order of duties: the first number of the expression."""
    number = re.search(r"\d+(?:\.\d+)?", measure.duty)
    return (Decimal(number[0]) if number else Decimal(0)), measure.code
