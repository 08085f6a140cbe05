"""Dated lists of administrative units, sent whenever units are made, merged, renamed or abolished."""

from schemas.column_types import CodeList, Pattern, Text, YesNo
from schemas.contract import Column, Extract, ReferenceList, Semantics, Sheet
from schemas.periods import Cadence
from schemas.reference_lists import LIST_KIND, unit_code

ADMINISTRATIVE_UNIT_LIST = Extract(
    name="administrative_unit_list",
    vi="Danh mục đơn vị hành chính",
    en="List of administrative units",
    suppliers=("SNV",),
    department="home_affairs",
    cadence=Cadence.ON_CHANGE,
    layout=Sheet(label="DanhMucDVHC"),
    semantics=Semantics.FULL,
    key=("unit_code",),
    reference_list=ReferenceList(),
    purpose_vi="Danh mục dùng chung về đơn vị hành chính",
    legal_ground="Decision 124/2004/QĐ-TTg; Decision 19/2025/QĐ-TTg; Decree 47/2020/NĐ-CP",
    columns=(
        Column(
            "unit_code",
            unit_code(),
            "Mã đơn vị hành chính",
            "Unit code",
            ("Mã đơn vị hành chính", "Mã ĐVHC", "Mã đơn vị"),
            required=True,
            must_exist=True,
        ),
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
            "unit_type",
            Text(),
            "Loại đơn vị",
            "Type of unit",
            ("Loại đơn vị", "Loại hình"),
            required=True,
            must_exist=True,
        ),
        Column("name", Text(), "Tên đơn vị", "Name", ("Tên đơn vị", "Tên"), required=True, must_exist=True),
        Column(
            "parent_code",
            unit_code(),
            "Mã đơn vị cấp trên",
            "Code of the unit above",
            ("Mã đơn vị cấp trên", "Mã cấp trên"),
        ),
        Column(
            "province_code",
            Pattern(
                pattern=r"^\d{2}$", vi="mã tỉnh gồm 2 chữ số, như 34", en="a province code of 2 digits, such as 34"
            ),
            "Mã tỉnh",
            "Code of the province",
            ("Mã tỉnh", "Mã tỉnh, thành phố"),
            required=True,
            must_exist=True,
        ),
        Column("legal_act", Text(), "Văn bản", "Legal act", ("Văn bản", "Nghị quyết")),
        LIST_KIND,
        Column("is_ended", YesNo(), "Đã bãi bỏ", "Whether it has ended", ("Đã bãi bỏ", "Bãi bỏ")),
    ),
)
