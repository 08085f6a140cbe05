"""What a column type is, and the types every extract needs: texts, names, codes, yes and no, days, numbers, shares.

A contract only names a type. Each type turns a tidy text (trimmed, null when empty) into a value and into flags that
say what was wrong or unusual about it. Rules across columns do not belong here.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from schemas.rules import Severity, Wording


@dataclass(frozen=True)
class Flag:
    """Something about a text that a rule or the list of changes must know; `hit` is a Boolean expression, never null."""

    kind: str
    hit: pl.Expr
    severity: Severity
    is_change: bool = False


@dataclass(frozen=True, kw_only=True)
class ColumnType(ABC):
    """A kind of value. `on_unreadable` is the severity of a text that cannot be read."""

    on_unreadable: Severity = Severity.QUARANTINE

    @property
    @abstractmethod
    def dtype(self) -> pl.DataType:
        """The Polars type of the value."""

    @property
    @abstractmethod
    def ddl(self) -> str:
        """The DuckDB type of the value."""

    @property
    @abstractmethod
    def expected(self) -> Wording:
        """What a supplier is asked to write."""

    @property
    @abstractmethod
    def safe_pattern(self) -> str | None:
        """What a text must match to be shown to anyone: never a name, an identity number (9, 11, 12 digits) or a phone
        number (10 digits). None shows only the outline of the text."""

    @property
    def example(self) -> str | None:
        """A made-up text that is read without remark; None where any text would do."""
        return None

    @property
    def flag_kinds(self) -> Mapping[str, Severity]:
        """The kinds of flag `read` can raise, `unreadable` left out, with their severities."""
        return {}

    @property
    def can_be_unreadable(self) -> bool:
        """False for types that accept any text."""
        return True

    @property
    def unreadable_kind(self) -> str:
        """The rule kind of a text that cannot be read."""
        return "unreadable"

    @property
    def is_prose(self) -> bool:
        """True for text in Vietnamese, whose Unicode form is normalised."""
        return False

    @abstractmethod
    def read(self, text: pl.Expr) -> pl.Expr:
        """Turn tidy text into a value, null where it cannot be read."""

    def flags(self, text: pl.Expr, value: pl.Expr) -> tuple[Flag, ...]:
        """What else there is to say about a text and the value read from it; `unreadable` is implied."""
        return ()

    def changes(self, text: pl.Expr) -> Mapping[str, pl.Expr]:
        """Rewritings that are counted but need no word with the supplier, such as a digit grouping removed."""
        return {}

    def companion(self, text: pl.Expr, value: pl.Expr) -> pl.Expr | None:
        """What a second column says about the value, such as how precise a date is; None when there is nothing to say."""
        return None


@dataclass(frozen=True, kw_only=True)
class Text(ColumnType):
    """Any text; shown to nobody outside the restricted zone unless `safe` says what it may look like."""

    safe: str | None = None

    dtype = pl.String()
    ddl = "VARCHAR"
    expected = Wording("văn bản", "text")
    can_be_unreadable = False
    is_prose = True

    @property
    def safe_pattern(self) -> str | None:
        return self.safe

    def read(self, text: pl.Expr) -> pl.Expr:
        return text


@dataclass(frozen=True, kw_only=True)
class PersonName(ColumnType):
    """A person's or an organisation's name; a digit in it means that something else stands there."""

    dtype = pl.String()
    ddl = "VARCHAR"
    expected = Wording("họ và tên, không có chữ số", "a name without digits")
    example = "Nguyễn Văn An"
    safe_pattern = None
    is_prose = True

    def read(self, text: pl.Expr) -> pl.Expr:
        return pl.when(text.str.contains(r"\p{Nd}").not_()).then(text)


@dataclass(frozen=True, kw_only=True)
class Pattern(ColumnType):
    """A code that is read as it stands when it matches."""

    pattern: str
    vi: str
    en: str
    is_shown: bool = True

    dtype = pl.String()
    ddl = "VARCHAR"

    @property
    def expected(self) -> Wording:
        return Wording(self.vi, self.en)

    @property
    def example(self) -> str | None:
        """The first word of the wording that is such a code."""
        words = (word.strip(",.()") for word in self.vi.split())
        return next((word for word in words if re.search(self.pattern, word)), None)

    @property
    def safe_pattern(self) -> str | None:
        return self.pattern if self.is_shown else None

    def read(self, text: pl.Expr) -> pl.Expr:
        return pl.when(text.str.contains(self.pattern)).then(text)


def dossier_code() -> Pattern:
    """Dossier code by Decree 61/2018 article 26 and Circular 01/2018: agency, day, number within the day."""
    return Pattern(
        pattern=r"^\d{3}\.\d{2}\.\d{2}\.H\d{2}-\d{6}-\d{4,6}$",
        vi="mã hồ sơ dạng 000.00.53.H54-230517-0001",
        en="a dossier code such as 000.00.53.H54-230517-0001",
    )


def commune_code() -> Pattern:
    """Five-digit commune code of the General Statistics Office."""
    return Pattern(
        pattern=r"^\d{5}$", vi="mã xã gồm 5 chữ số, như 12433", en="a commune code of 5 digits, such as 12433"
    )


@dataclass(frozen=True, kw_only=True)
class PersonalNumber(ColumnType):
    """Personal identity number of 12 digits (Law on Identification 26/2023); old cards and lost zeros are told apart."""

    on_unreadable: Severity = Severity.BLANK

    dtype = pl.String()
    ddl = "VARCHAR"
    expected = Wording("số định danh cá nhân 12 chữ số", "a personal identity number of 12 digits")
    example = "034000000000"
    safe_pattern = None

    @property
    def flag_kinds(self) -> Mapping[str, Severity]:
        return {"leading_zero": self.on_unreadable, "old_card": self.on_unreadable}

    def read(self, text: pl.Expr) -> pl.Expr:
        return pl.when(text.str.contains(r"^0\d{11}$")).then(text)

    def flags(self, text: pl.Expr, value: pl.Expr) -> tuple[Flag, ...]:
        return (
            Flag("leading_zero", text.str.contains(r"^[1-9]\d{10}$"), self.on_unreadable),
            Flag("old_card", text.str.contains(r"^\d{9}$"), self.on_unreadable),
        )


@dataclass(frozen=True, kw_only=True)
class ProcedureCode(ColumnType):
    """National code of an administrative procedure, `d.dddddd`; systems append their own suffixes."""

    dtype = pl.String()
    ddl = "VARCHAR"
    expected = Wording("mã thủ tục dạng 1.001193", "a procedure code such as 1.001193")
    example = "1.001193"
    safe_pattern = r"^\d\.\d{6}(\.[0-9A-Z]{1,3}){0,6}$"

    @property
    def flag_kinds(self) -> Mapping[str, Severity]:
        return {"suffix": Severity.WARN}

    def read(self, text: pl.Expr) -> pl.Expr:
        return pl.when(text.str.contains(self.safe_pattern)).then(text.str.slice(0, 8))

    def flags(self, text: pl.Expr, value: pl.Expr) -> tuple[Flag, ...]:
        return (Flag("suffix", value.is_not_null() & (text != value), Severity.WARN, is_change=True),)


@dataclass(frozen=True, kw_only=True)
class AgencyCode(ColumnType):
    """Electronic identifier of an agency, in the order of QCVN 102:2016 (level 1 last) or of Decision 20/2020 (level 1
    first); the value is always in the newer order, `H54.31.12`."""

    dtype = pl.String()
    ddl = "VARCHAR"
    expected = Wording("mã định danh dạng H54.05 hoặc 000.00.05.H54", "an agency code such as H54.05 or 000.00.05.H54")
    example = "H54.05"
    safe_pattern = r"^(\d{3}\.\d{2}\.\d{2}\.H\d{2}|H\d{2}(\.\d{2}){0,2})$"

    def read(self, text: pl.Expr) -> pl.Expr:
        third, second, first = text.str.slice(4, 2), text.str.slice(7, 2), text.str.slice(10, 3)
        of_old = (
            pl.when((third == "00") & (second == "00"))
            .then(first)
            .when(third == "00")
            .then(pl.concat_str(first, second, separator="."))
            .otherwise(pl.concat_str(first, second, third, separator="."))
        )
        is_new = text.str.contains(r"^H\d{2}(\.\d{2}){0,2}$")
        return pl.when(is_new).then(text).when(self._is_old(text)).then(of_old)

    def changes(self, text: pl.Expr) -> Mapping[str, pl.Expr]:
        return {"old_order": self._is_old(text)}

    @staticmethod
    def _is_old(text: pl.Expr) -> pl.Expr:
        return text.str.contains(r"^0\d{2}\.\d{2}\.\d{2}\.H\d{2}$")


@dataclass(frozen=True, kw_only=True)
class CodeList(ColumnType):
    """A value of a short official list: `codes` maps what is written to what is kept; texts compare case-insensitively."""

    codes: Mapping[str, int | str]
    vi: str
    en: str

    unreadable_kind = "not_in_list"

    @property
    def example(self) -> str | None:
        return next(iter(self.codes))

    @property
    def is_prose(self) -> bool:
        return not self._is_number

    @property
    def spellings(self) -> Mapping[int | str, str]:
        """How each value kept is best written: the first of its spellings."""
        best: dict[int | str, str] = {}
        for written, kept in self.codes.items():
            best.setdefault(kept, written)
        return best

    @property
    def _is_number(self) -> bool:
        return all(isinstance(kept, int) for kept in self.codes.values())

    @property
    def dtype(self) -> pl.DataType:
        return pl.Int8() if self._is_number else pl.String()

    @property
    def ddl(self) -> str:
        return "TINYINT" if self._is_number else "VARCHAR"

    @property
    def expected(self) -> Wording:
        return Wording(self.vi, self.en)

    @property
    def safe_pattern(self) -> str | None:
        # Two digits at most: a code that is not in the list may still be shown, a personal number may not.
        return r"^\d{1,2}$"

    def read(self, text: pl.Expr) -> pl.Expr:
        kept = {written.lower(): value for written, value in self.codes.items()}
        values = pl.Series(list(kept.values()), dtype=self.dtype)
        word = text if self._is_number else text.str.to_lowercase()
        return word.replace_strict(list(kept), values, default=None, return_dtype=self.dtype)


_YES_NO = {"1": True, "true": True, "có": True, "0": False, "false": False, "không": False}


@dataclass(frozen=True, kw_only=True)
class YesNo(ColumnType):
    """A yes or no, as systems and people write it."""

    on_unreadable: Severity = Severity.BLANK

    dtype = pl.Boolean()
    ddl = "BOOLEAN"
    expected = Wording("0 hoặc 1 (Có / Không)", "0 or 1 (Có / Không)")
    example = "Có"
    is_prose = True
    safe_pattern = r"^\d{1,2}$"

    def read(self, text: pl.Expr) -> pl.Expr:
        return text.str.to_lowercase().replace_strict(
            list(_YES_NO), list(_YES_NO.values()), default=None, return_dtype=pl.Boolean()
        )


_DAY_FORMS = ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y")
_MOMENT_FORMS = ("%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%d/%m/%Y %H:%M:%S")
_DIGITS14 = r"^(19|20)\d{12}$"
_DIGITS14_FORM = "%Y%m%d%H%M%S"
_SAFE_MOMENT = r"^(\d{1,4}[-/]\d{1,2}[-/]\d{1,4}([T ]\d{1,2}:\d{2}(:\d{2})?(\.0+)?)?|(19|20)\d{6}|(19|20)\d{12})$"
_FIRST_YEAR, _LAST_YEAR = 1900, 2099


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


def _form_by_form(texts: pl.Series, read: Callable[[pl.Series, str], pl.Series], forms: Sequence[str]) -> pl.Series:
    """Read the usual form first and try each further one only on what is left: a clean column costs one pass."""
    values = read(texts, forms[0])
    for form in forms[1:]:
        left = (values.is_null() & texts.is_not_null()).arg_true()
        if left.is_empty():
            break
        values = values.scatter(left, read(texts.gather(left), form))
    return values.set(~values.dt.year().is_between(_FIRST_YEAR, _LAST_YEAR).fill_null(value=True), None)


def _is_digits14(text: pl.Expr, value: pl.Expr) -> Flag:
    return Flag("digits14", text.str.contains(_DIGITS14) & value.is_not_null(), Severity.WARN, is_change=True)


@dataclass(frozen=True, kw_only=True)
class Day(ColumnType):
    """A calendar day: ISO, d/m/y, a moment of which the day is taken, or 14 digits (then with a warning)."""

    dtype = pl.Date()
    ddl = "DATE"
    expected = Wording("ngày dạng 2023-05-17 hoặc 17/05/2023", "a day such as 2023-05-17 or 17/05/2023")
    example = "17/05/2023"
    safe_pattern = _SAFE_MOMENT

    @property
    def flag_kinds(self) -> Mapping[str, Severity]:
        return {"digits14": Severity.WARN}

    def read(self, text: pl.Expr) -> pl.Expr:
        forms = (*_DAY_FORMS, *_MOMENT_FORMS, _DIGITS14_FORM)
        return text.map_batches(lambda texts: _form_by_form(texts, _days, forms), return_dtype=pl.Date())

    def flags(self, text: pl.Expr, value: pl.Expr) -> tuple[Flag, ...]:
        return (_is_digits14(text, value),)


@dataclass(frozen=True, kw_only=True)
class Moment(ColumnType):
    """A moment to the second, local time of Việt Nam, without a zone."""

    dtype = pl.Datetime("us")
    ddl = "TIMESTAMP"
    expected = Wording("thời điểm dạng 2023-05-17T14:03:22", "a moment such as 2023-05-17T14:03:22")
    example = "17/05/2023 14:03:22"
    safe_pattern = _SAFE_MOMENT

    @property
    def flag_kinds(self) -> Mapping[str, Severity]:
        return {"digits14": Severity.WARN}

    def read(self, text: pl.Expr) -> pl.Expr:
        forms = (*_MOMENT_FORMS, *_DAY_FORMS, _DIGITS14_FORM)
        return text.map_batches(lambda texts: _form_by_form(texts, _moments, forms), return_dtype=pl.Datetime("us"))

    def flags(self, text: pl.Expr, value: pl.Expr) -> tuple[Flag, ...]:
        return (_is_digits14(text, value),)


LARGEST_COUNT = 99_999_999
"""No unit of the province has more of anything; more digits are a card or telephone number in the wrong place."""


@dataclass(frozen=True, kw_only=True)
class WholeNumber(ColumnType):
    """A whole number, with or without thousands grouped by dots or commas; `unit_*` says of what."""

    minimum: int | None = None
    maximum: int | None = None
    on_out_of_range: Severity = Severity.QUARANTINE
    unit_vi: str = "số nguyên"
    unit_en: str = "a whole number"

    dtype = pl.Int64()
    ddl = "BIGINT"
    # At most 8 digits and no leading zero, so that no card or telephone number is ever taken for an amount.
    safe_pattern = r"^-?(0|[1-9]\d{0,7}|[1-9]\d{0,2}([.,]\d{3}){1,2})([.,]\d{1,2})?$"

    @property
    def example(self) -> str | None:
        at_least, at_most = self.minimum or 0, self.maximum
        return str(max(at_least, 125 if at_most is None else min(at_most, 125)))

    @property
    def expected(self) -> Wording:
        if self.minimum is None:
            return Wording(self.unit_vi, self.unit_en)
        if self.maximum is None:
            return Wording(f"{self.unit_vi} từ {self.minimum} trở lên", f"{self.unit_en} of {self.minimum} or more")
        return Wording(
            f"{self.unit_vi} từ {self.minimum} đến {self.maximum}",
            f"{self.unit_en} from {self.minimum} to {self.maximum}",
        )

    def read(self, text: pl.Expr) -> pl.Expr:
        # More than eight digits that begin with a zero are a card or telephone number in the wrong place.
        is_plain = text.str.contains(r"^-?(\d{1,8}|[1-9]\d{8,14})([.,]0{1,2})?$")
        plain = text.str.replace(r"[.,]0{1,2}$", "")
        grouped = text.str.replace(r"[.,]0{1,2}$", "").str.replace_all(r"[.,]", "")
        return pl.when(self._is_grouped(text)).then(grouped).when(is_plain).then(plain).cast(pl.Int64, strict=False)

    def changes(self, text: pl.Expr) -> Mapping[str, pl.Expr]:
        return {"digit_grouping": self._is_grouped(text)}

    @staticmethod
    def _is_grouped(text: pl.Expr) -> pl.Expr:
        return text.str.contains(r"^-?[1-9]\d{0,2}((\.\d{3}){1,4}(,0{1,2})?|(,\d{3}){1,4}(\.0{1,2})?)$")


@dataclass(frozen=True, kw_only=True)
class Share(ColumnType):
    """A share typed as a percentage, kept between 0 and 1. A bare number in (0, 1] could mean either and is not guessed."""

    on_unreadable: Severity = Severity.BLANK

    dtype = pl.Float64()
    ddl = "DOUBLE"
    expected = Wording("tỷ lệ phần trăm, ví dụ 54,3%", "a percentage such as 54,3%")
    example = "54,3%"
    safe_pattern = r"^\d{1,3}([.,]\d{1,6})?\s?%?$"

    @property
    def flag_kinds(self) -> Mapping[str, Severity]:
        return {"ambiguous": self.on_unreadable}

    def read(self, text: pl.Expr) -> pl.Expr:
        return pl.when(self._is_ambiguous(text).not_()).then(self._percent(text) / 100)

    def flags(self, text: pl.Expr, value: pl.Expr) -> tuple[Flag, ...]:
        return (Flag("ambiguous", self._is_ambiguous(text), self.on_unreadable),)

    def changes(self, text: pl.Expr) -> Mapping[str, pl.Expr]:
        return {"percent_sign": text.str.ends_with("%") & self._percent(text).is_not_null()}

    @staticmethod
    def _percent(text: pl.Expr) -> pl.Expr:
        is_number = text.str.contains(r"^\d{1,3}([.,]\d{1,17})?\s?%?$")
        digits = text.str.strip_chars_end("% ").str.replace(",", ".", literal=True)
        return pl.when(is_number).then(digits).cast(pl.Float64, strict=False)

    def _is_ambiguous(self, text: pl.Expr) -> pl.Expr:
        percent = self._percent(text)
        return text.str.ends_with("%").not_() & (percent > 0) & (percent <= 1)
