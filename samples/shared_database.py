"""Quarterly lists of the databases that owners share with the province; the sum is the reported count of all extracts.

What belongs here: which databases there are, since when they are connected, the form and its typical mistakes. Names and
codes are assumed: the article only says that all are shared.
"""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Final

from samples.article import YEAR
from samples.dossier_spelling import World
from samples.expected import at_release, blank, quarantine, warn
from samples.forms import Cells, Column, Form, Report, Row, RowDefect, put, sent_twice
from samples.landing import Landing, Slot, after_month
from samples.reporting import Event, Events, send_report

_EXTRACT: Final = "shared_database"
_DATABASES: Final = {
    "BHXH": ("Người tham gia bảo hiểm", "Chi trả bảo hiểm xã hội", "Khám chữa bệnh bảo hiểm y tế"),
    "CATB": ("Dân cư trên địa bàn", "Phương tiện cơ giới", "Tạm trú, lưu trú"),
    "CTHUE": ("Người nộp thuế", "Hộ kinh doanh", "Thu ngân sách từ đất"),
    "SGDDT": ("Học sinh", "Cơ sở giáo dục", "Giáo viên"),
    "SLDTBXH": ("Người có công", "Đối tượng bảo trợ xã hội", "Hộ nghèo, cận nghèo", "Lao động, việc làm"),
    "SNNPTNT": ("Vùng trồng", "Cơ sở chăn nuôi", "Tàu cá"),
    "SNV": ("Cán bộ, công chức, viên chức", "Cơ quan, đơn vị", "Địa giới hành chính"),
    "STNMT": ("Đất đai", "Quan trắc môi trường", "Nền địa lý"),
    "STP": ("Hộ tịch", "Công chứng, chứng thực", "Văn bản quy phạm pháp luật"),
    "STTTT": ("Thủ tục hành chính", "Danh mục dùng chung", "Hạ tầng viễn thông", "Hồ sơ một cửa"),
    "SXD": ("Quy hoạch xây dựng", "Nhà ở, thị trường bất động sản", "Chứng chỉ hành nghề xây dựng"),
    "SYT": ("Cơ sở khám chữa bệnh", "Hồ sơ sức khỏe", "Tiêm chủng"),
}
# The last three were connected one by one in the last three quarters.
_CONNECTED_LATE: Final = {36: date(2023, 5, 10), 37: date(2023, 8, 15), 38: date(2023, 11, 20)}

_COLUMNS: Final = (
    Column("number", "STT"),
    Column("database_code", "Mã cơ sở dữ liệu"),
    Column("database_name", "Tên cơ sở dữ liệu"),
    Column("owner_agency_code", "Mã cơ quan chủ quản"),
    Column("content", "Nội dung dữ liệu"),
    Column("connected_on", "Ngày kết nối, chia sẻ"),
    Column("consumers", "Đơn vị khai thác"),
    Column("last_used_on", "Ngày khai thác gần nhất"),
)
_EVENTS: Final[dict[str, Events]] = {
    "BHXH": {"2023-Q2": (Event.ROWS_SPOILT, 6)},
    "CATB": {"2023-Q1": (Event.ROWS_SPOILT, 6), "2023-Q3": (Event.MISSING_COLUMN, 2)},
    "SGDDT": {"2023-Q2": (Event.ROWS_SPOILT, 9)},
    "SLDTBXH": {"2023-Q1": (Event.ROWS_SPOILT, 4), "2023-Q3": (Event.TRUNCATED, 3)},
    "STTTT": {"2023-Q3": (Event.ROWS_SPOILT, 4), "2023-Q4": (Event.EXTRA_COLUMN, 0)},
    "SYT": {"2023-Q4": (Event.ROWS_SPOILT, 8), "2023-Q2": (Event.LATE, 30)},
}


def _used_too_early(cells: Cells, _: random.Random) -> None:
    cells["connected_on"], cells["last_used_on"] = "2022-06-01", "2021-06-01"


def _used_without_connection(cells: Cells, _: random.Random) -> None:
    cells["connected_on"], cells["last_used_on"] = None, "2022-11-11"


def _other_name(cells: Cells, rng: random.Random) -> None:
    cells["database_name"] = f"{cells['database_name']} ({rng.choice(('cũ', 'mới'))})"


