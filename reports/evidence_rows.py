"""Rows behind figures as pages show them: where each stands in a file first, then its values in the words of the dictionary.

What belongs here: titles, values and places of such rows. What does not: which rows are shown (`drill`, `counted_rows`), what
a code stands for (`code_words`), and how a table looks (`templates/drill.html.j2`).
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import PurePath
from typing import Any, Final

from reports import counted_rows, published, wording
from reports.code_words import Words
from reports.counted_rows import Counted
from reports.published import Row
from reports.wording import Bilingual
from warehouse.sql_models import load_models

_PLACES: Final = ("delivery_id", "file_name", "source_sheet", "source_row")
_KEY_SEPARATOR: Final = "/"
_NO_WORDS: Final[Words] = {}
_NAMES_IN_VIETNAMESE: Final = ("procedure_name", "database_code")
_HEADS_OF_NAMES: Final = {
    "unit_code": Bilingual("Đơn vị", "Unit"),
    "agency_code": Bilingual("Cơ quan", "Agency"),
    "database_code": Bilingual("Cơ sở dữ liệu", "Database"),
    "measure_code": Bilingual("Chỉ tiêu", "Measure"),
}
"""What heads a column of codes that are called by their names."""
_YES_NO: Final = {True: Bilingual("có", "yes"), False: Bilingual("không", "no")}
_IN_NUMERATOR: Final = Bilingual("Tính vào tử số", "In the numerator")
_WITHIN: Final = {
    False: Bilingual("được tính vào tử số", "in the numerator"),
    True: Bilingual("có tử số bằng mẫu số", "with nothing lacking"),
}
_OUTSIDE: Final = {
    False: Bilingual("không được tính vào tử số", "not in the numerator"),
    True: Bilingual("có tử số nhỏ hơn mẫu số", "lacking something"),
}
"""What a row is called that counts, or does not, by whether its numbers are added up."""
_NOTE: Final = re.compile(r"^-- column (\w+) \| (.+?) \| (.+)$", re.MULTILINE)
_REST_OF_NOTE: Final = re.compile(r"[;:(,].*")

_ROW: Final = Bilingual("dòng", "row")
_LINE: Final = Bilingual("dòng", "line")
_RECORD: Final = Bilingual("bản ghi", "record")
_ANY: Final = Bilingual("dòng hoặc bản ghi", "line or record")
_POSITION: Final[Mapping[str, Bilingual]] = {
    **dict.fromkeys((".csv", ".tsv", ".txt", ".jsonl", ".ndjson"), _LINE),
    **dict.fromkeys((".xlsx", ".xls", ".xlsb", ".ods", ".parquet"), _ROW),
    **dict.fromkeys((".json", ".xml"), _RECORD),
}
"""What the number of a row counts, by the ending of its file's name; as in README, “What files may be”."""
_PACKED: Final = (".gz", ".zip")


@dataclass(frozen=True)
class Value:
    """A value in words, with the code that these stand for; `is_vietnamese` where it is a name that has no English."""

    said: Bilingual
    code: str = ""
    is_vietnamese: bool = False


@dataclass(frozen=True)
class ShownRow:
    """A row behind a figure: its key, file, place in it, the command that leads there (None without a key), its values."""

    key: Value
    file_name: str
    place: Bilingual
    trace: str | None
    values: Sequence[Value]


@dataclass(frozen=True)
class RowTable:
    """Rows behind a figure; `heads` are the titles of the key and of the values."""

    title: Bilingual
    heads: Sequence[Bilingual]
    rows: Sequence[ShownRow]


def table_of(title: Bilingual, query: str, table: str, rows: Sequence[Row], words: Words = _NO_WORDS) -> RowTable:
    """Rows of the query `sql/evidence/<query>`, traced in `table`; the first of their columns is the key.

    `words` say what the codes in them stand for.
    """
    names = [name for name in rows[0] if name not in _PLACES] if rows else []
    heads = [
        _HEADS_OF_NAMES[name] if name in words and name in _HEADS_OF_NAMES else _title(name, query, table)
        for name in names
    ]
    return RowTable(title, heads, [_shown(row, names, table, words) for row in rows])


