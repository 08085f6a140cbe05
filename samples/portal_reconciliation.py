"""Monthly lists of what the national portal holds: dossiers of every agency, counted and named by their codes.

What belongs here: what the portal knows, codes it knows alone among them, the form and its typical mistakes.
"""

from __future__ import annotations

import random
from datetime import date
from typing import Final

import polars as pl

from samples.article import FIRST_DAY, YEAR
from samples.dossier_spelling import World
from samples.dossiers import Group
from samples.expected import at_release, quarantine, warn
from samples.forms import Cells, Column, Report, Row, RowDefect, TextForm, leave, put
from samples.landing import Landing, Slot, after_month
from samples.reporting import Event, Events, send_report

_EXTRACT: Final = "portal_reconciliation"
_SUPPLIER: Final = "VPUB"

_FORM: Final = TextForm(
    columns=(
        Column("agency_code", "Đơn vị xử lý"),
        Column("dossiers_received", "Số hồ sơ trên Cổng"),
        Column("dossiers_online", "Trong đó trực tuyến"),
        Column("dossier_codes", "Danh sách mã hồ sơ"),
    ),
    lost="dossiers_online",
    delimiter=",",
)
_EVENTS: Final[Events] = {
    "2023-03": (Event.ROWS_SPOILT, 7),
    "2023-05": (Event.WRONG_HEADER, 2),
    "2023-06": (Event.ROWS_SPOILT, 9),
    "2023-08": (Event.RESENT_UNCHANGED, 4),
    "2023-09": (Event.EXTRA_COLUMN, 0),
    "2023-10": (Event.MISSING_COLUMN, 3),
    "2023-12": (Event.LATE, 12),
}


def _exceed(cells: Cells, rng: random.Random) -> None:
    cells["dossiers_online"] = int(str(cells["dossiers_received"])) + rng.randrange(1, 9)


def _other_count(cells: Cells, rng: random.Random) -> None:
    cells["dossiers_received"] = int(str(cells["dossiers_received"])) + rng.randrange(1, 9)


_DEFECTS: Final = (
    RowDefect("agency_unknown", (at_release("agency_code.unknown"),), put("agency_code", "H54.95", "000.00.96.H54")),
    RowDefect("agency_text", (quarantine("agency_code.unreadable"),), put("agency_code", "Bộ phận Một cửa")),
    RowDefect("agency_missing", (quarantine("agency_code.required"),), put("agency_code", None)),
    RowDefect("text_in_number", (quarantine("dossiers_received.unreadable"),), put("dossiers_received", "khoảng 30")),
    RowDefect("count_missing", (quarantine("dossiers_online.required"),), put("dossiers_online", None)),
    RowDefect("count_disagrees", (warn("dossiers_received.disagrees"),), _other_count),
    RowDefect("online_exceeds_total", (quarantine("row.online_exceeds_total"),), _exceed),
    RowDefect(
        "codes_cut",
        (quarantine("dossier_codes.unreadable"), warn("dossiers_received.disagrees")),
        put("dossier_codes", "000.00.53.H54-230101-0001;000.00.53", "xem tệp kèm theo"),
        lambda cells: cells["dossiers_received"] != 0,
    ),
    RowDefect("duplicate_line", (), leave, twin="same", twin_expected=(quarantine("row.duplicate_row"),)),
    RowDefect(
        "duplicate_key",
        (quarantine("row.duplicate_key"),),
        _other_count,
        twin="other",
        twin_expected=(quarantine("row.duplicate_key"), warn("dossiers_received.disagrees")),
    ),
)


def send_portal_reconciliations(landing: Landing, world: World, seed: int, _scale: float, dirt: float) -> None:
    """Twelve months of every agency; the portal knows a few dossiers that no daily file ever brings."""
    dossiers, agencies = world.dossiers, world.province.agencies
    starts = [(date(YEAR, month, 1) - FIRST_DAY).days for month in range(1, 13)]
    starts.append((date(YEAR + 1, 1, 1) - FIRST_DAY).days)
    known = pl.DataFrame(
        {
            "agency": dossiers.agency,
            "day": dossiers.received_day,
            "is_online": dossiers.channel == 2,
            "code": dossiers.dossier_code,
        }
    ).filter(dossiers.group != Group.NEVER_RECEIVED)
    codes = agencies["agency_code"].to_list()
    old_codes = agencies["agency_code_old"].to_list()
    for month in range(1, 13):
        listed = (
            known.filter(pl.col("day").is_between(starts[month - 1], starts[month], closed="left"))
            .group_by("agency")
            .agg(pl.len().alias("received"), pl.col("is_online").sum().alias("online"), pl.col("code").str.join(";"))
        )
        told = {agency: (received, online, text) for agency, received, online, text in listed.iter_rows()}
        rows = []
        for place, (code, old_code) in enumerate(zip(codes, old_codes, strict=True)):
            received, online, text = told.get(place, (0, 0, None))
            if place % 37 == month:
                # Registered on the portal and never passed on.
                lost = f"{old_code}-{YEAR % 100}{month:02d}28-{9000 + place % 900:04d}"
                received, text = received + 1, ";".join(filter(None, (text, lost)))
            cells: Cells = {
                "agency_code": old_code if (place + month) % 2 else code,
                "dossiers_received": received,
                "dossiers_online": online,
                "dossier_codes": text,
            }
            rows.append(Row(cells))
        period = f"{YEAR}-{month:02d}"
        received_at = after_month(month, 5, 13, 5 + month)
        report = Report(_FORM, Slot(_EXTRACT, _SUPPLIER, period), "", f"doisoat_{period}", received_at, rows)
        send_report(landing, report, _EVENTS, _DEFECTS, seed, dirt)
