"""JSON files: an array of objects, an object around one, one object per line, or objects one after another.

A position is the record's number from 1, in JSON Lines its line. DuckDB reads where it reads exactly: flat records of
texts, whole numbers and truth values. Whatever else there may be goes through `json_text`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Container, Iterator, Mapping
from pathlib import Path
from typing import Literal, TypeAlias

import duckdb
import polars as pl

from schemas.contract import Extract
from warehouse import headers
from warehouse.readers import streams
from warehouse.readers.json_text import Item, items_of_document, items_of_lines
from warehouse.readers.limits import check_columns
from warehouse.readers.reading import Broken, Reading, Refusal
from warehouse.readers.records import Found, Numbered, Place, chosen, frames

_KIND = "JSON"
# Every record's keys as they stand. Odd is a value that DuckDB would not give back as it was typed: a number with a point,
# an exponent or a lone minus, an object, an array, what is no number; a key twice over; something that is no object.
_FIELDS = r"""
    WITH outline AS MATERIALIZED (
        SELECT json_keys(json) AS keys, count(*) AS records,
            bool_or(regexp_matches(json::VARCHAR, '"\s*:\s*(?:[{\[]|-?[0-9]*[.eE]|-0|-?(?:[NI]|na|in))')) AS is_odd
        FROM read_json_objects($path, format = $format, compression = 'zstd')
        GROUP BY keys
    )
    SELECT
        (SELECT list(DISTINCT field ORDER BY field) FROM (SELECT unnest(keys) AS field FROM outline)),
        coalesce(bool_or(is_odd OR keys IS NULL OR len(keys) = 0 OR len(keys) <> len(list_distinct(keys))), false),
        coalesce(sum(records), 0)::BIGINT
    FROM outline
