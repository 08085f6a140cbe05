"""What a personal number tells is compared with what stands beside it; old cards end with 2024."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.column_types import CodeList, PartialDay, PersonalNumber, birth_year_of, is_of_woman
from schemas.contract import Column, Records
from schemas.extracts import all_extracts
from schemas.parsing import parse
from schemas.shared_columns import OLD_CARD_ENDED, birth_against_number, sex_against_number

PEOPLE = replace(
    all_extracts()["procedure_catalogue"],
    name="people",
    layout=Records(),
    columns=(
        Column("citizen_number", PersonalNumber(), "Số định danh", "Number", ("Số định danh",)),
        Column(
            "sex", CodeList(codes={"Nam": "male", "Nữ": "female"}, vi="…", en="…"), "Giới tính", "Sex", ("Giới tính",)
        ),
        Column("born_on", PartialDay(), "Ngày sinh", "Born on", ("Ngày sinh",)),
    ),
    key=("citizen_number",),
    row_rules=(sex_against_number("sex"), birth_against_number("born_on"), OLD_CARD_ENDED),
    release_rules=(),
    derived=(),
)


def broken(
    number: str | None, sex: str | None, born_on: str | None, period_last_on: date = date(2023, 12, 31)
) -> set[str]:
    """The codes of the rules across columns that a row breaks."""
    batch = pl.DataFrame(
        {"citizen_number": [number], "sex": [sex], "born_on": [born_on], "source_row": [1]},
        schema_overrides=dict.fromkeys(("citizen_number", "sex", "born_on"), pl.String),
    ).with_columns(source_sheet=pl.lit(None, pl.String), delivery=pl.lit(0), period_last_on=pl.lit(period_last_on))
    (row,) = parse(batch, PEOPLE).iter_rows(named=True)
    return {rule.code for rule in PEOPLE.row_rules if row[rule.code]}


@pytest.mark.parametrize(
    ("number", "sex", "born_on", "codes"),
    [
        ("034190000123", "Nữ", "17/05/1990", set()),
        ("034190000123", "Nữ", "1990", set()),
        ("034190000123", "Nam", "05/1990", {"sex.not_of_number"}),
        ("034305000123", "Nữ", "17/05/1905", {"born_on.not_of_number"}),
        ("034090000123", "Nữ", "1991", {"sex.not_of_number", "born_on.not_of_number"}),
        ("34190000123", "Nam", "1991", set()),
        (None, "Nam", "1991", set()),
        ("034190000123", None, None, set()),
    ],
)
def test_a_number_is_compared_with_sex_and_birth(
    number: str | None, sex: str | None, born_on: str | None, codes: set[str]
) -> None:
    assert broken(number, sex, born_on) == codes


def test_an_old_card_ended_with_2024() -> None:
    assert broken("151234567", None, None, date(2024, 12, 31)) == set()
    assert broken("151234567", None, None, date(2025, 1, 31)) == {"citizen_number.old_card_ended"}
    assert broken("034190000123", None, None, date(2025, 1, 31)) == set()


@given(st.integers(1900, 2099), st.booleans(), st.integers(0, 999_999))
def test_a_number_tells_year_and_sex(year: int, is_woman: bool, serial: int) -> None:
    digit = (year // 100 - 19) * 2 + is_woman
    told = pl.DataFrame({"number": [f"034{digit}{year % 100:02d}{serial:06d}"]}).select(
        year=birth_year_of(pl.col("number")), is_woman=is_of_woman(pl.col("number"))
    )
    assert told.row(0) == (year, is_woman)
