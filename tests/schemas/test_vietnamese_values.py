"""Dates half known, amounts in words, tax codes, insurance numbers, telephones: what is read, told, refused and never shown."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.column_types import (
    Amount,
    ColumnType,
    HealthCard,
    InsuranceNumber,
    PartialDay,
    Phone,
    TaxCode,
)


def read(column_type: ColumnType, *texts: str | None) -> list[object]:
    frame = pl.DataFrame({"text": texts}, schema={"text": pl.String})
    return frame.select(column_type.read(pl.col("text")).alias("value"))["value"].to_list()


def raised(column_type: ColumnType, text: str) -> set[str]:
    """The flags and the changes of one text."""
    frame = pl.DataFrame({"text": [text]}).with_columns(column_type.read(pl.col("text")).alias("value"))
    flags = [flag.hit.alias(flag.kind) for flag in column_type.flags(pl.col("text"), pl.col("value"))]
    changes = [hit.alias(kind) for kind, hit in column_type.changes(pl.col("text")).items()]
    (hits,) = frame.select(*flags, *changes, pl.lit(value=None).alias("none")).iter_rows(named=True)
    return {kind for kind, hit in hits.items() if hit}


def precision(text: str) -> str | None:
    frame = pl.DataFrame({"text": [text]}).with_columns(PartialDay().read(pl.col("text")).alias("value"))
    found: str | None = frame.select(PartialDay().companion(pl.col("text"), pl.col("value")).alias("it"))["it"].item()
    return found


@pytest.mark.parametrize(
    ("text", "first_day", "known"),
    [
        ("17/05/2023", date(2023, 5, 17), "day"),
        ("7.5.2023", date(2023, 5, 7), "day"),
        ("2023-05-17", date(2023, 5, 17), "day"),
        ("ngày 5 tháng 3 năm 2023", date(2023, 3, 5), "day"),
        ("Ngày 05 tháng 03 năm 1960", date(1960, 3, 5), "day"),
        ("17052023", date(2023, 5, 17), "day"),
        ("20230517", date(2023, 5, 17), "day"),
        ("20031912", date(1912, 3, 20), "day"),
        ("20230517140322", date(2023, 5, 17), "day"),
        ("45063", date(2023, 5, 17), "day"),
        ("45063.0", date(2023, 5, 17), "day"),
        ("5/3/85", date(1985, 3, 5), "day"),
        ("5-3-05", date(2005, 3, 5), "day"),
        ("3/2023", date(2023, 3, 1), "month"),
        ("2023-03", date(2023, 3, 1), "month"),
        ("tháng 3 năm 2023", date(2023, 3, 1), "month"),
        ("Tháng 12/1999", date(1999, 12, 1), "month"),
        ("1985", date(1985, 1, 1), "year"),
        ("năm 1985", date(1985, 1, 1), "year"),
        ("5/III/2023", date(2023, 3, 5), "day"),
        ("ngày mùng 5 tháng ba năm 2023", date(2023, 3, 5), "day"),
        ("ngày 17 / 05 / 2023.", date(2023, 5, 17), "day"),
        ("17-thg 5-2023", date(2023, 5, 17), "day"),
        ("17-May-23", date(2023, 5, 17), "day"),
        ("2023/05/17", date(2023, 5, 17), "day"),
        ("17/05/2023 14:03", date(2023, 5, 17), "day"),
        ("2023-05-17T14:03:22.5+07:00", date(2023, 5, 17), "day"),
        ("45063.75", date(2023, 5, 17), "day"),
        ("00/05/1985", date(1985, 5, 1), "month"),
        ("tháng mười hai năm 1985", date(1985, 12, 1), "month"),
        ("00/00/1985", date(1985, 1, 1), "year"),
        ("--/--/1985", date(1985, 1, 1), "year"),
        ("29/02/2023", None, None),
        ("29/02/2024", date(2024, 2, 29), "day"),
        ("05/17/2023", None, None),
        ("5/XIII/2023", None, None),
        ("010160", None, None),
        ("Q1/2023", None, None),
        ("17/05/2023 25:03", None, None),
        ("31/02/2020", None, None),
        ("ngày 31 tháng 2 năm 2020", None, None),
        ("13/2023", None, None),
        ("1234", None, None),
        ("99999", None, None),
        ("034190000123", None, None),
        ("5/3/185", None, None),
        ("khoảng 1985", None, None),
    ],
)
def test_partial_days(text: str, first_day: date | None, known: str | None) -> None:
    assert read(PartialDay(), text) == [first_day]
    assert precision(text) == known


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("01/01/1960", {"placeholder"}),
        ("5/3/85", {"two_digit_year"}),
        ("1/1/60", {"two_digit_year", "placeholder"}),
        ("45063", {"excel_serial"}),
        ("5/III/85", {"two_digit_year"}),
        ("00/00/1960", set()),
        ("20230517140322", {"digits14"}),
        ("1960", set()),
        ("01/2023", set()),
        ("02/01/1960", set()),
    ],
)
def test_what_is_unusual_about_a_date_is_told(text: str, kinds: set[str]) -> None:
    assert raised(PartialDay(), text) == kinds


def test_serials_are_no_dates_where_files_have_none() -> None:
    assert read(PartialDay(has_serials=False), "45063") == [None]


@given(st.dates(date(1930, 1, 2), date(2099, 12, 31)))
def test_every_way_of_writing_a_day_means_that_day(day: date) -> None:
    serial = (day - date(1899, 12, 30)).days
    texts = [
        f"{day:%d/%m/%Y}",
        f"{day:%d%m%Y}",
        f"{day:%Y%m%d}",
        f"{day.day}.{day.month}.{day.year}",
        f"ngày {day.day} tháng {day.month} năm {day.year}",
        f"{serial}",
    ]
    assert read(PartialDay(), *texts) == [day] * len(texts)


@given(st.text())
def test_a_partial_day_is_null_or_in_range(text: str) -> None:
    (day,) = read(PartialDay(), text)
    assert day is None or (isinstance(day, date) and 1900 <= day.year <= 2099)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1234", "1234"),
        ("1.234.567", "1234567"),
        ("1.234.567,89", "1234567.89"),
        ("1,234,567.89", "1234567.89"),
        ("0,25", "0.25"),
        ("1234.5", "1234.5"),
        ("15 tỷ", "15000000000"),
        ("1,5 triệu", "1500000"),
        ("1.5 Triệu đồng", "1500000"),
        ("500 ngàn đ", "500000"),
        ("2.500.000 VNĐ", "2500000"),
        ("(2.000.000)", "-2000000"),
        ("-5", "-5"),
        ("\u22125", "-5"),
        ("+1500", "1500"),
        ("1 234 567,5", "1234567.5"),
        ("1'234'567", "1234567"),
        ("\u20ab15.000", "15000"),
        ("15.000 đ", "15000"),
        ("VND -1.500", "-1500"),
        ("1 tỷ 200 triệu", "1200000000"),
        ("3 triệu 500 nghìn đồng", "3500000"),
        ("200 triệu 1 tỷ", None),
        ("1 tỷ 2", None),
        ("2tr5", None),
        ("1.234 tỷ đồng", None),
        ("1.23457E+11", None),
        ("1 23 456", None),
        ("1'234.567", "1234.57"),
        ("0.335", "0.34"),
        ("1.234", None),
        ("1,234", None),
        ("1.234 tỷ", None),
        ("1.23.456", None),
        ("12 người", None),
        ("0912345678", None),
        ("1234567890123456789", None),
        ("", None),
        ("tỷ", None),
    ],
)
def test_amounts(text: str, amount: str | None) -> None:
    assert read(Amount(), text) == [None if amount is None else Decimal(amount)]


def test_one_mark_before_three_digits_is_a_rule_hit_and_not_a_guess() -> None:
    assert raised(Amount(), "1.234") == {"ambiguous"}
    assert raised(Amount(), "1.234 tỷ") == {"ambiguous"}
    assert raised(Amount(), "1 tỷ 2") == {"ambiguous"}
    assert raised(Amount(), "2tr5") == {"ambiguous"}
    assert raised(Amount(), "0.234") == {"rounded"}
    assert raised(Amount(), "1.234.567") == {"digit_grouping"}


def test_a_contract_that_knows_its_notation_has_no_ambiguity() -> None:
    assert read(Amount(decimal_mark=",", decimals=3), "1.234", "1,234") == [Decimal(1234), Decimal("1.234")]
    assert read(Amount(decimal_mark=".", decimals=3), "1.234", "1,234") == [Decimal("1.234"), Decimal(1234)]
    assert raised(Amount(decimal_mark=","), "1.234") == {"digit_grouping"}
    assert raised(Amount(decimal_mark=",", decimals=3), "1,234") == set()


def test_whole_amounts_have_groups_only_and_no_halves() -> None:
    assert read(Amount(decimals=0), "1.234", "1,234", "12.0", "12,5", "1,5 tỷ") == [1234, 1234, 12, None, 1_500_000_000]
    assert raised(Amount(decimals=0), "1.234 tỷ") == {"ambiguous"}


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=2, allow_nan=False))
def test_both_notations_give_the_same_exact_amount(amount: Decimal) -> None:
    english = f"{amount:,}"
    vietnamese = english.translate(str.maketrans(",.", ".,"))
    expected = [amount] * 2 if amount else [Decimal(0)] * 2
    assert read(Amount(), english, vietnamese) == expected


def test_a_number_that_excel_cut_short_is_told_apart() -> None:
    for column_type in (Amount(), Amount(decimals=0), Amount(decimal_mark=",")):
        assert raised(column_type, "1.23457E+11") == {"scientific"}


def test_decimals_where_none_can_be_are_not_counted_as_a_change() -> None:
    assert raised(Amount(decimals=0), "1.234.567,89") == set()
    assert raised(Amount(decimals=0), "1.234.567,00") == {"digit_grouping"}


@given(st.integers(1, 999), st.integers(1, 999), st.integers(1, 999))
def test_parts_in_falling_units_add_up(billions: int, millions: int, thousands: int) -> None:
    assert read(
        Amount(decimals=0), f"{billions} tỷ {millions} triệu {thousands} nghìn", f"{millions}tr {thousands} ngàn"
    ) == [
        billions * 10**9 + millions * 10**6 + thousands * 10**3,
        millions * 10**6 + thousands * 10**3,
    ]


@given(st.decimals(min_value=1000, max_value=10**12, places=2, allow_nan=False), st.sampled_from(" '\u2019"))
def test_groups_apart_by_spaces_or_apostrophes_are_one_number(amount: Decimal, mark: str) -> None:
    grouped = f"{amount:,}".replace(",", mark)
    assert read(Amount(), grouped, grouped.replace(".", ",")) == [amount] * 2


@given(st.integers(1, 999), st.integers(0, 9), st.sampled_from([("nghìn", 3), ("triệu", 6), ("tỷ", 9)]))
def test_words_for_units_multiply(whole: int, tenth: int, unit: tuple[str, int]) -> None:
    word, power = unit
    assert read(Amount(decimals=0), f"{whole},{tenth} {word}") == [(whole * 10 + tenth) * 10 ** (power - 1)]


@given(st.text())
def test_any_text_is_an_amount_or_not_without_error(text: str) -> None:
    (amount,) = read(Amount(), text)
    assert amount is None or isinstance(amount, Decimal)


def tax_code(nine: str) -> str | None:
    """Ten digits by the published weights; None where no tenth digit fits."""
    check = (
        10
        - sum(int(digit) * weight for digit, weight in zip(nine, (31, 29, 23, 19, 17, 13, 7, 5, 3), strict=True)) % 11
    )
    return f"{nine}{check}" if check < 10 else None


def test_tax_codes() -> None:
    written = ["0100109106", "0100109106-001", "0100109106001", "034190000123", "0100109107", "100109106", "MST 1"]
    assert read(TaxCode(), *written) == [
        "0100109106",
        "0100109106-001",
        "0100109106-001",
        "034190000123",
        None,
        None,
        None,
    ]
    assert read(TaxCode(), "0100109106 - 001", "003190000123") == ["0100109106-001", None]
    assert raised(TaxCode(), "34190000123") == {"leading_zero"}
    assert raised(TaxCode(), "0100109107") == {"check_digit"}
    assert raised(TaxCode(), "0100109107-001") == {"check_digit"}
    assert raised(TaxCode(), "100109106") == {"leading_zero"}
    assert raised(TaxCode(), "0100109106001") == {"branch_form"}


@given(st.text("0123456789", min_size=9, max_size=9))
def test_exactly_one_tenth_digit_at_most_makes_a_tax_code(nine: str) -> None:
    values = read(TaxCode(), *(f"{nine}{digit}" for digit in range(10)))
    expected = tax_code(nine)
    assert [value for value in values if value is not None] == ([] if expected is None else [expected])


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0912345678", "0912345678"),
        ("+84912345678", "0912345678"),
        ("84 912 345 678", "0912345678"),
        ("+84 (0)912.345.678", "0912345678"),
        ("0084912345678", "0912345678"),
        ("912345678", "0912345678"),
        ("0912.345.678", "0912345678"),
        ("0168 234 5678", "0382345678"),
        ("1682345678", "0382345678"),
        ("0227 3731 234", "02273731234"),
        ("0112345678", None),
        ("0123", None),
        ("09123456789", None),
        ("không có", None),
    ],
)
def test_phones(text: str, number: str | None) -> None:
    assert read(Phone(), text) == [number]


def test_what_was_done_to_a_phone_number_is_told() -> None:
    assert raised(Phone(), "912345678") == {"leading_zero"}
    assert raised(Phone(), "+84912345678") == {"country_code"}
    assert raised(Phone(), "01682345678") == {"old_prefix"}
    assert raised(Phone(), "1682345678") == {"old_prefix", "leading_zero"}
    assert raised(Phone(), "9.12346E+8") == {"scientific"}
    assert raised(Phone(), "0912345678") == set()


@given(st.text("35789", min_size=1, max_size=1), st.text("0123456789", min_size=8, max_size=8))
def test_every_way_of_writing_a_mobile_number_is_one_number(network: str, rest: str) -> None:
    number = f"{network}{rest}"
    assert (
        read(Phone(), f"0{number}", f"+84{number}", f"84{number}", number, f"0{network} {rest}") == [f"0{number}"] * 5
    )


def test_insurance_numbers_and_health_cards() -> None:
    assert read(InsuranceNumber(), "0123456789", "123456789", "12345678901") == ["0123456789", None, None]
    assert read(InsuranceNumber(), "012 345 6789") == ["0123456789"]
    assert raised(InsuranceNumber(), "012 345 6789") == {"grouping"}
    assert raised(InsuranceNumber(), "123456789") == {"leading_zero"}
    assert read(HealthCard(), "HS4012345678901", "hs 4 01 2345678901", "HS9012345678901", "0123456789") == [
        "HS4012345678901",
        "HS4012345678901",
        None,
        None,
    ]
    assert raised(HealthCard(), "HS 4 01 2345678901") == {"grouping"}


PERSONAL = [
    "Nguyễn Văn Bí Mật",
    "034190000123",
    "34190000123",
    "151234567",
    "0912345678",
    "912345678",
    "+84912345678",
    "HS4012345678901",
    "0100109106",
    "0100109106-001",
]


@pytest.mark.parametrize("text", PERSONAL)
@pytest.mark.parametrize(
    "column_type",
    [Amount(), Amount(decimals=0), PartialDay(), TaxCode(), InsuranceNumber(), HealthCard(), Phone()],
    ids=lambda column_type: type(column_type).__name__,
)
def test_what_identifies_a_person_is_never_shown_by_any_type(column_type: ColumnType, text: str) -> None:
    pattern = column_type.safe_pattern
    assert pattern is None or not pl.Series([text]).str.contains(pattern).item()


@pytest.mark.parametrize("text", ["1.234", "12,5 triệu", "1.234.567,89", "(2.000)", "15 tỷ đồng"])
def test_amounts_are_shown(text: str) -> None:
    assert pl.Series([text]).str.contains(Amount.safe_pattern).item()


@pytest.mark.parametrize("text", ["5/3/85", "ngày 5 tháng 3 năm 2023", "Tháng 3/2023", "45063", "1985"])
def test_dates_are_shown(text: str) -> None:
    assert pl.Series([text]).str.contains(PartialDay.safe_pattern).item()


@given(st.from_regex(PartialDay.safe_pattern.replace("(?i:", "(?:"), fullmatch=True))
def test_a_date_that_is_shown_has_no_name_in_it(text: str) -> None:
    words = "".join(character if character.isalpha() else " " for character in text.lower()).split()
    assert set(words) <= {"ngày", "tháng", "năm", "t"}
