"""A department never seen before sends a workbook; one command and no registry later its rows are in the warehouse."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.warehouse.drafting.library_sample import ROWS, write_library_sample

pytestmark = pytest.mark.slow

MADE = {
    "schemas/extracts/library_reader.py",
    "assets/culture/__init__.py",
    "assets/culture/library_reader.py",
    "tests/golden/library_reader/2023-05/library_reader.xlsx",
    "tests/golden/library_reader/2023-05/expected_accepted.csv",
    "tests/golden/library_reader/2023-05/expected_findings.csv",
}
OPTIONS = ("--name", "library_reader", "--supplier", "SVHTTDL", "--department", "culture", "--period", "2023-05")


def files_below(folder: Path) -> dict[str, bytes]:
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file() and "__pycache__" not in file.parts and ".ruff_cache" not in file.parts
    }


@pytest.fixture(scope="module")
def copy(project_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project's sources."""
    root = tmp_path_factory.mktemp("project")
    for name in ("schemas", "warehouse", "reports", "assets", "pipelines", "samples", "tests"):
        shutil.copytree(project_root / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(project_root / "pyproject.toml", root)
    return root


def run(copy: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Python in the copy, with its sources before any installed ones."""
    return subprocess.run(
        [sys.executable, *words],
        cwd=copy.parent,
        env=os.environ | {"PYTHONPATH": str(copy), "WAREHOUSE_HOME": str(copy.parent / "home"), "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
        encoding="utf-8",
    )


def warehouse(copy: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return run(copy, "-c", "from pipelines.cli import main; main()", *words)


def test_a_new_department_is_taken_in_from_a_sample(copy: Path) -> None:
    sample = copy.parent / "thu_vien.xlsx"
    write_library_sample(sample)
    before = files_below(copy)

    told = warehouse(copy, "new-extract", str(sample), *OPTIONS, "--title", "Bạn đọc thư viện")
    assert told.returncode == 0, told.stdout + told.stderr
    assert "For a person to decide" in told.stdout
    assert "REWRITE_GOLDEN" not in told.stdout, "the expected outcome was not written"
    after = files_below(copy)
    assert set(after) - set(before) == MADE
    assert {name: content for name, content in after.items() if name in before} == before, "no other file is edited"
    assert (copy.parent / "mau-library_reader.xlsx").exists()

    golden = run(copy, "-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider", "-c", str(copy / "pyproject.toml"),
                 str(copy / "tests" / "golden"), "-k", "library_reader or every_extract")  # fmt: skip
    assert golden.returncode == 0, golden.stdout
    for words in (("check", "--no-cache"), ("format", "--check", "--no-cache")):
        linted = run(copy, "-m", "ruff", *words, *(str(copy / name) for name in MADE if name.endswith(".py")))
        assert linted.returncode == 0, linted.stdout + linted.stderr

    checked = warehouse(copy, "check", str(sample), "--extract", "library_reader", "--period", "2023-05")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    landing = copy.parent / "home" / "landing" / "library_reader" / "SVHTTDL" / "2023-05"
    landing.mkdir(parents=True)
    shutil.copy(sample, landing)
    ran = warehouse(copy, "run")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    answer = warehouse(copy, "sql", "SELECT status, rows_accepted FROM quality.delivery", "--format", "csv")
    assert answer.stdout.splitlines()[1:] == [f"accepted,{ROWS}"]

    again = warehouse(copy, "new-extract", str(sample), *OPTIONS)
    assert again.returncode == 2
    assert "schemas/extracts/library_reader.py" in again.stderr


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--supplier", "NOBODY"), "There is no such agency"),
        (("--name", "Library Reader"), "snake_case"),
        (("--period", "2023"), "a monthly period is needed"),
    ],
)
def test_what_cannot_be_is_said_before_anything_is_written(copy: Path, options: tuple[str, str], said: str) -> None:
    sample = copy.parent / "another.xlsx"
    write_library_sample(sample)
    before = files_below(copy)
    told = warehouse(copy, "new-extract", str(sample), *options)
    assert told.returncode == 2
    assert said in told.stderr
    assert files_below(copy) == before
