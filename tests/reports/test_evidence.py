"""The evidence behind every figure adds up to the figure, on a release built from a small pretend province."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

import pytest

from reports import counted_rows, dictionary, drill, published, returns, scorecard
from reports.published import Row
from reports.year import PROVINCE
from samples.simulation import simulate
from schemas.reference import tables
from warehouse.intake import record_sendings
from warehouse.judging import judge_pending
from warehouse.release import build_release
from warehouse.storage import Home, open_home

pytestmark = pytest.mark.slow

YEAR: published.Parameters = {"unit_key": "34@2020-03-01", "first_day": date(2023, 1, 1), "day_after": date(2024, 1, 1)}
SAVING_VND = dict(tables.parameter().select("name", "amount").iter_rows())["saving_per_dossier_vnd"]

Rows = Sequence[Row]


def count(rows: Rows, *names: str) -> int:
    """Rows in which all the named marks are true."""
    return sum(all(row[name] for name in names) for row in rows)


def added(rows: Rows, name: str, **only: str) -> int:
    """The sum of a column over the rows with the given values."""
    return sum(row[name] for row in rows if all(row[key] == value for key, value in only.items()))


def pair(rows: Rows, above: str, below: str, **only: str) -> tuple[int, int]:
    return added(rows, above, **only), added(rows, below, **only)


def communes_reaching(rows: Rows, share: float) -> int:
    by_commune: dict[str, list[bool]] = {}
    for row in rows:
        by_commune.setdefault(row["unit_code"], []).append(row["is_online"])
    return sum(sum(online) >= share * len(online) for online in by_commune.values())


def units_meeting_all(rows: Rows) -> tuple[int, int]:
    by_unit: dict[str, list[bool]] = {}
    for row in rows:
        by_unit.setdefault(row["unit_code"], []).append(row["numerator"] == row["denominator"])
    whole = [met for met in by_unit.values() if len(met) == 3]
    return sum(all(met) for met in whole), len(whole)


COUNTED: Mapping[str, Callable[[Rows], object]] = {
    "T01": lambda rows: (
        sum(row["full_process_eligible"] and row["service_level"] == "full" for row in rows),
        count(rows, "full_process_eligible"),
    ),
    "T02": lambda rows: pair(rows, "numerator", "denominator", measure_code="shared_databases"),
    "T03": lambda rows: pair(rows, "files_online", "files_total", level_code="province"),
    "T04": lambda rows: pair(rows, "files_online", "files_total", level_code="district"),
    "T05": lambda rows: pair(rows, "files_online", "files_total", level_code="commune"),
    "T06": lambda rows: pair(rows, "numerator", "denominator", measure_code="fibre_communes"),
    "T07": lambda rows: pair(rows, "numerator", "denominator", measure_code="fibre_households"),
    "T08": lambda rows: pair(rows, "numerator", "denominator", measure_code="accounts_15plus"),
    "T09": lambda rows: (count(rows, "is_on_time"), len(rows)),
    "T10": lambda rows: (count(rows, "is_online"), len(rows)),
    "T11": lambda rows: (count(rows, "has_amount_due", "paid_online"), count(rows, "has_amount_due")),
    "T12": lambda rows: (count(rows, "result_digitised"), len(rows)),
    "T13": lambda rows: (count(rows, "components_digitised"), len(rows)),
    "T14": lambda rows: (count(rows, "vneid_authenticated"), len(rows)),
    "T15": lambda rows: (len({row["service_no"] for row in rows}), 53),
    "T16": lambda rows: (communes_reaching(rows, 0.6), 260),
    "P01": lambda rows: (len(rows), None),
    "P02": lambda rows: (count(rows, "is_resolved_by_end"), len(rows)),
    "P03": lambda rows: (len({row["essential_service_no"] for row in rows} - {None}), 53),
    "P04": lambda rows: (len(rows) * SAVING_VND, None),
    "P05": lambda rows: pair(rows, "cards_issued_cumulative", "eligible_persons"),
    "P06": lambda rows: (added(rows, "eid_activated_cumulative"), None),
    "O01": lambda rows: (len(rows), None),
    "O02": lambda rows: (count(rows, "is_online"), len(rows)),
    "O03": lambda rows: (len(rows), None),
    "O04": lambda rows: (sum((row["days_late"] or 0) < 0 for row in rows), None),
    "O05": lambda rows: (sum((row["days_late"] or 0) == 0 for row in rows), None),
    "O06": lambda rows: (sum((row["days_late"] or 0) > 0 for row in rows), None),
    "O07": lambda rows: (len(rows), None),
    "O08": lambda rows: (len(rows), None),
    "O09": lambda rows: (count(rows, "is_paused"), None),
    "O10": lambda rows: (len(rows), None),
    "O11": lambda rows: (len(rows), None),
    "O12": lambda rows: (count(rows, "is_reusing"), len(rows)),
    "O13": lambda rows: (count(rows, "is_full_process", "is_online"), count(rows, "is_full_process")),
    "S01": lambda rows: (
        sum(row["overall_score"] or 0 for row in rows),
        sum(row["overall_score"] is not None for row in rows),
    ),
    "S02": lambda rows: (
        sum((row["overall_score"] or 0) >= 4 for row in rows),
        sum(row["overall_score"] is not None for row in rows),
    ),
    "S03": lambda rows: (
        count(rows, "is_answered_on_time"),
        sum(row["is_answered_on_time"] is not None for row in rows),
    ),
    "W01": lambda rows: (
        sum(row["amount_vnd"] for row in rows if row["is_non_cash"]),
        sum(row["amount_vnd"] for row in rows),
    ),
    "W02": lambda rows: (count(rows, "is_last_of_person", "is_non_cash"), count(rows, "is_last_of_person")),
    "R01": lambda rows: pair(rows, "numerator", "denominator", measure_code="official_chip_card"),
    "R02": lambda rows: pair(rows, "numerator", "denominator", measure_code="official_eid_account"),
    "R03": lambda rows: pair(rows, "numerator", "denominator", measure_code="official_portal_account"),
    "R04": units_meeting_all,
    "D01": lambda rows: (count(rows, "is_connected"), len(rows)),
    "D02": lambda rows: (count(rows, "is_connected_and_used"), len(rows)),
    "D03": lambda rows: pair(rows, "on_both", "on_either"),
    "C01": lambda rows: (count(rows, "is_matched"), len(rows)),
}
"""Numerator and denominator of each indicator, counted by hand from the rows of its evidence."""

ROWS_COUNTED = (
    *("T01", "T09", "T10", "T11", "T12", "T13", "T14", "P01", "P02", "O01", "O02", "O03", "O04", "O05", "O06", "O07"),
    *("O08", "O09", "O10", "O11", "O12", "O13", "S02", "S03", "W02", "D01", "D02", "C01"),
)
"""Indicators that count rows, each once, so that the rows shown are as many as the figure says."""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with a release of a small, dirty year."""
    folder = tmp_path_factory.mktemp("province")
    simulate(out=folder, scale=0.005, seed=7, dirt=0.02, all_extracts=True)
    home = open_home(folder)
    record_sendings(home)
    judge_pending(home)
    assert build_release(home).is_published
    return home


