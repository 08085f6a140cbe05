"""Any workbook without a contract: its texts where they stand, likely titles, rows, and everything else under a kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.warehouse.readers.sheets import Rows, book
from warehouse.readers.workbook_survey import survey

REPORT: Rows = [
    ["UBND TỈNH", None, None, None, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"],
    ["SỞ CÔNG THƯƠNG"],
    [],
    ["BÁO CÁO THÁNG 5 NĂM 2023"],
    ["STT", "Đơn vị", "Kế hoạch", None, "Ghi chú"],
    [None, None, 2022, 2023],
    ["(1)", "(2)", "(3)", "(4)", "(5)"],
    ["I", "Khối doanh nghiệp"],
    [1, "Công ty May", 10, 20],
    [2, "Công ty Dệt", 30, 40, "mới"],
    [None, "Cộng", 40, 60],
    [],
    [None, "Người lập biểu", None, None, "Giám đốc"],
    [None, "Lê A", None, None, "Trần B"],
]


def merged(_: Any, sheets: Mapping[str, Any]) -> None:
    sheets["x"].merge_range("C5:D5", "Kế hoạch")
    for area, text in (("A5:A6", "STT"), ("B5:B6", "Đơn vị"), ("E5:E6", "Ghi chú")):
        sheets["x"].merge_range(area, text)


@pytest.mark.parametrize("finish", [merged, None], ids=["merged ranges", "none"])
def test_a_printed_report_is_taken_apart(finish: Any) -> None:
    (sheet,) = survey(book({"x": REPORT}, finish))
    (table,) = sheet.tables
    assert table.header == (5, 6)
    assert list(table.titles.values()) == ["STT", "Đơn vị", "Kế hoạch / 2022", "Kế hoạch / 2023", "Ghi chú"]
    assert table.rows == (9, 10)
    assert table.set_aside == {
        "heading": (1, 2, 3, 4, 5, 6),
        "numbering": (7,),
        "section": (8,),
        "total": (11,),
        "blank": (12,),
        "signature": (13, 14),
    }
    assert sheet.frame(table).rows()[1] == (10, "2", "Công ty Dệt", "30", "40", "mới")


def test_several_tables_of_a_sheet_are_told_apart() -> None:
    rows: Rows = [["A"], ["TT", "Tên"], [1, "x"], [], ["B"], ["TT", "Số", "Tên"], [1, 5, "y"], [2, 6, "z"]]
    (sheet,) = survey(book({"x": rows}))
    assert [(table.header, table.rows) for table in sheet.tables] == [((2, 2), (3,)), ((6, 6), (7, 8))]


def test_a_sheet_of_numbers_has_no_titles_and_an_empty_one_no_table() -> None:
    numbers, empty = survey(book({"x": [[1, 2], [3, 4]], "y": []}))
    (table,) = numbers.tables
    assert (table.header, table.rows, dict(table.titles)) == (None, (1, 2), {"A": "#1", "B": "#2"})
    assert empty.tables == ()


_CELL = st.none() | st.sampled_from(
    ["STT", "Tên", "(1)", "(2)", "Tổng cộng", "Người lập", "Huyện A", "I", "x", "12", " "]
)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(_CELL, min_size=1, max_size=5), max_size=12))
def test_every_row_of_any_sheet_is_in_one_place_and_no_column_is_lost(rows: list[list[str | None]]) -> None:
    (sheet,) = survey(book({"x": rows}))
    places = Counter(
        row for table in sheet.tables for numbers in (table.rows, *table.set_aside.values()) for row in numbers
    )
    height = 0 if sheet.cells.is_empty else sheet.cells.texts.height
    assert places == Counter(range(1, height + 1))
    for table in sheet.tables:
        frame = sheet.frame(table)
        below = sum(cell is not None for row in table.rows for cell in sheet.grid[row - 1])
        assert sum(frame.height - frame[title].null_count() for title in table.titles.values()) == below
