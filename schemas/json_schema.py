"""Contracts as JSON Schema (draft 2020-12): what a record should look like when it is sent, and a row once accepted.

What belongs here: columns in JSON Schema's words. A schema says what is best sent; the gate reads more spellings, and rules
across rows and columns no schema can say. The wider contract is exported by `schemas.open_data_contract`.
"""

from __future__ import annotations

from typing import Any, Final

import polars as pl

from schemas.column_types import CodeList, ColumnType, Pattern, PersonalNumber, ProcedureCode, WholeNumber
from schemas.contract import Column, Derived, Extract, Personal
from schemas.rules import Severity

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
DIGEST_PATTERN: Final = r"^[0-9a-f]{32}$"
_MOMENT_PATTERN: Final = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?$"
_NULL: Final = "null"

JsonSchema = dict[str, Any]


def record_schema(extract: Extract) -> JsonSchema:
    """A record as it should be sent: texts (or JSON's own numbers and Booleans) by the titles of the contract."""
    must_exist = [column.headers[0] for column in extract.columns if column.must_exist]
    return {
        "$schema": DIALECT,
        "$id": f"urn:thaibinh-warehouse:{extract.name}:record",
        "title": f"{extract.vi} — {extract.en}",
        "description": "Một bản ghi khi gửi — one record as it is sent",
        "type": "object",
        "properties": {column.headers[0]: _sent(column) for column in extract.columns},
        "required": must_exist,
        "additionalProperties": False,
    }


def row_schema(extract: Extract) -> JsonSchema:
    """A row as it is kept once accepted, every column present: identifiers as tokens, derived columns at the end."""
    columns = {column.name: column for column in extract.columns}
    of_token = {column.token: column for column in extract.identifiers if column.token}
    derived = {column.name: column for column in extract.derived}
    properties: dict[str, JsonSchema] = {}
    for name, dtype in extract.kept.items():
        if name in of_token:
            properties[name] = _token(of_token[name])
        elif name in derived:
            properties[name] = _derived(derived[name], dtype, extract)
        else:
            properties[name] = _accepted(columns[name], dtype)
    return {
        "$schema": DIALECT,
        "$id": f"urn:thaibinh-warehouse:{extract.name}:row",
        "title": f"{extract.vi} — {extract.en}",
        "description": "Một dòng đã được nhận — one accepted row",
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def is_always_filled(column: Column) -> bool:
    """Whether every accepted row has a value: it is required, and nothing that breaks its rules is emptied and kept."""
    kind = column.type
    is_emptied = kind.can_be_unreadable and kind.on_unreadable in (Severity.BLANK, Severity.WARN)
    is_out = isinstance(kind, WholeNumber) and kind.on_out_of_range is Severity.BLANK
    return column.required and not is_emptied and not is_out


def _described(column: Column | Derived) -> JsonSchema:
    return {"title": column.vi, "description": f"{column.vi} — {column.en}"}


def _sent(column: Column) -> JsonSchema:
    expected = column.type.expected
    said = _described(column) | {
        "description": f"{column.vi}: {expected.vi} — {column.en}: {expected.en}",
        "x-column": column.name,
        "x-personal-data": column.personal.value,
        "x-also-titled": list(column.headers[1:]),
    }
    if column.type.example:
        said["examples"] = [column.type.example]
    return said | _written(column.type, is_required=column.required)


def _written(kind: ColumnType, *, is_required: bool) -> JsonSchema:
    """What stands in the file; an empty text is no value."""
    if isinstance(kind, CodeList):
        # Numbers are written with and without quotes.
        numbers = [int(text) for text in kind.codes if text.isdigit()]
        return {"enum": [*kind.codes, *numbers, *([] if is_required else ["", None])]}
    types = ["string", "number", "boolean"]
    if is_required:
        written: JsonSchema = {"type": types, "minLength": 1}
        empty = ""
    else:
        written, empty = {"type": [*types, _NULL]}, "^$|"
    if pattern := _pattern(kind):
        written |= {"type": ["string"] if is_required else ["string", _NULL], "pattern": empty + pattern}
    return written


def _pattern(kind: ColumnType) -> str | None:
    """What a text of a code looks like as the contract prefers it."""
    if isinstance(kind, Pattern):
        return kind.pattern
    if isinstance(kind, PersonalNumber):
        return r"^0\d{11}$"
    return r"^\d\.\d{6}" if isinstance(kind, ProcedureCode) else None


def _accepted(column: Column, dtype: pl.DataType) -> JsonSchema:
    is_filled = is_always_filled(column)
    kept: JsonSchema = _typed(dtype, is_filled=is_filled)
    kind = column.type
    if isinstance(kind, WholeNumber) and kind.on_out_of_range is not Severity.WARN:
        limits = {"minimum": kind.minimum, "maximum": kind.maximum}
        kept |= {name: limit for name, limit in limits.items() if limit is not None}
    if isinstance(kind, CodeList):
        kept = {"enum": [*kind.spellings, *([] if is_filled else [None])]}
    elif isinstance(kind, Pattern):
        kept["pattern"] = kind.pattern
    return _described(column) | kept


def _derived(column: Derived, dtype: pl.DataType, extract: Extract) -> JsonSchema:
    by_name = extract.unit_by_name
    is_filled = by_name is not None and column.name == by_name.code and extract.column(by_name.name).required
    return _described(column) | _typed(dtype, is_filled=is_filled)


def _token(column: Column) -> JsonSchema:
    filled = _typed(pl.String(), is_filled=is_always_filled(column))
    said = _described(column) | {"x-personal-data": Personal.NONE.value, "x-token-of": column.name}
    return said | filled | {"pattern": DIGEST_PATTERN}


def _typed(dtype: pl.DataType, *, is_filled: bool) -> JsonSchema:
    typed = _of_dtype(dtype)
    return typed if is_filled else typed | {"type": [typed["type"], _NULL]}


def _of_dtype(dtype: pl.DataType) -> JsonSchema:
    if dtype.is_integer():
        return {"type": "integer"}
    if dtype == pl.Boolean:
        return {"type": "boolean"}
    if dtype.is_numeric():
        return {"type": "number"}
    if dtype == pl.Date:
        return {"type": "string", "format": "date"}
    # Moments have no zone, so "date-time" is not what they are.
    return {"type": "string", "pattern": _MOMENT_PATTERN} if dtype == pl.Datetime else {"type": "string"}
