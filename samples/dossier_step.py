"""Daily lists of the steps completed; at scale 1 a twentieth of the eight million that are assumed for a year.

What belongs here: what a step says, the form and its typical mistakes.
"""

from __future__ import annotations

import random
from datetime import date, datetime, time, timedelta
from typing import Final

from samples.dossier_days import handed_over, worked_on
from samples.dossier_spelling import World
from samples.expected import at_release, blank, quarantine
from samples.forms import Cells, Column, Report, Row, RowDefect, TextForm, put, sent_twice
from samples.landing import Landing, Slot
from samples.reporting import Event, Events, send_report
from samples.shares import ONE_IN

_EXTRACT: Final = "dossier_step"
_SUPPLIER: Final = "VPUB"
_STEPS_A_YEAR: Final = 8_000_000 / ONE_IN
_STEPS: Final = (
    "Tiếp nhận",
    "Phân công",
    "Thẩm định",
    "Lấy ý kiến",
    "Trình phê duyệt",
    "Phê duyệt",
    "Đóng dấu, trả kết quả",
)

_FORM: Final = TextForm(
    columns=(
        Column("dossier_code", "MaHoSo"),
        Column("step_no", "SoBuoc"),
        Column("step_name", "TenBuoc"),
        Column("agency_code", "DonViXuLy"),
        Column("officer_name", "CanBoXuLy"),
        Column("started_at", "BatDau"),
        Column("ended_at", "KetThuc"),
    ),
    lost="ended_at",
)
_EVENTS: Final[Events] = {
    "2023-02-14": (Event.TRUNCATED, 2),
    "2023-05-23": (Event.MISSING_COLUMN, 3),
    "2023-08-08": (Event.LATE, 6),
    "2023-10-17": (Event.RESENT_UNCHANGED, 4),
} | {f"2023-{month:02d}-07": (Event.ROWS_SPOILT, 5 + month) for month in range(1, 13)}


def _end_early(cells: Cells, _: random.Random) -> None:
    cells["started_at"], cells["ended_at"] = cells["ended_at"], cells["started_at"]


def _other_name(cells: Cells, _: random.Random) -> None:
    cells["step_name"] = "Bổ sung hồ sơ"


_DEFECTS: Final = (
    RowDefect("end_missing", (quarantine("ended_at.required"),), put("ended_at", None, "")),
    RowDefect("end_early", (quarantine("row.end_before_start"),), _end_early),
    RowDefect("end_words", (quarantine("ended_at.unreadable"),), put("ended_at", "đang xử lý")),
    RowDefect("step_zero", (quarantine("step_no.out_of_range"),), put("step_no", 0, -1)),
    RowDefect("step_words", (quarantine("step_no.unreadable"),), put("step_no", "bước cuối")),
    RowDefect("dossier_cut", (quarantine("dossier_code.unreadable"),), put("dossier_code", "H54-230101")),
    RowDefect("agency_unknown", (at_release("agency_code.unknown"),), put("agency_code", "H54.95", "000.00.96.H54")),
    RowDefect("digit_in_name", (blank("officer_name.unreadable"),), put("officer_name", "canbo01")),
    *sent_twice(_other_name),
)


def send_dossier_steps(landing: Landing, world: World, seed: int, scale: float, dirt: float) -> None:
    """A file a day; of a dossier worked on, the step that was completed that day."""
    codes = world.province.agencies["agency_code"].to_list()
    for day, dossiers, age in worked_on(world, seed, _EXTRACT, _STEPS_A_YEAR * scale):
        rows = [
            Row(_cells(day, number, world, dossier, days, codes))
            for number, (dossier, days) in enumerate(zip(dossiers.tolist(), age.tolist(), strict=True))
        ]
        slot = Slot(_EXTRACT, _SUPPLIER, day.isoformat())
        report = Report(_FORM, slot, "", f"buoc_{day:%Y%m%d}", handed_over(day, 5), rows)
        send_report(landing, report, _EVENTS, _DEFECTS, seed, dirt)


def _cells(day: date, number: int, world: World, dossier: int, days: int, codes: list[str]) -> Cells:
    started = datetime.combine(day - timedelta(days=min(days, 2)), time(8, number % 60, number % 59))
    ended = datetime.combine(day, time(9 + number % 8, number * 7 % 60, number % 59))
    return {
        "dossier_code": world.dossiers.dossier_code[dossier],
        "step_no": days + 1,
        "step_name": _STEPS[days % len(_STEPS)],
        "agency_code": codes[int(world.dossiers.agency[dossier])],
        "officer_name": world.people.names[(dossier * 31) % len(world.people)],
        "started_at": started.isoformat(),
        "ended_at": ended.isoformat(),
    }
