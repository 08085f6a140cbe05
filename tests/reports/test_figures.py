"""Words for a missed figure: since when and how often, from the months that were judged, on pages of all kinds."""

from __future__ import annotations

from datetime import date

import duckdb
import pytest

from reports import figures, published
from reports.year import Year

STATUS_OF = {"M": "met", "n": "not_met", "?": "insufficient_data"}

_SCHEMA = """
CREATE SCHEMA mart; CREATE SCHEMA core;
CREATE TABLE core.dim_period AS
SELECT strftime(month, '%Y-%m') AS period, 'month' AS period_kind, strftime(month, '%Y') AS year_period
FROM (SELECT unnest(range(DATE '2022-01-01', DATE '2025-01-01', INTERVAL 1 MONTH))::DATE AS month)
UNION ALL
SELECT year, 'year', year FROM (VALUES ('2022'), ('2023'), ('2024')) AS years (year);
CREATE TABLE mart.kpi_scorecard (
    kpi_set TEXT, kpi_code TEXT, period TEXT, status TEXT, measure TEXT, direction TEXT, value DOUBLE, unit_key TEXT,
    unit_code TEXT, unit_level TEXT, agency_code TEXT, agency_level TEXT, service_code TEXT, service_no INTEGER,
    service_kind TEXT);
CREATE VIEW mart.kpi_agency AS FROM mart.kpi_scorecard;
CREATE VIEW mart.kpi_service AS FROM mart.kpi_scorecard;
"""

_FIGURE = """
INSERT INTO mart.kpi_scorecard VALUES
    ('target_16', 'T10', ?, ?, 'share', 'up', 0.5, '12433@2020-03-01', '12433', 'commune', 'H54.01', 'district',
     'TY09', 1, 'essential_service')
"""


def release_of(months: str) -> duckdb.DuckDBPyConnection:
    """The figures of T10: the year 2023 is missed, its months as the text says; before `|` stand those of 2022."""
    before, _, of_year = months.rpartition("|")
    marks = [("2023", "n"), ("2024-01", "M")]
    for year, told in (("2022", before), ("2023", of_year)):
        marks += [(f"{year}-{number:02d}", mark) for number, mark in enumerate(told, start=1)]
    con = duckdb.connect()
    con.execute(_SCHEMA)
    con.executemany(_FIGURE, [[period, STATUS_OF[mark]] for period, mark in marks if mark in STATUS_OF])
    return con


@pytest.mark.parametrize("query", ["standing", "agency_figures", "service_figures"])
@pytest.mark.parametrize(
    ("months", "vi", "en"),
    [
        (
            "nnnnnnnnnnnn",
            "chưa tháng nào đạt, từ khi có số liệu (tháng 1 năm 2023)",
            "missed in every month with figures (since January 2023)",
        ),
        (
            "..........nn|.n.n",
            "chưa tháng nào đạt, từ khi có số liệu (tháng 11 năm 2022)",
            "missed in every month with figures (since November 2022)",
        ),
        ("?..n", "chưa đạt; chỉ tháng 4 năm 2023 có số liệu", "missed; only April 2023 has figures"),
        (
            "nnnnnnnnnnMn",
            "11/12 tháng có số liệu chưa đạt; đạt lần cuối: tháng 11 năm 2023",
            "missed in 11 of the 12 months with figures; last met November 2023",
        ),
        (
            "nMnM?n..",
            "3/5 tháng có số liệu chưa đạt; đạt lần cuối: tháng 4 năm 2023",
            "missed in 3 of the 5 months with figures; last met April 2023",
        ),
        (
            "nnM",
            "2/3 tháng có số liệu chưa đạt; đạt lần cuối: tháng 3 năm 2023",
            "missed in 2 of the 3 months with figures; last met March 2023",
        ),
        ("MMMMMMMMMnnn", "từ tháng 10 năm 2023 (3 tháng liền)", "since October 2023 (3 months running)"),
        (
            "MMMMMMMMMn?n",
            "từ tháng 10 năm 2023 (cả 2 tháng có số liệu)",
            "since October 2023 (all 2 months with figures)",
        ),
        ("MMMMMMMMMMMn", "từ tháng 12 năm 2023", "since December 2023"),
        ("..........Mn|nnn", "từ tháng 12 năm 2022 (4 tháng liền)", "since December 2022 (4 months running)"),
        (
            "M.M",
            "mọi tháng có số liệu đều đạt, cả năm chưa đạt",
            "met in every month with figures, not in the year as a whole",
        ),
        ("", "chỉ xét theo năm", "judged by the year only"),
    ],
)
def test_a_missed_figure_says_how_often_since_when_and_when_it_was_last_met(
    query: str, months: str, vi: str, en: str
) -> None:
    (row,) = published.rows(release_of(months), f"pages/{query}", {"period": "2023"})
    assert figures.since(row) == (vi, en)


def test_units_with_the_same_value_are_marked_as_tied() -> None:
    con = release_of("nnn")
    for key, value in (("12436@2020-03-01", 0.5), ("12439@2020-03-01", 0.4)):
        con.execute(
            "INSERT INTO mart.kpi_scorecard SELECT * REPLACE (? AS unit_key, ? AS agency_code, ? AS service_code, ? AS value)"
            " FROM mart.kpi_scorecard WHERE unit_key = '12433@2020-03-01' AND period = '2023'",
            [key, key, key, value],
        )
    for query in ("standing", "agency_figures", "service_figures"):
        found = published.rows(con, f"pages/{query}", {"period": "2023"})
        assert sorted((row["place"], row["is_tied"]) for row in found) == [(1, True), (1, True), (3, False)]
    year = Year("2023", date(2023, 12, 31), {}, {}, {}, {})
    shown = [figures.place(row, year) for row in published.rows(con, "pages/standing", {"period": "2023"})]
    assert sorted(each.words.vi for each in shown if each) == ["1/3\u00a0=", "1/3\u00a0=", "3/3"]
