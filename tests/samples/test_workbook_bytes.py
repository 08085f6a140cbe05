"""Workbooks of the pretend province are opened by a program that knows nothing of how they were made."""

from __future__ import annotations

from io import BytesIO

import openpyxl

from samples.forms import Cell
from samples.workbook_bytes import workbook_bytes

_LINES: list[list[Cell]] = [
    ["Tiêu đề <1> & 2"],
    [],
    ["Huyện", None, "Số"],
    [None, "Xã"],
    ["Đông Hưng", "  Xã Đông Á ", 12, 1.5],
    ["Đông Hưng", "", 0, "012"],
]


def test_cells_stand_where_they_were_put_with_their_types() -> None:
    book = openpyxl.load_workbook(BytesIO(workbook_bytes("Trang", "Mô phỏng", _LINES, [(2, 0, 2, 1)])))
    sheet = book["Trang"]
    assert book.properties.title == "Mô phỏng"
    found = [list(row) for row in sheet.iter_rows(values_only=True)]
    assert found == [
        [cell or (0 if cell == 0 else None) for cell in (*line, *[None] * (4 - len(line)))] for line in _LINES
    ]
    assert sheet.dimensions == "A1:D6"
    assert [str(area) for area in sheet.merged_cells.ranges] == ["A3:B3"]
    assert sheet["A3"].font.b
    assert not sheet["A5"].font.b


def test_the_same_cells_make_the_same_bytes() -> None:
    assert workbook_bytes("Trang", "Mô phỏng", _LINES, []) == workbook_bytes("Trang", "Mô phỏng", _LINES, [])
