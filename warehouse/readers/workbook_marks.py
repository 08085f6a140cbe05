"""What a sheet says beside its values: cells of error, formulas without a value, hidden rows and columns, fonts.

The library that reads the values leaves these out. Here they are taken from the XML of an XLSX or ODS and, through xlrd,
from an XLS; of an XLSB all but fonts from its records. Nothing is computed.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import product
from typing import IO, TypeAlias, cast
from xml.parsers import expat

import xlrd

from schemas.legacy_text import font_of
from warehouse.readers import workbook_binary

Place: TypeAlias = tuple[int, int]
"""Row and column of a cell, both from 0."""
Piece: TypeAlias = tuple[str | None, str]
"""A font's name and the text typed in it."""

Area: TypeAlias = tuple[int, int, int, int]
"""A merged range: first row, first column, last row, last column, all from 0."""

NO_VALUE = "="
"""Stands for a formula whose value the file does not hold."""
IMPOSSIBLE_DAY = "1900-02-29"
"""The day of serial 60 of the 1900 date system, which never was. Libraries move it to a day beside it."""
_IMPOSSIBLE = 60
_DAY_SECONDS = 86_400
_BYTES_AT_ONCE = 1 << 16
_ERRORS_OF_XLS = xlrd.error_text_from_code


@dataclass
class Marks:
    """The marks of one sheet. `fonts` has cells with a font of an old encoding, `pieces` those typed in several fonts; `merged`
    is filled for an ODS alone, of whose merged ranges the library that reads the values says nothing.
    """

    faults: dict[Place, str] = field(default_factory=dict)
    impossible_days: set[Place] = field(default_factory=set)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    merged: list[Area] = field(default_factory=list)
    fonts: dict[Place, str] = field(default_factory=dict)
    pieces: dict[Place, list[Piece]] = field(default_factory=dict)


