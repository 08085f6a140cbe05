"""Periods: their days, their names, and what is no period."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.periods import LONGEST_DAYS, Cadence, between, is_period_of, kind_of, of_day, span


@pytest.mark.parametrize(
    ("period", "first_on", "last_on"),
    [
        ("2023", date(2023, 1, 1), date(2023, 12, 31)),
        ("2023-Q4", date(2023, 10, 1), date(2023, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2023-12", date(2023, 12, 1), date(2023, 12, 31)),
        ("2023-W52", date(2023, 12, 25), date(2023, 12, 31)),
        ("2024-W01", date(2024, 1, 1), date(2024, 1, 7)),
        ("2023-12-31", date(2023, 12, 31), date(2023, 12, 31)),
        ("2023-T1", date(2023, 9, 1), date(2024, 1, 15)),
        ("2023-T2", date(2024, 1, 16), date(2024, 8, 31)),
    ],
)
def test_spans(period: str, first_on: date, last_on: date) -> None:
    assert (span(period).first_on, span(period).last_on) == (first_on, last_on)


@pytest.mark.parametrize(
    ("period", "kind"),
    [("2023", "year"), ("2023-Q4", "quarter"), ("2023-04", "month"), ("2023-W04", "week"), ("2023-T1", "term")],
)
def test_a_period_says_of_what_kind_it_is(period: str, kind: str) -> None:
    assert kind_of(period) == kind
    with pytest.raises(ValueError, match="no period"):
        kind_of(f"{period}x")


@pytest.mark.parametrize("text", ["2023-13", "2023-02-30", "2023-W54", "2023-Q5", "2023-T3", "23-01", "", "../2023"])
def test_what_is_no_period(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        span(text)
    assert not any(is_period_of(text, cadence) for cadence in Cadence)


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.sampled_from(list(Cadence)))
def test_a_day_lies_in_its_own_period(on: date, cadence: Cadence) -> None:
    period = of_day(on, cadence)
    assert is_period_of(period, cadence)
    assert span(period).first_on <= on <= span(period).last_on


def test_periods_between_two_days_follow_each_other() -> None:
    weeks = list(between(date(2023, 1, 1), date(2023, 12, 31), Cadence.WEEKLY))
    assert (weeks[0], weeks[-1], len(weeks)) == ("2023-W01", "2023-W52", 52)
    assert list(between(date(2023, 1, 1), date(2023, 12, 31), Cadence.ON_CHANGE)) == []


def test_a_year_is_a_period_of_its_own() -> None:
    assert list(between(date(2022, 2, 1), date(2024, 12, 31), Cadence.YEARLY)) == ["2023", "2024"]
    assert not is_period_of("2023-05", Cadence.YEARLY)


def test_terms_bear_the_year_their_school_year_begins_in() -> None:
    assert list(between(date(2023, 1, 16), date(2024, 8, 31), Cadence.TERMLY)) == ["2022-T2", "2023-T1", "2023-T2"]


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.sampled_from(list(Cadence)))
def test_no_period_is_longer_than_the_longest(on: date, cadence: Cadence) -> None:
    days = span(of_day(on, cadence))
    assert (days.last_on - days.first_on).days + 1 <= LONGEST_DAYS
