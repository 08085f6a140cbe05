"""Numbers that registers give to people and firms: personal numbers, tax codes, insurance numbers, health cards, telephones.

None of them is ever shown: each may lead to a person. What Excel takes away is put back only where nothing else could
have stood there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from schemas.column_types.basic import ColumnType, Flag, cut_by_excel, usual_first
from schemas.rules import Severity, Wording

# Circular 07/2016/TT-BCA, annex 1: the provinces of that time, whose numbers stay as they are.
_PLACES = """
001 002 004 006 008 010 011 012 014 015 017 019 020 022 024 025 026 027 030 031 033 034 035 036 037 038 040 042 044 045 046
048 049 051 052 054 056 058 060 062 064 066 067 068 070 072 074 075 077 079 080 082 083 084 086 087 089 091 092 093 094 095 096
"""
_PLACE = rf"(?:{'|'.join(_PLACES.split())})"
# Even for men, odd for women: born in the 20th century (0, 1) or the 21st (2, 3).
_PERSONAL = rf"^{_PLACE}[0-3]\d{{8}}$"


def birth_year_of(number: pl.Expr) -> pl.Expr:
    """The year of birth that a personal identity number tells."""
    century = 1900 + number.str.slice(3, 1).cast(pl.Int32, strict=False) // 2 * 100
    return century + number.str.slice(4, 2).cast(pl.Int32, strict=False)


def is_of_woman(number: pl.Expr) -> pl.Expr:
    """Whether a personal identity number tells of a woman."""
    return number.str.slice(3, 1).cast(pl.Int32, strict=False) % 2 == 1


@dataclass(frozen=True, kw_only=True)
class PersonalNumber(ColumnType):
    """Personal identity number of 12 digits (Law on Identification 26/2023; Decree 137/2015 article 13): place, century and
    sex, year of birth, six digits. Old cards and lost zeros are told apart and never completed."""

    on_unreadable: Severity = Severity.BLANK

    dtype = pl.String()
    ddl = "VARCHAR"
    expected = Wording("số định danh cá nhân 12 chữ số", "a personal identity number of 12 digits")
    safe_pattern = None

    @property
    def flag_kinds(self) -> Mapping[str, Severity]:
        return dict.fromkeys(
            ("leading_zero", "old_card", "no_such_place", "no_such_century", "scientific"), self.on_unreadable
        )

    def read(self, text: pl.Expr) -> pl.Expr:
        return text.map_batches(lambda texts: usual_first(texts, _PERSONAL, _ungrouped), return_dtype=pl.String())

    def flags(self, text: pl.Expr, value: pl.Expr) -> tuple[Flag, ...]:
        # Nearly all numbers are read, and those that are need no closer look.
        left = pl.when(value.is_null()).then(text)
        number = left.str.replace_all(_GROUP_MARKS, "")
        is_whole = number.str.contains(r"^0\d{11}$")
        has_place = number.str.contains(rf"^{_PLACE}")
        hits = {
            "leading_zero": left.str.contains(r"^[1-9]\d{10}$"),
            "old_card": number.str.contains(OLD_CARD),
            "no_such_place": is_whole & has_place.not_(),
            "no_such_century": is_whole & has_place & number.str.contains(r"^...[4-9]"),
        }
        told = (Flag(kind, hit, self.on_unreadable) for kind, hit in hits.items())
        return *told, cut_by_excel(left, self.on_unreadable)

    def changes(self, text: pl.Expr) -> Mapping[str, pl.Expr]:
        return {"grouping": text.str.contains(r"^\d{3}([ .\-]\d{1,3}){2,4}$") & text.str.contains(rf"^{_PLACE}")}


def _ungrouped(texts: pl.Series) -> pl.Series:
    numbers = texts.str.replace_all(_GROUP_MARKS, "")
    return numbers.set(~numbers.str.contains(_PERSONAL).fill_null(value=False), None)


OLD_CARD = r"^\d{9}$"
"""What the number of an identity card of before 2016 looks like, without marks between its digits."""
_GROUP_MARKS = r"[ .\-]"
_TAX_WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)


def _has_check_digit(ten: pl.Expr) -> pl.Expr:
    """True where the tenth digit is 10 less the weighted sum of the nine before it modulo 11."""
    digits = [ten.str.slice(place, 1).cast(pl.Int32, strict=False) for place in range(10)]
    weighted = pl.sum_horizontal(digit * weight for digit, weight in zip(digits[:9], _TAX_WEIGHTS, strict=True))
    return (10 - weighted % 11 == digits[9]).fill_null(value=False)


@dataclass(frozen=True, kw_only=True)
class TaxCode(ColumnType):
    """Tax code (Circular 86/2024/TT-BTC): ten digits of which the last is a check, a branch "-001" after them, or the
    personal identity number of twelve digits that people use since July 2025."""

    dtype = pl.String()
    ddl = "VARCHAR"
    expected = Wording(
        "mã số thuế 10 chữ số, 13 chữ số (có -001) hoặc số định danh 12 chữ số",
        "a tax code of 10 digits, 13 digits (with -001) or a personal number of 12 digits",
    )
    safe_pattern = None

    @property
    def flag_kinds(self) -> Mapping[str, Severity]:
        return dict.fromkeys(("check_digit", "leading_zero", "scientific"), self.on_unreadable)

    def read(self, text: pl.Expr) -> pl.Expr:
        firm, branch = text.str.slice(0, 10), text.str.slice(-3)
        is_checked = _has_check_digit(firm)
        return (
            pl.when(text.str.contains(_PERSONAL))
            .then(text)
            .when(text.str.contains(r"^\d{10}$") & is_checked)
            .then(firm)
            .when(text.str.contains(self._BRANCH) & is_checked)
            .then(pl.concat_str(firm, branch, separator="-"))
        )

    def flags(self, text: pl.Expr, value: pl.Expr) -> tuple[Flag, ...]:
        is_firm = text.str.contains(r"^\d{10}$") | text.str.contains(self._BRANCH)
        with_zero = pl.concat_str(pl.lit("0"), text)
        of_firm = text.str.contains(r"^[1-9]\d{8}$") & _has_check_digit(with_zero)
        of_person = text.str.contains(r"^\d{11}$") & with_zero.str.contains(_PERSONAL)
        return (
            Flag("check_digit", is_firm & ~_has_check_digit(text.str.slice(0, 10)), self.on_unreadable),
            Flag("leading_zero", of_firm | of_person, self.on_unreadable),
            cut_by_excel(text, self.on_unreadable),
        )

    def changes(self, text: pl.Expr) -> Mapping[str, pl.Expr]:
        return {"branch_form": text.str.contains(r"^\d{10}( ?[. ] ?| - | -|- )?\d{3}$")}

    _BRANCH = r"^\d{10} ?[-. ]? ?\d{3}$"


@dataclass(frozen=True, kw_only=True)
class InsuranceNumber(ColumnType):
    """Social insurance number of ten digits; no rule for a check digit has been published that we know of."""

    on_unreadable: Severity = Severity.BLANK

    dtype = pl.String()
    ddl = "VARCHAR"
    expected = Wording("mã số bảo hiểm xã hội 10 chữ số", "a social insurance number of 10 digits")
    safe_pattern = None

    @property
    def flag_kinds(self) -> Mapping[str, Severity]:
        return dict.fromkeys(("leading_zero", "scientific"), self.on_unreadable)

    def read(self, text: pl.Expr) -> pl.Expr:
        number = text.str.replace_all(_GROUP_MARKS, "")
        return pl.when(number.str.contains(r"^\d{10}$")).then(number)

    def flags(self, text: pl.Expr, value: pl.Expr) -> tuple[Flag, ...]:
        lost_zero = Flag("leading_zero", text.str.contains(r"^[1-9]\d{8}$"), self.on_unreadable)
        return lost_zero, cut_by_excel(text, self.on_unreadable)

    def changes(self, text: pl.Expr) -> Mapping[str, pl.Expr]:
        return {"grouping": text.str.contains(_GROUP_MARKS) & self.read(text).is_not_null()}


@dataclass(frozen=True, kw_only=True)
class HealthCard(ColumnType):
    """Health insurance card: group of people, level of benefit, province, insurance number; often written in groups."""

    on_unreadable: Severity = Severity.BLANK

    dtype = pl.String()
    ddl = "VARCHAR"
    expected = Wording("mã thẻ bảo hiểm y tế 15 ký tự", "a health insurance card number of 15 characters")
    safe_pattern = None

    def read(self, text: pl.Expr) -> pl.Expr:
        joined = text.str.replace_all(r"[ .\-]", "").str.to_uppercase()
        return pl.when(joined.str.contains(r"^[A-Z]{2}[1-5]\d{12}$")).then(joined)

    def changes(self, text: pl.Expr) -> Mapping[str, pl.Expr]:
        return {"grouping": text.str.contains(r"[ .\-]") & self.read(text).is_not_null()}


# Decision of the Ministry of Information and Communications of 2018: mobile numbers of eleven digits became ten.
_OLD_PREFIXES = {f"016{digit}": f"03{digit}" for digit in "23456789"} | {
    "0120": "070", "0121": "079", "0122": "077", "0126": "076", "0128": "078",
    "0123": "083", "0124": "084", "0125": "085", "0127": "081", "0129": "082",
    "0186": "056", "0188": "058", "0199": "059",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Phone(ColumnType):
    """Vietnamese telephone number, kept as 0 and nine or ten digits; +84, groups and numbers of before 2018 are known."""

    on_unreadable: Severity = Severity.BLANK

    dtype = pl.String()
    ddl = "VARCHAR"
    expected = Wording("số điện thoại bắt đầu bằng 0, 10 chữ số", "a telephone number of 10 digits beginning with 0")
    safe_pattern = None

    @property
    def flag_kinds(self) -> Mapping[str, Severity]:
        return {"leading_zero": Severity.WARN, "old_prefix": Severity.WARN, "scientific": self.on_unreadable}

    def read(self, text: pl.Expr) -> pl.Expr:
        digits = self._digits(text)
        prefix = digits.str.slice(0, 4)
        current = prefix.replace_strict(list(_OLD_PREFIXES), list(_OLD_PREFIXES.values()), default=None)
        is_old = digits.str.contains(r"^01\d{9}$") & current.is_not_null()
        renumbered = pl.concat_str(current, digits.str.slice(4))
        is_number = digits.str.contains(r"^(0[35789]\d{8}|02\d{8,9})$")
        return pl.when(is_old).then(renumbered).when(is_number).then(digits)

    def flags(self, text: pl.Expr, value: pl.Expr) -> tuple[Flag, ...]:
        is_old = self._digits(text).str.contains(r"^01\d{9}$")
        return (
            Flag(
                "leading_zero",
                text.str.contains(self._WITHOUT_ZERO) & value.is_not_null(),
                Severity.WARN,
                is_change=True,
            ),
            Flag("old_prefix", is_old & value.is_not_null(), Severity.WARN, is_change=True),
            cut_by_excel(text, self.on_unreadable),
        )

    def changes(self, text: pl.Expr) -> Mapping[str, pl.Expr]:
        has_code = text.str.contains(r"^(\+|00)?84[ .\-]?(\(0\))?[ .\-]?\d{2}")
        return {"country_code": has_code & self.read(text).is_not_null()}

    # A mobile number of today, or one of before 2018, whose eleven digits began with 01.
    _WITHOUT_ZERO = r"^([35789]\d{8}|1[2689]\d{8})$"

    def _digits(self, text: pl.Expr) -> pl.Expr:
        """The digits from the leading 0 on, whatever stood for it or between them; null where a letter stands."""
        joined = text.str.replace_all(r"[ .\-()]", "")
        national = joined.str.replace(r"^(\+84|0084|84)0?(\d{9,10})$", "0${2}")
        whole = (
            pl.when(text.str.contains(self._WITHOUT_ZERO)).then(pl.concat_str(pl.lit("0"), text)).otherwise(national)
        )
        return pl.when(whole.str.contains(r"^0\d+$")).then(whole)
