"""Content hashes of tables: the same rows give the same hash, whatever their order and whatever engine version wrote them.

A hash is the number of rows and the sum of a standard digest (MD5) of each row's canonical text; values that only say
when or in which build something happened stay out.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import duckdb
from duckdb import CoalesceOperator, ColumnExpression, ConstantExpression, Expression, FunctionExpression

OUTSIDE_CONTENT = frozenset({"release_id", "built_at", "recorded_at", "file_name"})
"""Columns that differ between builds of the same content. One sending may lie in two files; which is met first decides
its name."""
_BETWEEN_VALUES = "\x1f"
_NO_VALUE = "\x00"


class Digest(NamedTuple):
    """What rows come to: their number and the sums of both halves of their digests. Parts of a table add up to the table."""

    rows: int
    high: int
    low: int

    def __add__(self, other: Digest) -> Digest:  # type: ignore[override]  # parts add up, they do not follow each other
        return Digest(self.rows + other.rows, self.high + other.high, self.low + other.low)

    def __sub__(self, other: Digest) -> Digest:
        return Digest(self.rows - other.rows, self.high - other.high, self.low - other.low)

    @property
    def content_hash(self) -> str:
        """48 hex characters."""
        return f"{self.high:024x}{self.low:024x}"


NO_ROWS = Digest(0, 0, 0)


def table_hash(con: duckdb.DuckDBPyConnection, table: str, columns: Iterable[str]) -> tuple[int, str]:
    """Rows and content hash of a table over some of its columns (their order does not matter)."""
    digests = digests_by(con, table, columns, None).values()
    whole = next(iter(digests), NO_ROWS)
    return whole.rows, whole.content_hash


def digests_by(
    con: duckdb.DuckDBPyConnection, table: str, columns: Iterable[str], by: str | Expression | None
) -> dict[str | None, Digest]:
    """As `table_hash`, of the rows of each text in a column, or that an expression gives; all rows under None without one."""
    relation = con.table(table)
    group = by if isinstance(by, Expression) else ConstantExpression(None) if by is None else ColumnExpression(by)
    digests = relation.select(group.alias("part"), row_digest(relation, columns).alias("digest"))
    # Two sums of 64-bit halves: a sum of whole 128-bit numbers would overflow at the second row.
    totals = digests.aggregate(
        "part, count(*), sum((digest >> 64)::UBIGINT), sum((digest & 18446744073709551615)::UBIGINT)", "part"
    )
    return {part: Digest(rows, int(high), int(low)) for part, rows, high, low in totals.fetchall()}


def row_digest(relation: duckdb.DuckDBPyRelation, columns: Iterable[str]) -> Expression:
    """A number of 128 bits for what each row of a relation says in some of its columns (their order does not matter)."""
    types = dict(zip(relation.columns, map(str, relation.types), strict=True))
    texts = [_canonical(name, types[name]) for name in sorted(set(columns) - OUTSIDE_CONTENT)]
    row_text = FunctionExpression("concat_ws", ConstantExpression(_BETWEEN_VALUES), *texts)
    return FunctionExpression("md5_number", row_text)


def _canonical(column: str, dtype: str) -> Expression:
    """A column's value as text that is the same under any setting and version: fractions exact, instants as numbers."""
    value: Expression = ColumnExpression(column)
    if dtype in {"DOUBLE", "FLOAT"}:
        value = value.cast("DECIMAL(38,9)")
    elif dtype == "TIMESTAMP WITH TIME ZONE":
        value = FunctionExpression("epoch_us", value)
    return CoalesceOperator(value.cast("VARCHAR"), ConstantExpression(_NO_VALUE))
