"""Backfills as the UI asks for them, over a real daemon: few runs, a bad partition that stops no other, a daemon that dies."""

from __future__ import annotations

import json
import signal
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import dagster as dg
import pytest

from assets.ledger_state import FILES_ACCEPTED, extract_key
from pipelines import history
from schemas.extracts import all_extracts
from tests.pipelines.conftest import DOSSIERS, check_outcomes, record
from tests.pipelines.dagster_server import Server, serving, wait_until, with_all
from warehouse.storage import Home

pytestmark = pytest.mark.slow

LONGEST_S = 1500.0
"""Dagster takes from a tenth of a second to more than one to ask for a run, as busy as the machine is."""
MOST_RUNS = 3
CELLS = 300
REPORTS = extract_key("essential_service_report")


def scattered_days(how_many: int) -> list[str]:
    """Days no two of which follow each other."""
    return [(date(2023, 1, 2) + timedelta(days=3 * number)).isoformat() for number in range(how_many)]


def land(home: Home, days: Sequence[str], *, broken: Sequence[str] = ()) -> None:
    """One small file a day; broken ones are no JSON."""
    for day in days:
        folder = Path(str(home.landing)) / "one_stop_dossier" / "VPUB" / day
        folder.mkdir(parents=True)
        content = "[{" if day in broken else json.dumps([record(1, day)])
        (folder / "hoso.json").write_text(content, encoding="utf-8")
        manifest = {"received_at": f"{day}T22:00:00+07:00", "origin": "simulated"}
        (folder / "hoso.json.manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


def asset_runs(server: Server) -> int:
    """The runs of backfills there are, however they ended."""
    return sum(run["jobName"] == "__ASSET_JOB" for run in server.runs())


def test_three_hundred_scattered_days_are_few_runs_and_each_has_its_own_outcome(home: Home, tmp_path: Path) -> None:
    days = scattered_days(CELLS)
    broken, absent = days[CELLS // 3], days[CELLS // 2]
    land(home, [day for day in days if day != absent], broken=[broken])
    with serving(home, tmp_path / "dagster.log") as server:
        status, counts = server.ended(server.backfill(DOSSIERS.path, days), LONGEST_S)
        assert asset_runs(server) <= MOST_RUNS
    assert status == "COMPLETED_FAILED", "nothing came for one of the days"
    assert (counts["numPartitionsTargeted"], counts["numPartitionsMaterialized"]) == (CELLS, CELLS - 1)
    assert counts["numPartitionsFailed"] == 1
    with history.opened(home) as instance:
        assert instance.get_materialized_partitions(DOSSIERS) == {*days} - {absent}
        outcomes = check_outcomes(instance)
    assert {day for day, outcome in outcomes.items() if outcome == "FAILED"} == {broken, absent}
    assert len(outcomes) == CELLS


def test_scattered_cells_of_suppliers_by_months_are_few_runs(home: Home, tmp_path: Path) -> None:
    suppliers = sorted(all_extracts()["essential_service_report"].suppliers)
    months = [f"{year}-{month:02d}" for year in (2023, 2024, 2025) for month in range(1, 13)]
    grid = [f"{month}|{supplier}" for row, month in enumerate(months) for supplier in suppliers[row % 2 :: 2]]
    cells = grid[:40]
    assert len(suppliers) > 1
    with serving(home, tmp_path / "dagster.log") as server:
        status, counts = server.ended(server.backfill(REPORTS.path, cells), LONGEST_S)
        assert asset_runs(server) <= MOST_RUNS
    assert (status, counts["numPartitionsTargeted"]) == ("COMPLETED_FAILED", len(cells))
    with history.opened(home) as instance:
        outcomes = check_outcomes(instance, dg.AssetCheckKey(REPORTS, FILES_ACCEPTED))
    assert set(outcomes.values()) == {"FAILED"}, "nothing has come, and every cell says so"
    assert len(outcomes) == len(cells)


def test_a_backfill_whose_daemon_is_killed_goes_on_with_the_next_one(home: Home, tmp_path: Path) -> None:
    days = scattered_days(40)
    land(home, days)
    with serving(home, tmp_path / "dagster.log") as server:
        backfill_id = server.backfill(DOSSIERS.path, days)
        wait_until(lambda: asset_runs(server), bool, LONGEST_S)
        with_all(server.process, signal.SIGKILL)
        server.process.wait(60)
    with serving(home, tmp_path / "again.log") as server:
        status, counts = server.ended(backfill_id, LONGEST_S)
    assert status.startswith("COMPLETED"), status
    assert counts["numPartitionsInProgress"] == 0
    assert counts["numPartitionsMaterialized"] + counts["numPartitionsFailed"] == len(days)
    with history.opened(home) as instance:
        assert instance.get_materialized_partitions(DOSSIERS) == set(days)
