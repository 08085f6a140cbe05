"""The communes below the online threshold: named where the target that counts them is missed, and not confused with T10."""

from __future__ import annotations

import duckdb
import pytest

from reports import indicator_pages, scorecard, threshold
from schemas.reference import tables
from tests.reports.conftest import RELEASE_ID, build_release
from tests.reports.test_centre_pages import Read, part, shown_code
from warehouse.storage import Home

_MISSED = """
UPDATE mart.kpi_scorecard SET numerator = 1, denominator = 3, value = 1 / 3, status = 'not_met' WHERE kpi_code = 'T16';
INSERT INTO core.dim_administrative_unit
SELECT '12439@2020-03-01', '12439', level, unit_type, 'Phường Đề Thám', 'De Tham', district_code, province_code, district_key,
    province_key, valid_from, valid_to, legal_act
FROM core.dim_administrative_unit WHERE unit_code = '12436';
INSERT INTO mart.kpi_scorecard BY NAME
SELECT * REPLACE ('O02' AS kpi_code, NULL AS target, 'not_applicable' AS status)
FROM mart.kpi_scorecard WHERE kpi_code = 'T10' AND period = '2023' AND unit_level = 'commune';
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Of three wards one has 3 of 4 dossiers online, one 2 of 4, and one has received none."""
    root = tmp_path_factory.mktemp("threshold")
    made = build_release(root)
    with duckdb.connect(str(root / "releases" / RELEASE_ID / "analyst.duckdb")) as con:
        con.execute(_MISSED)
    scorecard.write(made)
    indicator_pages.write(made)
    return made


def read(home: Home, page: str, language: str, first: str, until: str) -> Read:
    return Read(part((home.site / page).read_text("utf-8"), first, until), language)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "vi",
            (
                "Phường Lê Hồng Phong (50,0 %: 2 / 4), Phường Đề Thám (—: 0 / 0); mọi xã dưới ngưỡng",
                "2 xã, phường, thị trấn nhận trực tuyến dưới 60 % hồ sơ",
                "theo mục tiêu 70,0 % thì có 1 xã chưa đạt",
            ),
        ),
        (
            "en",
            (
                "Le Hong Phong Ward (50.0%: 2 / 4), De Tham Ward (—: 0 / 0); all communes below the threshold",
                "2 communes receive less than 60% of their dossiers online",
                "By the target of 70.0% for the same share 1 commune misses it",
            ),
        ),
    ],
)
def test_the_overview_names_the_communes_below_the_threshold(home: Home, language: str, words: tuple[str, ...]) -> None:
    shown = read(home, "index.html", language, "missed", "targets")
    for text in words:
        assert text in shown.text.replace("\u00a0", " ")
    assert {"indicator/T16.html#below", "unit/12433.html#T10", "indicator/T10.html"} <= set(shown.links)


def test_the_page_of_the_target_lists_what_its_sql_gives(home: Home) -> None:
    html = part((home.site / "indicator/T16.html").read_text("utf-8"), "below", "published")
    shown = Read(html)
    assert "Phường Lê Hồng Phong 50,0 % 2 / 4" in shown.text.replace("\u00a0", " ")
    assert "Phường Bồ Xuyên" not in shown.text
    (sql,) = shown_code(html, "sql")
    with duckdb.connect(str(home.releases / RELEASE_ID / "analyst.duckdb"), read_only=True) as con:
        assert [row[1] for row in con.execute(sql).fetchall()] == ["12433", "12439"]
    assert 'id="below"' not in (home.site / "indicator/T10.html").read_text("utf-8")


def test_the_title_of_the_target_says_its_threshold() -> None:
    (share,) = tables.parameter().filter(name="communes_online_threshold")["amount"]
    (title,) = tables.indicator().filter(kpi_code=threshold.CODE).select("title_vi", "title_en").iter_rows()
    assert f"{share * 100:.0f} %" in title[0]
    assert f"{share * 100:.0f}%" in title[1]
