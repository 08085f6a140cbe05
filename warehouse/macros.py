"""Table macros that a release carries with it, so that a question with parameters can be asked from any DuckDB client.

What a macro answers stands in `sql/macros/`, a SELECT each; its header names the parameters. Tables belong in models.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import duckdb
import sqlglot
from sqlglot import exp

from warehouse.sql_models import SQL_ROOT


@dataclass(frozen=True)
class Macro:
    """One macro: `schema.name`, its parameters in order, the SELECT that answers."""

    name: str
    parameters: tuple[str, ...]
    sql: str


@cache
def load_macros() -> tuple[Macro, ...]:
    """Every macro, in the order of the file names."""
    return tuple(_read(path.read_text(encoding="utf-8")) for path in sorted(SQL_ROOT.glob("macros/*.sql")))


def create_macros(con: duckdb.DuckDBPyConnection, catalog: str) -> None:
    """Write the macros into an attached database; its tables are found once a client has said USE, or opened the file."""
    for macro in load_macros():
        schema, name = macro.name.split(".")
        signature = exp.UserDefinedFunction(
            this=exp.table_(name, db=schema, catalog=catalog),
            expressions=[exp.to_identifier(parameter) for parameter in macro.parameters],
            wrapped=True,
        )
        query = sqlglot.parse_one(macro.sql, dialect="duckdb")
        statement = exp.Create(this=signature, kind="MACRO", properties=_GIVES_ROWS, expression=query, replace=True)
        con.execute(statement.sql("duckdb"))


_GIVES_ROWS = exp.Properties(expressions=[exp.ReturnsProperty(this=exp.Schema(this=exp.var("TABLE")), is_table=True)])


def _read(text: str) -> Macro:
    header = dict(line[3:].split(" ", 1) for line in text.splitlines() if line.startswith("-- "))
    return Macro(header["name"], tuple(name.strip() for name in header["parameters"].split(",")), text)
