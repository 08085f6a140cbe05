"""Vietnamese text: what may be tidied in a cell without changing its meaning, and the keys on which names are compared.

Everything is a Polars expression over a text column. Old fonts and code pages are decoded in `schemas.legacy_text`.
"""

from __future__ import annotations

import polars as pl

_SPACES = r"[\s\u00a0\u2007\u202f\u3000]+"
# U+00AD is left alone on purpose: in text that came from a TCVN3 font it is the letter "ư", not a soft hyphen.
_INVISIBLE = r"[\u200b-\u200f\u2060\ufeff]"
_UNTIDY = r"^\s|\s$|\s\s|[\u00a0\u2007\u202f\u3000\t\r\n]"
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_BEYOND_PLAIN = r"[^!-~]"
_COMBINING = r"[\u0300-\u036f]"
ROUGH = f"{_UNTIDY}|{_INVISIBLE}|{_COMBINING}"
"""Matches where a text is untidy, has something invisible or is decomposed."""
_VOWEL_MARKS = "\u0302\u0306\u031b"


def is_beyond_plain(text: pl.Expr) -> pl.Expr:
    """True where the text holds anything but printable ASCII without spaces: only there can there be something to tidy."""
    return text.str.contains(_BEYOND_PLAIN)


def without_invisible(text: pl.Expr) -> pl.Expr:
    """Zero-width characters and byte-order marks removed."""
    return text.str.replace_all(_INVISIBLE, "")


def single_spaced(text: pl.Expr) -> pl.Expr:
    """Runs of any white space become one space; none at the ends."""
    return text.str.replace_all(_SPACES, " ").str.strip_chars()


def has_invisible(text: pl.Expr) -> pl.Expr:
    """True where `without_invisible` would change the text."""
    return text.str.contains(_INVISIBLE)


def is_untidy(text: pl.Expr) -> pl.Expr:
    """True where `single_spaced` would change the text."""
    return text.str.contains(_UNTIDY)


def is_decomposed(text: pl.Expr) -> pl.Expr:
    """True where letters and their marks stand apart (NFD, or cp1258 decoded letter by letter)."""
    return text.str.contains(_COMBINING)


def composed(text: pl.Expr) -> pl.Expr:
    """Letters joined with their marks (NFC) where they stand apart."""
    return pl.when(is_decomposed(text)).then(text.str.normalize("NFC")).otherwise(text)


def name_key(text: pl.Expr) -> pl.Expr:
    """The key on which Vietnamese names are compared: case, tone placement, i/y and đ/d do not count, other marks do.

    "Thuỵ" and "Thụy", "Hòa" and "Hoà", "Quí" and "Quý" have one key; "Hoa" and "Hoà" have two.
    """
    decomposed = text.str.normalize("NFD").str.to_lowercase()
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
