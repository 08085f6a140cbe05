"""Materialising partitions from the UI: one run for a range, events and checks for each partition, a bad one among them."""

from __future__ import annotations

import dagster as dg
import pytest
from dagster._core.events import AssetMaterializationPlannedData, DagsterEvent
from dagster._core.remote_origin import RegisteredCodeLocationOrigin, RemoteJobOrigin, RemoteRepositoryOrigin

from assets.extract_asset import Judged, judge_periods
from assets.gathering import BACKFILL
from assets.ledger_state import extract_key
from assets.office.delivery_withdrawal import delivery_withdrawal
from assets.office.one_stop_dossier import one_stop_dossier
from pipelines.resources import RESOURCES
from schemas.contract import Extract
from tests.pipelines.conftest import DOSSIERS, DOSSIERS_CHECK, Landing, check_outcomes, materialised, record
from warehouse.ledger import read_sendings
from warehouse.storage import Home
from warehouse.withdrawing import withdraw

_NOWHERE = RegisteredCodeLocationOrigin("nowhere")
QUIET = {"console": {"config": {"log_level": "CRITICAL"}}}


def materialise(
    instance: dg.DagsterInstance, home: Home, first: str, last: str, *, backfill: str | None = None
) -> dg.ExecuteInProcessResult:
    """One run over a range of days, as a backfill launches it; with `backfill` as one of several of that backfill."""
    return dg.materialize(
        [one_stop_dossier],
        selection=[one_stop_dossier],
        instance=instance,
        resources=RESOURCES,
        run_config={"resources": {"home": {"config": {"path": str(home.root)}}}, "loggers": QUIET},
        tags=of_range(first, last) | ({BACKFILL: backfill} if backfill else {}),
    )


def test_a_range_is_one_run_and_each_day_has_its_own_outcome(
    home: Home, instance: dg.DagsterInstance, land: Landing
) -> None:
    land("2023-01-02", [record(1, "2023-01-02"), record(2, "2023-01-02", KenhThucHien=9)])
    land("2023-01-03", '[{"MaHoSo": ')
    land("2023-01-05", [record(1, "2023-01-05")])

    result = materialise(instance, home, "2023-01-02", "2023-01-05")

    assert result.success
    assert instance.get_runs_count() == 1
    assert check_outcomes(instance) == {
        "2023-01-02": "SUCCEEDED",
        "2023-01-03": "FAILED",
        "2023-01-04": "FAILED",
        "2023-01-05": "SUCCEEDED",
    }
    assert instance.get_materialized_partitions(DOSSIERS) == {"2023-01-02", "2023-01-03", "2023-01-05"}


def test_counts_by_rule_stand_on_the_partition(home: Home, instance: dg.DagsterInstance, land: Landing) -> None:
    file = land(
        "2023-01-02",
        [record(1, "2023-01-02"), record(2, "2023-01-02", KenhThucHien=9), record(3, "2023-01-02", LoaiDoiTuong=7)],
    )
    materialise(instance, home, "2023-01-02", "2023-01-02")
    metadata = materialised(instance, DOSSIERS, "2023-01-02")
    assert (metadata["rows_read"], metadata["rows_accepted"], metadata["rows_quarantined"]) == (3, 2, 1)
    assert metadata["rows_by_rule"] == {"applicant_kind.not_in_list": 1, "channel_code.not_in_list": 1}
    assert metadata["bytes"] == file.stat().st_size
    assert len(metadata["delivery_ids"]) == 1
    assert metadata["seconds"] > 0


def test_the_ui_takes_every_check_for_the_latest_of_its_partition(
    home: Home, instance: dg.DagsterInstance, land: Landing
) -> None:
    land("2023-01-02", [record(1, "2023-01-02")])
    land("2023-01-03", "[")
    for _ in range(2):
        materialise(instance, home, "2023-01-02", "2023-01-03")
    infos = instance.event_log_storage.get_asset_check_partition_info([DOSSIERS_CHECK])
    assert {info.partition_key: info.is_current for info in infos} == {"2023-01-02": True, "2023-01-03": True}


def test_only_the_periods_asked_for_are_taken_in(home: Home, instance: dg.DagsterInstance, land: Landing) -> None:
    land("2023-01-02", [record(1, "2023-01-02")])
    land("2023-01-03", [record(1, "2023-01-03")])
    materialise(instance, home, "2023-01-03", "2023-01-03")
    assert instance.get_materialized_partitions(DOSSIERS) == {"2023-01-03"}
    assert check_outcomes(instance).keys() == {"2023-01-03"}


def test_a_good_file_after_a_refused_one_turns_the_check_green(
    home: Home, instance: dg.DagsterInstance, land: Landing
) -> None:
    land("2023-01-02", "[", received_at="2023-01-03T01:00:00+07:00")
    materialise(instance, home, "2023-01-02", "2023-01-02")
    assert check_outcomes(instance) == {"2023-01-02": "FAILED"}

    land("2023-01-02", [record(1, "2023-01-02")], received_at="2023-01-03T09:00:00+07:00", name="lai")
    materialise(instance, home, "2023-01-02", "2023-01-02")
    assert check_outcomes(instance) == {"2023-01-02": "SUCCEEDED"}
    assert materialised(instance, DOSSIERS, "2023-01-02")["rows_accepted"] == 1


