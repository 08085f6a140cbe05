"""What differs between two releases, against a plain count in Python, and which differences go over a budget."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from warehouse import duck
from warehouse.budget import CHANGED_ALWAYS_ALLOWED, FIGURES_ALWAYS_ALLOWED, REMOVED_ALWAYS_ALLOWED, overruns
from warehouse.difference import Difference, TableDifference, compare
from warehouse.hashing import table_hash
from warehouse.publishing import PublishedRelease
from warehouse.storage import Home, open_home

Rows = Mapping[str | None, str | None]
_FIGURE = ("T10", "2023-05", 1, "province", 6.0, 10.0, 0.6, "not_met")
_numbers = count()


def release(
    folder: Path,
    dossiers: Rows,
    *,
    figures: tuple[tuple[Any, ...], ...] = (_FIGURE,),
    extra: str = "",
    as_of: str | None = "2023-12-31T23:59:00+07:00",
) -> PublishedRelease:
    """A release with one keyed table, one without a key, and a scorecard; `extra` is SQL run at the end."""
    release_id = f"{next(_numbers):016x}"
    (folder / release_id).mkdir(parents=True)
    con = duck.connect()
    duck.attach(con, folder / release_id / "analyst.duckdb", "made")
    con.execute("USE made; CREATE SCHEMA core; CREATE SCHEMA mart; CREATE SCHEMA quality")
    con.execute(
        "CREATE TABLE core.fact_dossier (dossier_code TEXT, status TEXT, file_name TEXT, source_delivery_id TEXT)"
    )
    con.executemany(
        "INSERT INTO core.fact_dossier VALUES (?, ?, uuid(), uuid())",
        [[*row] for row in dossiers.items()] or [[None, None]],
    )
    if not dossiers:
        con.execute("DELETE FROM core.fact_dossier")
    con.execute("CREATE TABLE quality.quarantine (rule_code TEXT)")
    con.execute("CREATE TABLE core.dim_period AS SELECT '2023-05' AS period, DATE '2023-05-31' AS last_on")
    con.execute("INSERT INTO core.dim_period VALUES ('2023-12', '2023-12-31')")
    con.execute(
        "CREATE TABLE mart.kpi_scorecard (kpi_code TEXT, period TEXT, unit_key BIGINT, unit_level TEXT, numerator DOUBLE,"
        " denominator DOUBLE, value DOUBLE, status TEXT, unit_code TEXT DEFAULT '34', target DOUBLE, title_vi TEXT,"
        " title_en TEXT, measure TEXT)"
    )
    for figure in figures:
        con.execute(
            "INSERT INTO mart.kpi_scorecard BY POSITION VALUES (?, ?, ?, ?, ?, ?, ?, ?, '34', NULL, '', '', '')",
            list(figure),
        )
    con.execute(extra)
    tables = {}
    for schema, name in con.execute("SELECT schema_name, table_name FROM duckdb_tables()").fetchall():
        rows, digest = table_hash(con, f"made.{schema}.{name}", con.table(f"made.{schema}.{name}").columns)
        tables[f"{schema}.{name}"] = {"rows": rows, "hash": digest}
    con.execute("USE memory")
    duck.detach(con, "made")
    con.close()
    record = {"release_id": release_id, "as_of": as_of, "rule_set_id": "r", "tables": tables}
    return PublishedRelease(release_id, folder / release_id, record, is_current=False)


def of(difference: Difference, name: str = "core.fact_dossier") -> TableDifference:
    return next(table for table in difference.tables if table.name == name)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return open_home(tmp_path / "home")


_rows = st.dictionaries(st.none() | st.sampled_from("abcdef"), st.none() | st.sampled_from("xyz"), max_size=6)


@hypothesis_settings(max_examples=12)
@given(before=_rows, after=_rows)
def test_rows_are_counted_as_a_plain_comparison_counts_them(
    tmp_path_factory: pytest.TempPathFactory, before: Rows, after: Rows
) -> None:
    folder = tmp_path_factory.mktemp("releases")
    found = of(compare(open_home(folder / "home"), release(folder, before), release(folder, after)))
    assert (found.added, found.removed, found.changed) == (
        len(after.keys() - before.keys()),
        len(before.keys() - after.keys()),
        sum(before[key] != after[key] for key in before.keys() & after.keys()),
    )


def test_a_table_without_a_key_shows_its_rows_only(home: Home, tmp_path: Path) -> None:
    older = release(tmp_path, {})
    newer = release(tmp_path, {}, extra="INSERT INTO quality.quarantine VALUES ('r')")
    found = of(compare(home, older, newer), "quality.quarantine")
    assert found == TableDifference("quality.quarantine", 0, 1, False, None, None, None)


def test_a_new_column_is_no_change_of_the_rows(home: Home, tmp_path: Path) -> None:
    older = release(tmp_path, {"a": "x"})
    newer = release(tmp_path, {"a": "x"}, extra="ALTER TABLE core.fact_dossier ADD COLUMN fee_vnd BIGINT DEFAULT 1")
    assert of(compare(home, older, newer)) == TableDifference("core.fact_dossier", 1, 1, False, 0, 0, 0)


def test_a_table_that_is_gone_lost_all_its_rows(home: Home, tmp_path: Path) -> None:
    older = release(tmp_path, {f"{number}": "x" for number in range(REMOVED_ALWAYS_ALLOWED + 1)})
    newer = release(tmp_path, {}, extra="DROP TABLE core.fact_dossier")
    (over,) = overruns(compare(home, older, newer))
    assert (over.table, over.what, over.found) == ("core.fact_dossier", "removed", REMOVED_ALWAYS_ALLOWED + 1)


def test_only_figures_of_periods_long_ended_are_counted_as_closed(home: Home, tmp_path: Path) -> None:
    recent = ("T10", "2023-12", 1, "province", 1.0, 1.0, 1.0, "met")
    commune = ("T10", "2023-05", 2, "commune", 1.0, 4.0, 0.25, "not_met")
    older = release(tmp_path, {}, figures=(_FIGURE, commune, recent))
    newer = release(tmp_path, {}, figures=(_FIGURE, (*commune[:6], 0.5, "met"), (*recent[:6], 0.5, "not_met")))
    found = compare(home, older, newer)
    assert (found.figures_closed, found.figures_closed_moved) == (2, 1)
    assert [(figure["period"], figure["value_before"], figure["value_after"]) for figure in found.province_figures] == [
        ("2023-12", 1.0, 0.5)
    ]


def test_a_scorecard_of_another_shape_counts_as_moved_altogether(home: Home, tmp_path: Path) -> None:
    older = release(tmp_path, {}, figures=(_FIGURE, ("T11", *_FIGURE[1:])))
    newer = release(tmp_path, {}, extra="ALTER TABLE mart.kpi_scorecard DROP COLUMN value")
    found = compare(home, older, newer)
    assert (found.figures_closed, found.figures_closed_moved, found.province_figures) == (2, 2, ())


def test_after_the_release_of_an_empty_ledger_everything_is_new(home: Home, tmp_path: Path) -> None:
    found = compare(home, release(tmp_path, {}, figures=(), as_of=None), release(tmp_path, {"a": "x"}))
    assert (of(found).added, found.figures_closed, overruns(found)) == (1, 0, ())


def test_a_difference_is_kept_as_it_was(home: Home, tmp_path: Path) -> None:
    found = compare(home, release(tmp_path, {"a": "x"}), release(tmp_path, {"a": "y"}, figures=()))
    assert Difference.from_json(found.to_json()) == found


_NOTHING = Difference("a", "b", False, (), 0, 0, ())


def with_dossiers(rows: int, **counts: int) -> Difference:
    counted = {"added": 0, "removed": 0, "changed": 0} | counts
    return replace(_NOTHING, tables=(TableDifference("core.fact_dossier", rows, rows, False, **counted),))


@pytest.mark.parametrize(
    ("difference", "over"),
    [
        (with_dossiers(1_000_000, added=1_000_000), []),
        (with_dossiers(100, changed=100, removed=100), []),
        (with_dossiers(100_000, removed=1_000), []),
        (with_dossiers(100_000, removed=1_001), ["removed"]),
        (with_dossiers(CHANGED_ALWAYS_ALLOWED, changed=CHANGED_ALWAYS_ALLOWED), []),
        (with_dossiers(CHANGED_ALWAYS_ALLOWED + 1, changed=CHANGED_ALWAYS_ALLOWED + 1), ["changed"]),
        (replace(_NOTHING, figures_closed=100, figures_closed_moved=100), []),
        (replace(_NOTHING, figures_closed=60_000, figures_closed_moved=6_000), []),
        (replace(_NOTHING, figures_closed=60_000, figures_closed_moved=6_001), ["moved"]),
        (replace(_NOTHING, figures_closed=1_001, figures_closed_moved=FIGURES_ALWAYS_ALLOWED + 1), ["moved"]),
        (replace(_NOTHING, tables=(TableDifference("quality.coverage", 90_000, 0, False, 0, 90_000, 0),)), []),
    ],
)
def test_a_budget_is_of_rows_removed_and_changed_and_of_closed_figures(difference: Difference, over: list[str]) -> None:
    assert [each.what for each in overruns(difference)] == over
