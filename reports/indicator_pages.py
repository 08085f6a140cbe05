"""A page for each indicator: its figure, months and ranking, where it is missed and since when, and its way down to lines.

What belongs here: what the page of an indicator shows and in what order. What does not: words for a figure (`figures`), the
queries that explain one (`drill`), layout (`templates/indicator.html.j2`).
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import duckdb
from upath import UPath

from reports import (
    agency_pages,
    drill,
    figures,
    indicator_charts,
    map_shapes,
    member_sql,
    page,
    page_folder,
    prose,
    published,
    responses,
    sheet,
    threshold,
    vintages,
    wording,
)
from reports import year as years
from reports.drill import Evidence, Explanation
from reports.figures import Figure
from reports.map_days import MapDays
from reports.projection import project
from reports.published import ReleaseNote, Row
from reports.vintages import Vintages
from reports.wording import Bilingual
from reports.year import Unit, Year
from schemas.reference import tables
from warehouse.storage import Home

FOLDER: Final = "indicator"
_DEPTH: Final = 1
_GRAINS: Final[Mapping[str, Bilingual]] = {
    "agency": Bilingual(
        "Của một cơ quan; cơ quan khác: thay mã cơ quan", "Of one agency; for another one put in its agency code"
    ),
    "service": Bilingual(
        "Của một dịch vụ thiết yếu; dịch vụ khác: thay số thứ tự",
        "Of one essential service; for another put in its number",
    ),
}
_CSV: Final = (
    *("unit_level", "unit_code", "unit_name", "period"),
    *("numerator", "denominator", "value", "target", "status"),
)


@dataclass(frozen=True)
class Ranked:
    """A unit's figure in the ranking of its level."""

    unit: Unit
    figure: Figure

    @property
    def standing(self) -> Bilingual:
        """What a missed figure lacks, and since when."""
        told = [text for text in (self.figure.shortfall, self.figure.since) if text]
        return prose.joined(told, "; ")


@dataclass(frozen=True)
class Ranking:
    """The figures of one level, the best first; `missed` of `judged` miss the target."""

    level: str
    title: Bilingual
    rows: Sequence[Ranked]
    missed: int
    judged: int

    @property
    def has_statuses(self) -> bool:
        """Whether a target was set for any of them."""
        return any(each.figure.status != "not_applicable" for each in self.rows)


def write(home: Home) -> list[UPath]:
    """Write `site/indicator/<code>.html` and `.csv` of every indicator the province has; others there are removed.

    Raises NothingPublishedError before the first release.
    """
    with published.current_release(home) as con:
        return page_folder.write(home.site / FOLDER, _files(con))


def _files(con: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, bytes]]:
    year = years.read(con)
    if year.province is None:
        return
    pages = _Pages(con, year, year.province)
    for code, row in year.figures[year.province.key].items():
        looking_back = vintages.of_indicator(con, row, year.province.code)
        yield f"{code}.html", pages.html(row, looking_back).encode()
        yield f"{code}.csv", sheet.csv_bytes(_CSV, pages.csv_rows(code))
        for each in looking_back.sheets:
            yield each.csv_file


