"""Parquet files: each typed value as the text a person would have typed. A position is the row's number from 1.

Inner fields of a structure stand under dotted paths, a list is its JSON text. Rows come row group by row group.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Final, TypeAlias, cast

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from schemas.contract import Extract
from warehouse import headers
from warehouse.readers import streams
from warehouse.readers.limits import MOST_NESTING, check_columns, check_ratio
from warehouse.readers.reading import Reading, Refusal
from warehouse.readers.records import Found, chosen

_KIND: Final = "Parquet"
_LOCAL_TIME: Final = "Asia/Ho_Chi_Minh"
_ROOM_CELLS = 4_000_000
_ROOM_BYTES = 64 << 20
_FREE_ROWS = 1_000_000
# Every row has a key of its own, which takes a byte or more.
_MOST_ROWS_PER_BYTE = 10
_LARGEST_WHOLE = 1e15
Errors: TypeAlias = tuple[type[BaseException], ...]
# Polars panics where Arrow hands it a type that it does not know.
_ERRORS: Final[Errors] = (
    pa.ArrowException,
    pl.exceptions.PolarsError,
    pl.exceptions.PanicException,
    OSError,
    ValueError,
)


def read(path: Path, extract: Extract, batch_rows: int, scratch: Path) -> Reading:
    """Open a zstd-compressed Parquet file. Raises Refusal when it is damaged, locked, or has not the columns it must."""
    laid_out = streams.laid_out(path, scratch)
    with laid_out.unless_whole():
        try:
            file = _opened(laid_out.path)
            leaves = _leaves(file.schema_arrow)
        except _ERRORS as error:
            raise _refusal(error) from None
        _check(file, laid_out.path.stat().st_size)
        found = chosen({(): list(leaves)}, extract, _KIND)
        if refusal := headers.incomplete(found.matched, extract):
            is_countable = refusal.code == "file.missing_column"
            raise refusal.counting(file.metadata.num_rows) if is_countable else refusal
    reading = found.reading({"format": "parquet"})
    rows = max(1, min(batch_rows, _ROOM_CELLS // len(leaves)))
    reading.batches = _batches(file, found, leaves, rows, laid_out)
    return reading


def _opened(path: Path) -> pq.ParquetFile:
    """The file, its texts left in dictionaries: a few long ones may stand for millions."""
    texts = [
        field.name for field in pq.read_schema(path) if pa.types.is_string(field.type) or pa.types.is_binary(field.type)
    ]
    return pq.ParquetFile(path, pre_buffer=False, read_dictionary=texts, page_checksum_verification=True)


def _refusal(error: BaseException) -> Refusal:
    if "ncrypt" in str(error):
        return Refusal("file.locked", _KIND)
    return Refusal("file.unreadable", _KIND)


def _check(file: pq.ParquetFile, size_bytes: int) -> None:
    metadata = file.metadata
    check_columns(metadata.num_columns, _KIND)
    unpacked = sum(metadata.row_group(at).total_byte_size for at in range(metadata.num_row_groups))
    check_ratio(size_bytes, unpacked, _KIND)
    if metadata.num_rows > max(_FREE_ROWS, _MOST_ROWS_PER_BYTE * size_bytes):
        raise Refusal("file.unsafe", f"{_KIND}, {metadata.num_rows} ≫ {size_bytes >> 10} KB")


def _leaves(schema: pa.Schema) -> dict[str, tuple[str, ...]]:
    """Each field that holds values by its dotted path, and the names on the way to it."""
    leaves: dict[str, tuple[str, ...]] = {}

    def walk(field: pa.Field, above: tuple[str, ...]) -> None:
        place = (*above, field.name)
        if pa.types.is_struct(field.type) and len(place) < MOST_NESTING:
            for inner in field.type:
                walk(inner, place)
            return
        title = ".".join(place)
        while title in leaves:
            title += "#"
        leaves[title] = place

    for field in schema:
        walk(field, ())
    return leaves


def _batches(
    file: pq.ParquetFile, found: Found, leaves: dict[str, tuple[str, ...]], rows: int, laid_out: streams.LaidOut
) -> Iterator[pl.DataFrame]:
    """Texts of all rows; `laid_out` is held as long as the file is read."""
    first = 1
    try:
        for record_batch in file.iter_batches(rows):
            # A text that is not UTF-8 would bring Polars down much later.
            record_batch.validate(full=True)
            for part in _parts(record_batch):
                frame = _texts(part, {name: leaves[field] for field, name in found.names.items()})
                yield frame.select(
                    pl.lit(None, pl.String).alias("source_sheet"),
                    pl.int_range(first, first + frame.height, dtype=pl.Int64).alias("source_row"),
                    pl.all(),
                )
                first += frame.height
    except _ERRORS as error:
        raise _refusal(error) from None
    finally:
        file.close()
        laid_out.discard()
    if first - 1 != file.metadata.num_rows:
        raise Refusal("file.unreadable", f"{_KIND}, {first - 1} ≠ {file.metadata.num_rows}")


def _parts(batch: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
    """The batch, in pieces where rows are very wide."""
    unpacked_bytes = sum(map(_unpacked_bytes, batch.columns))
    rows = max(1, min(batch.num_rows, batch.num_rows * _ROOM_BYTES // max(1, unpacked_bytes)))
    for start in range(0, batch.num_rows, rows):
        yield batch.slice(start, rows)


def _unpacked_bytes(values: pa.Array) -> int:
    """What a column takes once each row has its own text."""
    if not pa.types.is_dictionary(values.type):
        return int(values.nbytes)
    lengths = pc.binary_length(values.dictionary).take(values.indices)
    return int(pc.sum(lengths).as_py() or 0)


def _texts(batch: pa.RecordBatch, places: dict[str, tuple[str, ...]]) -> pl.DataFrame:
    columns = []
    for name, place in places.items():
        values = batch.column(batch.schema.get_all_field_indices(place[0])[0])
        for inner in place[1:]:
            values = pc.struct_field(values, inner)
        columns.append(_text(_plain(values)).alias(name))
    return pl.DataFrame(columns)


def _plain(values: pa.Array) -> pl.Series:
    """The values in Polars; what it has no type for as text."""
    if pa.types.is_dictionary(values.type):
        values = values.dictionary_decode()
    if pa.types.is_decimal256(values.type):
        values = values.cast(pa.string())
    return cast(pl.Series, pl.from_arrow(values))


def _text(values: pl.Series) -> pl.Series:
    """The text of each value: whole numbers without a point, days in ISO, moments in the time of Việt Nam."""
    match values.dtype:
        case pl.Float32() | pl.Float64():
            is_whole = (values == values.round(0)) & (values.abs() < _LARGEST_WHOLE)
            whole = values.cast(pl.Int64, strict=False).cast(pl.String)
            return whole.zip_with(is_whole.fill_null(value=False), values.cast(pl.String))
        case pl.Datetime() as dtype:
            if dtype.time_zone:
                values = values.dt.convert_time_zone(_LOCAL_TIME).dt.replace_time_zone(None)
            return values.dt.to_string("%Y-%m-%dT%H:%M:%S%.f").str.strip_suffix("T00:00:00")
        case dtype if dtype.is_nested() or dtype in (pl.Binary, pl.Duration):
            return pl.Series(values.name, [_said(value) for value in values], dtype=pl.String)
        case _:
            return values.cast(pl.String)


def _said(value: object) -> str | None:
    """A value without a plain text: bytes as the letters they are or in hexadecimal, lists as JSON."""
    match value:
        case None | str():
            return value
        case bytes():
            return _letters(value)
        case timedelta():
            return str(value)
        case pl.Series():
            value = value.to_list()
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_inner)


def _inner(value: object) -> str:
    match value:
        case bytes():
            return _letters(value)
        case date():
            return value.isoformat()
        case _:
            return str(value)


def _letters(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return f"0x{value.hex()}"
