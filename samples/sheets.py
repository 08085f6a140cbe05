"""Writes reports as offices do: sheets with emblem, merged headers, totals and signatures, or delimited text.

What belongs here: the shape of a sheet, its bytes, the truth about its rows, and the ways whole workbooks go wrong.
What does not: the content of any one report.
"""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import Enum, auto
from io import BytesIO, StringIO
from typing import Final, Literal, TypeAlias

from xlsxwriter import Workbook

from samples.expected import Expected, warn
from samples.landing import Landing, Sending, Slot, TrueRow, frame_findings, frame_rows

Cell: TypeAlias = str | int | float | None
Cells: TypeAlias = dict[str, Cell]

# Workbooks carry a creation time; a fixed one keeps two runs identical.
_CREATED: Final = datetime(2023, 1, 1)  # noqa: DTZ001 - the file format knows no zone
_LABEL: Final = "SỐ LIỆU MÔ PHỎNG"
_EXTRA_TITLE: Final = "Ghi chú nội bộ"
_ROMAN: Final = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII")


@dataclass(frozen=True)
class Column:
    """A column of a form; ``over`` is the title of a merged cell above it."""

    field: str
    title: str
    over: str | None = None


@dataclass(frozen=True)
class Form:
    """A report's layout. ``label`` is the column that carries district names and "Tổng cộng"."""

    sheet_name: str
    office: str
    title: str
    columns: tuple[Column, ...]
    label: str
    lost: str
    summed: tuple[str, ...] = ()
    has_number_row: bool = False
    delimiter: str | None = None
    """Set where the report is no workbook but delimited text of this delimiter, without totals and groups."""
    is_json: bool = False
    """Set where the report is an array of JSON objects under the columns' titles."""


@dataclass
class Row:
    """A data row with what is wrong with it; rows of one ``group`` stand under one district row."""

    cells: Cells
    group: str | None = None
    defects: tuple[str, ...] = ()
    expected: tuple[Expected, ...] = ()


@dataclass(frozen=True)
class RowDefect:
    """One kind of defect of a row; ``twin`` as in dossiers: what is put beside the row."""

    name: str
    expected: tuple[Expected, ...]
    spoil: Callable[[Cells, random.Random], None]
    eligible: Callable[[Cells], bool] = lambda _: True
    twin: Literal["none", "same", "other"] = "none"
    twin_expected: tuple[Expected, ...] = ()


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
class Report:
    """A right report of one period: its rows, when it is due to arrive, how its file is called."""

    form: Form
    slot: Slot
    subtitle: str
    file_stem: str
    received_at: datetime
    rows: Sequence[Row]


@dataclass(frozen=True)
class _Variant:
    """How a file differs from a right one."""

    defect: str | None = None
    refusal: str | None = None
    of_file: tuple[Expected, ...] = ()
    total_off_by: int = 0
    has_totals: bool = True
    kept_share: float = 1.0


@dataclass
class _Grid:
    """A sheet being laid out line by line."""

    lines: list[list[Cell]] = field(default_factory=list)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    truth: list[TrueRow] = field(default_factory=list)
    total_line: int | None = None


def put(column: str, *choices: Cell) -> Callable[[Cells, random.Random], None]:
    """A defect that replaces one cell."""

    def spoil(cells: Cells, rng: random.Random) -> None:
        cells[column] = rng.choice(choices)

    return spoil


def leave(_: Cells, __: random.Random) -> None:
    """A row that is right by itself; its twin is the defect."""


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
            yield _sending(spoilt, 2, later / 2, _Variant("rows_spoilt", has_totals=False))
            yield _sending(report, 3, later, replace(right, defect="resent_a_b_a"))
        case Event.ROWS_SPOILT:
            spoilt = replace(report, rows=_spoil(report.rows, defects, rng, dirt))
            # A judge may sum spoilt rows in more than one way: a sheet that has some carries no totals.
            yield _sending(spoilt, 1, timedelta(), _Variant("rows_spoilt", has_totals=False))
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
    form = _form_as_sent(report.form, variant)
    suffix, sheet, content, truth, found = _written(form, report, variant)
    if variant.refusal:
        found = []
    # Without a header or an end nobody can say how many rows there were.
    read = None if variant.refusal not in (None, "file.missing_column") else truth
    return Sending(
        slot=report.slot,
        file_name=f"{report.file_stem}{f'_lan{number}' if number > 1 else ''}{suffix}",
        content=content[: int(len(content) * variant.kept_share)],
        received_at=report.received_at + later,
        rows=frame_rows(sheet, read or (), refused=variant.refusal is not None),
        findings=frame_findings(sheet, found, variant.of_file),
        rows_read=None if read is None else len(read),
        file_defect=variant.defect,
        refusal_code=variant.refusal,
    )


_Written: TypeAlias = tuple[str, str | None, bytes, list[TrueRow], list[TrueRow]]
"""The file's suffix, the sheet's name, the bytes, the rows, and whatever a finding may stand on."""


def _written(form: Form, report: Report, variant: _Variant) -> _Written:
    if form.is_json:
        return _in_records(form, report)
    if form.delimiter is not None:
        return _in_lines(form, report)
    grid = _lay_out(form, report, variant)
    found = [*grid.truth, *_total_finding(grid, variant)]
    return ".xlsx", form.sheet_name, _render(form.sheet_name, grid), grid.truth, found


def _in_records(form: Form, report: Report) -> _Written:
    """A JSON array with one object on a line; a position is the number of the object."""
    lines = [
        json.dumps({column.title: row.cells.get(column.field) for column in form.columns}, ensure_ascii=False)
        for row in report.rows
    ]
    content = "[\n" + ",\n".join(lines) + "\n]\n"
    truth = [TrueRow(number, row.defects, row.expected) for number, row in enumerate(report.rows, 1)]
    return ".json", None, content.encode(), truth, truth


