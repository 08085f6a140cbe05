"""Amounts with decimals and money, in Vietnamese and English notation and with words for large units.

Counts of things are whole numbers and percentages are shares: both are in `basic`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from schemas.column_types.basic import ColumnType, Flag, cut_by_excel
from schemas.rules import Severity, Wording

_POWERS = {"nghìn": 3, "ngàn": 3, "triệu": 6, "tr": 6, "tỷ": 9, "tỉ": 9}
_CURRENCY = r"\s?(?:đồng|đ|₫|vnđ|vnd)$"
_CURRENCY_FIRST = r"^(?:₫|vnđ|vnd)\s?"
_UNIT = rf"\s?({'|'.join(_POWERS)})$"
_MINUS = "\\-\u2212\u2013"
_NEGATIVE = rf"(?i)^(?:₫|vnđ|vnd)?\s?[{_MINUS}]|^\(.*\)"
# The whole part and the decimals of a number: grouped in the Vietnamese way, in the English way, by spaces or apostrophes,
# or not at all.
_NOTATIONS = (
    r"^([1-9]\d{0,2}(?:\.\d{3}){1,4})(?:,(\d{1,20}))?$",
    r"^([1-9]\d{0,2}(?:,\d{3}){1,4})(?:\.(\d{1,20}))?$",
    r"^([1-9]\d{0,2}(?: \d{3}){1,4})(?:[.,](\d{1,20}))?$",
    r"^([1-9]\d{0,2}(?:['\u{2019}]\d{3}){1,4})(?:[.,](\d{1,20}))?$",
    r"^(0|[1-9]\d{0,14})(?:[.,](\d{1,20}))?$",
)
_GROUPED, _UNGROUPED = _NOTATIONS[:-1], _NOTATIONS[-1]
_GROUPS_OR_DECIMALS = r"^[1-9]\d{0,2}[.,]\d{3}$"
_LARGEST_DIGITS = 18
_CALCULATED_DECIMALS = 15
_CALCULATED = pl.Decimal(38, _CALCULATED_DECIMALS)
_LONGEST_SHIFT = "0" * max(_POWERS.values())
# "1 tỷ 200 triệu": every part in a smaller unit than the one before it.
_IN_PARTS = r"^(?:(\d{1,6}) ?(?:tỷ|tỉ))?(?: ?(\d{1,3}) ?(?:triệu|tr))?(?: ?(\d{1,3}) ?(?:nghìn|ngàn))?$"
_OF_PARTS = r"\d ?(?:tỷ|tỉ|triệu|tr|nghìn|ngàn) ?\d"
# "1 tỷ 2" and "2tr5" mean 1,2 and 2,5 to some people.
_UNIT_IN_THE_MIDDLE = r"\d ?(?:tỷ|tỉ|triệu|tr|nghìn|ngàn) ?\d+$"


@dataclass(frozen=True, kw_only=True)
class Amount(ColumnType):
    """A decimal number: "1.234.567,89", "1,234,567.89", "1 234 567", "15 tỷ", "1 tỷ 200 triệu", "(2.000)" for minus. Never a
    float; more decimals than are kept, as calculated cells have, are rounded and counted.

    One mark before exactly three digits ("1.234") may group thousands or begin the decimals. `decimal_mark` says which it
    is; without it such a text is ambiguous and not read, unless there can be no decimals (`decimals` is 0).
    """

    decimals: int = 2
    decimal_mark: str | None = None
    unit_vi: str = "số"
    unit_en: str = "a number"

    # Eight digits at most and no zero in front: no card or telephone number is ever shown as an amount.
    safe_pattern = (
        r"^\(?-?(0|[1-9]\d{0,7}|[1-9]\d{0,2}[.,]\d{3}|[1-9]\d?([.,]\d{3}){2})([.,]\d{1,2})?\)?"
        r"(\s?(?i:nghìn|ngàn|triệu|tr|tỷ|tỉ))?(\s?(?i:đồng|đ|vnđ|vnd))?$"
    )

    @property
    def dtype(self) -> pl.DataType:
        return pl.Decimal(_LARGEST_DIGITS, self.decimals)

    @property
    def ddl(self) -> str:
        return f"DECIMAL({_LARGEST_DIGITS}, {self.decimals})"

    @property
    def expected(self) -> Wording:
        if not self.decimals:
            return Wording(f"{self.unit_vi} như 1.234.567", f"{self.unit_en} such as 1.234.567")
        return Wording(f"{self.unit_vi} như 1.234.567,89", f"{self.unit_en} such as 1.234.567,89")

    @property
    def flag_kinds(self) -> Mapping[str, Severity]:
        return {"ambiguous": self.on_unreadable, "scientific": self.on_unreadable}

    def read(self, text: pl.Expr) -> pl.Expr:
        return text.map_batches(self._read, return_dtype=self.dtype)

    def flags(self, text: pl.Expr, value: pl.Expr) -> tuple[Flag, ...]:
        return Flag("ambiguous", self._is_ambiguous(text), self.on_unreadable), cut_by_excel(text, self.on_unreadable)

    def changes(self, text: pl.Expr) -> Mapping[str, pl.Expr]:
        number, is_read = _number(text), ~self._is_ambiguous(text)
        is_grouped = pl.any_horizontal(number.str.contains(form) for form in _GROUPED)
        decimals = _in_any_notation(number, 2).str.strip_chars_end("0").str.len_chars()
        after_mark = pl.when(self._has_decimals(number)).then(3).otherwise(decimals)
        return {
            "rounded": is_read & (after_mark > self.decimals + _power(text)) & (self.decimals > 0),
            "digit_grouping": is_read & is_grouped & ~self._has_decimals(number) & self._fits(after_mark, text),
            "unit_word": is_read & number.str.contains(_UNGROUPED) & ((_power(text) > 0) | _is_in_parts(_bare(text))),
        }

    def _fits(self, after_mark: pl.Expr, text: pl.Expr) -> pl.Expr:
        """True unless there are decimals where only whole amounts can be."""
        return after_mark.fill_null(0) <= _power(text) if not self.decimals else pl.lit(value=True)

    def _read(self, texts: pl.Series) -> pl.Series:
        """Step by step over whole columns, for each step is used several times by the next."""
        text, number, whole, decimals = (pl.col(name) for name in ("text", "number", "whole", "decimals"))
        is_plain = self._has_decimals(number)
        steps = (
            texts.alias("text")
            .to_frame()
            .with_columns(_number(text).alias("number"), _power(text).alias("power"))
            .with_columns(
                pl.when(is_plain)
                .then(number.str.extract(_UNGROUPED, part))
                .otherwise(_in_any_notation(number, part))
                .alias(name)
                for part, name in ((1, "whole"), (2, "decimals"))
            )
            .with_columns(whole.str.replace_all(r"[^\d]", ""), decimals.fill_null(""))
            # Multiplied by moving the point: no float ever touches an amount.
            .with_columns(
                pl.concat_str(whole, (decimals + _LONGEST_SHIFT).str.slice(0, pl.col("power"))).alias("whole"),
                decimals.str.slice(pl.col("power")).str.strip_chars_end("0").alias("decimals"),
            )
        )
        fits = whole.str.len_chars() + self.decimals <= _LARGEST_DIGITS
        if not self.decimals:
            # Where only whole amounts can be, half a one is something else.
            fits &= decimals == ""
        sign = pl.when(text.str.contains(_NEGATIVE)).then(pl.lit("-")).otherwise(pl.lit(""))
        written = pl.concat_str(sign, whole, pl.lit("."), decimals.str.slice(0, _CALCULATED_DECIMALS), pl.lit("0"))
        exact = pl.when(fits & ~self._is_ambiguous(text)).then(written).cast(_CALCULATED, strict=False)
        read = exact.round(self.decimals, mode="half_away_from_zero").cast(self.dtype)
        return steps.select(read.alias(texts.name))[texts.name]

    def _has_decimals(self, number: pl.Expr) -> pl.Expr:
        """True where the mark before three digits is the declared decimal mark."""
        if self.decimal_mark is None:
            return pl.lit(value=False)
        mark = number.str.contains(self.decimal_mark, literal=True)
        return number.str.contains(_GROUPS_OR_DECIMALS) & mark

    def _is_ambiguous(self, text: pl.Expr) -> pl.Expr:
        is_cut_off = _bare(text).str.contains(_UNIT_IN_THE_MIDDLE)
        return is_cut_off | self._could_be_grouped(text)

    def _could_be_grouped(self, text: pl.Expr) -> pl.Expr:
        if self.decimal_mark is not None:
            return pl.lit(value=False)
        could_be_both = _number(text).str.contains(_GROUPS_OR_DECIMALS)
        if self.decimals:
            # A đồng has no decimals, unless a word for a unit brings them back: "1.234 tỷ đồng".
            is_money = text.str.to_lowercase().str.contains(rf"{_CURRENCY}|{_CURRENCY_FIRST}")
            return could_be_both & (is_money.not_() | (_power(text) > 0))
        return could_be_both & (_power(text) > 0)


def _bare(text: pl.Expr) -> pl.Expr:
    """Small letters, without sign and currency."""
    small = text.str.to_lowercase().str.replace(_CURRENCY, "").str.replace(r"^\((.*)\)$", "${1}")
    return small.str.replace(_CURRENCY_FIRST, "").str.replace(rf"^[+{_MINUS}]\s?", "")


def _number(text: pl.Expr) -> pl.Expr:
    """The figures, without the word for a unit; parts in different units added up."""
    bare = _bare(text)
    in_parts = [
        bare.str.extract(_IN_PARTS, at).cast(pl.Int64, strict=False).fill_null(0) * 10**power
        for at, power in ((1, 9), (2, 6), (3, 3))
    ]
    return (
        pl.when(_is_in_parts(bare))
        .then(pl.sum_horizontal(in_parts).cast(pl.String))
        .otherwise(bare.str.replace(_UNIT, ""))
    )


def _is_in_parts(bare: pl.Expr) -> pl.Expr:
    return bare.str.contains(_OF_PARTS) & bare.str.contains(_IN_PARTS)


def _power(text: pl.Expr) -> pl.Expr:
    """How many zeros the word for a unit stands for; 0 without one, or where parts are added up."""
    bare = _bare(text)
    word = pl.when(_is_in_parts(bare).not_()).then(bare.str.extract(_UNIT))
    return word.replace_strict(list(_POWERS), list(_POWERS.values()), default=0, return_dtype=pl.Int64)


def _in_any_notation(number: pl.Expr, part: int) -> pl.Expr:
    read = [
        pl.when(number.str.contains(notation)).then(number.str.extract(notation, part).fill_null(""))
        for notation in _NOTATIONS
    ]
    return pl.coalesce(read)
