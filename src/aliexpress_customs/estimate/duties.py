"""How `tariff()` and `listed()` of the rule language reach the measures of a destination."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Final

from aliexpress_customs.model import Finding
from aliexpress_customs.rules.compile import Facts, MissingFactError
from aliexpress_customs.tariff.duty import Duty, UnknownQuantityError, parse_duty
from aliexpress_customs.tariff.measures import OPEN, Found, Schedule

ORDINARY: Final = "third_country"
LOW, EXPECTED, HIGH = 0, 1, 2


class Tariffs:
    """Looks up duties for the lines of one parcel.

    One run of the engine takes one `scenario`: the lowest, likeliest or highest duty of lines whose
    code does not settle it.
    """

    def __init__(
        self,
        schedule: Schedule | None,
        on: dt.date,
        convert: Callable[[Decimal, str], Decimal],
        destination: str,
    ) -> None:
        self.schedule = schedule
        self.on = on
        self.convert = convert
        self.destination = destination
        self.scenario = EXPECTED
        self.ranged: dict[str, Finding] = {}
        self._found: dict[tuple[str, str], Found] = {}

    def listed(self, parcel: Facts, line: Facts, kind: str) -> bool:
        """Whether a measure of a type names the line."""
        if not line["hs_code"]:
            parcel["unknown_codes"].add(line["path"])
            return False
        return self._find(line, kind).exact is not None

    def duty(self, parcel: Facts, line: Facts, kind: str, base: Decimal) -> Decimal:
        """The duty of a measure type on a base, in the currency of the destination.

        No measure of a type other than the ordinary duty means none is due. An ordinary duty that
        is nowhere to be found is missing, not zero.
        """
        if kind == ORDINARY and line["duty_rate"] is not None:
            return self._of(parse_duty(line["duty_rate"]), line, base)
        found = self._find(line, kind)
        if found.exact is not None and found.exact.duty != OPEN:
            return self._of(parse_duty(found.exact.duty), line, base)
        if found.candidates:
            return self._ranged(found, line, base)
        if kind == ORDINARY or found.exact is not None:
            raise self._unknown(line)
        if not line["hs_code"] and self.schedule is not None and kind in self.schedule:
            parcel["unknown_codes"].add(line["path"])
        return Decimal(0)

    def _find(self, line: Facts, kind: str) -> Found:
        key = (line["path"], kind)
        if key not in self._found:
            self._found[key] = (
                Found()
                if self.schedule is None
                else self.schedule.find(kind, line["hs_code"], line["origin_country"], self.on)
            )
        return self._found[key]

    def _ranged(self, found: Found, line: Facts, base: Decimal) -> Decimal:
        amounts = []
        expected: list[Decimal] = []
        for text in {measure.duty for measure in found.candidates if measure.duty != OPEN}:
            amount = self._of(parse_duty(text), line, base)
            amounts.append(amount)
            if text == found.expected:
                expected.append(amount)
        if not amounts:
            raise self._unknown(line)
        code = line["hs_code"]
        if line["path"] not in self.ranged:
            self.ranged[line["path"]] = Finding(
                code="duty_range",
                message=(
                    f"Commodity code {code or 'unknown'} leaves the duty open: "
                    f"{len(found.candidates)} tariff lines fit."
                ),
                action="State a longer hs_code, or duty_rate.",
                path=line["path"],
            )
        middle = expected[0] if expected else sorted(amounts)[len(amounts) // 2]
        return (min(amounts), middle, max(amounts))[self.scenario]

    def _of(self, duty: Duty, line: Facts, base: Decimal) -> Decimal:
        def quantity(unit: str) -> Decimal | None:
            if unit == "kg":
                weight: Decimal | None = line["net_weight_kg"]
                return weight
            if unit in {"piece", "pair"}:
                count: Decimal = line["quantity"]
                return count
            return None

        try:
            return duty.of(base, self.convert, quantity)
        except UnknownQuantityError as unknown:
            raise MissingFactError(
                f"quantity.{unknown.unit}",
                f"The duty {duty.text!r} needs the quantity in {unknown.unit}.",
                f"State the quantity of {line['path']} in {unknown.unit}.",
            ) from unknown

    def _unknown(self, line: Facts) -> MissingFactError:
        code = line["hs_code"]
        what = f"for commodity code {code}" if code else "without a commodity code"
        return MissingFactError(
            "duty_rate",
            f"The ordinary duty of {self.destination} is not known {what} ({line['path']}).",
            "State duty_rate, such as '12 %'" + ("." if code else ", or hs_code."),
        )
