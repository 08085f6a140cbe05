"""Made-up people, hidden in files wherever a person can end up by mistake, and the hunt for them.

Which places they must never be found in is said in the tests.
"""

from __future__ import annotations

import io
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote_plus

import duckdb
import python_calamine
import xlsxwriter

from tests.invariants.sendings import Sent

NAMES = ("Trịnh Quỳnh Vĩnhmậtđiền", "Đặng Riêngtưởng")
NUMBERS = ("034191987654", "034091876543", "151987652", "0912987651")
"""Two personal numbers, an old card, a telephone."""
_FOLDED = ("vinhmatdien", "riengtuong")
_DIGITS = tuple(number.lstrip("0") for number in NUMBERS)
"""A number may lose its zero on the way; what is left is hunted."""
_NEEDLES = re.compile("|".join((*_FOLDED, *_DIGITS)))
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")


def found_in(text: str) -> set[str]:
    """The planted people in a text, however it spells them: escaped, decomposed, in capitals, without marks, grouped."""
    spellings = (text, unquote_plus(text), _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text))
    return {match for spelling in spellings for match in _NEEDLES.findall(_folded(spelling))}


def _folded(text: str) -> str:
    bare = "".join(letter for letter in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(letter))
    return re.sub(r"(?<=\d)[.,\u00a0 ](?=\d{3})", "", bare.replace("đ", "d"))


def found_in_bytes(content: bytes) -> set[str]:
    """The same in a file of any kind that keeps texts uncompressed."""
    return found_in(content.decode("utf-8", "ignore")) | found_in(content.decode("utf-16-le", "ignore"))


def found_in_tables(con: duckdb.DuckDBPyConnection, tables: Iterable[str]) -> set[tuple[str, str]]:
    """(table.column, person) for every value of any type that shows one."""
    hits = set()
    for table in tables:
        relation = con.sql(f"FROM {table}")
        for column in relation.columns:
            texts = relation.select(f'"{column}"::VARCHAR').distinct().fetchall()
            hits |= {(f"{table}.{column}", person) for person in found_in("\n".join(text or "" for (text,) in texts))}
    return hits


def dossiers(day: str, clean: dict[str, object]) -> list[dict[str, object]]:
    """Records of a day in which somebody's name or number stands in every field in turn, and rows slipped sideways."""
    records: list[dict[str, object]] = []

    def add(**changed: object) -> None:
        number = len(records) + 1
        code = f"000.00.53.H54-{day[2:4]}{day[5:7]}{day[8:]}-{number:04d}"
        records.append(clean | {"MaHoSo": code} | changed)

    add()
    add()
    for field in clean:
        # An old card's nine digits where an amount is due cannot be told from an amount.
        numbers = NUMBERS if field != "SoTienPhaiNop" else [number for number in NUMBERS if len(number) > 9]
        for person in (*NAMES, *numbers, int(NUMBERS[0])):
            add(**{field: person})
    fields, values = list(clean), list(clean.values())
    for by in (1, 2, -1, -2):
        for first in (0, 4, 6):
            slipped = [*values[:first], *values[first:][-by:], *values[first:][:-by]]
            add(**dict(zip(fields, slipped, strict=True)))
    add(GhiChu=f"{NAMES[0]}, {NUMBERS[0]}", LienHe={"ten": NAMES[1], "so": [NUMBERS[1]]})
    records.append(records[0] | {"SoTienPhaiNop": 5})
    return records


def as_json(records: list[dict[str, object]]) -> bytes:
    """A file as the portal writes it."""
    return ("[\n" + ",\n".join(json.dumps(record, ensure_ascii=False) for record in records) + "\n]").encode()


def in_every_column(sent: Sent) -> Sent:
    """A workbook with a person in each column in turn, above the titles, in an unknown column, in the total and the end."""
    (sheet,) = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(sent.content)).sheet_names
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(sent.content))
    grid = [list(row) for row in book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)]
    (header,) = [at for at, row in enumerate(grid) if "STT" in row]
    width = len(grid[header])
    first = header + 5
    for row in grid:
        row.append("")
    grid[header][width] = "Ghi chú riêng"
    people = (*NAMES, *NUMBERS, float(NUMBERS[0]))
    for at, (column, person) in enumerate((column, person) for column in range(width + 1) for person in people):
        grid[first + at][column] = person
    for row in grid[-8:]:
        if any("Tổng cộng" in str(cell) for cell in row):
            row[width - 1] = float(NUMBERS[1])
    grid[0][0] = f"{grid[0][0]} {NAMES[0]}"
    grid += [["", f"Người lập biểu: {NAMES[0]}"], ["", NAMES[1]], ["", f"{NAMES[1]} - {NUMBERS[0]}"]]
    return replace(sent, content=_workbook(sheet, grid))


def _workbook(sheet: str, grid: Iterable[Iterable[object]]) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        page = book.add_worksheet(sheet)
        for at, row in enumerate(grid):
            for column, cell in enumerate(row):
                if cell not in ("", None):
                    page.write(at, column, cell)
    return buffer.getvalue()


def files_below(folder: Path) -> Iterator[Path]:
    """Every file of a folder, links not followed."""
    return (file for file in folder.rglob("*") if file.is_file() and not file.is_symlink())
