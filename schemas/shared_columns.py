"""Columns and rules that several extracts have alike: whoever is meant, which dossier, which commune, which agency.

What belongs here: declarations that mean the same in every extract. What is one extract's own stands in its contract.
"""

from __future__ import annotations

from datetime import date
from typing import Final

import polars as pl

from schemas.column_types import (
    OLD_CARD,
    Amount,
    CodeList,
    PartialDay,
    PersonalNumber,
    PersonName,
    Text,
    YesNo,
    birth_year_of,
    commune_code,
    dossier_code,
    is_of_woman,
)
from schemas.contract import Column, Derived, Personal, ReleaseRule, RowRule, precision_of
from schemas.rules import Severity, Wording


def dossier_column(*headers: str, refers_to: str | None = None) -> Column:
    """The code of a dossier, without which a row says nothing."""
    return Column(
        "dossier_code",
        dossier_code(),
        "Mã hồ sơ",
        "Dossier code",
        headers,
        required=True,
        must_exist=True,
        refers_to=refers_to,
    )


DELETED: Final = Column(
    "is_deleted",
    # Left out, a row that is meant to go would stay.
    YesNo(on_unreadable=Severity.QUARANTINE),
    "Đã xoá",
    "Deleted",
    ("DaXoa", "Đã xoá", "Đã xóa", "is_deleted"),
)
"""Says of a row sent once more that what it is about was deleted where it comes from."""


def citizen_number(vi: str, en: str, *headers: str) -> Column:
    """Somebody's personal identity number, kept apart from the rows, in which its token stands."""
    return Column("citizen_number", PersonalNumber(), vi, en, headers, personal=Personal.BASIC, token="citizen_token")


def person_name(name: str, vi: str, en: str, *headers: str) -> Column:
    """Somebody's name, kept apart from the rows; what cannot be one is left out."""
    return Column(name, PersonName(on_unreadable=Severity.BLANK), vi, en, headers, personal=Personal.BASIC)


CITIZEN_NUMBER_MISSING: Final = RowRule(
    "citizen_number.missing",
    "citizen_number",
    Severity.WARN,
    pl.col("text:citizen_number").is_null(),
    Wording(
        "{column}: bỏ trống; không đối soát được với dữ liệu dân cư.",
        "{column}: empty; the person cannot be checked against the population database.",
    ),
    Wording("số định danh cá nhân 12 chữ số", "a personal identity number of 12 digits"),
)
"""Whoever has no number stays in the register, and the supplier is told."""


def birth_column() -> Column:
    """Somebody's day of birth, kept apart from the rows, in which only its precision stands."""
    return Column(
        "born_on",
        PartialDay(on_unreadable=Severity.BLANK),
        "Ngày sinh",
        "Born on",
        ("Ngày sinh", "Ngày, tháng, năm sinh"),
        personal=Personal.BASIC,
    )


BIRTH_PRECISION: Final = precision_of("born_on", "Độ chính xác của ngày sinh", "How precise the day of birth is")
"""How much is known of the day of birth."""

COMMUNE_WITHIN_DISTRICT: Final = (
    Column("district_name", Text(), "Huyện/Thành phố", "District", ("Huyện/Thành phố",), must_exist=True),
    Column(
        "unit_name", Text(), "Xã/Phường/Thị trấn", "Commune", ("Xã/Phường/Thị trấn",), required=True, must_exist=True
    ),
)
"""The commune a row is about, by its name and that of its district."""


def sex_column() -> Column:
    """Somebody's sex; what is neither is left out."""
    return Column(
        "sex",
        CodeList(
            codes={"Nam": "male", "Nữ": "female"},
            vi="Nam hoặc Nữ",
            en="Nam (male) or Nữ (female)",
            on_unreadable=Severity.BLANK,
        ),
        "Giới tính",
        "Sex",
        ("Giới tính",),
    )


def commune_column(vi: str, en: str, *headers: str) -> Column:
    """The code of the commune a row is about."""
    return Column(
        "unit_code",
        commune_code(),
        vi,
        en,
        headers,
        required=True,
        must_exist=True,
        refers_to="core.dim_administrative_unit",
    )


