"""What a column type is, and the types every extract needs: texts, names, codes, yes and no, numbers, shares.

A contract only names a type. Each type turns a tidy text (trimmed, null when empty) into a value and into flags that
say what was wrong or unusual about it. Rules across columns do not belong here.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
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


def cut_by_excel(text: pl.Expr, severity: Severity) -> Flag:
    """A number that Excel shows as a power of ten ("3.4123E+10"), of which the last digits are lost for good."""
    return Flag("scientific", text.str.contains(r"^[+-]?\d([.,]\d+)?[eE][+-]?\d{1,3}$"), severity)


CUT_AMONG_TEXTS = r"^-?\d([.,]\d+)?E\+\d{2,3}$"
"""Matches such a number where codes may stand too, such as "2E3": only in the very form in which spreadsheets show it."""


def cut_among_texts(text: pl.Expr, severity: Severity) -> Flag:
    """The same for texts and codes."""
    return Flag("scientific", text.str.contains(CUT_AMONG_TEXTS), severity)


def each_once(texts: pl.Series, read: Callable[[pl.Series], pl.Series]) -> pl.Series:
    """Every distinct text read once: for what takes long to read and stands in many rows."""
    distinct = texts.unique()
    return texts.replace_strict(distinct, read(distinct), default=None)


def usual_first(texts: pl.Series, usual: str, read: Callable[[pl.Series], pl.Series]) -> pl.Series:
    """Texts that match the usual form as they stand, the others as they are read."""
    left = (~texts.str.contains(usual)).fill_null(value=False).arg_true()
    return texts if left.is_empty() else texts.scatter(left, read(texts.gather(left)))


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
    """Any text but a number of which a spreadsheet lost digits; shown to nobody outside the restricted zone unless `safe`
    says what it may look like."""

    safe: str | None = None

    dtype = pl.String()
    ddl = "VARCHAR"
    expected = Wording("văn bản", "text")
    can_be_unreadable = False
    is_prose = True

    @property
    def safe_pattern(self) -> str | None:
        return self.safe

    @property
    def flag_kinds(self) -> Mapping[str, Severity]:
        return {"scientific": self.on_unreadable}

    def read(self, text: pl.Expr) -> pl.Expr:
        return text

    def flags(self, text: pl.Expr, value: pl.Expr) -> tuple[Flag, ...]:
        return (cut_among_texts(text, self.on_unreadable),)


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

    @property
    def flag_kinds(self) -> Mapping[str, Severity]:
        return {"scientific": self.on_unreadable}

    def read(self, text: pl.Expr) -> pl.Expr:
        return pl.when(text.str.contains(self.pattern)).then(text)

    def flags(self, text: pl.Expr, value: pl.Expr) -> tuple[Flag, ...]:
        return (cut_among_texts(text, self.on_unreadable),)


def commune_code() -> Pattern:
    """Five-digit commune code of the General Statistics Office."""
    return Pattern(
        pattern=r"^\d{5}$", vi="mã xã gồm 5 chữ số, như 12433", en="a commune code of 5 digits, such as 12433"
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


_OLD_ORDER = r"^\d{3}\.\d{2}\.\d{2}\.H\d{2}$"
_NEW_ORDER = r"^H\d{2}(\.\d{2}){0,2}(\.\d{3})?$"
_NO_LEVELS_BELOW = r"(?:\.0+)+$"


def _in_new_order(code: pl.Expr) -> pl.Expr:
    """An agency code of the old order with its levels turned round and without those that are zeros."""
    fourth, third, second, first = (code.str.slice(at, length) for at, length in ((0, 3), (4, 2), (7, 2), (10, 3)))
    return pl.concat_str(first, second, third, fourth, separator=".").str.replace(_NO_LEVELS_BELOW, "")


def _in_old_order(code: pl.Expr) -> pl.Expr:
    """An agency code of the new order with its levels turned round and zeros for those that are not named."""
    first, second, third = (
        code.str.slice(0, 3),
        code.str.extract(r"^H\d{2}\.(\d{2})"),
        code.str.extract(r"^H\d{2}\.\d{2}\.(\d{2})"),
    )
    fourth = code.str.extract(r"\.(\d{3})$")
    return pl.concat_str(fourth.fill_null("000"), third.fill_null("00"), second.fill_null("00"), first, separator=".")


@dataclass(frozen=True, kw_only=True)
class AgencyCode(ColumnType):
    """Electronic identifier of an agency, in the order of QCVN 102:2016 (level 1 last) or of Decision 20/2020 (level 1
    first); the value is always in the newer order without levels that are zeros, `H54.31.12`."""

    dtype = pl.String()
    ddl = "VARCHAR"
    expected = Wording("mã định danh dạng H54.05 hoặc 000.00.05.H54", "an agency code such as H54.05 or 000.00.05.H54")
    example = "H54.05"
    safe_pattern = r"^(\d{3}\.\d{2}\.\d{2}\.[Hh]\d{2}|[Hh]\d{2}(\.\d{2}){0,2}(\.\d{3})?)$"

    def read(self, text: pl.Expr) -> pl.Expr:
        return text.map_batches(lambda texts: each_once(texts, self._read), return_dtype=pl.String())

    @staticmethod
    def _read(texts: pl.Series) -> pl.Series:
        code = pl.col("text").str.to_uppercase()
        of_new = pl.when(code.str.contains(_NEW_ORDER)).then(code.str.replace(_NO_LEVELS_BELOW, ""))
        of_old = pl.when(code.str.contains(_OLD_ORDER)).then(_in_new_order(code))
        return texts.alias("text").to_frame().select(pl.coalesce(of_new, of_old).alias("code"))["code"]

    def changes(self, text: pl.Expr) -> Mapping[str, pl.Expr]:
        return {"old_order": text.str.contains(rf"(?i){_OLD_ORDER}")}


@dataclass(frozen=True, kw_only=True)
class DossierCode(ColumnType):
    """Dossier code by Decree 61/2018 article 26 and Circular 01/2018: agency, day, number within the day.

    The agency stands in either order of its levels; the value is always in the older one, as the portals keep it,
    `000.00.53.H54-230517-0001`. A day that is none makes the code unreadable.
    """

    dtype = pl.String()
    ddl = "VARCHAR"
    expected = Wording("mã hồ sơ dạng 000.00.53.H54-230517-0001", "a dossier code such as 000.00.53.H54-230517-0001")
    example = "000.00.53.H54-230517-0001"
    safe_pattern = r"^(\d{3}\.\d{2}\.\d{2}\.H\d{2}|H\d{2}(\.\d{2}){0,2}(\.\d{3})?) ?- ?\d{6} ?- ?\d{4,6}$"

    _DAY = r"-\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])-"
    usual = rf"^\d{{3}}\.\d{{2}}\.\d{{2}}\.H\d{{2}}{_DAY}\d{{4,6}}$"
    """Matches a code in its usual form, which most files have."""

    def read(self, text: pl.Expr) -> pl.Expr:
        return text.map_batches(lambda texts: usual_first(texts, self.usual, self._unusual), return_dtype=pl.String())

    def changes(self, text: pl.Expr) -> Mapping[str, pl.Expr]:
        return {
            "new_order": text.str.contains(r"^[Hh]\d{2}[.\d]* ?- ?\d{6} ?- ?\d{4,6}$"),
            "code_form": pl.when(text.str.contains("[h ]")).then(text).str.contains(rf"(?i){self.safe_pattern}"),
        }

    def _unusual(self, texts: pl.Series) -> pl.Series:
        """What is not in the usual form: spaces, small letters, the newer order."""
        code = pl.col("text").str.to_uppercase().str.replace_all(" ?- ?", "-")
        agency, rest = code.str.extract(r"^([^-]+)-"), code.str.extract(r"(-.*)$")
        in_order = pl.when(agency.str.contains(_OLD_ORDER)).then(agency).otherwise(_in_old_order(agency))
        is_one = code.str.contains(rf"(?:{_OLD_ORDER[:-1]}|{_NEW_ORDER[:-1]}){self._DAY}\d{{4,6}}$")
        read = texts.alias("text").to_frame().select(pl.when(is_one).then(pl.concat_str(in_order, rest)).alias("code"))
        return read["code"]


def dossier_code() -> DossierCode:
    """The type of dossier codes."""
    return DossierCode()


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
    safe_pattern = r"^-?(0|[1-9]\d{0,7}|[1-9]\d{0,2}[.,]\d{3}|[1-9]\d?([.,]\d{3}){2})([.,]\d{1,2})?$"

    @property
    def flag_kinds(self) -> Mapping[str, Severity]:
        return {"scientific": self.on_unreadable}

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
        is_plain = text.str.contains(r"^[+-]?(\d{1,8}|[1-9]\d{8,14})([.,]0{1,2})?$")
        plain = text.str.replace(r"[.,]0{1,2}$", "")
        grouped = text.str.replace(r"[.,]0{1,2}$", "").str.replace_all(r"[.,' \u{2019}]", "")
        return pl.when(self._is_grouped(text)).then(grouped).when(is_plain).then(plain).cast(pl.Int64, strict=False)

    def flags(self, text: pl.Expr, value: pl.Expr) -> tuple[Flag, ...]:
        return (cut_by_excel(text, self.on_unreadable),)

    def changes(self, text: pl.Expr) -> Mapping[str, pl.Expr]:
        return {"digit_grouping": self._is_grouped(text)}

    @staticmethod
    def _is_grouped(text: pl.Expr) -> pl.Expr:
        return text.str.contains(
            r"^[+-]?[1-9]\d{0,2}((\.\d{3}){1,4}(,0{1,2})?|(,\d{3}){1,4}(\.0{1,2})?|( \d{3}){1,4}|(['\u{2019}]\d{3}){1,4})$"
        )


@dataclass(frozen=True, kw_only=True)
class Share(ColumnType):
    """A share between 0 and 1, typed as a percentage ("12,5%", "12,5 phần trăm") or as a bare number.

    `bare` says what bare numbers of this column are: "percent" (12.5) or "fraction" (0.125). Where nobody said so they are
    percentages, but one in (0, 1] could mean either and is not guessed.
    """

    on_unreadable: Severity = Severity.BLANK
    bare: str | None = None

    dtype = pl.Float64()
    ddl = "DOUBLE"
    example = "54,3%"
    safe_pattern = r"^\d{1,3}([.,]\d{1,6})?\s?(%|(?i:phần trăm))?$"

    @property
    def expected(self) -> Wording:
        if self.bare == "fraction":
            return Wording("tỷ lệ từ 0 đến 1, ví dụ 0,543, hoặc 54,3%", "a share from 0 to 1 such as 0,543, or 54,3%")
        return Wording("tỷ lệ phần trăm, ví dụ 54,3%", "a percentage such as 54,3%")

    @property
    def flag_kinds(self) -> Mapping[str, Severity]:
        return {"ambiguous": self.on_unreadable}

    def read(self, text: pl.Expr) -> pl.Expr:
        number, is_percent = self._number(text), self._has_sign(text)
        if self.bare == "fraction":
            return pl.when(is_percent).then(number / 100).when(number <= 1).then(number)
        return pl.when(self._is_ambiguous(text).not_()).then(number / 100)

    def flags(self, text: pl.Expr, value: pl.Expr) -> tuple[Flag, ...]:
        return (Flag("ambiguous", self._is_ambiguous(text), self.on_unreadable),)

    def changes(self, text: pl.Expr) -> Mapping[str, pl.Expr]:
        return {"percent_sign": self._has_sign(text) & self._number(text).is_not_null()}

    @staticmethod
    def _has_sign(text: pl.Expr) -> pl.Expr:
        return text.str.contains(r"(%|(?i:phần trăm))$")

    @staticmethod
    def _number(text: pl.Expr) -> pl.Expr:
        figures = text.str.extract(r"^(\d{1,3}(?:[.,]\d{1,17})?)\s?(?:%|(?i:phần trăm))?$")
        return figures.str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)

    def _is_ambiguous(self, text: pl.Expr) -> pl.Expr:
        if self.bare is not None:
            return pl.lit(value=False)
        number = self._number(text)
        return self._has_sign(text).not_() & (number > 0) & (number <= 1)
