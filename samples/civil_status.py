"""Monthly lists of births, deaths and marriages, partly out of old books: years instead of days, old fonts.

What belongs here: what happened to whom, the form and its typical mistakes.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from samples.article import YEAR
from samples.dossier_spelling import World
from samples.draws import generator
from samples.expected import blank, quarantine, warn
from samples.forms import Cells, Column, Form, Report, Row, RowDefect, put, sent_twice
from samples.landing import Landing, Slot, after_month
from samples.register_members import dead_beneficiaries, others
from samples.reporting import Event, Events, send_report

_EXTRACT: Final = "civil_status"
_SUPPLIER: Final = "STP"
_EVENTS_A_YEAR: Final = 60_000
_KINDS: Final = (("Khai sinh", "KS"), ("Khai tử", "KT"), ("Kết hôn", "KH"))

_FORM: Final = Form(
    sheet_name="HoTich",
    office="SỞ TƯ PHÁP",
    title="DANH SÁCH SỰ KIỆN HỘ TỊCH",
    columns=(
        Column("number", "STT"),
        Column("registration_no", "Số đăng ký"),
        Column("event_kind", "Loại sự kiện"),
        Column("full_name", "Họ và tên"),
        Column("citizen_number", "Số định danh"),
        Column("sex", "Giới tính"),
        Column("district_name", "Huyện/Thành phố"),
        Column("unit_name", "Xã/Phường/Thị trấn"),
        Column("event_on", "Ngày xảy ra"),
        Column("registered_on", "Ngày đăng ký"),
    ),
    label="unit_name",
    lost="event_on",
)
_EVENTS: Final[Events] = {
    "2023-03": (Event.ROWS_SPOILT, 9),
    "2023-06": (Event.MISSING_COLUMN, 4),
    "2023-09": (Event.ROWS_SPOILT, 12),
    "2023-11": (Event.RESENT_UNCHANGED, 3),
}


def _register_early(cells: Cells, _: random.Random) -> None:
    cells["event_on"], cells["registered_on"] = "20/12/2022", "02/12/2022"


def _other_name(cells: Cells, _: random.Random) -> None:
    cells["full_name"] = f"{cells['full_name']} Anh"


def _sex_not_of_number(cells: Cells, _: random.Random) -> None:
    cells["event_kind"], cells["citizen_number"], cells["sex"] = "Kết hôn", "034085001234", "Nữ"


def _sex(citizen_number: str | None, number: int) -> str:
    """The sex that the fourth digit of a personal number tells."""
    digit = int(citizen_number[3]) if citizen_number else number
    return "Nữ" if digit % 2 else "Nam"


_DEFECTS: Final = (
    # Names as a font of the nineties shows them; they are read and the change is counted.
    RowDefect("old_font", (), put("full_name", "NguyÔn V¨n An", "TrÇn ThÞ B×nh")),
    RowDefect("first_of_january", (warn("event_on.placeholder"),), put("event_on", "01/01/1985", "01/01/1990")),
    RowDefect("short_year", (warn("event_on.two_digit_year"),), put("event_on", "17/05/85")),
    RowDefect("event_words", (quarantine("event_on.unreadable"),), put("event_on", "mùa gặt năm ngoái")),
    RowDefect("event_missing", (quarantine("event_on.required"),), put("event_on", None)),
    RowDefect("registered_early", (quarantine("row.registered_before_event"),), _register_early),
    RowDefect("unit_unknown", (quarantine("unit_name.unknown"),), put("unit_name", "Xã Đồng Không")),
    RowDefect("kind_unlisted", (quarantine("event_kind.not_in_list"),), put("event_kind", "Ly hôn", "Nhận con nuôi")),
    RowDefect("number_cut", (quarantine("registration_no.unreadable"),), put("registration_no", "KS-01", "quyển 3")),
    RowDefect("sex_letter", (blank("sex.not_in_list"),), put("sex", "x", "?")),
    RowDefect("sex_not_of_number", (warn("sex.not_of_number"),), _sex_not_of_number),
    RowDefect("zero_lost", (blank("citizen_number.leading_zero"),), put("citizen_number", "34085001234")),
    *sent_twice(_other_name),
)


def send_civil_status(landing: Landing, world: World, seed: int, scale: float, dirt: float) -> None:
    """Twelve monthly lists; of events long past only the month or the year is known."""
    rng = generator(seed, _EXTRACT)
    size = max(round(_EVENTS_A_YEAR * scale / 12), 50)
    places = world.province.communes.select("unit_code", "district_name", "full_name").rows()
    book = [0] * len(places)
    for month in range(1, 13):
        first_on = date(YEAR, month, 1)
        days = (date(YEAR + month // 12, month % 12 + 1, 1) - first_on).days
        people = rng.integers(0, len(others(len(world.people))), size).tolist()
        if month == 1:
            dead = dead_beneficiaries(len(world.people))
            people[1 : 1 + len(_KINDS) * len(dead) : len(_KINDS)] = dead
        units = rng.integers(0, len(places), size).tolist()
        numbered = _within_commune(units, book)
        rows = []
        for number in range(size):
            code, district, name = places[units[number]]
            kind, letters = _KINDS[number % len(_KINDS)]
            registered = first_on + timedelta(days=number % days)
            # The newborn have no number yet.
            citizen_number = world.people.citizen_numbers[people[number]] if number % len(_KINDS) else None
            cells: Cells = {
                "number": number + 1,
                "registration_no": f"{letters}-{code}-{YEAR}-{numbered[number]:04d}",
                "event_kind": kind,
                "full_name": world.people.names[people[number]],
                "citizen_number": citizen_number,
                "sex": _sex(citizen_number, number),
                "district_name": district,
                "unit_name": name,
                "event_on": _event_text(_not_new_year(registered - timedelta(days=3 + number % 40)), number),
                "registered_on": f"{registered:%d/%m/%Y}",
            }
            rows.append(Row(cells))
        period = f"{YEAR}-{month:02d}"
        received = after_month(month, 5, 15, 25 + month)
        slot = Slot(_EXTRACT, _SUPPLIER, period)
        report = Report(_FORM, slot, f"Tháng {month} năm {YEAR}", f"hotich_{period}", received, rows)
        send_report(landing, report, _EVENTS, _DEFECTS, seed, dirt)


def _within_commune(units: Sequence[int], book: list[int]) -> list[int]:
    """The next number in the book of each commune; ``book`` holds the last one given."""
    numbers = []
    for unit in units:
        book[unit] += 1
        numbers.append(book[unit])
    return numbers


def _not_new_year(happened: date) -> date:
    """The first of January would be taken for a day that stands for a year."""
    return happened - timedelta(days=1) if (happened.month, happened.day) == (1, 1) else happened


def _event_text(happened: date, number: int) -> str:
    """Mostly a day; of late registrations a month or a year, in words or figures."""
    if number % 17 == 5:
        return f"{1950 + number % 60}"
    if number % 23 == 7:
        return f"tháng {1 + number % 12} năm {1980 + number % 30}"
    if number % 5 == 2:
        return f"ngày {happened.day} tháng {happened.month} năm {happened.year}"
    return f"{happened:%d/%m/%Y}"
