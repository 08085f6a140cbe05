"""What an indicator's page draws: its months, districts and communes, linked to their pages; nothing where there is nothing."""

from __future__ import annotations

import re
from typing import Any

import pytest

from reports import indicator_charts, published
from reports import year as years
from reports.year import Year
from warehouse.storage import Home


@pytest.fixture(scope="module")
def year(published_home: Home) -> Year:
    """The year of the small release."""
    with published.current_release(published_home) as con:
        return years.read(con)


def drawings(year: Year, code: str, **changed: Any) -> indicator_charts.Drawings:
    assert year.province is not None
    row = {**year.figures[year.province.key][code], **changed}
    months = year.months.get((year.province.key, code), ())
    return indicator_charts.of_indicator(year, row, months, root="../", shapes=None)


def test_months_districts_and_communes_of_an_indicator_are_drawn(year: Year) -> None:
    drawn = drawings(year, "T10")
    assert re.findall(r'data-rank="(2023-\d\d)"', drawn.months or "") == [
        f"2023-{month:02}" for month in (9, 10, 11, 12)
    ]
    # the best first
    assert re.findall(r'href="([^"]+)"', drawn.districts or "") == ["../unit/338.html#T10", "../unit/336.html#T10"]
    assert re.findall(r'href="([^"]+)"', drawn.communes or "") == ["../unit/12433.html#T10", "../unit/12436.html#T10"]


def test_the_map_shows_only_communes_that_were_there_on_its_day(year: Year) -> None:
    commune = next(unit for unit in year.units.values() if unit.code == "12433")
    assert commune.valid_from <= year.last_day
    ended = {**year.units, commune.key: commune.__class__(**{**commune.__dict__, "valid_to": year.last_day})}
    drawn = drawings(Year(**{**year.__dict__, "units": ended}), "T10").communes
    assert "12436.html" in (drawn or "")
    assert "12433.html" not in (drawn or "")


def test_what_has_no_months_or_units_is_not_drawn(year: Year) -> None:
    assert drawings(year, "T07") == indicator_charts.Drawings(None, None, None)


def test_a_ratio_to_a_target_is_drawn_beside_a_target_of_one_hundred_percent(year: Year) -> None:
    drawn = drawings(year, "T10", measure="target_ratio").months
    assert "Mục tiêu" in (drawn or "")
    assert "mục tiêu 100,0\u00a0%." in (drawn or "")
