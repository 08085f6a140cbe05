"""Asking a published release: any SQL a person types, against a file that cannot be changed by it.

Which release is current belongs to `publishing`; how rows are shown, to whoever asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from warehouse import duck, keys

RELEASE = "warehouse"
"""The catalog under which an opened edition is known."""


class QueryError(Exception):
    """The question cannot be answered; the message is DuckDB's."""


@dataclass(frozen=True)
class Answer:
    """Rows of an answer, in the order they came."""

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]


@contextmanager
def opened(edition: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """An edition of a release, read-only and with no way out of it: no other file can be read or written."""
    key = keys.encryption_key()
    with_key = key.hex() if key is not None and edition.stem == "restricted" else None
    con = duck.connect()
    try:
        duck.attach(con, edition, RELEASE, read_only=True, encryption_key=with_key)
        con.execute("USE warehouse")
        con.execute("SET enable_external_access = false")
        con.execute("SET lock_configuration = true")
        yield con
    finally:
        con.close()


def ask(edition: Path, query: str) -> Answer:
    """The rows that a query gives; QueryError when DuckDB refuses it."""
    with opened(edition) as con:
        try:
            result = con.execute(query)
            columns = tuple(column[0] for column in result.description or ())
            return Answer(columns, result.fetchall())
        except duckdb.Error as error:
            raise QueryError(str(error)) from None
