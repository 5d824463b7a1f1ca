"""Small tables of a made-up law, and parcels sent there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import aliexpress_customs as ac
from aliexpress_customs.rules.load import FOLDERS_VARIABLE

DAY = dt.date(2026, 3, 2)


class Testland:
    """A destination whose table a test writes; each table is a folder of its own."""

    __test__ = False

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.monkeypatch = monkeypatch
        self.count = 0

    def law(self, body: str, *, currency: str = "EUR", head: str = "levies = []") -> None:
        """Replace the table."""
        self.count += 1
        home = self.folder / f"tables{self.count}"
        (home / "destinations").mkdir(parents=True)
        (home / "destinations" / "nr.toml").write_text(
            f'[destination]\ncode = "NR"\nname = "Testland"\ncurrency = "{currency}"\n'
            f"{head}\n{body}",
            encoding="utf-8",
        )
        self.monkeypatch.setenv(FOLDERS_VARIABLE, str(home))

    def quote(self, *goods: ac.Goods, **options: Any) -> ac.Estimate:
        """The estimate for goods; a lamp of EUR 100 if none are named."""
        options.setdefault("on", DAY)
        return ac.quote(list(goods) or [thing()], "NR", **options)


def thing(value: str = "100.00 EUR", **facts: Any) -> ac.Goods:
    """Goods whose origin and code are known, so that nothing is assumed."""
    known: dict[str, Any] = {
        "title": "lamp",
        "unit_value": value,
        "hs_code": "940521",
        "origin_country": "CN",
    }
    return ac.Goods.model_validate(known | facts)


def charge(id: str, kind: str = "vat", **keys: object) -> str:
    """One `[[charge]]` with a source; `from_` stands for `from`, `@` precedes a date."""
    known: dict[str, object] = {
        "id": id,
        "kind": kind,
        "label": id.capitalize(),
        "source_url": f"https://customs.example/{id}",
        "source_kind": "official",
        "confidence": "high",
    }
    lines = [f"{key.rstrip('_')} = {_toml(value)}" for key, value in (known | keys).items()]
    return "\n[[charge]]\n" + "\n".join(lines) + "\n"


def _toml(value: object) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    if isinstance(value, str):
        return value[1:] if value.startswith("@") else f'"{value}"'
    return str(value)


def amounts(estimate: ac.Estimate) -> dict[str, str | None]:
    """Amount of each charge, by id."""
    return {
        charge.id: None if charge.amount is None else f"{charge.amount.amount:f}"
        for charge in estimate.charges
    }


def codes(estimate: ac.Estimate) -> set[str]:
    """Codes of the reasons."""
    return {reason.code for reason in estimate.reasons}


def only(charges: Sequence[ac.Charge]) -> ac.Charge:
    """The one charge there is."""
    (found,) = charges
    return found


def amount(value: Any) -> Decimal:
    """The number of an amount that must be known."""
    assert value is not None
    number: Decimal = value.amount
    return number


LIMIT = """
[[parameter]]
id = "limit"
value = 150
unit = "EUR"
source_url = "https://customs.example/limit"
source_kind = "official"
confidence = "high"
"""

SCHEME = (
    LIMIT
    + """
[[scheme]]
id = "oss"
name = "One-Stop Shop"
aliases = ["oss-nr"]
when = "intrinsic_value <= limit"
aliexpress = "confirmed"
aliexpress_from = 2025-01-01
confidence = "high"
"""
)
VAT = charge("vat", base="intrinsic_value", rate="10 %", collected="scheme")
