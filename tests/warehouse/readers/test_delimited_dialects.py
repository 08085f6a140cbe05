"""How delimited files are written: found out or declared, told on the receipt; what stands around and among the rows."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import polars as pl
import pytest

from schemas.code_pages import DECODERS
from schemas.dialect import Dialect
from tests.warehouse.readers.letters import opened, rows
from warehouse.readers.delimited import survey

TITLES = ("So", "TrichYeu", "SoTrang")
LETTERS_SENT = tuple(
    (f"{at}/UB", subject, str(at))
    for at, subject in enumerate(["cấp giấy; thuê đất, nhà", 'bản "chính" số 2', "học phí"] * 4, 1)
)


def written(delimiter: str = ",", quote: str = '"', escape: str = '"', ending: str = "\n") -> str:
    """The letters in a dialect: every text quoted, if there are quotes."""

    def cell(text: str) -> str:
        return quote + text.replace(quote, escape + quote) + quote if quote else text

    lines = [TITLES, *LETTERS_SENT]
    return "".join(delimiter.join(map(cell, line)) + ending for line in lines)


def table(reading_rows: list[tuple[object, ...]]) -> list[tuple[object, ...]]:
    return [tuple(row[1:]) for row in reading_rows]


EXPECTED = [letter[:2] for letter in LETTERS_SENT]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "^", "~", ":", "||", "::", ", "])
@pytest.mark.parametrize(("quote", "escape"), [('"', '"'), ('"', "\\"), ('"', ""), ("'", "'")])
def test_a_dialect_is_found_out(tmp_path: Path, delimiter: str, quote: str, escape: str) -> None:
    content = written(delimiter, quote, escape).encode()
    reading = opened(tmp_path, content)
    assert table(rows(reading)) == EXPECTED
    assert reading.found_as["delimiter"] == delimiter
    assert reading.found_as["quote"] == quote
    assert "declared" not in reading.found_as
    assert [texts for _, texts in survey(content).rows()] == list(LETTERS_SENT)


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_line_ends_are_found_out(tmp_path: Path, ending: str) -> None:
    reading = opened(tmp_path, written(ending=ending).encode())
    assert [row[0] for row in rows(reading)] == list(range(2, 14))
    assert reading.found_as["line_end"] == repr(ending)[1:-1]


def test_mixed_line_ends_are_read_and_told(tmp_path: Path) -> None:
    reading = opened(tmp_path, b'So,TrichYeu\r\n1,a\n2,b\r3,"c\r\nd"\r4,e\n')
    assert rows(reading) == [(2, "1", "a"), (3, "2", "b"), (4, "3", "c\r\nd"), (6, "4", "e")]
    assert reading.found_as["line_end"] == "mixed"


def test_what_is_declared_is_not_guessed(tmp_path: Path) -> None:
    content = b"# sent in May\nx~So~TrichYeu\n# a note\nx~1~it's, \"so\"\nx~2~'b~c'\n-- 2 letters --\nsigned\n"
    dialect = Dialect(encoding="utf-8", delimiter="~", quote="'", comment="#", preamble_lines=1, footer_lines=2)
    reading = opened(tmp_path, content, dialect)
    assert rows(reading) == [(4, "1", 'it\'s, "so"'), (5, "2", "b~c")]
    assert reading.set_aside == {"heading": 2, "comment": 1, "footer": 2}
    assert reading.found_as["declared"] == "encoding, delimiter, quote, preamble_lines, footer_lines, comment"


def test_a_file_without_titles_is_read_when_that_is_declared(tmp_path: Path) -> None:
    by_order = opened(tmp_path, b"1/UB;a;2\n2/UB;b;3\n", Dialect(header_rows=0))
    assert rows(by_order) == [(1, "1/UB", "a"), (2, "2/UB", "b")]
    by_title = opened(tmp_path, b"a|1/UB\nb|2/UB\n", Dialect(header_rows=0, titles=("TrichYeu", "So")))
    assert rows(by_title) == [(1, "1/UB", "a"), (2, "2/UB", "b")]


def test_titles_of_two_rows_are_read_together_when_that_is_declared(tmp_path: Path) -> None:
    assert rows(opened(tmp_path, "Trích,Số\nyếu,\na,1\n".encode(), Dialect(header_rows=2))) == [(3, "1", "a")]


def _with_tone_apart(letter: str) -> str:
    marks = unicodedata.normalize("NFD", letter)
    tones = [mark for mark in marks if mark in "\u0300\u0301\u0303\u0309\u0323"]
    return unicodedata.normalize("NFC", "".join(mark for mark in marks if mark not in tones)) + "".join(tones)


def in_bytes(text: str, encoding: str) -> bytes:
    """A text in an old encoding, letter by letter the inverse of how it is decoded."""
    if encoding not in DECODERS:
        return text.encode(encoding)
    decode = DECODERS[encoding]
    singles = [bytes([byte]) for byte in [*range(128), *range(128, 256)]]
    pairs = [bytes([one, mark]) for one in range(65, 256) for mark in range(128, 256)] if encoding == "vni" else []
    by_letter: dict[str, bytes] = {chr(byte): bytes([byte]) for byte in range(128)}
    for sequence in (*pairs, *singles):
        by_letter.setdefault(decode(sequence.decode("latin-1")), sequence)
    if encoding == "cp1258":
        # Letters keep their hats and horns; the tone follows as a character of its own.
        return "".join(_with_tone_apart(letter) for letter in text).encode("cp1258")
    return b"".join(by_letter[letter] for letter in text)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be", "latin-1", *DECODERS])
@pytest.mark.parametrize("is_declared", [False, True])
def test_an_encoding_is_found_in_the_bytes(tmp_path: Path, encoding: str, is_declared: bool) -> None:
    prose = ["về việc cấp giấy chứng nhận quyền sử dụng đất", "đề nghị hỗ trợ học phí năm học mới", "plain"]
    if encoding == "latin-1":
        prose = ["déclaration des élèves", "Schüler für Köln", "plain"]
    content = in_bytes("So,TrichYeu\n" + "".join(f"{at},{text}\n" for at, text in enumerate(prose)), encoding)
    reading = opened(tmp_path, content, Dialect(encoding=encoding) if is_declared else None)
    frames = list(reading.batches)
    assert pl.concat(frames)["subject"].to_list() == prose
    assert reading.found_as["encoding"] in (encoding, "iso8859-1")
    changes = {name: frame[name].to_list() for frame in frames for name in frame.columns if name.startswith("change:")}
    assert changes == ({f"change:subject:{encoding}": [True, True, False]} if encoding in DECODERS else {})


def test_titles_in_an_old_encoding_are_recognised(tmp_path: Path) -> None:
    content = in_bytes("Số;Trích yếu\n1;thông báo tuyển dụng viên chức\n", "tcvn3")
    assert rows(opened(tmp_path, content)) == [(2, "1", "thông báo tuyển dụng viên chức")]


def test_half_a_letter_at_the_end_is_told(tmp_path: Path) -> None:
    reading = opened(tmp_path, "So,TrichYeu\n1,a\n2,b".encode("utf-16")[:-1])
    assert rows(reading) == [(2, "1", "a")]
    assert [(broken.row, broken.column, broken.reason) for broken in reading.broken] == [
        (3, "subject", "invalid encoding")
    ]


def test_zeros_cost_their_own_line_only(tmp_path: Path) -> None:
    reading = opened(tmp_path, b"So,TrichYeu\n1,a\n2,b\x00c\n3,d\n")
    assert rows(reading) == [(2, "1", "a"), (4, "3", "d")]
    assert [(broken.row, broken.column, broken.reason) for broken in reading.broken] == [(3, "subject", "NUL byte")]


def test_totals_notes_and_signatures_below_the_rows_are_set_aside(tmp_path: Path) -> None:
    content = "So,TrichYeu,SoTrang\n1,a,2\n2,b,3\n,Tổng cộng,5\n\nGhi chú: số liệu đến 31/12\nNgười lập\nVăn Mẫu\n"
    reading = opened(tmp_path, content.encode())
    assert rows(reading) == [(2, "1", "a"), (3, "2", "b")]
    assert reading.set_aside == {"heading": 1, "total": 1, "blank": 1, "footer": 3}
    assert reading.broken == []


def test_a_last_line_cut_short_is_broken_not_a_note(tmp_path: Path) -> None:
    for end in ("3/UB", "3/UB,c"):
        reading = opened(tmp_path, f"So,TrichYeu,SoTrang\n1/UB,a,2\n{end}".encode())
        assert rows(reading) == [(2, "1/UB", "a")]
        assert [(broken.row, broken.reason) for broken in reading.broken] == [(3, "missing column")]


def test_a_broken_line_below_the_rows_is_no_note_whatever_stands_in_it(tmp_path: Path) -> None:
    reading = opened(tmp_path, b"So,TrichYeu\n1,a\n\nnote \xff\n")
    assert rows(reading) == [(2, "1", "a")]
    assert [broken.row for broken in reading.broken] == [4]


def test_repeated_titles_are_set_aside_and_the_rows_below_them_read(tmp_path: Path) -> None:
    reading = opened(tmp_path, b"So,TrichYeu\n1,a\nSo,TrichYeu\n2,b\n")
    assert rows(reading) == [(2, "1", "a"), (4, "2", "b")]
    assert reading.set_aside == {"heading": 1, "repeated_heading": 1}


def test_another_table_in_the_file_is_never_mixed_into_the_rows(tmp_path: Path) -> None:
    content = b"So,TrichYeu,SoTrang\n1,a1,2\n2,b2,3\n\nUnit,Head,Phone\nx1,y,1\nx2,z,2\n"
    reading = opened(tmp_path, content)
    assert rows(reading) == [(2, "1", "a1"), (3, "2", "b2")]
    assert [(broken.row, broken.reason) for broken in reading.broken] == [(row, "another table") for row in (5, 6, 7)]


def test_empty_fields_at_the_end_of_every_line_are_no_columns(tmp_path: Path) -> None:
    assert rows(opened(tmp_path, b"So,TrichYeu\n1,a,,\n2,b,,\n3,c,,\n")) == [
        (2, "1", "a"),
        (3, "2", "b"),
        (4, "3", "c"),
    ]
    reading = opened(tmp_path, b"So,TrichYeu\n1,a\n2,b,\n3,c\n")
    assert rows(reading) == [(2, "1", "a"), (4, "3", "c")]
    assert [broken.row for broken in reading.broken] == [3], "where only one line has one, a field may have moved"


@pytest.mark.parametrize(
    ("content", "titles", "first"),
    [
        (
            "Báo cáo tháng 5,,\n,,\nSố,Ngày,Tiền\n1,02/05/2023,500\n",
            ("Số", "Ngày", "Tiền"),
            (4, ("1", "02/05/2023", "500")),
        ),
        ("Lực,Dài\n(N),(mm)\n1,2\n3,4\n", ("Lực (N)", "Dài (mm)"), (3, ("1", "2"))),
        ("1;2\n3;4\n", (), (1, ("1", "2"))),
        ("Xã\nXã Đông Hoà\nXã Tân Hoà\n", ("Xã",), (2, ("Xã Đông Hoà",))),
    ],
)
def test_a_survey_finds_titles_and_rows_without_a_contract(
    content: str, titles: tuple[str, ...], first: tuple[int, tuple[str, ...]]
) -> None:
    found = survey(content.encode())
    assert (found.titles, next(found.rows())) == (titles, first)


def test_a_survey_takes_plain_and_packed_files_and_streams(tmp_path: Path) -> None:
    plain, packed = tmp_path / "a.csv", tmp_path / "letters.csv.zst"
    plain.write_bytes(written().encode())
    opened(tmp_path, written().encode())
    with plain.open("rb") as stream:
        seen = [list(survey(source).rows()) for source in (plain, packed, stream, plain.read_bytes())]
    assert seen == [[(line, letter) for line, letter in enumerate(LETTERS_SENT, 2)]] * 4


@pytest.mark.parametrize("wrong", [{"delimiter": ""}, {"delimiter": "\n"}, {"quote": "''"}, {"escape": "ab"}])
def test_a_dialect_no_file_could_be_written_in_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="character"):
        Dialect(**wrong)  # type: ignore[arg-type]
