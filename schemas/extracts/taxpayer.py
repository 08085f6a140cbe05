"""Taxpayers of the province with the status of their tax code, a monthly list of the tax department."""

import polars as pl

from schemas.column_types import CodeList, Day, TaxCode, Text
from schemas.contract import Column, Extract, Personal, Records, RowRule, Semantics
from schemas.periods import Cadence
from schemas.rules import Severity, Wording
from schemas.shared_columns import COMMUNE_UNKNOWN, commune_column

# Statuses of the tax register as the Ministry of Finance lists them; "04" is void there and still met in old data.
_STATUSES = ("00", "01", "02", "03", "04", "05", "06", "07", "09", "10")

TAXPAYER = Extract(
    name="taxpayer",
    vi="Người nộp thuế",
    en="Taxpayers",
    suppliers=("CTHUE",),
    department="tax",
    cadence=Cadence.MONTHLY,
    layout=Records(),
    semantics=Semantics.FULL,
    key=("tax_code",),
    days_until_due=5,
    days_of_grace=5,
    owed_from="2023-01",
    purpose_vi="Theo dõi tình trạng mã số thuế, đối chiếu với đăng ký kinh doanh và dân cư",
    legal_ground="Circular 86/2024/TT-BTC; Decree 47/2020/NĐ-CP",
    columns=(
        Column(
            "tax_code",
            TaxCode(),
            "Mã số thuế",
            "Tax code",
            ("Mã số thuế", "MST"),
            required=True,
            must_exist=True,
            personal=Personal.BASIC,
            token="tax_token",
        ),
        Column("taxpayer_name", Text(), "Tên người nộp thuế", "Name", ("Tên người nộp thuế",), personal=Personal.BASIC),
        Column(
            "taxpayer_kind",
            CodeList(
                codes={"Doanh nghiệp": "enterprise", "Hộ kinh doanh": "household", "Cá nhân": "person"},
                vi="Doanh nghiệp, Hộ kinh doanh hoặc Cá nhân",
                en="Doanh nghiệp (enterprise), Hộ kinh doanh (household) or Cá nhân (person)",
            ),
            "Loại người nộp thuế",
            "Kind",
            ("Loại người nộp thuế", "Loại NNT"),
            required=True,
            must_exist=True,
        ),
        Column(
            "status_code",
            CodeList(
                codes={code: code for code in _STATUSES},
                vi="trạng thái hai chữ số: " + ", ".join(_STATUSES),
                en="a status of two digits: " + ", ".join(_STATUSES),
            ),
            "Trạng thái mã số thuế",
            "Status of the tax code",
            ("Trạng thái mã số thuế", "Trạng thái"),
            required=True,
            must_exist=True,
        ),
        commune_column("Mã xã", "Commune code", "Mã xã", "Mã ĐVHC"),
        Column(
            "registered_on", Day(), "Ngày đăng ký", "Registered on", ("Ngày đăng ký",), required=True, must_exist=True
        ),
        Column("closed_on", Day(), "Ngày chấm dứt", "Closed on", ("Ngày chấm dứt",)),
    ),
    row_rules=(
        RowRule(
            "row.closed_before_registration",
            "closed_on",
            Severity.QUARANTINE,
            pl.col("closed_on") < pl.col("registered_on"),
            Wording("Ngày chấm dứt {found} trước ngày đăng ký.", "Closed on {found}, before it was registered."),
            Wording("ngày chấm dứt không trước ngày đăng ký", "a day on or after that of registration"),
        ),
        RowRule(
            "row.closed_without_day",
            "closed_on",
            Severity.WARN,
            (pl.col("status_code") == "01") & pl.col("text:closed_on").is_null(),
            Wording("Đã chấm dứt hiệu lực nhưng không ghi ngày.", "Closed without saying on what day."),
            Wording("ngày chấm dứt khi trạng thái là 01", "the day of closing when the status is 01"),
        ),
    ),
    release_rules=(COMMUNE_UNKNOWN,),
)
