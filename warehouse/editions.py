"""Editions: a release cut for one clearance. There are no users and no grants in a file: what one may not see is not in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import duckdb

from warehouse import duck
from warehouse.macros import create_macros
from warehouse.slices import Base, SlicedBuild
from warehouse.sql_models import Clearance, Model

RESTRICTED_FILE = 0o440
"""Read-only too, and only for its owner and the group that may see all."""
READ_ONLY_FILE = 0o444
"""Most clients open read-write by default, and one that did would block all others."""


def cut_edition(
    con: duckdb.DuckDBPyConnection,
    models: Iterable[Model],
    file: Path,
    *,
    source: str,
    clearance: Clearance,
    build: SlicedBuild,
    contents: Mapping[str, tuple[int, str]],
) -> None:
    """Copy from the attached catalog `source` what a clearance permits into a new database file.

    Where the build takes over slices of the release in place, so does the edition; tables with the same contents stay.
    """
    target = clearance.value
    models = [model for model in models if model.visible_columns(clearance)]
    standing = open_file(con, file, target, build.base, lambda name: _stays(name, models, build, contents))
    for model in models:
        columns = model.visible_columns(clearance)
        group = build.group(model)
        if model.name in standing:
            if group is not None and group.catalog is not None:
                build.replace(model, group, target, columns)
        else:
            with duck.transaction(con):
                duck.create_schema(con, target, model.name.split(".")[0])
                duck.copy_table(con, f"{source}.{model.name}", f"{target}.{model.name}", columns)
                comment(con, target, model, columns)
    create_macros(con, target)
    close_edition(con, file, target)


def open_file(
    con: duckdb.DuckDBPyConnection,
    file: Path,
    catalog: str,
    base: Base | None,
    stays: Callable[[str], bool],
    *,
    encryption_key: str | None = None,
) -> frozenset[str]:
    """Attach a new database file; with a base, a copy of its file, in which the tables stay that `stays` says, and no other.

    Gives the names of the tables in it: none where there is no base, or its file is not what it was or cannot be read.
    """
    if base is not None and base.copy(file.name, file):
        try:
            duck.attach(con, file, catalog, encryption_key=encryption_key)
        except duckdb.Error:
            # Written when another key was set, or none.
            file.unlink()
        else:
            there = duck.tables_of(con, catalog)
            with duck.transaction(con):
                for table in there:
                    if not stays(table):
                        duck.drop_table(con, f"{catalog}.{table}")
            duck.checkpoint(con, catalog)
            return frozenset(filter(stays, there))
    duck.attach(con, file, catalog, encryption_key=encryption_key)
    return frozenset()


def _stays(name: str, models: Iterable[Model], build: SlicedBuild, contents: Mapping[str, tuple[int, str]]) -> bool:
    model = next((model for model in models if model.name == name), None)
    if model is None or build.base is None:
        return False
    group = build.group(model)
    if group is not None and group.catalog is not None:
        return True
    return name in contents and build.base.is_same(model, contents[name])


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
