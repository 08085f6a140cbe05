"""Monthly lists of people who take part in insurance; at scale 1 a twentieth of the 1.7 million that are assumed.

What belongs here: who takes part in what, the form and its typical mistakes.
"""

from __future__ import annotations

import random
import unicodedata
from datetime import date
from typing import Final

from samples.article import YEAR
from samples.dossier_spelling import World
from samples.draws import generator
from samples.expected import at_release, blank, quarantine
from samples.forms import Cells, Column, Report, Row, RowDefect, TextForm, leave, put
from samples.landing import Landing, Slot, after_month
from samples.reporting import Event, Events, send_report
from samples.shares import ONE_IN

_EXTRACT: Final = "insurance_participant"
_SUPPLIER: Final = "BHXH"
_PARTICIPANTS: Final = 1_700_000 // ONE_IN
_KINDS: Final = (("BHXH bắt buộc", "DN4"), ("BHXH tự nguyện", "TN4"), ("Chỉ BHYT", "GD4"), ("Chỉ BHYT", "HS4"))

_FORM: Final = TextForm(
    columns=(
        Column("insurance_number", "Mã số BHXH"),
        Column("full_name", "Họ và tên"),
        Column("citizen_number", "Số định danh"),
        Column("health_card", "Mã thẻ BHYT"),
        Column("participation_code", "Loại tham gia"),
        Column("unit_code", "Mã xã"),
        Column("joined_on", "Tham gia từ"),
        Column("contribution_vnd", "Số tiền đóng"),
    ),
    lost="unit_code",
    delimiter=",",
)
_EVENTS: Final[Events] = {
    "2023-02": (Event.ROWS_SPOILT, 8),
    "2023-05": (Event.WRONG_HEADER, 3),
    "2023-06": (Event.RESENT_UNCHANGED, 6),
    "2023-08": (Event.ROWS_SPOILT, 18),
    "2023-10": (Event.EXTRA_COLUMN, 0),
    "2023-12": (Event.LATE, 9),
}


def _lose_zero(cells: Cells, _: random.Random) -> None:
    cells["insurance_number"] = str(cells["insurance_number"])[1:].replace("0", "3", 1)


def _other_card(cells: Cells, rng: random.Random) -> None:
    """A second card of the same person."""
    cells["health_card"] = f"HN4{rng.randrange(10**12):012d}"


_DEFECTS: Final = (
    RowDefect("zero_lost", (quarantine("insurance_number.leading_zero"),), _lose_zero),
    RowDefect("number_cut", (quarantine("insurance_number.unreadable"),), put("insurance_number", "34123", "chưa cấp")),
    RowDefect("number_missing", (quarantine("insurance_number.required"),), put("insurance_number", None)),
    RowDefect("old_card", (blank("citizen_number.old_card"),), put("citizen_number", "151234567", "152222333")),
    RowDefect("card_cut", (blank("health_card.unreadable"),), put("health_card", "DN4", "mất thẻ")),
    RowDefect("digit_in_name", (blank("full_name.unreadable"),), put("full_name", "Trần Thị 3")),
    RowDefect(
        "participation_unlisted", (quarantine("participation_code.not_in_list"),), put("participation_code", "Khác")
    ),
    RowDefect("unit_unknown", (at_release("unit_code.unknown"),), put("unit_code", "99998")),
    RowDefect("unit_missing", (quarantine("unit_code.required"),), put("unit_code", None)),
    RowDefect("amount_text", (blank("contribution_vnd.unreadable"),), put("contribution_vnd", "theo quy định")),
    RowDefect("amount_negative", (blank("contribution_vnd.out_of_range"),), put("contribution_vnd", -500000)),
    RowDefect("joined_text", (blank("joined_on.unreadable"),), put("joined_on", "không nhớ")),
    RowDefect("duplicate_line", (), leave, twin="same", twin_expected=(quarantine("row.duplicate_row"),)),
    RowDefect(
        "second_card",
        (quarantine("row.duplicate_key"),),
        _other_card,
        twin="other",
        twin_expected=(quarantine("row.duplicate_key"),),
    ),
)


def send_insurance_participants(landing: Landing, world: World, seed: int, scale: float, dirt: float) -> None:
    """Twelve monthly lists; some names come in decomposed Unicode, some people join during the year."""
    rng = generator(seed, _EXTRACT)
    size = max(round(_PARTICIPANTS * scale), 80)
    communes = world.province.communes["unit_code"].to_list()
    units = rng.integers(0, len(communes), size).tolist()
    people = rng.permutation(len(world.people))[:size]
    names = world.people.names.gather(people).to_list()
    numbers = world.people.citizen_numbers.gather(people).to_list()
    joined_month = rng.integers(-60, 13, size).tolist()
    for month in range(1, 13):
        rows = []
        for number, (name, citizen) in enumerate(zip(names, numbers, strict=True)):
            joined = joined_month[number]
            if joined > month:
                continue
            kind, group = _KINDS[number % len(_KINDS)]
            year_month = YEAR * 12 + joined - 1
            cells: Cells = {
                "insurance_number": f"0{340_000_000 + number:09d}",
                "full_name": unicodedata.normalize("NFD", name) if number % 20 == 3 else name,
                "citizen_number": citizen if number % 9 else None,
                "health_card": f"{group}340{340_000_000 + number:09d}",
                "participation_code": kind,
                "unit_code": communes[units[number]],
                "joined_on": f"{date(year_month // 12, year_month % 12 + 1, 2 + number % 20):%d/%m/%Y}",
                "contribution_vnd": 300_000 + number % 90 * 10_000 if number % 4 < 2 else None,
            }
            rows.append(Row(cells))
        period = f"{YEAR}-{month:02d}"
        received = after_month(month, 9, 14, 5 + month)
        report = Report(_FORM, Slot(_EXTRACT, _SUPPLIER, period), "", f"bhxh_{period}", received, rows)
        send_report(landing, report, _EVENTS, _DEFECTS, seed, dirt)
