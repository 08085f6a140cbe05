"""Old Vietnamese encodings: found cell by cell, decoded exactly, and nothing else touched."""

from __future__ import annotations

import unicodedata

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.code_pages import DECODERS
from schemas.legacy_text import (
    ENCODINGS,
    decoded,
    encoding_of,
    encoding_of_bytes,
    font_of,
    recovered,
    recovered_cells,
    recovered_columns,
    recovered_grid,
    text_of_bytes,
)
from schemas.reference import tables
from schemas.syllables import is_syllable

_TONES = "\u0300\u0301\u0303\u0309\u0323"
_VNI = {
    letter: pair
    for base in "aeiouyôöAEIOUYÔÖ"
    for mark in ("", *"øùûõïêéèúüëâáàåãäØÙÛÕÏÊÉÈÚÜËÂÁÀÅÃÄ")
    if mark.isupper() == base.isupper() or not mark
    if len(letter := DECODERS["vni"](pair := base + mark)) == 1 and letter != base
} | {DECODERS["vni"](sign): sign for sign in "ñæóòîÑÆÓÒÎ"}


def typed(text: str, encoding: str) -> str:
    """How a text shows in western letters when it was written in an old encoding."""
    if encoding == "vni":
        return "".join(_VNI.get(letter, letter) for letter in text)
    if encoding == "cp1258":
        return "".join(map(_typed_in_1258, text))
    bytes_of = {DECODERS[encoding](chr(code)): chr(code) for code in (*range(0x80, 0x100), *range(0x20))}
    return "".join(bytes_of.get(letter, letter) for letter in text)


def _typed_in_1258(letter: str) -> str:
    try:
        return letter.encode("cp1258").decode("latin-1")
    except UnicodeEncodeError:
        marks = unicodedata.normalize("NFD", letter)
        tone = "".join(mark for mark in marks if mark in _TONES)
        bare = unicodedata.normalize("NFC", "".join(mark for mark in marks if mark not in _TONES))
        return (bare + tone).encode("cp1258").decode("latin-1")


def can_write(text: str, encoding: str) -> bool:
    """TCVN3 has no capital with a tone."""
    return encoding != "tcvn3" or not any(
        letter.isupper() and letter not in "ĂÂÊÔƠƯĐ" for letter in text if not letter.isascii()
    )


SENTENCES = [
    "Báo cáo tình hình thực hiện kế hoạch tháng 5 năm 2006",
    "Ủy ban nhân dân xã Quỳnh Thọ, huyện Quỳnh Phụ",
    "Số hộ đã được cấp giấy chứng nhận quyền sử dụng đất ở",
    "tổng số lao động có việc làm thường xuyên (người)",
    "Nghị định số 64/NĐ-CP về hỗ trợ kinh phí khuyến nông",
]


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_sentence_is_found_and_decoded_exactly(sentence: str, encoding: str) -> None:
    sentence = sentence if can_write(sentence, encoding) else sentence.lower()
    letters, encodings = recovered(pl.Series([typed(sentence, encoding)]))
    assert (letters.to_list(), encodings.to_list()) == ([sentence], [encoding])


@pytest.mark.parametrize(
    ("shown", "expected", "encoding"),
    [
        ("Th¸i B×nh", "Thái Bình", "tcvn3"),
        ("§¬n vÞ tÝnh", "Đơn vị tính", "tcvn3"),
        ("UBND TØNH", "UBND TỈNH", "tcvn3"),
        ("HuyÖn §«ng H\u00adng", "Huyện Đông Hưng", "tcvn3"),
        ("Quyeát ñònh soá 15", "Quyết định số 15", "vni"),
        ("Aán phaåm", "Ấn phẩm", "vni"),
        ("NOÄI DUNG CHI TIEÁT", "NỘI DUNG CHI TIẾT", "vni"),
        ("Ðông Hưng", "Đông Hưng", "cp1258"),
    ],
)
def test_what_old_files_show(shown: str, expected: str, encoding: str) -> None:
    letters, encodings = recovered(pl.Series([shown]))
    assert (letters.to_list(), encodings.to_list()) == ([expected], [encoding])


@pytest.mark.parametrize(
    "text",
    [
        "Thái Bình",
        "Uỷ ban nhân dân tỉnh",
        "12,5 m² – 20 °C",
        "«Chương trình» số 2 © 2023",
        "Thép Ø 20, sai số ± 5 µm",
        "Nguyễn Thị José Müller",
        "El Niño, café, Zürich, Göteborg, Citroën",
        "Bé Hà",
        "QUỐC LỘ 10 × 2 ÷ 3",
        "034190000123",
        "",
        " ",
        "日本語 Ελληνικά",
    ],
)
def test_good_text_and_other_languages_are_left_alone(text: str) -> None:
    letters, encodings = recovered(pl.Series([text, None]))
    assert (letters.to_list(), encodings.to_list()) == ([text, None], [None, None])


def test_a_clean_column_is_given_back_as_it_is() -> None:
    texts = pl.Series("name", ["Nguyễn Văn An", None, "Trần Thị Bé"])
    assert recovered(texts)[0] is texts


def test_every_name_of_the_reference_is_left_alone() -> None:
    names = pl.concat([tables.administrative_unit()["full_name"], tables.agency()["name_vi"]])
    assert recovered(names)[1].null_count() == names.len()


@given(st.text())
def test_any_text_is_read_without_error_and_a_second_time_changes_nothing_recovered(text: str) -> None:
    letters, encodings = recovered(pl.Series([text], dtype=pl.String))
    if encodings[0] is None:
        assert letters[0] == text


def test_a_font_decides_where_the_letters_cannot() -> None:
    letters, encodings = recovered(
        pl.Series(["Bé", "Bé", "®ång", "kÕ ho¹ch"]), [".VnTime", "Arial", ".VnArial", ".VnTimeH"]
    )
    assert letters.to_list() == ["Bộ", "Bé", "đồng", "KẾ HOẠCH"]
    assert encodings.to_list() == ["tcvn3", None, "tcvn3", "tcvn3"]


@pytest.mark.parametrize(
    ("name", "encoding", "is_of_capitals"),
    [
        (".VnTime", "tcvn3", False),
        (".VnArial NarrowH", "tcvn3", True),
        ("VNI-Helve", "vni", False),
        ("VPS Times", "vps", False),
    ],
)
def test_fonts_name_their_encoding(name: str, encoding: str, *, is_of_capitals: bool) -> None:
    font = font_of(name)
    assert font is not None
    assert (font.encoding, font.is_of_capitals) == (encoding, is_of_capitals)
    assert font_of("Times New Roman") is None


def test_a_cell_that_could_be_read_in_two_ways_is_read_as_its_neighbours() -> None:
    cells: list[list[str | None]] = [["Bé NéI vô", "Sè"], ["Bé", "Lo¹i h×nh"], ["12", None]]
    letters, found = recovered_grid(cells)
    assert letters == [["Bộ NỘI vụ", "Số"], ["Bộ", "Loại hình"], ["12", None]]
    assert set(found.values()) == {"tcvn3"}
    assert encoding_of("Bé") is None


def test_columns_of_one_sheet_may_be_in_different_encodings() -> None:
    words = ["Hoàng Diệu", "Vũ Thư", "Đông Hưng", "Hồng Phong", "Thụy Hải", "Bình Minh", "Quỳnh Thọ", "Kiến Xương"]
    cells: list[list[str | None]] = [[word, typed(word, "tcvn3"), typed(word, "vni")] for word in words]
    letters, found = recovered_grid(cells)
    assert letters == [[word] * 3 for word in words]
    assert {place[1]: encoding for place, encoding in found.items()} == {1: "tcvn3", 2: "vni"}


def test_a_cell_typed_in_two_fonts_is_mended_where_it_is_broken() -> None:
    assert recovered(pl.Series(["M¸y mãc thiết bÞ"]))[0].to_list() == ["Máy móc thiết bị"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be", *ENCODINGS])
def test_bytes_of_a_file_tell_their_encoding(encoding: str) -> None:
    text = "\n".join(sentence.lower() for sentence in SENTENCES)
    content = typed(text, encoding).encode("latin-1") if encoding in ENCODINGS else text.encode(encoding)
    assert encoding_of_bytes(content) == encoding
    assert text_of_bytes(content, encoding) == text


@pytest.mark.parametrize("cut", range(1, 8))
def test_a_sample_may_end_in_the_middle_of_a_letter(cut: int) -> None:
    assert encoding_of_bytes(("Thụy Hải " * 20).encode()[:-cut]) == "utf-8"


def test_bytes_that_are_no_vietnamese_have_no_encoding() -> None:
    assert encoding_of_bytes(bytes(range(0x80, 0x100)) * 4) is None


@pytest.mark.parametrize(
    "word", ["hoà", "hòa", "thuỷ", "thủy", "quý", "gì", "nghiêng", "khuỷu", "ường", "Đặng", "UỶ", "giữ"]
)
def test_syllables(word: str) -> None:
    assert is_syllable(word)


@pytest.mark.parametrize("word", ["mãc", "cât", "kà", "ngê", "Müller", "qúy", "hoaứ", "zà", ""])
def test_no_syllables(word: str) -> None:
    assert not is_syllable(word)


@pytest.mark.parametrize("title", ["Diện tích (m²)", "Diện tích, m²", "Thể tích (m³)", "Đất ở 100m²", "Rộng 5 km²"])
def test_square_and_cubic_metres_are_no_letters_of_an_old_font(title: str) -> None:
    grid, found = recovered_grid([["Số thửa", title, "Tổng cộng"]])
    assert grid == [["Số thửa", title, "Tổng cộng"]]
    assert not found


def test_metres_beside_old_letters_stay_metres() -> None:
    assert decoded("DiÖn tÝch ®Êt (m²)", "tcvn3") == "Diện tích đất (m²)"


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        ("TR¦êNG HäC KÕ BªN", "TRƯỜNG HỌC KẾ BÊN"),
        ("§µN ONG", "ĐÀN ONG"),
        ("Lª B¸ ý", "Lê Bá ý"),
        ("UBND x· Hå Tµ", "UBND xã Hồ Tà"),
        ("®vt: ®ång", "đvt: đồng"),
    ],
)
def test_a_text_typed_in_capitals_is_in_capitals_throughout(shown: str, expected: str) -> None:
    assert recovered(pl.Series([shown]))[0].to_list() == [expected]


@pytest.mark.parametrize("encoding", ["viscii", "vps"])
def test_letters_among_the_control_characters_are_found(encoding: str) -> None:
    assert recovered(pl.Series([typed("HUYỆN CAO LỘC", encoding)]))[0].to_list() == ["HUYỆN CAO LỘC"]


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_among_cells_in_unicode_those_of_one_old_encoding_tell_of_each_other(encoding: str) -> None:
    words = [text.lower() for text in SENTENCES] + ["tổng cộng", "nhơn trạch", "bò sữa", "cán bộ xã"]
    cells: list[list[str | None]] = [[word, typed(word, encoding)] for word in words]
    assert recovered_grid(cells)[0] == [[word, word] for word in words]


def test_a_font_that_most_cells_contradict_is_not_believed() -> None:
    words = ["Hà Nội", "Quỳnh Phụ", "Thái Thụy", "Bé"]
    cells = {(row, 0): word for row, word in enumerate(words)}
    assert recovered_cells(cells, dict.fromkeys(cells, ".VnTime")) == {}
    assert recovered_cells({(0, 0): "Bé"}, {(0, 0): ".VnTime"}) == {(0, 0): ("Bộ", "tcvn3")}


_WORDS = (
    "Hà Nội",
    "Quỳnh Phụ",
    "Lý Qúy",
    "Niê Kđăm",
    "Tân Hà",
    "Nam",
    "bò sữa",
    "Bé",
    "Sè nhµ",
    "Huøynh",
    "300 m²",
    "Ø 20",
)
_OF_ONE_COLUMN = st.sampled_from([*_WORDS, *(typed(word, encoding) for word in _WORDS[:3] for encoding in ENCODINGS)])


@given(st.data(), st.integers(1, 4), st.integers(1, 8))
def test_columns_are_recovered_as_the_same_cells_one_by_one(data: st.DataObject, width: int, height: int) -> None:
    mixtures = [data.draw(st.lists(_OF_ONE_COLUMN, min_size=1, max_size=4)) for _ in range(width)]
    cell = [st.none() | st.sampled_from(mixture) for mixture in mixtures]
    columns = [data.draw(st.lists(texts, min_size=height, max_size=height)) for texts in cell]
    grid = [list(row) for row in zip(*columns, strict=True)]
    letters, encodings = recovered_grid(grid)
    found = recovered_columns(pl.DataFrame([pl.Series(str(at), texts, pl.String) for at, texts in enumerate(columns)]))
    assert {place: decoding.encoding for place, decoding in found.items()} == encodings
    assert all(letters[row][column] == decoding.letters for (row, column), decoding in found.items())
