"""Dated lists of agencies with their identification codes, sent whenever agencies are made, merged or abolished."""

from schemas.column_types import AgencyCode, CodeList, Text, YesNo
from schemas.contract import Column, Extract, ReferenceList, Semantics, Sheet
from schemas.periods import Cadence
from schemas.reference_lists import LIST_KIND, unit_code

AGENCY_LIST = Extract(
    name="agency_list",
    vi="Danh mục cơ quan, đơn vị",
    en="List of agencies",
    suppliers=("SNV",),
    department="home_affairs",
    cadence=Cadence.ON_CHANGE,
    layout=Sheet(label="DanhMucCQ"),
    semantics=Semantics.FULL,
    key=("agency_code",),
    reference_list=ReferenceList(),
    purpose_vi="Danh mục dùng chung về cơ quan nhà nước và mã định danh",
    legal_ground="Decision 20/2020/QĐ-TTg; Decree 47/2020/NĐ-CP",
    columns=(
        Column(
            "agency_code",
            AgencyCode(),
            "Mã định danh",
            "Agency code",
            ("Mã định danh", "Mã cơ quan"),
            required=True,
            must_exist=True,
        ),
        Column("short_code", Text(), "Tên viết tắt", "Short code", ("Tên viết tắt", "Viết tắt")),
        Column("name_vi", Text(), "Tên cơ quan", "Name", ("Tên cơ quan", "Tên đơn vị"), required=True, must_exist=True),
        Column("name_en", Text(), "Tên tiếng Anh", "English name", ("Tên tiếng Anh",)),
        Column(
            "level",
            CodeList(
                codes={"Tỉnh": "province", "Huyện": "district", "Xã": "commune"},
                vi="Tỉnh, Huyện hoặc Xã",
                en="Tỉnh (province), Huyện (district) or Xã (commune)",
            ),
            "Cấp",
            "Level",
            ("Cấp", "Cấp hành chính"),
            required=True,
            must_exist=True,
        ),
        Column(
            "unit_code",
            unit_code(),
            "Mã đơn vị hành chính",
            "Unit code",
            ("Mã đơn vị hành chính", "Mã ĐVHC"),
            refers_to="core.dim_administrative_unit",
        ),
        Column(
            "parent_code",
            AgencyCode(),
            "Mã cơ quan cấp trên",
            "Code of the agency above",
            ("Mã cơ quan cấp trên", "Mã cấp trên"),
        ),
        LIST_KIND,
        Column("is_ended", YesNo(), "Đã giải thể", "Whether it has ended", ("Đã giải thể", "Giải thể")),
    ),
)
