"""The pages as a browser shows them: nothing blocked, nothing fetched, the language switched and remembered."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from reports import dictionary, scorecard
from warehouse.storage import Home

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    """A page of headless Chromium, that of the system where Playwright has none of its own."""
    with sync_playwright() as playwright:
        own = Path(playwright.chromium.executable_path)
        browser = playwright.chromium.launch(executable_path=own if own.exists() else shutil.which("chromium"))
        yield browser.new_page()
        browser.close()


def test_pages_run_clean_ask_for_nothing_and_remember_the_language(published_home: Home, page: Page) -> None:
    troubles: list[str] = []
    page.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: troubles.append(str(error)))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    (index,) = scorecard.write(published_home)
    dictionary.write(published_home)

    page.goto(Path(str(index)).as_uri())
    assert page.title().startswith("14 trên 16")
    assert page.get_by_role("heading", name="Mười sáu chỉ tiêu").is_visible()
    assert not page.get_by_role("heading", name="The sixteen targets").is_visible()

    page.get_by_role("button", name="English", exact=True).focus()
    page.keyboard.press("Enter")
    assert page.get_by_role("heading", name="The sixteen targets").is_visible()
    assert page.get_attribute("html", "lang") == "en"

    page.get_by_role("link", name="Data dictionary").click()
    expect(page.get_by_role("heading", name="Data dictionary")).to_be_visible()
    assert page.get_attribute("html", "lang") == "en"

    assert troubles == []
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []


def test_no_part_of_a_page_is_wider_than_a_telephone(published_home: Home, page: Page) -> None:
    (index,) = scorecard.write(published_home)
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(Path(str(index)).as_uri())
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
