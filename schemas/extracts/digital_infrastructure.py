"""Fibre, bank accounts, shared databases and what officials must have: numerators and denominators per unit, quarterly.

Three suppliers share the form: Information & Communications, the State Bank and Home Affairs. Officials are counted with
the unit whose own bodies they work in; a district's figures do not include its communes.
"""

import polars as pl

from schemas.column_types import LARGEST_COUNT, CodeList, Text, WholeNumber
from schemas.contract import Column, Derived, Extract, ReleaseRule, RowRule, Semantics, Sheet, UnitByName
from schemas.periods import Cadence
from schemas.rules import Severity, Wording

_MEASURES = (
    "fibre_households",
    "fibre_communes",
    "shared_databases",
    "accounts_15plus",
    "official_chip_card",
    "official_eid_account",
    "official_portal_account",
)

DIGITAL_INFRASTRUCTURE = Extract(
    name="digital_infrastructure",
    vi="Hạ tầng số",
    en="Digital infrastructure",
    suppliers=("STTTT", "NHNN", "SNV"),
    department="information",
    cadence=Cadence.QUARTERLY,
    layout=Sheet(label="HaTang"),
    semantics=Semantics.FULL,
    key=("unit_code", "measure_code"),
    days_until_due=15,
    days_of_grace=10,
    owed_from="2023-Q1",
    purpose_vi="Chỉ tiêu hạ tầng số, tài khoản giao dịch, cơ sở dữ liệu dùng chung; “ba yêu cầu” với cán bộ, công chức",
    version=2,
    legal_ground="Decision 749/QĐ-TTg (2020)",
    unit_by_name=UnitByName("unit_name", "unit_code", "district_name"),
    derived=(
        Derived(
            "unit_code",
            pl.String(),
            "VARCHAR",
            "Mã đơn vị hành chính",
            "Unit code",
            refers_to="core.dim_administrative_unit",
        ),
    ),
    columns=(
        Column(
            "district_name",
            Text(),
            "Huyện/Thành phố",
            "District",
            ("Huyện/Thành phố", "Huyện, thành phố"),
            must_exist=True,
        ),
        Column(
            "unit_name",
            Text(),
            "Xã/Phường/Thị trấn",
            "Commune",
            ("Xã/Phường/Thị trấn", "Đơn vị"),
            required=True,
            must_exist=True,
        ),
        Column(
            "measure_code",
            CodeList(
                codes={code: code for code in _MEASURES},
                vi="một trong: " + ", ".join(_MEASURES),
                en="one of: " + ", ".join(_MEASURES),
            ),
            "Mã chỉ tiêu",
            "Measure",
            ("Mã chỉ tiêu",),
            required=True,
            must_exist=True,
        ),
        Column(
            "numerator",
            WholeNumber(minimum=0, maximum=LARGEST_COUNT),
            "Tử số",
            "Numerator",
            ("Tử số",),
            required=True,
            must_exist=True,
        ),
        Column(
            "denominator",
            WholeNumber(minimum=0, maximum=LARGEST_COUNT),
            "Mẫu số",
            "Denominator",
            ("Mẫu số",),
            required=True,
            must_exist=True,
        ),
    ),
    row_rules=(
        RowRule(
            "row.numerator_exceeds_denominator",
            "numerator",
            Severity.QUARANTINE,
            pl.col("numerator") > pl.col("denominator"),
            Wording("Tử số {found} lớn hơn mẫu số.", "The numerator {found} exceeds the denominator."),
            Wording("tử số không lớn hơn mẫu số", "a numerator of at most the denominator"),
        ),
    ),
    release_rules=(
        ReleaseRule(
            "row.denominators_differ",
            "denominator",
            Severity.WARN,
            Wording("một mẫu số cho cả ba yêu cầu của đơn vị", "one denominator for the three requirements of a unit"),
        ),
    ),
)
