"""A bare machine with Python, git and make gets a working environment from a fresh clone, and pays for it once."""

import os
import pwd
import subprocess
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def clone(project_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not (project_root / ".git").exists():
        pytest.skip("not a git checkout")
    folder = tmp_path_factory.mktemp("fresh") / "clone"
    subprocess.run(["git", "clone", "--quiet", str(project_root), str(folder)], check=True)
    return folder


def make(folder: Path, target: str) -> subprocess.CompletedProcess[str]:
    """Run a target with empty caches and the package index of whoever runs the tests."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "VIRTUAL_ENV", "MAKE"))}
    caches = folder.parent / "caches"
    return subprocess.run(
        ["make", target],
        cwd=folder,
        env={
            **kept,
            "HOME": pwd.getpwuid(os.getuid()).pw_dir,
            "PIP_CACHE_DIR": str(caches / "pip"),
            "UV_CACHE_DIR": str(caches / "uv"),
        },
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_fresh_clone_is_set_up_once(clone: Path) -> None:
    first = make(clone, "setup")
    assert first.returncode == 0, first.stdout + first.stderr
    told = subprocess.run(
        [clone / ".venv/bin/warehouse", "--help"], cwd=clone, capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stderr

    began_at = time.monotonic()
    again = make(clone, "setup")
    assert time.monotonic() - began_at < 1.0
    assert again.returncode == 0
    assert "Installing" not in again.stdout

    (clone / "pyproject.toml").touch()
    assert "Installing" in make(clone, "setup").stdout


def test_the_environment_holds_only_what_is_locked(clone: Path) -> None:
    assert make(clone, "setup").returncode == 0
    listing = subprocess.run(
        [clone / ".venv/bin/uv", "pip", "freeze", "--exclude-editable"],
        cwd=clone,
        env={**os.environ, "VIRTUAL_ENV": str(clone / ".venv")},
        capture_output=True,
        text=True,
        check=True,
    )
    installed = set(listing.stdout.split())
    locks = [(clone / "requirements" / name).read_text(encoding="utf-8") for name in ("lock.txt", "bootstrap.txt")]
    locked = {line.split()[0] for text in locks for line in text.splitlines() if line and line[0].isalnum()}
    # Python brings these two itself into every environment it makes.
    stray = {one for one in installed - locked if one.split("==")[0] not in {"pip", "setuptools"}}
    assert stray == set()
    assert len(installed) > 50