def of_xlsx(content: bytes, sheet: str) -> Marks:
    """The marks of a sheet of an XLSX, its XML read as a stream."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = _Parts(archive)
        marks = Marks()
        path = parts.path_of(sheet)
        if path is None:
            return marks
        with parts.opened(path) as stream:
            _SheetMarks(marks, parts.old_fonts_of_styles(), parts.pieces_of_strings()).read(stream)
        return marks


def of_ods(content: bytes, sheet: str) -> Marks:
    """The marks of a sheet of an ODS, its XML read as a stream."""
    marks = Marks()
    with zipfile.ZipFile(io.BytesIO(content)) as archive, archive.open("content.xml") as stream:
        _OpenSheetMarks(marks, sheet).read(stream)
    return marks


class _Elements:
    """Calls for every element of an XML stream, by local name; declarations were refused before."""

    def __init__(
        self, on_start: Callable[[str, Mapping[str, str]], None], on_end: Callable[[str, str], None] | None = None
    ) -> None:
        self._on_start, self._on_end = on_start, on_end
        self._texts: list[str] = []
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._started
        self._parser.EndElementHandler = self._ended
        self._parser.CharacterDataHandler = self._texts.append

    def _started(self, name: str, attributes: dict[str, str]) -> None:
        self._texts.clear()
        self._on_start(name.rpartition(":")[2], attributes)

    def _ended(self, name: str) -> None:
        if self._on_end:
            self._on_end(name.rpartition(":")[2], "".join(self._texts))
        self._texts.clear()

    def read(self, stream: IO[bytes]) -> None:
        """Read to the end. Raises ValueError when it is no XML."""
        try:
            while chunk := stream.read(_BYTES_AT_ONCE):
                self._parser.Parse(chunk, False)
            self._parser.Parse(b"", True)
        # An encoding that nobody knows is a LookupError.
        except (expat.ExpatError, LookupError) as error:
            raise ValueError(str(error)) from None


def of_xlsb(content: bytes, sheet: str) -> Marks:
    """The marks of a sheet of an XLSB: its cells of error, hidden rows and columns."""
    marks = Marks()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        path = _Parts(archive).path_of_binary(sheet)
        part = archive.read(path) if path else b""
    row = 0
    for record in workbook_binary.records(part):
        kind, said = record
        if kind == workbook_binary.ROW:
            row = workbook_binary.number_at(said, 0)
            if workbook_binary.is_hidden_row(record):
                marks.hidden_rows.add(row)
        elif error := workbook_binary.error_of(record):
            marks.faults[row, workbook_binary.number_at(said, 0)] = error
        else:
            marks.hidden_columns.update(workbook_binary.hidden_columns(record)[:_MOST_HIDDEN])
    return marks


class _Parts:
    """The parts of an XLSX or XLSB under their paths, whose letters' case programs do not agree on."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._names = {name.lower().lstrip("/"): name for name in archive.namelist()}

    def opened(self, path: str) -> IO[bytes]:
        return self._archive.open(self._names[path.lower()])

    def _listed(self, path: str, element: str) -> Iterator[Mapping[str, str]]:
        """The attributes of every element of that name in a part; none when there is no such part."""
        found: list[Mapping[str, str]] = []
        if path.lower() in self._names:
            with self.opened(path) as stream:
                _Elements(lambda name, said: found.append(said) if name == element else None).read(stream)
        return iter(found)

    def path_of(self, sheet: str) -> str | None:
        """The path of a sheet's part."""
        for said in self._listed("xl/workbook.xml", "sheet"):
            if said.get("name") == sheet:
                relation = next((value for name, value in said.items() if name.rpartition(":")[2] == "id"), None)
                return self._target(_RELATIONS, relation)
        return None

    def path_of_binary(self, sheet: str) -> str | None:
        """The path of a sheet's part in an XLSB."""
        with self.opened("xl/workbook.bin") as stream:
            relations = workbook_binary.relations_of_sheets(stream.read())
        return self._target(_BINARY_RELATIONS, relations.get(sheet))

    def _target(self, relations: str, wanted: str | None) -> str | None:
        targets = {said.get("Id"): said.get("Target", "") for said in self._listed(relations, "Relationship")}
        path = posixpath.normpath(posixpath.join("/xl", targets.get(wanted, ""))).lstrip("/")
        return self._names.get(path.lower())

    def old_fonts_of_styles(self) -> dict[str, str]:
        """The font of an old encoding by the number of the cell format that has it."""
        styles = _Styles()
        if "xl/styles.xml" in self._names:
            with self.opened("xl/styles.xml") as stream:
                _Elements(styles.on_start, styles.on_end).read(stream)
        return styles.old_fonts

    def pieces_of_strings(self) -> dict[str, list[Piece]]:
        """Of shared strings in several fonts, some of an old encoding: their pieces, by the string's number."""
        strings = _Strings()
        if "xl/sharedstrings.xml" in self._names:
            with self.opened("xl/sharedstrings.xml") as stream:
                _Elements(strings.on_start, strings.on_end).read(stream)
        return strings.in_old_fonts


_RELATIONS, _BINARY_RELATIONS = "xl/_rels/workbook.xml.rels", "xl/_rels/workbook.bin.rels"


class _Styles:
    """Which cell formats have a font of an old encoding."""

    def __init__(self) -> None:
        self.old_fonts: dict[str, str] = {}
        self._fonts: list[str] = []
        self._within = ""
        self._formats = 0

    def on_start(self, name: str, said: Mapping[str, str]) -> None:
        if name in {"fonts", "cellXfs", "dxfs", "cellStyleXfs"}:
            self._within = name
        elif name == "font" and self._within == "fonts":
            self._fonts.append("")
        elif name == "name" and self._within == "fonts" and self._fonts:
            self._fonts[-1] = said.get("val", "")
        elif name == "xf" and self._within == "cellXfs":
            number = int(said.get("fontId", "0"))
            font = self._fonts[number] if number < len(self._fonts) else ""
            if font_of(font):
                self.old_fonts[str(self._formats)] = font
            self._formats += 1

    def on_end(self, name: str, text: str) -> None:
        if name == self._within:
            self._within = ""


