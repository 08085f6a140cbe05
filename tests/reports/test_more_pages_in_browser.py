"""Report, deliveries, releases and dictionary as a browser shows them: clean, self-contained, sortable, searchable."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from playwright.sync_api import Page, sync_playwright
from pypdf import PdfReader

from reports import contracts, dictionary, monthly, nightly, release_notes
from tests.reports.article import FIGURES, Figure, publish_figures
from tests.reports.browser import serious_violations
from tests.reports.test_nightly_page import DELIVERIES
from warehouse.storage import Home

pytestmark = pytest.mark.slow

PAGES = {
    "report": ("Kết quả", "Results"),
    "nightly": ("Đang nợ", "Owed now"),
    "releases": ("Bản 2222222222222222", "Release 2222222222222222"),
    "dictionary": ("Các bảng", "Tables"),
    "contracts": ("Hồ sơ một cửa", "One-stop dossiers"),
}
A4_MM = (210, 297)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, published_home: Home) -> Home:
    """A home with two releases and the pages of the second; dictionary and contracts are those of the small release."""
    root = tmp_path_factory.mktemp("pages")
    publish_figures(root, release_id="1" * 16, as_of="2024-01-23 22:00:00+07")
    later = {**FIGURES, "T10": Figure(71, 100, 0.7, 0.71, "met")}
    made = publish_figures(root, later, release_id="2" * 16)
    with duckdb.connect(str(root / "releases" / "current" / "analyst.duckdb")) as con:
        con.execute(DELIVERIES)
    for module in (monthly, nightly, release_notes):
        module.write(made)
    for file in (*dictionary.write(published_home), contracts.write(published_home)[0]):
        shutil.copy(str(file), str(made.site / file.name))
    return made


@pytest.fixture(scope="module")
def browser_page() -> Iterator[Page]:
    """A page of headless Chromium, that of the system where Playwright has none of its own."""
    with sync_playwright() as playwright:
        own = Path(playwright.chromium.executable_path)
        browser = playwright.chromium.launch(executable_path=own if own.exists() else shutil.which("chromium"))
        yield browser.new_page()
        browser.close()


@pytest.fixture
def page(browser_page: Page) -> Page:
    browser_page.set_viewport_size({"width": 1280, "height": 900})
    return browser_page


def address(home: Home, name: str) -> str:
    return Path(str(home.site / f"{name}.html")).as_uri()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_runs_clean_asks_for_nothing_and_speaks_both_languages(home: Home, page: Page, name: str) -> None:
    troubles: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    vi, en = PAGES[name]
    page.goto(address(home, name))
    page.get_by_role("button", name="Tiếng Việt", exact=True).click()
    assert page.get_by_role("heading", name=vi, exact=True).is_visible()
    page.get_by_role("button", name="English", exact=True).click()
    assert page.get_by_role("heading", name=en, exact=True).is_visible()
    assert page.get_by_role("heading", name=vi, exact=True).count() == 0
    assert troubles == []
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_no_wider_than_a_telephone(home: Home, page: Page, name: str) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(address(home, name))
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@pytest.mark.parametrize("theme", ["Sáng", "Tối"])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_serious(home: Home, page: Page, name: str, theme: str) -> None:
    page.goto(address(home, name))
    page.get_by_role("button", name="Tiếng Việt", exact=True).click()
    page.get_by_role("button", name=theme, exact=True).click()
    assert serious_violations(page) == []


def test_the_report_prints_upright_on_a4(home: Home, page: Page) -> None:
    page.goto(address(home, "report"))
    sheets = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages
    size = tuple(round(float(side) / 72 * 25.4) for side in sheets[0].mediabox[2:])
    assert size == A4_MM


def test_a_table_is_sorted_by_keyboard_and_says_how(home: Home, page: Page) -> None:
    page.goto(address(home, "nightly"))
    page.get_by_role("button", name="Tiếng Việt", exact=True).click()
    table = page.locator("#nightly-owed")
    head = table.get_by_role("columnheader", name="Số ngày quá hạn")
    head.get_by_role("button").focus()
    page.keyboard.press("Enter")
    assert head.get_attribute("aria-sort") == "ascending"
    # as numbers, not as texts
    assert table.locator("tbody tr td:nth-child(6)").all_inner_texts() == ["0", "2", "9", "366"]
    page.keyboard.press("Enter")
    assert table.locator("tbody tr td:nth-child(6)").all_inner_texts() == ["366", "9", "2", "0"]


def test_a_finding_leads_to_the_wording_of_its_rule(home: Home, page: Page) -> None:
    page.goto(address(home, "nightly"))
    page.locator("#nightly-rules").get_by_role("link", name="file.structural").click()
    assert page.locator("#rule-identity_issuance-file\\.structural").is_visible()
    assert page.url.endswith("#rule-identity_issuance-file.structural")


def test_a_release_shows_what_moved_and_leads_to_the_one_before(home: Home, page: Page) -> None:
    page.goto(address(home, "releases"))
    moved = page.locator(f"#release-{'2' * 16}-moved tbody tr")
    assert moved.count() == 1
    assert "71,0\u00a0%" in moved.inner_text()
    page.locator("dd").get_by_role("link", name="1" * 16).click()
    assert page.url.endswith("#" + "1" * 16)


def test_the_dictionary_is_searched_without_marks_and_its_graph_leads_to_tables(home: Home, page: Page) -> None:
    page.goto(address(home, "dictionary"))
    page.locator("#lineage ~ details summary").first.click()
    page.locator("svg.lineage").get_by_role("link", name="mart.kpi_scorecard").click()
    assert page.url.endswith("#mart-kpi_scorecard")
    page.locator("#search").fill("ngay tiep nhan")
    assert page.locator("#core-fact_dossier").is_visible()
    assert not page.locator("#mart-kpi_scorecard").is_visible()
    page.locator("#search").fill("")
    assert page.locator("#mart-kpi_scorecard").is_visible()
