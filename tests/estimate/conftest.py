"""What the tests of an estimate share."""

from __future__ import annotations

from pathlib import Path

import pytest
from own_tables import Testland


@pytest.fixture
def land(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Testland:
    """A destination whose table a test writes."""
    return Testland(tmp_path, monkeypatch)
