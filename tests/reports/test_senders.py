"""Codes of extracts and suppliers are called by their names, beside which the code stays."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from reports import monthly, nightly, published, scorecard, senders
from reports.senders import Named
from reports.wording import Bilingual
from tests.reports.article import publish_figures
from tests.reports.test_centre_pages import Read
from warehouse.storage import Home

EXTRACT = Bilingual("Cấp căn cước và định danh điện tử", "Identity cards and electronic identities issued")
OFFICE = Bilingual("Văn phòng UBND tỉnh mới", "New office")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home of whose files one of the newest office is missing, and one of somebody unknown."""
    published_home = publish_figures(tmp_path)
    with duckdb.connect(str(tmp_path / "releases" / "current" / "analyst.duckdb")) as con:
        con.execute("INSERT INTO quality.coverage VALUES ('identity_issuance', 'VPUB', '2023-W07', NULL, 'missing')")
    return published_home


def test_a_supplier_is_called_by_its_newest_name_and_an_unknown_one_by_its_code(home: Home) -> None:
    with published.current_release(home) as con:
        named = senders.read(con)
    assert named.supplier("VPUB") == Named("VPUB", OFFICE)
    assert named.supplier("CATB") == Named("CATB", Bilingual("CATB", "CATB"))
    assert named.extract("identity_issuance") == Named("identity_issuance", EXTRACT)
    assert named.extract("gone") == Named("gone", Bilingual("gone", "gone"))


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_nightly_and_the_report_name_what_is_missing_and_who_owes_it(home: Home, language: str) -> None:
    nightly_page = Read(nightly.write(home)[0].read_text(encoding="utf-8"), language).text
    extract, office = getattr(EXTRACT, language), getattr(OFFICE, language)
    assert f"{office} VPUB {extract} identity_issuance 2023-W07" in nightly_page
    # The name of who is not known is its code, which is not said twice.
    assert "CATB CATB" not in nightly_page
    report = next(file for file in monthly.write(home) if file.name == "report.html")
    shown = Read(report.read_text(encoding="utf-8"), language).text
    assert f"{extract}, {office}: " in shown
    assert "identity_issuance" not in shown


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_overview_names_what_is_missing(published_home: Home, language: str) -> None:
    (index,) = scorecard.write(published_home)
    overview = Read(index.read_text(encoding="utf-8"), language).text
    assert f"{getattr(EXTRACT, language)} identity_issuance CATB" in overview
