"""Department returns as files: a workbook for extracts that come as workbooks, a CSV file for the others.

What belongs here: how a return looks when a clerk opens it. What does not: which deliveries are returned and why
(`reports.returns`).
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

FINDING_TITLES: Final = (
    "Trang tính",
    "Dòng",
    "Ô",
    "Cột",
    "Giá trị trong tệp",
    "Lỗi",
    "Mã quy tắc",
    "Xử lý",
    "Cần ghi",
    "Cách sửa",
)
_WIDTHS: Final = (14, 8, 8, 24, 24, 56, 30, 18, 36, 56)
_UTF8_MARK: Final = "\ufeff"
# What a spreadsheet would run as a formula if a cell began with it, unless the rest is a plain number.
_BEGINS_FORMULA: Final = frozenset("=+-@\t\r")
_FORMULA: Final = re.compile(r"^[=+\-@\t\r](?![\d.,]*$)")


@dataclass(frozen=True)
class Finding:
    """One thing wrong in a delivery, as told to the department that sent it; `cell` as a workbook shows it, "D17"."""

    sheet: str
    row: int | None
    cell: str
    column: str
    found: str
    message: str
    rule_code: str
    consequence: str
    expected: str
    remedy: str

    @property
    def cells(self) -> tuple[str | int | None, ...]:
        """The finding in the order of FINDING_TITLES."""
        return (
            self.sheet,
            self.row,
            self.cell,
            self.column,
            self.found,
            self.message,
            self.rule_code,
            self.consequence,
            self.expected,
            self.remedy,
        )

    @property
    def position(self) -> tuple[str, int | None]:
        """Where it stands in the file."""
        return self.sheet, self.row


@dataclass(frozen=True)
class Return:
    """What goes back to a department about one delivery.

    `originals` are the rows that did not pass, by position: the texts of their cells by title.
    """

    facts: Sequence[tuple[str, str]]
    findings: Sequence[Finding]
    titles: Sequence[str]
    originals: Mapping[tuple[str, int | None], Mapping[str, str]]
    made_from: datetime


@dataclass(frozen=True)
class Listing:
    """A table of a summary: its name, titles and rows of texts and numbers."""

    name: str
    titles: Sequence[str]
    rows: Sequence[Sequence[str | int | None]]


def as_csv(returned: Return) -> bytes:
    """One line a finding, followed by the original cells of its row; opens in a spreadsheet as it is."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow([*FINDING_TITLES, *(f"[{title}]" for title in returned.titles)])
    for finding in returned.findings:
        original = returned.originals.get(finding.position, {})
        writer.writerow(map(_harmless, [*finding.cells, *(original.get(title, "") for title in returned.titles)]))
    return (_UTF8_MARK + buffer.getvalue()).encode()


def as_workbook(returned: Return) -> bytes:
    """Sheets on the delivery, its findings, and the original rows (if any) with the cells at fault marked and explained."""
    buffer = io.BytesIO()
    with _workbook(buffer, returned.made_from) as book:
        styles = _Styles(book)
        _facts_sheet(book, styles, returned.facts)
        _table(book, styles, Listing("Loi", FINDING_TITLES, [f.cells for f in returned.findings]), _WIDTHS)
        if returned.originals:
            _originals_sheet(book, styles, returned)
    return buffer.getvalue()


def summary_workbook(listings: Sequence[Listing], made_from: datetime) -> bytes:
    """A workbook with one sheet for each table."""
    buffer = io.BytesIO()
    with _workbook(buffer, made_from) as book:
        styles = _Styles(book)
        for listing in listings:
            _table(book, styles, listing, [max(12, len(title) + 4) for title in listing.titles])
    return buffer.getvalue()


class _Styles:
    """The few cell formats of a return."""

    def __init__(self, book: Workbook) -> None:
        self.head: Format = book.add_format({"bold": True, "bottom": 2, "text_wrap": True, "valign": "top"})
        self.text: Format = book.add_format({"text_wrap": True, "valign": "top"})
        self.fault: Format = book.add_format(
            {"text_wrap": True, "valign": "top", "bold": True, "font_color": "#A8240F", "bg_color": "#FDE7E3"}
        )


def _workbook(buffer: io.BytesIO, made_from: datetime) -> Workbook:
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "remove_timezone": True})
    # Written into the file by default is the moment of writing; the same return should have the same bytes.
    book.set_properties({"created": made_from.replace(tzinfo=None)})
    return book


def _facts_sheet(book: Workbook, styles: _Styles, facts: Sequence[tuple[str, str]]) -> None:
    sheet = book.add_worksheet("TomTat")
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 1, 80)
    for at, (title, text) in enumerate(facts):
        sheet.write_string(at, 0, title, styles.head)
        sheet.write_string(at, 1, text, styles.text)


def _table(book: Workbook, styles: _Styles, listing: Listing, widths: Sequence[int]) -> None:
    sheet = book.add_worksheet(listing.name)
    for at, (title, width) in enumerate(zip(listing.titles, widths, strict=True)):
        sheet.set_column(at, at, width)
        sheet.write_string(0, at, title, styles.head)
    for down, row in enumerate(listing.rows, start=1):
        for across, cell in enumerate(row):
            if isinstance(cell, int):
                sheet.write_number(down, across, cell, styles.text)
            elif cell:
                sheet.write_string(down, across, cell, styles.text)
    _ready_to_print(sheet, len(listing.rows), len(listing.titles))


def _originals_sheet(book: Workbook, styles: _Styles, returned: Return) -> None:
    faults: dict[tuple[tuple[str, int | None], str], list[str]] = {}
    for finding in returned.findings:
        faults.setdefault((finding.position, finding.column), []).append(f"{finding.message}\n→ {finding.remedy}")
    titles = ("Trang tính", "Dòng", *returned.titles)
    rows = [
        [sheet, row, *(cells.get(title) for title in returned.titles)]
        for (sheet, row), cells in returned.originals.items()
    ]
    _table(book, styles, Listing("DongGoc", titles, rows), [max(12, len(title) + 2) for title in titles])
    sheet = book.get_worksheet_by_name("DongGoc")
    for down, (position, cells) in enumerate(returned.originals.items(), start=1):
        for across, title in enumerate(returned.titles, start=2):
            if notes := faults.get((position, title)):
                sheet.write_string(down, across, cells.get(title) or "", styles.fault)
                sheet.write_comment(down, across, "\n".join(notes))


def _ready_to_print(sheet: Worksheet, rows: int, columns: int) -> None:
    sheet.freeze_panes(1, 0)
    if rows:
        sheet.autofilter(0, 0, rows, columns - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _harmless(cell: str | int | None) -> str | int | None:
    # Looking at the first character first takes half the time of trying the pattern on every cell.
    is_formula = isinstance(cell, str) and cell[:1] in _BEGINS_FORMULA and _FORMULA.match(cell)
    return f"'{cell}" if is_formula else cell
