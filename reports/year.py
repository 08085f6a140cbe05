"""The year that the pages show, read once: its units, every unit's figures, their months, and where pages are found.

What belongs here: the questions asked of all units together, and the rows sorted by unit. What does not: words for a figure
(`figures`), what a page says of a unit or an indicator (its own module).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import duckdb

from reports import published
from reports.published import Parameters, Row
from reports.wording import Bilingual
from schemas.periods import span

PROVINCE: Final = "34"
NO_YEAR: Final = "0001"
"""Asked for while there are no figures; nothing has such a period."""

_ENGLISH_KINDS: Final[Mapping[str, str]] = {
    "tỉnh": "Province",
    "thành phố": "City",
    "huyện": "District",
    "phường": "Ward",
    "thị trấn": "Township",
    "xã": "Commune",
}


@dataclass(frozen=True)
class Unit:
    """One version of an administrative unit and its page, relative to the site."""

    key: str
    code: str
    level: str
    name: Bilingual
    district_key: str | None
    province_key: str | None
    valid_from: date
    valid_to: date | None
    legal_act: str | None
    page: str


@dataclass(frozen=True)
class Year:
    """The figures of a year, by unit and indicator; `as_of` is the day up to which data were received."""

    period: str
    as_of: date
    units: Mapping[str, Unit]
    figures: Mapping[str, Mapping[str, Row]]
    months: Mapping[tuple[str, str], Sequence[Row]]
    inside: Mapping[tuple[str, str], list[Unit]]

    @property
    def first_day(self) -> date:
        """The first day of the year."""
        return date(int(self.period), 1, 1)

    @property
    def last_day(self) -> date:
        """The day by which its targets are to be met."""
        return date(int(self.period), 12, 31)

    @property
    def province(self) -> Unit | None:
        """The province; None when it has no figures."""
        found = [unit for unit in self.units.values() if unit.code == PROVINCE and unit.level == "province"]
        return found[-1] if found else None

    def below(self, unit: Unit, level: str) -> list[Unit]:
        """The units of a level inside another one; a unit is not inside itself."""
        return self.inside.get((unit.key, level), [])

    def above(self, unit: Unit) -> list[Unit]:
        """Province and district of a unit, the highest first."""
        keys = [key for key in (unit.province_key, unit.district_key) if key and key != unit.key]
        return [self.units[key] for key in keys if key in self.units]

    def bounds(self, unit: Unit) -> dict[str, Any]:
        """What the queries that explain a figure of a unit take: the unit and the first and last days."""
        day_after = date(int(self.period) + 1, 1, 1)
        return {
            "unit_key": unit.key,
            "first_on": self.first_day,
            "last_on": self.last_day,
            "first_day": self.first_day,
            "day_after": day_after,
        }


def reported_period(con: duckdb.DuckDBPyConnection) -> str:
    """The year with most targets decided, the newest of equals; empty when there is none."""
    found = published.rows(con, "reported_period", {"unit_code": PROVINCE})
    return str(found[0]["period"]) if found else ""


def read(con: duckdb.DuckDBPyConnection, period: str | None = None) -> Year:
    """The year shown by default, or the one asked for."""
    shown: Parameters = {"period": period or reported_period(con) or NO_YEAR}
    units = {row["unit_key"]: _unit(row) for row in published.rows(con, "pages/units", shown)}
    figures: dict[str, dict[str, Row]] = defaultdict(dict)
    for row in published.rows(con, "pages/standing", shown):
        figures[row["unit_key"]][row["kpi_code"]] = row
    months: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in published.rows(con, "pages/months", shown):
        months[row["unit_key"], row["kpi_code"]].append(row)
    as_of = published.rows(con, "release")[0]["as_of"].date()
    return Year(str(shown["period"]), as_of, units, figures, months, _inside(units.values()))


def in_english(name_en: str, unit_type: str) -> str:
    """An English name with its kind: `Quynh Phu District`."""
    kind = _ENGLISH_KINDS.get(unit_type.lower())
    return f"{name_en} {kind}" if kind else name_en


def _inside(units: Iterable[Unit]) -> dict[tuple[str, str], list[Unit]]:
    """For each unit and level the units of that level inside it."""
    inside: dict[tuple[str, str], list[Unit]] = defaultdict(list)
    for unit in units:
        for key in {unit.district_key, unit.province_key} - {None, unit.key}:
            inside[str(key), unit.level].append(unit)
    return inside


def _unit(row: Row) -> Unit:
    suffix = "" if row["is_newest"] else f"-{row['valid_from']:%Y%m%d}"
    return Unit(
        key=row["unit_key"],
        code=row["unit_code"],
        level=row["level"],
        name=Bilingual(row["full_name"], in_english(row["name_en"], row["unit_type"])),
        district_key=row["district_key"],
        province_key=row["province_key"],
        valid_from=row["valid_from"],
        valid_to=row["valid_to"],
        legal_act=row["legal_act"],
        page=f"unit/{row['unit_code']}{suffix}.html",
    )


def is_over(year: Year) -> bool:
    """Whether the year had ended when the data were received."""
    return year.as_of > span(year.period).last_on
