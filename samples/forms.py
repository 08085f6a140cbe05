"""Forms of reports and the rows in them, right or spoilt, whatever kind of file they are written to.

What belongs here: what a report is. What does not: its bytes (``sheets``, ``text_files``), what happens to it on its way
(``reporting``), the content of any one report.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple, TypeAlias

from samples.expected import Expected, quarantine
from samples.landing import Slot, TrueRow

Cell: TypeAlias = str | int | float | None
Cells: TypeAlias = dict[str, Cell]


@dataclass(frozen=True)
class Column:
    """A column of a form; ``over`` is the title of a merged cell above it."""

    field: str
    title: str
    over: str | None = None


@dataclass(frozen=True)
class Form:
    """A report's layout. ``label`` is the column that carries district names and "Tổng cộng"."""

    sheet_name: str
    office: str
    title: str
    columns: tuple[Column, ...]
    label: str
    lost: str
    summed: tuple[str, ...] = ()
    has_number_row: bool = False


@dataclass(frozen=True)
class TextForm:
    """A report that is no workbook: delimited text, or without a delimiter an array of JSON objects."""

    columns: tuple[Column, ...]
    lost: str
    delimiter: str | None = None


@dataclass(slots=True)
class Row:
    """A data row with what is wrong with it; rows of one ``group`` stand under one district row."""

    cells: Cells
    group: str | None = None
    defects: tuple[str, ...] = ()
    expected: tuple[Expected, ...] = ()


@dataclass(frozen=True)
class RowDefect:
    """One kind of defect of a row; ``twin`` as in dossiers: what is put beside the row."""

    name: str
    expected: tuple[Expected, ...]
    spoil: Callable[[Cells, random.Random], None]
    eligible: Callable[[Cells], bool] = lambda _: True
    twin: Literal["none", "same", "other"] = "none"
    twin_expected: tuple[Expected, ...] = ()


@dataclass(frozen=True)
class Report:
    """A right report of one period: its rows, when it is due to arrive, how its file is called."""

    form: Form | TextForm
    slot: Slot
    subtitle: str
    file_stem: str
    received_at: datetime
    rows: Sequence[Row]


class Written(NamedTuple):
    """A file: its suffix, the sheet's name, the bytes, the truth about its rows and about its totals."""

    suffix: str
    sheet: str | None
    content: bytes
    rows: list[TrueRow]
    totals: list[TrueRow]


def put(column: str, *choices: Cell) -> Callable[[Cells, random.Random], None]:
    """A defect that replaces one cell."""

    def spoil(cells: Cells, rng: random.Random) -> None:
        cells[column] = rng.choice(choices)

    return spoil


def leave(_: Cells, __: random.Random) -> None:
    """A row that is right by itself; its twin is the defect."""


def sent_twice(differ: Callable[[Cells, random.Random], None]) -> tuple[RowDefect, RowDefect]:
    """The same line twice, and two lines of one key of which one was made to differ."""
    same_key = (quarantine("row.duplicate_key"),)
    return (
        RowDefect("duplicate_line", (), leave, twin="same", twin_expected=(quarantine("row.duplicate_row"),)),
        RowDefect("duplicate_key", same_key, differ, twin="other", twin_expected=same_key),
    )


def thousands(number: int) -> str:
    """A number as text with points between thousands."""
    return f"{number:,}".replace(",", ".")
