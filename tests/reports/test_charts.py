"""Charts: a table beside each, one sentence in both languages, kinds without data, programs that are what they say."""

from __future__ import annotations

import hashlib
import json
import re
from importlib.resources import files
from typing import Any

import pytest

from reports import chart_grammar, charts, site_assets
from reports.charts import Moment, Parted, Ranked
from reports.wording import Bilingual
from schemas.reference import tables
from tests.reports.gallery import MOMENTS, PARTED, RANKED, THAI_THUY

TITLE = Bilingual("Tiêu đề", "Title")
CELL = re.compile(r'<td data-rank="([^"]*)"')


def kinds() -> dict[str, dict[str, Any]]:
    stated = chart_grammar.script().decode()
    found: dict[str, dict[str, Any]] = json.loads(
        stated.removeprefix("globalThis.chartKinds = ").rstrip().removesuffix(";")
    )
    return found


def test_a_trend_keeps_every_period_in_its_table_and_leaves_out_no_gap() -> None:
    html = charts.trend("x", TITLE, MOMENTS, "share")
    cells = CELL.findall(html)
    assert cells[::3] == [moment.period for moment in MOMENTS]
    assert cells[1::3][-1] == ""
    assert "Từ 52,5\u00a0% (01/2023) đến 77,5\u00a0% (11/2023); mục tiêu 70,0\u00a0%." in html
    assert "From 52.5% (2023-01) to 77.5% (2023-11); the target is 70.0%." in html


def test_a_ranking_says_who_is_highest_and_lowest_and_each_status_in_words() -> None:
    html = charts.ranking("x", TITLE, RANKED, "share")
    assert "Cao nhất: Huyện Thái Thụy, 75,0\u00a0%; thấp nhất: Huyện Vũ Thư, 62,5\u00a0%." in html
    assert '<a href="../unit/341.html">' in html
    for words in ("Đạt", "Chưa đạt", "Chưa đủ dữ liệu"):
        assert f">{words}<" in html


def test_a_stacked_chart_says_how_much_was_late() -> None:
    html = charts.stacked("x", TITLE, PARTED)
    assert "Quá hạn: 21,3\u00a0% tổng số." in html
    assert "Late: 21.3% of all." in html


@pytest.mark.parametrize(
    "html",
    [
        charts.trend("x", TITLE, [], "share"),
        charts.ranking("x", TITLE, [Ranked(THAI_THUY, None, "insufficient_data")], "count"),
        charts.stacked("x", TITLE, [Parted(THAI_THUY, 0, None, 0)]),
    ],
)
def test_a_chart_of_nothing_says_so(html: str) -> None:
    assert "Chưa có số liệu." in html
    assert "No figures yet." in html


def test_names_are_escaped() -> None:
    html = charts.ranking("x", TITLE, [Ranked(Bilingual("<b>A</b>", "<i>B</i>"), 1, "met")], "count")
    assert "<b>A</b>" not in html
    assert "&lt;b&gt;A&lt;/b&gt;" in html
    assert charts.trend("x", TITLE, [Moment("<u>", 1)], "count").count("<u>") == 0


def test_every_measure_of_an_indicator_has_its_kinds_of_charts_in_both_languages() -> None:
    found = kinds()
    for measure in {*tables.indicator()["measure"], "mean", "points"}:
        for kind in ("trend", "ranking"):
            assert set(found[f"{kind}-{measure}"]) == {"vi", "en"}
    assert set(found["stacked"]) == {"vi", "en"}


def test_kinds_of_charts_hold_no_data_and_fetch_none() -> None:
    for languages in kinds().values():
        for stated in languages.values():
            text = json.dumps(stated)
            assert "datasets" not in stated
            assert '"url"' not in text
            assert '"name": "table"' in text


def test_kinds_of_charts_use_only_colours_of_the_theme() -> None:
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b", chart_grammar.script().decode()) == []


def test_the_programs_that_draw_are_those_that_their_list_names() -> None:
    vendor = files("reports").joinpath("vendor")
    listed = dict(
        re.findall(
            r"^\| `([\w.-]+)` .* `([0-9a-f]{64})` \|$", vendor.joinpath("README.md").read_text("utf-8"), re.MULTILINE
        )
    )
    present = {
        file.name: hashlib.sha256(file.read_bytes()).hexdigest()
        for file in vendor.iterdir()
        if file.name.endswith(".js")
    }
    assert listed == present
    assert set(present) < set(site_assets.DRAWING)
