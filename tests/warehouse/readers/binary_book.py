"""A small binary workbook (XLSB), written record by record, as no library writes them: [MS-XLSB] names its records."""

from __future__ import annotations

import struct
from collections.abc import Collection, Sequence

from tests.warehouse.readers.sheets import zipped

_ROW, _ERROR, _REAL, _TEXT, _COLUMN = 0, 3, 5, 6, 60
_BEGIN_SHEET, _END_SHEET, _BEGIN_BOOK, _END_BOOK = 129, 130, 131, 132
_BEGIN_SHEETS, _END_SHEETS, _SHEET = 143, 144, 156
_BEGIN_ROWS, _END_ROWS, _DIMENSION = 145, 146, 148
_OFFICE = "http://schemas.openxmlformats.org"


def record(kind: int, content: bytes = b"") -> bytes:
    """A record: kind and length in seven bits a byte, then the content."""
    head = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
    return head + _length(len(content)) + content


def xlsb(
    rows: Sequence[Sequence[str | int | bytes]],
    name: str = "HaTang",
    hidden_rows: Collection[int] = (),
    hidden: int = 99,
) -> bytes:
    """A binary workbook of one sheet; bytes are the code of an error. `hidden` is a column that is not shown, from 0."""
    width = max(len(row) for row in rows)
    sheet = [
        record(_BEGIN_SHEET),
        record(_DIMENSION, struct.pack("<4I", 0, len(rows) - 1, 0, width - 1)),
        record(_COLUMN, struct.pack("<4IH", hidden, hidden, 2304, 0, 1)),
        record(_BEGIN_ROWS),
    ]
    for at, row in enumerate(rows):
        sheet.append(record(_ROW, struct.pack("<IIHBBBI", at, 0, 300, 0, 0x10 * (at in hidden_rows), 0, 0)))
        sheet += [_cell(place, value) for place, value in enumerate(row)]
    sheet += [record(_END_ROWS), record(_END_SHEET)]
    book = [
        record(_BEGIN_BOOK),
        record(_BEGIN_SHEETS),
        record(_SHEET, struct.pack("<II", 0, 1) + _wide("rId1") + _wide(name)),
        record(_END_SHEETS),
        record(_END_BOOK),
    ]
    relation = f"{_OFFICE}/officeDocument/2006/relationships/worksheet"
    return zipped(
        {
            "[Content_Types].xml": f'<Types xmlns="{_OFFICE}/package/2006/content-types"/>',
            "xl/workbook.bin": b"".join(book),
            "xl/_rels/workbook.bin.rels": f'<Relationships xmlns="{_OFFICE}/package/2006/relationships">'
            f'<Relationship Id="rId1" Type="{relation}" Target="worksheets/sheet1.bin"/></Relationships>',
            "xl/worksheets/sheet1.bin": b"".join(sheet),
        }
    )


def _cell(place: int, value: str | int | bytes) -> bytes:
    where = struct.pack("<II", place, 0)
    if isinstance(value, int):
        return record(_REAL, where + struct.pack("<d", value))
    if isinstance(value, bytes):
        return record(_ERROR, where + value)
    return record(_TEXT, where + _wide(value))


def _wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def _length(count: int) -> bytes:
    some = bytearray()
    while count >= 0x80:
        some.append(count & 0x7F | 0x80)
        count >>= 7
    return bytes([*some, count])
