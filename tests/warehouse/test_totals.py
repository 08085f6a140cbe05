"""Total lines of delimited files: held against the lines above them where that says anything, like totals of sheets."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from schemas.column_types import Amount
from tests.warehouse.readers.one_table import zip_of
from warehouse.judging import CheckResult, check_file
from warehouse.readers.reading import Total
from warehouse.totals import SummedRows

TITLES = "Mã định danh;Tên đơn vị;Cấp;Tổng số hồ sơ công việc;Số xử lý trên môi trường mạng"
ROWS = ("H54.05;A;Tỉnh;100;80", "H54.06;B;Tỉnh;1.100;70")


def checked(file: Path, *lines: str) -> CheckResult:
    file.write_text("\n".join((TITLES, *lines, "")), encoding="utf-8")
    return check_file(file, "work_file_processing", "2023-05")


def mismatches(result: CheckResult) -> list[tuple[object, ...]]:
    said = result.findings.filter(pl.col("rule_code") == "total.mismatch")
    return said.select("source_sheet", "source_row", "found").rows()


def test_a_total_line_that_is_not_the_sum_of_the_lines_above_is_told(tmp_path: Path) -> None:
    wrong = checked(tmp_path / "a.csv", *ROWS, ";Tổng cộng;;1.200;151", "", "Người lập biểu")
    assert mismatches(wrong) == [(None, 4, "files_online: 151 ≠ 150")]
    assert (wrong.receipt.rows_accepted, wrong.receipt.set_aside_kinds["total"]) == (2, 1)
    assert mismatches(checked(tmp_path / "b.csv", *ROWS, ";Tổng cộng;;1.200;150")) == []


@pytest.mark.parametrize(
    "lines",
    [
        (*ROWS, ";Cộng;;1.200;150", "H54.31;C;Huyện;300;30", ";Cộng;;300;30"),
        (*ROWS, "H54.31;C;Huyện;300;ba mươi", ";Tổng cộng;;1.500;151"),
        (*ROWS, 'H54.31;"C;Huyện;300;30', ";Tổng cộng;;1.200;150"),
        (*ROWS, "Tổng cộng;;;1.201"),
        (";Tổng cộng;;1.200;150",),
    ],
    ids=["totals among the rows", "a value in doubt", "a broken line", "a total cut short", "no rows"],
)
def test_in_doubt_a_total_line_is_not_held_against_its_lines(tmp_path: Path, lines: tuple[str, ...]) -> None:
    assert mismatches(checked(tmp_path / "a.csv", *lines)) == []


def test_a_total_line_in_an_archive_is_told_under_its_member(tmp_path: Path) -> None:
    text = "\n".join((TITLES, *ROWS, ";Tổng cộng;;1.201;150"))
    (tmp_path / "a.zip").write_bytes(zip_of({"hs.csv": text.encode()}))
    result = check_file(tmp_path / "a.zip", "work_file_processing", "2023-05")
    assert mismatches(result) == [("hs.csv", 4, "files_total: 1201 ≠ 1200")]


def test_amounts_are_added_up_to_the_last_decimal() -> None:
    summed = SummedRows({"fee": Amount()})
    fees = pl.Series("fee", [Decimal("0.10"), Decimal("0.20")], dtype=pl.Decimal(18, 2))
    places = pl.DataFrame(
        {"source_sheet": [None] * 2, "source_row": [2, 3]}, {"source_sheet": pl.String, "source_row": int}
    )
    flags = pl.DataFrame({name: [False, False] for name in ("row.duplicate_key", "row.duplicate_row")})
    summed.add(places.hstack([fees]).hstack(flags))
    totals = [Total(None, row, {"fee": typed}, ((1, 3),)) for row, typed in ((4, "0,30"), (5, "0,3 đồng"), (6, "0,31"))]
    assert [(total.row, said) for total, said in summed.mismatches(totals, [])] == [(6, "fee: 0.31 ≠ 0.30")]
