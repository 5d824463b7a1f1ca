"""Typed access to the JSON objects of a source: every wrong type is an error that says where.

Readers never index raw JSON. A `Node` is one object with the place it was found; its getters take
several key names (spellings differ between APIs) and use the first that is there.

>>> Node({"id": 12000044304276428}, "lines[0]").id("skuId", "id")
'12000044304276428'
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import moneyed

from aliexpress_customs.errors import AmountError, ReadError
from aliexpress_customs.invoice.localised import currency_of, parse_price
from aliexpress_customs.invoice.text import mend
from aliexpress_customs.money import LARGEST_AMOUNT, money

LARGEST_COUNT: Final = 1_000_000
"""Units of one line; more is damage."""
HEAVIEST_LINE: Final = Decimal(10_000)
"""Kilograms of one line; more is grams taken for kilograms."""

_PLAIN_NUMBER: Final = re.compile(r"^[+-]?\d{1,40}(?:\.\d{1,40})?$")
_DAMAGED_ID: Final = re.compile(r"^\d(?:[.,]\d+)?[eE]\+?\d+$|[\ud800-\udfff]")
"""Scientific notation of a spreadsheet, or half a character."""


@dataclass(frozen=True, slots=True)
class Node:
    """One JSON object and its path within its order."""

    fields: Mapping[str, object]
    path: str = ""

    def at(self, key: str) -> str:
        """The path of a key."""
        return f"{self.path}.{key}" if self.path else key

    def get(self, *keys: str) -> tuple[str, object]:
        """The first key that holds something, and its value; (last key, None) if none does."""
        for key in keys:
            value = self.fields.get(key)
            if value is not None and value != "":
                return key, value
        return keys[-1], None

    def text(self, *keys: str) -> str:
        """Text, empty if absent; numbers as they are written."""
        key, value = self.get(*keys)
        if value is None:
            return ""
        if isinstance(value, str):
            return mend(value)
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, int | float | Decimal):
            return str(value)[:128]
        raise self.wrong(key, "text")

    def id(self, *keys: str) -> str | None:
        """An identifier as text, or None; one damaged by a spreadsheet is refused."""
        key, value = self.get(*keys)
        if value is None:
            return None
        text = str(value).strip() if isinstance(value, str | int) else ""
        if isinstance(value, bool) or not text or len(text) > 128 or _DAMAGED_ID.search(text):
            raise ReadError(
                "An id is damaged: it is no text and no whole number.",
                code="damaged_id",
                path=self.at(key),
                action="Use the file as downloaded, not as saved by a spreadsheet.",
            )
        return text

    def whole(self, *keys: str, default: int) -> int:
        """A count from 0 to a million."""
        key, value = self.get(*keys)
        if value is None:
            return default
        number: int | None = None
        if isinstance(value, str) and re.fullmatch(r"\s*[0-9]{1,9}\s*", value):
            number = int(value)
        elif isinstance(value, int) and not isinstance(value, bool):
            number = value
        elif isinstance(value, float | Decimal) and value in range(LARGEST_COUNT + 1):
            number = int(value)
        if number is None or not 0 <= number <= LARGEST_COUNT:
            raise self.wrong(key, f"a whole number from 0 to {LARGEST_COUNT}", code="bad_quantity")
        return number

    def weight(self, *keys: str, largest: Decimal = HEAVIEST_LINE) -> Decimal | None:
        """A weight, a plain number above zero; None if absent.

        Args:
            keys: as for all getters.
            largest: the least weight that must be a mistake, in the unit of the source.
        """
        key, value = self.get(*keys)
        if value is None:
            return None
        text = str(value).strip().replace(",", ".").lower().removesuffix("kg").strip()
        number = Decimal(text) if _PLAIN_NUMBER.match(text) else Decimal(-1)
        if not 0 < number < largest:
            raise self.wrong(key, "a weight in kg", kind=AmountError, code="bad_weight")
        return number

    def flag(self, *keys: str) -> bool | None:
        """A boolean, also as text; None if absent or neither."""
        _, value = self.get(*keys)
        if isinstance(value, bool):
            return value
        return {"true": True, "false": False}.get(str(value).lower())

    def node(self, *keys: str) -> Node:
        """A nested object, empty if absent."""
        key, value = self.get(*keys)
        if value is None:
            return Node({}, self.at(key))
        if not isinstance(value, Mapping):
            raise self.wrong(key, "an object")
        return Node(value, self.at(key))

    def nodes(self, *keys: str, name: str = "") -> list[Node]:
        """A list of objects, whether plain, wrapped once more, a lone object or an empty `{}`.

        Args:
            keys: names of the list.
            name: what to call it in paths, such as `lines`.
        """
        key, value = self.get(*keys)
        if isinstance(value, Mapping) and len(value) == 1:
            inner = next(iter(value.values()))
            if isinstance(inner, Mapping | list) or inner is None:
                value = inner
        if value is None or value == {}:
            return []
        items = value if isinstance(value, list) else [value]
        place = f"{self.path}.{name or key}" if self.path else name or key
        found = []
        for index, item in enumerate(items):
            if not isinstance(item, Mapping):
                raise ReadError(
                    "A list holds something that is no object.",
                    path=f"{place}[{index}]",
                    action="Save the file again from its source.",
                )
            found.append(Node(item, f"{place}[{index}]"))
        return found

    def price(
        self, *keys: str, currency: str, decimal_mark: str | None = None
    ) -> moneyed.Money | None:
        """A localised price, or None if absent.

        Raises:
            AmountError: no price, or its mark names another currency than `currency`.
        """
        key, value = self.get(*keys)
        if value is None:
            return None
        if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
            return self._money(key, value, currency)
        if not isinstance(value, str):
            raise self.wrong(key, "a price", kind=AmountError)
        named = currency_of(value)
        if named not in {None, currency}:
            raise AmountError(
                f"A price is printed in {named}, but the order's currency is {currency}.",
                code="currency_contradiction",
                path=self.at(key),
                action="Save the order again with one currency chosen in the shop.",
            )
        try:
            return money(parse_price(value, currency, decimal_mark), currency)
        except AmountError as error:
            raise placed(error, self.at(key)) from error

    def money(self, *keys: str) -> moneyed.Money | None:
        """An Open-Platform amount `{amount, currency_code}`, with or without `cent`; or None.

        Raises:
            AmountError: not that shape, absurd, or amount and cents contradict each other.
        """
        key, value = self.get(*keys)
        if value is None or value == {}:
            return None
        if not isinstance(value, Mapping):
            raise self.wrong(key, "an amount with its currency", kind=AmountError)
        inner = Node(value, self.at(key))
        code = inner.fields.get("currency_code")
        if not isinstance(code, str):
            nested = inner.fields.get("currency")
            code = nested.get("currency_code") if isinstance(nested, Mapping) else nested
        if not isinstance(code, str) or not code:
            raise self.wrong(key, "an amount with its currency", kind=AmountError)
        _, amount = inner.get("amount", "amount_str")
        stated = None if amount is None else self._money(key, amount, code)
        _, cent = inner.get("cent")
        if cent is None:
            if stated is None:
                raise self.wrong(key, "an amount with its currency", kind=AmountError)
            return stated
        factor = inner.whole("cent_factor", default=100) or 100
        exact = self._money(key, self._money(key, cent, code).amount / Decimal(factor), code)
        if stated is not None and stated != exact:
            raise AmountError(
                "An amount and its cents contradict each other.",
                code="contradictory_amount",
                path=inner.path,
                action="Fetch the order again.",
            )
        return exact

    def _money(self, key: str, value: object, code: str) -> moneyed.Money:
        """A plain number as money; a float stands for its shortest decimal text."""
        text = str(value).strip() if isinstance(value, str | int | float | Decimal) else ""
        if isinstance(value, Decimal) and value.is_finite() and abs(value.adjusted()) < 40:
            text = f"{value:f}"
        if isinstance(value, bool) or not _PLAIN_NUMBER.match(text):
            raise self.wrong(key, "a finite amount", kind=AmountError)
        number = Decimal(text)
        if number.copy_abs() > LARGEST_AMOUNT:
            raise self.wrong(key, f"an amount below {LARGEST_AMOUNT:f}", kind=AmountError)
        try:
            return money(number, code)
        except AmountError as error:
            raise placed(error, self.at(key)) from error

    def wrong(
        self,
        key: str,
        expected: str,
        *,
        kind: type[ReadError] | type[AmountError] = ReadError,
        code: str = "",
    ) -> ReadError | AmountError:
        """The error for a value of the wrong type."""
        return kind(
            f"There should be {expected} here.",
            code=code,
            path=self.at(key),
            action="Save or fetch the order again; the file is damaged or of an unknown shape.",
        )


def placed(error: AmountError, path: str) -> AmountError:
    """The same error with its place."""
    return AmountError(error.message, code=error.code, path=path, action=error.action)
