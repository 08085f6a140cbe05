"""What a sample is taken for: types by their texts, persons on the safe side, a key, and sources that are a contract."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import orjson
import polars as pl
import pytest
import python_calamine
import xlsxwriter

from schemas.column_types import (
    AgencyCode,
    Amount,
    CodeList,
    ColumnType,
    Day,
    DossierCode,
    HealthCard,
    InsuranceNumber,
    Moment,
    PartialDay,
    Pattern,
    PersonalNumber,
    PersonName,
    Phone,
    ProcedureCode,
    Share,
    TaxCode,
    Text,
    WholeNumber,
    YesNo,
    commune_code,
    dossier_code,
)
from schemas.contract import Extract, Personal, Records, Sheet
from schemas.periods import Cadence
from tests.warehouse.drafting.library_sample import PEOPLE, ROWS, SIGNED_BY, TITLES, card, phone, write_library_sample
from tests.warehouse.readers.one_table import FORMATS
from tests.warehouse.readers.sheets import book
from warehouse.drafting.column_names import name_of, snake_case
from warehouse.drafting.guess import Guesses, guess
from warehouse.drafting.made_up import golden_file, suffix_of
from warehouse.drafting.sample import Sample, read_sample
from warehouse.drafting.source import Draft, asset_source, contract_source
from warehouse.readers.reading import Refusal

GOLDEN = Path(__file__).resolve().parents[2] / "golden"
SAMPLES = sorted(file for file in GOLDEN.glob("*/*/*") if not file.name.startswith("expected_"))
ON = date(2023, 5, 31)


def guessed(title: str, *texts: str | None) -> tuple[ColumnType, Personal]:
    """What one column of texts is taken for, beside a running number that makes every row another."""
    texts_by_column = {"column_0": [f"X-{at:03d}" for at in range(len(texts))], "column_1": texts}
    rows = pl.DataFrame(texts_by_column, schema=dict.fromkeys(texts_by_column, pl.String))
    column = guess(("Số hiệu dòng", title), rows, ON).columns[1]
    return column.kind, column.personal


def contract_of(found: Sample, guesses: Guesses) -> Extract:
    """The contract that a drafted module declares."""
    draft = Draft("drafted", 'Biểu "thử"', "VPUB", "office", Cadence.MONTHLY, "2023-05", found.sheet, found.header_rows)
    module: dict[str, object] = {}
    exec(compile(contract_source(draft, guesses), "drafted.py", "exec"), module)  # noqa: S102 - written just now
    compile(asset_source(draft), "drafted_asset.py", "exec")
    made = module["DRAFTED"]
    assert isinstance(made, Extract)
    return made


@pytest.mark.parametrize(
    ("title", "texts", "kind", "personal"),
    [
        ("Số CCCD", ("034190000123", "34190000456", "034190000789"), PersonalNumber, Personal.BASIC),
        ("Giấy tờ", ("034190000123", "012345678", "034190000789"), PersonalNumber, Personal.BASIC),
        ("Mã số thuế", ("1000000001", "1000000002"), TaxCode, Personal.BASIC),
        ("Mã số BHXH", ("3400000001", "3400000002"), InsuranceNumber, Personal.BASIC),
        ("Thẻ BHYT", ("GD4340000000001", "DN4340000000002"), HealthCard, Personal.BASIC),
        ("Liên hệ", ("0912345678", "0387654321"), Phone, Personal.BASIC),
        ("Họ và tên", ("Nguyễn Văn An", "Ông A"), PersonName, Personal.BASIC),
        ("Đại diện", ("Nguyễn Văn An", "Trần Thị Bình", "Lê Chi"), PersonName, Personal.BASIC),
        ("Địa chỉ", ("Thôn 3", "Số nhà 5"), Text, Personal.BASIC),
        ("Nhận xét", ("tốt", "chưa tốt"), Text, Personal.BASIC),
        ("Tình trạng sức khoẻ", ("tốt", "yếu"), Text, Personal.SENSITIVE),
        ("Tên trường", ("Tiểu học A", "Tiểu học B"), Text, Personal.NONE),
        ("Số sổ", ("123456789", "223456789", "323456780", "423456781", "523456782"), InsuranceNumber, Personal.BASIC),
        ("Số hiệu", ("123456789", "223456789", "323456780", "423456781", "523456782"), Pattern, Personal.BASIC),
        ("MaHoSo", ("000.00.53.H54-230517-0001", "000.00.53.H54-230517-0002"), DossierCode, Personal.NONE),
        ("Mã TTHC", ("1.001193", "2.000488"), ProcedureCode, Personal.NONE),
        ("Đơn vị", ("H54.05", "000.00.05.H54"), AgencyCode, Personal.NONE),
        ("Mã xã", ("12433", "12688"), Pattern, Personal.NONE),
        ("Ngày cấp", ("17/05/2023", "2023-05-18"), Day, Personal.NONE),
        ("Ngày sinh", ("17/05/1990", "1991", "05/1992"), PartialDay, Personal.NONE),
        ("Cập nhật", ("2023-05-17T14:03:22", "2023-05-17 14:04:00"), Moment, Personal.NONE),
        ("Số năm", ("2021", "2022"), PartialDay, Personal.NONE),
        ("Số lượng", ("2021", "1.022", "-"), Text, Personal.BASIC),
        ("Số lượng", ("2021", "1.022", "5", "6", "-"), WholeNumber, Personal.NONE),
        ("Tỷ lệ (%)", ("54,3", "60"), Share, Personal.NONE),
        ("Kết quả", ("54,3%", "60%"), Share, Personal.NONE),
        ("Số tiền (đồng)", ("1.500.000", "200000"), Amount, Personal.NONE),
        ("Diện tích", ("1,5", "20,25"), Amount, Personal.NONE),
        ("Còn hiệu lực", ("Có", "Không"), YesNo, Personal.NONE),
        ("Số con", ("0", "1", "2"), WholeNumber, Personal.NONE),
        ("Giới tính", ("Nam", "Nữ"), CodeList, Personal.NONE),
        ("Số thẻ", tuple(f"9.7041500123456{at}E+15" for at in range(6)), Text, Personal.BASIC),
        ("Để trống", (None, None), Text, Personal.NONE),
    ],
)
def test_a_column_is_taken_for_the_most_particular_type_it_fits(
    title: str, texts: tuple[str | None, ...], kind: type[ColumnType], personal: Personal
) -> None:
    found, found_class = guessed(title, *texts)
    assert (type(found), found_class) == (kind, personal)


def test_shared_codes_are_known_and_others_get_the_shape_they_all_have() -> None:
    assert guessed("Mã hồ sơ", "000.00.53.H54-230517-0001")[0] == dossier_code()
    assert guessed("Mã đơn vị hành chính", "12433", "12688")[0] == commune_code()
    shaped, _ = guessed("Số phiếu", *(f"PH{letter}-2305-{number:04d}" for number, letter in enumerate("ABCDE")))
    assert isinstance(shaped, Pattern)
    assert shaped.pattern == r"^PH[A-Z]-\d{4}-\d{4}$"
    assert shaped.example == "PHA-0000-0000"


def test_a_word_that_returns_becomes_a_list_only_when_there_are_rows_enough() -> None:
    listed, _ = guessed("Hình thức", *["trực tiếp", "trực tuyến"] * 10)
    assert isinstance(listed, CodeList)
    assert set(listed.codes) == {"trực tiếp", "trực tuyến"}
    assert isinstance(guessed("Hình thức", "trực tiếp", "trực tuyến")[0], Text)


@pytest.mark.parametrize(
    ("title", "kind", "name"),
    [
        ("Họ và tên", PersonName(), "full_name"),
        ("Ngày nhận thẻ", Day(), "nhan_the_on"),
        ("Tiền cọc (đồng)", Amount(decimals=0), "tien_coc_vnd"),
        ("Tỷ lệ đọc", Share(), "ty_le_doc_share"),
        ("Độ", Text(), "cot_do"),
        ("1. Số đầu sách", WholeNumber(), "cot_1_so_dau_sach"),
        ("SoDauSach", WholeNumber(), "so_dau_sach"),
    ],
)
def test_names_are_known_ones_or_plain_letters_with_a_unit(title: str, kind: ColumnType, name: str) -> None:
    assert name_of(title, kind, ())[0] == name
    assert name_of(title, kind, {name})[0] == f"{name}_2"


def test_a_long_title_is_cut_between_words() -> None:
    name = snake_case("Tổng số hồ sơ công việc được xử lý trên môi trường mạng trong kỳ")
    assert name == "tong_so_ho_so_cong_viec_duoc_xu_ly_tren"


@pytest.mark.parametrize("file", SAMPLES, ids=lambda file: f"{file.parent.parent.name}-{file.parent.name}")
def test_every_kind_of_file_at_hand_becomes_a_contract(file: Path) -> None:
    found = read_sample(file)
    guesses = guess(found.titles, found.rows, ON)
    extract = contract_of(found, guesses)
    drafted = [column.headers[0] for column in extract.columns]
    assert drafted[: len(found.titles)] == list(found.titles)
    known = {*(column.name for column in extract.columns), *(column.name for column in extract.derived)}
    assert set(extract.key) <= known
    assert set(extract.kept_key) <= set(extract.kept), "a key of persons without a token would be lost"
    assert extract.rules


@pytest.fixture
def library(tmp_path: Path) -> Sample:
    write_library_sample(tmp_path / "thu_vien.xlsx")
    return read_sample(tmp_path / "thu_vien.xlsx")


def test_a_printed_workbook_is_read_as_at_the_gate(library: Sample) -> None:
    assert library.titles == TITLES[1:]
    assert library.rows.height == ROWS
    guesses = guess(library.titles, library.rows, ON)
    assert guesses.key == ("so_the",)
    assert guesses.is_key_unique
    assert (guesses.unit, guesses.district) == ("unit_name", "district_name")
    extract = contract_of(library, guesses)
    assert extract.layout == Sheet(label="ThuVien")
    assert {column.name for column in extract.identifiers} == {"full_name", "citizen_number", "phone_number", "remark"}


def test_nothing_in_a_golden_file_leads_to_a_person(library: Sample) -> None:
    guesses = guess(library.titles, library.rows, ON)
    content = golden_file(library, guesses.columns)
    grid = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    text = "\n".join(str(cell) for row in grid for cell in row)
    of_persons = [*PEOPLE, SIGNED_BY, *(card(number) for number in range(1, ROWS + 1)), *map(phone, range(1, ROWS + 1))]
    assert [value for value in of_persons if value in text] == []
    assert "TV-23-00001" in text
    assert len(grid) == ROWS + 1
    names = [row[TITLES[1:].index("Họ và tên")] for row in grid[1:]]
    assert len(set(names)) == len(PEOPLE), "who was the same stays the same"


def test_a_made_up_code_is_right_where_the_one_it_stands_for_was() -> None:
    codes = ["1000000001", "1000000002", "1000000003", "1000000004", "100000000-1"]
    rows = pl.DataFrame({"column_0": codes, "column_1": ["Ông A", "B2", "C", "D", "E"]})
    titles = ("Mã số thuế", "Họ và tên")
    found = Sample("text", titles, rows.with_columns(source_row=pl.int_range(1, len(codes) + 1)))
    lines = list(csv.reader(io.StringIO(golden_file(found, guess(titles, rows, ON).columns).decode())))
    made_up = pl.DataFrame({"text": [line[0] for line in lines[1:]]})
    read = made_up.select(TaxCode().read(pl.col("text")).is_not_null())["text"].to_list()
    assert read == [True, False, False, False, False]
    assert not set(made_up["text"]) & set(codes)


def test_a_form_of_several_sheets_header_rows_and_an_old_font_is_read(tmp_path: Path) -> None:
    def fill(book: xlsxwriter.Workbook, sheets: Mapping[str, Any]) -> None:
        merged = book.add_format({"align": "center"})
        sheet = sheets["Bieu 2"]
        sheet.merge_range(3, 2, 3, 3, "Trong đó", merged)
        sheet.merge_range(3, 0, 4, 0, "TT", merged)
        sheet.merge_range(3, 1, 4, 1, "§¬n vÞ", merged)

    counts = [[number, f"Trung t©m sè {number}", 10 * number, number] for number in range(1, 9)]
    form: list[list[Any]] = [
        ["së v¨n ho¸, thÓ thao"],
        ["KÕt qu¶ m­în s¸ch quý II"],
        [],
        ["TT", "§¬n vÞ", "Trong đó", None],
        [None, None, "Sách mượn", "Sách mất"],
        ["(1)", "(2)", "(3)", "(4)"],
        *counts,
        ["Tæng céng", None, 360, 36],
        [None, None, "Ng­êi lËp biÓu"],
    ]
    (tmp_path / "bieu.xlsx").write_bytes(book({"Bia": [["B¸o c¸o"]], "Bieu 2": form}, fill))
    found = read_sample(tmp_path / "bieu.xlsx")
    assert (found.sheet, found.header_rows) == ("Bieu 2", 2)
    assert found.titles == ("Đơn vị", "Trong đó / Sách mượn", "Trong đó / Sách mất")
    assert found.rows["column_0"].to_list() == [f"Trung tâm số {number}" for number in range(1, 9)]
    guesses = guess(found.titles, found.rows, ON, found.totals)
    layout = contract_of(found, guesses).layout
    assert isinstance(layout, Sheet)
    assert layout.summed == tuple(column.name for column in guesses.columns[1:])


def test_counts_and_amounts_that_have_a_total_line_are_drafted_as_summed(tmp_path: Path) -> None:
    file = tmp_path / "phi.csv"
    lines = [f"Trường số {number};{number};{number}.500,5" for number in range(1, 7)]
    file.write_text("\n".join(["Tên trường;Số lớp;Kinh phí", *lines, "Tổng cộng;21;21.503"]), encoding="utf-8")
    found = read_sample(file)
    assert (found.rows.height, [total.row for total in found.totals]) == (6, [8])
    guesses = guess(found.titles, found.rows, ON, found.totals)
    assert contract_of(found, guesses).layout == Records(summed=tuple(column.name for column in guesses.columns[1:]))


@pytest.mark.parametrize("kind", ["json", "xml", "parquet"])
def test_records_of_every_format_become_a_contract(tmp_path: Path, kind: str) -> None:
    rows = [{"So": f"P-{number:04d}", "TrichYeu": "Về việc học hè", "SoTrang": f"{number}"} for number in range(6)]
    file = tmp_path / f"phieu.{kind}"
    file.write_bytes(FORMATS[kind](rows))
    found = read_sample(file)
    assert (found.kind, found.titles, found.rows.height) == (kind, ("So", "TrichYeu", "SoTrang"), 6)
    guesses = guess(found.titles, found.rows, ON)
    assert [guesses.columns[0].name] == list(guesses.key)
    again = tmp_path / f"golden{suffix_of(found)}"
    again.write_bytes(golden_file(found, guesses.columns))
    assert read_sample(again).titles == found.titles


def test_files_of_records_keep_their_format(tmp_path: Path) -> None:
    records = [{"MaPhieu": f"P-{number:04d}", "SoLuong": number} for number in range(6)]
    (tmp_path / "phieu.json").write_bytes(orjson.dumps(records))
    lines = ["MaPhieu;SoLuong", *(f"{record['MaPhieu']};{record['SoLuong']}" for record in records)]
    (tmp_path / "phieu.csv").write_text("\n".join(lines), encoding="utf-16")
    for name, kind in (("phieu.json", "json"), ("phieu.csv", "text")):
        found = read_sample(tmp_path / name)
        assert (found.kind, found.titles) == (kind, ("MaPhieu", "SoLuong"))
        again = tmp_path / f"golden{suffix_of(found)}"
        again.write_bytes(golden_file(found, guess(found.titles, found.rows, ON).columns))
        assert read_sample(again).rows.drop("source_row").equals(found.rows.drop("source_row"))


@pytest.mark.parametrize("content", [b"", b"\n\n", b"PK\x03\x04 no workbook", b"{}", b"one word", b"1,2\n3,4\n"])
def test_what_has_no_titles_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "sample").write_bytes(content)
    with pytest.raises(Refusal):
        read_sample(tmp_path / "sample")
