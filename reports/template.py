"""The Excel template of an extract: titles, drop-downs, checks and notes for whoever fills it in, from the contract alone.

What belongs here: how the workbook is laid out and what it says. What does not: which checks and choices a column has
(`reports.template_cells`) and what a column means (the contract). A filled template is read like any other workbook.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any, Final

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from reports import wording
from reports.template_cells import AS_TEXT, Choices, check_of, choices_of, format_of
from schemas.contract import FORMATS, Column, Extract, Personal, Sheet
from schemas.periods import Cadence
from schemas.reference import tables
from schemas.rules import Rule, Wording

GUIDE: Final = "Hướng dẫn"
LISTS: Final = "Danh mục"
_ROWS: Final = "Số liệu"
_FIRST_TITLE_ROW: Final = 3
_LAST_ROW: Final = 1_048_575
_LONGEST_CELL_NOTE: Final = 255
_LONGEST_NOTE_TITLE: Final = 32
# The file carries a moment of writing; with a fixed one the same contract makes the same bytes.
_WRITTEN: Final = datetime(2023, 1, 1)  # noqa: DTZ001 - the file format knows no zone
CADENCE: Final[Mapping[Cadence, Wording]] = {
    Cadence.DAILY: Wording("hằng ngày", "daily"),
    Cadence.WEEKLY: Wording("hằng tuần", "weekly"),
    Cadence.MONTHLY: Wording("hằng tháng", "monthly"),
    Cadence.QUARTERLY: Wording("hằng quý", "quarterly"),
    Cadence.TERMLY: Wording("mỗi học kỳ", "every school term"),
    Cadence.YEARLY: Wording("hằng năm", "yearly"),
    Cadence.ON_CHANGE: Wording("khi có thay đổi", "on change"),
}

_MANNERS: Final = Wording(
    "Giữ nguyên dòng tiêu đề; mỗi dòng một bản ghi; không gộp ô, không để công thức trong số liệu.",
    "Keep the titles; one record a row; no merged cells and no formulas among the rows.",
)


def workbook_of(extract: Extract, on: date) -> bytes:
    """The template as an XLSX file; agencies and units are offered as they are on a day."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        book.set_properties({"title": extract.vi, "created": _WRITTEN})
        styles = _Styles(book)
        fields = [_Field(column, title, choices_of(column, extract, on)) for column, title in _titled(extract)]
        sheet = book.add_worksheet(_sheet_name(extract))
        guide = book.add_worksheet(GUIDE)
        lists = _write_lists(book, styles, fields)
        _write_form(sheet, styles, extract, fields, lists)
        _write_guide(guide, styles, extract, fields)
    return buffer.getvalue()


def first_row(extract: Extract) -> int:
    """The row under the titles, from 1: the first to be filled in."""
    return _FIRST_TITLE_ROW + _header_rows(extract) + 1


def how_needed(column: Column) -> Wording:
    """Whether a column must be filled in, must be there, or neither."""
    if column.required:
        return Wording("bắt buộc", "required")
    if column.must_exist:
        return Wording("phải có cột", "column must stay")
    return Wording("tuỳ chọn", "optional")


@dataclass(frozen=True)
class _Field:
    """A column as the template shows it; `title` is "upper / lower" where two rows of titles are meant."""

    column: Column
    title: str
    choices: Choices | None

    @property
    def mark(self) -> str:
        """How much it is needed, by a sign and in words."""
        sign = "● " if self.column.required else "○ " if self.column.must_exist else ""
        needed = how_needed(self.column)
        return f"{sign}{needed.vi} / {needed.en}"

    @property
    def example(self) -> str:
        """A text that may stand in it; empty where any may."""
        offered = self.choices.texts[0] if self.choices else None
        return offered or self.column.type.example or ""


