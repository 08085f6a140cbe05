"""`warehouse site`: where the pages are, and opening one in a browser; `reports` writes them."""

from __future__ import annotations

import webbrowser
from pathlib import Path

from assets.report_pages import write_reports
from pipelines.console import NOTHING_PUBLISHED, complain, say
from reports.published import NothingPublishedError
from warehouse.storage import open_home


def site_command(path: str | None, page: str, *, is_rewritten: bool, is_opened: bool) -> int:
    """Print the address of a page and open it: 0, or 2 when there is no such page or nothing to write pages from."""
    home = open_home(path)
    if is_rewritten:
        try:
            for name, files in write_reports(home).items():
                say(f"{name}: {len(files)}")
        except NothingPublishedError:
            complain(NOTHING_PUBLISHED)
            return 2
    target = home.site / page
    if not target.exists():
        complain(f"Không có trang này / no such page: {target} (warehouse site --rewrite)")
        return 2
    address = Path(str(target)).resolve().as_uri() if home.is_local else str(target)
    say(address)
    if is_opened:
        webbrowser.open(address)
    return 0
