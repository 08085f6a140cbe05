"""Weekly reports of the provincial police on chip cards and electronic identity accounts, by commune.

What belongs here: the counts behind the reported figures, the form of the report and its typical mistakes.
"""

from __future__ import annotations

import random
from datetime import date, datetime, time, timedelta
from typing import Final

import numpy as np

from samples.article import Sizes
from samples.draws import Ints, apportion, generator
from samples.expected import quarantine
from samples.forms import Cell, Cells, Column, Form, Report, Row, RowDefect, put, sent_twice, thousands
from samples.landing import Landing, Slot, at
from samples.province import Province
from samples.reporting import Event, Events, send_report

_EXTRACT: Final = "identity_issuance"
_SUPPLIER: Final = "CATB"
_WEEKS_OF_YEAR: Final = 52
_WEEKS_AFTER: Final = 3
_COUNTS: Final = (
    "eligible_persons", "cards_issued", "cards_issued_cumulative", "eid_issued", "eid_activated_cumulative", "eid_target",
)  # fmt: skip

_FORM: Final = Form(
    sheet_name="BaoCao",
    office="CÔNG AN TỈNH",
    title="BÁO CÁO KẾT QUẢ CẤP THẺ CĂN CƯỚC CÔNG DÂN VÀ ĐỊNH DANH ĐIỆN TỬ",
    columns=(
        Column("number", "STT"),
        Column("unit_name", "Đơn vị"),
        Column("eligible_persons", "Số người đủ điều kiện cấp thẻ"),
        Column("cards_issued", "Cấp trong tuần", "Thẻ CCCD"),
        Column("cards_issued_cumulative", "Luỹ kế", "Thẻ CCCD"),
        Column("eid_issued", "Cấp trong tuần", "Định danh điện tử"),
        Column("eid_activated_cumulative", "Luỹ kế kích hoạt", "Định danh điện tử"),
        Column("eid_target", "Chỉ tiêu", "Định danh điện tử"),
    ),
    label="unit_name",
    lost="eid_target",
    summed=_COUNTS,
    has_number_row=True,
)

_EVENTS: Final[Events] = {
    "2023-W04": (Event.ROWS_SPOILT, 9),
    "2023-W07": (Event.TRUNCATED, 2),
    "2023-W11": (Event.ROWS_SPOILT, 8),
    "2023-W14": (Event.EXTRA_COLUMN, 0),
    "2023-W17": (Event.TOTAL_WRONG, 7),
    "2023-W20": (Event.WRONG_HEADER, 3),
    "2023-W25": (Event.ROWS_SPOILT, 10),
    "2023-W28": (Event.RESENT_UNCHANGED, 5),
    "2023-W31": (Event.MISSING_COLUMN, 4),
    "2023-W33": (Event.ROWS_SPOILT, 12),
    "2023-W36": (Event.LATE, 24),
    "2023-W39": (Event.RESENT_A_B_A, 8),
    "2023-W42": (Event.TOTAL_WRONG, 6),
    "2023-W46": (Event.ROWS_SPOILT, 11),
    "2023-W49": (Event.EXTRA_COLUMN, 0),
    "2023-W50": (Event.TRUNCATED, 20),
    "2023-W52": (Event.ROWS_SPOILT, 9),
    "2024-W01": (Event.TOTAL_WRONG, 7),
    "2024-W02": (Event.NEVER, 0),
}


def _swap_week_and_cumulative(cells: Cells, _: random.Random) -> None:
    cells["cards_issued"], cells["cards_issued_cumulative"] = cells["cards_issued_cumulative"], cells["cards_issued"]


def _grows(cells: Cells) -> bool:
    week, cumulative = cells["cards_issued"], cells["cards_issued_cumulative"]
    return isinstance(week, int) and isinstance(cumulative, int) and week < cumulative


def _add_to_target(cells: Cells, rng: random.Random) -> None:
    cells["eid_target"] = int(str(cells["eid_target"]).replace(".", "")) + rng.randrange(1, 20)


