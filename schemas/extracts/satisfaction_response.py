"""What people answer to surveys about their dossiers, and what they complain of, with the day an answer is due."""

import polars as pl

from schemas.column_types import CodeList, Day, Pattern, Text, WholeNumber
from schemas.contract import Column, Extract, Records, ReleaseRule, RowRule, Semantics
from schemas.periods import Cadence
from schemas.rules import Severity, Wording
from schemas.shared_columns import OLD_CARD_ENDED, citizen_number, dossier_column


def _score(name: str, vi: str, en: str) -> Column:
    type_ = WholeNumber(
        minimum=1,
        maximum=5,
        unit_vi="điểm",
        unit_en="a score",
        on_unreadable=Severity.BLANK,
        on_out_of_range=Severity.BLANK,
    )
    return Column(name, type_, vi, en, (vi,))


SATISFACTION_RESPONSE = Extract(
    name="satisfaction_response",
    vi="Đánh giá hài lòng và phản ánh, kiến nghị",
    en="Satisfaction surveys and citizen feedback",
    suppliers=("VPUB",),
    department="office",
    cadence=Cadence.MONTHLY,
    layout=Records(),
    semantics=Semantics.FULL,
    key=("response_no",),
    days_until_due=5,
    days_of_grace=5,
    owed_from="2023-01",
    purpose_vi="Chấm điểm phục vụ người dân, doanh nghiệp: mức độ hài lòng, trả lời phản ánh đúng hạn",
    legal_ground="Decision 766/QĐ-TTg (2022)",
    columns=(
        Column(
            "response_no",
            Pattern(
                pattern=r"^PH-\d{4}-\d{6}$", vi="số phiếu dạng PH-2305-000123", en="a number such as PH-2305-000123"
            ),
            "Số phiếu",
            "Response number",
            ("Số phiếu", "Mã phiếu"),
            required=True,
            must_exist=True,
        ),
        dossier_column("Mã hồ sơ", "MaHoSo", refers_to="core.fact_dossier"),
        Column(
            "response_kind",
            CodeList(
                codes={"Khảo sát": "survey", "Phản ánh": "feedback"},
                vi="Khảo sát hoặc Phản ánh",
                en="Khảo sát (survey) or Phản ánh (feedback)",
            ),
            "Loại phiếu",
            "Kind",
            ("Loại phiếu",),
            required=True,
            must_exist=True,
        ),
        citizen_number("Số định danh người trả lời", "Respondent's personal number", "Số định danh", "Số giấy tờ"),
        _score("overall_score", "Điểm chung", "Overall score"),
        _score("attitude_score", "Điểm thái độ", "Score for attitude"),
        _score("time_score", "Điểm thời gian", "Score for time taken"),
        _score("procedure_score", "Điểm thủ tục", "Score for procedure"),
        Column(
            "received_on", Day(), "Ngày nhận phiếu", "Received on", ("Ngày nhận phiếu",), required=True, must_exist=True
        ),
        Column("due_on", Day(), "Hạn trả lời", "Answer due on", ("Hạn trả lời",)),
        Column("answered_on", Day(), "Ngày trả lời", "Answered on", ("Ngày trả lời",)),
        Column("remark", Text(), "Nội dung góp ý", "Remark", ("Nội dung góp ý", "Nội dung")),
    ),
    row_rules=(
        OLD_CARD_ENDED,
        RowRule(
            "row.answer_before_receipt",
            "answered_on",
            Severity.QUARANTINE,
            pl.col("answered_on") < pl.col("received_on"),
            Wording("Ngày trả lời {found} trước ngày nhận phiếu.", "Answered on {found}, before it was received."),
            Wording("ngày trả lời không trước ngày nhận", "an answer on or after the day of receipt"),
        ),
        RowRule(
            "row.feedback_without_due_date",
            "due_on",
            Severity.WARN,
            (pl.col("response_kind") == "feedback") & pl.col("text:due_on").is_null(),
            Wording("Phản ánh không có hạn trả lời.", "Feedback without a day by which to answer."),
            Wording("hạn trả lời của phản ánh", "the day by which feedback is to be answered"),
        ),
    ),
    release_rules=(
        ReleaseRule(
            "dossier_code.unknown",
            "dossier_code",
            Severity.QUARANTINE,
            Wording("mã của một hồ sơ đã có trong kho", "the code of a dossier known to the warehouse"),
        ),
    ),
)
