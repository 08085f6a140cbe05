"""Monthly lists of taxpayers with the status of their tax codes; codes are invented, their check digits are right.

What belongs here: who pays tax, which codes change status, the form and its typical mistakes.
"""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Final

from samples.article import YEAR
from samples.dossier_spelling import World
from samples.draws import generator
from samples.expected import at_release, quarantine, warn
from samples.forms import Cells, Column, Report, Row, RowDefect, TextForm, leave, put
from samples.landing import Landing, Slot, after_month
from samples.reporting import Event, Events, send_report

_EXTRACT: Final = "taxpayer"
_SUPPLIER: Final = "CTHUE"
_TAXPAYERS: Final = 60_000
_WEIGHTS: Final = (31, 29, 23, 19, 17, 13, 7, 5, 3)
_KINDS: Final = ("Doanh nghiệp", "Hộ kinh doanh", "Hộ kinh doanh", "Cá nhân")
_STATUSES: Final = ("00", "00", "00", "00", "00", "00", "03", "05", "06", "01", "10", "04")

_FORM: Final = TextForm(
    columns=(
        Column("tax_code", "Mã số thuế"),
        Column("taxpayer_name", "Tên người nộp thuế"),
        Column("taxpayer_kind", "Loại người nộp thuế"),
        Column("status_code", "Trạng thái mã số thuế"),
        Column("unit_code", "Mã xã"),
        Column("registered_on", "Ngày đăng ký"),
        Column("closed_on", "Ngày chấm dứt"),
    ),
    lost="status_code",
    delimiter="|",
)
_EVENTS: Final[Events] = {
    "2023-01": (Event.ROWS_SPOILT, 9),
    "2023-04": (Event.WRONG_HEADER, 2),
    "2023-07": (Event.ROWS_SPOILT, 20),
    "2023-09": (Event.MISSING_COLUMN, 4),
    "2023-11": (Event.RESENT_A_B_A, 10),
}


def _tax_code(serial: int) -> str | None:
    """The firm's code with its check digit; one number in eleven has none."""
    nine = f"10{serial:07d}"
    digit = 10 - sum(int(one) * weight for one, weight in zip(nine, _WEIGHTS, strict=True)) % 11
    return f"{nine}{digit}" if digit < 10 else None


def _break_check_digit(cells: Cells, _: random.Random) -> None:
    code = str(cells["tax_code"])
    cells["tax_code"] = f"{code[:9]}{(int(code[9]) + 1) % 10}{code[10:]}"


def _close_early(cells: Cells, _: random.Random) -> None:
    cells["closed_on"] = "1999-05-05"


def _other_status(cells: Cells, _: random.Random) -> None:
    cells["status_code"] = "09" if cells["status_code"] != "09" else "07"


def _lose_last_digits(cells: Cells, _: random.Random) -> None:
    cells["tax_code"] = str(cells["tax_code"])[:6]


_DEFECTS: Final = (
    RowDefect("check_digit", (quarantine("tax_code.check_digit"),), _break_check_digit),
    RowDefect("tax_code_cut", (quarantine("tax_code.unreadable"),), _lose_last_digits),
    RowDefect("tax_code_missing", (quarantine("tax_code.required"),), put("tax_code", None)),
    RowDefect("zero_lost", (quarantine("tax_code.leading_zero"),), put("tax_code", "100109106")),
    RowDefect("kind_unlisted", (quarantine("taxpayer_kind.not_in_list"),), put("taxpayer_kind", "Hợp tác xã")),
    RowDefect(
        "status_unlisted",
        (quarantine("status_code.not_in_list"),),
        put("status_code", "0", "11", "đang hoạt động"),
        lambda cells: cells["status_code"] != "01",
    ),
    RowDefect("unit_unknown", (at_release("unit_code.unknown"),), put("unit_code", "99998", "00001")),
    RowDefect("unit_name", (quarantine("unit_code.unreadable"),), put("unit_code", "Phường Đề Thám")),
    RowDefect("closed_early", (quarantine("row.closed_before_registration"),), _close_early),
    RowDefect(
        "closed_without_day",
        (warn("row.closed_without_day"),),
        put("closed_on", None),
        lambda cells: cells["status_code"] == "01",
    ),
    RowDefect("registered_text", (quarantine("registered_on.unreadable"),), put("registered_on", "2O15")),
    RowDefect("duplicate_line", (), leave, twin="same", twin_expected=(quarantine("row.duplicate_row"),)),
    RowDefect(
        "duplicate_key",
        (quarantine("row.duplicate_key"),),
        _other_status,
        lambda cells: cells["status_code"] != "01",
        twin="other",
        twin_expected=(quarantine("row.duplicate_key"),),
    ),
)


def send_taxpayers(landing: Landing, world: World, seed: int, scale: float, dirt: float) -> None:
    """Twelve monthly lists; every month the status of some changes."""
    rng = generator(seed, _EXTRACT)
    size = max(round(_TAXPAYERS * scale), 80)
    codes = [code for serial in range(12_345, 12_345 + size * 5 // 4 + 20) if (code := _tax_code(serial))][:size]
    communes = world.province.communes["unit_code"].to_list()
    names = world.people.names
    units = rng.integers(0, len(communes), size).tolist()
    people = rng.integers(0, len(names), size).tolist()
    drift = rng.integers(0, 200, size).tolist()
    for month in range(1, 13):
        last_on = date(YEAR + month // 12, month % 12 + 1, 1) - timedelta(days=1)
        rows = []
        for number, code in enumerate(codes):
            kind = _KINDS[number % len(_KINDS)]
            status = _STATUSES[(number + (drift[number] < month)) % len(_STATUSES)]
            name = names[people[number]]
            is_branch = kind == "Doanh nghiệp" and number % 10 == 0
            cells: Cells = {
                "tax_code": f"{code}-001" if is_branch else code,
                "taxpayer_name": f"Công ty TNHH {name}" if kind == "Doanh nghiệp" else name,
                "taxpayer_kind": kind,
                "status_code": status,
                "unit_code": communes[units[number]],
                "registered_on": date(2005 + number % 17, 1 + number % 12, 2 + number % 26).isoformat(),
                "closed_on": (last_on - timedelta(days=number % 28)).isoformat() if status == "01" else None,
            }
            rows.append(Row(cells))
        period = f"{YEAR}-{month:02d}"
        received = after_month(month, 3, 10, 15 + month)
        report = Report(_FORM, Slot(_EXTRACT, _SUPPLIER, period), "", f"nnt_{period}", received, rows)
        send_report(landing, report, _EVENTS, _DEFECTS, seed, dirt)
