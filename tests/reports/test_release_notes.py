"""The release notes: what moved between two releases, by which deliveries, and what is said when nothing can be."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import duckdb
import pytest

from reports import published, release_notes
from reports.wording import Bilingual
from tests.reports.article import FIGURES, Figure, publish_figures
from tests.reports.test_centre_pages import Read
from warehouse.difference import Difference, TableDifference
from warehouse.publishing import rollback
from warehouse.storage import Home, open_home

OFFICE = Bilingual("Văn phòng UBND tỉnh mới VPUB", "New office VPUB")
FIRST, SECOND = "1111111111111111", "2222222222222222"


def arrive(root: Path, release: str, *sendings: str) -> None:
    with duckdb.connect(str(root / "releases" / release / "analyst.duckdb")) as con:
        for sending in sendings:
            con.execute(
                "INSERT INTO quality.delivery (sending_id, delivery_id, extract, supplier_code, period, file_name, "
                "received_at, status, rows_read, rows_accepted) VALUES "
                "(?, 'd', 'one_stop_dossier', 'VPUB', '2023-12-31', ?, '2024-01-24 08:00:00+07', 'accepted', 5, 4)",
                [sending, f"{sending}.json"],
            )


def tell(root: Path, release: str, tables: dict[str, Any]) -> None:
    """Write into a release's own record how many rows its tables have."""
    record = root / "releases" / release / "release.json"
    record.write_text(json.dumps({**json.loads(record.read_text()), "tables": tables}), encoding="utf-8")


def two_releases(root: Path) -> Home:
    """Two releases; in the second a share moved by less than is usually shown, a target was reached, one figure came."""
    without = {code: figure for code, figure in FIGURES.items() if code != "O08"}
    publish_figures(root, without, release_id=FIRST, as_of="2024-01-23 22:00:00+07")
    moved = {"T10": Figure(6204, 10_000, 0.7, 0.6204, "not_met"), "T11": Figure(50, 100, 0.5, 0.5, "met")}
    home = publish_figures(root, {**FIGURES, **moved}, release_id=SECOND)
    arrive(root, FIRST, "known", "withdrawn")
    arrive(root, SECOND, "known", "new")
    for release in (FIRST, SECOND):
        with duckdb.connect(str(root / "releases" / release / "analyst.duckdb")) as con:
            con.execute("CREATE TABLE core.fact_dossier (dossier_code TEXT)")
            con.execute("INSERT INTO meta.table (table_name, purpose) VALUES ('core.fact_dossier', 'Hồ sơ — Dossiers')")
    tell(root, FIRST, {"core.fact_dossier": {"rows": 1000, "hash": "a"}, "meta.table": {"rows": 9, "hash": "m"}})
    tell(root, SECOND, {"core.fact_dossier": {"rows": 1234, "hash": "b"}, "meta.table": {"rows": 9, "hash": "m"}})
    return home


def sheet_of(home: Home, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((home.site / f"{name}.csv").read_bytes().decode("utf-8-sig"))))


def written(home: Home) -> str:
    return release_notes.write(home)[0].read_text(encoding="utf-8")


def test_figures_that_moved_are_shown_and_no_others_status_first(tmp_path: Path) -> None:
    home = two_releases(tmp_path)
    html = written(home)
    moved = sheet_of(home, f"release-{SECOND}-moved")
    assert [(row["kpi_code"], row["numerator_before"], row["numerator_after"]) for row in moved] == [
        ("O08", "", "10658"),
        ("T11", "3497", "50"),
        ("T10", "620", "6204"),
    ]
    assert "<title>3 con số toàn tỉnh thay đổi ở bản hiện hành (mô phỏng)</title>" in html


def test_points_that_moved_are_shown_as_points(tmp_path: Path) -> None:
    publish_figures(tmp_path, {"M02": Figure(1900, 2000, value=19.0)}, release_id=FIRST)
    home = publish_figures(tmp_path, {"M02": Figure(1944, 2000, value=19.44)}, release_id=SECOND)
    assert "Progress M02 19.00 19.44 19.00 19.44 No target" in Read(written(home), "en").text


def test_a_move_too_small_for_one_decimal_is_still_seen(tmp_path: Path) -> None:
    html = written(two_releases(tmp_path))
    assert "62,00\u00a0%" in html
    assert "62,04\u00a0%" in html