def _in_lines(form: Form, report: Report) -> _Written:
    """Delimited text in UTF-8; the first record stands on line 2."""
    lines = StringIO(newline="")
    writer = csv.writer(lines, delimiter=form.delimiter or ",", lineterminator="\r\n")
    writer.writerow(column.title for column in form.columns)
    writer.writerows([row.cells.get(column.field) for column in form.columns] for row in report.rows)
    truth = [TrueRow(line, row.defects, row.expected) for line, row in enumerate(report.rows, 2)]
    return ".csv", None, lines.getvalue().encode("utf-8-sig"), truth, truth


def _form_as_sent(form: Form, variant: _Variant) -> Form:
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


def _total_finding(grid: _Grid, variant: _Variant) -> list[TrueRow]:
    if not variant.total_off_by or grid.total_line is None:
        return []
    return [TrueRow(grid.total_line, ("total_wrong",), (warn("total.mismatch"),))]


def _spoil(rows: Sequence[Row], defects: Sequence[RowDefect], rng: random.Random, dirt: float) -> list[Row]:
    """The same rows, some of them spoilt: every kind at least once, each on rows of its own."""
    wanted = max(1, round(dirt * len(rows) / len(defects)))
    chosen: dict[int, RowDefect] = {}
    order = rng.sample(range(len(rows)), len(rows))
    for defect in defects:
        free = (place for place in order if place not in chosen and defect.eligible(rows[place].cells))
        for place, _ in zip(list(free), range(wanted), strict=False):
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


def _lay_out(form: Form, report: Report, variant: _Variant) -> _Grid:
    grid = _Grid()
    for text in ("ỦY BAN NHÂN DÂN TỈNH THÁI BÌNH", form.office, None, form.title, report.subtitle, _LABEL, None):
        grid.lines.append([text])
    _lay_header(grid, form)
    group: str | None = None
    groups = 0
    for row in report.rows:
        if row.group != group:
            group = row.group
            grid.lines.append(_group_line(form, report, group or "", groups))
            groups += 1
        grid.lines.append([row.cells.get(column.field) for column in form.columns])
        grid.truth.append(TrueRow(len(grid.lines), row.defects, row.expected))
    if form.summed and variant.has_totals:
        grid.lines.append(_total_line(form, report.rows, variant.total_off_by))
        grid.total_line = len(grid.lines)
    grid.lines.append([])
    width = len(form.columns)
    for left, right in (("Người lập biểu", "Thủ trưởng đơn vị"), ("(Đã ký)", "(Đã ký)")):
        grid.lines.append([None, left, *[None] * (width - 4), right])
    return grid


def _lay_header(grid: _Grid, form: Form) -> None:
    """One header row, or two with merged cells when some columns stand under a common title."""
    top = len(grid.lines)
    if not any(column.over for column in form.columns):
        grid.lines.append([column.title for column in form.columns])
    else:
        grid.lines.append([None] * len(form.columns))
        grid.lines.append([column.title if column.over else None for column in form.columns])
        first = 0
        for place, column in enumerate(form.columns):
            if column.over is None:
                grid.lines[top][place] = column.title
                grid.merges.append((top, place, top + 1, place))
            elif place == 0 or form.columns[place - 1].over != column.over:
                grid.lines[top][place] = column.over
                first = place
            is_last = place + 1 == len(form.columns) or form.columns[place + 1].over != column.over
            if column.over is not None and is_last and first < place:
                grid.merges.append((top, first, top, place))
    if form.has_number_row:
        grid.lines.append([f"({number})" for number in range(1, len(form.columns) + 1)])


def _group_line(form: Form, report: Report, group: str, place: int) -> list[Cell]:
    """A district's row; every other period it repeats the district's sums."""
    has_sums = ord(report.slot.period[-1]) % 2 == 0
    sums = _sums(form, [row for row in report.rows if row.group == group]) if has_sums else {}
    cells: Cells = {form.columns[0].field: _ROMAN[place % len(_ROMAN)], form.label: group, **sums}
    return [cells.get(column.field) for column in form.columns]


def _total_line(form: Form, rows: Sequence[Row], off_by: int) -> list[Cell]:
    sums = _sums(form, rows)
    sums[form.summed[0]] += off_by
    cells: Cells = {form.label: "Tổng cộng", **sums}
    return [cells.get(column.field) for column in form.columns]


def _sums(form: Form, rows: Sequence[Row]) -> dict[str, int]:
    return {name: sum(_whole(row.cells[name]) for row in rows) for name in form.summed}


def _whole(cell: Cell) -> int:
    """The number in a cell that may be written "1.234"; what is no number counts nothing, as in a spreadsheet."""
    text = str(cell).replace(".", "")
    return int(text) if text.isdigit() else 0


def thousands(number: int) -> str:
    """A number as text with points between thousands."""
    return f"{number:,}".replace(",", ".")


def _render(sheet_name: str, grid: _Grid) -> bytes:
    buffer = BytesIO()
    workbook = Workbook(buffer, {"in_memory": True})
    workbook.set_properties({"title": _LABEL, "comments": "simulated", "created": _CREATED})
    sheet = workbook.add_worksheet(sheet_name)
    bold = workbook.add_format({"bold": True})
    for top, left, bottom, right in grid.merges:
        sheet.merge_range(top, left, bottom, right, grid.lines[top][left], bold)
    for number, cells in enumerate(grid.lines):
        for place, cell in enumerate(cells):
            if cell is not None and cell != "":
                sheet.write(number, place, cell)
    workbook.close()
    return buffer.getvalue()
