"""What the page of an indicator shows besides words: its months as a line, districts as bars, communes as a map.

What belongs here: the rows of a year as charts and map, with their titles. What does not: how those are made (`charts`,
`tile_map`), and what else the page says (`indicator_pages`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from reports import charts, tile_map
from reports.charts import Moment, Ranked
from reports.map_shapes import Shapes
from reports.published import Row
from reports.wording import Amount, Bilingual
from reports.year import Unit, Year

_FEWEST_MONTHS = 2


@dataclass(frozen=True)
class Drawings:
    """The drawings of one indicator; one that would show nothing is None."""

    months: Markup | None
    districts: Markup | None
    communes: Markup | None


def of_indicator(year: Year, row: Row, months: Sequence[Row], *, root: str, shapes: Shapes | None) -> Drawings:
    """The drawings of an indicator of the province, for a page from which `root` leads to the top of the site.

    `months` are those of the province; `shapes` are real shapes of communes, where some are configured.
    """
    title, code = Bilingual(row["title_vi"], row["title_en"]), row["kpi_code"]
    return Drawings(
        months=_months(year, title, row, months),
        districts=_districts(year, title, row, root),
        communes=_communes(year, title, code, row["measure"], root, shapes),
    )


def _months(year: Year, title: Bilingual, row: Row, months: Sequence[Row]) -> Markup | None:
    if len(months) < _FEWEST_MONTHS:
        return None
    said = Bilingual(f"{title.vi}: từng tháng năm {year.period}", f"{title.en}: the months of {year.period}")
    moments = [Moment(month["period"], month["value"], _target({**row, **month})) for month in months]
    return charts.trend(f"{row['kpi_code']}-months", said, moments, row["measure"])


def _districts(year: Year, title: Bilingual, row: Row, root: str) -> Markup | None:
    found = _at_level(year, row["kpi_code"], "district")
    if not found:
        return None
    found.sort(key=lambda pair: (pair[1]["value"] is None, -(pair[1]["value"] or 0), pair[0].code))
    said = Bilingual(f"{title.vi}: các huyện, thành phố năm {year.period}", f"{title.en}: districts in {year.period}")
    units = [
        Ranked(unit.name, each["value"], each["status"], _target(each), _link(root, unit, row["kpi_code"]))
        for unit, each in found
    ]
    return charts.ranking(f"{row['kpi_code']}-districts", said, units, row["measure"])


def _communes(year: Year, title: Bilingual, code: str, measure: str, root: str, shapes: Shapes | None) -> Markup | None:
    found = _at_level(year, code, "commune")
    if not found:
        return None
    day = year.last_day
    said = Bilingual(
        f"{title.vi}: bản đồ xã, phường, thị trấn ngày {day:%d/%m/%Y}", f"{title.en}: communes as of {day}"
    )
    units = [
        tile_map.Unit(unit.code, unit.name, each["value"], each["status"], _link(root, unit, code))
        for unit, each in found
        if unit.valid_from <= day and (unit.valid_to is None or day < unit.valid_to)
    ]
    return tile_map.drawn(f"{code}-map", said, units, measure, on=day, shapes=shapes)


def _at_level(year: Year, code: str, level: str) -> list[tuple[Unit, Row]]:
    return [
        (unit, year.figures[unit.key][code])
        for unit in year.units.values()
        if unit.level == level and code in year.figures[unit.key]
    ]


def _target(row: Row) -> Amount | None:
    """The target on the scale of the value: a ratio to a target is met at one."""
    return 1 if row["measure"] == "target_ratio" and row["target"] is not None else row["target"]


def _link(root: str, unit: Unit, code: str) -> str:
    return f"{root}{unit.page}#{code}"
