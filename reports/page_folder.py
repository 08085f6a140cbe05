"""A folder of pages: all of a release's pages in it, and none of an earlier release's.

What belongs here: writing many pages and removing those that no longer have a subject. What does not: what a page says.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import minify_html
from upath import UPath

from reports import site_assets
from warehouse.storage import put_bytes

_HTML: Final = ".html"


def write(folder: UPath, files: Iterable[tuple[str, bytes]]) -> list[UPath]:
    """Write files by name, each whole or not at all, then remove what the folder held before and holds no more."""
    site_assets.put(folder.parent)
    written = []
    for name, content in files:
        target = folder / name
        put_bytes(target, _light(content) if target.suffix == _HTML else content)
        written.append(target)
    _remove_others(folder, {target.name for target in written})
    return written


def _light(html: bytes) -> bytes:
    """The same page without the tags, quotes and spaces that HTML lets one leave out: a thirteenth of hundreds of pages."""
    return minify_html.minify(html.decode(), keep_html_and_head_opening_tags=True).encode()


def _remove_others(folder: UPath, kept: set[str]) -> None:
    if not folder.exists():
        return
    for found in folder.iterdir():
        if found.name not in kept and found.is_file():
            found.unlink()
