"""A record is found again in the bytes as they came, in any format, by the position it was given when it was read."""

from __future__ import annotations

import gzip
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from upath import UPath

from tests.warehouse.readers.one_table import FORMATS, LETTERS, TABLE, csv_of, fixed_of, json_of, opened, zip_of
from warehouse import archive
from warehouse.records_as_sent import RecordAsSent, find_record, line_of_record
from warehouse.storage import open_home

NAMES = {"So": "number", "TrichYeu": "subject", "SoTrang": "pages"}
LAST_LINE = {"csv": 5, "tsv": 5, "jsonl": 4, "xlsx": 5, "txt": 4}
"""Of the last row, in the formats that have lines or rows: titles stand on the first."""


def found_again(folder: Path, content: bytes, name: str) -> list[RecordAsSent | None]:
    """Every row of a file, asked for by its position."""
    home = open_home(folder / "home")
    landed = folder / "landed"
    landed.write_bytes(content)
    sha256, _ = archive.take_in(home, UPath(landed))
    places = pl.concat(batch.select("source_sheet", "source_row") for batch in opened(folder, content, name).batches)
    return [find_record(home, sha256, name, LETTERS, sheet, row) for sheet, row in places.rows()]


def texts_of(records: list[RecordAsSent | None]) -> list[dict[str, str]]:
    return [dict(record.texts) for record in records if record is not None]


EXPECTED = [{NAMES[title]: text for title, text in row.items() if text} for row in TABLE]


@pytest.mark.parametrize("name", [*FORMATS, "txt"])
def test_every_record_is_found_in_every_format(name: str, tmp_path: Path) -> None:
    content = fixed_of(TABLE) if name == "txt" else FORMATS[name](TABLE)
    records = found_again(tmp_path, content, f"so.{name}")
    assert texts_of(records) == EXPECTED
    assert records[-1] is not None
    assert records[-1].line == LAST_LINE.get(name)


def test_records_are_found_whatever_the_encoding(tmp_path: Path) -> None:
    records = found_again(tmp_path, csv_of(TABLE).decode().encode("utf-16"), "so.csv")
    assert texts_of(records) == EXPECTED


def test_records_are_found_in_what_is_packed(tmp_path: Path) -> None:
    packed = found_again(tmp_path, gzip.compress(csv_of(TABLE)), "so.csv.gz")
    members = found_again(tmp_path, zip_of({"a.csv": csv_of(TABLE), "b.json": json_of(TABLE)}), "so.zip")
    assert texts_of(packed) == EXPECTED
    assert texts_of(members) == EXPECTED * 2
    assert {record and record.line for record in [*packed, *members]} == {None}


def test_a_title_that_the_contract_does_not_know_goes_with_its_text(tmp_path: Path) -> None:
    records = found_again(tmp_path, csv_of([{**row, "Ghi chú": "x"} for row in TABLE]), "so.csv")
    assert texts_of(records) == [row | {"Ghi chú": "x"} for row in EXPECTED]


def test_what_is_not_there_is_not_found(tmp_path: Path) -> None:
    home = open_home(tmp_path / "home")
    landed = tmp_path / "so.csv"
    landed.write_bytes(csv_of(TABLE))
    sha256, _ = archive.take_in(home, UPath(landed))
    other = replace(LETTERS, columns=(replace(LETTERS.columns[0], headers=("Khac",)), *LETTERS.columns[1:]))
    assert find_record(home, sha256, "so.csv", LETTERS, None, 2) is not None
    assert find_record(home, sha256, "so.csv", LETTERS, None, 99) is None
    assert find_record(home, sha256, "so.csv", LETTERS, "a sheet", 2) is None
    assert find_record(home, "0" * 64, "so.csv", LETTERS, None, 2) is None
    assert find_record(home, sha256, "so.csv", other, None, 2) is None


@pytest.mark.parametrize(
    ("text", "number", "line"),
    [
        ('[\n{"a":1},\n{"a":2}\n]', 2, 3),
        ('[{"a":1},{"a":2}]', 2, 1),
        ('[{"a":\n"[{"},\n\n  {"a":2}]', 2, 4),
        ('\ufeff[\n{"a":1}]', 1, 2),
        ('{"a":1}\n{"a":2}\n', 2, 2),
        ('[{"a":1}]', 2, None),
    ],
)
def test_the_line_on_which_a_record_of_json_begins(text: str, number: int, line: int | None) -> None:
    assert line_of_record(text, number) == line
