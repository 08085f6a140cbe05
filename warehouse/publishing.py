"""Published releases on disk: the list, the pointer and its moves. Building one belongs in `release`.

`releases/<id>/` is complete or absent: it is renamed into place. `releases/current` is a link that is replaced, never edited.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from filelock import FileLock

from warehouse.storage import Home

RECORD_FILE = "release.json"
AUDITS_FILE = "failed_audits.json"
_BUILDING = ".building-"
_REFUSED = ".refused-"
_POINTER = "current"
_MOVES_FILE = "moves.jsonl"


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
    def as_of(self) -> datetime:
        """The moment up to which sendings are in it."""
        return datetime.fromisoformat(self.record["as_of"])


def releases_folder(home: Home) -> Path:
    """The folder of all releases; DuckDB needs it on a local or mounted disk."""
    folder = Path(str(home.releases))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@contextmanager
def sole_builder(home: Home) -> Iterator[None]:
    """Let one process at a time build or move the pointer; readers are not concerned."""
    with FileLock(releases_folder(home) / ".lock"):
        yield


def list_releases(home: Home) -> list[PublishedRelease]:
    """Every published release, the newest build last."""
    folder = releases_folder(home)
    current = current_id(home)
    found = [
        PublishedRelease(record.parent.name, record.parent, json.loads(record.read_text(encoding="utf-8")), False)
        for record in folder.glob(f"[!.]*/{RECORD_FILE}")
        if not record.parent.is_symlink()
    ]
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


def current_id(home: Home) -> str | None:
    """The id that the pointer names."""
    pointer = releases_folder(home) / _POINTER
    return pointer.readlink().name if pointer.is_symlink() else None


def current_at(home: Home, moment: datetime) -> PublishedRelease:
    """The release that the pointer named at a moment; NoSuchReleaseError when there was none yet."""
    moves = [move for move in _moves(home) if move.at <= moment]
    if not moves:
        raise NoSuchReleaseError(f"{moment:%d/%m/%Y %H:%M}")
    release = find_release(home, moves[-1].release_id)
    if release is None:
        raise NoSuchReleaseError(moves[-1].release_id)
    return release


class _Move(NamedTuple):
    """The pointer was moved to a release."""

    at: datetime
    release_id: str


def _moves(home: Home) -> list[_Move]:
    """Every move of the pointer, the last one last; releases of before moves were noted count from their building on."""
    file = releases_folder(home) / _MOVES_FILE
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    noted = [_Move(datetime.fromisoformat(said["at"]), said["release_id"]) for said in map(json.loads, lines)]
    known = {move.release_id for move in noted}
    built = [_Move(each.built_at, each.release_id) for each in list_releases(home) if each.release_id not in known]
    return sorted(built + noted, key=lambda move: move.at)


def _note_move(home: Home, release_id: str) -> None:
    """Append a move, unless the last one noted is the same: a pointer is set again to make good what a crash left."""
    file = releases_folder(home) / _MOVES_FILE
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    if lines and json.loads(lines[-1])["release_id"] == release_id:
        return
    lines.append(json.dumps({"at": datetime.now(UTC).isoformat(), "release_id": release_id}))
    text = file.with_name(f".{file.name}-next")
    text.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    text.replace(file)


def rollback(home: Home, release_id: str) -> PublishedRelease:
    """Move the pointer to an earlier (or later) published release."""
    with sole_builder(home):
        release = find_release(home, release_id)
        if release is None:
            raise NoSuchReleaseError(release_id)
        point_to(home, release_id)
    return PublishedRelease(release.release_id, release.folder, release.record, True)


def point_to(home: Home, release_id: str) -> None:
    """Let `current` and `current.txt` name a release; a reader sees the old one or the new one."""
    folder = releases_folder(home)
    link = folder / f".{_POINTER}-next"
    link.unlink(missing_ok=True)
    link.symlink_to(release_id, target_is_directory=True)
    os.replace(link, folder / _POINTER)  # noqa: PTH105  # the atomic one, by its plain name
    text = folder / f".{_POINTER}.txt-next"
    text.write_text(f"{release_id}\n", encoding="utf-8")
    text.replace(folder / f"{_POINTER}.txt")
    _note_move(home, release_id)


def start_building(home: Home, release_id: str) -> Path:
    """An empty folder to build in; what killed builds left behind is removed first."""
    folder = releases_folder(home)
    for leftover in folder.glob(f"{_BUILDING}*"):
        shutil.rmtree(leftover)
    building = folder / f"{_BUILDING}{release_id}"
    building.mkdir()
    return building


def publish(home: Home, building: Path, release_id: str) -> Path:
    """Rename a finished build into place and move the pointer to it."""
    published = releases_folder(home) / release_id
    building.rename(published)
    point_to(home, release_id)
    return published


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
