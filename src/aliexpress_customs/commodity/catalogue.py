"""What a user has settled about products: codes, origin and weight, kept in a file of theirs.

A product that was classified once, by a person or a broker, need not be guessed again: what the
catalogue knows wins over any suggestion. The file is CSV or SQLite, as its name ends.
"""

from __future__ import annotations

import csv
import re
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import Final, Literal, Protocol, Self

from aliexpress_customs.commodity.classify import Candidate, Classification, classify
from aliexpress_customs.commodity.codes import HS_DIGITS, normalise_code
from aliexpress_customs.commodity.nomenclature import describe, path
from aliexpress_customs.commodity.words import stems
from aliexpress_customs.errors import ReadError, UsageError
from aliexpress_customs.model import CountryCode, HsCode, Model

KeyKind = Literal["sku", "product", "title"]
Source = Literal["correction", "declaration"]

SQLITE: Final = frozenset({".sqlite", ".sqlite3", ".db"})
COLUMNS: Final = (
    "kind",
    "key",
    "hs_code",
    "description",
    "origin_country",
    "unit_net_weight_kg",
    "source",
)


class CatalogueEntry(Model):
    """What is settled about one product."""

    kind: KeyKind
    """What the key is; an SKU wins over its product, a product over a title."""
    key: str
    hs_code: HsCode
    description: str = ""
    """What customs reads."""
    origin_country: CountryCode | None = None
    unit_net_weight_kg: Decimal | None = None
    source: Source = "correction"
    """A correction is never replaced by what a declaration says."""


class DeclaredLine(Protocol):
    """A product line of a declaration."""

    @property
    def product_id(self) -> str | None: ...  # noqa: D102
    @property
    def sku_id(self) -> str | None: ...  # noqa: D102
    @property
    def title(self) -> str: ...  # noqa: D102
    @property
    def unit_net_weight_kg(self) -> Decimal | None: ...  # noqa: D102


class DeclaredItem(Protocol):
    """A goods item of a declaration."""

    @property
    def hs_code(self) -> str | None: ...  # noqa: D102
    @property
    def description(self) -> str: ...  # noqa: D102
    @property
    def origin_country(self) -> str: ...  # noqa: D102
    @property
    def origin_assumed(self) -> bool: ...  # noqa: D102
    @property
    def lines(self) -> Sequence[DeclaredLine]: ...  # noqa: D102


class Declared(Protocol):
    """A declaration, as far as a catalogue learns from it."""

    @property
    def items(self) -> Sequence[DeclaredItem]: ...  # noqa: D102