class _Styles:
    """The few cell formats of a template, made once each."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._cells: dict[str, Format] = {}
        title = {"bold": True, "border": 1, "text_wrap": True, "align": "center", "valign": "vcenter"}
        self.heading: Format = book.add_format({"bold": True, "font_size": 14})
        self.needed: Format = book.add_format(title | {"bg_color": "#1F4E79", "font_color": "#FFFFFF"})
        self.optional: Format = book.add_format(title | {"bg_color": "#DDE6EE"})
        self.mark: Format = book.add_format({"italic": True, "text_wrap": True, "align": "center"})
        self.text: Format = book.add_format({"text_wrap": True, "valign": "top"})
        self.name: Format = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})

    def cells(self, number_format: str) -> Format:
        """The format of the cells to be filled in."""
        if number_format not in self._cells:
            self._cells[number_format] = self._book.add_format({"num_format": number_format})
        return self._cells[number_format]


def _sheet_name(extract: Extract) -> str:
    return extract.layout.label if isinstance(extract.layout, Sheet) and extract.layout.label else _ROWS


def _header_rows(extract: Extract) -> int:
    return extract.layout.header_rows if isinstance(extract.layout, Sheet) else 1


def _titled(extract: Extract) -> Iterator[tuple[Column, str]]:
    """Each column with the title it is best known by."""
    for column in extract.columns:
        yield column, column.headers[0]


def _write_lists(book: Workbook, styles: _Styles, fields: Sequence[_Field]) -> Mapping[str, str]:
    """The sheet of choices, two or three columns each; the name of each range by the column that uses it."""
    sheet = book.add_worksheet(LISTS)
    # Its headings are titles of the form: seen, it would be taken for a second table that lacks the other columns.
    sheet.hide()
    names: dict[str, str] = {}
    at = 0
    for field in fields:
        if field.choices is None:
            continue
        columns = [field.choices.texts, field.choices.meanings, field.choices.groups]
        for aside, texts in enumerate(column for column in columns if column):
            sheet.set_column(at + aside, at + aside, 28, styles.cells(AS_TEXT))
            sheet.write_column(1, at + aside, texts)
        sheet.write_string(0, at, field.title, styles.name)
        names[field.column.name] = _range_name(book, f"ds_{field.column.name}", at, len(field.choices.texts))
        if field.choices.groups:
            _range_name(book, f"nhom_{field.column.name}", at + 2, len(field.choices.texts))
        at += 4
    sheet.freeze_panes(1, 0)
    return names


def _range_name(book: Workbook, name: str, at: int, rows: int) -> str:
    letter = xl_col_to_name(at)
    book.define_name(name, f"='{LISTS}'!${letter}$2:${letter}${rows + 1}")
    return name


def _write_form(
    sheet: Worksheet, styles: _Styles, extract: Extract, fields: Sequence[_Field], lists: Mapping[str, str]
) -> None:
    """The sheet to fill in: what it is, how much each column is needed, the titles, then empty cells that check themselves."""
    sheet.write_string(0, 0, f"{extract.vi} — {extract.en}", styles.heading)
    sheet.write_string(
        1, 0, "Kỳ báo cáo / Period: ……………    Đơn vị / Supplier: ……………    (xem trang “Hướng dẫn” / see the guide)"
    )
    places = {field.column.name: at for at, field in enumerate(fields)}
    for at, field in enumerate(fields):
        sheet.set_column(at, at, max(14, min(38, len(field.title) + 4)), styles.cells(format_of(field.column.type)))
        sheet.write_string(_FIRST_TITLE_ROW - 1, at, field.mark, styles.mark)
        _write_checks(sheet, extract, field, places, lists)
    _write_titles(sheet, styles, extract, fields)
    below = _FIRST_TITLE_ROW + _header_rows(extract)
    sheet.freeze_panes(below, 0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_FIRST_TITLE_ROW, below - 1)
    sheet.set_footer("&L&A&R&P/&N")


def _write_titles(sheet: Worksheet, styles: _Styles, extract: Extract, fields: Sequence[_Field]) -> None:
    """One row of titles, or two, where those under a common title are joined above."""
    top, is_double = _FIRST_TITLE_ROW, _header_rows(extract) > 1
    parts = [tuple(field.title.split(" / ", 1)) if is_double else (field.title,) for field in fields]
    for at, (field, titles) in enumerate(zip(fields, parts, strict=True)):
        style = styles.needed if field.column.must_exist else styles.optional
        if is_double and len(titles) == 1:
            sheet.merge_range(top, at, top + 1, at, titles[0], style)
        else:
            sheet.write_string(top + len(titles) - 1, at, titles[-1], style)
        sheet.write_comment(top + len(titles) - 1, at, _note(field), {"x_scale": 2.5, "y_scale": 2})
    for (upper, is_common), span in groupby(enumerate(parts), key=lambda place: (place[1][0], len(place[1]) > 1)):
        places = [at for at, _ in span]
        if is_common and len(places) > 1:
            sheet.merge_range(top, places[0], top, places[-1], upper, styles.needed)
        elif is_common:
            sheet.write_string(top, places[0], upper, styles.needed)


def _note(field: _Field) -> str:
    column, expected = field.column, field.column.type.expected
    lines = [
        f"{column.vi} / {column.en}",
        field.mark,
        f"Cần: {expected.vi}",
        f"Expected: {expected.en}",
    ]
    if field.example:
        lines.append(f"Ví dụ / Example: {field.example}")
    return "\n".join(lines)


def _write_checks(
    sheet: Worksheet, extract: Extract, field: _Field, places: Mapping[str, int], lists: Mapping[str, str]
) -> None:
    """What Excel checks in a column's cells. A list may lack what is new, so what is not in it is only questioned."""
    first, at = _FIRST_TITLE_ROW + _header_rows(extract), places[field.column.name]
    cell = f"{xl_col_to_name(at)}{first + 1}"
    expected = field.column.type.expected
    check: dict[str, Any] | None = None
    if name := lists.get(field.column.name):
        check = {"validate": "list", "source": _source(extract, field, name, places, first)}
    elif found := check_of(field.column.type):
        check = {
            key: value.replace("{cell}", cell) if isinstance(value, str) else value for key, value in found.items()
        }
    if check is None:
        return
    sheet.data_validation(
        first,
        at,
        _LAST_ROW,
        at,
        check
        | {
            "ignore_blank": True,
            "error_type": "warning",
            "error_title": _cut(field.title, _LONGEST_NOTE_TITLE),
            "error_message": _cut(f"Cần {expected.vi}. / {expected.en} is needed.", _LONGEST_CELL_NOTE),
        },
    )


