"""Rows put in the place of others: a table ends up as if it were written anew, and what was the same stays where it was."""

from __future__ import annotations

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlglot import exp

from warehouse import duck

COLUMNS = ("month", "code", "says")
ROWS = st.lists(
    st.tuples(
        st.sampled_from(["2023-01", "2023-02", None]),
        st.integers(1, 4) | st.none(),
        st.sampled_from(["a", "b", None]),
    ),
    unique_by=lambda row: row[:2],
)
IN_JANUARY = exp.column("month").isin("2023-01")


def table(con: duckdb.DuckDBPyConnection, catalog: str, rows: list[tuple[str | None, int | None, str | None]]) -> None:
    duck.create_schema(con, catalog, "mart")
    con.execute(f"CREATE OR REPLACE TABLE {catalog}.mart.figure (month VARCHAR, code INTEGER, says VARCHAR)")
    if rows:
        con.executemany(f"INSERT INTO {catalog}.mart.figure VALUES (?, ?, ?)", rows)


@pytest.fixture(scope="module")
def con() -> duckdb.DuckDBPyConnection:
    connection = duck.connect()
    for catalog in ("earlier", "again"):
        connection.execute(f"ATTACH ':memory:' AS {catalog}")
    return connection


@given(before=ROWS, again=ROWS, has_key=st.booleans())
def test_the_table_is_as_if_written_anew(
    con: duckdb.DuckDBPyConnection,
    before: list[tuple[str | None, int | None, str | None]],
    again: list[tuple[str | None, int | None, str | None]],
    has_key: bool,
) -> None:
    again = [row for row in again if row[0] == "2023-01"]
    table(con, "earlier", before)
    table(con, "again", again)
    key = COLUMNS[:2] if has_key else ()
    duck.replace_rows(con, "again.mart.figure", "earlier.mart.figure", COLUMNS, IN_JANUARY, key)
    found = con.table("earlier.mart.figure").fetchall()
    assert sorted(found, key=str) == sorted([*again, *(row for row in before if row[0] != "2023-01")], key=str)


def test_rows_that_are_the_same_stay_where_they_are(con: duckdb.DuckDBPyConnection) -> None:
    table(con, "earlier", [("2023-01", 1, "a"), ("2023-01", 2, None), ("2023-02", 1, "a")])
    table(con, "again", [("2023-01", 2, None), ("2023-01", 1, "b")])
    placed = "SELECT code, rowid FROM earlier.mart.figure WHERE month = '2023-01'"
    before = dict(con.execute(placed).fetchall())
    duck.replace_rows(con, "again.mart.figure", "earlier.mart.figure", COLUMNS, IN_JANUARY, COLUMNS[:2])
    after = dict(con.execute(placed).fetchall())
    assert before[2] == after[2]
    assert before[1] != after[1]
