"""Monthly answers to surveys about finished dossiers, and feedback that has to be answered by a day.

What belongs here: who answers what, the form and its typical mistakes.
"""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Final

import numpy as np

from samples.article import FIRST_DAY, YEAR
from samples.dossier_files import dossiers_told
from samples.dossier_spelling import World
from samples.draws import generator
from samples.expected import at_release, blank, quarantine, warn
from samples.forms import Cells, Column, Report, Row, RowDefect, TextForm, put, sent_twice
from samples.landing import Landing, Slot, after_month
from samples.reporting import Event, Events, send_report

_EXTRACT: Final = "satisfaction_response"
_SUPPLIER: Final = "VPUB"
_RESPONSES_A_YEAR: Final = 300_000
_FEEDBACK_SHARE: Final = 0.08
_SURVEYS: Final = ("overall_score", "attitude_score", "time_score", "procedure_score")
_REMARKS: Final = (
    "Cán bộ nhiệt tình",
    'Chờ hơi lâu, "hẹn rồi lại hẹn"',
    "Đề nghị bổ sung ghế ngồi; quạt mát",
    "",
    "",
    "",
)

_FORM: Final = TextForm(
    columns=(
        Column("response_no", "Số phiếu"),
        Column("dossier_code", "Mã hồ sơ"),
        Column("response_kind", "Loại phiếu"),
        Column("citizen_number", "Số định danh"),
        Column("overall_score", "Điểm chung"),
        Column("attitude_score", "Điểm thái độ"),
        Column("time_score", "Điểm thời gian"),
        Column("procedure_score", "Điểm thủ tục"),
        Column("received_on", "Ngày nhận phiếu"),
        Column("due_on", "Hạn trả lời"),
        Column("answered_on", "Ngày trả lời"),
        Column("remark", "Nội dung góp ý"),
    ),
    lost="response_kind",
    delimiter=";",
)
_EVENTS: Final[Events] = {
    "2023-02": (Event.ROWS_SPOILT, 8),
    "2023-04": (Event.MISSING_COLUMN, 2),
    "2023-05": (Event.ROWS_SPOILT, 40),
    "2023-07": (Event.WRONG_HEADER, 3),
    "2023-08": (Event.EXTRA_COLUMN, 0),
    "2023-10": (Event.RESENT_A_B_A, 6),
    "2023-11": (Event.LATE, 22),
}


def _answer_too_early(cells: Cells, _: random.Random) -> None:
    cells["received_on"], cells["answered_on"] = "2023-12-01", "2023-11-01"


def _is_feedback(cells: Cells) -> bool:
    return cells["response_kind"] == "Phản ánh"


def _other_score(cells: Cells, _: random.Random) -> None:
    cells["overall_score"] = 1 if cells["overall_score"] != 1 else 2


_DEFECTS: Final = (
    RowDefect(
        "dossier_unknown",
        (at_release("dossier_code.unknown"),),
        put("dossier_code", "000.00.53.H54-230101-9999", "000.00.99.H54-230202-8888"),
    ),
    RowDefect("dossier_cut", (quarantine("dossier_code.unreadable"),), put("dossier_code", "H54-230101", "53-0001")),
    RowDefect("dossier_missing", (quarantine("dossier_code.required"),), put("dossier_code", None)),
    RowDefect("kind_unlisted", (quarantine("response_kind.not_in_list"),), put("response_kind", "Khen ngợi")),
    RowDefect("number_cut", (quarantine("response_no.unreadable"),), put("response_no", "PH-12", "phiếu giấy")),
    RowDefect("score_too_high", (blank("overall_score.out_of_range"),), put("overall_score", 6, 10, 0)),
    RowDefect("score_words", (blank("time_score.unreadable"),), put("time_score", "rất tốt")),
    RowDefect("old_card", (blank("citizen_number.old_card"),), put("citizen_number", "151234567", "152345678")),
    RowDefect("zero_lost", (blank("citizen_number.leading_zero"),), put("citizen_number", "34085001234")),
    RowDefect("answer_too_early", (quarantine("row.answer_before_receipt"),), _answer_too_early, _is_feedback),
    RowDefect("due_date_missing", (warn("row.feedback_without_due_date"),), put("due_on", None), _is_feedback),
    RowDefect("received_text", (quarantine("received_on.unreadable"),), put("received_on", "tuần trước")),
    *sent_twice(_other_score),
)


def send_satisfaction_responses(landing: Landing, world: World, seed: int, scale: float, dirt: float) -> None:
    """Twelve months; people answer within a fortnight of the end of their dossier, one of them many times a month, and
    some tell in their remarks who they are and how to reach them."""
    rng = generator(seed, _EXTRACT)
    dossiers = world.dossiers
    told = dossiers_told(world, seed, scale, dirt)
    ends = [(date(YEAR + month // 12, month % 12 + 1, 1) - FIRST_DAY).days for month in range(1, 13)]
    candidates = told[(dossiers.finished_day[told] >= 0) & (dossiers.finished_day[told] < ends[-1] - 14)]
    size = max(round(_RESPONSES_A_YEAR * scale), 600)
    of = np.sort(candidates[rng.integers(0, len(candidates), size)])
    day = dossiers.finished_day[of] + rng.integers(0, 14, size)
    is_feedback = rng.random(size) < _FEEDBACK_SHARE
    scores = np.minimum(rng.binomial(5, 0.9, (size, len(_SURVEYS))) + 1, 5)
    wait = rng.geometric(0.25, size)
    for month, end in enumerate(ends, 1):
        start = ends[month - 2] if month > 1 else 0
        rows = []
        for number, place in enumerate(np.flatnonzero((day >= start) & (day < end)).tolist(), 1):
            person = int(dossiers.person[of[place]])
            cells: Cells = {
                "response_no": f"PH-{YEAR % 100}{month:02d}-{number:06d}",
                "dossier_code": dossiers.dossier_code[int(of[place])],
                # For every fiftieth dossier of a month the same person answers.
                "citizen_number": world.people.citizen_numbers[person if place % 50 else month],
                "received_on": _date(day[place]),
                "remark": _remark(world, place, person),
            }
            if is_feedback[place]:
                cells |= {
                    "response_kind": "Phản ánh",
                    "due_on": _date(day[place] + 10),
                    "answered_on": _date(day[place] + wait[place]) if place % 9 else None,
                }
            else:
                cells |= {"response_kind": "Khảo sát", **dict(zip(_SURVEYS, scores[place].tolist(), strict=True))}
            rows.append(Row(cells))
        period = f"{YEAR}-{month:02d}"
        received = after_month(month, 5, 7, 30 + month)
        report = Report(_FORM, Slot(_EXTRACT, _SUPPLIER, period), "", f"hailong_{period}", received, rows)
        send_report(landing, report, _EVENTS, _DEFECTS, seed, dirt)


def _remark(world: World, place: int, person: int) -> str:
    """Mostly nothing or a few words; at times with the author's name and telephone, for which nobody asked."""
    if place % 23 == 3:
        return f"Tôi là {world.people.names[person]}, gọi cho tôi theo số 09{person % 100_000_000:08d}"
    return _REMARKS[place % len(_REMARKS)]


def _date(day: np.int64) -> str:
    return (FIRST_DAY + timedelta(days=int(day))).isoformat()
