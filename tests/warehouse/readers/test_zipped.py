"""Archives that would fill the machine, climb out of their folder or hide something are refused before they are unpacked."""

from __future__ import annotations

import gzip
import io
import stat
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.warehouse.readers.one_table import EXPECTED, TABLE, csv_of, opened, rows, xlsx_of, zip_of
from warehouse.readers import limits, zipped
from warehouse.readers.reading import Refusal

MEMBER = csv_of(TABLE)


def refused(folder: Path, content: bytes, name: str = "so.zip") -> tuple[str, str]:
    with pytest.raises(Refusal) as caught:
        rows(opened(folder, content, name))
    assert list(folder.glob("unpacked-*")) == []
    return caught.value.code, caught.value.found


def with_entries(entries: Sequence[tuple[zipfile.ZipInfo, bytes]]) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as packed:
        for entry, content in entries:
            packed.writestr(entry, content)
    return sink.getvalue()


@pytest.mark.parametrize("name", ["../so.csv", "/so.csv", "a/../../so.csv", "C:/so.csv", "..\\so.csv"])
def test_a_name_that_leaves_the_folder_is_refused(name: str, tmp_path: Path) -> None:
    assert refused(tmp_path, zip_of({name: MEMBER})) == ("file.unsafe", "ZIP, ../")


def test_a_link_is_refused(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("so.csv")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    assert refused(tmp_path, with_entries([(link, b"/etc/hostname")])) == ("file.unsafe", "ZIP, link")


def test_a_bomb_is_refused_by_what_its_list_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "FREE_BYTES", 1 << 20)
    bomb = bytes(4 << 20)
    assert refused(tmp_path, zip_of({"so.csv": bomb}))[0] == "file.unsafe"
    assert refused(tmp_path, gzip.compress(bomb), "so.csv.gz")[0] == "file.unsafe"
    monkeypatch.setattr(limits, "MOST_UNPACKED_BYTES", 1000)
    assert refused(tmp_path, zip_of({"so.csv": MEMBER * 10}))[0] == "file.unsafe"


def test_members_that_share_their_bytes_are_refused(tmp_path: Path) -> None:
    content = bytearray(zip_of({f"{place}.csv": MEMBER for place in range(3)}))
    first = content.index(b"PK\x01\x02")
    for _ in range(2):
        second = content.index(b"PK\x01\x02", first + 4)
        content[second + 20 : second + 24] = (1 << 20).to_bytes(4, "little")
        first = second
    assert refused(tmp_path, bytes(content))[0] == "file.unsafe"


def test_a_size_that_lies_is_refused(tmp_path: Path) -> None:
    content = bytearray(zip_of({"so.csv": MEMBER}))
    at = content.index(b"PK\x01\x02")
    content[at + 24 : at + 28] = (5).to_bytes(4, "little")
    assert refused(tmp_path, bytes(content)) == ("file.unreadable", "so.csv: ZIP")


def test_an_archive_in_an_archive_is_refused(tmp_path: Path) -> None:
    inner = zip_of({"so.csv": MEMBER})
    assert refused(tmp_path, zip_of({"so.zip": inner})) == ("file.unsafe", "so.zip: ZIP / ZIP")
    assert refused(tmp_path, zip_of({"so.csv.gz": gzip.compress(MEMBER)}))[0] == "file.unsafe"
    assert refused(tmp_path, gzip.compress(inner), "so.zip.gz") == ("file.unreadable", "ZIP")


def test_a_password_is_named(tmp_path: Path) -> None:
    content = bytearray(zip_of({"so.csv": MEMBER}))
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + flags] |= 1
    assert refused(tmp_path, bytes(content)) == ("file.locked", "ZIP")


def test_too_many_members_are_refused_before_their_list_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = zip_of({f"{place}.csv": b"" for place in range(30)})
    monkeypatch.setattr(zipped, "MOST_MEMBERS", 29)
    assert refused(tmp_path, many) == ("file.unsafe", "ZIP, 30 > 29")
    monkeypatch.setattr(zipped, "_MOST_DIRECTORY_BYTES", 100)
    assert refused(tmp_path, many) == ("file.unsafe", "ZIP, > 29")


def test_an_empty_member_refuses_the_archive_and_is_named(tmp_path: Path) -> None:
    content = zip_of({"a.csv": MEMBER, "b.csv": b""})
    assert refused(tmp_path, content) == ("file.unreadable", "b.csv: trống (empty)")


@pytest.mark.parametrize("content", [zip_of({}), zip_of({"__MACOSX/._a": b"x", "~$so.xlsx": b"x", "Thumbs.db": b"x"})])
def test_an_archive_without_data_is_empty(content: bytes, tmp_path: Path) -> None:
    assert refused(tmp_path, content) == ("file.empty", "0")


def test_a_damaged_archive_is_unreadable(tmp_path: Path) -> None:
    whole = zip_of({"so.csv": MEMBER})
    for content in (whole[:-30], whole[:50] + bytes(40) + whole[90:], b"PK\x03\x04" + bytes(100)):
        assert refused(tmp_path, content)[0] == "file.unreadable"


def test_names_are_read_in_utf8_and_cp437_and_made_different(tmp_path: Path) -> None:
    said, unsaid = zipfile.ZipInfo("số liệu.csv"), zipfile.ZipInfo("xã 034085001234.csv")
    content = with_entries([(said, MEMBER), (unsaid, MEMBER), (zipfile.ZipInfo("a.csv"), MEMBER)])
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.index(mark, content.index(mark) + 4)
        content = content[: at + flags + 1] + b"\x00" + content[at + flags + 2 :]
    reading = opened(tmp_path, content.replace(b"a.csv", b"A.csv"), "so.zip")
    sheets = [sheet for frame in reading.batches for sheet in frame["source_sheet"].unique()]
    assert sheets == ["số liệu.csv", "xã 999999999999.csv", "A.csv"]


def test_two_members_of_one_name_keep_their_rows_apart(tmp_path: Path) -> None:
    same = zip_of({"a.csv": MEMBER, "b.csv": MEMBER}).replace(b"b.csv", b"a.csv")
    reading = opened(tmp_path, same, "so.zip")
    sheets = [sheet for frame in reading.batches for sheet in frame["source_sheet"].unique()]
    assert sheets == ["a.csv", "a.csv#2"]


def test_broken_lines_are_told_with_their_member(tmp_path: Path) -> None:
    reading = opened(tmp_path, zip_of({"a.csv": MEMBER + b"1,2,3,4,5\n", "b.csv": MEMBER}), "so.zip")
    assert rows(reading) == EXPECTED * 2
    assert [(broken.sheet, broken.row) for broken in reading.broken] == [("a.csv", 6)]
    assert reading.set_aside == {"heading": 2}


def test_a_workbook_is_no_archive_however_its_members_are_ordered(tmp_path: Path) -> None:
    workbook = xlsx_of(TABLE)
    with zipfile.ZipFile(io.BytesIO(workbook)) as packed:
        members = {name: packed.read(name) for name in sorted(packed.namelist(), reverse=True)}
    members = {"zzz.txt": b"", **members}
    assert rows(opened(tmp_path, zip_of(members), "so.zip")) == EXPECTED
    letter = zip_of({"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"})
    assert rows(opened(tmp_path, zip_of({"so.csv": MEMBER, "cong van.docx": letter}), "so.zip")) == EXPECTED
