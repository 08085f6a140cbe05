"""The lists of administrative procedures as the Office sends them, on change.

What belongs here: the form of the list and its typical mistakes. What is in the lists: ``procedures``.
"""

from __future__ import annotations

import random
from datetime import datetime
from typing import Final

import polars as pl

from samples.expected import blank, quarantine, warn
from samples.forms import Cells, Column, Form, Report, Row, RowDefect, put, sent_twice
from samples.landing import Landing, Slot, at
from samples.procedures import LIST_DATES, in_list
from samples.province import Province
from samples.reporting import Event, Events, send_report

_EXTRACT: Final = "procedure_catalogue"
_SUPPLIER: Final = "VPUB"
_LEVELS: Final = {"full": "Toàn trình", "partial": "Một phần", "none": "Không trực tuyến"}

_FORM: Final = Form(
    sheet_name="DanhMucTTHC",
    office="VĂN PHÒNG ỦY BAN NHÂN DÂN TỈNH",
    title="DANH MỤC THỦ TỤC HÀNH CHÍNH",
    columns=(
        Column("number", "STT"),
        Column("procedure_code", "Mã TTHC"),
        Column("procedure_name", "Tên thủ tục hành chính"),
        Column("field_name", "Lĩnh vực"),
        Column("agency_code", "Mã cơ quan thực hiện"),
        Column("service_level", "Mức độ cung cấp"),
        Column("full_process_eligible", "Đủ điều kiện toàn trình"),
        Column("processing_days", "Thời hạn giải quyết (ngày)"),
        Column("decision_no", "Quyết định công bố"),
    ),
    label="procedure_name",
    lost="service_level",
)
# The spoilt list is corrected days later, long before any figure is drawn from it.
_EVENTS: Final[Events] = {"2023-01-01": (Event.ROWS_SPOILT, 10)}
_RECEIVED: Final = {
    LIST_DATES[0]: datetime(2022, 1, 4, 9, 0),  # noqa: DTZ001 - zone added when sent
    LIST_DATES[1]: datetime(2022, 12, 30, 9, 0),  # noqa: DTZ001
    LIST_DATES[2]: datetime(2023, 6, 29, 9, 0),  # noqa: DTZ001
}


def _add_suffix(cells: Cells, rng: random.Random) -> None:
    cells["procedure_code"] = f"{cells['procedure_code']}{rng.choice(('.H54', '.000.00.00.H54'))}"


def _cut_code(cells: Cells, _: random.Random) -> None:
    cells["procedure_code"] = str(cells["procedure_code"])[:6]


def _other_decision(cells: Cells, rng: random.Random) -> None:
    cells["decision_no"] = f"{rng.randrange(3000, 4000)}/QĐ-UBND"


_DEFECTS: Final = (
    RowDefect("procedure_suffix", (warn("procedure_code.suffix"),), _add_suffix),
    RowDefect("procedure_cut", (quarantine("procedure_code.unreadable"),), _cut_code),
    RowDefect("procedure_missing", (quarantine("procedure_code.required"),), put("procedure_code", None)),
    RowDefect("name_missing", (quarantine("procedure_name.required"),), put("procedure_name", None)),
    RowDefect("agency_text", (quarantine("agency_code.unreadable"),), put("agency_code", "Sở chủ quản")),
    RowDefect("agency_missing", (quarantine("agency_code.required"),), put("agency_code", None)),
    RowDefect(
        "level_unlisted", (quarantine("service_level.not_in_list"),), put("service_level", "Theo yêu cầu", "Chưa rõ")
    ),
    RowDefect("level_missing", (quarantine("service_level.required"),), put("service_level", None)),
    RowDefect(
        "eligible_text",
        (quarantine("full_process_eligible.unreadable"),),
        put("full_process_eligible", "?", "chờ rà soát"),
    ),
    RowDefect("days_text", (blank("processing_days.unreadable"),), put("processing_days", "theo quy định")),
    RowDefect("days_out_of_range", (blank("processing_days.out_of_range"),), put("processing_days", 366, 999, -1)),
    *sent_twice(_other_decision),
)


def send_procedure_lists(
    landing: Landing, province: Province, procedures: pl.DataFrame, seed: int, dirt: float
) -> None:
    """The three lists in force during the year."""
    old_codes = dict(province.agencies.select("agency_code", "agency_code_old").iter_rows())
    for list_date in LIST_DATES:
        listed = in_list(procedures, list_date)
        rows = [Row(_cells(number, one, old_codes)) for number, one in enumerate(listed.iter_rows(named=True))]
        report = Report(
            _FORM,
            Slot(_EXTRACT, _SUPPLIER, list_date.isoformat()),
            f"Có hiệu lực từ ngày {list_date:%d/%m/%Y}",
            f"tthc_{list_date:%Y%m%d}",
            at(_RECEIVED[list_date]),
            rows,
        )
        send_report(landing, report, _EVENTS, _DEFECTS, seed, dirt)


def _cells(number: int, procedure: dict[str, str | int | bool], old_codes: dict[str, str]) -> Cells:
    agency = str(procedure["agency"])
    return {
        "number": number + 1,
        "procedure_code": str(procedure["procedure_code"]),
        "procedure_name": str(procedure["procedure_name"]),
        "field_name": str(procedure["field_name"]),
        "agency_code": old_codes[agency] if number % 2 else agency,
        "service_level": _LEVELS[str(procedure["level"])],
        "full_process_eligible": "Có" if procedure["eligible"] else "Không",
        "processing_days": int(procedure["days"]),
        "decision_no": f"{1000 + number % 900}/QĐ-UBND",
    }
