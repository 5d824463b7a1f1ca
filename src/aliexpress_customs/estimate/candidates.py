"""What it costs that a commodity code is not known: the candidate codes of the title, one by one.

Where the answer depends on a code that nobody stated, the codes that the title suggests are tried:
the likeliest gives what is expected, the cheapest and dearest the ends, and the reasons ask the one
question whose answer narrows the range most, with the money that hangs on it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from aliexpress_customs.commodity.classify import Candidate, classify
from aliexpress_customs.commodity.telling import Split, splits
from aliexpress_customs.commodity.wording import texts
from aliexpress_customs.declaration.model import Declaration, GoodsItem
from aliexpress_customs.estimate.answer import TOTALS
from aliexpress_customs.estimate.model import Charge, Estimate, Range
from aliexpress_customs.model import Finding
from aliexpress_customs.money import Money, money

Run = Callable[[Declaration, bool], Estimate]
"""Estimates a declaration; the second argument asks for the lineage."""
_UNKNOWN: Final = "hs_code_unknown"
_PLAUSIBLE: Final = 0.25
"""Candidates with less than this part of what the first one has are not tried."""
_TITLE: Final = 60
"""Characters of a title in a question."""


@dataclass(frozen=True)
class _Guess:
    """An item without a code, and what its title suggests."""

    index: int
    item: GoodsItem
    candidates: tuple[Candidate, ...]
    costs: Mapping[str, tuple[Decimal, Decimal]]
    """Lowest and highest landed cost by code, the other items having their likeliest code."""

    @property
    def path(self) -> str:
        return f"items[{self.index}]"

    @property
    def title(self) -> str:
        return self.item.lines[0].title or self.item.description

    @property
    def cheapest(self) -> str:
        return min(self.costs, key=lambda code: (self.costs[code][0], code))

    @property
    def dearest(self) -> str:
        return max(self.costs, key=lambda code: (self.costs[code][1], code))


def with_candidates(
    declaration: Declaration, first: Estimate, run: Run, *, lineage: bool
) -> Estimate:
    """The estimate over the candidate codes; the first one where codes do not matter.

    Args:
        declaration: what was estimated.
        first: its estimate.
        run: estimates the declaration with other codes.
        lineage: whether the answer is to have its lineage.
    """
    suggested = _suggested(declaration, first)
    if not suggested:
        return first
    expected_codes = {index: found[0].hs_code for index, found in suggested.items()}
    expected = run(_with_codes(declaration, expected_codes), lineage)
    span = _total_span(expected, "landed_cost")
    if span is None:
        unpriced = [_Guess(n, declaration.items[n], found, {}) for n, found in suggested.items()]
        return _told(expected, unpriced)
    tried = [expected]
    guesses = []
    for index, candidates in suggested.items():
        costs = {candidates[0].hs_code: span}
        for candidate in candidates[1:]:
            codes = {**expected_codes, index: candidate.hs_code}
            variant = run(_with_codes(declaration, codes), False)
            if own := _total_span(variant, "landed_cost"):
                costs[candidate.hs_code] = own
                tried.append(variant)
        guesses.append(_Guess(index, declaration.items[index], candidates, costs))
    if len(guesses) > 1:
        ends = ({g.index: g.cheapest for g in guesses}, {g.index: g.dearest for g in guesses})
        tried += [run(_with_codes(declaration, codes), False) for codes in ends]
    return _told(_ranged(expected, tried), guesses)


def _suggested(declaration: Declaration, first: Estimate) -> dict[int, tuple[Candidate, ...]]:
    """Candidates by index of the items whose missing code matters."""
    asked = {reason.path.partition(".")[0] for reason in first.reasons if reason.code == _UNKNOWN}
    found = {}
    for index, item in enumerate(declaration.items):
        line = item.lines[0]
        if f"items[{index}]" not in asked or any(each.duty_rate for each in item.lines):
            continue
        ranked = classify(
            line.title or item.description, variant=line.variant, category=line.category
        ).candidates
        plausible = [one for one in ranked if one.score >= _PLAUSIBLE * ranked[0].score]
        if plausible:
            found[index] = tuple(plausible)
    return found


def _with_codes(declaration: Declaration, codes: Mapping[int, str]) -> Declaration:
    """The declaration with codes: what they make one goods item has one description."""
    items = []
    wording: dict[tuple[str, str], str] = {}
    for index, item in enumerate(declaration.items):
        code = codes.get(index) or item.hs_code
        text = wording.setdefault((code or item.description, item.origin_country), item.description)
        changed = {"hs_code": code, "description": text} if index in codes else {}
        items.append(item.model_copy(update=changed))
    return declaration.model_copy(update={"items": tuple(items)})


def _ranged(expected: Estimate, tried: Sequence[Estimate]) -> Estimate:
    """The expected estimate with the ends over all that were tried."""
    ranges = {}
    for name in TOTALS:
        spans = [_total_span(one, name) for one in tried]
        if found := _around(getattr(expected, name), spans):
            ranges[name] = found
    charges = []
    for charge in expected.charges:
        spans = [_charge_span(one, charge) for one in tried]
        charges.append(charge.model_copy(update={"range": _around(charge.amount, spans)}))
    return expected.model_copy(update={"ranges": ranges, "charges": tuple(charges)})


def _charge_span(estimate: Estimate, charge: Charge) -> tuple[Decimal, Decimal] | None:
    own = next((one for one in estimate.charges if one.id == charge.id), None)
    return (Decimal(0), Decimal(0)) if own is None else _span(own.amount, own.range)


def _total_span(estimate: Estimate, name: str) -> tuple[Decimal, Decimal] | None:
    return _span(getattr(estimate, name), estimate.ranges.get(name))


def _span(amount: Money | None, around: Range | None) -> tuple[Decimal, Decimal] | None:
    if around is not None:
        return around.low.amount, around.high.amount
    return None if amount is None else (amount.amount, amount.amount)


def _around(
    expected: Money | None, spans: Sequence[tuple[Decimal, Decimal] | None]
) -> Range | None:
    known = [span for span in spans if span is not None]
    if expected is None or not known:
        return None
    low, high = min(span[0] for span in known), max(span[1] for span in known)
    if low == high:
        return None
    code = expected.currency.code
    return Range(low=money(low, code), expected=expected, high=money(high, code))


def _told(answer: Estimate, guesses: Sequence[_Guess]) -> Estimate:
    """The answer with what was assumed of the codes, and the question worth asking."""
    asked = _question(guesses, answer.currency)
    told = [*([asked] if asked else []), *map(_suggestion, guesses)]
    rests_on_it = any(reason.severity == "warning" for reason in told)
    outcome = "estimated" if rests_on_it and answer.outcome == "complete" else answer.outcome
    return answer.model_copy(update={"reasons": (*told, *answer.reasons), "outcome": outcome})


def _suggestion(guess: _Guess) -> Finding:
    first = guess.candidates[0]
    ends = {end for span in guess.costs.values() for end in span}
    unpriced = len(guess.candidates) - len(guess.costs)
    same = len(ends) == 1 and not unpriced
    matters = " None of the likely codes changes the result." if same else ""
    if unpriced:
        matters = f" For {unpriced} of the likely codes no amount is known, so it may lie outside."
    return Finding(
        code="hs_code_suggested",
        message=(
            f"No commodity code is stated; its title suggests {first.hs_code} "
            f"({texts([first.hs_code])[first.hs_code]}), confidence {first.confidence}.{matters}"
        ),
        action="State its hs_code.",
        path=guess.path,
        severity="info" if same else "warning",
    )


def _question(guesses: Sequence[_Guess], currency: str) -> Finding | None:
    """The question whose answer narrows the range most, over all items."""
    best: tuple[Decimal, _Guess, Split] | None = None
    for guess in guesses:
        codes = [one.hs_code for one in guess.candidates if one.hs_code in guess.costs]
        if len(codes) < 2:
            continue
        classes = {one.product_class for one in guess.candidates}
        for split in splits(codes, classes.pop() if len(classes) == 1 else ""):
            narrowed = _spread(guess.costs, codes) - max(
                _spread(guess.costs, group) for group in split.groups
            )
            if narrowed > 0 and (best is None or narrowed > best[0]):
                best = narrowed, guess, split
    if best is None:
        return None
    narrowed, guess, split = best
    return Finding(
        code="question",
        message=f'"{_short(guess.title)}": {split.question} (up to {narrowed:f} {currency})',
        action="State its hs_code.",
        path=guess.path,
        severity="warning",
    )


def _spread(costs: Mapping[str, tuple[Decimal, Decimal]], codes: Iterable[str]) -> Decimal:
    spans = [costs[code] for code in codes]
    return max(span[1] for span in spans) - min(span[0] for span in spans)


def _short(title: str) -> str:
    return title if len(title) <= _TITLE else f"{title[: _TITLE - 3].rstrip()}..."
