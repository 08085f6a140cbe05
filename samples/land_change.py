"""Monthly lists of changes in the land register, communes by name, often abbreviated and some as before 2020.

What belongs here: which parcels change, how names are written, the form and its typical mistakes.
"""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Final

from samples.article import YEAR
from samples.dossier_spelling import World
from samples.draws import generator
from samples.expected import blank, quarantine
from samples.forms import Cells, Column, Form, Report, Row, RowDefect, put, sent_twice
from samples.landing import Landing, Slot, after_month
from samples.reporting import Event, Events, send_report
from schemas.reference import tables

_EXTRACT: Final = "land_change"
_SUPPLIER: Final = "STNMT"
_CHANGES_A_YEAR: Final = 80_000
_KINDS: Final = ("Chuyển nhượng", "Thừa kế", "Tặng cho", "Tách thửa", "Hợp thửa", "Chuyển mục đích")
_SHORT: Final = {"Xã ": "X. ", "Phường ": "P. ", "Thị trấn ": "TT. "}

_FORM: Final = Form(
    sheet_name="BienDong",
    office="SỞ TÀI NGUYÊN VÀ MÔI TRƯỜNG",
    title="DANH SÁCH BIẾN ĐỘNG ĐẤT ĐAI",
    columns=(
        Column("number", "STT"),
        Column("change_no", "Số biến động"),
        Column("district_name", "Huyện/Thành phố"),
        Column("unit_name", "Xã/Phường/Thị trấn"),
        Column("change_kind", "Loại biến động"),
        Column("holder_name", "Chủ sử dụng đất"),
        Column("citizen_number", "Số định danh"),
        Column("area_m2", "Diện tích (m²)"),
        Column("changed_on", "Ngày biến động"),
    ),
    label="unit_name",
    lost="area_m2",
)
_EVENTS: Final[Events] = {
    "2023-02": (Event.ROWS_SPOILT, 10),
    "2023-05": (Event.TRUNCATED, 3),
    "2023-08": (Event.ROWS_SPOILT, 14),
    "2023-10": (Event.LATE, 33),
    "2023-12": (Event.EXTRA_COLUMN, 0),
}


def _other_area(cells: Cells, rng: random.Random) -> None:
    cells["area_m2"] = f"{rng.randrange(1000, 2000)},5"


_DEFECTS: Final = (
    RowDefect(
        "unit_unknown", (quarantine("unit_name.unknown"),), put("unit_name", "Xã Thái Bình Dương", "Xã Đồng Không")
    ),
    RowDefect("unit_missing", (quarantine("unit_name.required"),), put("unit_name", None)),
    RowDefect("number_cut", (quarantine("change_no.unreadable"),), put("change_no", "BD-12", "số cũ")),
    RowDefect("kind_unlisted", (quarantine("change_kind.not_in_list"),), put("change_kind", "Đính chính", "Khác")),
    RowDefect("area_words", (quarantine("area_m2.unreadable"),), put("area_m2", "một sào", "100 m2")),
    RowDefect("area_missing", (quarantine("area_m2.required"),), put("area_m2", None)),
    RowDefect("changed_later", (quarantine("changed_on.after_period"),), put("changed_on", "15/02/2024")),
    RowDefect("changed_text", (quarantine("changed_on.unreadable"),), put("changed_on", "31/02/2023", "đầu năm")),
    RowDefect("old_card", (blank("citizen_number.old_card"),), put("citizen_number", "151234567")),
    RowDefect("digit_in_name", (blank("holder_name.unreadable"),), put("holder_name", "Hộ ông Lê Văn 4")),
    *sent_twice(_other_area),
)


def send_land_changes(landing: Landing, world: World, seed: int, scale: float, dirt: float) -> None:
    """Twelve monthly lists; a third of the communes is abbreviated, some bear the names of old land books."""
    rng = generator(seed, _EXTRACT)
    size = max(round(_CHANGES_A_YEAR * scale / 12), 50)
    places = world.province.communes.select("district_name", "full_name").rows()
    old_books = _before_2020(world)
    for month in range(1, 13):
        first_on = date(YEAR, month, 1)
        days = (date(YEAR + month // 12, month % 12 + 1, 1) - first_on).days
        people = rng.integers(0, len(world.people), size).tolist()
        units = rng.integers(0, len(places), size).tolist()
        rows = []
        for number in range(size):
            district, name = places[units[number]] if number % 29 else old_books[units[number] % len(old_books)]
            tenths = 300 + (number * 7919) % 90_000
            whole = f"{tenths // 10:,}".replace(",", ".")
            cells: Cells = {
                "number": number + 1,
                "change_no": f"BD-{YEAR % 100}{month:02d}-{number + 1:06d}",
                "district_name": district,
                "unit_name": _shortened(name) if number % 3 == 0 else name,
                "change_kind": _KINDS[number % len(_KINDS)],
                "holder_name": world.people.names[people[number]],
                "citizen_number": world.people.citizen_numbers[people[number]] if number % 8 else None,
                "area_m2": f"{whole},{tenths % 10}" if number % 2 else tenths / 10,
                "changed_on": f"{first_on + timedelta(days=number % days):%d/%m/%Y}",
            }
            if number % 6 == 0:
                cells["extra"] = "Đã vào sổ"
            rows.append(Row(cells))
        period = f"{YEAR}-{month:02d}"
        received = after_month(month, 4, 16, 5 + month)
        slot = Slot(_EXTRACT, _SUPPLIER, period)
        report = Report(_FORM, slot, f"Tháng {month} năm {YEAR}", f"biendong_{period}", received, rows)
        send_report(landing, report, _EVENTS, _DEFECTS, seed, dirt)


def _before_2020(world: World) -> list[tuple[str, str]]:
    """Districts and names of communes as land books begun before the mergers of 2020 have them."""
    districts = dict(world.province.districts.select("unit_code", "full_name").iter_rows())
    former = tables.former_commune().select("parent_code", "unit_type", "name").iter_rows()
    return [(districts[parent], f"{kind} {name}") for parent, kind, name in former]


def _shortened(name: str) -> str:
    kind = next(kind for kind in _SHORT if name.startswith(kind))
    return name.replace(kind, _SHORT[kind], 1)
