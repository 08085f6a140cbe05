"""Workbooks of every format: the same form gives the same rows; a locked or hostile one is refused before it is opened."""

from __future__ import annotations

import io
import struct
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import psutil
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.warehouse.readers.binary_book import record, xlsb
from tests.warehouse.readers.sheets import book, opened, with_member, zipped
from warehouse.readers.reading import Refusal
from warehouse.readers.workbook_binary import relations_of_sheets
from warehouse.readers.workbook_survey import survey

FORM: list[list[str | int]] = [
    ["SỞ THÔNG TIN VÀ TRUYỀN THÔNG"],
    [],
    ["STT", "Huyện/Thành phố", "Xã/Phường/Thị trấn", "Mã chỉ tiêu", "Tử số", "Mẫu số"],
    ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)"],
    [1, "Huyện Quỳnh Phụ", "Xã Quỳnh Thọ", "fibre_households", 900, 1000],
    [2, "Huyện Vũ Thư", "Xã Vũ Hội", "fibre_households", 800, 1000],
    ["Tổng cộng", "", "", "", 1700, 2000],
]
OLD_FORM = Path(__file__).parent / "old_form.xls"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def refused(folder: Path, content: bytes) -> Refusal:
    with pytest.raises(Refusal) as caught:
        opened(folder, content)
    return caught.value


def xlsx(rows: list[list[str | int]], *, hidden_sheets: int = 0) -> bytes:
    def hide(written: Any, _: object) -> None:
        for _ in range(hidden_sheets):
            written.add_worksheet().hide()

    return book({"HaTang": rows}, hide)


def ods(rows: list[list[str | int]], manifest: str = "") -> bytes:
    """An OpenDocument spreadsheet of one sheet."""

    def cell(value: str | int) -> str:
        if isinstance(value, int):
            return f'<table:table-cell office:value-type="float" office:value="{value}"/>'
        return f'<table:table-cell office:value-type="string"><text:p>{escape(value)}</text:p></table:table-cell>'

    return ods_of(
        "".join(f"<table:table-row>{''.join(map(cell, row or ['']))}</table:table-row>" for row in rows), manifest
    )


def ods_of(body: str, manifest: str = "") -> bytes:
    """An OpenDocument spreadsheet of one sheet with these rows as XML."""
    name = "urn:oasis:names:tc:opendocument:xmlns:"
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="{name}office:1.0" '
        f'xmlns:table="{name}table:1.0" xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0" '
        f'xmlns:text="{name}text:1.0"><office:body><office:spreadsheet>'
        f'<table:table table:name="HaTang">{body}</table:table></office:spreadsheet></office:body></office:document-content>'
    )
    return zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": content,
            "META-INF/manifest.xml": f"<manifest>{manifest}</manifest>",
        }
    )


@pytest.mark.parametrize(("container", "content"), [("xlsx", xlsx(FORM)), ("ods", ods(FORM)), ("xlsb", xlsb(FORM))])
def test_the_same_form_gives_the_same_rows_in_each_format(tmp_path: Path, container: str, content: bytes) -> None:
    reading = opened(tmp_path, content)
    (rows,) = reading.batches
    assert rows.select("source_row", "unit_name", "numerator").rows() == [
        (5, "Xã Quỳnh Thọ", "900"),
        (6, "Xã Vũ Hội", "800"),
    ]
    assert reading.set_aside == {"heading": 3, "numbering": 1, "total": 1}
    assert [total.row for total in reading.totals] == [7]
    assert reading.found_as == {
        "format": "workbook",
        "sheet": "HaTang",
        "container": container,
        "columns": "district_name=B unit_name=C measure_code=D numerator=E denominator=F",
        "header": reading.found_as["header"],
    }


@pytest.mark.parametrize("written", [xlsx, ods, xlsb])
def test_a_number_of_sixteen_digits_is_a_power_of_ten_in_each_format(
    tmp_path: Path, written: Callable[[list[list[str | int]]], bytes]
) -> None:
    form: list[list[str | int]] = [*FORM[:5], [2, "Huyện Vũ Thư", 9704150012345678, "fibre_households", 800, 1000]]
    (rows,) = opened(tmp_path, written(form)).batches
    assert rows["unit_name"].to_list() == ["Xã Quỳnh Thọ", "9.70415001234568E+15"]


