"""Daily lists of what was paid for dossiers, as the cashier's workbook shows it.

What belongs here: who pays what, the form and its typical mistakes.
"""

from __future__ import annotations

import random
from datetime import date
from typing import Final

from samples.dossier_days import handed_over, worked_on
from samples.dossier_spelling import World
from samples.expected import quarantine, warn
from samples.forms import Cell, Cells, Column, Form, Report, Row, RowDefect, put, sent_twice, thousands
from samples.landing import Landing, Slot
from samples.reporting import Event, Events, send_report

_EXTRACT: Final = "dossier_payment"
_SUPPLIER: Final = "VPUB"
_PAYMENTS_A_YEAR: Final = 600_000
_AMOUNTS_VND: Final = (5_000, 8_000, 20_000, 30_000, 50_000, 100_000, 150_000, 500_000, 1_250_000)
_KINDS: Final = ("Phí", "Lệ phí", "Lệ phí", "Nghĩa vụ tài chính")

_FORM: Final = Form(
    sheet_name="PhiLePhi",
    office="TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG",
    title="DANH SÁCH THU PHÍ, LỆ PHÍ",
    columns=(
        Column("number", "STT"),
        Column("payment_no", "Mã giao dịch"),
        Column("dossier_code", "Mã hồ sơ"),
        Column("payment_kind", "Loại khoản thu"),
        Column("amount_vnd", "Số tiền (đồng)"),
        Column("is_exempt", "Miễn, giảm"),
        Column("channel_code", "Hình thức nộp"),
        Column("paid_on", "Ngày nộp"),
    ),
    label="payment_kind",
    lost="amount_vnd",
)
_EVENTS: Final[Events] = {
    "2023-03-15": (Event.TRUNCATED, 1),
    "2023-06-20": (Event.WRONG_HEADER, 2),
    "2023-09-19": (Event.LATE, 9),
    "2023-11-14": (Event.EXTRA_COLUMN, 0),
} | {f"2023-{month:02d}-08": (Event.ROWS_SPOILT, 4 + month) for month in range(1, 13)}


def _other_amount(cells: Cells, rng: random.Random) -> None:
    cells["amount_vnd"] = rng.randrange(2_000_000, 3_000_000)


_DEFECTS: Final = (
    RowDefect("amount_words", (quarantine("amount_vnd.unreadable"),), put("amount_vnd", "theo biên lai", "20k")),
    RowDefect("amount_missing", (quarantine("amount_vnd.required"),), put("amount_vnd", None)),
    RowDefect("amount_negative", (quarantine("amount_vnd.negative"),), put("amount_vnd", -20_000, "(50.000)")),
    RowDefect(
        "exempt_as_zero",
        (warn("row.zero_without_exemption"),),
        put("amount_vnd", 0, "0"),
        lambda cells: cells["is_exempt"] != "Có",
    ),
    RowDefect("kind_unlisted", (quarantine("payment_kind.not_in_list"),), put("payment_kind", "Tạm ứng", "Khác")),
    RowDefect("channel_unlisted", (quarantine("channel_code.not_in_list"),), put("channel_code", "Ví điện tử")),
    RowDefect("dossier_missing", (quarantine("dossier_code.required"),), put("dossier_code", None)),
    RowDefect("number_cut", (quarantine("payment_no.unreadable"),), put("payment_no", "GD-2023")),
    RowDefect("paid_text", (quarantine("paid_on.unreadable"),), put("paid_on", "hôm qua")),
    *sent_twice(_other_amount),
)


def send_dossier_payments(landing: Landing, world: World, seed: int, scale: float, dirt: float) -> None:
    """A workbook a day; one payment in twelve is exempt and of nothing."""
    for day, dossiers, _ in worked_on(world, seed, _EXTRACT, _PAYMENTS_A_YEAR * scale):
        rows = [Row(_cells(day, number, world, dossier)) for number, dossier in enumerate(dossiers.tolist())]
        slot = Slot(_EXTRACT, _SUPPLIER, day.isoformat())
        report = Report(_FORM, slot, f"Ngày {day:%d/%m/%Y}", f"phi_{day:%Y%m%d}", handed_over(day, 15), rows)
        send_report(landing, report, _EVENTS, _DEFECTS, seed, dirt)


def _cells(day: date, number: int, world: World, dossier: int) -> Cells:
    amount = _AMOUNTS_VND[(dossier + number) % len(_AMOUNTS_VND)]
    is_exempt = number % 12 == 7
    typed: Cell = amount if number % 4 else f"{thousands(amount)},00"
    cells: Cells = {
        "number": number + 1,
        "payment_no": f"GD-{day:%Y%m%d}-{number + 1:06d}",
        "dossier_code": world.dossiers.dossier_code[dossier],
        "payment_kind": _KINDS[number % len(_KINDS)],
        "amount_vnd": 0 if is_exempt else typed,
        "is_exempt": "Có" if is_exempt else "Không",
        "channel_code": "Trực tuyến" if number % 5 < 2 else "Trực tiếp",
        "paid_on": f"{day:%d/%m/%Y}",
    }
    if number % 10 == 0:
        cells["extra"] = "Đã đối chiếu"
    return cells
