"""Removing old releases, approving a held one, going back to an old one and backing up, killed at file operations: all is
clear, and doing it again ends it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from upath import UPath

from tests.invariants.runs_to_kill import Request, Runner, runner
from tests.warehouse.release.ledger_kit import LedgerKit
from warehouse import budget, decisions, duck
from warehouse.backup import RestoreRefused, restore
from warehouse.ledger import read_sendings
from warehouse.publishing import current_at, current_id, held_build, list_releases, recorded_ids
from warehouse.release import build_release
from warehouse.storage import Home, open_home

pytestmark = pytest.mark.slow

_SIGKILL = 9
_CODES = [{"dossier_code": f"000.00.53.H54-230517-{number:04d}"} for number in range(60)]


@dataclass(frozen=True)
class State:
    """What people can see of the releases of a home."""

    current: str | None
    listed: tuple[str, ...]
    recorded: tuple[str, ...]
    held: str | None


def state_of(home: Home) -> State:
    """The state now; the current release, and every other that is listed, must open and be what it is said to be."""
    listed = [release.release_id for release in list_releases(home)]
    current = current_id(home)
    assert current in listed
    for release in list_releases(home):
        con = duck.connect(release.folder / "analyst.duckdb", read_only=True)
        assert con.execute("SELECT release_id FROM meta.release").fetchall() == [(release.release_id,)]
        con.close()
    held = held_build(home)
    return State(current, tuple(sorted(listed)), tuple(sorted(recorded_ids(home))), held.release_id if held else None)


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with three releases of one day, of which one need not stay, and a fourth that changes too much and is held."""
    home = open_home(tmp_path_factory.mktemp("decisions") / "home")
    ledger = LedgerKit(home)
    ledger.send("procedure_catalogue", "2022-01-01", [{}])
    for day in (15, 16, 17):
        ledger.send("one_stop_dossier", f"2023-05-{day}", [row | {"status_code": 4} for row in _CODES])
        assert build_release(home).is_published
        assert len(list_releases(home)) == day - 14
    ledger.send("one_stop_dossier", "2023-05-18", [row | {"status_code": 5} for row in _CODES])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(budget, "CHANGED_ALWAYS_ALLOWED", 0)
        assert build_release(home).is_held
    return home


@pytest.fixture(scope="module")
def killer() -> Iterator[Runner]:
    with runner() as one:
        yield one


def copy_of(home: Home) -> Home:
    """A copy to be spoilt."""
    folder = Path(str(home.root)).parent / uuid4().hex
    shutil.copytree(str(home.root), folder, symlinks=True)
    return open_home(folder)


@pytest.mark.parametrize("work", ["prune", "approve", "rollback"])
def test_killed_at_every_operation_it_is_clear_and_ends_when_done_again(grown: Home, killer: Runner, work: str) -> None:
    whole = copy_of(grown)
    asked = Request(str(whole.root), work=work)
    ended = killer.run(asked)
    assert ended.error == ""
    before, after = state_of(grown), state_of(whole)
    assert before != after
    assert ended.points > 5
    for at in range(1, ended.points + 1):
        home = copy_of(grown)
        killed = replace(asked, home=str(home.root))
        assert killer.run(replace(killed, at=at)).signal == _SIGKILL
        between = state_of(home)
        assert between.current in {before.current, after.current}
        assert set(after.listed) & set(before.listed) <= set(between.listed) <= {*before.listed, *after.listed}
        assert killer.run(killed).error == ""
        assert state_of(home) == after
        assert not list(Path(str(home.releases)).glob(".removing-*"))
        if work == "approve":
            assert after.current is not None
            assert decisions.is_approved(home, after.current)
        if work == "rollback":
            assert current_at(home, datetime.now(UTC)).release_id == after.current
        shutil.rmtree(str(home.root))


def test_a_backup_killed_anywhere_is_as_it_was_or_newer_and_the_next_makes_it_whole(
    killer: Runner, tmp_path: Path
) -> None:
    """Of the first one nothing is restored before it is whole; one over an older one leaves that restorable."""
    early = open_home(tmp_path / "early")
    ledger = LedgerKit(early)

    def send(day: int) -> None:
        file = tmp_path / f"{day}.json"
        file.write_text(f"[{day}]")
        ledger.send("one_stop_dossier", f"2023-05-{day}", _CODES, archived=file)

    send(17)
    asked = Request(str(early.root), work="backup")
    assert killer.run(replace(asked, at=5)).signal == _SIGKILL
    with pytest.raises(RestoreRefused):
        restore(UPath(f"{early.root}-backup"), tmp_path / "nothing")
    assert killer.run(asked).error == ""
    for day in (18, 19):
        send(day)
    whole = copy_of(early)
    shutil.copytree(f"{early.root}-backup", f"{whole.root}-backup")
    ended = killer.run(replace(asked, home=str(whole.root)))
    assert ended.error == ""
    assert ended.points > 10
    for at in range(1, ended.points + 1):
        home = copy_of(early)
        target = UPath(f"{home.root}-backup")
        shutil.copytree(f"{early.root}-backup", str(target))
        killed = replace(asked, home=str(home.root))
        assert killer.run(replace(killed, at=at)).signal == _SIGKILL
        assert restore(target, tmp_path / f"killed-{at}").problems == ()
        assert killer.run(killed).error == ""
        again = restore(target, tmp_path / f"again-{at}")
        assert again.problems == ()
        assert len(read_sendings(again.home)) == 3
