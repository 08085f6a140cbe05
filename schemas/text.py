"""Vietnamese text: what may be tidied in a cell without changing its meaning, and the keys on which names are compared.

Everything is a Polars expression over a text column. Old fonts and code pages are decoded in `schemas.legacy_text`.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

_SPACES = r"\s+"
INVISIBLE = r"[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]"
"""Matches a character that takes no room, whatever the text is."""
_SOFT_HYPHEN = "\u00ad"
# In text that came from a TCVN3 font U+00AD is the letter "ư"; it is a hyphen only where letters are beyond that font.
_IN_UNICODE = r"[\u0102\u0103\u0110\u0111\u01a0\u01a1\u01af\u01b0\u1ea0-\u1ef9]"
_UNTIDY = r"^\s|\s$|\s\s|[^\S ]"
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_VOWEL_MARKS = "\u0302\u0306\u031b"
_BEYOND_PLAIN = r"[^!-~]|^'"
_COMBINING = r"[\u0300-\u036f]"
LOOK_ALIKES: Mapping[str, str] = dict(
    zip(
        "ÐƉðɖАВЕКМНОРСТУХЅІЈаеорсухіјѕΑΒΕΖΗΙΚΜΝΟΡΤΥΧο",
        "ĐĐđđABEKMHOPCTYXSIJaeopcyxijsABEZHIKMNOPTYXo",
        strict=True,
    )
)
"""Letters that are drawn like another one which Vietnamese has: eth and African D for Đ, Cyrillic and Greek for Latin."""
_LOOK_ALIKE = f"[{''.join(LOOK_ALIKES)}]"
# Where a letter is nobody's double the text is in that other script.
_OTHER_SCRIPT = f"[[\\p{{Cyrillic}}\\p{{Greek}}]--{_LOOK_ALIKE}]"
_FULL_WIDTH: Mapping[str, str] = {chr(ascii_ + 0xFEE0): chr(ascii_) for ascii_ in range(0x21, 0x7F)}
_IS_FULL_WIDTH = r"[\uff01-\uff5e]"
_TEXT_MARK = r"^['\u2018\u2019]"
ROUGH = f"{_UNTIDY}|{INVISIBLE}|{_SOFT_HYPHEN}|{_COMBINING}|{_LOOK_ALIKE}|{_IS_FULL_WIDTH}|{_TEXT_MARK}"
"""Matches where a text may be untidy, decomposed or have something invisible, of full width or of another script."""
_BEFORE_WORD = r"(^|[^\p{L}\p{M}])"
_ETH_AT_START = rf"{_BEFORE_WORD}[\u00d0\u00f0]"


def is_beyond_plain(text: pl.Expr) -> pl.Expr:
    """True where the text holds anything but printable ASCII without spaces, or begins with an apostrophe: only there can
    there be something to tidy."""
    return text.str.contains(_BEYOND_PLAIN)


def without_invisible(text: pl.Expr) -> pl.Expr:
    """Zero-width characters, byte-order marks and, in text that is surely in Unicode, soft hyphens removed."""
    visible = text.str.replace_all(INVISIBLE, "")
    return (
        pl.when(_has_soft_hyphen(text)).then(visible.str.replace_all(_SOFT_HYPHEN, "", literal=True)).otherwise(visible)
    )


def _has_soft_hyphen(text: pl.Expr) -> pl.Expr:
    return text.str.contains(_SOFT_HYPHEN, literal=True) & text.str.contains(_IN_UNICODE)


def single_spaced(text: pl.Expr) -> pl.Expr:
    """Runs of any white space become one space; none at the ends."""
    return text.str.replace_all(_SPACES, " ").str.strip_chars()


def has_invisible(text: pl.Expr) -> pl.Expr:
    """True where `without_invisible` would change the text."""
    return text.str.contains(INVISIBLE) | _has_soft_hyphen(text)


def is_untidy(text: pl.Expr) -> pl.Expr:
    """True where `single_spaced` would change the text."""
    return text.str.contains(_UNTIDY)


def is_decomposed(text: pl.Expr) -> pl.Expr:
    """True where letters and their marks stand apart (NFD, or cp1258 decoded letter by letter)."""
    return text.str.contains(_COMBINING)


def composed(text: pl.Expr) -> pl.Expr:
    """Letters joined with their marks (NFC) where they stand apart, in whatever order the marks came."""
    in_order = text.str.normalize("NFD").str.replace_all(rf"([{_TONES}])([{_VOWEL_MARKS}])", "$2$1")
    return pl.when(is_decomposed(text)).then(in_order.str.normalize("NFC")).otherwise(text)


def has_look_alikes(text: pl.Expr) -> pl.Expr:
    """True where a letter only looks like the Vietnamese one that is meant, in a text that is not in another script."""
    return text.str.contains(_LOOK_ALIKE) & text.str.contains(_OTHER_SCRIPT).not_()


def without_look_alikes(text: pl.Expr) -> pl.Expr:
    """Đ for Ð and Ɖ, Latin letters for Cyrillic and Greek ones in words that are Vietnamese otherwise."""
    return pl.when(has_look_alikes(text)).then(text.str.replace_many(LOOK_ALIKES)).otherwise(text)


def has_eth(text: pl.Expr) -> pl.Expr:
    """True where a word begins with Ð in a text that is surely in Unicode, so that it is no letter of an old font."""
    return text.str.contains(_ETH_AT_START) & text.str.contains(_IN_UNICODE)


def without_eth(text: pl.Expr) -> pl.Expr:
    """Đ for Ð where `has_eth` finds it."""
    stroked = text
    for eth, meant in (("\u00d0", "Đ"), ("\u00f0", "đ")):
        stroked = stroked.str.replace_all(rf"{_BEFORE_WORD}{eth}", f"${{1}}{meant}")
    return pl.when(has_eth(text)).then(stroked).otherwise(text)


def has_text_mark(text: pl.Expr) -> pl.Expr:
    """True where an apostrophe stands in front, by which people keep Excel from taking a code for a number."""
    return text.str.contains(_TEXT_MARK)


def without_text_mark(text: pl.Expr) -> pl.Expr:
    """Without apostrophes in front."""
    return text.str.replace(r"^['\u2018\u2019]+", "")


def is_full_width(text: pl.Expr) -> pl.Expr:
    """True where letters, digits or signs are of the width of Chinese ones."""
    return text.str.contains(_IS_FULL_WIDTH)


def without_full_width(text: pl.Expr) -> pl.Expr:
    """Letters, digits and signs of full width as ordinary ones."""
    return text.str.replace_many(_FULL_WIDTH)


def name_key(text: pl.Expr) -> pl.Expr:
    """The key on which Vietnamese names are compared: case, tone placement, i/y and đ/d do not count, other marks do.

    "Thuỵ" and "Thụy", "Hòa" and "Hoà", "Quí" and "Quý" have one key; "Hoa" and "Hoà" have two.
    """
    decomposed = text.str.normalize("NFD").str.to_lowercase().str.replace_all(INVISIBLE, "")
    tone_last = decomposed.str.replace_all(rf"([{_TONES}])([\p{{L}}{_VOWEL_MARKS}]+)", "$2$1")
    folded = tone_last.str.replace_all("[đð]", "d").str.replace_all("y", "i")
    return folded.str.replace_all(r"[.,\-–_()\s\u00a0]+", " ").str.strip_chars().str.normalize("NFC")


def search_key(text: pl.Expr) -> pl.Expr:
    """What a person types to find a text: small plain letters and digits, one space between words."""
    plain = text.str.to_lowercase().str.normalize("NFD").str.replace_all(r"\p{Mn}", "").str.replace_all("[đð]", "d")
    return plain.str.replace_all(r"[^\p{L}\p{N}]+", " ").str.strip_chars()


def with_new_tones(text: pl.Expr) -> pl.Expr:
    """For display: the tone of open "oa", "oe", "uy" on the second vowel, as in "hoà", "thuỷ". Never touches i and y."""
    tone = f"([{_TONES}])"
    apart = text.str.normalize("NFD").str.replace_all(rf"([oO]){tone}([aAeE])\b", "${1}${3}${2}")
    return apart.str.replace_all(rf"([uU]){tone}([yY])\b", "${1}${3}${2}").str.normalize("NFC")


def with_old_tones(text: pl.Expr) -> pl.Expr:
    """For display: the tone of open "oa", "oe", "uy" on the first vowel, as in "hòa", "thủy"; "quý" stays as it is."""
    tone = f"([{_TONES}])"
    apart = text.str.normalize("NFD").str.replace_all(rf"([oO])([aAeE]){tone}\b", "${1}${3}${2}")
    return apart.str.replace_all(rf"(^|[^qQ])([uU])([yY]){tone}\b", "${1}${2}${4}${3}").str.normalize("NFC")


def tidy_prose(text: pl.Expr) -> pl.Expr:
    """For display: single-spaced, and no space before a comma, full stop, colon, semicolon, question or exclamation mark."""
    return single_spaced(text).str.replace_all(r" ([,.;:?!])( |$)", "${1}${2}")


def shape(text: pl.Expr) -> pl.Expr:
    """The outline of a text that must not be shown: "Aaaaaa Aaa", "12 digits". At most 40 characters."""
    digits = pl.concat_str(text.str.len_chars().cast(pl.String), pl.lit(" digits"))
    outline = (
        text.str.normalize("NFC")
        .str.replace_all(r"\p{Lu}", "A")
        .str.replace_all(r"\p{Ll}|\p{Lo}|\p{M}", "a")
        .str.replace_all(r"\p{Nd}", "9")
        .str.slice(0, 40)
    )
    return pl.when(text.str.contains(r"^\d+$")).then(digits).otherwise(outline)
