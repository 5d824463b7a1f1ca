"""Where the fixtures and the real samples are."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from aliexpress_customs.invoice.model import Invoice
from aliexpress_customs.invoice.read import read

ORDERS = Path(__file__).parents[1] / "fixtures" / "orders"
SAMPLES = Path(__file__).parents[2].parent / "shared" / "reference" / "aliexpress-samples"


@pytest.fixture
def order() -> Callable[[str], Invoice]:
    """The only order of a fixture."""

    def one(name: str) -> Invoice:
        (invoice,) = read(ORDERS / name)
        return invoice

    return one


@pytest.fixture
def document() -> Callable[[str], object]:
    """A fixture as parsed JSON, to be changed."""
    return lambda name: json.loads((ORDERS / name).read_text(encoding="utf-8"))


@pytest.fixture
def sample() -> Callable[[str], Path]:
    """A real file, outside the repository."""

    def path(start: str) -> Path:
        found = sorted(SAMPLES.glob(f"{start}*")) if SAMPLES.is_dir() else []
        if not found:
            pytest.skip(f"real samples are not part of the repository: {SAMPLES} is absent")
        return found[0]

    return path
