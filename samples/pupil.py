"""Lists of pupils, one a term; at scale 1 the 350,000 that are assumed.

What belongs here: who goes to which school, the form and its typical mistakes.
"""

from __future__ import annotations

import random
import re
from datetime import datetime
from typing import Final

from samples.article import YEAR
from samples.dossier_spelling import World
from samples.draws import generator
from samples.expected import blank, quarantine, warn
from samples.forms import Cells, Column, Form, Report, Row, RowDefect, put, sent_twice
from samples.landing import Landing, Slot, at
from samples.people import born_on, make_people
from samples.reporting import Event, Events, send_report

_EXTRACT: Final = "pupil"
_SUPPLIER: Final = "SGDDT"
_PUPILS: Final = 350_000
_LEAST: Final = 120
_GRADES: Final = range(1, 13)
_SCHOOL_AGE: Final = 6
# The other way to place a tone on "oa" and "uy", which half of the schools have.
_OTHER_PLACE: Final = {
    "òa": "oà",
    "óa": "oá",
    "ỏa": "oả",
    "õa": "oã",
    "ọa": "oạ",
    "ùy": "uỳ",
    "úy": "uý",
    "ủy": "uỷ",
    "ụy": "uỵ",
}
_TONED: Final = re.compile("|".join(_OTHER_PLACE))

_FORM: Final = Form(
    sheet_name="HocSinh",
    office="SỞ GIÁO DỤC VÀ ĐÀO TẠO",
    title="DANH SÁCH HỌC SINH",
    columns=(
        Column("number", "STT"),
        Column("pupil_no", "Mã học sinh"),
        Column("full_name", "Họ và tên"),
        Column("born_on", "Ngày sinh"),
        Column("sex", "Giới tính"),
        Column("citizen_number", "Số định danh"),
        Column("district_name", "Huyện/Thành phố"),
        Column("unit_name", "Xã/Phường/Thị trấn"),
        Column("school_code", "Mã trường"),
        Column("grade", "Khối lớp"),
    ),
    label="full_name",
    lost="grade",
)
_TERMS: Final = (
    (YEAR - 1, 2, datetime(YEAR, 9, 12, 9, 30)),  # noqa: DTZ001
    (YEAR, 1, datetime(YEAR + 1, 1, 19, 9, 30)),  # noqa: DTZ001
)
_EVENTS: Final[Events] = {f"{YEAR - 1}-T2": (Event.ROWS_SPOILT, 9), f"{YEAR}-T1": (Event.ROWS_SPOILT, 2)}


def _other_grade(cells: Cells, _: random.Random) -> None:
    cells["grade"] = 13 - int(str(cells["grade"]))


_DEFECTS: Final = (
    RowDefect("number_missing", (warn("citizen_number.missing"),), put("citizen_number", None)),
    RowDefect("zero_lost", (blank("citizen_number.leading_zero"),), put("citizen_number", "34215001234")),
    RowDefect("number_text", (blank("citizen_number.unreadable"),), put("citizen_number", "chưa cấp", "0342150")),
    RowDefect("first_of_january", (warn("born_on.placeholder"),), put("born_on", "01/01/2012")),
    RowDefect("birth_impossible", (blank("born_on.unreadable"),), put("born_on", "31/02/2012")),
    RowDefect("sex_letter", (blank("sex.not_in_list"),), put("sex", "x", "1")),
    RowDefect("digit_in_name", (blank("full_name.unreadable"),), put("full_name", "Vũ Văn 5")),
    RowDefect("pupil_cut", (quarantine("pupil_no.unreadable"),), put("pupil_no", "34-12", "HS0012")),
    RowDefect("pupil_missing", (quarantine("pupil_no.required"),), put("pupil_no", None)),
    RowDefect("unit_unknown", (quarantine("unit_name.unknown"),), put("unit_name", "Xã Đồng Không")),
    RowDefect("unit_missing", (quarantine("unit_name.required"),), put("unit_name", None)),
    RowDefect("school_name", (quarantine("school_code.unreadable"),), put("school_code", "Trường Tiểu học số 1")),
    RowDefect("grade_beyond", (quarantine("grade.out_of_range"),), put("grade", 0, 13)),
    RowDefect("grade_text", (quarantine("grade.unreadable"),), put("grade", "5A", "lá")),
    *sent_twice(_other_grade),
)


def send_pupils(landing: Landing, world: World, seed: int, scale: float, dirt: float) -> None:
    """The second term of the school year before and the first of the year's own; half the names of communes are spelt
    with the tone on the other vowel."""
    rng = generator(seed, _EXTRACT)
    size = max(round(_PUPILS * scale), _LEAST)
    # One year more than there are grades: the oldest leave, the youngest come.
    born = (YEAR - _SCHOOL_AGE - _GRADES[-1], YEAR - _SCHOOL_AGE)
    pupils = make_people(seed, size, topic=_EXTRACT, born=born)
    places = world.province.communes.select("parent_code", "district_name", "full_name").rows()
    units = rng.integers(0, len(places), size).tolist()
    for begun, term, received in _TERMS:
        rows: list[Row] = []
        for number, (name, citizen) in enumerate(zip(pupils.names, pupils.citizen_numbers, strict=True)):
            grade = begun - _SCHOOL_AGE - (2000 + int(citizen[4:6])) + 1
            if grade not in _GRADES:
                continue
            district_code, district, commune = places[units[number]]
            cells: Cells = {
                "number": len(rows) + 1,
                "pupil_no": f"34{number + 1:08d}",
                "full_name": name,
                "born_on": born_on(citizen, number),
                "sex": "Nữ" if citizen[3] == "3" else "Nam",
                "citizen_number": citizen,
                "district_name": district,
                "unit_name": _toned_otherwise(commune) if number % 2 else commune,
                "school_code": f"34{district_code}{units[number] % 50 * 3 + (grade > 5) + (grade > 9):03d}",
                "grade": grade,
            }
            rows.append(Row(cells))
        slot = Slot(_EXTRACT, _SUPPLIER, f"{begun}-T{term}")
        subtitle = f"Học kỳ {term} năm học {begun}-{begun + 1}"
        report = Report(_FORM, slot, subtitle, f"hocsinh_{slot.period}", at(received), rows)
        send_report(landing, report, _EVENTS, _DEFECTS, seed, dirt)


def _toned_otherwise(name: str) -> str:
    return _TONED.sub(lambda match: _OTHER_PLACE[match[0]], name)
