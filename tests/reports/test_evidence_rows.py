"""The rows behind a figure are those of its own denominator, of both sorts, and say in words where they stand."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

import pytest

from reports import counted_rows, drill, evidence_rows, published
from reports.evidence_rows import Value
from reports.wording import Bilingual
from warehouse.sql_models import load_models
from warehouse.storage import Home

YEAR: Final[published.Parameters] = {
    "unit_key": "34@2020-03-01",
    "first_day": date(2023, 1, 1),
    "day_after": date(2024, 1, 1),
}
FACT: Final = "core.fact_dossier"


def behind(home: Home, code: str) -> drill.Evidence:
    with published.current_release(home) as con:
        found = drill.evidence(con, code, FACT, YEAR)
    assert found is not None
    return found


def shown(found: drill.Evidence) -> list[tuple[str, str]]:
    """Of each row its key, and what it says last: whether it counts in the numerator."""
    return [(row.key.said.vi, row.values[-1].said.vi) for row in found.sample.rows]


def test_rows_of_an_indicator_are_those_of_its_denominator_and_those_that_miss_come_first(published_home: Home) -> None:
    # have nothing to pay; nobody paid for A-3.
    with_a_fee = behind(published_home, "T11")
    assert with_a_fee.rows == 2
    assert shown(with_a_fee) == [("A-3", "không"), ("A-2", "có")]
    assert with_a_fee.about_sample == Bilingual(
        "2 trong 2 dòng: 1 dòng không được tính vào tử số, 1 dòng được tính vào tử số",
        "2 of 2 rows: 1 not in the numerator, 1 in the numerator",
    )


def test_indicators_of_one_query_show_different_rows(published_home: Home) -> None:
    assert shown(behind(published_home, "T10")) != shown(behind(published_home, "T13"))
    assert behind(published_home, "O04").rows == 1


@pytest.mark.parametrize("code", ["T10", "T11", "T16", "O01", "S03"])
def test_the_query_shown_gives_the_rows_that_were_counted(published_home: Home, code: str) -> None:
    found = behind(published_home, code)
    with published.current_release(published_home) as con:
        rows = con.execute(found.sql).fetchall()
    assert len(rows) == found.rows


def test_a_row_without_a_mark_does_not_count(published_home: Home) -> None:
    # A dossier that is not resolved is neither on time nor late: its mark is empty.
    sql = "SELECT dossier_code, is_on_time FROM core.fact_dossier ORDER BY dossier_code"
    with published.current_release(published_home) as con:
        rows = con.execute(counted_rows.of_indicator("T09").chosen_from(sql)).fetchall()
    assert ("A-3", None, False) in rows


def test_more_of_one_sort_take_the_place_of_what_the_other_lacks(published_home: Home) -> None:
    rows: list[dict[str, Any]] = [{"in_numerator": False}] * 2 + [{"in_numerator": True}] * 3
    counted = counted_rows.of_indicator("T10")
    assert (
        evidence_rows.about_sample(rows, 1234, counted).en
        == "5 of 1,234 rows: 2 not in the numerator, 3 in the numerator"
    )
    assert evidence_rows.about_sample(rows[2:], 3, counted).vi == "3 trong 3 dòng: 3 dòng được tính vào tử số"
    # Nobody authenticated but A-1, so that four of the five places are there for the others.
    assert [mark for _, mark in shown(behind(published_home, "T14"))] == ["không", "không", "không", "có"]


@pytest.mark.parametrize(
    ("file_name", "sheet", "place"),
    [
        ("hoso_20230102.json", None, Bilingual("bản ghi 7", "record 7")),
        ("hoso_20230102.JSON.gz", None, Bilingual("bản ghi 7", "record 7")),
        ("thanhtoan.xml", None, Bilingual("bản ghi 7", "record 7")),
        ("hailong_2023-01.csv", None, Bilingual("dòng 7", "line 7")),
        ("hoso.jsonl", None, Bilingual("dòng 7", "line 7")),
        ("tthc.xlsx", None, Bilingual("dòng 7", "row 7")),
        ("hatang.xlsx", "HaTang", Bilingual("trang HaTang, dòng 7", "sheet HaTang, row 7")),
        ("nhieu.zip", None, Bilingual("dòng hoặc bản ghi 7", "line or record 7")),
        ("khong-duoi", None, Bilingual("dòng hoặc bản ghi 7", "line or record 7")),
    ],
)
def test_the_place_of_a_row_is_named_by_what_its_file_is_made_of(
    file_name: str, sheet: str | None, place: Bilingual
) -> None:
    assert evidence_rows.place_of(file_name, sheet, 7) == place


@pytest.mark.parametrize("code", sorted(drill.EVIDENCE_OF))
def test_every_column_of_rows_has_a_short_title_in_both_languages(published_home: Home, code: str) -> None:
    with published.current_release(published_home) as con:
        columns = con.sql(drill.evidence_sql(code, YEAR)).columns
    names = {name for model in load_models() for name in model.columns} | set(columns)
    row = dict.fromkeys(columns) | {"file_name": "a.csv", "source_row": 1}
    table = evidence_rows.table_of(Bilingual("", ""), drill.EVIDENCE_OF[code], FACT, [row])
    for head in table.heads:
        assert not {head.vi, head.en} & names
        assert head.vi != head.en
        assert max(len(head.vi), len(head.en)) < 60


def test_values_are_said_as_each_language_says_them() -> None:
    row = {"dossier_code": "A-1", "received_on": date(2023, 3, 1), "is_online": False, "due_on": None}
    row |= {"file_name": "a.csv", "source_row": 1}
    (told,) = evidence_rows.table_of(Bilingual("", ""), "dossiers_received", FACT, [row]).rows
    assert [value.said for value in told.values] == [
        Bilingual("01/03/2023", "2023-03-01"),
        Bilingual("không", "no"),
        Bilingual("—", "—"),
    ]


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("T07", Value(Bilingual("Hộ gia đình có cáp quang", "Households with fibre"), "fibre_households")),
        ("T04", Value(Bilingual("Cấp huyện", "District"), "district")),
        ("R01", Value(Bilingual("Phường Lê Hồng Phong", "Le Hong Phong Ward"), "12433")),
        ("D03", Value(Bilingual("Văn phòng Ủy ban nhân dân tỉnh", "Office of the People’s Committee"), "H54.01")),
        ("W01", Value(Bilingual("Người cao tuổi", "elderly"), "elderly")),
        ("C01", Value(Bilingual("Trùng khớp", "matched"), "matched")),
        ("S02", Value(Bilingual("Khảo sát", "survey"), "survey")),
        ("O08", Value(Bilingual("Yêu cầu bổ sung giấy tờ", "More papers requested"), "5")),
        ("T01", Value(Bilingual("Toàn trình", "Full process online"), "full")),
        ("P01", Value(Bilingual("Đăng ký khai sinh", "Birth registration"), "9")),
        ("D01", Value(Bilingual("CSDL đất đai", "CSDL đất đai"), "CSDL-001", is_vietnamese=True)),
        ("T01", Value(Bilingual("Đăng ký khai sinh", "Đăng ký khai sinh"), is_vietnamese=True)),
    ],
)
def test_codes_in_rows_are_told_in_words_beside_which_they_stay(published_home: Home, code: str, told: Value) -> None:
    rows = behind(published_home, code).sample.rows
    assert told in [value for row in rows for value in (row.key, *row.values)]


def test_a_code_that_nobody_knows_is_shown_as_it_is() -> None:
    row = {"measure_code": "fibre_schools", "unit_code": "99999", "file_name": "a.csv", "source_row": 1}
    (told,) = evidence_rows.table_of(Bilingual("", ""), "infrastructure", FACT, [row], {"unit_code": {}}).rows
    assert (told.key, *told.values) == (
        Value(Bilingual("fibre_schools", "fibre_schools")),
        Value(Bilingual("99999", "99999")),
    )
