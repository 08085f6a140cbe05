"""Charts as a browser draws them: under the strict policy, in the language and theme shown, and taken away as CSV."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.reports import gallery
from tests.reports.browser import Watched, chromium, watch

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Where the gallery of charts lies."""
    return gallery.write(tmp_path_factory.mktemp("site")).as_uri()


@pytest.fixture(scope="module")
def opened(address: str) -> Iterator[tuple[Page, Watched]]:
    """The gallery, opened once; a test that changes it changes it back."""
    with chromium() as browser:
        page = browser.new_page()
        watched = watch(page)
        page.goto(address)
        expect(page.locator("html")).to_have_attribute("data-charts", "drawn")
        yield page, watched


def texts_of(page: Page, name: str) -> str:
    return "|".join(page.locator(f"figure.chart:has(#{name}) svg.marks text").all_text_contents())


def test_every_chart_is_drawn_without_complaint_and_asks_for_nothing(opened: tuple[Page, Watched]) -> None:
    page, watched = opened
    for name in gallery.TITLES:
        assert page.locator(f"figure.chart:has(#{name}) svg.marks").is_visible()
        assert "NaN" not in texts_of(page, name)
        assert "undefined" not in texts_of(page, name)
    assert watched == Watched()


def test_charts_speak_the_language_of_the_page_and_write_its_numbers(opened: tuple[Page, Watched]) -> None:
    page, _ = opened
    expect(page.locator("figure.chart:has(#persons) svg.marks")).to_contain_text("100.000")
    assert "Mục tiêu 70,0\u00a0%" in texts_of(page, "line")
    assert "Huyện Vũ Thư  ▲ 62,5\u00a0%" in texts_of(page, "bars")
    page.get_by_role("button", name="English", exact=True).click()
    expect(page.locator("figure.chart:has(#persons) svg.marks")).to_contain_text("100,000")
    assert "Target 70.0%" in texts_of(page, "line")
    assert "Before it was due" in texts_of(page, "parts")
    page.get_by_role("button", name="Tiếng Việt", exact=True).click()
    expect(page.locator("figure.chart:has(#persons) svg.marks")).to_contain_text("100.000")


def test_a_unit_without_a_value_stays_in_the_chart(opened: tuple[Page, Watched]) -> None:
    page, _ = opened
    assert "Huyện Tiền Hải  ◆ —" in texts_of(page, "bars")


def test_bars_take_the_colours_of_the_theme(opened: tuple[Page, Watched]) -> None:
    page, _ = opened
    bar = page.locator('figure.chart:has(#bars) svg.marks path[fill="var(--met)"]').first
    fill = "element => getComputedStyle(element).fill"
    page.get_by_role("button", name="Sáng", exact=True).click()
    light = bar.evaluate(fill)
    page.get_by_role("button", name="Tối", exact=True).click()
    dark = bar.evaluate(fill)
    assert (light, dark) == ("rgb(11, 107, 58)", "rgb(95, 211, 150)")


def test_the_table_of_a_chart_is_taken_away_as_csv(opened: tuple[Page, Watched], tmp_path: Path) -> None:
    page, _ = opened
    figure = page.locator("figure.chart:has(#bars)")
    figure.locator("summary").click()
    with page.expect_download() as download:
        figure.get_by_role("button", name=re.compile("CSV")).click()
    assert download.value.suggested_filename == "bars.csv"
    file = tmp_path / "bars.csv"
    download.value.save_as(file)
    assert file.read_bytes().decode("utf-8-sig").splitlines() == [
        "Đơn vị,Giá trị,Mục tiêu,Trạng thái",
        "Huyện Thái Thụy,0.75,0.7,Đạt",
        "Huyện Vũ Thư,0.625,0.7,Chưa đạt",
        "Huyện Tiền Hải,,0.7,Chưa đủ dữ liệu",
    ]
