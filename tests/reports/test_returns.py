"""Department returns, made from files that really went through the gate."""

from __future__ import annotations

import csv
import io
import json
import os
import stat
from pathlib import Path

import duckdb
import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook
from upath import UPath

from reports import returns
from reports.advice import remedy
from reports.return_files import FINDING_TITLES
from schemas.extracts import all_extracts
from tests.reports.conftest import RELEASE_ID, build_release
from warehouse.intake import record_sendings
from warehouse.judging import judge_pending
from warehouse.storage import Home

PERIOD = "2023-05-17"
NAME = "Nguyễn Thị Mẫu Đơn"
FORMULA = '=HYPERLINK("http://example.invalid")'


def dossier(number: int, **changed: object) -> dict[str, object]:
    """A clean record of the portal, with changes."""
    return {
        "MaHoSo": f"000.00.53.H54-230517-{number:04d}",
        "MaTTHC": "1.001193",
        "KenhThucHien": 2,
        "ChuHoSo": NAME,
        "SoGiayToChuHoSo": "034199001234",
        "NgayTiepNhan": "2023-05-17",
        "NgayHenTra": "2023-05-20",
        "TrangThaiHoSo": 4,
        "NgayKetThucXuLy": None,
        "NgayTra": None,
        "DonViXuLy": "H54.01",
        "NgayCapNhat": "2023-05-17T08:00:00",
        "MaDonViHanhChinh": "12433",
        "SoTienPhaiNop": 0,
    } | changed


def land_dossiers(home: Home, *records: dict[str, object], period: str = PERIOD, name: str = "hoso.json") -> None:
    target = home.landing / "one_stop_dossier" / "VPUB" / period / name
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text("[\n" + ",\n".join(json.dumps(record) for record in records) + "\n]", encoding="utf-8")


def land_work_files(home: Home, *rows: tuple[object, ...], name: str = "hscv.xlsx") -> Path:
    folder = Path(str(home.landing / "work_file_processing" / "STTTT" / "2023-05"))
    folder.mkdir(parents=True, exist_ok=True)
    with xlsxwriter.Workbook(folder / name) as book:
        sheet = book.add_worksheet("HSCV")
        sheet.write_row(0, 0, ["BÁO CÁO HỒ SƠ CÔNG VIỆC"])
        titles = ["STT", "Mã định danh", "Tên đơn vị", "Cấp", "Tổng số hồ sơ công việc"]
        sheet.write_row(2, 0, [*titles, "Số xử lý trên môi trường mạng", "Tỷ lệ (%)"])
        for down, row in enumerate(rows, start=3):
            sheet.write_row(down, 0, row)
    return folder / name


def processed(home: Home) -> list[UPath]:
    """Take in, judge and write the returns."""
    record_sendings(home)
    judge_pending(home, workers=1)
    return returns.write(home)


def returned_csv(home: Home) -> list[dict[str, str]]:
    (file,) = [file for file in returns.write(home) if file.suffix == ".csv"]
    return list(csv.DictReader(io.StringIO(file.read_bytes().decode("utf-8-sig"))))


def sheet_rows(file: UPath, sheet: str) -> list[list[object]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(file.read_bytes()))
    return [list(row) for row in book.get_sheet_by_name(sheet).to_python()]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(UPath(tmp_path))


def test_a_clean_delivery_is_not_returned(home: Home) -> None:
    land_dossiers(home, dossier(1))
    assert processed(home) == []


def test_a_row_set_apart_comes_back_with_its_place_value_reason_and_remedy(home: Home) -> None:
    land_dossiers(home, dossier(1), dossier(2, NgayTiepNhan="31/02/2023"), dossier(3))
    processed(home)
    (row,) = returned_csv(home)
    assert [row[title] for title in FINDING_TITLES[:5]] == ["", "2", "", "NgayTiepNhan", "31/02/2023"]
    assert row["Mã quy tắc"] == "received_on.unreadable"
    assert "31/02/2023" in row["Lỗi"]
    assert row["Cần ghi"]
    assert row["Cách sửa"] == remedy("received_on.unreadable")
    assert row["[MaHoSo]"] == "000.00.53.H54-230517-0002"
    assert row["[ChuHoSo]"] == NAME


def test_returns_are_private_to_this_user(home: Home) -> None:
    land_dossiers(home, dossier(1, NgayTiepNhan="31/02/2023"))
    files = processed(home)
    assert files
    for file in files:
        assert stat.S_IMODE(Path(str(file)).stat().st_mode) == 0o600


def test_a_formula_from_outside_stays_text(home: Home) -> None:
    land_dossiers(home, dossier(1, NgayTiepNhan="31/02/2023", ChuHoSo=FORMULA, SoTienPhaiNop="-5"))
    processed(home)
    rows = returned_csv(home)
    assert {row["[ChuHoSo]"] for row in rows} == {f"'{FORMULA}"}
    assert {row["[SoTienPhaiNop]"] for row in rows} == {"-5"}


def test_a_refused_file_comes_back_with_its_reason(home: Home) -> None:
    land_dossiers(home, {"unknown": 1})
    processed(home)
    (row,) = returned_csv(home)
    assert row["Mã quy tắc"] == "file.header_not_found"
    assert row["Dòng"] == ""
    assert row["Xử lý"] == "từ chối tệp"


