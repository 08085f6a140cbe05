"""Pupils of grades 1 to 12, a list per term of the Department of Education and Training.

The forms of pupils' and schools' numbers are assumed.
"""

from schemas.column_types import Pattern, WholeNumber
from schemas.contract import Column, Extract, Personal, Semantics, Sheet, UnitByName
from schemas.periods import Cadence
from schemas.shared_columns import (
    BIRTH_PRECISION,
    CITIZEN_NUMBER_MISSING,
    COMMUNE_BY_NAME,
    COMMUNE_WITHIN_DISTRICT,
    birth_column,
    citizen_number,
    person_name,
    sex_column,
)

PUPIL = Extract(
    name="pupil",
    vi="Học sinh",
    en="Pupils",
    suppliers=("SGDDT",),
    department="education",
    cadence=Cadence.TERMLY,
    layout=Sheet(label="HocSinh"),
    semantics=Semantics.FULL,
    key=("pupil_no",),
    days_until_due=15,
    days_of_grace=10,
    owed_from="2022-T2",
    purpose_vi="Đối chiếu số định danh của học sinh với dữ liệu dân cư; học sinh theo xã, cấp học",
    legal_ground="Decision 06/QĐ-TTg (2022); Circular 42/2021/TT-BGDĐT",
    unit_by_name=UnitByName("unit_name", "unit_code", "district_name", accepts_variants=True),
    derived=(COMMUNE_BY_NAME, BIRTH_PRECISION),
    columns=(
        Column(
            "pupil_no",
            Pattern(
                pattern=r"^34\d{8}$",
                vi="mã học sinh gồm 10 chữ số, bắt đầu bằng 34, như 3400000001",
                en="a pupil's number of 10 digits that begins with 34, such as 3400000001",
                is_shown=False,
            ),
            "Mã học sinh",
            "Pupil number",
            ("Mã học sinh", "Mã định danh học sinh"),
            required=True,
            must_exist=True,
            personal=Personal.BASIC,
            token="pupil_token",
        ),
        person_name("full_name", "Họ và tên", "Full name", "Họ và tên", "Họ tên học sinh"),
        birth_column(),
        sex_column(),
        citizen_number("Số định danh", "Personal number", "Số định danh", "Số CCCD"),
        *COMMUNE_WITHIN_DISTRICT,
        Column(
            "school_code",
            Pattern(
                pattern=r"^34\d{6}$",
                vi="mã trường gồm 8 chữ số, như 34000001",
                en="a school's code of 8 digits, such as 34000001",
            ),
            "Mã trường",
            "School code",
            ("Mã trường",),
            required=True,
            must_exist=True,
        ),
        Column(
            "grade",
            WholeNumber(minimum=1, maximum=12, unit_vi="khối lớp", unit_en="a grade"),
            "Khối lớp",
            "Grade",
            ("Khối lớp", "Khối"),
            required=True,
            must_exist=True,
        ),
    ),
    row_rules=(CITIZEN_NUMBER_MISSING,),
)
