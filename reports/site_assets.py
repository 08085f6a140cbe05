"""The files all pages share: style, scripts, and the programs that draw charts, in `site/assets/`.

What belongs here: which files these are, their names and putting them in place. What does not: what they contain.
A name holds the digest of its content: a browser may keep a file for good, and pages of two releases never mix.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final

from upath import UPath

from warehouse.storage import put_bytes

FOLDER: Final = "assets"
_DIGITS: Final = 12
_FOLDER_OF: Final[Mapping[str, str]] = {
    "page.css": "templates",
    "page.js": "templates",
    "search.js": "templates",
    "charts.js": "templates",
    "vega.min.js": "vendor",
    "vega-lite.min.js": "vendor",
    "vega-interpreter.min.js": "vendor",
}
_CHART_KINDS: Final = "chart-kinds.js"
DRAWING: Final = ("vega.min.js", "vega-lite.min.js", "vega-interpreter.min.js", _CHART_KINDS, "charts.js")
"""What draws charts, in the order in which it runs."""


def href(name: str, root: str) -> str:
    """The address of a shared file as seen from a page whose way to the top of the site is `root`."""
    return f"{root}{FOLDER}/{_published_name(name)}"


def put(site: UPath) -> None:
    """Put the shared files that are not there yet in their place."""
    folder = site / FOLDER
    present = {file.name for file in folder.iterdir()} if folder.is_dir() else set()
    for name in (*_FOLDER_OF, _CHART_KINDS):
        if _published_name(name) not in present:
            put_bytes(folder / _published_name(name), _content(name))


@cache
def _published_name(name: str) -> str:
    stem, _, ending = name.rpartition(".")
    return f"{stem}.{hashlib.sha256(_content(name)).hexdigest()[:_DIGITS]}.{ending}"


@cache
def _content(name: str) -> bytes:
    if name == _CHART_KINDS:
        # Only what writes pages waits for the grammar of charts.
        from reports import chart_grammar

        return chart_grammar.script()
    return files("reports").joinpath(_FOLDER_OF[name], name).read_bytes()