def test_the_deliveries_in_between_are_named(tmp_path: Path) -> None:
    home = two_releases(tmp_path)
    written(home)
    arrived = sheet_of(home, f"release-{SECOND}-arrived")
    assert {(row["file_name"], row["movement"]) for row in arrived} == {
        ("new.json", "arrived"),
        ("withdrawn.json", "left_out"),
    }


def test_rows_of_each_table_before_and_after(tmp_path: Path) -> None:
    html = written(two_releases(tmp_path))
    assert re.search(r"core\.fact_dossier</code></a></th>.*?1\.000.*?1\.234.*?đã đổi", html)
    assert re.search(r"meta\.table</code></th>[^\n]*như trước", html)


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("vi", ("Hồ sơ core.fact_dossier", "Thanh toán trực tuyến T11", "Hồ sơ một cửa one_stop_dossier", OFFICE.vi)),
        ("en", ("Dossiers core.fact_dossier", "Online payment T11", "One-stop dossiers one_stop_dossier", OFFICE.en)),
    ],
)
def test_tables_indicators_extracts_and_suppliers_are_named_beside_their_codes(
    tmp_path: Path, language: str, told: tuple[str, ...]
) -> None:
    html = written(two_releases(tmp_path))
    shown = Read(html, language).text
    for text in told:
        assert text in shown
    assert 'href="dictionary.html#core-fact_dossier"' in html
    # A table that the current release does not hold is called by its name.
    assert "meta.table 9 9" in shown


def test_what_was_counted_when_the_release_was_built_stands_beside_its_tables(tmp_path: Path) -> None:
    home = two_releases(tmp_path)
    table = TableDifference("core.fact_dossier", 1000, 1234, False, added=1240, removed=6, changed=77)
    counted = Difference(FIRST, SECOND, False, (table,), 0, 0, ())
    keep_difference(home, SECOND, counted)
    assert "thêm 1.240, mất 6, đổi 77" in written(home)
    keep_difference(home, SECOND, replace(counted, before="3333333333333333"))
    assert "1.240" not in written(home)


def keep_difference(home: Home, release: str, difference: Difference) -> None:
    kept = Path(str(home.records)) / release
    kept.mkdir(parents=True, exist_ok=True)
    (kept / "diff.json").write_text(json.dumps(difference.to_json()), encoding="utf-8")


def test_the_first_release_says_so(tmp_path: Path) -> None:
    html = written(publish_figures(tmp_path))
    assert "Bản đầu tiên" in html
    assert "The first release" in html


def test_a_release_of_another_shape_is_not_compared_and_says_so(tmp_path: Path) -> None:
    home = two_releases(tmp_path)
    with duckdb.connect(str(tmp_path / "releases" / FIRST / "analyst.duckdb")) as con:
        con.execute("ALTER TABLE mart.kpi_scorecard DROP COLUMN target")
    assert "Không so sánh được" in written(home)


def test_after_a_rollback_the_page_speaks_of_the_release_in_place(tmp_path: Path) -> None:
    home = two_releases(tmp_path)
    rollback(home, FIRST)
    html = written(home)
    current = re.search(r'href="#(\w+)"><code>\w+</code></a> <span class="tag">', html)
    assert current is not None
    assert current.group(1) == FIRST


def test_only_the_newest_releases_are_compared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = two_releases(tmp_path)
    publish_figures(tmp_path, release_id="3333333333333333", as_of="2024-01-25 22:00:00+07")
    monkeypatch.setattr(release_notes, "COMPARED", 1)
    names = {file.name for file in release_notes.write(home)}
    assert names == {"releases.html", "release-3333333333333333-moved.csv", "release-3333333333333333-arrived.csv"}


def test_the_sql_shown_runs_from_the_warehouse_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    html = written(two_releases(tmp_path))
    queries = [unescape(sql) for sql in re.findall(r'<pre[^>]*><code class="sql">(.*?)</code></pre>', html, re.DOTALL)]
    assert len(queries) == 2
    monkeypatch.chdir(tmp_path)
    for sql, rows in zip(queries, (3, 2), strict=True):
        with duckdb.connect() as con:
            assert len(con.execute(sql).fetchall()) == rows


def test_nothing_is_noted_before_the_first_release(tmp_path: Path) -> None:
    with pytest.raises(published.NothingPublishedError):
        release_notes.write(open_home(tmp_path))
