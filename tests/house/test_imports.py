"""The rooms import one another in one direction only, and the contracts that say so can fail."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOMS = ("schemas", "warehouse", "reports", "assets", "pipelines", "samples")


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache", "--no-logo"],
        cwd=folder,
        env={"PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def empty_house(project_root: Path, tmp_path: Path) -> Path:
    """The contracts of this project over rooms without furniture."""
    shutil.copy(project_root / "pyproject.toml", tmp_path)
    for room in ROOMS:
        (tmp_path / room).mkdir()
        (tmp_path / room / "__init__.py").touch()
    for parser in ("parsing", "pandera_model"):
        (tmp_path / "schemas" / f"{parser}.py").touch()
    return tmp_path


def test_the_project_keeps_its_import_rules(project_root: Path) -> None:
    outcome = lint_imports(project_root)
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr


def test_an_empty_house_keeps_them_too(empty_house: Path) -> None:
    outcome = lint_imports(empty_house)
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr


@pytest.mark.parametrize(
    ("room", "imported"),
    [
        ("schemas", "warehouse"),
        ("warehouse", "reports"),
        ("reports", "assets"),
        ("assets", "pipelines"),
        ("samples", "warehouse"),
        ("samples", "schemas.parsing"),
        ("samples", "schemas.pandera_model"),
        ("warehouse", "samples"),
        ("assets", "samples"),
        ("schemas", "dagster"),
        ("warehouse", "dagster"),
        ("reports", "dagster"),
        ("samples", "dagster"),
        ("schemas", "duckdb"),
        ("samples", "duckdb"),
        ("assets", "duckdb"),
        ("pipelines", "duckdb"),
        ("pipelines", "polars"),
        ("pipelines", "pandera.polars"),
    ],
)
def test_a_forbidden_import_is_seen(empty_house: Path, room: str, imported: str) -> None:
    (empty_house / room / "trespass.py").write_text(f"import {imported}\n", encoding="utf-8")
    outcome = lint_imports(empty_house)
    assert outcome.returncode == 1, outcome.stdout + outcome.stderr
    assert f"{room}.trespass" in outcome.stdout


@pytest.mark.parametrize(
    ("room", "imported"),
    [
        ("pipelines", "samples"),
        ("pipelines", "dagster"),
        ("assets", "polars"),
        ("reports", "duckdb"),
        ("warehouse", "duckdb"),
        ("samples", "schemas"),
    ],
)
def test_an_allowed_import_passes(empty_house: Path, room: str, imported: str) -> None:
    (empty_house / room / "visit.py").write_text(f"import {imported}\n", encoding="utf-8")
    outcome = lint_imports(empty_house)
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr
