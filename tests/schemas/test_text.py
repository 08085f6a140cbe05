"""Tidying Vietnamese text and the keys on which names are compared."""

from __future__ import annotations

import unicodedata

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import text as vietnamese


def applied(expression: pl.Expr, *texts: str) -> list[str]:
    return pl.DataFrame({"text": texts}, schema={"text": pl.String}).select(expression)["text"].to_list()


TEXT = pl.col("text")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hòa Bình", "Hoà Bình"),
        ("Thụy Hải", "Thuỵ Hải"),
        ("Quí", "Quý"),
        ("ĐÔNG HƯNG", "đông hưng"),
        ("Đông", "Ðông"),
        ("Xã  An-Ninh", "xã an ninh"),
        ("TP. Thái Bình", "tp thái bình"),
        (unicodedata.normalize("NFD", "Vũ Thư"), "Vũ Thư"),
    ],
)
def test_names_that_mean_the_same_have_one_key(one: str, other: str) -> None:
    assert len(set(applied(vietnamese.name_key(TEXT), one, other))) == 1


@pytest.mark.parametrize(("one", "other"), [("Hoa", "Hoà"), ("Thái", "Thai"), ("Tân", "Tan"), ("Lê", "Le")])
def test_names_that_differ_in_a_mark_have_two_keys(one: str, other: str) -> None:
    assert len(set(applied(vietnamese.name_key(TEXT), one, other))) == 2


def test_spaces_of_every_kind_become_one() -> None:
    assert applied(vietnamese.single_spaced(TEXT), "  Hà\u00a0 Nội\t", "a\nb") == ["Hà Nội", "a b"]


def test_a_soft_hyphen_is_kept_for_it_may_be_a_letter_of_an_old_font() -> None:
    assert applied(vietnamese.without_invisible(TEXT), "th\u00ad\u200b") == ["th\u00ad"]


def test_shapes_tell_the_outline_only() -> None:
    assert applied(vietnamese.shape(TEXT), "Nguyễn Văn An", "034190000123", "12 thẻ") == [
        "Aaaaaa Aaa Aa",
        "12 digits",
        "99 aaa",
    ]


@given(st.text())
def test_a_shape_never_holds_a_letter_or_digit_of_the_text(text: str) -> None:
    (outline,) = applied(vietnamese.shape(TEXT), text)
    if outline.endswith(" digits"):
        return
    assert len(outline) <= 40
    letters = {character for character in outline if character.isalnum() and unicodedata.category(character)[0] != "N"}
    assert {letter for letter in letters if unicodedata.category(letter) in {"Lu", "Ll", "Lo"}} <= {"A", "a"}


@given(st.text())
def test_composing_equals_nfc_where_marks_stand_apart(text: str) -> None:
    (composed,) = applied(vietnamese.composed(TEXT), text)
    has_marks = any("\u0300" <= character <= "\u036f" for character in text)
    assert composed == (unicodedata.normalize("NFC", text) if has_marks else text)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Hòa Bình, Thủy Nguyên, khỏe, khóa", "Hoà Bình, Thuỷ Nguyên, khoẻ, khoá"),
        ("HÒA, ÚY, TỎA", "HOÀ, UÝ, TOẢ"),
        ("quý, ngoài, toàn, xoáy, chuyển, quả", "quý, ngoài, toàn, xoáy, chuyển, quả"),
        ("kỷ niệm, hy vọng, lí luận, mỹ thuật", "kỷ niệm, hy vọng, lí luận, mỹ thuật"),
    ],
)
def test_tones_are_placed_in_the_old_or_the_new_way(old: str, new: str) -> None:
    assert applied(vietnamese.with_new_tones(TEXT), old, new) == [new, new]
    assert applied(vietnamese.with_old_tones(TEXT), old, new) == [old, old]


def test_a_search_finds_what_was_typed_without_marks() -> None:
    assert applied(vietnamese.search_key(TEXT), "  TP. Thái   Bình ", "ĐỒNG-ÐỨC (2)") == ["tp thai binh", "dong duc 2"]


def test_prose_has_no_space_before_its_punctuation() -> None:
    assert applied(vietnamese.tidy_prose(TEXT), "Kiến Xương ,  ngày 2 .", "Số: 1/QĐ", "Ông A ...", "1,5 : 2") == [
        "Kiến Xương, ngày 2.",
        "Số: 1/QĐ",
        "Ông A ...",
        "1,5: 2",
    ]
