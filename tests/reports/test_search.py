"""The index of the pages: it holds all that has a page, under addresses that are there, and is a page itself."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from reports import agency_pages, contracts, indicator_pages, published, search, service_pages, unit_pages
from schemas.extracts import all_extracts
from warehouse.storage import Home, open_home


@pytest.fixture(scope="module")
def site(published_home: Home) -> Path:
    """The folder of the pages that the index leads to, and the index."""
    for module in (unit_pages, indicator_pages, agency_pages, service_pages, contracts, search):
        module.write(published_home)
    return Path(str(published_home.site))


def index(site: Path) -> dict[str, Any]:
    stated = (site / "assets" / search.INDEX).read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(stated.removeprefix("globalThis.searchIndex = ").removesuffix(";\n"))
    return found


def test_everything_with_a_page_is_in_the_index_and_nothing_else(site: Path) -> None:
    rows = index(site)["rows"]
    for folder in ("unit", "indicator", "agency", "service"):
        addresses = {row[3] for row in rows if row[3].startswith(f"{folder}/")}
        assert addresses == {f"{folder}/{file.name}" for file in (site / folder).glob("*.html")}
        assert addresses


def test_a_commune_says_in_which_district_it_lies(site: Path) -> None:
    (row,) = (row for row in index(site)["rows"] if row[4] == "12433")
    assert row[1] == "Phường Lê Hồng Phong"
    assert row[5] == "Thành phố Thái Bình"


def test_the_sixteen_targets_are_a_kind_before_other_indicators(site: Path) -> None:
    stated = index(site)
    by_kind = {kind: {row[4] for row in stated["rows"] if row[0] == kind} for kind in stated["kinds"]}
    assert by_kind["target"] == {f"T{number:02}" for number in range(1, 17)}
    assert "O01" in by_kind["indicator"]
    kinds = list(stated["kinds"])
    assert kinds.index("target") < kinds.index("indicator") < kinds.index("service")


def test_every_template_leads_to_its_place_in_the_page_of_templates(site: Path) -> None:
    addresses = {row[3] for row in index(site)["rows"] if row[0] == "extract"}
    assert addresses == {f"contracts.html#{name}" for name in all_extracts()}
    page = (site / "contracts.html").read_text(encoding="utf-8")
    assert all(f'id="{address.partition("#")[2]}"' in page for address in addresses)


def test_the_index_can_be_read_without_a_script(site: Path) -> None:
    page = (site / "search.html").read_text(encoding="utf-8")
    _, _, content = page.partition("<main")
    assert set(re.findall(r'<li><a href="([^"]+)">', content)) == {row[3] for row in index(site)["rows"]}


def test_there_is_no_index_before_the_first_release(tmp_path: Path) -> None:
    with pytest.raises(published.NothingPublishedError):
        search.write(open_home(tmp_path))
