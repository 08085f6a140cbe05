"""Workbooks made for reading (XLSX, XLS, XLSB, ODS): a form's rows among titles, groups, totals and signatures.

Every row of the workbook is accounted for: read, or set aside under a kind. A position is the sheet and the row number that
Excel shows; the receipt says in which column of the sheet each column of the contract stood. Every sheet that has the form
is read, and every table on it; hidden sheets only when no other has it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from pathlib import Path
from typing import Final

import polars as pl
import zstandard

from schemas.contract import Extract, Sheet
from schemas.parsing import CHANGE
from warehouse import headers
from warehouse.readers import workbook_layout as layouts
from warehouse.readers.reading import EXTRA, Broken, Reading, Refusal, Total
from warehouse.readers.workbook_cells import Cells, Workbook
from warehouse.readers.workbook_marks import letters_of

_ROW: Final = "source_row"
_HEADER_WITHIN_ROWS = 60
_MOST_HEADER_ROWS = 4
_BATCH_ROWS = 65_536
_GROUP_KINDS = ("group", "section")
_OF_THE_FORM = ("file.missing_column", "file.ambiguous_records")


def read(path: Path, extract: Extract) -> Reading:
    """Open a zstd-compressed workbook of any of the formats; an extract that has no sheet of its own comes as a plain table.

    Raises Refusal when it is broken, locked, unsafe, or has no sheet with this form's titles.
    """
    with path.open("rb") as packed:
        content = zstandard.ZstdDecompressor().stream_reader(packed, read_across_frames=True).read()
    workbook = Workbook(content)
    sheets = [cells for cells in workbook.sheets() if not cells.is_empty]
    form = _Form(extract)
    chosen = form.chosen(sheets)
    reading = _Account(extract, form.layout).reading(chosen)
    for cells in sheets:
        if cells.name not in {sheet.cells.name for sheet in chosen}:
            reading.set_aside["hidden_sheet" if cells.is_hidden else "other_sheet"] += cells.texts.height
    reading.found_as["container"] = workbook.format
    if workbook.hidden_sheets:
        reading.found_as["hidden_sheets"] = str(len(workbook.hidden_sheets))
    return reading


@dataclass(frozen=True)
class _Header:
    """Where titles stand (row from 0), over how many rows, and what they mean."""

    first: int
    rows: int
    matched: headers.Match

    @property
    def end(self) -> int:
        return self.first + self.rows


@dataclass(frozen=True)
class _Part:
    """A stretch of a sheet: a table of this form with the titles above it, or, without `header`, one of another."""

    header: _Header | None
    first: int
    end: int


@dataclass(frozen=True)
class _FormSheet:
    """A sheet with the form, in its parts from top to bottom."""

    cells: Cells
    parts: tuple[_Part, ...]


class _Form:
    """Finds the tables of an extract's form."""

    def __init__(self, extract: Extract) -> None:
        self._extract = extract
        self.layout = extract.layout if isinstance(extract.layout, Sheet) else Sheet()
        self._ignored = (*self.layout.ignored, *layouts.ORDINAL_TITLES)

    def chosen(self, sheets: Sequence[Cells]) -> list[_FormSheet]:
        """The sheets to be read, the one of the agreed name first. Raises Refusal when none can be, or one only in part."""
        in_order = sorted(sheets, key=lambda cells: (cells.is_hidden, cells.name != self.layout.label))
        chosen: list[_FormSheet] = []
        refusal = Refusal("file.empty", "0")
        for cells in in_order:
            if cells.is_hidden and chosen:
                break
            try:
                chosen.append(self._sheet(cells))
            except Refusal as reason:
                # What a sheet of the form lacks says more than a sheet that is something else altogether.
                if refusal.code not in _OF_THE_FORM:
                    refusal = reason
        # A sheet of the form that cannot be read must not fall out unseen beside others that are whole.
        if not chosen or refusal.code in _OF_THE_FORM:
            raise refusal
        return chosen

    def _sheet(self, cells: Cells) -> _FormSheet:
        header = self._first_header(cells)
        if refusal := headers.incomplete(header.matched, self._extract):
            # Under titles that are not this form's nobody can say what is a row.
            is_countable = refusal.code == "file.missing_column"
            raise self._counted(refusal, cells, header) if is_countable else refusal
        titles = layouts.joined_titles(cells, header.first, header.rows)
        if beside := headers.repeated(titles, self._extract):
            raise _beside(beside)
        return _FormSheet(cells, tuple(self._parts(cells, header)))

    def _counted(self, refusal: Refusal, cells: Cells, header: _Header) -> Refusal:
        table = _Table(cells, _Part(header, 0, cells.texts.height), self._extract, self.layout)
        rows = table.kinds.filter(pl.col("kind") == "row").height
        return refusal.counting(rows, cells.texts.height - rows)

    def _first_header(self, cells: Cells) -> _Header:
        """The rows of titles that match most columns of the contract; as many as agreed, or else some other number."""
        best: _Header | None = None
        starts = [at for at, filled in enumerate(_filled(cells.texts.head(_HEADER_WITHIN_ROWS))) if filled]
        agreed = self.layout.header_rows
        for rows in (agreed, *(other for other in range(1, _MOST_HEADER_ROWS + 1) if other != agreed)):
            for at in starts:
                if at + rows > cells.texts.height:
                    break
                found = self._header(cells, at, rows)
                if best is None or len(found.matched.columns) > len(best.matched.columns):
                    best = found
                if not best.matched.missing:
                    return best
        if best is None or len(best.matched.columns) < min(2, len(self._extract.columns)):
            raise Refusal("file.header_not_found", headers.NO_TITLES)
        return best

    def _header(self, cells: Cells, at: int, rows: int) -> _Header:
        titles = layouts.made_unique(layouts.joined_titles(cells, at, rows), ())
        matched = headers.match(titles, self._extract, self._ignored)
        if rows > 1 and matched.missing:
            matched = self._by_lowest(titles, matched)
        return _Header(at, rows, matched)

    def _by_lowest(self, titles: Sequence[str | None], matched: headers.Match) -> headers.Match:
        """Columns also known by their lowest title alone, where no other column has the same one below."""
        lowest = [title.rpartition(" / ")[2] if title else None for title in titles]
        keys = headers.keys_of(lowest)
        alone = [title if keys.count(key) == 1 else None for title, key in zip(lowest, keys, strict=True)]
        known = set(matched.columns.values())
        more = {
            place: name
            for place, name in headers.match(alone, self._extract, self._ignored).columns.items()
            if place in matched.extra and name not in known
        }
        extra = {place: title for place, title in matched.extra.items() if place not in more}
        missing = tuple(name for name in matched.missing if name not in more.values())
        return headers.Match({**matched.columns, **more}, extra, missing)

    def _parts(self, cells: Cells, first: _Header) -> Iterator[_Part]:
        """The tables below one another, each with the titles above it."""
        texts, starts = cells.texts, [first]
        for at in self._like_titles(texts, first):
            if at < starts[-1].end:
                continue
            found = self._header(cells, at, first.rows)
            refusal = headers.incomplete(found.matched, self._extract)
            if refusal is None:
                starts.append(found)
            elif refusal.code == "file.missing_column":
                # Read on under the titles above, its texts would come to stand in the wrong columns.
                raise refusal
        ends = [*(header.first for header in starts[2:]), texts.height]
        for (upper, lower), end in zip(pairwise(starts), ends, strict=False):
            _refuse_beside(texts, upper, lower, end)
        others = [at for at in _other_tables(texts, first) if not any(h.first <= at < h.end for h in starts)]
        begins: list[tuple[int, _Header | None]] = sorted(
            [*((h.first, h) for h in starts), *((at, None) for at in others)], key=lambda begin: begin[0]
        )
        tops = [0, *(at - _titles_above(texts, at, begins[place][0]) for place, (at, _) in enumerate(begins[1:]))]
        for (_, header), top, end in zip(begins, tops, [*tops[1:], texts.height], strict=True):
            yield _Part(header, top, end)

    def _like_titles(self, texts: pl.DataFrame, first: _Header) -> list[int]:
        """Rows further down that repeat titles of the form."""
        known = {text for row in texts.slice(first.first, first.rows).iter_rows() for text in row if text}
        for title in (title for column in self._extract.columns for title in column.headers):
            known |= {title, title.upper(), title.lower()}
        below = texts.slice(first.end)
        if below.is_empty():
            return []
        hits = below.select(pl.sum_horizontal(pl.all().is_in(list(known)))).to_series()
        return [first.end + int(at) for at in (hits >= 2).arg_true()]


