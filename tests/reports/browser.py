"""Chromium as the tests of pages start it, and what they watch for while a page is read."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

STANDARDS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")


@dataclass
class Watched:
    """What a page complained of, and what it asked for that is no file of the site."""

    troubles: list[str] = field(default_factory=list)
    asked_outside: list[str] = field(default_factory=list)

    def heard(self, message: ConsoleMessage) -> None:
        """Note an error or a warning."""
        if message.type in ("error", "warning"):
            self.troubles.append(message.text)

    def requested(self, url: str) -> None:
        """Note a request that leaves the folder."""
        if not url.startswith(("file:", "data:", "blob:")):
            self.asked_outside.append(url)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Headless Chromium, that of the system where Playwright has none of its own."""
    with sync_playwright() as playwright:
        own = Path(playwright.chromium.executable_path)
        browser = playwright.chromium.launch(executable_path=own if own.exists() else shutil.which("chromium"))
        yield browser
        browser.close()


def watch(page: Page) -> Watched:
    """Watch a page from now on."""
    watched = Watched()
    page.on("console", watched.heard)
    page.on("pageerror", lambda error: watched.troubles.append(str(error)))
    page.on("request", lambda request: watched.requested(request.url))
    return watched


def serious_violations(page: Page) -> list[str]:
    """What axe finds on the page that is serious or critical, by WCAG 2.2 A and AA, each with the places."""
    answer = Axe().run(page, options={"resultTypes": ["violations"], "runOnly": list(STANDARDS)})
    return [
        f"{found['id']}: {', '.join(str(node['target']) for node in found['nodes'][:5])}"
        for found in answer.response["violations"]
        if found["impact"] in ("serious", "critical")
    ]
