"""Published releases on disk: the list, the pointer and its moves. Building one belongs in `release`.

`releases/<id>/` is complete or absent: it is renamed into place. `releases/current` is a link that is replaced, never edited.
A build that is kept back lies beside them under another name, where neither readers nor the list see it. The record of a
release is in `records/` before the release can be seen.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from filelock import FileLock, Timeout

from warehouse import decisions, publications
from warehouse.formats import require_readable_release
from warehouse.publications import next_publication
from warehouse.sql_models import Clearance
from warehouse.storage import Home, put_bytes

RECORD_FILE = "release.json"
AUDITS_FILE = "failed_audits.json"
DIFFERENCE_FILE = "diff.json"
EDITION_FILES = {clearance: f"{clearance.value}.duckdb" for clearance in Clearance}
ANALYST_FILE = EDITION_FILES[Clearance.ANALYST]
"""The edition that is never encrypted."""
RESTRICTED_FILE = EDITION_FILES[Clearance.RESTRICTED]
"""The edition that has everything."""
_BUILDING = ".building-"
_REFUSED = ".refused-"
_HELD = ".held-"
_POINTER = "current"
MOVES_FILE = "moves.jsonl"
"""Every move of the pointer, in `releases/`."""


class NoSuchReleaseError(Exception):
    """The release asked for was never published here."""


@dataclass(frozen=True)
class PublishedRelease:
    """A release on disk and what its `release.json` says."""

    release_id: str
    folder: Path
    record: Mapping[str, Any]
    is_current: bool

    @property
    def built_at(self) -> datetime:
        """When it was built."""
        return datetime.fromisoformat(self.record["built_at"])

    @property
    def as_of(self) -> datetime | None:
        """The moment up to which sendings are in it; None where there are none."""
        return datetime.fromisoformat(self.record["as_of"]) if self.record["as_of"] else None


def releases_folder(home: Home) -> Path:
    """The folder of all releases; DuckDB needs it on a local or mounted disk."""
    folder = Path(str(home.releases))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@contextmanager
def sole_builder(home: Home) -> Iterator[None]:
    """Let one process at a time build or move the pointer; readers are not concerned."""
    with _lock(home):
        yield


def is_being_built(home: Home) -> bool:
    """Whether somebody is building or moving the pointer just now, so that who comes next has to wait."""
    try:
        with _lock(home).acquire(timeout=0):
            return False
    except Timeout:
        return True


def _lock(home: Home) -> FileLock:
    return FileLock(releases_folder(home) / ".lock")


def list_releases(home: Home) -> list[PublishedRelease]:
    """Every published release, the newest build last. Raises NewerFormatError when a newer version wrote one of them."""
    folder = releases_folder(home)
    current = current_id(home)
    found = []
    for record in folder.glob(f"[!.]*/{RECORD_FILE}"):
        # One may be removed while the list is being made.
        with suppress(FileNotFoundError):
            if not record.parent.is_symlink():
                said = json.loads(record.read_text(encoding="utf-8"))
                found.append(PublishedRelease(record.parent.name, record.parent, said, False))
    for release in found:
        require_readable_release(release.release_id, int(release.record.get("format", 1)))
    marked = [PublishedRelease(each.release_id, each.folder, each.record, each.release_id == current) for each in found]
    return sorted(marked, key=lambda each: (each.built_at, each.release_id))


def find_release(home: Home, release_id: str | None = None) -> PublishedRelease | None:
    """The release of that id, or the current one; None when nothing was published yet.

    Raises NoSuchReleaseError for an id that is not there.
    """
    wanted = release_id or current_id(home)
    for release in list_releases(home):
        if release.release_id == wanted:
            return release
    if release_id is not None:
        raise NoSuchReleaseError(release_id)
    return None


def require_release(home: Home, release_id: str | None = None) -> PublishedRelease:
    """The release of that id, or the current one. Raises NoSuchReleaseError when it is not there."""
    release = find_release(home, release_id)
    if release is None:
        raise NoSuchReleaseError("current")
    return release


def current_id(home: Home) -> str | None:
    """The id that the pointer names."""
    pointer = releases_folder(home) / _POINTER
    return pointer.readlink().name if pointer.is_symlink() else None


def current_at(home: Home, moment: datetime) -> PublishedRelease:
    """The release that the pointer named at a moment, whether or not its files are still there.

    Raises NoSuchReleaseError when there was none yet.
    """
    moves = [move for move in _moves(home) if move.at <= moment]
    if not moves:
        raise NoSuchReleaseError(f"{moment:%d/%m/%Y %H:%M}")
    release_id = moves[-1].release_id
    record = kept_record(home, release_id)
    folder = releases_folder(home) / release_id
    if record is None or folder.exists():
        return require_release(home, release_id)
    return PublishedRelease(release_id, folder, record, is_current=False)


class _Move(NamedTuple):
    """The pointer was moved to a release."""

    at: datetime
    release_id: str


def _moves(home: Home) -> list[_Move]:
    """Every move of the pointer, the last one last; releases of before moves were noted count from their building on."""
    noted = _noted_moves(home)
    known = {move.release_id for move in noted}
    built = [
        _Move(each.built_at, each.release_id)
        for each in list_releases(home)
        # One built later and never noted was put in its place by a run that died before it moved the pointer.
        if each.release_id not in known and (not noted or each.built_at < noted[0].at)
    ]
    # A move that was noted later came later, whatever the clock said.
    return [*sorted(built, key=lambda move: move.at), *noted]


def _noted_moves(home: Home) -> list[_Move]:
    file = releases_folder(home) / MOVES_FILE
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    return [_Move(datetime.fromisoformat(said["at"]), said["release_id"]) for said in map(json.loads, lines)]


def was_in_place(home: Home, release_id: str) -> bool:
    """Whether the pointer ever named a release, as far as moves were noted."""
    return any(move.release_id == release_id for move in _noted_moves(home))


def in_place_before(home: Home) -> str | None:
    """The release to go back to: in place before the current one, still there, and not rejected; None where there is none.

    What somebody went back from is no part of the way.
    """
    way: list[str] = []
    for move in _moves(home):
        if move.release_id in way:
            del way[way.index(move.release_id) + 1 :]
        else:
            way.append(move.release_id)
    there = {release.release_id for release in list_releases(home)}
    current = current_id(home)
    before = way[: way.index(current)] if current in way else []
    fit = (each for each in reversed(before) if each in there and decisions.is_approved(home, each) is not False)
    return next(fit, None)


def record_publications(home: Home) -> None:
    """Write down what each move of the pointer changed, as far as it is not written down and its release is still there.

    Every move does so. Only a run that was killed just after one, or a home of before this was written down, leaves some.
    """
    written = publications.recorded(home)
    # Of before moves were noted, a release counts from its building on; once, when nothing is written down yet.
    moves = _noted_moves(home) if written else _moves(home)
    known = {(each.published_at, each.release_id) for each in written}
    last = max((at for at, move in enumerate(moves) if (move.at, move.release_id) in known), default=-1)
    before = written[-1].release_id if written else None
    for move in moves[last + 1 :]:
        folder = releases_folder(home) / move.release_id
        if (folder / ANALYST_FILE).exists():
            said = json.loads((folder / RECORD_FILE).read_text(encoding="utf-8"))
            said_before = kept_record(home, before) if before else None
            publication = next_publication(home, move.release_id, move.at, said, said_before)
            publications.record(home, publication, folder / ANALYST_FILE)
            before = move.release_id


def _note_move(home: Home, release_id: str, at: datetime) -> None:
    """Append a move, unless the last one noted is the same: a pointer is set again to make good what a crash left."""
    file = releases_folder(home) / MOVES_FILE
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    if lines and json.loads(lines[-1])["release_id"] == release_id:
        return
    lines.append(json.dumps({"at": at.isoformat(), "release_id": release_id}))
    text = file.with_name(f".{file.name}-next")
    text.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    text.replace(file)


def rollback(home: Home, release_id: str) -> PublishedRelease:
    """Move the pointer to an earlier (or later) published release."""
    with sole_builder(home):
        release = require_release(home, release_id)
        point_to(home, release_id)
    return PublishedRelease(release.release_id, release.folder, release.record, True)


def point_to(home: Home, release_id: str) -> None:
    """Let `current` and `current.txt` name a release; a reader sees the old one or the new one."""
    folder = releases_folder(home)
    _note_move_that_was_made(home)
    link = folder / f".{_POINTER}-next"
    link.unlink(missing_ok=True)
    link.symlink_to(release_id, target_is_directory=True)
    os.replace(link, folder / _POINTER)  # noqa: PTH105  # the atomic one, by its plain name
    text = folder / f".{_POINTER}.txt-next"
    text.write_text(f"{release_id}\n", encoding="utf-8")
    text.replace(folder / f"{_POINTER}.txt")
    _note_move(home, release_id, datetime.now(UTC))
    record_publications(home)


def _note_move_that_was_made(home: Home) -> None:
    """Note the last move where a run died just after it, with the moment that the pointer itself has."""
    current, noted = current_id(home), _noted_moves(home)
    if current is not None and noted and noted[-1].release_id != current:
        moved_at_s = (releases_folder(home) / _POINTER).lstat().st_mtime
        _note_move(home, current, datetime.fromtimestamp(moved_at_s, UTC))


def start_building(home: Home, release_id: str) -> Path:
    """An empty folder to build in; what killed builds left behind is removed first."""
    folder = releases_folder(home)
    for leftover in folder.glob(f"{_BUILDING}*"):
        shutil.rmtree(leftover)
    building = folder / f"{_BUILDING}{release_id}"
    building.mkdir()
    return building


@contextmanager
def building_in(home: Home, release_id: str) -> Iterator[Path]:
    """A folder to build in, as `start_building` makes it; what is not moved out of it by the end leaves its room to others."""
    building = start_building(home, release_id)
    try:
        yield building
    finally:
        shutil.rmtree(building, ignore_errors=True)


def publish(home: Home, building: Path, release_id: str) -> Path:
    """Keep the record of a finished build, rename it into place and move the pointer to it."""
    keep_record(home, building, release_id)
    published = releases_folder(home) / release_id
    building.rename(published)
    point_to(home, release_id)
    return published


def hold(home: Home, building: Path, release_id: str) -> Path:
    """Keep a finished build for a person to decide; it takes the place of the one held before, which had less in it."""
    keep_record(home, building, release_id)
    held = releases_folder(home) / f"{_HELD}{release_id}"
    drop_held(home)
    building.rename(held)
    return held


def held_build(home: Home) -> PublishedRelease | None:
    """The build that waits for a person to approve or reject it; one that was compared with another release waits no more."""
    for record in releases_folder(home).glob(f"{_HELD}*/{RECORD_FILE}"):
        said = json.loads(record.read_text(encoding="utf-8"))
        difference = stored_difference(home, said["release_id"])
        if difference is not None and difference["before"] == current_id(home):
            return PublishedRelease(said["release_id"], record.parent, said, is_current=False)
    return None


def drop_held(home: Home) -> None:
    """Remove the build that is held; its record stays."""
    for folder in releases_folder(home).glob(f"{_HELD}*"):
        shutil.rmtree(folder)


def stored_difference(home: Home, release_id: str) -> Mapping[str, Any] | None:
    """What a release changed of the one before it, as written down when it was built; None for a first release."""
    file = home.records / release_id / DIFFERENCE_FILE
    return json.loads(file.read_bytes()) if file.exists() else None


def kept_record(home: Home, release_id: str) -> Mapping[str, Any] | None:
    """The record of a release that was published or held once, whether or not it is still there."""
    file = home.records / release_id / RECORD_FILE
    return json.loads(file.read_bytes()) if file.exists() else None


def recorded_ids(home: Home) -> list[str]:
    """The releases whose records are kept, removed ones too."""
    return sorted(folder.name for folder in home.records.iterdir()) if home.records.exists() else []


def keep_record(home: Home, folder: Path, release_id: str) -> None:
    """Copy what a build says of itself to where it stays when the build is removed."""
    for name in (DIFFERENCE_FILE, RECORD_FILE):
        kept = home.records / release_id / name
        if (folder / name).exists():
            said = (folder / name).read_bytes()
            # What is kept already asks for no room on a disk that may be full.
            if not (kept.exists() and kept.read_bytes() == said):
                put_bytes(kept, said)


def refused_build(home: Home) -> PublishedRelease | None:
    """The build that audits kept back last, if none was published after it."""
    newest = max((each.built_at for each in list_releases(home)), default=None)
    for record in releases_folder(home).glob(f"{_REFUSED}*/{RECORD_FILE}"):
        said = json.loads(record.read_text(encoding="utf-8"))
        refused = PublishedRelease(said["release_id"], record.parent, said, is_current=False)
        if newest is None or refused.built_at > newest:
            return refused
    return None


def set_aside(home: Home, building: Path, release_id: str) -> Path:
    """Keep a build that failed its audits out of the list, replacing the one refused before it."""
    folder = releases_folder(home)
    for older in folder.glob(f"{_REFUSED}*"):
        shutil.rmtree(older)
    refused = folder / f"{_REFUSED}{release_id}"
    building.rename(refused)
    return refused
