"""Names of units as people write them: right or no answer, for every unit the province has had since 2020."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.reference import tables
from schemas.text import with_new_tones, with_old_tones
from schemas.unit_names import gazetteer
from schemas.units import resolve

DAYS = [date(2023, 6, 30), date(2024, 12, 1), date(2025, 8, 1)]
SHORT = {"Xã": "X.", "Phường": "P.", "Thị trấn": "TT. ", "Huyện": "H.", "Thành phố": "TP. "}


def without_marks(text: str) -> str:
    bare = "".join(mark for mark in unicodedata.normalize("NFD", text) if not unicodedata.combining(mark))
    return bare.replace("đ", "d").replace("Đ", "D")


def with_tones_confused(text: str) -> str:
    swapped = str.maketrans("\u0303\u0309", "\u0309\u0303")
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", text).translate(swapped))


def shortened(full_name: str) -> str:
    kind = next(kind for kind in SHORT if full_name.startswith(kind + " "))
    return SHORT[kind] + full_name.removeprefix(kind + " ")


def placed(toned: Callable[[pl.Expr], pl.Expr]) -> Callable[[str], str]:
    return lambda text: str(pl.select(toned(pl.lit(text)).alias("it"))["it"].item())


SPELLINGS: dict[str, Callable[[str], str]] = {
    "literal": str,
    "capitals": str.upper,
    "decomposed": lambda text: unicodedata.normalize("NFD", text),
    "new tones": placed(with_new_tones),
    "old tones": placed(with_old_tones),
    "shortened": shortened,
    "without marks": without_marks,
    "hỏi and ngã confused": with_tones_confused,
    "without spaces in the name": lambda text: (
        text.replace(" ", "|", 1 + text.startswith("Thị")).replace(" ", "").replace("|", " ")
    ),
    "hyphens": lambda text: text.replace(" ", "-"),
    "an office before it": lambda text: "UBND " + text.lower(),
    "Eth for Đ": lambda text: text.replace("Đ", "Ð"),
}


def communes_on(on: date) -> pl.DataFrame:
    units = tables.administrative_unit().filter(
        pl.col("valid_from") <= on, pl.col("valid_to").is_null() | (pl.col("valid_to") > on)
    )
    districts = units.filter(pl.col("level") == "district").select(parent_code="unit_code", district="full_name")
    return units.filter(pl.col("level") == "commune").join(districts, on="parent_code", how="left")


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("on", DAYS, ids=str)
def test_every_commune_is_found_in_every_spelling(on: date, spelling: str) -> None:
    communes = communes_on(on)
    names = [SPELLINGS[spelling](name) for name in communes["full_name"]]
    written = communes.select("district", expected="unit_code").with_columns(name=pl.Series(names))
    found = resolve(written, "name", "district", on, accepts_variants=True)
    assert found.filter(pl.col("unit_code").ne_missing(pl.col("expected"))).rows() == []


@pytest.mark.parametrize("on", DAYS, ids=str)
def test_a_district_behind_a_comma_counts(on: date) -> None:
    for code, name, district in communes_on(on).select("unit_code", "full_name", "district").iter_rows():
        assert gazetteer(on).find(", ".join(part for part in (name, district) if part)) == {code}


def test_a_commune_is_found_in_its_own_district_only() -> None:
    on = DAYS[0]
    communes = communes_on(on)
    own = set(communes.select("name", "district").iter_rows())
    for name in communes["name"]:
        for district in communes["district"].unique():
            assert bool(gazetteer(on).find(name, district)) == ((name, district) in own)


@pytest.mark.parametrize(
    "name",
    [
        "Xã An Ninh",
        "Xã An Ninh, huyện Bắc Sơn, tỉnh Lạng Sơn",
        "Xã Quỳnh Thọ, Hải Dương",
        "Phường Quỳnh Thọ",
        "Xã Quỳnh Thợ",
        "Xã Quỳnh Thọo",
        "Quỳnh",
        "Xã",
        "X.",
        "",
        ", ,",
    ],
)
def test_there_is_no_answer_rather_than_a_guess(name: str) -> None:
    assert len(gazetteer(DAYS[0]).find(name)) != 1


def test_a_word_cut_to_its_first_letter_is_understood_where_one_unit_fits() -> None:
    assert gazetteer(DAYS[0]).find("Xã Q. Thọ", "H. Quỳnh Phụ") == {"12487"}
    assert len(gazetteer(DAYS[0]).find("Xã C. Hòa", "Huyện Hưng Hà")) == 2


@pytest.mark.parametrize(
    ("name", "district", "on", "code"),
    [
        ("Xã Quỳnh Bảo", "Huyện Quỳnh Phụ", DAYS[1], "12577"),
        ("Xã Quỳnh Bảo", "Huyện Quỳnh Phụ", DAYS[2], "12577"),
        ("Xã Quỳnh Bảo", "Huyện Vũ Thư", DAYS[1], None),
        ("Quynh Tho, Quynh Phu, Thai Binh", None, DAYS[2], "12511"),
        ("Xã An Ninh", None, DAYS[2], None),
    ],
)
def test_a_former_commune_is_the_one_that_took_it_in(
    name: str, district: str | None, on: date, code: str | None
) -> None:
    frame = pl.DataFrame({"name": [name], "district": [district]}, schema={"name": pl.String, "district": pl.String})
    (row,) = resolve(frame, "name", "district", on, accepts_variants=True).iter_rows(named=True)
    assert (row["unit_code"], row["by_variant"]) == (code, code is not None)


def test_every_former_commune_leads_where_the_succession_says() -> None:
    on = DAYS[2]
    steps = tables.unit_succession().filter(pl.col("effective_on") == date(2025, 7, 1))
    follows = dict(steps.select("old_code", "new_code").iter_rows())
    for code, name, district in communes_on(DAYS[1]).select("unit_code", "full_name", "district").iter_rows():
        assert gazetteer(on).find(name, district) == {follows[code]}


def test_exact_names_need_no_variant_and_are_the_only_ones_without_leave() -> None:
    frame = pl.DataFrame({"name": ["Xã Quỳnh Thọ", "Xa Quynh Tho"], "district": ["Huyện Quỳnh Phụ"] * 2})
    strict = resolve(frame, "name", "district", DAYS[0])
    lenient = resolve(frame, "name", "district", DAYS[0], accepts_variants=True)
    assert strict["unit_code"].to_list() == ["12487", None]
    assert lenient["unit_code"].to_list() == ["12487", "12487"]
    assert lenient["by_variant"].to_list() == [False, True]


@given(st.text(), st.one_of(st.none(), st.text()))
def test_any_text_has_an_answer_or_none_without_error(name: str, district: str | None) -> None:
    assert isinstance(gazetteer(DAYS[0]).find(name, district), frozenset)
