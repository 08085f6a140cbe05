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
from schemas.unit_names import Gazetteer, gazetteer
from schemas.units import resolve

DAYS = [date(2023, 6, 30), date(2024, 12, 1), date(2025, 8, 1)]
TONES = "\u0300\u0301\u0303\u0309\u0323"
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
    "Eth for Đ": lambda text: text.replace("Đ", "\u00d0"),
    "i for y": lambda text: text.translate(str.maketrans("yỳýỷỹỵ", "iìíỉĩị")),
    "no-break spaces and a zero-width one": lambda text: text.replace(" ", "\u00a0") + "\u200b",
    "without tones": lambda text: unicodedata.normalize(
        "NFC", "".join(mark for mark in unicodedata.normalize("NFD", text) if mark not in TONES)
    ),
    "numbered, with a remark": lambda text: f"3. {text} (cũ)",
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


ELSEWHERE = pl.DataFrame(
    [
        ("P1", "Thành phố", "Sông Hậu Giang", None),
        ("P2", "Tỉnh", "Cao Nguyên", None),
        ("P3", "Tỉnh", "Hồ Giang", None),
        ("D1", "Quận", "1", "P1"),
        ("D2", "Quận", "10", "P1"),
        ("D3", "Huyện", "Krông Mơ", "P2"),
        ("D4", "Thành phố", "Hồ Giang", "P3"),
        ("D5", "Huyện", "Hồ Sơn - Hồ Hải", "P3"),
        ("W1", "Phường", "1", "D1"),
        ("W2", "Phường", "12", "D1"),
        ("W3", "Phường", "01", "D2"),
        ("W4", "Phường", "Phương Mỹ II", "D2"),
        ("W5", "Xã", "Ea H'Mlây", "D3"),
        ("W6", "Thị trấn", "NT Đắk Roong", "D3"),
        ("W7", "Phường", "1", "D4"),
        ("W8", "Xã", "Lai Hạ", "D5"),
        ("W9", "Xã", "Lay Hạ", "D5"),
        ("W10", "Phường", "1", "D5"),
        ("W11", "Thị trấn", "Chợ Mới", "D5"),
        ("W12", "Xã", "Tân Thạnh", "D5"),
        ("W13", "Xã", "Tân Thành", "D5"),
        ("W14", "Xã", "Chợ Mới", "D5"),
        ("W15", "Đặc khu", "Hòn Lao", "P3"),
    ],
    schema=["unit_code", "unit_type", "name", "parent_code"],
    orient="row",
)


@pytest.mark.parametrize(
    ("name", "district", "code"),
    [
        ("P.1, Q.1, TP. Sông Hậu Giang", None, "W1"),
        ("P1 - Q1 - TPSHG", None, "W1"),
        ("phuong 01 quan 01 thanh pho song hau giang", None, "W1"),
        ("Phường I", "Q.10", "W3"),
        ("phường số 12", "Quận 1", "W2"),
        ("P. Phương Mỹ 2", "Quận X", "W4"),
        ("Phuong My II", "Q10", "W4"),
        ("xã Ea H\u2019Mlay (H. Krông-Mơ, T. Cao Nguyên)", None, "W5"),
        ("EaHMlay", "Krong Mo", "W5"),
        ("thị trấn nông trường Đăk Rông", "Huyện Krông Mơ", None),
        ("TT Nông trường Đắc Roong", "Huyện Krông Mơ", "W6"),
        ("Phường 1, Hồ Giang, Hồ Giang", None, "W7"),
        ("Phường 1", "Hồ Giang", "W7"),
        ("Phường 1, Hồ Giang", None, None),
        ("Xã Lai Hạ", "Hồ Sơn - Hồ Hải", "W8"),
        ("Xã Lay Hạ, Hồ Sơn-Hồ Hải, Hồ Giang", None, "W9"),
        ("Tỉnh Hồ Giang, huyện Hồ Sơn - Hồ Hải, xã Lai Hạ", None, "W8"),
        ("Xã Lai Hạ", "huyện Hồ Sơn - Hồ Hải - tỉnh Hồ Giang", "W8"),
        ("Xã Lai Hạ, huyện Hồ Sơn - Hồ Hải tỉnh Hồ Giang", None, "W8"),
        ("Chợ Mới (TT)", "Hồ Sơn - Hồ Hải", "W11"),
        ("Chợ Mới", "Hồ Sơn - Hồ Hải", None),
        ("xa Tan Thanh", "Hồ Sơn - Hồ Hải", None),
        ("Xã Tân Thãnh", "Hồ Sơn - Hồ Hải", None),
        ("Xóm 3, thôn Đông, xã Tân Thành thuộc huyện Hồ Sơn - Hồ Hải", None, "W13"),
        ("Trường mầm non xã Tân Thạnh", "Hồ Sơn - Hồ Hải", "W12"),
        ("Đặc khu Hòn Lao", "Tỉnh Hồ Giang", "W15"),
        ("ĐK. Hon Lao, T. Ho Giang", None, "W15"),
        ("TP. Sông Hậu Giang", None, "P1"),
        ("Tỉnh Sông Hậu Giang", None, None),
        ("TP Hồ Giang", None, "D4"),
    ],
)
def test_any_list_of_units_is_searched_by_what_people_write(name: str, district: str | None, code: str | None) -> None:
    found = Gazetteer(ELSEWHERE).find(name, district)
    assert (found == {code}) if code else (len(found) != 1)


def test_a_kind_in_the_name_column_of_a_list_is_not_part_of_the_name() -> None:
    listed = ELSEWHERE.with_columns(name=pl.concat_str("unit_type", pl.lit(" "), "name"))
    assert Gazetteer(listed).find("Lai Hạ", "Huyện Hồ Sơn - Hồ Hải") == {"W8"}
    assert Gazetteer(listed).find("Phường Phương Mỹ II") == {"W4"}


def test_a_city_that_is_no_more_is_not_the_province_of_its_name() -> None:
    today = ELSEWHERE.filter(pl.col("unit_code").is_in(["P3", "W15"])).vstack(
        pl.DataFrame([("W20", "Phường", "Bờ Hồ", "P3")], schema=ELSEWHERE.schema, orient="row")
    )
    former = ELSEWHERE.vstack(pl.DataFrame([("W30", "Phường", "Bờ Hồ", "D4")], schema=ELSEWHERE.schema, orient="row"))
    assert Gazetteer(today, former).find("P. Bờ Hồ", "TP. Hồ Giang") == {"W30"}
    assert Gazetteer(today, former).find("P. Bờ Hồ", "Hồ Giang") == {"W20"}


def test_a_list_may_call_the_great_cities_provinces() -> None:
    listed = pl.DataFrame(
        [("01", "Tỉnh", "Hà Nội", None), ("1", "Phường", "Bờ Hồ", "01")], schema=ELSEWHERE.schema, orient="row"
    )
    assert Gazetteer(listed).find("P. Bờ Hồ, TP. Hà Nội") == {"1"}


def test_a_wrong_tone_is_forgiven_only_within_a_place() -> None:
    assert gazetteer(DAYS[0]).find("Xã Quỳnh Thợ", "Huyện Quỳnh Phụ") == {"12487"}
    assert gazetteer(DAYS[0]).find("Xã Quỳnh Thợ") == frozenset()
