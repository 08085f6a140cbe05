"""What the README tells people to type works: its marked blocks run against a small simulated home, its excerpts are true."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
RUNNABLE = re.findall(r"^<!-- runs -->\n```(\w+)\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
EXCERPTS = re.findall(r"^<!-- from (\S+) -->\n```\w+\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that looks like a clone in which `make run` has ended, with a very small province."""
    clone = tmp_path_factory.mktemp("clone")
    for name in ("tests", "schemas"):
        (clone / name).symlink_to(ROOT / name)
    run(clone, "sh", "warehouse simulate --scale 0.002 --out data\nwarehouse run")
    return clone


def run(folder: Path, language: str, block: str) -> str:
    """What a block prints; an error when any of its commands fails."""
    commands = Path(sys.executable).parent
    interpreter = {"sh": ["bash", "-euo", "pipefail", "-c"], "python": [sys.executable, "-c"]}[language]
    done = subprocess.run(
        [*interpreter, block],
        cwd=folder,
        env=os.environ | {"PATH": f"{commands}:{os.environ['PATH']}", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_there_are_blocks_to_run_and_excerpts_to_compare() -> None:
    assert {language for language, _ in RUNNABLE} == {"sh", "python"}
    assert EXCERPTS


@pytest.mark.slow
@pytest.mark.parametrize("place", range(len(RUNNABLE)))
def test_a_marked_block_runs_and_answers(folder: Path, place: int) -> None:
    assert run(folder, *RUNNABLE[place]).strip()


@pytest.mark.slow
def test_the_first_query_answers_with_the_sixteen_targets(folder: Path) -> None:
    query = next(line for line in RUNNABLE[0][1].splitlines() if "target_16" in line)
    answer = run(folder, "sh", f"{query} --format csv")
    assert len(answer.strip().splitlines()) == 1 + 16


@pytest.mark.parametrize(("file", "text"), EXCERPTS)
def test_an_excerpt_is_still_what_the_file_says(file: str, text: str) -> None:
    assert text in (ROOT / file).read_text(encoding="utf-8")
