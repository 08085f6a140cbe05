"""Parquet files of the ledger: written batch by batch, sealed when they hold what identifies a person."""

from __future__ import annotations

import io
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import polars as pl
import pyarrow.parquet as pq
from upath import UPath

from warehouse import keys, sealing
from warehouse.storage import Home, put_file

_LEVEL = 1
SEALED = ".sealed"


def parquet_bytes(frame: pl.DataFrame) -> bytes:
    """A small frame as the bytes of a Parquet file."""
    buffer = io.BytesIO()
    frame.write_parquet(buffer, compression="zstd", compression_level=_LEVEL)
    return buffer.getvalue()


class BatchWriter:
    """Writes frames of one schema as row groups of one Parquet file, put in place only by `finish`.

    Nothing is written when every frame is empty. A private file is mode 0600 and sealed when an encryption key is set.
    """

    def __init__(self, home: Home, target: UPath, *, private: bool = False) -> None:
        self._home = home
        self._target = target
        self._private = private
        self._only: pl.DataFrame | None = None
        self._local: Path | None = None
        self._writer: pq.ParquetWriter | None = None
        self.rows = 0

    def write(self, frame: pl.DataFrame) -> None:
        """Append a frame; an empty one is nothing."""
        if frame.is_empty():
            return
        self.rows += frame.height
        if self._only is None and self._writer is None:
            self._only = frame
            return
        if self._only is not None:
            self._append(self._only)
            self._only = None
        self._append(frame)

    def _append(self, frame: pl.DataFrame) -> None:
        table = frame.to_arrow()
        if self._writer is None:
            self._local = self._scratch_file()
            # Whoever reads the ledger reads whole columns, so least and greatest values would help nobody.
            self._writer = pq.ParquetWriter(
                self._local, table.schema, compression="zstd", compression_level=_LEVEL, write_statistics=False
            )
        self._writer.write_table(table)

    def finish(self) -> None:
        """Put the file in place, if there is anything in it."""
        if self._only is not None:
            # Polars writes a whole frame in half the time, but cannot add to it, nor always say that the disk is full.
            self._local = self._scratch_file()
            self._local.write_bytes(parquet_bytes(self._only))
            self._only = None
        elif self._writer is not None:
            self._writer.close()
        if self._local is None:
            return
        key = keys.encryption_key() if self._private else None
        if key is None:
            put_file(self._target, self._local, private=self._private)
            return
        sealed = self._local.with_suffix(SEALED)
        with self._local.open("rb") as source, sealed.open("wb") as sink:
            sink.writelines(sealing.seal(_chunks(source), key))
        self._local.unlink()
        put_file(self._target.with_name(self._target.name + SEALED), sealed, private=True)

    def _scratch_file(self) -> Path:
        descriptor, name = tempfile.mkstemp(dir=self._home.scratch, suffix=".parquet")
        os.close(descriptor)
        return Path(name)


@contextmanager
def opened_private(home: Home, target: UPath) -> Iterator[Path | None]:
    """A local, readable copy of a private Parquet file for as long as the block lasts; None when there is no such file."""
    sealed = target.with_name(target.name + SEALED)
    if target.exists():
        if home.is_local:
            yield Path(str(target))
            return
        with target.open("rb") as source, _brought_here(home, _chunks(source)) as local:
            yield local
    elif sealed.exists():
        key = keys.encryption_key()
        if key is None:
            raise PermissionError(f"{sealed.name} is sealed: set ${keys.ENCRYPTION_VARIABLE}")
        with sealed.open("rb") as source, _brought_here(home, sealing.unseal(source, key)) as local:
            yield local
    else:
        yield None


@contextmanager
def _brought_here(home: Home, chunks: Iterable[bytes]) -> Iterator[Path]:
    """The bytes as a local file, removed after the block."""
    descriptor, name = tempfile.mkstemp(dir=home.scratch, suffix=".parquet")
    local = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as sink:
            sink.writelines(chunks)
        yield local
    finally:
        local.unlink(missing_ok=True)


def _chunks(source: BinaryIO) -> Iterator[bytes]:
    while chunk := source.read(sealing.CHUNK_BYTES):
        yield chunk
