"""What lies in the landing folder, wherever it is: a folder, an object store, an SFTP server. Files are listed and fetched.

What a file's place and manifest mean belongs to `intake`.
"""

from __future__ import annotations

import stat
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

from upath import UPath

from warehouse.archive import SourceUnreadable
from warehouse.storage import Home, is_local

MANIFEST = ".manifest.json"
STILL_ARRIVING_S = 20.0
"""A file that changed more recently may still be on its way, unless its manifest announces the bytes it has."""
_MANIFEST_STAMP = "/manifest "
_IGNORED_PREFIXES = (".", "~$")


class LandingUnreachable(Exception):
    """The landing place is on another machine and does not answer."""

    def __init__(self, error: Exception) -> None:
        super().__init__(
            f"Không đọc được nơi nhận tệp (WAREHOUSE_LANDING). / The landing place cannot be read. {type(error).__name__}"
        )


@dataclass(frozen=True)
class Found:
    """A file that lies in landing, as its place describes it; `stamp` stays the same as long as the file does."""

    path: UPath
    relative: str
    is_file: bool
    stamp: str
    modified_at_s: float
    """Seconds since 1970."""
    manifest: bytes | None
    is_whole: bool = True
    """Whether its place shows files only when they are complete, or the file has not changed for a while."""


def files(landing: UPath) -> Iterator[Found]:
    """Every file in landing that is no manifest and not hidden, by name; one that cannot be looked at has no stamp.

    Raises LandingUnreachable when landing is on another machine that does not answer.
    """
    if is_local(landing):
        for file in _local_files(landing):
            yield _local(file, PurePosixPath(file.path).relative_to(PurePosixPath(landing.path)).as_posix())
        return
    connected = None
    try:
        connected = landing.fs
        yield from _remote(landing)
    except Exception as error:
        if connected is not None:
            # A broken connection would be used again for as long as this process lives.
            type(connected).clear_instance_cache()
        raise LandingUnreachable(error) from error


@contextmanager
def fetched(home: Home, found: Found) -> Iterator[UPath]:
    """The file where it can be read at one go; one from another machine is copied to scratch and removed afterwards.

    Raises SourceUnreadable when it cannot be fetched, or changed since it was listed.
    """
    if is_local(found.path):
        yield found.path
        return
    with tempfile.TemporaryDirectory(dir=home.scratch, prefix="fetched-") as folder:
        copy = Path(folder) / "file"
        try:
            found.path.fs.get_file(found.path.path, str(copy))
            found.path.fs.invalidate_cache()
            stamp = _stamp(found.path.fs.info(found.path.path))
        except Exception as error:
            raise SourceUnreadable(type(error).__name__) from error
        if stamp != found.stamp.split(_MANIFEST_STAMP)[0] or stamp.split("/")[0] != str(copy.stat().st_size):
            raise SourceUnreadable("changed")
        yield UPath(copy)


def _local_files(folder: UPath) -> Iterator[UPath]:
    if not folder.exists():
        return
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if _is_ignored(entry.name):
            continue
        if entry.is_dir():
            yield from _local_files(entry)
        else:
            yield entry


def _is_ignored(name: str) -> bool:
    return name.startswith(_IGNORED_PREFIXES) or name.endswith(MANIFEST)


def _local(file: UPath, relative: str) -> Found:
    try:
        status = file.stat()
    except OSError:
        return Found(file, relative, False, "", 0.0, None)
    stamp = f"{status.st_size}/{status.st_mtime}"
    manifest_file = file.with_name(file.name + MANIFEST)
    manifest: bytes | None = None
    try:
        manifest = manifest_file.read_bytes()
        stamp += f"/{manifest_file.stat().st_mtime}"
    except FileNotFoundError:
        pass
    except OSError:
        # One that cannot be opened says as little as a damaged one.
        manifest = b""
    return Found(file, relative, stat.S_ISREG(status.st_mode), stamp, status.st_mtime, manifest)


def _remote(landing: UPath) -> Iterator[Found]:
    """Asks for one listing, and for all manifests at once."""
    # A listing that is remembered would hide every file that comes later.
    landing.fs.invalidate_cache()
    listed: Mapping[str, Mapping[str, Any]] = landing.fs.find(landing.path, detail=True)
    if not listed:
        # An object store has folders only where it has objects; what must be there is the bucket, or the server's folder.
        landing.fs.info(landing.path.split("/")[0] or landing.path)
    beside = [path for path in listed if path.endswith(MANIFEST) and path.removesuffix(MANIFEST) in listed]
    manifests: Mapping[str, bytes] = landing.fs.cat(beside, on_error="omit") if beside else {}
    shows_whole_files_only = "ETag" in next(iter(listed.values()), {})
    for path, info in sorted(listed.items()):
        # Some object stores keep an empty object for a folder.
        if info["type"] == "directory" or path.endswith("/"):
            continue
        relative = PurePosixPath(path).relative_to(PurePosixPath(landing.path)).as_posix()
        if any(_is_ignored(part) for part in relative.split("/")):
            continue
        stamp = _stamp(info)
        if path + MANIFEST in listed:
            stamp += f"{_MANIFEST_STAMP}{_stamp(listed[path + MANIFEST])}"
        modified_at_s = _modified_at_s(info)
        is_settled = time.time() - modified_at_s >= STILL_ARRIVING_S
        yield Found(
            landing.joinpath(*relative.split("/")),
            relative,
            info["type"] == "file",
            stamp,
            modified_at_s,
            manifests.get(path + MANIFEST, b"") if path + MANIFEST in listed else None,
            shows_whole_files_only or is_settled,
        )


def _stamp(info: Mapping[str, Any]) -> str:
    return f"{info['size']}/{info.get('ETag') or _modified_at_s(info)}"


def _modified_at_s(info: Mapping[str, Any]) -> float:
    moment = info.get("LastModified") or info["mtime"]
    return moment.timestamp() if isinstance(moment, datetime) else float(moment)
