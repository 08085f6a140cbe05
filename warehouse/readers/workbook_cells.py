"""The cells of a workbook's sheets as texts, in Unicode, each where it stands; of any of the formats.

What the cells mean (titles, rows, totals) belongs to `workbook_layout`. Formulas are never computed; the stored values are
taken. A cell of error, and a formula without a stored value, is a fault, and never a value or nothing.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from typing import Final, TypeAlias

import polars as pl
import python_calamine
import xlrd

from schemas.legacy_text import SPOKEN, recovered_cells, recovered_columns
from warehouse.readers import workbook_container, workbook_marks
from warehouse.readers.reading import Refusal
from warehouse.readers.workbook_marks import IMPOSSIBLE_DAY, Area, Marks, OldBook, Place

Cell: TypeAlias = str | float | int | bool | date | datetime | time | timedelta | None
_ROWS_AT_ONCE: Final = 16_384
_FEW: Final = 1_000
# As programs write them; one pasted as a text, or kept as one by OpenDocument, is no more a value than the others.
_FAULT = r"^(?:#(?:N/A|REF!|DIV/0!|VALUE!|NAME\?|NUM!|NULL!|SPILL!|CALC!|FIELD!|GETTING_DATA)|(?:Err|Lỗi):\d{3})$"
_NEXT_TO_IMPOSSIBLE = (date(1900, 2, 28), date(1900, 3, 1))
# Of sixteen digits on a spreadsheet has rounded what was typed, and nothing in the file tells what that was.
_EXACT_BELOW: Final = 10**15
_FAILURES = (
    python_calamine.CalamineError,
    zipfile.BadZipFile,
    zlib.error,
    OSError,
    ValueError,
    KeyError,
    OverflowError,
)


@dataclass(frozen=True)
class Cells:
    """A sheet: its texts row by row from row 1, a column "0" for A, "1" for B and so on; null where a cell is empty.

    faults: the codes of cells of error by place ("=" for a formula without a value). encodings: the old encoding of each
    cell that was decoded. merged: merged ranges, where the format tells them.
    """

    name: str
    texts: pl.DataFrame
    is_hidden: bool = False
    faults: Mapping[Place, str] = field(default_factory=dict)
    encodings: Mapping[Place, str] = field(default_factory=dict)
    merged: Sequence[Area] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()

    @property
    def is_empty(self) -> bool:
        """Whether no cell holds anything."""
        return not _is_any(self.texts, pl.all().is_not_null())


class Workbook:
    """An opened workbook, whose sheets are given one after another; charts and macros are not among them.

    Raises Refusal, at any time, when it is broken, locked or unsafe.
    """

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._container = workbook_container.opened(content)
        self.format = self._container.format
        self._book: python_calamine.CalamineWorkbook | None = None
        self._old_book: OldBook | None = None
        with self._failing_as_refusal():
            if self.format == "xls":
                self._old_book = OldBook(content)
                self._is_hidden = dict(self._old_book.sheets())
            else:
                self._book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
                self._is_hidden = {
                    sheet.name: sheet.visible != python_calamine.SheetVisibleEnum.Visible
                    for sheet in self._book.sheets_metadata
                    if sheet.typ == python_calamine.SheetTypeEnum.WorkSheet
                }
        self.hidden_sheets = [name for name, is_hidden in self._is_hidden.items() if is_hidden]

    def sheets(self) -> Iterator[Cells]:
        """The sheets in the order of the workbook."""
        return map(self._cells, self._is_hidden)

    @contextmanager
    def _failing_as_refusal(self) -> Iterator[None]:
        """What goes wrong in the libraries on a damaged file, told as a refusal of the file."""
        unreadable = Refusal("file.unreadable", self.format.upper())
        try:
            yield
        except (python_calamine.PasswordError, xlrd.XLRDError):
            raise Refusal("file.locked", self.format.upper()) from None
        except _FAILURES:
            raise unreadable from None
        except BaseException as error:
            # A library in Rust that gives up raises a class of its own, which it does not hand out, and no Exception.
            if type(error).__name__ == "PanicException":
                raise unreadable from None
            raise

    def _cells(self, name: str) -> Cells:
        with self._failing_as_refusal():
            grid = self._grid(name)
        texts = grid.texts
        is_wanted = self._container.is_marked or self._container.has_old_fonts or grid.may_be_impossible
        marks = self._marks(name) if is_wanted else Marks()
        texts, faults = _with_faults(texts, marks, grid.may_be_impossible)
        texts, encodings = _in_unicode(texts, marks)
        return Cells(
            name=name,
            texts=texts,
            is_hidden=self._is_hidden[name],
            faults=faults,
            encodings=encodings,
            merged=[area for area in (*grid.merged, *marks.merged) if _is_within(area, texts)],
            hidden_rows=frozenset(row for row in marks.hidden_rows if row < texts.height),
            hidden_columns=frozenset(column for column in marks.hidden_columns if column < texts.width),
        )

    def _grid(self, name: str) -> _Grid:
        if self._old_book is not None:
            return _Grid(self._old_book.rows(name), self._old_book.merged(name))
        assert self._book is not None
        sheet = self._book.get_sheet_by_name(name)
        width, height = sheet.total_width, sheet.total_height
        if width > workbook_container.MOST_COLUMNS or width * height > workbook_container.MOST_CELLS:
            raise Refusal("file.unsafe", f"{height} × {width} > {workbook_container.MOST_CELLS}")
        merged = [(*first, *last) for first, last in sheet.merged_cell_ranges or ()]
        # The library leaves empty columns on the left out, empty rows at the top not.
        return _Grid(sheet.iter_rows() if sheet.start else (), merged, sheet.start[1] if sheet.start else 0)

    def _marks(self, name: str) -> Marks:
        if self._old_book is not None:
            return self._old_book.marks(name)
        with self._failing_as_refusal():
            if self.format == "ods":
                return workbook_marks.of_ods(self._content, name)
            if self.format == "xlsx":
                return workbook_marks.of_xlsx(self._content, name)
            return workbook_marks.of_xlsb(self._content, name)


def _is_within(area: Area, texts: pl.DataFrame) -> bool:
    """Whether a range begins among the texts; of a damaged file it may even end before it begins."""
    top, left, bottom, right = area
    return top <= bottom and left <= right and top < texts.height and left < texts.width


class _Grid:
    """The cells of a sheet turned into columns of texts, a few thousand rows at a time.

    The library's own copy of the sheet, the largest thing there is, is not kept.
    """

    def __init__(self, rows: Iterable[Sequence[Cell]], merged: list[Area], left: int = 0) -> None:
        self.merged, self._left = merged, left
        self.may_be_impossible = False
        rows = iter(rows)
        frames = []
        while some := list(islice(rows, _ROWS_AT_ONCE)):
            frames.append(self._frame(some))
        self.texts = pl.concat(frames) if frames else pl.DataFrame()

    def _frame(self, rows: Sequence[Sequence[Cell]]) -> pl.DataFrame:
        empty = pl.repeat(None, len(rows), dtype=pl.String, eager=True)
        columns = [empty.alias(str(place)) for place in range(self._left)]
        columns.extend(
            self._texts(values).alias(str(place)) for place, values in enumerate(zip(*rows, strict=True), self._left)
        )
        return pl.DataFrame(columns)

    def _texts(self, values: tuple[Cell, ...]) -> pl.Series:
        kinds = set(map(type, values))
        if kinds == {str}:
            return pl.Series([value or None for value in values], dtype=pl.String)
        if kinds <= {float, str} and len(values) > _FEW:
            numbers = pl.Series([value if type(value) is float else None for value in values], dtype=pl.Float64)
            if ((numbers.round() == numbers) & (numbers.abs() < _EXACT_BELOW)).all():
                texts = pl.Series([value or None if type(value) is str else None for value in values], dtype=pl.String)
                return numbers.cast(pl.Int64).cast(pl.String).zip_with(numbers.is_not_null(), texts)
        if kinds & {date, datetime}:
            self.may_be_impossible = self.may_be_impossible or any(_is_next_to_impossible(value) for value in values)
        return pl.Series([text_of(value) for value in values], dtype=pl.String)


def _is_next_to_impossible(cell: Cell) -> bool:
    day = cell.date() if isinstance(cell, datetime) else cell
    return isinstance(day, date) and day in _NEXT_TO_IMPOSSIBLE


def text_of(cell: Cell) -> str | None:
    """A cell as the text a person would have typed: numbers as a spreadsheet shows them, dates in ISO."""
    if cell is None or cell == "":
        return None
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float):
        return _number(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(timespec="seconds")
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell)


def _number(cell: float) -> str:
    """A number to the fifteen digits a spreadsheet keeps: in full, or as a power of ten where it has more than these."""
    if cell.is_integer() and abs(cell) < _EXACT_BELOW:
        return str(int(cell))
    text = f"{cell:.15G}"
    return f"{Decimal(text):f}" if "E-" in text else text


def _is_any(texts: pl.DataFrame, hit: pl.Expr) -> bool:
    """Whether anything is hit in any column, in one pass over all of them."""
    return bool(texts.width) and any(texts.select(hit.any()).row(0))


def _with_faults(texts: pl.DataFrame, marks: Marks, may_be_impossible: bool) -> tuple[pl.DataFrame, dict[Place, str]]:
    """The texts with the codes of errors in their cells, and the faults by place, pasted ones among them."""
    faults = _pasted_faults(texts) | marks.faults
    written: dict[Place, str] = dict(faults)
    if may_be_impossible:
        for row, column in marks.impossible_days:
            shown = texts[row, column] if row < texts.height and column < texts.width else None
            if shown and shown[:10] in {day.isoformat() for day in _NEXT_TO_IMPOSSIBLE}:
                written[row, column] = IMPOSSIBLE_DAY + shown[10:]
    if not written:
        return texts, faults
    # A fault may stand beyond the last cell that has a value.
    rows, columns = (max(place[axis] + 1 for place in written) for axis in (0, 1))
    texts = _enlarged(texts, max(rows, texts.height), max(columns, texts.width))
    return _with_texts(texts, written), faults


def _pasted_faults(texts: pl.DataFrame) -> dict[Place, str]:
    # In most sheets one look at the first letters says that there is none.
    begins = r"^\s*(?:#[A-Z]|Err:|Lỗi:)"
    if not _is_any(texts, pl.all().str.contains(begins)):
        return {}
    return {
        (row, column): str(texts[row, column]).strip()
        for column, name in enumerate(texts.columns)
        for row in texts[name].str.strip_chars().str.contains(_FAULT).fill_null(value=False).arg_true()
    }


def _enlarged(texts: pl.DataFrame, height: int, width: int) -> pl.DataFrame:
    if (texts.height, texts.width) == (height, width):
        return texts
    if width > workbook_container.MOST_COLUMNS or height * width > workbook_container.MOST_CELLS:
        raise Refusal("file.unsafe", f"{height} × {width} > {workbook_container.MOST_CELLS}")
    if not texts.width:
        texts = pl.DataFrame({"0": pl.Series([None] * height, dtype=pl.String)})
    more = pl.DataFrame({name: pl.Series([None] * (height - texts.height), dtype=pl.String) for name in texts.columns})
    return pl.concat([texts, more]).with_columns(
        pl.lit(None, pl.String).alias(str(place)) for place in range(texts.width, width)
    )


def _with_texts(texts: pl.DataFrame, written: Mapping[Place, str]) -> pl.DataFrame:
    """The texts with others in some places."""
    by_column: dict[int, dict[int, str]] = {}
    for (row, column), text in written.items():
        by_column.setdefault(column, {})[row] = text
    return texts.with_columns(
        texts[str(column)].scatter(list(rows), list(rows.values())) for column, rows in by_column.items()
    )


def _in_unicode(texts: pl.DataFrame, marks: Marks) -> tuple[pl.DataFrame, dict[Place, str]]:
    """The texts out of old encodings, a band of rows at a time: what one cell cannot tell its neighbours may."""
    encodings: dict[Place, str] = {}
    written: dict[Place, str] = {}
    for first in range(0, texts.height, _ROWS_AT_ONCE):
        band = texts.slice(first, _ROWS_AT_ONCE)
        fonts = {(row - first, column): name for (row, column), name in marks.fonts.items() if row >= first}
        pieces = {(row - first, column): parts for (row, column), parts in marks.pieces.items() if row >= first}
        by_fonts = fonts or pieces
        decoded = recovered_cells(_spoken(band), fonts, pieces) if by_fonts else recovered_columns(band)
        for (row, column), found in decoded.items():
            written[first + row, column] = found.letters
            encodings[first + row, column] = found.encoding
    return (_with_texts(texts, written) if written else texts), encodings


def _spoken(band: pl.DataFrame) -> dict[Place, str]:
    """The cells that may be in an old encoding, by place."""
    spoken: dict[Place, str] = {}
    for column, name in enumerate(band.columns):
        rows = band[name].str.contains(SPOKEN).fill_null(value=False).arg_true()
        spoken.update({(row, column): text for row, text in zip(rows, band[name].gather(rows), strict=True)})
    return spoken
