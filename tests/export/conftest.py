from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def fonts_folder() -> Path:
    return Path(__file__).parent.parent / "fixtures" / "fonts"
