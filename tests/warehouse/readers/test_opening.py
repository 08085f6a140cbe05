"""What a file is shows in its bytes: a wrong name changes nothing, and any extract may come in any format."""

from __future__ import annotations

import pytest

from warehouse.readers.opening import format_of
from warehouse.readers.reading import Refusal


@pytest.mark.parametrize(
    ("start", "file_name", "expected"),
    [
        (b'[{"MaHoSo": "1"}]', "hoso.csv", "json"),
        (b'\xef\xbb\xbf \r\n[\r\n  {"MaHoSo": "1"}]', "hoso", "json"),
        ('{"MaHoSo": "1"}\n{"MaHoSo": "2"}'.encode("utf-16"), "hoso.txt", "json"),
        ('{"MaHoSo": "1"}'.encode("utf-16-le"), "hoso.txt", "json"),
        (b'"MaHoSo": "1"}\n{"MaHoSo": "2"}\n', "hoso.jsonl", "json"),
        (b'"MaHoSo": "1"}\n{"MaHoSo": "2"}\n', "hoso.txt", "json"),
        (b"MaHoSo;KenhThucHien\n1;2\n", "hoso.json", "text"),
        (b"[MaHoSo],[KenhThucHien]\n1,2\n", "hoso.csv", "text"),
        (b"MaHoSo,KenhThucHien\n1,2\n", "hoso.xls", "text"),
        (b"null", "hoso.json", "json"),
        (b"PK\x03\x04" + bytes(26) + b"[Content_Types].xml", "hoso.csv", "workbook"),
        (b"PK\x03\x04" + bytes(26) + b"xl/hoso.csv", "hoso.xlsx", "zip"),
        (b"PAR1\x15\x04", "hoso.csv", "parquet"),
        (b"\x1f\x8b\x08", "hoso.csv", "gzip"),
        (b'<?xml version="1.0"?><HoSo/>', "hoso.csv", "xml"),
        ("<hồ_sơ/>".encode("utf-16"), "hoso.csv", "xml"),
        (b"<html><body>502</body></html>", "hoso.xlsx", "HTML"),
        (b"%PDF-1.7", "hoso.xlsx", "PDF"),
    ],
)
def test_the_bytes_say_what_a_file_is_and_the_name_only_helps(start: bytes, file_name: str, expected: str) -> None:
    assert format_of(start, file_name) == expected


@pytest.mark.parametrize("start", [b"", b" \r\n\t", b"\xef\xbb\xbf\n"])
def test_a_file_without_a_letter_is_empty(start: bytes) -> None:
    with pytest.raises(Refusal) as refused:
        format_of(start, "hoso.json")
    assert refused.value.code == "file.empty"