def test_an_open_document_shows_its_errors_merged_titles_and_hidden_rows() -> None:
    cell = '<table:table-cell office:value-type="string"{}><text:p>{}</text:p></table:table-cell>'
    fault = cell.format(' calcext:value-type="error" table:formula="of:=1/0" office:string-value=""', "#DIV/0!")
    row = "<table:table-row{}>{}</table:table-row>"
    body = (
        row.format("", cell.format(' table:number-columns-spanned="2"', "Số hộ") + "<table:covered-table-cell/>")
        + row.format(' table:number-rows-repeated="2"', "<table:table-cell/>")
        + row.format(' table:visibility="collapse"', cell.format(' table:number-columns-repeated="2"', "a") + fault)
        + row.format("", '<table:table-cell table:formula="of:=1+1"/>')
    )
    (sheet,) = survey(ods_of(body))
    assert sheet.cells.faults == {(3, 2): "#DIV/0!", (4, 0): "="}
    assert list(sheet.cells.merged) == [(0, 0, 0, 1)]
    assert set(sheet.cells.hidden_rows) == {3}
    assert sheet.grid[3] == ["a", "a", "#DIV/0!"]


def test_a_sheet_whose_relation_says_to_be_gigabytes_long_takes_no_memory() -> None:
    damaged = record(156, struct.pack("<III", 0, 1, 0xF000_0000) + "rId1".encode("utf-16-le"))
    tracemalloc.start()
    try:
        assert relations_of_sheets(damaged) == {"": "rId1"}
        assert tracemalloc.get_traced_memory()[1] < 1 << 20
    finally:
        tracemalloc.stop()


def test_a_binary_workbook_shows_its_errors_and_what_is_hidden() -> None:
    (sheet,) = survey(xlsb([["a", "b"], [1, b"\x17"], [b"\x2a", 2]], hidden_rows=(2,), hidden=1))
    assert sheet.cells.faults == {(1, 1): "#REF!", (2, 0): "#N/A"}
    assert sheet.grid == [["a", "b"], ["1", "#REF!"], ["#N/A", "2"]]
    assert (set(sheet.cells.hidden_rows), set(sheet.cells.hidden_columns)) == ({2}, {1})


def test_hidden_sheets_are_counted(tmp_path: Path) -> None:
    assert opened(tmp_path, xlsx(FORM, hidden_sheets=2)).found_as["hidden_sheets"] == "2"


def test_a_document_under_the_name_of_a_workbook_is_called_a_document(tmp_path: Path) -> None:
    refusal = refused(tmp_path, zipped({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<document/>"}))
    assert (refusal.code, refusal.found) == (
        "file.unreadable",
        "văn bản Word, không phải bảng tính (a Word document, not a workbook)",
    )


@pytest.mark.parametrize(
    "content",
    [_OLE + bytes(1000) + "EncryptedPackage".encode("utf-16-le"), ods(FORM, "<manifest:encryption-data/>")],
)
def test_a_workbook_with_a_password_is_refused_as_such(tmp_path: Path, content: bytes) -> None:
    assert refused(tmp_path, content).code == "file.locked"


@pytest.mark.parametrize(
    "content",
    [
        _OLE + bytes(1000),
        b"PK\x03\x04" + bytes(50),
        xlsx(FORM)[:-200],
        zipped({"a.txt": "x"}),
        zipped({"Content.xml": "<a/>", "meta-inf/manifest.xml": "<b/>"}),
        b"<html>",
    ],
)
def test_what_is_no_whole_workbook_is_refused(tmp_path: Path, content: bytes) -> None:
    assert refused(tmp_path, content).code == "file.unreadable"


def test_a_table_without_an_end_is_refused_at_once(tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(ods(FORM))) as archive:
        content = archive.read("content.xml")
    unclosed = with_member(ods(FORM), "content.xml", content.replace(b"</table:table>", b"</table:tabel>"))
    refusal = refused(tmp_path, unclosed)
    assert (refusal.code, refusal.found.partition(" (")[0]) == ("file.unreadable", "ODS, sai cú pháp")


FAR_CELL = b'<worksheet><sheetData><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("xl/../../etc/passwd", b"x"),
        ("xl/worksheets/sheet1.xml", FAR_CELL),
        ("xl/worksheets/sheet1.xml", b" " * ((1 << 20) - 60) + FAR_CELL),
        ("xl/worksheets/sheet1.xml", FAR_CELL.replace(b"XFD1048576", b"BDWGN1")),
        ("xl/worksheets/sheet1.xml", b"<worksheet>" + b"<row/>" * 2_000_000 + b"</worksheet>"),
        ("xl/..\\..\\evil.dll", b"x"),
        (
            "xl/sharedStrings.xml",
            b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "haha">]><sst><si><t>&a;</t></si></sst>',
        ),
        ("xl/styles.xml", '<!DOCTYPE s SYSTEM "file:///etc/passwd"><styleSheet/>'.encode("utf-16")),
    ],
    ids=[
        "a name that climbs",
        "a cell at the end of the world",
        "the same between two chunks",
        "a million columns",
        "more rows than there can be",
        "a name that climbs as in Windows",
        "entities",
        "a reference outside in another encoding",
    ],
)
def test_an_unsafe_workbook_is_refused_within_memory(tmp_path: Path, name: str, content: bytes) -> None:
    hostile = with_member(xlsx(FORM), name, content)
    before = psutil.Process().memory_info().rss
    assert refused(tmp_path, hostile).code == "file.unsafe"
    assert psutil.Process().memory_info().rss - before < 200 << 20