def _filled(texts: pl.DataFrame) -> list[int]:
    return texts.select(pl.sum_horizontal(pl.all().is_not_null())).to_series().to_list() if texts.width else []


def _refuse_beside(texts: pl.DataFrame, upper: _Header, lower: _Header, end: int) -> None:
    """Raise Refusal when the second of two tables begins beside rows of the first: one row number would name two rows."""
    places = sorted(upper.matched.columns)
    if not lower.matched.columns.keys().isdisjoint(places):
        return
    stretch = texts.slice(lower.first, end - lower.first)
    is_filled = stretch.select(
        pl.any_horizontal(pl.nth(sorted(lower.matched.columns)).is_not_null()).alias("lower"),
        pl.any_horizontal(pl.nth(places).is_not_null()).alias("upper"),
    )
    if is_filled["upper"].head(int(is_filled["lower"].arg_true()[-1]) + 1).any():
        raise _beside((places[0], min(lower.matched.columns)))


def _beside(places: Sequence[int]) -> Refusal:
    return Refusal("file.ambiguous_records", f"cột / columns {', '.join(letters_of(place) for place in places)}")


def _other_tables(texts: pl.DataFrame, form: _Header) -> list[int]:
    """Rows that begin a table of another form: titles with one for ordinals among them, and no number.

    Titles wholly to the right of a row of this form stand beside it and take nothing from it.
    """
    below = texts.slice(form.end)
    if below.is_empty():
        return []
    known = sorted(
        {word for title in layouts.ORDINAL_TITLES for word in (title, title.upper(), title.lower(), title.title())}
    )
    places = sorted(form.matched.columns)
    is_ordinal = pl.nth(range(places[-1] + 1)).str.strip_chars().is_in(known)
    is_free = ~pl.any_horizontal(pl.nth(places).is_not_null())
    begins = below.select(
        (pl.any_horizontal(is_ordinal) | (is_free & pl.any_horizontal(pl.all().str.strip_chars().is_in(known))))
        & (pl.sum_horizontal(pl.all().is_not_null()) >= 2)
        & ~pl.any_horizontal(pl.all().str.contains(layouts.NUMBER)).fill_null(value=False)
    ).to_series()
    return [form.end + int(at) for at in begins.fill_null(value=False).arg_true()]


