"""Days, moments and dates of which only the month or the year is known, in figures or in words.

Day and month are never taken for one another: a date is read day first, or year first, and "05/17/2023" is none. One grammar
serves all types here; what the column is about (a birth, a receipt) is said by its contract.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Protocol

import polars as pl

from schemas.column_types.basic import ColumnType, Flag, each_once
from schemas.rules import Severity, Wording

PRECISIONS = ("day", "month", "year")
"""What the column beside a partial day says."""

_DAY_FORMS = ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y")
_MOMENT_FORMS = ("%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%d/%m/%Y %H:%M:%S")
_DIGITS14 = r"^(19|20)\d{12}$"
_DIGITS14_FORM = "%Y%m%d%H%M%S"
_FIRST_YEAR, _LAST_YEAR = 1900, 2099

_YEAR = r"(?:19|20)\d{2}"
_LATEST_SHORT_YEAR = 29
_SHORT_YEAR = r"^(\d{1,2})[/.-](\d{1,2})[/.-](\d{2})$"
# No eight digits are a date in both orders: "19" and "20" are no months.
_WHOLE_DAYS = (
    (rf"^(\d{{1,2}})[/.-](\d{{1,2}})[/.-]({_YEAR})$", ("day", "month", "year")),
    (rf"^({_YEAR})[/.-](\d{{1,2}})[/.-](\d{{1,2}})$", ("year", "month", "day")),
    (rf"^(\d{{1,2}}) tháng (\d{{1,2}})(?: năm |[ /-])({_YEAR})$", ("day", "month", "year")),
    (rf"^({_YEAR})(\d{{2}})(\d{{2}})$", ("year", "month", "day")),
    (rf"^(\d{{2}})(\d{{2}})({_YEAR})$", ("day", "month", "year")),
    (_SHORT_YEAR, ("day", "month", "short_year")),
)
# Registers write zeros or dashes for what they do not know: "00/00/1985".
_NOT_KNOWN = r"(?:00?|-{1,2}|\.{2}|_{1,2}|x{1,2})"
_MONTHS = (
    (rf"^tháng (\d{{1,2}})(?: năm |[ /-])({_YEAR})$", ("month", "year")),
    (rf"^(\d{{1,2}})[/.-]({_YEAR})$", ("month", "year")),
    (rf"^({_YEAR})[/.-](\d{{1,2}})$", ("year", "month")),
    (rf"^{_NOT_KNOWN}[/.-](\d{{1,2}})[/.-]({_YEAR})$", ("month", "year")),
)
_YEARS = (
    (rf"^(?:năm )?({_YEAR})$", ("year",)),
    (rf"^{_NOT_KNOWN}[/.-]{_NOT_KNOWN}[/.-]({_YEAR})$", ("year",)),
)
_PRECISE = {"year": _YEARS, "month": _MONTHS}
_PLAINLY_A_DAY = r"^(?:\d{4}-\d{2}-\d{2}|(?:0?[1-9]|[123]\d)[/.-]\d{1,2}[/.-]\d{2,4}$)"
_MONTHS_IN_WORDS = {
    "mười hai": "12", "mười một": "11", "mười": "10", "một": "1", "hai": "2", "ba": "3", "tư": "4", "bốn": "4",
    "năm": "5", "sáu": "6", "bảy": "7", "tám": "8", "chín": "9",
}  # fmt: skip
_ROMAN_MONTHS = {
    "viii": "8", "vii": "7", "iii": "3", "xii": "12", "vi": "6", "iv": "4", "ix": "9", "xi": "11", "ii": "2",
    "i": "1", "v": "5", "x": "10",
}  # fmt: skip
_ENGLISH_MONTHS = {
    name: str(number)
    for number, name in enumerate(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1)
}  # fmt: skip
_MONTH_NAMES = _ROMAN_MONTHS | _ENGLISH_MONTHS
_NAMED_MONTH = rf"^(\d{{1,2}})[ /.-](?:thg ?(\d{{1,2}})|({'|'.join(_MONTH_NAMES)}))[ /.-](\d{{2}}|\d{{4}})$"
_SPOKEN_MONTH = rf"tháng ({'|'.join(_MONTHS_IN_WORDS)})(?: |$)"

_TIME = r"[t ] ?(\d{1,2})(?::|h|g| giờ )(\d{2})(?::(\d{2})(?:[.,]\d+)?)?(?: ?(sa|ch|am|pm))? ?(z|[+-]\d{2}:?\d{2})?$"
_HOURS_FROM_UTC = 7
_ZONED = r"^\d{4}-\d{2}-\d{2}[tT ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)? ?(?:[zZ]|[+-]\d{2}:?\d{2})$"
_TIME_FIRST = r"^(\d{1,2}:\d{2}(?::\d{2})?),? (?:ngày )?(\d.*)$"

_SERIAL = r"^([1-9]\d{4})(?:\.(\d+))?$"
_SERIAL_ZERO = date(1899, 12, 30)
_SECONDS_OF_DAY = 86_400
# 1 January 1930 to 31 December 2099 in the date system that counts from 1900.
_FIRST_SERIAL, _LAST_SERIAL = 10_959, 73_050
# A commune's code has five digits too, none of them this high.
_FIRST_SERIAL_BESIDE_CODES = 36_526

_SAFE = (
    r"^(\d{1,4}[-/]\d{1,2}[-/]\d{1,4}([T ]\d{1,2}:\d{2}(:\d{2})?(\.0+)?)?|\d{4}|\d{5}(\.0+)?|\d{8}|(19|20)\d{12}"
    r"|\d{1,2}[-/.]\d{4}|\d{4}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](\d{2}|\d{4})"
    r"|((?i:ngày) )?\d{1,2} (?i:tháng) \d{1,2} (?i:năm) \d{4}"
    r"|(?i:tháng) \d{1,2}( (?i:năm) |[/-])\d{4}|(?i:năm) \d{4})$"
)


@dataclass(frozen=True, kw_only=True)
class _Whole(ColumnType):
    """What days and moments have in common: what is told about the way in which they are written."""

    safe_pattern = _SAFE

    @property
    def flag_kinds(self) -> Mapping[str, Severity]:
        return {"digits14": Severity.WARN, "two_digit_year": Severity.WARN}

    def flags(self, text: pl.Expr, value: pl.Expr) -> tuple[Flag, ...]:
        return _is_digits14(text, value), _is_short_year(text, value)

    def changes(self, text: pl.Expr) -> Mapping[str, pl.Expr]:
        return {
            "excel_serial": _of_serial(text, _FIRST_SERIAL_BESIDE_CODES).is_not_null(),
            "time_zone": text.str.contains(_ZONED),
        }


@dataclass(frozen=True, kw_only=True)
class Day(_Whole):
    """A calendar day: ISO, d/m/y, in words, in 8 or 14 digits, with a two-digit year, as Excel's count of days from 2000 on,
    or a moment of which the day is taken. What no supplier should write is read with a warning."""

    dtype = pl.Date()
    ddl = "DATE"
    expected = Wording("ngày dạng 2023-05-17 hoặc 17/05/2023", "a day such as 2023-05-17 or 17/05/2023")
    example = "17/05/2023"

    def read(self, text: pl.Expr) -> pl.Expr:
        forms = (*_DAY_FORMS, *_MOMENT_FORMS, _DIGITS14_FORM)
        return text.map_batches(
            lambda texts: _form_by_form(texts, _days, forms, _days_beside_codes), return_dtype=pl.Date()
        )


@dataclass(frozen=True, kw_only=True)
class Moment(_Whole):
    """A moment to the second, local time of Việt Nam, without a zone; what is given in another zone is turned into it."""

    dtype = pl.Datetime("us")
    ddl = "TIMESTAMP"
    expected = Wording("thời điểm dạng 2023-05-17T14:03:22", "a moment such as 2023-05-17T14:03:22")
    example = "17/05/2023 14:03:22"

    def read(self, text: pl.Expr) -> pl.Expr:
        forms = (*_MOMENT_FORMS, *_DAY_FORMS, _DIGITS14_FORM)
        return text.map_batches(
            lambda texts: _form_by_form(texts, _moments, forms, _moments_beside_codes), return_dtype=pl.Datetime("us")
        )


@dataclass(frozen=True, kw_only=True)
class PartialDay(ColumnType):
    """A date of which perhaps only the month or the year is known; the value is the first day of what is known.

    `latest_short_year` is the last two-digit year that belongs to this century. `has_serials` reads bare five-digit
    numbers of workbooks as Excel's count of days.
    """

    latest_short_year: int = _LATEST_SHORT_YEAR
    has_serials: bool = True

    dtype = pl.Date()
    ddl = "DATE"
    expected = Wording(
        "ngày dạng 17/05/2023, tháng 05/2023 hoặc năm 2023", "a day 17/05/2023, a month 05/2023 or a year 2023"
    )
    example = "17/05/2023"
    safe_pattern = _SAFE

    @property
    def flag_kinds(self) -> Mapping[str, Severity]:
        return {"digits14": Severity.WARN, "placeholder": Severity.WARN, "two_digit_year": Severity.WARN}

    def read(self, text: pl.Expr) -> pl.Expr:
        forms = (*_DAY_FORMS, *_MOMENT_FORMS, _DIGITS14_FORM)
        return text.map_batches(lambda texts: _form_by_form(texts, _days, forms, self._rare), return_dtype=pl.Date())

    def flags(self, text: pl.Expr, value: pl.Expr) -> tuple[Flag, ...]:
        first_of_year = (value.dt.month() == 1) & (value.dt.day() == 1)
        return (
            _is_digits14(text, value),
            # Registers that insist on a day are given 1 January when only the year is known.
            Flag("placeholder", first_of_year & (self.companion(text, value) == "day"), Severity.WARN, is_change=True),
            _is_short_year(text, value),
        )

    def changes(self, text: pl.Expr) -> Mapping[str, pl.Expr]:
        return {"excel_serial": _of_serial(text, _FIRST_SERIAL).is_not_null()} if self.has_serials else {}

    def companion(self, text: pl.Expr, value: pl.Expr) -> pl.Expr:
        """How precise the value is: one of PRECISIONS, null without a value."""
        return pl.when(value.is_not_null()).then(text.map_batches(_precisions, return_dtype=pl.String()))

    def _rare(self, texts: pl.Series) -> pl.Series:
        days = _rare_moments(texts, self.latest_short_year).dt.date()
        days = _filled(days, texts, lambda left: _first_days(_words_of(left), (*_MONTHS, *_YEARS)))
        return _filled(days, texts, lambda left: _serials(left, _FIRST_SERIAL).dt.date()) if self.has_serials else days


class _Reader(Protocol):
    """Reads texts of one form, null for every other."""

    def __call__(self, texts: pl.Series, form: str) -> pl.Series: ...


def _days(texts: pl.Series, form: str) -> pl.Series:
    if form in _DAY_FORMS:
        return texts.str.to_date(form, strict=False)
    return _moments(texts, form).dt.date()


def _moments(texts: pl.Series, form: str) -> pl.Series:
    if form in _DAY_FORMS:
        return texts.str.to_date(form, strict=False).cast(pl.Datetime("us"))
    if form == _DIGITS14_FORM:
        texts = texts.set(~texts.str.contains(_DIGITS14).fill_null(value=True), None)
    return texts.str.to_datetime(form, strict=False, time_unit="us")


def _days_beside_codes(texts: pl.Series) -> pl.Series:
    return _moments_beside_codes(texts).dt.date()


def _moments_beside_codes(texts: pl.Series) -> pl.Series:
    moments = _rare_moments(texts, _LATEST_SHORT_YEAR)
    return _filled(moments, texts, lambda left: _serials(left, _FIRST_SERIAL_BESIDE_CODES))


def _rare_moments(texts: pl.Series, latest_short_year: int) -> pl.Series:
    """Whole days in the forms that are not tried first, with the time that may stand before or behind them."""
    small = texts.str.to_lowercase().str.replace(_TIME_FIRST, "${2} ${1}")
    days = _first_days(_words_of(small.str.replace(_TIME, "")), _WHOLE_DAYS, latest_short_year)
    moments = days.cast(pl.Datetime("us"))
    timed = (small.str.contains(_TIME) & days.is_not_null()).arg_true()
    if timed.is_empty():
        return moments
    times = small.gather(timed).alias("text").to_frame().select(_since_midnight(pl.col("text")).alias("it"))["it"]
    return moments.scatter(timed, moments.gather(timed) + times)


def _form_by_form(
    texts: pl.Series,
    read: _Reader,
    forms: Sequence[str],
    rare: Callable[[pl.Series], pl.Series],
) -> pl.Series:
    """Read the usual form first and try each further one only on what is left, what is rare last: a clean column costs
    one pass."""
    values = read(texts, forms[0])
    for form in forms[1:]:
        values = _filled(values, texts, partial(read, form=form))
    # "5/3/85" is in the year 85 to all of them.
    values = values.set(~values.dt.year().is_between(_FIRST_YEAR, _LAST_YEAR).fill_null(value=True), None)
    return _filled(values, texts, partial(each_once, read=rare))


def _precisions(texts: pl.Series) -> pl.Series:
    """How precise each text would be as a date; what is plainly a whole day needs no closer look."""
    usual = pl.repeat("day", texts.len(), eager=True)
    other = (~texts.str.contains(_PLAINLY_A_DAY)).fill_null(value=False).arg_true()
    return usual if other.is_empty() else usual.scatter(other, each_once(texts.gather(other), _precisions_in_words))


def _precisions_in_words(texts: pl.Series) -> pl.Series:
    words = _words_of(texts)
    is_of = {
        precision: words.str.contains("|".join(form for form, _ in forms)) for precision, forms in _PRECISE.items()
    }
    precise = pl.when(pl.lit(is_of["year"])).then(pl.lit("year")).when(pl.lit(is_of["month"])).then(pl.lit("month"))
    return pl.select(precise.otherwise(pl.lit("day")).alias("precision"))["precision"]


def _filled(values: pl.Series, texts: pl.Series, read: Callable[[pl.Series], pl.Series]) -> pl.Series:
    """The values, those that are missing read from their texts if these can be."""
    # In most columns none is missing, and counting nulls costs nothing.
    if values.null_count() == texts.null_count():
        return values
    left = (values.is_null() & texts.is_not_null()).arg_true()
    return values if left.is_empty() else values.scatter(left, read(texts.gather(left)))


def _is_digits14(text: pl.Expr, value: pl.Expr) -> Flag:
    return Flag("digits14", text.str.contains(_DIGITS14) & value.is_not_null(), Severity.WARN, is_change=True)


def _is_short_year(text: pl.Expr, value: pl.Expr) -> Flag:
    is_short = text.str.contains(r"^\d{1,2}[/.-][^/.-]{1,6}[/.-]\d{2}(?: |$)") & value.is_not_null()
    return Flag("two_digit_year", is_short, Severity.WARN, is_change=True)


def _words(text: pl.Expr) -> pl.Expr:
    """A date in small letters and figures, without what says nothing: "ngày mùng 5 tháng ba / 2023." is "5 tháng 3/2023"."""
    bare = text.str.to_lowercase().str.strip_suffix(".").str.replace(r"^(?:ngày )?(?:mùng |mồng )?", "")
    tight = bare.str.replace_all(r" ?([/.-]) ?", "${1}")
    spoken = tight.str.extract(_SPOKEN_MONTH)
    month = spoken.replace_strict(list(_MONTHS_IN_WORDS), list(_MONTHS_IN_WORDS.values()), default=None)
    in_figures = pl.when(month.is_not_null()).then(
        tight.str.replace(_SPOKEN_MONTH, pl.concat_str(pl.lit("tháng "), month, pl.lit(" "))).str.strip_chars_end()
    )
    named = tight.str.extract(_NAMED_MONTH, 3).replace_strict(
        list(_MONTH_NAMES), list(_MONTH_NAMES.values()), default=None
    )
    with_name = pl.concat_str(
        tight.str.extract(_NAMED_MONTH, 1),
        pl.coalesce(named, tight.str.extract(_NAMED_MONTH, 2)),
        tight.str.extract(_NAMED_MONTH, 4),
        separator="/",
    )
    return pl.coalesce(in_figures, with_name, tight)


def _words_of(texts: pl.Series) -> pl.Series:
    return texts.alias("text").to_frame().select(_words(pl.col("text")).alias("words"))["words"]


def _since_midnight(small: pl.Expr) -> pl.Expr:
    """The time of day behind a date, in local time; null for what is no time."""
    hour, minute, second = (small.str.extract(_TIME, at).cast(pl.Int64, strict=False) for at in (1, 2, 3))
    half, zone = small.str.extract(_TIME, 4), small.str.extract(_TIME, 5)
    afternoon = pl.when(half.is_in(["ch", "pm"])).then(12).otherwise(0)
    hour = pl.when(half.is_not_null()).then(hour % 12 + afternoon).otherwise(hour)
    second = second.fill_null(0)
    is_time = hour.is_between(0, 23) & minute.is_between(0, 59) & second.is_between(0, 59)
    sign = pl.when(zone.str.starts_with("-")).then(-1).otherwise(1)
    hours_ahead, minutes_ahead = (zone.str.extract(part).cast(pl.Int64) for part in (r"^.(\d{2})", r"(\d{2})$"))
    ahead = pl.when(zone == "z").then(0).otherwise(sign * (hours_ahead * 60 + minutes_ahead))
    later = pl.when(zone.is_not_null()).then(_HOURS_FROM_UTC * 60 - ahead).otherwise(0)
    return pl.when(is_time).then(pl.duration(hours=hour, minutes=minute + later, seconds=second))


def _serials(texts: pl.Series, first: int) -> pl.Series:
    return texts.alias("text").to_frame().select(_of_serial(pl.col("text"), first).alias("it"))["it"]


def _of_serial(text: pl.Expr, first: int) -> pl.Expr:
    """The moment of Excel's count of days, whose fraction is the time of day."""
    # Nearly everywhere there is none, and nothing to be taken apart.
    text = pl.when(text.str.contains(_SERIAL)).then(text)
    count = text.str.extract(_SERIAL, 1).cast(pl.Int32, strict=False)
    fraction = pl.concat_str(pl.lit("0."), text.str.extract(_SERIAL, 2).fill_null("0")).cast(pl.Float64, strict=False)
    seconds = (fraction * _SECONDS_OF_DAY).round().cast(pl.Int64)
    moment = pl.lit(_SERIAL_ZERO).cast(pl.Datetime("us")) + pl.duration(days=count, seconds=seconds)
    return pl.when(count.is_between(first, _LAST_SERIAL)).then(moment)