def test_a_zip_bomb_is_refused_within_memory(tmp_path: Path) -> None:
    packed = with_member(xlsx(FORM), "xl/media/zeros.bin", bytes(50_000_000))
    hostile = packed.replace((50_000_000).to_bytes(4, "little"), (3 << 30).to_bytes(4, "little"))
    before = psutil.Process().memory_info().rss
    assert refused(tmp_path, hostile).code == "file.unsafe"
    assert psutil.Process().memory_info().rss - before < 200 << 20


def test_a_member_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    hostile = bytearray(with_member(xlsx(FORM), "xl/media/zeros.bin", bytes(50_000_000)))
    true_size = (50_000_000).to_bytes(4, "little")
    assert hostile.count(true_size) == 2  # before the member and in the directory
    assert refused(tmp_path, bytes(hostile.replace(true_size, (1000).to_bytes(4, "little")))).code == "file.unreadable"


@pytest.mark.parametrize(
    ("name", "part"),
    [
        (
            "xl/worksheets/sheet1.bin",
            record(0, b"\xff\xff\xff\x7f" + bytes(13)) + record(5, b"\xff\x3f\x00\x00" + bytes(12)),
        ),
        ("xl/worksheets/sheet1.bin", record(0, bytes(17)) + record(5, b"\xff\xff\x0f\x00" + bytes(12))),
        ("xl/sharedStrings.bin", record(159, b"\xff" * 8)),
    ],
    ids=["a cell at the end of the world", "a million columns", "more texts than there can be"],
)
def test_a_binary_workbook_is_looked_through_before_it_is_opened(tmp_path: Path, name: str, part: bytes) -> None:
    assert refused(tmp_path, zipped({"xl/workbook.bin": b"", name: part})).code == "file.unsafe"
    assert refused(tmp_path, zipped({"xl/workbook.bin": b"", name: record(0, bytes(17))})).code == "file.unreadable"


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.floats(0, 1), st.binary(min_size=1, max_size=4)), min_size=1, max_size=4), st.floats(0.5, 1)
)
def test_a_damaged_old_workbook_is_read_or_refused(places: list[tuple[float, bytes]], kept: float) -> None:
    spoilt = bytearray(OLD_FORM.read_bytes())
    for place, written in places:
        at = int(place * (len(spoilt) - 1))
        spoilt[at : at + len(written)] = written
    try:
        sheets = survey(bytes(spoilt[: int(kept * len(spoilt))]))
    except Refusal:
        sheets = []
    # Nothing but a refusal may come out, and what is read keeps its shape.
    assert all(len(row) == sheet.cells.texts.width for sheet in sheets for row in sheet.grid)
