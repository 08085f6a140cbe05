"""Workbooks for the tests of the readers: rows of a form written by a library, or by hand where no library would."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter
import zstandard

from schemas.extracts import all_extracts
from warehouse.readers import workbook
from warehouse.readers.reading import Reading

Rows = Sequence[Sequence[str | int | float | bool | None]]

TITLES = ["STT", "Huyện/Thành phố", "Xã/Phường/Thị trấn", "Mã chỉ tiêu", "Tử số", "Mẫu số"]


def line(number: int, unit: str, numerator: str | int = 900, district: str = "Huyện Vũ Thư") -> list[str | int]:
    """A row of digital_infrastructure."""
    return [number, district, unit, "fibre_households", numerator, 1000]


def book(sheets: Mapping[str, Rows], finish: Callable[[Any, Mapping[str, Any]], None] | None = None) -> bytes:
    """An XLSX of these sheets; `finish` gets the workbook and its sheets by name before it is closed."""
    content = io.BytesIO()
    written = xlsxwriter.Workbook(content)
    by_name = {}
    for name, rows in sheets.items():
        by_name[name] = sheet = written.add_worksheet(name)
        for at, row in enumerate(rows):
            for place, cell in enumerate(row):
                if cell is not None:
                    sheet.write(at, place, cell)
    if finish:
        finish(written, by_name)
    written.close()
    return content.getvalue()


def zipped(members: Mapping[str, str | bytes]) -> bytes:
    """A ZIP of these members."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return content.getvalue()


def with_member(content: bytes, name: str, member: bytes) -> bytes:
    """A workbook with one member more, or another in its place."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members: dict[str, str | bytes] = {one: archive.read(one) for one in archive.namelist()}
    return zipped(members | {name: member})


def opened(folder: Path, content: bytes, extract: str = "digital_infrastructure") -> Reading:
    """A workbook opened under a contract."""
    path = folder / "b.zst"
    path.write_bytes(zstandard.compress(content))
    return workbook.read(path, all_extracts()[extract])
