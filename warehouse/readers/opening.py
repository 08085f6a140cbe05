"""Which reader a file goes to: by what its bytes are, by its name only in doubt, by the contract last.

Any extract may come in any format. What a format's records say belongs to its reader.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Final

import duckdb

from schemas.contract import Extract, Sheet
from warehouse.readers import delimited, json_records, streams, workbook
from warehouse.readers.reading import Reading, Refusal

_PEEK_BYTES = 4096
_UNREADABLE: Final = {
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
_ARCHIVES: Final = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_JSON: Final = re.compile(r'\{\s*(["}]|$)|\[\s*([\[{\]]|$)')
_JSON_FIELD: Final = re.compile(r'"\s*:')
_DELIMITED: Final = re.compile(r"[,;\t|]")
_HTML: Final = re.compile(r"<(!doctype\s+html|html|head|body|table)\b", re.IGNORECASE)
_MARKUP: Final = re.compile(r"<[?!\w]")


@dataclass(frozen=True)
class Means:
    """What a reader may use: DuckDB, how many rows to give at once, a local folder for what must lie on a disk."""

    con: duckdb.DuckDBPyConnection
    batch_rows: int
    scratch: Path


def read(path: Path, file_name: str, extract: Extract, means: Means) -> Reading:
    """Open a zstd-compressed file of any format. Raises Refusal when it cannot be understood or has not the columns it must."""
    match format_of(streams.start_of(path, _PEEK_BYTES), file_name):
        case "workbook":
            return workbook.read(path, _printed(extract))
        case "json":
            return json_records.read(path, extract, means.con, means.batch_rows)
        case "text":
            return delimited.read(path, extract)
        case other:
            raise Refusal("file.unreadable", other)


def format_of(start: bytes, file_name: str) -> str:
    """`workbook`, `json` or `text`, or what else a file is that begins with these bytes.

    The name decides only between texts that could be either. Raises Refusal `file.empty` when there is nothing.
    """
    if not start.strip(b" \t\r\n\xef\xbb\xbf"):
        raise Refusal("file.empty", "0")
    if start.startswith((_OLE, *_ARCHIVES)):
        return "workbook"
    for mark, name in _UNREADABLE.items():
        if start.startswith(mark):
            return name
    if not start.strip(b"\x00"):
        return "0x00"
    text = streams.as_text(start).lstrip("\ufeff \t\r\n")
    if _HTML.match(text):
        return "HTML"
    if _MARKUP.match(text):
        return "XML"
    return "json" if _is_json(text, file_name.lower().endswith((".json", ".jsonl", ".ndjson"))) else "text"


def _is_json(text: str, is_named_so: bool) -> bool:
    if text.startswith(("{", "[")):
        return is_named_so or _JSON.match(text) is not None
    first_line = text.split("\n", 1)[0]
    # The first of the records, one a line, may be broken; a table that somebody called JSON is still a table.
    is_below = re.search(r'^\{\s*"', text, re.MULTILINE) is not None
    return is_below or (is_named_so and (not _DELIMITED.search(first_line) or bool(_JSON_FIELD.search(first_line))))


@lru_cache(maxsize=256)
def _printed(extract: Extract) -> Extract:
    """The extract as a sheet made for reading, for a workbook of what usually comes as records."""
    return extract if isinstance(extract.layout, Sheet) else replace(extract, layout=Sheet())
