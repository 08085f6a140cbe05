"""Where a figure ends up if the year goes on as it has: a straight line, shown as a projection and never as a result.

What belongs here: the line and when there is too little to draw one. What does not: how a figure is computed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import accumulate
from statistics import linear_regression
from typing import Final

from reports import figures, prose, wording
from reports.published import Row
from reports.wording import Bilingual
from schemas.periods import span
from schemas.reference import tables

LEAST_MONTHS: Final = 3
_NOT_ADDED: Final = frozenset({"T15", "T16"})
"""Shares of services and of communes that reached something: their months say nothing of the year."""


@dataclass(frozen=True)
class Projection:
    """The value at the year's end on a straight line through its finished months, and the words for it."""

    value: float
    is_reached: bool
    months: int
    words: Bilingual


def project(row: Row, months: Sequence[Row], *, as_of: date, last_day: date) -> Projection | None:
    """The projection of a yearly figure; None when the year is over, has no target, or has fewer than three finished months."""
    if row["target"] is None or row["kpi_code"] in _NOT_ADDED or as_of >= last_day:
        return None
    finished = [month for month in months if span(month["period"]).last_on <= as_of and month["value"] is not None]
    if len(finished) < LEAST_MONTHS:
        return None
    days = [span(month["period"]).last_on.timetuple().tm_yday for month in finished]
    slope, start = linear_regression(days, list(_to_date(row, finished)))
    value = max(start + slope * last_day.timetuple().tm_yday, 0.0)
    if row["measure"] == "share":
        value = min(value, 1.0)
    goal = 1.0 if row["measure"] == "target_ratio" else float(row["target"])
    return Projection(
        value, value >= goal, len(finished), _words(row, value, finished, last_day, is_reached=value >= goal)
    )


def _to_date(row: Row, finished: Sequence[Row]) -> Iterator[float]:
    """The figure as it stood at the end of each month."""
    if row["kpi_code"] in _standing():
        yield from (float(month["value"]) for month in finished)
        return
    above = accumulate(float(month["numerator"]) for month in finished)
    if row["measure"] not in ("share", "mean"):
        yield from above
        return
    below = accumulate(float(month["denominator"]) for month in finished)
    yield from (part / whole for part, whole in zip(above, below, strict=True))


@cache
def _standing() -> frozenset[str]:
    """The indicators whose months say how things stand; the months of the others are added up to the year."""
    declared = tables.indicator().select("kpi_code", "accrual").iter_rows()
    return frozenset(code for code, accrual in declared if accrual == "newest")


def _words(row: Row, value: float, finished: Sequence[Row], last_day: date, *, is_reached: bool) -> Bilingual:
    said = figures.shown(value, row["measure"])
    first, last = (prose.period_name(finished[at]["period"]) for at in (0, -1))
    day = wording.day(last_day)
    reached = Bilingual("đạt", "reached") if is_reached else Bilingual("không đạt", "missed")
    return Bilingual(
        f"Dự phóng {said.vi} vào {day.vi} ({reached.vi}): đường thẳng qua {len(finished)} tháng trọn, {first.vi} – {last.vi}; "
        "không phải kết quả",
        f"Projected {said.en} on {day.en} ({reached.en}): a straight line through {len(finished)} finished months, "
        f"{first.en} – {last.en}; not a result",
    )
