"""Periods: the slices of time that files cover, as ISO texts, and when a file about one of them is due."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class Cadence(StrEnum):
    """How often a supplier owes a file."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    TERMLY = "termly"
    YEARLY = "yearly"
    ON_CHANGE = "on_change"


@dataclass(frozen=True)
class Span:
    """A period as dates, both ends included."""

    first_on: date
    last_on: date


_FORMS = {
    "day": re.compile(r"^(\d{4})-(\d{2})-(\d{2})$"),
    "week": re.compile(r"^(\d{4})-W(\d{2})$"),
    "quarter": re.compile(r"^(\d{4})-Q([1-4])$"),
    "term": re.compile(r"^(\d{4})-T([12])$"),
    "month": re.compile(r"^(\d{4})-(\d{2})$"),
    "year": re.compile(r"^(\d{4})$"),
}
_FORM_OF = {
    Cadence.DAILY: "day",
    Cadence.ON_CHANGE: "day",
    Cadence.WEEKLY: "week",
    Cadence.MONTHLY: "month",
    Cadence.QUARTERLY: "quarter",
    Cadence.TERMLY: "term",
    Cadence.YEARLY: "year",
}
# School years begin in September and break in the middle of January; the summer is counted to the second term, so that
# every day lies in one. The province names the exact days of a year by decision; no figure depends on them.
_TERM_BEGINS = {1: (9, 1), 2: (1, 16)}
LONGEST_DAYS = 366
"""Days of the longest period there is, a leap year."""


def kind_of(period: str) -> str:
    """`day`, `week`, `quarter`, `term`, `month` or `year`, as a period is written. ValueError for any other text."""
    for kind, form in _FORMS.items():
        if form.match(period):
            return kind
    raise ValueError(f"{period!r} is no period")


def is_period_of(period: str, cadence: Cadence) -> bool:
    """Whether the text names a real period of that cadence."""
    if not _FORMS[_FORM_OF[cadence]].match(period):
        return False
    try:
        span(period)
    except ValueError:
        return False
    return True


def span(period: str) -> Span:
    """First and last day of a period such as `2023`, `2023-Q4`, `2023-12`, `2023-W05`, `2023-T1` or `2023-12-31`.

    Terms bear the year in which their school year begins: `2023-T2` is that of spring 2024.

    Raises ValueError for any other text and for dates that do not exist.
    """
    for form, pattern in _FORMS.items():
        if match := pattern.match(period):
            parts = [int(part) for part in match.groups()]
            return _SPANS[form](*parts)
    raise ValueError(f"not a period: {period!r}")


def _day_span(year: int, month: int, day: int) -> Span:
    on = date(year, month, day)
    return Span(on, on)


def _week_span(year: int, week: int) -> Span:
    monday = date.fromisocalendar(year, week, 1)
    return Span(monday, monday + timedelta(days=6))


def _month_span(year: int, month: int) -> Span:
    first_on = date(year, month, 1)
    next_month = date(year + month // 12, month % 12 + 1, 1)
    return Span(first_on, next_month - timedelta(days=1))


def _quarter_span(year: int, quarter: int) -> Span:
    return Span(date(year, 3 * quarter - 2, 1), _month_span(year, 3 * quarter).last_on)


def _term_span(year: int, term: int) -> Span:
    second_on = date(year + 1, *_TERM_BEGINS[2])
    if term == 1:
        return Span(date(year, *_TERM_BEGINS[1]), second_on - timedelta(days=1))
    return Span(second_on, date(year + 1, *_TERM_BEGINS[1]) - timedelta(days=1))


def _year_span(year: int) -> Span:
    return Span(date(year, 1, 1), date(year, 12, 31))


_SPANS: dict[str, Callable[..., Span]] = {
    "day": _day_span,
    "week": _week_span,
    "quarter": _quarter_span,
    "term": _term_span,
    "month": _month_span,
    "year": _year_span,
}


def of_day(on: date, cadence: Cadence) -> str:
    """The period of a cadence that holds a day."""
    if cadence is Cadence.WEEKLY:
        year, week, _ = on.isocalendar()
        return f"{year}-W{week:02d}"
    if cadence is Cadence.MONTHLY:
        return f"{on:%Y-%m}"
    if cadence is Cadence.QUARTERLY:
        return f"{on.year}-Q{(on.month + 2) // 3}"
    if cadence is Cadence.TERMLY:
        return _term_of_day(on)
    if cadence is Cadence.YEARLY:
        return f"{on.year}"
    return on.isoformat()


def like(cadence: Cadence) -> str:
    """A period of a cadence, to show people how one is written."""
    return of_day(date(2023, 5, 17), cadence)


def _term_of_day(on: date) -> str:
    if on >= date(on.year, *_TERM_BEGINS[1]):
        return f"{on.year}-T1"
    return f"{on.year - 1}-T{2 if on >= date(on.year, *_TERM_BEGINS[2]) else 1}"


def between(first_on: date, last_on: date, cadence: Cadence) -> Iterator[str]:
    """The periods of a cadence that lie wholly within two days, in order; none for lists sent on change."""
    if cadence is Cadence.ON_CHANGE:
        return
    on = first_on
    while on <= last_on:
        period = of_day(on, cadence)
        days = span(period)
        if days.first_on >= first_on and days.last_on <= last_on:
            yield period
        on = days.last_on + timedelta(days=1)