def _titles_above(texts: pl.DataFrame, at: int, above: int) -> int:
    """How many rows directly above a table, below the titles of the one before, are its titles or empty."""
    rows = 0
    while at - rows - 1 > above and sum(text is not None for text in texts.row(at - rows - 1)) <= 1:
        rows += 1
    return rows


class _Table:
    """A table of the form: its rows and their kinds."""

    def __init__(self, cells: Cells, part: _Part, extract: Extract, layout: Sheet) -> None:
        assert part.header is not None
        self.cells, self.part, self._extract, self._layout = cells, part, extract, layout
        self.matched = part.header.matched
        self.first = part.header.end
        """The first row below the titles, from 0."""
        body = cells.texts.slice(self.first, part.end - self.first)
        merged = [area for area in cells.merged if area[0] >= self.first]
        if merged:
            body = layouts.filled_down(body, merged, self.first)
        self.body = body
        by_name = extract.unit_by_name
        unit = [str(place) for place, name in self.matched.columns.items() if by_name and name == by_name.name]
        self.unit = unit[0] if unit and layout.group_into else None
        named = [str(place) for place in sorted({**self.matched.columns, **self.matched.extra})]
        sections = layouts.sections_of(merged, self.first, body.height)
        needed = [
            str(place)
            for place, name in self.matched.columns.items()
            if extract.column(name).required and name not in extract.layout.summed
        ]
        self.kinds = layouts.kinds(body, named, sections, self.unit, needed)
        if body.height and layouts.is_numbering(body.row(0)):
            self.kinds = self.kinds.with_columns(
                kind=pl.when(pl.int_range(pl.len()) == 0).then(pl.lit("numbering")).otherwise("kind")
            )

    def named(self) -> dict[str, str]:
        """The columns of the sheet that hold anything in rows, with the names under which they are read."""
        rows = self.body.filter(self.kinds["kind"] == "row")
        known = {**self.matched.columns, **{place: EXTRA + title for place, title in self.matched.extra.items()}}
        untitled = [str(place) for place, title in enumerate(self._titles()) if title is None]
        if untitled:
            is_used = rows.select(pl.col(untitled).is_not_null().any()).row(0, named=True)
            known |= {int(place): f"{EXTRA}#{int(place) + 1}" for place in untitled if is_used[place]}
        return {str(place): name for place, name in sorted(known.items())}

    def _titles(self) -> list[str | None]:
        assert self.part.header is not None
        return layouts.joined_titles(self.cells, self.part.header.first, self.part.header.rows)

    def rows(self, names: Mapping[str, str]) -> pl.DataFrame:
        """Every line of the body under the names of the contract with its kind and number, groups filled down."""
        columns = [pl.col(place).alias(name) for place, name in names.items()]
        lines = self.body.select(*columns).with_columns(
            pl.lit(self.cells.name).alias("source_sheet"),
            pl.int_range(self.first + 1, self.first + 1 + self.body.height, dtype=pl.Int64, eager=True).alias(_ROW),
            self.kinds["kind"],
            self.kinds["label"],
            self.kinds["is_partial"],
        )
        into, by_name = self._layout.group_into, self._extract.unit_by_name
        if not into or not self.unit or not by_name:
            return lines
        group = pl.coalesce(by_name.name, "label").str.replace(layouts.ORDINAL_BEFORE, "")
        below = pl.when(pl.col("kind") == "group").then(group).forward_fill()
        existing = pl.col(into) if into in lines.columns else pl.lit(None, pl.String)
        return lines.with_columns(pl.coalesce(existing, below).alias(into))


