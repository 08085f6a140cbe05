"""Lines without delimiters: places are counted in characters, and a line of another length is told, not guessed at."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
import zstandard

from schemas.contract import FixedWidth, Records
from tests.warehouse.readers.one_table import LETTERS
from warehouse.readers import fixed_width
from warehouse.readers.reading import Reading

PLACES = FixedWidth(columns={"number": (1, 4), "subject": (7, 16), "pages": (17, 18)}, width=18)


def opened(folder: Path, content: bytes, places: FixedWidth = PLACES) -> Reading:
    file = folder / "letters.txt.zst"
    file.write_bytes(zstandard.ZstdCompressor(level=1).compress(content))
    return fixed_width.read(file, places, 3)


def rows(reading: Reading) -> list[tuple[object, ...]]:
    frames = list(reading.batches)
    return pl.concat(frames).select("source_row", "number", "subject", "pages").rows() if frames else []


LINES = ["1/UB--Khai sinh  2", "2/UB--Hộ tịch   10", "3   --Đất đai ở xã"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_places_are_counted_in_characters(encoding: str, ending: str, tmp_path: Path) -> None:
    content = ending.join(LINES).encode(encoding)
    assert rows(opened(tmp_path, content)) == [
        (1, "1/UB", "Khai sinh", "2"),
        (2, "2/UB", "Hộ tịch", "10"),
        (3, "3", "Đất đai ở", "xã"),
    ]


def test_lines_of_another_length_are_told_and_the_rest_is_read(tmp_path: Path) -> None:
    lines = ["BIỂU", LINES[0], LINES[1][:-1], "", LINES[1] + "x", LINES[1] + "  ", "   ", LINES[2][:-3] + "\udcff"]
    reading = opened(tmp_path, "\n".join(lines).encode("utf-8", "surrogateescape"), replace(PLACES, heading_lines=1))
    assert [row[0] for row in rows(reading)] == [2, 6]
    assert [(broken.row, broken.reason) for broken in reading.broken] == [
        (3, "dòng ngắn hơn quy định (line too short)"),
        (5, "dòng dài hơn quy định (line too long)"),
        (8, "invalid encoding"),
    ]
    assert reading.set_aside == {"heading": 1, "blank": 2}


def test_blanks_at_the_end_may_be_missing_where_the_contract_says_so(tmp_path: Path) -> None:
    content = f"{LINES[0]}\n{LINES[1][:17]}\n{LINES[1][:16]}\n{LINES[1][:9]}".encode()
    reading = opened(tmp_path, content, replace(PLACES, is_padded=False))
    assert rows(reading) == [(1, "1/UB", "Khai sinh", "2"), (2, "2/UB", "Hộ tịch", "1")]
    assert [broken.row for broken in reading.broken] == [3, 4]


def test_the_declared_encoding_is_that_of_files_without_a_mark(tmp_path: Path) -> None:
    (row,) = rows(
        opened(tmp_path, "1/UB--Hộ tịch   10".encode("cp1258", "replace"), replace(PLACES, encoding="cp1258"))
    )
    assert row[3] == "10"


@pytest.mark.parametrize("columns", [{"number": (0, 4)}, {"number": (1, 19)}, {"number": (1, 4), "subject": (4, 9)}])
def test_a_contract_cannot_cut_a_line_wrongly(columns: dict[str, tuple[int, int]]) -> None:
    with pytest.raises(ValueError, match="one after another"):
        FixedWidth(columns=columns, width=18)


def test_a_contract_cuts_every_column_that_must_exist_and_no_other() -> None:
    for columns in ({"number": (1, 4)}, {"number": (1, 4), "subject": (5, 9), "chair": (10, 12)}):
        with pytest.raises(ValueError, match="letters"):
            replace(LETTERS, layout=Records(fixed_width=FixedWidth(columns=columns, width=18)))
