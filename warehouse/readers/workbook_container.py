"""What a workbook's bytes are before anything is built from them: which format, whether locked, whether safe to open.

Only the container is looked at, every member of it once, and nothing is kept. What the sheets say belongs to
`workbook_cells` and beyond.
"""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

from warehouse.readers import workbook_binary
from warehouse.readers.reading import Refusal
from warehouse.readers.zipped import DAMAGED

MOST_UNPACKED_BYTES: Final = 2 << 30
MOST_CELLS: Final = 30_000_000
"""Cells of one sheet's rectangle, from A1 to its last row and column: the reader holds all of it.

Of XLSX and XLSB it is known before anything is built; a sound XLS cannot exceed it (65,536 × 256).
"""
MOST_COLUMNS: Final = 16_384
_MOST_MEMBERS = 10_000
_CHUNK_BYTES = 1 << 20
# Longer than the longest formula with its cell; what is cut between two chunks is found in the next.
_OVERLAP_BYTES = 12 << 10
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK"
# Every pattern begins with plain letters, which are found many times faster than anything else.
_ROW_NUMBER = re.compile(rb"""row\s(?:[^>]{0,300}?\s)?r=["'](\d{1,9})""")
# Columns from AA on with their rows; a sheet without any is at most 26 columns wide.
_FAR_ADDRESS = re.compile(rb'r="([A-Za-z]{2,9})(\d{1,9})"')
_ALPHABET = 26
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)
_XML = re.compile(r".*\.(xml|rels|vml)", re.IGNORECASE)
_HIDDEN = re.compile(rb"""hidden=["'](?:1|true)["']""")
_FORMULA_WITHOUT_VALUE = re.compile(
    rb"f(?:\s[^>]{0,300})?(?:/>|>[^<]{0,8200}</(?:\w{1,9}:)?f>)\s{0,9}(?:<(?:\w{1,9}:)?v\s?/>|<v></v>|</(?:\w{1,9}:)?c>)"
)
_ODS_CONTENT, _ODS_MANIFEST = "content.xml", "META-INF/manifest.xml"
_SIGNS_OF_ODS = (b"table:formula=", b"table:visibility=", b"-spanned=", b'value-type="error"')
_OLD_FONT = re.compile(rb"""val=["']\s?(?:\.vn|vni|vps|viscii)""", re.IGNORECASE)
_BINARY = re.compile(r"xl/(?:worksheets/[^/]+|sharedstrings)\.bin", re.IGNORECASE)
_STYLES = re.compile(r"xl/(styles|sharedstrings)\.xml", re.IGNORECASE)
_NO_WORKBOOK: Final = "không phải bảng tính (not a workbook)"
_A_DOCUMENT: Final = "văn bản Word, không phải bảng tính (a Word document, not a workbook)"


@dataclass
class Container:
    """What was seen in passing: `is_marked` where cells of error, formulas without a value or hidden rows are somewhere in
    its sheets, `has_old_fonts` where fonts of old Vietnamese encodings are."""

    format: str
    is_marked: bool = False
    has_old_fonts: bool = False
    _last_row: int = field(default=0, repr=False)
    _last_column: int = field(default=0, repr=False)


def opened(content: bytes) -> Container:
    """Which format (`xls`, `xlsx`, `xlsb` or `ods`), and what there is to look for.

    Raises Refusal `file.locked` when a password protects it, `file.unsafe` when opening it could exhaust the machine or
    reach outside, `file.unreadable` when it is no workbook or damaged.
    """
    if content.startswith(_OLE):
        # Office keeps an encrypted XLSX or XLSB in an OLE container, under a stream of this name.
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise Refusal("file.locked", "OLE EncryptedPackage")
        return Container("xls", is_marked=True, has_old_fonts=True)
    if not content.startswith(_ZIP):
        raise Refusal("file.unreadable", _NO_WORKBOOK)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _of_zip(archive)
    except DAMAGED:
        raise Refusal("file.unreadable", "XLSX, XLSB, ODS: ZIP hỏng (damaged)") from None


def _of_zip(archive: zipfile.ZipFile) -> Container:
    members = archive.infolist()
    _refuse_unsafe(members)
    container = Container(_format({member.filename for member in members}))
    if container.format == "ods" and b"encryption-data" in archive.read(_ODS_MANIFEST):
        raise Refusal("file.locked", "ODS encryption-data")
    for member in members:
        _look_through(archive, member, container)
    if container.format == "ods":
        _refuse_unclosed(archive)
    return container


def _refuse_unclosed(archive: zipfile.ZipFile) -> None:
    """Refuse an ODS that breaks off: calamine would look for the end of its table for ever."""
    try:
        with archive.open(_ODS_CONTENT) as content:
            expat.ParserCreate().ParseFile(content)
    except expat.ExpatError as error:
        where = f"dòng / line {error.lineno}, cột / column {error.offset + 1}"
        raise Refusal("file.unreadable", f"ODS, sai cú pháp ({expat.ErrorString(error.code)}) ({where})") from None
    # The encoding that it says it is in is none that Python knows, or has more than one byte a letter.
    except (LookupError, ValueError):
        raise Refusal("file.unreadable", "ODS, bảng mã lạ (unknown encoding)") from None


