"""Delimited files as offices send them: marks, delimiters, line breaks in fields, broken lines, pieces cut anywhere."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.warehouse.readers.letters import opened, rows
from warehouse.readers import delimited_bytes
from warehouse.readers.reading import Refusal


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_marks_delimiters_and_endings_are_found_out(tmp_path: Path, delimiter: str, ending: str, encoding: str) -> None:
    lines = [["Số", "Trích yếu", "SoTrang"], ["1/UBND", "Về việc khai sinh", "2"], ["2/UBND", "", "3"]]
    content = "".join(delimiter.join(line) + ending for line in lines).encode(encoding)
    reading = opened(tmp_path, content)
    assert reading.found_as["delimiter"] == delimiter
    assert [tuple(str(cell).strip() for cell in row) for row in rows(reading)] == [
        ("2", "1/UBND", "Về việc khai sinh"),
        ("3", "2/UBND", ""),
    ]


def test_the_position_is_the_line_on_which_a_record_begins(tmp_path: Path) -> None:
    content = (
        'So,TrichYeu,SoTrang\n1,"một\nhai\nba",1\n2,x,1\n\n3,thừa,1,9\n4,"a ""b"" c",1\n5,thiếu\n6,cuối,1'.encode()
    )
    reading = opened(tmp_path, content)
    assert rows(reading) == [(2, "1", "một\nhai\nba"), (5, "2", "x"), (8, "4", 'a "b" c'), (10, "6", "cuối")]
    assert [(broken.row, broken.reason) for broken in reading.broken] == [
        (7, "too many columns"),
        (9, "missing column"),
    ]
    assert reading.set_aside == {"heading": 1, "blank": 1}


def test_a_quote_left_open_costs_its_own_line_only(tmp_path: Path) -> None:
    content = b'So,TrichYeu\n1,"open\n2,x\n3,"y, z"\n4,5" pipe\n5,last "\n'
    reading = opened(tmp_path, content)
    assert rows(reading) == [(3, "2", "x"), (4, "3", "y, z"), (5, "4", '5" pipe'), (6, "5", 'last "')]
    assert [broken.row for broken in reading.broken] == [2]


def test_a_quote_open_to_the_end_costs_its_own_line_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delimited_bytes, "PIECE_BYTES", 1 << 12)
    content = b'So,TrichYeu\n1,"open\n' + b"".join(b"%d,subject\n" % number for number in range(2, 40_000))
    reading = opened(tmp_path, content[:300_000])
    read = rows(reading)
    assert read[0] == (3, "2", "subject")
    assert reading.broken[0].row == 2
    assert len(read) + len(reading.broken) + 1 == content[:300_000].count(b"\n") + 1


def test_a_line_in_another_encoding_is_told_and_the_rest_read(tmp_path: Path) -> None:
    reading = opened(tmp_path, "So,TrichYeu\n1,đã ký\n2,??o\n3,c\n".encode().replace(b"??", b"\xd0\xe0"))
    assert [row[1] for row in rows(reading)] == ["1", "3"]
    assert [(broken.row, broken.column, broken.reason) for broken in reading.broken] == [
        (3, "subject", "invalid encoding")
    ]


def test_lines_above_the_titles_are_set_aside(tmp_path: Path) -> None:
    reading = opened(tmp_path, "sep=;\nỦy ban nhân dân;\n\nSo;TrichYeu\n1;x\n".encode())
    assert rows(reading) == [(5, "1", "x")]
    assert reading.set_aside["heading"] == 4


def test_repeated_and_empty_titles_are_parked(tmp_path: Path) -> None:
    reading = opened(tmp_path, b"So,TrichYeu,So,\n1,x,other,unnamed\n")
    assert reading.extra_titles == ("So#3", "#4")
    (frame,) = reading.batches
    assert frame.row(0)[2:] == ("1", "x", "other", "unnamed")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file.empty"),
        (b"\n \n", "file.empty"),
        (b"a,b\n1,2\n", "file.header_not_found"),
        (b"xyz", "file.header_not_found"),
    ],
)
def test_files_that_are_none_of_ours_are_refused(tmp_path: Path, content: bytes, code: str) -> None:
    with pytest.raises(Refusal) as refusal:
        opened(tmp_path, content)
    assert refusal.value.code == code


def test_a_file_in_which_nothing_is_like_the_titles_is_told_so_in_words(tmp_path: Path) -> None:
    with pytest.raises(Refusal) as refusal:
        opened(tmp_path, b'"a;b"\n"c;d"\n')
    assert refusal.value.found == "không dòng nào giống (no row is like it)"


def test_a_file_with_tens_of_thousands_of_columns_is_refused_before_its_rows_are_read(tmp_path: Path) -> None:
    content = b"So,TrichYeu" + b"," * 40_000 + b"\n1,x" + b"," * 40_000 + b"\n"
    with pytest.raises(Refusal) as refused:
        opened(tmp_path, content)
    assert (refused.value.code, refused.value.found) == ("file.unsafe", "CSV, 40002 > 4096 cột / columns")


def test_a_file_without_a_needed_column_is_refused_with_its_rows_counted(tmp_path: Path) -> None:
    with pytest.raises(Refusal) as refusal:
        opened(tmp_path, b"So,SoTrang\n1,2\n\n2,3\n3\n")
    assert (refusal.value.code, refusal.value.rows, refusal.value.set_aside) == ("file.missing_column", 3, 2)


def test_titles_alone_give_no_row(tmp_path: Path) -> None:
    assert rows(opened(tmp_path, b"So,TrichYeu\n")) == []


def test_a_line_too_long_to_be_held_is_told_and_the_rest_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delimited_bytes, "PIECE_BYTES", 1 << 10)
    monkeypatch.setattr(delimited_bytes, "LONGEST_LINE_BYTES", 1 << 12)
    reading = opened(tmp_path, b"So,TrichYeu\n0,a\n1," + b"x" * (1 << 14) + b"\n2,b\n3," + b"x" * 3000 + b"\n")
    assert [row[:2] for row in rows(reading)] == [(2, "0"), (4, "2"), (5, "3")]
    assert [(broken.row, broken.reason) for broken in reading.broken] == [(3, "line too long")]


cells = st.text(st.sampled_from('ab ,;\n"Đ'), max_size=6)


@given(
    records=st.lists(st.tuples(cells, cells), min_size=1, max_size=12),
    piece_bytes=st.integers(16, 200),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_whatever_is_written_by_the_book_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, records: list[tuple[str, str]], piece_bytes: int, quoting: int
) -> None:
    """The same records, each on the line on which it was written, wherever the pieces are cut."""
    sink = io.StringIO(newline="")
    writer = csv.writer(sink, quoting=quoting, lineterminator="\n")  # type: ignore[arg-type]
    writer.writerow(["So", "TrichYeu"])
    expected = []
    for record in records:
        line = sink.getvalue().count("\n") + 1
        writer.writerow(record)
        if any(cell.strip() for cell in record):
            expected.append((line, *record))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(delimited_bytes, "PIECE_BYTES", piece_bytes)
        reading = opened(tmp_path_factory.mktemp("letters"), sink.getvalue().encode())
        assert rows(reading) == expected
    assert reading.broken == []


def test_the_form_twice_side_by_side_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal) as caught:
        opened(tmp_path, b"So,TrichYeu,SoTrang,So,TrichYeu,SoTrang\n1,a,2,3,b,4\n")
    assert (caught.value.code, caught.value.found) == ("file.ambiguous_records", "cột / columns 1, 4")


def test_titles_in_quotes_with_spaces_around_are_titles(tmp_path: Path) -> None:
    reading = opened(tmp_path, b' So , "TrichYeu" , SoTrang \n1,a b c,2\n2,d e f,3\n')
    assert (rows(reading), reading.broken) == ([(2, "1", "a b c"), (3, "2", "d e f")], [])


def test_titles_between_joined_files_are_no_row_even_behind_a_byte_order_mark(tmp_path: Path) -> None:
    part = "So,TrichYeu,SoTrang\n1,một,2\n".encode("utf-8-sig")
    reading = opened(tmp_path, part + part)
    assert rows(reading) == [(2, "1", "một"), (4, "1", "một")]
    assert reading.set_aside == {"heading": 1, "repeated_heading": 1}


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_what_stands_below_the_titles_in_another_order_is_told_and_not_read_under_the_wrong_ones(
    tmp_path: Path, mark: str
) -> None:
    content = f"So,TrichYeu,SoTrang\n1,một,2\nSoTrang,So,nào\n{mark}SoTrang,So,TrichYeu\n3,4,năm\n".encode()
    reading = opened(tmp_path, content)
    assert rows(reading) == [(2, "1", "một"), (3, "SoTrang", "So")]
    assert [(broken.row, broken.reason) for broken in reading.broken] == [(4, "another table"), (5, "another table")]
