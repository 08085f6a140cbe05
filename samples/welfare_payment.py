"""Monthly lists of social assistance paid; at scale 1 to the 200,000 beneficiaries that are assumed.

What belongs here: who is paid what and how, the form and its typical mistakes.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Final

from samples.article import YEAR
from samples.dossier_spelling import World
from samples.draws import generator
from samples.expected import blank, quarantine, warn, warn_at_release
from samples.forms import Cell, Cells, Column, Form, Report, Row, RowDefect, put, sent_twice, thousands
from samples.landing import Landing, Slot, after_month
from samples.people import born_on
from samples.register_members import beneficiaries, dead_beneficiaries
from samples.reporting import Event, Events, send_report

_EXTRACT: Final = "welfare_payment"
_SUPPLIER: Final = "SLDTBXH"
_BENEFICIARIES: Final = 200_000
_LEAST: Final = 100
_KINDS: Final = (
    ("Người cao tuổi", 360_000),
    ("Người khuyết tật", 540_000),
    ("Người cao tuổi", 360_000),
    ("Trẻ em không nguồn nuôi dưỡng", 900_000),
    ("Người đơn thân nuôi con", 720_000),
    ("Hộ nhận chăm sóc", 540_000),
)

_FORM: Final = Form(
    sheet_name="ChiTra",
    office="SỞ LAO ĐỘNG - THƯƠNG BINH VÀ XÃ HỘI",
    title="DANH SÁCH CHI TRẢ TRỢ GIÚP XÃ HỘI",
    columns=(
        Column("number", "STT"),
        Column("beneficiary_no", "Mã đối tượng"),
        Column("full_name", "Họ và tên"),
        Column("born_on", "Ngày sinh"),
        Column("citizen_number", "Số định danh"),
        Column("district_name", "Huyện/Thành phố"),
        Column("unit_name", "Xã/Phường/Thị trấn"),
        Column("benefit_kind", "Đối tượng hưởng"),
        Column("amount_vnd", "Số tiền (đồng)"),
        Column("payment_method", "Hình thức chi trả"),
    ),
    label="full_name",
    lost="payment_method",
)
_EVENTS: Final[Events] = {
    "2023-02": (Event.ROWS_SPOILT, 7),
    "2023-04": (Event.MISSING_COLUMN, 3),
    "2023-07": (Event.ROWS_SPOILT, 12),
    "2023-09": (Event.RESENT_A_B_A, 10),
    "2023-11": (Event.LATE, 21),
    "2023-12": (Event.EXTRA_COLUMN, 0),
}


def _other_amount(cells: Cells, rng: random.Random) -> None:
    cells["amount_vnd"] = rng.randrange(1_000_000, 2_000_000)


_DEFECTS: Final = (
    RowDefect("number_missing", (warn("citizen_number.missing"),), put("citizen_number", None)),
    RowDefect("old_card", (blank("citizen_number.old_card"),), put("citizen_number", "151234567", "152333444")),
    RowDefect("zero_lost", (blank("citizen_number.leading_zero"),), put("citizen_number", "34085001234")),
    RowDefect("first_of_january", (warn("born_on.placeholder"),), put("born_on", "01/01/1938", "01/01/1941")),
    RowDefect("birth_words", (blank("born_on.unreadable"),), put("born_on", "tuổi Dần", "khoảng 1940")),
    RowDefect("digit_in_name", (blank("full_name.unreadable"),), put("full_name", "Phạm Thị 2")),
    RowDefect(
        "beneficiary_cut", (quarantine("beneficiary_no.unreadable"),), put("beneficiary_no", "TG-336", "chưa có")
    ),
    RowDefect("beneficiary_missing", (quarantine("beneficiary_no.required"),), put("beneficiary_no", None)),
    RowDefect("unit_unknown", (quarantine("unit_name.unknown"),), put("unit_name", "Xã Đồng Không")),
    RowDefect("unit_missing", (quarantine("unit_name.required"),), put("unit_name", None)),
    RowDefect("benefit_unlisted", (quarantine("benefit_kind.not_in_list"),), put("benefit_kind", "Người có công")),
    RowDefect("amount_words", (quarantine("amount_vnd.unreadable"),), put("amount_vnd", "theo quyết định")),
    RowDefect("amount_missing", (quarantine("amount_vnd.required"),), put("amount_vnd", None)),
    RowDefect("amount_beyond", (quarantine("amount_vnd.implausible"),), put("amount_vnd", 0, -360_000, 360_000_000)),
    RowDefect(
        "method_unlisted", (quarantine("payment_method.not_in_list"),), put("payment_method", "Bưu điện", "Khác")
    ),
    *sent_twice(_other_amount),
)


def send_welfare_payments(landing: Landing, world: World, seed: int, scale: float, dirt: float) -> None:
    """Twelve monthly lists; more of them are paid into accounts every month, a few go on being paid after their death."""
    rng = generator(seed, _EXTRACT)
    people = beneficiaries(len(world.people))
    size = min(max(round(_BENEFICIARIES * scale), _LEAST), len(people))
    places = world.province.communes.select("parent_code", "district_name", "full_name").rows()
    units = rng.integers(0, len(places), size).tolist()
    known = list(zip(world.people.names, world.people.citizen_numbers, strict=True))
    paid = [(number, *known[people[number]], places[units[number]]) for number in range(size)]
    dead = [
        (size + place, *known[person], places[place])
        for place, person in enumerate(dead_beneficiaries(len(world.people)))
    ]
    for month in range(1, 13):
        rows = [Row(_cells(month, *one)) for one in paid]
        if dirt:
            rows += _of_the_dead(month, dead)
        period = f"{YEAR}-{month:02d}"
        received = after_month(month, 9, 10, 10 + month)
        slot = Slot(_EXTRACT, _SUPPLIER, period)
        report = Report(_FORM, slot, f"Tháng {month} năm {YEAR}", f"chitra_{period}", received, rows)
        send_report(landing, report, _EVENTS, _DEFECTS, seed, dirt)


def _of_the_dead(month: int, dead: list[tuple[int, str, str, tuple[str, str, str]]]) -> Iterator[Row]:
    """What is still paid to people who died before the year."""
    for one in dead:
        expected = (warn_at_release("row.paid_after_death"),)
        yield Row(_cells(month, *one), defects=("deceased_paid",), expected=expected)


def _cells(month: int, number: int, name: str, citizen: str, place: tuple[str, str, str]) -> Cells:
    district_code, district, commune = place
    kind, amount = _KINDS[number % len(_KINDS)]
    typed: Cell = thousands(amount) if number % 5 == 0 else amount
    cells: Cells = {
        "number": number + 1,
        "beneficiary_no": f"TG-{district_code}-{number + 1:06d}",
        "full_name": name,
        "born_on": born_on(citizen, number),
        "citizen_number": citizen,
        "district_name": district,
        "unit_name": commune,
        "benefit_kind": kind,
        "amount_vnd": typed,
        "payment_method": "Tài khoản" if number % 100 < 20 + 3 * month else "Tiền mặt",
    }
    if number % 9 == 0:
        cells["extra"] = "Ký nhận thay"
    return cells
