"""The schema of a rule table: what `data/destinations/*.toml` and `data/unions/*.toml` may say.

Law is split in two kinds of entry: a *parameter* is a dated, cited fact without logic, a *charge*
is a dated formula over parameters and facts of the parcel. The field comments below are also the
reference for authors; `docs/concepts/rules.md` shows them at work.
"""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

SourceKind = Literal["official", "professional", "carrier", "press", "third_party", "memory"]
Confidence = Literal["high", "medium", "low", "memory"]
Status = Literal["in_force", "announced", "suspended"]
Kind = Literal["duty", "vat", "excise", "fee", "handling"]
Per = Literal["consignment", "goods_item", "line", "piece", "rate"]
DatedBy = Literal["clearance", "order"]

EntryId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*(\.[a-z0-9_]+)*$")]
Expression = Annotated[str, StringConstraints(min_length=1)]
RoundingRule = Annotated[
    str, StringConstraints(pattern=r"^(half_up|half_even|up|down|none)( \d+(\.\d+)?)?$")
]


class Entry(BaseModel):
    """Base of every table entry."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, defer_build=True)


class Dated(Entry):
    """An entry with the first and last day it holds."""

    from_: dt.date | None = Field(default=None, alias="from")
    """First day; left out = since before anything this library covers."""
    to: dt.date | None = None
    """Last day; left out = open."""
    dated_by: DatedBy = "clearance"
    """Which day of the parcel is compared: its clearance, or the order."""

    @model_validator(mode="after")
    def _ordered(self) -> Dated:
        if self.from_ and self.to and self.from_ > self.to:
            raise ValueError("'from' is after 'to'")
        return self

    def holds(self, on: dt.date, ordered_on: dt.date) -> bool:
        """Whether the entry is in force for a parcel cleared and ordered on these days."""
        day = ordered_on if self.dated_by == "order" else on
        return (self.from_ is None or self.from_ <= day) and (self.to is None or day <= self.to)


class Cited(Dated):
    """A dated entry with its source."""

    source_url: str | None = None
    """Page that states it; left out only together with `source_kind = "memory"`."""
    source_kind: SourceKind | None = None
    confidence: Confidence | None = None
    note: str = ""
    """What a reader must know: doubts, conflicts between sources, what was not found."""


class Parameter(Cited):
    """A fact of law: one value, dated and cited. Several entries with one id are its history.

    `region`, `codes`, `origins` and `category` narrow an entry to some parcels or lines; the most
    specific entry wins (longest code first, then origin, category, region).
    """

    id: EntryId
    value: Decimal | str | bool | list[str] | None = None
    """Left out = known to exist, not found: rules that need it refuse instead of assuming 0."""
    unit: str = ""
    """A currency (`EUR`), `%`, `kg`, `text`, `list`, `count`, or empty for a plain number."""
    region: str | list[str] | None = None
    codes: list[str] | None = None
    """Commodity code prefixes, digits only."""
    origins: list[str] | None = None
    """ISO 3166-1 alpha-2 codes of origin countries."""
    category: str | None = None
    """Free-text category of a line, such as `book`."""
    label: str = ""

    @model_validator(mode="after")
    def _whole(self) -> Parameter:
        if self.unit == "list" and self.value is not None and not isinstance(self.value, list):
            raise ValueError("a parameter of unit 'list' needs a list of texts")
        if self.unit == "%" and self.value is not None and not isinstance(self.value, Decimal):
            raise ValueError("a percentage needs a number")
        return self


class Value(Cited):
    """A named intermediate value, such as `customs_value`, with its formula.

    Written over consignment names; `line_<id>` and `item_<id>` are derived from it by reading each
    line's own share instead.
    """

    id: EntryId
    formula: Expression
    label: str = ""


class Charge(Cited):
    """A duty, tax or fee: when it is due and how much."""

    id: EntryId
    kind: Kind
    label: str
    when: Expression = "true"
    per: Per = "consignment"
    """What is counted: the consignment, each goods item, each line, each piece, or the lines of
    each rate together (`rate`)."""
    item_digits: int | None = None
    """Digits of the commodity code that make goods items distinct (H7: 6)."""
    item_by: Literal["goods", "code"] = "goods"
    """What else makes them distinct: description and origin, or nothing but the code."""
    base: Expression | None = None
    rate: Expression | None = None
    amount: Expression | None = None
    """Either `amount`, or `base` and `rate`."""
    at_least: Expression | None = None
    at_most: Expression | None = None
    group: str = ""
    """Charges of one group are alternatives: the first whose `when` holds takes the line."""
    collected: Literal["delivery", "checkout", "scheme"] = "delivery"
    """`scheme`: at checkout where the consignment's collection scheme applies."""
    payee: str = ""
    round: RoundingRule | None = None
    """Mode and step, such as `down 100`; default: half up to the currency's minor unit."""
    round_parts: RoundingRule | None = None
    """Rounding of each part before other charges read it."""
    total_of: Literal["parts", "unrounded"] = "parts"
    """Whether the total sums rounded or unrounded parts."""
    zero: str = ""
    """Why the amount is 0, if it always is: `below_threshold`, `relieved`, `free`, ..."""
    status: Status = "in_force"
    """`announced` and `suspended` charges apply only where the caller assumes them."""
    switch: str = ""
    """Name for `assume` and `exclude`; default: the id."""
    legal_basis: str = ""

    @model_validator(mode="after")
    def _formula(self) -> Charge:
        pair = self.base is not None and self.rate is not None
        if pair == (self.amount is not None):
            raise ValueError("a charge needs either 'amount' or both 'base' and 'rate'")
        if self.per == "rate" and not pair:
            raise ValueError("per = 'rate' needs 'base' and 'rate'")
        if self.amount == "0" and not self.zero:
            raise ValueError("a charge of 0 needs 'zero', the reason")
        return self

    @property
    def formula(self) -> str:
        """How much, in one expression."""
        if self.amount is not None:
            return self.amount
        base, rate = (
            text if re.fullmatch(r"[\w.]+", text) else f"({text})"
            for text in (self.base or "", self.rate or "")
        )
        return f"{base} * {rate}"

    @property
    def switch_name(self) -> str:
        """The name that turns the charge on or off."""
        return self.switch or self.id


