"""The nightly's page: who sent on time, who owes what, what was corrected, and what the rules found when."""

from __future__ import annotations

import csv
import io
import re
from html import unescape
from pathlib import Path

import duckdb
import pytest

from reports import nightly, published
from schemas.extracts import all_extracts
from tests.reports.article import publish_figures
from warehouse.storage import Home

DELIVERIES = """
DELETE FROM quality.coverage;
INSERT INTO quality.coverage VALUES
    ('identity_issuance', 'CATB', '2023-W01', '2023-01-09', 'accepted'),
    ('identity_issuance', 'CATB', '2023-W02', '2023-01-16', 'accepted'),
    ('identity_issuance', 'CATB', '2023-W03', '2023-01-23', 'refused'),
    ('identity_issuance', 'CATB', '2024-W02', '2024-01-15', 'missing'),
    ('identity_issuance', 'CATB', '2024-W03', '2024-01-22', 'late'),
    ('identity_issuance', 'CATB', '2024-W04', '2024-01-29', 'not_due'),
    ('procedure_catalogue', 'VPUB', '2023-01-01', NULL, 'accepted'),
    ('one_stop_dossier', 'VPUB', '2024-01-23', '2024-01-24', 'due');
INSERT INTO quality.delivery VALUES
    ('s1', 'd1', 'identity_issuance', 'CATB', '2023-W01', NULL, 'w01.xlsx', '2023-01-09 23:59:59+07', 'accepted',
     NULL, NULL, NULL, 10, 10, 0, 0),
    ('s2', 'd2', 'identity_issuance', 'CATB', '2023-W02', NULL, 'w02.xlsx', '2023-01-17 00:00:01+07', 'superseded',
     NULL, NULL, NULL, 10, 7, 2, 1),
    ('s3', 'd3', 'identity_issuance', 'CATB', '2023-W02', NULL, '=w02b.xlsx', '2023-02-01 08:00:00+07', 'accepted',
     NULL, NULL, NULL, 10, 10, 0, 0),
    ('s4', 'd3', 'identity_issuance', 'CATB', '2023-W02', NULL, 'w02b.xlsx', '2023-02-02 08:00:00+07', 'duplicate',
     NULL, NULL, NULL, 10, 10, 0, 0),
    ('s5', 'd5', 'identity_issuance', 'CATB', '2023-W03', NULL, 'w03.xlsx', '2023-01-20 08:00:00+07', 'refused',
     'file.empty', 'Tệp <i>rỗng</i>.', 'An empty file.', NULL, 0, 0, NULL),
    ('s6', 'd6', 'procedure_catalogue', 'VPUB', '2023-01-01', NULL, 'tthc.xlsx', '2023-01-05 08:00:00+07', 'accepted',
     NULL, NULL, NULL, 10, 10, 0, 0);
INSERT INTO quality.rule_result VALUES
    ('d2', 'identity_issuance', 'file.structural', 'gate', 'quarantine', 1),
    ('d3', 'identity_issuance', 'file.structural', 'gate', 'quarantine', 1234),
    ('d2', 'identity_issuance', 'forgotten.rule', 'gate', 'warn', 2);
INSERT INTO quality.header_drift VALUES
    ('d3', 'identity_issuance', 'CATB', '2023-W02', 'Tiêu đề cột khác.', 'Other titles.');
INSERT INTO quality.column_drift VALUES
    ('d3', 'identity_issuance', 'CATB', '2023-W02', 'eid_target', 'filled_share', 'Có giá trị ở 40%.', 'Filled in 40%.'),
    ('d2', 'identity_issuance', 'CATB', '2023-W02', 'eid_target', 'filled_share', 'Bản cũ.', 'The earlier one.');
"""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    published_home = publish_figures(tmp_path)
    with duckdb.connect(str(tmp_path / "releases" / "current" / "analyst.duckdb")) as con:
        con.execute(DELIVERIES)
    return published_home


def sheet_of(home: Home, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((home.site / f"{name}.csv").read_bytes().decode("utf-8-sig"))))


def written(home: Home) -> str:
    return nightly.write(home)[0].read_text(encoding="utf-8")


