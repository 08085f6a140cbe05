"""Columns and rules that several extracts have alike: whoever is meant, which dossier, which commune, which agency.

What belongs here: declarations that mean the same in every extract. What is one extract's own stands in its contract.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from schemas.column_types import PersonalNumber, PersonName, commune_code, dossier_code
from schemas.contract import Column, Derived, Personal, ReleaseRule, RowRule
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


def citizen_number(vi: str, en: str, *headers: str) -> Column:
    """Somebody's personal identity number, kept apart from the rows, in which its token stands."""
    return Column("citizen_number", PersonalNumber(), vi, en, headers, personal=Personal.BASIC, token="citizen_token")


def person_name(name: str, vi: str, en: str, *headers: str) -> Column:
    """Somebody's name, kept apart from the rows; what cannot be one is left out."""
    return Column(name, PersonName(on_unreadable=Severity.BLANK), vi, en, headers, personal=Personal.BASIC)


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
