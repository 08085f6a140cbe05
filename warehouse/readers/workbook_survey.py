"""What any workbook holds when nobody has said what to expect: sheets, their cells, and the tables that seem to be on them.

For a person, or a program that drafts a contract; what is delivered under a contract is read by `workbook`. Where titles end
and rows begin is a guess from the shape of the sheet, so nothing is left out: every row is in exactly one place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import polars as pl

from warehouse.readers import workbook_layout as layouts
from warehouse.readers.workbook_cells import Cells, Workbook
from warehouse.readers.workbook_marks import letters_of

_HEADER_WITHIN_LINES = 30
_MOST_HEADER_ROWS = 6
_LOOK_AHEAD_LINES = 10
_SHARE_OF_TITLES: Final = 0.5
_ORDINAL_TITLES: Final = frozenset(title.lower() for title in layouts.ORDINAL_TITLES)
_NUMBER = re.compile(layouts.NUMBER)
_YEAR = re.compile(r"(?:19|20)\d\d")

Line = tuple[str | None, ...]


@dataclass(frozen=True)
class Table:
    """A table on a sheet. Row numbers are those Excel shows, from 1.

    header: first and last row of its titles; None where no row looks like titles. titles: one per column that has a title
    or a value, by the letters of the column, each different ("#3" for the third column without one). rows: its rows.
    set_aside: all others of its stretch of the sheet, by kind: heading (all above the rows), blank, numbering, total, group,
    section, signature.
    """

    header: tuple[int, int] | None
    titles: Mapping[str, str]
    rows: tuple[int, ...]
    set_aside: Mapping[str, tuple[int, ...]]


@dataclass(frozen=True)
class SurveyedSheet:
    """A sheet, its cells as texts in Unicode, and the tables found on it from top to bottom; none on an empty sheet."""

    cells: Cells
    tables: tuple[Table, ...] = field(default=())

    @cached_property
    def grid(self) -> list[list[str | None]]:
        """The texts row by row from A1; None where a cell is empty."""
        return [list(line) for line in self.cells.texts.iter_rows()]

    def frame(self, table: Table) -> pl.DataFrame:
        """The rows of one of its tables: `source_row`, then a text column per title."""
        at = [row - 1 for row in table.rows]
        columns = {letters_of(place): str(place) for place in range(self.cells.texts.width)}
        return self.cells.texts[at].select(
            pl.Series("source_row", table.rows, dtype=pl.Int64),
            *(pl.col(columns[letters]).alias(title) for letters, title in table.titles.items()),
        )


def survey(content: bytes) -> list[SurveyedSheet]:
    """Every sheet of a workbook of any format (XLSX, XLS, XLSB, ODS), hidden ones too.

    content: the bytes of the file. Old encodings are recovered cell by cell (`cells.encodings` says which), cells of error
    are in `cells.faults`, merged ranges, hidden rows and columns in `cells` as far as the format tells.
    Raises Refusal when the workbook is broken, locked or unsafe.
    """
    return [SurveyedSheet(cells, tuple(_tables(cells))) for cells in Workbook(content).sheets()]


def _tables(cells: Cells) -> Iterator[Table]:
    if cells.is_empty:
        return
    lines: list[Line] = list(cells.texts.iter_rows())
    headers = _headers(cells, lines)
    if not headers:
        yield _table(cells, lines, None, 0, len(lines))
        return
    begins = [0, *(_above(lines, header[0]) for header in headers[1:])]
    for header, begin, end in zip(headers, begins, [*begins[1:], len(lines)], strict=True):
        yield _table(cells, lines, header, begin, end)


def _table(cells: Cells, lines: Sequence[Line], header: tuple[int, int] | None, begin: int, end: int) -> Table:
    """The table whose titles stand in rows `header` (first, and the one after the last, from 0) of a stretch."""
    first = header[1] if header else begin
    titles = layouts.joined_titles(cells, header[0], header[1] - header[0]) if header else [None] * cells.texts.width
    body = layouts.filled_down(cells.texts.slice(first, end - first), cells.merged, first)
    named = [str(place) for place, title in enumerate(titles) if title] or body.columns
    sections = layouts.sections_of(cells.merged, first, body.height)
    kinds = layouts.kinds(body, named, sections)
    # A lone cell among rows is the name of a section; where there is nothing else, it is a row of an empty form.
    is_row = pl.col("kind") == "row"
    is_lone = (pl.col("filled") <= 1) | (pl.col("is_in_roman") & (pl.col("filled") == 2))
    lone = is_row & is_lone & (is_row & ~is_lone).any() & pl.lit(len(named) > 2)
    kinds = kinds.with_columns(pl.when(lone).then(pl.lit("section")).otherwise("kind").alias("kind"))
    by_kind: dict[str, list[int]] = {"heading": list(range(begin + 1, first + 1))}
    for at, kind in enumerate(kinds["kind"]):
        is_numbering = not at and header is not None and layouts.is_numbering(lines[first])
        by_kind.setdefault("numbering" if is_numbering else kind, []).append(first + at + 1)
    rows = tuple(by_kind.pop("row", ()))
    used = {place for place in range(body.width) if any(lines[row - 1][place] is not None for row in rows)}
    unique = layouts.made_unique(titles, used)
    return Table(
        header=(header[0] + 1, header[1]) if header else None,
        titles={letters_of(place): title for place, title in enumerate(unique) if title},
        rows=rows,
        set_aside={kind: tuple(numbers) for kind, numbers in by_kind.items() if numbers},
    )


def _above(lines: Sequence[Line], at: int) -> int:
    """Where the titles above a later table begin: lone cells and empty lines directly above its header."""
    while at > 0 and _filled(lines[at - 1]) <= 1:
        at -= 1
    return at


def _headers(cells: Cells, lines: Sequence[Line]) -> list[tuple[int, int]]:
    """The rows of titles of every table (first, and the one after the last), from what marks them: a title for ordinals, a
    row that numbers the columns; without either, the first row that looks like titles."""
    found: list[tuple[int, int]] = []
    for at, line in enumerate(lines):
        if found and at < found[-1][1] + layouts.is_numbering(line):
            continue
        if _is_marked(line):
            first = _begin(cells, lines, at)
            found.append((max(first, found[-1][1] if found else 0), _end(cells, lines, at)))
        elif layouts.is_numbering(line) and at and _is_worded(lines[at - 1]) and not _has_numbers(lines[at - 1]):
            first = at - 1
            while first > 0 and at - first < _MOST_HEADER_ROWS and _is_worded(lines[first - 1]):
                first -= 1
            # A table is numbered once; a row of small numbers further down is a row.
            if not found or all(text and text.strip().startswith("(") for text in line if text):
                found.append((max(first, found[-1][1] if found else 0), at))
    return found or _first_like_titles(cells, lines)


def _filled(line: Line) -> int:
    return sum(text is not None and not text.isspace() for text in line)


def _has_numbers(line: Line) -> bool:
    """Whether a row has a number that is no year, for years are titles too."""
    return any(text is not None and _NUMBER.match(text) and not _YEAR.fullmatch(text.strip()) for text in line)


def _is_worded(line: Line) -> bool:
    """Whether a row may be part of titles: several cells, none of them a number."""
    return _filled(line) >= 2 and not _has_numbers(line)


def _is_marked(line: Line) -> bool:
    return _is_worded(line) and any(text and " ".join(text.lower().split()) in _ORDINAL_TITLES for text in line)


def _begin(cells: Cells, lines: Sequence[Line], at: int) -> int:
    """The first row of titles: above the marked one as long as merged titles reach into it or stand over parts of it."""
    while at > 0 and _is_worded(lines[at - 1]) and _stands_over(cells, lines[at - 1], at - 1):
        at -= 1
    return at


def _stands_over(cells: Cells, line: Line, at: int) -> bool:
    """Whether merged cells of row `at` reach below it, or stretch over columns among several other titles."""
    return any(
        top <= at < bottom or (bottom == at and right > left and _filled(line) > 2)
        for top, left, bottom, right in cells.merged
    )


def _end(cells: Cells, lines: Sequence[Line], at: int) -> int:
    """The row after the last one of titles that begin in `at`."""
    for end in range(at + 1, min(at + _MOST_HEADER_ROWS, len(lines))):
        if layouts.is_numbering(lines[end]):
            return end
        if not _goes_on(cells, lines, at, end):
            return end
    return min(at + 1, len(lines))


def _goes_on(cells: Cells, lines: Sequence[Line], at: int, end: int) -> bool:
    """Whether row `end` still belongs to the titles that begin in row `at`."""
    line, upper = lines[end], lines[end - 1]
    if _has_numbers(line) or not _filled(line):
        return False
    spanned = [
        place
        for _, left, bottom, right in cells.merged
        if bottom == end - 1 and right > left
        for place in range(left, min(right + 1, len(line)))
    ]
    under = [place for place, text in enumerate(line) if text and (place in spanned or upper[place] is None)]
    leftmost = next(place for place, text in enumerate(lines[at]) if text)
    if any(place in spanned and place > leftmost for place in under):
        return len(under) > 1 or _is_reached(cells, leftmost, end)
    # Without merged ranges: a row that has nothing under the first title, and something beside titles that reach over it.
    return line[leftmost] is None and bool(under) and (_filled(line) > 1 or _is_reached(cells, leftmost, end))


def _is_reached(cells: Cells, column: int, row: int) -> bool:
    """Whether a title merged over several rows reaches down to a row."""
    return any(left <= column <= right and top < row <= bottom for top, left, bottom, right in cells.merged)


def _first_like_titles(cells: Cells, lines: Sequence[Line]) -> list[tuple[int, int]]:
    spoken = [at for at, line in enumerate(lines) if _filled(line)]
    for number, at in enumerate(spoken[:_HEADER_WITHIN_LINES]):
        widest = max(
            (_filled(lines[other]) for other in spoken[number + 1 : number + 1 + _LOOK_AHEAD_LINES]), default=0
        )
        if widest and not _has_numbers(lines[at]) and _filled(lines[at]) >= _SHARE_OF_TITLES * widest:
            return [(_begin(cells, lines, at), _end(cells, lines, at) if _filled(lines[at]) > 1 else at + 1)]
    return []
