"""A template asks for what the gate accepts: filled with right rows it comes back without a word, for every extract."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from reports.template import GUIDE, LISTS, first_row, workbook_of
from reports.template_cells import check_of, choices_of, spelled_out
from schemas.column_types import Text, WholeNumber
from schemas.contract import Column, Extract, Records
from schemas.extracts import all_extracts
from schemas.periods import span
from tests.reports.right_rows import folder_of, judged, right_rows, written
from warehouse.storage import Home

EXTRACTS = sorted(all_extracts())
DECLARED = [
    pytest.param(column, id=f"{extract.name}.{column.name}")
    for extract in all_extracts().values()
    for column in extract.columns
]
NOT_COMPARED = ("delivery_id", "source_sheet", "source_row")


def filled(extract: Extract, template: bytes, rows: list[dict[str, Any]], folder: Path) -> Path:
    """The template with rows typed in: saved as it is, or as CSV where no workbook is taken."""
    book = openpyxl.load_workbook(io.BytesIO(template))
    sheet = book.worksheets[0]
    for down, row in enumerate(rows, first_row(extract)):
        for across, column in enumerate(extract.columns, 1):
            sheet.cell(down, across, row[column.name])
    if not isinstance(extract.layout, Records):
        book.save(folder / "filled.xlsx")
        return folder / "filled.xlsx"
    with (folder / "filled.csv").open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream).writerows(sheet.iter_rows(values_only=True))
    return folder / "filled.csv"


@pytest.mark.parametrize("name", EXTRACTS)
def test_a_template_filled_with_right_rows_is_accepted_without_a_finding(
    name: str, empty_home: Home, tmp_path: Path
) -> None:
    extract = all_extracts()[name]
    accepted, rows = right_rows(empty_home, extract)
    assert rows, "the golden delivery has no row without a finding"
    file = filled(extract, workbook_of(extract, span(folder_of(extract).name).last_on), rows, tmp_path)
    receipt = judged(empty_home, file, extract, f"filled-{name}")
    assert receipt.refusal_en is None
    assert receipt.rule_rows == {}
    assert receipt.rows_accepted == len(rows)
    again = written(empty_home, receipt, "accepted")
    assert again.drop(NOT_COMPARED).equals(accepted.drop(NOT_COMPARED))


@pytest.mark.parametrize("name", EXTRACTS)
def test_every_title_has_a_note_and_every_cell_its_format(name: str) -> None:
    extract = all_extracts()[name]
    book = openpyxl.load_workbook(io.BytesIO(workbook_of(extract, date(2023, 5, 1))))
    assert book.sheetnames[1:] == [GUIDE, LISTS]
    sheet = book.worksheets[0]
    notes = [cell.comment.text for row in sheet.iter_rows(max_row=first_row(extract)) for cell in row if cell.comment]
    assert len(notes) == len(extract.columns)
    assert all(column.en in "\n".join(notes) for column in extract.columns)
    assert sheet.freeze_panes == f"A{first_row(extract)}"
    assert str(sheet.page_setup.paperSize) == "9"
    said = {cell.value for row in book[GUIDE].iter_rows() for cell in row}
    assert {rule.code for rule in extract.rules} <= said


def offered(sheet: Worksheet, book: openpyxl.Workbook) -> Iterator[tuple[int, list[str]]]:
    """The place of each column with a plain drop-down, and what it offers."""
    for check in sheet.data_validations.dataValidation:
        if check.type == "list" and check.formula1 in book.defined_names:
            (_, reference), *_ = book.defined_names[check.formula1].destinations
            cells = book[LISTS][reference.replace("$", "")]
            yield min(area.min_col for area in check.sqref.ranges), [str(cell.value) for (cell,) in cells]


def test_drop_downs_offer_what_the_contract_knows() -> None:
    extract = all_extracts()["work_file_processing"]
    book = openpyxl.load_workbook(io.BytesIO(workbook_of(extract, date(2023, 5, 1))))
    by_column = {extract.columns[place - 1].name: texts for place, texts in offered(book.worksheets[0], book)}
    assert by_column["level_code"] == ["Tỉnh", "Huyện", "Xã"]
    assert {"H54.01", "H54.05"} <= set(by_column["agency_code"])
    assert "H31" not in by_column["agency_code"]


def test_communes_are_offered_by_their_district() -> None:
    extract = all_extracts()["civil_status"]
    offer = choices_of(extract.column("unit_name"), extract, date(2023, 5, 1))
    assert offer is not None
    districts = choices_of(extract.column("district_name"), extract, date(2023, 5, 1))
    assert districts is not None
    assert set(offer.groups) == set(districts.texts)
    # A drop-down by district takes a stretch of the list: the communes of one must stand together.
    assert [group for at, group in enumerate(offer.groups) if at == 0 or offer.groups[at - 1] != group] == list(
        dict.fromkeys(offer.groups)
    )
    after_the_merger = choices_of(extract.column("unit_name"), extract, date(2025, 8, 1))
    assert after_the_merger is not None
    assert set(after_the_merger.texts) != set(offer.texts)


@pytest.mark.parametrize("column", DECLARED)
def test_an_example_is_read_without_remark(column: Column) -> None:
    example = column.type.example
    if example is None:
        assert isinstance(column.type, Text) or column.name in {"list_sha256", "withdrawn_delivery_id"}
        return
    frame = pl.DataFrame({"text": [example]}).with_columns(column.type.read(pl.col("text")).alias("value"))
    assert frame["value"][0] is not None
    flags = column.type.flags(pl.col("text"), pl.col("value"))
    assert [flag.kind for flag in flags if frame.select(flag.hit.fill_null(value=False)).item()] == []


@pytest.mark.parametrize(
    ("pattern", "formula"),
    [
        (r"^\d{5}$", "=AND(LEN({cell})=5,ISNUMBER(VALUE(MID({cell},1,5))))"),
        (
            r"^B\d{4}$",
            '=AND(LEN({cell})=5,EXACT(MID({cell},1,1),"B"),ISNUMBER(VALUE(MID({cell},2,4))))',
        ),
        (r"^(\d{2}|\d{5})$", None),
        (r"^[0-9a-f]{64}$", None),
    ],
)
def test_a_pattern_becomes_a_formula_only_where_it_says_the_same(pattern: str, formula: str | None) -> None:
    check = spelled_out(pattern)
    assert (check and check["value"]) == formula


def test_a_number_is_checked_within_its_range() -> None:
    check: Mapping[str, Any] | None = check_of(WholeNumber(minimum=0, maximum=5))
    assert check == {"validate": "integer", "criteria": "between", "minimum": 0, "maximum": 5}


def test_the_same_contract_makes_the_same_bytes() -> None:
    extract = all_extracts()["civil_status"]
    assert workbook_of(extract, date(2023, 5, 1)) == workbook_of(extract, date(2023, 5, 1))
