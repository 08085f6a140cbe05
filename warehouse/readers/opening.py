"""Which reader a file goes to: by what its bytes are, by its name only in doubt, by the contract last.

Any extract may come in any format. What a format's records say belongs to its reader.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb
import polars as pl

from schemas.contract import Extract, Records
from warehouse.readers import (
    delimited,
    fixed_width,
    json_records,
    parquet_rows,
    streams,
    workbook,
    xml_records,
    zipped,
)
from warehouse.readers.reading import Reading, Refusal

_PEEK_BYTES = 4096
_BINARY: Final = {
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "workbook",
    b"PK\x03\x04": "zip",
    b"PK\x05\x06": "zip",
    b"PK\x07\x08": "zip",
    b"\x1f\x8b": "gzip",
    b"PAR1": "parquet",
    b"PARE": "parquet",
    b"7z\xbc\xaf'\x1c": "7Z",
    b"Rar!\x1a\x07": "RAR",
    b"BZh9": "BZIP2",
    b"\xfd7zXZ\x00": "XZ",
    b"\x28\xb5\x2f\xfd": "ZSTD",
    b"%PDF-": "PDF",
    b"{\\rtf": "RTF",
    b"\x89PNG\r\n": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"SQLite format 3\x00": "SQLite",
    b"\x00\x01\x00\x00Standard ": "Access",
    b"ARROW1\x00\x00": "Arrow",
    b"Obj\x01": "Avro",
}
_ACCOMPANYING: Final = ("PDF", "RTF", "PNG", "JPEG")
# The name of the first member, at the 31st byte of a ZIP: office programs begin with one of these.
_WORKBOOK_BEGINS: Final = re.compile(
    rb"PK\x03\x04.{26}(\[Content_Types\]\.xml|mimetypeapplication/vnd|_rels/\.rels)", re.DOTALL
)
_JSON: Final = re.compile(r'\{\s*(["}]|$)|\[\s*([\[{\]]|$)')
_JSON_FIELD: Final = re.compile(r'"\s*:')
_DELIMITED: Final = re.compile(r"[,;\t|]")
_NO_TABLE: Final = frozenset({"file.header_not_found", "file.missing_column", "file.unsafe"})
"""Why a file is no table of delimited lines. One damaged line may look like one of thousands of columns."""
_HTML: Final = re.compile(r"<(!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_MARKUP: Final = re.compile(r"<[?!\w]")


@dataclass(frozen=True)
class Means:
    """What a reader may use: DuckDB, how many rows to give at once, a local folder for what must lie on a disk."""

    con: duckdb.DuckDBPyConnection
    batch_rows: int
    scratch: Path


def read(path: Path, file_name: str, extract: Extract, means: Means) -> Reading:
    """Open a zstd-compressed file of any format. Raises Refusal when it cannot be understood or has not the columns it must."""
    start = streams.start_of(path, _PEEK_BYTES)
    match format_of(start, file_name):
        case "zip":
            archive = zipped.opened(path, means.scratch)
            if archive.is_workbook:
                archive.close()
                return _read(path, "workbook", extract, means)
            return archive.reading(lambda inner, name: _member(inner, name, extract, means), means.scratch)
        case "gzip":
            unpacked = zipped.ungzipped(path, means.scratch)
            name = file_name[: -len(".gz")] if file_name.lower().endswith(".gz") else file_name
            with unpacked.unless_whole():
                kind = format_of(streams.start_of(unpacked.path, _PEEK_BYTES), name)
                reading = _read(unpacked.path, kind, extract, means)
            reading.found_as["packed_as"] = "gzip"
            reading.batches = _holding(unpacked, reading.batches)
            return reading
        case plain:
            return _read(path, plain, extract, means)


def _member(path: Path, name: str, extract: Extract, means: Means) -> Reading | None:
    """A member of an archive, which may not be an archive itself; None for a letter or a picture that goes with the data."""
    kind = format_of(streams.start_of(path, _PEEK_BYTES), name)
    if kind in _ACCOMPANYING:
        return None
    if kind in ("zip", "workbook") and streams.start_of(path, 2) == b"PK":
        inner = zipped.opened(path, means.scratch)
        inner.close()
        if inner.is_letter:
            return None
        kind = "workbook" if inner.is_workbook else "zip"
    if kind in ("zip", "gzip"):
        raise Refusal("file.unsafe", f"{kind.upper()} / ZIP")
    return _read(path, kind, extract, means)


def _read(path: Path, kind: str, extract: Extract, means: Means) -> Reading:
    match kind:
        case "workbook":
            return workbook.read(path, extract)
        case "json":
            return json_records.read(path, extract, means.con, means.batch_rows)
        case "xml":
            return xml_records.read(path, extract, means.batch_rows)
        case "parquet":
            return parquet_rows.read(path, extract, means.batch_rows, means.scratch)
        case "text":
            return _read_lines(path, extract, means)
        case other:
            raise Refusal("file.unreadable", other.upper() if other in ("zip", "gzip") else other)


def _read_lines(path: Path, extract: Extract, means: Means) -> Reading:
    """Delimited lines, or where the contract says how lines are cut, those that have no titles."""
    places = extract.layout.fixed_width if isinstance(extract.layout, Records) else None
    try:
        return delimited.read(path, extract)
    except Refusal as refusal:
        if places is None or refusal.code not in _NO_TABLE or not fixed_width.fits(path, places):
            raise
    return fixed_width.read(path, places, means.batch_rows)


def _holding(unpacked: streams.LaidOut, batches: Iterator[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    """The same batches, the file they come from held until they have come."""
    try:
        yield from batches
    finally:
        unpacked.discard()


def format_of(start: bytes, file_name: str) -> str:
    """`workbook`, `zip`, `gzip`, `parquet`, `json`, `xml` or `text`, or the name of what cannot be read.

    The name decides only between texts that could be either. Raises Refusal `file.empty` when there is nothing.
    """
    if not start.strip(b" \t\r\n\xef\xbb\xbf"):
        raise Refusal("file.empty", "0")
    for mark, name in _BINARY.items():
        if start.startswith(mark):
            return "workbook" if _WORKBOOK_BEGINS.match(start) else name
    if not start.strip(b"\x00"):
        return "0x00"
    text = streams.as_text(start).lstrip("\ufeff \t\r\n")
    if _HTML.match(text):
        return "HTML"
    if _MARKUP.match(text):
        return "xml"
    return "json" if _is_json(text, file_name.lower().endswith((".json", ".jsonl", ".ndjson"))) else "text"


def _is_json(text: str, is_named_so: bool) -> bool:
    if text.startswith(("{", "[")):
        return is_named_so or _JSON.match(text) is not None
    first_line = text.split("\n", 1)[0]
    # The first of the records, one a line, may be broken; a table that somebody called JSON is still a table.
    is_below = re.search(r'^\{\s*"', text, re.MULTILINE) is not None
    return is_below or (is_named_so and (not _DELIMITED.search(first_line) or bool(_JSON_FIELD.search(first_line))))
