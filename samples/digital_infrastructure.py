"""Quarterly reports on fibre and shared databases (Information & Communications), bank accounts (State Bank) and what
officials must have (Home Affairs).

What belongs here: numerators and denominators behind the reported shares, the form and its typical mistakes.
"""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Final

import numpy as np

from samples.article import ACCOUNTS_15PLUS, FIBRE_HOUSEHOLDS, YEAR, Sizes
from samples.draws import Ints, apportion, exact_share, generator
from samples.expected import quarantine, warn_at_release
from samples.forms import Cell, Cells, Column, Form, Report, Row, RowDefect, put, sent_twice, thousands
from samples.landing import Landing, Slot, after_month
from samples.province import Province
from samples.reporting import Event, Events, send_report

_EXTRACT: Final = "digital_infrastructure"
_QUARTERS: Final = 4
_PROVINCE_NAME: Final = "Tỉnh Thái Bình"

_COLUMNS: Final = (
    Column("number", "STT"),
    Column("district_name", "Huyện/Thành phố"),
    Column("unit_name", "Xã/Phường/Thị trấn"),
    Column("measure_code", "Mã chỉ tiêu"),
    Column("numerator", "Tử số"),
    Column("denominator", "Mẫu số"),
)
_FORMS: Final = {
    supplier: Form("HaTang", office, "SỐ LIỆU HẠ TẦNG SỐ", _COLUMNS, label="unit_name", lost="denominator")
    for supplier, office in (
        ("STTTT", "SỞ THÔNG TIN VÀ TRUYỀN THÔNG"),
        ("NHNN", "NGÂN HÀNG NHÀ NƯỚC CHI NHÁNH TỈNH THÁI BÌNH"),
        ("SNV", "SỞ NỘI VỤ"),
    )
}
_EVENTS: Final[dict[str, Events]] = {
    "STTTT": {
        "2023-Q1": (Event.ROWS_SPOILT, 11),
        "2023-Q2": (Event.RESENT_A_B_A, 9),
        "2023-Q3": (Event.MISSING_COLUMN, 4),
        "2023-Q4": (Event.ROWS_SPOILT, 6),
    },
    "NHNN": {
        "2023-Q1": (Event.EXTRA_COLUMN, 0),
        "2023-Q2": (Event.ROWS_SPOILT, 14),
        "2023-Q3": (Event.LATE, 31),
        "2023-Q4": (Event.TRUNCATED, 5),
    },
    "SNV": {
        "2023-Q1": (Event.ROWS_SPOILT, 8),
        "2023-Q3": (Event.WRONG_HEADER, 2),
        "2023-Q4": (Event.ROWS_SPOILT, 7),
    },
}
# Of a hundred officials, how many meet a requirement in the last quarter; all simulated.
_REQUIREMENTS: Final = (("official_chip_card", 100), ("official_eid_account", 97), ("official_portal_account", 93))
_OFFICIALS: Final = {"province": 2_150, "district": 140, "commune": 21}
_COUNTED_ANEW_EVERY: Final = 90


def _shift(cells: Cells, _: random.Random) -> None:
    """A cell too many before the measure."""
    cells["measure_code"], cells["numerator"], cells["denominator"] = None, cells["measure_code"], cells["numerator"]


def _exceed(cells: Cells, rng: random.Random) -> None:
    cells["numerator"] = _number(cells["denominator"]) + rng.randrange(1, 40)


def _other_denominator(cells: Cells, rng: random.Random) -> None:
    cells["denominator"] = _number(cells["denominator"]) + rng.randrange(1, 40)


def _drop_district(cells: Cells, _: random.Random) -> None:
    cells["district_name"] = None


def _in_a_district(cells: Cells) -> bool:
    return cells["district_name"] is not None


def _defects(repeated_names: frozenset[str]) -> tuple[RowDefect, ...]:
    """``repeated_names`` are those that more than one commune of the province bears."""
    return (
        RowDefect(
            "unit_ambiguous",
            (quarantine("unit_name.ambiguous"),),
            _drop_district,
            lambda cells: cells["unit_name"] in repeated_names,
        ),
        RowDefect(
            "unit_unknown",
            (quarantine("unit_name.unknown"),),
            put("unit_name", "Xã Thái Bình Dương", "Phường Đồng Không"),
            _in_a_district,
        ),
        RowDefect("unit_missing", (quarantine("unit_name.required"),), put("unit_name", None), _in_a_district),
        RowDefect("columns_shifted", (quarantine("measure_code.required"), quarantine("numerator.unreadable")), _shift),
        RowDefect("measure_missing", (quarantine("measure_code.required"),), put("measure_code", None)),
        RowDefect(
            "measure_unlisted", (quarantine("measure_code.not_in_list"),), put("measure_code", "cap_quang", "CT-07")
        ),
        RowDefect("text_in_number", (quarantine("numerator.unreadable"),), put("numerator", "35 hộ", "gần hết")),
        RowDefect("count_missing", (quarantine("denominator.required"),), put("denominator", None)),
        RowDefect("count_negative", (quarantine("numerator.out_of_range"),), put("numerator", -1, -7)),
        RowDefect("over_hundred_percent", (quarantine("row.numerator_exceeds_denominator"),), _exceed),
        *sent_twice(_other_denominator),
    )


