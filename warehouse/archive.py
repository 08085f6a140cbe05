"""The archive: the exact bytes of every file ever taken in, by their SHA-256, compressed, sealed when a key is set.

Nothing in it is ever overwritten. What the bytes mean is a matter for the readers.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

import zstandard
from upath import UPath

from warehouse import keys, sealing
from warehouse.storage import Home, put_file

_CHUNK_BYTES = 1 << 20


class SourceUnreadable(Exception):
    """The file to take in cannot be opened."""


def path_of(home: Home, sha256: str) -> UPath:
    """Where the bytes of that digest are kept."""
    suffix = ".zst.sealed" if keys.encryption_key() else ".zst"
    return home.archive / sha256[:2] / (sha256 + suffix)


def take_in(home: Home, file: UPath) -> tuple[str, int]:
    """Copy a file into the archive, reading it once. Returns its SHA-256 and its size in bytes.

    Raises SourceUnreadable when the file cannot be opened; any other OSError is about the archive.
    """
    try:
        source = file.open("rb")
    except OSError as error:
        raise SourceUnreadable(type(error).__name__) from None
    digest = hashlib.sha256()
    size_bytes = 0

    def chunks() -> Iterator[bytes]:
        nonlocal size_bytes
        compressor = zstandard.ZstdCompressor(level=1).compressobj()
        while chunk := source.read(_CHUNK_BYTES):
            digest.update(chunk)
            size_bytes += len(chunk)
            yield compressor.compress(chunk)
        yield compressor.flush()

    key = keys.encryption_key()
    descriptor, name = tempfile.mkstemp(dir=home.scratch, prefix="archive-")
    part = Path(name)
    try:
        with source, os.fdopen(descriptor, "wb") as sink:
            for piece in sealing.seal(chunks(), key) if key else chunks():
                sink.write(piece)
        sha256 = digest.hexdigest()
        target = path_of(home, sha256)
        if not target.exists():
            put_file(target, part, private=True)
        return sha256, size_bytes
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def open_bytes(home: Home, sha256: str) -> Iterator[BinaryIO]:
    """The original bytes as a stream; FileNotFoundError when the archive has none of that digest."""
    with opened_local(home, sha256) as path, path.open("rb") as packed:
        yield cast(BinaryIO, zstandard.ZstdDecompressor().stream_reader(packed, read_across_frames=True))


@contextmanager
def opened_local(home: Home, sha256: str) -> Iterator[Path]:
    """A local zstd file of the original bytes, for readers that need a path; unsealed into private scratch if need be."""
    kept = path_of(home, sha256)
    key = keys.encryption_key()
    if key is None and home.is_local:
        if not kept.exists():
            raise FileNotFoundError(str(kept))
        yield Path(str(kept))
        return
    descriptor, name = tempfile.mkstemp(dir=home.scratch, prefix="opened-")
    local = Path(name)
    try:
        with kept.open("rb") as source, os.fdopen(descriptor, "wb") as sink:
            for piece in sealing.unseal(source, key) if key else iter(lambda: source.read(_CHUNK_BYTES), b""):
                sink.write(piece)
        yield local
    finally:
        local.unlink(missing_ok=True)
