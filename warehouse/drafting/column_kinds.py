"""Which type of the vocabulary a column of a sample seems to have, by its texts first and its title in doubt.

What belongs here: candidates from the most particular type to plain text. What does not: names, keys and whether a column
may lead to a person (`guess`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import polars as pl

from schemas.column_types import (
    CUT_AMONG_TEXTS,
    LARGEST_COUNT,
    AgencyCode,
    Amount,
    CodeList,
    ColumnType,
    Day,
    HealthCard,
    InsuranceNumber,
    Moment,
    PartialDay,
    Pattern,
    PersonalNumber,
    PersonName,
    Phone,
    ProcedureCode,
    Share,
    TaxCode,
    Text,
    WholeNumber,
    YesNo,
    commune_code,
    dossier_code,
)
from schemas.reference import tables
from schemas.rules import Severity
from schemas.text import search_key

_NEARLY_ALL: Final = 0.95
_MOST: Final = 0.8
_SOME: Final = 0.3
_FEWEST_FOR_A_LIST: Final = 20
_LONGEST_LIST: Final = 12
_LARGEST_SHARE_DISTINCT: Final = 0.2
_FEWEST_FOR_A_PATTERN: Final = 5
_LONGEST_CODE: Final = 30
_FEWEST_DIGITS_OF_A_PERSON: Final = 9
_SURNAMES: Final = re.compile(
    "^(an|bach|bui|cao|chu|cung|dam|dang|dao|dinh|do|doan|duong|ha|ho|hoang|hua|huynh|khong|kieu|la|lai|lam|le|luong|luu|ly"
    "|mac|mai|nghiem|ngo|nguyen|ninh|nong|ong|pham|phan|phi|phung|quach|ta|tang|thach|thai|than|to|ton|tran|trieu|trinh"
    "|truong|tu|vi|vo|vu|vuong) "
)
_PERSON: Final = re.compile(
    r"\bho (va )?ten\b|^(ho dem|chu (ho|dat|so huu|co so|su dung|tai khoan|the)"
    r"|(ten )?(nguoi|vo|chong|cha|bo|me|con|can bo)\b(?! du))\b"
)
_CODE: Final = re.compile(r"^(ma|so hieu)\b")
_COMMUNE_CODE: Final = re.compile(r"^ma (xa|phuong|don vi hanh chinh)\b")
_SHARE: Final = re.compile(r"%|tỷ lệ|tỉ lệ|phần trăm", re.IGNORECASE)
_DAY: Final = re.compile(r"\b(ngay|nam|thang|thoi diem|thoi han|han|date|sinh)\b")
_FLAG: Final = re.compile(r"^(co|da|duoc|la|mien)\b")
_MONEY: Final = re.compile(r"\b(dong|vnd|tien|kinh phi|don gia|muc huong|le phi|tro cap)\b")
_CARD: Final = re.compile(r"\b(cccd|cmnd|can cuoc|dinh danh|giay to|chung minh)\b")
_INSURANCE: Final = re.compile(r"\b(bao hiem|bhxh|so so)\b")
_TAX: Final = re.compile(r"\b(thue|mst)\b")
_SEXES: Final = {"Nam": "male", "Nữ": "female"}


@dataclass(frozen=True)
class Facts:
    """What is known of a column before its type is: its title, and its texts without empty ones."""

    title: str
    texts: pl.Series

    @cached_property
    def folded(self) -> str:
        """The title in small plain letters."""
        return folded(self.title)

    def says(self, words: re.Pattern[str]) -> bool:
        """Whether the title has one of the words."""
        return words.search(self.folded) is not None

    def fitting(self, kind: ColumnType) -> int:
        """How many cells the type reads."""
        read = self.texts.alias("text").to_frame().select(kind.read(pl.col("text")).alias("value"))["value"]
        return read.len() - read.null_count()

    def share(self, kind: ColumnType) -> float:
        """The share of cells the type reads, 0 to 1; 0 where there are none."""
        return self.fitting(kind) / self.texts.len() if self.texts.len() else 0.0

    def matching(self, pattern: str) -> float:
        """The share of cells that match a pattern, 0 to 1."""
        return int(self.texts.str.contains(pattern).sum()) / self.texts.len() if self.texts.len() else 0.0


def folded(text: str) -> str:
    """A title in small plain letters, one space between words; "MaHoSo" is three words."""
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", text)
    return str(pl.select(search_key(pl.lit(apart))).item())


def kind_of(facts: Facts) -> ColumnType:
    """The most particular type that most of the cells fit; text where none does."""
    # A number that lost digits is none of the numbers that are expected, nor are others like it.
    facts = replace(facts, texts=facts.texts.filter(~facts.texts.str.contains(CUT_AMONG_TEXTS)))
    if facts.texts.is_empty():
        return Text()
    found = (candidate(facts) for candidate in _CANDIDATES)
    return next((kind for kind in found if kind is not None), Text())


def is_about_persons(facts: Facts) -> bool:
    """Whether a title or the texts look like names of people."""
    return facts.says(_PERSON) or _named_like_persons(facts) > _MOST


def _numbered(facts: Facts) -> ColumnType | None:
    """Numbers given to people and firms; what Excel made of them counts too."""
    if facts.matching(r"^(0\d{11}|[1-9]\d{10})$") >= (_SOME if facts.says(_CARD) else _MOST):
        return PersonalNumber()
    if facts.matching(r"^[A-Z]{2}[1-5][\d ]{12,16}$") >= _MOST and facts.share(HealthCard()) >= _MOST:
        return HealthCard()
    if facts.matching(r"^\d{10}([- .]?\d{3})?$|^0\d{11}$") >= _MOST and facts.says(_TAX):
        return TaxCode()
    if facts.matching(r"^\d{9,10}$") >= _MOST and facts.says(_INSURANCE):
        return InsuranceNumber(on_unreadable=Severity.BLANK)
    if facts.share(Phone()) >= _MOST:
        return Phone()
    return TaxCode() if facts.share(TaxCode()) >= _MOST else None


def _coded(facts: Facts) -> ColumnType | None:
    """Codes of the province's shared lists."""
    for kind in (dossier_code(), ProcedureCode(), AgencyCode()):
        if facts.share(kind) >= _MOST:
            return kind
    if facts.share(commune_code()) >= _MOST:
        known = tables.administrative_unit()["unit_code"].unique()
        if facts.says(_COMMUNE_CODE) or facts.texts.is_in(known.implode()).sum() >= _MOST * facts.texts.len():
            return commune_code()
    return None


