"""What the national portal holds of the province's dossiers, by agency and month: how many, and their codes."""

import polars as pl

from schemas.column_types import LARGEST_COUNT, AgencyCode, DossierCode, Pattern, WholeNumber
from schemas.contract import Column, Extract, Records, RowRule, Semantics
from schemas.periods import Cadence
from schemas.rules import Severity, Wording
from schemas.shared_columns import agency_unknown

_CODE = DossierCode.usual.strip("^$")


def _count(name: str, vi: str, en: str) -> Column:
    return Column(name, WholeNumber(minimum=0, maximum=LARGEST_COUNT), vi, en, (vi,), required=True, must_exist=True)


PORTAL_RECONCILIATION = Extract(
    name="portal_reconciliation",
    vi="Đối soát với Cổng dịch vụ công quốc gia",
    en="Reconciliation with the national portal",
    suppliers=("VPUB",),
    department="office",
    cadence=Cadence.MONTHLY,
    layout=Records(),
    semantics=Semantics.FULL,
    key=("agency_code",),
    days_until_due=5,
    days_of_grace=5,
    owed_from="2023-01",
    purpose_vi="Phát hiện hồ sơ, ngày dữ liệu thiếu giữa hệ thống một cửa của tỉnh và Cổng dịch vụ công quốc gia",
    legal_ground="Decree 61/2018/NĐ-CP; Decree 107/2021/NĐ-CP",
    columns=(
        Column(
            "agency_code",
            AgencyCode(),
            "Đơn vị xử lý",
            "Handling agency",
            ("Đơn vị xử lý", "DonViXuLy"),
            required=True,
            must_exist=True,
            refers_to="core.dim_agency",
        ),
        _count("dossiers_received", "Số hồ sơ trên Cổng", "Dossiers on the portal"),
        _count("dossiers_online", "Trong đó trực tuyến", "Of these, online"),
        Column(
            "dossier_codes",
            Pattern(
                pattern=rf"^{_CODE}(;{_CODE})*$",
                vi="các mã hồ sơ, cách nhau bằng dấu chấm phẩy, không có khoảng trắng",
                en="dossier codes separated by semicolons, without blanks",
            ),
            "Danh sách mã hồ sơ",
            "Dossier codes",
            ("Danh sách mã hồ sơ",),
            must_exist=True,
        ),
    ),
    row_rules=(
        RowRule(
            "row.online_exceeds_total",
            "dossiers_online",
            Severity.QUARANTINE,
            pl.col("dossiers_online") > pl.col("dossiers_received"),
            Wording("Số hồ sơ trực tuyến {found} lớn hơn tổng số.", "{found} dossiers online, more than there are."),
            Wording("số hồ sơ trực tuyến không lớn hơn tổng số", "at most the total number"),
        ),
        RowRule(
            "dossiers_received.disagrees",
            "dossiers_received",
            Severity.WARN,
            pl.col("dossiers_received")
            != (pl.col("dossier_codes").str.count_matches(";", literal=True) + 1).fill_null(0).cast(pl.Int64),
            Wording(
                "{column}: ghi {found}, khác số mã liệt kê.",
                "{column}: {found} as typed differs from the number of codes listed.",
            ),
            Wording("số hồ sơ bằng số mã liệt kê", "as many dossiers as codes listed"),
        ),
    ),
    release_rules=(agency_unknown("agency_code"),),
)
