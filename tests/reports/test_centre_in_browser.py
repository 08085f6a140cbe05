"""The pages of the Centre in a browser: clean, found by searching, remembered choices, accessible, printable, any size."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from pypdf import PdfReader

from reports import (
    agency_pages,
    contracts,
    dictionary,
    indicator_pages,
    scorecard,
    search,
    service_pages,
    unit_pages,
)
from tests.reports import gallery
from tests.reports.browser import Watched, chromium, serious_violations, watch
from warehouse.storage import Home

pytestmark = pytest.mark.slow

PAGES = (
    *("index", "indicator/T10", "unit/34", "unit/336", "unit/12433"),
    *("agency/index", "agency/VPUB", "service/index", "service/09"),
    *("search", "contracts", "dictionary", "charts/gallery"),
)
THEMES = {"light": "Sáng", "dark": "Tối"}
A4_LANDSCAPE_MM = (297, 210)
FIRST_ROWS = 15


@pytest.fixture(scope="module")
def site(published_home: Home) -> Path:
    """All pages of the small release, and the gallery of charts beside them."""
    pages = (unit_pages, indicator_pages, agency_pages, service_pages, scorecard)
    for module in (*pages, dictionary, contracts, search):
        module.write(published_home)
    folder = Path(str(published_home.site))
    gallery.write(folder)
    return folder


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests."""
    with chromium() as started:
        yield started


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of a browser that remembers nothing."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


def opened(page: Page, site: Path, name: str) -> Page:
    page.goto((site / f"{name}.html").as_uri())
    return page


def drawn(page: Page) -> None:
    """Wait until the charts of a page that has some are there."""
    if page.locator("figure.chart").count():
        expect(page.locator("html")).to_have_attribute("data-charts", "drawn")


@pytest.mark.parametrize("name", PAGES)
def test_a_page_runs_clean_in_both_languages_and_asks_for_nothing(site: Path, page: Page, name: str) -> None:
    watched = watch(page)
    opened(page, site, name)
    drawn(page)
    for language in ("English", "Tiếng Việt"):
        page.get_by_role("button", name=language, exact=True).click()
        expect(page.locator("h1")).to_be_visible()
    drawn(page)
    assert watched == Watched()


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_serious(site: Path, page: Page, name: str, theme: str) -> None:
    opened(page, site, name)
    drawn(page)
    page.get_by_role("button", name=THEMES[theme], exact=True).click()
    assert serious_violations(page) == []


def test_the_way_to_a_line_is_in_sight_where_the_link_leads(site: Path, page: Page) -> None:
    page.goto(f"{(site / 'indicator/T10.html').as_uri()}#explain")
    command = page.locator("#explain ~ .scroll .command").first
    box = command.bounding_box()
    assert box
    assert 0 <= box["y"] <= 900 - box["height"]
    assert box["x"] + box["width"] <= 1280
    folded = page.locator("#explain ~ details pre").all()
    assert folded
    assert not [each for each in folded if each.is_visible()]


@pytest.mark.parametrize("name", ["index", "indicator/T10", "unit/336"])
def test_axe_finds_nothing_serious_on_a_telephone(site: Path, page: Page, name: str) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    opened(page, site, name)
    assert serious_violations(page) == []


