"""Everything the documentation shows runs.

Of README.md and every page under docs/, the `python` blocks share one namespace a page and run in
order, those written as a `>>>` dialogue with the answers they print; of `console` and `bash` blocks
the lines that begin with `$ aliexpress-customs` run and must exit with 0, or with the code a
trailing `# exits 1` states. Each page has a folder of its own that holds the shipped samples.
"""

from __future__ import annotations

import doctest
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import textwrap
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from aliexpress_customs.datafiles import data_folder

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
SAMPLE_FOLDERS = ("samples", "examples")
HAS_COMMAND_LINE = importlib.util.find_spec("aliexpress_customs.cli") is not None

BLOCK = re.compile(
    r"(?P<skip>^[ ]*<!-- no-run -->[ ]*\n)?"
    r"^(?P<indent>[ ]*)```[ ]?(?P<kind>python|console|bash)\b[^\n]*\n"
    r"(?P<body>.*?)^(?P=indent)```[ ]*$",
    re.MULTILINE | re.DOTALL,
)
COMMAND = re.compile(r"^\$ (aliexpress-customs\b.*?)(?:\s+# exits (\d))?$")
UNFINISHED = re.compile(r"\b(TODO|TBD|FIXME|XXX|lorem ipsum)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Block:
    kind: str
    body: str
    line: int


@pytest.mark.parametrize("page", PAGES, ids=[str(page.relative_to(ROOT)) for page in PAGES])
def test_what_a_page_shows_runs(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in SAMPLE_FOLDERS:
        source = data_folder() / folder
        if source.is_dir():
            shutil.copytree(source, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    namespace: dict[str, Any] = {"__name__": "__page__"}
    for block in blocks(page.read_text("utf-8")):
        where = f"{page.relative_to(ROOT)}:{block.line}"
        if block.kind == "python":
            run_python(block, where, namespace)
        elif HAS_COMMAND_LINE:
            run_commands(block, where)


@pytest.mark.parametrize("page", PAGES, ids=[str(page.relative_to(ROOT)) for page in PAGES])
def test_a_page_is_finished(page: Path) -> None:
    text = page.read_text("utf-8")
    assert not UNFINISHED.search(text)
    assert text.startswith("# "), "a page begins with its title"


def test_every_page_has_its_place_in_the_navigation() -> None:
    """Pages that are kept out of it say so in mkdocs.yml (`not_in_nav`)."""
    configuration = (ROOT / "mkdocs.yml").read_text("utf-8")
    missing = [
        name
        for page in PAGES[1:]
        if (name := page.relative_to(ROOT / "docs").as_posix()) not in configuration
    ]
    assert not missing


def test_blocks_are_found_wherever_they_stand() -> None:
    page = (
        "# Page\n\n```python\nx = 1\n```\n\n- item\n\n    ```console\n    $ aliexpress-customs demo"
        "\n    ```\n\n<!-- no-run -->\n```python\nfetch()\n```\n\n```toml\na = 1\n```\n"
    )
    assert blocks(page) == [
        Block("python", "x = 1\n", 3),
        Block("console", "$ aliexpress-customs demo\n", 9),
    ]


def blocks(text: str) -> list[Block]:
    return [
        Block(
            match["kind"],
            textwrap.dedent(match["body"]),
            text.count("\n", 0, match.start("indent")) + 1,
        )
        for match in BLOCK.finditer(text)
        if not match["skip"]
    ]


def run_python(block: Block, where: str, namespace: dict[str, Any]) -> None:
    if ">>> " not in block.body:
        exec(compile(block.body, where, "exec"), namespace)  # noqa: S102
        return
    dialogue = doctest.DocTestParser().get_doctest(block.body, namespace, where, where, block.line)
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
    report: list[str] = []
    result = runner.run(dialogue, out=report.append, clear_globs=False)
    namespace.update(dialogue.globs)
    assert result.failed == 0, "".join(report)


def run_commands(block: Block, where: str) -> None:
    """Run with the scripts of this environment, as a reader would type them."""
    scripts = str(Path(sys.executable).parent)
    environment = os.environ | {"PATH": scripts + os.pathsep + os.environ.get("PATH", "")}
    for line in block.body.replace("\\\n", " ").splitlines():
        if command := COMMAND.match(line.strip()):
            result = subprocess.run(  # noqa: S602
                command[1],
                shell=True,
                check=False,
                capture_output=True,
                text=True,
                env=environment,
                timeout=120,
            )
            assert result.returncode == int(command[2] or 0), (
                f"{where}: {line}\n{result.stdout}\n{result.stderr}"
            )
