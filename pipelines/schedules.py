"""When things happen by themselves: the schedule of the nightly, the sensor on the landing folder, the alert on failures."""

import hashlib
import os
from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

import dagster as dg

from assets.partitions import TIMEZONE
from pipelines import alerts
from pipelines.nightly import intake, nightly
from warehouse import landing, machine
from warehouse.storage import Home

LANDING_INTERVAL_S = 60

nightly_schedule = dg.ScheduleDefinition(
    name="nightly_at_two",
    job=nightly,
    cron_schedule="0 2 * * *",
    execution_timezone=TIMEZONE,
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="02:00 giờ Việt Nam — 02:00 in Việt Nam.",
)


@dg.sensor(
    job_name=intake.name,
    minimum_interval_seconds=LANDING_INTERVAL_S,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Nhận tệp mới trong landing/, mỗi tệp một lần — takes in what lands, each file once.",
)
def landing_sensor(
    context: dg.SensorEvaluationContext, home: dg.ResourceParam[Home]
) -> dg.SensorResult | dg.SkipReason:
    """Start one intake for each new state of the landing folder.

    The state's digest is cursor and run key: a state starts one run however often the sensor looks, so a file that
    nothing can take in is tried once here and once a night, never in a loop.
    """
    state, newest = _landing_state(home)
    if state == context.cursor:
        return dg.SkipReason("nothing new has landed")
    if datetime.now().timestamp() - newest < landing.STILL_ARRIVING_S:  # noqa: DTZ005  # compared with the file system's clock
        return dg.SkipReason("a file landed a moment ago and may not be whole yet")
    return dg.SensorResult(run_requests=[dg.RunRequest(run_key=f"landing-{state}")], cursor=state)


def _landing_state(home: Home) -> tuple[str, float]:
    """A digest of the paths, sizes and times of all files in landing, and the latest of the times."""
    digest = hashlib.sha256()
    newest = 0.0
    for found in sorted(landing.files(home.landing), key=lambda found: found.relative):
        digest.update(f"{found.relative}\x1f{found.stamp}\n".encode("utf-8", "surrogateescape"))
        newest = max(newest, found.modified_at_s)
    return digest.hexdigest()[:16], newest


@dg.run_failure_sensor(
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Báo lỗi qua thư điện tử, webhook — tells people by e-mail and webhook.",
)
def alert_on_failure(context: dg.RunFailureSensorContext) -> None:
    """Tell whoever the environment names that a run failed."""
    used = alerts.send(alert_of(context.dagster_run, context.get_step_failure_events()), os.environ)
    context.log.info(f"told by: {', '.join(used) or 'nobody is configured'}")


def alert_of(run: dg.DagsterRun, failures: Iterable[dg.DagsterEvent]) -> alerts.Alert:
    """What may be said about a failed run: names of steps and of errors and what fails of the machine, never a message."""
    at = list(failures)
    errors = (event.step_failure_data.error for event in at)
    return alerts.Alert(
        run.run_id,
        run.job_name,
        tuple(sorted({event.step_key or "" for event in at})),
        tuple(sorted({_named(error) for error in errors if error is not None})),
    )


class _Raised(Protocol):
    """An error as Dagster keeps it."""

    @property
    def cls_name(self) -> str | None: ...

    @property
    def message(self) -> str: ...

    @property
    def cause(self) -> "_Raised | None": ...


def _named(error: _Raised) -> str:
    """The class name of the error that began it, for Dagster wraps what user code raises; and the machine's fault, if it is."""
    while error.cause is not None:
        error = error.cause
    name, words = error.cls_name or "unknown", machine.words_in(error.message)
    return name if words is None else f"{name} ({words})"