class _Strings:
    """The pieces of strings typed in several fonts, where one of them is of an old encoding."""

    def __init__(self) -> None:
        self.in_old_fonts: dict[str, list[Piece]] = {}
        self._number = 0
        self._pieces: list[Piece] = []
        self._font: str | None = None
        self._is_phonetic = False

    def on_start(self, name: str, said: Mapping[str, str]) -> None:
        if name == "si":
            self._pieces = []
        elif name == "r":
            self._font = None
        elif name == "rFont":
            self._font = said.get("val")
        elif name == "rPh":
            self._is_phonetic = True

    def on_end(self, name: str, text: str) -> None:
        if name == "t" and not self._is_phonetic:
            self._pieces.append((self._font, text))
        elif name == "rPh":
            self._is_phonetic = False
        elif name == "si":
            if any(font and font_of(font) for font, _ in self._pieces):
                self.in_old_fonts[str(self._number)] = self._pieces
            self._number += 1
            self._font = None


class _SheetMarks:
    """Takes down the marks of a sheet of an XLSX element by element; addresses left out follow from the ones before."""

    def __init__(self, marks: Marks, old_fonts: Mapping[str, str], pieces: Mapping[str, list[Piece]]) -> None:
        self._marks, self._old_fonts, self._pieces = marks, old_fonts, pieces
        self._row = self._column = -1
        self._kind = self._style = ""
        self._value: str | None = None
        self._has_formula = False

    def read(self, stream: IO[bytes]) -> None:
        _Elements(self._on_start, self._on_end).read(stream)

    def _on_start(self, name: str, said: Mapping[str, str]) -> None:
        if name == "c":
            self._begin_cell(said)
        elif name == "f":
            self._has_formula = True
        elif name == "row":
            self._row = int(said["r"]) - 1 if "r" in said else self._row + 1
            self._column = -1
            if said.get("hidden") in _TRUE:
                self._marks.hidden_rows.add(self._row)
        elif name == "col" and said.get("hidden") in _TRUE:
            first, last = int(said.get("min", "1")), int(said.get("max", "1"))
            self._marks.hidden_columns.update(range(first - 1, min(last, first + _MOST_HIDDEN)))

    def _begin_cell(self, said: Mapping[str, str]) -> None:
        address = said.get("r")
        self._row, self._column = place_of(address) if address else (self._row, self._column + 1)
        self._kind, self._style = said.get("t", ""), said.get("s", "0")
        self._value, self._has_formula = None, False

    def _on_end(self, name: str, text: str) -> None:
        if name == "v":
            self._value = text
        elif name == "c":
            self._end_cell()

    def _end_cell(self) -> None:
        place = self._row, self._column
        if self._kind == "e":
            self._marks.faults[place] = self._value or "#N/A"
        elif self._has_formula and (self._value is None or (self._value == "" and self._kind != "str")):
            self._marks.faults[place] = NO_VALUE
        elif self._value and self._kind in {"", "n"} and self._value.partition(".")[0] == str(_IMPOSSIBLE):
            self._marks.impossible_days.add(place)
        if self._kind in _TEXTS and len(self._marks.fonts) < _MOST_FONTS and (font := self._old_fonts.get(self._style)):
            self._marks.fonts[place] = font
        if self._kind == "s" and self._value and (pieces := self._pieces.get(self._value)):
            self._marks.pieces[place] = pieces


