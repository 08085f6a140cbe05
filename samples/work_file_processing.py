"""Monthly reports on work files handled in the network environment, by agency of the three levels.

What belongs here: the counts behind the reported shares (90, 80 and 60 % over the year), the form and its mistakes.
"""

from __future__ import annotations

import random
from typing import Final

import numpy as np

from samples.article import WORK_FILES_ONLINE, YEAR, Sizes
from samples.draws import Ints, apportion, exact_share, generator
from samples.expected import at_release, blank, quarantine, warn
from samples.forms import Cell, Cells, Column, Form, Report, Row, RowDefect, put, sent_twice, thousands
from samples.landing import Landing, Slot, after_month
from samples.province import Province
from samples.reporting import Event, Events, send_report

_EXTRACT: Final = "work_file_processing"
_SUPPLIER: Final = "STTTT"
_MONTHS: Final = 12
_LEVELS: Final = {"province": "Tỉnh", "district": "Huyện", "commune": "Xã"}

_FORM: Final = Form(
    sheet_name="HSCV",
    office="SỞ THÔNG TIN VÀ TRUYỀN THÔNG",
    title="TÌNH HÌNH XỬ LÝ HỒ SƠ CÔNG VIỆC TRÊN MÔI TRƯỜNG MẠNG",
    columns=(
        Column("number", "STT"),
        Column("agency_code", "Mã định danh"),
        Column("agency_name", "Tên đơn vị"),
        Column("level_code", "Cấp"),
        Column("files_total", "Tổng số hồ sơ công việc"),
        Column("files_online", "Số xử lý trên môi trường mạng"),
        Column("online_share", "Tỷ lệ (%)"),
    ),
    label="agency_name",
    lost="files_total",
    summed=("files_total", "files_online"),
)

_EVENTS: Final[Events] = {
    "2023-02": (Event.ROWS_SPOILT, 9),
    "2023-03": (Event.TOTAL_WRONG, 6),
    "2023-04": (Event.TRUNCATED, 2),
    "2023-05": (Event.ROWS_SPOILT, 12),
    "2023-06": (Event.MISSING_COLUMN, 3),
    "2023-07": (Event.RESENT_A_B_A, 8),
    "2023-08": (Event.EXTRA_COLUMN, 0),
    "2023-09": (Event.LATE, 26),
    "2023-10": (Event.ROWS_SPOILT, 75),
    "2023-11": (Event.WRONG_HEADER, 30),
    "2023-12": (Event.ROWS_SPOILT, 13),
}


def _more_online_than_all(cells: Cells, rng: random.Random) -> None:
    cells["files_online"] = _number(cells["files_total"]) + rng.randrange(1, 9)
    cells["online_share"] = None


def _negative_online(cells: Cells, rng: random.Random) -> None:
    cells["files_online"] = -rng.randrange(1, 9)
    cells["online_share"] = None


def _bare_share(cells: Cells, _: random.Random) -> None:
    """0.543 may be a share or a percentage below one."""
    cells["online_share"] = round(_number(cells["files_online"]) / _number(cells["files_total"]), 3)


def _wrong_share(cells: Cells, rng: random.Random) -> None:
    share = 100 * _number(cells["files_online"]) / _number(cells["files_total"])
    cells["online_share"] = round(share + rng.choice((-6.4, -3.2)), 1)


def _shift(cells: Cells, _: random.Random) -> None:
    """A cell too many before the agency's name."""
    shifted = ("agency_name", "level_code", "files_total", "files_online", "online_share")
    values = [cells[column] for column in shifted]
    cells.update(zip(shifted, [None, *values[:-1]], strict=True))


def _other_total(cells: Cells, rng: random.Random) -> None:
    """One file more or a few, so that the typed share still agrees or is not there to disagree."""
    cells["files_total"] = _number(cells["files_total"]) + rng.randrange(1, 9)
    cells["online_share"] = None


def _has_middling_share(cells: Cells) -> bool:
    online, total = _number(cells["files_online"]), _number(cells["files_total"])
    return total >= 10 and 0.1 < online / total < 0.99


def _has_few_online(cells: Cells) -> bool:
    return 2 <= _number(cells["files_online"]) <= 100


