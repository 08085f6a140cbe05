"""The lock names exact versions and hashes, holds what the project asks for, and no address of any index."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
REQUIREMENTS = ROOT / "requirements"
LOCKS = [REQUIREMENTS / "lock.txt", REQUIREMENTS / "bootstrap.txt", REQUIREMENTS / "duckdb-next.txt"]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def entries(lock: Path) -> list[str]:
    """One text per locked package: its requirement and its hashes."""
    lines = [line for line in lock.read_text(encoding="utf-8").splitlines() if not line.lstrip().startswith("#")]
    return [entry for entry in re.split(r"\n(?=\S)", "\n".join(lines)) if entry.strip()]


def locked_versions() -> dict[str, str]:
    requirements = [Requirement(entry.split("\\")[0].strip()) for entry in entries(LOCKS[0])]
    return {canonicalize_name(one.name): str(one.specifier).removeprefix("==") for one in requirements}


def asked_for() -> list[Requirement]:
    project = PROJECT["project"]
    texts = [
        *project["dependencies"],
        *project["optional-dependencies"]["dev"],
        *PROJECT["build-system"]["requires"],
        *re.findall(r"^\w.*", (REQUIREMENTS / "constraints.in").read_text(encoding="utf-8"), re.MULTILINE),
    ]
    return [Requirement(text) for text in texts]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_every_entry_is_pinned_and_hashed(lock: Path) -> None:
    assert entries(lock)
    for entry in entries(lock):
        assert re.match(r"[\w.-]+==[^\s;*]+ ", entry), entry
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", entry), entry


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_the_lock_says_nothing_of_where_packages_come_from(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    assert re.search(r"://|\bindex\b|find-links|\bfile:|(?<![\w.-])/\w+/| @ |pypi|simple/", text, re.IGNORECASE) is None


@pytest.mark.parametrize("requirement", asked_for(), ids=str)
def test_the_lock_holds_what_the_project_asks_for(requirement: Requirement) -> None:
    assert requirement.specifier.contains(locked_versions()[canonicalize_name(requirement.name)])


def test_dagster_comes_from_one_release() -> None:
    family = {name: version for name, version in locked_versions().items() if name.split("-")[0] == "dagster"}
    assert len(family) >= 3
    assert len(set(family.values())) == 1, family
