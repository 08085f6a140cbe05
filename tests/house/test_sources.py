"""What every source file owes its reader: a module says what belongs in it, a query says its grain and purpose."""

import ast
import re
import subprocess
from pathlib import Path

import pytest
import sqlglot
from sqlglot import exp

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("schemas", "warehouse", "reports", "assets", "pipelines", "samples", "tests")
MODULES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
QUERIES = sorted((ROOT / "warehouse" / "sql").rglob("*.sql"))
LARGEST_FILE_BYTES = 3_000_000


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def tracked_files() -> list[Path]:
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listing.returncode:
        pytest.skip("not a git checkout")
    return [path for name in listing.stdout.split("\0") if name and (path := ROOT / name).is_file()]


def test_there_are_sources_to_look_at() -> None:
    assert {path.relative_to(ROOT).parts[0] for path in MODULES} == set(ROOMS)
    assert len(QUERIES) > 0


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_a_module_opens_with_a_docstring(path: Path) -> None:
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    assert docstring, f"{relative(path)} does not say what belongs in it"
    assert len(docstring.split()) >= 4, f"{relative(path)} says too little: {docstring!r}"


@pytest.mark.parametrize("path", QUERIES, ids=relative)
def test_a_query_has_a_header_and_is_one_select(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    header = "\n".join(re.findall(r"\A((?:\s*--[^\n]*\n)+)", text))
    for word in ("grain", "purpose"):
        assert re.search(rf"^-- {word} \S", header, re.MULTILINE), f"{relative(path)}: the header gives no {word}"
    statements = [statement for statement in sqlglot.parse(text, read="duckdb") if statement is not None]
    assert len(statements) == 1
    assert isinstance(statements[0], exp.Query), f"{relative(path)} is not a SELECT"


def test_no_module_is_a_drawer_for_everything() -> None:
    drawers = [relative(path) for path in MODULES if re.search(r"util|helper|misc|common", path.stem)]
    assert drawers == []


def test_what_commands_make_is_not_committed() -> None:
    large = [relative(path) for path in tracked_files() if path.stat().st_size > LARGEST_FILE_BYTES]
    assert large == []
