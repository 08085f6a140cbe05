"""Errors of the machine: a full disk, no permission, a broken device. They say nothing about what was being done.

What belongs here: telling them from all others, whichever library they come through, and putting them into words. What
follows from one is decided by whoever meets it.
"""

from __future__ import annotations

import errno
import os
import re
import sqlite3
from typing import Final, NamedTuple

import duckdb
import polars as pl


class Words(NamedTuple):
    """What is wrong with the machine, in both languages."""

    vi: str
    en: str

    def __str__(self) -> str:
        return f"{self.vi} / {self.en}"


_DISK_FULL: Final = Words("đĩa đầy", "the disk is full")
_NO_PERMISSION: Final = Words("không có quyền ghi hoặc đọc", "no permission to write or read")
_TOO_MANY_OPEN: Final = Words("mở quá nhiều tệp cùng lúc", "too many files are open")
_SAID: Final = {
    errno.ENOSPC: _DISK_FULL,
    errno.EDQUOT: Words("hết hạn mức đĩa", "the disk quota is used up"),
    errno.EFBIG: Words("tệp vượt giới hạn của hệ thống", "a file grew beyond the system's limit"),
    errno.EROFS: Words("đĩa chỉ cho đọc", "the disk is read-only"),
    errno.EACCES: _NO_PERMISSION,
    errno.EPERM: _NO_PERMISSION,
    errno.EIO: Words("đĩa hỏng hoặc mất kết nối", "the disk is damaged or cut off"),
    errno.EMFILE: _TOO_MANY_OPEN,
    errno.ENFILE: _TOO_MANY_OPEN,
}
_OF_SQLITE: Final = {
    sqlite3.SQLITE_FULL: errno.ENOSPC,
    # The file beside its log could not be made larger.
    sqlite3.SQLITE_IOERR_SHMSIZE: errno.ENOSPC,
    sqlite3.SQLITE_IOERR: errno.EIO,
    sqlite3.SQLITE_READONLY: errno.EROFS,
    sqlite3.SQLITE_CANTOPEN: errno.EACCES,
}
_BY_NUMBER: Final = re.compile(r"\(os error (\d+)\)\s*$")
"""How a message of Polars, which is Rust, ends."""
_BEGINS_WITH_NUMBER: Final = re.compile(r"\[Errno (\d+)\]")
_BY_WORDS: Final = {os.strerror(number): number for number in _SAID}
"""How a message of DuckDB ends."""
_OF_DUCKDB: Final = (
    duckdb.IOException,
    duckdb.OutOfMemoryException,
    duckdb.TransactionException,
    duckdb.FatalException,
)
"""Those that tell of files of its own; the last two when a transaction, or the whole database, is lost with one."""
_NO_ROOM_TO_SPILL: Final = "max_temp_directory_size"
"""What DuckDB speaks of when the disk has no room for what does not fit in its memory."""


def number_of(error: BaseException) -> int | None:
    """The system's number of an error of the machine; None for any other error."""
    number: int | None = None
    if isinstance(error, OSError) and error.errno is not None:
        number = error.errno
    elif isinstance(error, OSError | pl.exceptions.PolarsError):
        number = _number_in(str(error), _BY_NUMBER)
    elif isinstance(error, _OF_DUCKDB):
        number = _number_by_words(str(error))
    elif isinstance(error, sqlite3.OperationalError):
        code: int = getattr(error, "sqlite_errorcode", 0)
        # Its last byte is the kind, the rest says which reading or writing failed.
        number = _OF_SQLITE.get(code, _OF_SQLITE.get(code & 0xFF))
    return number if number in _SAID else None


def words_of(error: BaseException) -> Words | None:
    """What is wrong with the machine; None when the error is about something else."""
    number = number_of(error)
    return None if number is None else _SAID[number]


def words_in(message: str) -> Words | None:
    """What is wrong with the machine, from the message of an error of which nothing else is known."""
    numbers = (
        _number_in(message, _BEGINS_WITH_NUMBER),
        _number_in(message, _BY_NUMBER),
        _number_by_words(message),
    )
    return next((_SAID[number] for number in numbers if number in _SAID), None)


def _number_in(message: str, pattern: re.Pattern[str]) -> int | None:
    found = pattern.search(message)
    return int(found[1]) if found else None


def _number_by_words(message: str) -> int | None:
    return errno.ENOSPC if _NO_ROOM_TO_SPILL in message else _BY_WORDS.get(message.rstrip().rpartition(": ")[2])
