"""The scorecard page: sixteen targets, Project 06, operations, districts and data quality, each figure with its trail.

What belongs here: which figures the page shows, in what order and words. What does not: how a figure is computed
(`warehouse/sql`), and layout (`templates/scorecard.html.j2`).
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import duckdb
from upath import UPath

from reports import page, published, wording
from reports.published import Row
from reports.wording import Bilingual
from schemas.reference import tables
from warehouse.storage import Home

PROVINCE: Final = "34"
_FACT_WITH_TRACE: Final = "core.fact_dossier"

_EVIDENCE: Final[Mapping[str, tuple[str, ...]]] = {
    "procedures": ("T01", "P03"),
    "infrastructure": ("T02", "T06", "T07", "T08"),
    "work_files": ("T03", "T04", "T05"),
    "dossiers_received": ("T10", "T11", "T13", "T14", "T16", "O01", "O02", "O12", "O13"),
    "dossiers_resolved": ("T09", "T12", "O03", "O04", "O05", "O06"),
    "essential_dossiers": ("T15", "P01", "P02", "P04"),
    "identity": ("P05", "P06"),
    "dossiers_carried_over": ("O07",),
    "dossiers_in_process": ("O08", "O09"),
    "dossiers_withdrawn": ("O10",),
    "dossiers_older_state": ("O11",),
}
EVIDENCE_OF: Final[Mapping[str, str]] = {code: name for name, codes in _EVIDENCE.items() for code in codes}
"""For each indicator the query in `sql/evidence` that lists the rows it counts, each with its file and line."""

_SHELL_SPECIAL: Final = re.compile(r'["$`\\!]')
_WORST_FIRST: Final = ("not_met", "insufficient_data", "met", "not_applicable")


@dataclass(frozen=True)
class Figure:
    """One line of the scorecard in the words of the page, with the queries that explain it."""

    code: str
    title: Bilingual
    value: Bilingual
    target: Bilingual
    target_basis: Bilingual | None
    shortfall: Bilingual | None
    counted: Bilingual
    status: str
    status_words: Bilingual
    basis: Bilingual
    formula: Bilingual
    source: str
    figure_command: str
    evidence_command: str
    trace_command: str | None


def write(home: Home, *, period: str | None = None) -> list[UPath]:
    """Write `site/index.html` from the current release's analyst edition; its newest complete year by default.

    Raises NothingPublishedError before the first release.
    """
    with published.current_release(home) as con:
        html = page.render("scorecard.html.j2", **_content(con, period))
    return [page.write(home.site / "index.html", html)]


def _content(con: duckdb.DuckDBPyConnection, period: str | None) -> dict[str, Any]:
    place = {"period": period or _reported_period(con), "unit_code": PROVINCE}
    figures = _figures(con, place)
    sixteen = sorted(figures["target_16"], key=lambda figure: _WORST_FIRST.index(figure.status))
    return {
        "title": _headline(sixteen, place["period"]),
        "release": published.release_note(con),
        "period": place["period"],
        "sixteen": sixteen,
        "project_06": figures["project_06"],
        "operations": figures["operations"],
        "districts": [_district(row) for row in published.rows(con, "districts", place)],
        "deliveries": [_delivery(row) for row in published.rows(con, "deliveries")],
        "gaps": [_gap(row) for row in published.rows(con, "coverage")],
        "findings": [_finding(row) for row in published.rows(con, "quarantine")],
    }


def _headline(sixteen: Sequence[Figure], period: str) -> Bilingual:
    if not sixteen:
        return Bilingual("Chưa có số liệu để lập bảng chỉ tiêu", "No figures for a scorecard yet")
    met = sum(figure.status == "met" for figure in sixteen)
    return Bilingual(
        f"{met} trên {len(sixteen)} chỉ tiêu chuyển đổi số đạt năm {period}",
        f"{met} of {len(sixteen)} digital-transformation targets met in {period}",
    )


def _reported_period(con: duckdb.DuckDBPyConnection) -> str:
    found = published.rows(con, "reported_period", {"unit_code": PROVINCE})
    return str(found[0]["period"]) if found else ""


def _figures(con: duckdb.DuckDBPyConnection, place: Mapping[str, str]) -> dict[str, list[Figure]]:
    indicators = {row["kpi_code"]: row for row in tables.indicator().iter_rows(named=True)}
    sets: dict[str, list[Figure]] = {name: [] for name in ("target_16", "project_06", "operations")}
    for row in published.rows(con, "figures", place):
        sets[row["kpi_set"]].append(_figure(row, indicators[row["kpi_code"]], place))
    return sets


def _figure(row: Row, indicator: Row, place: Mapping[str, str]) -> Figure:
    code, measure = row["kpi_code"], row["measure"]
    evidence = EVIDENCE_OF[code]
    return Figure(
        code=code,
        title=Bilingual(row["title_vi"], row["title_en"]),
        value=_shown(row["value"], measure, beside=row["target"]),
        target=_shown(row["target"], "count" if measure == "target_ratio" else measure),
        target_basis=wording.word(wording.BASIS, row["target_basis"]) if row["target_basis"] else None,
        shortfall=_shortfall(row),
        counted=_counted(row["numerator"], row["denominator"]),
        status=row["status"],
        status_words=wording.word(wording.STATUS, row["status"]),
        basis=wording.word(wording.BASIS, row["basis"]),
        formula=Bilingual(indicator["formula_vi"], indicator["formula_en"]),
        source=indicator["source"],
        figure_command=_sql_command("evidence/scorecard", {"kpi_code": code, **place}),
        evidence_command=_sql_command(f"evidence/{evidence}", _bounds(place["period"])),
        trace_command=_trace_command(evidence),
    )


def _shown(value: Any, measure: str, *, beside: Any = None) -> Bilingual:
    match measure:
        case "share":
            return wording.percent(value, beside=beside)
        case "target_ratio":
            return wording.percent(value)
        case "vnd":
            return wording.money(value)
        case _:
            return wording.count(value)


def _shortfall(row: Row) -> Bilingual | None:
    """What a share that is not met lacks, in percentage points."""
    if row["status"] != "not_met" or row["measure"] != "share":
        return None
    lacking = wording.percent(row["target"] - row["value"], beside=0)
    points = Bilingual(lacking.vi.removesuffix("%").rstrip(), lacking.en.removesuffix("%").rstrip())
    return Bilingual(f"còn thiếu {points.vi} điểm %", f"short by {points.en} points")


def _counted(numerator: Any, denominator: Any) -> Bilingual:
    above, below = wording.count(numerator), wording.count(denominator)
    if denominator is None:
        return above
    return Bilingual(f"{above.vi} / {below.vi}", f"{above.en} / {below.en}")


def _bounds(period: str) -> dict[str, date]:
    """First day of a year and of the year after it."""
    year = int(period)
    return {"first_day": date(year, 1, 1), "day_after": date(year + 1, 1, 1)}


def _sql_command(name: str, parameters: published.Parameters) -> str:
    sql = published.readable(name, parameters)
    # Queries are full of single quotes; double ones keep them legible where the shell leaves the rest alone.
    quoted = shlex.quote(sql) if _SHELL_SPECIAL.search(sql) else f'"{sql}"'
    return f"warehouse sql {quoted}"


def _trace_command(evidence: str) -> str | None:
    if _FACT_WITH_TRACE not in published.query(f"evidence/{evidence}"):
        return None
    return f"warehouse trace {_FACT_WITH_TRACE} <dossier_code>"


def _district(row: Row) -> dict[str, Any]:
    return {
        "name": Bilingual(row["full_name"], row["name_en"]),
        "received": wording.count(row["received"]),
        "online": wording.percent(row["online_share"]),
        "resolved": wording.count(row["resolved"]),
        "on_time": wording.percent(row["on_time_share"]),
    }


def _delivery(row: Row) -> dict[str, Any]:
    counted = ("sendings", "rows_read", "rows_accepted", "rows_quarantined", "rows_structural")
    return {
        "extract": row["extract"],
        "status": row["status"],
        "status_words": wording.word(wording.DELIVERY_STATUS, row["status"]),
        **{name: wording.count(row[name]) for name in counted},
    }


def _gap(row: Row) -> dict[str, Any]:
    return {
        **row,
        "state_words": wording.word(wording.COVERAGE, row["state"]),
        "periods": wording.count(row["periods"]),
    }


def _finding(row: Row) -> dict[str, Any]:
    return {
        "extract": row["extract"],
        "rule_code": row["rule_code"],
        "severity": wording.word(wording.SEVERITY, row["severity"]),
        "stage": wording.word(wording.STAGE, row["stage"]),
        "findings": wording.count(row["findings"]),
        "deliveries": wording.count(row["deliveries"]),
        "example": Bilingual(row["example_vi"], row["example_en"]),
    }
