"""The databases an owner shares with the province: since when they are connected, who draws on them, when they last did."""

import polars as pl

from schemas.column_types import AgencyCode, Day, Pattern, Text
from schemas.contract import Column, Extract, RowRule, Semantics, Sheet
from schemas.periods import Cadence
from schemas.rules import Severity, Wording
from schemas.shared_columns import agency_unknown, not_after_period

_AGENCY = r"H\d{2}(\.\d{2}){1,2}"

SHARED_DATABASE = Extract(
    name="shared_database",
    vi="Cơ sở dữ liệu dùng chung",
    en="Shared databases",
    suppliers=(
        "BHXH",
        "CATB",
        "CTHUE",
        "SGDDT",
        "SLDTBXH",
        "SNNPTNT",
        "SNV",
        "STNMT",
        "STP",
        "STTTT",
        "SXD",
        "SYT",
    ),
    department="information",
    cadence=Cadence.QUARTERLY,
    layout=Sheet(label="CSDL"),
    semantics=Semantics.FULL,
    key=("database_code",),
    days_until_due=15,
    days_of_grace=10,
    owed_from="2023-Q1",
    purpose_vi="Danh mục cơ sở dữ liệu dùng chung và tình hình kết nối, khai thác",
    legal_ground="Decree 47/2020/NĐ-CP",
    columns=(
        Column(
            "database_code",
            Pattern(
                pattern=r"^CSDL-\d{3}$",
                vi="mã cơ sở dữ liệu dạng CSDL-001 (quy ước của kho)",
                en="a database code such as CSDL-001 (a convention of this warehouse)",
            ),
            "Mã cơ sở dữ liệu",
            "Database code",
            ("Mã cơ sở dữ liệu", "Mã CSDL"),
            required=True,
            must_exist=True,
        ),
        Column(
            "database_name",
            Text(),
            "Tên cơ sở dữ liệu",
            "Database",
            ("Tên cơ sở dữ liệu", "Tên CSDL"),
            required=True,
            must_exist=True,
        ),
        Column(
            "owner_agency_code",
            AgencyCode(),
            "Mã cơ quan chủ quản",
            "Code of the owner",
            ("Mã cơ quan chủ quản", "Mã định danh"),
            required=True,
            must_exist=True,
            refers_to="core.dim_agency",
        ),
        Column("content", Text(), "Nội dung dữ liệu", "Content", ("Nội dung dữ liệu", "Nội dung")),
        Column(
            "connected_on",
            Day(),
            "Ngày kết nối, chia sẻ",
            "Connected since",
            ("Ngày kết nối, chia sẻ",),
            must_exist=True,
        ),
        Column(
            "consumers",
            Pattern(
                pattern=rf"^{_AGENCY}([;,] ?{_AGENCY})*$",
                vi="mã định danh các đơn vị khai thác, cách nhau bằng dấu chấm phẩy, như H54.05;H54.31",
                en="codes of the agencies that draw on it, separated by semicolons",
                on_unreadable=Severity.BLANK,
            ),
            "Đơn vị khai thác",
            "Consumers",
            ("Đơn vị khai thác",),
        ),
        Column("last_used_on", Day(), "Ngày khai thác gần nhất", "Last used on", ("Ngày khai thác gần nhất",)),
    ),
    row_rules=(
        not_after_period("connected_on"),
        RowRule(
            "row.used_before_connection",
            "last_used_on",
            Severity.QUARANTINE,
            pl.col("last_used_on") < pl.col("connected_on"),
            Wording("Ngày khai thác {found} trước ngày kết nối.", "Used on {found}, before it was connected."),
            Wording("ngày khai thác không trước ngày kết nối", "a use on or after the day of connection"),
        ),
        RowRule(
            "row.used_without_connection",
            "last_used_on",
            Severity.WARN,
            pl.col("last_used_on").is_not_null() & pl.col("text:connected_on").is_null(),
            Wording(
                "Có khai thác ({found}) nhưng chưa ghi ngày kết nối.", "Used on {found} but not said to be connected."
            ),
            Wording("ngày kết nối của cơ sở dữ liệu đang được khai thác", "the day a database in use was connected"),
        ),
    ),
    release_rules=(agency_unknown("owner_agency_code"),),
)
