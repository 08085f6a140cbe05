"""A sample of an extract nobody declared yet: its titles and rows, read by the readers that will read its deliveries.

What belongs here: which titles there are, as the surveys of the readers tell. Everything below them is read under a contract
of plain texts made from the titles, so that totals, groups and signatures are set aside as at the gate.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import polars as pl
from upath import UPath

from schemas.column_types import Text
from schemas.contract import Column, Extract, Records, Semantics, Sheet
from schemas.periods import Cadence
from warehouse import archive, duck, headers
from warehouse.readers import delimited, opening, workbook_survey
from warehouse.readers.opening import Means
from warehouse.readers.reading import Refusal, Total
from warehouse.storage import open_home

MOST_ROWS: Final = 20_000
_FEWEST_TITLES: Final = 2
_BATCH_ROWS: Final = 4096
_PEEK_BYTES: Final = 4096
# What the readers call a column without a title, or the second of a title.
_UNNAMED: Final = re.compile(r"#\d+$")


@dataclass(frozen=True)
class Sample:
    """What a sample holds. `rows` has `source_sheet`, `source_row` and a text column `column_<place>` per title, in order.

    kind: the format: workbook, text, json, xml or parquet. `sheet` and `header_rows` say where a workbook has its form,
    `totals` are its total rows, by the same columns. `is_cut` when there were more rows than are looked at.
    """

    kind: str
    titles: tuple[str, ...]
    rows: pl.DataFrame
    sheet: str = ""
    header_rows: int = 1
    totals: tuple[Total, ...] = ()
    is_cut: bool = False


@dataclass(frozen=True)
class _Titles:
    """Where titles were found."""

    texts: tuple[str, ...]
    layout: Records | Sheet


def read_sample(path: Path) -> Sample:
    """Read a sample of any format but an archive. Raises Refusal when no titles can be found in it, or no rows."""
    content = path.read_bytes()
    kind = opening.format_of(content[:_PEEK_BYTES], path.name)
    with TemporaryDirectory(prefix="warehouse-sample-") as scratch, duck.connect() as con:
        home = open_home(scratch)
        sha256, _ = archive.take_in(home, UPath(path))
        with archive.opened_local(home, sha256) as packed:
            means = Means(con, _BATCH_ROWS, Path(scratch))
            found = _titles(kind, content, packed, path.name, means)
            return _sample(kind, found, packed, path.name, means)


def _titles(kind: str, content: bytes, packed: Path, file_name: str, means: Means) -> _Titles:
    if kind in ("workbook", "zip"):
        return _of_workbook(content)
    if kind == "text":
        found = _distinct_fields(delimited.survey(content).titles)
        layout = Records()
    else:
        fields = _fields(packed, file_name, means)
        found, layout = _distinct_fields(_in_order(fields, content)), Records()
    if len(found) < _FEWEST_TITLES:
        raise Refusal("file.header_not_found", "0")
    return _Titles(found, layout)


def _fields(packed: Path, file_name: str, means: Means) -> tuple[str, ...]:
    """The fields of the records: to a contract without a column every field is one more than it knows.

    Of several lists in a tree that could be the records, the outermost with more than one is taken.
    """
    try:
        return opening.read(packed, file_name, _contract((), Records()), means).extra_titles
    except Refusal as refusal:
        if refusal.code != "file.ambiguous_records":
            raise
        places = sorted(refusal.found.split("; "), key=lambda place: len(place.split(".")) if place else 0)
    for place in places:
        reading = opening.read(packed, file_name, _contract((), Records(records_at=place)), means)
        if sum(batch.height for batch in reading.batches) > 1:
            return reading.extra_titles
    raise Refusal("file.ambiguous_records", "; ".join(places))


def _sample(kind: str, found: _Titles, packed: Path, file_name: str, means: Means) -> Sample:
    extract = _contract(found.texts, found.layout)
    reading = opening.read(packed, file_name, extract, means)
    batches = list(islice(reading.batches, 1 + MOST_ROWS // _BATCH_ROWS))
    if not batches:
        raise Refusal("file.empty", "0")
    rows = pl.concat(batches, how="diagonal").select("source_row", *(column.name for column in extract.columns))
    sheet, header_rows = ("", 1)
    if isinstance(found.layout, Sheet):
        sheet, header_rows = found.layout.label, found.layout.header_rows
    return Sample(
        kind, found.texts, rows.head(MOST_ROWS), sheet, header_rows, tuple(reading.totals), rows.height > MOST_ROWS
    )


def _contract(titles: Sequence[str], layout: Records | Sheet) -> Extract:
    """A contract that takes every title for a column of text, and lets every column have totals."""
    names = tuple(f"column_{place}" for place in range(len(titles)))
    return Extract(
        name="sample",
        vi="",
        en="",
        suppliers=(),
        cadence=Cadence.ON_CHANGE,
        layout=replace(layout, summed=names),
        semantics=Semantics.FULL,
        columns=tuple(
            Column(name, Text(), title, title, (title,), must_exist=True)
            for name, title in zip(names, titles, strict=True)
        ),
        key=names[:1],
    )


def _of_workbook(content: bytes) -> _Titles:
    """The titles of the largest table that has any, on a sheet that is shown if there is one."""
    tables = [
        (sheet.cells, table, _distinct([title for title in table.titles.values() if not _UNNAMED.search(title)]))
        for sheet in workbook_survey.survey(content)
        for table in sheet.tables
        if table.header
    ]
    tables = [(cells, table, titles) for cells, table, titles in tables if len(titles) >= _FEWEST_TITLES]
    if not tables:
        raise Refusal("file.header_not_found", "0")
    cells, table, titles = max(tables, key=lambda one: (not one[0].is_hidden, len(one[1].rows) * len(one[2])))
    assert table.header is not None
    first, last = table.header
    return _Titles(titles, Sheet(header_rows=last - first + 1, label=cells.name))


def _distinct(titles: Sequence[str]) -> tuple[str, ...]:
    """Titles that differ when folded, numbering columns left out: a contract tells columns apart by nothing else."""
    ignored = set(headers.keys_of(Sheet().ignored))
    kept: dict[str, str] = {}
    for title, key in zip(titles, headers.keys_of(titles), strict=True):
        if key and key not in ignored:
            kept.setdefault(key, " ".join(title.split()))
    return tuple(kept.values())


def _distinct_fields(titles: Sequence[str]) -> tuple[str, ...]:
    """Of records every titled field is a column, a running number too."""
    kept: dict[str, str] = {}
    for title, key in zip(titles, headers.keys_of(titles), strict=True):
        if key:
            kept.setdefault(key, title.strip())
    return tuple(kept.values())


def _in_order(fields: Sequence[str], content: bytes) -> list[str]:
    """Fields in the order in which a text names them first; a reader may give them in any."""
    first = {field: content.find(field.rpartition(".")[2].encode()) for field in fields}
    return sorted(fields, key=lambda field: (first[field] < 0, first[field]))