_DEFECTS: Final = (
    RowDefect(
        "week_and_cumulative_swapped",
        (quarantine("row.week_exceeds_cumulative"),),
        _swap_week_and_cumulative,
        _grows,
    ),
    RowDefect(
        "unit_unknown", (quarantine("unit_name.unknown"),), put("unit_name", "Xã Thái Bình Dương", "Xã Đồng Không")
    ),
    RowDefect("unit_missing", (quarantine("unit_name.required"),), put("unit_name", None)),
    RowDefect(
        "text_in_number",
        (quarantine("eligible_persons.unreadable"),),
        put("eligible_persons", "5210 người", "đang rà soát"),
    ),
    RowDefect("count_missing", (quarantine("cards_issued.required"),), put("cards_issued", None)),
    RowDefect("count_negative", (quarantine("cards_issued.out_of_range"),), put("cards_issued", -3, -12)),
    RowDefect("target_text", (quarantine("eid_target.unreadable"),), put("eid_target", "chưa giao")),
    *sent_twice(_add_to_target),
)


def send_identity_issuance(landing: Landing, province: Province, sizes: Sizes, seed: int, dirt: float) -> None:
    """Reports of 52 weeks of 2023 and three of 2024; at the end of week 52 the reported figures hold exactly."""
    weeks = _counts(province, sizes, seed)
    for index, monday in enumerate(_mondays()):
        year, week, _ = monday.isocalendar()
        period = f"{year}-W{week:02d}"
        rows = [
            Row(_cells(number, name, weeks[:, index, number], index), district)
            for number, (name, district) in enumerate(
                province.communes.select("full_name", "district_name").iter_rows()
            )
        ]
        received = at(datetime.combine(monday + timedelta(days=7), time(9, 5 + index % 40)))
        report = Report(
            _FORM, Slot(_EXTRACT, _SUPPLIER, period), f"Tuần {week} năm {year}", f"cccd_{period}", received, rows
        )
        send_report(landing, report, _EVENTS, _DEFECTS, seed, dirt)


def _mondays() -> list[date]:
    first = date.fromisocalendar(2023, 1, 1)
    return [first + timedelta(weeks=week) for week in range(_WEEKS_OF_YEAR + _WEEKS_AFTER)]


def _counts(province: Province, sizes: Sizes, seed: int) -> Ints:
    """Array (count, week, commune) in the order of ``_COUNTS``."""
    rng = generator(seed, _EXTRACT)
    weights = rng.lognormal(0.0, 0.3, len(province.communes))
    eligible = apportion(sizes.card_eligible, weights, at_least=1)
    accounts = apportion(sizes.eid_accounts, weights * rng.uniform(0.9, 1.1, len(weights)), at_least=1)
    target = apportion(sizes.eid_target, weights)
    week = np.arange(_WEEKS_OF_YEAR + _WEEKS_AFTER + 1)[:, None]
    in_year, after = np.minimum(week, _WEEKS_OF_YEAR), np.maximum(week - _WEEKS_OF_YEAR, 0)
    # Whole-number arithmetic: at week 52 the products are the reported figures, not nearly so.
    persons = eligible + eligible * after // 2_000
    cards = np.where(after > 0, persons, eligible * (86 * _WEEKS_OF_YEAR + 14 * in_year) // (100 * _WEEKS_OF_YEAR))
    eid = accounts * (35 * _WEEKS_OF_YEAR + 65 * in_year) // (100 * _WEEKS_OF_YEAR) + accounts * after // 200
    return np.stack(
        [
            persons[1:],
            np.diff(cards, axis=0),
            cards[1:],
            np.diff(eid, axis=0),
            eid[1:],
            np.broadcast_to(target, eid[1:].shape),
        ]
    )


def _cells(number: int, name: str, counts: Ints, week: int) -> Cells:
    """A commune's row; some numbers are typed as text, and every other week tones are placed the other way."""
    if week % 2:
        name = name.replace("Hòa", "Hoà").replace("Hóa", "Hoá").replace("Thụy", "Thuỵ")
    cells: Cells = {"number": number + 1, "unit_name": name}
    for field, count in zip(_COUNTS, counts.tolist(), strict=True):
        typed: Cell = thousands(count) if count >= 1000 and (number + week) % 9 == 0 else count
        cells[field] = typed
    if number % 13 == 0:
        cells["extra"] = "Đã đối chiếu"
    return cells
