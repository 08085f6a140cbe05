"""JSON as systems write it: lists within objects, objects within records, lines that break, numbers kept as typed."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.column_types import Text, WholeNumber
from schemas.contract import Column, Extract, Records
from tests.warehouse.readers.one_table import LETTERS
from warehouse.readers import json_records, json_text
from warehouse.readers.limits import MOST_COLUMNS
from warehouse.readers.reading import Reading, Refusal

MINUTES = replace(
    LETTERS,
    layout=Records(),
    columns=(
        Column("number", Text(), "Số", "Number", ("So",), must_exist=True),
        Column("chair", Text(), "Chủ trì", "Chair", ("chuTri.hoTen", "ChuTri"), must_exist=True),
        Column("pages", WholeNumber(), "Số trang", "Pages", ("SoTrang",)),
    ),
)
ONE, TWO = '{"So": "1/BB", "ChuTri": "An", "SoTrang": 3}', '{"So": "2/BB", "ChuTri": "Bình", "SoTrang": 4}'
ROWS = [("1/BB", "An", "3"), ("2/BB", "Bình", "4")]


@pytest.fixture(scope="module")
def con() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


def opened(folder: Path, content: str | bytes, con: duckdb.DuckDBPyConnection, extract: Extract = MINUTES) -> Reading:
    file = folder / "minutes.json.zst"
    content = content.encode() if isinstance(content, str) else content
    file.write_bytes(zstandard.ZstdCompressor(level=1).compress(content))
    return json_records.read(file, extract, con, 2)


def rows(reading: Reading) -> list[tuple[object, ...]]:
    frames = list(reading.batches)
    return [tuple(map(row.get, ("number", "chair", "pages"))) for frame in frames for row in frame.rows(named=True)]


def positions(reading: Reading) -> list[int]:
    return [row for frame in reading.batches for row in frame["source_row"]]


@pytest.mark.parametrize(
    "content",
    [
        f"[{ONE}, {TWO}]",
        f"\ufeff[\r\n  {ONE},\r\n  {TWO}\r\n]\r\n",
        f"{ONE}\n{TWO}\n",
        f"{ONE}\r\n{TWO}",
        f"{ONE} {TWO}",
        ONE.replace(", ", ",\n  ") + "\n" + TWO.replace(", ", ",\n  "),
        f'{{"data": [{ONE}, {TWO}]}}',
        f'{{"status": {{"code": 200}}, "result": {{"total": 2, "items": [{ONE}, {TWO}]}}, "titles": [{{"name": "So"}}]}}',
        f'{{"page": 1, "data": [{ONE}]}}\n{{"page": 2, "data": [{TWO}]}}\n',
        f'[{{"data": [{ONE}]}}, {{"data": [{TWO}]}}]',
        f"[{ONE}, {TWO}]".encode("utf-16"),
        f"{ONE}\n{TWO}".encode("utf-16-be"),
    ],
)
def test_the_list_is_found_however_it_is_wrapped(
    content: str | bytes, tmp_path: Path, con: duckdb.DuckDBPyConnection
) -> None:
    assert rows(opened(tmp_path, content, con)) == ROWS


def test_two_lists_of_the_form_are_not_chosen_between_unless_the_contract_does(
    tmp_path: Path, con: duckdb.DuckDBPyConnection
) -> None:
    content = f'{{"moi": [{ONE}], "cu": [{TWO}]}}'
    with pytest.raises(Refusal) as refused:
        opened(tmp_path, content, con)
    assert (refused.value.code, refused.value.found) == ("file.ambiguous_records", "moi; cu")
    declared = replace(MINUTES, layout=Records(records_at="cu"))
    assert rows(opened(tmp_path, content, con, declared)) == ROWS[1:]


def test_inner_objects_stand_under_dotted_names(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    content = '[{"So": "1", "chuTri": {"hoTen": "An", "noi": {"xa": "X"}}}, {"So": "2", "chuTri": null}, {"So": "3"}]'
    reading = opened(tmp_path, content, con)
    assert reading.extra_titles == ("chuTri.noi.xa",)
    (first, second) = reading.batches
    assert first.select("number", "chair", "extra:chuTri.noi.xa").rows() == [("1", "An", "X"), ("2", None, None)]
    assert second.select("number", "chair", "extra:chuTri.noi.xa").rows() == [("3", None, None)]


@pytest.mark.parametrize(
    "typed",
    ["1.10", "1e400", "-0", "-0.0", "12345678901234567890123456789.50", "123456789012345678901", "NaN", "1E5", "7"],
)
def test_a_number_is_kept_as_it_was_typed(typed: str, tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    content = f'[{{"So": "1", "ChuTri": "a", "SoTrang": {typed}}}, {{"So": "2", "ChuTri": [{typed}, "x", null, true]}}]'
    assert rows(opened(tmp_path, content, con)) == [("1", "a", typed), ("2", f'[{typed},"x",null,true]', None)]


@pytest.mark.parametrize("broken", ["[[", '"So": "9"}', '{"So"', "}", "null", "\x00\\v", "{\x00"])
def test_a_broken_first_line_costs_itself_alone(broken: str, tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    reading = opened(tmp_path, f"{broken}\n{ONE}\n{TWO}\n", con)
    assert positions(reading) == [2, 3]
    assert [line.row for line in reading.broken] == [1]


def test_a_broken_line_costs_itself_alone(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    content = f'{ONE}\n{{"So": "9", \n\n7\n{ONE} {ONE}\n{"[" * 5000}\n{TWO}'
    reading = opened(tmp_path, content, con)
    assert positions(reading) == [1, 7]
    assert [broken.row for broken in reading.broken] == [2, 4, 5, 6]
    assert reading.set_aside == {"blank": 1}


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        (b'{"So": "9", "ChuTri": "\\ud800"}', "invalid encoding"),
        (b'{"So": "9", "ChuTri": "\xff"}', "invalid encoding"),
        (b'{"So": "9", "ChuTri": "a", "So": "8"}', "một trường hai giá trị (repeated key)"),
        (b'{"So": "9", "ChuTri": "a", "x": {"y": "1"}, "x.y": "2"}', "một trường hai giá trị (repeated key)"),
        (b'{"So": "9", "ChuTri": ' + b'{"a":' * 100 + b"1" + b"}" * 101, "lồng quá sâu (nested too deeply)"),
        (b"12", "không phải đối tượng (not an object)"),
        (b"[]", "không phải đối tượng (not an object)"),
        (b"null", "không phải đối tượng (not an object)"),
    ],
)
def test_a_record_that_cannot_be_a_row_costs_itself_alone(
    record: bytes, reason: str, tmp_path: Path, con: duckdb.DuckDBPyConnection
) -> None:
    reading = opened(tmp_path, b",".join([b"[" + ONE.encode(), record, TWO.encode() + b"]"]), con)
    assert rows(reading) == ROWS
    assert [(broken.row, broken.reason) for broken in reading.broken] == [(2, reason)]


def test_one_key_twice_with_one_value_says_nothing_twice(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    assert rows(opened(tmp_path, '[{"So": "1", "ChuTri": "a", "So": "1"}]', con)) == [("1", "a", None)]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (f"[{ONE}, {TWO[:-4]}", "bị cắt ngang (unexpected end of data) (bản ghi / record 2, byte 91)"),
        (f"[{ONE},]", "sai cú pháp (Expecting value) (bản ghi / record 2, byte 47)"),
        (f"// xuất\n[{ONE}]", "sai cú pháp (Expecting value) (bản ghi / record 1, byte 1)"),
        (f"[{ONE} {TWO}]", "sai cú pháp (Expecting ',') (bản ghi / record 1, byte 47)"),
        (
            f"[{ONE}][{TWO}]",
            "còn nội dung sau khi đã hết (unexpected content after document) (bản ghi / record 1, byte 47)",
        ),
        (f"[{'[' * 5000}", "lồng quá sâu (nested too deeply) (bản ghi / record 1, byte 2)"),
    ],
)
def test_an_array_that_breaks_off_is_refused_with_record_and_byte(
    content: str, reason: str, tmp_path: Path, con: duckdb.DuckDBPyConnection
) -> None:
    with pytest.raises(Refusal) as refused:
        rows(opened(tmp_path, content, con))
    assert (refused.value.code, refused.value.found) == ("file.unreadable", f"JSON, {reason}")


def test_too_many_fields_are_refused(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    wide = ", ".join(f'"c{place}": 1' for place in range(MOST_COLUMNS + 1))
    for content in (f"[{{{wide}}}]", f'[{{"x": {{{wide}}}}}]'):
        with pytest.raises(Refusal) as refused:
            opened(tmp_path, content, con)
        assert refused.value.code == "file.unsafe"


_VALUES = st.none() | st.booleans() | st.integers() | st.text(st.characters(codec="utf-8"), max_size=6)
_FIELDS = st.dictionaries(st.sampled_from(["So", "ChuTri", "SoTrang", "x", "y z"]), _VALUES)


@given(st.lists(_FIELDS.map(lambda record: {"So": "1", "ChuTri": "a"} | record), min_size=1, max_size=4))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_the_fast_way_and_the_other_read_the_same(
    tmp_path: Path, con: duckdb.DuckDBPyConnection, records: list[dict[str, object]]
) -> None:
    content = json.dumps(records, ensure_ascii=False)
    quick = [row for frame in opened(tmp_path, content, con).batches for row in frame.rows(named=True)]
    # A number with a point makes the file one that only the other way reads.
    reading = opened(tmp_path, content[:-1] + ', {"So": 1.5}]', con)
    *slow, last = [row for frame in reading.batches for row in frame.rows(named=True)]
    assert slow == quick
    assert last["number"] == "1.5"


def test_a_text_is_read_across_pieces(
    tmp_path: Path, con: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("warehouse.readers.streams._PIECE_BYTES", 3)
    for content in (f"[{ONE}, {TWO}]", f'{{"n": 1.25, "d": [{ONE}, {TWO}]}}', f"{ONE}\n{TWO}"):
        for encoding in ("utf-8-sig", "utf-16"):
            assert rows(opened(tmp_path, content.encode(encoding), con)) == ROWS


def test_an_object_too_long_to_be_held_is_walked_through(
    tmp_path: Path, con: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_text, "_MOST_HELD", 60)
    monkeypatch.setattr(json_text, "_LONGEST_CUT", 8)
    monkeypatch.setattr("warehouse.readers.streams._PIECE_BYTES", 50)
    content = f'{{\n"a": {{"b": 1, "c": [1, 2]}}, "d": {{"e": [{ONE}, {TWO}]}}, "f": "x"\n}}'
    assert rows(opened(tmp_path, content, con)) == ROWS
