"""An indicator of the year on the maps of communes of other days: before, between and after the communes were merged.

What belongs here: which days there are to choose from, and the map of each. What does not: how a map is drawn (`tile_map`), and
which figures go whole to which unit (`mart.kpi_on_map`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import duckdb
from markupsafe import Markup

from reports import published, tile_map, wording
from reports.map_shapes import Shapes
from reports.published import Row
from reports.wording import Bilingual
from reports.year import Unit, Year, in_english

_MOST: Final = 3
"""As many maps can be chosen from as `page.css` knows to hide."""


@dataclass(frozen=True)
class MapDay:
    """A day to choose: its words, its map where the figures can be shown on it, else why not, and the SQL of the map."""

    label: Bilingual
    drawing: Markup | None
    sql: str
    is_of_year: bool


class MapDays:
    """The maps of a year's indicators; which days there are is asked once."""

    def __init__(self, con: duckdb.DuckDBPyConnection, year: Year, shapes: Shapes | None) -> None:
        self._con = con
        self._year = year
        self._shapes = shapes
        self._days = _chosen(published.rows(con, "pages/map_dates"), year.last_day)

    def of_indicator(self, row: Row, own: Markup | None, *, root: str) -> list[MapDay]:
        """The maps of one indicator, the oldest first; `own` is that of the year itself, without which there are none."""
        if own is None:
            return []
        of_year, *others = self._days
        maps = [(of_year, MapDay(_label(self._year.last_day, of_year["communes"]), own, "", is_of_year=True))]
        maps += [(day, self._on(row, day, root)) for day in others]
        return [made for _, made in sorted(maps, key=lambda pair: pair[0]["map_date"])]

    def _on(self, row: Row, day: Row, root: str) -> MapDay:
        on, year, code = day["map_date"], self._year, row["kpi_code"]
        asked = {"map_date": on, "period": year.period, "kpi_code": code}
        found = published.rows(self._con, "pages/on_map", asked)
        drawing = None
        if any(each["is_derivable"] for each in found):
            name, title = f"{code}-map-{on:%Y%m%d}", _title(row, on, year.period)
            units = list(self._units(found, code, root))
            drawing = tile_map.drawn(name, title, units, row["measure"], on=on, shapes=self._shapes)
        return MapDay(_label(on, day["communes"]), drawing, published.readable("pages/on_map", asked), is_of_year=False)

    def _units(self, found: Sequence[Row], code: str, root: str) -> Iterator[tile_map.Unit]:
        for each in found:
            name = Bilingual(each["full_name"], in_english(each["name_en"], each["unit_type"]))
            own = self._year.units.get(each["unit_key"])
            link = _link(root, own, code) if own else ""
            # Targets are set for the units of their year, so that none is judged on the map of another.
            status = "not_applicable" if each["is_derivable"] else "not_derivable"
            yield tile_map.Unit(each["unit_code"], name, each["value"], status, link)


def _chosen(days: Sequence[Row], last_day: date) -> list[Row]:
    """The map in force on the last day of the year, then the newest of the others."""
    of_year = [day for day in days if day["map_date"] <= last_day][:1]
    return of_year + [day for day in days if day not in of_year][: _MOST - 1]


def _label(on: date, communes: int) -> Bilingual:
    day = wording.day(on)
    return Bilingual(f"{day.vi} ({communes} xã, phường, thị trấn)", f"{day.en} ({communes} communes)")


def _title(row: Row, on: date, period: str) -> Bilingual:
    day = wording.day(on)
    return Bilingual(
        f"{row['title_vi']}: số liệu năm {period} trên bản đồ xã, phường, thị trấn ngày {day.vi}",
        f"{row['title_en']}: figures of {period} on the map of communes of {day.en}",
    )


def _link(root: str, unit: Unit, code: str) -> str:
    return f"{root}{unit.page}#{code}"