def test_rows_are_cards_on_a_telephone_and_say_their_columns(site: Path, page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    cell = opened(page, site, "index").locator("#targets ~ .scroll td.number").first
    before = "element => getComputedStyle(element, '::before').content"
    assert cell.evaluate(before) == '"Thực hiện"'
    page.get_by_role("button", name="English", exact=True).click()
    assert cell.evaluate(before) == '"Value"'


def test_numbers_of_a_table_are_written_as_the_language_shown_writes_them(site: Path, page: Page) -> None:
    opened(page, site, "unit/34")
    row = page.locator("#T10")
    expect(row).to_contain_text("69,996\u00a0%")
    page.get_by_role("button", name="English", exact=True).click()
    expect(row).to_contain_text("69.996%")
    assert "69,996" not in row.inner_text()
    best = opened(page, site, "indicator/T10").locator("td.number.strong").first
    expect(best).to_have_text("75.0%")
    page.get_by_role("button", name="Tiếng Việt", exact=True).click()
    expect(best).to_have_text("75,0\u00a0%")


def test_a_screen_reader_hears_the_language_shown(site: Path, page: Page) -> None:
    opened(page, site, "unit/336")
    expect(page.get_by_role("region", name="Theo tháng", exact=True)).to_be_attached()
    page.get_by_role("button", name="English", exact=True).click()
    expect(page.get_by_role("region", name="By month", exact=True)).to_be_attached()
    assert page.get_by_role("region", name=re.compile("Theo tháng")).count() == 0
    # Also on the next page, where English was chosen before.
    page.get_by_role("link", name="Templates", exact=True).click()
    expect(page.get_by_role("region", name="Columns").first).to_be_attached()
    page.get_by_role("button", name="Tiếng Việt", exact=True).click()
    expect(page.get_by_role("region", name="Các cột").first).to_be_attached()


def visible(rows: Locator) -> int:
    """How many of the rows are in sight."""
    return sum(row.is_visible() for row in rows.all())


def test_a_long_table_begins_with_its_first_rows_and_shows_the_others_when_asked(site: Path, page: Page) -> None:
    table = opened(page, site, "unit/34").locator("#figures ~ .scroll table").nth(1)
    rows = table.locator("tbody tr")
    whole = rows.count()
    assert whole > FIRST_ROWS * 2
    assert visible(rows) == FIRST_ROWS
    button = page.get_by_role("button", name=f"Hiện cả {whole} dòng", exact=True)
    # Sorted anew it begins with what comes first then.
    last = rows.last.locator("td").first.inner_text()
    head = table.get_by_role("columnheader", name="Mã").get_by_role("button")
    head.click()
    head.click()
    assert visible(rows) == FIRST_ROWS
    assert rows.first.locator("td").first.inner_text() >= last
    button.focus()
    page.keyboard.press("Enter")
    assert visible(rows) == whole
    expect(page.get_by_role("button", name="Thu gọn", exact=True)).to_have_attribute("aria-expanded", "true")
    page.reload()
    page.emulate_media(media="print")
    assert visible(rows) == whole


def test_a_row_that_an_address_names_is_in_sight(site: Path, page: Page) -> None:
    last = opened(page, site, "unit/34").locator("#figures ~ .scroll table").nth(1).locator("tbody tr").last
    assert not last.is_visible()
    page.goto("about:blank")
    page.goto(f"{(site / 'unit/34.html').as_uri()}#{last_code(site)}")
    expect(page.locator(f"#{last_code(site)}")).to_be_in_viewport()


def last_code(site: Path) -> str:
    """The indicator of the last row of the figures without a target."""
    before, _, _ = (site / "unit/34.html").read_text(encoding="utf-8").partition("id=months")
    return str(re.findall(r"<tr id=(\w+)", before)[-1])


def test_a_page_of_many_parts_lists_them_and_leads_there(site: Path, page: Page) -> None:
    contents = opened(page, site, "index").get_by_role("navigation", name="Trên trang này", exact=True)
    names = contents.get_by_role("link").all_inner_texts()
    assert names == [
        heading.inner_text().removesuffix("mô phỏng").strip() for heading in page.locator("main > h2[id]").all()
    ]
    contents.get_by_role("link", name="Theo huyện, thành phố").click()
    expect(page.locator("#districts")).to_be_in_viewport()
    page.get_by_role("button", name="English", exact=True).click()
    english = page.get_by_role("navigation", name="On this page", exact=True)
    expect(english.get_by_role("link", name="By district")).to_be_visible()
    # Of a page of few parts there is nothing to list.
    assert opened(page, site, "agency/index").locator("nav.contents").count() == 0


def test_all_of_a_tile_leads_to_its_indicator(site: Path, page: Page) -> None:
    tile = opened(page, site, "index").locator(".wall li").first
    address = tile.get_by_role("link").get_attribute("href")
    box = tile.bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] - 5, box["y"] + box["height"] - 5)
    expect(page).to_have_url(re.compile(re.escape(str(address))))