class _Account:
    """Makes a reading out of the tables of a form."""

    def __init__(self, extract: Extract, layout: Sheet) -> None:
        self._extract, self._layout = extract, layout
        self._reading = Reading(iter(()), found_as={"format": "workbook"})
        self._frames: list[pl.DataFrame] = []
        self._extra: dict[str, None] = {}
        self._hidden_rows = self._hidden_columns = 0

    def reading(self, sheets: Sequence[_FormSheet]) -> Reading:
        """The rows of all tables in batches. Raises Refusal when there is none."""
        reading = self._reading
        reading.found_as["sheet"] = "; ".join(sheet.cells.name for sheet in sheets)
        for sheet in sheets:
            for part in sheet.parts:
                if part.header is None:
                    reading.set_aside["other_table"] += part.end - part.first
                else:
                    self._take(_Table(sheet.cells, part, self._extract, self._layout))
        if not self._frames:
            raise Refusal("file.empty", "0")
        for kind, hidden in (("hidden_rows", self._hidden_rows), ("hidden_columns", self._hidden_columns)):
            if hidden:
                reading.found_as[kind] = str(hidden)
        tables = sum(part.header is not None for sheet in sheets for part in sheet.parts)
        if tables > 1:
            reading.found_as["tables"] = str(tables)
        reading.extra_titles = tuple(self._extra)
        reading.batches = (batch for frame in self._frames for batch in frame.iter_slices(_BATCH_ROWS))
        return reading

    def _take(self, table: _Table) -> None:
        reading = self._reading
        reading.set_aside["heading"] += table.first - table.part.first
        names = table.named()
        lines = table.rows(names)
        for kind, rows in (
            table.kinds.filter(pl.col("kind") != "row").group_by("kind").len().select("kind", "len").iter_rows()
        ):
            reading.set_aside[kind] += rows
        self._note(table, names)
        reading.totals.extend(_totals(table, lines))
        broken = _faults(table, lines)
        reading.broken.extend(broken)
        is_row = (pl.col("kind") == "row") & ~pl.col(_ROW).is_in([one.row for one in broken])
        rows = lines.filter(is_row).select(
            "source_sheet", _ROW, *dict.fromkeys([*names.values(), *self._filled_into(lines)])
        )
        if rows.height:
            self._frames.append(_with_changes(rows, table))

    def _filled_into(self, lines: pl.DataFrame) -> list[str]:
        into = self._layout.group_into
        return [into] if into and into in lines.columns else []

    def _note(self, table: _Table, names: Mapping[str, str]) -> None:
        """Into the receipt: where the columns stood, and what was hidden."""
        extras = [name.removeprefix(EXTRA) for name in names.values() if name.startswith(EXTRA)]
        self._extra.update(dict.fromkeys(extras))
        placed = " ".join(
            f"{name}={letters_of(int(place))}" for place, name in names.items() if not name.startswith(EXTRA)
        )
        found_as = self._reading.found_as
        found_as.setdefault("header", table.matched.fingerprint)
        if found_as.setdefault("columns", placed) != placed:
            found_as[f"columns:{table.cells.name}"] = placed
        self._hidden_rows += sum(table.part.first <= row < table.part.end for row in table.cells.hidden_rows)
        self._hidden_columns += sum(str(column) in names for column in table.cells.hidden_columns)


