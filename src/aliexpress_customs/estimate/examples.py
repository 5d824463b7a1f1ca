"""Worked examples: published calculations as files that anyone can add and run.

One TOML file holds `[[example]]` entries: a parcel, a day, and the amounts a customs authority, a
ministry or a carrier printed. `verify` says which of them this library does not reproduce.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Final

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, field_validator

from aliexpress_customs.consignment.model import Importer, Purpose
from aliexpress_customs.declaration.declare import declare_goods
from aliexpress_customs.declaration.model import Declaration, Goods
from aliexpress_customs.errors import AliExpressCustomsError, ExampleError
from aliexpress_customs.estimate.estimate import NO_CARRIER, estimate
from aliexpress_customs.estimate.model import Estimate
from aliexpress_customs.exchange import Exchange
from aliexpress_customs.model import Finding, Model
from aliexpress_customs.money import Money, minor_unit, round_to


def _decimal(value: object) -> object:
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


Amount = Annotated[Decimal, BeforeValidator(_decimal)]

_TOTALS: Final = {
    "duty": "total_duty",
    "vat": "total_vat",
    "excise": "total_excise",
    "fee": "total_fee",
    "handling": "total_handling",
    "total": "total",
    "landed_cost": "landed_cost",
}


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class ExampleGoods(_Entry):
    """One line of goods."""

    description: str
    hs_code: str | None = None
    quantity: int = Field(default=1, ge=1)
    unit_value: Amount = Field(ge=0)
    origin_country: str | None = None
    net_weight_kg: Amount | None = Field(default=None, gt=0)
    """Of the whole line."""
    duty_rate: str | None = None
    category: str = ""

    @field_validator("hs_code")
    @classmethod
    def _digits(cls, code: str | None) -> str | None:
        """As sources print it, `8471.30`; empty is not stated."""
        return (code or "").replace(".", "").replace(" ", "") or None


class Expect(_Entry):
    """What the source prints; only what is stated is compared."""

    currency: str | None = None
    duty: Amount | None = None
    vat: Amount | None = None
    excise: Amount | None = None
    fee: Amount | None = None
    handling: Amount | None = None
    total: Amount | None = None
    landed_cost: Amount | None = None
    outcome: str | None = None
    tolerance: Amount = Decimal(0)


class Example(_Entry):
    """One published calculation."""

    id: str
    title: str
    source_url: str = ""
    published: bool = True
    destination: str
    region: str | None = None
    postcode: str = ""
    on: dt.date
    ordered_on: dt.date | None = None
    dispatch_country: str = "CN"
    transport: str = "post"
    importer: Importer = "consumer"
    purpose: Purpose = "sale"
    scheme: str | None = None
    declaration: str = ""
    carrier: str | None = None
    currency: str
    freight: Amount = Decimal(0)
    insurance: Amount = Decimal(0)
    gross_weight_kg: Amount | None = None
    goods: list[ExampleGoods] = Field(min_length=1)
    assume: list[str] = []
    exclude: list[str] = []
    readings: dict[str, str] = {}
    rates: dict[str, str] = {}
    given: dict[str, Any] = {}
    expect: Expect


class Failure(Model):
    """One amount that came out differently."""

    id: str
    key: str
    expected: str
    got: str


class Refusal(Model):
    """An example that could not be computed, or not fully."""

    id: str
    reasons: tuple[Finding, ...]


class VerifyReport(Model):
    """How a file of worked examples fared."""

    passed: int
    failed: tuple[Failure, ...] = ()
    refused: tuple[Refusal, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether every example holds."""
        return not self.failed and not self.refused


def load_examples(path: str | Path) -> list[Example]:
    """The examples of a file.

    Raises:
        ExampleError: not TOML, or an example lacks or misspells a key; the path names it.
    """
    name, entries = _entries(Path(path))
    return [_example(name, number, entry) for number, entry in enumerate(entries)]


def _entries(file: Path) -> tuple[str, list[Any]]:
    """The name of a file, and what stands in it as examples."""
    try:
        raw = tomllib.loads(file.read_text(encoding="utf-8"), parse_float=Decimal)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ExampleError(
            f"The file cannot be read: {error}.",
            path=file.name,
            action="See docs/how-to/verify-worked-examples.md.",
        ) from error
    entries = raw.get("example", [])
    if not isinstance(entries, list):
        raise ExampleError("`example` is no [[example]] table.", path=file.name)
    if not entries:
        raise ExampleError("There is no [[example]] in the file.", path=file.name)
    return file.name, entries


