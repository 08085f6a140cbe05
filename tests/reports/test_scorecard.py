"""The scorecard page: what it must say, what it must never do, and whether its queries lead to the rows."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import polars as pl
import pytest

from reports import drill, published, scorecard
from reports.year import PROVINCE
from schemas.reference import tables
from warehouse.storage import Home, open_home

YEAR: published.Parameters = {"unit_key": "34@2020-03-01", "first_day": date(2023, 1, 1), "day_after": date(2024, 1, 1)}


class Page(HTMLParser):
    """What a test looks at in a page: table rows by id, tags with their attributes, texts by language."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.row_text: dict[str, str] = {}
        self._row: str | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag == "tr":
            self._row = dict(attrs).get("id")

    def handle_data(self, data: str) -> None:
        if self._row:
            self.row_text[self._row] = self.row_text.get(self._row, "") + data


def written(home: Home) -> str:
    (file,) = scorecard.write(home)
    assert file == home.site / "index.html"
    return file.read_text(encoding="utf-8")


def test_every_indicator_has_a_row_and_targets_not_met_come_first(published_home: Home) -> None:
    rows = Page(written(published_home)).row_text
    assert set(rows) == set(tables.indicator()["kpi_code"])
    sixteen = [code for code in rows if code.startswith("T")]
    assert len(sixteen) == 16
    assert sixteen[:2] == ["T10", "T16"]


def test_title_says_the_finding_in_vietnamese_first(published_home: Home) -> None:
    html = written(published_home)
    assert "<title>14 trên 16 chỉ tiêu chuyển đổi số đạt năm 2023 (mô phỏng)</title>" in html
    assert '<html lang="vi" data-language="vi"' in html
    assert "14 of 16 digital-transformation targets met in 2023" in html


def test_numbers_are_written_the_vietnamese_way(published_home: Home) -> None:
    rows = Page(written(published_home)).row_text
    assert "1.234.567" in rows["P01"]
    assert "1.234.567\u00a0đồng" in rows["P04"]
    assert "54,0\u00a0%" in rows["T07"]
    assert "1.234 / 5.678" in rows["T07"]


def test_rounding_never_shows_a_missed_target_as_reached(published_home: Home) -> None:
    row = Page(written(published_home)).row_text["T10"]
    assert "Chưa đạt" in row
    assert "69,996\u00a0%" in row
    assert "còn thiếu 0,004 điểm %" in row


def test_status_is_said_by_word_shape_and_colour(published_home: Home) -> None:
    html = written(published_home)
    (style,) = (file.read_text(encoding="utf-8") for file in (published_home.site / "assets").glob("page.*.css"))
    words = {"met": "Đạt", "not_met": "Chưa đạt", "insufficient_data": "Chưa đủ dữ liệu"}
    for code, status in (("T07", "met"), ("T10", "not_met"), ("T16", "insufficient_data")):
        row = html[html.index(f'<tr id="{code}">') :]
        row = row[: row.index("</tr>")]
        assert f'class="status status-{status}"' in row
        assert f'href="#shape-{status}"' in row
        assert words[status] in row
        assert f'<symbol id="shape-{status}"' in html
        assert f".status-{status} {{" in style


def test_every_figure_says_its_basis_and_that_it_is_simulated(published_home: Home) -> None:
    rows = Page(written(published_home)).row_text
    for row in tables.indicator().iter_rows(named=True):
        assert ("đã công bố" if row["basis"] == "reported" else "giả định") in rows[row["kpi_code"]]
        assert "mô phỏng" in rows[row["kpi_code"]]
        assert "simulated" in rows[row["kpi_code"]]


def test_real_figures_are_not_called_simulated(publish: Callable[[bool], Home]) -> None:
    html = written(publish(False))
    assert "mô phỏng" not in html
    assert "simulated" not in html


def test_page_asks_nothing_of_the_network_and_runs_only_its_own_script(published_home: Home) -> None:
    html = written(published_home)
    page = Page(html)
    for _, attributes in page.tags:
        for name in ("src", "href", "action", "data"):
            assert not re.match(r"(?i)(https?:)?//", attributes.get(name) or "")
        assert not [name for name in attributes if name.startswith("on") or name == "style"]
    (policy,) = [a["content"] for _, a in page.tags if a.get("http-equiv") == "Content-Security-Policy"]
    assert policy is not None
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    assert not [tag for tag, attributes in page.tags if tag == "script" and not attributes.get("src")]
    assert "style" not in [tag for tag, _ in page.tags]