def _totals(table: _Table, lines: pl.DataFrame) -> Iterator[Total]:
    """Rows of totals, and of groups that carry sums, with the rows that each may be the total of."""
    bounds = lines.with_row_index("at").filter(pl.col("kind").is_in(["total", *_GROUP_KINDS])).to_dicts()
    names = [name for name in table.matched.columns.values() if name in lines.columns]
    last, first = lines.height - 1, table.first + 1
    above = [0, *(bound["at"] + 1 for bound in bounds)]
    below = [*(bound["at"] - 1 for bound in bounds[1:]), last]
    of_kind: dict[str, int] = {}
    until: list[int] = []
    for bound in reversed(bounds):
        until.append(of_kind.get(bound["kind"], last))
        of_kind[bound["kind"]] = bound["at"] - 1
    for place, (bound, end) in enumerate(zip(bounds, reversed(until), strict=True)):
        at, whole, before, after = (
            bound["at"],
            (0, last),
            (above[place], bound["at"] - 1),
            (bound["at"] + 1, below[place]),
        )
        if bound["kind"] in _GROUP_KINDS:
            spans = [after, (at + 1, end)]
        else:
            spans = [before, whole, after] if bound["is_partial"] else [whole, before, after]
        yield Total(
            table.cells.name,
            bound[_ROW],
            {name: bound[name] for name in names if bound[name]},
            tuple((first + begin, first + until) for begin, until in spans if begin <= until),
        )


def _faults(table: _Table, lines: pl.DataFrame) -> list[Broken]:
    """Rows with a cell of error, or a formula without a value, in a column of the contract."""
    places = sorted(
        place
        for place in table.cells.faults
        if table.first <= place[0] < table.part.end and place[1] in table.matched.columns
    )
    broken = []
    for row, cells in groupby(places, key=lambda place: place[0]):
        if lines["kind"][row - table.first] == "row":
            said = "; ".join(f"{letters_of(column)}{row + 1} {table.cells.faults[row, column]}" for _, column in cells)
            broken.append(Broken(row + 1, said, sheet=table.cells.name, rule_code="file.cell_error"))
    return broken


def _with_changes(rows: pl.DataFrame, table: _Table) -> pl.DataFrame:
    """Beside the rows, which cells of declared columns were decoded out of which old encoding."""
    places: dict[str, list[int]] = {}
    for (row, column), encoding in table.cells.encodings.items():
        if (name := table.matched.columns.get(column)) and table.first <= row < table.part.end:
            places.setdefault(f"{CHANGE}{name}:{encoding}", []).append(row + 1)
    return rows.with_columns(pl.col(_ROW).is_in(numbers).alias(change) for change, numbers in sorted(places.items()))
