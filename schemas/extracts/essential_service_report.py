"""Monthly reports on the essential public services of Project 06: dossiers in all and online, and a share typed by hand."""

import polars as pl

from schemas.column_types import LARGEST_COUNT, ProcedureCode, Share, Text, WholeNumber
from schemas.contract import Column, Extract, ReleaseRule, RowRule, Semantics, Sheet
from schemas.periods import Cadence
from schemas.rules import Severity, Wording
from schemas.shared_columns import PROCEDURE_UNKNOWN

_TOLERATED_SHARE = 0.005
_COUNTS_VI = "Hồ sơ tiếp nhận"


def _count(name: str, vi: str, en: str, title: str) -> Column:
    headers = (f"{_COUNTS_VI} / {title}", vi)
    return Column(name, WholeNumber(minimum=0, maximum=LARGEST_COUNT), vi, en, headers, required=True, must_exist=True)


ESSENTIAL_SERVICE_REPORT = Extract(
    name="essential_service_report",
    vi="Báo cáo dịch vụ công thiết yếu",
    en="Essential public services as reported",
    suppliers=(
        "BHXH",
        "CATB",
        "CTHUE",
        "SCT",
        "SGDDT",
        "SGTVT",
        "SLDTBXH",
        "SNV",
        "STNMT",
        "STP",
        "SXD",
        "SYT",
    ),
    department="office",
    cadence=Cadence.MONTHLY,
    layout=Sheet(header_rows=2, label="DVCTY", summed=("dossiers_total", "dossiers_online")),
    semantics=Semantics.FULL,
    key=("procedure_code",),
    days_until_due=5,
    days_of_grace=5,
    owed_from="2023-01",
    purpose_vi="Đề án 06: tình hình tiếp nhận hồ sơ của 53 dịch vụ công thiết yếu",
    legal_ground="Decision 06/QĐ-TTg (2022); Decree 42/2022/NĐ-CP",
    columns=(
        Column(
            "procedure_code",
            ProcedureCode(),
            "Mã thủ tục hành chính",
            "Procedure code",
            ("Mã TTHC", "Mã thủ tục"),
            required=True,
            must_exist=True,
            refers_to="core.dim_service",
        ),
        Column("service_name", Text(), "Tên dịch vụ công", "Service", ("Tên dịch vụ công", "Dịch vụ công")),
        _count("dossiers_total", "Tổng số hồ sơ", "Dossiers", "Tổng số"),
        _count("dossiers_online", "Số hồ sơ trực tuyến", "Of these, online", "Trực tuyến"),
        Column(
            "online_share", Share(), "Tỷ lệ trực tuyến (%)", "Share as typed", ("Tỷ lệ trực tuyến (%)", "Tỷ lệ (%)")
        ),
        Column("connected_source", Text(), "Cơ sở dữ liệu kết nối", "Connected source", ("Cơ sở dữ liệu kết nối",)),
        Column("problems", Text(), "Khó khăn, vướng mắc", "Problems", ("Khó khăn, vướng mắc",)),
    ),
    row_rules=(
        RowRule(
            "row.online_exceeds_total",
            "dossiers_online",
            Severity.QUARANTINE,
            pl.col("dossiers_online") > pl.col("dossiers_total"),
            Wording("Số hồ sơ trực tuyến {found} lớn hơn tổng số.", "{found} dossiers online, more than there are."),
            Wording("số hồ sơ trực tuyến không lớn hơn tổng số", "at most the total number"),
        ),
        RowRule(
            "online_share.disagrees",
            "online_share",
            Severity.WARN,
            (pl.col("dossiers_total") > 0)
            & (
                (pl.col("online_share") - pl.col("dossiers_online") / pl.col("dossiers_total")).abs() > _TOLERATED_SHARE
            ),
            Wording(
                "{column}: ghi {found}, khác tỷ lệ tính lại từ hai cột số.",
                "{column}: {found} as typed differs from the share recomputed from the two counts.",
            ),
            Wording("tỷ lệ khớp với hai cột số", "a share that agrees with the counts"),
        ),
    ),
    release_rules=(
        PROCEDURE_UNKNOWN,
        ReleaseRule(
            "procedure_code.not_in_force",
            "procedure_code",
            Severity.QUARANTINE,
            Wording("mã còn hiệu lực trong tháng báo cáo", "a code in force in the month reported"),
        ),
    ),
)
