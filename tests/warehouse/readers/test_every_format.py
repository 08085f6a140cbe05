"""One table, whatever it is written as: the same rows come out, every position counted, and the receipt says what it was."""

from __future__ import annotations

import gzip
import io
import json
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TypeAlias
from xml.sax.saxutils import escape

import polars as pl
import pytest
import xlsxwriter
import zstandard
from upath import UPath

from schemas.column_types import Text, WholeNumber
from schemas.contract import Column, Extract, FixedWidth, Records, Semantics
from schemas.extracts import all_extracts
from schemas.periods import Cadence
from warehouse import archive, duck
from warehouse.judging import judge
from warehouse.keys import token_key
from warehouse.ledger import LOCAL_TIME, Receipt, Sending, judgement_folder
from warehouse.readers import opening
from warehouse.readers.reading import Reading, Refusal
from warehouse.storage import open_home

GOLDEN = Path(__file__).parents[2] / "golden"
Row: TypeAlias = Mapping[str, str]
WIDTHS = {"So": 8, "TrichYeu": 30, "SoTrang": 4}
LETTERS = Extract(
    name="letters",
    vi="Công văn",
    en="Letters",
    suppliers=("VPUB",),
    cadence=Cadence.MONTHLY,
    layout=Records(fixed_width=FixedWidth(columns={"number": (1, 8), "subject": (9, 38), "pages": (39, 42)}, width=42)),
    semantics=Semantics.FULL,
    key=("number",),
    columns=(
        Column("number", Text(), "Số", "Number", ("So",), must_exist=True),
        Column("subject", Text(), "Trích yếu", "Subject", ("TrichYeu",), must_exist=True),
        Column("pages", WholeNumber(), "Số trang", "Pages", ("SoTrang",)),
    ),
)
TABLE: tuple[Row, ...] = (
    {"So": "1/UBND", "TrichYeu": "Về việc khai sinh, kết hôn", "SoTrang": "2"},
    {"So": "2/UBND", "TrichYeu": 'Hoà "giải" ở xã', "SoTrang": "10"},
    {"So": "03", "TrichYeu": "a & b < c; d|e", "SoTrang": "0"},
    {"So": "4", "TrichYeu": "Tổ", "SoTrang": ""},
)


def csv_of(table: Sequence[Row], delimiter: str = ",") -> bytes:
    return pl.DataFrame(table).write_csv(separator=delimiter, quote_style="always").encode()


def json_of(table: Sequence[Row]) -> bytes:
    return json.dumps({"data": table}, ensure_ascii=False).encode()


def lines_of(table: Sequence[Row]) -> bytes:
    return b"".join(json.dumps(row).encode() + b"\n" for row in table)


def xml_of(table: Sequence[Row]) -> bytes:
    def element(title: str, text: str) -> str:
        name = re.sub(r"\W", "_", title)
        return f"<{name}>{escape(text)}</{name}>"

    records = "".join(f"<r>{''.join(element(title, text) for title, text in row.items())}</r>\n" for row in table)
    return f'<?xml version="1.0"?>\n<d:list xmlns:d="urn:d">\n{records}</d:list>'.encode()


def parquet_of(table: Sequence[Row]) -> bytes:
    sink = io.BytesIO()
    pl.DataFrame(table).write_parquet(sink, row_group_size=2)
    return sink.getvalue()


def fixed_of(table: Sequence[Row]) -> bytes:
    return "".join("".join(row[title].ljust(WIDTHS[title]) for title in WIDTHS) + "\r\n" for row in table).encode()


def xlsx_of(table: Sequence[Row]) -> bytes:
    sink = io.BytesIO()
    with xlsxwriter.Workbook(sink, {"in_memory": True, "strings_to_formulas": False}) as workbook:
        sheet = workbook.add_worksheet("So lieu")
        for at, cells in enumerate([list(table[0]), *(list(row.values()) for row in table)]):
            sheet.write_row(at, 0, cells)
    return sink.getvalue()


def zip_of(members: Mapping[str, bytes]) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members.items():
            packed.writestr(name, content)
    return sink.getvalue()


FORMATS: Mapping[str, Callable[[Sequence[Row]], bytes]] = {
    "csv": csv_of,
    "tsv": lambda table: csv_of(table, "\t"),
    "json": json_of,
    "jsonl": lines_of,
    "xml": xml_of,
    "parquet": parquet_of,
    "xlsx": xlsx_of,
}


def opened(folder: Path, content: bytes, name: str, extract: Extract = LETTERS) -> Reading:
    kept = folder / "kept.zst"
    kept.write_bytes(zstandard.ZstdCompressor(level=1).compress(content))
    return opening.read(kept, name, extract, opening.Means(duck.connect(), 3, folder))


def rows(reading: Reading) -> list[tuple[str, ...]]:
    names = ("number", "subject", "pages")
    return [tuple(text or "" for text in row) for frame in reading.batches for row in frame.select(names).rows()]


EXPECTED = [tuple(row.values()) for row in TABLE]


@pytest.mark.parametrize("name", [*FORMATS, "txt"])
def test_one_table_reads_the_same_from_every_format(name: str, tmp_path: Path) -> None:
    content = fixed_of(TABLE) if name == "txt" else FORMATS[name](TABLE)
    for wrong_name in (f"so.{name}", "so.dat"):
        reading = opened(tmp_path, content, wrong_name)
        assert rows(reading) == EXPECTED
        assert reading.extra_titles == ()
        assert reading.broken == []


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
    assert set(members) <= reading.found_as.keys()
    assert list(tmp_path.glob("unpacked-*")) == []


def test_a_bad_member_refuses_the_archive_and_is_named(tmp_path: Path) -> None:
    content = zip_of({"a.csv": csv_of(TABLE), "b.json": json_of(TABLE)[:-9]})
    with pytest.raises(Refusal) as refused:
        rows(opened(tmp_path, content, "so.zip"))
    assert refused.value.code == "file.unreadable"
    assert refused.value.found.startswith("b.json: JSON, unexpected end of data")


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