_DEFECTS: Final = (
    RowDefect(
        "columns_shifted",
        (quarantine("level_code.not_in_list"), quarantine("files_total.unreadable")),
        _shift,
        # What lands in the share column must look like a percentage.
        _has_few_online,
    ),
    RowDefect("share_without_unit", (blank("online_share.ambiguous"),), _bare_share, _has_middling_share),
    RowDefect("share_disagrees", (warn("online_share.disagrees"),), _wrong_share, _has_middling_share),
    RowDefect("share_text", (blank("online_share.unreadable"),), put("online_share", "trên một nửa", "chưa tính")),
    RowDefect("agency_missing", (quarantine("agency_code.required"),), put("agency_code", None)),
    RowDefect("agency_text", (quarantine("agency_code.unreadable"),), put("agency_code", "UBND", "chưa cấp mã")),
    RowDefect(
        "agency_unknown",
        (at_release("agency_code.unknown"),),
        put("agency_code", "000.00.95.H54", "H54.96", "H54.97.01"),
    ),
    RowDefect("level_unlisted", (quarantine("level_code.not_in_list"),), put("level_code", "Khu phố", "Ngành dọc")),
    RowDefect("text_in_number", (quarantine("files_total.unreadable"),), put("files_total", "12 hồ sơ", "khoảng 40")),
    RowDefect("count_missing", (quarantine("files_online.required"),), put("files_online", None)),
    RowDefect("count_negative", (quarantine("files_online.out_of_range"),), _negative_online),
    RowDefect("online_exceeds_total", (quarantine("row.online_exceeds_total"),), _more_online_than_all),
    *sent_twice(_other_total),
)


def send_work_files(landing: Landing, province: Province, sizes: Sizes, seed: int, dirt: float) -> None:
    """Twelve monthly reports whose sums over the year give exactly the reported share on every level."""
    agencies = province.agencies.select("agency_code", "agency_code_old", "name_vi", "level")
    totals, online = _counts(agencies["level"].to_list(), sizes, seed)
    for month in range(1, _MONTHS + 1):
        rows = [
            Row(_cells(number, month, agency, int(totals[month - 1, number]), int(online[month - 1, number])))
            for number, agency in enumerate(agencies.iter_rows())
        ]
        period = f"{YEAR}-{month:02d}"
        received = after_month(month, 5, 10, 10 + month)
        report = Report(
            _FORM, Slot(_EXTRACT, _SUPPLIER, period), f"Tháng {month} năm {YEAR}", f"hscv_{period}", received, rows
        )
        send_report(landing, report, _EVENTS, _DEFECTS, seed, dirt)


def _counts(levels: list[str], sizes: Sizes, seed: int) -> tuple[Ints, Ints]:
    """Files in all and online, as arrays (month, agency)."""
    rng = generator(seed, _EXTRACT)
    totals = np.zeros((_MONTHS, len(levels)), dtype=np.int64)
    online = np.zeros_like(totals)
    for level, (numerator, denominator) in WORK_FILES_ONLINE.items():
        members = np.flatnonzero(np.array(levels) == level)
        weights = rng.lognormal(0.0, 0.4, (_MONTHS, len(members))).ravel()
        # At least twelve files in each cell keep typed percentages distinguishable from shares at every scale.
        least = 12 * len(weights)
        year = max(sizes.work_files_a_month[level] * _MONTHS, 2 * least) // denominator * denominator
        level_totals = apportion(year, weights, at_least=12)
        level_online = exact_share(rng, level_totals, year // denominator * numerator)
        totals[:, members] = level_totals.reshape(_MONTHS, -1)
        online[:, members] = level_online.reshape(_MONTHS, -1)
    return totals, online


def _cells(number: int, month: int, agency: tuple[str, str, str, str], total: int, online: int) -> Cells:
    """An agency's row: code in either order, numbers sometimes as text, shares as 54.3 or "54,3%"."""
    code, old_code, name, level = agency
    percent = round(100 * online / total, 1)
    as_text = f"{percent:.1f}%".replace(".", ",")
    share: Cell = as_text if (number + month) % 3 == 0 or 0 < percent <= 1 else percent
    typed_total: Cell = thousands(total) if total >= 1000 and (number + month) % 5 == 0 else total
    cells: Cells = {
        "number": number + 1,
        "agency_code": old_code if (number + month) % 2 else code,
        "agency_name": name,
        "level_code": _LEVELS[level],
        "files_total": typed_total,
        "files_online": online,
        "online_share": share,
    }
    if number % 11 == 0:
        cells["extra"] = "Đã xác nhận"
    return cells


def _number(cell: Cell) -> int:
    return int(str(cell).replace(".", ""))
