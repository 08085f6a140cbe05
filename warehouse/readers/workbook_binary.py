"""The records of a binary workbook (XLSB): which there are, and what those say that the library for its values leaves out.

A record is its kind and its length, each in seven bits a byte, and then its content ([MS-XLSB] 2.1.4, 2.4). What becomes of
the marks belongs to `workbook_marks`, what is refused to `workbook_container`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, TypeAlias

import xlrd

Record: TypeAlias = tuple[int, bytes]

ROW: Final = 0
FIRST_CELL: Final = 1
LAST_CELL: Final = 11
SHORTEST_CELL_BYTES: Final = 8
"""A row or a cell has at least its number and its format."""
STRINGS: Final = 159
_ERRORS: Final = frozenset({3, 11})
_COLUMNS: Final = 60
_SHEET: Final = 156
_ERROR_AT = 8
_FLAGS_OF_ROW_AT = 11
_HIDDEN_ROW = 0x10
_FLAGS_OF_COLUMNS_AT = 16
_HIDDEN_COLUMNS = 0x01


def records(part: bytes) -> Iterator[Record]:
    """The records of a part in order, as far as it goes."""
    at = 0
    while at < len(part):
        kind, at = _seven_bits(part, at, 2)
        length, at = _seven_bits(part, at, 4)
        yield kind, part[at : at + length]
        at += length


def number_at(content: bytes, at: int) -> int:
    """The whole number of four bytes there."""
    return int.from_bytes(content[at : at + 4], "little")


def error_of(record: Record) -> str | None:
    """The code that a cell of error shows ("#N/A"); None of any other record."""
    kind, content = record
    if kind not in _ERRORS:
        return None
    said: str = xlrd.error_text_from_code.get(content[_ERROR_AT] if len(content) > _ERROR_AT else 0, "#N/A")
    return said


def is_hidden_row(record: Record) -> bool:
    """Whether a record is of a row that is not shown."""
    kind, content = record
    return kind == ROW and bool(_flags(content, _FLAGS_OF_ROW_AT) & _HIDDEN_ROW)


def hidden_columns(record: Record) -> range:
    """The columns (from 0) that a record says are not shown."""
    kind, content = record
    if kind != _COLUMNS or not _flags(content, _FLAGS_OF_COLUMNS_AT) & _HIDDEN_COLUMNS:
        return range(0)
    return range(number_at(content, 0), number_at(content, 4) + 1)


def relations_of_sheets(book: bytes) -> dict[str, str]:
    """The sheets of a workbook's own part by name, each with the relation that leads to its part."""
    found = {}
    for kind, content in records(book):
        if kind == _SHEET:
            relation, at = _wide(content, 8)
            name, _ = _wide(content, at)
            found[name] = relation
    return found


def _flags(content: bytes, at: int) -> int:
    return content[at] if len(content) > at else 0


def _wide(content: bytes, at: int) -> tuple[str, int]:
    """A text with its length before it, and where it ends."""
    end = at + 4 + 2 * number_at(content, at)
    return content[at + 4 : end].decode("utf-16-le", "replace"), end


def _seven_bits(part: bytes, at: int, most_bytes: int) -> tuple[int, int]:
    """A number of at most so many bytes, and where it ends."""
    number = 0
    for place in range(most_bytes):
        byte = part[at] if at < len(part) else 0
        number |= (byte & 0x7F) << (7 * place)
        at += 1
        if byte < 0x80:
            break
    return number, at
