"""What differs between two releases: rows of each table by its key, and figures. Numbers and codes only, never a row.

How much may differ before a person has to look belongs in `budget`; where the result is kept, in `publishing`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import Any

import duckdb
import polars as pl
from sqlglot import exp

from warehouse import duck
from warehouse.hashing import row_digest
from warehouse.publishing import ANALYST_FILE, PublishedRelease
from warehouse.sql_models import Clearance, load_models
from warehouse.storage import Home

SCORECARD = "mart.kpi_scorecard"
DAYS_UNTIL_CLOSED = 60
"""Dossiers of a month are finished, and late reports of it arrive, well into the second month after it."""
_WHERE_FROM = frozenset({"source_delivery_id", "source_sheet", "source_row"})
"""A file sent again moves its rows to another delivery and says nothing new."""
_OLDER, _NEWER = "older", "newer"


@dataclass(frozen=True)
class TableDifference:
    """One table in two releases; None rows where a release has no such table, None counts where rows cannot be matched.

    They cannot where the table has no key, or is not for analysts.
    """

    name: str
    rows_before: int | None
    rows_after: int | None
    is_same: bool
    added: int | None
    removed: int | None
    changed: int | None


@dataclass(frozen=True)
class Difference:
    """Two releases side by side, the older one first.

    `figures_closed` counts the figures of periods that had ended 60 days before the older release's moment,
    `figures_closed_moved` those of them with another value or status now. `province_figures` are the province's figures
    that moved, of any period: codes, old and new. Where one of the two scorecards has another shape, all figures count as
    moved and none is shown.
    """

    before: str
    after: str
    is_under_other_rules: bool
    tables: tuple[TableDifference, ...]
    figures_closed: int
    figures_closed_moved: int
    province_figures: tuple[Mapping[str, Any], ...]

    def to_json(self) -> dict[str, Any]:
        """As it is kept beside the release."""
        return asdict(self)

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> Difference:
        """What `to_json` gave."""
        tables = tuple(TableDifference(**table) for table in said["tables"])
        return cls(**{**said, "tables": tables, "province_figures": tuple(said["province_figures"])})


def compare(
    home: Home,
    older: PublishedRelease,
    newer: PublishedRelease,
    changed: Mapping[str, exp.Expression | pl.DataFrame] = MappingProxyType({}),
) -> Difference:
    """Compare two releases whose files are there. Tables with equal content hashes are not opened.

    changed: for tables of which it is known, the only rows of both that may differ: a condition, or their keys.
    """
    with _side_by_side(home, older, newer) as con:
        figures, moved, of_province = _figures(con, older, changed.get(SCORECARD))
        return Difference(
            before=older.release_id,
            after=newer.release_id,
            is_under_other_rules=older.record["rule_set_id"] != newer.record["rule_set_id"],
            tables=tuple(_tables(con, older.record["tables"], newer.record["tables"], changed)),
            figures_closed=figures,
            figures_closed_moved=moved,
            province_figures=tuple(of_province),
        )


@contextmanager
def _side_by_side(home: Home, older: PublishedRelease, newer: PublishedRelease) -> Iterator[duckdb.DuckDBPyConnection]:
    with TemporaryDirectory(dir=home.scratch, prefix="spill-") as spill:
        con = duck.connect(spill_into=Path(spill))
        try:
            # Never encrypted, so releases can be compared whatever keys were set when they were built.
            for release, alias in ((older, _OLDER), (newer, _NEWER)):
                duck.attach(con, release.folder / ANALYST_FILE, alias, read_only=True)
            yield con
        finally:
            con.close()


def _tables(
    con: duckdb.DuckDBPyConnection,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    changed: Mapping[str, exp.Expression | pl.DataFrame],
) -> Iterator[TableDifference]:
    keys_of_tables = {model.name: model.key for model in load_models() if model.visible_columns(Clearance.ANALYST)}
    for name in sorted(before.keys() | after.keys()):
        was, now = before.get(name), after.get(name)
        rows_before, rows_after = was and was["rows"], now and now["rows"]
        is_same = was is not None and now is not None and was["hash"] == now["hash"]
        counts: tuple[int | None, int | None, int | None]
        if is_same:
            counts = (0, 0, 0)
        elif was is None or now is None:
            counts = (rows_after or 0, rows_before or 0, 0)
        else:
            counts = _by_key(con, name, keys_of_tables.get(name, ()), changed.get(name))
        yield TableDifference(name, rows_before, rows_after, is_same, *counts)


def _by_key(
    con: duckdb.DuckDBPyConnection, name: str, key: tuple[str, ...], only: exp.Expression | pl.DataFrame | None
) -> tuple[int | None, int | None, int | None]:
    """Rows added, removed and changed in the columns that both sides have, whatever file they came from.

    Nothing where the key is not on both sides.
    """
    if not key:
        return None, None, None
    sides = {alias: con.table(f"{alias}.{name}") for alias in (_OLDER, _NEWER)}
    shared = set(sides[_OLDER].columns) & set(sides[_NEWER].columns)
    if not set(key) <= shared:
        return None, None, None
    for alias in sides:
        rows = _only(con, f"{alias}.{name}", only)
        digests = rows.select(
            row_digest(rows, key).alias("row_key"), row_digest(rows, shared - _WHERE_FROM).alias("row_digest")
        )
        digests.create_view(f"{alias}_row", replace=True)
    added, removed, changed = con.execute(_query("rows")).fetchall()[0]
    return added, removed, changed


def _only(
    con: duckdb.DuckDBPyConnection, table: str, only: exp.Expression | pl.DataFrame | None
) -> duckdb.DuckDBPyRelation:
    if only is None:
        return con.table(table)
    rows = exp.select("*").from_(exp.to_table(table, dialect="duckdb").as_("one"))
    if isinstance(only, exp.Expression):
        return con.sql(rows.where(only).sql("duckdb"))
    keys = exp.to_identifier(f"keys of {table}", quoted=True)
    con.register(keys.name, only.to_arrow())
    same = duck.is_same("one", "keyed", only.columns)
    return con.sql(rows.join(exp.Table(this=keys).as_("keyed"), on=same, join_type="semi").sql("duckdb"))


def _figures(
    con: duckdb.DuckDBPyConnection, older: PublishedRelease, only: exp.Expression | pl.DataFrame | None
) -> tuple[int, int, list[dict[str, Any]]]:
    # A release of an empty ledger speaks of no moment, and no period is closed in it.
    closed_before = older.as_of.date() - timedelta(days=DAYS_UNTIL_CLOSED) if older.as_of else date.min
    try:
        for alias in (_OLDER, _NEWER):
            _only(con, f"{alias}.{SCORECARD}", only).create_view(f"{alias}_figure", replace=True)
        closed = con.execute(_query("closed_figures"), {"closed_before": closed_before}).fetchall()[0]
        result = con.execute(_query("province_figures"))
    except (duckdb.BinderException, duckdb.CatalogException):
        figures = int(older.record["tables"].get(SCORECARD, {"rows": 0})["rows"])
        return figures, figures, []
    columns = [column[0] for column in result.description]
    return closed[0], closed[1], [dict(zip(columns, values, strict=True)) for values in result.fetchall()]


def _query(name: str) -> str:
    return files("warehouse").joinpath("sql", "difference", f"{name}.sql").read_text(encoding="utf-8")