def about_sample(sample: Sequence[Row], total: int, counted: Counted) -> Bilingual:
    """How many rows of how many are shown, and how many of these count in the numerator."""
    all_rows = wording.so_many(total, "dòng", "row", "rows")
    said = Bilingual(f"{len(sample)} trong {all_rows.vi}", f"{len(sample)} of {all_rows.en}")
    if not counted.part or not sample:
        return said
    within = sum(row[counted_rows.IN_NUMERATOR] for row in sample)
    told = [(len(sample) - within, _OUTSIDE[counted.is_summed]), (within, _WITHIN[counted.is_summed])]
    parts = [(many, words) for many, words in told if many]
    return Bilingual(
        f"{said.vi}: " + ", ".join(f"{many} dòng {words.vi}" for many, words in parts),
        f"{said.en}: " + ", ".join(f"{many} {words.en}" for many, words in parts),
    )


def place_of(file_name: str, sheet: str | None, number: int) -> Bilingual:
    """Where a row stands in its file: sheet and row of a workbook, line of a text file, record of JSON or XML."""
    if sheet:
        return Bilingual(f"trang {sheet}, dòng {number}", f"sheet {sheet}, row {number}")
    endings = [ending.lower() for ending in PurePath(file_name).suffixes if ending.lower() not in _PACKED]
    word = _POSITION.get(endings[-1], _ANY) if endings else _ANY
    return Bilingual(f"{word.vi} {number}", f"{word.en} {number}")


def _shown(row: Row, names: Sequence[str], table: str, words: Words) -> ShownRow:
    key, *values = (_value(name, row[name], words) for name in names)
    return ShownRow(
        key=key,
        file_name=row["file_name"],
        place=place_of(row["file_name"], row.get("source_sheet"), row["source_row"]),
        trace=_trace_command(table, row),
        values=values,
    )


def _trace_command(table: str, row: Row) -> str | None:
    """The command that leads from a row to its line of a file; None when the row lacks a part of its table's key."""
    key = _key_of(table)
    if not key or not set(key) <= row.keys():
        return None
    joined = _KEY_SEPARATOR.join(str(row[name]) for name in key)
    return f"warehouse trace {table} {shlex.quote(joined)}"


@cache
def _key_of(table: str) -> tuple[str, ...]:
    return next((model.key for model in load_models() if model.name == table), ())


@cache
def _title(name: str, query: str, table: str) -> Bilingual:
    """The title of a column: what the query itself says of it, else the note of the table, else that of any that has it."""
    if name == counted_rows.IN_NUMERATOR:
        return _IN_NUMERATOR
    own = {found[1]: Bilingual(found[2], found[3]) for found in _NOTE.finditer(published.query(f"evidence/{query}"))}
    if name in own:
        return own[name]
    for model in sorted(load_models(), key=lambda model: model.name != table):
        if name in model.columns:
            note = model.columns[name]
            return Bilingual(_opening(note.vi), _opening(note.en))
    return Bilingual(name, name)


def _opening(note: str) -> str:
    """The opening words of a note, as the head of a narrow column."""
    words = _REST_OF_NOTE.sub("", note).strip().removeprefix("Whether ")
    return words[:1].upper() + words[1:]


def _value(name: str, value: Any, words: Words) -> Value:
    called = words.get(name, {}).get(value)
    if called is None:
        return Value(_said(value), is_vietnamese=name in _NAMES_IN_VIETNAMESE and value is not None)
    return Value(called, str(value), is_vietnamese=name in _NAMES_IN_VIETNAMESE)


def _said(value: Any) -> Bilingual:
    match value:
        case None:
            return wording.NOTHING
        case bool():
            return _YES_NO[value]
        case datetime():
            return wording.moment(value)
        case date():
            return wording.day(value)
        case int():
            return wording.count(value)
        case _:
            return Bilingual(str(value), str(value))
