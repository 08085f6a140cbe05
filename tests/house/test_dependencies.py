"""What the code imports is declared, so that no package works only because another one happens to bring it."""

import ast
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("schemas", "warehouse", "reports", "assets", "pipelines", "samples")
# Reached by an optional extra only, and imported inside the function that needs it.
OPTIONAL = {"ray", "dagster_ray", "s3fs", "dagster_postgres", "psycopg2", "duckdb_extensions"}


def imported_packages(room: str) -> set[str]:
    """Top-level names of the foreign packages that a room imports."""
    names: set[str] = set()
    for path in (ROOT / room).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names.update(alias.name.split(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                names.add(node.module.split(".")[0])
    return names - set(sys.stdlib_module_names) - {*ROOMS, "tests"}


def declared(*, with_dev: bool) -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    texts = [*project["dependencies"], *(project["optional-dependencies"]["dev"] if with_dev else [])]
    return {canonicalize_name(Requirement(text).name) for text in texts}


@pytest.mark.parametrize("room", [*ROOMS, "tests"])
def test_every_import_is_declared(room: str) -> None:
    known = declared(with_dev=room == "tests")
    providers = packages_distributions()
    stray = {
        name
        for name in imported_packages(room) - OPTIONAL
        if known.isdisjoint(canonicalize_name(provider) for provider in providers.get(name, []))
    }
    assert stray == set()
