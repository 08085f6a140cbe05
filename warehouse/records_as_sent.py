"""A record as it was sent: found again in the archived bytes, whatever their format, by the position its reader gave it.

Who may see it belongs to `tracing`, how a format is read to its reader.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import zstandard

from schemas.contract import Extract
from schemas.parsing import CHANGE
from warehouse import archive, duck
from warehouse.judgement import BATCH_ROWS
from warehouse.readers import opening
from warehouse.readers.reading import EXTRA, Refusal
from warehouse.storage import Home

_PLACE = ("source_sheet", "source_row")


@dataclass(frozen=True)
class RecordAsSent:
    """A record in its file: the line of a text on which it begins or its row in a sheet, and the texts that are not empty.

    `line` is None where nothing has lines: in a packed file, in XML, in Parquet, in a list inside a JSON object. Texts are by
    the contract's names, those of columns it does not know by their titles.
    """

    line: int | None
    texts: Mapping[str, str]


def find_record(
    home: Home, sha256: str, file_name: str, extract: Extract, sheet: str | None, row: int
) -> RecordAsSent | None:
    """The record at a position; None when the archive lacks the bytes, or nothing is read there by the contract of today."""
    con = duck.connect()
    # Records are numbered in the order in which they come.
    con.execute("SET preserve_insertion_order = true")
    try:
        with archive.opened_local(home, sha256) as path:
            reading = opening.read(path, file_name, extract, opening.Means(con, BATCH_ROWS, home.scratch))
            texts = _texts_at(reading.batches, sheet, row)
            return None if texts is None else RecordAsSent(_line(path, reading.found_as, row), texts)
    except (FileNotFoundError, Refusal):
        return None
    finally:
        con.close()


def _texts_at(batches: Iterator[pl.DataFrame], sheet: str | None, row: int) -> dict[str, str] | None:
    is_there = pl.col("source_sheet").eq_missing(pl.lit(sheet, pl.String)) & (pl.col("source_row") == row)
    # All of them are taken: a reading is at an end, and lets go of its files, when there are no more.
    found = [record for batch in batches for record in batch.filter(is_there).to_dicts()]
    if not found:
        return None
    return {
        name.removeprefix(EXTRA): text
        for name, text in found[0].items()
        if text and name not in _PLACE and not name.startswith(CHANGE)
    }


def _line(path: Path, found_as: Mapping[str, str], row: int) -> int | None:
    match found_as:
        case {"packed_as": _} | {"records_at": _}:
            return None
        case {"format": "csv" | "fixed width" | "workbook"} | {"records_in": "lines"}:
            return row
        case {"format": "json", "encoding": encoding}:
            with zstandard.open(path, "rb") as stream:
                return line_of_record(stream.read().decode(encoding), row)
        case _:
            return None


def line_of_record(text: str, number: int) -> int | None:
    """The line (from 1) on which the record of that number (from 1) begins in JSON; None when it cannot be told.

    Reads an array of objects or one object after another.
    """
    decoder = json.JSONDecoder()
    at = start = 0
    try:
        for _ in range(number):
            while at < len(text) and text[at] in "\ufeff \t\r\n,[":
                at += 1
            start = at
            _, at = decoder.raw_decode(text, start)
    except (ValueError, RecursionError):
        return None
    return text.count("\n", 0, start) + 1
