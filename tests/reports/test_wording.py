"""Numbers, dates and words in both languages."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal

import pytest

from reports import wording
from reports.wording import Amount, Bilingual
from schemas.extracts import all_extracts
from schemas.reference import tables


@pytest.mark.parametrize(
    ("amount", "vi", "en"),
    [(0, "0", "0"), (491643, "491.643", "491,643"), (1e15, "1.000.000.000.000.000", "1,000,000,000,000,000")],
)
def test_counts(amount: Amount, vi: str, en: str) -> None:
    assert wording.count(amount) == Bilingual(vi, en)


@pytest.mark.parametrize(
    ("share", "beside", "vi"),
    [
        (0.5432, None, "54,3\u00a0%"),
        (0.9, 0.9, "90,0\u00a0%"),
        (Decimal("0.9"), 0.9, "90,0\u00a0%"),
        (0.8996, 0.9, "89,96\u00a0%"),
        (0.54004, 0.54, "54,004\u00a0%"),
        (0.1 + 0.2, 0.3, "30,0\u00a0%"),
        (1.2065, None, "120,7\u00a0%"),
        (12.5, None, "1.250,0\u00a0%"),
    ],
)
def test_shares(share: Amount, beside: Amount | None, vi: str) -> None:
    assert wording.percent(share, beside=beside).vi == vi


@pytest.mark.parametrize(
    "text",
    [
        wording.count(1_234_567),
        wording.percent(0.1234),
        wording.score(4.5),
        Bilingual("1 / 1", "1 / 1"),
        wording.NOTHING,
    ],
)
def test_numbers_that_differ_in_their_marks_only_can_stand_once(text: Bilingual) -> None:
    assert wording.is_swapped(text)


@pytest.mark.parametrize(
    "text", [wording.money(15_000), wording.day(date(2024, 1, 5)), Bilingual("HaTang.xlsx", "HaTang.xlsx")]
)
def test_what_differs_in_words_or_must_not_be_swapped_stands_twice(text: Bilingual) -> None:
    assert not wording.is_swapped(text)


def test_nothing_is_a_dash() -> None:
    assert wording.count(None) == wording.percent(None) == wording.money(None) == wording.day(None) == wording.NOTHING


def test_dates() -> None:
    assert wording.day(date(2024, 1, 5)) == Bilingual("05/01/2024", "2024-01-05")
    assert wording.moment(datetime(2024, 1, 5, 2, 0)).vi == "05/01/2024 02:00"  # noqa: DTZ001


def test_one_thing_is_no_plural() -> None:
    assert wording.so_many(1, "tệp", "file", "files") == Bilingual("1 tệp", "1 file")
    assert wording.so_many(0, "tệp", "file", "files") == Bilingual("0 tệp", "0 files")
    assert wording.so_many(2000, "tệp", "file", "files") == Bilingual("2.000 tệp", "2,000 files")


def test_money_in_narrow_columns_is_in_millions() -> None:
    assert wording.millions("1245833333") == Bilingual("1.245,8", "1,245.8")


def test_unknown_codes_are_shown_not_hidden() -> None:
    assert wording.word(wording.STATUS, "new_status") == Bilingual("new_status", "new_status")


def test_legal_acts_are_named_in_the_language_shown_however_they_were_declared() -> None:
    declared = {each.legal_ground for each in all_extracts().values()} | set(tables.indicator()["legal_ground"])
    for text in declared - {"", None}:
        said = wording.legal_acts(text)
        assert not re.search("Law|Resolution|Decree|Decision|Circular", said.vi)
        assert not re.search("Luật|Nghị|Quyết|Thông", said.en)
        assert re.findall(r"\d+/[\w/-]+", said.vi) == re.findall(r"\d+/[\w/-]+", said.en)
        assert said in (wording.legal_acts(said.vi), wording.legal_acts(said.en))
    assert wording.legal_acts("Law on Civil Status 60/2014/QH13") == Bilingual(
        "Luật Hộ tịch 60/2014/QH13", "Law on Civil Status 60/2014/QH13"
    )
