"""Units by name: the right code on the right day, and no answer where there are two."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from schemas.reference import tables
from schemas.units import resolve

IN_2023 = date(2023, 6, 30)


def resolved(name: str, district: str | None, on: date = IN_2023) -> tuple[str | None, int]:
    frame = pl.DataFrame({"name": [name], "district": [district]}, schema={"name": pl.String, "district": pl.String})
    row = resolve(frame, "name", "district", on).row(0, named=True)
    return row["unit_code"], row["matches"]


@pytest.mark.parametrize(
    ("name", "district"),
    [
        ("Xã Quỳnh Thọ", "Huyện Quỳnh Phụ"),
        ("Quỳnh Thọ", "Quỳnh Phụ"),
        ("X. Quỳnh Thọ", "H. Quỳnh Phụ"),
        ("XÃ QUỲNH THỌ", "huyện quỳnh phụ"),
        ("Quỳnh Thọ", None),
    ],
)
def test_a_commune_in_every_spelling(name: str, district: str | None) -> None:
    assert resolved(name, district) == ("12487", 1)


def test_a_name_that_repeats_is_refused_without_its_district() -> None:
    assert resolved("Xã An Ninh", None) == (None, 2)
    assert resolved("Xã An Ninh", "Huyện Tiền Hải")[1] == 1
    assert resolved("Xã An Ninh", "Huyện Quỳnh Phụ")[1] == 1


def test_a_commune_is_not_found_in_a_district_where_it_is_not() -> None:
    assert resolved("Xã Quỳnh Thọ", "Huyện Vũ Thư") == (None, 0)


def test_the_province_itself_has_a_name() -> None:
    assert resolved("Tỉnh Thái Bình", None) == ("34", 1)


def test_names_follow_the_day() -> None:
    assert resolved("Xã Quỳnh Bảo", "Huyện Quỳnh Phụ", date(2024, 10, 31))[1] == 1
    assert resolved("Xã Quỳnh Bảo", "Huyện Quỳnh Phụ", date(2024, 11, 1)) == (None, 0)


def test_every_commune_of_2024_is_found_by_its_own_name() -> None:
    units = tables.administrative_unit().filter((pl.col("valid_from") <= IN_2023) & (pl.col("valid_to") > IN_2023))
    districts = units.filter(pl.col("level") == "district").select(parent_code="unit_code", district="full_name")
    communes = units.filter(pl.col("level") == "commune").join(districts, on="parent_code")
    found = resolve(communes.select("full_name", "district", expected="unit_code"), "full_name", "district", IN_2023)
    assert found.height == 260
    assert found.filter(pl.col("unit_code") != pl.col("expected")).is_empty()
    assert found["unit_code"].null_count() == 0
