"""What a person starts: scattered cells in one run, parked files let go, a release approved; and what judging died of."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import dagster as dg
import pytest

from assets.ledger_state import JudgingDied
from assets.release_tables import audit_checks, published_models, table_key
from pipelines import history
from pipelines.by_hand import retry
from pipelines.release_command import approve
from pipelines.resources import RESOURCES
from tests.pipelines.conftest import DOSSIERS, Landing, check_outcomes, materialised, record, run
from tests.pipelines.test_extract_asset import QUIET, materialise
from warehouse import judging
from warehouse.attempts import MOST_ATTEMPTS, unjudged
from warehouse.budget import Overrun
from warehouse.judgement import judge_together
from warehouse.judging_alone import Died, judge_alone
from warehouse.keys import TokenKey
from warehouse.ledger import Sending
from warehouse.publishing import current_id
from warehouse.storage import Home

_OVER = Overrun("core.fact_dossier", "changed", 9, 10, 4)


def retried(instance: dg.DagsterInstance, home: Home, *partitions: str) -> dg.ExecuteInProcessResult:
    """The job `retry` for some cells of the dossiers, started as from the launchpad."""
    cells: dict[str, object] = {"extract": "one_stop_dossier"}
    if partitions:
        cells["partitions"] = list(partitions)
    return retry.execute_in_process(
        instance=instance,
        resources={"home": RESOURCES["home"]},
        run_config={
            "ops": {"retry_cells": {"config": cells}},
            "resources": {"home": {"config": {"path": str(home.root)}}},
            "loggers": QUIET,
        },
        raise_on_error=False,
    )


def test_three_hundred_scattered_cells_are_one_run(home: Home, instance: dg.DagsterInstance, land: Landing) -> None:
    days = [day for month in range(1, 13) for day in _odd_days(2023, month)] + [
        day for month in range(1, 9) for day in _odd_days(2024, month)
    ]
    assert len(days) == 300
    for day in days[:3]:
        land(day, [record(1, day)])
    land("2023-01-02", [record(1, "2023-01-02")])
    assert retried(instance, home, *days).success
    assert instance.get_runs_count() == 1
    assert instance.get_materialized_partitions(DOSSIERS) == set(days[:3])
    assert check_outcomes(instance) == {day: "SUCCEEDED" if day in days[:3] else "FAILED" for day in days}


def _odd_days(year: int, month: int) -> Sequence[str]:
    return [f"{year}-{month:02d}-{day:02d}" for day in range(1, 30, 2)]


@pytest.fixture
def deadly(monkeypatch: pytest.MonkeyPatch) -> Sequence[str]:
    """Judging the third of January dies, whoever does it; the attempts made."""
    tried: list[str] = []

    def alone(root: str, sending: Sending, key: TokenKey) -> object:
        if sending.period != "2023-01-03":
            return judge_alone(root, sending, key)
        tried.append(sending.period)
        return Died("SIGKILL")

    def all_at_once(home: Home, sendings: Sequence[Sending], key: TokenKey, **named: int) -> object:
        if any(sending.period == "2023-01-03" for sending in sendings):
            raise MemoryError
        return judge_together(home, sendings, key, **named)

    monkeypatch.setattr(judging, "judge_alone", alone)
    monkeypatch.setattr(judging, "judge_together", all_at_once)
    return tried


def test_a_file_that_judging_dies_of_is_red_and_stops_neither_its_neighbours_nor_later_runs(
    home: Home, instance: dg.DagsterInstance, land: Landing, deadly: Sequence[str]
) -> None:
    for day in ("2023-01-02", "2023-01-03", "2023-01-04"):
        land(day, [record(1, day)])
    for attempt in range(1, MOST_ATTEMPTS + 1):
        with pytest.raises(JudgingDied, match=f"2023-01-03: SIGKILL, {attempt}/{MOST_ATTEMPTS}"):
            materialise(instance, home, "2023-01-02", "2023-01-04")
        assert instance.get_materialized_partitions(DOSSIERS) == {"2023-01-02", "2023-01-04"}
        assert check_outcomes(instance) == {
            "2023-01-02": "SUCCEEDED",
            "2023-01-03": "FAILED",
            "2023-01-04": "SUCCEEDED",
        }
    assert materialise(instance, home, "2023-01-02", "2023-01-04").success
    assert len(deadly) == MOST_ATTEMPTS
    assert check_outcomes(instance)["2023-01-03"] == "FAILED"


def test_the_retry_job_lets_go_what_is_parked(
    home: Home, instance: dg.DagsterInstance, land: Landing, deadly: Sequence[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for day in ("2023-01-03", "2023-01-05"):
        land(day, [record(1, day)])
    for _ in range(MOST_ATTEMPTS):
        assert not retried(instance, home, "2023-01-03").success
        for each in unjudged(home).values():
            assert each.attempts == 1, "asked for by a person, every time is the first"
    assert len(deadly) == MOST_ATTEMPTS
    monkeypatch.undo()
    assert retried(instance, home).success
    assert check_outcomes(instance) == {"2023-01-03": "SUCCEEDED"}


@pytest.mark.slow
def test_the_nightly_publishes_all_but_the_deadly_file_and_then_fails(
    home: Home, land: Landing, deadly: Sequence[str]
) -> None:
    for day in ("2023-01-02", "2023-01-03"):
        land(day, [record(1, day)])
    result, heard = run(home)
    assert not result.success
    assert heard.outcomes[0].is_published
    assert "reports" in heard.stages
    assert Path(str(home.site), "index.html").exists()
    for _ in range(MOST_ATTEMPTS - 1):
        assert not run(home)[0].success
    assert run(home)[0].success
    assert len(deadly) == MOST_ATTEMPTS


@pytest.mark.slow
def test_an_approved_release_is_told_as_the_nightly_would(copied: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("warehouse.release.overruns", lambda _: (_OVER,))
    result, heard = run(copied, until="2023-01-21")
    assert not result.success
    (outcome,) = heard.outcomes
    assert outcome.is_held
    before = current_id(copied)

    assert approve(str(copied.root), outcome.release_id, "Trần Thị B", "Công văn 12/VPUB") == 0
    assert current_id(copied) == outcome.release_id != before
    with history.opened(copied) as instance:
        for name in published_models():
            assert materialised(instance, table_key(name))["release_id"] == outcome.release_id
        for key, _ in audit_checks().values():
            assert check_outcomes(instance, key) == {None: "SUCCEEDED"}
        assert materialised(instance, dg.AssetKey(["reports", "scorecard"]))["files"] == 1