def _example(file: str, number: int, entry: Any) -> Example:
    try:
        return Example.model_validate(entry)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        name = entry.get("id", number) if isinstance(entry, dict) else number
        raise ExampleError(
            f"{first['msg']}.",
            path=f"{file}: example {name}: {key}",
            action="See docs/how-to/verify-worked-examples.md.",
        ) from error


def verify(source: str | Path | Sequence[Example]) -> VerifyReport:
    """Compute every example and compare to the cent.

    An example that lacks or misspells a key is refused; the others go on.

    Args:
        source: a TOML file, or examples already loaded.

    Raises:
        ExampleError: the file is no TOML or holds no example.
    """
    passed = 0
    failed: list[Failure] = []
    refused: list[Refusal] = []
    name, entries = _entries(Path(source)) if isinstance(source, str | Path) else ("", source)
    for number, entry in enumerate(entries):
        id_ = str(entry.get("id", number)) if isinstance(entry, dict) else str(number)
        try:
            example = entry if isinstance(entry, Example) else _example(name, number, entry)
            id_ = example.id
            exchange = Exchange.default(rates=example.rates)
            result = estimate_example(example, exchange)
            differences = list(_differences(example, result, exchange))
        except AliExpressCustomsError as error:
            finding = Finding(
                code=error.code, message=error.message, action=error.action, path=error.path
            )
            refused.append(Refusal(id=id_, reasons=(finding,)))
            continue
        missing = any(difference.got == "refused" for difference in differences)
        if missing and example.expect.outcome != "refused":
            grave = tuple(r for r in result.reasons if r.severity == "error")
            refused.append(Refusal(id=example.id, reasons=grave))
        elif differences:
            failed.extend(differences)
        else:
            passed += 1
    return VerifyReport(passed=passed, failed=tuple(failed), refused=tuple(refused))


def declaration_of(example: Example) -> Declaration:
    """The declaration an example describes; each of its lines is a line of the declaration."""
    return declare_goods(
        [_goods(line, example.currency) for line in example.goods],
        destination=example.destination,
        currency=example.currency,
        freight=example.freight,
        insurance=example.insurance,
        region=example.region,
        postcode=example.postcode,
        dispatch_country=example.dispatch_country,
        importer=example.importer,
        purpose=example.purpose,
        gross_weight_kg=example.gross_weight_kg,
        ordered_on=example.ordered_on,
        merge=False,
    )


def estimate_example(example: Example, exchange: Exchange | None = None) -> Estimate:
    """The estimate for an example.

    A calculation of an authority ends with what the authority levies: what the post charges is
    counted only where the example names the carrier or expects `handling`.
    """
    carrier = example.carrier
    if carrier is None and example.expect.handling is None:
        carrier = NO_CARRIER
    return estimate(
        declaration_of(example),
        example.on,
        transport=example.transport,
        scheme=example.scheme,
        carrier=carrier,
        declaration_type=example.declaration,
        assume=example.assume,
        exclude=example.exclude,
        readings=example.readings,
        given=example.given,
        exchange=exchange or Exchange.default(rates=example.rates),
        ordered_on=example.ordered_on,
    )


def _goods(line: ExampleGoods, currency: str) -> Goods:
    weight = line.net_weight_kg
    stated = {
        "title": line.description,
        "description": line.description,
        "unit_value": f"{line.unit_value:f} {currency}",
        "quantity": line.quantity,
        "hs_code": line.hs_code,
        "origin_country": line.origin_country,
        "unit_net_weight_kg": None if weight is None else weight / line.quantity,
        "category": line.category,
        "duty_rate": line.duty_rate,
    }
    try:
        return Goods.model_validate(stated)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise ExampleError(f"{first['msg']}.", path=f"goods: {key}") from error


def _differences(example: Example, result: Estimate, exchange: Exchange) -> Iterator[Failure]:
    expect = example.expect
    currency = expect.currency or result.currency
    if expect.outcome and expect.outcome != result.outcome:
        yield Failure(
            id=example.id, key="outcome", expected=expect.outcome, got=str(result.outcome)
        )
    for key, name in _TOTALS.items():
        wanted: Decimal | None = getattr(expect, key)
        if wanted is None:
            continue
        found: Money | None = getattr(result, name)
        if found is None:
            yield Failure(id=example.id, key=key, expected=f"{wanted:f}", got="refused")
            continue
        got = found.amount
        if currency != result.currency:
            got = exchange.rate(result.currency, currency, example.on).apply(got)
        got = round_to(got, minor_unit(currency))
        if abs(got - wanted) > expect.tolerance:
            yield Failure(id=example.id, key=key, expected=f"{wanted:f}", got=f"{got:f}")
