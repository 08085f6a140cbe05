"""What became of units, agencies and procedures: which code went into which on a day; the period is the day it takes effect."""

from schemas.column_types import CodeList, Pattern, Share, Text
from schemas.contract import Column, Extract, Semantics, Sheet
from schemas.periods import Cadence
from schemas.rules import Severity


def _code() -> Pattern:
    return Pattern(
        pattern=r"^(\d{2}|\d{3}|\d{5}|H\d{2}(\.\d{2}){0,2}|\d\.\d{6})$",
        vi="mã đơn vị hành chính, mã định danh (H54.05) hoặc mã thủ tục (1.001193)",
        en="a code of a unit, of an agency (H54.05) or of a procedure (1.001193)",
    )


SUCCESSION_LIST = Extract(
    name="succession_list",
    vi="Danh mục sáp nhập, chia tách, thay mã",
    en="List of mergers, splits and changes of code",
    suppliers=("SNV", "VPUB"),
    department="home_affairs",
    cadence=Cadence.ON_CHANGE,
    layout=Sheet(label="SapXep"),
    semantics=Semantics.FULL,
    key=("old_code", "new_code"),
    purpose_vi="Nối mã cũ với mã mới để số liệu các kỳ so sánh được",
    legal_ground="Decree 47/2020/NĐ-CP",
    columns=(
        Column(
            "subject",
            CodeList(
                codes={"Đơn vị hành chính": "unit", "Cơ quan": "agency", "Thủ tục": "service"},
                vi="Đơn vị hành chính, Cơ quan hoặc Thủ tục",
                en="Đơn vị hành chính (unit), Cơ quan (agency) or Thủ tục (procedure)",
            ),
            "Đối tượng",
            "Subject",
            ("Đối tượng", "Loại mã"),
            required=True,
            must_exist=True,
        ),
        Column("old_code", _code(), "Mã cũ", "Former code", ("Mã cũ",), required=True, must_exist=True),
        Column("new_code", _code(), "Mã mới", "New code", ("Mã mới",), must_exist=True),
        Column(
            "share",
            Share(on_unreadable=Severity.QUARANTINE),
            "Phần chuyển sang (%)",
            "Share that went over",
            ("Phần chuyển sang (%)", "Tỷ lệ chuyển sang"),
        ),
        Column("legal_act", Text(), "Văn bản", "Legal act", ("Văn bản", "Nghị quyết")),
    ),
)
