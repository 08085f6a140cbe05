"""A disk that takes no more is told from a bad file, whichever library meets it."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Callable
from pathlib import Path

import duckdb
import polars as pl
import pytest

from tests.warehouse.small_files import no_file_larger_than
from warehouse import duck, machine

_ROWS = pl.DataFrame({"number": range(10_000)})


def write_with_polars(file: Path) -> None:
    _ROWS.write_parquet(file)


def write_batches_with_polars(file: Path) -> None:
    _ROWS.write_ipc(file)


def write_with_duckdb(file: Path) -> None:
    duck.connect().execute("COPY (SELECT range FROM range(10000)) TO $file (FORMAT csv)", {"file": str(file)})


def commit_with_duckdb(file: Path) -> None:
    con = duck.connect()
    con.execute(f"ATTACH '{file}' AS much")
    con.begin()
    con.execute("CREATE TABLE much.main.number AS SELECT hash(range) AS value FROM range(1000000)")
    con.commit()


def write_with_python(file: Path) -> None:
    file.write_bytes(bytes(1_000))


@pytest.mark.parametrize(
    "write",
    [write_with_polars, write_batches_with_polars, write_with_duckdb, commit_with_duckdb, write_with_python],
)
def test_what_cannot_be_written_is_of_the_machine_whoever_writes(write: Callable[[Path], None], tmp_path: Path) -> None:
    with (
        no_file_larger_than(100),
        pytest.raises((OSError, pl.exceptions.PolarsError, duckdb.Error)) as raised,
    ):
        write(tmp_path / "rows")
    assert machine.number_of(raised.value) == errno.EFBIG
    words = machine.words_of(raised.value)
    assert str(words) == "tệp vượt giới hạn của hệ thống / a file grew beyond the system's limit"
    assert machine.words_in(f"{type(raised.value).__name__}: {raised.value}\n") == words


def test_no_room_for_what_does_not_fit_in_memory_is_a_full_disk(tmp_path: Path) -> None:
    con = duck.connect(memory_limit="20MB", threads=1, spill_into=tmp_path)
    con.execute("SET max_temp_directory_size = '1MB'")
    with pytest.raises(duckdb.OutOfMemoryException) as raised:
        con.execute("CREATE TABLE much AS SELECT hash(range) AS a, hash(range + 1) AS b FROM range(3000000)")
    assert machine.number_of(raised.value) == errno.ENOSPC


def test_a_database_in_a_full_or_closed_place_is_of_the_machine(tmp_path: Path) -> None:
    with pytest.raises(sqlite3.OperationalError) as raised:
        sqlite3.connect(tmp_path / "nowhere" / "runs.db")
    assert machine.number_of(raised.value) == errno.EACCES


@pytest.mark.parametrize(
    "error",
    [
        OSError("Nguyễn Văn Kín: No space left on device"),
        FileNotFoundError(errno.ENOENT, "No such file or directory"),
        pl.exceptions.ComputeError("could not parse `No space left on device (os error 28)` as Int64"),
        pl.exceptions.ComputeError("could not parse: No space left on device"),
        duckdb.InvalidInputException("Malformed JSON: No space left on device"),
        sqlite3.OperationalError("no such table: No space left on device"),
        duckdb.OutOfMemoryException("Out of Memory Error: could not allocate block"),
        MemoryError(),
    ],
    ids=repr,
)
def test_what_a_file_says_is_never_of_the_machine(error: Exception) -> None:
    assert machine.number_of(error) is None
    assert machine.words_of(error) is None
