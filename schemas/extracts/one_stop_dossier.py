"""Dossiers of the one-stop shops, as the public service centre hands them over every night."""

import polars as pl

from schemas.column_types import (
    AgencyCode,
    CodeList,
    Day,
    Moment,
    ProcedureCode,
    Text,
    WholeNumber,
    YesNo,
)
from schemas.contract import Column, Extract, Records, ReleaseRule, RowRule, Semantics
from schemas.periods import Cadence
from schemas.rules import Severity, Wording
from schemas.shared_columns import (
    COMMUNE_UNKNOWN,
    DELETED,
    OLD_CARD_ENDED,
    PROCEDURE_UNKNOWN,
    agency_unknown,
    citizen_number,
    commune_column,
    dossier_column,
    person_name,
)

_BLANK = Severity.BLANK
_RESOLVED = (9, 10)
_LARGEST_AMOUNT_VND = 9_999_999_999
"""An amount of more digits is an identity number in the wrong place."""
_NOT_RECEIVED = (1, 3)


def _flag(name: str, vi: str, en: str, header: str) -> Column:
    return Column(name, YesNo(), vi, en, (header,))


ONE_STOP_DOSSIER = Extract(
    name="one_stop_dossier",
    vi="Hồ sơ một cửa",
    en="One-stop dossiers",
    suppliers=("VPUB",),
    department="office",
    cadence=Cadence.DAILY,
    layout=Records(),
    semantics=Semantics.DELTA,
    tombstone="is_deleted",
    key=("dossier_code", "updated_at"),
    event_time="updated_at",
    days_until_due=1,
    days_of_grace=1,
    owed_from="2023-01-01",
    purpose_vi="Theo dõi tiếp nhận và giải quyết thủ tục hành chính",
    legal_ground="Decree 61/2018/NĐ-CP; Decree 107/2021/NĐ-CP; Decree 42/2022/NĐ-CP",
    columns=(
        dossier_column("MaHoSo", "Mã hồ sơ"),
        Column(
            "procedure_code",
            ProcedureCode(),
            "Mã thủ tục hành chính",
            "Procedure code",
            ("MaTTHC", "Mã TTHC"),
            required=True,
            must_exist=True,
            refers_to="core.dim_service",
        ),
        Column("procedure_name", Text(), "Tên thủ tục hành chính", "Procedure name", ("TenTTHC",)),
        Column("field_code", Text(safe=r"^[A-Z0-9]{1,8}$"), "Mã lĩnh vực", "Field code", ("MaLinhVuc",)),
        Column(
            "channel_code",
            CodeList(
                codes={"1": 1, "2": 2, "3": 3},
                vi="1 trực tiếp, 2 trực tuyến hoặc 3 bưu chính",
                en="1 in person, 2 online or 3 by post",
            ),
            "Kênh thực hiện",
            "Channel",
            ("KenhThucHien",),
            required=True,
            must_exist=True,
        ),
        person_name("applicant_name", "Chủ hồ sơ", "Applicant", "ChuHoSo"),
        Column(
            "applicant_kind",
            CodeList(
                codes={"1": 1, "2": 2},
                vi="1 cá nhân hoặc 2 tổ chức",
                en="1 person or 2 organisation",
                on_unreadable=_BLANK,
            ),
            "Loại đối tượng",
            "Kind of applicant",
            ("LoaiDoiTuong",),
        ),
        citizen_number("Số giấy tờ chủ hồ sơ", "Applicant's personal number", "SoGiayToChuHoSo"),
        Column("submitted_at", Moment(on_unreadable=_BLANK), "Thời điểm nộp", "Submitted at", ("NgayNopHoSo",)),
        Column("received_on", Day(), "Ngày tiếp nhận", "Received on", ("NgayTiepNhan",), must_exist=True),
        Column("due_on", Day(), "Ngày hẹn trả", "Due on", ("NgayHenTra",)),
        Column(
            "status_code",
            CodeList(
                codes={str(code): code for code in range(1, 11)},
                vi="trạng thái từ 1 đến 10",
                en="a status from 1 to 10",
            ),
            "Trạng thái hồ sơ",
            "Dossier status",
            ("TrangThaiHoSo",),
            required=True,
            must_exist=True,
        ),
        Column("finished_on", Day(), "Ngày kết thúc xử lý", "Finished on", ("NgayKetThucXuLy",), must_exist=True),
        Column("returned_on", Day(on_unreadable=_BLANK), "Ngày trả", "Returned on", ("NgayTra",)),
        Column(
            "agency_code",
            AgencyCode(),
            "Đơn vị xử lý",
            "Handling agency",
            ("DonViXuLy",),
            required=True,
            must_exist=True,
            refers_to="core.dim_agency",
        ),
        Column(
            "submission_place", Text(safe=r"^[0-9.H]{3,15}$"), "Nơi nộp hồ sơ", "Place of submission", ("NoiNopHoSo",)
        ),
        _flag("components_digitised", "Thành phần hồ sơ số hoá", "Components digitised", "HoSoCoThanhPhanSoHoa"),
        _flag(
            "vneid_authenticated", "Xác thực qua VNeID", "Authenticated through VNeID", "TaiKhoanDuocXacThucVoiVNeID"
        ),
        _flag("paid_online", "Thanh toán trực tuyến", "Paid online", "DuocThanhToanTrucTuyen"),
        Column(
            "updated_at",
            Moment(),
            "Thời điểm cập nhật",
            "Last changed at",
            ("NgayCapNhat",),
            required=True,
            must_exist=True,
        ),
        commune_column("Mã đơn vị hành chính", "Commune code", "MaDonViHanhChinh"),
        Column(
            "amount_due_vnd",
            WholeNumber(minimum=0, maximum=_LARGEST_AMOUNT_VND, unit_vi="số tiền (đồng)", unit_en="an amount in VND"),
            "Số tiền phải nộp (đồng)",
            "Amount due (VND)",
            ("SoTienPhaiNop",),
        ),
        _flag("result_digitised", "Kết quả số hoá", "Result digitised", "KetQuaSoHoa"),
        DELETED,
    ),
    row_rules=(
        OLD_CARD_ENDED,
        RowRule(
            "received_on.required",
            "received_on",
            Severity.QUARANTINE,
            pl.col("text:received_on").is_null() & pl.col("status_code").is_in(_NOT_RECEIVED).not_(),
            Wording("{column}: bỏ trống dù hồ sơ đã tiếp nhận.", "{column}: empty although the dossier was received."),
            Wording("ngày tiếp nhận", "the day of receipt"),
        ),
        RowRule(
            "row.finish_before_receipt",
            "finished_on",
            Severity.QUARANTINE,
            pl.col("finished_on") < pl.col("received_on"),
            Wording("Ngày kết thúc {found} trước ngày tiếp nhận.", "Finished on {found}, before the day of receipt."),
            Wording("ngày kết thúc không trước ngày tiếp nhận", "a finish on or after the day of receipt"),
        ),
        RowRule(
            "row.finished_on_missing",
            "finished_on",
            Severity.QUARANTINE,
            pl.col("text:finished_on").is_null() & pl.col("status_code").is_in(_RESOLVED),
            Wording(
                "Hồ sơ đã xử lý xong nhưng thiếu ngày kết thúc.", "The dossier is resolved but has no day of finish."
            ),
            Wording("ngày kết thúc xử lý khi trạng thái là 9 hoặc 10", "a day of finish when the status is 9 or 10"),
        ),
        RowRule(
            "row.return_before_finish",
            "returned_on",
            Severity.WARN,
            pl.col("returned_on") < pl.col("finished_on"),
            Wording("Ngày trả {found} trước ngày kết thúc.", "Returned on {found}, before the day of finish."),
            Wording("ngày trả không trước ngày kết thúc", "a return on or after the day of finish"),
        ),
        RowRule(
            "updated_at.after_period",
            "updated_at",
            Severity.QUARANTINE,
            pl.col("updated_at").dt.date() > pl.col("period_last_on"),
            Wording("{column}: {found} sau kỳ của tệp.", "{column}: {found} is later than the period of the file."),
            Wording("thời điểm trong hoặc trước kỳ của tệp", "a moment within or before the period of the file"),
        ),
    ),
    release_rules=(
        PROCEDURE_UNKNOWN,
        ReleaseRule(
            "procedure_code.not_in_force",
            "procedure_code",
            Severity.QUARANTINE,
            Wording("mã còn hiệu lực tại ngày tiếp nhận", "a code in force on the day of receipt"),
        ),
        agency_unknown("agency_code"),
        COMMUNE_UNKNOWN,
    ),
)