class Waiver(Cited):
    """Charges that are computed but not collected, for instance because they are too small."""

    id: EntryId
    when: Expression
    waives: list[str]
    """Kinds or charge ids."""
    label: str
    zero: str = "waived"
    legal_basis: str = ""
    status: Status = "in_force"


class Scheme(Cited):
    """A scheme under which a seller or platform collects at checkout."""

    id: EntryId
    name: str
    aliases: list[str] = []
    when: Expression = "true"
    """Whether this consignment (or line) falls under it."""
    per: Literal["consignment", "line"] = "consignment"
    aliexpress: Literal["confirmed", "by_law", "no"] = "no"
    """Whether AliExpress itself uses it, and how certain that is."""
    aliexpress_from: dt.date | None = None
    aliexpress_source_url: str | None = None
    identifier: str = ""
    """The number it goes by on a declaration, such as an IOSS number."""


class Reading(Entry):
    """A rule that sources read differently: a switch with a default."""

    id: EntryId
    question: str
    options: list[str] = Field(min_length=2)
    default: str
    note: str = ""
    source_url: str | None = None

    @model_validator(mode="after")
    def _default_is_option(self) -> Reading:
        if self.default not in self.options:
            raise ValueError("'default' is none of the 'options'")
        return self


class Given(Entry):
    """A fact only the caller knows, such as how many parcels came this year."""

    id: EntryId
    default: Decimal | str | bool
    label: str
    """What is assumed if the caller does not say, as a sentence."""


class Carrier(Entry):
    """A postal operator or courier whose clearance fees are known."""

    id: str
    name: str
    usual_for: list[str] = []
    """Transports: it delivers these parcels unless another carrier is named."""


class Territory(Entry):
    """A part of the destination with rules of its own."""

    id: EntryId
    name: str
    regions: list[str] = []
    postcodes: list[str] = []
    """Prefixes."""
    effect: Literal["warn", "refuse", "rules"] = "warn"
    """`rules`: expressions read the id in `territory`."""
    message: str
    source_url: str | None = None
    confidence: Confidence | None = None


class Identification(Cited):
    """A number or fact that the declaration to this destination needs."""

    id: EntryId
    name: str
    field: Literal["importer_tax_id", "ioss_number", "recipient", "sender", "goods"] = (
        "importer_tax_id"
    )
    """Where our declaration has it; `recipient`, `sender` and `goods` are named, not checked."""
    who: str = "recipient"
    when: Expression = "true"
    validator: str = ""
    """Module of python-stdnum, such as `br.cpf`."""
    pattern: str = ""
    """Regular expression, where python-stdnum does not know the number."""
    required: bool = True


class Gap(Entry):
    """Something about the destination that is known not to be covered."""

    topic: str
    message: str
    action: str = ""
    codes: list[str] = []
    """Commodity code prefixes; an estimate names the gap if a line has one of them."""
    charges: list[EntryId] = []
    """Charges; an estimate names the gap if one of them has an amount."""
    when: Expression = ""
    """Parcels the gap concerns; alone, without codes and charges, it is named for all of them."""


class Destination(Entry):
    """The head of a destination's table."""

    code: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
    name: str
    unions: list[str] = []
    currency: str
    """Currency of the charges; a parameter `currency` of unit `text` dates a change."""
    levies: list[Kind] = ["duty", "vat"]
    """Kinds that every answer must contain; without a matching charge the answer is refused."""
    territory: list[str] = []
    """Countries from which a dispatch is no import; the destination itself is always one."""
    regions_required: bool = False
    exchange_rule: str = "previous_day"
    """Name of the customs-rate rule; see `exchange.customs_rates`."""
    exchange_source_url: str | None = None
    prices_include_tax: bool = False
    """AliExpress shows prices with the destination's VAT inside."""
    prices_include_tax_from: dt.date | None = None
    tariff: str = ""
    """Name of the measures file, such as `eu`; empty: none shipped."""
    researched: dt.date | None = None
    summary: str = ""


class Table(BaseModel):
    """One file: a destination, or the common law of a union."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    destination: Destination | None = None
    union: str | None = None
    territory_countries: list[str] = []
    ioss_regions: list[str] = []
    """Regions of other countries in which the union's collection numbers are used, too."""
    ioss_postcodes: list[str] = []
    """The same by country and postcode prefix, `GB BT`."""
    parameter: list[Parameter] = []
    value: list[Value] = []
    charge: list[Charge] = []
    waiver: list[Waiver] = []
    scheme: list[Scheme] = []
    reading: list[Reading] = []
    given: list[Given] = []
    carrier: list[Carrier] = []
    territory: list[Territory] = []
    identification: list[Identification] = []
    gap: list[Gap] = []
