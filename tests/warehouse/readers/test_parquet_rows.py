"""Parquet: the text of a typed value is what a person would have typed, and a damaged or absurd file is refused."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard

from tests.warehouse.readers.test_json_records import MINUTES
from warehouse.readers import parquet_rows
from warehouse.readers.limits import MOST_COLUMNS
from warehouse.readers.reading import Reading, Refusal

DAY = datetime(2023, 5, 17, tzinfo=UTC)


def parquet_of(columns: dict[str, pa.Array], **options: object) -> bytes:
    sink = io.BytesIO()
    pq.write_table(pa.table(columns), sink, **options)
    return sink.getvalue()


def opened(folder: Path, content: bytes, batch_rows: int = 100) -> Reading:
    file = folder / "minutes.parquet.zst"
    file.write_bytes(zstandard.ZstdCompressor(level=1).compress(content))
    return parquet_rows.read(file, MINUTES, batch_rows, folder)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (pa.array(["Bình", "", None]), ["Bình", "", None]),
        (pa.array(["a", "a", "b"]).dictionary_encode(), ["a", "a", "b"]),
        (pa.array([2**63 - 1, -1, None]), ["9223372036854775807", "-1", None]),
        (pa.array([2**64 - 1], pa.uint64()), ["18446744073709551615"]),
        (pa.array([5.0, 1.5, 1e300, float("nan"), -0.1]), ["5", "1.5", "1e+300", "NaN", "-0.1"]),
        (pa.array([0.1], pa.float32()), ["0.1"]),
        (pa.array([Decimal("1.10"), None]), ["1.10", None]),
        (pa.array([Decimal("12345678901234567890123456789012345678901.50")], pa.decimal256(60, 2)),
         ["12345678901234567890123456789012345678901.50"]),
        (pa.array([True, False, None]), ["true", "false", None]),
        (pa.array([date(2023, 5, 17)]), ["2023-05-17"]),
        (pa.array([DAY, DAY + timedelta(hours=9, seconds=1)], pa.timestamp("ns")), ["2023-05-17", "2023-05-17T09:00:01"]),
        (pa.array([datetime(2023, 5, 17, 20, 30, tzinfo=UTC)]), ["2023-05-18T03:30:00"]),
        (pa.array([time(9, 30)]), ["09:30:00"]),
        (pa.array([timedelta(days=1, seconds=1)]), ["1 day, 0:00:01"]),
        (pa.array(["é".encode(), b"\xff\x00"]), ["é", "0xff00"]),
        (pa.array([[1, None, 3], None, []]), ["[1,null,3]", None, "[]"]),
        (pa.array([[{"a": date(2023, 5, 17), "b": Decimal("1.0")}]]), ['[{"a":"2023-05-17","b":"1.0"}]']),
        (pa.array([[("k", 1)]], pa.map_(pa.string(), pa.int32())), ['{"k":1}']),
        (pa.nulls(2), [None, None]),
    ],
)  # fmt: skip
def test_a_value_becomes_the_text_a_person_would_type(
    values: pa.Array, expected: list[str | None], tmp_path: Path
) -> None:
    chairs = pa.array(["An"] * len(values))
    (frame,) = opened(tmp_path, parquet_of({"So": values, "ChuTri": chairs})).batches
    assert frame["number"].to_list() == expected


def test_inner_fields_stand_under_dotted_names(tmp_path: Path) -> None:
    people = pa.array([{"hoTen": "An", "noi": {"xa": "X"}}, None, {"hoTen": None, "noi": None}])
    reading = opened(tmp_path, parquet_of({"So": pa.array([1, 2, 3]), "chuTri": people}))
    assert reading.extra_titles == ("chuTri.noi.xa",)
    (frame,) = reading.batches
    assert frame.select("number", "chair", "extra:chuTri.noi.xa").rows() == [
        ("1", "An", "X"),
        ("2", None, None),
        ("3", None, None),
    ]


def test_rows_keep_their_numbers_across_row_groups(tmp_path: Path) -> None:
    numbers = pa.array(range(1, 26))
    reading = opened(tmp_path, parquet_of({"So": numbers, "ChuTri": numbers}, row_group_size=7), batch_rows=4)
    rows = pl.concat(reading.batches)
    assert rows["source_row"].to_list() == [int(text) for text in rows["number"]] == list(range(1, 26))
    assert list(tmp_path.glob("unpacked-*")) == []


def test_few_long_texts_that_stand_for_many_come_in_small_batches(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet_rows, "_ROOM_BYTES", 10_000)
    long = pa.array(["x" * 1000] * 100)
    reading = opened(tmp_path, parquet_of({"So": pa.array(range(100)), "ChuTri": long}))
    heights = [frame.height for frame in reading.batches]
    assert sum(heights) == 100
    assert max(heights) < 10


def test_what_is_damaged_cut_or_absurd_is_refused(tmp_path: Path) -> None:
    numbers = pa.array([str(number) * 9 for number in range(1000)])
    whole = parquet_of({"So": numbers, "ChuTri": numbers}, compression="none", write_page_checksum=True)
    for content in (whole[:-100], whole[:200] + whole[300:], b"PAR1" + b"\x00" * 200 + b"PAR1", b"PAR1"):
        with pytest.raises(Refusal) as refused:
            list(opened(tmp_path, content).batches)
        assert refused.value.code == "file.unreadable"
    wide = parquet_of({f"c{place}": pa.array([1]) for place in range(MOST_COLUMNS + 1)})
    many = parquet_of({"So": pa.nulls(4_000_000), "ChuTri": pa.nulls(4_000_000)})
    for content in (wide, many):
        with pytest.raises(Refusal) as refused:
            opened(tmp_path, content)
        assert refused.value.code == "file.unsafe"
    with pytest.raises(Refusal) as refused:
        opened(tmp_path, parquet_of({"So": numbers}))
    assert (refused.value.code, refused.value.rows) == ("file.missing_column", 1000)
