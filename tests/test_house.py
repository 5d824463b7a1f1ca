"""The distribution itself: what is shipped, and what must not be."""

from __future__ import annotations

import importlib
import importlib.metadata
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from aliexpress_customs.datafiles import data_folder

ROOT = Path(__file__).resolve().parent.parent
LARGEST_FILE = 2_000_000
MACHINE_PATH = re.compile(rb"(?<![\w.:/%~-])(?:/(?:home|Users|root)/\w|[A-Z]:\\Users\\)")
PATHS_ALLOWED_IN = {Path("tests/test_house.py")}


SOURCES_OF_PACKED_TABLES = (
    "commodity/lexicon/*.csv",
    "commodity/classify/languages/*.csv",
)
"""What the library never reads: `tools/commodity/train.py` packs it."""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel as it would be published, unpacked."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder)]
    subprocess.run([*command, str(ROOT)], check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    with zipfile.ZipFile(built) as archive:
        archive.extractall(folder / "unpacked")
    return folder / "unpacked"


def test_the_wheel_holds_every_table(wheel: Path) -> None:
    shipped = files_below(wheel / "aliexpress_customs" / "data")
    left_out = files_below(ROOT / "data") - shipped
    assert shipped == files_below(ROOT / "data") - left_out
    assert shipped
    assert left_out
    for file in left_out:
        assert any(file.match(pattern) for pattern in SOURCES_OF_PACKED_TABLES), file


def test_the_wheel_is_marked_as_typed_and_carries_its_licence(wheel: Path) -> None:
    assert (wheel / "aliexpress_customs" / "py.typed").is_file()
    assert list(wheel.glob("*.dist-info/licenses/LICENSE"))


def test_the_installed_wheel_finds_its_tables_without_the_checkout(
    wheel: Path, tmp_path: Path
) -> None:
    """The tables of the wheel and of the editable install are the same files, at other places."""
    program = "from aliexpress_customs.datafiles import data_folder; print(data_folder())"
    result = subprocess.run(
        [sys.executable, "-c", program],
        check=True,
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(wheel)},
    )
    found = Path(result.stdout.strip())
    assert found == wheel / "aliexpress_customs" / "data"
    for file in files_below(found):
        assert (found / file).read_bytes() == (data_folder() / file).read_bytes(), file


def test_the_version_is_the_one_of_the_project_file() -> None:
    stated = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    assert importlib.metadata.version("aliexpress-customs") == stated
    package = importlib.import_module("aliexpress_customs")
    assert package.__version__ == stated


def test_the_changelog_has_the_current_version() -> None:
    stated = importlib.metadata.version("aliexpress-customs")
    assert f"## [{stated}]" in (ROOT / "CHANGELOG.md").read_text("utf-8")


def test_no_file_of_the_repository_is_large_or_names_a_machine() -> None:
    large, machine = [], []
    for file in tracked_files():
        content = (ROOT / file).read_bytes()
        if len(content) > LARGEST_FILE:
            large.append(file)
        if file not in PATHS_ALLOWED_IN and MACHINE_PATH.search(content):
            machine.append(file)
    assert not large, f"larger than {LARGEST_FILE} bytes: {large}"
    assert not machine, f"an absolute path of a machine in: {machine}"


def files_below(folder: Path) -> set[Path]:
    return {file.relative_to(folder) for file in folder.rglob("*") if file.is_file()}


def tracked_files() -> list[Path]:
    """Files under version control; outside a checkout, such as in an sdist, there are none."""
    listing = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listing.returncode != 0:
        pytest.skip("not a git checkout")
    names = [Path(name) for name in listing.stdout.split("\0") if name]
    return [name for name in names if (ROOT / name).is_file()]
