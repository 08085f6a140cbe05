"""Disks fill up, files break off, links point to nothing: the state afterwards is clear, and the next run heals."""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from upath import UPath

from tests.invariants.conftest import take_in_and_publish
from tests.invariants.runs_to_kill import Request, Runner, runner
from tests.invariants.sendings import Hashes, Sent, published_hashes
from tests.invariants.wholeness import check_whole
from warehouse import archive
from warehouse.intake import awaited_files, landed_files, record_sendings
from warehouse.judging import judge_pending
from warehouse.ledger import counting, read_sendings
from warehouse.publishing import current_id
from warehouse.storage import Home, open_home

_PERIODS = ("2023-01-01", "2023-01-03", "2023-01-04")


@pytest.fixture(scope="module")
def running() -> Iterator[Runner]:
    with runner() as started:
        yield started


@pytest.fixture(scope="module")
def origin(sendings: list[Sent], tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with a release, and files landed that are not in it."""
    home = open_home(tmp_path_factory.mktemp("faults") / "home")
    chosen = [sent for sent in sendings if sent.period in _PERIODS]
    for sent in chosen[:3]:
        sent.land(home)
    take_in_and_publish(home)
    for sent in chosen:
        sent.land(home)
    return home


@pytest.fixture
def home(origin: Home, tmp_path: Path) -> Home:
    shutil.copytree(str(origin.root), tmp_path / "home", symlinks=True)
    return open_home(tmp_path / "home")


@pytest.fixture(scope="module")
def healed(origin: Home, tmp_path_factory: pytest.TempPathFactory) -> Hashes:
    """What the home comes to when nothing fails."""
    folder = tmp_path_factory.mktemp("healed") / "home"
    shutil.copytree(str(origin.root), folder, symlinks=True)
    take_in_and_publish(open_home(folder))
    return published_hashes(open_home(folder))


def check_heals(home: Home, release_before: str | None, healed: Hashes, *, may_be_out: bool = False) -> None:
    """The failed run left the release of before and nothing half-made, or had published all of it; the next one succeeds."""
    check_whole(home)
    assert current_id(home) == release_before or (may_be_out and published_hashes(home) == healed)
    take_in_and_publish(home)
    check_whole(home)
    assert published_hashes(home) == healed


@pytest.mark.parametrize("largest_file_bytes", [0, 300, 20_000, pytest.param(1_000_000, marks=pytest.mark.slow)])
def test_a_file_that_cannot_grow_further(running: Runner, home: Home, healed: Hashes, largest_file_bytes: int) -> None:
    before = current_id(home)
    ended = running.run(Request(str(home.root), largest_file_bytes=largest_file_bytes))
    assert ended.status == 1, "a run that could not write has failed"
    check_heals(home, before, healed)


def disk_full(running: Runner, home: Home, healed: Hashes, at: int, *, may_be_out: bool = False) -> None:
    before = current_id(home)
    ended = running.run(Request(str(home.root), at=at, fault="ENOSPC"))
    assert ended.status == 1
    assert "No space left" in ended.error
    check_heals(home, before, healed, may_be_out=may_be_out)


@pytest.mark.parametrize("at", [2, 40])
def test_the_disk_is_full_from_some_operation_on(running: Runner, home: Home, healed: Hashes, at: int) -> None:
    disk_full(running, home, healed, at)


@pytest.mark.slow
@pytest.mark.parametrize("draw", range(12))
def test_the_disk_is_full_at_any_operation(
    running: Runner, origin: Home, home: Home, healed: Hashes, draw: int, tmp_path: Path
) -> None:
    shutil.copytree(str(origin.root), tmp_path / "whole", symlinks=True)
    last = running.run(Request(str(tmp_path / "whole"))).points
    # The last operations write down that the release is out; whether the very last ones fail is of no account.
    disk_full(running, home, healed, random.Random(draw).randint(1, last - 12), may_be_out=True)


@pytest.mark.parametrize("below", ["", "releases"])
def test_a_home_or_release_folder_that_cannot_be_written_to(
    running: Runner, home: Home, healed: Hashes, below: str
) -> None:
    before = current_id(home)
    ended = running.run(Request(str(home.root), at=1, fault="EROFS", below=below))
    assert ended.status == 1
    assert "Read-only file system" in ended.error
    check_heals(home, before, healed)


def a_day(sendings: list[Sent]) -> Sent:
    return next(sent for sent in sendings if sent.slot[2] == "2023-01-03")


@pytest.fixture
def empty(tmp_path: Path) -> Home:
    return open_home(tmp_path / "empty")


def judged_statuses(home: Home) -> list[tuple[str, str | None]]:
    """Status and refusal of every sending, in the order of arrival."""
    judge_pending(home, workers=1)
    judged, receipts = counting(home)
    in_order = sorted(judged, key=lambda pair: pair[0].received_at)
    return [(status, receipts[sending.delivery_id].refusal_code) for sending, status in in_order]


def test_a_file_that_is_still_arriving_is_waited_for(sendings: list[Sent], empty: Home) -> None:
    day = a_day(sendings)
    file = day.land(empty)
    file.write_bytes(day.content[: len(day.content) // 2])
    assert record_sendings(empty) == []
    assert [stray.relative for stray in awaited_files(empty)] == [day.place]
    file.write_bytes(day.content)
    assert len(record_sendings(empty)) == 1
    assert awaited_files(empty) == []
    assert judged_statuses(empty) == [("accepted", None)]


def test_a_cut_file_without_a_manifest_is_refused_until_the_whole_one_comes(sendings: list[Sent], empty: Home) -> None:
    day = a_day(sendings)
    file = day.land(empty, modified_at=1_700_000_000)
    file.with_name(f"{file.name}.manifest.json").unlink()
    file.write_bytes(day.content[: len(day.content) // 2])
    os.utime(file, (1_700_000_000, 1_700_000_000))
    record_sendings(empty)
    assert judged_statuses(empty) == [("refused", "file.unreadable")]
    file.write_bytes(day.content)
    os.utime(file, (1_700_000_100, 1_700_000_100))
    record_sendings(empty)
    assert judged_statuses(empty) == [("refused", "file.unreadable"), ("accepted", None)]


def test_a_file_that_grows_while_it_is_read_is_read_again(
    sendings: list[Sent], empty: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = a_day(sendings)
    file = day.land(empty)
    file.with_name(f"{file.name}.manifest.json").unlink()
    file.write_bytes(day.content[:-40])
    take_in = archive.take_in

    def taken_while_growing(home: Home, path: UPath) -> tuple[str, int]:
        taken = take_in(home, path)
        file.write_bytes(day.content)
        return taken

    with monkeypatch.context() as patch:
        patch.setattr(archive, "take_in", taken_while_growing)
        record_sendings(empty)
    record_sendings(empty)
    assert {sending.sha256 for sending in read_sendings(empty)} >= {hashlib.sha256(day.content).hexdigest()}
    assert judged_statuses(empty)[-1] == ("accepted", None)
    assert record_sendings(empty) == []


@pytest.mark.parametrize("manifest", ["{", "[]", '{"received_at": "yesterday"}', "\x00"])
def test_a_damaged_manifest_holds_its_file_back_and_no_other(sendings: list[Sent], empty: Home, manifest: str) -> None:
    day, other = a_day(sendings), next(sent for sent in sendings if sent.slot[2] == "2023-01-04")
    file = day.land(empty)
    other.land(empty)
    beside = file.with_name(f"{file.name}.manifest.json")
    sound = beside.read_text("utf-8")
    beside.write_text(manifest, encoding="utf-8")
    assert [sending.period for sending in record_sendings(empty)] == [other.period]
    (stray,) = landed_files(empty)[1]
    assert (stray.relative, stray.reason_en) == (day.place, "the manifest cannot be read")
    beside.write_text(sound, encoding="utf-8")
    assert [sending.period for sending in record_sendings(empty)] == [day.period]


def test_a_manifest_that_is_a_folder_holds_its_file_back_and_no_other(sendings: list[Sent], empty: Home) -> None:
    file = a_day(sendings).land(empty)
    beside = file.with_name(f"{file.name}.manifest.json")
    beside.unlink()
    beside.mkdir()
    assert record_sendings(empty) == []
    assert len(landed_files(empty)[1]) == 1


@pytest.mark.parametrize(
    ("place", "told"),
    [
        ("a.csv", "<extract>/<supplier>/<period>/"),
        ("taxpayer/CTHUE/a.csv", "<extract>/<supplier>/<period>/"),
        ("taxpayers/CTHUE/2023-05/a.csv", "“taxpayer”?"),
        ("taxpayer/CUCTHUE/2023-05/a.csv", "CTHUE does"),
        ("taxpayer/CTHUE/05-2023/a.csv", "2023-05 is needed"),
    ],
)
def test_a_file_in_a_wrong_place_is_told_with_the_right_one(place: str, told: str, empty: Home) -> None:
    file = Path(str(empty.landing), place)
    file.parent.mkdir(parents=True)
    file.write_bytes(b"x")
    landed, (stray,) = landed_files(empty)
    assert (landed, stray.relative) == ([], place)
    assert told in stray.reason_en


def test_names_that_cannot_be_opened_or_spelled_stop_nobody(sendings: list[Sent], empty: Home) -> None:
    day = a_day(sendings)
    file = day.land(empty)
    file.with_name("to_nowhere.json").symlink_to("nowhere.json")
    os.mkfifo(file.with_name("a_pipe.json"))
    (Path(os.fsdecode(os.fsencode(file.parent) + b"/h\xf4s\xac.json"))).write_bytes(day.content)
    assert [sending.file_name for sending in record_sendings(empty)] == [day.name]
    strays = {stray.relative.rsplit("/", 1)[-1]: stray.reason_en for stray in landed_files(empty)[1]}
    assert strays == {
        "to_nowhere.json": "the file cannot be opened",
        "a_pipe.json": "not a file",
        "h?s?.json": "the name of the file is not UTF-8",
    }
    json.dumps(strays).encode()


def test_a_file_that_vanishes_before_it_is_read_stops_nobody(
    sendings: list[Sent], empty: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    day, other = a_day(sendings), next(sent for sent in sendings if sent.slot[2] == "2023-01-04")
    file = day.land(empty)
    other.land(empty)
    take_in = archive.take_in

    def taken_after_it_vanished(home: Home, path: UPath) -> tuple[str, int]:
        file.unlink(missing_ok=True)
        return take_in(home, path)

    with monkeypatch.context() as patch:
        patch.setattr(archive, "take_in", taken_after_it_vanished)
        assert [sending.period for sending in record_sendings(empty)] == [other.period]
    day.land(empty)
    assert [sending.period for sending in record_sendings(empty)] == [day.period]


def test_a_manifest_may_spell_its_digest_in_capitals(sendings: list[Sent], empty: Home) -> None:
    file = a_day(sendings).land(empty)
    beside = file.with_name(f"{file.name}.manifest.json")
    manifest = json.loads(beside.read_text("utf-8"))
    beside.write_text(json.dumps(manifest | {"sha256": manifest["sha256"].upper()}), encoding="utf-8")
    assert len(record_sendings(empty)) == 1


def test_two_contents_of_one_file_name_are_two_sendings(sendings: list[Sent], empty: Home) -> None:
    day = a_day(sendings)
    day.land(empty)
    record_sendings(empty)
    replace(day, content=day.content.replace(b"\n", b" \n", 1)).land(empty)
    record_sendings(empty)
    assert [status for status, _ in judged_statuses(empty)] == ["superseded", "accepted"]
