"""People who take part in social, unemployment and health insurance, a monthly list of the provincial office."""

from schemas.column_types import (
    CodeList,
    Day,
    HealthCard,
    InsuranceNumber,
    WholeNumber,
)
from schemas.contract import Column, Extract, Personal, Records, Semantics
from schemas.periods import Cadence
from schemas.rules import Severity
from schemas.shared_columns import COMMUNE_UNKNOWN, OLD_CARD_ENDED, citizen_number, commune_column, person_name

_LARGEST_AMOUNT_VND = 99_999_999

INSURANCE_PARTICIPANT = Extract(
    name="insurance_participant",
    vi="Người tham gia bảo hiểm",
    en="Insurance participants",
    suppliers=("BHXH",),
    department="insurance",
    cadence=Cadence.MONTHLY,
    layout=Records(),
    semantics=Semantics.FULL,
    key=("insurance_number",),
    days_until_due=10,
    days_of_grace=5,
    owed_from="2023-01",
    purpose_vi="Theo dõi bao phủ bảo hiểm theo xã, đối chiếu số định danh của người tham gia",
    legal_ground="Decision 06/QĐ-TTg (2022); Decree 43/2021/NĐ-CP",
    columns=(
        Column(
            "insurance_number",
            InsuranceNumber(on_unreadable=Severity.QUARANTINE),
            "Mã số BHXH",
            "Insurance number",
            ("Mã số BHXH",),
            required=True,
            must_exist=True,
            personal=Personal.BASIC,
            token="insurance_token",
        ),
        person_name("full_name", "Họ và tên", "Full name", "Họ và tên"),
        citizen_number("Số định danh", "Personal number", "Số định danh", "Số CCCD"),
        Column(
            "health_card", HealthCard(), "Mã thẻ BHYT", "Health card", ("Mã thẻ BHYT",), personal=Personal.SENSITIVE
        ),
        Column(
            "participation_code",
            CodeList(
                codes={"BHXH bắt buộc": "compulsory", "BHXH tự nguyện": "voluntary", "Chỉ BHYT": "health_only"},
                vi="BHXH bắt buộc, BHXH tự nguyện hoặc Chỉ BHYT",
                en="BHXH bắt buộc (compulsory), BHXH tự nguyện (voluntary) or Chỉ BHYT (health only)",
            ),
            "Loại tham gia",
            "Participation",
            ("Loại tham gia",),
            required=True,
            must_exist=True,
        ),
        commune_column("Mã xã", "Commune code", "Mã xã", "Mã ĐVHC"),
        Column("joined_on", Day(on_unreadable=Severity.BLANK), "Tham gia từ", "Joined on", ("Tham gia từ",)),
        Column(
            "contribution_vnd",
            WholeNumber(
                minimum=0,
                maximum=_LARGEST_AMOUNT_VND,
                unit_vi="số tiền (đồng)",
                unit_en="an amount in VND",
                on_unreadable=Severity.BLANK,
                on_out_of_range=Severity.BLANK,
            ),
            "Số tiền đóng trong tháng (đồng)",
            "Contribution of the month (VND)",
            ("Số tiền đóng",),
        ),
    ),
    row_rules=(OLD_CARD_ENDED,),
    release_rules=(COMMUNE_UNKNOWN,),
)