_DEFECTS: Final = (
    RowDefect("code_missing", (quarantine("database_code.required"),), put("database_code", None)),
    RowDefect("code_text", (quarantine("database_code.unreadable"),), put("database_code", "CSDL số 5", "38")),
    RowDefect("name_missing", (quarantine("database_name.required"),), put("database_name", None)),
    RowDefect("owner_unknown", (at_release("owner_agency_code.unknown"),), put("owner_agency_code", "H54.97")),
    RowDefect("owner_text", (quarantine("owner_agency_code.unreadable"),), put("owner_agency_code", "Sở chủ quản")),
    RowDefect(
        "connected_later",
        (quarantine("connected_on.after_period"),),
        put("connected_on", "2024-06-30"),
        lambda cells: cells["last_used_on"] is None,
    ),
    RowDefect("connected_text", (quarantine("connected_on.unreadable"),), put("connected_on", "từ lâu")),
    RowDefect("used_before_connection", (quarantine("row.used_before_connection"),), _used_too_early),
    RowDefect("used_without_connection", (warn("row.used_without_connection"),), _used_without_connection),
    RowDefect("consumers_text", (blank("consumers.unreadable"),), put("consumers", "toàn tỉnh", "các sở, ngành")),
    *sent_twice(_other_name),
)


def send_shared_databases(landing: Landing, world: World, seed: int, _scale: float, dirt: float) -> None:
    """Four quarters of twelve owners; 35 databases are connected in the first and all 38 in the last."""
    agencies = world.province.agencies.drop_nulls("short_code")
    codes = dict(agencies.select("short_code", "agency_code").iter_rows())
    names = dict(agencies.select("short_code", "name_vi").iter_rows())
    consumers = agencies.filter(agencies["level"] == "province")["agency_code"].to_list()
    first = 1
    for place, (supplier, databases) in enumerate(_DATABASES.items()):
        form = Form(
            "CSDL",
            names[supplier].upper(),
            "CƠ SỞ DỮ LIỆU DÙNG CHUNG",
            _COLUMNS,
            label="database_name",
            lost="connected_on",
        )
        # Reports are short: each supplier's spoilt one meets other kinds of mistakes first.
        turn = place * 2 % len(_DEFECTS)
        for quarter in range(1, 5):
            rows = [
                Row(_cells(first + number, number, quarter, name, codes[supplier], consumers))
                for number, name in enumerate(databases)
            ]
            received = after_month(3 * quarter, 10, 9, 10 + place)
            period = f"{YEAR}-Q{quarter}"
            report = Report(
                form,
                Slot(_EXTRACT, supplier, period),
                f"Quý {quarter} năm {YEAR}",
                f"csdl_{supplier.lower()}_{period}",
                received,
                rows,
            )
            defects = (*_DEFECTS[turn:], *_DEFECTS[:turn])
            send_report(landing, report, _EVENTS.get(supplier, {}), defects, seed, dirt)
        first += len(databases)


def _cells(index: int, number: int, quarter: int, name: str, owner: str, agencies: list[str]) -> Cells:
    """A database's row; every eleventh is connected and never used."""
    last_on = date(YEAR + quarter // 4, quarter * 3 % 12 + 1, 1) - timedelta(days=1)
    connected = _CONNECTED_LATE.get(index, date(2019 + index % 4, 1 + index % 12, 5 + index % 20))
    is_connected = connected <= last_on
    is_used = is_connected and index % 11 != 0
    drawn = [agencies[(index * 5 + step * 7) % len(agencies)] for step in range(1 + index % 4)]
    cells: Cells = {
        "number": number + 1,
        "database_code": f"CSDL-{index:03d}",
        "database_name": f"Cơ sở dữ liệu {name.lower()}",
        "owner_agency_code": owner,
        "content": f"Số liệu về {name.lower()}",
        "connected_on": f"{connected:%d/%m/%Y}" if is_connected else None,
        "consumers": "; ".join(drawn) if is_used else None,
        "last_used_on": f"{max(connected, last_on - timedelta(days=index % 20)):%d/%m/%Y}" if is_used else None,
    }
    if index % 3 == 0:
        cells["extra"] = "Đã kiểm tra"
    return cells
