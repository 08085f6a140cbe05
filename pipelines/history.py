"""Dagster's history of runs: where it is kept, and running the nightly against it in this process."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import dagster as dg

from pipelines.by_hand import release_in_place
from pipelines.nightly import Selection, nightly, nightly_config
from pipelines.resources import RESOURCES
from pipelines.watcher import Watcher
from warehouse.storage import HOME_VARIABLE, Home

_VARIABLE = "DAGSTER_HOME"
LONGEST_RUN_S = 21_600.0
"""As in deploy/dagster.yaml: the daemon ends a run after so long, if it is alive."""
_SETTINGS = """telemetry:
  enabled: false
nux:
  enabled: false
concurrency:
  runs:
    max_concurrent_runs: 2
    tag_concurrency_limits:
      - key: dagster/backfill
        value:
          applyLimitPerUniqueValue: true
        limit: 1
"""
"""What matters of deploy/dagster.yaml, for a home that no server keeps."""
# The daemon and the UI mark their runs so; with it a run of the command line shows on the job's page too.
_REPOSITORY_TAG = {".dagster/repository": "__repository__@pipelines.definitions"}


def history_folder(home: Home) -> Path:
    """$DAGSTER_HOME, else `.dagster` in the home; made with its settings if need be."""
    folder = Path(os.environ.get(_VARIABLE) or str(home.dagster)).absolute()
    folder.mkdir(parents=True, exist_ok=True)
    settings = folder / "dagster.yaml"
    if not settings.exists():
        settings.write_text(_SETTINGS, encoding="utf-8")
    return folder


@contextmanager
def opened(home: Home) -> Iterator[dg.DagsterInstance]:
    """The history of a home, for as long as the block lasts."""
    given = os.environ.get(_VARIABLE)
    os.environ[_VARIABLE] = str(history_folder(home))
    try:
        with dg.DagsterInstance.get() as instance:
            yield instance
    finally:
        if given is None:
            del os.environ[_VARIABLE]
        else:
            os.environ[_VARIABLE] = given


def run_nightly(home: Home, selection: Selection, watcher: Watcher) -> dg.ExecuteInProcessResult:
    """Run the nightly here and now; a failed run is a result, not an exception."""
    return _run(home, nightly, nightly_config(selection), {**RESOURCES, "watcher": watcher}, "warehouse run")


def run_release_in_place(home: Home, started_by: str) -> dg.ExecuteInProcessResult:
    """Tell of the current release and write its reports, as the nightly would have done; a failed run is a result."""
    return _run(home, release_in_place, {}, {"home": RESOURCES["home"]}, started_by)


def _run(
    home: Home, job: dg.JobDefinition, config: Mapping[str, Any], resources: Mapping[str, object], started_by: str
) -> dg.ExecuteInProcessResult:
    with opened(home) as instance:
        return job.execute_in_process(
            run_config={**config, **_QUIET, **_at(home)},
            instance=instance,
            raise_on_error=False,
            tags={**_REPOSITORY_TAG, "started_by": started_by},
            resources=resources,
        )


# Dagster's console prints errors with their messages, which may hold values; they belong in the run's log only.
_QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


def _at(home: Home) -> dict[str, object]:
    return {"resources": {"home": {"config": {"path": str(home.root)}}}}


def last_good_nightly(home: Home) -> float | None:
    """When the last nightly that succeeded ended, as seconds since 1970; None if there was none."""
    with opened(home) as instance:
        record = _last_nightly(instance, dg.DagsterRunStatus.SUCCESS)
    return record.end_time if record else None


def failed_since(home: Home) -> str | None:
    """The id of the last nightly if it failed; None if it succeeded, is still running, or there was none."""
    ended = (dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED)
    with opened(home) as instance:
        record = _last_nightly(instance, *ended)
    if record is None or record.dagster_run.status is dg.DagsterRunStatus.SUCCESS:
        return None
    return record.dagster_run.run_id


def left_running(home: Home) -> str | None:
    """The id of a run that is said to be running for longer than any may: its process, or the daemon, was killed."""
    started = dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.STARTING])
    with opened(home) as instance:
        records = instance.get_run_records(started, ascending=True, limit=1)
    if not records or time.time() - records[0].create_timestamp.timestamp() < LONGEST_RUN_S:
        return None
    return records[0].dagster_run.run_id


def _last_nightly(instance: dg.DagsterInstance, *statuses: dg.DagsterRunStatus) -> dg.RunRecord | None:
    records = instance.get_run_records(dg.RunsFilter(job_name=nightly.name, statuses=list(statuses)), limit=1)
    return records[0] if records else None


def open_ui(home: Home, port: int) -> NoReturn:
    """Become `dagster dev`: UI, daemon, schedule and sensor over a home."""
    environment = {**os.environ, _VARIABLE: str(history_folder(home)), HOME_VARIABLE: str(home.root)}
    command = [sys.executable, "-m", "dagster", "dev", "-m", "pipelines.definitions", "--port", str(port)]
    os.execve(sys.executable, command, environment)  # noqa: S606  # no shell is wanted
