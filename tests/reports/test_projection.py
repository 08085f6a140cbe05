"""Projections: a straight line of the year to date, and none where there is too little to draw one."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from reports.projection import project

YEAR_END = date(2023, 12, 31)


def months(*figures: tuple[int, int | None]) -> list[dict[str, Any]]:
    return [
        {
            "period": f"2023-{number:02d}",
            "numerator": above,
            "denominator": below,
            "value": above if below is None else above / below,
        }
        for number, (above, below) in enumerate(figures, start=1)
    ]


def figure(**changed: Any) -> dict[str, Any]:
    return {"kpi_code": "T10", "measure": "share", "target": 0.7} | changed


def test_a_share_that_does_not_change_is_projected_as_it_is() -> None:
    found = project(figure(), months(*[(60, 100)] * 6), as_of=date(2023, 7, 10), last_day=YEAR_END)
    assert found is not None
    assert found.value == pytest.approx(0.6)
    assert not found.is_reached
    assert "Dự phóng 60,0\u00a0% vào 31/12/2023 (không đạt): đường thẳng qua 6 tháng trọn" in found.words.vi
    assert "not a result" in found.words.en


def test_the_year_to_date_weighs_months_by_their_size() -> None:
    # a month of ten dossiers does not pull the year as one of a thousand does
    found = project(figure(), months((600, 1000), (600, 1000), (10, 10)), as_of=date(2023, 4, 1), last_day=YEAR_END)
    assert found is not None
    assert found.value < 0.65


def test_a_standing_that_rises_evenly_reaches_its_target() -> None:
    told = [{**month, "value": 0.1 * number} for number, month in enumerate(months(*[(1, None)] * 9), start=1)]
    row = figure(kpi_code="P06", measure="target_ratio", target=794_301)
    found = project(row, told, as_of=date(2023, 9, 30), last_day=YEAR_END)
    assert found is not None
    assert found.value == pytest.approx(1.2, abs=0.01)
    assert found.is_reached


def test_a_month_that_has_not_ended_is_no_part_of_the_line() -> None:
    told = months((60, 100), (60, 100), (60, 100), (1, 100))
    found = project(figure(), told, as_of=date(2023, 4, 20), last_day=YEAR_END)
    assert found is not None
    assert found.months == 3
    assert found.value == pytest.approx(0.6)


@pytest.mark.parametrize(
    ("row", "told", "as_of"),
    [
        (figure(), months((60, 100), (60, 100)), date(2023, 12, 1)),
        (figure(), months(*[(60, 100)] * 12), date(2024, 1, 5)),
        (figure(target=None), months(*[(60, 100)] * 6), date(2023, 7, 1)),
        (figure(kpi_code="T16"), months(*[(60, 100)] * 6), date(2023, 7, 1)),
    ],
)
def test_nothing_is_projected_without_enough_months_a_target_or_a_year_to_go(
    row: dict[str, Any], told: list[dict[str, Any]], as_of: date
) -> None:
    assert project(row, told, as_of=as_of, last_day=YEAR_END) is None
