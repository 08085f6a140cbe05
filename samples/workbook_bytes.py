"""The bytes of a workbook of one sheet: plain cells, the fastest way there is, in what XlsxWriter makes around them.

What belongs here: XML of cells and strings, the ZIP around it (ECMA-376 part 1, 18.3.1.4 and 18.4). What does not: what
stands in a sheet and where (``sheets``).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from itertools import zip_longest
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile

import polars as pl
from xlsxwriter import Workbook
from xlsxwriter.utility import xl_col_to_name, xl_range

from samples.forms import Cell

# Workbooks carry a creation time; a fixed one keeps two runs identical.
_CREATED: Final = datetime(2023, 1, 1)  # noqa: DTZ001 - the file format knows no zone
_SHEET: Final = "xl/worksheets/sheet1.xml"
_STRINGS: Final = "xl/sharedStrings.xml"
_CELLS: Final = re.compile(r"<sheetData>.*</sheetData>", re.DOTALL)
_EXTENT: Final = re.compile(r'<dimension ref="[^"]*"/>')
_LIST: Final = re.compile(r'count="[^"]*" uniqueCount="[^"]*">.*</sst>', re.DOTALL)
# Office packs for speed as well: large sheets grow by a fifth.
_PACKING: Final = 1


def workbook_bytes(
    sheet_name: str, title: str, lines: Sequence[Sequence[Cell]], merges: Sequence[tuple[int, int, int, int]]
) -> bytes:
    """An XLSX whose one sheet holds ``lines`` from A1 on, in bold where cells are merged.

    ``merges``: first row, first column, last row, last column, from 0. None and "" leave a cell out.
    """
    columns = [_Column(at, cells) for at, cells in enumerate(zip_longest(*lines))]
    strings = pl.concat([column.texts for column in columns]).drop_nulls().unique(maintain_order=True)
    with ZipFile(BytesIO(_around(sheet_name, title, lines, merges))) as around:
        sheet, listed = (around.read(name).decode() for name in (_SHEET, _STRINGS))
        rows = _rows(columns, strings, {(top, left) for top, left, _, _ in merges})
        extent = f'<dimension ref="{xl_range(0, 0, len(lines) - 1, len(columns) - 1)}"/>'
        before, after = _CELLS.split(_EXTENT.sub(extent, sheet))
        count = sum(column.texts.count() for column in columns)
        head = f'count="{count}" uniqueCount="{strings.len()}">'
        made = {
            _SHEET: f"{before}<sheetData>{rows}</sheetData>{after}",
            _STRINGS: f"{_LIST.sub('', listed)}{head}{_items(strings)}</sst>",
        }
        buffer = BytesIO()
        with ZipFile(buffer, "w", ZIP_DEFLATED, compresslevel=_PACKING) as archive:
            for member in around.infolist():
                content = made.get(member.filename)
                archive.writestr(member, around.read(member) if content is None else content, compresslevel=_PACKING)
        return buffer.getvalue()


class _Column:
    """The cells of a column: its texts, its numbers as they are written, each null where the other is."""

    def __init__(self, at: int, cells: Sequence[Cell]) -> None:
        self.at, self.letters = at, xl_col_to_name(at)
        are_texts = [isinstance(cell, str) for cell in cells]
        self.texts = pl.Series(
            "text",
            [cell or None if is_text else None for cell, is_text in zip(cells, are_texts, strict=True)],
            pl.String,
        )
        self.numbers = pl.Series("number", [None] * len(cells), pl.String)
        if not all(are_texts):
            self.numbers = pl.Series(
                "number",
                [
                    None if is_text or cell is None else repr(cell)
                    for cell, is_text in zip(cells, are_texts, strict=True)
                ],
                pl.String,
            )


def _around(
    sheet_name: str, title: str, lines: Sequence[Sequence[Cell]], merges: Sequence[tuple[int, int, int, int]]
) -> bytes:
    """The workbook with its merged cells alone: one text at least, or it would have no list of strings."""
    buffer = BytesIO()
    workbook = Workbook(buffer, {"in_memory": True})
    workbook.set_properties({"title": title, "comments": "simulated", "created": _CREATED})
    sheet = workbook.add_worksheet(sheet_name)
    bold = workbook.add_format({"bold": True})
    sheet.write(0, 0, title)
    for top, left, bottom, right in merges:
        sheet.merge_range(top, left, bottom, right, lines[top][left], bold)
    workbook.close()
    return buffer.getvalue()


def _rows(columns: Sequence[_Column], strings: pl.Series, in_bold: set[tuple[int, int]]) -> str:
    """The elements of all rows with a cell, one after the other."""
    places = pl.DataFrame(strings.alias("text")).with_row_index("value")
    row = pl.Series("row", range(1, len(columns[0].texts) + 1), pl.Int64).cast(pl.String)
    cells = []
    for column in columns:
        bold_rows = [top for top, left in in_bold if left == column.at]
        said = pl.DataFrame([column.texts, column.numbers, row]).join(
            places, on="text", how="left", maintain_order="left"
        )
        style = pl.when(pl.int_range(pl.len()).is_in(bold_rows)).then(pl.lit(' s="1"')).otherwise(pl.lit(""))
        cells.append(
            said.select(
                pl.concat_str(
                    pl.lit(f'<c r="{column.letters}'),
                    "row",
                    pl.lit('"'),
                    style,
                    pl.when(pl.col("value").is_not_null()).then(pl.lit(' t="s"><v>')).otherwise(pl.lit("><v>")),
                    pl.coalesce(pl.col("value").cast(pl.String), "number"),
                    pl.lit("</v></c>"),
                ).alias(column.letters)
            ).to_series()
        )
    whole = pl.DataFrame([row, *cells]).filter(pl.any_horizontal(pl.exclude("row").is_not_null()))
    lines = whole.select(
        pl.concat_str(pl.lit('<row r="'), "row", pl.lit('">'), pl.exclude("row"), pl.lit("</row>"), ignore_nulls=True)
    )
    return "".join(lines.to_series())


def _items(strings: pl.Series) -> str:
    """The elements of the list of strings."""
    text = pl.col("text")
    is_spaced = text.str.contains(r"^\s|\s$")
    escaped = text.str.replace_all("&", "&amp;", literal=True).str.replace_all("<", "&lt;", literal=True)
    items = pl.DataFrame(strings.alias("text")).select(
        pl.concat_str(
            pl.when(is_spaced).then(pl.lit('<si><t xml:space="preserve">')).otherwise(pl.lit("<si><t>")),
            escaped.str.replace_all(">", "&gt;", literal=True),
            pl.lit("</t></si>"),
        )
    )
    return "".join(items.to_series())
