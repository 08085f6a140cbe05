"""Pictures of a site, as a wall, a desk and a telephone show it: `python -m tests.reports.pictures data/site docs/img`."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.reports.browser import chromium

SCREENS = {"wall": (1920, 1080, ""), "scorecard": (1280, 900, "#targets"), "phone": (390, 844, "")}
"""Width and height of each screen, and the part of the overview that stands at its top."""


def take(site: Path, folder: Path) -> list[Path]:
    """Write a picture of the overview for each screen."""
    taken = []
    with chromium() as browser:
        for name, (width, height, part) in SCREENS.items():
            page = browser.new_page(viewport={"width": width, "height": height})
            page.goto(f"{(site / 'index.html').as_uri()}{part}")
            taken.append(folder / f"{name}.png")
            page.screenshot(path=taken[-1])
            page.close()
    return taken


if __name__ == "__main__":
    take(Path(sys.argv[1]).resolve(), Path(sys.argv[2]))
