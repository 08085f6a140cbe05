"""Workbooks made for reading (XLSX, XLS, XLSB, ODS): a form's rows among titles, groups, totals and signatures.

Every row of the sheet is accounted for: read, or set aside under a kind. A position is the sheet and the row number that
Excel shows. Formulas are never computed; the stored values are taken.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TypeAlias

import polars as pl
import python_calamine
import zstandard

from schemas.contract import Extract, Sheet
from schemas.legacy_text import recovered_grid
from schemas.parsing import CHANGE
from schemas.text import name_key
from warehouse import headers
from warehouse.readers import workbook_container
from warehouse.readers.reading import EXTRA, Reading, Refusal, Total

_ROW = "source_row"
_KIND = "__kind"
_WHOLE = "__whole"
_NUMBERING = r"^\((\d{1,2}|[A-Za-z])\)$"
_NUMBER = r"^-?\d[\d.,]*\s*%?$"
_TOTAL_WORDS = ("tổng cộng", "tổng số", "tổng", "cộng", "toàn tỉnh")
_GROUP_WORDS = ("huyện", "thành phố", "thị xã", "tp", "tx")
_SIGNATURE_WORDS = (
    "người lập", "thủ trưởng", "giám đốc", "nơi nhận", "ghi chú", "chủ tịch", "ký tên", "ký, đóng dấu", "thái bình, ngày",
)  # fmt: skip
Cell: TypeAlias = str | float | int | bool | date | datetime | time | timedelta | None


def read(path: Path, extract: Extract) -> Reading:
    """Open a zstd-compressed workbook of any of the formats.

    Raises Refusal when it is broken, locked, unsafe, or has no sheet with this form's titles.
    """
    assert isinstance(extract.layout, Sheet)
    with path.open("rb") as packed:
        content = zstandard.ZstdDecompressor().stream_reader(packed, read_across_frames=True).read()
    container = workbook_container.format_of(content)
    try:
        workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        tables = [sheet for sheet in workbook.sheets_metadata if sheet.typ == python_calamine.SheetTypeEnum.WorkSheet]
        sheets = _in_order([sheet.name for sheet in tables], extract.layout.label)
        grids = ((name, workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)) for name in sheets)
        found = _first_form(grids, extract)
    except python_calamine.PasswordError:
        raise Refusal("file.locked", container.upper()) from None
    except (python_calamine.CalamineError, OSError, ValueError, KeyError):
        raise Refusal("file.unreadable", container.upper()) from None
    if isinstance(found, Refusal):
        raise found
    found.found_as["container"] = container
    if hidden := sum(sheet.visible != python_calamine.SheetVisibleEnum.Visible for sheet in tables):
        found.found_as["hidden_sheets"] = str(hidden)
    return found


def _in_order(names: list[str], label: str) -> list[str]:
    """The sheet of the agreed name first, then the others."""
    return sorted(names, key=lambda name: name != label)


def _first_form(grids: Iterable[tuple[str, Sequence[Sequence[Cell]]]], extract: Extract) -> Reading | Refusal:
    refusal = Refusal("file.empty", "0")
    for name, grid in grids:
        if not any(any(cell not in ("", None) for cell in row) for row in grid):
            continue
        try:
            return _form(name, grid, extract)
        except Refusal as reason:
            # A missing column says more than a sheet that is something else altogether.
            if refusal.code != "file.missing_column":
                refusal = reason
    return refusal


def _form(sheet: str, grid: Sequence[Sequence[Cell]], extract: Extract) -> Reading:
    layout = extract.layout
    assert isinstance(layout, Sheet)
    # The whole sheet at once: titles must be read too, and what one cell cannot tell its neighbours may.
    texts, encodings = recovered_grid([[_text(cell) for cell in row] for row in grid])
    header_at, matched = _header(texts, extract, layout)
    body_at = header_at + layout.header_rows
    reading = Reading(
        iter(()),
        extra_titles=tuple(matched.extra.values()),
        found_as={"format": "workbook", "sheet": sheet, "header": matched.fingerprint},
    )
    reading.set_aside["heading"] += body_at
    body = _body(texts[body_at:], body_at + 1, matched)
    if body.is_empty():
        raise Refusal("file.empty", "0")
    classified = _classified(body, extract, layout)
    for kind, rows in classified.filter(pl.col(_KIND) != "row").group_by(_KIND).len().iter_rows():
        reading.set_aside[kind] += rows
    if refusal := headers.incomplete(matched, extract):
        set_aside = reading.set_aside.total()
        # Under titles that are not this form's nobody can say what is a row.
        is_countable = refusal.code == "file.missing_column"
        raise refusal.counting(len(texts) - set_aside, set_aside) if is_countable else refusal
    names = [name for name in body.columns if name not in (_ROW, _WHOLE)]
    for row in classified.filter(pl.col(_KIND) == "total").iter_rows(named=True):
        reading.totals.append(Total(sheet, row[_ROW], {name: row[name] for name in names if row[name]}))
    rows = classified.filter(pl.col(_KIND) == "row").select(
        pl.lit(sheet).alias("source_sheet"), _ROW, pl.exclude(_ROW, _KIND, _WHOLE)
    )
    if rows.is_empty():
        raise Refusal("file.empty", "0")
    reading.batches = iter((_with_changes(rows, encodings, matched),))
    return reading


def _with_changes(rows: pl.DataFrame, encodings: Mapping[tuple[int, int], str], matched: headers.Match) -> pl.DataFrame:
    """Beside the rows, which cells of declared columns were decoded out of which old encoding."""
    if not encodings:
        return rows
    places: dict[str, list[int]] = {}
    for (at, place), encoding in encodings.items():
        if name := matched.columns.get(place):
            places.setdefault(f"{CHANGE}{name}:{encoding}", []).append(at + 1)
    return rows.with_columns(pl.col(_ROW).is_in(numbers).alias(change) for change, numbers in sorted(places.items()))


def _header(texts: list[list[str | None]], extract: Extract, layout: Sheet) -> tuple[int, headers.Match]:
    """The row where the titles begin: the one that matches most columns of the contract."""
    best: tuple[int, headers.Match] | None = None
    for at in range(min(len(texts) - layout.header_rows + 1, 60)):
        if not any(texts[at]):
            continue
        matched = headers.match(_titles(texts[at : at + layout.header_rows]), extract, layout.ignored)
        if best is None or len(matched.columns) > len(best[1].columns):
            best = at, matched
        if not best[1].missing:
            break
    if best is None or len(best[1].columns) < 2:
        raise Refusal("file.header_not_found", "0")
    return best


def _titles(rows: list[list[str | None]]) -> list[str | None]:
    """One title per column; of a merged two-row header "upper / lower"."""
    if len(rows) == 1:
        return rows[0]
    titles: list[str | None] = []
    spanning: str | None = None
    for upper, lower in zip(*rows, strict=True):
        spanning = upper or (spanning if lower else None)
        titles.append(f"{spanning} / {lower}" if spanning and lower else spanning or lower)
    return titles


def _body(texts: list[list[str | None]], first_row: int, matched: headers.Match) -> pl.DataFrame:
    """The cells below the header under the names of their columns, with their row numbers; unnamed columns left out only
    when they are empty."""
    names = dict(matched.columns) | {place: EXTRA + title for place, title in matched.extra.items()}
    columns = {
        name: pl.Series(name, [row[place] for row in texts], dtype=pl.String) for place, name in sorted(names.items())
    }
    rows = pl.int_range(first_row, first_row + len(texts), dtype=pl.Int64, eager=True).alias(_ROW)
    # A merged "Tổng cộng" stands in a column that the contract ignores: the whole row is looked at for such words.
    whole = pl.Series(_WHOLE, [" ".join(cell for cell in row if cell) for row in texts], dtype=pl.String)
    return pl.DataFrame([rows, whole, *columns.values()])


def _classified(body: pl.DataFrame, extract: Extract, layout: Sheet) -> pl.DataFrame:
    """Each row's kind: row, blank, numbering, total, group or signature; groups filled down into their column."""
    cells = [pl.col(name) for name in body.columns if name not in (_ROW, _WHOLE)]
    filled = pl.sum_horizontal(cell.is_not_null() for cell in cells)
    whole = pl.col(_WHOLE).pipe(name_key)
    has_number = pl.any_horizontal(cell.str.contains(_NUMBER) for cell in cells).fill_null(value=False)
    is_blank = whole == ""
    is_numbering = (filled >= 2) & pl.all_horizontal(cell.is_null() | cell.str.contains(_NUMBERING) for cell in cells)
    is_total = whole.str.contains(_starting_with(_TOTAL_WORDS))
    is_signature = whole.str.contains(_containing(_SIGNATURE_WORDS)) & ~has_number
    group_into = layout.group_into
    unit_by_name = extract.unit_by_name
    is_grouping = group_into and unit_by_name and unit_by_name.name in body.columns
    grouped = pl.col(unit_by_name.name) if is_grouping and unit_by_name else None
    is_group = (
        grouped.pipe(name_key).str.contains(_starting_with(_GROUP_WORDS)).fill_null(value=False)
        if grouped is not None
        else pl.lit(value=False)
    )
    kind = (
        pl.when(is_blank)
        .then(pl.lit("blank"))
        .when(is_numbering)
        .then(pl.lit("numbering"))
        .when(is_total)
        .then(pl.lit("total"))
        .when(is_group)
        .then(pl.lit("group"))
        .when(is_signature)
        .then(pl.lit("signature"))
        .otherwise(pl.lit("row"))
    )
    classified = body.with_columns(kind.alias(_KIND))
    classified = _with_footer(classified, has_number)
    if group_into and grouped is not None:
        below = pl.when(pl.col(_KIND) == "group").then(grouped).forward_fill()
        existing = pl.col(group_into) if group_into in body.columns else pl.lit(None, pl.String)
        classified = classified.with_columns(pl.coalesce(existing, below).alias(group_into))
    return classified


def _with_footer(classified: pl.DataFrame, has_number: pl.Expr) -> pl.DataFrame:
    """After the first signature, rows without a number are signature too: names and functions stand there."""
    signed = (pl.col(_KIND) == "signature").cum_max()
    is_footer = signed & (pl.col(_KIND) == "row") & ~has_number
    return classified.with_columns(pl.when(is_footer).then(pl.lit("signature")).otherwise(_KIND).alias(_KIND))


def _folded(words: Iterable[str]) -> list[str]:
    return [re.escape(key) for key in headers.keys_of(words) if key]


def _starting_with(words: Iterable[str]) -> str:
    return rf"^(\d* )?({'|'.join(_folded(words))})( |$)"


def _containing(words: Iterable[str]) -> str:
    return "|".join(_folded(words))


def _text(cell: Cell) -> str | None:
    """A cell as the text a person would have typed: whole numbers without a point, dates in ISO."""
    if cell is None or cell == "":
        return None
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(timespec="seconds")
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell)