def test_a_file_is_on_time_until_the_last_second_of_its_due_day(home: Home) -> None:
    written(home)
    (police,) = [row for row in sheet_of(home, "nightly-suppliers") if row["supplier_code"] == "CATB"]
    counted = {name: police[name] for name in police if name not in ("extract", "supplier_code")}
    assert counted == {
        "owed": "5", "on_time": "1", "came_late": "1", "awaited": "0", "late": "1", "missing": "1", "refused": "1"
    }  # fmt: skip


def test_every_owed_period_is_in_exactly_one_state(home: Home) -> None:
    written(home)
    for row in sheet_of(home, "nightly-suppliers"):
        states = ("on_time", "came_late", "awaited", "late", "missing", "refused")
        assert int(row["owed"]) == sum(int(row[name]) for name in states)


def test_what_is_owed_comes_longest_overdue_first_and_says_why(home: Home) -> None:
    html = written(home)
    owed = sheet_of(home, "nightly-owed")
    assert [(row["period"], row["days_overdue"]) for row in owed] == [
        ("2023-W03", "366"),
        ("2024-W02", "9"),
        ("2024-W03", "2"),
        ("2024-01-23", "0"),
    ]
    assert owed[0]["refusal_vi"] == "Tệp <i>rỗng</i>."
    assert "&lt;i&gt;rỗng" in html
    assert "<i>rỗng" not in html
    # one is refused, one missing, one late; what is due today is not overdue
    assert "<title>3 tệp quá hạn chưa có bản dùng được (mô phỏng)</title>" in html


def test_a_correction_is_shown_with_what_it_mended_and_a_repetition_is_none(home: Home) -> None:
    written(home)
    (correction,) = sheet_of(home, "nightly-corrections")
    assert (correction["status_before"], correction["status"]) == ("superseded", "accepted")
    assert (correction["set_apart_before"], correction["set_apart"]) == ("3", "0")
    # a file name that a spreadsheet would compute is made harmless
    assert correction["file_name"] == "'=w02b.xlsx"


def test_what_is_unlike_before_is_shown_for_files_that_count(home: Home) -> None:
    html = written(home)
    drift = sheet_of(home, "nightly-drift")
    assert [(row["column_name"], row["message_en"]) for row in drift] == [
        ("eid_target", "Filled in 40%."),
        ("", "Other titles."),
    ]
    assert "Tiêu đề cột khác." in html
    # A column is called as its contract calls it.
    title = next(column.vi for column in all_extracts()["identity_issuance"].columns if column.name == "eid_target")
    assert f"{title}</span>" in html
    assert '<code class="small">eid_target</code>' in html
    assert "Bản cũ." not in html


def test_rules_are_counted_by_month_and_lead_to_their_wording(home: Home) -> None:
    html = written(home)
    (structural,) = [row for row in sheet_of(home, "nightly-rules") if row["rule_code"] == "file.structural"]
    assert (structural["found_rows"], structural["deliveries"]) == ("1235", "2")
    assert "01/2023: 1; 02/2023: 1.234" in html
    targets = set(re.findall(r'id="(rule-[^"]+)"', html))
    links = set(re.findall(r'href="#(rule-[^"]+)"', html))
    assert links == targets == {"rule-identity_issuance-file.structural"}
    assert "Dòng hỏng cấu trúc: …." in html
    assert "forgotten.rule" in html


def test_the_sql_of_every_table_runs_and_gives_its_rows(home: Home) -> None:
    html = written(home)
    queries = [unescape(sql) for sql in re.findall(r'<pre[^>]*><code class="sql">(.*?)</code></pre>', html, re.DOTALL)]
    assert len(queries) == 6
    with published.current_release(home) as con:
        counts = [len(con.execute(sql).fetchall()) for sql in queries]
    names = ("owed", "suppliers", "refused", "corrections", "drift", "rules")
    assert counts == [len(sheet_of(home, f"nightly-{name}")) for name in names] == [4, 3, 1, 1, 2, 2]


def test_with_nothing_to_tell_the_page_says_so_and_its_files_have_headings(tmp_path: Path) -> None:
    home = publish_figures(tmp_path)
    with duckdb.connect(str(tmp_path / "releases" / "current" / "analyst.duckdb")) as con:
        con.execute("DELETE FROM quality.coverage")
    html = written(home)
    assert "Không tệp nào quá hạn" in html
    assert html.count("Không có gì.") == 6
    heading = (home.site / "nightly-rules.csv").read_text(encoding="utf-8-sig")
    assert heading.startswith("extract,rule_code")
