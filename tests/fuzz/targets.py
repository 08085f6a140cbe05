"""What is fuzzed: sound files of every format, and the words that each format's parser listens to."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import pyarrow as pa
import pyarrow.parquet as pq

from schemas.contract import Extract, Records
from schemas.dialect import Dialect
from schemas.extracts import all_extracts
from tests.warehouse.readers.binary_book import xlsb
from tests.warehouse.readers.one_table import (
    FORMATS,
    LETTERS,
    TABLE,
    csv_of,
    fixed_of,
    json_of,
    lines_of,
    parquet_of,
    xlsx_of,
    xml_of,
    zip_of,
)
from tests.warehouse.readers.sheets import with_member
from tests.warehouse.readers.test_workbook_formats import OLD_FORM, ods


@dataclass(frozen=True)
class Target:
    """A reader: sound files, words to sow into them, whether they are archives, and whether each line stands for itself.

    With `pack` the lines are texts of the first cells of a workbook's rows; breaking its XML may refuse it.
    """

    file_name: str
    seeds: tuple[bytes, ...]
    words: tuple[bytes, ...]
    is_archive: bool = False
    lines: tuple[bytes, ...] = ()
    heading_lines: int = 0
    extract: Extract = LETTERS
    pack: Callable[[bytes], bytes] | None = None


_PLAIN = tuple({**row, "TrichYeu": row["TrichYeu"].replace('"', "").replace(",", "")} for row in TABLE) * 3
_CSV_WORDS = (
    b'"',
    b'""',
    b",",
    b";",
    b"\t",
    b"\r",
    b"\n",
    b"\x00",
    b"\xff",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"'",
    b"\\",
    b"So",
)
_JSON_WORDS = (
    b'"', b"\\", b"{", b"}", b"[", b"]", b":", b",", b"null", b"true", b"NaN", b"-", b"1e999", b"\\ud800", b"\\u0000",
    b'{"So":', b'"So": 1,', b"[[[[[[[[", b'{"a":{"a":', b"\n", b"\r\n", b"\xff", b"\x00", b"0.10", b"\xef\xbb\xbf", b"//",
)  # fmt: skip
_XML_WORDS = (
    b"<", b">", b"&", b"&#0;", b"&#xD800;", b"&lt;", b"</r>", b"<r>", b"<r/>", b"<!--", b"-->", b"<![CDATA[", b"]]>", b"<?x ?>",
    b"<!DOCTYPE r>", b' a="1"', b" xmlns:d=''", b"\xff", b"\x00", b"<So>", b"</So>", b"<a><a><a><a>", b"encoding='cp1258'",
)  # fmt: skip
_BINARY_WORDS = (
    b"\x00",
    b"\xff" * 4,
    b"\x7f\xff\xff\xff",
    b"\x80\x00\x00\x00",
    b"PAR1",
    b"PK\x03\x04",
    b"PK\x01\x02",
    b"../",
)


def _parquet(**options: object) -> bytes:
    table = pa.table(
        {
            "So": pa.array([str(place) for place in range(40)]),
            "TrichYeu": pa.array(["a", "b", None, "đ"] * 10).dictionary_encode(),
            "SoTrang": pa.array(range(40), pa.int16()),
            "x": pa.array([{"y": [1.5], "z": True}] * 40),
        }
    )
    sink = io.BytesIO()
    pq.write_table(table, sink, **options)
    return sink.getvalue()


# What is declared is not guessed from a line that was spoilt.
_DECLARED = replace(
    LETTERS,
    layout=Records(
        dialect=Dialect(
            delimiter=",", quote='"', escape='"', encoding="utf-8", preamble_lines=0, header_rows=1, footer_lines=0
        )
    ),
)
_CELLS: list[list[str | int]] = [[*cells] for cells in [list(TABLE[0]), *(list(row.values()) for row in TABLE)]]
_NUMBERS = (b"So", *(f"{number}/UBND".encode() for number in range(1, 30)))


def _xlsx_of_texts(texts: bytes) -> bytes:
    """A workbook whose first cells have these texts, a line each, as they are."""
    cell = b'<c r="%c%d" t="inlineStr"><is><t>%s</t></is></c>'
    rows = b"".join(
        b'<row r="%d">' % row + cell % (b"A", row, text) + cell % (b"B", row, b"TrichYeu") + b"</row>"
        for row, text in enumerate(texts.splitlines(), start=1)
    )
    sheet = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>'
    return with_member(xlsx_of(TABLE), "xl/worksheets/sheet1.xml", sheet % rows)


def _ods_of_texts(texts: bytes) -> bytes:
    """The same as an OpenDocument spreadsheet."""
    cell = b'<table:table-cell office:value-type="string"><text:p>%s</text:p></table:table-cell>'
    rows = b"".join(
        b"<table:table-row>" + cell % text + cell % b"TrichYeu" + b"</table:table-row>" for text in texts.splitlines()
    )
    with zipfile.ZipFile(io.BytesIO(ods([]))) as archive:
        content = archive.read("content.xml")
    return with_member(ods([]), "content.xml", content.replace(b"</table:table>", rows + b"</table:table>"))


TARGETS: Mapping[str, Target] = {
    "csv": Target("so.csv", (csv_of(TABLE), csv_of(_PLAIN, ";"), csv_of(TABLE).decode().encode("utf-16")), _CSV_WORDS),
    "csv lines": Target(
        "so.csv",
        (),
        _CSV_WORDS,
        lines=tuple(csv_of(_PLAIN).replace(b'"', b"").splitlines()),
        heading_lines=1,
        extract=_DECLARED,
    ),
    "json": Target("so.json", (json_of(TABLE), json_of(TABLE)[9:-1], b"[" + json_of(TABLE) + b"]"), _JSON_WORDS),
    "json lines": Target("so.jsonl", (lines_of(TABLE),), _JSON_WORDS, lines=tuple(lines_of(_PLAIN).splitlines())),
    "xml": Target("so.xml", (xml_of(TABLE), xml_of(TABLE).decode().encode("utf-16")), _XML_WORDS),
    "parquet": Target(
        "so.parquet",
        (parquet_of(TABLE), _parquet(compression="none"), _parquet(data_page_version="2.0", row_group_size=7)),
        _BINARY_WORDS,
    ),
    "fixed width": Target("so.txt", (fixed_of(TABLE),), _CSV_WORDS, lines=tuple(fixed_of(_PLAIN).splitlines())),
    "zip": Target(
        "so.zip",
        (zip_of({name: write(TABLE) for name, write in FORMATS.items()}), zip_of({"a/số.csv": csv_of(TABLE)})),
        _BINARY_WORDS,
        is_archive=True,
    ),
    "gzip": Target(
        "so.csv.gz", (gzip.compress(csv_of(TABLE)), gzip.compress(lines_of(TABLE))), _BINARY_WORDS, is_archive=True
    ),
    "xlsx": Target(
        "so.xlsx",
        (xlsx_of(TABLE),),
        (*_XML_WORDS, *_BINARY_WORDS),
        is_archive=True,
        lines=_NUMBERS,
        heading_lines=1,
        pack=_xlsx_of_texts,
    ),
    "ods": Target(
        "so.ods",
        (ods(_CELLS),),
        (*_XML_WORDS, *_BINARY_WORDS),
        is_archive=True,
        lines=_NUMBERS,
        heading_lines=1,
        pack=_ods_of_texts,
    ),
    "xlsb": Target("so.xlsb", (xlsb(_CELLS),), _BINARY_WORDS, is_archive=True),
    "xls": Target("so.xls", (OLD_FORM.read_bytes(),), _BINARY_WORDS, extract=all_extracts()["digital_infrastructure"]),
}
"""By the names under which `make fuzz` reports them."""