def test_values_from_files_are_escaped(published_home: Home) -> None:
    html = written(published_home)
    assert "<b>31/02</b>" not in html
    assert "&lt;b&gt;31/02&lt;/b&gt;" in html


def test_quality_section_counts_sendings_and_names_what_is_missing(published_home: Home) -> None:
    html = written(published_home)
    assert "Bị từ chối" in html
    assert "Đã có bản thay thế" in html
    assert "2023-W05" in html
    assert "2023-W06" not in html
    assert "received_on.unreadable" in html


def test_data_quality_is_folded_away_below_the_scorecard(published_home: Home) -> None:
    html = written(published_home)
    quality = html[html.index('id="quality"') :]
    folds = re.findall(r'<details class="fold">\s*<summary><strong>(.*?)</summary>(.*?)</table>', quality, re.DOTALL)
    assert [re.findall(r'lang="vi">([^<]+)', summary)[0] for summary, _ in folds] == [
        *("Các lần gửi theo trạng thái", "Kỳ còn thiếu", "Lỗi theo quy tắc")
    ]
    assert quality.count("<table>") == len(folds)
    for summary, table in folds:
        rows = table.count('<th scope="row">')
        assert rows
        assert summary.endswith(f"({rows})")
    assert "<details" not in html[html.index('id="missed"') : html.index('id="targets"')]


def test_pages_are_refused_before_the_first_release(tmp_path: Path) -> None:
    with pytest.raises(published.NothingPublishedError):
        scorecard.write(open_home(tmp_path))


@pytest.mark.parametrize("code", tables.indicator().filter(pl.col("measure") != "points")["kpi_code"])
def test_every_indicator_has_evidence_that_names_file_and_row(published_home: Home, code: str) -> None:
    with published.current_release(published_home) as con:
        found = published.rows(con, f"evidence/{drill.EVIDENCE_OF[code]}", YEAR)
    assert found
    assert all(row["file_name"] and row["source_row"] for row in found)


def test_readable_queries_run_as_they_stand(published_home: Home) -> None:
    with published.current_release(published_home) as con:
        for name in set(drill.EVIDENCE_OF.values()):
            pasted = con.execute(published.readable(f"evidence/{name}", YEAR)).fetchall()
            assert pasted == [tuple(row.values()) for row in published.rows(con, f"evidence/{name}", YEAR)]
        place = {"kpi_code": "T10", "period": "2023", "unit_code": "34"}
        assert len(con.execute(published.readable("evidence/scorecard", place)).fetchall()) == 1


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("dossiers_received", ["A-1", "A-2", "A-5", "A-3"]),
        ("commune_dossiers", ["A-1", "A-2", "A-5", "A-3"]),
        ("dossiers_resolved", ["A-1", "A-2"]),
        ("essential_dossiers", ["A-1", "A-5"]),
        ("dossiers_carried_over", ["A-4"]),
        ("dossiers_in_process", ["A-4", "A-3"]),
        ("dossiers_withdrawn", ["A-5"]),
        ("dossiers_older_state", ["A-3"]),
    ],
)
def test_evidence_lists_each_dossier_once(published_home: Home, name: str, codes: list[str]) -> None:
    with published.current_release(published_home) as con:
        found = published.rows(con, f"evidence/{name}", YEAR)
    assert [row["dossier_code"] for row in found] == codes


@pytest.mark.parametrize("name", ["infrastructure", "identity"])
def test_evidence_of_a_standing_figure_is_the_last_report_only(published_home: Home, name: str) -> None:
    with published.current_release(published_home) as con:
        found = published.rows(con, f"evidence/{name}", YEAR)
    assert {row["period"] for row in found} in ({"2023-Q4"}, {"2023-W52"})
    assert len({tuple(row[key] for key in ("unit_code", "measure_code") if key in row) for row in found}) == len(found)


def test_districts_without_figures_are_shown(published_home: Home) -> None:
    with published.current_release(published_home) as con:
        place = {"period": "2023", "unit_code": PROVINCE}
        found = {row["unit_code"]: row for row in published.rows(con, "districts", place)}
    assert (found["336"]["received"], found["336"]["online_share"]) == (4, 0.5)
    assert (found["336"]["resolved"], found["336"]["on_time_share"]) == (2, 0.25)
    assert (found["338"]["received"], found["338"]["online_share"]) == (None, None)
