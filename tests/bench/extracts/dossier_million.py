"""One-stop dossiers reduced to fifteen columns and twelve gate rules, so that a hand-written script can say the same."""

import polars as pl

from schemas.column_types import CodeList, Day, Pattern, Text, WholeNumber, commune_code, dossier_code
from schemas.contract import Column, Extract, Personal, Records, RowRule, Semantics
from schemas.periods import Cadence
from schemas.rules import Severity, Wording

_CHANNEL = CodeList(codes={"1": 1, "2": 2, "3": 3}, vi="1, 2 hoặc 3", en="1, 2 or 3")
_CITIZEN_NUMBER = Pattern(
    pattern=r"^0\d{11}$", vi="12 chữ số", en="12 digits", is_shown=False, on_unreadable=Severity.BLANK
)

DOSSIER_MILLION = Extract(
    name="dossier_million",
    vi="Một triệu hồ sơ",
    en="A million dossiers",
    suppliers=("VPUB",),
    cadence=Cadence.MONTHLY,
    layout=Records(),
    semantics=Semantics.FULL,
    key=("dossier_code",),
    columns=(
        Column("dossier_code", dossier_code(), "Mã hồ sơ", "Dossier code", ("MaHoSo",), must_exist=True),
        Column("procedure_code", Text(), "Mã thủ tục", "Procedure code", ("MaTTHC",)),
        Column("procedure_name", Text(), "Tên thủ tục", "Procedure name", ("TenTTHC",)),
        Column("field_code", Text(), "Mã lĩnh vực", "Field code", ("MaLinhVuc",)),
        Column("channel_code", _CHANNEL, "Kênh thực hiện", "Channel", ("KenhThucHien",)),
        Column("applicant_name", Text(), "Chủ hồ sơ", "Applicant", ("ChuHoSo",), personal=Personal.BASIC),
        Column(
            "citizen_number",
            _CITIZEN_NUMBER,
            "Số định danh",
            "Personal number",
            ("SoGiayToChuHoSo",),
            personal=Personal.BASIC,
            token="citizen_token",
        ),
        Column("received_on", Day(), "Ngày tiếp nhận", "Received on", ("NgayTiepNhan",), must_exist=True),
        Column("finished_on", Day(), "Ngày kết thúc", "Finished on", ("NgayKetThucXuLy",), must_exist=True),
        Column("agency_code", Text(), "Đơn vị xử lý", "Handling agency", ("DonViXuLy",)),
        Column("submission_place", Text(), "Nơi nộp", "Place of submission", ("NoiNopHoSo",)),
        Column("unit_code", commune_code(), "Mã xã", "Commune code", ("MaDonViHanhChinh",)),
        Column("unit_name", Text(), "Tên xã", "Commune", ("TenDonViHanhChinh",)),
        Column("amount_due_vnd", WholeNumber(), "Số tiền phải nộp", "Amount due", ("SoTienPhaiNop",)),
        Column("updated_at", Text(), "Thời điểm cập nhật", "Last changed at", ("NgayCapNhat",)),
    ),
    row_rules=(
        RowRule(
            "row.finish_before_receipt",
            "finished_on",
            Severity.QUARANTINE,
            pl.col("finished_on") < pl.col("received_on"),
            Wording("Ngày kết thúc {found} trước ngày tiếp nhận.", "Finished on {found}, before the day of receipt."),
            Wording("ngày kết thúc không trước ngày tiếp nhận", "a finish on or after the day of receipt"),
        ),
    ),
)