def _refuse_unsafe(members: list[zipfile.ZipInfo]) -> None:
    if len(members) > _MOST_MEMBERS:
        raise Refusal("file.unsafe", f"ZIP, {len(members)} > {_MOST_MEMBERS}")
    # A Windows path climbs with the other stroke.
    paths = [member.filename.replace("\\", "/") for member in members]
    if any(".." in path.split("/") or path.startswith("/") for path in paths):
        raise Refusal("file.unsafe", "ZIP, ../")
    unpacked = sum(member.file_size for member in members)
    if unpacked > MOST_UNPACKED_BYTES:
        raise Refusal("file.unsafe", f"ZIP, {unpacked >> 20} MB > {MOST_UNPACKED_BYTES >> 20} MB")


def _format(names: set[str]) -> str:
    if names >= {_ODS_CONTENT, _ODS_MANIFEST}:
        return "ods"
    names = {name.lower() for name in names}
    if "xl/workbook.bin" in names:
        return "xlsb"
    if "xl/workbook.xml" in names:
        return "xlsx"
    is_document = any(name.startswith("word/") for name in names)
    raise Refusal("file.unreadable", _A_DOCUMENT if is_document else _NO_WORKBOOK)


def _look_through(archive: zipfile.ZipFile, member: zipfile.ZipInfo, container: Container) -> None:
    """Unpack a member once and keep nothing: a size that lies fails its checksum, a far-off cell shows its address."""
    is_sheet = _SHEET.fullmatch(member.filename) is not None
    is_xml = is_sheet or _XML.fullmatch(member.filename) is not None
    has_fonts = _STYLES.fullmatch(member.filename) is not None
    if _BINARY.fullmatch(member.filename):
        _look_through_records(archive.read(member), container)
        return
    container._last_row = container._last_column = rows = 0
    tail = b""
    with archive.open(member) as unpacked:
        while chunk := unpacked.read(_CHUNK_BYTES):
            window = tail + chunk
            if is_xml:
                _refuse_declarations(window)
            if has_fonts and not container.has_old_fonts:
                container.has_old_fonts = _OLD_FONT.search(_of_single_bytes(window)) is not None
            if container.format == "ods" and member.filename == _ODS_CONTENT:
                container.is_marked = container.is_marked or any(sign in window for sign in _SIGNS_OF_ODS)
            if is_sheet:
                rows += chunk.count(b"<row") + chunk.count(b":row")
                _measure(window, rows, container)
                container.is_marked = container.is_marked or _is_marked(window)
            tail = window[-_OVERLAP_BYTES:]


def _look_through_records(part: bytes, container: Container) -> None:
    """Refuse a part of an XLSB whose cells span too much, or that announces more texts than it can hold."""
    last_row = last_column = 0
    for record in workbook_binary.records(part):
        kind, content = record
        if kind <= workbook_binary.LAST_CELL and len(content) < workbook_binary.SHORTEST_CELL_BYTES:
            # calamine would take what it lacks from the record before.
            raise Refusal("file.unreadable", "XLSB")
        if kind == workbook_binary.ROW:
            last_row = max(last_row, workbook_binary.number_at(content, 0) + 1)
            container.is_marked = container.is_marked or workbook_binary.is_hidden_row(record)
        elif workbook_binary.FIRST_CELL <= kind <= workbook_binary.LAST_CELL:
            last_column = max(last_column, workbook_binary.number_at(content, 0) + 1)
            container.is_marked = container.is_marked or workbook_binary.error_of(record) is not None
        elif kind == workbook_binary.STRINGS and workbook_binary.number_at(content, 4) > len(part):
            raise Refusal("file.unsafe", f"XLSB, > {len(part)}")
        elif workbook_binary.hidden_columns(record):
            container.is_marked = True
    if last_column > MOST_COLUMNS or last_row * last_column > MOST_CELLS:
        raise Refusal("file.unsafe", f"{last_row} × {last_column} > {MOST_CELLS}")


def _refuse_declarations(window: bytes) -> None:
    """Declarations are where entities and external references hide; no program writes them into a workbook."""
    plain = _of_single_bytes(window)
    if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
        raise Refusal("file.unsafe", "XML <!DOCTYPE>")


def _of_single_bytes(window: bytes) -> bytes:
    """The signs of XML as they are in ASCII, if they are in UTF-16: of two-byte letters every second byte is zero."""
    return window.replace(b"\0", b"") if b"\0" in window[:100] else window


def _is_marked(window: bytes) -> bool:
    if b't="e"' in window or b"t='e'" in window:
        return True
    # Some programs say of every row that it is not hidden.
    if b"hidden=" in window and _HIDDEN.search(window):
        return True
    return (b"<f" in window or b":f" in window) and _FORMULA_WITHOUT_VALUE.search(window) is not None


def _measure(window: bytes, rows: int, container: Container) -> None:
    """Refuse a sheet whose rectangle is too large or too wide."""
    window = window.replace(b"'", b'"') if b"='" in window else window
    far = set(_FAR_ADDRESS.findall(window))
    last_row = max([container._last_row, rows, *map(int, _ROW_NUMBER.findall(window)), *(int(row) for _, row in far)])
    widest = max([container._last_column, _ALPHABET, *(_column_number(letters) for letters in {c for c, _ in far})])
    container._last_row, container._last_column = last_row, widest
    if widest > MOST_COLUMNS or last_row * widest > MOST_CELLS:
        raise Refusal("file.unsafe", f"{last_row} × {widest} > {MOST_CELLS}")


def _column_number(letters: bytes) -> int:
    """1 for A, 16,384 for XFD."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - ord("A") + 1
    return number
