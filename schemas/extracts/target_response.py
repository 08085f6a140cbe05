"""What every unit that misses a target answers each quarter: who is in charge, why, what is done about it, by when."""

import polars as pl

from schemas.column_types import AgencyCode, CodeList, Day, Text
from schemas.contract import Column, Extract, RowRule, Semantics, Sheet
from schemas.periods import Cadence
from schemas.rules import Severity, Wording
from schemas.shared_columns import agency_unknown

_TARGETS = (*(f"T{number:02d}" for number in range(1, 17)), *(f"P{number:02d}" for number in range(1, 7)))


def _told(name: str, vi: str, en: str, *headers: str) -> Column:
    return Column(name, Text(), vi, en, headers, required=True, must_exist=True)


TARGET_RESPONSE = Extract(
    name="target_response",
    vi="Giải trình chỉ tiêu chưa đạt",
    en="Responses to missed targets",
    suppliers=("VPUB", "CATB", "UB336", "UB338", "UB339", "UB340", "UB341", "UB342", "UB343", "UB344"),
    department="office",
    cadence=Cadence.QUARTERLY,
    layout=Sheet(label="GiaiTrinh"),
    semantics=Semantics.FULL,
    key=("kpi_code",),
    days_until_due=15,
    days_of_grace=10,
    owed_from="2023-Q1",
    purpose_vi="Theo dõi nguyên nhân, giải pháp và thời hạn khắc phục các chỉ tiêu chưa đạt",
    legal_ground="Decision 766/QĐ-TTg (2022)",
    columns=(
        Column(
            "kpi_code",
            CodeList(
                codes={code: code for code in _TARGETS},
                vi="mã chỉ tiêu từ T01 đến T16 hoặc từ P01 đến P06",
                en="an indicator from T01 to T16 or from P01 to P06",
            ),
            "Mã chỉ tiêu",
            "Indicator",
            ("Mã chỉ tiêu",),
            required=True,
            must_exist=True,
        ),
        Column("target_name", Text(), "Chỉ tiêu", "Target", ("Chỉ tiêu", "Tên chỉ tiêu")),
        Column(
            "owner_agency_code",
            AgencyCode(),
            "Mã đơn vị chịu trách nhiệm",
            "Code of the agency in charge",
            ("Mã đơn vị chịu trách nhiệm", "Mã định danh"),
            required=True,
            must_exist=True,
            refers_to="core.dim_agency",
        ),
        _told("cause", "Nguyên nhân", "Cause", "Nguyên nhân"),
        _told("remedy", "Giải pháp khắc phục", "Remedy", "Giải pháp khắc phục", "Giải pháp"),
        Column(
            "deadline_on",
            Day(),
            "Thời hạn hoàn thành",
            "To be done by",
            ("Thời hạn hoàn thành", "Thời hạn"),
            required=True,
            must_exist=True,
        ),
    ),
    row_rules=(
        RowRule(
            "deadline_on.past",
            "deadline_on",
            Severity.WARN,
            pl.col("deadline_on") <= pl.col("period_last_on"),
            Wording("{column}: {found} đã qua khi báo cáo.", "{column}: {found} is past when reported."),
            Wording("ngày sau kỳ báo cáo", "a day after the period reported"),
        ),
    ),
    release_rules=(agency_unknown("owner_agency_code"),),
)
