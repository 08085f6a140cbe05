"""A run may be killed at any point: nothing half-made can be read afterwards, and the next run makes it good."""

from __future__ import annotations

import os
import random
import shutil
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from queue import SimpleQueue
from uuid import uuid4

import psutil
import pytest

from tests.invariants.conftest import take_in_and_publish
from tests.invariants.runs_to_kill import Ended, Request, Runner, runner
from tests.invariants.sendings import Hashes, Sent, published_hashes
from tests.invariants.wholeness import check_whole
from warehouse.storage import Home, open_home

SEED = 2023
_PERIODS = ("2023-01-01", "2023-01-03", "2023-01-04", "2023-01-05")
"""Few and early, because a run is done some five hundred times; a year that has only begun makes a small scorecard."""
_SIGKILL = 9
_AT_ONCE = 2


class Bed:
    """Homes about to be run over: `empty` ones with files landed, `grown` ones with a release and newer files beside it."""

    def __init__(self, folder: Path, sendings: Sequence[Sent], runners: Sequence[Runner]) -> None:
        self._folder = folder
        self._free: SimpleQueue[Runner] = SimpleQueue()
        for each in runners:
            self._free.put(each)
        empty, grown = self._open("empty"), self._open("grown")
        for sent in sendings:
            sent.land(empty)
        for sent in sendings[: len(sendings) // 2]:
            sent.land(grown)
        take_in_and_publish(grown)
        for sent in sendings:
            sent.land(grown)
        self.origins = {"empty": empty, "grown": grown}
        self._whole: dict[tuple[str, str], Ended] = {}
        home = self.copy("empty")
        take_in_and_publish(home)
        self.expected: Hashes = published_hashes(home)

    def _open(self, name: str) -> Home:
        return open_home(self._folder / name)

    def copy(self, origin: str) -> Home:
        """A home of one's own."""
        home = self._folder / uuid4().hex
        shutil.copytree(str(self.origins[origin].root), home, symlinks=True)
        return open_home(home)

    def whole(self, origin: str, kind: str) -> Ended:
        """The run as it ends when nobody kills it."""
        if (origin, kind) not in self._whole:
            home = self.copy(origin)
            self._whole[origin, kind] = ended = self.run(Request(str(home.root), kind=kind))
            assert ended.error == ""
            assert published_hashes(home) == self.expected
        return self._whole[origin, kind]

    def run(self, request: Request) -> Ended:
        """Do a run in a process of its own."""
        free = self._free.get()
        try:
            return free.run(request)
        finally:
            self._free.put(free)

    def check_made_good(self, home: Home) -> None:
        """Whatever happened to the home: it is whole, a run completes, and all is as if nothing had happened."""
        check_whole(home)
        ended = self.run(Request(str(home.root)))
        assert ended.error == ""
        check_whole(home)
        assert published_hashes(home) == self.expected
        check_clean(home)

    def check_kill(self, origin: str, request: Request) -> int:
        """Kill one run and see it made good; the signal it died of, 0 when it was faster."""
        home = self.copy(origin)
        ended = self.run(replace(request, home=str(home.root)))
        assert ended.error == ""
        self.check_made_good(home)
        shutil.rmtree(str(home.root))
        return ended.signal

    def check_kills(self, kills: Sequence[tuple[str, Request]]) -> list[int]:
        """Several of them, as many at once as there are processes."""
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            return list(pool.map(lambda kill: self.check_kill(*kill), kills))


def check_clean(home: Home) -> None:
    """No file that a dead run was writing lies about."""
    root = Path(str(home.root))
    assert not list((root / "releases").glob(".building-*"))
    assert {file.name for file in (root / "cache" / "scratch").rglob("*") if file.is_file()} <= {".alive"}


@pytest.fixture(scope="module")
def bed(sendings: list[Sent], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bed]:
    chosen = [sent for sent in sendings if sent.period in _PERIODS]
    with runner() as one, runner() as other:
        yield Bed(tmp_path_factory.mktemp("kills"), chosen, (one, other))


def points(bed: Bed, draw: random.Random, origin: str, kind: str, how_many: int) -> list[tuple[str, Request]]:
    """So many points of a run, no two the same."""
    last = bed.whole(origin, kind).points
    return [(origin, Request("", kind=kind, at=at)) for at in sorted(draw.sample(range(1, last + 1), how_many))]


def moments(bed: Bed, draw: random.Random, origin: str, how_many: int) -> list[tuple[str, Request]]:
    """So many moments of a run: the only way to die inside of an engine that is not Python."""
    longest = bed.whole(origin, "files").seconds
    return [(origin, Request("", kill_after_s=draw.uniform(0.0, longest))) for _ in range(how_many)]


@pytest.mark.slow
def test_a_run_that_is_killed_is_made_good(bed: Bed) -> None:
    draw = random.Random(SEED)
    kills = [
        *points(bed, draw, "empty", "files", 2),
        *points(bed, draw, "grown", "files", 2),
    ]
    assert bed.check_kills(kills) == [_SIGKILL] * 4


@pytest.mark.slow
@pytest.mark.parametrize("origin", ["empty", "grown"])
def test_some_ninety_places_of_a_run(bed: Bed, origin: str) -> None:
    draw = random.Random(f"{SEED} {origin}")
    certain = [*points(bed, draw, origin, "files", 50), *points(bed, draw, origin, "calls", 20)]
    died = bed.check_kills([*certain, *moments(bed, draw, origin, 22)])
    assert died[: len(certain)] == [_SIGKILL] * len(certain)
    assert died.count(_SIGKILL) >= 80


@pytest.mark.slow
def test_every_step_of_moving_the_pointer(bed: Bed) -> None:
    last = bed.whole("grown", "files").points
    around_the_swap = [("grown", Request("", at=at)) for at in range(last - 12, last + 1)]
    assert bed.check_kills(around_the_swap) == [_SIGKILL] * 13


@pytest.mark.slow
def test_a_run_that_is_killed_again_and_again(bed: Bed) -> None:
    draw = random.Random(SEED)
    home = bed.copy("empty")
    for _ in range(25):
        bed.run(Request(str(home.root), kind="calls", at=draw.randint(1, bed.whole("empty", "calls").points)))
        check_whole(home)
    bed.check_made_good(home)


@pytest.mark.slow
def test_a_run_of_several_processes_that_is_killed(bed: Bed) -> None:
    draw = random.Random(SEED)
    kills = [("empty", Request("", workers=2, kill_after_s=draw.uniform(0.05, 4.0))) for _ in range(12)]
    bed.check_kills(kills)


def test_workers_whose_parent_was_killed_end_by_themselves(bed: Bed) -> None:
    home = bed.copy("empty")
    ended = bed.run(Request(str(home.root), workers=2, kill_at_receipt=1))
    assert ended.signal == _SIGKILL
    deadline = time.monotonic() + 20
    while (left := alive_in(ended.group)) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not left
    bed.check_made_good(home)


def alive_in(group: int) -> list[int]:
    """The processes of a group that are not only waiting to be buried."""
    alive = []
    for process in psutil.process_iter():
        with suppress(psutil.Error, ProcessLookupError):
            if os.getpgid(process.pid) == group and process.status() != psutil.STATUS_ZOMBIE:
                alive.append(process.pid)
    return alive
