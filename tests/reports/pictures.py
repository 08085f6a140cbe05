"""Pictures of a site, as a wall and a telephone show it: `python -m tests.reports.pictures data/site docs/img`."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.reports.browser import chromium

SCREENS = {"wall": (1920, 1080), "phone": (390, 844)}


def take(site: Path, folder: Path) -> list[Path]:
    """Write a picture of the overview for each screen."""
    taken = []
    with chromium() as browser:
        for name, (width, height) in SCREENS.items():
            page = browser.new_page(viewport={"width": width, "height": height})
            page.goto((site / "index.html").as_uri())
            taken.append(folder / f"{name}.png")
            page.screenshot(path=taken[-1])
            page.close()
    return taken


if __name__ == "__main__":
    take(Path(sys.argv[1]).resolve(), Path(sys.argv[2]))
