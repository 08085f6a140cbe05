"""Where everything lives: the folders of a warehouse home and how files come into them whole or not at all.

All paths of the product go through here. What the files contain does not belong here.
"""

from __future__ import annotations

import atexit
import errno
import os
import shutil
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO

from filelock import FileLock, Timeout
from upath import UPath

HOME_VARIABLE = "WAREHOUSE_HOME"
LANDING_VARIABLE = "WAREHOUSE_LANDING"
PRIVATE = 0o600
PART = ".part-"
"""What the name of a file begins with while it is being written."""
_IS_DEAD_AFTER_S = 600.0
"""A part is renamed, and a scratch folder locked, within moments of being made."""
_ALIVE = ".alive"
_one_at_a_time = threading.Lock()
_held_while_alive: list[FileLock] = []


@dataclass(frozen=True)
class Home:
    """A warehouse home: one folder, local or on S3, in which everything has its room.

    Landing may lie elsewhere, on S3 or an SFTP server that departments reach and the warehouse does not own.
    """

    root: UPath
    landing_elsewhere: UPath | None = None

    @property
    def landing(self) -> UPath:
        """Where departments drop files: `<extract>/<supplier>/<period>/`."""
        return self.landing_elsewhere or self.root / "landing"

    @property
    def pulls(self) -> UPath:
        """What each source that is fetched from answered, by source and period."""
        return self.root / "pulls"

    @property
    def archive(self) -> UPath:
        """The bytes of every file ever taken in, by their hash."""
        return self.root / "archive"

    @property
    def ledger(self) -> UPath:
        """Sendings, judgements and rule-sets: the authority."""
        return self.root / "ledger"

    @property
    def cache(self) -> UPath:
        """What can be thrown away at any time."""
        return self.root / "cache"

    @property
    def releases(self) -> UPath:
        """Published builds and the pointer to the current one."""
        return self.root / "releases"

    @property
    def records(self) -> UPath:
        """What every published release was made of and what it changed; stays when the release itself is removed."""
        return self.root / "records" / "releases"

    @property
    def publications(self) -> UPath:
        """Which release came into use when, and which figures it changed; stays when releases are removed."""
        return self.root / "records" / "publications"

    @property
    def decisions(self) -> UPath:
        """What people decided about releases."""
        return self.root / "records" / "decisions"

    @property
    def site(self) -> UPath:
        """Pages for people."""
        return self.root / "site"

    @property
    def returns(self) -> UPath:
        """Annotated copies for departments."""
        return self.root / "returns"

    @property
    def dagster(self) -> UPath:
        """History of runs, unless DAGSTER_HOME says otherwise."""
        return self.root / ".dagster"

    @property
    def scratch(self) -> Path:
        """A local folder for files on their way, of this process alone and private to this user."""
        with _one_at_a_time:
            return _scratch_of(self.local_cache / "scratch", os.getpid())

    @property
    def local_cache(self) -> Path:
        """Where things go that can be thrown away but need a local disk."""
        return Path(str(self.cache)) if self.is_local else Path(tempfile.gettempdir())

    @property
    def is_local(self) -> bool:
        """Whether the home is on this machine's disk."""
        return is_local(self.root)


def open_home(path: str | os.PathLike[str] | None = None) -> Home:
    """The home at `path`, else at $WAREHOUSE_HOME, else `data/`; its root is made if need be.

    Its landing folder is at $WAREHOUSE_LANDING where that is set: a folder, `s3://…` or `sftp://…`.
    """
    root = _local_or_remote(path if path is not None else os.environ.get(HOME_VARIABLE, "data"))
    root.mkdir(parents=True, exist_ok=True)
    elsewhere = os.environ.get(LANDING_VARIABLE)
    return Home(root, _local_or_remote(elsewhere) if elsewhere else None)


def is_local(path: UPath) -> bool:
    """Whether a path is on this machine's disk."""
    return path.protocol in ("", "file", "local")


