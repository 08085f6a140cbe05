"""Workbooks made to be printed: every table and sheet of the form is read, every other row set aside under its kind."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import zip_longest
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tests.warehouse.readers.sheets import TITLES, Rows, book, line, opened, with_member
from warehouse.judging import check_file
from warehouse.readers.reading import Refusal
from warehouse.readers.workbook_survey import survey

OLD_FORM = Path(__file__).parent / "old_form.xls"


def units(reading_batches: Any) -> list[tuple[str, int, str]]:
    rows = pl.concat(list(reading_batches), how="diagonal")
    return [(row["source_sheet"], row["source_row"], row["unit_name"]) for row in rows.iter_rows(named=True)]


def test_every_sheet_of_the_form_is_read_and_others_are_counted(tmp_path: Path) -> None:
    content = book(
        {
            "Vũ Thư": [TITLES, line(1, "Xã Vũ Hội")],
            "Ghi chú": [["Số liệu đến hết quý"], ["Hỏi: phòng CNTT"]],
            "Hưng Hà": [["Biểu 2"], TITLES, line(1, "Xã Hồng An", district="Huyện Hưng Hà")],
            "Nháp": [TITLES, line(1, "Xã Vũ Hội")],
        },
        lambda _, sheets: sheets["Nháp"].hide(),
    )
    reading = opened(tmp_path, content)
    assert units(reading.batches) == [("Vũ Thư", 2, "Xã Vũ Hội"), ("Hưng Hà", 3, "Xã Hồng An")]
    assert reading.set_aside == {"heading": 3, "other_sheet": 2, "hidden_sheet": 2}
    assert (reading.found_as["sheet"], reading.found_as["hidden_sheets"]) == ("Vũ Thư; Hưng Hà", "1")


def test_a_sheet_of_the_form_without_a_column_is_not_passed_over(tmp_path: Path) -> None:
    content = book({"A": [TITLES, line(1, "Xã Vũ Hội")], "B": [TITLES[:-1], line(1, "Xã Tân Hòa")[:-1]]})
    with pytest.raises(Refusal) as caught:
        opened(tmp_path, content)
    assert (caught.value.code, caught.value.found) == ("file.missing_column", "Mẫu số")


def test_a_lower_table_without_a_column_is_not_read_under_the_titles_above(tmp_path: Path) -> None:
    lower: Rows = [[*TITLES[:4], TITLES[5]], [1, "Huyện Vũ Thư", "Xã Tự Tân", "fibre_households", 1000]]
    with pytest.raises(Refusal) as caught:
        opened(tmp_path, book({"A": [TITLES, line(1, "Xã Vũ Hội"), [], *lower]}))
    assert (caught.value.code, caught.value.found) == ("file.missing_column", "Tử số")


def test_lines_that_were_numbered_beforehand_and_never_filled_in_are_blank(tmp_path: Path) -> None:
    reading = opened(tmp_path, book({"A": [TITLES, line(1, "Xã Vũ Hội"), [2], ["3."], [None, "Huyện Vũ Thư"]]}))
    rows = pl.concat(list(reading.batches))
    assert rows["source_row"].to_list() == [2, 5]
    assert reading.set_aside == {"heading": 1, "blank": 2}


def test_tables_below_one_another_are_read_and_one_of_another_form_is_set_aside(tmp_path: Path) -> None:
    rows: Rows = [
        TITLES,
        line(1, "Xã Vũ Hội"),
        ["Tổng cộng", None, None, None, 900, 1000],
        [],
        ["II. Huyện Hưng Hà"],
        ["STT", None, *TITLES[1:]],
        [1, None, *line(1, "Xã Hồng An", 700, "Huyện Hưng Hà")[1:]],
        [],
        ["Biểu phụ"],
        ["STT", "Thiết bị", "Số lượng"],
        [1, "Máy tính", 12],
    ]
    reading = opened(tmp_path, book({"HaTang": rows}))
    assert units(reading.batches) == [("HaTang", 2, "Xã Vũ Hội"), ("HaTang", 7, "Xã Hồng An")]
    assert reading.set_aside == {"heading": 4, "total": 1, "other_table": 4}
    assert sum(reading.set_aside.values()) + 2 == len(rows)
    assert reading.found_as["tables"] == "2"
    assert reading.found_as["columns:HaTang"].startswith("district_name=C unit_name=D")


def beside(right_from: int) -> Rows:
    """Three rows of the form on the left, two to the right of them, whose titles stand in row `right_from` (from 0)."""
    left: list[list[Any]] = [TITLES, line(1, "Xã Vũ Hội"), line(2, "Xã Vũ Vinh"), line(3, "Xã Vũ Vân")]
    right: list[list[Any]] = [TITLES, line(1, "Xã Tự Tân"), line(2, "Xã Tân Lập")]
    gap: list[Any] = [None] * len(TITLES)
    places = zip_longest(left, [gap] * right_from + right, fillvalue=gap)
    return [[*each, None, *other] for each, other in places]


@pytest.mark.parametrize("right_from", [0, 2])
def test_two_tables_side_by_side_are_refused_before_a_row_of_either_is_lost(tmp_path: Path, right_from: int) -> None:
    content = book({"A": beside(right_from), "B": [TITLES, line(1, "Xã Hồng An", district="Huyện Hưng Hà")]})
    with pytest.raises(Refusal) as caught:
        opened(tmp_path, content)
    assert (caught.value.code, caught.value.found) == ("file.ambiguous_records", "cột / columns B, I")


def test_a_table_of_the_form_may_begin_further_right_once_the_one_above_has_ended(tmp_path: Path) -> None:
    lower = [[None] * 7 + each for each in (TITLES, line(1, "Xã Tự Tân"))]
    content = book({"A": [TITLES, line(1, "Xã Vũ Hội"), [], *lower, ["Người lập biểu"]]})
    assert units(opened(tmp_path, content).batches) == [("A", 2, "Xã Vũ Hội"), ("A", 5, "Xã Tự Tân")]


def test_titles_of_another_form_to_the_right_of_a_row_take_nothing_from_it(tmp_path: Path) -> None:
    texts = line(2, "Xã Vũ Vinh")
    texts[0], texts[4:] = "-", ["không", "không"]
    content = book({"A": [TITLES, line(1, "Xã Vũ Hội"), [*texts, None, "STT", "Thiết bị"], line(3, "Xã Vũ Vân")]})
    reading = opened(tmp_path, content)
    assert units(reading.batches) == [("A", 2, "Xã Vũ Hội"), ("A", 3, "Xã Vũ Vinh"), ("A", 4, "Xã Vũ Vân")]
    assert reading.set_aside == {"heading": 1}


def test_titles_over_three_rows_are_found_where_one_was_agreed(tmp_path: Path) -> None:
    rows: Rows = [
        ["SỞ THÔNG TIN VÀ TRUYỀN THÔNG", None, None, None, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"],
        [],
        ["STT", "Đơn vị", None, "Mã chỉ tiêu", "Số liệu"],
        [None, "Huyện/Thành phố", "Xã/Phường/Thị trấn", None, "Số hộ"],
        [None, None, None, None, "Tử số", "Mẫu số"],
        ["A", "B", "C", "D", 1, 2],
        line(1, "Xã Vũ Hội"),
        ["Người lập biểu", None, None, "Thủ trưởng đơn vị"],
        ["Phạm Văn A", None, None, "Trần B"],
    ]

    def merge(_: Any, sheets: Mapping[str, Any]) -> None:
        sheet = sheets["HaTang"]
        for area, text in (("B3:C3", "Đơn vị"), ("D3:D5", "Mã chỉ tiêu"), ("E3:F3", "Số liệu"), ("E4:F4", "Số hộ")):
            sheet.merge_range(area, text)
        for area, text in (("A3:A5", "STT"), ("B4:B5", "Huyện/Thành phố"), ("C4:C5", "Xã/Phường/Thị trấn")):
            sheet.merge_range(area, text)

    reading = opened(tmp_path, book({"HaTang": rows}, merge))
    assert units(reading.batches) == [("HaTang", 7, "Xã Vũ Hội")]
    assert reading.set_aside == {"heading": 5, "numbering": 1, "signature": 2}
    assert reading.extra_titles == ()


def test_a_column_without_a_title_is_parked_and_not_lost(tmp_path: Path) -> None:
    reading = opened(tmp_path, book({"HaTang": [[*TITLES, None, "Tử số"], [*line(1, "Xã Vũ Hội"), "ghi tay", 7]]}))
    (rows,) = reading.batches
    assert rows.select("numerator", "extra:#7", "extra:Tử số#8").rows() == [("900", "ghi tay", "7")]
    assert reading.extra_titles == ("#7", "Tử số#8")


@pytest.mark.parametrize("unit", ["Tổng cục Thuế", "Tổng công ty Điện", "Cộng đồng Làng", "Tổng số hộ nghèo"])
def test_a_name_that_begins_like_a_total_is_a_row(tmp_path: Path, unit: str) -> None:
    reading = opened(tmp_path, book({"HaTang": [TITLES, [None, None, unit, "fibre_households", 1, 2]]}))
    assert units(reading.batches) == [("HaTang", 2, unit)]


@pytest.mark.parametrize(
    "label", ["Tổng cộng", "TỔNG SỐ:", "Cộng huyện Vũ Thư", "Toàn tỉnh", "I. Tổng cộng (1+2)", "Cộng trang 1"]
)
def test_a_total_is_known_by_its_label(tmp_path: Path, label: str) -> None:
    reading = opened(tmp_path, book({"HaTang": [TITLES, line(1, "Xã Vũ Hội"), [label, None, None, None, 900, 1000]]}))
    assert reading.set_aside["total"] == 1


def test_words_of_a_signature_in_a_full_row_are_words() -> None:
    titles = ["Mã mục tiêu", "Kỳ", "Đơn vị", "Nguyên nhân", "Biện pháp", "Người chịu trách nhiệm", "Thời hạn"]
    content = book({"x": [titles, ["M1", "quý 4", "x", "thiếu máy", "mua thêm", "Giám đốc Sở", "chưa định"]]})
    grid = survey(content)[0]
    assert grid.tables[0].rows == (2,)


def test_cells_of_error_and_formulas_without_a_value_are_findings_with_their_address(tmp_path: Path) -> None:
    rows: Rows = [TITLES, *(line(at, f"Xã {at}") for at in range(1, 6))]

    def spoil(_: Any, sheets: Mapping[str, Any]) -> None:
        sheet = sheets["HaTang"]
        sheet.write_formula("E3", "=1/0", None, "#DIV/0!")
        sheet.write_formula("F4", "=E4+1", None, "")
        sheet.write_string("E5", "#N/A")
        sheet.write_formula("A6", "=1/0", None, "#REF!")

    reading = opened(tmp_path, book({"HaTang": rows}, spoil))
    assert [row for _, row, _ in units(reading.batches)] == [2, 6], "the ordinals' column is nobody's value"
    assert [(one.row, one.reason, one.rule_code) for one in reading.broken] == [
        (3, "E3 #DIV/0!", "file.cell_error"),
        (4, "F4 =", "file.cell_error"),
        (5, "E5 #N/A", "file.cell_error"),
    ]


def test_hidden_rows_and_columns_are_read_and_noted(tmp_path: Path) -> None:
    def hide(_: Any, sheets: Mapping[str, Any]) -> None:
        sheets["HaTang"].set_row(2, None, None, {"hidden": True})
        sheets["HaTang"].set_column(5, 5, None, None, {"hidden": True})

    reading = opened(tmp_path, book({"HaTang": [TITLES, line(1, "Xã A"), line(2, "Xã B")]}, hide))
    assert [row for _, row, _ in units(reading.batches)] == [2, 3]
    assert (reading.found_as["hidden_rows"], reading.found_as["hidden_columns"]) == ("1", "1")


def test_names_merged_over_several_rows_are_filled_down_and_numbers_are_not(tmp_path: Path) -> None:
    def merge(_: Any, sheets: Mapping[str, Any]) -> None:
        sheets["HaTang"].merge_range("B2:B3", "Huyện Vũ Thư")
        sheets["HaTang"].merge_range("F2:F3", 2000)

    rows: Rows = [TITLES, line(1, "Xã A"), [2, None, "Xã B", "fibre_households", 5]]
    (read,) = opened(tmp_path, book({"HaTang": rows}, merge)).batches
    assert read["district_name"].to_list() == ["Huyện Vũ Thư"] * 2
    assert read["denominator"].to_list() == ["2000", None]


def test_an_extract_of_records_may_come_as_a_workbook(tmp_path: Path) -> None:
    titles = ["STT", "MaHoSo", "MaTTHC", "KenhThucHien", "ChuHoSo", "SoGiayToChuHoSo", "NgayTiepNhan", "TrangThaiHoSo"]
    titles += ["NgayKetThucXuLy", "DonViXuLy", "NgayCapNhat", "MaDonViHanhChinh", "NgayHenTra", "NgayTra"]
    code = "000.00.53.H54-230517-0001"
    content = book({"Sheet1": [["Danh sách"], titles, [1, code, "1.000001", 2, "A", 34190000123456, "17/05/2023", 4]]})
    (rows,) = opened(tmp_path, content, "one_stop_dossier").batches
    assert rows.select("source_row", "dossier_code").rows() == [(3, code)]


def test_numbers_are_given_as_a_spreadsheet_shows_them_and_days_as_days() -> None:
    def dated(written: Any, sheets: Mapping[str, Any]) -> None:
        day = written.add_format({"num_format": "dd/mm/yyyy"})
        for at, serial in enumerate((59, 60, 61, 45000.5)):
            sheets["x"].write_number(2, at, serial, day)

    numbers: list[float | bool | str] = [999999999999999.0, 9007199254740991.0, 1e21, 0.1 + 0.2, 1.5e-7, True, "0012"]
    (sheet,) = survey(book({"x": [["a", "b", "c", "d", "e", "f", "g"], numbers]}, dated))
    assert sheet.grid[1] == ["9" * 15, "9.00719925474099E+15", "1E+21", "0.3", "0.00000015", "1", "0012"]
    assert sheet.grid[2][:4] == ["1900-02-28", "1900-02-29", "1900-03-01", "2023-03-15T12:00:00"]


def test_the_font_of_a_cell_decides_where_its_letters_cannot() -> None:
    def typed(written: Any, sheets: Mapping[str, Any]) -> None:
        old, new = written.add_format({"font_name": ".VnTime"}), written.add_format({"font_name": "Arial"})
        sheets["x"].write_string(1, 0, "Bé", old)
        sheets["x"].write_string(1, 1, "Bé", new)
        sheets["x"].write_string(2, 0, "Hà Nội", old)
        sheets["x"].write_rich_string(2, 1, old, "Bé ", new, "Bé Hà")
        sheets["x"].write_string(3, 0, "kÕ ho¹ch", written.add_format({"font_name": ".VnTimeH"}))

    (sheet,) = survey(book({"x": [["Ten", "Khac"]]}, typed))
    assert sheet.grid[1:] == [["Bộ", "Bé"], ["Hà Nội", "Bộ Bé Hà"], ["kế hoạch", None]]
    assert set(sheet.cells.encodings) == {(1, 0), (2, 1), (3, 0)}


def test_an_old_workbook_shows_its_fonts_errors_and_hidden_parts(tmp_path: Path) -> None:
    reading = opened(tmp_path, OLD_FORM.read_bytes())
    assert units(reading.batches) == [("HaTang", 5, "Xã Vũ Hội"), ("HaTang", 6, "Xã Bé")]
    assert [(one.row, one.reason) for one in reading.broken] == [(7, "E7 #REF!")]
    found = {kind: reading.found_as[kind] for kind in ("container", "hidden_rows", "hidden_columns", "hidden_sheets")}
    assert found == {"container": "xls", "hidden_rows": "1", "hidden_columns": "1", "hidden_sheets": "1"}
    beside = [row[6] for row in survey(OLD_FORM.read_bytes())[0].grid[4:]]
    assert beside == ["Bộ Bé", "Bé", "1900-02-29"]


WORK_FILES = [
    "STT",
    "Mã định danh",
    "Tên đơn vị",
    "Cấp",
    "Tổng số hồ sơ công việc",
    "Số xử lý trên môi trường mạng",
    "Tỷ lệ (%)",
]


def work_files(path: Path, first_total: int) -> Path:
    rows: Rows = [
        WORK_FILES,
        ["I", None, "Khối sở", None, first_total, 150],
        [1, "H54.05", "A", "Tỉnh", 100, 80, "80%"],
        [2, "H54.06", "B", "Tỉnh", 100, 70, "70%"],
        ["II", None, "Khối huyện", None, 300, 30],
        [3, "H54.31", "C", "Huyện", 300, 30, "10%"],
        [None, None, None, None, 300, 31],
        ["Tổng cộng", None, None, None, 500, 180],
    ]
    path.write_bytes(book({"HSCV": rows}, lambda _, sheets: sheets["HSCV"].merge_range("A7:D7", "Cộng khối huyện")))
    return path


def test_totals_and_subtotals_are_held_against_their_own_rows(tmp_path: Path) -> None:
    result = check_file(work_files(tmp_path / "a.xlsx", 201), "work_file_processing", "2023-05")
    said = result.findings.filter(pl.col("rule_code") == "total.mismatch").select("source_row", "found").rows()
    assert said == [(2, "files_total: 201 ≠ 200"), (7, "files_online: 31 ≠ 30")]
    assert result.receipt.set_aside_kinds == {"heading": 1, "section": 2, "total": 2}
    sound = check_file(work_files(tmp_path / "b.xlsx", 200), "work_file_processing", "2023-05")
    assert sound.receipt.rule_rows["total.mismatch"] == 1


def test_a_number_that_lost_digits_is_no_name_or_code(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    names: list[str | int] = [9704150012345678, 970415001234567, "9704150012345678"]
    rows = [[at, f"H54.0{at}", name, "Tỉnh", 100, 80, "80%"] for at, name in enumerate(names, 5)]
    path.write_bytes(book({"HSCV": [WORK_FILES, *rows]}))
    result = check_file(path, "work_file_processing", "2023-05")
    assert (result.receipt.rows_accepted, result.receipt.rows_quarantined) == (2, 1)
    ((sheet, row, code, said),) = result.findings.select("source_sheet", "source_row", "rule_code", "message_vi").rows()
    assert (sheet, row, code) == ("HSCV", 2, "agency_name.scientific")
    assert said.endswith("cần văn bản, gõ trong ô kiểu văn bản.")


def test_a_cell_of_error_reaches_the_receipt_and_lets_no_total_be_called_wrong(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"

    def spoil(_: Any, sheets: Mapping[str, Any]) -> None:
        sheets["HSCV"].write_formula("E2", "=1/0", None, "#DIV/0!")

    rows: Rows = [
        WORK_FILES,
        [1, "H54.05", "A", "Tỉnh", 100, 80, "80%"],
        [2, "H54.06", "B", "Tỉnh", 100, 70, "70%"],
        ["Tổng cộng", None, None, None, 999, 150],
    ]
    path.write_bytes(book({"HSCV": rows}, spoil))
    result = check_file(path, "work_file_processing", "2023-05")
    receipt = result.receipt
    assert (result.exit_code, receipt.rows_accepted, receipt.rows_structural, receipt.positions) == (1, 1, 1, 4)
    (finding,) = result.findings.filter(pl.col("rule_code") != "online_share.disagrees").iter_rows(named=True)
    assert finding["rule_code"] == "file.cell_error"
    assert (finding["source_sheet"], finding["source_row"]) == ("HSCV", 2)
    assert "E2 #DIV/0!" in finding["message_vi"]
    assert "E2 #DIV/0!" in finding["message_en"]


def test_a_sheet_of_formulas_in_another_style_of_xml_keeps_its_addresses() -> None:
    sheet = (
        "<x:worksheet xmlns:x='http://schemas.openxmlformats.org/spreadsheetml/2006/main'><x:sheetData>"
        "<x:row r='2'><x:c><x:v>1</x:v></x:c><x:c t='e'><x:f>1/0</x:f><x:v>#NUM!</x:v></x:c>"
        "<x:c><x:f t='shared' si='0'/></x:c><x:c t='str'><x:f>\"\"</x:f><x:v></x:v></x:c></x:row>"
        "</x:sheetData></x:worksheet>"
    )
    content = with_member(book({"x": [["a"]]}), "xl/worksheets/sheet1.xml", sheet.encode())
    assert survey(content)[0].cells.faults == {(1, 1): "#NUM!", (1, 2): "="}
