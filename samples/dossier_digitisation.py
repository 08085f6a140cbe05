"""Daily lists of papers digitised, with the yes and no of four programs.

What belongs here: what is told of a paper, the form and its typical mistakes.
"""

from __future__ import annotations

import random
from datetime import date, datetime, time
from typing import Final

from samples.dossier_days import handed_over, worked_on
from samples.dossier_spelling import World
from samples.expected import blank, quarantine
from samples.forms import Cell, Cells, Column, Report, Row, RowDefect, TextForm, put, sent_twice
from samples.landing import Landing, Slot
from samples.reporting import Event, Events, send_report

_EXTRACT: Final = "dossier_digitisation"
_SUPPLIER: Final = "VPUB"
_PAPERS_A_YEAR: Final = 1_500_000
_PAPERS_A_DOSSIER: Final = 3
_YES_NO: Final[tuple[tuple[Cell, Cell], ...]] = ((0, 1), ("Không", "Có"), ("0", "1"), ("false", "true"))

_FORM: Final = TextForm(
    columns=(
        Column("dossier_code", "MaHoSo"),
        Column("paper_no", "SoThuTuGiayTo"),
        Column("paper_kind", "LoaiGiayTo"),
        Column("is_digitised", "DaSoHoa"),
        Column("is_signed", "KySo"),
        Column("is_reused", "TaiSuDung"),
        Column("recorded_at", "ThoiDiem"),
    ),
    lost="is_digitised",
)
_EVENTS: Final[Events] = {
    "2023-04-12": (Event.TRUNCATED, 2),
    "2023-07-11": (Event.WRONG_HEADER, 3),
    "2023-09-26": (Event.RESENT_A_B_A, 6),
} | {f"2023-{month:02d}-09": (Event.ROWS_SPOILT, 3 + month) for month in range(1, 13)}


def _other_kind(cells: Cells, _: random.Random) -> None:
    cells["paper_kind"] = 3 - int(str(cells["paper_kind"]))


_DEFECTS: Final = (
    RowDefect("flag_words", (quarantine("is_digitised.unreadable"),), put("is_digitised", "một phần", "X")),
    RowDefect("flag_missing", (quarantine("is_digitised.required"),), put("is_digitised", None, "")),
    RowDefect("signed_words", (blank("is_signed.unreadable"),), put("is_signed", "chờ ký", 2)),
    RowDefect("kind_unlisted", (quarantine("paper_kind.not_in_list"),), put("paper_kind", 3, "Bản sao")),
    RowDefect("paper_zero", (quarantine("paper_no.out_of_range"),), put("paper_no", 0)),
    RowDefect("dossier_cut", (quarantine("dossier_code.unreadable"),), put("dossier_code", "230101-0001")),
    RowDefect("moment_words", (quarantine("recorded_at.unreadable"),), put("recorded_at", "sáng nay")),
    *sent_twice(_other_kind),
)


def send_dossier_digitisations(landing: Landing, world: World, seed: int, scale: float, dirt: float) -> None:
    """A file a day; three papers of every dossier chosen, the last of which is its result."""
    for day, dossiers, _ in worked_on(world, seed, _EXTRACT, _PAPERS_A_YEAR * scale / _PAPERS_A_DOSSIER):
        rows = [
            Row(_cells(day, place, paper, world, dossier))
            for place, dossier in enumerate(dossiers.tolist())
            for paper in range(_PAPERS_A_DOSSIER)
        ]
        slot = Slot(_EXTRACT, _SUPPLIER, day.isoformat())
        report = Report(_FORM, slot, "", f"sohoa_{day:%Y%m%d}", handed_over(day, 25), rows)
        send_report(landing, report, _EVENTS, _DEFECTS, seed, dirt)


def _cells(day: date, place: int, paper: int, world: World, dossier: int) -> Cells:
    spelling = _YES_NO[place % len(_YES_NO)]
    is_digitised = (dossier + paper) % 5 < 3
    return {
        "dossier_code": world.dossiers.dossier_code[dossier],
        "paper_no": paper + 1,
        "paper_kind": 2 if paper + 1 == _PAPERS_A_DOSSIER else 1,
        "is_digitised": spelling[is_digitised],
        "is_signed": spelling[is_digitised and dossier % 3 == 0],
        "is_reused": spelling[is_digitised and dossier % 7 == 0],
        "recorded_at": datetime.combine(day, time(8 + place % 9, place % 60, place * 7 % 60)).isoformat(sep=" "),
    }
