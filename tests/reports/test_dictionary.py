"""The dictionary: what is in the edition, in the order of its tables, in both forms."""

from __future__ import annotations

import csv
import io
import re

from reports import dictionary
from warehouse.storage import Home


def test_dictionary_lists_the_columns_of_the_edition_in_order(published_home: Home) -> None:
    html, as_csv, _ = dictionary.write(published_home)
    text = as_csv.read_bytes().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    # applicant_name_token is described but not in this edition
    assert [row["column_name"] for row in rows] == ["dossier_code", "received_on"]
    assert rows[0]["title_vi"] == "Mã hồ sơ"
    assert rows[0]["purpose"] == "Hồ sơ một cửa — One-stop dossiers"
    page = html.read_text(encoding="utf-8")
    assert "Ngày tiếp nhận" in page
    assert "1.234" in page
    assert "applicant_name_token" not in page
    assert "quarantined_row" not in page


def test_a_table_says_what_it_is_made_from_what_uses_it_and_by_which_sql(published_home: Home) -> None:
    html, _, lineage_csv = dictionary.write(published_home)
    page = html.read_text(encoding="utf-8")
    assert "SELECT 1 &lt; 2" in page
    section = page[page.index('<h3 id="core-fact_dossier">') : page.index('<h3 id="mart-kpi_scorecard">')]
    assert re.search("Làm từ.*ledger.one_stop_dossier.*stage.dossier_latest", section)
    assert re.search('Dùng cho.*<a href="#mart-kpi_scorecard">', section)
    assert list(csv.reader(io.StringIO(lineage_csv.read_bytes().decode("utf-8-sig"))))[1:] == [
        ["core.fact_dossier", "ledger.one_stop_dossier"],
        ["core.fact_dossier", "stage.dossier_latest"],
        ["mart.kpi_scorecard", "core.fact_dossier"],
    ]


def test_every_published_table_of_the_graph_leads_to_its_section(published_home: Home) -> None:
    page = dictionary.write(published_home)[0].read_text(encoding="utf-8")
    graph = page[page.index('<svg class="lineage"') :]
    graph = graph[: graph.index("</svg>")]
    assert re.findall(r'<a href="#([^"]+)">', graph) == ["core-fact_dossier", "mart-kpi_scorecard"]
    assert graph.count('class="outside"') == 2
    assert graph.count("<path") == 3


def test_csv_opens_as_utf8_in_excel(published_home: Home) -> None:
    _, as_csv, _ = dictionary.write(published_home)
    assert as_csv.read_bytes().startswith("\ufeff".encode())
