"""Workbooks of every format: the same form gives the same rows; a locked or hostile one is refused before it is opened."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

import psutil
import pytest
import xlsxwriter
import zstandard

from schemas.extracts import all_extracts
from warehouse.readers import workbook
from warehouse.readers.reading import Reading, Refusal

FORM: list[list[str | int]] = [
    ["SỞ THÔNG TIN VÀ TRUYỀN THÔNG"],
    [],
    ["STT", "Huyện/Thành phố", "Xã/Phường/Thị trấn", "Mã chỉ tiêu", "Tử số", "Mẫu số"],
    ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)"],
    [1, "Huyện Quỳnh Phụ", "Xã Quỳnh Thọ", "fibre_households", 900, 1000],
    [2, "Huyện Vũ Thư", "Xã Vũ Hội", "fibre_households", 800, 1000],
    ["Tổng cộng", "", "", "", 1700, 2000],
]
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def opened(folder: Path, content: bytes) -> Reading:
    path = folder / "b.zst"
    path.write_bytes(zstandard.compress(content))
    return workbook.read(path, all_extracts()["digital_infrastructure"])


def refused(folder: Path, content: bytes) -> Refusal:
    with pytest.raises(Refusal) as caught:
        opened(folder, content)
    return caught.value


def xlsx(rows: list[list[str | int]], *, hidden_sheets: int = 0) -> bytes:
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content)
    sheet = book.add_worksheet("HaTang")
    for at, row in enumerate(rows):
        sheet.write_row(at, 0, row)
    for _ in range(hidden_sheets):
        book.add_worksheet().hide()
    book.close()
    return content.getvalue()


def zipped(members: dict[str, str | bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return content.getvalue()


def ods(rows: list[list[str | int]], manifest: str = "") -> bytes:
    """An OpenDocument spreadsheet of one sheet."""

    def cell(value: str | int) -> str:
        if isinstance(value, int):
            return f'<table:table-cell office:value-type="float" office:value="{value}"/>'
        return f'<table:table-cell office:value-type="string"><text:p>{escape(value)}</text:p></table:table-cell>'

    body = "".join(f"<table:table-row>{''.join(map(cell, row or ['']))}</table:table-row>" for row in rows)
    name = "urn:oasis:names:tc:opendocument:xmlns:"
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="{name}office:1.0" '
        f'xmlns:table="{name}table:1.0" xmlns:text="{name}text:1.0"><office:body><office:spreadsheet>'
        f'<table:table table:name="HaTang">{body}</table:table></office:spreadsheet></office:body></office:document-content>'
    )
    return zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": content,
            "META-INF/manifest.xml": f"<manifest>{manifest}</manifest>",
        }
    )


@pytest.mark.parametrize(("container", "content"), [("xlsx", xlsx(FORM)), ("ods", ods(FORM))])
def test_the_same_form_gives_the_same_rows_in_each_format(tmp_path: Path, container: str, content: bytes) -> None:
    reading = opened(tmp_path, content)
    (rows,) = reading.batches
    assert rows.select("source_row", "unit_name", "numerator").rows() == [
        (5, "Xã Quỳnh Thọ", "900"),
        (6, "Xã Vũ Hội", "800"),
    ]
    assert reading.set_aside == {"heading": 3, "numbering": 1, "total": 1}
    assert [total.row for total in reading.totals] == [7]
    found_as = {"format": "workbook", "sheet": "HaTang", "container": container}
    assert reading.found_as == found_as | {"header": reading.found_as["header"]}


def test_hidden_sheets_are_counted(tmp_path: Path) -> None:
    assert opened(tmp_path, xlsx(FORM, hidden_sheets=2)).found_as["hidden_sheets"] == "2"


@pytest.mark.parametrize(
    "content",
    [_OLE + bytes(1000) + "EncryptedPackage".encode("utf-16-le"), ods(FORM, "<manifest:encryption-data/>")],
)
def test_a_workbook_with_a_password_is_refused_as_such(tmp_path: Path, content: bytes) -> None:
    assert refused(tmp_path, content).code == "file.locked"


@pytest.mark.parametrize(
    "content",
    [_OLE + bytes(1000), b"PK\x03\x04" + bytes(50), xlsx(FORM)[:-200], zipped({"a.txt": "x"}), b"<html>"],
)
def test_what_is_no_whole_workbook_is_refused(tmp_path: Path, content: bytes) -> None:
    assert refused(tmp_path, content).code == "file.unreadable"


def with_member(name: str, content: bytes) -> bytes:
    """A sound workbook with one member more, or another in its place."""
    with zipfile.ZipFile(io.BytesIO(xlsx(FORM))) as archive:
        members: dict[str, str | bytes] = {member: archive.read(member) for member in archive.namelist()}
    return zipped(members | {name: content})


FAR_CELL = b'<worksheet><sheetData><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("xl/../../etc/passwd", b"x"),
        ("xl/worksheets/sheet1.xml", FAR_CELL),
        ("xl/worksheets/sheet1.xml", b" " * ((1 << 20) - 60) + FAR_CELL),
    ],
    ids=["a name that climbs", "a cell at the end of the world", "the same between two chunks"],
)
def test_an_unsafe_workbook_is_refused_within_memory(tmp_path: Path, name: str, content: bytes) -> None:
    hostile = with_member(name, content)
    before = psutil.Process().memory_info().rss
    assert refused(tmp_path, hostile).code == "file.unsafe"
    assert psutil.Process().memory_info().rss - before < 200 << 20


def test_a_zip_bomb_is_refused_within_memory(tmp_path: Path) -> None:
    zeros = bytes(64 << 20)
    hostile = zipped({"xl/workbook.xml": "<workbook/>"} | {f"xl/media/{at}.bin": zeros for at in range(17)})
    before = psutil.Process().memory_info().rss
    assert refused(tmp_path, hostile).code == "file.unsafe"
    assert psutil.Process().memory_info().rss - before < 200 << 20


def test_a_member_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    hostile = bytearray(with_member("xl/media/zeros.bin", bytes(50_000_000)))
    true_size = (50_000_000).to_bytes(4, "little")
    assert hostile.count(true_size) == 2  # before the member and in the directory
    assert refused(tmp_path, bytes(hostile.replace(true_size, (1000).to_bytes(4, "little")))).code == "file.unreadable"
