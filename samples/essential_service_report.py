"""Monthly reports on the essential services, by the department that leads each; counts are those of the dossiers.

What belongs here: which department reports which service, the form and its typical mistakes. Which department leads a
service within the province is assumed from the ministry named in the reference list.
"""

from __future__ import annotations

import random
from datetime import date
from typing import Final

import numpy as np

from samples.article import FIRST_DAY, YEAR
from samples.dossier_spelling import World
from samples.draws import Ints
from samples.expected import at_release, blank, quarantine, warn
from samples.forms import Cell, Cells, Column, Form, Report, Row, RowDefect, put, sent_twice
from samples.landing import Landing, Slot, after_month
from samples.reporting import Event, Events, send_report

_EXTRACT: Final = "essential_service_report"
_MONTHS: Final = 12
# The first word that stands in the name of the leading ministry decides.
_LEADS: Final = (
    ("Bộ Công an", "CATB"), ("Tư pháp", "STP"), ("Bảo hiểm", "BHXH"), ("BHXH", "BHXH"), ("Thuế", "CTHUE"),
    ("Tài chính", "CTHUE"), ("Công Thương", "SCT"), ("Điện lực", "SCT"), ("Giao thông", "SGTVT"), ("Giáo dục", "SGDDT"),
    ("Lao động", "SLDTBXH"), ("LĐTBXH", "SLDTBXH"), ("Môi trường", "STNMT"), ("Nội vụ", "SNV"), ("Tòa án", "STP"),
    ("Xây dựng", "SXD"), ("Y tế", "SYT"),
)  # fmt: skip
_SOURCES: Final = ("CSDL quốc gia về dân cư", "CSDL hộ tịch điện tử", "CSDL bảo hiểm", None)
_PROBLEMS: Final = ("Đường truyền có lúc gián đoạn", "Người dân chưa quen nộp trực tuyến", None, None, None)

_FORM: Final = Form(
    sheet_name="DVCTY",
    office="TỔ CÔNG TÁC ĐỀ ÁN 06",
    title="BÁO CÁO TÌNH HÌNH TIẾP NHẬN HỒ SƠ DỊCH VỤ CÔNG THIẾT YẾU",
    columns=(
        Column("number", "STT"),
        Column("service_name", "Tên dịch vụ công"),
        Column("procedure_code", "Mã TTHC"),
        Column("dossiers_total", "Tổng số", "Hồ sơ tiếp nhận"),
        Column("dossiers_online", "Trực tuyến", "Hồ sơ tiếp nhận"),
        Column("online_share", "Tỷ lệ trực tuyến (%)"),
        Column("connected_source", "Cơ sở dữ liệu kết nối"),
        Column("problems", "Khó khăn, vướng mắc"),
    ),
    label="service_name",
    lost="dossiers_online",
    summed=("dossiers_total", "dossiers_online"),
)
_EVENTS: Final[dict[str, Events]] = {
    "CATB": {
        "2023-02": (Event.ROWS_SPOILT, 6),
        "2023-04": (Event.TRUNCATED, 2),
        "2023-07": (Event.ROWS_SPOILT, 9),
        "2023-10": (Event.RESENT_A_B_A, 8),
        "2023-12": (Event.ROWS_SPOILT, 7),
    },
    "BHXH": {"2023-05": (Event.TOTAL_WRONG, 5), "2023-11": (Event.LATE, 21)},
    "STP": {"2023-03": (Event.ROWS_SPOILT, 11), "2023-09": (Event.WRONG_HEADER, 4)},
    "CTHUE": {"2023-06": (Event.MISSING_COLUMN, 3), "2023-08": (Event.EXTRA_COLUMN, 0)},
}


def _bare_share(cells: Cells, _: random.Random) -> None:
    """0.543 may be a share or a percentage below one."""
    cells["online_share"] = round(_number(cells["dossiers_online"]) / _number(cells["dossiers_total"]), 3)


def _wrong_share(cells: Cells, rng: random.Random) -> None:
    share = 100 * _number(cells["dossiers_online"]) / _number(cells["dossiers_total"])
    cells["online_share"] = f"{share + rng.choice((-7.5, -4.5)):.1f}%".replace(".", ",")


def _more_online_than_all(cells: Cells, rng: random.Random) -> None:
    cells["dossiers_online"] = _number(cells["dossiers_total"]) + rng.randrange(1, 9)
    cells["online_share"] = None


def _other_total(cells: Cells, rng: random.Random) -> None:
    cells["dossiers_total"] = _number(cells["dossiers_total"]) + rng.randrange(1, 9)
    cells["online_share"] = None


def _add_suffix(cells: Cells, rng: random.Random) -> None:
    cells["procedure_code"] = f"{cells['procedure_code']}{rng.choice(('.H54', '.000.00.00.H54'))}"


