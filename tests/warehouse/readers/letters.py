"""A small contract for the tests of delimited files, and the way through the reader."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl
import zstandard

from schemas.column_types import Text, WholeNumber
from schemas.contract import Column, Extract, Records, Semantics
from schemas.dialect import Dialect
from schemas.periods import Cadence
from warehouse.readers import delimited
from warehouse.readers.reading import Reading

LETTERS = Extract(
    name="letters",
    vi="Công văn",
    en="Letters",
    suppliers=("VPUB",),
    cadence=Cadence.MONTHLY,
    layout=Records(),
    semantics=Semantics.FULL,
    key=("number",),
    columns=(
        Column("number", Text(), "Số", "Number", ("So", "Số"), must_exist=True),
        Column("subject", Text(), "Trích yếu", "Subject", ("TrichYeu", "Trích yếu"), must_exist=True),
        Column("pages", WholeNumber(), "Số trang", "Pages", ("SoTrang",)),
    ),
)


def opened(folder: Path, content: bytes, dialect: Dialect | None = None) -> Reading:
    """The file as the gate reads it, in a dialect that the contract declares."""
    file = folder / "letters.csv.zst"
    file.write_bytes(zstandard.ZstdCompressor(level=1).compress(content))
    return delimited.read(file, replace(LETTERS, layout=Records(dialect=dialect)) if dialect else LETTERS)


def rows(reading: Reading) -> list[tuple[object, ...]]:
    """Line, number and subject of every row."""
    frames = [frame.select("source_row", "number", "subject") for frame in reading.batches]
    return pl.concat(frames).rows() if frames else []
