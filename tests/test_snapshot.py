"""A change of data shows in the diff of one file which results it moved."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parent.parent


def load_tool(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "tools" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_destination_still_answers_as_on_record() -> None:
    tool = load_tool("snapshot")
    recorded = (ROOT / "tests" / "snapshots" / "results.csv").read_text(encoding="utf-8")
    moved = sorted(set(tool.results().splitlines()) ^ set(recorded.splitlines()))
    assert not moved, "run `python tools/snapshot.py --write` and review the diff"


def test_the_coverage_page_is_what_the_tables_hold() -> None:
    page = (ROOT / "docs" / "coverage.md").read_text(encoding="utf-8")
    assert load_tool("coverage").page() == page, "run `python tools/coverage.py --write`"
