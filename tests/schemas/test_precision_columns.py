"""A column of half-known dates has a second one beside it that says how much is known."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import polars as pl

from schemas.column_types import PartialDay
from schemas.contract import Column, Records, precision_of
from schemas.extracts import all_extracts
from schemas.pandera_model import failures
from schemas.parsing import duplicate_flags, key_hashes, parse

BIRTHS = replace(
    all_extracts()["procedure_catalogue"],
    name="births",
    layout=Records(),
    columns=(Column("born_on", PartialDay(), "Ngày sinh", "Born on", ("Ngày sinh",), required=True),),
    key=("born_on",),
    row_rules=(),
    release_rules=(),
    derived=(precision_of("born_on", "Mức độ chính xác của ngày sinh", "How precise the birth date is"),),
)


def test_a_date_goes_through_the_gate_with_its_precision() -> None:
    texts = ["17/05/2001", "05/2001", "2001", "01/01/2001", "17/05/01", "hôm qua", None]
    batch = pl.DataFrame({"born_on": texts, "source_row": range(len(texts))}).with_columns(
        source_sheet=pl.lit(None, pl.String), delivery=pl.lit(0), period_last_on=pl.lit(date(2023, 12, 31))
    )
    parsed = parse(batch, BIRTHS)
    assert parsed["born_on_precision"].to_list() == ["day", "month", "year", "day", "day", None, None]
    judged = parsed.hstack(duplicate_flags(key_hashes(parsed, BIRTHS)))
    broken = failures(BIRTHS, judged)
    found = {(at, code) for at, code in broken.iter_rows() if code.startswith("born_on.")}
    assert found == {
        (3, "born_on.placeholder"),
        (4, "born_on.two_digit_year"),
        (5, "born_on.unreadable"),
        (6, "born_on.required"),
    }
    assert list(BIRTHS.kept) == ["born_on", "born_on_precision"]
