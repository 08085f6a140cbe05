"""Changes in the land register, a monthly list with communes by name."""

from schemas.column_types import Amount, CodeList, Day, Pattern, Text
from schemas.contract import Column, Extract, Semantics, Sheet, UnitByName
from schemas.periods import Cadence
from schemas.shared_columns import COMMUNE_BY_NAME, OLD_CARD_ENDED, citizen_number, not_after_period, person_name

_KINDS = {
    "Chuyển nhượng": "transfer",
    "Thừa kế": "inheritance",
    "Tặng cho": "gift",
    "Tách thửa": "split",
    "Hợp thửa": "merger",
    "Chuyển mục đích": "change_of_use",
}

LAND_CHANGE = Extract(
    name="land_change",
    vi="Biến động đất đai",
    en="Changes in the land register",
    suppliers=("STNMT",),
    department="environment",
    cadence=Cadence.MONTHLY,
    layout=Sheet(label="BienDong"),
    semantics=Semantics.FULL,
    key=("change_no",),
    days_until_due=5,
    days_of_grace=5,
    owed_from="2023-01",
    purpose_vi="Theo dõi biến động đất đai theo xã",
    legal_ground="Decree 43/2014/NĐ-CP; Decree 47/2020/NĐ-CP",
    # Land books keep the names of communes as they were written when the book was begun.
    unit_by_name=UnitByName("unit_name", "unit_code", "district_name", accepts_variants=True),
    derived=(COMMUNE_BY_NAME,),
    columns=(
        Column(
            "change_no",
            Pattern(
                pattern=r"^BD-\d{4}-\d{6}$", vi="số biến động dạng BD-2305-000123", en="a number such as BD-2305-000123"
            ),
            "Số biến động",
            "Change number",
            ("Số biến động",),
            required=True,
            must_exist=True,
        ),
        Column("district_name", Text(), "Huyện/Thành phố", "District", ("Huyện/Thành phố",), must_exist=True),
        Column(
            "unit_name",
            Text(),
            "Xã/Phường/Thị trấn",
            "Commune",
            ("Xã/Phường/Thị trấn",),
            required=True,
            must_exist=True,
        ),
        Column(
            "change_kind",
            CodeList(codes=_KINDS, vi="một trong: " + ", ".join(_KINDS), en="one of: " + ", ".join(_KINDS)),
            "Loại biến động",
            "Kind of change",
            ("Loại biến động",),
            required=True,
            must_exist=True,
        ),
        person_name("holder_name", "Chủ sử dụng đất", "Holder", "Chủ sử dụng đất"),
        citizen_number("Số định danh", "Personal number", "Số định danh", "Số giấy tờ"),
        Column(
            "area_m2",
            Amount(decimals=1, decimal_mark=",", unit_vi="diện tích (m²)", unit_en="an area in m²"),
            "Diện tích (m²)",
            "Area (m²)",
            ("Diện tích (m²)", "Diện tích"),
            required=True,
            must_exist=True,
        ),
        Column(
            "changed_on", Day(), "Ngày biến động", "Changed on", ("Ngày biến động",), required=True, must_exist=True
        ),
    ),
    row_rules=(not_after_period("changed_on"), OLD_CARD_ENDED),
)