def test_a_workbook_comes_back_as_a_workbook_with_the_cell_marked(home: Home) -> None:
    land_work_files(
        home,
        (1, "H54.01", "Văn phòng", "Tỉnh", 100, 90, "90%"),
        (2, "H54.02", "Sở Nội vụ", "Tỉnh", "chín mươi", 80, "80%"),
    )
    files = processed(home)
    (file,) = [file for file in files if file.name.startswith("2023-05_")]
    assert file.suffix == ".xlsx"
    header, finding = sheet_rows(file, "Loi")
    assert tuple(header) == FINDING_TITLES
    assert finding[:5] == ["HSCV", 5, "E5", "Tổng số hồ sơ công việc", "chín mươi"]
    _, original = sheet_rows(file, "DongGoc")
    assert "H54.02" in original
    assert "chín mươi" in original
    assert {title: text for title, text, *_ in sheet_rows(file, "TomTat")}["Số dòng trả lại"] == "1"


def test_the_summary_says_what_each_delivery_still_needs(home: Home) -> None:
    land_dossiers(home, {"unknown": 1}, period="2023-05-16")
    land_dossiers(home, dossier(1, NgayTiepNhan="31/02/2023"))
    files = processed(home)
    (summary,) = [file for file in files if file.name == "tong-hop.xlsx"]
    titles, *rows = sheet_rows(summary, "TongHop")
    told = [dict(zip(titles, row, strict=True)) for row in rows]
    assert [(row["Kỳ"], row["Tình trạng"]) for row in told] == [
        ("2023-05-16", "Bị từ chối"),
        (PERIOD, "Được nhận"),
    ]
    assert told[0]["Việc cần làm"] == "Sửa tệp rồi gửi lại cả tệp."
    assert {str(row["Tệp trả lại"]) for row in told} == {
        str(file).split("/VPUB/", 1)[1] for file in files if file.suffix == ".csv"
    }


def test_a_file_that_another_took_the_place_of_is_named_in_the_summary_and_on_its_return(home: Home) -> None:
    first = land_work_files(home, (1, "không rõ", "A", "Tỉnh", 100, 80, "80%"), name="sang.xlsx")
    last = land_work_files(home, (1, "H54.05", "A", "Tỉnh", 100, 80, "80%"), name="chieu.xlsx")
    for file, received_at_s in ((first, 1_686_132_000), (last, 1_686_142_800)):
        os.utime(file, (received_at_s, received_at_s))
    summary, returned = processed(home)
    titles, *rows = sheet_rows(summary, "ThayThe")
    assert [dict(zip(titles, row, strict=True)) for row in rows] == [
        {
            "Bộ dữ liệu": all_extracts()["work_file_processing"].vi,
            "Kỳ": "2023-05",
            "Tệp bị thay": "sang.xlsx",
            "Nhận lúc": "07/06/2023 17:00",
            "Tệp thay thế": "chieu.xlsx",
            "Tệp thay thế nhận lúc": "07/06/2023 20:00",
        }
    ]
    assert ["Bị thay bởi", "chieu.xlsx, nhận lúc 07/06/2023 20:00"] in sheet_rows(returned, "TomTat")


def test_a_clean_file_that_another_took_the_place_of_is_told_too(home: Home) -> None:
    land_dossiers(home, dossier(1))
    land_dossiers(home, dossier(2), name="hoso_2.json")
    (summary,) = processed(home)
    assert len(sheet_rows(summary, "ThayThe")) == 2


def test_nothing_new_writes_nothing_and_a_correction_settles_the_refusal(home: Home) -> None:
    land_dossiers(home, {"unknown": 1})
    first = processed(home)
    stamps = {str(file): file.stat().st_mtime_ns for file in first}
    assert {str(file): file.stat().st_mtime_ns for file in processed(home)} == stamps
    land_dossiers(home, dossier(1), name="hoso_2.json")
    (summary,) = [file for file in processed(home) if file.name == "tong-hop.xlsx"]
    _, row = sheet_rows(summary, "TongHop")
    assert "Không phải làm gì: đã nhận bản gửi sau." in row


def test_a_lost_return_is_written_again(home: Home) -> None:
    land_dossiers(home, dossier(1, NgayTiepNhan="31/02/2023"))
    (file,) = [file for file in processed(home) if file.suffix == ".csv"]
    content = file.read_bytes()
    file.unlink()
    returns.write(home)
    assert file.read_bytes() == content


def test_findings_of_the_release_are_returned_and_withdrawn_when_they_heal(tmp_path: Path) -> None:
    home = build_release(tmp_path)
    land_dossiers(home, dossier(1))
    assert processed(home) == []
    (receipt_folder,) = [path.parent for path in Path(str(home.ledger)).rglob("receipt.json")]
    database = tmp_path / "releases" / RELEASE_ID / "analyst.duckdb"
    con = duckdb.connect(str(database))
    con.execute(
        "INSERT INTO quality.quarantine VALUES (?, 'one_stop_dossier', 'VPUB', '2023-05-17', NULL, 1, 'procedure_code',"
        " 'procedure_code.unknown', 'release', 'quarantine', '1.001193', 'mã', 'Không có “1.001193”.', '')",
        [receipt_folder.name],
    )
    con.close()
    (row,) = returned_csv(home)
    assert (row["Dòng"], row["Cột"], row["Giá trị trong tệp"]) == ("1", "MaTTHC", "1.001193")
    con = duckdb.connect(str(database))
    con.execute("DELETE FROM quality.quarantine WHERE stage = 'release'")
    con.close()
    assert returns.write(home) == []
    assert not list((tmp_path / "returns").rglob("*.csv"))


def test_every_rule_of_every_extract_has_a_remedy_of_its_own() -> None:
    otherwise = remedy("nothing.known")
    codes = {rule.code for extract in all_extracts().values() for rule in extract.rules}
    assert [code for code in sorted(codes) if remedy(code) == otherwise] == []
