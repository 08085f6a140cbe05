"""What is told of a line that is no row: every fault of its shape, and of the values that can still be told apart."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import zstandard

from schemas.column_types import Day, Text, WholeNumber
from schemas.contract import Column, Extract, Records, Semantics
from schemas.dialect import Dialect
from schemas.periods import Cadence
from warehouse import broken_lines
from warehouse.readers import delimited

VISITS = Extract(
    name="visits",
    vi="Lượt khám",
    en="Visits",
    suppliers=("SYT",),
    cadence=Cadence.MONTHLY,
    layout=Records(),
    semantics=Semantics.FULL,
    key=("clinic",),
    columns=(
        Column("clinic", Text(), "Trạm", "Clinic", ("Tram",), must_exist=True),
        Column("visits", WholeNumber(), "Lượt", "Visits", ("Luot",), must_exist=True),
        Column("seen_on", Day(), "Ngày", "Day", ("Ngay",), must_exist=True),
        Column("beds", WholeNumber(), "Giường", "Beds", ("Giuong",), must_exist=True),
    ),
)
TOO_MANY, MISSING = "thừa ô (too many columns)", "thiếu ô (missing column)"
QUOTE, LONG = "dấu nháy không đóng đúng (broken quote)", "dòng quá dài (line too long)"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("An,3,2023-05-01,x,7", [(None, TOO_MANY), ("beds", "a")]),
        ("An,3,2023-05-01,2,7,8", [(None, TOO_MANY)]),
        ("An,x,2023-05-01", [("beds", MISSING), ("visits", "a")]),
        ("An,x", [("beds", MISSING), ("seen_on", MISSING), ("visits", "a")]),
        ("An", [("visits", MISSING)]),
        ('"An"a,3,2023-05-01,2,9', [(None, TOO_MANY), ("clinic", QUOTE)]),
        ("An" * 25 + ",x,2023-05-01,2", [(None, LONG), ("visits", "a")]),
        ("x,x,x,x,x", [(None, TOO_MANY), ("beds", "a"), ("seen_on", "a"), ("visits", "a")]),
    ],
)
def test_every_fault_of_a_line_is_told_with_its_column(
    tmp_path: Path, line: str, expected: list[tuple[str | None, str]]
) -> None:
    file = tmp_path / "visits.csv.zst"
    file.write_bytes(zstandard.compress(f"Tram,Luot,Ngay,Giuong\nBa,1,2023-05-02,4\n{line}\n".encode()))
    reading = delimited.read(file, replace(VISITS, layout=Records(dialect=Dialect(longest_line_bytes=45))))
    assert sum(batch.height for batch in reading.batches) == 1
    found = list(broken_lines.findings(reading.broken, VISITS, "2023-05"))
    assert {row for _, row, *_ in found} == {3}
    said = sorted(((column, text or "") for _, _, column, _, text in found), key=str)
    assert said == sorted(expected, key=str)


def test_a_line_that_has_shifted_is_told_once(tmp_path: Path) -> None:
    wide = replace(VISITS, columns=(*VISITS.columns, Column("fee", WholeNumber(), "Phí", "Fee", ("Phi",))))
    file = tmp_path / "visits.csv.zst"
    file.write_bytes(zstandard.compress(b"Tram,Luot,Ngay,Giuong,Phi\nBa,1,2023-05-02,4,5\nAn,x,y,z,u,v\n"))
    reading = delimited.read(file, wide)
    assert sum(batch.height for batch in reading.batches) == 1
    assert [text for *_, text in broken_lines.findings(reading.broken, wide, "2023-05")] == [TOO_MANY]