def _dated(facts: Facts) -> ColumnType | None:
    if facts.matching(r"\d{1,2}:\d{2}") >= _MOST and facts.share(Moment()) >= _MOST:
        return Moment()
    # A bare year is a number unless the title speaks of time.
    partial = PartialDay(has_serials=False)
    if facts.says(_DAY) and facts.share(partial) >= max(_MOST, facts.share(Day()) + 1 - _NEARLY_ALL):
        return partial
    return Day() if facts.share(Day()) >= _MOST else None


def _yes_or_no(facts: Facts) -> ColumnType | None:
    # A count that is mostly 0 and 1 is a count.
    if facts.share(YesNo()) < _MOST or facts.matching(r"^([2-9]|\d{2,})") > 0:
        return None
    is_worded = facts.matching(r"^\D") > 0
    return YesNo() if is_worded or facts.says(_FLAG) else None


def _counted(facts: Facts) -> ColumnType | None:
    if _SHARE.search(facts.title) and facts.matching(r"^\d{1,3}([.,]\d+)?\s?%?$") >= _MOST:
        return Share()
    if facts.matching(r"%$") >= _MOST and facts.share(Share()) >= _MOST:
        return Share()
    is_money = facts.says(_MONEY)
    # Zeros in front, or as many digits as cards have: numbers by which things or people are called.
    if (
        facts.says(_CODE)
        or facts.matching(r"^0\d") > 1 - _MOST
        or (facts.matching(r"^\d{9,}$") > 1 - _MOST and not is_money)
    ):
        return None
    whole, decimal = Amount(decimals=0), Amount(decimals=2, decimal_mark=_decimal_mark(facts))
    has_decimals = facts.share(decimal) > facts.share(whole)
    if facts.share(WholeNumber()) >= _MOST and not is_money and not has_decimals:
        is_small = facts.matching(r"\d{9}") == 0
        least = None if facts.matching(r"^-") else 0
        return WholeNumber(minimum=least, maximum=LARGEST_COUNT if is_small and least == 0 else None)
    if is_money and facts.share(whole) >= _MOST and not has_decimals:
        return Amount(decimals=0, unit_vi="số tiền (đồng)", unit_en="an amount in VND")
    return decimal if facts.share(decimal) >= _MOST else None


