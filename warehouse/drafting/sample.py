"""A sample of an extract nobody declared yet: its titles and rows, read by the readers that will read its deliveries.

What belongs here: finding the titles without a contract. Everything below them is read by the format's own reader, under
a contract of plain texts made from the titles, so that totals, groups and signatures are set aside as at the gate.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import orjson
import polars as pl
import python_calamine
from upath import UPath

from schemas.column_types import Text
from schemas.contract import Column, Extract, Records, Semantics, Sheet
from schemas.legacy_text import encoding_of_bytes, recovered_grid, text_of_bytes
from schemas.periods import Cadence
from warehouse import archive, duck, headers
from warehouse.readers import delimited, json_records, workbook
from warehouse.readers.reading import Reading, Refusal
from warehouse.storage import open_home

MOST_ROWS: Final = 20_000
_TITLES_WITHIN: Final = 40
_LOOKED_AT_BELOW: Final = 30
_DELIMITERS: Final = ",;\t|"
_NUMBER: Final = re.compile(r"^[-+(]?\d[\d.,/:\s-]*[)%]?$")
_NUMBERING: Final = re.compile(r"^\(?(\d{1,2}|[A-Za-z])\)?$")
_BATCH_ROWS: Final = 4096
_ENCODING_WITHIN_BYTES: Final = 1 << 20

Texts = list[list[str | None]]


@dataclass(frozen=True)
class Sample:
    """What a sample holds. `rows` has `source_row` and a text column per title, in order; `kind` is the format.

    `sheet` and `header_rows` say where a workbook has its form. `is_cut` when there were more rows than are looked at.
    """

    kind: str
    titles: tuple[str, ...]
    rows: pl.DataFrame
    sheet: str = ""
    header_rows: int = 1
    is_cut: bool = False


@dataclass(frozen=True)
class _Titles:
    """Where titles were found."""

    texts: tuple[str, ...]
    layout: Records | Sheet


def read_sample(path: Path) -> Sample:
    """Read a workbook, a delimited text or a JSON file. Raises Refusal when no titles can be found in it."""
    content = path.read_bytes()
    kind = _kind(content)
    readable = _utf8(content, kind)
    found = {"workbook": _of_workbook, "json": _of_json, "csv": _of_text}[kind](readable)
    rows = _rows(readable, path.name, kind, _provisional(found))
    if rows.is_empty():
        raise Refusal("file.empty", "0")
    layout = found.layout
    sheet, header_rows = (layout.label, layout.header_rows) if isinstance(layout, Sheet) else ("", 1)
    return Sample(kind, found.texts, rows.head(MOST_ROWS), sheet, header_rows, rows.height > MOST_ROWS)


def _kind(content: bytes) -> str:
    if content.startswith((b"PK", b"\xd0\xcf\x11\xe0")):
        return "workbook"
    return "json" if content.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\x00").startswith((b"[", b"{")) else "csv"


def _provisional(found: _Titles) -> Extract:
    """A contract that takes every title for a column of text."""
    return Extract(
        name="sample",
        vi="",
        en="",
        suppliers=(),
        cadence=Cadence.ON_CHANGE,
        layout=found.layout,
        semantics=Semantics.FULL,
        columns=tuple(
            Column(f"column_{place}", Text(), title, title, (title,), must_exist=True)
            for place, title in enumerate(found.texts)
        ),
        key=("column_0",),
    )


def _rows(content: bytes, file_name: str, kind: str, extract: Extract) -> pl.DataFrame:
    with TemporaryDirectory(prefix="warehouse-sample-") as scratch:
        home = open_home(scratch)
        local = Path(scratch) / Path(file_name).name
        local.write_bytes(content)
        sha256, _ = archive.take_in(home, UPath(local))
        with archive.opened_local(home, sha256) as packed, duck.connect() as con:
            reading = _reading(packed, kind, extract, con)
            batches = list(islice(reading.batches, 1 + MOST_ROWS // _BATCH_ROWS))
    rows = pl.concat(batches, how="diagonal") if batches else pl.DataFrame()
    return rows.select("source_row", *(column.name for column in extract.columns)) if batches else rows


def _reading(packed: Path, kind: str, extract: Extract, con: Any) -> Reading:
    if kind == "workbook":
        return workbook.read(packed, extract)
    if kind == "json":
        return json_records.read(packed, extract, con, _BATCH_ROWS)
    return delimited.read(packed, extract)


def _of_workbook(content: bytes) -> _Titles:
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        grids = [(name, book.get_sheet_by_name(name).to_python(skip_empty_area=False)) for name in book.sheet_names]
    except (python_calamine.CalamineError, OSError, ValueError, KeyError):
        raise Refusal("file.unreadable", "XLS, XLSX, XLSB, ODS") from None
    best: tuple[int, _Titles] | None = None
    for name, grid in grids:
        head = grid[: _TITLES_WITHIN + _LOOKED_AT_BELOW]
        texts, _ = recovered_grid([[_text(cell) for cell in row] for row in head])
        for rows in (1, 2):
            for at in range(min(len(texts) - rows, _TITLES_WITHIN)):
                score, titles = _scored(texts, at, rows)
                if titles and (best is None or score > best[0]):
                    best = score, _Titles(titles, Sheet(header_rows=rows, label=name))
    if best is None:
        raise Refusal("file.header_not_found", "0")
    return best[1]


def _text(cell: object) -> str | None:
    is_whole = isinstance(cell, float) and cell.is_integer()
    return None if cell in ("", None) else f"{cell:.0f}" if is_whole else str(cell)


def _scored(texts: Texts, at: int, rows: int) -> tuple[int, tuple[str, ...]]:
    """How well rows serve as titles of what is below them: two points a column named, two less for one without a name."""
    head, below = texts[at : at + rows], texts[at + rows : at + rows + _LOOKED_AT_BELOW]
    if not all(_may_be_titles(row) for row in head) or (rows == 2 and not _stand_over_each_other(*head)):
        return 0, ()
    titles = _joined(head)
    filled = [any(row[place] for row in below) for place in range(len(titles))]
    named = [title for title, is_filled in zip(titles, filled, strict=True) if title and is_filled]
    unnamed = sum(is_filled and not title for title, is_filled in zip(titles, filled, strict=True))
    kept = _distinct(named)
    repeated = len(named) - len(set(headers.keys_of(named)))
    return (2 * (len(named) - 2 * repeated - unnamed), kept) if len(kept) > 1 else (0, ())


def _joined(head: Texts) -> list[str | None]:
    """One title per column, as the reader of workbooks joins two rows of them."""
    if len(head) == 1:
        return head[0]
    spanning: str | None = None
    titles: list[str | None] = []
    for upper, lower in zip(*head, strict=True):
        spanning = upper or (spanning if lower else None)
        titles.append(" / ".join(part for part in (spanning, lower) if part) or None)
    return titles


def _may_be_titles(row: Sequence[str | None]) -> bool:
    cells = [cell.strip() for cell in row if cell and cell.strip()]
    numbers = sum(bool(_NUMBER.match(cell)) for cell in cells)
    is_numbering = all(_NUMBERING.match(cell) for cell in cells)
    return bool(cells) and 4 * numbers <= len(cells) and not is_numbering


def _stand_over_each_other(upper: Sequence[str | None], lower: Sequence[str | None]) -> bool:
    """Some titles reach over both rows, others have parts below them."""
    pairs = list(zip(upper, lower, strict=True))
    return any(above and not below for above, below in pairs) and any(below and not above for above, below in pairs)


def _distinct(titles: Sequence[str]) -> tuple[str, ...]:
    """Titles that differ when folded, numbering columns left out: a contract tells columns apart by nothing else."""
    ignored = set(headers.keys_of(Sheet().ignored))
    kept: dict[str, str] = {}
    for title, key in zip(titles, headers.keys_of(titles), strict=True):
        if key and key not in ignored:
            kept.setdefault(key, " ".join(title.split()))
    return tuple(kept.values())


def _of_text(content: bytes) -> _Titles:
    lines = content.decode().splitlines()[: _TITLES_WITHIN + _LOOKED_AT_BELOW]
    best: tuple[int, tuple[str, ...]] = (0, ())
    for delimiter in _DELIMITERS:
        records = [record for record in csv.reader(lines, delimiter=delimiter) if any(record)]
        widths = Counter(len(record) for record in records if len(record) > 1)
        if not widths:
            continue
        width, lines_of_it = widths.most_common(1)[0]
        titles = next((record for record in records if len(record) == width and _may_be_titles(record)), None)
        if titles and width * lines_of_it > best[0]:
            best = width * lines_of_it, _distinct_fields(titles)
    if not best[1]:
        raise Refusal("file.header_not_found", "0")
    return _Titles(best[1], Records())


def _distinct_fields(titles: Sequence[str]) -> tuple[str, ...]:
    """Of records every titled field is a column, a running number too."""
    kept: dict[str, str] = {}
    for title, key in zip(titles, headers.keys_of(titles), strict=True):
        if key:
            kept.setdefault(key, title.strip())
    return tuple(kept.values())


def _of_json(content: bytes) -> _Titles:
    try:
        loaded = orjson.loads(content)
    except orjson.JSONDecodeError:
        loaded = [_record(line) for line in content.splitlines() if line.strip()]
    records = loaded if isinstance(loaded, list) else [loaded]
    fields = dict.fromkeys(field for record in records[:MOST_ROWS] if isinstance(record, Mapping) for field in record)
    if not fields:
        raise Refusal("file.header_not_found", "JSON")
    return _Titles(_distinct_fields(list(fields)), Records())


def _record(line: bytes) -> object:
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError:
        return None


def _utf8(content: bytes, kind: str) -> bytes:
    """Text in UTF-8 without a mark, whatever it came in; workbooks as they are."""
    if kind == "workbook":
        return content
    encoding = encoding_of_bytes(content[:_ENCODING_WITHIN_BYTES]) or "utf-8"
    try:
        return text_of_bytes(content, encoding).encode()
    except UnicodeDecodeError:
        raise Refusal("file.unreadable", encoding) from None
