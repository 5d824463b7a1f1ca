"""How `tariff()` and `listed()` of the rule language reach the measures of a destination."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from aliexpress_customs.errors import ExchangeRateError
from aliexpress_customs.estimate.duty_findings import (
    ask,
    duty_unknown,
    not_settled,
    pair_assumed,
    quantity_unknown,
    tariff_note,
    unpriced,
)
from aliexpress_customs.model import Finding
from aliexpress_customs.rules.facts import Facts, MissingFactError
from aliexpress_customs.tariff.duty import (
    CANDIDATES,
    Duty,
    UnknownQuantityError,
    parse_duties,
    parse_duty,
)
from aliexpress_customs.tariff.measures import OPEN, Found, Measure, Schedule
from aliexpress_customs.tariff.sources import cited

ORDINARY: Final = "third_country"
LOW, EXPECTED, HIGH = 0, 1, 2
MOST_COMPARED: Final = 24
"""Lines of a tariff that are compared to find the ends of a range."""
FOOTWEAR: Final = "64"
"""Chapter whose goods are sold by the pair: a piece of the shop is one pair."""


@dataclass(frozen=True, slots=True)
class _Span:
    """What a duty comes to: one amount, or the ends and the likeliest."""

    low: Decimal
    expected: Decimal
    high: Decimal
    unit: str = ""
    """The unit whose quantity is not known, if that is why the ends differ."""


class Tariffs:
    """Looks up duties for the lines of one parcel.

    One run of the engine takes one `scenario`: the lowest, likeliest or highest duty of lines whose
    code or quantity does not settle it.

    Attributes:
        taken_as: by the path of a line whose code leaves several types of duty open, the line of
            the tariff that it is taken for.
        ranged: why a line has a range; a finding here makes the engine run for both ends.
        remarks: what else the reader of a rate must know.
    """

    def __init__(
        self,
        schedule: Schedule | None,
        on: dt.date,
        convert: Callable[[Decimal, str], Decimal],
        destination: str,
    ) -> None:
        self.schedule = schedule
        self._tariff = schedule.name if schedule is not None else ""
        self.on = on
        self._convert = convert
        self.destination = destination
        self.scenario = EXPECTED
        self.taken_as: dict[str, str] = {}
        self.ranged: dict[str, Finding] = {}
        self.remarks: dict[str, Finding] = {}
        self._found: dict[tuple[str, str], Found] = {}

    def alternatives(self, line: Facts) -> tuple[str, ...]:
        """Lines of the tariff to compare if a code leaves several types of duty open.

        The lowest duty of one type and that of another may be those of lines that exclude each
        other; so the ends of a range are sought among lines. Empty if there is nothing to compare,
        or too much.
        """
        path = line["path"]
        asked = [found for (where, _), found in self._found.items() if where == path]
        open_ = sum(bool(found.candidates) for found in asked)
        if self.schedule is None or open_ < 2 or any(found.neighbours for found in asked):
            return ()
        codes = self.schedule.unlike(line["hs_code"], line["origin_country"], self.on)
        return codes if 1 < len(codes) <= MOST_COMPARED else ()

    def aged(self, years: int) -> Iterator[Finding]:
        """Findings on ordinary duties whose source is older than some years."""
        told: set[str] = set()
        for (path, kind), found in self._found.items():
            measure = found.exact or next(iter(found.candidates), None)
            if kind != ORDINARY or measure is None:
                continue
            for source in cited(measure.source):
                old = (self.on - source.date).days > years * 365
                if old and source.citation not in told:
                    told.add(source.citation)
                    yield Finding(
                        code="tariff_old",
                        message=f"The duty rate is as of {source.date}: {source.citation}.",
                        action="Check the current tariff, or state duty_rate.",
                        path=path,
                        severity="info",
                    )

    def listed(self, parcel: Facts, line: Facts, kind: str) -> bool:
        """Whether a measure of a type names the line; a stated rate counts as the ordinary one."""
        if kind == ORDINARY and line["duty_rate"] is not None:
            return True
        if not line["hs_code"]:
            parcel["unknown_codes"].add(line["path"])
            return False
        found = self._find(line, kind)
        return found.exact is not None and not found.neighbours

    def duty(self, parcel: Facts, line: Facts, kind: str, base: Decimal) -> Decimal:
        """The duty of a measure type on a base, in the currency of the destination.

        No measure of a type other than the ordinary duty means none is due. An ordinary duty that
        is nowhere to be found is missing, not zero.
        """
        if kind == ORDINARY and line["duty_rate"] is not None:
            span = self._span(parse_duty(line["duty_rate"]), parcel, line, base)
            return self._chosen([span], span, line, Found())
        found = self._find(line, kind)
        if found.exact is not None and found.exact.duty != OPEN:
            if kind == ORDINARY and found.exact.note and line["path"] not in self.taken_as:
                self.remarks.setdefault(line["path"], tariff_note(line, found.exact))
            return self._of_texts([found.exact.duty], parcel, line, base, found)
        if found.candidates:
            texts = {m.duty: None for m in found.candidates if m.duty != OPEN}
            if not texts:
                raise self._unknown(line, found.candidates[0], kind)
            return self._of_texts(list(texts), parcel, line, base, found)
        if kind == ORDINARY or found.exact is not None:
            raise self._unknown(line, found.exact, kind)
        if not line["hs_code"] and self.schedule is not None and kind in self.schedule:
            parcel["unknown_codes"].add(line["path"])
        return Decimal(0)

    def rate(self, line: Facts, kind: str) -> Decimal | None:
        """The duty of a measure type as a fraction, if it is one percentage and nothing else."""
        if kind == ORDINARY and line["duty_rate"] is not None:
            return parse_duty(line["duty_rate"]).ad_valorem
        exact = self._find(line, kind).exact
        if exact is None or exact.duty == OPEN:
            return None
        duties = parse_duties(exact.duty)
        return duties[0].ad_valorem if len(duties) == 1 else None

    def _find(self, line: Facts, kind: str) -> Found:
        if self.schedule is not None and (code := self.taken_as.get(line["path"])):
            return self.schedule.find(kind, code, line["origin_country"], self.on)
        key = (line["path"], kind)
        if key not in self._found:
            self._found[key] = self._looked_up(line, kind)
        return self._found[key]

    def _looked_up(self, line: Facts, kind: str) -> Found:
        if self.schedule is None or not line["hs_code"]:
            return Found()
        code, origin = line["hs_code"], line["origin_country"]
        if kind == ORDINARY:
            return self.schedule.nearest(kind, code, origin, self.on)
        found = self.schedule.find(kind, code, origin, self.on)
        nothing = found.exact is None and not found.candidates
        if nothing and self._find(line, ORDINARY).neighbours:
            # the tariff has no such code, so its absence from a list says nothing
            return self.schedule.nearest(kind, code, origin, self.on)
        return found

    def _of_texts(
        self, cells: list[str], parcel: Facts, line: Facts, base: Decimal, found: Found
    ) -> Decimal:
        likeliest = parse_duty((found.expected or cells[0]).split(CANDIDATES)[0]).text
        spans: dict[str, _Span] = {}
        open_: dict[str, MissingFactError] = {}
        for duty in (duty for cell in cells for duty in parse_duties(cell)):
            try:
                spans[duty.text] = self._span(duty, parcel, line, base)
            except MissingFactError as missing:
                open_[duty.text] = missing
        if likeliest in open_:
            raise open_[likeliest]
        return self._chosen(list(spans.values()), spans[likeliest], line, found, lost=len(open_))

    def _chosen(
        self, spans: list[_Span], likeliest: _Span, line: Facts, found: Found, *, lost: int = 0
    ) -> Decimal:
        """The duty of the scenario; of `lost` candidates it could not be computed."""
        low, high = min(span.low for span in spans), max(span.high for span in spans)
        path = line["path"]
        unit = next((span.unit for span in spans if span.unit), "")
        if unit:
            self.ranged.setdefault(f"{path} {unit}", quantity_unknown(unit, path))
        left_out = lost or unpriced(found)
        if (found.candidates or len(spans) > 1 or found.neighbours) and (
            left_out or path not in self.ranged
        ):
            self.ranged[path] = not_settled(line, found, lost, self.destination, self._tariff)
        return (low, likeliest.expected, high)[self.scenario]

    def _span(self, duty: Duty, parcel: Facts, line: Facts, base: Decimal) -> _Span:
        quantity = _quantities(line)
        if "pair" in duty.units and line["hs_code"] and not line["hs_code"].startswith(FOOTWEAR):
            self.remarks.setdefault(f"{line['path']} pair", pair_assumed(line["path"]))
        try:
            amount = duty.of(base, self._converted, quantity)
            return _Span(amount, amount, amount)
        except UnknownQuantityError as unknown:
            unit = unknown.unit
        heaviest = _weight_left(parcel, line)
        try:
            low, high = duty.bounds(
                base,
                self._converted,
                quantity,
                lambda unit: heaviest if unit.startswith("kg") else None,
            )
        except UnknownQuantityError as unknown:
            raise MissingFactError(
                f"quantity.{unknown.unit}",
                f"The duty {duty.text!r} needs the quantity in {unknown.unit} ({line['path']}).",
                ask(unknown.unit),
            ) from unknown
        # The higher end is expected: a price before checkout should not turn out too low.
        return _Span(low, high, high, unit if low != high else "")

    def _converted(self, amount: Decimal, currency: str) -> Decimal:
        """A specific duty in the currency of the destination; only it is lost without a rate."""
        try:
            return self._convert(amount, currency)
        except ExchangeRateError as unknown:
            raise MissingFactError(f"rate.{currency}", unknown.message, unknown.action) from unknown

    def _unknown(self, line: Facts, measure: Measure | None, kind: str) -> MissingFactError:
        additional = "" if kind == ORDINARY else kind
        return duty_unknown(line, measure, self.destination, additional)


def _quantities(line: Facts) -> Callable[[str], Decimal | None]:
    """What the declaration states: net weight, and pieces; a piece of the shop counts as a pair."""

    def quantity(unit: str) -> Decimal | None:
        if unit == "kg":
            weight: Decimal | None = line["net_weight_kg"]
            return weight
        if unit in {"piece", "pair"}:
            count: Decimal = line["quantity"]
            return count
        return None

    return quantity


def _weight_left(parcel: Facts, line: Facts) -> Decimal | None:
    """The most a line can weigh: its net weight, else the parcel's less that of the other lines."""
    if line["net_weight_kg"] is not None:
        weight: Decimal = line["net_weight_kg"]
        return weight
    gross: Decimal | None = parcel["gross_weight_kg"]
    if gross is None:
        return None
    others = (other["net_weight_kg"] for other in parcel["lines"])
    return max(gross - sum((w for w in others if w is not None), Decimal(0)), Decimal(0))
