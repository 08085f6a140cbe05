"""The published release as reports see it: opened read-only, asked by the queries in `reports/sql`.

What belongs here: opening, running a named query, showing a query with its parameters written in. What does not: what
a query means, or anything that writes.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Any, Final

import duckdb
from sqlglot import exp

from reports import wording
from reports.wording import Bilingual
from warehouse import duck
from warehouse.asking import opened
from warehouse.publishing import ANALYST_FILE, RESTRICTED_FILE, find_release
from warehouse.storage import Home

Parameters = Mapping[str, str | int | date]
Row = dict[str, Any]
_SHARED: Final = "warehouse/"
BETWEEN_LANGUAGES: Final = " — "
"""What stands between the two languages of a note that a release keeps in both."""


@dataclass(frozen=True)
class ReleaseNote:
    """What every page says about the release it was made from."""

    release_id: str
    rule_set_id: str
    as_of: Bilingual
    is_simulated: bool


class NothingPublishedError(Exception):
    """There is no release to report on yet."""


class RestrictedError(Exception):
    """Whoever asks may not open the restricted edition; `args[0]` is its file."""


@contextmanager
def current_release(home: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    """The analyst edition of the current release, for as long as the block lasts; a later release does not disturb it.

    Raises NothingPublishedError before the first release.
    """
    con = duck.connect(_edition(home, ANALYST_FILE), read_only=True)
    try:
        yield con
    finally:
        con.close()


@contextmanager
def restricted_release(home: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    """As `current_release`, but the restricted edition. Raises RestrictedError where its file may not be read."""
    file = _edition(home, RESTRICTED_FILE)
    if not os.access(file, os.R_OK):
        raise RestrictedError(file)
    with opened(file) as con:
        yield con


def _edition(home: Home, name: str) -> Path:
    release = find_release(home)
    if release is None:
        raise NothingPublishedError
    return release.folder / name


@cache
def query(name: str) -> str:
    """The text of `reports/sql/<name>.sql`; `warehouse/<name>` is a question that the warehouse asks too, of its own `sql/`."""
    room, path = ("warehouse", name.removeprefix(_SHARED)) if name.startswith(_SHARED) else ("reports", name)
    return files(room).joinpath("sql", *f"{path}.sql".split("/")).read_text(encoding="utf-8")


def rows(con: duckdb.DuckDBPyConnection, name: str, parameters: Parameters | None = None) -> list[Row]:
    """The rows of a named query, which may use some of the parameters only."""
    used = Template(query(name)).get_identifiers()
    result = con.execute(query(name), {key: value for key, value in (parameters or {}).items() if key in used})
    columns = [column[0] for column in result.description]
    return [dict(zip(columns, values, strict=True)) for values in result.fetchall()]


def relation(con: duckdb.DuckDBPyConnection, name: str, parameters: Parameters) -> duckdb.DuckDBPyRelation:
    """The answer of a named query, to be asked on: counted, cut short. Nothing is computed that is not asked for."""
    # With values bound to it a relation is computed whole before it is asked on.
    return con.sql(readable(name, parameters))


def release_note(con: duckdb.DuckDBPyConnection) -> ReleaseNote:
    """The release's own record."""
    (row,) = rows(con, "release")
    return ReleaseNote(row["release_id"], row["rule_set_id"], wording.moment(row["as_of"]), bool(row["is_simulated"]))


def in_both_languages(note: str) -> Bilingual:
    """A note that a release keeps in both languages; one without English serves both."""
    vietnamese, _, english = note.partition(BETWEEN_LANGUAGES)
    return Bilingual(vietnamese, english or vietnamese)


def readable(name: str, parameters: Parameters) -> str:
    """A named query with its parameters written in, as a person can paste it into any DuckDB client."""
    return written_in(query(name), parameters)


def written_in(sql: str, parameters: Parameters) -> str:
    """A query without its remarks and with its parameters written in."""
    literals = {key: _literal(value) for key, value in parameters.items()}
    statement = [line for line in sql.splitlines() if not line.lstrip().startswith("--")]
    return Template("\n".join(statement)).substitute(literals).strip()


@cache
def _literal(value: str | int | date) -> str:
    return exp.convert(value).sql("duckdb")