def test_on_a_telephone_a_column_headed_by_a_code_is_called_by_its_indicator(site: Path, page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    cell = opened(page, site, "agency/index").locator("tbody tr").first.locator("td").nth(2)
    before = "element => getComputedStyle(element, '::before').content"
    assert cell.evaluate(before) == '"Hồ sơ tiếp nhận trực tuyến"'
    page.get_by_role("button", name="English", exact=True).click()
    assert cell.evaluate(before) == '"Dossiers received online"'


def test_the_day_of_the_map_is_chosen_by_keyboard(site: Path, page: Page) -> None:
    maps = opened(page, site, "indicator/T10").locator(".maps > div")
    assert [each.is_visible() for each in maps.all()] == [True, False]
    page.get_by_role("radio", name="31/12/2023").focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("radio", name="01/07/2025")).to_be_checked()
    assert [each.is_visible() for each in maps.all()] == [False, True]


def test_a_map_is_taken_away_as_csv_in_the_language_shown(site: Path, page: Page) -> None:
    opened(page, site, "indicator/T10")
    page.get_by_role("button", name="English", exact=True).click()
    with page.expect_download() as taken:
        page.locator("#T10-map").get_by_role("button", name="Download CSV").click()
    assert taken.value.suggested_filename == "T10-map.csv"
    lines = taken.value.path().read_text("utf-8-sig").splitlines()
    assert lines == ["Unit,Figure", 'Le Hong Phong Ward,"50.0%, Not met"', 'Bo Xuyen Ward,"75.0%, Met"']


def test_axe_sees_what_is_wrong(site: Path, page: Page) -> None:
    opened(page, site, "index").evaluate("document.documentElement.removeAttribute('lang')")
    assert any(found.startswith("html-has-lang") for found in serious_violations(page))


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("width", [320, 390])
def test_no_page_is_wider_than_a_telephone(site: Path, page: Page, name: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    opened(page, site, name)
    drawn(page)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_the_sixteen_targets_fit_on_one_screen_of_a_wall(site: Path, page: Page) -> None:
    page.set_viewport_size({"width": 1920, "height": 1080})
    targets = opened(page, site, "index").locator(".wall li")
    assert targets.count() == 16
    lowest = targets.evaluate_all("all => Math.max(...all.map(each => each.getBoundingClientRect().bottom))")
    assert lowest <= 1080


@pytest.mark.parametrize("name", PAGES)
def test_a_page_prints_on_a4(site: Path, page: Page, name: str) -> None:
    opened(page, site, name)
    drawn(page)
    sheets = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages
    assert {tuple(round(float(side) / 72 * 25.4) for side in sheet.mediabox[2:]) for sheet in sheets} == {
        A4_LANDSCAPE_MM
    }


def test_typing_thai_thuy_without_marks_finds_it_from_any_page(site: Path, page: Page) -> None:
    opened(page, site, "unit/336")
    page.keyboard.press("/")
    field = page.get_by_role("combobox")
    expect(field).to_be_focused()
    field.press_sequentially("thai thuy")
    expect(page.get_by_role("option").first).to_contain_text("Huyện Thái Thụy")
    expect(page.get_by_role("option").first).to_contain_text("Huyện, thành phố · 341")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/unit/341\.html"))
    expect(page.locator("h1")).to_contain_text("Huyện Thái Thụy")


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("online dossiers", "T10"),
        ("hồ sơ trực tuyến", "T10"),
        ("thanh toán", "T11"),
        ("online payment", "T11"),
        ("P01", "P01"),
        ("hồ sơ tiếp nhận", "O01"),
    ],
)
def test_the_target_whose_title_fits_best_is_found_first(site: Path, page: Page, typed: str, code: str) -> None:
    field = opened(page, site, "index").get_by_role("combobox")
    field.fill(typed)
    expect(page.get_by_role("option").first).to_contain_text(f"· {code}")
    field.press("Enter")
    page.wait_for_url(re.compile(rf"/indicator/{code}\.html"))


