"""What the documents tell people to type exists: targets, commands, options, files and links."""

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import sqlglot
import typer.main
from sqlglot import exp

from pipelines import cli

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("deploy/*.md")])
TARGETS = set(re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def said_in_code(document: Path) -> list[str]:
    """Lines of fenced blocks and texts between back-quotes."""
    text = document.read_text(encoding="utf-8")
    blocks = re.findall(r"^```\w*\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    rest = re.sub(r"^```\w*\n.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    return [line.strip() for block in blocks for line in block.splitlines()] + re.findall(r"`([^`\n]+)`", rest)


def commands_said() -> list[str]:
    """Every use of the `warehouse` command, without what the shell does around it."""
    said = {
        re.sub(r"^(\$ |\.venv/bin/)+", "", re.split(r"\s+#|\s*[|>;]\s", line)[0])
        for document in DOCUMENTS
        for line in said_in_code(document)
    }
    return sorted(line for line in said if re.match(r"warehouse( [a-z-]|$)", line))


def root_command() -> Any:
    return typer.main.get_command(cli.app)


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_every_target_exists(document: Path) -> None:
    said = {match[1] for line in said_in_code(document) if (match := re.match(r"(?:\$ )?make ([a-z-]+)", line))}
    assert said <= TARGETS


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_every_link_leads_somewhere(document: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)", document.read_text(encoding="utf-8"))
    broken = [link for link in links if "://" not in link and not (document.parent / link).exists()]
    assert broken == []


def test_the_first_document_shows_the_commands() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert {"run", "test", "dev"} <= {target for target in TARGETS if f"make {target}" in readme}
    assert commands_said()


@pytest.mark.parametrize("line", commands_said())
def test_every_command_and_option_exists(line: str) -> None:
    command = root_command()
    words = shlex.split(line)[1:]
    while words and (inner := getattr(command, "commands", {}).get(words[0])):
        command, words = inner, words[1:]
    if getattr(command, "commands", None) and words:
        assert words[0].startswith("-") or "|" in words[0], f"{line}: there is no {words[0]!r}"
    known = {option for parameter in command.params for option in parameter.opts} | {"--help"}
    assert {word.split("=")[0] for word in words if word.startswith("--")} <= known


@pytest.mark.parametrize("line", [line for line in commands_said() if line.startswith("warehouse sql ")])
def test_every_query_can_be_parsed(line: str) -> None:
    queries = [word for word in shlex.split(line)[2:] if " " in word]
    assert queries
    for query in queries:
        assert isinstance(sqlglot.parse_one(query, read="duckdb"), exp.Query)
