"""Batches of people checked against the national population database, as the police return them.

What belongs here: who is checked with what result, the form and its typical mistakes. At scale 1 a twentieth of the
half a million checks that are assumed for a year.
"""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from typing import Final

import numpy as np

from samples.article import YEAR
from samples.dossier_spelling import World
from samples.draws import Floats, generator, weighted
from samples.expected import at_release, blank, quarantine, warn
from samples.forms import Cells, Column, Report, Row, RowDefect, TextForm, put, sent_twice
from samples.landing import Landing, Slot, at
from samples.register_members import others
from samples.reporting import Event, Events, send_report
from samples.shares import ONE_IN

_EXTRACT: Final = "population_check_result"
_SUPPLIER: Final = "CATB"
_CHECKS_A_YEAR: Final = 500_000 / ONE_IN
_REGISTERS: Final = ("BHXH", "LĐTBXH", "GDĐT", "Thuế", "Hộ tịch")
_RESULTS: Final = {
    "Trùng khớp": 80.0, "Sai họ tên": 3.0, "Sai ngày sinh": 4.0, "Sai giới tính": 0.5, "Sai địa chỉ": 2.0,
    "Không tìm thấy": 2.5, "Trùng số định danh": 0.5, "Thiếu số hoặc chỉ có CMND": 1.5, "Đã chết": 0.5,
    "Đã chuyển đi": 1.0, "Chờ công an xác minh": 1.5, "Đã làm sạch": 3.0,
}  # fmt: skip

_FORM: Final = TextForm(
    columns=(
        Column("batch_no", "Đợt đối soát"),
        Column("line_no", "STT trong đợt"),
        Column("register_code", "Nguồn dữ liệu"),
        Column("full_name", "Họ và tên"),
        Column("citizen_number", "Số định danh"),
        Column("unit_code", "Mã xã"),
        Column("result_code", "Kết quả"),
        Column("sent_on", "Ngày gửi"),
        Column("returned_on", "Ngày trả"),
        Column("corrected_on", "Ngày làm sạch"),
        Column("evidence", "Căn cứ"),
    ),
    lost="result_code",
    delimiter="\t",
)
_EVENTS: Final[Events] = {
    "2023-02-15": (Event.ROWS_SPOILT, 6),
    "2023-05-15": (Event.MISSING_COLUMN, 3),
    "2023-06-15": (Event.ROWS_SPOILT, 15),
    "2023-08-15": (Event.EXTRA_COLUMN, 0),
    "2023-09-15": (Event.RESENT_UNCHANGED, 2),
}


def _returned_too_early(cells: Cells, _: random.Random) -> None:
    cells["sent_on"], cells["returned_on"] = cells["returned_on"], cells["sent_on"]


def _is_corrected(cells: Cells) -> bool:
    return cells["result_code"] == "Đã làm sạch"


def _other_register(cells: Cells, _: random.Random) -> None:
    cells["register_code"] = "Thuế" if cells["register_code"] != "Thuế" else "BHXH"


_DEFECTS: Final = (
    RowDefect("old_card", (blank("citizen_number.old_card"),), put("citizen_number", "151234567", "150987654")),
    RowDefect("zero_lost", (blank("citizen_number.leading_zero"),), put("citizen_number", "34085001234")),
    RowDefect("number_text", (blank("citizen_number.unreadable"),), put("citizen_number", "chưa cấp")),
    RowDefect("digit_in_name", (blank("full_name.unreadable"),), put("full_name", "Nguyễn Văn 2")),
    RowDefect("result_unlisted", (quarantine("result_code.not_in_list"),), put("result_code", "OK", "Gần khớp")),
    RowDefect("result_missing", (quarantine("result_code.required"),), put("result_code", None)),
    RowDefect("register_unlisted", (quarantine("register_code.not_in_list"),), put("register_code", "Sở khác")),
    RowDefect("unit_unknown", (at_release("unit_code.unknown"),), put("unit_code", "99998", "00001")),
    RowDefect("unit_name", (quarantine("unit_code.unreadable"),), put("unit_code", "Xã Đông Mỹ")),
    RowDefect("returned_too_early", (quarantine("row.return_before_sending"),), _returned_too_early),
    RowDefect("evidence_missing", (warn("row.corrected_without_evidence"),), put("evidence", None), _is_corrected),
    RowDefect("batch_text", (quarantine("batch_no.unreadable"),), put("batch_no", "đợt 3")),
    *sent_twice(_other_register),
)


def send_population_checks(landing: Landing, world: World, seed: int, scale: float, dirt: float) -> None:
    """One batch a month, returned on the fifteenth."""
    rng = generator(seed, _EXTRACT)
    size = max(round(_CHECKS_A_YEAR * scale / 12), 60)
    communes = world.province.communes["unit_code"].to_list()
    results = list(_RESULTS)
    weights: Floats = np.array(list(_RESULTS.values()))
    for month in range(1, 13):
        returned = date(YEAR, month, 15)
        sent = returned - timedelta(days=12)
        people = rng.integers(0, len(others(len(world.people))), size)
        units = rng.integers(0, len(communes), size)
        drawn = weighted(rng, weights, size)
        # Every result is met in every batch, whatever the scale.
        drawn[: len(results)] = np.arange(len(results))
        rows = []
        for number in range(size):
            result = results[drawn[number]]
            person = int(people[number])
            is_corrected = result == "Đã làm sạch"
            cells: Cells = {
                "batch_no": f"DS-{returned:%Y%m%d}-01",
                "line_no": number + 1,
                "register_code": _REGISTERS[number % len(_REGISTERS)],
                "full_name": world.people.names[person],
                "citizen_number": world.people.citizen_numbers[person],
                "unit_code": communes[int(units[number])],
                "result_code": result,
                "sent_on": f"{sent:%d/%m/%Y}",
                "returned_on": f"{returned:%d/%m/%Y}",
                "corrected_on": f"{returned - timedelta(days=2):%d/%m/%Y}" if is_corrected else None,
                "evidence": "Giấy khai sinh" if is_corrected else None,
            }
            rows.append(Row(cells))
        received = at(datetime(YEAR, month, 15, 15, 20 + month))  # noqa: DTZ001
        slot = Slot(_EXTRACT, _SUPPLIER, returned.isoformat())
        report = Report(_FORM, slot, "", f"doisoat_dancu_{returned:%Y%m%d}", received, rows)
        send_report(landing, report, _EVENTS, _DEFECTS, seed, dirt)
