"""A page for the province, each district and each commune: its figures, months, balance, the units below, rows and files.

What belongs here: what the page of a unit shows and in what order. What does not: words for a figure (`figures`), reading the
release (`year`), layout (`templates/unit.html.j2`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import duckdb
from upath import UPath

from reports import drill, evidence_rows, figures, members, page, page_folder, published, responses, sheet, wording
from reports import year as years
from reports.drill import Explanation
from reports.evidence_rows import RowTable
from reports.figures import Figure, Place
from reports.members import Held
from reports.published import Row
from reports.responses import Response
from reports.wording import Bilingual
from reports.year import Unit, Year
from warehouse.storage import Home

FOLDER: Final = "unit"
_DEPTH: Final = 1
_FACT: Final = "core.fact_dossier"
_LEVELS_WITH_FILE: Final = ("province", "district")
"""A CSV file beside each of hundreds of commune pages would say again what the tables of the page offer."""
_LEVELS_BELOW: Final[Mapping[str, str]] = {"province": "district", "district": "commune"}
_LINES: Final = 2


@dataclass(frozen=True)
class Explained:
    """A figure with its place among its peers, where it is missed below, and the SQL that counts it again."""

    figure: Figure
    place: Place | None
    where: Bilingual | None
    sql: str | None


@dataclass(frozen=True)
class AddedUp:
    """A figure of a unit beside the sum over the units of a level below it."""

    title: Bilingual
    level: Bilingual
    units: int
    own: Bilingual
    added: Bilingual
    difference: Bilingual | None


@dataclass(frozen=True)
class Below:
    """A unit one level down: its figures in the order of the table's columns."""

    unit: Unit
    figures: Sequence[Figure | None]
    met: int
    known: int


@dataclass(frozen=True)
class Behind:
    """A few rows that stand behind figures; where there are not hundreds of pages also the query for all of them."""

    sql: str
    table: RowTable


@dataclass(frozen=True)
class _Shared:
    """What is asked once for all units."""

    year: Year
    explanations: Mapping[str, Explanation]
    added_up: Mapping[str, Sequence[Row]]
    responses: Mapping[str, Sequence[Response]]
    lines: Mapping[str, Mapping[str, Sequence[Row]]]


def write(home: Home) -> list[UPath]:
    """Write `site/unit/<code>.html` of every unit that has figures of the year; province and districts have a CSV file too.

    What was there of other units is removed. Raises NothingPublishedError before the first release.
    """
    with published.current_release(home) as con:
        note, shared = published.release_note(con), _shared(con)
    return page_folder.write(home.site / FOLDER, _files(shared, note))


def _files(shared: _Shared, note: published.ReleaseNote) -> Iterator[tuple[str, bytes]]:
    held = Held(shared.year.figures, shared.year.months)
    for unit in shared.year.units.values():
        name = unit.page.removeprefix(f"{FOLDER}/")
        html = page.render("unit.html.j2", depth=_DEPTH, release=note, **_content(shared, unit))
        yield name, html.encode()
        if unit.level in _LEVELS_WITH_FILE:
            yield name.replace(".html", ".csv"), sheet.csv_bytes(members.CSV_COLUMNS, held.csv_rows(unit.key))


def _shared(con: duckdb.DuckDBPyConnection) -> _Shared:
    year = years.read(con)
    province = year.province
    return _Shared(
        year=year,
        explanations=drill.explanations(con),
        added_up=_grouped(published.rows(con, "pages/added_up", {"period": year.period}), "unit_key"),
        responses=_by_unit(responses.of_year(con, year.period)),
        lines=_lines(con, year, province) if province else {},
    )


def _grouped(rows: Sequence[Row], name: str) -> dict[str, list[Row]]:
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row[name]].append(row)
    return groups


def _by_unit(answers: Sequence[Response]) -> dict[str, list[Response]]:
    groups: dict[str, list[Response]] = defaultdict(list)
    for answer in answers:
        groups[answer.unit_code].append(answer)
    return groups


