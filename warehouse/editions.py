"""Editions: a release cut for one clearance. There are no users and no grants in a file: what one may not see is not in it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import duckdb

from warehouse import duck
from warehouse.macros import create_macros
from warehouse.sql_models import Clearance, Model

RESTRICTED_FILE = 0o440
"""Read-only too, and only for its owner and the group that may see all."""
READ_ONLY_FILE = 0o444
"""Most clients open read-write by default, and one that did would block all others."""


def cut_edition(
    con: duckdb.DuckDBPyConnection, models: Iterable[Model], file: Path, *, source: str, clearance: Clearance
) -> None:
    """Copy from the attached catalog `source` what a clearance permits into a new database file."""
    target = clearance.value
    duck.attach(con, file, target)
    for model in models:
        if columns := model.visible_columns(clearance):
            with duck.transaction(con):
                duck.create_schema(con, target, model.name.split(".")[0])
                duck.copy_table(con, f"{source}.{model.name}", f"{target}.{model.name}", columns)
                comment(con, target, model, columns)
    create_macros(con, target)
    close_edition(con, file, target)


def comment(con: duckdb.DuckDBPyConnection, catalog: str, model: Model, columns: Iterable[str]) -> None:
    """Write a model's purpose, grain and column notes into the catalog, Vietnamese first."""
    duck.comment_on_table(con, catalog, model.name, f"{model.purpose} · {model.grain}")
    for name in columns:
        note = model.columns[name]
        duck.comment_on_column(con, catalog, model.name, name, f"{note.vi} — {note.en}")


def close_edition(con: duckdb.DuckDBPyConnection, file: Path, catalog: str) -> None:
    """Flush the file, let go of it and make it read-only."""
    duck.detach(con, catalog)
    file.chmod(READ_ONLY_FILE)