def _has_middling_share(cells: Cells) -> bool:
    online, total = _number(cells["dossiers_online"]), _number(cells["dossiers_total"])
    return total >= 2 and 0.1 < online / total < 0.99


_DEFECTS: Final = (
    RowDefect("share_disagrees", (warn("online_share.disagrees"),), _wrong_share, _has_middling_share),
    RowDefect("share_without_unit", (blank("online_share.ambiguous"),), _bare_share, _has_middling_share),
    RowDefect("share_text", (blank("online_share.unreadable"),), put("online_share", "hầu hết", "chưa tính")),
    RowDefect("procedure_suffix", (warn("procedure_code.suffix"),), _add_suffix),
    RowDefect(
        "procedure_unknown", (at_release("procedure_code.unknown"),), put("procedure_code", "1.999991", "2.999992")
    ),
    RowDefect("procedure_missing", (quarantine("procedure_code.required"),), put("procedure_code", None)),
    RowDefect("procedure_text", (quarantine("procedure_code.unreadable"),), put("procedure_code", "chưa có mã")),
    RowDefect("text_in_number", (quarantine("dossiers_total.unreadable"),), put("dossiers_total", "hơn 40 hồ sơ")),
    RowDefect("count_missing", (quarantine("dossiers_online.required"),), put("dossiers_online", None)),
    RowDefect("online_exceeds_total", (quarantine("row.online_exceeds_total"),), _more_online_than_all),
    *sent_twice(_other_total),
)


def send_essential_service_reports(landing: Landing, world: World, seed: int, _scale: float, dirt: float) -> None:
    """Twelve months of twelve departments."""
    services = world.province.services.unique("procedure_code", keep="first", maintain_order=True)
    places = {code: place for place, code in enumerate(world.procedures["procedure_code"])}
    total, online = _counts(world)
    reports: dict[str, list[tuple[str, str]]] = {}
    for code, name, lead in services.select("procedure_code", "service_vi", "lead_agency_vi").iter_rows():
        reports.setdefault(_supplier(lead), []).append((code, name))
    for supplier, listed in sorted(reports.items()):
        for month in range(1, _MONTHS + 1):
            rows = [
                Row(_cells(number, month, code, name, int(total[place, month - 1]), int(online[place, month - 1])))
                for number, (code, name) in enumerate(listed)
                for place in (places[code],)
            ]
            period = f"{YEAR}-{month:02d}"
            received = after_month(month, 4, 8, 10 + month)
            report = Report(
                _FORM,
                Slot(_EXTRACT, supplier, period),
                f"Tháng {month} năm {YEAR}",
                f"dvcty_{supplier.lower()}_{period}",
                received,
                rows,
            )
            send_report(landing, report, _EVENTS.get(supplier, {}), _DEFECTS, seed, dirt)


def _supplier(lead: str) -> str:
    return next(supplier for word, supplier in _LEADS if word in lead)


def _counts(world: World) -> tuple[Ints, Ints]:
    """Dossiers received, in all and online, as arrays (procedure, month of the year)."""
    dossiers = world.dossiers
    days_of_month = [date(YEAR, month, 1) for month in range(2, _MONTHS + 1)] + [date(YEAR + 1, 1, 1)]
    ends = np.array([(day - FIRST_DAY).days for day in days_of_month])
    in_year = (dossiers.received_day >= 0) & (dossiers.received_day < ends[-1])
    month = np.searchsorted(ends, dossiers.received_day, side="right")
    shape = (len(world.procedures), _MONTHS)
    total, online = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    np.add.at(total, (dossiers.procedure[in_year], month[in_year]), 1)
    is_online = in_year & (dossiers.channel == 2)
    np.add.at(online, (dossiers.procedure[is_online], month[is_online]), 1)
    return total, online


def _cells(number: int, month: int, code: str, name: str, total: int, online: int) -> Cells:
    """A service's row; some names are longer than the catalogue's, some shares are missing."""
    share: Cell = None if not total or (number + month) % 7 == 0 else f"{100 * online / total:.1f}%".replace(".", ",")
    cells: Cells = {
        "number": number + 1,
        "service_name": f"{name} (liên thông)" if number % 9 == 4 else name,
        "procedure_code": code,
        "dossiers_total": total,
        "dossiers_online": online,
        "online_share": share,
        "connected_source": _SOURCES[number % len(_SOURCES)],
        "problems": _PROBLEMS[(number + month) % len(_PROBLEMS)],
    }
    if number % 5 == 0:
        cells["extra"] = "Đã rà soát"
    return cells


def _number(cell: Cell) -> int:
    return int(str(cell))