def _lines(con: duckdb.DuckDBPyConnection, year: Year, province: Unit) -> dict[str, dict[str, list[Row]]]:
    """For every unit and evidence query the first rows; a district and the province show those of their communes."""
    files = {row["delivery_id"]: row["file_name"] for row in published.rows(con, "pages/delivery_names")}
    lines: dict[str, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for found in published.rows(con, "pages/dossier_lines", year.bounds(province)):
        commune = year.units.get(found.pop("unit_key"))
        if commune is None:
            continue
        for name, rows in found.items():
            named = [{**row, "file_name": files.get(row["delivery_id"], "—")} for row in rows or ()]
            for key in (commune.key, commune.district_key, commune.province_key):
                if key and len(lines[key][name]) < _LINES:
                    lines[key][name] += named[: _LINES - len(lines[key][name])]
    return lines


def _content(shared: _Shared, unit: Unit) -> dict[str, Any]:
    year = shared.year
    own = figures.figures_of(year, unit)
    bounds = year.bounds(unit)
    explained = [_explained(shared, unit, each, bounds) for each in own]
    held = Held(year.figures, year.months)
    months = held.periods(unit.key)
    level_below = _LEVELS_BELOW.get(unit.level)
    return {
        "title": _headline(unit, own, year.period),
        "year": year,
        "unit": unit,
        "crumbs": year.above(unit),
        "missed": [each for each in explained if each.figure.is_missed],
        "targets": [each for each in explained if each.figure.row["target"] is not None],
        "others": [each for each in explained if each.figure.row["target"] is None],
        "month_names": [members.month_name(period) for period in months],
        "trends": [each for each in held.trends(unit.key, months) if _is_trend_shown(unit, year, each.code)],
        "timeliness": held.timeliness(unit.key, year.period) if unit.level in _LEVELS_WITH_FILE else None,
        "balances": list(held.balances(unit.key, year.period)),
        "validity": _validity(unit),
        "added_up_sql": published.readable("pages/added_up", {"period": year.period}),
        "added_up": [_added_up(row) for row in shared.added_up.get(unit.key, ())],
        "below": list(_below(year, unit, level_below)) if level_below else [],
        "below_columns": _columns_below(year, unit, level_below) if level_below else [],
        "below_sql": published.readable(
            "pages/below", {"period": year.period, "level": level_below or "", "unit_key": unit.key}
        ),
        "responses": responses.arranged(shared.responses.get(unit.code, ()), year.period),
        "behind": list(_behind(shared, unit, bounds)),
        "page_sql": published.readable("pages/unit", {"period": year.period, "unit_key": unit.key}),
        "csv": unit.page.removeprefix(f"{FOLDER}/").replace(".html", ".csv") if unit.level in _LEVELS_WITH_FILE else "",
    }


def _explained(shared: _Shared, unit: Unit, figure: Figure, bounds: Mapping[str, Any]) -> Explained:
    # A commune has many figures and there are many communes: those without a target are explained by the indicator's page.
    is_explained = unit.level != "commune" or figure.row["target"] is not None
    return Explained(
        figure=figure,
        place=figures.place(figure.row, shared.year),
        where=figures.where_missed(shared.year, unit, figure.code),
        sql=shared.explanations[figure.code].written_for(bounds) if is_explained else None,
    )


def _is_trend_shown(unit: Unit, year: Year, code: str) -> bool:
    """Whether the months of a figure have a line: of communes those of shares and scores; the balance has their counts."""
    return unit.level != "commune" or year.figures[unit.key][code]["measure"] not in ("count", "vnd")


def _validity(unit: Unit) -> Bilingual:
    first, last = wording.day(unit.valid_from), wording.day(unit.valid_to)
    if unit.valid_to is None:
        return Bilingual(f"từ {first.vi}", f"from {first.en}")
    return Bilingual(f"từ {first.vi} đến trước {last.vi}", f"from {first.en} until before {last.en}")


def _headline(unit: Unit, own: Sequence[Figure], period: str) -> Bilingual:
    met = figures.met_in(own, period) or Bilingual("chưa có chỉ tiêu nào có số liệu", "no target has figures yet")
    return Bilingual(f"{unit.name.vi}: {met.vi}", f"{unit.name.en}: {met.en}")


def _added_up(row: Row) -> AddedUp:
    return AddedUp(
        title=Bilingual(row["title_vi"], row["title_en"]),
        level=wording.word(wording.LEVEL, row["level"]),
        units=row["units"],
        own=wording.count(row["own_numerator"]),
        added=wording.count(row["added_numerator"]),
        difference=wording.count(row["difference"]) if row["difference"] else None,
    )


def _columns_below(year: Year, unit: Unit, level: str) -> list[Figure]:
    """The targets that the units below have figures of: the columns of their table, with this unit's own figure."""
    codes = {
        code
        for each in year.below(unit, level)
        for code, row in year.figures.get(each.key, {}).items()
        if row["target"]
    }
    return [each for each in figures.figures_of(year, unit) if each.code in codes]


def _below(year: Year, unit: Unit, level: str) -> Iterator[Below]:
    codes = [each.code for each in _columns_below(year, unit, level)]
    for each in year.below(unit, level):
        own = {found.code: found for found in figures.figures_of(year, each)}
        met, known = figures.tally(list(own.values()))
        yield Below(each, [own.get(code) for code in codes], met, known)


def _behind(shared: _Shared, unit: Unit, bounds: Mapping[str, Any]) -> Iterator[Behind]:
    for name, rows in shared.lines.get(unit.key, {}).items():
        if rows:
            yield Behind(
                published.readable(f"evidence/{name}", bounds) if unit.level in _LEVELS_WITH_FILE else "",
                evidence_rows.table_of(drill.EVIDENCE_TITLES[name], name, _FACT, rows),
            )
