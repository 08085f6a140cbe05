"""Dates as people know them: a day, a month or only a year, in figures or in words, with how precise they are beside.

Dates that must be whole days are `Day` in `basic`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from schemas.column_types.basic import ColumnType, Day, Flag
from schemas.rules import Severity, Wording

PRECISIONS = ("day", "month", "year")
"""What the column beside a partial day says."""

_YEAR = r"(?:19|20)\d{2}"
_DAY_IN_WORDS = rf"^(?:ngày )?(\d{{1,2}}) tháng (\d{{1,2}}) năm ({_YEAR})$"
_MONTH_IN_WORDS = rf"^tháng (\d{{1,2}})(?: năm |[/-])({_YEAR})$"
_YEAR_ONLY = rf"^(?:năm )?({_YEAR})$"
_MONTH_FIRST = rf"^(\d{{1,2}})[/.-]({_YEAR})$"
_MONTH_LAST = rf"^({_YEAR})[/.-](\d{{1,2}})$"
_DOTTED = rf"^(\d{{1,2}})\.(\d{{1,2}})\.({_YEAR})$"
_SHORT_YEAR = r"^(\d{1,2})[/.-](\d{1,2})[/.-](\d{2})$"
_EIGHT_FROM_YEAR = r"^((?:19|20)\d{2})(\d{2})(\d{2})$"
_EIGHT_FROM_DAY = rf"^(\d{{2}})(\d{{2}})({_YEAR})$"
# 1 January 1930 to 31 December 2099 in the date system that counts from 1900.
_SERIAL = r"^([1-9]\d{4})(?:\.0+)?$"
_FIRST_SERIAL, _LAST_SERIAL = 10_959, 73_050
_SERIAL_ZERO = date(1899, 12, 30)


@dataclass(frozen=True, kw_only=True)
class PartialDay(ColumnType):
    """A date of which perhaps only the month or the year is known; the value is the first day of what is known.

    `latest_short_year` is the last two-digit year that belongs to this century. `has_serials` reads bare five-digit
    numbers of workbooks as Excel's count of days.
    """

    latest_short_year: int = 29
    has_serials: bool = True

    dtype = pl.Date()
    ddl = "DATE"
    expected = Wording(
        "ngày dạng 17/05/2023, tháng 05/2023 hoặc năm 2023", "a day 17/05/2023, a month 05/2023 or a year 2023"
    )
    example = "17/05/2023"
    safe_pattern = (
        r"^(\d{4}|\d{5}(\.0+)?|\d{1,2}[-/.]\d{4}|\d{4}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](\d{2}|\d{4})|\d{4}-\d{1,2}-\d{1,2}"
        r"|\d{8}|(19|20)\d{12}|((?i:ngày) )?\d{1,2} (?i:tháng) \d{1,2} (?i:năm) \d{4}|(?i:tháng) \d{1,2}( (?i:năm) |[/-])\d{4}"
        r"|(?i:năm) \d{4})$"
    )

    @property
    def flag_kinds(self) -> Mapping[str, Severity]:
        return {"digits14": Severity.WARN, "placeholder": Severity.WARN, "two_digit_year": Severity.WARN}

    def read(self, text: pl.Expr) -> pl.Expr:
        known = [
            Day().read(text),
            *(_day(self._words(text), form, order) for form, order in _WHOLE_DAYS),
            self._of_short_year(text),
            *(_day(self._words(text), form, order) for form, order in _MONTHS),
            _day(text.str.to_lowercase(), _YEAR_ONLY, ("year",)),
        ]
        if self.has_serials:
            known.append(self._of_serial(text))
        return pl.coalesce(known)

    def flags(self, text: pl.Expr, value: pl.Expr) -> tuple[Flag, ...]:
        first_of_year = (value.dt.month() == 1) & (value.dt.day() == 1)
        is_day = self.companion(text, value) == "day"
        is_short = text.str.contains(_SHORT_YEAR) & value.is_not_null()
        digits14 = next(flag for flag in Day().flags(text, value) if flag.kind == "digits14")
        return (
            digits14,
            # Registers that insist on a day are given 1 January when only the year is known.
            Flag("placeholder", first_of_year & is_day, Severity.WARN, is_change=True),
            Flag("two_digit_year", is_short, Severity.WARN, is_change=True),
        )

    def changes(self, text: pl.Expr) -> Mapping[str, pl.Expr]:
        if not self.has_serials:
            return {}
        return {"excel_serial": self._of_serial(text).is_not_null()}

    def companion(self, text: pl.Expr, value: pl.Expr) -> pl.Expr:
        """How precise the value is: one of PRECISIONS, null without a value."""
        words = self._words(text)
        is_month = pl.any_horizontal(words.str.contains(form) for form, _ in _MONTHS)
        return (
            pl.when(value.is_null())
            .then(None)
            .when(words.str.contains(_YEAR_ONLY))
            .then(pl.lit("year"))
            .when(is_month)
            .then(pl.lit("month"))
            .otherwise(pl.lit("day"))
        )

    @staticmethod
    def _words(text: pl.Expr) -> pl.Expr:
        return text.str.to_lowercase()

    def _of_short_year(self, text: pl.Expr) -> pl.Expr:
        year = text.str.extract(_SHORT_YEAR, 3).cast(pl.Int32, strict=False)
        whole = pl.when(year > self.latest_short_year).then(year + 1900).otherwise(year + 2000)
        return _date(whole, text.str.extract(_SHORT_YEAR, 2), text.str.extract(_SHORT_YEAR, 1))

    @staticmethod
    def _of_serial(text: pl.Expr) -> pl.Expr:
        count = text.str.extract(_SERIAL).cast(pl.Int32, strict=False)
        is_plausible = count.is_between(_FIRST_SERIAL, _LAST_SERIAL)
        return pl.when(is_plausible).then(pl.lit(_SERIAL_ZERO) + pl.duration(days=count)).cast(pl.Date)


_WHOLE_DAYS = (
    (_DAY_IN_WORDS, ("day", "month", "year")),
    (_DOTTED, ("day", "month", "year")),
    # No eight digits are a date in both orders: "19" and "20" are no months.
    (_EIGHT_FROM_YEAR, ("year", "month", "day")),
    (_EIGHT_FROM_DAY, ("day", "month", "year")),
)
_MONTHS = ((_MONTH_IN_WORDS, ("month", "year")), (_MONTH_FIRST, ("month", "year")), (_MONTH_LAST, ("year", "month")))


def _day(text: pl.Expr, form: str, order: tuple[str, ...]) -> pl.Expr:
    """The first day of what a form names, its groups in the order given; null for what is no such text or no date."""
    parts = {name: text.str.extract(form, at) for at, name in enumerate(order, 1)}
    return _date(parts["year"], parts.get("month", pl.lit("1")), parts.get("day", pl.lit("1")))


def _date(year: pl.Expr, month: pl.Expr, day: pl.Expr) -> pl.Expr:
    written = pl.concat_str(
        year.cast(pl.String), month.str.zfill(2), day.str.zfill(2), separator="-", ignore_nulls=False
    )
    return written.str.to_date("%Y-%m-%d", strict=False)
