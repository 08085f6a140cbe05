"""What the police find when registers of departments are checked against the national population database, by batch.

The statuses are assumed: no list of them has been published that we know of.
"""

import polars as pl

from schemas.column_types import CodeList, Day, Pattern, Text, WholeNumber
from schemas.contract import Column, Extract, Records, RowRule, Semantics
from schemas.periods import Cadence
from schemas.rules import Severity, Wording
from schemas.shared_columns import COMMUNE_UNKNOWN, OLD_CARD_ENDED, citizen_number, commune_column, person_name

_MOST_LINES = 9_999_999
_RESULTS = {
    "Trùng khớp": "matched",
    "Sai họ tên": "name_differs",
    "Sai ngày sinh": "birth_date_differs",
    "Sai giới tính": "sex_differs",
    "Sai địa chỉ": "address_differs",
    "Không tìm thấy": "not_found",
    "Trùng số định danh": "number_duplicated",
    "Thiếu số hoặc chỉ có CMND": "number_missing",
    "Đã chết": "deceased",
    "Đã chuyển đi": "moved_out",
    "Chờ công an xác minh": "awaiting_check",
    "Đã làm sạch": "corrected",
}

POPULATION_CHECK_RESULT = Extract(
    name="population_check_result",
    vi="Kết quả đối soát dân cư",
    en="Results of population checks",
    suppliers=("CATB",),
    department="police",
    cadence=Cadence.ON_CHANGE,
    layout=Records(),
    semantics=Semantics.FULL,
    key=("batch_no", "line_no"),
    purpose_vi="Đề án 06: làm sạch dữ liệu chuyên ngành theo Cơ sở dữ liệu quốc gia về dân cư",
    legal_ground="Law on Identification 26/2023/QH15; Decision 06/QĐ-TTg (2022)",
    columns=(
        Column(
            "batch_no",
            Pattern(pattern=r"^DS-\d{8}-\d{2}$", vi="số đợt dạng DS-20230515-01", en="a batch such as DS-20230515-01"),
            "Đợt đối soát",
            "Batch",
            ("Đợt đối soát", "Đợt"),
            required=True,
            must_exist=True,
        ),
        Column(
            "line_no",
            WholeNumber(minimum=1, maximum=_MOST_LINES),
            "Số thứ tự trong đợt",
            "Number within the batch",
            ("STT trong đợt", "Số thứ tự"),
            required=True,
            must_exist=True,
        ),
        Column(
            "register_code",
            CodeList(
                codes={
                    "BHXH": "insurance",
                    "LĐTBXH": "welfare",
                    "GDĐT": "education",
                    "Thuế": "tax",
                    "Hộ tịch": "civil_status",
                },
                vi="BHXH, LĐTBXH, GDĐT, Thuế hoặc Hộ tịch",
                en="BHXH (insurance), LĐTBXH (welfare), GDĐT (education), Thuế (tax) or Hộ tịch (civil status)",
            ),
            "Nguồn dữ liệu",
            "Register checked",
            ("Nguồn dữ liệu",),
            required=True,
            must_exist=True,
        ),
        person_name("full_name", "Họ và tên", "Full name", "Họ và tên"),
        citizen_number("Số định danh", "Personal number", "Số định danh", "Số CCCD"),
        commune_column("Mã xã", "Commune code", "Mã xã", "Mã ĐVHC"),
        Column(
            "result_code",
            CodeList(
                codes=_RESULTS,
                vi="một trong: " + ", ".join(_RESULTS),
                en="one of: " + ", ".join(f"{vi} ({code})" for vi, code in _RESULTS.items()),
            ),
            "Kết quả",
            "Result",
            ("Kết quả", "Kết quả đối soát"),
            required=True,
            must_exist=True,
        ),
        Column("sent_on", Day(), "Ngày gửi đối soát", "Sent on", ("Ngày gửi",), required=True, must_exist=True),
        Column("returned_on", Day(), "Ngày trả kết quả", "Returned on", ("Ngày trả",), required=True, must_exist=True),
        Column("corrected_on", Day(), "Ngày làm sạch", "Corrected on", ("Ngày làm sạch",)),
        Column("evidence", Text(), "Căn cứ", "Evidence", ("Căn cứ",)),
    ),
    row_rules=(
        OLD_CARD_ENDED,
        RowRule(
            "row.return_before_sending",
            "returned_on",
            Severity.QUARANTINE,
            pl.col("returned_on") < pl.col("sent_on"),
            Wording("Ngày trả {found} trước ngày gửi.", "Returned on {found}, before it was sent."),
            Wording("ngày trả không trước ngày gửi", "a return on or after the day of sending"),
        ),
        RowRule(
            "row.corrected_without_evidence",
            "evidence",
            Severity.WARN,
            (pl.col("result_code") == "corrected") & pl.col("text:evidence").is_null(),
            Wording("Đã làm sạch nhưng không ghi căn cứ.", "Corrected without saying on what evidence."),
            Wording("căn cứ của việc làm sạch", "the evidence for the correction"),
        ),
    ),
    release_rules=(COMMUNE_UNKNOWN,),
)
