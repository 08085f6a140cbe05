"""Chip cards and electronic identities issued, a weekly form of the provincial police with communes by name."""

import polars as pl

from schemas.column_types import LARGEST_COUNT, Text, WholeNumber
from schemas.contract import Column, Extract, RowRule, Semantics, Sheet, UnitByName
from schemas.periods import Cadence
from schemas.rules import Severity, Wording
from schemas.shared_columns import COMMUNE_BY_NAME


def _count(name: str, vi: str, en: str, *headers: str) -> Column:
    return Column(name, WholeNumber(minimum=0, maximum=LARGEST_COUNT), vi, en, headers, required=True, must_exist=True)


IDENTITY_ISSUANCE = Extract(
    name="identity_issuance",
    vi="Cấp căn cước và định danh điện tử",
    en="Identity cards and electronic identities issued",
    suppliers=("CATB",),
    department="police",
    cadence=Cadence.WEEKLY,
    layout=Sheet(
        header_rows=2,
        label="BaoCao",
        group_into="district_name",
        summed=(
            "eligible_persons",
            "cards_issued",
            "cards_issued_cumulative",
            "eid_issued",
            "eid_activated_cumulative",
            "eid_target",
        ),
    ),
    semantics=Semantics.FULL,
    key=("unit_code",),
    days_until_due=1,
    days_of_grace=3,
    owed_from="2023-W01",
    purpose_vi="Theo dõi Đề án 06: căn cước công dân, tài khoản định danh điện tử",
    legal_ground="Law on Identification 26/2023/QH15; Decision 06/QĐ-TTg (2022)",
    unit_by_name=UnitByName("unit_name", "unit_code", "district_name"),
    derived=(COMMUNE_BY_NAME,),
    columns=(
        Column(
            "unit_name", Text(), "Đơn vị", "Unit", ("Đơn vị", "Xã, phường, thị trấn"), required=True, must_exist=True
        ),
        Column("district_name", Text(), "Huyện, thành phố", "District", ("Huyện/Thành phố",)),
        _count(
            "eligible_persons",
            "Số người đủ điều kiện cấp thẻ",
            "Persons eligible for a card",
            "Số người đủ điều kiện cấp thẻ",
        ),
        _count("cards_issued", "Thẻ cấp trong tuần", "Cards issued in the week", "Thẻ CCCD / Cấp trong tuần"),
        _count(
            "cards_issued_cumulative",
            "Luỹ kế thẻ đã cấp",
            "Cards issued so far",
            "Thẻ CCCD / Luỹ kế",
            "Thẻ CCCD / Lũy kế",
        ),
        _count(
            "eid_issued",
            "Định danh điện tử cấp trong tuần",
            "Electronic identities issued in the week",
            "Định danh điện tử / Cấp trong tuần",
        ),
        _count(
            "eid_activated_cumulative",
            "Luỹ kế định danh điện tử kích hoạt",
            "Electronic identities activated so far",
            "Định danh điện tử / Luỹ kế kích hoạt",
        ),
        _count(
            "eid_target",
            "Chỉ tiêu định danh điện tử",
            "Target of electronic identities",
            "Định danh điện tử / Chỉ tiêu",
        ),
    ),
    row_rules=(
        RowRule(
            "row.week_exceeds_cumulative",
            "cards_issued",
            Severity.QUARANTINE,
            (pl.col("cards_issued") > pl.col("cards_issued_cumulative"))
            | (pl.col("eid_issued") > pl.col("eid_activated_cumulative")),
            Wording("Số cấp trong tuần lớn hơn luỹ kế.", "The week's number exceeds the running total."),
            Wording("số trong tuần không lớn hơn luỹ kế", "a week's number of at most the running total"),
        ),
    ),
)