class _OpenSheetMarks:
    """Takes down the marks of a sheet of an ODS; rows and cells that are alike stand there once, with their number."""

    def __init__(self, marks: Marks, sheet: str) -> None:
        self._marks, self._sheet = marks, sheet
        self._is_within = False
        self._row = self._column = self._rows = self._columns = 0
        self._said: Mapping[str, str] = {}
        self._texts: list[str] = []

    def read(self, stream: IO[bytes]) -> None:
        _Elements(self._on_start, self._on_end).read(stream)

    def _on_start(self, name: str, said: Mapping[str, str]) -> None:
        if name == "table":
            self._is_within = said.get("table:name") == self._sheet
            self._row = self._column = 0
        elif not self._is_within:
            return
        elif name == "table-column":
            repeated = _number(said, "table:number-columns-repeated")
            if said.get("table:visibility") in _UNSEEN:
                self._marks.hidden_columns.update(range(self._column, self._column + min(repeated, _MOST_HIDDEN)))
            self._column += repeated
        elif name == "table-row":
            self._column, self._rows = 0, _number(said, "table:number-rows-repeated")
            if said.get("table:visibility") in _UNSEEN:
                self._marks.hidden_rows.update(range(self._row, self._row + min(self._rows, _MOST_HIDDEN)))
        elif name in _CELLS_OF_ODS:
            self._said, self._columns = said, _number(said, "table:number-columns-repeated")
            self._texts = []

    def _on_end(self, name: str, text: str) -> None:
        if not self._is_within:
            return
        if name == "p":
            self._texts.append(text)
        elif name in _CELLS_OF_ODS:
            self._end_cell()
            self._column += self._columns
        elif name == "table-row":
            self._row += self._rows

    def _end_cell(self) -> None:
        said, place = self._said, (self._row, self._column)
        fault = None
        if said.get("calcext:value-type") == "error":
            fault = "".join(self._texts) or "#N/A"
        elif "table:formula" in said and "office:value-type" not in said and not self._texts:
            fault = NO_VALUE
        if fault:
            rows, columns = min(self._rows, _MOST_ALIKE), min(self._columns, _MOST_ALIKE)
            places = product(range(self._row, self._row + rows), range(self._column, self._column + columns))
            self._marks.faults.update(dict.fromkeys(places, fault))
        down, across = _number(said, "table:number-rows-spanned"), _number(said, "table:number-columns-spanned")
        if down > 1 or across > 1:
            self._marks.merged.append((*place, self._row + down - 1, self._column + across - 1))


def _number(said: Mapping[str, str], name: str) -> int:
    return int(said.get(name, "1"))


_CELLS_OF_ODS = frozenset({"table-cell", "covered-table-cell"})
_MOST_ALIKE = 1_000
_UNSEEN = frozenset({"collapse", "filter"})
_TRUE = frozenset({"1", "true"})
_TEXTS = frozenset({"s", "str", "inlineStr"})
_MOST_HIDDEN = 16_384
_MOST_FONTS = 1_000_000
_MOST_COLUMNS_OF_XLS = 256


def place_of(address: str) -> Place:
    """Row and column from 0 of an address such as "D17". Raises ValueError for what is none."""
    letters = address.rstrip("0123456789")
    column = 0
    for letter in letters.upper():
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(address[len(letters) :]) - 1, column - 1


def letters_of(column: int) -> str:
    """The letters of a column from 0: "A", "AB"."""
    letters = ""
    column += 1
    while column:
        column, at = divmod(column - 1, 26)
        letters = chr(ord("A") + at) + letters
    return letters


