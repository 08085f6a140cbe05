"""A trend as small as a word: the months of a figure as a line, its target as a dashed one; the words say the same.

What belongs here: where the points of the line stand. What does not: charts with axes, or what a month's value is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from reports.figures import Month
from reports.wording import Bilingual

WIDTH: Final = 96
HEIGHT: Final = 28
_MARGIN: Final = 3
_LEAST_POINTS: Final = 2


@dataclass(frozen=True)
class Sparkline:
    """A line of points in pixels, the height of the target if there is one, and the same in words."""

    points: str
    target_y: float | None
    last_x: float
    last_y: float
    words: Bilingual


def of(months: Sequence[Month], target: float | None) -> Sparkline | None:
    """The line of the months that have a value; None for fewer than two."""
    known = [(month, float(month.rank)) for month in months if month.rank]
    if len(known) < _LEAST_POINTS:
        return None
    values = [value for _, value in known]
    low, high = min([*values, *_one(target)]), max([*values, *_one(target)])

    def y_of(value: float) -> float:
        share = (value - low) / (high - low) if high > low else 0.5
        return round(HEIGHT - _MARGIN - share * (HEIGHT - 2 * _MARGIN), 1)

    step = (WIDTH - 2 * _MARGIN) / (len(values) - 1)
    points = [(round(_MARGIN + place * step, 1), y_of(value)) for place, value in enumerate(values)]
    first, last = known[0][0], known[-1][0]
    return Sparkline(
        points=" ".join(f"{x},{y}" for x, y in points),
        target_y=None if target is None else y_of(target),
        last_x=points[-1][0],
        last_y=points[-1][1],
        words=Bilingual(
            f"{first.period}: {first.value.vi}, {last.period}: {last.value.vi}",
            f"{first.period}: {first.value.en}, {last.period}: {last.value.en}",
        ),
    )


def _one(target: float | None) -> list[float]:
    return [] if target is None else [target]
