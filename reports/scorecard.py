"""The overview of the Smart Operations Centre: sixteen targets, Project 06, operations, districts and data quality.

What belongs here: which figures the overview shows, in what order and words. What does not: the words for a figure (`figures`),
how a figure is computed (`warehouse/sql`), and layout (`templates/scorecard.html.j2`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import duckdb
from upath import UPath

from reports import figures, page, published, release_notes, responses, senders, sparkline, threshold, wording
from reports import year as years
from reports.figures import Figure, Lagging
from reports.projection import Projection, project
from reports.published import Row
from reports.responses import Response
from reports.senders import Senders
from reports.sparkline import Sparkline
from reports.threshold import Below
from reports.wording import Bilingual
from reports.year import Unit, Year
from warehouse.storage import Home

_SETS: Final = (figures.SIXTEEN, "project_06", "operations")
_FURTHER: Final[Mapping[str, Bilingual]] = {
    "index_766": Bilingual("Bộ chỉ số phục vụ người dân, doanh nghiệp", "Index of service to people and businesses"),
    "satisfaction": Bilingual("Mức độ hài lòng", "Satisfaction"),
    "benefits": Bilingual("Chi trả không dùng tiền mặt", "Benefits paid without cash"),
    "officials": Bilingual("Ba yêu cầu với cán bộ, công chức", "Officials’ three requirements"),
    "connections": Bilingual("Kết nối dữ liệu", "Data connected"),
}
_WORST_NAMED: Final = 3


@dataclass(frozen=True)
class Told:
    """A figure of the province with what the overview says around it."""

    figure: Figure
    trend: Sparkline | None
    projection: Projection | None
    before: Bilingual | None


@dataclass(frozen=True)
class Missed:
    """A target that is missed: where, by whom the most, who answers for it; `below` where it counts communes."""

    figure: Figure
    where: Bilingual | None
    worst_districts: Sequence[Lagging]
    worst_communes: Sequence[Lagging]
    below: Below | None
    response: Response | None


@dataclass(frozen=True)
class Change:
    """What moved since the release before, in the figures of the year that is shown."""

    before: str
    figures: int


def write(home: Home, *, period: str | None = None) -> list[UPath]:
    """Write `site/index.html` from the current release's analyst edition; its newest complete year by default.

    Raises NothingPublishedError before the first release.
    """
    changed = release_notes.moved_in_current(home)
    with published.current_release(home) as con:
        html = page.render("scorecard.html.j2", **_content(con, changed, period))
    return [page.write(home.site / "index.html", html)]


def _content(
    con: duckdb.DuckDBPyConnection, changed: tuple[str, Sequence[Row]] | None, period: str | None
) -> dict[str, Any]:
    year = years.read(con, period)
    moved = {row["kpi_code"]: row for row in changed[1] if row["period"] == year.period} if changed else {}
    told = _told(year, moved)
    sixteen = figures.by_urgency([each.figure for each in told[figures.SIXTEEN]])
    by_code = {each.figure.code: each for each in told[figures.SIXTEEN]}
    named = senders.read(con)
    return {
        "title": _headline(sixteen, year.period),
        "release": published.release_note(con),
        "period": year.period if year.province else "",
        "deadline": _deadline(year) if year.province else None,
        "change": Change(changed[0], len(moved)) if changed else None,
        "missed": list(
            _missed(con, year, [each for each in sixteen if each.is_missed], responses.of_year(con, year.period))
        ),
        "sixteen": [by_code[each.code] for each in sixteen],
        "project_06": told["project_06"],
        "operations": told["operations"],
        "further": [(title, told[name], name) for name, title in _FURTHER.items() if told.get(name)],
        "province": year.province,
        "districts": [_district(year, row) for row in _districts(con, year)],
        "districts_sql": published.readable("districts", {"period": year.period, "unit_code": years.PROVINCE}),
        "figures_sql": published.readable("figures", {"period": year.period, "unit_code": years.PROVINCE}),
        "deliveries": [_delivery(row, named) for row in published.rows(con, "deliveries")],
        "deliveries_sql": published.readable("deliveries", {}),
        "gaps": [_gap(row, named) for row in published.rows(con, "coverage")],
        "gaps_sql": published.readable("coverage", {}),
        "findings": [_finding(row, named) for row in published.rows(con, "quarantine")],
        "findings_sql": published.readable("quarantine", {}),
    }


def _headline(sixteen: Sequence[Figure], period: str) -> Bilingual:
    if not sixteen:
        return Bilingual("Chưa có số liệu để lập bảng chỉ tiêu", "No figures for a scorecard yet")
    met = sum(figure.status == "met" for figure in sixteen)
    return Bilingual(
        f"{met} trên {len(sixteen)} chỉ tiêu chuyển đổi số đạt năm {period}",
        f"{met} of {len(sixteen)} digital-transformation targets met in {period}",
    )


def _deadline(year: Year) -> Bilingual:
    """How far away the day is by which targets are to be met."""
    day, days = wording.day(year.last_day), (year.last_day - year.as_of).days
    distance = wording.so_many(abs(days), "ngày", "day", "days")
    if days < 0:
        return Bilingual(
            f"Hạn {day.vi} đã qua {distance.vi}; số liệu là của cả năm.",
            f"The deadline, {day.en}, passed {distance.en} ago; figures are of the whole year.",
        )
    return Bilingual(
        f"Còn {distance.vi} đến hạn {day.vi}; số liệu mới là của phần năm đã qua.",
        f"{distance.en} to the deadline, {day.en}; figures are of the part of the year gone by.",
    )


def _told(year: Year, moved: Mapping[str, Row]) -> dict[str, list[Told]]:
    sets: dict[str, list[Told]] = {name: [] for name in _SETS}
    if year.province is None:
        return sets
    for each in figures.figures_of(year, year.province):
        months = year.months.get((year.province.key, each.code), ())
        goal = each.row["target"] if each.row["measure"] == "share" else None
        sets.setdefault(each.row["kpi_set"], []).append(
            Told(
                figure=each,
                trend=sparkline.of(figures.months_of(each.row, months), goal),
                projection=project(each.row, months, as_of=year.as_of, last_day=year.last_day),
                before=_before(each, moved.get(each.code)),
            )
        )
    return sets


def _before(figure: Figure, moved: Row | None) -> Bilingual | None:
    """What the figure was in the release before, where it is not the same."""
    if moved is None:
        return None
    value = figures.shown(moved["value_before"], figure.row["measure"], beside=moved["value_after"])
    if moved["status_before"] == moved["status_after"]:
        return Bilingual(f"trước: {value.vi}", f"before: {value.en}")
    status = wording.word(wording.STATUS, moved["status_before"] or "insufficient_data")
    return Bilingual(f"trước: {value.vi} ({status.vi})", f"before: {value.en} ({status.en})")


def _missed(
    con: duckdb.DuckDBPyConnection, year: Year, missed: Sequence[Figure], answers: Sequence[Response]
) -> Iterator[Missed]:
    if year.province is None:
        return
    for each in missed:
        below = threshold.read(con, year, year.province) if each.code == threshold.CODE else None
        communes = below.communes if below else _worst(year, year.province, each.code, "commune")
        own = [answer for answer in answers if answer.code == each.code and answer.unit_code == year.province.code]
        yield Missed(
            figure=each,
            where=figures.where_missed(year, year.province, each.code),
            worst_districts=_worst(year, year.province, each.code, "district")[:_WORST_NAMED],
            worst_communes=communes[:_WORST_NAMED],
            below=below,
            response=own[0] if own else None,
        )


def _worst(year: Year, province: Unit, code: str, level: str) -> list[Lagging]:
    """The units of a level that miss a target, the worst first."""
    found = [
        (unit, figures.figure(row))
        for unit in year.below(province, level)
        if (row := year.figures[unit.key].get(code)) is not None and row["status"] == "not_met"
    ]
    found.sort(key=lambda each: (-(each[1].row["place"] or 0), each[0].code))
    return [
        Lagging(unit.name, f"{unit.page}#{code}", figure.value, figure.counted, str(figure.row["value"]))
        for unit, figure in found
    ]


def _districts(con: duckdb.DuckDBPyConnection, year: Year) -> list[Row]:
    return published.rows(con, "districts", {"period": year.period, "unit_code": years.PROVINCE})


def _district(year: Year, row: Row) -> dict[str, Any]:
    unit = next(
        (each for each in year.units.values() if each.code == row["unit_code"] and each.level == "district"), None
    )
    return {
        "name": unit.name if unit else Bilingual(row["full_name"], row["name_en"]),
        "page": unit.page if unit else "",
        "received": wording.count(row["received"]),
        "online": wording.percent(row["online_share"]),
        "resolved": wording.count(row["resolved"]),
        "on_time": wording.percent(row["on_time_share"]),
    }


def _delivery(row: Row, named: Senders) -> dict[str, Any]:
    counted = ("sendings", "rows_read", "rows_accepted", "rows_quarantined", "rows_structural")
    return {
        "extract": named.extract(row["extract"]),
        "status": row["status"],
        "status_words": wording.word(wording.DELIVERY_STATUS, row["status"]),
        **{name: wording.count(row[name]) for name in counted},
    }


def _gap(row: Row, named: Senders) -> dict[str, Any]:
    return {
        **row,
        "extract": named.extract(row["extract"]),
        "supplier": named.supplier(row["supplier_code"]),
        "state_words": wording.word(wording.COVERAGE, row["state"]),
        "periods": wording.count(row["periods"]),
    }


def _finding(row: Row, named: Senders) -> dict[str, Any]:
    return {
        "extract": named.extract(row["extract"]),
        "rule_code": row["rule_code"],
        "severity": wording.word(wording.SEVERITY, row["severity"]),
        "stage": wording.word(wording.STAGE, row["stage"]),
        "findings": wording.count(row["findings"]),
        "deliveries": wording.count(row["deliveries"]),
        "example": Bilingual(row["example_vi"], row["example_en"]),
    }
