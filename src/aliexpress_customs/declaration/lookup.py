"""Finding what the caller says of a line: by line, product or variant id, or by title."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Generic, TypeVar

from aliexpress_customs.consignment.model import ConsignmentLine
from aliexpress_customs.model import Finding

Given = TypeVar("Given")
Found = TypeVar("Found")


class Lookup(Generic[Given, Found]):
    """A table of the caller, keyed by `line_id`, `sku_id`, `product_id` or title."""

    def __init__(
        self, name: str, table: Mapping[str, Given] | None, check: Callable[[Given, str], Found]
    ) -> None:
        """Check a table.

        Args:
            name: its argument, for errors and findings.
            table: values by key.
            check: takes a value and its path, returns it normalised or raises a typed error.
        """
        self._name = name
        items = (table or {}).items()
        self._table = {key: check(value, f"{name}[{key!r}]") for key, value in items}
        self._folded = {key.casefold(): key for key in self._table}
        self._used: set[str] = set()

    def find(self, line: ConsignmentLine) -> Found | None:
        """What the table says of a line: by its narrowest key first, titles last."""
        for key in _keys(line):
            if key in self._table:
                self._used.add(key)
                return self._table[key]
        folded = self._folded.get(line.title.casefold())
        if folded is None:
            return None
        self._used.add(folded)
        return self._table[folded]

    def unused(self) -> list[Finding]:
        """A finding if keys of the table named no line."""
        left = len(self._table) - len(self._used)
        if not left:
            return []
        return [
            Finding(
                code="unused_key",
                message=f"{left} of {len(self._table)} keys of {self._name} name no line.",
                action="Keys are line_id, sku_id, product_id or the title.",
                path=self._name,
            )
        ]


def entries_for(lines: Iterable[ConsignmentLine], *tables: Mapping[str, Given]) -> dict[str, Given]:
    """What tables say of some lines: of each line its narrowest key in the first that knows it.

    Args:
        lines: lines of a consignment.
        tables: values by `line_id`, `sku_id`, `product_id` or title, the one that wins first.
    """
    found = {}
    for line in lines:
        keys = (*_keys(line), line.title.casefold())
        for table in tables:
            key = next((key for key in keys if key in table), None)
            if key is not None:
                found[key] = table[key]
                break
    return found


def any_case(table: Mapping[str, Given]) -> dict[str, Given]:
    """A table for `entries_for` in which titles are found without regard to case."""
    return {**{key.casefold(): value for key, value in table.items()}, **table}


def _keys(line: ConsignmentLine) -> Iterator[str]:
    """By what a line may be named, the narrowest first."""
    return filter(None, (line.line_id, line.sku_id, line.product_id, line.title))