class Catalogue:
    """Products and their settled codes in a CSV or SQLite file.

        with Catalogue("products.csv") as catalogue:
            catalogue.correct("851830", product_id="1005001234567890")
            catalogue.lookup(product_id="1005001234567890").hs_code

    Args:
        file: `.csv`, or `.sqlite`, `.sqlite3`, `.db`; made on saving if it does not exist.

    Raises:
        UsageError: the file's name ends otherwise.
        ReadError: the file is no catalogue.
    """

    def __init__(self, file: str | Path) -> None:
        self._file = Path(file)
        suffix = self._file.suffix.lower()
        if suffix != ".csv" and suffix not in SQLITE:
            raise UsageError(
                "A catalogue is a CSV or SQLite file.",
                path=str(self._file),
                action="Name it *.csv or *.sqlite.",
            )
        self._sqlite = suffix in SQLITE
        self._entries = {(one.kind, one.key): one for one in self._load()}

    def __len__(self) -> int:
        return len(self._entries)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self.save()

    def lookup(
        self, *, title: str = "", product_id: str = "", sku_id: str = ""
    ) -> CatalogueEntry | None:
        """What is known of a product: by its SKU, else its product id, else its title."""
        for key in _keys(title, product_id, sku_id):
            if key in self._entries:
                return self._entries[key]
        return None

    def correct(
        self,
        hs_code: str,
        *,
        title: str = "",
        product_id: str = "",
        sku_id: str = "",
        description: str = "",
        origin_country: str | None = None,
        unit_net_weight_kg: Decimal | None = None,
    ) -> None:
        """Settle the code of a product, under every key that is given.

        Raises:
            UsageError: no key is given.
            DeclarationError: the code is none.
        """
        keys = _keys(title, product_id, sku_id)
        if not keys:
            raise UsageError(
                "Nothing says which product is meant.",
                path="title",
                action="Give its title, product id or SKU id.",
            )
        facts = {
            "hs_code": normalise_code(hs_code),
            "description": description,
            "origin_country": origin_country,
            "unit_net_weight_kg": unit_net_weight_kg,
        }
        self._put(keys, facts, "correction")

    def learn(self, declaration: Declared) -> int:
        """Take over the codes of a declaration; corrections stay.

        Returns:
            Lines that were learned from: those of items that have a code.
        """
        learned = 0
        for item in declaration.items:
            if not item.hs_code:
                continue
            for line in item.lines:
                facts = {
                    "hs_code": item.hs_code,
                    "description": item.description,
                    "origin_country": None if item.origin_assumed else item.origin_country,
                    "unit_net_weight_kg": line.unit_net_weight_kg,
                }
                keys = _keys(line.title, line.product_id or "", line.sku_id or "")
                self._put(keys, facts, "declaration")
                learned += 1
        return learned

    def classify(
        self,
        title: str,
        *,
        product_id: str = "",
        sku_id: str = "",
        variant: str = "",
        category: str = "",
        material: str = "",
        top: int = 5,
    ) -> Classification:
        """As `classify`, but a settled code comes first and needs no review."""
        guess = classify(title, variant=variant, category=category, material=material, top=top)
        known = self.lookup(title=title, product_id=product_id, sku_id=sku_id)
        if known is None:
            return guess
        others = [one for one in guess.candidates if one.hs_code != known.hs_code[:HS_DIGITS]]
        settled = Candidate(
            hs_code=known.hs_code,
            description=describe(known.hs_code),
            score=1.0,
            confidence="high",
            reasons=(f"catalogue: {known.source} for this {known.kind}",),
            path=path(known.hs_code),
        )
        return Classification(
            candidates=(settled, *others[: top - 1]), needs_review=False, language=guess.language
        )

    def save(self) -> None:
        """Write the file, whole or not at all."""
        entries = [self._entries[key] for key in sorted(self._entries)]
        partial = self._file.with_name(f"{self._file.name}.partial")
        partial.unlink(missing_ok=True)
        (_write_sqlite if self._sqlite else _write_csv)(partial, map(_cells, entries))
        partial.replace(self._file)

    def _put(
        self, keys: Iterable[tuple[KeyKind, str]], facts: Mapping[str, object], source: Source
    ) -> None:
        for kind, key in keys:
            held = self._entries.get((kind, key))
            if held is None or source == "correction" or held.source != "correction":
                entry = {"kind": kind, "key": key, "source": source, **facts}
                self._entries[kind, key] = CatalogueEntry.model_validate(entry)

    def _load(self) -> list[CatalogueEntry]:
        if not self._file.exists():
            return []
        try:
            cells = (_read_sqlite if self._sqlite else _read_csv)(self._file)
            return [CatalogueEntry.model_validate(_facts(row)) for row in cells]
        except (OSError, ValueError, KeyError, csv.Error, sqlite3.Error) as error:
            raise ReadError(
                "The file is no catalogue of products.",
                code="bad_catalogue",
                path=str(self._file),
                action=f"It needs the columns {', '.join(COLUMNS)}.",
            ) from error


_T_SHIRT: Final = re.compile(r"\b(?:t|tee) shirt\b")
"""One word in the titles of files written since it is one for `stems`."""


def _keys(title: str, product_id: str, sku_id: str) -> list[tuple[KeyKind, str]]:
    """The keys of a product, the surest first."""
    given: list[tuple[KeyKind, str]] = [
        ("sku", sku_id.strip()),
        ("product", product_id.strip()),
        ("title", " ".join(stems(title))),
    ]
    return [(kind, key) for kind, key in given if key]


def _cells(entry: CatalogueEntry) -> tuple[str, ...]:
    values = entry.model_dump(mode="json")
    return tuple(values[column] or "" for column in COLUMNS)


def _facts(row: Mapping[str, str]) -> dict[str, str | None]:
    facts = {
        column: row[column] or None for column in COLUMNS if row[column] or column != "description"
    }
    if facts["kind"] == "title" and facts["key"]:
        facts["key"] = _T_SHIRT.sub("tshirt", facts["key"])
    return facts


def _read_csv(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as opened:
        return list(csv.DictReader(opened, restval=""))


def _write_csv(file: Path, rows: Iterable[tuple[str, ...]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(rows)


def _read_sqlite(file: Path) -> list[dict[str, str]]:
    with closing(sqlite3.connect(file)) as database:
        names = ", ".join(COLUMNS)
        found = database.execute(f"SELECT {names} FROM products").fetchall()  # noqa: S608
        return [dict(zip(COLUMNS, row, strict=True)) for row in found]


def _write_sqlite(file: Path, rows: Iterable[tuple[str, ...]]) -> None:
    names, marks = ", ".join(COLUMNS), ", ".join("?" * len(COLUMNS))
    with closing(sqlite3.connect(file)) as database, database:
        database.execute(f"CREATE TABLE products ({names}, PRIMARY KEY (kind, key))")
        database.executemany(f"INSERT INTO products VALUES ({marks})", rows)  # noqa: S608
