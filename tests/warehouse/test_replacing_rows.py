"""Rows put in the place of others: a table ends up as if it were written anew, and what was the same stays where it was."""

from __future__ import annotations

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlglot import exp

from warehouse import duck

Row = tuple[str | None, int | None, str | None]

KEY = ("month", "code")
COLUMNS = (*KEY, "says")
MONTH = "2023-01"
AGAIN, CHANGES, FULL, EDITION = (f"{each}.mart.figure" for each in ("again", "changes", "whole", "edition"))
ROWS: st.SearchStrategy[list[Row]] = st.lists(
    st.tuples(
        st.sampled_from([MONTH, "2023-02", None]), st.integers(1, 4) | st.none(), st.sampled_from(["a", "b", None])
    ),
    unique_by=lambda row: row[:2],
)
IS_STALE = exp.column("month").isin(MONTH)


@pytest.fixture(scope="module")
def con() -> duckdb.DuckDBPyConnection:
    connection = duck.connect()
    for table in (AGAIN, CHANGES, FULL, EDITION):
        catalog, schema, _ = table.split(".")
        connection.execute(f"ATTACH ':memory:' AS {catalog}")
        duck.create_schema(connection, catalog, schema)
    return connection


def fill(con: duckdb.DuckDBPyConnection, table: str, rows: list[Row]) -> None:
    con.execute(f"CREATE OR REPLACE TABLE {table} (month VARCHAR, code INTEGER, says VARCHAR)")
    if rows:
        con.executemany(f"INSERT INTO {table} VALUES (?, ?, ?)", rows)


def change(con: duckdb.DuckDBPyConnection) -> None:
    """The whole table first, then an edition of it that lacks what it says."""
    duck.drop_table(con, CHANGES)
    duck.note_changes(con, AGAIN, FULL, KEY, COLUMNS, IS_STALE, CHANGES)
    duck.make_changes(con, AGAIN, FULL, KEY, COLUMNS, CHANGES)
    duck.make_changes(con, AGAIN, EDITION, KEY, KEY, CHANGES)


@given(before=ROWS, made=ROWS)
def test_the_table_and_what_is_cut_from_it_are_as_if_written_anew(
    con: duckdb.DuckDBPyConnection, before: list[Row], made: list[Row]
) -> None:
    again = [row for row in made if row[0] == MONTH]
    wanted = [*again, *(row for row in before if row[0] != MONTH)]
    fill(con, AGAIN, again)
    fill(con, FULL, before)
    duck.replace_rows(con, AGAIN, FULL, COLUMNS, IS_STALE)
    assert sorted(con.table(FULL).fetchall(), key=str) == sorted(wanted, key=str)
    fill(con, FULL, before)
    fill(con, EDITION, [(*row[:2], None) for row in before])
    change(con)
    assert sorted(con.table(FULL).fetchall(), key=str) == sorted(wanted, key=str)
    assert sorted(con.table(EDITION).fetchall(), key=str) == sorted([(*row[:2], None) for row in wanted], key=str)


def test_rows_that_are_the_same_stay_where_they_are(con: duckdb.DuckDBPyConnection) -> None:
    fill(con, FULL, [(MONTH, 1, "a"), (MONTH, 2, None), ("2023-02", 1, "a")])
    fill(con, EDITION, [])
    fill(con, AGAIN, [(MONTH, 2, None), (MONTH, 1, "b")])
    placed = f"SELECT code, rowid FROM {FULL} WHERE month = '{MONTH}'"
    before = dict(con.execute(placed).fetchall())
    change(con)
    after = dict(con.execute(placed).fetchall())
    assert before[2] == after[2]
    assert before[1] != after[1]
