"""JSON files: an array of objects or one object per line. A position is the record's number from 1.

DuckDB parses; a value that is not a text is kept as its JSON text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, TypeAlias

import duckdb
import polars as pl
import zstandard

from schemas.contract import Extract
from warehouse import headers
from warehouse.readers.reading import EXTRA, Reading, Refusal

_FIELDS = """
    SELECT DISTINCT unnest(json_keys(json)) AS field
    FROM read_json_objects($path, format = $format, compression = 'zstd')
    ORDER BY field
"""
_COUNT = "SELECT count(*) FROM read_json_objects($path, format = $format, compression = 'zstd')"
_PEEK_BYTES = 4096
Form: TypeAlias = Literal["array", "unstructured"]
_WHERE = re.compile(r"at byte (\d+)(?: in (?:record/value|line) (\d+))?: ([a-z ,]+)")


def read(path: Path, extract: Extract, con: duckdb.DuckDBPyConnection, batch_rows: int) -> Reading:
    """Open a zstd-compressed JSON file. Raises Refusal when it is no JSON, is cut, or has not the fields it must have."""
    form = _form(path)
    source = {"path": str(path), "format": form}
    try:
        fields = [name for (name,) in con.execute(_FIELDS, source).fetchall()]
    except duckdb.Error as error:
        raise Refusal("file.unreadable", _where(error)) from None
    if not fields:
        raise Refusal("file.empty", "0")
    matched = headers.match(fields, extract)
    if refusal := headers.incomplete(matched, extract):
        if refusal.code == "file.missing_column":
            ((rows,),) = con.execute(_COUNT, source).fetchall()
            refusal = refusal.counting(rows)
        raise refusal
    return Reading(
        _batches(path, form, fields, matched, con, batch_rows),
        extra_titles=tuple(matched.extra.values()),
        found_as={"format": "json", "header": matched.fingerprint},
    )


def _form(path: Path) -> Form:
    """Array or one record after another, by the first character: DuckDB would read the file once more to find out."""
    with path.open("rb") as packed:
        start = zstandard.ZstdDecompressor().stream_reader(packed).read(_PEEK_BYTES).lstrip(b"\xef\xbb\xbf \t\r\n")
    return "array" if start.startswith(b"[") else "unstructured"


def _batches(
    path: Path, form: Form, fields: list[str], matched: headers.Match, con: duckdb.DuckDBPyConnection, batch_rows: int
) -> Iterator[pl.DataFrame]:
    names = {fields[place]: name for place, name in matched.columns.items()}
    names |= {title: EXTRA + title for title in matched.extra.values()}
    columns = dict.fromkeys(fields, "VARCHAR")
    first = 1
    try:
        records = con.read_json(str(path), columns=columns, format=form, compression="zstd")
        for arrow in records.to_arrow_reader(batch_rows):
            batch = pl.DataFrame(arrow).rename(names)
            yield batch.select(
                pl.lit(None, pl.String).alias("source_sheet"),
                pl.int_range(first, first + batch.height, dtype=pl.Int64).alias("source_row"),
                *names.values(),
            )
            first += batch.height
    except duckdb.Error as error:
        # Something that is no object stands among the records.
        raise Refusal("file.unreadable", _where(error)) from None


def _where(error: duckdb.Error) -> str:
    """What DuckDB says of the place, without the content it may quote."""
    if match := _WHERE.search(str(error)):
        byte, record, reason = match.groups()
        return f"JSON, {reason.strip()} (record {record}, byte {byte})" if record else f"JSON, {reason.strip()}"
    return "JSON"
