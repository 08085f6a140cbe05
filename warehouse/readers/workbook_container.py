"""What a workbook's bytes are before anything is built from them: which format, whether locked, whether safe to open.

Only the container is looked at. What the sheets say belongs to `workbook`.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from typing import Final

from warehouse.readers.reading import Refusal

MOST_UNPACKED_BYTES: Final = 1 << 30
MOST_CELLS: Final = 20_000_000
"""Cells of one XLSX sheet's rectangle, from A1 to its last row and column: the reader holds all of it.

XLS cannot exceed it (65,536 × 256); the outlines of XLSB and ODS are not looked at.
"""
_MOST_MEMBERS = 10_000
_CHUNK_BYTES = 1 << 20
# Longer than any cell's address with its quotes; an address cut between two chunks is found in the next.
_OVERLAP_BYTES = 32
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK"
_ADDRESS = re.compile(rb"""\sr=["']([A-Za-z]*)(\d+)["']""")
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)


def format_of(content: bytes) -> str:
    """`xls`, `xlsx`, `xlsb` or `ods`.

    Raises Refusal `file.locked` when a password protects it, `file.unsafe` when opening it could exhaust the machine,
    `file.unreadable` when it is no workbook or damaged.
    """
    if content.startswith(_OLE):
        # Office keeps an encrypted XLSX or XLSB in an OLE container, under a stream of this name.
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise Refusal("file.locked", "OLE EncryptedPackage")
        return "xls"
    if not content.startswith(_ZIP):
        raise Refusal("file.unreadable", "XLS, XLSX, XLSB, ODS: 0")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _of_zip(archive)
    # An encrypted member is a RuntimeError to zipfile, an unknown compression a NotImplementedError.
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError):
        raise Refusal("file.unreadable", "XLSX, XLSB, ODS: ZIP") from None


def _of_zip(archive: zipfile.ZipFile) -> str:
    members = archive.infolist()
    if len(members) > _MOST_MEMBERS:
        raise Refusal("file.unsafe", f"ZIP, {len(members)} > {_MOST_MEMBERS}")
    if any(".." in member.filename.split("/") or member.filename.startswith("/") for member in members):
        raise Refusal("file.unsafe", "ZIP, ../")
    unpacked = sum(member.file_size for member in members)
    if unpacked > MOST_UNPACKED_BYTES:
        raise Refusal("file.unsafe", f"ZIP, {unpacked >> 20} MB > {MOST_UNPACKED_BYTES >> 20} MB")
    for member in members:
        _look_through(archive, member)
    names = {member.filename for member in members}
    if "xl/workbook.bin" in names:
        return "xlsb"
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "content.xml" in names and "META-INF/manifest.xml" in names:
        if b"encryption-data" in archive.read("META-INF/manifest.xml"):
            raise Refusal("file.locked", "ODS encryption-data")
        return "ods"
    raise Refusal("file.unreadable", "XLSX, XLSB, ODS: 0")


def _look_through(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    """Unpack a member once and keep nothing: a size that lies fails its checksum, a far-off cell shows its address."""
    is_sheet = _SHEET.fullmatch(member.filename)
    last_row = last_column = 0
    tail = b""
    with archive.open(member) as unpacked:
        while chunk := unpacked.read(_CHUNK_BYTES):
            if not is_sheet:
                continue
            window = tail + chunk
            addresses = set(_ADDRESS.findall(window))
            last_row = max([last_row, *(int(row[:9]) for _, row in addresses)])
            last_column = max(
                [last_column, *(_column_number(column) for column in {column for column, _ in addresses})]
            )
            if last_row * last_column > MOST_CELLS:
                raise Refusal("file.unsafe", f"{last_row} × {last_column} > {MOST_CELLS}")
            tail = window[-_OVERLAP_BYTES:]


def _column_number(letters: bytes) -> int:
    """1 for A, 16,384 for XFD; a row's own number has no letters and counts as 0."""
    number = 0
    for letter in letters.upper()[:4]:
        number = number * 26 + letter - ord("A") + 1
    return number
