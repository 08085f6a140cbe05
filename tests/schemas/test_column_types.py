"""How texts become values: each type with the forms people write, and what it refuses to guess."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.column_types import (
    AgencyCode,
    Amount,
    CodeList,
    ColumnType,
    Day,
    Moment,
    PartialDay,
    Pattern,
    PersonalNumber,
    PersonName,
    Phone,
    ProcedureCode,
    Share,
    TaxCode,
    Text,
    WholeNumber,
    YesNo,
    dossier_code,
)


def read(column_type: ColumnType, *texts: str | None) -> list[object]:
    frame = pl.DataFrame({"text": texts}, schema={"text": pl.String})
    return frame.select(column_type.read(pl.col("text")).alias("value"))["value"].to_list()


def raised(column_type: ColumnType, text: str) -> set[str]:
    frame = pl.DataFrame({"text": [text]}).with_columns(column_type.read(pl.col("text")).alias("value"))
    flags = column_type.flags(pl.col("text"), pl.col("value"))
    hits = frame.select(flag.hit.fill_null(value=False).alias(flag.kind) for flag in flags)
    return {name for name in hits.columns if hits[name].item()}


def shown(column_type: ColumnType, text: str) -> bool:
    pattern = column_type.safe_pattern
    return pattern is not None and pl.Series([text]).str.contains(pattern).item()


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2023-05-17", date(2023, 5, 17)),
        ("17/05/2023", date(2023, 5, 17)),
        ("7/5/2023", date(2023, 5, 7)),
        ("17-05-2023", date(2023, 5, 17)),
        ("2023-05-17T14:03:22", date(2023, 5, 17)),
        ("2023-05-17 14:03:22", date(2023, 5, 17)),
        ("20230517140322", date(2023, 5, 17)),
        ("2023-02-30", None),
        ("31/04/2023", None),
        ("20230230140322", None),
        ("20230517", date(2023, 5, 17)),
        ("17052023", date(2023, 5, 17)),
        ("17.05.2023", date(2023, 5, 17)),
        ("5/3/85", date(1985, 3, 5)),
        ("5/3/23", date(2023, 3, 5)),
        ("ngày 5 tháng 3 năm 2023", date(2023, 3, 5)),
        ("45063", date(2023, 5, 17)),
        ("12487", None),
        ("2023-05-17T20:03:22Z", date(2023, 5, 18)),
        ("05/2023", None),
        ("2023", None),
        ("29/02/2023", None),
        ("05/17/2023", None),
        ("034190000123", None),
        ("0023-05-17", None),
        ("hôm qua", None),
        (None, None),
    ],
)
def test_days(text: str | None, day: date | None) -> None:
    assert read(Day(), text) == [day]


@given(st.lists(st.one_of(st.none(), st.dates(date(1900, 1, 1), date(2099, 12, 31))), max_size=20), st.data())
def test_a_day_is_read_the_same_whatever_stands_around_it(days: list[date | None], data: st.DataObject) -> None:
    forms = ["%Y-%m-%d", "%d/%m/%Y", "%Y%m%d000000", "%Y-%m-%dT00:00:00"]
    texts = [None if day is None else day.strftime(data.draw(st.sampled_from(forms))) for day in days]
    # strftime leaves out the leading zeros of years before 1000, of which there are none here.
    assert read(Day(), *texts) == days


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2023-05-17T14:03:22Z", datetime(2023, 5, 17, 21, 3, 22)),  # noqa: DTZ001 - local time, as the column is
        ("2023-05-17T14:03:22.123+07:00", datetime(2023, 5, 17, 14, 3, 22)),  # noqa: DTZ001
        ("2023-05-17T14:03:22-0530", datetime(2023, 5, 18, 2, 33, 22)),  # noqa: DTZ001
        ("17/05/2023 14:03", datetime(2023, 5, 17, 14, 3)),  # noqa: DTZ001
        ("17/5/2023 2:03:22 CH", datetime(2023, 5, 17, 14, 3, 22)),  # noqa: DTZ001
        ("17/5/2023 12:03 SA", datetime(2023, 5, 17, 0, 3)),  # noqa: DTZ001
        ("14:03:22 17/05/2023", datetime(2023, 5, 17, 14, 3, 22)),  # noqa: DTZ001
        ("45063.5", datetime(2023, 5, 17, 12)),  # noqa: DTZ001
        ("17/05/2023 14:63", None),
        ("17/05/2023 lúc 14", None),
        ("14:03", None),
    ],
)
def test_moments(text: str, moment: datetime | None) -> None:
    assert read(Moment(), text) == [moment]


@given(st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1)), st.integers(-12, 14))  # noqa: DTZ001
def test_a_moment_of_another_zone_is_the_same_moment_here(moment: datetime, zone: int) -> None:
    local = moment.replace(microsecond=0)
    there = local + timedelta(hours=zone - 7)
    assert read(Moment(), f"{there.isoformat()}{zone:+03d}:00") == [local]


def test_what_was_done_to_a_day_is_told() -> None:
    changes = Day().changes(pl.col("text"))
    told = pl.DataFrame({"text": ["45063", "2023-05-17T14:03:22Z", "2023-05-17", "12487"]}).select(**changes)
    assert told["excel_serial"].to_list() == [True, False, False, False]
    assert told["time_zone"].to_list() == [False, True, False, False]
    assert raised(Day(), "5/3/85") == {"two_digit_year"}


def test_fourteen_digits_are_read_with_a_word_to_the_supplier() -> None:
    assert raised(Day(), "20230517140322") == {"digits14"}
    assert raised(Moment(), "20230517140322") == {"digits14"}
    assert raised(Day(), "2023-05-17") == set()
    assert read(Moment(), "20230517140322") == [datetime(2023, 5, 17, 14, 3, 22)]  # noqa: DTZ001 - local time without a zone, as the column is


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1234", 1234),
        ("1.234", 1234),
        ("1,234", 1234),
        ("1.234.567", 1234567),
        ("1.234.000,00", 1234000),
        ("1,234,000.00", 1234000),
        ("12.0", 12),
        ("-5", -5),
        ("+5", 5),
        ("1 234 567", 1234567),
        ("1'234'567", 1234567),
        ("1 23", None),
        ("1.5E+7", None),
        ("1.5", None),
        ("1.2345", None),
        ("1.234,5", None),
        ("12 người", None),
        ("", None),
        ("0x10", None),
    ],
)
def test_whole_numbers(text: str, number: int | None) -> None:
    assert read(WholeNumber(), text) == [number]


@given(st.integers(-(10**11), 10**11))
def test_grouping_does_not_change_a_number(number: int) -> None:
    texts = [f"{number}", f"{number:,}", f"{number:,}".replace(",", ".")]
    assert read(WholeNumber(), *texts) == [number] * 3


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("54,3%", 0.543),
        ("54.3 %", 0.543),
        ("54.3", 0.543),
        ("100%", 1.0),
        ("0", 0.0),
        ("0.543", None),
        ("1", None),
        ("0,5%", 0.005),
    ],
)
def test_shares(text: str, share: float | None) -> None:
    (value,) = read(Share(), text)
    assert value == (None if share is None else pytest.approx(share))


def test_a_bare_number_up_to_one_is_not_guessed() -> None:
    assert raised(Share(), "0.543") == {"ambiguous"}
    assert raised(Share(), "1") == {"ambiguous"}
    assert raised(Share(), "1%") == set()


def test_a_column_that_says_what_its_bare_numbers_are_has_no_doubt() -> None:
    assert read(Share(bare="percent"), "0,5", "1", "12.5", "12,5 phần trăm") == [0.005, 0.01, 0.125, 0.125]
    assert read(Share(bare="fraction"), "0,125", "1", "12,5%", "12.5") == [0.125, 1.0, 0.125, None]
    assert raised(Share(bare="percent"), "0,5") == raised(Share(bare="fraction"), "0,5") == set()


def test_three_spellings_of_a_share_are_one_share() -> None:
    (by_sign,) = read(Share(), "12,5%")
    assert [by_sign] == read(Share(bare="percent"), "12.5") == read(Share(bare="fraction"), "0.125")


def test_agency_codes_of_both_orders_become_one() -> None:
    written = ["H54", "000.00.00.H54", "H54.05", "000.00.05.H54", "H54.31.12", "000.12.31.H54"]
    assert read(AgencyCode(), *written) == ["H54", "H54", "H54.05", "H54.05", "H54.31.12", "H54.31.12"]
    assert read(AgencyCode(), "h54.05", "H54.05.00", "H54.00.00", "007.12.31.H54") == [
        "H54.05",
        "H54.05",
        "H54",
        "H54.31.12.007",
    ]
    assert read(AgencyCode(), "H54-05", "000.00.05", "Sở Tư pháp") == [None] * 3


LEVELS = st.tuples(st.integers(0, 99), st.integers(0, 99), st.integers(0, 999)).map(
    lambda levels: (f"{levels[0]:02d}", f"{levels[1]:02d}", f"{levels[2]:03d}")
)


@given(LEVELS)
def test_an_agency_is_the_same_in_both_orders(levels: tuple[str, str, str]) -> None:
    second, third, fourth = levels
    assert len(set(read(AgencyCode(), f"H54.{second}.{third}.{fourth}", f"{fourth}.{third}.{second}.H54"))) == 1


@given(LEVELS, st.dates(date(2015, 1, 1), date(2099, 12, 31)), st.integers(0, 999_999))
def test_a_dossier_is_the_same_in_both_orders(levels: tuple[str, str, str], day: date, number: int) -> None:
    second, third, fourth = levels
    rest = f"{day:%y%m%d}-{number:04d}"
    old, new = f"{fourth}.{third}.{second}.H54", f"H54.{second}.{third}.{fourth}"
    written = [f"{old}-{rest}", f"{new}-{rest}", f"{new.lower()} - {rest}", f"{old.lower()} -{rest}"]
    assert read(dossier_code(), *written) == [f"{old}-{rest}"] * 4


def test_a_dossier_code_needs_a_day_that_can_be() -> None:
    written = ["000.00.53.H54-231317-0001", "H54.53-230532-0001", "H54.53-2305-0001", "000.00.53-230517-0001", None]
    assert read(dossier_code(), *written) == [None] * 5
    assert read(dossier_code(), "H54.53-230517-0001") == ["000.00.53.H54-230517-0001"]


def test_procedure_codes_lose_their_suffix_and_say_so() -> None:
    assert read(ProcedureCode(), "1.001193", "1.001193.000.00.00.H54", "1.0011") == ["1.001193", "1.001193", None]
    assert raised(ProcedureCode(), "1.001193.H54") == {"suffix"}
    assert raised(ProcedureCode(), "1.001193") == set()


def test_personal_numbers_are_never_completed() -> None:
    assert read(PersonalNumber(), "034190000123", "34190000123", "151234567", "0341900001234") == [
        "034190000123",
        None,
        None,
        None,
    ]
    assert read(PersonalNumber(), "034 190 000 123", "034.190.000.123", "003190000123", "034490000123") == [
        "034190000123",
        "034190000123",
        None,
        None,
    ]
    assert raised(PersonalNumber(), "003190000123") == {"no_such_place"}
    assert raised(PersonalNumber(), "034490000123") == {"no_such_century"}
    assert raised(PersonalNumber(), "3.41900E+10") == {"scientific"}
    assert raised(PersonalNumber(), "34190000123") == {"leading_zero"}
    assert raised(PersonalNumber(), "151234567") == {"old_card"}


@pytest.mark.parametrize("column_type", [Text(), Pattern(pattern="^[0-9A-Z]+$", vi="mã", en="a code")])
def test_a_text_may_look_like_a_power_of_ten_but_not_as_a_spreadsheet_shows_one(column_type: ColumnType) -> None:
    assert [raised(column_type, text) for text in ("2E3", "1E5", "9704150012345678")] == [set(), set(), set()]
    cut = ("9.70415001234568E+15", "9,70415E+15", "1E+21", "-2E+15")
    assert [raised(column_type, text) for text in cut] == [{"scientific"}] * len(cut)


def test_yes_and_no() -> None:
    assert read(YesNo(), "1", "0", "Có", "không", "TRUE", "false", "x", "2") == [
        True,
        False,
        True,
        False,
        True,
        False,
        None,
        None,
    ]


def test_code_lists_compare_without_case() -> None:
    levels = CodeList(codes={"Tỉnh": "province", "Xã": "commune"}, vi="…", en="…")
    assert read(levels, "tỉnh", "XÃ", "Thôn") == ["province", "commune", None]


@pytest.mark.parametrize("texts", [[], [None, None], [None, "?"]], ids=str)
@pytest.mark.parametrize(
    "column_type",
    [
        AgencyCode(),
        Amount(),
        Day(),
        Moment(),
        PartialDay(),
        PersonalNumber(),
        PersonName(),
        Phone(),
        Share(),
        TaxCode(),
        WholeNumber(),
        YesNo(),
        dossier_code(),
    ],
    ids=lambda column_type: type(column_type).__name__,
)
def test_a_column_with_nothing_to_read_has_the_type_it_should(column_type: ColumnType, texts: list[str | None]) -> None:
    frame = pl.DataFrame({"text": texts}, schema={"text": pl.String})
    value = frame.select(column_type.read(pl.col("text")).alias("value"))["value"]
    assert value.dtype == column_type.dtype
    assert value.drop_nulls().to_list() == (["?"] if isinstance(column_type, PersonName) and "?" in texts else [])


PERSONAL = [
    "Nguyễn Văn Bí Mật",
    "034190000123",
    "34190000123",
    "151234567",
    "0912345678",
    "+84912345678",
    "HS4012345678901",
]


@pytest.mark.parametrize("text", PERSONAL)
@pytest.mark.parametrize(
    "column_type",
    [
        Day(),
        Moment(),
        WholeNumber(),
        Share(),
        AgencyCode(),
        ProcedureCode(),
        PersonalNumber(),
        PersonName(),
        YesNo(),
        dossier_code(),
    ],
    ids=lambda column_type: type(column_type).__name__,
)
def test_what_identifies_a_person_is_never_shown_by_any_type(column_type: ColumnType, text: str) -> None:
    assert not shown(column_type, text)
