"""Social assistance as it is paid month by month, a list of the Department of Labour, Invalids and Social Affairs.

The kinds of benefit follow Decree 20/2021; the numbers of beneficiaries and their form are assumed.
"""

import polars as pl

from schemas.column_types import CodeList, Pattern
from schemas.contract import Column, Extract, Personal, ReleaseRule, RowRule, Semantics, Sheet, UnitByName
from schemas.periods import Cadence
from schemas.rules import Severity, Wording, wording_for
from schemas.shared_columns import (
    AMOUNT_PAID,
    BIRTH_PRECISION,
    CITIZEN_NUMBER_MISSING,
    COMMUNE_BY_NAME,
    COMMUNE_WITHIN_DISTRICT,
    birth_column,
    citizen_number,
    person_name,
)

_BENEFITS = {
    "Người cao tuổi": "elderly",
    "Người khuyết tật": "disabled",
    "Trẻ em không nguồn nuôi dưỡng": "child_without_support",
    "Người đơn thân nuôi con": "single_parent",
    "Hộ nhận chăm sóc": "carer",
}

_LARGEST_AMOUNT_VND = 99_999_999

WELFARE_PAYMENT = Extract(
    name="welfare_payment",
    vi="Chi trả trợ giúp xã hội",
    en="Social assistance payments",
    suppliers=("SLDTBXH",),
    department="labour",
    cadence=Cadence.MONTHLY,
    layout=Sheet(label="ChiTra"),
    semantics=Semantics.FULL,
    key=("beneficiary_no",),
    days_until_due=10,
    days_of_grace=5,
    owed_from="2023-01",
    purpose_vi="Chi trả không dùng tiền mặt cho đối tượng trợ giúp xã hội; làm sạch danh sách đối tượng theo dữ liệu dân cư",
    legal_ground="Decree 20/2021/NĐ-CP; Decision 06/QĐ-TTg (2022)",
    unit_by_name=UnitByName("unit_name", "unit_code", "district_name", accepts_variants=True),
    derived=(COMMUNE_BY_NAME, BIRTH_PRECISION),
    columns=(
        Column(
            "beneficiary_no",
            Pattern(
                pattern=r"^TG-\d{3}-\d{6}$",
                vi="mã đối tượng dạng TG-336-000123",
                en="a beneficiary's number such as TG-336-000123",
                is_shown=False,
            ),
            "Mã đối tượng",
            "Beneficiary number",
            ("Mã đối tượng",),
            required=True,
            must_exist=True,
            personal=Personal.BASIC,
            token="beneficiary_token",
        ),
        person_name("full_name", "Họ và tên", "Full name", "Họ và tên"),
        birth_column(),
        citizen_number("Số định danh", "Personal number", "Số định danh", "Số CCCD"),
        *COMMUNE_WITHIN_DISTRICT,
        Column(
            "benefit_kind",
            CodeList(
                codes=_BENEFITS,
                vi="một trong: " + ", ".join(_BENEFITS),
                en="one of: " + ", ".join(f"{vi} ({code})" for vi, code in _BENEFITS.items()),
            ),
            "Đối tượng hưởng",
            "Benefit",
            ("Đối tượng hưởng", "Loại đối tượng"),
            required=True,
            must_exist=True,
        ),
        AMOUNT_PAID,
        Column(
            "payment_method",
            CodeList(
                codes={"Tiền mặt": "cash", "Tài khoản": "account", "Chuyển khoản": "account"},
                vi="Tiền mặt hoặc Tài khoản",
                en="Tiền mặt (cash) or Tài khoản (account)",
            ),
            "Hình thức chi trả",
            "Method",
            ("Hình thức chi trả",),
            required=True,
            must_exist=True,
        ),
    ),
    row_rules=(
        CITIZEN_NUMBER_MISSING,
        RowRule(
            "amount_vnd.implausible",
            "amount_vnd",
            Severity.QUARANTINE,
            (pl.col("amount_vnd") <= 0) | (pl.col("amount_vnd") > _LARGEST_AMOUNT_VND),
            wording_for("amount_vnd.implausible"),
            Wording("số tiền từ 1 đến 99.999.999 đồng", "an amount from 1 to 99,999,999 VND"),
        ),
    ),
    release_rules=(
        # The money has been paid: setting the row aside would make the sums wrong and hide the case.
        ReleaseRule(
            "row.paid_after_death",
            "citizen_number",
            Severity.WARN,
            Wording("chỉ chi trả đến hết tháng người hưởng chết", "payments up to the month of death only"),
        ),
    ),
)
