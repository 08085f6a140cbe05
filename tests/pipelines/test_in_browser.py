"""The Dagster UI as a data engineer sees it: the graph, a partition's counts and checks, a month launched and finished.

With PICTURES set to a folder, the pictures that the documents show are taken anew.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from tests.pipelines.dagster_server import serving
from warehouse.storage import Home

pytestmark = pytest.mark.slow

BACKFILL_MS = 180_000
VIEWPORT = {"width": 1600, "height": 1000}
JANUARY = "[2023-01-01...2023-01-31]"


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    """A page of headless Chromium, that of the system where Playwright has none of its own."""
    with sync_playwright() as playwright:
        own = Path(playwright.chromium.executable_path)
        browser = playwright.chromium.launch(
            executable_path=own if own.exists() else shutil.which("chromium"), args=["--no-sandbox"]
        )
        yield browser.new_page(viewport=VIEWPORT)  # type: ignore[arg-type]
        browser.close()


@pytest.fixture
def ui(copied: Home, tmp_path: Path) -> Iterator[str]:
    """The address of the UI over a home in which the nightly has run once."""
    _forget_after(copied, "2023-02-01")
    with serving(copied, tmp_path / "ui.log") as server:
        yield server.address


def _forget_after(home: Home, day: str) -> None:
    """Remove what had not landed by the end of a day, so that the sensor takes in no whole year."""
    for manifest in Path(str(home.landing)).rglob("*.manifest.json"):
        if json.loads(manifest.read_text(encoding="utf-8"))["received_at"][: len(day)] > day:
            manifest.unlink()
            manifest.with_name(manifest.name.removesuffix(".manifest.json")).unlink()


def picture(page: Page, name: str) -> None:
    """Keep what the page shows, where pictures are wanted."""
    if folder := os.environ.get("PICTURES"):
        page.wait_for_timeout(2000)
        page.screenshot(path=Path(folder) / f"{name}.png")


def test_graph_partition_checks_and_a_backfill_of_january(ui: str, page: Page) -> None:
    page.set_default_timeout(30_000)

    page.goto(f"{ui}/asset-groups")
    for group in ("office", "police", "information", "dimensions", "facts", "marts", "quality", "reports"):
        expect(page.get_by_text(group, exact=True).first).to_be_visible()
    picture(page, "asset-graph")

    page.goto(f"{ui}/assets/mart/kpi_scorecard?view=lineage")
    for table in ("kpi_figure", "kpi_scorecard", "scorecard"):
        expect(page.get_by_text(table, exact=True).first).to_be_visible()
    picture(page, "scorecard-lineage")

    page.goto(f"{ui}/assets/ledger/one_stop_dossier?view=partitions&partition=2023-01-10")
    for counted in ("rows_read", "rows_accepted", "rows_quarantined", "rows_by_rule", "bytes", "seconds"):
        expect(page.get_by_text(counted, exact=True).first).to_be_visible()
    picture(page, "partition")

    page.goto(f"{ui}/assets/ledger/one_stop_dossier?view=checks&checkDetail=files_accepted")
    expect(page.get_by_text("Execution history")).to_be_visible()
    page.get_by_text("Partitions", exact=True).last.click()
    expect(page.get_by_text(re.compile(r"Passed \([1-9]\d*\)"))).to_be_visible()
    days = page.get_by_placeholder("ex: 2023-01-01", exact=False).first
    days.fill("[2023-01-01...2023-01-12]")
    days.press("Enter")
    page.get_by_text("2023-01-10", exact=True).first.click()
    expect(page.get_by_text("files_counting", exact=True)).to_be_visible()
    picture(page, "checks")

    page.goto(f"{ui}/assets/ledger/one_stop_dossier?view=partitions")
    page.get_by_role("button", name="Materialize").first.click()
    page.get_by_text("Show all partitions").click()
    chosen = page.get_by_role("dialog").locator("input[type=text]").first
    chosen.fill(JANUARY)
    chosen.press("Enter")
    expect(page.get_by_text("31 partitions")).to_be_visible()
    picture(page, "backfill")
    page.get_by_role("button", name="Launch backfill").click()
    expect(page.get_by_role("dialog")).to_be_hidden()

    page.goto(f"{ui}/runs?view=backfills")
    expect(page.get_by_text("31 partitions")).to_be_visible()
    expect(page.get_by_text("Success", exact=True)).to_be_visible(timeout=BACKFILL_MS)
    picture(page, "backfill-done")
    page.goto(f"{ui}/assets/ledger/one_stop_dossier?view=partitions&partition=2023-01-31")
    expect(page.get_by_text("rows_read", exact=True)).to_be_visible()