def send_digital_infrastructure(landing: Landing, province: Province, sizes: Sizes, seed: int, dirt: float) -> None:
    """Four quarters of three suppliers; the fourth holds the reported shares, the earlier ones lag behind."""
    names = province.communes["full_name"]
    defects = _defects(frozenset(names.filter(names.is_duplicated())))
    measures = _counts(len(names), sizes, seed)
    places = province.communes.select("district_name", "full_name").rows()
    for quarter in range(1, _QUARTERS + 1):
        by_supplier = {
            "STTTT": [
                _row(
                    None,
                    _PROVINCE_NAME,
                    "shared_databases",
                    sizes.shared_databases - 4 + quarter,
                    sizes.shared_databases,
                ),
                *_commune_rows(places, "fibre_households", measures, quarter),
                *_commune_rows(places, "fibre_communes", measures, quarter),
            ],
            "NHNN": _commune_rows(places, "accounts_15plus", measures, quarter),
            "SNV": _official_rows(province, quarter, is_dirty=dirt > 0),
        }
        period = f"{YEAR}-Q{quarter}"
        for supplier, rows in by_supplier.items():
            for number, row in enumerate(rows, 1):
                row.cells["number"] = number
            received = after_month(3 * quarter, 15, 14, 20 + quarter)
            report = Report(
                _FORMS[supplier],
                Slot(_EXTRACT, supplier, period),
                f"Quý {quarter} năm {YEAR}",
                f"hatang_{supplier.lower()}_{period}",
                received,
                rows,
            )
            send_report(landing, report, _EVENTS[supplier], defects, seed, dirt)


def _counts(communes: int, sizes: Sizes, seed: int) -> dict[str, tuple[Ints, Ints]]:
    """Numerators and denominators of the fourth quarter, by commune."""
    rng = generator(seed, _EXTRACT)
    weights = rng.lognormal(0.0, 0.3, communes)
    ones = np.ones(communes, dtype=np.int64)
    counts = {"fibre_communes": (ones, ones)}
    for measure, people, (numerator, denominator) in (
        ("fibre_households", sizes.households, FIBRE_HOUSEHOLDS),
        ("accounts_15plus", sizes.persons_15plus, ACCOUNTS_15PLUS),
    ):
        total = max(people, 3 * communes) // denominator * denominator
        totals = apportion(total, weights, at_least=1)
        counts[measure] = exact_share(rng, totals, total // denominator * numerator), totals
    return counts


def _commune_rows(
    places: list[tuple[str, str]], measure: str, counts: dict[str, tuple[Ints, Ints]], quarter: int
) -> list[Row]:
    numerators, denominators = counts[measure]
    # With every quarter before the last, one more commune in twenty had not begun; the last is exact.
    lagging = np.where(np.arange(len(numerators)) % 20 < _QUARTERS - quarter, 0, numerators)
    return [
        _row(district, name, measure, int(numerator), int(denominator))
        for (district, name), numerator, denominator in zip(places, lagging, denominators, strict=True)
    ]


def _official_rows(province: Province, quarter: int, *, is_dirty: bool) -> list[Row]:
    """Officials of the province's, the districts' and the communes' own bodies. Where it is dirty, some units count them
    once more for the last requirement and come to another number."""
    bodies: list[tuple[str | None, str, str]] = [(None, _PROVINCE_NAME, "province")]
    bodies += [(None, name, "district") for name in province.districts["full_name"]]
    bodies += [(*place, "commune") for place in province.communes.select("district_name", "full_name").rows()]
    rows = []
    for place, (district, name, level) in enumerate(bodies):
        officials = _OFFICIALS[level] + place % 5
        is_counted_anew = is_dirty and place % _COUNTED_ANEW_EVERY == _COUNTED_ANEW_EVERY - 1
        for measure, percent in _REQUIREMENTS:
            counted = officials + 2 if is_counted_anew and measure == _REQUIREMENTS[-1][0] else officials
            meeting = officials * (percent - 2 * (_QUARTERS - quarter)) // 100
            row = _row(district, name, measure, meeting, counted)
            if is_counted_anew:
                row = replace(row, defects=("counted_anew",), expected=(warn_at_release("row.denominators_differ"),))
            rows.append(row)
    return rows


def _row(district: str | None, name: str, measure: str, numerator: int, denominator: int) -> Row:
    typed: Cell = thousands(denominator) if denominator >= 1000 and denominator % 4 == 0 else denominator
    cells: Cells = {
        "district_name": district,
        "unit_name": name,
        "measure_code": measure,
        "numerator": numerator,
        "denominator": typed,
    }
    if denominator % 7 == 0:
        cells["extra"] = "Số liệu của phòng giao dịch"
    return Row(cells)


def _number(cell: Cell) -> int:
    return int(str(cell).replace(".", ""))