_OLD_CARDS_END_ON: Final = date(2024, 12, 31)

OLD_CARD_ENDED: Final = RowRule(
    "citizen_number.old_card_ended",
    "citizen_number",
    Severity.WARN,
    (pl.col("period_last_on") > _OLD_CARDS_END_ON) & pl.col("text:citizen_number").str.contains(OLD_CARD),
    Wording(
        "{column}: {found}, chứng minh nhân dân đã hết giá trị từ 01/01/2025; cần {expected}.",
        "{column}: {found}, old identity cards ended on 31 December 2024; {expected} is needed.",
    ),
    Wording("số định danh cá nhân 12 chữ số", "a personal identity number of 12 digits"),
)
"""Old identity cards say who somebody is in files of before 2025 only (Law on Identification 26/2023, article 46)."""


def sex_against_number(sex: str) -> RowRule:
    """The sex in a column ("male" or "female") must be the one that the personal number tells."""
    tells = pl.when(is_of_woman(pl.col("citizen_number"))).then(pl.lit("female")).otherwise(pl.lit("male"))
    return RowRule(
        f"{sex}.not_of_number",
        sex,
        Severity.WARN,
        pl.col("citizen_number").is_not_null() & (pl.col(sex) != tells),
        Wording(
            "{column}: {found} không khớp số định danh (chữ số thứ tư).",
            "{column}: {found} is not what the personal number tells (its fourth digit).",
        ),
        Wording("giới tính khớp với số định danh", "the sex that the personal number tells"),
    )


def birth_against_number(born_on: str, of_whom: pl.Expr | None = None) -> RowRule:
    """The year of a birth date must be the one that the personal number tells; `of_whom` says in which rows it is a birth."""
    differs = birth_year_of(pl.col("citizen_number")) != pl.col(born_on).dt.year()
    return RowRule(
        f"{born_on}.not_of_number",
        born_on,
        Severity.WARN,
        differs if of_whom is None else differs & of_whom,
        Wording(
            "{column}: {found} không khớp năm sinh trong số định danh.",
            "{column}: {found} is not of the year of birth that the personal number tells.",
        ),
        Wording("năm sinh khớp với số định danh", "the year of birth that the personal number tells"),
    )


AMOUNT_PAID: Final = Column(
    "amount_vnd",
    Amount(decimals=0, unit_vi="số tiền (đồng)", unit_en="an amount in VND"),
    "Số tiền (đồng)",
    "Amount (VND)",
    ("Số tiền (đồng)", "Số tiền"),
    required=True,
    must_exist=True,
)
"""What was paid, in whole VND."""

COMMUNE_BY_NAME: Final = Derived(
    "unit_code",
    pl.String(),
    "VARCHAR",
    "Mã đơn vị hành chính",
    "Commune code",
    refers_to="core.dim_administrative_unit",
)
"""The code of a commune that is written by its name."""

COMMUNE_UNKNOWN: Final = ReleaseRule(
    "unit_code.unknown",
    "unit_code",
    Severity.QUARANTINE,
    Wording("mã xã đang có hiệu lực", "the code of a commune that exists on that day"),
)

PROCEDURE_UNKNOWN: Final = ReleaseRule(
    "procedure_code.unknown",
    "procedure_code",
    Severity.QUARANTINE,
    Wording("mã có trong danh mục thủ tục", "a code of the procedure catalogue"),
)


def agency_unknown(column: str) -> ReleaseRule:
    """The agency in a column must be one of the province's on the day of the row."""
    return ReleaseRule(
        f"{column}.unknown",
        column,
        Severity.QUARANTINE,
        Wording("mã định danh của một cơ quan trong tỉnh", "the code of an agency of the province"),
    )


def not_after_period(column: str) -> RowRule:
    """The day in a column may not lie after the period of the file."""
    return RowRule(
        f"{column}.after_period",
        column,
        Severity.QUARANTINE,
        pl.col(column) > pl.col("period_last_on"),
        Wording("{column}: {found} sau kỳ của tệp.", "{column}: {found} is later than the period of the file."),
        Wording("ngày trong hoặc trước kỳ báo cáo", "a day within or before the period"),
    )
