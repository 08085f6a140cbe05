"""Workbooks of old fonts through the gate: titles recognised, cells in Unicode, every change counted."""

from __future__ import annotations

import io
from pathlib import Path

import polars as pl
import xlsxwriter
import zstandard

from schemas.extracts import all_extracts
from schemas.parsing import parse
from warehouse.readers import workbook

ROWS: list[list[str | int]] = [
    ["Së Th«ng tin vµ TruyÒn th«ng"],
    ["STT", "HuyÖn/Thµnh phè", "X·/Ph\u00adêng/ThÞ trÊn", "M· chØ tiªu", "Tö sè", "MÉu sè"],
    ["1", "HuyÖn Quúnh Phô", "X· Quúnh Thä", "fibre_households", 900, 1000],
    ["2", "Huyện Vũ Thư", "Xã Vũ Hội", "fibre_households", 800, 1000],
]


def packed(path: Path, rows: list[list[str | int]]) -> Path:
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content)
    sheet = book.add_worksheet("HaTang")
    for at, row in enumerate(rows):
        sheet.write_row(at, 0, row)
    book.close()
    path.write_bytes(zstandard.compress(content.getvalue()))
    return path


def test_a_workbook_in_an_old_font_is_read_and_its_changes_are_told(tmp_path: Path) -> None:
    extract = all_extracts()["digital_infrastructure"]
    (texts,) = workbook.read(packed(tmp_path / "b.zst", ROWS), extract).batches
    assert texts["unit_name"].to_list() == ["Xã Quỳnh Thọ", "Xã Vũ Hội"]
    assert texts["change:unit_name:tcvn3"].to_list() == [True, False]
    batch = texts.with_columns(delivery=pl.lit(0), period_last_on=pl.date(2023, 12, 31))
    parsed = parse(batch, extract)
    assert parsed["unit_code"].to_list() == ["12487", "13255"]
    assert parsed["change:district_name:tcvn3"].to_list() == [True, False]


def test_records_in_an_old_encoding_are_decoded_cell_by_cell() -> None:
    extract = all_extracts()["digital_infrastructure"]
    batch = pl.DataFrame(
        {
            "unit_name": ["Xaõ Quyønh Thoï", "Xã Vũ Hội", None],
            "source_sheet": [None] * 3,
            "source_row": [1, 2, 3],
            "delivery": [0] * 3,
        }
    ).with_columns(period_last_on=pl.date(2023, 12, 31))
    parsed = parse(batch, extract)
    assert parsed["text:unit_name"].to_list() == ["Xã Quỳnh Thọ", "Xã Vũ Hội", None]
    assert parsed["change:unit_name:vni"].to_list() == [True, False, False]
