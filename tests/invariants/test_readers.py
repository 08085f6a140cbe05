"""Readers never wait, never meet an error and never see two releases in one, whatever is being published meanwhile."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.invariants import reading_on
from tests.invariants.conftest import take_in_and_publish
from tests.invariants.sendings import Sent
from warehouse.intake import record_sendings
from warehouse.judging import judge_pending
from warehouse.publishing import current_id, rollback
from warehouse.release import build_release
from warehouse.storage import Home, open_home

READERS = 20
MANY_READERS = 100
_PERIODS = ("2023-01-01", "2023-01-03", "2023-01-04", "2023-01-05")


@dataclass(frozen=True)
class Seen:
    """What one reader saw: how often which figures, and the first error."""

    reads: dict[str, int]
    error: str | None


@contextmanager
def reading(edition: Path, stop_file: Path, readers: int = READERS) -> Iterator[list[Seen]]:
    """Readers of their own processes for as long as the block lasts; what they saw is there after it."""
    pause_s = readers / 100
    seen: list[Seen] = []
    with ExitStack() as stack:
        started = [
            stack.enter_context(
                subprocess.Popen(
                    [sys.executable, reading_on.__file__, str(edition), str(stop_file), str(pause_s)],
                    stdout=subprocess.PIPE,
                    text=True,
                )
            )
            for _ in range(readers)
        ]
        try:
            yield seen
        finally:
            stop_file.touch()
            for reader in started:
                said = json.loads(reader.communicate()[0])
                seen.append(Seen(said["seen"], said["error"]))


def figures(home: Home, release_id: str) -> list[Any]:
    """What a release answers when nothing else goes on."""
    with duckdb.connect(f"{home.releases}/{release_id}/analyst.duckdb", read_only=True) as con:
        answer: list[Any] = json.loads(json.dumps(con.execute(reading_on.FIGURES).fetchall()[0], default=str))
        return answer


def publish(home: Home, sendings: Sequence[Sent]) -> str:
    for sent in sendings:
        sent.land(home)
    record_sendings(home)
    judge_pending(home, workers=1)
    outcome = build_release(home)
    assert outcome.is_published
    return outcome.release_id


@pytest.fixture
def parts(sendings: list[Sent]) -> list[list[Sent]]:
    """The sendings of January, one day after another, the lists of procedures first."""
    return [[sent for sent in sendings if sent.period == period] for period in _PERIODS]


def test_twenty_readers_see_one_release_at_a_time(parts: list[list[Sent]], tmp_path: Path) -> None:
    home = open_home(tmp_path / "home")
    published = [publish(home, [*parts[0], *parts[1]])]
    edition = Path(str(home.releases)) / "current" / "analyst.duckdb"
    with reading(edition, tmp_path / "stop") as seen:
        for part in parts[2:]:
            published.append(publish(home, part))
            rollback(home, published[0])
            rollback(home, published[-1])
    answers = {json.dumps(figures(home, release_id)) for release_id in published}
    assert len(answers) == len(published) == 3, "every release says something else"
    assert [reader.error for reader in seen] == [None] * READERS
    assert {read for reader in seen for read in reader.reads} <= answers
    read_releases = {json.loads(read)[0] for reader in seen for read in reader.reads}
    assert len(read_releases) >= 2, "the pointer moved while they read"
    assert sum(sum(reader.reads.values()) for reader in seen) > READERS * 3


@pytest.mark.slow
def test_a_hundred_readers_during_ten_releases_and_two_rollbacks(sendings: list[Sent], tmp_path: Path) -> None:
    home = open_home(tmp_path / "home")
    lists_first = sorted(sendings, key=lambda sent: sent.extract != "procedure_catalogue")

    def publish_part(number: int) -> str:
        for sent in lists_first[number::10]:
            sent.land(home)
        take_in_and_publish(home)
        release_id = current_id(home)
        assert release_id is not None
        return release_id

    published = [publish_part(0)]
    edition = Path(str(home.releases)) / "current" / "analyst.duckdb"
    with reading(edition, tmp_path / "stop", MANY_READERS) as seen:
        for number in range(1, 10):
            published.append(publish_part(number))
            if number in {4, 8}:
                rollback(home, published[number - 2])
    answers = {json.dumps(figures(home, release_id)) for release_id in published}
    assert len(answers) == len(published) == 10
    assert [reader.error for reader in seen] == [None] * MANY_READERS
    assert {read for reader in seen for read in reader.reads} <= answers
    assert len({read for reader in seen for read in reader.reads}) >= 5, "the pointer moved while they read"
    assert all(sum(reader.reads.values()) > 3 for reader in seen)


def test_a_reader_keeps_its_release_while_the_pointer_moves(parts: list[list[Sent]], tmp_path: Path) -> None:
    home = open_home(tmp_path / "home")
    first = publish(home, [*parts[0], *parts[1]])
    before = figures(home, first)
    current = f"{home.releases}/current/analyst.duckdb"
    with duckdb.connect(current, read_only=True) as con:
        second = publish(home, parts[2])
        assert con.execute("SELECT release_id FROM meta.release").fetchall() == [(first,)]
        assert json.loads(json.dumps(con.execute(reading_on.FIGURES).fetchall()[0], default=str)) == before
    with duckdb.connect(current, read_only=True) as con:
        assert con.execute("SELECT release_id FROM meta.release").fetchall() == [(second,)]