def _local_or_remote(place: str | os.PathLike[str]) -> UPath:
    if str(place).startswith("sftp://"):
        return UPath(place, protocol="sftp", **_sftp_options(os.environ))
    path = UPath(place)
    return UPath(Path(str(path)).expanduser().absolute()) if is_local(path) else path


def _sftp_options(environment: Mapping[str, str]) -> dict[str, object]:
    """How to sign in to an SFTP server. One whose key is not among the known hosts is refused, never trusted unseen."""
    known_hosts = environment.get("WAREHOUSE_SFTP_KNOWN_HOSTS") or Path("~/.ssh/known_hosts").expanduser()
    options: dict[str, object] = {"known_hosts": str(known_hosts), "config": None, "agent_path": None}
    if password := environment.get("WAREHOUSE_SFTP_PASSWORD"):
        options["password"] = password
    if key_file := environment.get("WAREHOUSE_SFTP_KEY_FILE"):
        options["client_keys"] = [key_file]
    return options


def put_bytes(target: UPath, content: bytes, *, private: bool = False) -> None:
    """Write a file so that it is there whole or not at all; `private` ones are readable by this user alone."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if not is_local(target):
        # An object store shows an object only when it is complete.
        target.write_bytes(content)
        return
    with _part_of(target) as part, _opened_new(part, PRIVATE if private else 0o644) as stream:
        stream.write(content)


@contextmanager
def _part_of(target: UPath) -> Iterator[Path]:
    """A name on the same disk that nobody takes for finished; what was written under it takes the file's place, or goes."""
    file = Path(str(target))
    part = file.with_name(f"{PART}{uuid.uuid4().hex}")
    try:
        yield part
        part.replace(file)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _opened_new(file: Path, mode: int) -> BinaryIO:
    return os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb")


def put_file(target: UPath, finished: Path, *, private: bool = False) -> None:
    """Move a finished local file into place, whole or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    finished.chmod(PRIVATE if private else 0o644)
    if not is_local(target):
        with finished.open("rb") as source, target.open("wb") as sink:
            shutil.copyfileobj(source, sink)
        finished.unlink()
        return
    try:
        finished.replace(str(target))
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        # To another disk it can only be copied.
        with _part_of(target) as part:
            shutil.copy(finished, part)
        finished.unlink()


def copy_file(source: UPath, target: UPath) -> None:
    """Copy a file to where it is there whole or not at all, readable by this user alone, in a fixed memory."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if not is_local(target):
        with source.open("rb") as stream, target.open("wb") as sink:
            shutil.copyfileobj(stream, sink)
        return
    with _part_of(target) as part, source.open("rb") as stream, _opened_new(part, PRIVATE) as sink:
        shutil.copyfileobj(stream, sink)


@lru_cache(maxsize=64)
def _scratch_of(folder: Path, pid: int) -> Path:
    """A folder that belongs to one process: it holds a lock in it which the kernel lets go of when the process dies."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    while True:
        own = Path(tempfile.mkdtemp(dir=folder, prefix=f"{pid}-"))
        lock = FileLock(own / _ALIVE)
        lock.acquire()
        # A sweep may have come between the making and the locking.
        if (own / _ALIVE).exists():
            _held_while_alive.append(lock)
            atexit.register(shutil.rmtree, own, ignore_errors=True)
            return own


def sweep(home: Home) -> None:
    """Remove what processes left half-written that died; what living ones are writing stays."""
    dead_since = time.time() - _IS_DEAD_AFTER_S
    for own in (home.local_cache / "scratch").glob("*/"):
        with suppress(OSError, Timeout):
            if (own / _ALIVE).exists():
                with FileLock(own / _ALIVE, timeout=0):
                    shutil.rmtree(own, ignore_errors=True)
            elif own.stat().st_mtime < dead_since:
                own.rmdir()
    if home.is_local:
        records = (home.records, home.publications, home.decisions)
        for folder in (home.ledger, home.archive, home.cache, *records, home.site, home.returns):
            for part in Path(str(folder)).rglob(f"{PART}*"):
                if part.stat().st_mtime < dead_since:
                    part.unlink(missing_ok=True)