"""
_PEEK_BYTES = 1 << 20
_LINES_LOOKED_AT = 20
_OBJECT_BEGINS = re.compile(r'\{\s*["}]')
_ROOM_CELLS = 4_000_000
Form: TypeAlias = Literal["array", "newline_delimited", "unstructured"]
_IN = {"array": "array", "newline_delimited": "lines", "unstructured": "document"}


def read(path: Path, extract: Extract, con: duckdb.DuckDBPyConnection, batch_rows: int) -> Reading:
    """Open a zstd-compressed JSON file.

    Raises Refusal when it is no JSON, is cut, holds no list of this form or two of them, or has not the fields it must.
    """
    start = streams.start_of(path, _PEEK_BYTES)
    encoding = streams.encoding_of(start)
    form = _form(start.decode(encoding, "replace"))
    found_as = {"format": "json", "encoding": encoding.removesuffix("-sig"), "records_in": _IN[form]}
    if form != "unstructured" and encoding == "utf-8" and (fields := _plain_fields(path, form, con)):
        found = chosen({(): fields}, extract, _KIND)
        reading = found.reading(found_as)
        if refusal := headers.incomplete(found.matched, extract):
            raise _counted(refusal, _items(path, encoding, form), found.place)
        reading.batches = _fast(path, form, found, con, batch_rows)
        return reading
    found = _found(path, encoding, form, extract)
    reading = found.reading(found_as)
    if refusal := headers.incomplete(found.matched, extract):
        raise _counted(refusal, _items(path, encoding, form), found.place)
    reading.batches = frames(_records(_items(path, encoding, form), found.place, reading), found, batch_rows)
    return reading


def _form(start: str) -> Form:
    """How records stand in the text, by its first lines.

    An array may be broken into lines too: what makes JSON Lines is a line that is an object by itself.
    """
    text = start.lstrip("\ufeff \t\r\n")
    *lines, last = text.split("\n")
    if len(start) < _PEEK_BYTES // 4:
        lines.append(last)
    looked_at = [line for line in lines if line.strip()][:_LINES_LOOKED_AT]
    begun = [line for line in looked_at if _OBJECT_BEGINS.match(line.lstrip())]
    whole = sum(map(_is_whole, begun))
    if text.startswith("["):
        # Unless it is the first of many lines that happens to be broken.
        return "newline_delimited" if 2 * whole > len(looked_at) else "array"
    return "newline_delimited" if 2 * len(begun) >= len(looked_at) and whole else "unstructured"


def _is_whole(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _plain_fields(path: Path, form: Form, con: duckdb.DuckDBPyConnection) -> list[str]:
    """The fields of a file that DuckDB reads exactly, every record in it an object; none when there is any doubt of that."""
    try:
        ((fields, is_odd, records),) = con.execute(_FIELDS, {"path": str(path), "format": form}).fetchall()
    except duckdb.Error:
        return []
    fields = fields or []
    check_columns(len(fields), _KIND)
    # DuckDB does not tell names apart by case, and ends a column's name at a zero.
    if is_odd or len({field.lower() for field in fields}) < len(fields) or any("\0" in field for field in fields):
        return []
    # Were there blank lines, a record's number would not be its line's.
    if form == "newline_delimited" and records != streams.count_lines(path):
        return []
    return list(fields)


def _fast(
    path: Path, form: Form, found: Found, con: duckdb.DuckDBPyConnection, batch_rows: int
) -> Iterator[pl.DataFrame]:
    names = found.names
    columns = dict.fromkeys(found.fields, "VARCHAR")
    most_rows = max(1, min(batch_rows, _ROOM_CELLS // len(columns)))
    first = 1
    try:
        records = con.read_json(str(path), columns=columns, format=form, compression="zstd")
        for arrow in records.to_arrow_reader(most_rows):
            batch = pl.DataFrame(arrow).rename(names)
            yield batch.select(
                pl.lit(None, pl.String).alias("source_sheet"),
                pl.int_range(first, first + batch.height, dtype=pl.Int64).alias("source_row"),
                *names.values(),
            )
            first += batch.height
    except duckdb.Error:
        raise Refusal("file.unreadable", _KIND) from None


def _items(path: Path, encoding: str, form: Form) -> Iterator[Item | None]:
    if form == "newline_delimited":
        return items_of_lines(path, encoding)
    return items_of_document(path, encoding)


def _found(path: Path, encoding: str, form: Form, extract: Extract) -> Found:
    """The list that holds the records, after a look at all of them."""
    seen: dict[Place, dict[str, None]] = {}
    filled: dict[Place, set[str]] = {}
    reason = None
    for item in _items(path, encoding, form):
        if item is None:
            continue
        if item.reason or item.place is None:
            reason = reason or item.reason
            continue
        fields = seen.setdefault(item.place, {})
        if not fields.keys() >= item.fields.keys():
            fields.update(dict.fromkeys(item.fields))
            check_columns(len(fields) + len(seen), _KIND)
        has_text = filled.setdefault(item.place, set())
        if len(has_text) < len(fields):
            has_text.update(field for field, text in item.fields.items() if text is not None)
    # Where an object is missing its field is empty; that makes no column beside those of its inner fields.
    candidates = {place: _without_holders(fields, filled[place]) for place, fields in seen.items() if fields}
    if reason and not candidates:
        raise Refusal("file.unreadable", reason if reason.startswith(_KIND) else f"{_KIND}, {reason}")
    return chosen(candidates, extract, _KIND)


def _without_holders(fields: Mapping[str, None], filled: Container[str]) -> list[str]:
    holders = {field[: dot.start()] for field in fields for dot in re.finditer(r"\.", field)}
    return [field for field in fields if field in filled or field not in holders]


def _records(items: Iterator[Item | None], place: Place, reading: Reading) -> Iterator[Numbered]:
    """The whole records of one list; what is broken or blank goes into the account of the reading."""
    in_list = 0
    for item in items:
        if item is None:
            reading.set_aside["blank"] += 1
        elif item.place == place or item.place is None:
            in_list += 1
            number = item.number if not place or item.place is None else in_list
            if item.reason:
                reading.broken.append(Broken(number, item.reason))
            else:
                yield number, item.fields, item.size


def _counted(refusal: Refusal, items: Iterator[Item | None], place: Place) -> Refusal:
    """The refusal with the number of records, where it can be said what a record is."""
    if refusal.code != "file.missing_column":
        return refusal
    blank = rows = 0
    for item in items:
        blank += item is None
        rows += item is not None and item.place in (place, None)
    return refusal.counting(rows, blank)
