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
    "month": re.compile(r"^(\d{4})-(\d{2})$"),
    "year": re.compile(r"^(\d{4})$"),
}
_FORM_OF = {
    Cadence.DAILY: "day",
    Cadence.ON_CHANGE: "day",
    Cadence.WEEKLY: "week",
    Cadence.MONTHLY: "month",
    Cadence.QUARTERLY: "quarter",
}


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
    """First and last day of a period such as `2023`, `2023-Q4`, `2023-12`, `2023-W05` or `2023-12-31`.

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


def _year_span(year: int) -> Span:
    return Span(date(year, 1, 1), date(year, 12, 31))


_SPANS: dict[str, Callable[..., Span]] = {
    "day": _day_span,
    "week": _week_span,
    "quarter": _quarter_span,
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
    return on.isoformat()


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
