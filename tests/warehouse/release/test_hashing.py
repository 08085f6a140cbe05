"""Content hashes: equal for equal rows in any order, different for everything else."""

from __future__ import annotations

from hashlib import md5

import duckdb
import pytest

from warehouse import duck
from warehouse.hashing import table_hash

COLUMNS = ("a", "b", "recorded_at")


def hash_of(rows: str, types: str = "a TEXT, b DOUBLE, recorded_at TIMESTAMP") -> tuple[int, str]:
    con = duck.connect()
    con.execute(f"CREATE TABLE t ({types})")
    con.execute(f"INSERT INTO t VALUES {rows}")
    return table_hash(con, "t", COLUMNS)


BASE = "('x', 0.1, now()), ('y', NULL, now()), (NULL, 2, now())"


def test_order_and_moments_of_recording_do_not_matter() -> None:
    assert hash_of(BASE) == hash_of("(NULL, 2, '2020-01-01'), ('x', 0.1, NULL), ('y', NULL, now())")


@pytest.mark.parametrize(
    "rows",
    [
        "('x', 0.1, now()), ('y', NULL, now())",
        "('x', 0.1, now()), ('x', 0.1, now()), ('y', NULL, now()), (NULL, 2, now())",
        "('x', 0.1000001, now()), ('y', NULL, now()), (NULL, 2, now())",
        "('x', 0.1, now()), ('y', NULL, now()), ('', 2, now())",
        "('X', 0.1, now()), ('y', NULL, now()), (NULL, 2, now())",
        "('x', 0.1, now()), (NULL, NULL, now()), ('y', 2, now())",
    ],
)
def test_other_rows_give_another_hash(rows: str) -> None:
    assert hash_of(rows) != hash_of(BASE)


def test_a_pair_of_equal_rows_does_not_cancel_out() -> None:
    assert hash_of("('x', 1, NULL), ('x', 1, NULL), ('z', 1, NULL)") != hash_of(
        "('y', 1, NULL), ('y', 1, NULL), ('z', 1, NULL)"
    )


def test_the_digest_is_md5_of_the_row_text() -> None:
    rows, found = hash_of("('x', 0.5, NULL)")
    number = int.from_bytes(md5(b"x\x1f0.500000000", usedforsecurity=False).digest(), "big")
    swapped = int.from_bytes(md5(b"x\x1f0.500000000", usedforsecurity=False).digest(), "little")
    assert rows == 1
    assert found in {f"{n >> 64:024x}{n & (1 << 64) - 1:024x}" for n in (number, swapped)}


def test_an_empty_table_has_a_hash() -> None:
    con = duck.connect()
    con.execute("CREATE TABLE t (a TEXT)")
    assert table_hash(con, "t", ["a"]) == (0, "0" * 48)


def test_instants_do_not_depend_on_the_time_zone() -> None:
    con = duck.connect()
    con.execute("CREATE TABLE t AS SELECT TIMESTAMPTZ '2024-01-01 00:00:00+07' AS a")
    before = table_hash(con, "t", ["a"])
    con.execute("SET TimeZone = 'UTC'")
    assert table_hash(con, "t", ["a"]) == before


def test_hashing_reads_only_named_columns() -> None:
    con = duckdb.connect()
    con.execute("CREATE TABLE t AS SELECT 1 AS a, 2 AS b")
    with_b = table_hash(con, "t", ["a", "b"])
    assert with_b == table_hash(con, "t", ["b", "a"])
    assert with_b != table_hash(con, "t", ["a"])