class _Pages:
    """The pages of a release's indicators; what several of them need is asked once."""

    def __init__(self, con: duckdb.DuckDBPyConnection, year: Year, province: Unit) -> None:
        self._con = con
        self._year = year
        self._province = province
        self._note: ReleaseNote = published.release_note(con)
        self._explanations: Mapping[str, Explanation] = drill.explanations(con)
        self._responses = responses.of_year(con, year.period)
        self._declared = {row["kpi_code"]: row for row in tables.indicator().iter_rows(named=True)}
        self._shapes = map_shapes.configured(os.environ)
        self._map_days = MapDays(con, year, self._shapes)
        self._agency_pages = {row["short_code"]: row["page"] for row in agency_pages.agencies(con, year)}
        self._members = {
            row["kpi_code"]: row for row in published.rows(con, "pages/first_members", {"period": year.period})
        }
        self._owners = {row["short_code"]: row for row in published.rows(con, "pages/agencies")}

    def html(self, row: Row, looking_back: Vintages) -> str:
        """The page of one indicator."""
        content = self._content(row)
        return page.render("indicator.html.j2", depth=_DEPTH, release=self._note, vintages=looking_back, **content)

    def csv_rows(self, code: str) -> Iterator[Row]:
        """What the page's SQL gives: the year of every unit, the months of the province."""
        for unit in self._year.units.values():
            row = self._year.figures[unit.key].get(code)
            if row is None:
                continue
            yield {name: row[name] for name in _CSV}
            if unit.level == "province":
                named = {name: row[name] for name in ("unit_level", "unit_code", "unit_name")}
                for month in self._months(unit, code):
                    yield {**named, **{name: month[name] for name in _CSV if name in month}}

    def _content(self, row: Row) -> dict[str, Any]:
        code, year, province = row["kpi_code"], self._year, self._province
        months = self._months(province, code)
        own = figures.figure(row)
        explanation = self._explanations[code]
        bounds = year.bounds(province)
        in_release = {"kpi_code": code, "period": year.period, "unit_code": province.code}
        evidence = drill.evidence(self._con, code, row["source_table"], bounds)
        root = "../" * _DEPTH
        drawings = indicator_charts.of_indicator(year, row, months, root=root, shapes=self._shapes)
        return {
            "title": _headline(own, year.period),
            "year": year,
            "figure": own,
            "declared": self._declared.get(code, {}),
            "legal_ground": wording.legal_acts(self._declared.get(code, {}).get("legal_ground") or "—"),
            "owner": self._owner(row["owner_short_code"]),
            "owner_page": self._agency_pages.get(row["owner_short_code"], ""),
            "formula": explanation.formula,
            "explain_sql": explanation.written_for(bounds),
            "member_sqls": list(self._member_sqls(code, bounds)),
            "release_sql": published.readable("evidence/scorecard", in_release),
            "page_sql": published.readable("pages/indicator", {"kpi_code": code, "period": year.period}),
            "csv": f"{code}.csv",
            "evidence": evidence,
            "commands": [drill.sql_command(published.readable("evidence/scorecard", in_release))]
            + ([drill.sql_command(evidence.sql)] if evidence else []),
            "each_way": list(_each_way(row, evidence)),
            "where": figures.where_missed(year, province, code),
            "projection": project(row, months, as_of=year.as_of, last_day=year.last_day),
            "drawings": drawings,
            "maps": self._map_days.of_indicator(row, drawings.communes, root=root),
            "coverage": wording.percent(row["coverage_share"], beside=1),
            "quarantine": wording.percent(row["quarantine_share"], beside=0),
            "rankings": [found for level in ("district", "commune") if (found := self._ranking(code, level)).rows],
            "below": threshold.read(self._con, year, province) if code == threshold.CODE else None,
            "responses": responses.arranged(
                [answer for answer in self._responses if answer.code == code], year.period, kpi_code=code
            ),
        }

    def _months(self, unit: Unit, code: str) -> Sequence[Row]:
        return self._year.months.get((unit.key, code), ())

    def _member_sqls(self, code: str, bounds: Mapping[str, Any]) -> Iterator[tuple[Bilingual, str]]:
        """For an agency and for an essential service the query that counts the figure again, of the first that has one."""
        members, open_sql = self._members.get(code, {}), self._explanations[code].sql
        for grain, title in _GRAINS.items():
            sql = member_sql.of_member(open_sql, grain) if open_sql and members.get(grain) else None
            if sql is not None:
                yield title, published.written_in(sql, {**bounds, "member": members[grain]})

    def _owner(self, short_code: str) -> Bilingual:
        found = self._owners.get(short_code)
        return Bilingual(found["name_vi"], found["name_en"]) if found else Bilingual(short_code, short_code)

    def _ranking(self, code: str, level: str) -> Ranking:
        year = self._year
        ranked = []
        for unit in year.units.values():
            row = year.figures[unit.key].get(code) if unit.level == level else None
            if row is not None:
                ranked.append(Ranked(unit, figures.figure(row)))
        ranked.sort(key=lambda each: (each.figure.row["place"] is None, each.figure.row["place"] or 0, each.unit.code))
        statuses = [each.figure.status for each in ranked]
        return Ranking(
            level,
            wording.LEVEL[level],
            ranked,
            statuses.count("not_met"),
            statuses.count("not_met") + statuses.count("met"),
        )


def _headline(own: Figure, period: str) -> Bilingual:
    """The finding: the value, and what is lacking where a target is missed."""
    said = Bilingual(f"{own.title.vi}: {own.value.vi} năm {period}", f"{own.title.en}: {own.value.en} in {period}")
    if own.shortfall is None:
        return said
    return Bilingual(f"{said.vi}, {own.shortfall.vi}", f"{said.en}, {own.shortfall.en}")


def _each_way(row: Row, evidence: Evidence | None) -> Iterator[tuple[Bilingual, Bilingual]]:
    """How many rows count for the figure, against it, and not at all."""
    yield Bilingual("Tử số", "Numerator"), wording.count(row["numerator"])
    if row["denominator"] is not None:
        yield (
            Bilingual("Trong mẫu số, không thuộc tử số", "In the denominator only"),
            wording.count(row["denominator"] - (row["numerator"] or 0)),
        )
    if evidence is not None:
        yield Bilingual("Dòng đứng sau con số", "Rows behind the figure"), wording.count(evidence.rows)
        yield Bilingual("Số tệp chứa các dòng ấy", "Deliveries they stand in"), wording.count(len(evidence.deliveries))
    yield (
        Bilingual(
            "Dòng của nguồn bị tách ra trong kỳ, khi nhận và khi đối chiếu, không tính",
            "Rows of the source set apart in the period, on receipt and on comparison, and not counted",
        ),
        wording.count(row["rows_quarantined"]),
    )
    yield (
        Bilingual("Hồ sơ đang hiển thị trạng thái cũ", "Dossiers shown in an older state"),
        wording.count(row["dossiers_with_newer_rejected"]),
    )