class OldBook:
    """An XLS through xlrd, values and marks alike: the library that reads the other formats gives neither errors nor fonts of
    it, and a damaged file can make it ask for more memory than there is.

    Raises xlrd.XLRDError when a password protects it, ValueError when it cannot be read.
    """

    def __init__(self, content: bytes) -> None:
        try:
            self._book = xlrd.open_workbook(
                file_contents=content,
                formatting_info=True,
                logfile=io.StringIO(),
                ragged_rows=True,
                ignore_workbook_corruption=True,
            )
        except xlrd.XLRDError as error:
            if "encrypted" in str(error):
                raise
            raise ValueError(str(error)) from None
        # A damaged file can break xlrd anywhere.
        except Exception as error:  # noqa: BLE001
            raise ValueError(type(error).__name__) from None
        if any(sheet.ncols > _MOST_COLUMNS_OF_XLS for sheet in self._book.sheets()):
            raise ValueError("columns")

    def sheets(self) -> list[tuple[str, bool]]:
        """The names of the sheets, and whether each is hidden."""
        return [(sheet.name, sheet.visibility != 0) for sheet in self._book.sheets()]

    def merged(self, sheet: str) -> list[Area]:
        """The merged ranges of a sheet."""
        return [
            (top, left, bottom - 1, right - 1)
            for top, bottom, left, right in self._book.sheet_by_name(sheet).merged_cells
        ]

    def rows(self, sheet: str) -> Iterator[list[str | float | bool | datetime | None]]:
        """The values row by row from row 1, all of the same length; None where there is none or an error."""
        cells = self._book.sheet_by_name(sheet)
        for row in range(cells.nrows):
            values = [self._value(cell) for cell in cells.row(row)]
            yield values + [None] * (cells.ncols - len(values))

    def _value(self, cell: xlrd.sheet.Cell) -> str | float | bool | datetime | None:
        if cell.ctype in {xlrd.XL_CELL_TEXT, xlrd.XL_CELL_NUMBER}:
            return cast("str | float", cell.value)
        if cell.ctype == xlrd.XL_CELL_BOOLEAN:
            return bool(cell.value)
        return self._moment(cell.value) if cell.ctype == xlrd.XL_CELL_DATE else None

    def _moment(self, serial: float) -> str | float | datetime:
        """A day or a time of day; the number itself where it is neither."""
        if serial < 1:
            return str(timedelta(seconds=round(serial * _DAY_SECONDS))) if serial >= 0 else serial
        try:
            moment: datetime = xlrd.xldate.xldate_as_datetime(serial, self._book.datemode)
        except (ValueError, OverflowError):
            return serial
        whole = (moment + timedelta(milliseconds=500)).replace(microsecond=0)
        if int(serial) == _IMPOSSIBLE and not self._book.datemode:
            return IMPOSSIBLE_DAY + (whole.strftime("T%H:%M:%S") if serial % 1 else "")
        return whole

    def marks(self, sheet: str) -> Marks:
        """The marks of a sheet."""
        cells = self._book.sheet_by_name(sheet)
        marks = Marks(
            hidden_rows={row for row, said in cells.rowinfo_map.items() if said.hidden},
            hidden_columns={column for column, said in cells.colinfo_map.items() if said.hidden},
        )
        for row in range(cells.nrows):
            for column in range(cells.row_len(row)):
                self._mark(marks, cells, row, column)
        return marks

    def _mark(self, marks: Marks, cells: xlrd.sheet.Sheet, row: int, column: int) -> None:
        kind = cells.cell_type(row, column)
        if kind == xlrd.XL_CELL_ERROR:
            marks.faults[row, column] = _ERRORS_OF_XLS.get(cells.cell_value(row, column), "#N/A")
        elif kind == xlrd.XL_CELL_TEXT:
            own = self._font_of_format(cells.cell_xf_index(row, column))
            if runs := cells.rich_text_runlist_map.get((row, column)):
                pieces = self._pieces(str(cells.cell_value(row, column)), own, runs)
                if any(font_of(font) for font, _ in pieces if font):
                    marks.pieces[row, column] = pieces
            if font_of(own):
                marks.fonts[row, column] = own

    def _pieces(self, text: str, own: str, runs: list[tuple[int, int]]) -> list[Piece]:
        starts = [0, *(start for start, _ in runs), len(text)]
        fonts = [own, *(self._font(number) for _, number in runs)]
        return [
            (font, text[begin:end])
            for font, begin, end in zip(fonts, starts[:-1], starts[1:], strict=True)
            if begin < end
        ]

    def _font_of_format(self, number: int) -> str:
        formats = self._book.xf_list
        return self._font(formats[number].font_index) if number < len(formats) else ""

    def _font(self, number: int) -> str:
        """A font's name; none for a number that a damaged file gives to no font."""
        fonts = self._book.font_list
        return str(fonts[number].name) if number < len(fonts) else ""