def _decimal_mark(facts: Facts) -> str:
    """The mark before other than three digits at the end; where there is none, that of the country."""
    return "." if facts.matching(r"\.(\d{1,2}|\d{4,})$") > facts.matching(r",(\d{1,2}|\d{4,})$") else ","


def _listed(facts: Facts) -> ColumnType | None:
    """A short list of words that return again and again."""
    words = facts.texts.unique(maintain_order=True).to_list()
    if {word.lower() for word in words} <= {word.lower() for word in _SEXES}:
        return CodeList(codes=_SEXES, vi="Nam hoặc Nữ", en="Nam (male) or Nữ (female)", on_unreadable=Severity.BLANK)
    is_short = len(words) <= _LONGEST_LIST and len(words) <= _LARGEST_SHARE_DISTINCT * facts.texts.len()
    if facts.texts.len() < _FEWEST_FOR_A_LIST or not is_short or is_about_persons(facts):
        return None
    codes = {word: folded(word).replace(" ", "_")[:_LONGEST_CODE] for word in sorted(words)}
    if not all(codes.values()):
        return None
    said = ", ".join(codes)
    return CodeList(codes=codes, vi=f"một trong: {said}", en=f"one of: {said}", on_unreadable=Severity.BLANK)


def _shaped(facts: Facts) -> ColumnType | None:
    """Codes of one length, digits and capital letters at the same places in all of them."""
    texts = facts.texts.unique().to_list()
    ((length, number),) = Counter(map(len, texts)).most_common(1)
    same = [text for text in texts if len(text) == length]
    if number < max(_FEWEST_FOR_A_PATTERN, _MOST * len(texts)) or length > _LONGEST_CODE:
        return None
    if not all(text.isascii() and " " not in text and any(map(str.isdigit, text)) for text in same):
        return None
    pieces = [_piece({text[place] for text in same}) for place in range(length)]
    if None in pieces:
        return None
    pattern = "^" + re.sub(r"(\\d|\[A-Z\])\1+", _counted_out, "".join(piece or "" for piece in pieces)) + "$"
    # No code of the sample is shown: it may be somebody's.
    example = "".join("0" if piece == r"\d" else "A" if piece == "[A-Z]" else str(piece)[-1] for piece in pieces)
    is_shown = "0" * _FEWEST_DIGITS_OF_A_PERSON not in example
    return Pattern(pattern=pattern, vi=f"mã dạng {example}", en=f"a code such as {example}", is_shown=is_shown)


def _piece(letters: set[str]) -> str | None:
    """What stands at one place of all codes: the same character, a digit, a capital letter; None for anything else."""
    if letters <= set("0123456789"):
        return r"\d"
    if len(letters) == 1:
        (letter,) = letters
        return letter if letter.isalnum() or letter in "-/_" else re.escape(letter)
    return "[A-Z]" if all(letter.isupper() for letter in letters) else None


def _counted_out(run: re.Match[str]) -> str:
    return f"{run[1]}{{{len(run[0]) // len(run[1])}}}"


def _person(facts: Facts) -> ColumnType | None:
    return PersonName(on_unreadable=Severity.BLANK) if is_about_persons(facts) else None


def _named_like_persons(facts: Facts) -> float:
    """The share of cells of two to five words, the first a surname, none with a digit."""
    words = facts.texts.to_frame("text").select(search_key(pl.col("text")).alias("key"), pl.col("text"))
    is_name = pl.col("key").str.contains(r"^\p{L}+( \p{L}+){1,4}$")
    is_surname = pl.col("key").str.contains(_SURNAMES.pattern)
    is_capital = pl.col("text").str.contains(r"^\p{Lu}\S* \p{Lu}")
    return float(words.select((is_name & is_surname & is_capital).mean()).item() or 0.0)


_CANDIDATES: Final[Sequence[Callable[[Facts], ColumnType | None]]] = (
    _numbered,
    _coded,
    _yes_or_no,
    _dated,
    _counted,
    _listed,
    _person,
    _shaped,
)
