"""Tidying Vietnamese text and the keys on which names are compared."""

from __future__ import annotations

import re
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
def test_composing_equals_nfc_where_marks_stand_apart_in_order(text: str) -> None:
    (composed,) = applied(vietnamese.composed(TEXT), text)
    has_marks = any("\u0300" <= character <= "\u036f" for character in text)
    is_in_order = not re.search(
        "[\u0300\u0301\u0303\u0309\u0323][\u0302\u0306\u031b]", unicodedata.normalize("NFD", text)
    )
    if is_in_order:
        assert composed == (unicodedata.normalize("NFC", text) if has_marks else text)


@given(st.permutations(["\u0302", "\u0301"]), st.permutations(["\u031b", "\u0323"]))
def test_marks_in_any_order_make_the_same_letters(on_e: list[str], on_o: list[str]) -> None:
    assert applied(vietnamese.composed(TEXT), f"e{''.join(on_e)} o{''.join(on_o)}") == ["ế ợ"]


@pytest.mark.parametrize(
    ("seen", "meant"),
    [
        ("\u00d0\u00f4ng H\u01b0ng", "Đông Hưng"),
        ("\u0189ông", "Đông"),
        ("X\u00e3 \u0410n B\u00ecnh, \u0422\u0440. \u0422h\u00e1i", "Xã An Bình, Tp. Thái"),
        ("\u041d54.05", "H54.05"),
        ("Сергей Орлов", "Сергей Орлов"),
        ("5 µm, góc α = 30°", "5 µm, góc α = 30°"),
    ],
)
def test_letters_that_only_look_vietnamese_become_so(seen: str, meant: str) -> None:
    assert applied(vietnamese.without_look_alikes(TEXT), seen) == [meant]
    assert applied(vietnamese.has_look_alikes(TEXT).cast(pl.String), seen) == [str(seen != meant).lower()]


def test_an_eth_may_be_a_letter_of_an_old_font_unless_the_text_is_in_unicode() -> None:
    assert applied(vietnamese.without_eth(TEXT), "Ðông Hưng", "mÐ", "Ðoàn", "xã Ðông, ðường Lý") == [
        "Đông Hưng",
        "mÐ",
        "Ðoàn",
        "xã Đông, đường Lý",
    ]


def test_signs_of_full_width_become_ordinary_ones() -> None:
    assert applied(vietnamese.without_full_width(TEXT), "\uff21\uff11\uff0c \uff05") == ["A1, %"]


def test_a_soft_hyphen_goes_where_the_text_is_in_unicode() -> None:
    assert applied(vietnamese.without_invisible(TEXT), "Quỳnh\u00ad Phụ", "c\u00adng") == ["Quỳnh Phụ", "c\u00adng"]


def test_an_apostrophe_in_front_is_for_excel_only() -> None:
    assert applied(vietnamese.without_text_mark(TEXT), "'034", "\u2019034", "H'Leo") == ["034", "034", "H'Leo"]


CHARACTERS = st.text(st.sampled_from("aAeđĐÐð \u00a0\u200b\u00ad\u0300\u0302\u0410\u0430\u0448\uff11ư'\t"), max_size=12)


@given(CHARACTERS)
def test_every_mending_has_something_to_do_exactly_where_it_says_so(text: str) -> None:
    pairs = [
        (vietnamese.has_look_alikes, vietnamese.without_look_alikes),
        (vietnamese.has_eth, vietnamese.without_eth),
        (vietnamese.is_full_width, vietnamese.without_full_width),
        (vietnamese.has_invisible, vietnamese.without_invisible),
        (vietnamese.is_untidy, vietnamese.single_spaced),
        (vietnamese.has_text_mark, vietnamese.without_text_mark),
    ]
    for says, mend in pairs:
        assert applied(says(TEXT).cast(pl.String), text) == [str(applied(mend(TEXT), text) != [text]).lower()]


@given(CHARACTERS)
def test_what_a_mending_would_change_is_never_overlooked(text: str) -> None:
    mended = [
        vietnamese.without_look_alikes,
        vietnamese.without_full_width,
        vietnamese.composed,
        vietnamese.single_spaced,
    ]
    is_rough = pl.Series([text]).str.contains(vietnamese.ROUGH).item()
    assert is_rough or all(applied(mend(TEXT), text) == [text] for mend in mended)


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
