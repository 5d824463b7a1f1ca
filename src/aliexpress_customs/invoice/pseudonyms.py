"""Stand-ins for personal data: the same value always gets the same one, of the same shape.

>>> names = Pseudonyms()
>>> names.of("person", "Jane Doe"), names.of("person", "John Roe"), names.of("person", "Jane Doe")
('Person 1', 'Person 2', 'Person 1')
>>> names.of("tracking", "LP00123456789CN"), names.of("postcode", "SW1A 2AA")
('LP90000000001CN', 'SW0A 0AA')
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, Literal

Kind = Literal["person", "street", "city", "phone", "tax", "tracking", "email", "text", "postcode"]

_WORDS: Final[Mapping[str, str]] = {
    "person": "Person",
    "street": "Street",
    "city": "City",
    "text": "Text",
}
_TAX_IN_NAME: Final = re.compile(r"\b[A-Z]{2}[0-9A-Z]{8,12}\b")
_SHORTEST_ECHO: Final = 5
"""Letters from which a replaced value is looked for in other texts, too."""


class Pseudonyms:
    """A growing table of what stands for what."""

    def __init__(self) -> None:
        self._table: dict[tuple[str, str], str] = {}
        self._count: dict[str, int] = {}

    def of(self, kind: Kind, value: str) -> str:
        """The stand-in of a value; blank stays blank."""
        if not value.strip():
            return value
        key = (kind, value.strip())
        if key not in self._table:
            self._count[kind] = self._count.get(kind, 0) + 1
            self._table[key] = self._made(kind, value.strip(), self._count[kind])
        return self._table[key]

    def echoes(self, text: str) -> str:
        """A text in which values replaced elsewhere are replaced as well."""
        for (kind, value), stand_in in self._by_length():
            if kind != "postcode" and len(value) >= _SHORTEST_ECHO and value in text:
                text = text.replace(value, stand_in)
        return text

    def _by_length(self) -> list[tuple[tuple[str, str], str]]:
        return sorted(self._table.items(), key=lambda item: -len(item[0][1]))

    def _made(self, kind: Kind, value: str, number: int) -> str:
        if kind == "person" and any(
            any(char.isdigit() for char in found) for found in _TAX_IN_NAME.findall(value)
        ):
            found = next(one for one in _TAX_IN_NAME.findall(value) if any(map(str.isdigit, one)))
            return f"Person {number} {self.of('tax', found)}"
        if kind in _WORDS:
            return f"{_WORDS[kind]} {number}"
        if kind == "email":
            return f"person{number}@example.com"
        if kind == "postcode":
            return value[:2] + re.sub(r"\d", "0", value[2:])
        return _digits(value, number)


def _digits(value: str, number: int) -> str:
    """The value with its digits replaced by those of a number, right-aligned; letters stay."""
    places = sum(char.isdigit() for char in value)
    if not places:
        return f"N{number}"
    made = f"9{number:0>{places - 1}}"[-places:] if places > 1 else str(number)[-1]
    digits = iter(made)
    return "".join(next(digits) if char.isdigit() else char for char in value)
