"""The dictionary: what is in the edition, in the order of its tables, in both forms."""

from __future__ import annotations

import csv
import io

from reports import dictionary
from warehouse.storage import Home


def test_dictionary_lists_the_columns_of_the_edition_in_order(published_home: Home) -> None:
    html, as_csv = dictionary.write(published_home)
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


def test_csv_opens_as_utf8_in_excel(published_home: Home) -> None:
    _, as_csv = dictionary.write(published_home)
    assert as_csv.read_bytes().startswith("\ufeff".encode())
