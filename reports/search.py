"""The search of the pages: an index of what has a page, and that index as a page of its own for reading without a script.

What belongs here: what can be found and under which words. What does not: how the box searches (`templates/search.js`),
and what the pages say. The dictionary searches its tables itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import Final

import duckdb
import orjson
from upath import UPath

from reports import agency_pages, figures, page, published, service_pages, site_assets
from reports import year as years
from reports.wording import Bilingual
from reports.year import Unit, Year
from schemas.extracts import all_extracts
from warehouse.storage import Home, put_bytes

INDEX: Final = "search-index.js"

KINDS: Final[Mapping[str, Bilingual]] = {
    "page": Bilingual("Trang", "Page"),
    "target": Bilingual("Một trong mười sáu chỉ tiêu", "One of the sixteen targets"),
    "indicator": Bilingual("Chỉ tiêu", "Indicator"),
    "province": Bilingual("Tỉnh", "Province"),
    "district": Bilingual("Huyện, thành phố", "District"),
    "commune": Bilingual("Xã, phường, thị trấn", "Commune"),
    "agency": Bilingual("Cơ quan", "Agency"),
    "service": Bilingual("Dịch vụ công thiết yếu", "Essential service"),
    "extract": Bilingual("Biểu mẫu", "Template"),
}
"""What an entry may be, in the order of the page and of what the box finds."""
_GROUPS: Final[Mapping[str, Bilingual]] = {
    **KINDS,
    "page": Bilingual("Trang", "Pages"),
    "target": Bilingual("Mười sáu chỉ tiêu", "The sixteen targets"),
    "indicator": Bilingual("Chỉ tiêu khác", "Other indicators"),
    "district": Bilingual("Huyện, thành phố", "Districts"),
    "commune": Bilingual("Xã, phường, thị trấn", "Communes"),
    "agency": Bilingual("Cơ quan", "Agencies"),
    "service": Bilingual("Dịch vụ công thiết yếu", "Essential services"),
    "extract": Bilingual("Biểu mẫu", "Templates"),
}
"""What several of a kind are called."""

_TITLE: Final = Bilingual("Mục lục", "Index")
_NOTHING: Final = Bilingual("", "")
_PAGES: Final[Mapping[str, Bilingual]] = {
    "index.html": Bilingual("Bảng chỉ tiêu", "Scorecard"),
    "agency/index.html": Bilingual("Các cơ quan", "Agencies"),
    "service/index.html": Bilingual("Các dịch vụ công thiết yếu", "Essential services"),
    "report.html": Bilingual("Báo cáo tháng, năm", "Monthly and yearly report"),
    "nightly.html": Bilingual("Tình hình gửi tệp", "Deliveries"),
    "releases.html": Bilingual("Bản phát hành", "Releases"),
    "contracts.html": Bilingual("Biểu mẫu", "Templates"),
    "dictionary.html": Bilingual("Từ điển dữ liệu", "Data dictionary"),
}


@dataclass(frozen=True)
class Entry:
    """Something that has a page: its kind, names, code, what it lies in, and its address from the top of the site."""

    kind: str
    title: Bilingual
    address: str
    code: str = ""
    within: Bilingual = _NOTHING


def write(home: Home) -> list[UPath]:
    """Write `site/assets/search-index.js` and `site/search.html` from the current release's analyst edition.

    Raises NothingPublishedError before the first release.
    """
    with published.current_release(home) as con:
        note, found = published.release_note(con), list(_entries(con))
    by_kind = sorted(found, key=lambda entry: list(KINDS).index(entry.kind))
    groups = [(_GROUPS[kind], list(each)) for kind, each in groupby(by_kind, key=attrgetter("kind"))]
    html = page.render("search.html.j2", title=_TITLE, release=note, groups=groups)
    index = home.site / site_assets.FOLDER / INDEX
    put_bytes(index, _script(by_kind))
    return [page.write(home.site / "search.html", html), index]


def _script(entries: Sequence[Entry]) -> bytes:
    """The index as a script, because a page opened from a folder may read no other kind of file."""
    kinds = {kind: [*words] for kind, words in KINDS.items()}
    rows = [[each.kind, *each.title, each.address, each.code, *each.within] for each in entries]
    return b"globalThis.searchIndex = " + orjson.dumps({"kinds": kinds, "rows": rows}) + b";\n"


def _entries(con: duckdb.DuckDBPyConnection) -> Iterator[Entry]:
    for address, title in _PAGES.items():
        yield Entry("page", title, address)
    year = years.read(con)
    yield from _indicators(year)
    for unit in year.units.values():
        yield Entry(unit.level, unit.name, unit.page, unit.code, _within(year, unit))
    for agency in agency_pages.agencies(con, year):
        yield Entry("agency", agency["name"], agency["page"], agency["short_code"])
    for service in service_pages.services(con, year):
        yield Entry("service", service["name"], service["page"], service["service_code"])
    for extract in all_extracts().values():
        yield Entry("extract", Bilingual(extract.vi, extract.en), f"contracts.html#{extract.name}", extract.name)


def _indicators(year: Year) -> Iterator[Entry]:
    if year.province:
        for figure in figures.figures_of(year, year.province):
            kind = "target" if figure.row["kpi_set"] == figures.SIXTEEN else "indicator"
            yield Entry(kind, figure.title, figure.page, figure.code)


def _within(year: Year, unit: Unit) -> Bilingual:
    above = [each.name for each in year.above(unit) if each.level == "district"]
    return above[-1] if above else _NOTHING
