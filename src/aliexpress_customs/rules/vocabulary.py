"""The words an expression may use besides parameters, defined values and charges.

One place for both engines and for the reference page: a name that is not here, not a parameter and
not defined in the tables is an error of the table.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Type = Literal["number", "text", "truth", "list"]


@dataclass(frozen=True, slots=True)
class Word:
    """A fact the engine supplies."""

    type: Type
    meaning: str
    optional: bool = False
    """May be unknown; then a rule that reads it refuses, unless it asks with `known` first."""


PARCEL: Final[dict[str, Word]] = {
    "intrinsic_value": Word("number", "price of all goods, without freight, insurance and taxes"),
    "freight": Word("number", "paid for delivery"),
    "insurance": Word("number", "paid for insurance"),
    "gross_weight_kg": Word("number", "weight of the parcel with packaging", optional=True),
    "net_weight_kg": Word("number", "weight of all goods", optional=True),
    "pieces": Word("number", "pieces of goods"),
    "code_count": Word("number", "distinct commodity codes; goods without one count by title"),
    "item_count": Word("number", "distinct goods items (code, description, origin)"),
    "duty": Word("number", "duty charged by the entries above", optional=True),
    "vat": Word("number", "VAT charged by the entries above", optional=True),
    "excise": Word("number", "excise charged by the entries above", optional=True),
    "fee": Word("number", "public fees charged by the entries above", optional=True),
    "handling": Word("number", "carrier fees charged by the entries above", optional=True),
    "due_at_checkout": Word("number", "charges above taken at checkout", optional=True),
    "due_at_delivery": Word("number", "charges above still due at delivery", optional=True),
    "importer": Word("text", "'consumer' or 'business'"),
    "purpose": Word("text", "'sale' or 'gift'"),
    "transport": Word("text", "'post', 'express', 'air', 'sea' or 'road'"),
    "declaration": Word("text", "kind of declaration, such as 'H7'; '' if not stated"),
    "scheme": Word("text", "id of the collection scheme used, else 'none'"),
    "region": Word("text", "ISO 3166-2 code, else ''"),
    "postcode": Word("text", "postcode, else ''"),
    "territory": Word("text", "id of the [[territory]] the address lies in, else ''"),
    "dispatch_country": Word("text", "ISO 3166-1 code of the place of dispatch"),
    "carrier": Word("text", "id of the [[carrier]], else ''"),
    "in_scheme": Word("truth", "whether the scheme applies (to this line, if it is per line)"),
}

PART: Final[dict[str, Word]] = {
    "value": Word("number", "price of the goods of the part"),
    "freight": Word("number", "share of the freight"),
    "insurance": Word("number", "share of the insurance"),
    "net_weight_kg": Word("number", "weight of the goods of the part", optional=True),
    "duty": Word("number", "share of the duty charged by the entries above", optional=True),
    "vat": Word("number", "share of the VAT charged by the entries above", optional=True),
    "excise": Word("number", "share of the excise charged above", optional=True),
    "fee": Word("number", "share of the public fees charged above", optional=True),
    "handling": Word("number", "share of the carrier fees charged above", optional=True),
}
"""Read as `line_value` in charges per line or piece, `item_value` in charges per goods item."""

LINE: Final[dict[str, Word]] = {
    "unit_value": Word("number", "price of one piece"),
    "quantity": Word("number", "pieces"),
    "origin_country": Word("text", "ISO 3166-1 code of the country of origin"),
    "category": Word("text", "free-text category, else ''"),
    "hs_code": Word("text", "commodity code, '' if unknown"),
    "duty_rate_stated": Word("truth", "whether the caller states the ordinary duty rate"),
}

SHARES: Final[dict[str, str]] = {
    "intrinsic_value": "value",
    "freight": "freight",
    "insurance": "insurance",
    "net_weight_kg": "net_weight_kg",
    "duty": "duty",
    "vat": "vat",
    "excise": "excise",
    "fee": "fee",
    "handling": "handling",
}
"""Which share of a part stands for which sum of the consignment."""


@dataclass(frozen=True, slots=True)
class Function:
    """A function of the language."""

    type: Type
    arguments: tuple[str, ...]
    """Types of the arguments; `...` repeats the one before; `expression` is read per line."""
    meaning: str
    lines_only: bool = False


FUNCTIONS: Final[dict[str, Function]] = {
    "min": Function("number", ("number", "..."), "the smallest"),
    "max": Function("number", ("number", "..."), "the greatest"),
    "round_down": Function("number", ("number", "number"), "down to a multiple of a step"),
    "round_up": Function("number", ("number", "number"), "up to a multiple of a step"),
    "round_half_up": Function("number", ("number", "number"), "to the nearest multiple of a step"),
    "known": Function("truth", ("name",), "whether a fact of the parcel is known"),
    "assume": Function("number", ("name", "number"), "the fact, or this number (and a finding)"),
    "starts_with": Function("truth", ("text", "text", "..."), "whether a text begins so"),
    "hs": Function(
        "truth", ("codes", "..."), "whether the line's code begins with one of these", True
    ),
    "tariff": Function(
        "number", ("text", "number"), "duty of a measure type on a base, from the tariff", True
    ),
    "listed": Function("truth", ("text",), "whether a measure of this type names the line", True),
    "within": Function(
        "number",
        ("number",),
        "share of the line's pieces that find room in this value, filled as far as it goes",
        True,
    ),
    "any_line": Function("truth", ("expression",), "whether it holds for at least one line"),
    "all_lines": Function("truth", ("expression",), "whether it holds for every line"),
    "sum_lines": Function("number", ("expression",), "sum over the lines"),
    "max_line": Function("number", ("expression",), "greatest over the lines"),
}