@pytest.mark.parametrize("code", sorted(drill.EVIDENCE_OF))
def test_evidence_adds_up_to_the_figure(home: Home, code: str) -> None:
    place = {"period": "2023", "unit_code": PROVINCE}
    with published.current_release(home) as con:
        (figure,) = [row for row in published.rows(con, "figures", place) if row["kpi_code"] == code]
        found = con.sql(drill.evidence_sql(code, YEAR))
        evidence = [dict(zip(found.columns, values, strict=True)) for values in found.fetchall()]
    # in a province this small it may be that no dossier stands in an older state
    assert evidence or code == "O11"
    assert COUNTED[code](evidence) == (figure["numerator"], figure["denominator"])
    assert all(row["file_name"] and row["source_row"] for row in evidence)
    if code in ROWS_COUNTED:
        assert len(evidence) == (figure["numerator"] if figure["denominator"] is None else figure["denominator"])
    if code in ROWS_COUNTED and figure["denominator"] is not None:
        assert count(evidence, counted_rows.IN_NUMERATOR) == figure["numerator"]


def test_every_report_can_be_written_from_it(home: Home) -> None:
    (index,) = scorecard.write(home)
    text = index.read_text(encoding="utf-8")
    assert "10 trên 16 chỉ tiêu chuyển đổi số đạt năm 2023 (mô phỏng)" in text
    written = {file.name: file for file in dictionary.write(home)}
    assert "core.fact_dossier,dossier_code" in written["dictionary.csv"].read_text(encoding="utf-8")
    files = {file.name for file in returns.write(home)}
    assert "tong-hop.xlsx" in files
    assert len(files) > 10