def _source(extract: Extract, field: _Field, name: str, places: Mapping[str, int], first: int) -> str:
    """The range a drop-down shows: all of it, or the part that belongs to the district in the same row."""
    by_name = extract.unit_by_name
    if by_name is None or by_name.district is None or field.column.name != by_name.name:
        return f"={name}"
    district = f"${xl_col_to_name(places[by_name.district])}{first + 1}"
    groups = f"nhom_{field.column.name}"
    part = f"OFFSET({name},MATCH({district},{groups},0)-1,0,COUNTIF({groups},{district}),1)"
    return f"=IF(COUNTIF({groups},{district})=0,{name},{part})"


def _write_guide(sheet: Worksheet, styles: _Styles, extract: Extract, fields: Sequence[_Field]) -> None:
    """Who sends what by when, what each column means, and the rules in their own words."""
    sheet.write_string(0, 0, f"{extract.vi} — {extract.en}", styles.heading)
    row = 2
    for name, text in _facts(extract):
        sheet.write_string(row, 0, name, styles.name)
        sheet.merge_range(row, 1, row, 5, text, styles.text)
        row += 1
    columns = (
        ("Cột / Column", "Mức cần / Needed", "Ý nghĩa", "Meaning", "Cần ghi / Expected", "Ví dụ / Example"),
        *(_column_line(field) for field in fields),
    )
    rules = (
        ("Mã quy tắc / Rule", "Xử lý / Consequence", "Nội dung", "In English", "Cần / Expected", ""),
        *(_rule_line(extract, rule) for rule in extract.rules),
    )
    for lines in (columns, rules):
        row += 1
        for down, cells in enumerate(lines):
            for at, text in enumerate(cells):
                sheet.write_string(row, at, text, styles.text if down else styles.optional)
            row += 1
    for at, width in enumerate((30, 22, 44, 44, 44, 26)):
        sheet.set_column(at, at, width)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _column_line(field: _Field) -> tuple[str, ...]:
    column, expected = field.column, field.column.type.expected
    needed = field.mark
    if column.personal is not Personal.NONE:
        needed += "\ndữ liệu cá nhân / personal data"
    return field.title, needed, column.vi, column.en, f"{expected.vi}\n{expected.en}", field.example


def _rule_line(extract: Extract, rule: Rule) -> tuple[str, ...]:
    severity, stage = wording.SEVERITY[rule.severity.value], wording.STAGE[rule.stage.value]
    said = extract.said(rule)
    consequence = f"{severity.vi}, {stage.vi}\n{severity.en}, {stage.en}"
    return rule.code, consequence, said.vi, said.en, f"{rule.expected.vi}\n{rule.expected.en}", ""


def _facts(extract: Extract) -> Iterator[tuple[str, str]]:
    cadence = CADENCE[extract.cadence]
    yield "Mục đích / Purpose", extract.purpose_vi or "—"
    yield "Căn cứ / Legal ground", " / ".join(wording.legal_acts(extract.legal_ground)) if extract.legal_ground else "—"
    yield "Đơn vị gửi / Suppliers", "; ".join(_agency(code) for code in extract.suppliers)
    yield "Kỳ / Cadence", f"{cadence.vi} / {cadence.en}"
    if extract.cadence is not Cadence.ON_CHANGE:
        yield "Hạn gửi / Due", _when_due(extract.days_until_due, extract.days_of_grace)
    yield "Cách gửi / How to send", _how_to_send()
    yield "Khoá / Key", " + ".join(extract.title(name).vi for name in extract.key)
    yield "Lưu ý / Note", f"{_MANNERS.vi} / {_MANNERS.en}"


def _when_due(days: int, more: int) -> str:
    return (
        f"trong {days} ngày sau khi hết kỳ; quá {more} ngày nữa coi là thiếu / "
        f"within {days} days after the period; missing after {more} more"
    )


def _how_to_send() -> str:
    formats = ", ".join(form.upper() for form in FORMATS)
    return (
        f"gửi chính sổ Excel này, hoặc tệp xuất từ phần mềm có cùng tiêu đề cột ({formats}) / "
        f"send this workbook itself, or a file exported from your software with the same titles ({formats})"
    )


def _agency(short_code: str) -> str:
    named = tables.agency().filter(tables.agency()["short_code"] == short_code)
    return f"{named['name_vi'][0]} ({short_code})" if named.height else short_code


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 1]}…"
