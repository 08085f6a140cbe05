"""The shell of pages: where shared files lie, that their names change with their content, that sub-folders find them."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from upath import UPath

from reports import page, site_assets
from reports.wording import Bilingual

SHARED = re.compile(r'(?:src|href)="((?:\.\./)*assets/[^"]+)"')
RELEASE = {"is_simulated": True, "release_id": "r1", "as_of": Bilingual("hôm nay", "today"), "rule_set_id": "q1"}


def written(folder: Path, address: str, depth: int) -> Path:
    html = page.render("base.html.j2", depth=depth, title=Bilingual("Trang", "Page"), release=RELEASE)
    return Path(str(page.write(UPath(folder) / address, html, depth=depth)))


def test_a_page_in_a_folder_finds_the_shared_files(tmp_path: Path) -> None:
    for address, depth in (("index.html", 0), ("unit/336.html", 1)):
        file = written(tmp_path, address, depth)
        shared = SHARED.findall(file.read_text(encoding="utf-8"))
        assert len(shared) >= 2
        for found in shared:
            assert (file.parent / found).resolve().is_relative_to(tmp_path / "assets")
            assert (file.parent / found).is_file()


def test_links_to_other_pages_lead_up_from_a_folder(tmp_path: Path) -> None:
    html = written(tmp_path, "unit/336.html", 1).read_text(encoding="utf-8")
    assert 'href="../index.html"' in html
    assert 'href="index.html"' not in html


def test_the_name_of_a_shared_file_holds_the_digest_of_its_content(tmp_path: Path) -> None:
    site_assets.put(UPath(tmp_path))
    files = list((tmp_path / site_assets.FOLDER).iterdir())
    assert {file.name.split(".")[0] for file in files} >= {"page"}
    for file in files:
        assert hashlib.sha256(file.read_bytes()).hexdigest().startswith(file.name.split(".")[-2])


def test_shared_files_that_are_there_are_not_written_again(tmp_path: Path) -> None:
    site_assets.put(UPath(tmp_path))
    before = {file: file.stat().st_ino for file in (tmp_path / site_assets.FOLDER).iterdir()}
    site_assets.put(UPath(tmp_path))
    assert {file: file.stat().st_ino for file in (tmp_path / site_assets.FOLDER).iterdir()} == before
