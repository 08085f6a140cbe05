"""Quarterly answers of the units that miss a target: who is in charge, why, what is done, by when.

What belongs here: which unit answers for which target, the form and its typical mistakes.
"""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Final

from samples.article import YEAR
from samples.dossier_spelling import World
from samples.expected import at_release, quarantine, warn
from samples.forms import Cells, Column, Form, Report, Row, RowDefect, put, sent_twice
from samples.landing import Landing, Slot, after_month
from samples.reporting import Event, Events, send_report

_EXTRACT: Final = "target_response"
_TARGETS: Final = {
    "T10": "Hồ sơ tiếp nhận trực tuyến",
    "T11": "Thanh toán trực tuyến",
    "T12": "Kết quả giải quyết được số hóa",
    "T13": "Thành phần hồ sơ được số hóa",
    "T14": "Hồ sơ có tài khoản xác thực qua VNeID",
    "T16": "Xã, phường, thị trấn đạt ngưỡng hồ sơ trực tuyến",
}
_OF_DISTRICT: Final = ("T10", "T12", "T13", "T16")
_CAUSES: Final = (
    "Người dân còn ngại nộp hồ sơ trực tuyến",
    "Thiếu máy quét tại bộ phận một cửa cấp xã",
    "Phần mềm chưa kết nối với hệ thống thanh toán",
    "Công chức kiêm nhiệm, chưa được tập huấn",
)
_REMEDIES: Final = (
    "Bố trí cán bộ hướng dẫn tại bộ phận một cửa",
    "Trang bị bổ sung máy quét, máy tính cho cấp xã",
    "Tổ chức tập huấn cho tổ công nghệ số cộng đồng",
    "Giao chỉ tiêu hằng tháng cho từng đơn vị",
    "Phối hợp nâng cấp phần mềm một cửa",
)
_COLUMNS: Final = (
    Column("number", "STT"),
    Column("kpi_code", "Mã chỉ tiêu"),
    Column("target_name", "Chỉ tiêu"),
    Column("owner_agency_code", "Mã đơn vị chịu trách nhiệm"),
    Column("cause", "Nguyên nhân"),
    Column("remedy", "Giải pháp khắc phục"),
    Column("deadline_on", "Thời hạn hoàn thành"),
)
_EVENTS: Final[dict[str, Events]] = {
    "VPUB": {"2023-Q2": (Event.ROWS_SPOILT, 12), "2023-Q4": (Event.LATE, 8)},
    "UB336": {"2023-Q1": (Event.ROWS_SPOILT, 6), "2023-Q3": (Event.TRUNCATED, 2)},
    "UB338": {"2023-Q2": (Event.ROWS_SPOILT, 7), "2023-Q3": (Event.RESENT_UNCHANGED, 5)},
    "UB340": {"2023-Q3": (Event.ROWS_SPOILT, 9), "2023-Q4": (Event.MISSING_COLUMN, 3)},
    "UB342": {"2023-Q4": (Event.ROWS_SPOILT, 5), "2023-Q1": (Event.NEVER, 0)},
}


def _other_cause(cells: Cells, rng: random.Random) -> None:
    cells["cause"] = rng.choice(("Nguồn kinh phí chưa bố trí kịp", "Đường truyền yếu tại một số xã"))


_DEFECTS: Final = (
    RowDefect("deadline_missing", (quarantine("deadline_on.required"),), put("deadline_on", None)),
    RowDefect("deadline_words", (quarantine("deadline_on.unreadable"),), put("deadline_on", "sớm nhất có thể")),
    RowDefect("deadline_past", (warn("deadline_on.past"),), put("deadline_on", "31/12/2022", "15/01/2023")),
    RowDefect("target_unlisted", (quarantine("kpi_code.not_in_list"),), put("kpi_code", "CT-10", "T99")),
    RowDefect("cause_missing", (quarantine("cause.required"),), put("cause", None)),
    RowDefect("remedy_missing", (quarantine("remedy.required"),), put("remedy", None)),
    RowDefect("agency_unknown", (at_release("owner_agency_code.unknown"),), put("owner_agency_code", "H54.96")),
    RowDefect("agency_text", (quarantine("owner_agency_code.unreadable"),), put("owner_agency_code", "UBND huyện")),
    *sent_twice(_other_cause),
)


def send_target_responses(landing: Landing, world: World, seed: int, _scale: float, dirt: float) -> None:
    """Four quarters of the Office, the police and the eight districts; every other remedy is that of the quarter before."""
    agencies = world.province.agencies.drop_nulls("short_code").select("short_code", "agency_code", "name_vi")
    answers = {
        code: tuple(kpi for kpi in _TARGETS if kpi != "T14")
        if code == "VPUB"
        else ("T14",)
        if code == "CATB"
        else _OF_DISTRICT
        for code in agencies["short_code"]
        if code in {"VPUB", "CATB"} or code.startswith("UB3")
    }
    for place, (supplier, agency, name) in enumerate(
        agencies.filter(agencies["short_code"].is_in(list(answers))).iter_rows()
    ):
        form = Form(
            "GiaiTrinh", str(name).upper(), "GIẢI TRÌNH CHỈ TIÊU CHƯA ĐẠT", _COLUMNS, label="target_name", lost="remedy"
        )
        # Reports are short: each supplier's spoilt one meets other kinds of mistakes first.
        defects = (*_DEFECTS[place % len(_DEFECTS) :], *_DEFECTS[: place % len(_DEFECTS)])
        for quarter in range(1, 5):
            rows = [Row(_cells(number, place, quarter, kpi, agency)) for number, kpi in enumerate(answers[supplier])]
            received = after_month(3 * quarter, 12, 16, place)
            period = f"{YEAR}-Q{quarter}"
            report = Report(
                form,
                Slot(_EXTRACT, supplier, period),
                f"Quý {quarter} năm {YEAR}",
                f"giaitrinh_{supplier.lower()}_{period}",
                received,
                rows,
            )
            send_report(landing, report, _EVENTS.get(supplier, {}), defects, seed, dirt)


def _cells(number: int, place: int, quarter: int, kpi: str, agency: str) -> Cells:
    turn = place + number + (quarter + number % 2) // 2
    ends_on = date(YEAR + quarter // 4, quarter * 3 % 12 + 1, 1)
    deadline = ends_on + timedelta(days=30 + 10 * (turn % 7))
    cells: Cells = {
        "number": number + 1,
        "kpi_code": kpi,
        "target_name": _TARGETS[kpi],
        "owner_agency_code": agency,
        "cause": _CAUSES[turn % len(_CAUSES)],
        "remedy": _REMEDIES[turn % len(_REMEDIES)],
        "deadline_on": f"{deadline:%d/%m/%Y}",
    }
    return cells
