"""XML as systems write it: namespaces, attributes, lists in lists; and what somebody could do to a parser."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
import zstandard

from schemas.contract import Records
from tests.warehouse.readers.test_json_records import MINUTES
from warehouse.readers import xml_records
from warehouse.readers.limits import MOST_COLUMNS, MOST_NESTING
from warehouse.readers.reading import Reading, Refusal

ONE = "<BienBan><So>1/BB</So><ChuTri>An</ChuTri><SoTrang>3</SoTrang></BienBan>"
TWO = "<BienBan><So>2/BB</So><ChuTri>Bình</ChuTri><SoTrang>4</SoTrang></BienBan>"
ATTRIBUTES = """<a><BienBan So="1/BB" ChuTri="An"><SoTrang><![CDATA[3]]></SoTrang></BienBan>
    <BienBan SoTrang="4" So="2/BB"><ChuTri>Bình</ChuTri></BienBan></a>"""
ROWS = [(1, "1/BB", "An", "3"), (2, "2/BB", "Bình", "4")]


def opened(folder: Path, content: str | bytes) -> Reading:
    file = folder / "minutes.xml.zst"
    content = content.encode() if isinstance(content, str) else content
    file.write_bytes(zstandard.ZstdCompressor(level=1).compress(content))
    return xml_records.read(file, MINUTES, 100)


def rows(reading: Reading) -> list[tuple[object, ...]]:
    return pl.concat(reading.batches).select("source_row", "number", "chair", "pages").rows()


def refused(folder: Path, content: str | bytes) -> tuple[str, str]:
    with pytest.raises(Refusal) as caught:
        rows(opened(folder, content))
    return caught.value.code, caught.value.found


@pytest.mark.parametrize(
    "content",
    [
        f"<a>{ONE}{TWO}</a>",
        f'<?xml version="1.0" encoding="UTF-8"?>\r\n<!-- x --><a>\r\n  {ONE}\r\n  {TWO}\r\n</a>\r\n',
        f"<a><Dau><Ngay>1</Ngay><Ngay>2</Ngay><Ngay>3</Ngay></Dau><b><c>{ONE}{TWO}</c></b></a>",
        f'<v:a xmlns:v="urn:v" xmlns:xsi="urn:i" xsi:schemaLocation="u v">{ONE}{TWO}</v:a>'.replace("<So", "<v:So")
        .replace("</So>", "</v:So>")
        .replace("<v:SoTrang>", "<SoTrang>"),
        ATTRIBUTES,
        f"<a>{ONE}{TWO}</a>".encode("utf-16"),
    ],
)
def test_the_repeated_element_of_the_form_is_found(content: str | bytes, tmp_path: Path) -> None:
    assert rows(opened(tmp_path, content)) == ROWS


def test_one_record_alone_is_found_by_its_fields(tmp_path: Path) -> None:
    assert rows(opened(tmp_path, f"<a>{ONE}</a>")) == ROWS[:1]
    assert rows(opened(tmp_path, ONE)) == ROWS[:1]


def test_what_repeats_within_a_record_is_kept_as_a_list(tmp_path: Path) -> None:
    papers = '<Giay ma="1"><Ten>a</Ten></Giay><Giay ma="2"><Ten>"b"</Ten></Giay>'
    reading = opened(tmp_path, f"<a>{ONE.replace('</So>', '</So>' + papers)}{TWO}</a>")
    assert reading.extra_titles == ("Giay.ma", "Giay.Ten")
    (frame,) = reading.batches
    assert frame["extra:Giay.ma"].to_list() == ['["1","2"]', None]
    assert frame["extra:Giay.Ten"].to_list() == ['["a","\\"b\\""]', None]


def test_text_between_elements_and_beside_attributes_is_kept(tmp_path: Path) -> None:
    one = ONE.replace("<SoTrang>", "lời ghi<SoTrang kieu='so'>")
    content = f"<a>{one}{TWO}</a>"
    reading = opened(tmp_path, content)
    assert set(reading.extra_titles) == {"SoTrang.kieu", "#text"}
    (frame,) = reading.batches
    assert frame.select("pages", "extra:#text", "extra:SoTrang.kieu").rows() == [
        ("3", "lời ghi", "so"),
        ("4", None, None),
    ]


def test_a_record_of_attributes_keeps_its_own_text(tmp_path: Path) -> None:
    reading = opened(tmp_path, "<a><b So='1' ChuTri='An'>x</b><b So='2' ChuTri='An'/></a>")
    (frame,) = reading.batches
    assert frame.select("number", "extra:#text").rows() == [("1", "x"), ("2", None)]


def test_a_document_type_is_refused_and_nothing_outside_is_opened(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("9 of hearts")
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    for kind in (
        f'[<!ENTITY x SYSTEM "{secret.as_uri()}">]',
        f'[<!ENTITY l0 "ha">{laughs}]',
        'SYSTEM "http://127.0.0.1:9/x.dtd"',
        "[<!ELEMENT a ANY>]",
    ):
        content = f"<!DOCTYPE a {kind}><a>{ONE.replace('An', '&x;')}</a>"
        assert refused(tmp_path, content) == ("file.unsafe", "XML, DOCTYPE")


@pytest.mark.parametrize(
    ("content", "code", "found"),
    [
        (
            f"<a>\n{ONE}\n{TWO[:-4]}",
            "file.unreadable",
            "XML, sai cú pháp (unclosed token) (dòng / line 3, cột / column 64)",
        ),
        (f"<a>\n{ONE}", "file.unreadable", "XML, sai cú pháp (no element found) (dòng / line 2, cột / column 72)"),
        (
            f"<a>{ONE}\n<b>a & b</b></a>",
            "file.unreadable",
            "XML, sai cú pháp (not well-formed (invalid token)) (dòng / line 2, cột / column 7)",
        ),
        (
            f"<a>{ONE.replace('An', '&x;')}</a>",
            "file.unreadable",
            "XML, sai cú pháp (undefined entity) (dòng / line 1, cột / column 34)",
        ),
        (b'<?xml version="1.0" encoding="big5"?><a/>', "file.unreadable", "XML, bảng mã lạ (unknown encoding)"),
        ("<a/>", "file.empty", "0"),
        ("<a><b>1</b><b>2</b></a>", "file.header_not_found", "b"),
        (f"<a><x>{ONE}</x><y>{TWO}{TWO}</y></a>", "file.ambiguous_records", "a.x.BienBan; a.y.BienBan"),
        ("<a>" * (MOST_NESTING + 1), "file.unsafe", f"XML, > {MOST_NESTING} cấp / levels"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_place(
    content: str | bytes, code: str, found: str, tmp_path: Path
) -> None:
    assert refused(tmp_path, content) == (code, found)


def test_the_list_that_the_contract_names_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    declared = Records(records_at="a.y.BienBan")
    monkeypatch.setitem(MINUTES.__dict__, "layout", declared)
    assert rows(opened(tmp_path, f"<a><x>{ONE}</x><y>{TWO}</y></a>")) == [(1, *ROWS[1][1:])]


def test_absurd_forms_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wide = "".join(f"<c{place}/>" for place in range(2 * MOST_COLUMNS + 2))
    assert refused(tmp_path, f"<a><b>{wide}</b></a>")[0] == "file.unsafe"
    monkeypatch.setattr(xml_records, "MOST_RECORD_BYTES", 100_000)
    monkeypatch.setattr(xml_records, "_PIECE_BYTES", 10_000)
    for content in (
        f"<a>{'x' * 200_000}</a>",
        f'<a b="{"x" * 200_000}"/>',
        f"<a>{ONE.replace('<So>', '<x/>' * 9000 + '<So>')}</a>",
    ):
        assert refused(tmp_path, content)[0] == "file.unsafe"
