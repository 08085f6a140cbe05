"""What the gate tidies in a cell is counted by kind, and the value is the tidy one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from schemas.column_types import PersonalNumber, Text
from schemas.contract import Column, Records
from schemas.extracts import all_extracts
from schemas.parsing import CHANGE, parse

NOTES = replace(
    all_extracts()["procedure_catalogue"],
    name="notes",
    layout=Records(),
    columns=(
        Column("note", Text(), "Ghi chú", "Note", ("Ghi chú",)),
        Column("number", PersonalNumber(), "Số định danh", "Number", ("Số định danh",)),
    ),
    key=("number",),
    row_rules=(),
    release_rules=(),
    derived=(),
)


def tidied(note: str | None, number: str | None = None) -> tuple[dict[str, object], set[str]]:
    """The values of one row and the kinds of change noted for it; a clean row beside it must stay as it is."""
    batch = pl.DataFrame(
        {"note": ["Xã Đông Sơn", note], "number": ["034190000123", number], "source_row": [1, 2]},
        schema_overrides={"note": pl.String, "number": pl.String},
    ).with_columns(source_sheet=pl.lit(None, pl.String), delivery=pl.lit(0), period_last_on=pl.lit(date(2023, 12, 31)))
    parsed = parse(batch, NOTES)
    kinds = [name for name in parsed.columns if name.startswith(CHANGE)]
    clean, row = parsed.iter_rows(named=True)
    assert (clean["note"], clean["number"], any(clean[kind] for kind in kinds)) == (
        "Xã Đông Sơn",
        "034190000123",
        False,
    )
    return row, {kind.removeprefix(CHANGE) for kind in kinds if row[kind]}


@pytest.mark.parametrize(
    ("note", "tidy", "kinds"),
    [
        ("Vũ  Thư\u00a0", "Vũ Thư", {"whitespace"}),
        ("dòng một\r\n\tdòng hai", "dòng một dòng hai", {"whitespace"}),
        ("Tiền\u200b Hải\ufeff", "Tiền Hải", {"invisible"}),
        ("Hưng \u200b Hà", "Hưng Hà", {"invisible", "whitespace"}),
        ("Kie\u0302\u0301n Xu\u031bo\u031bng", "Kiến Xương", {"nfc"}),
        ("Kie\u0301\u0302n", "Kiến", {"nfc"}),
        ("\u00d0ông Hưng", "Đông Hưng", {"look_alike"}),
        ("Х\u00e3 \u0410n Ấp", "Xã An Ấp", {"look_alike"}),
        ("Thôn \uff11", "Thôn 1", {"full_width"}),
        ("Th\u00b8i B\u00d7nh", "Thái Bình", {"tcvn3"}),
        ("“Hoà” và ‘Hòa’", "“Hoà” và ‘Hòa’", set()),
        ("\u200b", None, {"invisible"}),
    ],
)
def test_every_kind_of_tidying_is_noted(note: str, tidy: str | None, kinds: set[str]) -> None:
    row, noted = tidied(note)
    assert row["note"] == tidy
    assert noted == {f"note:{kind}" for kind in kinds}


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        ("'034190000123", "text_mark"),
        ("034190000123\u00a0", "whitespace"),
        ("034190\u200b000123", "invisible"),
        ("０３４190000123", "full_width"),
    ],
)
def test_codes_are_tidied_too(number: str, kind: str) -> None:
    row, noted = tidied(None, number)
    assert row["number"] == "034190000123"
    assert noted == {f"number:{kind}"}
