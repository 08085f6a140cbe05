"""Sends the report of a period, right or spoilt, on time or not, once or several times, with the truth about it.

What belongs here: what happens to whole reports on their way. What does not: their bytes, the content of any one report.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import Enum, auto
from itertools import islice
from typing import Final, TypeAlias

from samples.expected import Expected, warn
from samples.forms import Column, Form, Report, Row, RowDefect, TextForm, Written
from samples.landing import Landing, Sending, frame_findings, frame_rows
from samples.sheets import write_sheet
from samples.text_files import write_text

_EXTRA_TITLE: Final = "Ghi chú nội bộ"


class Event(Enum):
    """What happens to the workbook of a period."""

    ROWS_SPOILT = auto()
    TOTAL_WRONG = auto()
    TRUNCATED = auto()
    WRONG_HEADER = auto()
    MISSING_COLUMN = auto()
    EXTRA_COLUMN = auto()
    RESENT_UNCHANGED = auto()
    RESENT_A_B_A = auto()
    LATE = auto()
    NEVER = auto()


Events: TypeAlias = Mapping[str, tuple[Event, int]]


@dataclass(frozen=True)
class _Variant:
    """How a file differs from a right one."""

    defect: str | None = None
    refusal: str | None = None
    of_file: tuple[Expected, ...] = ()
    total_off_by: int | None = 0
    """None where the totals are left out."""
    kept_share: float = 1.0


def send_report(
    landing: Landing, report: Report, events: Events, defects: Sequence[RowDefect], seed: int, dirt: float
) -> None:
    """Send a period's workbook and, where something happens to it, the sendings around it."""
    event, days_later = events.get(report.slot.period, (None, 0)) if dirt else (None, 0)
    if event is Event.NEVER:
        landing.withhold(report.slot, "never delivered")
        return
    rng = random.Random(f"{seed} {report.slot}")
    for sending in _sendings(report, event, timedelta(days=days_later), defects, rng, dirt):
        landing.send(sending)


def _sendings(
    report: Report,
    event: Event | None,
    later: timedelta,
    defects: Sequence[RowDefect],
    rng: random.Random,
    dirt: float,
) -> Iterator[Sending]:
    right = _Variant()
    match event:
        case None:
            yield _sending(report, 1, timedelta(), right)
        case Event.LATE:
            yield _sending(report, 1, later, replace(right, defect="late"))
        case Event.EXTRA_COLUMN:
            yield _sending(report, 1, timedelta(), _Variant("extra_column", None, (warn("file.extra_column"),)))
        case Event.RESENT_UNCHANGED:
            yield _sending(report, 1, timedelta(), right)
            yield _sending(report, 2, later, replace(right, defect="resent_unchanged"))
        case Event.RESENT_A_B_A:
            spoilt = replace(report, rows=_spoil(report.rows, defects, rng, dirt))
            yield _sending(report, 1, timedelta(), right)
            yield _sending(spoilt, 2, later / 2, _Variant("rows_spoilt", total_off_by=None))
            yield _sending(report, 3, later, replace(right, defect="resent_a_b_a"))
        case Event.ROWS_SPOILT:
            spoilt = replace(report, rows=_spoil(report.rows, defects, rng, dirt))
            # A judge may sum spoilt rows in more than one way: a sheet that has some carries no totals.
            yield _sending(spoilt, 1, timedelta(), _Variant("rows_spoilt", total_off_by=None))
            yield _sending(report, 2, later, replace(right, defect="resent_corrected"))
        case Event.TOTAL_WRONG:
            yield _sending(report, 1, timedelta(), _Variant("total_wrong", total_off_by=rng.randrange(1, 90)))
            yield _sending(report, 2, later, replace(right, defect="resent_corrected"))
        case Event.TRUNCATED | Event.WRONG_HEADER | Event.MISSING_COLUMN | Event.NEVER:
            yield _sending(report, 1, timedelta(), _REFUSED[event])
            yield _sending(report, 2, later, right)


def _refusal(defect: str, rule_code: str, kept_share: float = 1.0) -> _Variant:
    return _Variant(defect, rule_code, (Expected(rule_code, "refuse"),), kept_share=kept_share)


_REFUSED: Final = {
    Event.TRUNCATED: _refusal("truncated", "file.unreadable", kept_share=0.6),
    Event.WRONG_HEADER: _refusal("wrong_header", "file.header_not_found"),
    Event.MISSING_COLUMN: _refusal("missing_column", "file.missing_column"),
}


def _sending(report: Report, number: int, later: timedelta, variant: _Variant) -> Sending:
    written = _written(report, variant)
    # Without a header or an end nobody can say how many rows there were.
    read = None if variant.refusal not in (None, "file.missing_column") else written.rows
    found = [] if variant.refusal else [*written.rows, *written.totals]
    return Sending(
        slot=report.slot,
        file_name=f"{report.file_stem}{f'_lan{number}' if number > 1 else ''}{written.suffix}",
        content=written.content[: int(len(written.content) * variant.kept_share)],
        received_at=report.received_at + later,
        rows=frame_rows(written.sheet, read or (), refused=variant.refusal is not None),
        findings=frame_findings(written.sheet, found, variant.of_file),
        rows_read=None if read is None else len(read),
        file_defect=variant.defect,
        refusal_code=variant.refusal,
    )


def _written(report: Report, variant: _Variant) -> Written:
    form = _form_as_sent(report.form, variant)
    if isinstance(form, TextForm):
        return write_text(form, report.rows)
    return write_sheet(form, report, variant.total_off_by)


def _form_as_sent(form: Form | TextForm, variant: _Variant) -> Form | TextForm:
    match variant.defect:
        case "extra_column":
            return replace(form, columns=(*form.columns, Column("extra", _EXTRA_TITLE)))
        case "missing_column":
            return replace(form, columns=tuple(one for one in form.columns if one.field != form.lost))
        case "wrong_header":
            blind = tuple(Column(one.field, f"Cột {n}") for n, one in enumerate(form.columns, 1))
            return replace(form, columns=blind)
        case _:
            return form


def _spoil(rows: Sequence[Row], defects: Sequence[RowDefect], rng: random.Random, dirt: float) -> list[Row]:
    """The same rows, some of them spoilt: every kind at least once, each on rows of its own that were right before."""
    wanted = max(1, round(dirt * len(rows) / len(defects)))
    chosen: dict[int, RowDefect] = {}
    order = rng.sample(range(len(rows)), len(rows))
    for defect in defects:
        free = (
            place
            for place in order
            if place not in chosen and not rows[place].expected and defect.eligible(rows[place].cells)
        )
        for place in islice(free, wanted):
            chosen[place] = defect
    spoilt: list[Row] = []
    for place, row in enumerate(rows):
        spoilt += _spoil_row(row, chosen[place], rng) if place in chosen else [row]
    return spoilt


def _spoil_row(row: Row, defect: RowDefect, rng: random.Random) -> list[Row]:
    cells = dict(row.cells)
    if defect.twin == "none":
        defect.spoil(cells, rng)
        return [Row(cells, row.group, (defect.name,), defect.expected)]
    twin = dict(cells)
    if defect.twin == "other":
        defect.spoil(twin, rng)
    return [
        Row(cells, row.group, (defect.name,), defect.expected),
        Row(twin, row.group, (defect.name,), defect.twin_expected),
    ]