def _first_days(
    words: pl.Series, forms: Sequence[tuple[str, tuple[str, ...]]], latest_short_year: int = _LATEST_SHORT_YEAR
) -> pl.Series:
    """The first day of what each text names, in whichever form; null for what is no such text or no date."""
    days = pl.repeat(None, words.len(), dtype=pl.Date(), eager=True)
    text = pl.col("words")
    frame = words.alias("words").to_frame()
    is_of = frame.select(
        text.str.contains(form).fill_null(value=False).alias(str(place)) for place, (form, _) in enumerate(forms)
    )
    for (form, order), is_of_form in zip(forms, is_of, strict=True):
        if is_of_form.any():
            at = is_of_form.arg_true()
            days = days.scatter(at, frame[at].select(_first_day(form, order, latest_short_year).alias("it"))["it"])
    return days


def _first_day(form: str, order: tuple[str, ...], latest_short_year: int) -> pl.Expr:
    parts = {name: pl.col("words").str.extract(form, at) for at, name in enumerate(order, 1)}
    if "short_year" in parts:
        short = parts["short_year"].cast(pl.Int32, strict=False)
        parts["year"] = pl.when(short > latest_short_year).then(short + 1900).otherwise(short + 2000).cast(pl.String)
    month, day = parts.get("month", pl.lit("1")), parts.get("day", pl.lit("1"))
    written = pl.concat_str(parts["year"], month.str.zfill(2), day.str.zfill(2), separator="-", ignore_nulls=False)
    return written.str.to_date("%Y-%m-%d", strict=False)
