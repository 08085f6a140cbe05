"""Work files handled in the network environment, a monthly form over agencies of three levels."""

import polars as pl

from schemas.column_types import LARGEST_COUNT, AgencyCode, CodeList, Share, Text, WholeNumber
from schemas.contract import Column, Extract, RowRule, Semantics, Sheet
from schemas.periods import Cadence
from schemas.rules import Severity, Wording
from schemas.shared_columns import agency_unknown

_TOLERATED_SHARE = 0.005


def _count(name: str, vi: str, en: str) -> Column:
    return Column(name, WholeNumber(minimum=0, maximum=LARGEST_COUNT), vi, en, (vi,), required=True, must_exist=True)


WORK_FILE_PROCESSING = Extract(
    name="work_file_processing",
    vi="Xử lý hồ sơ công việc trên môi trường mạng",
    en="Work files handled online",
    suppliers=("STTTT",),
    department="information",
    cadence=Cadence.MONTHLY,
    layout=Sheet(label="HSCV", summed=("files_total", "files_online")),
    semantics=Semantics.FULL,
    key=("agency_code",),
    days_until_due=5,
    days_of_grace=5,
    owed_from="2023-01",
    purpose_vi="Chỉ tiêu chuyển đổi số: hồ sơ công việc xử lý trên môi trường mạng ở ba cấp",
    legal_ground="Decision 749/QĐ-TTg (2020)",
    columns=(
        Column(
            "agency_code",
            AgencyCode(),
            "Mã định danh",
            "Agency code",
            ("Mã định danh", "Mã định danh đơn vị"),
            required=True,
            must_exist=True,
            refers_to="core.dim_agency",
        ),
        Column("agency_name", Text(), "Tên đơn vị", "Agency", ("Tên đơn vị",)),
        Column(
            "level_code",
            CodeList(
                codes={"Tỉnh": "province", "Huyện": "district", "Xã": "commune"},
                vi="Tỉnh, Huyện hoặc Xã",
                en="Tỉnh (province), Huyện (district) or Xã (commune)",
            ),
            "Cấp",
            "Level",
            ("Cấp",),
            required=True,
            must_exist=True,
        ),
        _count("files_total", "Tổng số hồ sơ công việc", "Work files"),
        _count("files_online", "Số xử lý trên môi trường mạng", "Work files handled online"),
        Column("online_share", Share(), "Tỷ lệ (%)", "Share as typed", ("Tỷ lệ (%)", "Tỉ lệ (%)")),
    ),
    row_rules=(
        RowRule(
            "row.online_exceeds_total",
            "files_online",
            Severity.QUARANTINE,
            pl.col("files_online") > pl.col("files_total"),
            Wording("Số xử lý trên mạng {found} lớn hơn tổng số.", "{found} handled online, more than there are."),
            Wording("số xử lý trên mạng không lớn hơn tổng số", "at most the total number"),
        ),
        RowRule(
            "online_share.disagrees",
            "online_share",
            Severity.WARN,
            (pl.col("online_share") - pl.col("files_online") / pl.col("files_total")).abs() > _TOLERATED_SHARE,
            Wording(
                "{column}: ghi {found}, khác tỷ lệ tính lại từ hai cột số.",
                "{column}: {found} as typed differs from the share recomputed from the two counts.",
            ),
            Wording("tỷ lệ khớp với hai cột số", "a share that agrees with the counts"),
        ),
    ),
    release_rules=(agency_unknown("agency_code"),),
)