def test_a_withdrawal_taken_in_by_a_run_of_its_own_is_told_of_the_partition_that_it_empties(
    home: Home, instance: dg.DagsterInstance, land: Landing
) -> None:
    for day in ("2023-01-02", "2023-01-03"):
        land(day, [record(1, day)])
    materialise(instance, home, "2023-01-02", "2023-01-03")
    sent = {sending.period: sending.delivery_id for sending in read_sendings(home)}
    letter = withdraw(home, sent["2023-01-02"], by="Trần Thị Rút", reason="Gửi nhầm")
    period = letter.parent.name
    instance.add_dynamic_partitions("delivery_withdrawal_periods", [period])

    result = dg.materialize(
        [delivery_withdrawal],
        instance=instance,
        resources=RESOURCES,
        run_config={"resources": {"home": {"config": {"path": str(home.root)}}}, "loggers": QUIET},
        partition_key=period,
    )

    assert result.success
    assert instance.get_materialized_partitions(extract_key("delivery_withdrawal")) == {period}
    assert check_outcomes(instance) == {"2023-01-02": "FAILED", "2023-01-03": "SUCCEEDED"}
    assert materialised(instance, DOSSIERS, "2023-01-02")["rows_accepted"] == 0
    assert materialised(instance, DOSSIERS, "2023-01-03")["rows_accepted"] == 1


def test_a_refused_file_after_a_good_one_is_red_and_the_good_one_still_counts(
    home: Home, instance: dg.DagsterInstance, land: Landing
) -> None:
    land("2023-01-02", [record(1, "2023-01-02")], received_at="2023-01-03T01:00:00+07:00")
    land("2023-01-02", "[", received_at="2023-01-03T09:00:00+07:00", name="lai")
    materialise(instance, home, "2023-01-02", "2023-01-02")
    assert check_outcomes(instance) == {"2023-01-02": "FAILED"}
    assert materialised(instance, DOSSIERS, "2023-01-02")["rows_accepted"] == 1


def test_a_broken_machine_fails_the_run(
    home: Home, instance: dg.DagsterInstance, land: Landing, monkeypatch: pytest.MonkeyPatch
) -> None:
    land("2023-01-02", [record(1, "2023-01-02")])

    def broken(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("assets.extract_asset.judge_pending", broken)
    with pytest.raises(OSError, match="No space"):
        materialise(instance, home, "2023-01-02", "2023-01-02")
    assert instance.get_materialized_partitions(DOSSIERS) == set()


def test_the_first_run_of_a_backfill_does_the_work_of_those_that_wait(
    home: Home, instance: dg.DagsterInstance, land: Landing
) -> None:
    """Runs of its backfill leave the queue with their work done; those of another backfill or asset stay."""
    for day in ("2023-01-02", "2023-01-05", "2023-01-08"):
        land(day, [record(1, day)])
    own = {BACKFILL: "one", **of_range("2023-01-05", "2023-01-06")}
    waits(instance, own, DOSSIERS)
    waits(instance, {BACKFILL: "one", "dagster/partition": "2023-01-02"}, DOSSIERS)
    other_asset = waits(instance, {BACKFILL: "one", **of_range("2023-01-08", "2023-01-08")}, dg.AssetKey("other"))
    other_backfill = waits(instance, {BACKFILL: "two", **of_range("2023-01-08", "2023-01-08")}, DOSSIERS)

    result = materialise(instance, home, "2023-01-10", "2023-01-10", backfill="one")

    assert result.success
    assert instance.get_materialized_partitions(DOSSIERS) == {"2023-01-02", "2023-01-05"}
    assert check_outcomes(instance).keys() == {"2023-01-02", "2023-01-05", "2023-01-06", "2023-01-10"}
    assert {run.run_id for run in instance.get_runs()} == {result.run_id, other_asset, other_backfill}


def test_what_is_told_of_a_backfill_has_numbers_that_the_daemon_has_not_looked_at(
    home: Home, instance: dg.DagsterInstance, land: Landing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The daemon asks for what came after the last event there was; removing runs must not let SQLite go back behind it."""
    for day in ("2023-01-02", "2023-01-05"):
        land(day, [record(1, day)])
    waiting = waits(instance, {BACKFILL: "one", **of_range("2023-01-05", "2023-01-05")}, DOSSIERS)
    planned = DagsterEvent.build_asset_materialization_planned_event(
        "__ASSET_JOB", "ledger__one_stop_dossier", AssetMaterializationPlannedData(DOSSIERS, partition="2023-01-05")
    )
    looked_at: list[int] = []

    def judged_while_the_daemon_queues_and_looks(home: Home, extract: Extract, periods: set[str]) -> Judged:
        for _ in range(5):
            instance.report_dagster_event(planned, waiting)
        looked_at.append(instance.event_log_storage.get_maximum_record_id() or 0)
        return judge_periods(home, extract, periods)

    monkeypatch.setattr("assets.extract_asset.judge_periods", judged_while_the_daemon_queues_and_looks)
    result = materialise(instance, home, "2023-01-02", "2023-01-02", backfill="one")

    assert {run.run_id for run in instance.get_runs()} == {result.run_id}
    events = instance.fetch_materializations(DOSSIERS, limit=10).records
    assert len(events) == 2
    assert all(event.storage_id > looked_at[0] for event in events)


def of_range(first: str, last: str) -> dict[str, str]:
    """The tags of a run over a range of partitions."""
    return {"dagster/asset_partition_range_start": first, "dagster/asset_partition_range_end": last}


def waits(instance: dg.DagsterInstance, tags: dict[str, str], key: dg.AssetKey) -> str:
    """Put a run into the queue, as the daemon does; its id."""
    run = dg.DagsterRun(
        job_name="__ASSET_JOB",
        status=dg.DagsterRunStatus.QUEUED,
        tags=tags,
        asset_selection=frozenset({key}),
        remote_job_origin=RemoteJobOrigin(RemoteRepositoryOrigin(_NOWHERE, "nowhere"), "__ASSET_JOB"),
    )
    return instance.add_run(run).run_id
