"""Writes report sheets as offices do: emblem and title rows, merged headers, district rows, totals, signatures.

What belongs here: the shape of a sheet and where its rows stand. What does not: its bytes (``workbook_bytes``), the content
of any one report.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from samples.expected import warn
from samples.forms import Cell, Cells, Form, Report, Row, Written
from samples.landing import TrueRow
from samples.workbook_bytes import workbook_bytes

_LABEL: Final = "SỐ LIỆU MÔ PHỎNG"
_ROMAN: Final = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII")


@dataclass
class _Grid:
    """A sheet being laid out line by line."""

    lines: list[list[Cell]] = field(default_factory=list)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    truth: list[TrueRow] = field(default_factory=list)
    total_line: int | None = None


def write_sheet(form: Form, report: Report, total_off_by: int | None) -> Written:
    """A workbook of the report; its total is wrong by ``total_off_by``, and left out where that is None."""
    grid = _lay_out(form, report, total_off_by)
    totals = []
    if total_off_by and grid.total_line is not None:
        totals.append(TrueRow(grid.total_line, ("total_wrong",), (warn("total.mismatch"),)))
    return Written(
        ".xlsx", form.sheet_name, workbook_bytes(form.sheet_name, _LABEL, grid.lines, grid.merges), grid.truth, totals
    )


def _lay_out(form: Form, report: Report, total_off_by: int | None) -> _Grid:
    grid = _Grid()
    for text in ("ỦY BAN NHÂN DÂN TỈNH THÁI BÌNH", form.office, None, form.title, report.subtitle, _LABEL, None):
        grid.lines.append([text])
    _lay_header(grid, form)
    fields = [column.field for column in form.columns]
    group: str | None = None
    groups = 0
    for row in report.rows:
        if row.group != group:
            group = row.group
            grid.lines.append(_group_line(form, report, group or "", groups))
            groups += 1
        grid.lines.append(list(map(row.cells.get, fields)))
        grid.truth.append(TrueRow(len(grid.lines), row.defects, row.expected))
    if form.summed and total_off_by is not None:
        grid.lines.append(_total_line(form, report.rows, total_off_by))
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
    """A district's row; every other period it repeats the district's sums, unless rows of it are spoilt."""
    rows = [row for row in report.rows if row.group == group]
    # A judge may sum spoilt rows in more than one way.
    has_sums = ord(report.slot.period[-1]) % 2 == 0 and not any(row.defects for row in rows)
    sums = _sums(form, rows) if has_sums else {}
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
