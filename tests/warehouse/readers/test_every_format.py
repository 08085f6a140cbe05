"""One table, whatever it is written as: the same rows come out, every position counted, and the receipt says what it was."""

from __future__ import annotations

import gzip
from datetime import datetime
from pathlib import Path

import polars as pl
import pytest
from upath import UPath

from schemas.extracts import all_extracts
from tests.warehouse.readers.one_table import EXPECTED, FORMATS, TABLE, csv_of, fixed_of, json_of, opened, rows, zip_of
from warehouse import archive
from warehouse.judging import judge
from warehouse.keys import token_key
from warehouse.ledger import LOCAL_TIME, Receipt, Sending, judgement_folder
from warehouse.readers.reading import Refusal
from warehouse.storage import open_home

GOLDEN = Path(__file__).parents[2] / "golden"


@pytest.mark.parametrize("name", [*FORMATS, "txt"])
def test_one_table_reads_the_same_from_every_format(name: str, tmp_path: Path) -> None:
    content = fixed_of(TABLE) if name == "txt" else FORMATS[name](TABLE)
    for wrong_name in (f"so.{name}", "so.dat"):
        reading = opened(tmp_path, content, wrong_name)
        assert rows(reading) == EXPECTED
        assert reading.extra_titles == ()
        assert reading.broken == []


@pytest.mark.parametrize("damage", [b"," * 5_000, b"1\x00" + b";" * 9_000])
def test_a_damaged_line_of_signs_costs_itself_alone_where_lines_are_cut(damage: bytes, tmp_path: Path) -> None:
    lines = fixed_of(TABLE).split(b"\r\n")
    reading = opened(tmp_path, b"\r\n".join([damage, *lines[1:]]), "so.txt")
    assert rows(reading) == EXPECTED[1:]
    assert [broken.row for broken in reading.broken] == [1]


@pytest.mark.parametrize("name", FORMATS)
def test_what_was_packed_with_gzip_reads_the_same(name: str, tmp_path: Path) -> None:
    reading = opened(tmp_path, gzip.compress(FORMATS[name](TABLE)), f"so.{name}.gz")
    assert rows(reading) == EXPECTED
    assert reading.found_as["packed_as"] == "gzip"


def test_a_zip_of_every_format_gives_the_rows_of_each_with_its_name(tmp_path: Path) -> None:
    members = {f"thang 1/so.{name}": FORMATS[name](TABLE) for name in FORMATS}
    reading = opened(tmp_path, zip_of({**members, "cong van.pdf": b"%PDF-1.7", "__MACOSX/._so": b"\x00"}), "so.zip")
    frames = pl.concat([frame.select("source_sheet", "source_row", "number") for frame in reading.batches])
    assert frames.height == len(TABLE) * len(FORMATS) == frames.n_unique()
    sheets = frames["source_sheet"].unique(maintain_order=True).to_list()
    assert sheets == [name + ("/So lieu" if name.endswith("xlsx") else "") for name in members]
    assert reading.found_as["passed_over"] == "2"
    assert {f"member {name}" for name in members} <= reading.found_as.keys()
    assert list(tmp_path.glob("unpacked-*")) == []


def test_a_bad_member_refuses_the_archive_and_is_named(tmp_path: Path) -> None:
    content = zip_of({"a.csv": csv_of(TABLE), "b.json": json_of(TABLE)[:-9]})
    with pytest.raises(Refusal) as refused:
        rows(opened(tmp_path, content, "so.zip"))
    assert refused.value.code == "file.unreadable"
    assert refused.value.found.startswith("b.json: JSON, bị cắt ngang (unexpected end of data)")


def judged(folder: Path, content: bytes, name: str, extract: str, period: str) -> tuple[Receipt, pl.DataFrame]:
    """The receipt of a delivery, and its accepted rows without their places."""
    home = open_home(folder / "home")
    landed = folder / name
    landed.write_bytes(content)
    sha256, size_bytes = archive.take_in(home, UPath(landed))
    now = datetime.now(LOCAL_TIME)
    supplier = all_extracts()[extract].suppliers[0]
    sending = Sending("s", "d", extract, supplier, period, None, name, sha256, size_bytes, now, now, "delivered")
    receipt = judge(home, sending, token_key())
    assert receipt.status == "accepted", receipt.refusal_en
    file = Path(str(judgement_folder(home, receipt.rule_set_id, "d") / "accepted.parquet"))
    return receipt, pl.read_parquet(file).drop("source_sheet", "source_row")


@pytest.mark.parametrize(
    "golden", ["satisfaction_response/2023-05", "dossier_step/2023-05-17", "dossier_payment/2023-05-17"]
)
def test_any_extract_is_accepted_alike_from_every_format(golden: str, tmp_path: Path) -> None:
    extract, period = golden.split("/")
    (file,) = (path for path in (GOLDEN / golden).iterdir() if not path.name.startswith("expected_"))
    titles = {column.name: column.headers[0] for column in all_extracts()[extract].columns}
    frames = opened(tmp_path, file.read_bytes(), file.name, all_extracts()[extract]).batches
    table = [
        {title: row.get(name) or "" for name, title in titles.items()} for frame in frames for row in frame.to_dicts()
    ]
    expected, expected_rows = judged(tmp_path, csv_of(table), "so.csv", extract, period)
    assert expected.rows_accepted
    for kind, write in FORMATS.items():
        receipt, accepted = judged(tmp_path / kind, write(table), "so", extract, period)
        assert accepted.equals(expected_rows), kind
        assert receipt.rows_quarantined == expected.rows_quarantined
        assert receipt.positions == (receipt.rows_read or 0) + (receipt.rows_set_aside or 0)