def test_the_sixteen_targets_are_found_before_other_indicators(site: Path, page: Page) -> None:
    opened(page, site, "index").get_by_role("combobox").fill("online")
    expect(page.get_by_role("option").first).to_be_visible()
    kinds = [each.partition(" · ")[0] for each in page.locator("[role=option] span").all_inner_texts()]
    assert kinds == sorted(kinds, key=["Một trong mười sáu chỉ tiêu", "Chỉ tiêu"].index)
    assert len(set(kinds)) == 2


def test_search_is_worked_by_arrows_and_closed_by_escape(site: Path, page: Page) -> None:
    opened(page, site, "index")
    field = page.get_by_role("combobox")
    field.fill("phuong")
    options = page.get_by_role("option")
    expect(options.nth(0)).to_have_attribute("aria-selected", "true")
    field.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute("aria-activedescendant", "found-1")
    field.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()


def test_search_speaks_the_language_of_the_page(site: Path, page: Page) -> None:
    opened(page, site, "index")
    page.get_by_role("button", name="English", exact=True).click()
    page.get_by_role("combobox").fill("le hong phong")
    expect(page.get_by_role("option")).to_contain_text("Le Hong Phong Ward")
    expect(page.get_by_role("option")).to_contain_text("Commune · 12433 · Thai Binh City")


def test_language_and_theme_are_remembered_on_the_next_page(site: Path, page: Page) -> None:
    opened(page, site, "index")
    page.get_by_role("button", name="English", exact=True).click()
    page.get_by_role("button", name="Dark", exact=True).click()
    opened(page, site, "unit/336")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_language_and_theme_travel_in_links_where_the_browser_keeps_nothing(site: Path, page: Page) -> None:
    page.add_init_script("Object.defineProperty(window, 'localStorage', { get() { throw new Error('none'); } });")
    watched = watch(page)
    opened(page, site, "index")
    page.get_by_role("button", name="English", exact=True).click()
    page.get_by_role("button", name="Dark", exact=True).click()
    page.get_by_role("link", name="Index", exact=True).click()
    expect(page.get_by_role("heading", name=re.compile("^Index"))).to_be_visible()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.reload()
    expect(page.get_by_role("heading", name=re.compile("^Index"))).to_be_visible()
    assert watched == Watched()


def test_without_a_script_the_page_is_in_vietnamese_and_its_index_is_a_link_away(site: Path, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = opened(context.new_page(), site, "index")
    assert page.locator("html").get_attribute("lang") == "vi"
    page.get_by_role("link", name="Mục lục").click()
    page.get_by_role("link", name="Huyện Quỳnh Phụ").click()
    assert "338.html" in page.url
    context.close()


def test_what_can_be_pressed_is_large_enough_to_be_hit(site: Path, page: Page) -> None:
    opened(page, site, "index")
    small = page.locator("button:visible, input:visible").evaluate_all(
        "all => all.map(each => [each.textContent, each.getBoundingClientRect()])"
        ".filter(([, box]) => box.height < 24 || box.width < 24).map(([text]) => text)"
    )
    assert small == []


def test_focus_is_seen(site: Path, page: Page) -> None:
    opened(page, site, "index")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    width = page.evaluate("parseFloat(getComputedStyle(document.activeElement).outlineWidth)")
    assert width >= 2
