"""One table and the ways to write it: what the tests of readers share. What a reader should do belongs to its test."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias
from xml.sax.saxutils import escape

import polars as pl
import xlsxwriter
import zstandard

from schemas.column_types import Text, WholeNumber
from schemas.contract import Column, Extract, FixedWidth, Records, Semantics
from schemas.periods import Cadence
from warehouse import duck
from warehouse.readers import opening
from warehouse.readers.reading import Reading

Row: TypeAlias = Mapping[str, str]
WIDTHS = {"So": 8, "TrichYeu": 30, "SoTrang": 4}
LETTERS = Extract(
    name="letters",
    vi="Công văn",
    en="Letters",
    suppliers=("VPUB",),
    cadence=Cadence.MONTHLY,
    layout=Records(fixed_width=FixedWidth(columns={"number": (1, 8), "subject": (9, 38), "pages": (39, 42)}, width=42)),
    semantics=Semantics.FULL,
    key=("number",),
    columns=(
        Column("number", Text(), "Số", "Number", ("So",), must_exist=True),
        Column("subject", Text(), "Trích yếu", "Subject", ("TrichYeu",), must_exist=True),
        Column("pages", WholeNumber(), "Số trang", "Pages", ("SoTrang",)),
    ),
)
TABLE: tuple[Row, ...] = (
    {"So": "1/UBND", "TrichYeu": "Về việc khai sinh, kết hôn", "SoTrang": "2"},
    {"So": "2/UBND", "TrichYeu": 'Hoà "giải" ở xã', "SoTrang": "10"},
    {"So": "03", "TrichYeu": "a & b < c; d|e", "SoTrang": "0"},
    {"So": "4", "TrichYeu": "Tổ", "SoTrang": ""},
)


def csv_of(table: Sequence[Row], delimiter: str = ",") -> bytes:
    return pl.DataFrame(table).write_csv(separator=delimiter, quote_style="always").encode()


def json_of(table: Sequence[Row]) -> bytes:
    return json.dumps({"data": table}, ensure_ascii=False).encode()


def lines_of(table: Sequence[Row]) -> bytes:
    return b"".join(json.dumps(row).encode() + b"\n" for row in table)


def xml_of(table: Sequence[Row]) -> bytes:
    def element(title: str, text: str) -> str:
        name = re.sub(r"\W", "_", title)
        return f"<{name}>{escape(text)}</{name}>"

    records = "".join(f"<r>{''.join(element(title, text) for title, text in row.items())}</r>\n" for row in table)
    return f'<?xml version="1.0"?>\n<d:list xmlns:d="urn:d">\n{records}</d:list>'.encode()


def parquet_of(table: Sequence[Row]) -> bytes:
    sink = io.BytesIO()
    pl.DataFrame(table).write_parquet(sink, row_group_size=2)
    return sink.getvalue()


def fixed_of(table: Sequence[Row]) -> bytes:
    return "".join("".join(row[title].ljust(WIDTHS[title]) for title in WIDTHS) + "\r\n" for row in table).encode()


def xlsx_of(table: Sequence[Row]) -> bytes:
    sink = io.BytesIO()
    with xlsxwriter.Workbook(sink, {"in_memory": True, "strings_to_formulas": False}) as workbook:
        sheet = workbook.add_worksheet("So lieu")
        for at, cells in enumerate([list(table[0]), *(list(row.values()) for row in table)]):
            sheet.write_row(at, 0, cells)
    return sink.getvalue()


def zip_of(members: Mapping[str, bytes]) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members.items():
            packed.writestr(name, content)
    return sink.getvalue()


FORMATS: Mapping[str, Callable[[Sequence[Row]], bytes]] = {
    "csv": csv_of,
    "tsv": lambda table: csv_of(table, "\t"),
    "json": json_of,
    "jsonl": lines_of,
    "xml": xml_of,
    "parquet": parquet_of,
    "xlsx": xlsx_of,
}


def opened(folder: Path, content: bytes, name: str, extract: Extract = LETTERS) -> Reading:
    kept = folder / "kept.zst"
    kept.write_bytes(zstandard.ZstdCompressor(level=1).compress(content))
    return opening.read(kept, name, extract, opening.Means(duck.connect(), 3, folder))


def rows(reading: Reading) -> list[tuple[str, ...]]:
    names = ("number", "subject", "pages")
    return [tuple(text or "" for text in row) for frame in reading.batches for row in frame.select(names).rows()]


EXPECTED = [tuple(row.values()) for row in TABLE]
